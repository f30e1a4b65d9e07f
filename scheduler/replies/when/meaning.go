package when

import "time"

// A meaning turns captured terms into an item, or says that they mean nothing.
type meaning struct {
	rank int
	say  func(p *parser, c *caps) (item, bool)
}

// meanings are what the patterns of every language may say.
var meanings map[string]func(p *parser, c *caps) (item, bool)

func init() {
	meanings = map[string]func(p *parser, c *caps) (item, bool){
		"day": func(p *parser, c *caps) (item, bool) { return relative(oneDay(p.today + civil(c.val(cDay)))), true },
		"now": sayNow,
		"one": sayOne,
		"instant": func(p *parser, c *caps) (item, bool) {
			return p.instant(p.chains[c.val(cInstant)].instant, Minute), true
		},
		"wday":       sayWeekday,
		"anywday":    sayAnyWeekday,
		"relwday":    sayRelWeekday,
		"wday+7":     func(p *parser, c *caps) (item, bool) { return dayItem(oneDay(p.coming(c.val(cWday)) + 7)), true },
		"after next": func(p *parser, c *caps) (item, bool) { return dayItem(oneDay(p.coming(c.val(cWday)) + 7)), true },
		"tonight": func(p *parser, c *caps) (item, bool) {
			it := relative(oneDay(p.today))
			it.n = pTonight + 1
			return it, true
		},
		"this morning": func(p *parser, c *caps) (item, bool) {
			it := relative(oneDay(p.today))
			it.n = pMorning + 1
			return it, true
		},
		"month":      sayMonth,
		"relmonth":   sayRelMonth,
		"date":       sayDate,
		"longdate":   sayDate,
		"numdate":    sayNumDate,
		"dom":        sayDom,
		"relunit":    sayRelUnit,
		"in both":    func(p *parser, c *caps) (item, bool) { return p.offsetBoth(c, 1) },
		"ago both":   func(p *parser, c *caps) (item, bool) { return p.offsetBoth(c, -1) },
		"for":        sayFor,
		"numrel":     sayNumRel,
		"weekend":    sayWeekend,
		"in":         func(p *parser, c *caps) (item, bool) { return p.offset(c, 1) },
		"ago":        func(p *parser, c *caps) (item, bool) { return p.offset(c, -1) },
		"within":     sayWithin,
		"half hour":  func(p *parser, c *caps) (item, bool) { return p.instant(p.now.Add(30*time.Minute), Minute), true },
		"shift":      sayShift,
		"edge":       func(p *parser, c *caps) (item, bool) { return item{kind: kEdge, n: c.val(cEdge)}, true },
		"edge this":  sayEdgeThis,
		"nth":        sayNth,
		"nth this":   sayNthThis,
		"week of":    func(p *parser, c *caps) (item, bool) { return item{kind: kWeekOf}, true },
		"clock":      sayClock,
		"hour":       sayHour,
		"atclock":    sayBareHour,
		"hour ap":    sayHourAP,
		"oclock":     sayOclock,
		"hhmm":       sayHHMM,
		"big":        sayBig,
		"big hours":  sayBigHours,
		"spelt":      sayHourMinute,
		"half past":  func(p *parser, c *caps) (item, bool) { return hourPlus(c, 30) },
		"quarter":    func(p *parser, c *caps) (item, bool) { return hourPlus(c, 15) },
		"quarter to": func(p *parser, c *caps) (item, bool) { return hourPlus(c, -15) },
		"past":       func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 0, 1) },
		"to":         sayTo,
		"minutes to": func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 0, -1) },
		"hour past":  func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 1, 1) },
		"hour less":  func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 1, -1) },
		"noon":       sayNoon,
		"part":       func(p *parser, c *caps) (item, bool) { t, _ := c.get(cPart, 0); return partItem(t), true },
		"relpart":    sayRelPart,
		"zone":       func(p *parser, c *caps) (item, bool) { return zoneItem(c) },
		"ordnum":     sayOrdNum,
		"half":       sayHalf,
		"dom of":     sayDomOf,
		"wdayrel":    sayWeekdayRel,
		"after rel":  sayAfterRel,
		"last night": func(p *parser, c *caps) (item, bool) {
			it := relative(oneDay(p.today - 1))
			it.n = pNight + 1
			return it, true
		},
		"late tonight": func(p *parser, c *caps) (item, bool) {
			it := relative(oneDay(p.today))
			it.n = pLateNight + 1
			return it, true
		},
		"half ago":     func(p *parser, c *caps) (item, bool) { return p.instant(p.now.Add(-30*time.Minute), Minute), true },
		"quarter hour": func(p *parser, c *caps) (item, bool) { return p.instant(p.now.Add(15*time.Minute), Minute), true },
		"in half":      sayInHalf,
		"eow":          func(p *parser, c *caps) (item, bool) { return p.endOf(uWeek) },
		"eom":          func(p *parser, c *caps) (item, bool) { return p.endOf(uMonth) },
		"eoy":          func(p *parser, c *caps) (item, bool) { return p.endOf(uYear) },
		"feast":        sayFeast,
		"new year":     sayNewYear,
		"wday feast":   sayWeekdayOfFeast,
		"weekdays":     sayWeekdays,
		"before":       sayShiftBack,
		"num":          func(p *parser, c *caps) (item, bool) { t, _ := c.get(cNum, 0); return numItem(t), true },
		"same":         func(p *parser, c *caps) (item, bool) { return item{kind: kSame}, true },
	}
}

func dayItem(d days) item  { return item{kind: kDay, day: d, wk: -1} }
func relative(d days) item { d.rel = true; return dayItem(d) }
func partItem(t term) item { return item{kind: kPart, n: t.val, weak: t.weak, bare: t.many} }
func numItem(t term) item {
	return item{kind: kNum, n: t.val, bare: true, worded: t.spelt, clk: clock{set: true, sec: t.val * 3600, half: half24(t)}}
}

// half24 is 3 for an hour that only a 24-hour clock has.
func half24(t term) int {
	if t.val > 12 || t.val == 0 || t.zeroed {
		return 3
	}
	return 0
}

func (p *parser) instant(at time.Time, g Grain) item {
	return item{kind: kInstant, from: at, to: at.Add(time.Minute), grain: g}
}

// coming is the next such weekday after today.
func (p *parser) coming(wk int) civil {
	return p.today + 1 + civil((wk-(p.today+1).weekday()+7)%7)
}

func sayWeekday(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cWday, 0)
	it := dayItem(days{set: true, wk: t.val, many: t.many, grain: Day})
	it.weak = t.weak
	return it, true
}

func sayAnyWeekday(p *parser, c *caps) (item, bool) {
	return dayItem(days{set: true, wk: c.val(cWday), many: true, grain: Day}), true
}

// The values of cRel beside -1, 0 and 1.
const relComing = 2

// sayRelWeekday: "next" is the week after this one, "this" the nearest from today on,
// "coming" the nearest after today, "last" the week before this one.
func sayRelWeekday(p *parser, c *caps) (item, bool) {
	wk := c.val(cWday)
	switch c.val(cRel) {
	case 1:
		return relative(oneDay(p.today.monday() + 7 + civil((wk+6)%7))), true
	case relComing:
		return relative(oneDay(p.coming(wk))), true
	case 0:
		return relative(oneDay(p.today + civil((wk-p.today.weekday()+7)%7))), true
	}
	return relative(oneDay(p.today.monday() - 7 + civil((wk+6)%7))), true
}

// sayWeekdayRel is for languages that say "next" after the weekday: there "this"
// belongs to what follows.
func sayWeekdayRel(p *parser, c *caps) (item, bool) {
	it, ok := sayRelWeekday(p, c)
	return it, ok && c.val(cRel) != 0
}

func sayMonth(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cMonth, 0)
	it := dayItem(days{set: true, wk: -1, mon: t.val, grain: Month})
	it.weak = t.weak
	if y, ok := c.get(cYear, 0); ok {
		it.day.yr, it.weak = y.val, false
	}
	return it, true
}

func sayRelMonth(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cMonth, 0)
	if t.weak && t.lower && c.val(cRel) == 0 {
		return item{}, false // "this may or may not be"
	}
	m, now := t.val, p.today.month()
	y := p.today.year()
	switch rel := c.val(cRel); {
	case rel > 0 && m <= now:
		y++
	case rel < 0 && m >= now:
		y--
	}
	return dayItem(fixedDays(monthSpan(y, m), Month)), true
}

// sayDate: a month and the day in it, with or without a year.
func sayDate(p *parser, c *caps) (item, bool) {
	d := days{set: true, wk: -1, mon: c.val(cMonth), grain: Day}
	t, ok := c.get(cOrd, 0)
	if !ok {
		t, ok = c.get(cNum, 0)
	}
	if m, _ := c.get(cMonth, 0); !ok || t.class == cOrd && t.val == ordLast || m.weak && m.lower && t.class == cNum && t.spelt && t.val == 1 {
		return item{}, false // "one may ask"
	}
	d.dom = t.val
	if y, ok := c.get(cYear, 0); ok {
		d.yr = y.val
	} else if y, ok := c.get(cNum, 1); ok {
		d.yr = p.century(y.val)
	} else if y, ok := c.get(cNum, 0); ok && t.class == cOrd {
		d.yr = p.century(y.val)
	}
	year := d.yr
	if year == 0 {
		year = 2024
	}
	return dayItem(d), exists(year, d.mon, d.dom)
}

func sayNumDate(p *parser, c *caps) (item, bool) {
	ch := p.chains[c.val(cDate)]
	d := days{set: true, wk: -1, yr: ch.y, mon: ch.m, dom: ch.d, altM: ch.altM, altD: ch.altD, grain: Day}
	if ch.d == 0 {
		d.grain = Month
	}
	it := dayItem(d)
	it.lone = ch.y == 0
	return it, true
}

func sayDom(p *parser, c *caps) (item, bool) {
	t, ok := c.get(cOrd, 0)
	if !ok {
		t, ok = c.get(cNum, 0)
	}
	it := dayItem(days{set: true, wk: -1, dom: t.val, grain: Day})
	it.lone, it.worded = true, t.class == cOrd && t.spelt && t.val <= 10
	return it, ok && t.val >= 1 && t.val <= 31
}

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

func sayEdgeThis(p *parser, c *caps) (item, bool) {
	u := c.val(cUnit)
	if u < uDay || u == uWeekend {
		return item{}, false
	}
	if e := c.val(cEdge); u == uDay && (e == edgeAll || e == edgeEnd && !c.has(cRel)) {
		return item{}, false // a part of the day
	}
	if u == uDay && c.val(cEdge) == edgeRest {
		return item{kind: kInstant, from: p.now, to: (p.today + 1).at(0, p.zone), grain: PartOfDay}, true
	}
	if u == uDay && !c.has(cRel) {
		it, ok := p.edgeOfDay(oneDay(p.today), c.val(cEdge))
		return it, ok
	}
	if u == uDay && c.has(cRel) {
		return item{}, false
	}
	s, g := unitSpan(p.today, u, min(c.val(cRel), 1))
	s, g = edgeOf(s, g, c.val(cEdge), p.today)
	return relative(fixedDays(s, g)), true
}

// ordLast is the value of "last" among the ordinals.
const ordLast = 99

func sayNth(p *parser, c *caps) (item, bool) {
	it := item{kind: kNth, n: c.val(cOrd), wk: -1, u: -1}
	if t, ok := c.get(cWday, 0); ok {
		it.wk = t.val
	} else if it.u = c.val(cUnit); it.u != uWeek && it.u != uDay && it.u != uWeekend {
		return it, false
	}
	return it, it.n >= 1
}

// sayNthThis: "the first Monday of the month", of the month that is or of a relative one.
func sayNthThis(p *parser, c *caps) (item, bool) {
	it, ok := sayNth(p, c)
	k := 0
	if it.wk < 0 {
		k = 1
	}
	t, has := c.get(cUnit, k)
	s, _ := unitSpan(p.today, t.val, 0)
	if y, ok := c.get(cYear, 0); ok {
		t.val, has, s = uYear, true, span{day(y.val, 1, 1), day(y.val+1, 1, 1)}
	}
	if !ok || !has || t.val <= uWeekend {
		return it, false
	}
	d, ok := it.nthOf(s)
	return dayItem(d), ok
}

// nthOf is the n-th weekday, day or week within s. A week belongs to the month that
// its Thursday lies in (ISO 8601).
func (it item) nthOf(s span) (days, bool) {
	step, first, last := civil(7), s.from, s.to
	switch {
	case it.wk >= 0:
		first = s.from + civil((it.wk-s.from.weekday()+7)%7)
	case it.u == uDay:
		step = 1
	case it.u == uWeekend:
		first = s.from + civil((6-s.from.weekday()+7)%7)
	default:
		first = (s.from + 3).monday()
		last = (s.to + 3).monday()
	}
	at := first + step*civil(it.n-1)
	if it.n == ordLast {
		at = first + (last-1-first)/step*step
	}
	if at >= last || at < first {
		return days{}, false
	}
	switch {
	case it.wk >= 0 || it.u == uDay:
		return oneDay(at), true
	case it.u == uWeekend:
		return fixedDays(span{at, at + 2}, Day), true
	}
	return fixedDays(span{at, at + 7}, Week), true
}

// sayOrdNum: "13th", which only its neighbours make a day.
func sayOrdNum(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cOrd, 0)
	return item{kind: kNum, n: t.val, bare: true, ordinal: true}, t.val >= 1 && t.val <= 31
}

// sayHalf: "Tuesday pm".
func sayHalf(p *parser, c *caps) (item, bool) {
	part := pMorning
	if c.val(cAmPm) == 2 {
		part = pAfternoon
	}
	return item{kind: kHalf, n: part}, true
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
	d.work = true
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
