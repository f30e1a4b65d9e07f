package when

import "time"

// This file reads what is counted from now: "next week", "in three days", "two weeks ago".

// sayRelUnit: "next week", "this month", "the next three days".
func sayRelUnit(p *parser, c *caps) (item, bool) {
	rel, u := c.val(cRel), c.val(cUnit)
	if rel == relComing {
		rel = 1
	}
	n, counted := count(c)
	if !counted {
		if u < uDay {
			return p.clockUnit(rel, u)
		}
		s, g := unitSpan(p.today, u, rel)
		it := relative(fixedDays(s, g))
		it.period = true
		return it, true
	}
	if n == 0 || rel == 0 || n > 400 {
		return item{}, false
	}
	if u < uDay {
		step := unitLength(u)
		from, to := p.now, p.now.Add(time.Duration(n)*step)
		if rel < 0 {
			from, to = p.now.Add(-time.Duration(n)*step), p.now
		}
		return item{kind: kInstant, from: from, to: to, grain: Hour}, true
	}
	if u == uWeekend || u == uWorkweek {
		return item{}, false
	}
	_, g := unitSpan(p.today, u, 0)
	if rel > 0 {
		return relative(fixedDays(span{p.today + 1, (p.today + 1).shift(n, u)}, g)), true
	}
	return relative(fixedDays(span{p.today.shift(-n, u), p.today}, g)), true
}

// sayNumRel: "2 upcoming weeks", but not "we are 3 next week".
func sayNumRel(p *parser, c *caps) (item, bool) {
	rel, n := c.val(cRel), c.val(cNum)
	u, _ := c.get(cUnit, 0)
	if u.val < uDay || n < 2 || rel == 0 || rel == 1 && !u.many {
		return item{}, false
	}
	return sayRelUnit(p, c)
}

func unitLength(u unit) time.Duration {
	return [...]time.Duration{uSecond: time.Second, uMinute: time.Minute, uHour: time.Hour}[u]
}

// clockUnit is this, the next or the last hour.
func (p *parser) clockUnit(rel int, u unit) (item, bool) {
	if u != uHour {
		return item{}, false
	}
	from := p.now.Add(time.Duration(min(rel, 0)) * time.Hour)
	return item{kind: kInstant, from: from, to: from.Add(time.Hour), grain: Hour}, true
}

func sayWeekend(p *parser, c *caps) (item, bool) {
	s, g := unitSpan(p.today, uWeekend, 0)
	return relative(fixedDays(s, g)), c.val(cUnit) == uWeekend
}

// count is the number said: "three", "a", "a couple of".
func count(c *caps) (int, bool) {
	if t, ok := c.get(cNum, 0); ok {
		return t.val, true
	}
	if t, ok := c.get(cBig, 0); ok {
		return t.val, true
	}
	t, ok := c.get(cCouple, 0)
	return t.val, ok
}

// offset is so many units from now, or before now.
func (p *parser) offset(c *caps, sign int) (item, bool) {
	n, ok := count(c)
	u := c.val(cUnit)
	if t, a := c.get(cCouple, 0); !ok || n > 999 || u == uWeekend || a && t.val == 1 && u < uHour {
		return item{}, false // "in a minute" is soon
	}
	if u < uDay {
		return p.instant(p.now.Add(time.Duration(sign*n)*unitLength(u)), Minute), true
	}
	return relative(oneDay(p.today.shift(sign*n, u))), true
}

// sooner is so many units later or earlier than the one time that is spoken of, or than now
// where none is. Where several are, it could be any of them.
func (p *parser) sooner(c *caps, sign int) (item, bool) {
	n, ok := count(c)
	u := c.val(cUnit)
	switch {
	case len(p.around) == 0 && sign > 0:
		return p.offset(c, sign)
	case len(p.around) != 1 || !ok || n > 999 || u == uWeekend:
		return item{}, false
	}
	from := p.around[0].From.In(p.zone)
	if u < uDay {
		return p.instant(from.Add(time.Duration(sign*n)*unitLength(u)), Minute), true
	}
	return relative(oneDay(civilOf(from).shift(sign*n, u))), true
}

// halfSooner: "half an hour later".
func (p *parser) halfSooner(sign int) (item, bool) {
	switch {
	case len(p.around) == 1:
		return p.instant(p.around[0].From.In(p.zone).Add(time.Duration(sign)*30*time.Minute), Minute), true
	case len(p.around) == 0 && sign > 0:
		return p.instant(p.now.Add(30*time.Minute), Minute), true
	}
	return item{}, false
}

// offsetBoth: "in 1 hour and 30 minutes", "2 weeks and 2 days ago".
func (p *parser) offsetBoth(c *caps, sign int) (item, bool) {
	at, fine := p.now, false
	for k := range 2 {
		n, ok := c.get(cNum, k)
		u, has := c.get(cUnit, k)
		if couple, is := c.get(cCouple, 0); !ok && is || is && k == 0 {
			n, ok = couple, true
		} else if is {
			n, ok = c.get(cNum, k-1)
		}
		if !ok || !has || n.val > 999 {
			return item{}, false
		}
		if u.val < uDay {
			at, fine = at.Add(time.Duration(sign*n.val)*unitLength(u.val)), true
			continue
		}
		h, m, s := at.Clock()
		at = civilOf(at).shift(sign*n.val, u.val).at(h*3600+m*60+s, p.zone)
	}
	if fine {
		return p.instant(at, Minute), true
	}
	return relative(oneDay(civilOf(at))), true
}

// sayFor is a length: it gives what stands before it an end.
func sayFor(p *parser, c *caps) (item, bool) {
	n, ok := count(c)
	return item{kind: kFor, n: n, u: c.val(cUnit)}, ok && n > 0 && n < 1000 && c.val(cUnit) != uQuarter
}

// sayWithin is everything from now to so many units from now.
func sayWithin(p *parser, c *caps) (item, bool) {
	it, ok := p.offset(c, 1)
	if !ok {
		return it, false
	}
	to := it.to.Add(-time.Minute)
	g := Hour
	if it.kind == kDay {
		to, g = it.day.in.from.at(p.sinceMidnight(), p.zone), Day
	}
	return item{kind: kInstant, from: p.now, to: to, grain: g}, to.After(p.now)
}

func (p *parser) sinceMidnight() int {
	h, m, s := p.now.Clock()
	return h*3600 + m*60 + s
}

func sayShift(p *parser, c *caps) (item, bool) {
	n, ok := count(c)
	if !ok {
		n = 1
	}
	return item{kind: kShift, n: n, u: c.val(cUnit), whole: !ok}, n < 1000 && c.val(cUnit) >= uDay
}

// sayDomOf: "the 20th of next month".
func sayDomOf(p *parser, c *caps) (item, bool) {
	it, ok := sayDom(p, c)
	u, rel := c.val(cUnit), c.val(cRel)
	if !ok || u != uMonth {
		return item{}, false
	}
	s, _ := unitSpan(p.today, uMonth, min(rel, 1))
	it.day.fixed, it.day.in = true, s
	it.lone = false
	return it, s.from+civil(it.day.dom-1) < s.to
}

// sayAfterRel: "the week after next".
func sayAfterRel(p *parser, c *caps) (item, bool) {
	u := c.val(cUnit)
	s, g := unitSpan(p.today, u, 2)
	return relative(fixedDays(s, g)), u > uDay
}

// sayInHalf: "in an hour and a half".
func sayInHalf(p *parser, c *caps) (item, bool) {
	n, ok := count(c)
	u := c.val(cUnit)
	if !ok || u != uHour && u != uMinute {
		return item{}, false
	}
	return p.instant(p.now.Add(time.Duration(2*n+1)*unitLength(u)/2), Minute), true
}

func (p *parser) endOf(u unit) (item, bool) {
	s, g := unitSpan(p.today, u, 0)
	s, g = edgeOf(s, g, edgeEnd, p.today)
	it := relative(fixedDays(s, g))
	it.weak, it.period = true, true // "eom" ends messages, too
	return it, true
}

// sayShiftBack: "two days before" a day.
func sayShiftBack(p *parser, c *caps) (item, bool) {
	it, ok := sayShift(p, c)
	it.n = -it.n
	return it, ok
}

// sayWeekdays: "weekdays" are the working days of the coming two weeks.
func sayWeekdays(p *parser, c *caps) (item, bool) {
	d := fixedDays(span{p.today + 1, p.today + 15}, Day)
	d.mask = 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5
	it := dayItem(d)
	if t, ok := c.get(cPart, 0); ok {
		it.n = t.val + 1
	}
	return it, true
}

// sayNow: "now" is a time at the end of what is said, not in "I now have a car".
func sayNow(p *parser, c *caps) (item, bool) {
	it := p.instant(p.now, Minute)
	it.weak = c.list[0].weak
	return it, true
}

// sayLetters: "MWF", "T/Th": weekdays by their letters, in the coming two weeks.
func sayLetters(p *parser, c *caps) (item, bool) {
	d := fixedDays(span{p.today + 1, p.today + 15}, Day)
	for k := 0; ; k++ {
		t, ok := c.get(cLetter, k)
		if !ok {
			break
		}
		d.mask |= t.val
	}
	return dayItem(d), d.mask&(d.mask-1) != 0 // one letter is none
}
