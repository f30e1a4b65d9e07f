package when

import "time"

// A meaning turns captured terms into an item, or says that they mean nothing.
type meaning struct {
	rank int
	say  func(p *parser, c *caps) (item, bool)
}

// meanings are what the patterns of every language may say, made anew for each language.
func meanings() map[string]func(p *parser, c *caps) (item, bool) {
	return map[string]func(p *parser, c *caps) (item, bool){
		"day": func(p *parser, c *caps) (item, bool) { return relative(oneDay(p.today + civil(c.val(cDay)))), true },
		"day+7": func(p *parser, c *caps) (item, bool) {
			return relative(oneDay(p.today + 7 + civil(c.val(cDay)))), c.val(cDay) >= 0
		},
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
		"month":        sayMonth,
		"relmonth":     sayRelMonth,
		"date":         sayDate,
		"longdate":     sayDate,
		"numdate":      sayNumDate,
		"dom":          sayDom,
		"relunit":      sayRelUnit,
		"in both":      func(p *parser, c *caps) (item, bool) { return p.offsetBoth(c, 1) },
		"ago both":     func(p *parser, c *caps) (item, bool) { return p.offsetBoth(c, -1) },
		"for":          sayFor,
		"numrel":       sayNumRel,
		"weekend":      sayWeekend,
		"later":        func(p *parser, c *caps) (item, bool) { return p.sooner(c, 1) },
		"earlier":      func(p *parser, c *caps) (item, bool) { return p.sooner(c, -1) },
		"half later":   func(p *parser, c *caps) (item, bool) { return p.halfSooner(1) },
		"half earlier": func(p *parser, c *caps) (item, bool) { return p.halfSooner(-1) },
		"in":           func(p *parser, c *caps) (item, bool) { return p.offset(c, 1) },
		"ago":          func(p *parser, c *caps) (item, bool) { return p.offset(c, -1) },
		"within":       sayWithin,
		"half hour":    func(p *parser, c *caps) (item, bool) { return p.instant(p.now.Add(30*time.Minute), Minute), true },
		"shift":        sayShift,
		"edge":         func(p *parser, c *caps) (item, bool) { return item{kind: kEdge, n: c.val(cEdge)}, true },
		"edge part":    sayEdgePart,
		"edge this":    sayEdgeThis,
		"nth":          sayNth,
		"nth this":     sayNthThis,
		"week of":      func(p *parser, c *caps) (item, bool) { return item{kind: kWeekOf}, true },
		"clock":        sayClock,
		"hour":         sayHour,
		"atclock":      sayBareHour,
		"hour ap":      sayHourAP,
		"oclock":       sayOclock,
		"hhmm":         sayHHMM,
		"big":          sayBig,
		"big hours":    sayBigHours,
		"spelt":        sayHourMinute,
		"half of":      sayHalfOf,
		"clock hours":  sayClockHours,
		"wday+14":      func(p *parser, c *caps) (item, bool) { return dayItem(oneDay(p.coming(c.val(cWday)) + 14)), true },
		"half past":    func(p *parser, c *caps) (item, bool) { return hourPlus(c, 30) },
		"quarter":      func(p *parser, c *caps) (item, bool) { return hourPlus(c, 15) },
		"quarter to":   func(p *parser, c *caps) (item, bool) { return hourPlus(c, -15) },
		"past":         func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 0, 1) },
		"to":           sayTo,
		"minutes to":   func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 0, -1) },
		"hour past":    func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 1, 1) },
		"hour less":    func(p *parser, c *caps) (item, bool) { return p.minutesOf(c, 1, -1) },
		"noon":         sayNoon,
		"part":         func(p *parser, c *caps) (item, bool) { t, _ := c.get(cPart, 0); return partItem(t), true },
		"relpart":      sayRelPart,
		"zone":         func(p *parser, c *caps) (item, bool) { return zoneItem(c) },
		"ordnum":       sayOrdNum,
		"half":         sayHalf,
		"dom of":       sayDomOf,
		"wdayrel":      sayWeekdayRel,
		"after rel":    sayAfterRel,
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
		"letters":      sayLetters,
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
	rel, _ := c.get(cRel, 0)
	return it, ok && rel.val != 0 && !rel.many // "el viernes pasadas las 4"
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
	if m, _ := c.get(cMonth, 0); !ok || t.class == cOrd && t.val == ordLast || m.weak && t.class == cNum && t.spelt && t.val == 1 {
		return item{}, false // "one may ask", "next one March 9"
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
	} else if it.u = c.val(cUnit); it.u != uWeek && it.u != uDay && it.u != uWeekend && it.u != uMonth && it.u != uQuarter {
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
	if it.wk < 0 && (it.u == uMonth || it.u == uQuarter) {
		return it.monthsOf(s)
	}
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

// monthsOf is the n-th month or quarter within s.
func (it item) monthsOf(s span) (days, bool) {
	size := 1
	if it.u == uQuarter {
		size = 3
	}
	from := s.from.addMonths(size * (it.n - 1))
	if it.n == ordLast {
		from = s.to.addMonths(-size)
	}
	to := from.addMonths(size)
	return fixedDays(span{from, to}, Month), from >= s.from && to <= s.to
}
