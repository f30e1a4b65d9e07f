package when

import "time"

// civil is a day of the calendar as a count of days since 1 January 1970.
type civil int

// span is the days from from up to, not with, to.
type span struct{ from, to civil }

func day(y, m, d int) civil {
	return civil(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func civilOf(t time.Time) civil {
	y, m, d := t.Date()
	return day(y, int(m), d)
}

func (c civil) utc() time.Time { return time.Unix(int64(c)*24*60*60, 0).UTC() }
func (c civil) year() int      { return c.utc().Year() }
func (c civil) month() int     { return int(c.utc().Month()) }
func (c civil) dom() int       { return c.utc().Day() }
func (c civil) weekday() int   { return int(c.utc().Weekday()) }

// monday is the first day of c's week (ISO 8601).
func (c civil) monday() civil { return c - civil((c.weekday()+6)%7) }

// addMonths keeps the day of the month, or takes the last one where it does not exist.
func (c civil) addMonths(n int) civil {
	y, m, d := c.utc().Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return civilOf(first) + civil(min(d, daysIn(first.Year(), int(first.Month())))) - 1
}

// at is the instant of seconds after midnight by the wall clock of zone: 24 h is the
// next day's midnight, and hours that a change of clocks skips or repeats are as
// time.Date has them.
func (c civil) at(seconds int, zone *time.Location) time.Time {
	y, m, d := c.utc().Date()
	return time.Date(y, m, d, 0, 0, seconds, 0, zone)
}

func daysIn(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func exists(y, m, d int) bool { return m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m) }

// monthSpan is the month m of year y; m may lie outside 1 to 12.
func monthSpan(y, m int) span { return span{day(y, m, 1), day(y, m+1, 1)} }

// unitSpan is the unit that c lies in, n units later.
func unitSpan(c civil, u unit, n int) (span, Grain) {
	switch u {
	case uDay:
		return span{c + civil(n), c + civil(n) + 1}, Day
	case uWeek:
		f := c.monday() + civil(7*n)
		return span{f, f + 7}, Week
	case uFortnight:
		f := c.monday() + civil(14*n)
		return span{f, f + 14}, Week
	case uWorkweek:
		f := c.monday() + civil(7*n)
		return span{f, f + 5}, Week
	case uWeekend:
		f := c.monday() + civil(7*n) + 5
		return span{f, f + 2}, Day
	case uQuarter:
		m := (c.month()-1)/3*3 + 1 + 3*n
		return span{day(c.year(), m, 1), day(c.year(), m+3, 1)}, Month
	case uYear:
		return span{day(c.year()+n, 1, 1), day(c.year()+n+1, 1, 1)}, Month
	}
	return monthSpan(c.year(), c.month()+n), Month
}

// shift is c moved by n units.
func (c civil) shift(n int, u unit) civil {
	switch u {
	case uWeek, uWeekend, uWorkweek:
		return c + civil(7*n)
	case uFortnight:
		return c + civil(14*n)
	case uMonth:
		return c.addMonths(n)
	case uQuarter:
		return c.addMonths(3 * n)
	case uYear:
		return c.addMonths(12 * n)
	}
	return c + civil(n)
}

// edgeOf is a part of a stretch: the first, middle or last third, or what is left of
// it from today on. Of a week it is Monday to Wednesday, Tuesday to Friday, Friday to
// Sunday; of a month it is about ten days.
func edgeOf(s span, g Grain, which int, today civil) (span, Grain) {
	length := s.to - s.from
	switch which {
	case edgeRest:
		return span{max(s.from, today), s.to}, Day
	case edgeAll:
		return s, g
	}
	switch {
	case length == 7:
		return [...]span{{s.from, s.from + 3}, {s.from + 1, s.from + 5}, {s.to - 3, s.to}}[which], Day
	case length < 7:
		return s, g
	case length <= 31:
		return [...]span{{s.from, s.from + 10}, {s.from + 10, s.from + 20}, {s.from + 20, s.to}}[which], Day
	}
	months := (s.to.year()-s.from.year())*12 + s.to.month() - s.from.month()
	a, z := s.from.addMonths(months/4), s.from.addMonths(months-months/3)
	return [...]span{{s.from, a}, {a, z}, {z, s.to}}[which], Month
}
