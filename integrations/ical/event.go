package ical

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
)

// event is the VEVENT that the scanner is in. What must outlive its line is in arena.
type event struct {
	arena                  []byte
	has                    uint32 // bit of each prop that was seen
	start, end, rid        stamp
	length                 length
	uid, location          part
	rules, added, excluded []part // RRULE; RDATE and EXDATE, whole lines
	future                 bool   // RANGE=THISANDFUTURE
	free                   bool   // transparent, cancelled or declined
	badStart, badEnd       error  // what could not be understood
}

// part is a piece of an arena.
type part struct{ from, to int }

// stamp is a DATE or DATE-TIME with its zone; nil where there is none.
type stamp struct {
	moment
	zone *zone
}

// maxEvent bounds what is kept of one event: dates, rules.
const maxEvent = 1 << 20

func (e *event) reset() {
	e.arena, e.rules, e.added, e.excluded = e.arena[:0], e.rules[:0], e.added[:0], e.excluded[:0]
	e.has, e.future, e.free, e.badStart, e.badEnd = 0, false, false, nil, nil
	e.uid, e.location = part{}, part{}
}

func (e *event) keep(b []byte) part {
	at := len(e.arena)
	e.arena = append(e.arena, b...)
	return part{at, len(e.arena)}
}

func (e *event) of(p part) []byte { return e.arena[p.from:p.to] }

func (e *event) saw(p prop) bool { return e.has&(1<<p) != 0 }

// property takes a line of an event, or of a VFREEBUSY.
func (s *scanner) property(p prop, line []byte, name int) error {
	a, value, _ := split(line, name)
	e := &s.ev
	if len(e.arena) > maxEvent {
		return s.about(errors.New("it has too many dates"))
	}
	switch p {
	case propStart:
		e.start, e.badStart = s.stamp(a, value)
	case propDTEnd:
		e.end, e.badEnd = s.stamp(a, value)
	case propDuration:
		var ok bool
		if e.length, ok = parseLength(value); !ok || e.length.days < 0 || e.length.seconds < 0 {
			e.badEnd = fmt.Errorf("%q is no DURATION", clip(value))
		}
	case propRecurrenceID:
		var err error
		if e.rid, err = s.stamp(a, value); err != nil { // it stands for no instance: all stay busy
			return nil
		}
		e.future = is(a.scope, "THISANDFUTURE")
	case propUID:
		e.uid = e.keep(bytes.TrimSpace(value))
	case propLocation:
		e.location = e.keep(value[:min(len(value), 256)])
	case propRRule:
		e.rules = append(e.rules, e.keep(value))
	case propRDate:
		e.added = append(e.added, e.keep(line))
	case propExDate:
		e.excluded = append(e.excluded, e.keep(line))
	case propTransp:
		e.free = e.free || is(bytes.TrimSpace(value), "TRANSPARENT")
	case propStatus:
		e.free = e.free || is(bytes.TrimSpace(value), "CANCELLED")
	case propAttendee:
		e.free = e.free || is(a.partStat, "DECLINED") && s.owner(a, value)
	case propFreeBusy:
		return s.freeBusy(a, value)
	}
	e.has |= 1 << p
	return nil
}

// owner says whether an ATTENDEE is the calendar's owner.
func (s *scanner) owner(a attrs, value []byte) bool {
	value = bytes.TrimSpace(value)
	if len(value) > 7 && is(value[:7], "MAILTO:") {
		value = value[7:]
	}
	own := []byte(s.address)
	return bytes.EqualFold(value, own) || len(a.email) > 0 && bytes.EqualFold(a.email, own)
}

// stamp reads a DATE or DATE-TIME.
func (s *scanner) stamp(a attrs, value []byte) (stamp, error) {
	m, ok := parseMoment(value)
	if !ok {
		return stamp{}, fmt.Errorf("%q is no time", clip(value))
	}
	if m.kind != isLocal || len(a.tzid) == 0 {
		return stamp{m, nil}, nil
	}
	return stamp{m, s.zone(a.tzid)}, nil
}

// maxZones is how many zones that are not known a file may name; each costs a search.
const maxZones = 500

// zone finds a zone by its TZID.
func (s *scanner) zone(tzid []byte) *zone {
	if s.lastZone != nil && string(tzid) == s.lastZone.name {
		return s.lastZone
	}
	var z *zone
	if len(s.zones) < maxZones {
		z = s.book.named(tzid)
	}
	if z == nil {
		if z = s.zones[string(tzid)]; z == nil {
			z = &zone{name: string(tzid)}
			if s.zones == nil {
				s.zones = map[string]*zone{}
			}
			s.zones[z.name] = z
		}
	}
	s.lastZone = z
	return z
}

// freeBusy takes the periods of a FREEBUSY (RFC 5545 3.8.2.6): all but FBTYPE=FREE are busy.
func (s *scanner) freeBusy(a attrs, value []byte) error {
	if is(a.fbType, "FREE") {
		return nil
	}
	var wrong []byte
	eachOf(value, func(v []byte) bool {
		r, ok := s.period(a, v)
		if !ok {
			wrong = v
			return false
		}
		if r.start.w < s.hi && r.start.w+wall(r.length.days*day+r.length.seconds)+slack > s.lo || r.hasEnd && r.end.w > s.lo && r.start.w < s.hi {
			s.records = append(s.records, &r)
		}
		return true
	})
	if wrong != nil {
		return fmt.Errorf("read the calendar: FREEBUSY %q is no period", clip(wrong))
	}
	return nil
}

// period reads a PERIOD (RFC 5545 3.3.9): a start, and an end or a length.
func (s *scanner) period(a attrs, v []byte) (r record, ok bool) {
	i := bytes.IndexByte(v, '/')
	if i < 0 {
		return r, false
	}
	var err error
	if r.start, err = s.stamp(a, v[:i]); err != nil {
		return r, false
	}
	if r.length, r.hasLength = parseLength(v[i+1:]); r.hasLength {
		return r, r.length.days >= 0 && r.length.seconds >= 0
	}
	r.end, err = s.stamp(a, v[i+1:])
	r.hasEnd = true
	return r, err == nil
}

// finish decides, at END:VEVENT, whether anything of the event is to be kept.
func (s *scanner) finish() error {
	e := &s.ev
	if e.saw(propRecurrenceID) {
		s.override()
	}
	switch {
	case !e.saw(propStart):
		return errors.New("it has no DTSTART")
	case e.badStart != nil:
		return e.badStart
	case len(e.rules)+len(e.added) > 0:
		return s.finishSeries()
	case e.free, e.start.w > s.hi, e.badEnd == nil && e.ends() < s.lo:
		return nil
	case e.badEnd != nil:
		return e.badEnd
	}
	s.records = append(s.records, s.record())
	return nil
}

// ends is when the event ends by its own clock, give or take what zones differ.
func (e *event) ends() wall { return e.start.w + e.lasts() }

// lasts is about how long the event is.
func (e *event) lasts() wall {
	switch {
	case e.saw(propDTEnd):
		return max(day, e.end.w-e.start.w) // at least a day: what ends before it begins is looked at
	case e.saw(propDuration):
		return max(day, wall(e.length.days*day+e.length.seconds))
	}
	return day
}

// finishSeries keeps a recurring event if it has not ended before the window. Until its
// overrides are known it may still move by maxShift.
func (s *scanner) finishSeries() error {
	e := &s.ev
	if len(e.added) == 0 && e.start.w > s.hi+maxShift {
		return nil
	}
	last := e.start.w
	if len(e.added) > 0 {
		last = wall(forever)
	}
	for _, p := range e.rules {
		if until, ok := untilDay(e.of(p)); ok && until+e.lasts()+slack < s.lo-maxShift {
			continue
		}
		if err := parseRule(e.of(p), &s.r); err != nil {
			return err
		}
		last = max(last, s.r.endsBy(e.start.w))
	}
	if e.badEnd != nil {
		return e.badEnd
	}
	if last+e.lasts() < s.lo-maxShift {
		return nil
	}
	r := s.record()
	for _, p := range e.rules {
		if err := parseRule(e.of(p), &s.r); err != nil {
			return err
		}
		r.rules = append(r.rules, s.r)
	}
	if err := s.dates(r); err != nil {
		return err
	}
	s.records = append(s.records, r)
	return nil
}

// untilDay is the day of a rule's UNTIL, found without reading the rule.
func untilDay(rule []byte) (wall, bool) {
	i := bytes.Index(rule, []byte("UNTIL="))
	if i < 0 || len(rule) < i+14 {
		return 0, false
	}
	n, ok := parseDay(rule[i+6 : i+14])
	return wall(n) * day, ok
}

// dates reads RDATE and EXDATE.
func (s *scanner) dates(r *record) error {
	e := &s.ev
	for _, p := range e.excluded {
		a, value, _ := split(e.of(p), len("EXDATE"))
		// A date that cannot be read excludes nothing: the event stays busy.
		eachOf(value, func(v []byte) bool {
			if x, err := s.stamp(a, v); err == nil {
				r.excluded = append(r.excluded, x)
			}
			return true
		})
	}
	for _, p := range e.added {
		a, value, _ := split(e.of(p), len("RDATE"))
		if !eachOf(value, func(v []byte) bool { return len(v) == 0 || s.added(r, a, v) }) {
			return fmt.Errorf("RDATE %q is no time", clip(value))
		}
	}
	return nil
}

// added reads one value of an RDATE: a time as long as the event, or a period of its own.
func (s *scanner) added(r *record, a attrs, v []byte) bool {
	if p, ok := s.period(a, v); ok {
		r.periods = append(r.periods, p)
		return true
	}
	x, err := s.stamp(a, v)
	r.added = append(r.added, x)
	return err == nil
}

// record copies what is needed of the event at hand.
func (s *scanner) record() *record {
	e := &s.ev
	return &record{uid: string(e.of(e.uid)), key: s.key(), start: e.start, end: e.end, length: e.length,
		hasEnd: e.saw(propDTEnd), hasLength: e.saw(propDuration), free: e.free, alone: e.saw(propRecurrenceID),
		away: isAway(e.of(e.location))}
}

func (s *scanner) key() uint64 { return maphash.Bytes(seed, s.ev.of(s.ev.uid)) }

// override notes which instance of a series the event stands for.
func (s *scanner) override() {
	e := &s.ev
	o := override{key: s.key(), rid: e.rid}
	if e.future {
		o.after = s.record()
	}
	s.overrides = append(s.overrides, o)
}
