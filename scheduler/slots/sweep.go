package slots

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"
)

// Merge sorts the intervals and joins those that overlap or touch. Empty and reversed ones
// are left out. The argument stays as it is.
func Merge(ivs []Interval) []Interval {
	return mergeInPlace(slices.Clone(ivs))
}

func mergeInPlace(ivs []Interval) []Interval {
	if !slices.IsSortedFunc(ivs, byStart) {
		slices.SortFunc(ivs, byStart)
	}
	out := ivs[:0]
	for _, iv := range ivs {
		if !iv.From.Before(iv.To) {
			continue
		}
		if n := len(out); n > 0 && !iv.From.After(out[n-1].To) {
			if iv.To.After(out[n-1].To) {
				out[n-1].To = iv.To
			}
			continue
		}
		out = append(out, iv)
	}
	return out
}

func byStart(a, b Interval) int {
	return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To))
}

// Free appends to dst every stretch of the given length that lies within one of the hours
// and touches no busy time, where starts are tried every step from the beginning of each
// stretch of hours. The results are in order and may overlap one another.
//
// hours and busy are instants sorted by From (as HoursBetween, Merge and Union give them);
// busy times may overlap one another. With room in dst it allocates nothing. A length or
// step of 0 or less, or of over a year, finds nothing.
func Free(dst []Interval, busy, hours []Interval, length, step time.Duration) []Interval {
	const year = 366 * 24 * time.Hour
	if length <= 0 || step <= 0 || length > year || step > year {
		return dst
	}
	i := 0
	for _, open := range hours {
		// Nanoseconds are compared, as they cost a fifth of what time.Time does.
		origin := nanos(open.From)
		at, last := origin, nanos(open.To)-int64(length)
		for at <= last {
			for i < len(busy) && nanos(busy[i].To) <= at {
				i++
			}
			until := last // the last start before the next busy time
			if i < len(busy) {
				until = min(until, nanos(busy[i].From)-int64(length))
			}
			if at > until {
				end := nanos(busy[i].To)
				if end > last {
					break
				}
				at += stepsUntil(end-at, int64(step))
				continue
			}
			n := int((until-at)/int64(step)) + 1
			dst = slices.Grow(dst, n)
			run := dst[len(dst) : len(dst)+n]
			from := open.From.Add(time.Duration(at - origin))
			for k := range run {
				run[k].From, run[k].To = from, from.Add(length)
				from = from.Add(step)
			}
			dst, at = dst[:len(dst)+n], at+int64(n)*int64(step)
		}
	}
	return dst
}

// FreeBetween appends to dst every free stretch of the length between from and to, as Free
// does, within the weekly hours of zone. The grid of starts begins with the hours, not at
// from: hours from 09:00 have starts at 09:00, 09:15, …, whenever the search begins. Hours
// that go on over midnight are one stretch, whose grid begins at a midnight before from.
func FreeBetween(dst, busy []Interval, h Hours, zone *time.Location, from, to time.Time, length, step time.Duration) []Interval {
	midnight := DateOf(from, zone).AddDays(-1).At(0, zone)
	hours := HoursBetween(nil, h, zone, midnight, to)
	old := len(dst)
	dst = Free(dst, busy, hours, length, step)
	first := old + sort.Search(len(dst)-old, func(i int) bool { return !dst[old+i].From.Before(from) })
	return slices.Delete(dst, old, first)
}

// nanos is t in nanoseconds of Unix time; what lies centuries away is as far as they reach.
func nanos(t time.Time) int64 {
	const farthest = 4.5e9 // seconds: years 1827 to 2112, so that differences do not overflow
	s := t.Unix()
	if s < -farthest || s > farthest {
		return max(-farthest, min(s, farthest)) * 1e9
	}
	return s*1e9 + int64(t.Nanosecond())
}

// stepsUntil is the least multiple of step that is at least d, for a positive d.
func stepsUntil(d, step int64) int64 {
	if d <= step {
		return step
	}
	return (d + step - 1) / step * step
}

// Union appends to dst the time that is in any of the lists, merged. Each list is sorted
// by From; its intervals may overlap. With room in dst, and for up to 16 lists, it allocates nothing.
func Union(dst []Interval, lists ...[]Interval) []Interval {
	var room [16]head
	heads := room[:0]
	for _, list := range lists {
		if len(list) > 0 {
			heads = append(heads, head{nanos(list[0].From), list})
		}
	}
	old := len(dst)
	end := int64(math.MinInt64) // of the last interval in dst
	for len(heads) > 0 {
		best := 0
		for k := 1; k < len(heads); k++ {
			if heads[k].from < heads[best].from {
				best = k
			}
		}
		h := &heads[best]
		iv, to := &h.rest[0], nanos(h.rest[0].To)
		switch {
		case to <= h.from: // empty
		case len(dst) > old && h.from <= end:
			if to > end {
				dst[len(dst)-1].To, end = iv.To, to
			}
		default:
			dst, end = append(dst, *iv), to
		}
		if h.rest = h.rest[1:]; len(h.rest) > 0 {
			h.from = nanos(h.rest[0].From)
		} else {
			heads[best] = heads[len(heads)-1]
			heads = heads[:len(heads)-1]
		}
	}
	return dst
}

// A head is what is left of a list, and when its first interval begins.
type head struct {
	from int64
	rest []Interval
}
