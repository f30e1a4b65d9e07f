package slots

import (
	"math"
	"sort"
	"time"
)

// A period is a stretch of instants, in seconds of Unix time, in which a zone keeps one
// offset from UTC, in seconds.
type period struct{ from, to, off int64 }

// A clock is a zone's wall clock. It remembers the last period that it was asked about,
// so that walking through time costs next to nothing.
type clock struct {
	zone *time.Location
	last period
}

// No zone was ever further from UTC than this, and no change of clocks larger than a day
// and a bit (the Philippines, Samoa, Kwajalein skipped or doubled a whole day).
const (
	maxOffset = 16 * 3600
	maxShift  = 27 * 3600
)

func newClock(zone *time.Location) *clock { return &clock{zone: zone} }

// at is the period that holds the instant. It may be shorter than the zone's own: whoever
// walks from period to period gets on all the same.
func (c *clock) at(unix int64) period {
	if c.last.from <= unix && unix < c.last.to {
		return c.last
	}
	start, end := time.Unix(unix, 0).In(c.zone).ZoneBounds()
	p := period{math.MinInt64 / 2, math.MaxInt64 / 2, c.offset(unix)}
	if !start.IsZero() {
		p.from = start.Unix()
	}
	if !end.IsZero() {
		p.to = end.Unix()
	}
	c.last = c.mend(p, unix)
	return c.last
}

func (c *clock) offset(unix int64) int64 {
	_, off := time.Unix(unix, 0).In(c.zone).Zone()
	return int64(off)
}

// mend sets the bounds right where ZoneBounds is not (Go 1.26): for zones that go on by a
// rule it answers, on the last day of leap years, with an end that is already past, and
// after the last change on record with the start of the rule's season, before that change.
func (c *clock) mend(p period, unix int64) period {
	const quarter = 15 * 60
	if p.to <= unix {
		p.to = unix - unix%quarter + quarter
	}
	if p.from > unix {
		p.from = unix
	}
	if p.from > math.MinInt64/2 && c.offset(p.from) != p.off {
		n := sort.Search(int(unix-p.from), func(n int) bool { return c.offset(p.from+int64(n)) == p.off })
		p.from += int64(n)
	}
	return p
}

// certain says that the wall clock shows the time of this instant once only.
func (c *clock) certain(unix int64) bool {
	p := c.at(unix)
	if unix-p.from > maxShift && p.to-unix > maxShift {
		return true
	}
	for q := c.at(unix - maxShift); ; q = c.at(q.to) {
		twin := unix + p.off - q.off // shows the same time if it lies within q
		if twin != unix && q.from <= twin && twin < q.to {
			return false
		}
		if q.to > unix+maxShift {
			return true
		}
	}
}

// steady says that the clock shows both ends of the stretch once only and does not change
// in between, so that nobody can read the time wrongly.
func (c *clock) steady(iv Interval) bool {
	from, to := iv.From.Unix(), iv.To.Unix()
	return c.at(from).off == c.at(to).off && c.certain(from) && c.certain(to)
}

// wallSpan appends the instants at which the wall clock shows a time in [w1, w2), given in
// seconds as if the zone were UTC. They are one stretch but where clocks change.
func (c *clock) wallSpan(dst []Interval, w1, w2 int64) []Interval {
	for p := c.at(w1 - maxOffset); ; p = c.at(p.to) {
		from, to := max(w1-p.off, p.from), min(w2-p.off, p.to)
		if from < to {
			dst = append(dst, Interval{time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()})
		}
		if p.to > w2+maxOffset {
			return dst
		}
	}
}

// HoursBetween appends to dst the instants between from and to that lie within the weekly
// hours, as the wall clock of zone shows them: sorted, joined where they touch, in UTC.
// An hour that a change of clocks skips has no instants; one that occurs twice has both.
// With room in dst it allocates nothing.
func HoursBetween(dst []Interval, h Hours, zone *time.Location, from, to time.Time) []Interval {
	c := clock{zone: zone}
	old := len(dst)
	last := DateOf(to, zone).AddDays(1)
	for day := DateOf(from, zone).AddDays(-1); !day.After(last); day = day.AddDays(1) {
		midnight := day.utc().Unix()
		for _, s := range h[day.Weekday()] {
			dst = c.wallSpan(dst, midnight+int64(s.From)*60, midnight+int64(s.To)*60)
		}
	}
	found := mergeInPlace(dst[old:])
	kept := found[:0]
	for _, iv := range found {
		if iv.From.Before(from) {
			iv.From = from.UTC()
		}
		if iv.To.After(to) {
			iv.To = to.UTC()
		}
		if iv.From.Before(iv.To) {
			kept = append(kept, iv)
		}
	}
	return dst[:old+len(kept)]
}
