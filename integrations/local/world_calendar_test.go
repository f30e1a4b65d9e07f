package local

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/integrations/ical"
	"indy/integrations/integrationtest"
	"indy/scheduler"
)

func newCalendarWorld(t *testing.T) integrationtest.CalendarWorld {
	w := &world{dir: t.TempDir()}
	for _, dir := range []string{"work", "home", "people"} {
		if err := os.Mkdir(w.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func losAngeles() *time.Location {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	return zone
}

func (w *world) calendar(t *testing.T) *Calendar {
	t.Helper()
	c, err := OpenCalendar(CalendarOptions{Write: w.path("work"), Busy: []string{w.path("home")}, People: w.path("people"),
		Zone: losAngeles(), Address: maria})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) Calendar(t *testing.T) integrationtest.Calendar { return w.calendar(t) }

// file is the event's, by whatever name.
func (w *world) file(t *testing.T, id string) (path string, content []byte) {
	t.Helper()
	paths, err := filepath.Glob(w.path("work", "*.ics"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "UID:"+id+"@") {
			return path, content
		}
	}
	return "", nil
}

func (w *world) Stands(t *testing.T, id string) (scheduler.CalendarEvent, bool) {
	t.Helper()
	path, content := w.file(t, id)
	if path == "" {
		return scheduler.CalendarEvent{}, false
	}
	ev, err := ical.DecodeEvent(content)
	if err != nil {
		t.Fatal(err)
	}
	ev.ID = id
	return ev, !ev.Cancelled
}

// Edit does what calendar programs do: it reads the file, and replaces it.
func (w *world) Edit(t *testing.T, id string, change func(*scheduler.CalendarEvent)) {
	t.Helper()
	path, content := w.file(t, id)
	ev, err := ical.DecodeEvent(content)
	if err != nil {
		t.Fatal(err)
	}
	change(&ev)
	content, err = ical.UpdateEvent(content, ev)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path+".new", content)
	rename(t, path+".new", path)
}

func (w *world) Delete(t *testing.T, id string) {
	t.Helper()
	path, _ := w.file(t, id)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// vevent is a meeting as other programs write it.
func vevent(m integrationtest.Meeting) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z", m.UID)
	line("SUMMARY:%s", m.Title)
	if m.AllDay {
		line("DTSTART;VALUE=DATE:%s", m.From.Format("20060102"))
		line("DTEND;VALUE=DATE:%s", m.To.Format("20060102"))
	} else {
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			panic(err)
		}
		line("DTSTART;TZID=%s:%s", m.Zone, m.From.In(zone).Format("20060102T150405"))
		line("DTEND;TZID=%s:%s", m.Zone, m.To.In(zone).Format("20060102T150405"))
	}
	if m.Rule != "" {
		line("RRULE:%s", m.Rule)
	}
	if m.Free {
		line("TRANSP:TRANSPARENT")
	}
	if m.Declined {
		line("ORGANIZER:mailto:lee@example.net\r\nATTENDEE;PARTSTAT=DECLINED:mailto:%s", maria)
	}
	line("END:VEVENT\r\nEND:VCALENDAR")
	return []byte(b.String())
}

func (w *world) Meet(t *testing.T, besides bool, m integrationtest.Meeting) {
	t.Helper()
	dir := "work"
	if besides {
		dir = "home"
	}
	write(t, w.path(dir, m.UID+".ics"), vevent(m))
}

func (w *world) Share(t *testing.T, address string, list ...integrationtest.Meeting) {
	t.Helper()
	if err := os.Mkdir(w.path("people", address), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		write(t, w.path("people", address, m.UID+".ics"), vevent(m))
	}
}

func (w *world) Injure(t *testing.T) {
	t.Helper()
	rename(t, w.path("home"), w.path("away"))
}
