package when

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

func TestWindows(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := Times{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, zone), Zone: zone, Language: "en"}
	for _, c := range []struct{ words, want string }{
		{"Tuesday or Wednesday after 3, not Friday", "11-25 15:00-00:00, 12-01 15:00-00:00"},
		{"any morning next week except Wednesday", "11-30 08:00-12:00, 12-01 08:00-12:00, 12-03 08:00-12:00, 12-04 08:00-12:00, 12-05 08:00-12:00, 12-06 08:00-12:00"},
		{"Tuesday, but not before 3", "12-01 15:00-00:00"},
		{"Tuesday except 2-4", "12-01 00:00-14:00, 12-01 16:00-00:00"},
		{"not Friday", ""},
		{"nothing here", ""},
		// after 7: in the morning or in the evening; what both allow is the evening.
		{"Friday after 7", "11-27 19:00-00:00"},
		{"Friday at 7", "11-27 07:00-08:00, 11-27 19:00-20:00"},
		{"Friday 2-4, Friday 3-5", "11-27 14:00-17:00"},
	} {
		var got []string
		for _, w := range Windows(Find(c.words, now)) {
			if w.From.Location() != time.UTC || w.To.Location() != time.UTC {
				t.Errorf("%q: not UTC", c.words)
			}
			got = append(got, w.From.In(zone).Format("01-02 15:04")+"-"+w.To.In(zone).Format("15:04"))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q:\n got  %s\n want %s", c.words, s, c.want)
		}
	}
}

func TestWithout(t *testing.T) {
	now := Times{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Zone: time.UTC, Language: "en"}
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	base := []slots.Interval{{From: at(26, 9), To: at(26, 17)}, {From: at(27, 9), To: at(27, 17)}}
	got := Without(base, Find("any day but Friday", now))
	if len(got) != 1 || got[0] != base[0] {
		t.Errorf("got %v", got)
	}
}

// The language is found out from the words; what contradicts itself in one language is
// not read in the other.
func TestLanguageFound(t *testing.T) {
	now := Times{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Zone: time.UTC}
	for _, c := range []struct {
		words, from string
	}{
		{"Thursday after 3 would be fine", "2026-11-26 15:00"},
		{"el jueves después de las 3 me va bien", "2026-11-26 15:00"},
		{"llámame mejor el martes", "2026-12-01 00:00"},
		{"can we do 12/3?", "2026-12-03 00:00"},
		{"¿podemos el 3/12?", "2026-12-03 00:00"},
		{"Thu 4/12 at 2:30pm", ""},
	} {
		got := ""
		for _, f := range Find(c.words, now) {
			got += f.From.Format("2006-01-02 15:04")
		}
		if got != c.from {
			t.Errorf("%q: got %q, want %q", c.words, got, c.from)
		}
	}
}
