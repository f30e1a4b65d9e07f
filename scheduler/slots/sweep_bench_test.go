package slots

import (
	"math/rand"
	"testing"
	"time"
)

// fourWeeks is the workload of the figures: 200 busy times over four weeks, and the
// office hours of those weeks in a zone that has summer time.
func fourWeeks(tb testing.TB, seed int64) (busy, hours []Interval) {
	tb.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		tb.Fatal(err)
	}
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, zone)
	week, err := ParseHours("mon-fri 09:00-17:00")
	if err != nil {
		tb.Fatal(err)
	}
	rnd := rand.New(rand.NewSource(seed))
	for range 200 {
		at := from.Add(time.Duration(rnd.Intn(28*24*4)) * 15 * time.Minute)
		busy = append(busy, Interval{at.UTC(), at.Add(time.Duration(1+rnd.Intn(8)) * 15 * time.Minute).UTC()})
	}
	return mergeInPlace(busy), HoursBetween(nil, week, zone, from, from.AddDate(0, 0, 28))
}

func BenchmarkFree(b *testing.B) {
	busy, hours := fourWeeks(b, 1)
	dst := make([]Interval, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = Free(dst[:0], busy, hours, 45*time.Minute, 15*time.Minute)
	}
	b.ReportMetric(float64(len(dst)), "slots")
}

func BenchmarkFreeFivePeople(b *testing.B) {
	var lists [5][]Interval
	var hours []Interval
	for i := range lists {
		lists[i], hours = fourWeeks(b, int64(i+1))
	}
	all, dst := make([]Interval, 0, 1024), make([]Interval, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		all = Union(all[:0], lists[:]...)
		dst = Free(dst[:0], all, hours, 45*time.Minute, 15*time.Minute)
	}
	b.ReportMetric(float64(len(dst)), "slots")
}
