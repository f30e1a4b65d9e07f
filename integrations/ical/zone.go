package ical

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
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
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	if zonesLoaded.Add(1) > keptZones { // a calendar that names them all is not worth the memory
		zones.Clear()
		zonesLoaded.Store(1)
	}
	zones.Store(name, z)
	return z, true
}

// zones are those loaded before: an invite names its zone several times, and reading one
// takes longer than writing the invite.
var (
	zones       sync.Map // name → *time.Location
	zonesLoaded atomic.Int32
)

const keptZones = 64

// transition is a change of clocks.
type transition struct {
	at       time.Time
	from, to int // seconds east of UTC
	name     string
}

// local is what the clock shows when it changes, before it does.
func (t transition) local() time.Time { return t.at.In(time.FixedZone("", t.from)) }

// transitions are the changes of clocks in [from, to).
func transitions(zone *time.Location, from, to time.Time) (list []transition) {
	for t := from; len(list) < 64; {
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return list
		}
		_, before := end.Add(-time.Second).In(zone).Zone()
		name, after := end.Zone()
		list = append(list, transition{end, before, after, name})
		t = end
	}
	return list
}

// steady is for how many years around an event a rule must hold to be called one.
const steady = 8

// writeZone writes the VTIMEZONE for an event from Go's zone database: one rule for each of
// the two changes of a year where they keep to rules for years, else the changes around the
// event one by one (RFC 5545 3.6.5). The greater offset is called DAYLIGHT, also where the
// law has it the other way round: that is what programs expect of it.
func (w *writer) writeZone(zone *time.Location, from, to time.Time) {
	year := from.In(zone).Year()
	if known, ok := zoneTexts.Load(zoneYear{zone, year}); ok {
		w.b.Write(known.([]byte))
		return
	}
	begin := w.b.Len()
	start := time.Date(year-1, 1, 1, 0, 0, 0, 0, time.UTC)
	w.raw("BEGIN", "VTIMEZONE")
	w.raw("TZID", zone.String())
	w.raw("X-LIC-LOCATION", zone.String())
	list := transitions(zone, start, start.AddDate(steady, 0, 0))
	rules := yearlyRules(list)
	if rules != nil {
		for i, rule := range rules {
			w.observance(list[i], rule)
		}
	} else {
		name, offset := start.In(zone).Zone()
		first := transition{time.Unix(-int64(offset), 0), offset, offset, name} // 1970-01-01T00:00:00
		w.observance(first, "")
		for _, t := range list {
			if t.at.Before(to.AddDate(1, 0, 0)) {
				w.observance(t, "")
			}
		}
	}
	w.raw("END", "VTIMEZONE")
	if rules == nil { // it depends on the day as well
		return
	}
	if zoneTextsKept.Add(1) > keptZones {
		zoneTexts.Clear()
		zoneTextsKept.Store(1)
	}
	zoneTexts.Store(zoneYear{zone, year}, bytes.Clone(w.b.Bytes()[begin:]))
}

// zoneTexts are VTIMEZONEs written before: most invites of a year are of few zones, and to
// find their rules takes as long as to write all the rest.
var (
	zoneTexts     sync.Map // zoneYear → []byte
	zoneTextsKept atomic.Int32
)

type zoneYear struct {
	zone *time.Location
	year int
}

func (w *writer) observance(t transition, rule string) {
	kind := "STANDARD"
	if t.to > t.from {
		kind = "DAYLIGHT"
	}
	w.raw("BEGIN", kind)
	w.raw("DTSTART", t.local().Format(localForm))
	if rule != "" {
		w.raw("RRULE", rule)
	}
	w.raw("TZOFFSETFROM", utcOffset(t.from))
	w.raw("TZOFFSETTO", utcOffset(t.to))
	w.text("TZNAME", t.name)
	w.raw("END", kind)
}

// yearlyRules are the rules that the changes of clocks follow, two a year; nil when they do not.
func yearlyRules(list []transition) []string {
	if len(list) != 2*steady {
		return nil
	}
	rules := make([]string, 2)
	for i := range rules {
		if rules[i] = yearlyRule(list, i); rules[i] == "" {
			return nil
		}
	}
	return rules
}

// yearlyRule is the rule of every second change from i on; "" when there is none.
func yearlyRule(list []transition, i int) string {
	first := list[i].local()
	nth, last := true, true
	for k := i; k < len(list); k += 2 {
		l := list[k].local()
		if l.Month() != first.Month() || l.Weekday() != first.Weekday() || l.Format("150405") != first.Format("150405") ||
			l.Year() != first.Year()+(k-i)/2 || list[k].from != list[i].from || list[k].to != list[i].to {
			return ""
		}
		nth = nth && (l.Day()-1)/7 == (first.Day()-1)/7
		last = last && l.AddDate(0, 0, 7).Month() != l.Month()
	}
	day := strings.ToUpper(first.Weekday().String()[:2])
	switch {
	case last:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=-1%s", first.Month(), day)
	case nth:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), (first.Day()-1)/7+1, day)
	}
	return ""
}

// utcOffset writes UTC-OFFSET (RFC 5545 3.3.14).
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
