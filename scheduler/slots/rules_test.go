package slots

import (
	"strings"
	"testing"
	"time"
)

// The rules are tested in one week of November 2026, with the organizer in New York
// (UTC-5): tuesday("14:00") is a time of Tuesday the 24th there.
func nov(t testing.TB, day int, clock, zone string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-"+time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC).Format("02")+" "+clock, mustZone(t, zone))
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// request is what the tests below vary: an organizer in New York who meets people on
// weekdays from nine to five, seen on Monday the 23rd at 08:00.
func request(t testing.TB) Request {
	ny := mustZone(t, "America/New_York")
	now := nov(t, 23, "08:00", "America/New_York")
	return Request{
		Now: now, Near: now.AddDate(0, 0, 7), To: now.AddDate(0, 0, 21),
		Length: 30 * time.Minute, Count: 3,
		Organizer: Side{Zone: ny, Hours: mustHours(t, "mon-fri 09:00-17:00")},
		Person:    Side{Zone: ny},
	}
}

func TestConflicts(t *testing.T) {
	const ny, la, berlin = "America/New_York", "America/Los_Angeles", "Europe/Berlin"
	tue := func(from, to string) Interval { return Interval{nov(t, 24, from, ny), nov(t, 24, to, ny)} }
	busy := func(from, to string) Busy { return Busy{Interval: tue(from, to)} }
	away := func(from, to string) Busy { return Busy{Interval: tue(from, to), Away: true} }
	day := func(d int, why string) DateRange { return DateRange{Date{2026, 11, d}, Date{2026, 11, d}, why} }

	for _, tt := range []struct {
		name string
		rule func(*Request)
		time Interval
		want string // a part of the reason; "" for possible
	}{
		{"nothing speaks against it", nil, tue("14:00", "14:30"), ""},
		{"the first minute of the hours", nil, tue("09:00", "09:30"), ""},
		{"the last minute of the hours", nil, tue("16:30", "17:00"), ""},
		{"a minute too early", nil, tue("08:59", "09:29"), "outside your hours"},
		{"a minute too late", nil, tue("16:31", "17:01"), "outside your hours"},
		{"a Saturday", nil, Interval{nov(t, 28, "10:00", ny), nov(t, 28, "10:30", ny)}, "outside your hours"},
		{"29 minutes", nil, tue("14:00", "14:29"), "30 to 60 minutes"},
		{"61 minutes", nil, tue("14:00", "15:01"), "30 to 60 minutes"},
		{"60 minutes", nil, tue("14:00", "15:00"), ""},
		{"backwards", nil, tue("15:00", "14:00"), "30 to 60 minutes"},

		{"yesterday", func(r *Request) { r.Now = nov(t, 25, "08:00", ny) }, tue("14:00", "14:30"), "already past"},
		{"within the notice", func(r *Request) { r.Notice = 48 * time.Hour }, tue("14:00", "14:30"), "too soon: 2 days of notice"},
		{"just at the notice", func(r *Request) { r.Notice = 30 * time.Hour }, tue("14:00", "14:30"), ""},
		{"beyond the search", func(r *Request) { r.To = nov(t, 24, "14:29", ny) }, tue("14:00", "14:30"), "later than the calendars were looked at"},
		{"just within the search", func(r *Request) { r.To = nov(t, 24, "14:30", ny) }, tue("14:00", "14:30"), ""},

		{"the organizer is busy", func(r *Request) { r.Organizer.Busy = []Busy{busy("14:15", "15:00")} }, tue("14:00", "14:30"), "you have something 14:15–15:00"},
		{"the person is busy", func(r *Request) { r.Person.Busy = []Busy{busy("13:00", "14:01")} }, tue("14:00", "14:30"), "they have something 13:00–14:01"},
		{"back to back, no buffer", func(r *Request) { r.Organizer.Busy = []Busy{busy("13:00", "14:00"), busy("14:30", "15:00")} }, tue("14:00", "14:30"), ""},
		{"no buffer before", func(r *Request) { r.Buffer, r.Organizer.Busy = 15*time.Minute, []Busy{busy("13:00", "13:46")} }, tue("14:00", "14:30"), "too close to what comes before"},
		{"no buffer after", func(r *Request) { r.Buffer, r.Organizer.Busy = 15*time.Minute, []Busy{busy("14:44", "15:00")} }, tue("14:00", "14:30"), "too close to what comes after"},
		{"just the buffer", func(r *Request) {
			r.Buffer, r.Organizer.Busy = 15*time.Minute, []Busy{busy("13:00", "13:45"), busy("14:45", "15:00")}
		}, tue("14:00", "14:30"), ""},
		{"the person's buffer", func(r *Request) { r.Buffer, r.Person.Busy = 15*time.Minute, []Busy{busy("14:44", "15:00")} }, tue("14:00", "14:30"), "15 minutes are kept free"},
		{"an instant blocks nothing", func(r *Request) { r.Buffer, r.Organizer.Busy = 15*time.Minute, []Busy{busy("14:10", "14:10")} }, tue("14:00", "14:30"), ""},
		{"a long busy time that began before a short one", func(r *Request) {
			r.Organizer.Busy = []Busy{busy("09:00", "15:00"), busy("09:30", "10:00")}
		}, tue("14:00", "14:30"), "you have something 09:00–15:00"},

		{"travel around what is away, even by phone", func(r *Request) { r.Travel, r.Organizer.Busy = 30*time.Minute, []Busy{away("13:00", "13:45")} }, tue("14:00", "14:30"), "30 minutes are kept free"},
		{"no travel by phone around what is at the desk", func(r *Request) { r.Travel, r.Organizer.Busy = 30*time.Minute, []Busy{busy("13:00", "13:45")} }, tue("14:00", "14:30"), ""},
		{"travel around everything when in person", func(r *Request) {
			r.Travel, r.InPerson, r.Organizer.Busy = 30*time.Minute, true, []Busy{busy("13:00", "13:45")}
		}, tue("14:00", "14:30"), "30 minutes are kept free"},
		{"buffer and travel add up", func(r *Request) {
			r.Buffer, r.Travel, r.InPerson, r.Organizer.Busy = 15*time.Minute, 30*time.Minute, true, []Busy{busy("12:00", "13:16")}
		}, tue("14:00", "14:30"), "45 minutes are kept free"},

		{"held for somebody else", func(r *Request) { r.Held = []Interval{tue("14:00", "14:30")} }, tue("14:00", "14:30"), "held for somebody else"},
		{"a one-to-one is busy too", func(r *Request) { r.Meetings = []Interval{tue("14:00", "14:30")} }, tue("14:00", "14:30"), "you have a one-to-one"},
		{"the day is full", func(r *Request) { r.MaxPerDay, r.Meetings = 1, []Interval{tue("09:00", "09:30")} }, tue("14:00", "14:30"), "1 one-to-one that day"},
		{"the day has room", func(r *Request) { r.MaxPerDay, r.Meetings = 2, []Interval{tue("09:00", "09:30")} }, tue("14:00", "14:30"), ""},
		{"the week is full, from Monday to Sunday", func(r *Request) {
			r.MaxPerWeek = 2
			r.Meetings = []Interval{{nov(t, 23, "00:00", ny), nov(t, 23, "00:30", ny)}, {nov(t, 29, "23:00", ny), nov(t, 29, "23:30", ny)}}
		}, tue("14:00", "14:30"), "2 one-to-ones that week"},
		{"the weeks beside it are full", func(r *Request) {
			r.MaxPerWeek = 1
			r.Meetings = []Interval{{nov(t, 22, "23:00", ny), nov(t, 22, "23:30", ny)}, {nov(t, 30, "00:00", ny), nov(t, 30, "00:30", ny)}}
		}, tue("14:00", "14:30"), ""},

		{"a blackout day", func(r *Request) { r.Blackout = []DateRange{day(24, "election night")} }, tue("14:00", "14:30"), "keep free: election night"},
		{"the day after a blackout", func(r *Request) { r.Blackout = []DateRange{day(23, "")} }, tue("14:00", "14:30"), ""},
		{"blackout days are the organizer's", func(r *Request) {
			r.Organizer.Zone, r.Organizer.Hours = mustZone(t, berlin), mustHours(t, "daily 00:00-24:00")
			r.Person.Hours = mustHours(t, "daily 00:00-24:00")
			r.Blackout = []DateRange{day(25, "")}
		}, tue("18:00", "18:30"), "a day that you keep free"}, // already the 25th in Berlin
		{"into a blackout day", func(r *Request) {
			r.Organizer.Hours, r.Person.Hours = mustHours(t, "daily 00:00-24:00"), mustHours(t, "daily 00:00-24:00")
			r.Blackout = []DateRange{day(25, "")}
		}, Interval{nov(t, 24, "23:45", ny), nov(t, 25, "00:15", ny)}, "a day that you keep free"},
		{"up to a blackout day", func(r *Request) {
			r.Organizer.Hours, r.Person.Hours = mustHours(t, "daily 00:00-24:00"), mustHours(t, "daily 00:00-24:00")
			r.Blackout = []DateRange{day(25, "")}
		}, Interval{nov(t, 24, "23:30", ny), nov(t, 25, "00:00", ny)}, ""},

		{"their night, hours unknown", func(r *Request) { r.Person.Zone = mustZone(t, la) }, tue("10:59", "11:29"), "too early or too late: 07:59 for them"},
		{"their morning, hours unknown", func(r *Request) { r.Person.Zone = mustZone(t, la) }, tue("11:00", "11:30"), ""},
		{"their evening, hours unknown", func(r *Request) { r.Person.Zone = mustZone(t, berlin) }, tue("14:00", "14:30"), "too early or too late: 20:00 for them"},
		{"too late, where clocks show the same", func(r *Request) { r.Organizer.Hours = mustHours(t, "daily 00:00-24:00") }, tue("21:00", "21:30"), "too early or too late for them"},
		{"their hours, in their zone", func(r *Request) {
			r.Person.Zone, r.Person.Hours = mustZone(t, la), mustHours(t, "tue 12:00-13:00")
		}, tue("15:30", "16:00"), ""},
		{"outside their hours, in their zone", func(r *Request) {
			r.Person.Zone, r.Person.Hours = mustZone(t, la), mustHours(t, "tue 12:00-13:00")
		}, tue("12:00", "12:30"), "outside their hours: 09:00 for them"},

		{"what they turned down", func(r *Request) { r.Avoid = []Interval{tue("14:29", "15:00")} }, tue("14:00", "14:30"), "they said no to it"},
		{"within what they named", func(r *Request) { r.Windows = []Interval{tue("13:00", "14:30")} }, tue("14:00", "14:30"), ""},
		{"over the end of what they named", func(r *Request) { r.Windows = []Interval{tue("13:00", "14:29")} }, tue("14:00", "14:30"), "not among the times that they named"},
		{"at the minute that they named", func(r *Request) { r.Windows = []Interval{tue("14:00", "14:01")} }, tue("14:00", "14:30"), ""},
		{"at the instant that they named", func(r *Request) { r.Windows = []Interval{tue("14:00", "14:00")} }, tue("14:00", "14:30"), ""},
		{"after the minute that they named", func(r *Request) { r.Windows = []Interval{tue("14:00", "14:01")} }, tue("14:15", "14:45"), "not among the times that they named"},
		{"a start in the half hour that they named", func(r *Request) { r.Windows = []Interval{tue("14:00", "14:30")} }, tue("14:15", "15:00"), ""},

		{"no zone", func(r *Request) { r.Person.Zone = nil }, tue("14:00", "14:30"), "a zone is missing"},
		{"a busy time that makes no sense", func(r *Request) { r.Organizer.Busy = []Busy{busy("10:00", "09:00")} }, tue("14:00", "14:30"), "ends before it begins"},
	} {
		r := request(t)
		if tt.rule != nil {
			tt.rule(&r)
		}
		why, conflict := Conflicts(r, tt.time)
		if conflict != (tt.want != "") || !strings.Contains(why, tt.want) {
			t.Errorf("%s: %q, %v; want %q", tt.name, why, conflict, tt.want)
		}
	}
}

func TestFindRefusesNonsense(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(*Request)
		want string
	}{
		{"too short", func(r *Request) { r.Length = 29 * time.Minute }, "30 to 60 minutes, not 29 minutes"},
		{"too long", func(r *Request) { r.Length = 61 * time.Minute }, "30 to 60 minutes, not 61 minutes"},
		{"no length", func(r *Request) { r.Length = 0 }, "30 to 60 minutes"},
		{"nobody's zone", func(r *Request) { r.Organizer.Zone = nil }, "a zone is missing"},
		{"no slots", func(r *Request) { r.Count = 0 }, "at least one"},
		{"a grid of seven minutes", func(r *Request) { r.Step = 7 * time.Minute }, "does not divide the hour"},
		{"a grid of seconds", func(r *Request) { r.Step = 30 * time.Second }, "does not divide the hour"},
		{"negative buffer", func(r *Request) { r.Buffer = -1 }, "cannot be negative"},
		{"negative limit", func(r *Request) { r.MaxPerDay = -1 }, "cannot be negative"},
		{"four years", func(r *Request) { r.To = r.Now.AddDate(4, 0, 0) }, "over three years"},
		{"a window backwards", func(r *Request) { r.Windows = []Interval{{r.To, r.Now}} }, "ends before it begins"},
	} {
		r := request(t)
		tt.make(&r)
		if s, err := Find(r); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want an error with %q", tt.name, s, err, tt.want)
		}
		if _, err := Explain(r); err == nil {
			t.Errorf("%s: Explain sees nothing wrong", tt.name)
		}
	}
}

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{
		30 * time.Minute: "30 minutes", time.Hour: "1 hour", 90 * time.Minute: "90 minutes", 61 * time.Minute: "61 minutes",
		24 * time.Hour: "24 hours", 48 * time.Hour: "2 days", 0: "0 minutes", 150 * time.Minute: "2h30m", 20 * time.Second: "20s",
	} {
		if got := spell(d); got != want {
			t.Errorf("spell(%v) = %q, want %q", d, got, want)
		}
	}
}
