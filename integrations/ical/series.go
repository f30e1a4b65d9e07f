package ical

import (
	"errors"
	"fmt"
	"slices"
)

// exceptions are the instances that a series does not have.
type exceptions struct {
	days     []int64 // EXDATE as a DATE: whatever falls on that day by the series' clock
	walls    []int64 // without a zone: by the series' clock
	instants []int64
}

func (x *exceptions) add(m stamp, c *clock) {
	switch {
	case m.kind == isDay:
		x.days = append(x.days, int64(m.w.day()))
	case m.kind == isLocal && m.zone == nil:
		x.walls = append(x.walls, int64(m.w))
	default:
		x.instants = append(x.instants, c.instant(m.w))
	}
}

func (x *exceptions) sort() {
	slices.Sort(x.days)
	slices.Sort(x.walls)
	slices.Sort(x.instants)
}

func (x *exceptions) has(w wall, instant int64) bool {
	return found(x.days, int64(w.day())) || found(x.walls, int64(w)) || found(x.instants, instant)
}

func found(list []int64, v int64) bool {
	if len(list) == 0 {
		return false
	}
	_, ok := slices.BinarySearch(list, v)
	return ok
}

// turn is a RANGE=THISANDFUTURE: from then on the series follows another event.
type turn struct {
	at     int64
	shift  int64 // by the clock if by is nil, else in real seconds
	exact  bool
	record *record
}

// series answers with the instances of a recurring event.
func (a *answer) series(r *record, overrides []override) error {
	c := a.clockFor(r.start)
	if c == nil {
		return a.unknownSeries(r)
	}
	x, turns, err := a.changes(r, c, overrides)
	if err != nil {
		return err
	}
	if r.free && len(turns) == 0 {
		return nil
	}
	var fault error
	instance := func(w wall) bool {
		at := c.instant(w)
		if !x.has(w, at) {
			fault = a.instance(r, c, w, at, turns)
		}
		return fault == nil
	}
	instance(r.start.w) // DTSTART is the first instance, in the rule or not (RFC 5545 3.8.5.3)
	margin := r.lasts() + slack
	if len(turns) > 0 {
		margin += maxShift
	}
	for i := range r.rules {
		a.walk(r, &r.rules[i], c, margin, instance)
	}
	for _, m := range r.added {
		if own := a.clockFor(m); own == nil {
			fault = errors.Join(fault, a.unknown(m.zone, m.w, r.lasts()))
		} else if at := own.instant(m.w); !x.has(c.reading(at), at) && fault == nil {
			fault = a.instance(r, c, a.wallOf(m, c, at, r.start.kind), at, turns)
		}
	}
	for i := range r.periods {
		p := &r.periods[i]
		from, to, err := a.bounds(p)
		if fault = errors.Join(fault, err); !x.has(c.reading(from), from) && !r.free {
			a.busy(from, to, r.away)
		}
	}
	return fault
}

// wallOf is a moment by the clock of the series; a day added to a series of times is read at
// the time of day of its own.
func (a *answer) wallOf(m stamp, c *clock, at int64, k kind) wall {
	if k == isDay {
		return wall(m.w.day()) * day
	}
	return c.reading(at)
}

// walk goes through the instances of one rule that can reach into the query. What a rule
// would still have when its work is spent counts as busy.
func (a *answer) walk(r *record, rule *rule, c *clock, margin wall, instance func(wall) bool) {
	from, to := wall(a.from)-margin, wall(a.to)+margin-r.lasts()
	stop := func(w wall) bool {
		if rule.ends && past(rule, w, r.start.kind, c) {
			return false
		}
		return instance(w)
	}
	x := newExpansion(rule, r.start.moment)
	at, gaveUp := x.walk(from, to, stop)
	a.work -= maxSteps - x.steps
	if gaveUp && rule.count > 0 { // COUNT could not be counted up to here: then it does not limit
		endless := *rule
		endless.count = 0
		x = newExpansion(&endless, r.start.moment)
		at, gaveUp = x.walk(from, to, stop)
		a.work -= maxSteps - x.steps
	}
	if gaveUp && !(rule.ends && past(rule, at, r.start.kind, c)) {
		a.busy(c.instant(at), a.to, r.away)
	}
}

// changes are the exceptions and turns of a series.
func (a *answer) changes(r *record, c *clock, overrides []override) (x exceptions, turns []turn, err error) {
	for _, m := range r.excluded {
		if own := a.clockFor(m); own != nil { // a time in an unknown zone excludes nothing
			x.add(m, own)
		}
	}
	for _, o := range overrides {
		own := a.clockFor(o.rid)
		if own == nil {
			continue
		}
		x.add(o.rid, own)
		if o.after == nil {
			continue
		}
		t, err := a.turn(r, c, o)
		if err != nil {
			return x, nil, err
		}
		turns = append(turns, t)
	}
	x.sort()
	slices.SortStableFunc(turns, func(a, b turn) int { return int(max(-1, min(1, a.at-b.at))) })
	if a.work < 0 {
		return x, turns, errors.New("its recurrence rules, and those before it, take too much work")
	}
	return x, turns, nil
}

// turn is where a series turns, and by how much.
func (a *answer) turn(r *record, c *clock, o override) (turn, error) {
	t := turn{record: o.after}
	rid, to := o.rid, o.after.start
	own, next := a.clockFor(rid), a.clockFor(to)
	if next == nil {
		return t, fmt.Errorf("TZID %q is no zone that is known", to.zone.name)
	}
	t.at = own.instant(rid.w)
	if rid.kind == isDay { // by the day on the series' clock
		t.at = c.instant(rid.w)
	}
	if rid.kind == to.kind && rid.zone == to.zone {
		t.shift = int64(to.w - rid.w)
	} else if rid.kind != isDay && to.kind != isDay {
		t.shift, t.exact = next.instant(to.w)-t.at, true
	} else {
		t.shift = int64(to.w - (rid.w - wall(rid.w.second()) + wall(r.start.w.second())))
	}
	if t.shift > maxShift || t.shift < -maxShift {
		return t, errors.New("it is moved by more than 60 days")
	}
	return t, nil
}

// instance answers with one instance of a series, moved by the last turn before it.
func (a *answer) instance(r *record, c *clock, w wall, at int64, turns []turn) error {
	end := r
	for _, t := range turns {
		if t.at > at {
			break
		}
		end = t.record
	}
	if end.free {
		return nil
	}
	from := at
	if end != r {
		var t turn
		for _, u := range turns {
			if u.record == end {
				t = u
			}
		}
		if t.exact {
			from = at + t.shift
			w = c.reading(from)
		} else {
			w += wall(t.shift)
			from = c.instant(w)
		}
	}
	to, err := a.endOf(end, c, w, from)
	if err != nil {
		return err
	}
	a.busy(from, to, end.away)
	return nil
}

// unknownSeries refuses a series in a zone that nobody knows, if it could reach the query.
func (a *answer) unknownSeries(r *record) error {
	if r.free {
		return nil
	}
	err := a.unknown(r.start.zone, r.start.w, r.lasts())
	for i := range r.rules {
		rule := &r.rules[i]
		margin := r.lasts() + slack
		x := newExpansion(rule, r.start.moment)
		_, gaveUp := x.walk(wall(a.from)-margin, wall(a.to)+slack, func(w wall) bool {
			if rule.ends && w > rule.until.w+slack {
				return false
			}
			err = errors.Join(err, a.unknown(r.start.zone, w, r.lasts()))
			return err == nil
		})
		if gaveUp && err == nil {
			err = errors.New("its recurrence rule takes too much work")
		}
	}
	for _, m := range r.added {
		err = errors.Join(err, a.unknown(r.start.zone, m.w, r.lasts()))
	}
	if len(r.periods) > 0 {
		err = errors.Join(err, fmt.Errorf("TZID %q is no zone that is known", r.start.zone.name))
	}
	return err
}
