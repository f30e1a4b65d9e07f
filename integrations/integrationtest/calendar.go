package integrationtest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// RunCalendar runs the tests of the calendar alone.
func RunCalendar(t *testing.T, world func(t *testing.T) CalendarWorld) {
	run(t, world, []test[CalendarWorld]{
		{"an event is put and stands", puts},
		{"the same event again is a success", putsAgain},
		{"an event is changed", changes},
		{"an event that was changed meanwhile is not overwritten", outdated},
		{"an event is removed", removes},
		{"an event that was changed meanwhile is not removed", removesOutdated},
		{"what indy did is no change", ownChanges},
		{"a move by hand is seen", movedByHand},
		{"a deletion by hand is seen", deletedByHand},
		{"each change is seen until its cursor is kept", changesReplay},
		{"what was typed into the description is seen", typed},
		{"meetings make busy", busy},
		{"free, declined and cancelled ones do not", notBusy},
		{"recurring meetings make busy each time", recurring},
		{"whole days make busy in the organizer's zone", wholeDays},
		{"indy's own events are left out", ownBusy},
		{"a person's free/busy is seen where it is shared", personBusy},
		{"an unreadable calendar is an error, never free time", injured},
		{"watching ends with its context", calendarWatchEnds},
	})
}

// day is a day some weeks from now, at local midnight in the zone of the tests.
func day(w CalendarWorld, n int) time.Time {
	y, m, d := w.Now().In(zone).Date()
	return time.Date(y, m, d+14+n, 0, 0, 0, 0, zone)
}

var zone = func() *time.Location {
	z, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	return z
}()

func at(w CalendarWorld, days, hour int) time.Time {
	return day(w, days).Add(time.Duration(hour) * time.Hour).UTC()
}

// event is one of indy's. Its ID is base32hex in lower case, which every provider takes.
func event(w CalendarWorld, id string, hour int) scheduler.CalendarEvent {
	return scheduler.CalendarEvent{
		ID: id, UID: id + "@indy.example.org", From: at(w, 0, hour), To: at(w, 0, hour).Add(45 * time.Minute), Zone: zone.String(),
		Title: "One-to-one: Ana Ruiz", Text: "At the library, \"upstairs\"; bring:\nthe plan, and time\n\nNext steps:\n", Location: "Library, 2nd floor",
		Organizer: scheduler.Address{Name: "Maria Lopez", Addr: w.Organizer()},
		Attendees: []scheduler.Attendee{{Address: scheduler.Address{Name: "Ana Ruiz", Addr: person}, PartStat: "NEEDS-ACTION"}},
		Alarms:    []time.Duration{time.Hour}, OneToOne: "maria/ana/1", Stamp: w.Now().UTC().Truncate(time.Second),
	}
}

func put(t *testing.T, c Calendar, ev scheduler.CalendarEvent) scheduler.CalendarEvent {
	t.Helper()
	etag, err := c.Put(t.Context(), ev)
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	if etag == "" {
		t.Error("put answers no ETag")
	}
	ev.ETag = etag
	return ev
}

// wantEvent compares what people see: an event that was kept must come back the same.
func wantEvent(t *testing.T, got, want scheduler.CalendarEvent) {
	t.Helper()
	if !got.From.Equal(want.From) || !got.To.Equal(want.To) || got.Title != want.Title || got.Text != want.Text ||
		got.Location != want.Location || got.Tentative != want.Tentative || len(got.Attendees) != len(want.Attendees) {
		t.Errorf("stands as %+v\nwant      %+v", got, want)
	}
}

func ref(ev scheduler.CalendarEvent) scheduler.EventRef {
	return scheduler.EventRef{ID: ev.ID, ETag: ev.ETag}
}

func isOutdated(err error) bool {
	return err != nil && scheduler.FailureOf(err) == scheduler.Outdated
}

func puts(t *testing.T, w CalendarWorld) {
	ev := put(t, w.Calendar(t), event(w, "a1", 10))
	got, ok := w.Stands(t, "a1")
	if !ok {
		t.Fatal("it does not stand")
	}
	wantEvent(t, got, ev)
	if got.OneToOne != ev.OneToOne || got.UID == "" {
		t.Errorf("it stands without its mark: %+v", got)
	}
	hold := event(w, "a2", 12)
	hold.Tentative, hold.Attendees = true, nil
	put(t, w.Calendar(t), hold)
	if got, ok := w.Stands(t, "a2"); !ok || !got.Tentative {
		t.Errorf("a hold stands as %+v, %v", got, ok)
	}
}

func putsAgain(t *testing.T, w CalendarWorld) {
	ev := event(w, "a1", 10)
	first := put(t, w.Calendar(t), ev)
	again := put(t, w.Calendar(t), ev) // the answer was lost
	if first.ETag != again.ETag {
		t.Errorf("the same event has ETag %s, then %s", first.ETag, again.ETag)
	}
	w.Pass(time.Minute)
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) { ev.Location = "Café" })
	if _, err := w.Calendar(t).Put(t.Context(), ev); !isOutdated(err) {
		t.Errorf("an event that people changed was made again: %v", err)
	}
	if got, _ := w.Stands(t, "a1"); got.Location != "Café" {
		t.Errorf("it stands at %q", got.Location)
	}
}

func changes(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ev := put(t, c, event(w, "a1", 10))
	w.Pass(time.Minute)
	ev.From, ev.To, ev.Sequence, ev.Stamp = at(w, 1, 15), at(w, 1, 16), 1, w.Now().UTC().Truncate(time.Second)
	changed := put(t, c, ev)
	if changed.ETag == ev.ETag {
		t.Error("a changed event keeps its ETag")
	}
	got, _ := w.Stands(t, "a1")
	wantEvent(t, got, changed)
	// The answer was lost: the same change again, upon the old ETag, is a success.
	if again := put(t, w.Calendar(t), ev); again.ETag != changed.ETag {
		t.Errorf("the same change has ETag %s, then %s", changed.ETag, again.ETag)
	}
}

func outdated(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ev := put(t, c, event(w, "a1", 10))
	w.Pass(time.Minute)
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) { ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour) })
	ev.Title = "Another title"
	if _, err := c.Put(t.Context(), ev); !isOutdated(err) {
		t.Errorf("put: %v", err)
	}
	if got, _ := w.Stands(t, "a1"); got.Title == ev.Title || !got.From.Equal(at(w, 0, 11)) {
		t.Errorf("it was overwritten: %+v", got)
	}
	w.Delete(t, "a1")
	if _, err := c.Put(t.Context(), ev); !isOutdated(err) {
		t.Errorf("put on a deleted one: %v", err)
	}
	if _, ok := w.Stands(t, "a1"); ok {
		t.Error("a deleted event stands again")
	}
}

func removes(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ev := put(t, c, event(w, "a1", 10))
	other := put(t, c, event(w, "a2", 12))
	for range 2 { // the second time it is gone already
		if err := c.Remove(t.Context(), ref(ev)); err != nil {
			t.Errorf("remove: %v", err)
		}
	}
	if _, ok := w.Stands(t, "a1"); ok {
		t.Error("it stands")
	}
	if err := c.Remove(t.Context(), scheduler.EventRef{ID: other.ID}); err != nil {
		t.Errorf("remove any version: %v", err)
	}
	if _, ok := w.Stands(t, "a2"); ok {
		t.Error("the other one stands")
	}
	if err := c.Remove(t.Context(), scheduler.EventRef{ID: "a3"}); err != nil {
		t.Errorf("remove one that never was: %v", err)
	}
}

func removesOutdated(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ev := put(t, c, event(w, "a1", 10))
	w.Pass(time.Minute)
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) { ev.Location = "Café" })
	if err := c.Remove(t.Context(), ref(ev)); !isOutdated(err) {
		t.Errorf("remove: %v", err)
	}
	if _, ok := w.Stands(t, "a1"); !ok {
		t.Error("it was removed")
	}
}

// look reads changes until nothing more comes.
func look(t *testing.T, c Calendar, cursor string, watched ...scheduler.CalendarEvent) ([]scheduler.CalendarChange, string) {
	t.Helper()
	var refs []scheduler.EventRef
	for _, ev := range watched {
		refs = append(refs, ref(ev))
	}
	changed, next, err := c.Changes(t.Context(), cursor, refs)
	if err != nil {
		t.Fatalf("changes: %v", err)
	}
	return changed, next
}

func ownChanges(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	_, cursor := look(t, c, "")
	w.Pass(time.Minute)
	ev := put(t, c, event(w, "a1", 10))
	w.Meet(t, false, Meeting{UID: "m1@example.org", Title: "Dentist", From: at(w, 0, 9), To: at(w, 0, 10), Zone: zone.String()})
	w.Pass(time.Minute)
	got, cursor := look(t, c, cursor, ev)
	if len(got) != 0 {
		t.Errorf("changes: %+v", got)
	}
	ev.Title = "Another title"
	ev = put(t, c, ev)
	w.Pass(time.Minute)
	if got, _ := look(t, c, cursor, ev); len(got) != 0 {
		t.Errorf("changes after a change of ours: %+v", got)
	}
}

// one is the only change; it is of event id.
func one(t *testing.T, got []scheduler.CalendarChange, id string) scheduler.CalendarChange {
	t.Helper()
	if len(got) != 1 || got[0].ID != id {
		t.Fatalf("changes: %+v", got)
	}
	return got[0]
}

func movedByHand(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	_, cursor := look(t, c, "")
	ev, other := put(t, c, event(w, "a1", 10)), put(t, c, event(w, "a2", 14))
	_, cursor = look(t, c, cursor, ev, other)
	w.Pass(time.Minute)
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) {
		ev.From, ev.To, ev.Location = ev.From.Add(2*time.Hour), ev.To.Add(2*time.Hour), "Park"
	})
	w.Pass(time.Minute)
	got, next := look(t, c, cursor, ev, other)
	change := one(t, got, "a1")
	if change.Deleted || !change.Event.From.Equal(at(w, 0, 12)) || change.Event.Location != "Park" || change.Event.OneToOne != ev.OneToOne {
		t.Errorf("seen as %+v", change)
	}
	// Once it is known by its new ETag it is no change any more, and can be put upon.
	ev = change.Event
	if got, _ := look(t, c, next, ev, other); len(got) != 0 {
		t.Errorf("seen again: %+v", got)
	}
	ev.Title = "Another title"
	put(t, c, ev)
	if got, _ := w.Stands(t, "a1"); got.Title != "Another title" || got.Location != "Park" {
		t.Errorf("stands as %+v", got)
	}
}

func deletedByHand(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	_, cursor := look(t, c, "")
	ev, other := put(t, c, event(w, "a1", 10)), put(t, c, event(w, "a2", 14))
	_, cursor = look(t, c, cursor, ev, other)
	w.Pass(time.Minute)
	w.Delete(t, "a1")
	w.Pass(time.Minute)
	got, _ := look(t, c, cursor, ev, other)
	if change := one(t, got, "a1"); !change.Deleted {
		t.Errorf("seen as %+v", change)
	}
}

func changesReplay(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	_, cursor := look(t, c, "")
	ev := put(t, c, event(w, "a1", 10))
	_, cursor = look(t, c, cursor, ev)
	w.Pass(time.Minute)
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) { ev.Location = "Park" })
	w.Pass(time.Minute)
	for range 2 { // the process died before the first was handled
		got, _ := look(t, w.Calendar(t), cursor, ev)
		if change := one(t, got, "a1"); change.Event.Location != "Park" {
			t.Errorf("seen as %+v", change)
		}
	}
}

func typed(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	_, cursor := look(t, c, "")
	ev := put(t, c, event(w, "a1", 10))
	_, cursor = look(t, c, cursor, ev)
	w.Pass(time.Minute)
	words := ev.Text + "Ana: call two reporters; by Fri, \\ or so\nme - send the plan, tomorrow\n"
	w.Edit(t, "a1", func(ev *scheduler.CalendarEvent) { ev.Text = words })
	w.Pass(time.Minute)
	got, _ := look(t, c, cursor, ev)
	if change := one(t, got, "a1"); change.Event.Text != words {
		t.Errorf("read as %q, was typed as %q", change.Event.Text, words)
	}
}

// wantBusy compares, between two hours of day 0, merged.
func wantBusy(t *testing.T, got []slots.Busy, err error, want ...slots.Interval) {
	t.Helper()
	if err != nil {
		t.Errorf("busy: %v", err)
		return
	}
	if have := merged(got); !slices.EqualFunc(have, want, func(a, b slots.Interval) bool { return a.From.Equal(b.From) && a.To.Equal(b.To) }) {
		t.Errorf("busy: %v\nwant: %v", have, want)
	}
}

func merged(list []slots.Busy) []slots.Interval {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b slots.Busy) int { return a.From.Compare(b.From) })
	var out []slots.Interval
	for _, b := range list {
		if n := len(out); n > 0 && !b.From.After(out[n-1].To) {
			if b.To.After(out[n-1].To) {
				out[n-1].To = b.To
			}
			continue
		}
		out = append(out, slots.Interval{From: b.From.UTC(), To: b.To.UTC()})
	}
	return out
}

func busy(t *testing.T, w CalendarWorld) {
	w.Meet(t, false, Meeting{UID: "m1@example.org", Title: "Dentist", From: at(w, 0, 9), To: at(w, 0, 10), Zone: zone.String()})
	w.Meet(t, true, Meeting{UID: "m2@example.org", Title: "Choir", From: at(w, 0, 12), To: at(w, 0, 13), Zone: zone.String()})
	w.Meet(t, true, Meeting{UID: "m3@example.org", Title: "Another day", From: at(w, 3, 12), To: at(w, 3, 13), Zone: zone.String()})
	c := w.Calendar(t)
	got, err := c.Busy(t.Context(), at(w, 0, 8), at(w, 0, 18))
	wantBusy(t, got, err, slots.Interval{From: at(w, 0, 9), To: at(w, 0, 10)}, slots.Interval{From: at(w, 0, 12), To: at(w, 0, 13)})
	w.Pass(time.Minute)
	w.Meet(t, true, Meeting{UID: "m4@example.org", Title: "New", From: at(w, 0, 15), To: at(w, 0, 16), Zone: zone.String()})
	w.Pass(time.Minute)
	got, err = c.Busy(t.Context(), at(w, 0, 14), at(w, 0, 18))
	wantBusy(t, got, err, slots.Interval{From: at(w, 0, 15), To: at(w, 0, 16)})
}

func notBusy(t *testing.T, w CalendarWorld) {
	m := Meeting{UID: "m1@example.org", Title: "Birthday of a friend", From: at(w, 0, 9), To: at(w, 0, 10), Zone: zone.String(), Free: true}
	w.Meet(t, false, m)
	m.UID, m.Title, m.Free, m.Declined = "m2@example.org", "Declined", false, true
	w.Meet(t, false, m)
	got, err := w.Calendar(t).Busy(t.Context(), at(w, 0, 8), at(w, 0, 18))
	wantBusy(t, got, err)
}

func recurring(t *testing.T, w CalendarWorld) {
	// Every day for a year, begun long before the day that is looked at.
	from := day(w, -300).Add(9 * time.Hour).UTC()
	if from.In(zone).Hour() != 9 { // that night clocks changed
		from = day(w, -301).Add(9 * time.Hour).UTC()
	}
	w.Meet(t, false, Meeting{UID: "m1@example.org", Title: "Stand-up", From: from, To: from.Add(30 * time.Minute), Zone: zone.String(), Rule: "FREQ=DAILY;COUNT=400"})
	first := time.Date(day(w, 0).Year(), day(w, 0).Month(), day(w, 0).Day(), 9, 0, 0, 0, zone).UTC()
	got, err := w.Calendar(t).Busy(t.Context(), at(w, 0, 8), at(w, 0, 18))
	wantBusy(t, got, err, slots.Interval{From: first, To: first.Add(30 * time.Minute)})
}

func wholeDays(t *testing.T, w CalendarWorld) {
	date := func(n int) time.Time {
		y, m, d := day(w, n).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	w.Meet(t, false, Meeting{UID: "m1@example.org", Title: "Holiday", From: date(1), To: date(2), AllDay: true})
	got, err := w.Calendar(t).Busy(t.Context(), day(w, 0).UTC(), day(w, 3).UTC())
	wantBusy(t, got, err, slots.Interval{From: day(w, 1).UTC(), To: day(w, 2).UTC()})
}

func ownBusy(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ev := put(t, c, event(w, "a1", 10))
	w.Meet(t, false, Meeting{UID: "m1@example.org", Title: "Dentist", From: at(w, 0, 9), To: at(w, 0, 10), Zone: zone.String()})
	w.Pass(time.Minute)
	for _, c := range []Calendar{c, w.Calendar(t)} { // also after a restart
		got, err := c.Busy(t.Context(), at(w, 0, 8), at(w, 0, 18))
		wantBusy(t, got, err, slots.Interval{From: at(w, 0, 9), To: at(w, 0, 10)})
	}
	if err := c.Remove(t.Context(), ref(ev)); err != nil {
		t.Fatal(err)
	}
}

func personBusy(t *testing.T, w CalendarWorld) {
	w.Share(t, person, Meeting{UID: "p1@example.org", Title: "Shift", From: at(w, 0, 11), To: at(w, 0, 15), Zone: zone.String()})
	c := w.Calendar(t)
	got, visible, err := c.PersonBusy(t.Context(), person, at(w, 0, 8), at(w, 0, 18))
	if !visible {
		t.Error("a shared calendar is not visible")
	}
	wantBusy(t, got, err, slots.Interval{From: at(w, 0, 11), To: at(w, 0, 15)})
	got, visible, err = c.PersonBusy(t.Context(), "lee@example.net", at(w, 0, 8), at(w, 0, 18))
	if visible || len(got) != 0 || err != nil {
		t.Errorf("a calendar that is not shared: %v, %v, %v", got, visible, err)
	}
}

func injured(t *testing.T, w CalendarWorld) {
	w.Meet(t, true, Meeting{UID: "m1@example.org", Title: "Choir", From: at(w, 0, 12), To: at(w, 0, 13), Zone: zone.String()})
	c := w.Calendar(t)
	if _, err := c.Busy(t.Context(), at(w, 0, 8), at(w, 0, 18)); err != nil {
		t.Fatal(err)
	}
	w.Injure(t)
	w.Pass(time.Minute)
	if got, err := c.Busy(t.Context(), at(w, 0, 8), at(w, 0, 18)); err == nil {
		t.Errorf("an unreadable calendar reads as %v", got)
	}
}

func calendarWatchEnds(t *testing.T, w CalendarWorld) {
	c := w.Calendar(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Watch(ctx, func() {}) }()
	cancel()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("watching ended with %v", err)
	}
}
