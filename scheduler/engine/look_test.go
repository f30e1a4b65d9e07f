package engine_test

import (
	"context"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
)

// dear is a mailbox that counts how often it is looked at, and says when nothing is new.
type dear struct {
	engine.Mailbox
	quiet   bool
	fetched int
	err     error
}

func (d *dear) Quiet() bool { return d.quiet }
func (d *dear) Fetch(ctx context.Context, cursor string, want func(scheduler.Head) bool) ([]scheduler.Mail, string, error) {
	d.fetched++
	if d.err != nil {
		return nil, cursor, d.err
	}
	return d.Mailbox.Fetch(ctx, cursor, want)
}

type dearCalendar struct {
	engine.Calendar
	quiet bool
	read  int
}

func (d *dearCalendar) Quiet() bool { return d.quiet }
func (d *dearCalendar) Changes(ctx context.Context, cursor string, watched []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	d.read++
	return d.Calendar.Changes(ctx, cursor, watched)
}

// TestLooksAreSaved: a turn that nothing has called for looks at nothing; whatever is done
// is done on a fresh look.
func TestLooksAreSaved(t *testing.T) {
	w := newWorld(t, 5, 0)
	box, cal := &dear{Mailbox: w.box, quiet: true}, &dearCalendar{Calendar: w.calendar, quiet: true}
	w.account.Mailbox, w.account.Calendar = box, cal
	w.account.Organizer.Policy.Approve = scheduler.ApproveNone
	w.start()
	turn := func(what string, mail, calendar int) {
		t.Helper()
		box.fetched, cal.read = 0, 0
		if _, err := w.engine.Turn(context.Background(), "maria", w.now); err != nil && box.err == nil {
			t.Fatal(err)
		}
		if box.fetched != mail || cal.read != calendar {
			t.Errorf("%s: the mail was read %d times, the calendar %d times, want %d and %d", what, box.fetched, cal.read, mail, calendar)
		}
	}
	for len(w.mails) < 4 { // offers with holds, which are watched
		w.now = w.now.Add(time.Hour)
		if _, err := w.engine.Turn(context.Background(), "maria", w.now); err != nil {
			t.Fatal(err)
		}
	}
	turn("just read", 0, 0)
	w.now = w.now.Add(5 * time.Minute)
	turn("nothing new", 0, 0)

	cal.quiet = false
	turn("time to look at the calendar, on which nothing changed", 0, 1)
	cal.quiet = true
	w.humanHold()
	turn("an edit that nobody has told of yet", 0, 0)
	cal.quiet = false
	turn("an edit: the mail is read before it is followed", 1, 2)
	cal.quiet = true

	box.quiet = false
	turn("news that indy has no business with", 1, 0)
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: "ana@example.org"}, Subject: "hello"}, Text: "How are you?"})
	turn("a mail of somebody's: the calendar as well", 1, 1)
	box.quiet = true

	box.err = &scheduler.Failure{Kind: scheduler.Again}
	box.quiet = false
	turn("a mailbox that cannot be read", 1, 0)
	box.quiet, box.err = true, nil
	turn("after that it is read, whatever it says", 1, 0)

	s, err := w.engine.State(context.Background(), "maria")
	if err != nil {
		t.Fatal(err)
	}
	if w.now = s.Wake(w.now); w.now.IsZero() {
		t.Fatal("there is nothing to wait for")
	}
	box.fetched, cal.read = 0, 0
	if _, err := w.engine.Turn(context.Background(), "maria", w.now); err != nil || box.fetched == 0 || cal.read == 0 {
		t.Errorf("something is due: the mail was read %d times, the calendar %d times, %v", box.fetched, cal.read, err)
	}
	// An order by hand leaves a mail that is due: nothing goes before the mail was read.
	if err := w.engine.Handle(context.Background(), "maria", "", scheduler.Ordered{Verb: "digest"}, w.now); err != nil {
		t.Fatal(err)
	}
	if err := w.engine.Handle(context.Background(), "maria", "", scheduler.Woke{Late: 48 * time.Hour}, w.now); err != nil {
		t.Fatal(err)
	}
	box.fetched = 0
	if _, err := w.engine.Turn(context.Background(), "maria", w.now); err != nil || box.fetched == 0 {
		t.Errorf("a mail is due and the mailbox was not read: %v", err)
	}
}

// humanHold takes a hold off the calendar by hand.
func (w *world) humanHold() {
	for id, ev := range w.calendar.events {
		if ev.Tentative {
			delete(w.calendar.events, id)
			w.calendar.gone[id] = true
			return
		}
	}
	w.t.Fatal("no time is held")
}
