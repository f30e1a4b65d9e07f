package when

// This file knows the days of the year that have a name.

// The days of the year that people name, for the vocabularies.
const (
	fChristmas = iota
	fChristmasEve
	fNewYear
	fNewYearsEve
	fThanksgiving
	fEaster
	fJuly4
	fLaborDay
	fMemorialDay
	fHalloween
	fValentines
	fMLK
	fEpiphany
)

// sayFeast is the next such day from today on, or the one of the year said.
func sayFeast(p *parser, c *caps) (item, bool) {
	if y, ok := c.get(cYear, 0); ok {
		return dayItem(oneDay(feast(c.val(cFeast), y.val))), true
	}
	at := feast(c.val(cFeast), p.today.year())
	if at < p.today {
		at = feast(c.val(cFeast), p.today.year()+1)
	}
	return dayItem(oneDay(at)), true
}

func feast(which, y int) civil {
	nth := func(n, wk, m int) civil {
		d, _ := item{wk: wk, n: n}.nthOf(monthSpan(y, m))
		return d.in.from
	}
	switch which {
	case fChristmas:
		return day(y, 12, 25)
	case fChristmasEve:
		return day(y, 12, 24)
	case fNewYear:
		return day(y, 1, 1)
	case fNewYearsEve:
		return day(y, 12, 31)
	case fThanksgiving:
		return nth(4, 4, 11)
	case fLaborDay:
		return nth(1, 1, 9)
	case fMemorialDay:
		return nth(ordLast, 1, 5)
	case fMLK:
		return nth(3, 1, 1)
	case fJuly4:
		return day(y, 7, 4)
	case fHalloween:
		return day(y, 10, 31)
	case fValentines:
		return day(y, 2, 14)
	case fEpiphany:
		return day(y, 1, 6)
	}
	return easter(y)
}

// easter is the Western Easter Sunday of year y (the anonymous Gregorian computus).
func easter(y int) civil {
	a, b, c := y%19, y/100, y%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return day(y, n/31, n%31+1)
}

// sayNewYear: "in the new year" is the coming January.
func sayNewYear(p *parser, c *caps) (item, bool) {
	return dayItem(fixedDays(monthSpan(p.today.year()+1, 1), Month)), true
}

// sayWeekdayOfFeast: "the Monday after Thanksgiving". Of after and before, the words
// name the one that the vocabulary calls so.
func sayWeekdayOfFeast(p *parser, c *caps) (item, bool) {
	it, _ := sayFeast(p, c)
	at, wk := it.day.in.from, civil(c.val(cWday))
	before := false
	for _, t := range p.toks[p.at+1].terms {
		before = before || t.class == cBefore
	}
	for _, t := range p.toks[min(p.at+2, len(p.toks)-1)].terms {
		before = before || t.class == cBefore
	}
	if before {
		return dayItem(oneDay(at - 1 - (civil((at-1).weekday())-wk+7)%7)), true
	}
	return dayItem(oneDay(at + 1 + (wk-civil((at+1).weekday())+7)%7)), true
}
