package slots

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// at is an instant so many minutes after midnight of that Monday, UTC.
func at(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }

func between(from, to int) Interval { return Interval{at(from), at(to)} }

func drawIntervals(t *rapid.T, name string, atMost int) []Interval {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Interval {
		from := rapid.IntRange(-100, 1500).Draw(t, "from")
		return between(from, from+rapid.IntRange(0, 200).Draw(t, "minutes"))
	}), 0, atMost).Draw(t, name)
}

func covered(ivs []Interval, t time.Time) bool {
	return slices.ContainsFunc(ivs, func(iv Interval) bool { return !t.Before(iv.From) && t.Before(iv.To) })
}

func TestMerge(t *testing.T) {
	in := []Interval{between(60, 90), between(0, 30), between(30, 40), between(70, 80), between(50, 50), between(99, 95)}
	want := []Interval{between(0, 40), between(60, 90)}
	if got := Merge(in); !slices.Equal(got, want) {
		t.Errorf("Merge = %v, want %v", got, want)
	}
	if in[0] != between(60, 90) {
		t.Error("Merge changed its argument")
	}
}

// Union and Merge hold the same minutes as what they are made of, in disjoint stretches.
func TestUnionHoldsWhatTheListsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lists [][]Interval
		var all []Interval
		for range rapid.IntRange(0, 20).Draw(t, "lists") {
			list := drawIntervals(t, "list", 6)
			slices.SortFunc(list, byStart)
			lists, all = append(lists, list), append(all, list...)
		}
		got := Union([]Interval{between(-9999, -9998)}, lists...)[1:]
		if want := Merge(all); !slices.Equal(got, want) {
			t.Fatalf("Union = %v, Merge = %v", got, want)
		}
		for i := 1; i < len(got); i++ {
			if !got[i-1].To.Before(got[i].From) {
				t.Fatalf("%v and %v are not apart", got[i-1], got[i])
			}
		}
		for m := -100; m < 1700; m += 7 {
			if covered(got, at(m)) != covered(all, at(m)) {
				t.Fatalf("minute %d is wrong", m)
			}
		}
	})
}

// Free finds just what trying every start against every busy time finds.
func TestFreeAgreesWithTryingEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		busy := drawIntervals(t, "busy", 12)
		slices.SortFunc(busy, byStart)
		hours := Merge(drawIntervals(t, "hours", 4))
		length := time.Duration(rapid.IntRange(1, 90).Draw(t, "length")) * time.Minute
		step := time.Duration(rapid.IntRange(1, 70).Draw(t, "step")) * time.Minute
		var want []Interval
		for _, open := range hours {
			for from := open.From; !from.Add(length).After(open.To); from = from.Add(step) {
				iv := Interval{from, from.Add(length)}
				// A busy time without length blocks nothing that begins or ends at it, and
				// neither does one that lies at its edge.
				if !slices.ContainsFunc(busy, iv.Overlaps) {
					want = append(want, iv)
				}
			}
		}
		if got := Free(nil, busy, hours, length, step); !slices.Equal(got, want) {
			t.Fatalf("Free = %v\nwant   %v", got, want)
		}
	})
}

func TestFreeBetween(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	starts := func(hours, from, to string, busy ...Interval) string {
		t.Helper()
		var out []string
		for _, iv := range FreeBetween([]Interval{between(0, 1)}, busy, mustHours(t, hours), zone, nov(t, 24, from, zone.String()), nov(t, 24, to, zone.String()), 45*time.Minute, 30*time.Minute)[1:] {
			out = append(out, iv.From.In(zone).Format("15:04"))
		}
		return strings.Join(out, " ")
	}
	lunch := Interval{nov(t, 24, "10:10", zone.String()), nov(t, 24, "10:40", zone.String())}
	for _, tt := range []struct{ name, got, want string }{
		{"a whole day", starts("tue 09:00-12:00", "00:00", "23:00"), "09:00 09:30 10:00 10:30 11:00"},
		{"the grid is that of the hours", starts("tue 09:00-12:00", "09:10", "11:40"), "09:30 10:00 10:30"},
		{"hours off the half hour", starts("tue 09:10-12:00", "00:00", "23:00"), "09:10 09:40 10:10 10:40 11:10"},
		{"around something busy", starts("tue 09:00-12:00", "00:00", "23:00", lunch), "09:00 11:00"},
		{"over midnight", starts("daily 00:00-24:00", "22:10", "23:50"), "22:30 23:00"},
		{"no hours", starts("wed 09:00-12:00", "00:00", "23:00"), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestFreeBearsAnything(t *testing.T) {
	day := []Interval{between(0, 1440)}
	forever := []Interval{{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}}
	for _, tt := range []struct {
		name         string
		busy, hours  []Interval
		length, step time.Duration
		want         int
	}{
		{"nothing is busy", nil, day, time.Hour, time.Hour, 24},
		{"no hours", day, nil, time.Hour, time.Hour, 0},
		{"busy for ever", forever, day, time.Hour, time.Hour, 0},
		{"busy since ever", []Interval{{forever[0].From, at(720)}}, day, time.Hour, time.Hour, 12},
		{"busy until ever", []Interval{{at(720), forever[0].To}}, day, time.Hour, time.Hour, 12},
		{"no length", nil, day, 0, time.Hour, 0},
		{"no step", nil, day, time.Hour, 0, 0},
		{"a step that never ends", nil, day, time.Hour, 1<<63 - 1, 0},
		{"a length that never ends", nil, day, 1<<63 - 1, time.Hour, 0},
		{"an all-day event seen by the second", []Interval{between(1, 1439)}, day, time.Minute, time.Second, 2},
	} {
		if got := Free(nil, tt.busy, tt.hours, tt.length, tt.step); len(got) != tt.want {
			t.Errorf("%s: %d slots, want %d", tt.name, len(got), tt.want)
		}
	}
}

func TestSweepAllocatesNothing(t *testing.T) {
	busy, hours := fourWeeks(t, 1)
	other, _ := fourWeeks(t, 2)
	all, dst := make([]Interval, 0, 1024), make([]Interval, 0, 1024)
	week, err := ParseHours("mon-fri 09:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	zone := mustZone(t, "America/New_York")
	if n := testing.AllocsPerRun(100, func() {
		all = Union(all[:0], busy, other)
		dst = Free(dst[:0], all, hours, 45*time.Minute, 15*time.Minute)
		dst = HoursBetween(dst[:0], week, zone, hours[0].From, hours[0].From.Add(28*24*time.Hour))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
