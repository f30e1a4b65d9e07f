package when

func halfOf(c *caps) int {
	if t, ok := c.get(cAmPm, 0); ok {
		return t.val
	}
	if t, ok := c.get(cAP, 0); ok {
		return t.val
	}
	return 0
}

// sayClock: "14:30", "2:30 pm".
func sayClock(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cClock, 0)
	k := clock{set: true, sec: t.val, minute: true, half: halfOf(c)}
	switch h := t.val / 3600; {
	case k.half != 0 && h > 12:
		if k.half == 1 || h > 23 {
			return item{}, false
		}
		k.half = 3
	case k.half == 0 && t.zeroed:
		k.half = 3
	}
	if k.sec == 24*3600 {
		k.sec, k.half, k.night = 0, 3, true
	}
	return item{kind: kClock, clk: k, bare: t.soft && halfOf(c) == 0}, true
}

// sayHour: "2pm".
func sayHour(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cNum, 0)
	half := halfOf(c)
	if t.val > 12 && (half == 1 || t.val > 23 || !t.spelt && !t.zeroed && t.val > 12) || t.val == 0 && half == 2 {
		return item{}, false
	}
	k := clock{set: true, sec: t.val * 3600, half: half}
	if m, ok := c.get(cNum, 1); ok {
		if m.val > 59 || !m.spelt || !t.spelt {
			return item{}, false // "week 10 8 p.m."
		}
		k.sec, k.minute = k.sec+m.val*60, true
	}
	if t.val > 12 {
		k.half = 3
	}
	return item{kind: kClock, clk: k}, true
}

// sayBareHour: a number that words make an hour, if what follows agrees: "las tres".
func sayBareHour(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cNum, 0)
	it := numItem(t)
	it.kind, it.bare, it.lone, it.worded = kClock, false, true, false
	return it, t.val <= 24
}

// sayOne: "a la una"; with another number the article names something else.
func sayOne(p *parser, c *caps) (item, bool) {
	it, ok := sayBareHour(p, c)
	return it, ok && it.n == 1
}

func sayHourAP(p *parser, c *caps) (item, bool) {
	it, ok := sayHour(p, c)
	it.bare = true
	return it, ok
}

func sayOclock(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cNum, 0)
	return item{kind: kClock, clk: clock{set: true, sec: t.val * 3600, half: max(halfOf(c), half24(t))}}, t.val <= 24
}

// sayHHMM: "14h30", "15h". An hour written with an h is of the 24-hour clock.
func sayHHMM(p *parser, c *caps) (item, bool) {
	h, _ := c.get(cNum, 0)
	k := clock{set: true, sec: h.val * 3600, half: max(half24(h), halfOf(c))}
	if m, ok := c.get(cNum, 1); ok {
		if m.val > 59 {
			return item{}, false
		}
		k.sec, k.minute = k.sec+m.val*60, true
	}
	return item{kind: kClock, clk: k}, h.val < 25 && !h.spelt
}

// sayBig: "730pm", "1430 hrs".
func sayBig(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cBig, 0)
	k := clock{set: true, sec: t.val/100*3600 + t.val%100*60, minute: true, half: halfOf(c)}
	if k.half != 0 && t.val/100 > 12 || t.val%100 > 59 || t.val/100 > 23 {
		return item{}, false
	}
	if k.half == 0 && t.val >= 1900 && t.val < 2200 {
		return item{}, false // a year
	}
	if k.half == 0 && (t.zeroed || t.val >= 1300) {
		k.half = 3
	}
	return item{kind: kClock, clk: k, bare: halfOf(c) == 0, figures: true}, true
}

// sayHourMinute: "ten thirty", in words.
func sayHourMinute(p *parser, c *caps) (item, bool) {
	h, _ := c.get(cNum, 0)
	m, _ := c.get(cNum, 1)
	k := clock{set: true, sec: h.val*3600 + m.val*60, minute: true, half: max(halfOf(c), half24(h))}
	ok := h.spelt && m.spelt && h.val >= 1 && h.val <= 23 && m.val >= 10 && m.val < 60
	return item{kind: kClock, clk: k, bare: halfOf(c) == 0}, ok
}

// sayBigHours: "1600 hours".
func sayBigHours(p *parser, c *caps) (item, bool) {
	it, ok := sayBig(p, c)
	it.bare, it.lone = false, true
	return it, ok
}

// sayHalfOf: "half five" is half past it, as the British say.
func sayHalfOf(p *parser, c *caps) (item, bool) {
	t, _ := c.get(cNum, 0)
	it, ok := hourPlus(c, 30)
	it.lone = true
	return it, ok && t.val >= 1 && t.val <= 12
}

// sayClockHours: "18.30h", which no version or price is.
func sayClockHours(p *parser, c *caps) (item, bool) {
	it, ok := sayClock(p, c)
	it.bare = false
	return it, ok
}

// hourOf is the hour captured: a number or noon.
func hourOf(c *caps, k int) (clock, bool) {
	if t, ok := c.get(cNoon, 0); ok {
		return clock{set: true, sec: t.val % 1440 * 60, half: 3, minute: true}, true
	}
	t, ok := c.get(cNum, k)
	return clock{set: true, sec: t.val * 3600, half: max(halfOf(c), half24(t)), minute: true}, ok && t.val <= 24
}

func hourPlus(c *caps, minutes int) (item, bool) {
	k, ok := hourOf(c, 0)
	return item{kind: kClock, clk: k.plus(minutes)}, ok
}

// plus adds minutes; a quarter to one is in the twelve o'clock hour.
func (c clock) plus(minutes int) clock {
	c.sec += minutes * 60
	if c.sec < 3600 && minutes < 0 && c.half != 3 {
		c.sec += 12 * 3600
	}
	if c.sec < 0 {
		c.sec += 24 * 3600
	}
	return c
}

// minutesOf: "twenty past three" with hour 0, "las tres y veinte" with hour 1: the
// place of the minutes among the numbers.
func (p *parser) minutesOf(c *caps, at, sign int) (item, bool) {
	m, ok := c.get(cNum, at)
	if h, _ := c.get(cNum, 0); at == 1 && !m.spelt && !h.spelt && p.toks[p.at].kind == tokNumber {
		return item{}, false // "3 y 12 de mayo"
	}
	if p.at > 0 && at == 1 && p.means(p.at-1, cBetween) {
		return item{}, false // "entre las 5 y las 6"
	}
	if at == 1 && !m.spelt && m.val < 10 && !m.zeroed {
		return item{}, false // "las 5 y 6"
	}
	k, good := hourOf(c, 1-at)
	return item{kind: kClock, clk: k.plus(sign * m.val)}, ok && good && m.val >= 1 && m.val < 60
}

// sayTo: "ten to five". In figures, and after "from", it is a range of hours.
func sayTo(p *parser, c *caps) (item, bool) {
	m, _ := c.get(cNum, 0)
	if !m.spelt && m.val <= 12 || m.val%5 != 0 {
		return item{}, false
	}
	if p.at > 0 {
		for _, t := range p.toks[p.at-1].terms {
			if t.class == cFrom || t.class == cBetween {
				return item{}, false
			}
		}
	}
	return p.minutesOf(c, 0, -1)
}

func sayNoon(p *parser, c *caps) (item, bool) {
	v := c.val(cNoon)
	if v >= 24*60 {
		return item{kind: kClock, clk: clock{set: true, half: 3, night: true}}, true
	}
	return item{kind: kClock, clk: clock{set: true, sec: v * 60, half: 3}}, true
}

// sayRelPart: "this morning", "last night", as days with a part.
func sayRelPart(p *parser, c *caps) (item, bool) {
	rel := c.val(cRel)
	if rel == 1 || rel == relComing {
		return item{}, false
	}
	it := relative(oneDay(p.today + civil(rel)))
	it.n = c.val(cPart) + 1
	return it, true
}

func zoneItem(c *caps) (item, bool) {
	t, ok := c.get(cZone, 0)
	if !ok {
		t, _ = c.get(cCity, 0)
	}
	z := zoneAt(t.val)
	if z == nil {
		return item{}, false
	}
	return item{kind: kZone, zone: z}, true
}

// sayEdgePart: "late Thursday afternoon".
func sayEdgePart(p *parser, c *caps) (item, bool) {
	part, _ := c.get(cPart, 0)
	which := edgeMid
	switch p.text[p.toks[p.at].start] | 0x20 {
	case 'e':
		which = edgeStart
	case 'l':
		which = edgeEnd
	}
	narrower, ok := edgeParts[[2]int{part.val, which}]
	if !ok {
		return item{}, false
	}
	var it item
	if t, weekday := c.get(cWday, 0); weekday {
		it = dayItem(days{set: true, wk: t.val, many: t.many, grain: Day})
	} else {
		it = relative(oneDay(p.today + civil(c.val(cDay))))
	}
	it.n = narrower + 1
	return it, true
}

// edgeParts are the early and late ends of parts of the day.
var edgeParts = map[[2]int]int{
	{pMorning, edgeStart}: pEarlyMorning, {pMorning, edgeMid}: pLateMorning, {pMorning, edgeEnd}: pLateMorning,
	{pAfternoon, edgeStart}: pEarlyAfternoon, {pAfternoon, edgeMid}: pLateAfternoon, {pAfternoon, edgeEnd}: pLateAfternoon,
	{pEvening, edgeStart}: pEarlyEvening, {pEvening, edgeEnd}: pLateNight, {pNight, edgeEnd}: pLateNight,
}

// edgeOfDay: "end of tomorrow", "early Tuesday".
func (p *parser) edgeOfDay(d days, which int) (item, bool) {
	it := dayItem(d)
	it.n = [...]int{edgeStart: pMorning, edgeMid: pLunch, edgeEnd: pEndOfDay, edgeRest: pAllDay, edgeAll: pAllDay}[which] + 1
	return it, true
}
