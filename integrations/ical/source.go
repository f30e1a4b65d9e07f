package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"indy/scheduler/slots"
)

// source is what a calendar holds for a window of time, read but not yet expanded. It
// answers for any query within that window.
type source struct {
	records   []*record
	overrides map[uint64][]override
}

// record is an event that may be busy, a series of them, or a period of a VFREEBUSY.
type record struct {
	uid               string
	key               uint64
	start, end        stamp
	length            length
	hasEnd, hasLength bool
	free, away        bool
	alone             bool // stands for one instance of a series
	rules             []rule
	added, excluded   []stamp
	periods           []record // of RDATE
}

// override is an instance of a series that another event stands for (RFC 5545 3.8.4.4).
type override struct {
	key   uint64
	rid   stamp
	after *record // with RANGE=THISANDFUTURE: the event that all later instances follow
}

// span is busy time in Unix seconds.
type span struct {
	from, to int64
	away     bool
}

// gather makes the source out of what scanners found, in whole files.
func gather(scanners ...*scanner) (*source, error) {
	src := &source{}
	begun, ended, overrides := 0, 0, 0
	var definitions []byte
	for _, s := range scanners {
		begun, ended, overrides = begun+s.begun, ended+s.ended, overrides+len(s.overrides)
		src.records = append(src.records, s.records...)
		definitions = append(definitions, s.definitions...)
	}
	if begun == 0 {
		return nil, errors.New("read the calendar: there is no VCALENDAR in it")
	}
	if begun != ended {
		return nil, errors.New("read the calendar: it breaks off before END:VCALENDAR")
	}
	if overrides > 0 {
		src.overridden(scanners)
	}
	return src, define(definitions, scanners)
}

// overridden keeps the overrides of the series that were kept.
func (src *source) overridden(scanners []*scanner) {
	series := map[uint64]bool{}
	for _, r := range src.records {
		if r.recurs() {
			series[r.key] = true
		}
	}
	src.overrides = map[uint64][]override{}
	for _, s := range scanners {
		for _, o := range s.overrides {
			if series[o.key] {
				src.overrides[o.key] = append(src.overrides[o.key], o)
			}
		}
	}
}

func (r *record) recurs() bool { return len(r.rules)+len(r.added)+len(r.periods) > 0 }

// define gives zones that no name explains the clock of their VTIMEZONE. One that cannot be
// read stays unknown.
func define(definitions []byte, scanners []*scanner) error {
	unknown := 0
	for _, s := range scanners {
		unknown += len(s.zones)
	}
	if unknown == 0 || len(definitions) == 0 {
		return nil
	}
	root, err := parseTree(definitions)
	if err != nil {
		return err
	}
	defined := map[string]*component{}
	for _, c := range root.children {
		defined[strings.TrimSpace(c.value("TZID"))] = c
	}
	clocks := map[string]*clock{}
	for _, s := range scanners {
		for name, z := range s.zones {
			c := defined[strings.TrimSpace(name)]
			if c == nil {
				continue
			}
			if clocks[name] == nil {
				clocks[name] = clockOfDefinition(c)
			}
			z.clock = clocks[name]
		}
	}
	return nil
}

// clockOfDefinition is the clock of a VTIMEZONE, which may say by which name others know it.
func clockOfDefinition(c *component) *clock {
	if loc, ok := zoneNamed(c.value("X-LIC-LOCATION")); ok {
		return clockOf(loc)
	}
	if clock, err := definedZone(c); err == nil {
		return clock
	}
	return nil
}

// work is what one answer may cost, over all rules.
const maxWork = 20_000_000

// answer is one query at work.
type answer struct {
	from, to int64
	floating *clock
	utc      *clock
	skip     func(string) bool
	spans    []span
	work     int
}

func newAnswer(q Query) *answer {
	floating := q.Floating
	if floating == nil {
		floating = time.UTC
	}
	return &answer{from: q.From.Unix(), to: ceilUnix(q.To), floating: clockOf(floating), utc: utcClock(), skip: q.Skip, work: maxWork}
}

func ceilUnix(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// add answers with everything of a source.
func (a *answer) add(src *source) error {
	for _, r := range src.records {
		if r.uid != "" && a.skip != nil && a.skip(r.uid) {
			continue
		}
		if err := a.record(r, src.overrides[r.key]); err != nil {
			return fmt.Errorf("event %q: %w", r.uid, err)
		}
	}
	return nil
}

func (a *answer) record(r *record, overrides []override) error {
	if r.recurs() {
		if r.alone {
			overrides = nil
		}
		return a.series(r, overrides)
	}
	if r.free {
		return nil
	}
	from, to, err := a.bounds(r)
	if err != nil {
		return err
	}
	a.busy(from, to, r.away)
	return nil
}

func (a *answer) busy(from, to int64, away bool) {
	if from < a.to && to > a.from && from < to {
		a.spans = append(a.spans, span{max(from, a.from), min(to, a.to), away})
	}
}

// unknown says that an event may be busy within the query, but not when.
func (a *answer) unknown(z *zone, w, lasts wall) error {
	if int64(w)-slack < a.to && int64(w+lasts)+slack > a.from {
		return fmt.Errorf("TZID %q is no zone that is known", z.name)
	}
	return nil
}

// clockFor is the clock by which a moment was written.
func (a *answer) clockFor(m stamp) *clock {
	switch {
	case m.kind == isUTC:
		return a.utc
	case m.zone == nil:
		return a.floating
	}
	return m.zone.clock
}

// bounds is when an event begins and ends.
func (a *answer) bounds(r *record) (from, to int64, err error) {
	c := a.clockFor(r.start)
	if c == nil {
		return 0, 0, a.unknown(r.start.zone, r.start.w, r.lasts())
	}
	from = c.instant(r.start.w)
	if to, err = a.endOf(r, c, r.start.w, from); err != nil {
		return from, from, err
	}
	return from, to, nil
}

// lasts is about how long an event is.
func (r *record) lasts() wall {
	if r.hasEnd {
		return max(day, r.end.w-r.start.w+slack)
	}
	return max(day, wall(r.length.days*day+r.length.seconds))
}

// endOf is when an instance that begins at w ends. With DTEND all instances last exactly as
// long, with DURATION as many days of the calendar (RFC 5545 3.8.5.3); whole days are days
// of the calendar either way.
func (a *answer) endOf(r *record, c *clock, w wall, from int64) (int64, error) {
	switch {
	case r.hasEnd && r.start.kind == isDay:
		days := (r.end.w + day - 1).day() - r.start.w.day()
		return c.instant(w + wall(max(1, days))*day), nil // ends on its own day: a day, as other programs take it
	case r.hasEnd:
		ends := a.clockFor(r.end)
		if ends == nil {
			return from, a.unknown(r.end.zone, r.end.w, day)
		}
		first, last := a.clockFor(r.start).instant(r.start.w), ends.instant(r.end.w)
		if last < first {
			if from <= a.to && from+slack > a.from {
				return from, errors.New("it ends before it begins")
			}
			return from, nil
		}
		return from + last - first, nil
	case r.hasLength:
		return c.instant(w+wall(r.length.days)*day) + r.length.seconds, nil
	case r.start.kind == isDay: // RFC 5545 3.6.1
		return c.instant(w + day), nil
	}
	return from, nil
}

// joined sorts busy spans and joins those that touch. Away and other spans are kept apart.
func joined(spans []span) []slots.Busy {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []slots.Busy
	for _, away := range [...]bool{false, true} {
		var run span
		for _, s := range spans {
			switch {
			case s.away != away:
			case run.from == run.to:
				run = s
			case s.from <= run.to:
				run.to = max(run.to, s.to)
			default:
				out, run = append(out, run.busy()), s
			}
		}
		if run.from != run.to {
			out = append(out, run.busy())
		}
	}
	slices.SortStableFunc(out, func(a, b slots.Busy) int { return a.From.Compare(b.From) })
	return out
}

func (s span) busy() slots.Busy {
	return slots.Busy{Interval: slots.Interval{From: time.Unix(s.from, 0).UTC(), To: time.Unix(s.to, 0).UTC()}, Away: s.away}
}
