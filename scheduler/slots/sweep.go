package slots

import (
	"cmp"
	"slices"
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
// step of 0 or less finds nothing.
func Free(dst []Interval, busy, hours []Interval, length, step time.Duration) []Interval {
	if length <= 0 || step <= 0 {
		return dst
	}
	i := 0
	for _, open := range hours {
		from, to := open.From, open.From.Add(length)
		for !to.After(open.To) {
			for i < len(busy) && !busy[i].To.After(from) {
				i++
			}
			if i < len(busy) && busy[i].From.Before(to) {
				jump := stepsUntil(busy[i].To.Sub(from), step)
				from, to = from.Add(jump), to.Add(jump)
				continue
			}
			dst = append(dst, Interval{from, to})
			from, to = from.Add(step), to.Add(step)
		}
	}
	return dst
}

// stepsUntil is the least multiple of step that is at least d, for a positive d.
func stepsUntil(d, step time.Duration) time.Duration {
	if d <= step {
		return step
	}
	return (d + step - 1) / step * step
}

// Union appends to dst the time that is in any of the lists, merged. Each list is sorted
// by From; its intervals may overlap. With room in dst, and for up to 16 lists, it allocates nothing.
func Union(dst []Interval, lists ...[]Interval) []Interval {
	var room [16]int
	next := room[:0]
	if len(lists) > len(room) {
		next = make([]int, 0, len(lists))
	}
	next = next[:len(lists)]
	old := len(dst)
	for {
		best := -1
		for k, list := range lists {
			if next[k] < len(list) && (best < 0 || list[next[k]].From.Before(lists[best][next[best]].From)) {
				best = k
			}
		}
		if best < 0 {
			return dst
		}
		iv := lists[best][next[best]]
		next[best]++
		if !iv.From.Before(iv.To) {
			continue
		}
		if n := len(dst); n > old && !iv.From.After(dst[n-1].To) {
			if iv.To.After(dst[n-1].To) {
				dst[n-1].To = iv.To
			}
			continue
		}
		dst = append(dst, iv)
	}
}
