package ical

import (
	"math/bits"
	"slices"
)

// expansion walks the instances of a rule. What it costs is bounded by steps, not by what
// the rule promises: one that jumps over years of history jumps in a step, and one that
// would still take too long gives up and says where.
type expansion struct {
	r     rule
	start wall
	steps int

	bases   []int64 // of the period at hand: its days, or its one beginning
	offsets []int64 // from each base
	chosen  []int   // by BYSETPOS, as indexes into bases × offsets
	left    int64   // instances that COUNT still allows; -1: any number

	dayKnown int // matches is the answer for this day
	matches  bool
}

// maxSteps is the work that one rule may take: some milliseconds.
const maxSteps = 150_000

// newExpansion fills in what the rule leaves to DTSTART (RFC 5545 3.3.10: "Information, not
// contained in the rule, necessary to determine the various recurrence instance start
// times and dates are derived from the Start Time").
func newExpansion(r *rule, start moment) *expansion {
	x := &expansion{r: *r, start: start.w, steps: maxSteps, dayKnown: -1 << 40}
	x.fillIn(start.w)
	if start.kind == isDay { // "MUST be ignored" (RFC 5545 3.3.10)
		x.r.hours, x.r.minutes, x.r.seconds = 0, 0, 0
	}
	x.times(start.w.second())
	return x
}

func (x *expansion) fillIn(start wall) {
	r := &x.r
	y, m, d := dateOf(start.day())
	noDay := r.monthDays == [2]uint32{} && r.weekdays == 0 && !r.numbered && !r.byYearDay
	switch {
	case r.freq == yearly && noDay && r.weeks != [2]uint64{}:
		r.weekdays = 1 << weekday(start.day())
	case r.freq == yearly && noDay:
		r.monthDays[0] = 1 << d
		if r.months == 0 {
			r.months = 1 << m
		}
	case r.freq == yearly && r.months == 0 && r.monthDays != [2]uint32{} && r.weeks == [2]uint64{} && !r.byYearDay:
		// The month is not in the rule, so DTSTART has it. Where DTSTART is no instance the
		// set is undefined (3.8.5.3): then every month counts, which is the most it can be.
		if r.matches(y, m, d, start.day()-dayNumber(y, 1, 1)+1, start.day()) {
			r.months = 1 << m
		}
	case r.freq == monthly && noDay:
		r.monthDays[0] = 1 << d
	case r.freq == weekly && noDay:
		r.weekdays = 1 << weekday(start.day())
	}
}

// times makes the offsets of the times within a period.
func (x *expansion) times(second int) {
	set := func(mask uint64, quickest frequency, own int) []int64 {
		if x.r.freq <= quickest { // such a period has one: where it begins
			return []int64{0}
		}
		if mask == 0 {
			return []int64{int64(own)}
		}
		var list []int64
		for ; mask != 0; mask &= mask - 1 {
			list = append(list, int64(bits.TrailingZeros64(mask)))
		}
		return list
	}
	hours := set(uint64(x.r.hours), hourly, second/hour)
	minutes := set(x.r.minutes, minutely, second/60%60)
	seconds := set(x.r.seconds, secondly, second%60)
	x.offsets = make([]int64, 0, len(hours)*len(minutes)*len(seconds))
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				x.offsets = append(x.offsets, h*hour+m*60+s)
			}
		}
	}
	x.steps -= len(x.offsets)
}

// walk yields the instances in [from, to] in order, until yield answers false. When it gives
// up it says at which instance; all before it were yielded.
func (x *expansion) walk(from, to wall, yield func(wall) bool) (at wall, gaveUp bool) {
	x.left = -1
	if x.r.count > 0 {
		x.left = x.r.count
	}
	from = max(from, x.start)
	if x.r.freq < daily {
		return x.walkClock(from, to, yield)
	}
	return x.walkDays(from, to, yield)
}

// walkDays goes through days, weeks, months or years.
func (x *expansion) walkDays(from, to wall, yield func(wall) bool) (wall, bool) {
	k := int64(0)
	switch near := x.periodOf(from.day()); {
	case x.left < 0:
		k = near
	case x.even() && near > 1: // each period but the first has as many instances
		x.fill(0)
		each := int64(len(x.bases) * len(x.offsets))
		used := each - int64(x.index(x.start)) + (near-1)*each
		if x.left -= used; x.left <= 0 {
			return 0, false
		}
		k = near
	}
	for ; ; k++ {
		first := x.fill(k)
		if first > to.day() {
			return 0, false
		}
		if x.steps -= 1 + len(x.bases)/16; x.steps < 0 {
			return max(from, wall(first)*day), true
		}
		if at, done, gaveUp := x.emit(from, to, yield); done {
			return at, gaveUp
		}
	}
}

// even says that all periods have the same number of instances: every INTERVALth day,
// whatever day it is, or weeks with fixed weekdays.
func (x *expansion) even() bool {
	return !x.r.byPosition && (x.r.freq == daily && !x.limitsDays() || x.r.freq == weekly && x.onlyWeekdays())
}

func (x *expansion) onlyWeekdays() bool {
	r := &x.r
	return r.months == 0 && !r.numbered && !r.byYearDay && r.monthDays == [2]uint32{} && r.weeks == [2]uint64{}
}

func (x *expansion) limitsDays() bool {
	r := &x.r
	return r.months != 0 || r.weekdays != 0 || r.numbered || r.byYearDay || r.monthDays != [2]uint32{} || r.weeks != [2]uint64{}
}

// periodOf is the number of the last period that begins on that day or before, at least 0.
func (x *expansion) periodOf(n int) int64 {
	y0, m0, _ := dateOf(x.start.day())
	y, m, _ := dateOf(n)
	far := int64(n - x.start.day())
	switch x.r.freq {
	case yearly:
		far = int64(y - y0)
	case monthly:
		far = int64((y-y0)*12 + m - m0)
	case weekly:
		far = floorDiv(int64(n-x.weekOf(x.start.day())), 7)
	}
	return max(0, far/x.r.interval)
}

func (x *expansion) weekOf(n int) int { return n - mod(weekday(n)-x.r.weekStart, 7) }

// fill makes the days of period k and answers with the first day that could be in it.
func (x *expansion) fill(k int64) (first int) {
	x.bases = x.bases[:0]
	far := int(k * x.r.interval)
	y, m, _ := dateOf(x.start.day())
	switch x.r.freq {
	case yearly:
		first = dayNumber(y+far, 1, 1)
		for m := 1; m <= 12; m++ {
			if x.r.months == 0 || x.r.months&(1<<m) != 0 {
				x.fillMonth(y+far, m)
			}
		}
	case monthly:
		months := y*12 + m - 1 + far
		y, m = floorDiv(months, 12), mod(months, 12)+1
		first = dayNumber(y, m, 1)
		if x.r.months == 0 || x.r.months&(1<<m) != 0 {
			x.fillMonth(y, m)
		}
	case weekly:
		first = x.weekOf(x.start.day()) + 7*far
		if x.onlyWeekdays() {
			for d := range 7 {
				if x.r.weekdays&(1<<((x.r.weekStart+d)%7)) != 0 {
					x.bases = append(x.bases, int64(first+d)*day)
				}
			}
			return first
		}
		for n := first; n < first+7; n++ {
			x.fillDay(n)
		}
	default:
		first = x.start.day() + far
		x.fillDay(first)
	}
	return first
}

func (x *expansion) fillDay(n int) {
	if !x.limitsDays() || x.onDay(n) {
		x.bases = append(x.bases, int64(n)*day)
	}
}

func (x *expansion) fillMonth(y, m int) {
	n := dayNumber(y, m, 1)
	yearDay, wd, named := n-dayNumber(y, 1, 1)+1, weekday(n), x.r.namedWeekdays()
	for d, long := 1, monthLength(y, m); d <= long; d++ {
		if named&(1<<wd) != 0 && x.r.matches(y, m, d, yearDay+d-1, n+d-1) {
			x.bases = append(x.bases, int64(n+d-1)*day)
		}
		if wd++; wd == 7 {
			wd = 0
		}
	}
}

// namedWeekdays are those that BYDAY names, by number or not; all when there is no BYDAY.
func (r *rule) namedWeekdays() uint8 {
	if r.weekdays == 0 && !r.numbered {
		return 1<<7 - 1
	}
	named := r.weekdays
	for wd, nth := range r.nth {
		if nth[0]|nth[1] != 0 {
			named |= 1 << wd
		}
	}
	return named
}

// onDay says whether the rule's BYMONTH to BYDAY allow that day.
func (x *expansion) onDay(n int) bool {
	if n != x.dayKnown {
		y, m, d := dateOf(n)
		x.dayKnown = n
		x.matches = (x.r.months == 0 || x.r.months&(1<<m) != 0) && x.r.matches(y, m, d, n-dayNumber(y, 1, 1)+1, n)
	}
	return x.matches
}

// matches is onDay without BYMONTH. All of the rule's parts are limits here; where RFC 5545
// says that a part expands, it is the days of the whole period that are limited.
func (r *rule) matches(y, m, d, yearDay, n int) bool {
	if r.monthDays != [2]uint32{} && r.monthDays[0]&(1<<d) == 0 && r.monthDays[1]&(1<<(monthLength(y, m)-d+1)) == 0 {
		return false
	}
	if r.byYearDay && !r.yearDays[0].has(yearDay) && !r.yearDays[1].has(yearLength(y)-yearDay+1) {
		return false
	}
	if r.weeks != [2]uint64{} && !r.inWeeks(n) {
		return false
	}
	if r.weekdays == 0 && !r.numbered {
		return true
	}
	wd := weekday(n)
	return r.weekdays&(1<<wd) != 0 || r.numbered && r.isNth(wd, y, m, d, yearDay)
}

// isNth: in a month, or in a year when there is no BYMONTH (RFC 5545 3.3.10, notes 1 and 2).
func (r *rule) isNth(wd, y, m, d, yearDay int) bool {
	front, back := (d-1)/7+1, (monthLength(y, m)-d)/7+1
	if r.freq == yearly && r.months == 0 {
		front, back = (yearDay-1)/7+1, (yearLength(y)-yearDay)/7+1
	}
	return r.nth[wd][0]&(1<<front) != 0 || r.nth[wd][1]&(1<<back) != 0
}

// inWeeks is BYWEEKNO: weeks begin on WKST, and week 1 is the first with four days in the year.
func (r *rule) inWeeks(n int) bool {
	begins := n - mod(weekday(n)-r.weekStart, 7)
	y, _, _ := dateOf(begins + 3)
	first, next := r.firstWeek(y), r.firstWeek(y+1)
	no := (begins-first)/7 + 1
	return r.weeks[0]&(1<<no) != 0 || r.weeks[1]&(1<<((next-first)/7-no+1)) != 0
}

func (r *rule) firstWeek(y int) int {
	fourth := dayNumber(y, 1, 4)
	return fourth - mod(weekday(fourth)-r.weekStart, 7)
}

// walkClock goes through hours, minutes or seconds.
func (x *expansion) walkClock(from, to wall, yield func(wall) bool) (wall, bool) {
	unit := [...]int64{secondly: 1, minutely: 60, hourly: hour}[x.r.freq]
	begin, step := floorDiv(int64(x.start), unit)*unit, unit*x.r.interval
	k := int64(0)
	near := max(0, floorDiv(int64(from)-begin, step))
	switch {
	case x.left < 0:
		k = near
	case !x.limitsDays() && !x.r.byPosition && !x.limitsClock() && near > 1:
		x.bases = append(x.bases[:0], begin)
		used := int64(len(x.offsets)-x.index(x.start)) + (near-1)*int64(len(x.offsets))
		if x.left -= used; x.left <= 0 {
			return 0, false
		}
		k = near
	}
	for {
		p := begin + k*step
		if p > int64(to) {
			return 0, false
		}
		if x.steps--; x.steps < 0 {
			return max(from, wall(p)), true
		}
		if skip := x.skip(p); skip > p {
			k = max(k+1, ceilDiv(skip-begin, step))
			continue
		}
		x.bases = append(x.bases[:0], p)
		if at, done, gaveUp := x.emit(from, to, yield); done {
			return at, gaveUp
		}
		k++
	}
}

// limitsClock says whether periods of the rule's frequency are limited by the time of day.
func (x *expansion) limitsClock() bool {
	return x.r.hours != 0 || x.r.freq <= minutely && x.r.minutes != 0 || x.r.freq == secondly && x.r.seconds != 0
}

// skip says where the search goes on when the period that begins at p is none of the rule's:
// at the next day, hour, minute or second that could be.
func (x *expansion) skip(p int64) int64 {
	n := floorDiv(p, day)
	if x.limitsDays() && !x.onDay(int(n)) {
		return (n + 1) * day
	}
	s := p - n*day
	if h := s / hour; x.r.hours != 0 && x.r.hours&(1<<h) == 0 {
		return n*day + nextBit(uint64(x.r.hours), h, 24)*hour
	}
	if m := s / 60 % 60; x.r.freq <= minutely && x.r.minutes != 0 && x.r.minutes&(1<<m) == 0 {
		return n*day + s/hour*hour + nextBit(x.r.minutes, m, 60)*60
	}
	if c := s % 60; x.r.freq == secondly && x.r.seconds != 0 && x.r.seconds&(1<<c) == 0 {
		return n*day + s/60*60 + nextBit(x.r.seconds, c, 60)
	}
	return p
}

// nextBit is the first bit after i that is set, or end.
func nextBit(mask uint64, i, end int64) int64 {
	if rest := mask >> i >> 1; rest != 0 {
		return i + 1 + int64(bits.TrailingZeros64(rest))
	}
	return end
}

// index is the place of the first of the period's instances that is not before w.
func (x *expansion) index(w wall) int {
	for i, base := range x.bases {
		if base+x.offsets[len(x.offsets)-1] < int64(w) {
			continue
		}
		at, _ := slices.BinarySearch(x.offsets, int64(w)-base)
		return i*len(x.offsets) + at
	}
	return len(x.bases) * len(x.offsets)
}

func (x *expansion) element(i int) wall {
	return wall(x.bases[i/len(x.offsets)] + x.offsets[i%len(x.offsets)])
}

// emit counts the instances of the period at hand and yields those in [from, to]. done says
// that there is no more to come.
func (x *expansion) emit(from, to wall, yield func(wall) bool) (at wall, done, gaveUp bool) {
	if x.r.byPosition {
		return x.emitChosen(from, to, yield)
	}
	size := len(x.bases) * len(x.offsets)
	first := x.index(x.start)
	if x.left >= 0 {
		size = int(min(int64(size), int64(first)+x.left))
		x.left -= int64(size - min(first, size))
	}
	for i := max(first, x.index(from)); i < size; i++ {
		w := x.element(i)
		if w > to {
			return 0, true, false
		}
		if x.steps--; x.steps < 0 {
			return w, true, true
		}
		if !yield(w) {
			return 0, true, false
		}
	}
	return 0, x.left == 0, false
}

// emitChosen is emit for BYSETPOS, which picks from the whole period, also from before DTSTART.
func (x *expansion) emitChosen(from, to wall, yield func(wall) bool) (at wall, done, gaveUp bool) {
	size := len(x.bases) * len(x.offsets)
	x.chosen = x.chosen[:0]
	for n := 1; n <= min(size, 366); n++ {
		if x.r.positions[0].has(n) {
			x.chosen = append(x.chosen, n-1)
		}
		if x.r.positions[1].has(n) {
			x.chosen = append(x.chosen, size-n)
		}
	}
	slices.Sort(x.chosen)
	x.chosen = slices.Compact(x.chosen)
	x.steps -= min(size, 366) / 16
	for _, i := range x.chosen {
		w := x.element(i)
		if w < x.start {
			continue
		}
		if x.left == 0 || w > to {
			return 0, true, false
		}
		if x.left > 0 {
			x.left--
		}
		if w < from {
			continue
		}
		if x.steps--; x.steps < 0 {
			return w, true, true
		}
		if !yield(w) {
			return 0, true, false
		}
	}
	return 0, x.left == 0, false
}

// endsBy is a time after which the rule has no instance; forever when that is not known
// without walking it.
func (r *rule) endsBy(start wall) wall {
	if r.ends {
		return r.until.w + 2*day // whatever zones are in play
	}
	unit := int64(0)
	switch plain := !r.byPosition && r.months == 0 && r.weeks == [2]uint64{} && !r.byYearDay; {
	case !plain || r.count == 0 || r.count > 1<<20 || r.interval > 1<<20:
	case r.freq == daily && r.weekdays == 0 && r.monthDays == [2]uint32{}:
		unit = day
	case r.freq == weekly && r.monthDays == [2]uint32{}:
		unit = 7 * day
	case r.freq == monthly && r.everyMonth(start):
		unit = 31 * day
	}
	if unit == 0 {
		return wall(forever)
	}
	return start + wall((r.count+1)*r.interval*unit) + day
}

// everyMonth says that no month is without an instance.
func (r *rule) everyMonth(start wall) bool {
	const to28 = 1<<29 - 1
	switch {
	case r.monthDays != [2]uint32{}:
		return r.weekdays == 0 && !r.numbered && (r.monthDays[0]|r.monthDays[1])&to28 != 0
	case r.weekdays != 0:
		return true
	case r.numbered:
		for _, of := range r.nth {
			if (of[0]|of[1])&(1<<5-1) != 0 {
				return true
			}
		}
		return false
	}
	_, _, d := dateOf(start.day())
	return d <= 28
}
