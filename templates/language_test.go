package templates

import (
	"testing"
	"time"

	"indy/scheduler/slots"
)

func TestMoments(t *testing.T) {
	tuesday := time.Date(2026, 12, 1, 22, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name          string
		g             *tongue
		at            time.Time
		reader, other *time.Location
		want          string
	}{
		{"same zone", &english, tuesday, pacific, pacific, "Tuesday, December 1, 2:00 pm"},
		{"same clock, other name", &english, tuesday, pacific, zone("America/Vancouver"), "Tuesday, December 1, 2:00 pm"},
		{"other zone", &english, tuesday, eastern, pacific, "Tuesday, December 1, 5:00 pm Eastern time (2:00 pm Pacific time)"},
		{"other day there", &english, tuesday, pacific, zone("Asia/Tokyo"), "Tuesday, December 1, 2:00 pm Pacific time (Wednesday, December 2, 7:00 am Tokyo time)"},
		{"no other", &english, tuesday, pacific, nil, "Tuesday, December 1, 2:00 pm"},
		{"noon", &english, time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC), pacific, pacific, "Tuesday, December 1, 12:00 pm"},
		{"midnight", &english, time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), pacific, pacific, "Tuesday, December 1, 12:00 am"},
		{"Spanish", &spanish, tuesday, pacific, pacific, "martes 1 de diciembre, 14:00"},
		{"Spanish morning", &spanish, time.Date(2026, 12, 2, 17, 30, 0, 0, time.UTC), pacific, pacific, "miércoles 2 de diciembre, 9:30"},
		{"Spanish midnight", &spanish, time.Date(2026, 12, 2, 8, 30, 0, 0, time.UTC), pacific, pacific, "miércoles 2 de diciembre, 0:30"},
		{"Spanish, other zone", &spanish, tuesday, madrid, eastern, "martes 1 de diciembre, 23:00 hora de Madrid (17:00 hora del Este)"},
		{"another year", &spanish, time.Date(2027, 1, 12, 22, 0, 0, 0, time.UTC), pacific, pacific, "martes 12 de enero de 2027, 14:00"},
		// The weekends on which clocks change: one side's clock has changed, the other's not yet.
		{"fall back in California", &english, time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC), pacific, zone("America/Phoenix"), "Sunday, November 1, 1:30 am Pacific time (2:30 am Arizona time)"},
		{"only Europe has changed", &english, time.Date(2026, 10, 27, 17, 0, 0, 0, time.UTC), eastern, madrid, "Tuesday, October 27, 1:00 pm Eastern time (6:00 pm Madrid time)"},
		{"spring forward", &english, time.Date(2027, 3, 14, 10, 0, 0, 0, time.UTC), pacific, pacific, "Sunday, March 14, 2027, 3:00 am"},
	} {
		if got := c.g.moment(c.at, c.reader, c.other, 2026, ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLanguageOfATag(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "en": "en", "en-GB": "en", "es": "es", "es-MX": "es", "ES_us": "es", "fr": "en", "!!": "en"} {
		if got := speak(tag).code; got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
}

func TestCountsAndLists(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{english.count(1, "step", "steps"), "1 step"},
		{english.count(0, "step", "steps"), "0 steps"},
		{english.count(21, "step", "steps"), "21 steps"},
		{spanish.count(1, "paso", "pasos"), "1 paso"},
		{spanish.count(0, "paso", "pasos"), "0 pasos"},
		{english.list([]string{"Ana"}), "Ana"},
		{english.list([]string{"Ana", "Sam", "Lee"}), "Ana, Sam and Lee"},
		{spanish.list([]string{"Ana", "Sam"}), "Ana y Sam"},
		{spanish.list([]string{"Ana", "Inés"}), "Ana e Inés"},
		{spanish.list([]string{"Ana", "Hilda"}), "Ana e Hilda"},
		{spanish.list([]string{"cobre", "hierro"}), "cobre y hierro"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestZoneNames(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"America/New_York": "Eastern time", "America/Argentina/Buenos_Aires": "Buenos Aires time", "UTC": "UTC", "Etc/GMT+3": "UTC-03:00",
	} {
		if got := english.zoneName(at.In(zone(name))); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestUntilFriday: a Friday that leaves time, after the deadline and after today.
func TestUntilFriday(t *testing.T) {
	for _, c := range []struct{ deadline, want slots.Date }{
		{day(12, 4), day(12, 11)},  // itself a Friday
		{day(12, 9), day(12, 11)},  // a Wednesday
		{day(12, 10), day(12, 18)}, // a Thursday: the next day would be no help
		{day(11, 2), day(12, 4)},   // long over: from today, Friday November 27
		{slots.Date{}, day(12, 4)},
	} {
		p := newPage(voices[0].letter("offer", ana()))
		if got := p.Friday(c.deadline); got != c.want {
			t.Errorf("after %s: got %s, want %s", c.deadline, got, c.want)
		}
	}
}
