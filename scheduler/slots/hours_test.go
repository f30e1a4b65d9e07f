package slots

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseHours(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"mon-fri 09:00-17:00", "mon-fri 09:00-17:00"},
		{"mon-fri 09:00-17:00, sat 10:00-12:00", "mon-fri 09:00-17:00, sat 10:00-12:00"},
		{"daily 8-20", "daily 08:00-20:00"},
		{"every day 08:00-20:00", "daily 08:00-20:00"},
		{"mon,wed 18:00-21:00", "mon,wed 18:00-21:00"},
		{"Mon, Wed & Friday 6pm-9pm", "mon,wed,fri 18:00-21:00"},
		{"weekdays 9am - 5pm; weekends 10:00–12:30", "mon-fri 09:00-17:00, sat,sun 10:00-12:30"},
		{"mon 09:00-12:00, 14:00-17:00, tue 10:00-11:00", "mon 09:00-12:00, 14:00-17:00, tue 10:00-11:00"},
		{"mon 09:00-12:00 14:00-17:00", "mon 09:00-12:00, 14:00-17:00"},
		{"fri-mon 10:00-11:00", "mon,fri-sun 10:00-11:00"},
		{"mon 09:00-12:00, mon 11:00-13:00, mon 13:00-14:00", "mon 09:00-14:00"},
		{"sun 00:00-24:00", "sun 00:00-24:00"},
		{"tue 12am-1pm", "tue 00:00-13:00"},
		{"tuesdays 12:15 pm to 1 pm", "tue 12:15-13:00"},
		{"thurs 9-11", "thu 09:00-11:00"},
	} {
		h, err := ParseHours(tt.in)
		if err != nil || h.String() != tt.want {
			t.Errorf("ParseHours(%q) = %q, %v; want %q", tt.in, h, err, tt.want)
		}
	}
}

func TestParseHoursSaysWhatIsWrong(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "no hours"},
		{" , ", "no hours"},
		{"09:00-17:00", `"mon-fri 09:00-17:00"`},
		{"mon-fri", "days without a time"},
		{"mon 09:00-10:00, tue", "days without a time"},
		{"montag 09:00-17:00", `"montag" is not a day`},
		{"mo 09:00-17:00", `"mo" is not a day`},
		{"mon-fir 09:00-17:00", `"fir" is not a day`},
		{"mon 09:00", "has no end"},
		{"mon 17:00-09:00", "ends before it begins"},
		{"mon 09:00-09:00", "ends before it begins"},
		{"mon 22:00-24:30", `"24:30" is not a time of day`},
		{"mon 9:5-10:00", `"9:5" is not a time of day`},
		{"mon 9:60-10:00", `"9:60" is not a time of day`},
		{"mon 13pm-14pm", "is not a time of day"},
		{"mon 0900-1700", "is not a time of day"},
		{"mon 1-5pm", "am or pm for both"},
		{"mon 09:00-17:00-18:00", "is not a time of day"},
	} {
		if h, err := ParseHours(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseHours(%q) = %q, %v; want an error with %q", tt.in, h, err, tt.want)
		}
	}
}

func drawHours(t *rapid.T, name string) (h Hours) {
	for d := range h {
		for range rapid.IntRange(0, 3).Draw(t, name+" spans") {
			from := rapid.IntRange(0, 95).Draw(t, "from") * 15
			h[d] = append(h[d], Span{from, rapid.IntRange(from/15+1, 96).Draw(t, "to") * 15})
		}
		h[d] = mergeSpans(h[d])
	}
	return h
}

// What String writes, ParseHours reads.
func TestHoursRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHours(t, "hours")
		if h.Empty() {
			return
		}
		again, err := ParseHours(h.String())
		if err != nil || again.String() != h.String() {
			t.Fatalf("%q was read as %q, %v", h, again, err)
		}
		for d := range h {
			for i, s := range h[d] {
				if again[d][i] != s {
					t.Fatalf("%q: day %d is %v, was %v", h, d, again[d], h[d])
				}
			}
		}
	})
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"mon-fri 09:00-17:00, sat 10:00-12:00", "daily 8-20", "fri-mon 9am - 5pm;,", "-", "mon,wed -1-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			return
		}
		for _, day := range h {
			for i, s := range day {
				if s.From < 0 || s.From >= s.To || s.To > minutesPerDay || i > 0 && s.From <= day[i-1].To {
					t.Fatalf("bad span %v in %v", s, day)
				}
			}
		}
		if again, err := ParseHours(h.String()); err != nil || again.String() != h.String() {
			t.Fatalf("%q is not read as itself: %q, %v", h, again, err)
		}
	})
}
