package local

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/integrations/integrationtest"
	"indy/scheduler"
)

func newCalendars(t *testing.T) (*world, *Calendar) {
	w := newCalendarWorld(t).(*world)
	return w, w.calendar(t)
}

var thursday = time.Date(2026, time.December, 3, 18, 0, 0, 0, time.UTC)

func meeting(id string) scheduler.CalendarEvent {
	return scheduler.CalendarEvent{ID: id, UID: id + "@example.org", From: thursday, To: thursday.Add(45 * time.Minute),
		Zone: "America/Los_Angeles", Title: "One-to-one: Ana", Text: "The agenda; all of it,\nin lines", Location: "Library",
		Organizer: scheduler.Address{Name: "Maria", Addr: maria}, OneToOne: "maria/ana/1", Stamp: thursday.AddDate(0, 0, -7),
		Attendees: []scheduler.Attendee{{Address: scheduler.Address{Name: "Ana", Addr: "ana@example.org"}, PartStat: "NEEDS-ACTION"}}}
}

func putEvent(t *testing.T, c *Calendar, ev scheduler.CalendarEvent) scheduler.CalendarEvent {
	t.Helper()
	etag, err := c.Put(t.Context(), ev)
	if err != nil {
		t.Fatal(err)
	}
	ev.ETag = etag
	return ev
}

func refs(events ...scheduler.CalendarEvent) (list []scheduler.EventRef) {
	for _, ev := range events {
		list = append(list, scheduler.EventRef{ID: ev.ID, ETag: ev.ETag})
	}
	return list
}

func changesOf(t *testing.T, c *Calendar, events ...scheduler.CalendarEvent) []scheduler.CalendarChange {
	t.Helper()
	got, _, err := c.Changes(t.Context(), "", refs(events...))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestOtherProgramsRenameFiles(t *testing.T) {
	w, c := newCalendars(t)
	ev := putEvent(t, c, meeting("a1"))
	rename(t, w.path("work", "a1.ics"), w.path("work", "4F1C-22.ICS"))
	for _, c := range []*Calendar{c, w.calendar(t)} {
		if got := changesOf(t, c, ev); len(got) != 0 {
			t.Errorf("a new name is a change: %+v", got)
		}
	}
	ev.Title = "Another title"
	ev = putEvent(t, c, ev)
	if files, err := filepath.Glob(w.path("work", "*")); err != nil || len(files) != 1 {
		t.Errorf("it stands twice: %v", files)
	}
	if got := changesOf(t, c, ev); len(got) != 0 {
		t.Errorf("our own change: %+v", got)
	}
	if err := c.Remove(t.Context(), refs(ev)[0]); err != nil {
		t.Fatal(err)
	}
	if files, err := filepath.Glob(w.path("work", "*")); err != nil || len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

func TestOtherProgramsProperties(t *testing.T) {
	w, c := newCalendars(t)
	ev := putEvent(t, c, meeting("a1"))
	path := w.path("work", "a1.ics")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, []byte(strings.Replace(string(raw), "SUMMARY:", "CATEGORIES:Council\r\nX-COLOR:teal\r\nSUMMARY:", 1)))
	got := changesOf(t, c, ev)
	if len(got) != 1 || got[0].Deleted || got[0].Event.Title != ev.Title {
		t.Fatalf("seen as %+v", got)
	}
	// The same event, its answer lost, is no reason to write; the colour is nobody's loss.
	again := ev
	again.ETag = ""
	if etag, err := c.Put(t.Context(), again); err != nil || etag != got[0].Event.ETag {
		t.Errorf("put again: %s, %v", etag, err)
	}
	ev = got[0].Event
	ev.UID, ev.Location = "a1@example.org", "Park"
	putEvent(t, c, ev)
	raw, err = os.ReadFile(path)
	if err != nil || !strings.Contains(string(raw), "X-COLOR:teal") || !strings.Contains(string(raw), "LOCATION:Park") {
		t.Errorf("after a change the file is %v\n%s", err, raw)
	}
}

func TestSuspicion(t *testing.T) {
	w, c := newCalendars(t)
	one, two := putEvent(t, c, meeting("a1")), putEvent(t, c, meeting("a2"))
	w.Delete(t, "a1")
	if got := changesOf(t, c, one, two); len(got) != 1 || !got[0].Deleted || got[0].ID != "a1" {
		t.Errorf("one of two deleted: %+v", got)
	}
	w.Delete(t, "a2")
	for what, do := range map[string]func() error{
		"changes": func() error { _, _, err := c.Changes(t.Context(), "", refs(one, two)); return err },
		"after a restart": func() error {
			_, _, err := w.calendar(t).Changes(t.Context(), "", refs(one, two))
			return err
		},
	} {
		if err := do(); scheduler.FailureOf(err) != scheduler.Suspicion {
			t.Errorf("suddenly empty, %s: %v", what, err)
		}
	}
	if got := changesOf(t, c, two); len(got) != 1 || !got[0].Deleted {
		t.Errorf("the only one deleted: %+v", got)
	}
	rename(t, w.path("work"), w.path("elsewhere"))
	for what, do := range map[string]func() error{
		"changes": func() error { _, _, err := c.Changes(t.Context(), "", refs(two)); return err },
		"busy":    func() error { _, err := c.Busy(t.Context(), thursday, thursday.AddDate(0, 0, 1)); return err },
		"put":     func() error { _, err := c.Put(t.Context(), meeting("a3")); return err },
		"remove":  func() error { return c.Remove(t.Context(), refs(two)[0]) },
	} {
		if err := do(); scheduler.FailureOf(err) != scheduler.Suspicion {
			t.Errorf("the folder has gone, %s: %v", what, err)
		}
	}
}

func TestHalfWrittenIsNotDeleted(t *testing.T) {
	w, c := newCalendars(t)
	ev, other := putEvent(t, c, meeting("a1")), putEvent(t, c, meeting("a2"))
	path := w.path("work", "a1.ics")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []int{0, 1, len(raw) / 2, len(raw) - 20} {
		write(t, path, raw[:part])
		if got, _, err := c.Changes(t.Context(), "", refs(ev, other)); err == nil && (len(got) != 1 || got[0].Deleted) {
			t.Errorf("with %d of %d bytes: %+v", part, len(raw), got)
		}
		if err := c.Remove(t.Context(), refs(ev)[0]); scheduler.FailureOf(err) != scheduler.Outdated {
			t.Errorf("with %d of %d bytes it was removed: %v", part, len(raw), err)
		}
		ev.Title = "Another title"
		if _, err := c.Put(t.Context(), ev); err == nil {
			t.Errorf("with %d of %d bytes it was overwritten", part, len(raw))
		}
	}
	write(t, path, raw)
	if got := changesOf(t, c, ev, other); len(got) != 0 {
		t.Errorf("whole again: %+v", got)
	}
}

// A change may leave size and time of the file as they were.
func TestQuickEdits(t *testing.T) {
	w, c := newCalendars(t)
	ev := putEvent(t, c, meeting("a1"))
	path := w.path("work", "a1.ics")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	changesOf(t, c, ev)
	write(t, path, []byte(strings.Replace(string(raw), "Library", "Theatre", 1)))
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := changesOf(t, c, ev); len(got) != 1 || got[0].Event.Location != "Theatre" {
		t.Errorf("seen as %+v", got)
	}
}

func TestLeftovers(t *testing.T) {
	w, c := newCalendars(t)
	write(t, w.path("work", ".a1.ics.tmp"), []byte("what a crash left"))
	write(t, w.path("work", "notes.txt"), []byte("not an event"))
	if got, err := c.Busy(t.Context(), thursday, thursday.AddDate(0, 0, 1)); err != nil || len(got) != 0 {
		t.Errorf("busy: %v, %v", got, err)
	}
	ev := putEvent(t, c, meeting("a1"))
	if got := changesOf(t, c, ev); len(got) != 0 {
		t.Errorf("changes: %+v", got)
	}
	if files, err := os.ReadDir(w.path("work")); err != nil || len(files) != 2 {
		t.Errorf("the folder holds %v, %v", files, err)
	}
	info, err := os.Stat(w.path("work", "a1.ics"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the event can be read by others: %v, %v", info.Mode(), err)
	}
}

func TestEventNames(t *testing.T) {
	_, c := newCalendars(t)
	for _, id := range []string{"", "..", "../a1", "a/b", ".a", "A1", "a\x00", "ü", strings.Repeat("a", 300)} {
		ev := meeting(id)
		if _, err := c.Put(t.Context(), ev); scheduler.FailureOf(err) != scheduler.Final {
			t.Errorf("an event named %.20q: %v", id, err)
		}
	}
	ev := meeting("a1")
	ev.UID = "other@example.org"
	if _, err := c.Put(t.Context(), ev); scheduler.FailureOf(err) != scheduler.Final {
		t.Errorf("an event whose UID is not found again: %v", err)
	}
}

func TestBrokenCalendarIsNotFree(t *testing.T) {
	w, c := newCalendars(t)
	write(t, w.path("home", "broken.ics"), []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if got, err := c.Busy(t.Context(), thursday, thursday.AddDate(0, 0, 1)); err == nil || !strings.Contains(err.Error(), "broken.ics") {
		t.Errorf("busy: %v, %v", got, err)
	}
}

func TestDeclinedByOthersStillCounts(t *testing.T) {
	w, c := newCalendars(t)
	m := integrationtest.Meeting{UID: "m1", Title: "Choir", From: thursday, To: thursday.Add(time.Hour), Zone: "UTC", Declined: true}
	write(t, w.path("home", "m1.ics"), []byte(strings.Replace(string(vevent(m)), "mailto:"+maria, "mailto:lee@example.net", 1)))
	if got, err := c.Busy(t.Context(), thursday, thursday.AddDate(0, 0, 1)); err != nil || len(got) != 1 {
		t.Errorf("busy: %v, %v", got, err)
	}
}

func TestCalendarWatchNotices(t *testing.T) {
	w, c := newCalendars(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	changed := make(chan struct{}, 100)
	ended := make(chan error, 1)
	go func() { ended <- c.Watch(ctx, func() { changed <- struct{}{} }) }()
	for {
		write(t, w.path("home", "x.ics"), vevent(integrationtest.Meeting{UID: "x", From: thursday, To: thursday, Zone: "UTC"}))
		select {
		case <-changed:
			// A folder that goes ends the watch, so that somebody looks.
			rename(t, w.path("home"), w.path("away"))
			if err := <-ended; err == nil {
				t.Error("the watch of a vanished folder ended as if nothing were")
			}
			return
		case err := <-ended:
			t.Fatalf("watching ended: %v", err)
		case <-time.After(2 * gather):
		}
	}
}
