package ical

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

func coffee() scheduler.CalendarEvent {
	return scheduler.CalendarEvent{ID: "abc", UID: "abc@example.org", Sequence: 2, Zone: "America/New_York",
		From: time.Date(2026, 12, 1, 19, 0, 0, 0, time.UTC), To: time.Date(2026, 12, 1, 19, 30, 0, 0, time.UTC),
		Title: "Coffee: Ana & Maria", Text: "Our stories;\nthe campaign, and you\\me", Location: "Café Luna, Front Street", Geo: "37.80;-122.27",
		Organizer: scheduler.Address{Name: "Maria López", Addr: "maria@example.org"},
		Attendees: []scheduler.Attendee{{Address: scheduler.Address{Name: `Ana "A" Ruiz`, Addr: "ana@example.org"}}},
		Alarms:    []time.Duration{30 * time.Minute}, OneToOne: "maria/ana/1", Stamp: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
}

func TestEventComesBack(t *testing.T) {
	b, err := EncodeEvent(coffee())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	got, err := DecodeEvent(b)
	if err != nil {
		t.Fatal(err)
	}
	want := coffee()
	if !got.From.Equal(want.From) || !got.To.Equal(want.To) || got.Title != want.Title || got.Text != want.Text || got.Location != want.Location ||
		got.Sequence != 2 || got.OneToOne != want.OneToOne || got.Zone != want.Zone || len(got.Alarms) != 1 || got.Geo != want.Geo {
		t.Errorf("got %+v", got)
	}
}

func TestUpdateKeepsWhatIsNotOurs(t *testing.T) {
	b, _ := EncodeEvent(coffee())
	old := strings.Replace(string(b), "END:VEVENT", "COLOR:red\r\nATTENDEE:mailto:lee@example.org\r\nEND:VEVENT", 1)
	ev := coffee()
	ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
	next, err := UpdateEvent([]byte(old), ev)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeEvent(next)
	if err != nil {
		t.Fatal(err)
	}
	if !got.From.Equal(ev.From) || len(got.Attendees) != 2 || !strings.Contains(string(next), "COLOR:red") || strings.Count(string(next), "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("got %s", next)
	}
}
