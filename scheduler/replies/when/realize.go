package when

import (
	"time"
)

// Bounds on what words may mean: how far an open range of days runs, how many of
// "Mondays" are meant, how far away "Tuesday 13th" may lie.
const (
	openDays   = 28
	manyWeeks  = 4
	farthest   = 62
	maxDays    = 62
	maxResults = 1000
)

// out writes the finds of one segment.
type out struct {
	p     *parser
	s     *seg
	finds []Found
}

func (o *out) add(from, to time.Time, g Grain, b Bound) {
	if !from.Before(to) || len(o.finds) >= maxResults {
		return
	}
	p, s := o.p, o.s
	a, z := p.toks[s.start].start, p.toks[s.end-1].end
	o.finds = append(o.finds, Found{From: from.In(p.zone), To: to.In(p.zone), Grain: g, Bound: b, Not: s.not, Text: p.text[a:z], Start: a, End: z})
}

// realize turns segments into finds.
func (p *parser) realize() []Found {
	o := &out{p: p}
	for i := range p.segs {
		o.s = &p.segs[i]
		switch s := o.s; {
		case s.refined:
		case s.inst.kind != kNone:
			o.instant()
		case s.day.set:
			o.daySeg()
		default:
			o.timeSeg()
		}
	}
	return o.finds
}

func (o *out) instant() {
	from, to, g := o.s.inst.from, o.s.inst.to, o.s.inst.grain
	if o.s.instTo.kind != kNone {
		to = o.s.instTo.from
	}
	switch b := o.s.dayBound; b {
	case After, From:
		o.add(from, from.AddDate(0, 0, openDays), g, b)
	case Before, Until:
		o.add(o.p.now, from, g, b)
	default:
		o.add(from, to, g, Exact)
	}
}

func (o *out) daySeg() {
	p, s := o.p, o.s
	spans, g := o.daySpans()
	for _, sp := range spans {
		switch {
		case s.cross:
			o.crossing(sp)
		case s.timed() && s.dayBound != Exact && s.dayBound != From && s.lo.set && !s.hi.set && s.timeB == Exact:
			o.boundInstant(sp.from)
		case s.part != 0 && !s.lo.set && s.dayBound != Exact && s.dayBound != From && sp.to-sp.from == 1:
			o.boundPart(sp.from)
		case s.timed() && !(s.same && len(p.around) == 0) && sp.to-sp.from <= 14:
			for c := sp.from; c < min(sp.to, sp.from+maxDays); c++ {
				o.timesOn(c, true)
			}
		default:
			o.plainDays(sp, g)
		}
	}
}

// daySpans are the days of the segment; a range of days is one span.
func (o *out) daySpans() ([]span, Grain) {
	p, s := o.p, o.s
	d, to := s.day, s.dayTo
	if to.set && d.dom != 0 && d.mon == 0 && !d.fixed && to.dom >= d.dom {
		d.mon, d.yr = to.mon, to.yr
	}
	if to.set && d.mon != 0 && d.yr == 0 && to.mon != 0 {
		return p.yearless(d, to, s.cross)
	}
	spans, g := p.resolve(d, p.today)
	if !to.set {
		return spans, g
	}
	if len(spans) == 0 {
		return nil, g
	}
	first := spans[0]
	ends, _ := p.resolve(to, first.from)
	if len(ends) == 0 || ends[0].to <= first.from {
		return nil, g
	}
	if s.cross {
		return []span{{first.from, ends[0].from}}, g
	}
	return []span{{first.from, ends[0].to}}, g
}

func (o *out) plainDays(sp span, g Grain) {
	p := o.p
	from, to := sp.from.at(0, p.zone), sp.to.at(0, p.zone)
	switch b := o.s.dayBound; b {
	case After:
		o.add(to, (sp.to+openDays).at(0, p.zone), g, b)
	case From:
		o.add(from, (sp.from+openDays).at(0, p.zone), g, b)
	case Before:
		o.add(p.now, from, g, b)
	case Until:
		if o.s.not {
			to = from // "away until Monday": back on Monday
		}
		o.add(p.now, to, g, b)
	default:
		if o.s.forN > 0 {
			to = sp.from.shift(o.s.forN, o.s.forU).at(0, p.zone)
		}
		o.add(from, to, g, Exact)
	}
}

// crossing: "Dec 31 10pm to Jan 1 2am".
func (o *out) crossing(sp span) {
	z := o.zone()
	if !o.s.hi.set {
		for _, a := range o.s.lo.readings() {
			o.add(sp.from.at(a, z), (sp.to+1).at(0, z), o.s.lo.grain(), Exact)
		}
		return
	}
	for _, a := range o.s.lo.readings() {
		for _, b := range o.s.hi.readings() {
			o.add(sp.from.at(a, z), sp.to.at(b, z), o.s.hi.grain(), Exact)
		}
	}
}

// boundInstant: "by Friday at 5".
func (o *out) boundInstant(c civil) {
	p := o.p
	for _, sec := range o.readingsOn(c) {
		at := c.at(sec, o.zone())
		if b := o.s.dayBound; isUpper(b) {
			o.add(p.now, at, o.s.lo.grain(), b)
		} else {
			o.add(at, (c+openDays).at(0, p.zone), o.s.lo.grain(), b)
		}
	}
}

// boundPart: "by tomorrow night".
func (o *out) boundPart(c civil) {
	pt := parts[o.s.part-1]
	from, to := c.at(pt.from*60, o.zone()), c.at(pt.to*60, o.zone())
	switch b := o.s.dayBound; b {
	case Before:
		o.add(o.p.now, from, PartOfDay, b)
	case Until:
		o.add(o.p.now, to, PartOfDay, b)
	default:
		o.add(to, (c+openDays).at(0, o.p.zone), PartOfDay, b)
	}
}

func (o *out) zone() *time.Location {
	if o.s.zone != nil {
		return o.s.zone
	}
	return o.p.zone
}

// timeSeg: a time of day without a day is of the offers' days where there are offers,
// else the next one from now on.
func (o *out) timeSeg() {
	p, s := o.p, o.s
	if s.same && len(p.around) == 0 {
		return
	}
	if list := o.aroundDays(); len(list) > 0 {
		for _, c := range list {
			o.timesOn(c, true)
		}
		return
	}
	if s.partMany {
		first := p.today
		if !first.at(parts[s.part-1].to*60, o.zone()).After(p.now) {
			first++
		}
		for c := first; c < first+7; c++ {
			o.timesOn(c, true)
		}
		return
	}
	o.timesOn(p.today, false)
}

// aroundDays are the days of the offers that begin at the hour said, or all their days.
func (o *out) aroundDays() []civil {
	p := o.p
	var all, same []civil
	for _, of := range p.around {
		at := of.From.In(o.zone())
		c := civilOf(at)
		all = appendNew(all, c)
		if o.s.lo.set && o.s.timeB == Exact && !o.s.hi.set {
			h, m, _ := at.Clock()
			for _, sec := range o.s.lo.either() {
				if sec == h*3600+m*60 {
					same = appendNew(same, c)
				}
			}
		}
	}
	if len(same) > 0 {
		return same
	}
	return all
}

func appendNew(list []civil, c civil) []civil {
	for _, have := range list {
		if have == c {
			return list
		}
	}
	return append(list, c)
}

// either are the times of day that the words allow at all.
func (c clock) either() []int {
	if c.half != 0 || c.sec >= 13*3600 || c.sec < 3600 {
		return c.readings()
	}
	return []int{c.seconds(1), c.seconds(2)}
}

// readingsOn are the readings of the hour on a day; an offer at one of them decides.
func (o *out) readingsOn(c civil) []int {
	var hits []int
	for _, sec := range o.s.lo.either() {
		for _, of := range o.p.around {
			if of.From.Equal(c.at(sec, o.zone())) {
				hits = append(hits, sec)
				break
			}
		}
	}
	if len(hits) == 1 {
		return hits
	}
	return o.nearOffers(c, o.s.lo.readings())
}

// nearOffers leaves of "at 8" the half of the day in which something was offered on that day.
func (o *out) nearOffers(c civil, secs []int) []int {
	if len(secs) != 2 {
		return secs
	}
	var near []int
	for _, sec := range secs {
		for _, of := range o.p.around {
			if gap := of.From.Sub(c.at(sec, o.zone())); gap.Abs() < 4*time.Hour {
				near = append(near, sec)
				break
			}
		}
	}
	if len(near) == 1 {
		return near
	}
	return secs
}

// timesOn adds the segment's time of day on day c; unless past times will do, what is
// over by now is of the next day.
func (o *out) timesOn(c civil, past bool) {
	s := o.s
	put := func(from, to int, g Grain, b Bound) {
		a, z := c.at(from, o.zone()), c.at(to, o.zone())
		point := b == Exact && g != PartOfDay && !s.hi.set
		if !past && !a.After(o.p.now) && (point || !z.After(o.p.now)) {
			a, z = (c+1).at(from, o.zone()), (c+1).at(to, o.zone())
		}
		if b == Until && from == 0 && (s.by || !s.day.set) && o.p.now.Before(z) {
			if a = later(a, o.p.now); s.by {
				a = o.p.now
			}
		}
		o.add(a, z, g, b)
	}
	switch {
	case s.same:
		for _, of := range o.p.around {
			h, m, _ := of.From.In(o.zone()).Clock()
			o.addSame(c.at(h*3600+m*60, o.zone()))
		}
	case s.lo.set && s.hi.set:
		for _, r := range ranges(s.lo, s.hi) {
			put(r[0], r[1], finer(s.lo, s.hi), Exact)
		}
	case s.lo.set:
		for _, sec := range o.readingsOn(c) {
			o.openOrPoint(sec, put)
		}
	case s.part != 0:
		pt := parts[s.part-1]
		switch s.timeB {
		case After:
			put(pt.to*60, 24*3600, PartOfDay, After)
		case Before:
			put(0, pt.from*60, PartOfDay, Before)
		case From:
			put(pt.from*60, 24*3600, PartOfDay, From)
		case Until:
			if s.part-1 == pEndOfDay {
				pt.to = 24 * 60
			}
			put(0, pt.to*60, PartOfDay, Until)
		default:
			put(pt.from*60, pt.to*60, PartOfDay, Exact)
		}
	}
}

func (o *out) addSame(at time.Time) {
	for _, f := range o.finds {
		if f.From.Equal(at) && f.Start == o.p.toks[o.s.start].start {
			return
		}
	}
	o.add(at, at.Add(time.Hour), Hour, Exact)
}

// openOrPoint: "3pm" is an hour, "after 3" runs to the end of the day, "before 3" from
// its beginning.
func (o *out) openOrPoint(sec int, put func(from, to int, g Grain, b Bound)) {
	c, end, start := o.s.lo, 24*3600, 0
	if i := o.s.part - 1; i >= 0 && parts[i].from*60 < sec && sec < parts[i].to*60 {
		start, end = parts[i].from*60, parts[i].to*60
	}
	switch o.s.timeB {
	case After, From:
		put(sec, max(end, sec), c.grain(), o.s.timeB)
	case Before, Until:
		put(start, sec, c.grain(), o.s.timeB)
	default:
		length := c.length()
		if o.s.forN > 0 {
			length = min(o.s.forN*int(unitLength(o.s.forU)/time.Second), 24*3600)
		}
		put(sec, sec+length, c.grain(), Exact)
	}
}

func finer(a, b clock) Grain {
	if a.minute || b.minute {
		return Minute
	}
	return Hour
}

// ranges are the readings of "from a to b" in seconds after midnight: where one end has
// its half of the day, the other follows it; the end is the next such time after the
// beginning, after midnight if need be.
func ranges(a, b clock) [][2]int {
	var out [][2]int
	if a.half == 0 && a.sec < 13*3600 && (b.half == 1 || b.half == 2 || b.half == 3 && b.sec >= 13*3600) {
		end := b.readings()[0]
		for _, h := range [2]int{2, 1} {
			if from := a.seconds(h); from < end {
				return [][2]int{{from, end}}
			}
		}
	}
	for _, from := range a.readings() {
		if b.half != 0 || b.sec >= 13*3600 {
			to := b.readings()[0]
			if to <= from {
				to += 24 * 3600
			}
			out = append(out, [2]int{from, to})
			continue
		}
		for _, to := range [3]int{b.seconds(1), b.seconds(2), b.seconds(1) + 24*3600} {
			if to > from {
				out = append(out, [2]int{from, to})
				break
			}
		}
	}
	return out
}
