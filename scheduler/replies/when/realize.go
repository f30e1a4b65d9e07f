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

// resolve finds the days that d means, on or after base where the words leave it open.
func (p *parser) resolve(d days, base civil) ([]span, Grain) {
	if d.fixed {
		if d.wk < 0 && d.dom == 0 && d.mon == 0 && !d.work {
			return []span{d.in}, d.grain
		}
		return p.filter(d), Day
	}
	switch {
	case d.dom != 0 && d.mon != 0:
		if at, ok := p.monthDay(d, base); ok {
			return []span{{at, at + 1}}, Day
		}
		return nil, Day
	case d.mon != 0:
		return p.monthOf(d, base)
	case d.dom != 0:
		if at, ok := p.domOf(d, base); ok {
			return []span{{at, at + 1}}, Day
		}
		return nil, Day
	}
	if out := p.offeredOn(d, base); len(out) > 0 {
		return out, Day
	}
	at := p.coming(d.wk)
	if base > p.today {
		at = base + civil((d.wk-base.weekday()+7)%7)
	}
	out := []span{{at, at + 1}}
	for i := 1; d.many && i < manyWeeks; i++ {
		out = append(out, span{at + civil(7*i), at + civil(7*i) + 1})
	}
	return out, Day
}

// filter picks the days of a fixed span that have the weekday or number said.
func (p *parser) filter(d days) []span {
	var out []span
	for c := d.in.from; c < min(d.in.to, d.in.from+maxDays*6); c++ {
		if d.work && (c.weekday() == 0 || c.weekday() == 6) {
			continue
		}
		if (d.wk < 0 || c.weekday() == d.wk) && (d.dom == 0 || c.dom() == d.dom) && (d.mon == 0 || c.month() == d.mon) {
			out = append(out, span{c, c + 1})
		}
	}
	return out
}

// monthDay is the day of a date. A weekday beside it must agree: first with the order
// of day and month that is the writer's, then with the other.
func (p *parser) monthDay(d days, base civil) (civil, bool) {
	at, ok := p.dated(d.yr, d.mon, d.dom, d.wk, base)
	if !ok && d.altD != 0 && d.wk >= 0 {
		at, ok = p.dated(d.yr, d.altM, d.altD, d.wk, base)
	}
	return at, ok
}

func (p *parser) dated(y, m, d, wk int, base civil) (civil, bool) {
	if y != 0 {
		at := day(y, m, d)
		return at, exists(y, m, d) && (wk < 0 || at.weekday() == wk)
	}
	for y = base.year(); y < base.year()+9; y++ {
		if exists(y, m, d) && day(y, m, d) >= base {
			break
		}
	}
	at := day(y, m, d)
	if wk < 0 || at.weekday() == wk {
		return at, exists(y, m, d)
	}
	before := day(y-1, m, d)
	return before, exists(y-1, m, d) && before.weekday() == wk && before > p.today-farthest
}

// monthOf is a month, or the weekdays in it.
func (p *parser) monthOf(d days, base civil) ([]span, Grain) {
	y := d.yr
	if y == 0 {
		y = base.year()
		if d.mon < base.month() {
			y++
		}
	}
	s := monthSpan(y, d.mon)
	if d.wk < 0 {
		return []span{s}, Month
	}
	d.in, d.mon = span{max(s.from, p.today), s.to}, 0
	return p.filter(d), Day
}

// domOf is the next day with that number; with a weekday beside it, the next one not
// too far away on which both agree, or else the one just past.
func (p *parser) domOf(d days, base civil) (civil, bool) {
	at, ok := p.nextDom(d.dom, base)
	if d.wk < 0 {
		return at, ok
	}
	for ok && at <= p.today+farthest {
		if at.weekday() == d.wk {
			return at, true
		}
		at, ok = p.nextDom(d.dom, at+1)
	}
	at, ok = p.nextDom(d.dom, p.today-31)
	return at, ok && at.weekday() == d.wk && at < p.today
}

// nextDom is the next day from base on that is the n-th of its month.
func (p *parser) nextDom(n int, base civil) (civil, bool) {
	for m := 0; m < 14; m++ {
		first := day(base.year(), base.month()+m, 1)
		if exists(first.year(), first.month(), n) {
			if at := first + civil(n-1); at >= base {
				return at, true
			}
		}
	}
	return 0, false
}

// offeredOn are the days of the offers that are such a weekday: who was offered a
// Thursday and writes "Thursday" means that one.
func (p *parser) offeredOn(d days, base civil) []span {
	var out []span
	if d.many {
		return nil
	}
	for _, o := range p.around {
		c := civilOf(o.From.In(p.zone))
		if c.weekday() == d.wk && c >= base && (len(out) == 0 || out[len(out)-1].from != c) {
			out = append(out, span{c, c + 1})
		}
	}
	return out
}

// applyPrefix turns "end of" + "next week", "first week of" + "December", "week of" +
// "Dec 7", "two weeks from" + "Tuesday" into days.
func (p *parser) applyPrefix(pre, it item) (item, bool) {
	if it.kind != kDay {
		return it, false
	}
	spans, g := p.resolve(it.day, p.today)
	if len(spans) != 1 {
		return it, false
	}
	s := spans[0]
	switch pre.kind {
	case kEdge:
		if it.n != 0 {
			return it, true // "later this afternoon"
		}
		if s.to-s.from == 1 {
			return p.edgeOfDay(it.day, pre.n)
		}
		s, g = edgeOf(s, g, pre.n, p.today)
		if s.from >= s.to {
			return it, false
		}
		return dayItem(fixedDays(s, g)), true
	case kNth:
		d, ok := pre.nthOf(s)
		if ok && it.day.mon != 0 && it.day.yr == 0 && d.in.to <= p.today && !it.day.fixed {
			next, _ := p.resolve(days{set: true, wk: -1, mon: it.day.mon, yr: s.from.year() + 1}, p.today)
			d, ok = pre.nthOf(next[0])
		}
		return dayItem(d), ok
	case kWeekOf:
		from := s.from.monday()
		if s.from.weekday() == 0 {
			from = s.from + 1 // a week that begins on the Sunday is the one that follows it
		}
		return dayItem(fixedDays(span{from, from + 7}, Week)), s.to-s.from <= 7
	case kShift:
		at := s.from.shift(pre.n, pre.u)
		if pre.whole && pre.u != uDay {
			s, g := unitSpan(at, pre.u, 0)
			return dayItem(fixedDays(s, g)), true
		}
		return dayItem(oneDay(at)), s.to-s.from == 1
	}
	return it, false
}

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
		case s.timed() && !(s.same && len(p.around) == 0):
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

// yearless is a range of dates without years: the one whose end comes next, so that it
// may have begun already. The year of the end may be said.
func (p *parser) yearless(d, to days, cross bool) ([]span, Grain) {
	ends, g := p.resolve(to, p.today)
	if len(ends) == 0 {
		return nil, g
	}
	for d.yr = ends[0].from.year(); d.yr >= ends[0].from.year()-1; d.yr-- {
		starts, _ := p.resolve(d, p.today)
		if len(starts) == 0 || starts[0].from >= ends[0].to {
			continue
		}
		if cross {
			return []span{{starts[0].from, ends[0].from}}, g
		}
		return []span{{starts[0].from, ends[0].to}}, g
	}
	return nil, g
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
		o.add(from, to, g, Exact)
	}
}

// crossing: "Dec 31 10pm to Jan 1 2am".
func (o *out) crossing(sp span) {
	z := o.zone()
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
		for c := p.today; c < p.today+7; c++ {
			o.timesOn(c, false)
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
	return o.s.lo.readings()
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
			a = o.p.now
			if !s.by {
				a = later(c.at(0, o.zone()), a)
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
		put(sec, sec+c.length(), c.grain(), Exact)
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
