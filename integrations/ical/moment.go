package ical

import (
	"bytes"
	"fmt"
)

// kind is the form of a DATE or DATE-TIME (RFC 5545 3.3.4, 3.3.5).
type kind uint8

const (
	isDay   kind = iota // a whole day: w is its midnight
	isLocal             // by the clock of its TZID, or of wherever one is
	isUTC
)

// moment is a DATE or DATE-TIME as written.
type moment struct {
	w    wall
	kind kind
}

// parseMoment reads 20261127, 20261127T153000 and 20261127T153000Z.
func parseMoment(v []byte) (m moment, ok bool) {
	if len(v) > 0 && (v[0] <= ' ' || v[len(v)-1] <= ' ') {
		v = bytes.TrimSpace(v)
	}
	if len(v) < 8 {
		return m, false
	}
	n, ok := parseDay(v[:8])
	if !ok {
		return m, false
	}
	m.w = wall(n) * day
	if len(v) == 8 {
		return m, true
	}
	if v[8]|0x20 != 't' {
		return m, false
	}
	v, m.kind = v[9:], isLocal
	if last := len(v) - 1; last >= 0 && v[last]|0x20 == 'z' {
		v, m.kind = v[:last], isUTC
	}
	s, ok := parseClock(v)
	m.w += wall(s)
	return m, ok
}

// length is a DURATION: days of the calendar, then seconds (RFC 5545 3.3.6).
type length struct{ days, seconds int64 }

// maxLength bounds what one event can last: what claims more is no event.
const maxLength = 200 * 366 * day

// parseLength reads P1DT2H30M, P2W, -PT15M. Units may come in any mix, as some write them.
func parseLength(v []byte) (d length, ok bool) {
	v = bytes.TrimSpace(v)
	sign := int64(1)
	if len(v) > 0 && (v[0] == '+' || v[0] == '-') {
		if v[0] == '-' {
			sign = -1
		}
		v = v[1:]
	}
	if len(v) < 2 || v[0]|0x20 != 'p' {
		return d, false
	}
	n, digits, some := int64(0), false, false
	for _, c := range v[1:] {
		if c >= '0' && c <= '9' {
			n, digits = min(n*10+int64(c-'0'), maxLength), true
			continue
		}
		if c|0x20 == 't' && !digits {
			continue
		}
		unit, days := unitOf(c)
		if unit == 0 || !digits {
			return d, false
		}
		if days {
			d.days += n * unit
		} else {
			d.seconds += n * unit
		}
		n, digits, some = 0, false, true
	}
	if digits || !some || d.days > maxLength/day || d.seconds > maxLength {
		return d, false
	}
	return length{sign * d.days, sign * d.seconds}, true
}

func unitOf(c byte) (unit int64, days bool) {
	switch c | 0x20 {
	case 'w':
		return 7, true
	case 'd':
		return 1, true
	case 'h':
		return hour, false
	case 'm':
		return 60, false
	case 's':
		return 1, false
	}
	return 0, false
}

// past says whether an instance is after UNTIL. A day as UNTIL holds to its end, whatever
// DTSTART is; a local one counts by DTSTART's clock.
func past(r *rule, w wall, k kind, zone *clock) bool {
	switch u := r.until; {
	case u.kind == isDay:
		return w.day() > u.w.day()
	case k == isDay: // UNTIL with a time for whole days: either reading of it includes the day
		return w > u.w+14*hour
	case u.kind == isUTC && k != isUTC:
		return zone.instant(w) > int64(u.w)
	default:
		return w > u.w
	}
}

// wallText writes a wall-clock time as DATE or DATE-TIME.
func wallText(w wall, k kind) string {
	y, m, d := dateOf(w.day())
	if k == isDay {
		return fmt.Sprintf("%04d%02d%02d", y, m, d)
	}
	s := w.second()
	text := fmt.Sprintf("%04d%02d%02dT%02d%02d%02d", y, m, d, s/hour, s/60%60, s%60)
	if k == isUTC {
		text += "Z"
	}
	return text
}
