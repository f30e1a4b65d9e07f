package slots

import (
	"archive/zip"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func mustHours(t testing.TB, s string) Hours {
	t.Helper()
	h, err := ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The weekends on which clocks change, in three zones that do it in three ways.
func TestHoursBetweenWhereClocksChange(t *testing.T) {
	for _, tt := range []struct{ name, zone, hours, day, want string }{
		{"an ordinary day", "America/New_York", "daily 09:00-17:00", "2026-03-07", "14:00-22:00"},
		{"after the hour is lost", "America/New_York", "daily 09:00-17:00", "2026-03-08", "13:00-21:00"},
		{"over the lost hour", "America/New_York", "daily 01:00-04:00", "2026-03-08", "06:00-08:00"},
		{"only the lost hour", "America/New_York", "daily 02:00-03:00", "2026-03-08", ""},
		{"from within the lost hour", "America/New_York", "daily 02:30-04:00", "2026-03-08", "07:00-08:00"},
		{"over the doubled hour", "America/New_York", "daily 00:00-03:00", "2026-11-01", "04:00-08:00"},
		{"only the doubled hour", "America/New_York", "daily 01:00-02:00", "2026-11-01", "05:00-07:00"},
		{"half of the doubled hour", "America/New_York", "daily 01:00-01:30", "2026-11-01", "05:00-05:30 06:00-06:30"},
		{"Berlin loses an hour", "Europe/Berlin", "daily 01:00-04:00", "2026-03-29", "00:00-02:00"},
		{"Berlin gets it back", "Europe/Berlin", "daily 01:00-04:00", "2026-10-25", "23:00-03:00"},
		{"Lord Howe loses half an hour", "Australia/Lord_Howe", "daily 01:00-04:00", "2026-10-04", "14:30-17:00"},
		{"Lord Howe gets it back", "Australia/Lord_Howe", "daily 01:00-03:00", "2026-04-05", "14:00-16:30"},
		{"a whole day that Samoa skipped", "Pacific/Apia", "fri 00:00-24:00", "2011-12-30", ""},
	} {
		zone := mustZone(t, tt.zone)
		day, err := ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		from, to := day.At(0, zone), day.AddDays(1).At(0, zone)
		var got []string
		for _, iv := range HoursBetween(nil, mustHours(t, tt.hours), zone, from, to) {
			got = append(got, iv.From.Format("15:04")+"-"+iv.To.Format("15:04"))
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}

// Go's ZoneBounds is wrong on that day; walking must get over it.
func TestTheLastDayOfALeapYear(t *testing.T) {
	zone := mustZone(t, "America/New_York")
	from := time.Date(2028, 12, 31, 0, 0, 0, 0, zone)
	got := HoursBetween(nil, mustHours(t, "daily 09:00-17:00"), zone, from, from.AddDate(0, 0, 2))
	want := []Interval{
		{from.Add(9 * time.Hour).UTC(), from.Add(17 * time.Hour).UTC()},
		{from.Add(33 * time.Hour).UTC(), from.Add(41 * time.Hour).UTC()},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c := newClock(zone); !c.steady(got[0]) {
		t.Error("an ordinary day is uncertain")
	}
}

// An instant is within the hours just when the wall clock says so.
func TestHoursBetweenAgreesWithTheWallClock(t *testing.T) {
	names := []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC", "America/St_Johns", "Africa/Casablanca"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		h := drawHours(t, "hours")
		from := time.Unix(rapid.Int64Range(1.3e9, 2e9).Draw(t, "from")/60*60, 0)
		to := from.Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "minutes")) * time.Minute)
		got := HoursBetween(nil, h, zone, from, to)
		for at := from.Add(-time.Hour); at.Before(to.Add(time.Hour)); at = at.Add(13 * time.Minute) {
			local := at.In(zone)
			minute := local.Hour()*60 + local.Minute()
			want := !at.Before(from) && at.Before(to) && slices.ContainsFunc(h[local.Weekday()], func(s Span) bool { return s.From <= minute && minute < s.To })
			if covered(got, at) != want {
				t.Fatalf("%v in hours: %v, want %v", local, !want, want)
			}
		}
	})
}

// zoneData reads every zone of the tzdata that comes with Go.
func zoneData(t *testing.T) map[string]*time.Location {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no Go tool to find the zone data with")
	}
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("no zone data beside Go")
	}
	defer r.Close()
	zones := map[string]*time.Location{}
	seen := map[string]bool{} // aliases have the same bytes
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		rc.Close()
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(b)] || len(b) == 0 {
			continue
		}
		seen[string(b)] = true
		zone, err := time.LoadLocationFromTZData(f.Name, b)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		zones[f.Name] = zone
	}
	return zones
}

// transitions are the instants from 1970 to 2037 at which the zone's offset changes, found
// by looking at the clock twice a day.
func transitions(zone *time.Location) (out []time.Time) {
	offset := func(unix int64) int {
		_, off := time.Unix(unix, 0).In(zone).Zone()
		return off
	}
	const halfDay = 12 * 3600
	end := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for u := int64(0); u < end; u += halfDay {
		before := offset(u)
		if before != offset(u+halfDay) {
			n := sort.Search(halfDay, func(n int) bool { return offset(u+int64(n)) != before })
			out = append(out, time.Unix(u+int64(n), 0).UTC())
		}
	}
	return out
}

// offsetsAround is every offset that the zone has within a day or so of t.
func offsetsAround(t time.Time, zone *time.Location) []int {
	var offsets []int
	for d := -30 * time.Hour; d <= 30*time.Hour; d += 15 * time.Minute {
		if _, off := t.Add(d).In(zone).Zone(); !slices.Contains(offsets, off) {
			offsets = append(offsets, off)
		}
	}
	return offsets
}

// shown is how often the wall clock shows wall (given as if it were UTC). It looks at the
// clock and computes nothing about zones.
func shown(wall time.Time, offsets []int, zone *time.Location) (n int) {
	for _, off := range offsets {
		u := wall.Add(-time.Duration(off) * time.Second)
		if _, o := u.In(zone).Zone(); o == off {
			n++
		}
	}
	return n
}

// At every change of clocks of every zone from 1970 to 2037, whichever side lives there:
// what is offered begins and ends at local times that occur exactly once, with no change of
// clocks between. And the certain times beside them are all offered.
func TestNoUncertainTimeIsOfferedAtAnyTransition(t *testing.T) {
	allDay := mustHours(t, "daily 00:00-24:00")
	var seen, offered, missing, twice int
	zones := zoneData(t)
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		zone := zones[name]
		for i, change := range transitions(zone) {
			if testing.Short() && i%29 != 0 {
				continue
			}
			seen++
			gaps, folds, once := uncertainAround(change, zone)
			missing, twice = missing+gaps, twice+folds
			r := Request{
				Now: change.Add(-3 * time.Hour), To: change.Add(3 * time.Hour), Length: MinLength, Count: 1,
				Organizer: Side{Zone: zone, Hours: allDay}, Person: Side{Zone: time.UTC, Hours: allDay},
			}
			if i%2 == 1 {
				r.Organizer.Zone, r.Person.Zone = time.UTC, zone
			}
			verdicts, err := Explain(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range verdicts {
				free := v.Offered || strings.HasPrefix(v.Why, "possible")
				certain := once(v.From) && once(v.To) && sameOffset(v.Interval, zone)
				if free != certain {
					t.Fatalf("%s, %v–%v: offered %v, certain %v (%s)", name, v.From.In(zone), v.To.In(zone), free, certain, v.Why)
				}
				if free {
					offered++
				}
			}
		}
	}
	t.Logf("%d zones, %d transitions: %d quarter hours that did not exist and %d that occurred twice were kept out; %d offers, all certain",
		len(zones), seen, missing, twice, offered)
	if missing == 0 || twice == 0 || offered == 0 {
		t.Error("nothing was tested")
	}
}

// uncertainAround counts the quarter hours of the wall clock around a change that it never
// shows, and shows twice; once says of an instant that its wall time is shown once.
func uncertainAround(change time.Time, zone *time.Location) (gaps, folds int, once func(time.Time) bool) {
	offsets := offsetsAround(change, zone)
	wallOf := func(t time.Time) time.Time {
		_, off := t.In(zone).Zone()
		return t.UTC().Add(time.Duration(off) * time.Second)
	}
	middle := wallOf(change).Truncate(15 * time.Minute)
	for d := -3 * time.Hour; d <= 3*time.Hour; d += 15 * time.Minute {
		switch shown(middle.Add(d), offsets, zone) {
		case 0:
			gaps++
		case 1:
		default:
			folds++
		}
	}
	return gaps, folds, func(t time.Time) bool { return shown(wallOf(t), offsets, zone) == 1 }
}

func sameOffset(iv Interval, zone *time.Location) bool {
	_, a := iv.From.In(zone).Zone()
	_, b := iv.To.In(zone).Zone()
	return a == b
}
