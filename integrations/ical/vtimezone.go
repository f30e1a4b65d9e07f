package ical

import (
	"errors"
	"slices"
	"sort"
	"strings"
	"time"
)

// zone is a TZID with its clock; the clock is nil while it is not known.
type zone struct {
	name  string
	clock *clock
}

// zoneBook finds zones by name and remembers them. It is for one goroutine.
type zoneBook struct{ byName map[string]*zone }

func newZoneBook() *zoneBook { return &zoneBook{map[string]*zone{}} }

// named is the zone with that TZID, nil when the name alone says nothing.
func (b *zoneBook) named(tzid []byte) *zone {
	if z, ok := b.byName[string(tzid)]; ok {
		return z
	}
	name := string(tzid)
	loc, ok := zoneNamed(name)
	if !ok {
		return nil
	}
	z := &zone{name, clockOf(loc)}
	b.byName[name] = z
	return z
}

const maxTransitions = 4000

// definedZone is the clock of a VTIMEZONE (RFC 5545 3.6.5).
func definedZone(c *component) (*clock, error) {
	type onset struct{ at, from, to int64 }
	var onsets []onset
	for _, o := range c.children {
		if o.name != "STANDARD" && o.name != "DAYLIGHT" {
			continue
		}
		from, ok1 := parseUTCOffset(o.value("TZOFFSETFROM"))
		to, ok2 := parseUTCOffset(o.value("TZOFFSETTO"))
		start, ok3 := parseMoment([]byte(o.value("DTSTART")))
		if !ok1 || !ok2 || !ok3 {
			return nil, errors.New("a VTIMEZONE cannot be understood")
		}
		walls, err := o.onsets(start, from)
		if err != nil {
			return nil, err
		}
		for _, w := range walls {
			onsets = append(onsets, onset{int64(w) - from, from, to})
		}
		if len(onsets) > maxTransitions {
			return nil, errors.New("a VTIMEZONE has too many changes")
		}
	}
	if len(onsets) == 0 {
		return nil, errors.New("a VTIMEZONE has no offset")
	}
	slices.SortFunc(onsets, func(a, b onset) int { return int(max(-1, min(1, a.at-b.at))) })
	return &clock{at: func(unix int64) period {
		i := sort.Search(len(onsets), func(i int) bool { return onsets[i].at > unix })
		p := period{-forever, forever, onsets[0].from}
		if i > 0 {
			p.from, p.offset = onsets[i-1].at, onsets[i-1].to
		}
		if i < len(onsets) {
			p.to = onsets[i].at
		}
		return p
	}}, nil
}

// onsets are when a STANDARD or DAYLIGHT begins, by the clock before it, up to 2100.
func (c *component) onsets(start moment, from int64) (walls []wall, err error) {
	walls = []wall{start.w}
	clock := clockOf(time.FixedZone("", int(from)))
	for _, p := range c.props {
		switch p.name {
		case "RDATE":
			for _, v := range strings.Split(p.value, ",") {
				m, ok := parseMoment([]byte(v))
				if !ok {
					return nil, errors.New("a VTIMEZONE has an RDATE that is no time")
				}
				walls = append(walls, m.w)
			}
		case "RRULE":
			var r rule
			if err := parseRule([]byte(p.value), &r); err != nil {
				return nil, err
			}
			x := newExpansion(&r, start)
			_, gaveUp := x.walk(wall(dayNumber(1900, 1, 1))*day, wall(dayNumber(2100, 1, 1))*day, func(w wall) bool {
				if r.ends && past(&r, w, isLocal, clock) || len(walls) > maxTransitions {
					return false
				}
				walls = append(walls, w)
				return true
			})
			if gaveUp {
				return nil, errors.New("a VTIMEZONE has too many changes")
			}
		}
	}
	return walls, nil
}

// value is the first property of that name, as written.
func (c *component) value(name string) string {
	p, _ := c.get(name)
	return p.value
}

// parseUTCOffset reads +0130 or -053020 (RFC 5545 3.3.14), in seconds.
func parseUTCOffset(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, ok := parseNumber([]byte(s[1:]))
	if !ok || s[1] == '-' || s[1] == '+' {
		return 0, false
	}
	if len(s) == 5 {
		n *= 100
	}
	seconds := n/10000*hour + n/100%100*60 + n%100
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, seconds < day && seconds > -day
}
