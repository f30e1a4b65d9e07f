package slots

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// lines writes what Find answers: "Tue 24 Nov 12:00", in the organizer's zone.
func lines(t testing.TB, r Request) (out []string) {
	t.Helper()
	found, err := Find(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found {
		out = append(out, s.From.In(r.Organizer.Zone).Format("Mon 2 Jan 15:04"))
	}
	return out
}

func TestFind(t *testing.T) {
	const ny = "America/New_York"
	whole := func(day int) Busy {
		return Busy{Interval: Interval{nov(t, day, "00:00", ny), nov(t, day, "23:59", ny)}}
	}
	for _, tt := range []struct {
		name string
		rule func(*Request)
		want []string
	}{
		{"an empty calendar: three days and both halves of the day, this week", nil,
			[]string{"Mon 23 Nov 09:00", "Wed 25 Nov 12:00", "Fri 27 Nov 10:00"}},
		{"with a day's notice", func(r *Request) { r.Notice = 24 * time.Hour },
			[]string{"Tue 24 Nov 09:00", "Thu 26 Nov 12:00", "Fri 27 Nov 10:00"}},
		{"evenings too: morning, afternoon and evening", func(r *Request) { r.Organizer.Hours = mustHours(t, "daily 09:00-21:00") },
			[]string{"Mon 23 Nov 09:00", "Wed 25 Nov 12:00", "Fri 27 Nov 17:00"}},
		{"only one day left this week: one slot there, the others later", func(r *Request) {
			r.Organizer.Busy = []Busy{whole(23), whole(24), whole(26), whole(27)}
		}, []string{"Wed 25 Nov 09:00", "Mon 30 Nov 12:00", "Thu 3 Dec 10:00"}},
		{"nothing this week", func(r *Request) {
			r.Organizer.Busy = []Busy{whole(23), whole(24), whole(25), whole(26), whole(27)}
		}, []string{"Mon 30 Nov 09:00", "Wed 2 Dec 12:00", "Fri 4 Dec 10:00"}},
		{"round hours, where there are any", func(r *Request) {
			r.Organizer.Hours = mustHours(t, "mon 09:15-10:45")
			r.Count = 1
		}, []string{"Mon 23 Nov 10:00"}},
		{"one, two, five", func(r *Request) { r.Count = 5 },
			[]string{"Mon 23 Nov 09:00", "Tue 24 Nov 13:00", "Wed 25 Nov 12:00", "Thu 26 Nov 11:00", "Fri 27 Nov 10:00"}},
		{"fewer than asked for", func(r *Request) { r.Organizer.Hours = mustHours(t, "fri 16:15-17:00"); r.To = nov(t, 28, "00:00", ny) },
			[]string{"Fri 27 Nov 16:30"}},
		{"none", func(r *Request) { r.Organizer.Busy = []Busy{{Interval: Interval{r.Now, r.To}}} }, nil},
		{"just what they asked for", func(r *Request) {
			r.Windows = []Interval{{nov(t, 26, "15:00", ny), nov(t, 26, "16:00", ny)}}
			r.Count = 1
		}, []string{"Thu 26 Nov 15:00"}},
		{"an odd minute that they named", func(r *Request) {
			r.Windows = []Interval{{nov(t, 26, "15:10", ny), nov(t, 26, "15:11", ny)}}
		}, []string{"Thu 26 Nov 15:10"}},
		{"a whole afternoon: spread within it", func(r *Request) {
			r.Windows = []Interval{{nov(t, 26, "12:00", ny), nov(t, 26, "17:00", ny)}}
			r.Count = 2
		}, []string{"Thu 26 Nov 12:00", "Thu 26 Nov 16:00"}},
		{"two days that they named", func(r *Request) {
			r.Windows = []Interval{{nov(t, 24, "00:00", ny), nov(t, 25, "00:00", ny)}, {nov(t, 27, "00:00", ny), nov(t, 28, "00:00", ny)}}
			r.Count = 2
		}, []string{"Tue 24 Nov 09:00", "Fri 27 Nov 12:00"}},
		{"what they named is not free", func(r *Request) {
			r.Windows = []Interval{{nov(t, 26, "15:00", ny), nov(t, 26, "15:01", ny)}}
			r.Organizer.Busy = []Busy{whole(26)}
		}, nil},
		{"what they named is over", func(r *Request) {
			r.Windows = []Interval{{nov(t, 22, "15:00", ny), nov(t, 22, "15:01", ny)}}
		}, nil},
		{"an hour in a window of an hour", func(r *Request) {
			r.Length = time.Hour
			r.Windows = []Interval{{nov(t, 26, "15:00", ny), nov(t, 26, "16:00", ny)}}
		}, []string{"Thu 26 Nov 15:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t)
			if tt.rule != nil {
				tt.rule(&r)
			}
			if diff := cmp.Diff(tt.want, lines(t, r)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The weekends on which clocks change: hours stay where the wall clock has them, and what
// the clock shows twice or never is not offered to either side.
func TestFindWhereClocksChange(t *testing.T) {
	for _, tt := range []struct {
		name, zone  string
		day         Date // on which the clocks change
		hours, none string
	}{
		{"New York loses 02:00–03:00", "America/New_York", Date{2026, 3, 8}, "01:00-04:00", "01:30 01:45 02:00 02:15 02:30 02:45"},
		{"New York has 01:00–02:00 twice", "America/New_York", Date{2026, 11, 1}, "00:00-03:30", "00:30 00:45 01:00 01:15 01:30 01:45"},
		{"Berlin loses 02:00–03:00", "Europe/Berlin", Date{2026, 3, 29}, "01:00-04:00", "01:30 01:45 02:00 02:15 02:30 02:45"},
		{"Berlin has 02:00–03:00 twice", "Europe/Berlin", Date{2026, 10, 25}, "01:00-04:00", "01:30 01:45 02:00 02:15 02:30 02:45"},
		{"Lord Howe loses 02:00–02:30", "Australia/Lord_Howe", Date{2026, 10, 4}, "01:00-04:00", "01:30 01:45 02:00 02:15"},
		{"Lord Howe has 01:30–02:00 twice", "Australia/Lord_Howe", Date{2026, 4, 5}, "00:30-03:00", "01:00 01:15 01:30 01:45"},
	} {
		for _, theirs := range []bool{false, true} {
			zone := mustZone(t, tt.zone)
			ours, other := Side{Zone: zone, Hours: mustHours(t, "daily "+tt.hours)}, Side{Zone: time.UTC, Hours: mustHours(t, "daily 00:00-24:00")}
			r := Request{
				Now: tt.day.At(0, zone), To: tt.day.AddDays(1).At(0, zone),
				Length: 30 * time.Minute, Count: 99, Organizer: ours, Person: other,
			}
			if theirs {
				r.Organizer, r.Person = other, ours
			}
			verdicts, err := Explain(r)
			if err != nil {
				t.Fatal(err)
			}
			possible := map[string]bool{}
			for _, v := range verdicts {
				if v.Offered || strings.HasPrefix(v.Why, "possible") {
					possible[v.From.In(zone).Format("15:04")] = true
				}
			}
			for _, clock := range strings.Fields(tt.none) {
				if possible[clock] {
					t.Errorf("%s: %s is offered", tt.name, clock)
				}
			}
			first, last, _ := strings.Cut(tt.hours, "-")
			lastStart, _ := time.Parse("15:04", last)
			for _, clock := range []string{first, lastStart.Add(-30 * time.Minute).Format("15:04")} {
				if !strings.Contains(tt.none, clock) && !possible[clock] {
					t.Errorf("%s: %s is certain and not offered (theirs: %v): %v", tt.name, clock, theirs, possible)
				}
			}
		}
	}
}

// drawRequest makes a request of anything that may happen together.
func drawRequest(t *rapid.T) Request {
	zones := []string{"America/New_York", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"}
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, name))
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	minutes := func(name string, from, to int) time.Duration {
		return time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Minute
	}
	now := time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 7, 0, time.UTC)
	stretches := func(name string, most, longest int) (out []Interval) {
		for range rapid.IntRange(0, most).Draw(t, name) {
			from := now.Truncate(time.Minute).Add(minutes("from", -600, 9*24*60))
			out = append(out, Interval{from, from.Add(minutes("length", 0, longest))})
		}
		return out
	}
	busy := func(name string) (out []Busy) {
		for _, iv := range stretches(name, 12, 300) {
			out = append(out, Busy{iv, rapid.Bool().Draw(t, "away")})
		}
		return out
	}
	hours := func(name string) Hours {
		if rapid.Bool().Draw(t, name+" known") {
			return drawHours(t, name)
		}
		return Hours{}
	}
	r := Request{
		Now: now, Near: now.Add(minutes("near", 0, 7*24*60)), To: now.Add(minutes("to", 2*24*60, 9*24*60)),
		Length:    time.Duration(rapid.IntRange(30, 60).Draw(t, "length")) * time.Minute,
		Step:      rapid.SampledFrom([]time.Duration{0, 15 * time.Minute, 30 * time.Minute, time.Hour, 20 * time.Minute}).Draw(t, "step"),
		Count:     rapid.IntRange(2, 5).Draw(t, "count"),
		Organizer: Side{Zone: zone("our zone"), Hours: hours("our hours"), Busy: busy("our busy")},
		Person:    Side{Zone: zone("their zone"), Hours: hours("their hours"), Busy: busy("their busy")},
		Held:      stretches("held", 3, 60), Meetings: stretches("meetings", 3, 60), Avoid: stretches("avoid", 2, 60),
		Notice: minutes("notice", 0, 12*60), Buffer: minutes("buffer", 0, 30), Travel: minutes("travel", 0, 60),
		InPerson:  rapid.Bool().Draw(t, "in person"),
		MaxPerDay: rapid.IntRange(0, 3).Draw(t, "a day"), MaxPerWeek: rapid.IntRange(0, 9).Draw(t, "a week"),
	}
	if rapid.Bool().Draw(t, "windows named") {
		r.Windows = stretches("windows", 4, 3*24*60)
	}
	if rapid.Bool().Draw(t, "blackout") {
		first := DateOf(now, r.Organizer.Zone).AddDays(rapid.IntRange(-1, 8).Draw(t, "first"))
		r.Blackout = []DateRange{{First: first, Last: first.AddDays(rapid.IntRange(0, 2).Draw(t, "days"))}}
	}
	return r
}

// Whatever is asked: no offer breaks a rule. The rules are written down here once more, as
// plainly as they can be said.
func TestNoOfferBreaksARule(t *testing.T) {
	offers := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawRequest(t)
		found, err := Find(r)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > r.Count {
			t.Fatalf("%d slots instead of %d", len(found), r.Count)
		}
		for i, s := range found {
			offers++
			if broken := brokenRule(r, s.Interval); broken != "" {
				t.Fatalf("%v–%v breaks a rule: %s", s.From, s.To, broken)
			}
			if why, conflict := Conflicts(r, s.Interval); conflict {
				t.Fatalf("%v is offered, but Conflicts says %s", s.From, why)
			}
			if i > 0 && found[i-1].To.After(s.From) {
				t.Fatalf("%v and %v overlap or are out of order", found[i-1].From, s.From)
			}
			if s.Reason == "" {
				t.Fatal("an offer without a reason")
			}
		}
		again, err := Find(r)
		if err != nil || !slices.Equal(again, found) {
			t.Fatalf("the same request had another answer: %v, %v", again, err)
		}
	})
	if offers == 0 {
		t.Error("nothing was offered, so nothing was tested")
	}
}

func brokenRule(r Request, iv Interval) string {
	if iv.Length() != r.Length {
		return "length"
	}
	if iv.From.Before(r.Now.Add(r.Notice)) || iv.To.After(r.To) {
		return "notice or end"
	}
	pad := func(b Busy) Interval {
		n := r.Buffer
		if b.Away || r.InPerson {
			n += r.Travel
		}
		return Interval{b.From.Add(-n), b.To.Add(n)}
	}
	for _, b := range slices.Concat(r.Organizer.Busy, r.Person.Busy, plain(r.Held), plain(r.Meetings)) {
		if b.Length() > 0 && pad(b).Overlaps(iv) {
			return "busy"
		}
	}
	for at := iv.From; at.Before(iv.To); at = at.Add(time.Minute) {
		for _, side := range []Side{r.Organizer, r.Person} {
			local := at.In(side.Zone)
			minute := local.Hour()*60 + local.Minute()
			spans := side.Hours[local.Weekday()]
			if side.Hours.Empty() {
				spans = []Span{{480, 1200}}
			}
			if !slices.ContainsFunc(spans, func(s Span) bool { return s.From <= minute && minute < s.To }) {
				return "hours"
			}
		}
		for _, b := range r.Blackout {
			if b.Has(DateOf(at, r.Organizer.Zone)) {
				return "blackout"
			}
		}
	}
	day, week := 0, 0
	for _, m := range r.Meetings {
		if DateOf(m.From, r.Organizer.Zone) == DateOf(iv.From, r.Organizer.Zone) {
			day++
		}
		y1, w1 := m.From.In(r.Organizer.Zone).ISOWeek()
		if y2, w2 := iv.From.In(r.Organizer.Zone).ISOWeek(); y1 == y2 && w1 == w2 {
			week++
		}
	}
	if r.MaxPerDay > 0 && day >= r.MaxPerDay || r.MaxPerWeek > 0 && week >= r.MaxPerWeek {
		return "too many"
	}
	if slices.ContainsFunc(r.Avoid, iv.Overlaps) {
		return "turned down"
	}
	if len(r.Windows) > 0 && !slices.ContainsFunc(r.Windows, func(w Interval) bool {
		whole := !iv.From.Before(w.From) && !iv.To.After(w.To)
		start := !iv.From.Before(w.From) && (iv.From.Before(w.To) || iv.From.Equal(w.From))
		return whole || w.Length() < r.Length && start
	}) {
		return "not asked for"
	}
	return ""
}

// Explain leaves nothing out: every possible time on the grid is among its candidates, what
// it says is offered is what Find offers, and every refusal has a reason.
func TestExplainAgreesWithFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRequest(t)
		verdicts, err := Explain(r)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Find(r)
		if err != nil {
			t.Fatal(err)
		}
		var offered []Slot
		possible := map[time.Time]bool{}
		for i, v := range verdicts {
			if v.Offered {
				offered = append(offered, Slot{v.Interval, v.Why})
			}
			if v.Why == "" {
				t.Fatalf("no reason for %v", v.From)
			}
			if i > 0 && !verdicts[i-1].From.Before(v.From) {
				t.Fatalf("%v comes after %v", v.From, verdicts[i-1].From)
			}
			possible[v.From] = v.Offered || strings.HasPrefix(v.Why, "possible")
		}
		if !slices.Equal(offered, found) {
			t.Fatalf("explained %v, found %v", offered, found)
		}
		// On the quarter hour, which every grid drawn here but that of 20 minutes is part of.
		for at := r.Now.Truncate(time.Hour); at.Before(r.To); at = at.Add(time.Hour) {
			if _, off := at.In(r.Organizer.Zone).Zone(); off%3600 != 0 {
				continue
			}
			iv := Interval{at, at.Add(r.Length)}
			if _, conflict := Conflicts(r, iv); !conflict && !possible[at] {
				t.Fatalf("%v is possible, but no candidate", at)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	r := request(b)
	busy, _ := fourWeeks(b, 1)
	for _, iv := range busy {
		r.Organizer.Busy = append(r.Organizer.Busy, Busy{Interval: iv})
	}
	for b.Loop() {
		if _, err := Find(r); err != nil {
			b.Fatal(err)
		}
	}
}
