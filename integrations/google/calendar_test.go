package google_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// coffee is a meeting of Maria and Ana on Tuesday at 14:00 in Los Angeles.
func coffee() scheduler.CalendarEvent {
	from := time.Date(2026, 3, 3, 22, 0, 0, 0, time.UTC)
	return scheduler.CalendarEvent{
		ID: "coffee1", UID: "coffee-1@example.org", From: from, To: from.Add(45 * time.Minute), Zone: "America/Los_Angeles",
		Title: "Coffee with Ana", Text: "Brief: see your inbox\n\nNext steps:\n", Location: "Blue Door Café",
		Organizer: scheduler.Address{Name: "Maria Lopez", Addr: maria},
		Attendees: []scheduler.Attendee{{Address: scheduler.Address{Name: "Ana Ruiz", Addr: ana}, PartStat: "NEEDS-ACTION"}},
		Alarms:    []time.Duration{30 * time.Minute}, OneToOne: "ana/1",
	}
}

func (w *world) put(ev scheduler.CalendarEvent) scheduler.CalendarEvent {
	w.t.Helper()
	etag, err := w.cal.Put(w.t.Context(), ev)
	if err != nil {
		w.t.Fatalf("put: %v", err)
	}
	ev.ETag = etag
	return ev
}

func (w *world) changes(cursor string, watched ...scheduler.EventRef) ([]scheduler.CalendarChange, string) {
	w.t.Helper()
	c, next, err := w.cal.Changes(w.t.Context(), cursor, watched)
	if err != nil {
		w.t.Fatalf("changes: %v", err)
	}
	return c, next
}

func ref(ev scheduler.CalendarEvent) scheduler.EventRef {
	return scheduler.EventRef{ID: ev.ID, ETag: ev.ETag}
}

func TestAnEventStandsMovesAndGoes(t *testing.T) {
	w := newWorld(t)
	ev := w.put(coffee())
	got := w.maria.Events("")
	if len(got) != 1 || !got[0].From.Equal(ev.From) || got[0].Status != "confirmed" || got[0].Private["indyOneToOne"] != "ana/1" {
		t.Fatalf("stands %+v", got)
	}
	if len(w.ana.Events("")) != 0 || len(w.ana.Mails("INBOX")) != 0 {
		t.Error("with invites by mail Google must not invite as well")
	}
	_, cursor := w.changes("", ref(ev))
	ev.From, ev.To, ev.Sequence, ev.Tentative = ev.From.Add(time.Hour), ev.To.Add(time.Hour), 1, true
	ev = w.put(ev)
	if got := w.maria.Events(""); !got[0].From.Equal(ev.From) || got[0].Status != "tentative" {
		t.Errorf("moved: %+v", got[0])
	}
	if c, _ := w.changes(cursor, ref(ev)); len(c) != 0 {
		t.Errorf("our own change is no news: %+v", c)
	}
	if err := w.cal.Remove(t.Context(), ref(ev)); err != nil {
		t.Fatal(err)
	}
	if err := w.cal.Remove(t.Context(), ref(ev)); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
	if len(w.maria.Events("")) != 0 {
		t.Error("still there")
	}
}

func TestWhatComesBackIsWhatWasPut(t *testing.T) {
	for _, byGoogle := range []bool{false, true} {
		w := newWorld(t, func(o *google.Options) { o.Google = byGoogle })
		ev := w.put(coffee())
		c, _ := w.changes("", scheduler.EventRef{ID: ev.ID, ETag: "old"})
		if len(c) != 1 {
			t.Fatal(c)
		}
		got := c[0].Event
		if got.UID != ev.UID || got.OneToOne != ev.OneToOne || got.Zone != ev.Zone || !got.From.Equal(ev.From) || !got.To.Equal(ev.To) || got.Title != ev.Title ||
			strings.TrimSpace(got.Text) != strings.TrimSpace(ev.Text) || got.Location != ev.Location || got.ETag != ev.ETag || got.Sequence != 0 ||
			!slices.Equal(got.Attendees, ev.Attendees) || !slices.Equal(got.Alarms, ev.Alarms) || got.Tentative {
			t.Errorf("invites by Google %t:\n got %+v\nwant %+v", byGoogle, got, ev)
		}
	}
}

func TestALostAnswerMakesNoSecondEvent(t *testing.T) {
	w := newWorld(t)
	w.g.Inject(googletest.Fault{Method: "calendar.events.insert", CutAfter: true})
	_, err := w.cal.Put(t.Context(), coffee())
	fails(t, err, scheduler.Again, "make an event: the connection was cut", "")
	ev := w.put(coffee()) // 409: looked at, and the same
	if n := len(w.maria.Events("")); n != 1 {
		t.Fatalf("%d events", n)
	}
	// The same for a change: 412, looked at, and the same.
	ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
	w.g.Inject(googletest.Fault{Method: "calendar.events.patch", CutAfter: true})
	_, err = w.cal.Put(t.Context(), ev)
	fails(t, err, scheduler.Again, "change an event", "")
	after := w.put(ev)
	if after.ETag == ev.ETag {
		t.Error("the old ETag came back")
	}
	ev = after
	w.g.Inject(googletest.Fault{Method: "calendar.events.delete", CutAfter: true})
	fails(t, w.cal.Remove(t.Context(), ref(ev)), scheduler.Again, "delete an event", "")
	if err := w.cal.Remove(t.Context(), ref(ev)); err != nil {
		t.Error(err)
	}
}

func TestAHumanEditIsNeverOverwritten(t *testing.T) {
	for _, byGoogle := range []bool{false, true} {
		w := newWorld(t, func(o *google.Options) { o.Google = byGoogle })
		ev := w.put(coffee())
		_, cursor := w.changes("", ref(ev))
		w.maria.MoveTo("", ev.ID, ev.From.Add(24*time.Hour), ev.To.Add(24*time.Hour))
		mine := ev
		mine.Title = "Coffee and plans"
		_, err := w.cal.Put(t.Context(), mine)
		fails(t, err, scheduler.Outdated, "change an event: it was changed meanwhile", "")
		err = w.cal.Remove(t.Context(), ref(ev))
		fails(t, err, scheduler.Outdated, "Google answered 412", "")
		c, _ := w.changes(cursor, ref(ev))
		if len(c) != 1 || !c[0].Event.From.Equal(ev.From.Add(24*time.Hour)) || c[0].Event.Title != ev.Title {
			t.Fatalf("changes %+v", c)
		}
		mine = c[0].Event
		mine.Title = "Coffee and plans"
		if w.put(mine); w.maria.Events("")[0].Summary != "Coffee and plans" {
			t.Error("not changed after reading again")
		}
	}
}

// TestADeletedIDIsNotUsedAgain is 409 for an id whose event was deleted by hand.
func TestADeletedIDIsNotUsedAgain(t *testing.T) {
	w := newWorld(t)
	ev := w.put(coffee())
	w.maria.Delete("", ev.ID)
	_, err := w.cal.Put(t.Context(), coffee())
	fails(t, err, scheduler.Outdated, "make an event: it was changed meanwhile", "")
	_, err = w.cal.Put(t.Context(), ev)
	fails(t, err, scheduler.Outdated, "", "")
	if len(w.maria.Events("")) != 0 {
		t.Error("a deleted event came back")
	}
	c, _ := w.changes("", ref(ev))
	if len(c) != 1 || !c[0].Deleted {
		t.Errorf("changes %+v", c)
	}
}

// TestAForeignIDIsLeftAlone is 409 for an id under which something else stands.
func TestAForeignIDIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.maria.Add("", `{"id":"coffee1","summary":"Dentist","start":{"dateTime":"2026-03-03T22:00:00Z"},"end":{"dateTime":"2026-03-03T23:00:00Z"}}`)
	_, err := w.cal.Put(t.Context(), coffee())
	fails(t, err, scheduler.Outdated, "", "")
	if w.maria.Events("")[0].Summary != "Dentist" {
		t.Error("overwritten")
	}
}

func TestEditsOfAllKindsAreSeen(t *testing.T) {
	w := newWorld(t)
	ev := w.put(coffee())
	_, cursor := w.changes("", ref(ev))
	step := func(edit string) scheduler.CalendarEvent {
		t.Helper()
		w.maria.Edit("", ev.ID, edit)
		c, next := w.changes(cursor, ref(ev))
		if len(c) != 1 || c[0].Deleted {
			t.Fatalf("%s: %+v", edit, c)
		}
		cursor, ev.ETag = next, c[0].Event.ETag
		return c[0].Event
	}
	if got := step(`{"location":"Library"}`); got.Location != "Library" {
		t.Error(got.Location)
	}
	if got := step(`{"description":"Next steps:<br>Ana: call two reporters by Fri<br><ul><li>me - send the plan</li></ul>"}`); got.Text != "Next steps:\nAna: call two reporters by Fri\n- me - send the plan" {
		t.Errorf("%q", got.Text)
	}
	if got := step(`{"attendees":[{"email":"lee@example.net","displayName":"Lee"}]}`); len(got.Attendees) != 2 || got.Attendees[1].Addr != lee {
		t.Errorf("a third person by hand: %+v", got.Attendees)
	}
	if got := step(`{"start":{"date":"2026-03-05"},"end":{"date":"2026-03-06"}}`); !got.From.Equal(time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("all day in Los Angeles begins %s", got.From)
	}
	if got := step(`{"start":{"dateTime":"2026-03-10T09:00:00","timeZone":"Europe/Madrid"},"end":{"dateTime":"2026-03-10T10:00:00","timeZone":"Europe/Madrid"}}`); !got.From.Equal(time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)) || got.Zone != "Europe/Madrid" {
		t.Errorf("in another zone: %s %s", got.From, got.Zone)
	}
	w.maria.Delete("", ev.ID)
	if c, _ := w.changes(cursor, ref(ev)); len(c) != 1 || !c[0].Deleted {
		t.Errorf("deleted: %+v", c)
	}
}

func TestGoogleInvites(t *testing.T) {
	w := newWorld(t, func(o *google.Options) { o.Google = true })
	ev := coffee()
	ev.Attendees = append(ev.Attendees, scheduler.Attendee{Address: scheduler.Address{Addr: lee}})
	ev = w.put(ev)
	if len(w.ana.Events("")) != 1 || len(w.ana.Mails("INBOX")) != 1 || len(w.g.Outside(lee)) != 1 {
		t.Fatal("not invited")
	}
	_, cursor := w.changes("", ref(ev))
	w.ana.Answer(ev.ID, "accepted")
	c, cursor := w.changes(cursor, ref(ev))
	if len(c) != 1 || c[0].Event.Attendees[0].PartStat != "ACCEPTED" {
		t.Fatalf("answer: %+v", c)
	}
	w.maria.Edit("", ev.ID, `{"attendees":[{"email":"`+ana+`","responseStatus":"accepted","comment":"Who else is coming?"},{"email":"`+lee+`"}]}`)
	if c, cursor = w.changes(cursor, ref(ev)); len(c) != 1 || c[0].Event.Attendees[0].Comment != "Who else is coming?" {
		t.Fatalf("comment: %+v", c)
	}
	// Our next change keeps the answer, and a guest whom Maria added by hand.
	w.maria.Edit("", ev.ID, `{"attendees":[{"email":"`+ana+`"},{"email":"`+lee+`"},{"email":"kim@example.net"}]}`)
	c, cursor = w.changes(cursor, ref(ev))
	next := ev
	next.ETag, next.Title, next.Attendees[0].PartStat = c[0].Event.ETag, "Tea with Ana", "NEEDS-ACTION"
	ev = w.put(next)
	if got := w.maria.Events("")[0].Answers; got[ana] != "accepted" || got["kim@example.net"] == "" || len(got) != 3 {
		t.Errorf("attendees %v", got)
	}
	w.ana.Delete("", ev.ID) // declines
	c, _ = w.changes(cursor, ref(ev))
	if len(c) != 1 || c[0].Event.Attendees[0].PartStat != "DECLINED" {
		t.Fatalf("declined: %+v", c)
	}
	ev.ETag = c[0].Event.ETag
	if err := w.cal.Remove(t.Context(), ref(ev)); err != nil {
		t.Fatal(err)
	}
	if got := w.g.Outside(lee); !strings.Contains(string(got[len(got)-1].Raw), "METHOD:CANCEL") {
		t.Error("Lee was not told")
	}
}

func TestSyncTokenForgotten(t *testing.T) {
	w := newWorld(t)
	ev, gone := w.put(coffee()), coffee()
	gone.ID = "coffee2"
	gone = w.put(gone)
	old := coffee()
	old.ID, old.From, old.To = "coffee3", start.Add(-90*24*time.Hour), start.Add(-90*24*time.Hour+time.Hour)
	old = w.put(old)
	_, cursor := w.changes("", ref(ev), ref(gone), ref(old))
	w.maria.MoveTo("", ev.ID, ev.From.Add(time.Hour), ev.To.Add(time.Hour))
	w.maria.Delete("", gone.ID)
	w.maria.ForgetSync("")
	c, cursor := w.changes(cursor, ref(ev), ref(gone), ref(old))
	if len(c) != 2 || c[0].ID != ev.ID || c[1].ID != gone.ID || !c[1].Deleted {
		t.Fatalf("changes %+v", c)
	}
	ev.ETag = c[0].Event.ETag
	if c, _ := w.changes(cursor, ref(ev), ref(old)); len(c) != 0 {
		t.Errorf("told twice: %+v", c)
	}
}

func TestHalfAListIsNoList(t *testing.T) {
	w := newWorld(t)
	ev := w.put(coffee())
	_, cursor := w.changes("", ref(ev))
	for i := range 2600 { // two pages
		w.maria.Book("", "filler", start.Add(time.Duration(i)*time.Hour), start.Add(time.Duration(i)*time.Hour+time.Minute))
	}
	w.maria.Delete("", ev.ID)
	w.g.Inject(googletest.Fault{Method: "calendar.events.list", Skip: 1, CutBefore: true, Times: 3})
	_, next, err := w.cal.Changes(t.Context(), cursor, []scheduler.EventRef{ref(ev)})
	fails(t, err, scheduler.Again, "follow the calendar", "")
	if next != cursor {
		t.Error("the cursor moved")
	}
	if c, _ := w.changes(cursor, ref(ev)); len(c) != 1 {
		t.Errorf("changes %+v", c)
	}
}

func TestNothingNewKeepsTheCursor(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.changes("")
	w.pass(time.Hour)
	if _, next := w.changes(cursor); next != cursor {
		t.Error("a cursor changed though nothing happened: that is a write for nothing")
	}
	w.pass(24 * time.Hour)
	if _, next := w.changes(cursor); next == cursor {
		t.Error("a token was kept until Google forgets it")
	}
	_, mail := w.fetch("")
	w.pass(time.Hour)
	if _, next := w.fetch(mail); next != mail {
		t.Error("the mailbox's cursor changed though nothing happened")
	}
}

func TestBusyLeavesOursOutAndNothingElse(t *testing.T) {
	w := newWorld(t)
	team := w.maria.AddCalendar("Team", "America/Los_Angeles")
	w.o.Busy = []string{team, maria}
	w.open()
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, zone("America/Los_Angeles"))
	at := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
	w.put(coffee())
	w.maria.Book("", "Standup", at(9), at(10))
	w.maria.Book(team, "Team hour", at(11), at(12))
	w.maria.Add("", `{"summary":"Dentist","location":"12 Main St","start":{"dateTime":"2026-03-04T13:00:00-08:00"},"end":{"dateTime":"2026-03-04T14:00:00-08:00"}}`)
	w.maria.Add("", `{"summary":"Free anyway","transparency":"transparent","start":{"dateTime":"2026-03-04T15:00:00-08:00"},"end":{"dateTime":"2026-03-04T16:00:00-08:00"}}`)
	w.maria.Add("", `{"summary":"Swim","recurrence":["RRULE:FREQ=WEEKLY;COUNT=5","EXDATE;TZID=America/Los_Angeles:20260311T170000"],"start":{"dateTime":"2026-02-25T17:00:00","timeZone":"America/Los_Angeles"},"end":{"dateTime":"2026-02-25T18:00:00","timeZone":"America/Los_Angeles"}}`)
	w.maria.Add("", `{"summary":"Holiday","start":{"date":"2026-03-06"},"end":{"date":"2026-03-07"}}`)
	id := w.ana.Add("", `{"summary":"Ana's party","attendees":[{"email":"`+maria+`"}],"start":{"dateTime":"2026-03-05T19:00:00-08:00"},"end":{"dateTime":"2026-03-05T20:00:00-08:00"}}`)
	check := func(want ...string) {
		t.Helper()
		busy, err := w.cal.Busy(t.Context(), day, day.AddDate(0, 0, 14))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range busy {
			s := b.From.In(day.Location()).Format("2 15:04") + "-" + b.To.In(day.Location()).Format("15:04")
			if b.Away {
				s += " away"
			}
			got = append(got, s)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("busy\n %q, want\n %q", got, want)
		}
	}
	check("4 09:00-10:00", "4 11:00-12:00", "4 13:00-14:00 away", "4 17:00-18:00", "5 19:00-20:00", "6 00:00-00:00")
	w.maria.Answer(id, "declined")
	w.maria.Edit("", instanceOf(t, w, "Swim"), `{"start":{"dateTime":"2026-03-04T20:00:00-08:00"},"end":{"dateTime":"2026-03-04T21:00:00-08:00"}}`)
	check("4 09:00-10:00", "4 11:00-12:00", "4 13:00-14:00 away", "4 20:00-21:00", "6 00:00-00:00")
}

// TestACopyOfOursIsBusy: duplicating an event in the browser copies what marks it.
func TestACopyOfOursIsBusy(t *testing.T) {
	w := newWorld(t)
	ev := w.put(coffee())
	private := w.maria.Events("")[0].Private
	b, _ := json.Marshal(private)
	w.maria.Add("", `{"summary":"a copy","extendedProperties":{"private":`+string(b)+`},"start":{"dateTime":"2026-03-04T10:00:00Z"},"end":{"dateTime":"2026-03-04T11:00:00Z"}}`)
	busy, err := w.cal.Busy(t.Context(), ev.From.Add(-24*time.Hour), ev.From.Add(72*time.Hour))
	if err != nil || len(busy) != 1 || !busy[0].From.Equal(time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("busy %v, %v", busy, err)
	}
	if c, _ := w.changes("", ref(ev)); len(c) != 0 {
		t.Errorf("the copy is taken for ours: %+v", c)
	}
}

// instanceOf is the id of a recurring event's occurrence on 4 March.
func instanceOf(t *testing.T, w *world, summary string) string {
	for _, e := range w.maria.Events("") {
		if e.Summary == summary {
			return e.ID + "_20260305T010000Z"
		}
	}
	t.Fatal("no such event")
	return ""
}

func TestManyCalendarsAreAskedFiftyAtATime(t *testing.T) {
	w := newWorld(t)
	for range 120 {
		w.o.Busy = append(w.o.Busy, w.maria.AddCalendar("one of many", "UTC"))
	}
	w.open()
	w.maria.Book(w.o.Busy[119], "on the last one", start.Add(time.Hour), start.Add(2*time.Hour))
	busy, err := w.cal.Busy(t.Context(), start, start.Add(24*time.Hour))
	if err != nil || len(busy) != 1 {
		t.Fatal(busy, err)
	}
	if n := w.g.Spent().Calls["calendar.freebusy.query"]; n != 3 {
		t.Errorf("%d queries, want 3", n)
	}
}

func TestAVanishedCalendarIsNotFree(t *testing.T) {
	w := newWorld(t)
	team := w.maria.AddCalendar("Team", "UTC")
	w.o.Busy = []string{team}
	w.open()
	w.maria.DeleteCalendar(team)
	_, err := w.cal.Busy(t.Context(), start, start.Add(time.Hour))
	fails(t, err, scheduler.Suspicion, "one of them was deleted or is no longer shared", `run "indy check"`)

	w.o.Busy, w.o.Calendar = nil, w.maria.AddCalendar("One-to-ones", "UTC")
	w.open()
	ev := w.put(coffee())
	_, cursor := w.changes("", ref(ev))
	w.maria.DeleteCalendar(w.o.Calendar)
	_, err = w.cal.Busy(t.Context(), start, start.Add(time.Hour))
	fails(t, err, scheduler.Suspicion, "read the calendar: Google answered 404", "was deleted or is no longer shared")
	_, next, err := w.cal.Changes(t.Context(), cursor, []scheduler.EventRef{ref(ev)})
	fails(t, err, scheduler.Suspicion, "follow the calendar: Google answered 404", "was deleted")
	if next != cursor {
		t.Error("the cursor moved")
	}
	again := coffee()
	again.ID = "coffee9"
	_, err = w.cal.Put(t.Context(), again)
	fails(t, err, scheduler.Suspicion, "make an event", "was deleted")
}

func TestAPersonsFreeBusy(t *testing.T) {
	w := newWorld(t)
	w.ana.Book("", "her own", start.Add(time.Hour), start.Add(2*time.Hour))
	see := func(want bool, n int) {
		t.Helper()
		busy, visible, err := w.cal.PersonBusy(t.Context(), ana, start, start.Add(100*24*time.Hour))
		if err != nil || visible != want || len(busy) != n {
			t.Fatalf("busy %v visible %t err %v", busy, visible, err)
		}
	}
	see(false, 0)
	asked := w.g.Count()
	see(false, 0)
	if w.g.Count() != asked {
		t.Error("asked again at once for what cannot be seen")
	}
	w.ana.Share("", maria, "freeBusyReader")
	w.pass(25 * time.Hour)
	see(true, 1)
	if _, visible, err := w.cal.PersonBusy(t.Context(), lee, start, start.Add(time.Hour)); visible || err != nil {
		t.Error("someone outside", visible, err)
	}
}

func TestEventIDs(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"", "abcd", "with-dash", "UPPER1", "xyz12345"} {
		ev := coffee()
		ev.ID = id
		_, err := w.cal.Put(t.Context(), ev)
		fails(t, err, scheduler.Final, "its id is not base32hex", "")
	}
}

func TestPutAcrossTheClockChange(t *testing.T) {
	w := newWorld(t)
	for i, day := range []string{"2026-03-07", "2026-03-08", "2026-11-01", "2026-11-02"} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", day+" 09:00", zone("America/Los_Angeles"))
		ev := coffee()
		ev.ID, ev.From, ev.To = "clock"+string(rune('0'+i)), at.UTC(), at.UTC().Add(30*time.Minute)
		ev = w.put(ev)
		c, _ := w.changes("", scheduler.EventRef{ID: ev.ID})
		if len(c) != 1 || !c[0].Event.From.Equal(at) || c[0].Event.From.In(at.Location()).Hour() != 9 {
			t.Errorf("%s: %+v", day, c)
		}
	}
}
