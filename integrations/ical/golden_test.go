package ical

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before you keep it")

// invites are the messages that people's calendars get, by name of their golden file.
func invites() map[string]scheduler.Invite {
	coffee := func(change func(*scheduler.CalendarEvent)) scheduler.CalendarEvent {
		ev := scheduler.CalendarEvent{UID: "5f0c2a@example.org", Zone: "America/New_York",
			From: time.Date(2026, 12, 1, 19, 0, 0, 0, time.UTC), To: time.Date(2026, 12, 1, 19, 45, 0, 0, time.UTC),
			Title: "Coffee: Ana & Maria", Text: "What we could talk about:\n- how you came to the council; what you hope for\n- the library campaign, and where you see yourself in it",
			HTML:     "<p>What we could talk about:</p><ul><li>how you came to the council; what you hope for</li><li>the library campaign, and where you see yourself in it</li></ul>",
			Location: "Café Luna, 12 Front Street", Geo: "40.7033;-73.9903",
			Organizer: scheduler.Address{Name: "María López", Addr: "maria@example.org"},
			Attendees: []scheduler.Attendee{{Address: scheduler.Address{Name: "Ruiz, Ana", Addr: "ana@example.org"}}},
			Alarms:    []time.Duration{time.Hour}, OneToOne: "maria/ana/1", Stamp: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
		change(&ev)
		return ev
	}
	moved := func(ev *scheduler.CalendarEvent) {
		ev.From, ev.To, ev.Sequence, ev.Stamp = ev.From.Add(24*time.Hour), ev.To.Add(24*time.Hour), 1, ev.Stamp.Add(time.Hour)
	}
	steps := []scheduler.NextStep{
		{ID: "maria/ana/1/s1", Action: "Call two reporters, and tell Maria", ByPerson: true, Deadline: slots.Date{Year: 2026, Month: 12, Day: 4}, Made: time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)},
		{ID: "maria/ana/1/s2", Action: "Send the plan", Deadline: slots.Date{Year: 2026, Month: 12, Day: 2}, Made: time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC), Moves: []slots.Date{{Year: 2026, Month: 12, Day: 1}}},
		{ID: "maria/ana/1/s3", Action: "Some day"},
	}
	return map[string]scheduler.Invite{
		"request":        {Method: "REQUEST", Event: coffee(func(*scheduler.CalendarEvent) {})},
		"update":         {Method: "REQUEST", Event: coffee(moved)},
		"cancel":         {Method: "CANCEL", Event: coffee(func(ev *scheduler.CalendarEvent) { moved(ev); ev.Sequence, ev.Cancelled = 2, true })},
		"declinecounter": {Method: "DECLINECOUNTER", Event: coffee(func(*scheduler.CalendarEvent) {})},
		"phone": {Method: "REQUEST", Event: coffee(func(ev *scheduler.CalendarEvent) {
			ev.Zone, ev.Title, ev.Location, ev.Geo, ev.HTML = "Asia/Kolkata", "Teléfono: Ana y María ☎", "", "", ""
			ev.Text = "Maria calls you.\nसोमवार को मिलते हैं, and a long line of words in two scripts that has to be folded somewhere"
		})},
		"deadlines": {Method: "PUBLISH", AsTodo: true, Todos: steps, Event: coffee(func(*scheduler.CalendarEvent) {})},
		"days":      {Method: "PUBLISH", Todos: steps, Event: coffee(func(*scheduler.CalendarEvent) {})},
	}
}

func TestInvitesGolden(t *testing.T) {
	for name, inv := range invites() {
		got, err := EncodeInvite(inv)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		wellFormed(t, name, got)
		path := filepath.Join("testdata", "invites", name+".ics")
		if *update {
			write(t, path, got)
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is now\n%s", name, got)
		}
	}
}

// wellFormed checks what RFC 5545 3.1 says of lines, and what no invite may hold.
func wellFormed(t *testing.T, name string, b []byte) {
	t.Helper()
	text := string(b)
	if !strings.HasSuffix(text, "\r\n") {
		t.Errorf("%s does not end in CRLF", name)
	}
	for _, l := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") || strings.ToValidUTF8(l, "") != l {
			t.Errorf("%s has a line of %d octets or half a character: %q", name, len(l), l)
		}
	}
	for _, private := range []string{"X-INDY", "maria/ana", "indy"} {
		if strings.Contains(text, private) {
			t.Errorf("%s says %s", name, private)
		}
	}
}

// python runs a script of testdata with Debian's python3, or skips the test where what it
// needs is not there.
func python(t *testing.T, modules, script string, in []byte, args ...string) []byte {
	t.Helper()
	exe := "/usr/bin/python3"
	if _, err := os.Stat(exe); err != nil {
		exe = "python3"
	}
	if err := exec.Command(exe, "-c", "import "+modules).Run(); err != nil {
		t.Skipf("no python3 with %s here", modules)
	}
	cmd := exec.Command(exe, append([]string{filepath.Join("testdata", script)}, args...)...)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// TestInvitesReadByIcalendar lets python3-icalendar, which refuses what is not to the letter,
// read each golden invite, and compares the values.
func TestInvitesReadByIcalendar(t *testing.T) {
	for name, inv := range invites() {
		if inv.Method == "PUBLISH" || inv.Method == "DECLINECOUNTER" { // no event with a time
			continue
		}
		b, err := EncodeInvite(inv)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Method, UID, Summary, Description, Location, Organizer, Attendee, CN, Status, HTML string
			Start, End                                                                         time.Time
			Sequence, Errors, Alarms, Zones                                                    int
		}
		out := python(t, "icalendar", "read.py", b)
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		ev := inv.Event
		if got.Method != inv.Method || got.UID != ev.UID || got.Summary != ev.Title || got.Description != ev.Text || got.Location != ev.Location ||
			got.Organizer != "mailto:"+ev.Organizer.Addr || got.Attendee != "mailto:"+ev.Attendees[0].Addr || got.CN != ev.Attendees[0].Name ||
			got.HTML != ev.HTML || !got.Start.Equal(ev.From) || !got.End.Equal(ev.To) || got.Sequence != ev.Sequence || got.Errors != 0 || got.Zones != 1 {
			t.Errorf("%s reads as %+v", name, got)
		}
	}
}
