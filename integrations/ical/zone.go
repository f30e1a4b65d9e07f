package ical

import (
	"fmt"
	"strings"
	"time"
)

const localForm, utcForm, dateForm = "20060102T150405", "20060102T150405Z", "20060102"

// zoneNamed finds a zone by its TZID: an IANA name, one with a prefix
// ("/mozilla.org/20050126_1/Europe/Berlin"), or the name that Windows gives it.
func zoneNamed(tzid string) (*time.Location, bool) {
	tzid = strings.Trim(tzid, " \t\"")
	if len(tzid) > 200 {
		return nil, false
	}
	if name, ok := windowsZones[strings.ToLower(tzid)]; ok {
		tzid = name
	}
	if z, ok := loadZone(tzid); ok {
		return z, true
	}
	parts := strings.Split(strings.Trim(tzid, "/"), "/")
	for n := min(3, len(parts)-1); n > 1; n-- { // America/Argentina/Ushuaia, Europe/Berlin
		if z, ok := loadZone(strings.Join(parts[len(parts)-n:], "/")); ok {
			return z, true
		}
	}
	if last := parts[len(parts)-1]; strings.HasPrefix(tzid, "/") && (last == "UTC" || last == "GMT") {
		return time.UTC, true
	}
	return nil, false
}

// loadZone loads an IANA zone, never the machine's own.
func loadZone(name string) (*time.Location, bool) {
	if name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	z, err := time.LoadLocation(name)
	return z, err == nil
}

// transition is a change of clocks.
type transition struct {
	at       time.Time
	from, to int // seconds east of UTC
	name     string
	dst      bool
}

// transitions are the changes of clocks in [from, to).
func transitions(zone *time.Location, from, to time.Time) (list []transition) {
	for t := from; len(list) < 64; {
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return list
		}
		_, before := end.Add(-time.Second).In(zone).Zone()
		name, after := end.Zone()
		list = append(list, transition{end, before, after, name, end.IsDST()})
		t = end
	}
	return list
}

// writeZone writes the VTIMEZONE for events around at: rules by year where the zone has
// them, else its changes one by one (RFC 5545 3.6.5).
func (w *writer) writeZone(zone *time.Location, at time.Time) {
	w.raw("BEGIN", "VTIMEZONE")
	w.raw("TZID", zone.String())
	year := at.In(zone).Year()
	start := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	list := transitions(zone, start(year-1), start(year+2))
	if len(list) == 0 {
		name, offset := at.In(zone).Zone()
		w.observance("STANDARD", "19700101T000000", offset, offset, name, "")
	}
	for i := 0; i < len(list); i++ {
		rule := ""
		if i < 2 { // the first of each kind stands for all that follow the same rule
			rule = yearlyRule(zone, list, i)
		} else if yearlyRule(zone, list, i%2) != "" {
			continue
		}
		tr := list[i]
		kind := "STANDARD"
		if tr.dst {
			kind = "DAYLIGHT"
		}
		w.observance(kind, tr.at.In(time.FixedZone("", tr.from)).Format(localForm), tr.from, tr.to, tr.name, rule)
	}
	w.raw("END", "VTIMEZONE")
}

func (w *writer) observance(kind, start string, from, to int, name, rule string) {
	w.raw("BEGIN", kind)
	w.raw("DTSTART", start)
	if rule != "" {
		w.raw("RRULE", rule)
	}
	w.raw("TZOFFSETFROM", utcOffset(from))
	w.raw("TZOFFSETTO", utcOffset(to))
	w.text("TZNAME", name)
	w.raw("END", kind)
}

// yearlyRule is the rule that every second transition from i on follows; "" when there is none.
func yearlyRule(zone *time.Location, list []transition, i int) string {
	if len(list) != 6 { // two a year, three years
		return ""
	}
	nth, last := 0, true
	first := list[i].at.In(time.FixedZone("", list[i].from))
	for k := i; k < len(list); k += 2 {
		local := list[k].at.In(time.FixedZone("", list[k].from))
		if local.Month() != first.Month() || local.Weekday() != first.Weekday() || local.Format("150405") != first.Format("150405") ||
			list[k].from != list[i].from || list[k].to != list[i].to {
			return ""
		}
		n := (local.Day()-1)/7 + 1
		if k > i && n != nth {
			nth = -1
		} else {
			nth = n
		}
		last = last && local.AddDate(0, 0, 7).Month() != local.Month()
	}
	day := strings.ToUpper(first.Weekday().String()[:2])
	switch {
	case last:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=-1%s", first.Month(), day)
	case nth > 0:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), nth, day)
	}
	return ""
}

func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
