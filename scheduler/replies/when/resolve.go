package when

// This file finds the days that words mean.

// resolve finds the days that d means, on or after base where the words leave it open.
func (p *parser) resolve(d days, base civil) ([]span, Grain) {
	if d.fixed {
		if d.wk < 0 && d.dom == 0 && d.mon == 0 && d.mask == 0 {
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
		if d.mask != 0 && d.mask&(1<<c.weekday()) == 0 {
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
