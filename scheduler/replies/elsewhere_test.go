package replies

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

// TestElsewhere tries sentences in which a day is one of something else than the meeting (the
// day to ask again, a deadline, a birthday, the mail of Monday) with every way to name an
// offered day: none of them may book it, or move a meeting that stands.
func TestElsewhere(t *testing.T) {
	days := map[string][]string{
		"en": {"Thursday", "thu", "wed", "sat", "Saturday", "tomorrow", "the 3rd", "Dec 3", "Thursday at 2", "Thursday afternoon", "Wednesday morning", "2", "2pm", "the second"},
		"es": {"jueves", "jue", "sab", "miércoles", "sábado", "3", "3 de diciembre", "jueves a las 2", "jueves por la tarde", "jueves en la tarde"},
	}
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) slots.Interval {
		from := time.Date(2026, 12, day, hour, minute, 0, 0, zone).UTC()
		return slots.Interval{From: from, To: from.Add(45 * time.Minute)}
	}
	these, one, later := []slots.Interval{at(2, 10, 0), at(3, 14, 0), at(5, 17, 30)}, []slots.Interval{at(3, 14, 0)}, []slots.Interval{at(7, 10, 0), at(8, 15, 0)}
	n := 0
	for code, named := range days {
		raw, err := os.ReadFile(filepath.Join("testdata", "elsewhere", code+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		c := Context{Sent: time.Date(2026, 11, 30, 9, 0, 0, 0, zone), Zone: zone, Language: code, DayFirst: code == "es"}
		c.Now = c.Sent.UTC()
		for line := range strings.Lines(string(raw)) {
			for _, day := range named {
				mail := strings.ReplaceAll(strings.TrimSpace(line), "DAY", day)
				for _, offered := range [][]slots.Interval{these, one, later} {
					n++
					c.Asked, c.Offered, c.Meeting = AskedTimes, offered, slots.Interval{}
					if r := Read(mail, c); r.Kind == Choose || r.Kind == Counter && narrow(r.Windows) {
						t.Errorf("%q, with %d offered, books: %v", mail, len(offered), r.Why)
					}
				}
				n++
				c.Asked, c.Offered, c.Meeting = AskedInvite, nil, at(3, 14, 0)
				if r := Read(mail, c); r.Kind == Counter || r.Kind == NotNow && !r.Until.IsZero() && !r.Until.After(slots.DateOf(c.Meeting.From, zone)) {
					t.Errorf("%q moves the meeting: %s %v", mail, r.Kind, r.Why)
				}
			}
		}
	}
	t.Logf("%d mails that name a day of something else", n)
}

// narrow says that any time in the windows would do, so that one of them is taken at once.
func narrow(windows []Window) bool {
	return !slices.ContainsFunc(windows, func(w Window) bool { return w.Length() > 9*time.Hour })
}
