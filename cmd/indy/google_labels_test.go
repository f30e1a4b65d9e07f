package main

import (
	"slices"
	"testing"

	"indy/scheduler"
)

// anasLine is in the config, for edits.
const anasLine = "address = \"ana@example.org\"\n"

// TestLabelsAreOrders goes from a conversation with a label on it to an offer, and back to
// the organizer by another label.
func TestLabelsAreOrders(t *testing.T) {
	t.Parallel()
	d := newGoogleDay(t, anasLine, anasLine+"every = \"never\"\n")
	d.turn()
	d.received(d.ana, 0)
	d.ana.Write("maria@example.org", "the river", "I would love to help.")
	d.turn()
	hello, ok := d.unread(d.maria, saying("the river"))
	if !ok {
		t.Fatal("Ana's mail did not come")
	}
	d.maria.Label(hello.Thread, "indy/propose")
	offer := d.next(d.ana, "Maria")
	d.stage(scheduler.Offered)
	d.labels(hello.Thread)
	thread := d.thread(offer.Subject())
	d.labels(thread, "indy/offered")
	d.turn()
	d.received(d.ana, 1) // an order is carried out once

	d.maria.Label(thread, "indy/hands-off")
	d.turn()
	d.stage(scheduler.WithOrganizer)
	d.labels(thread, "indy/with-you")
	if holds := d.maria.Events(""); len(holds) != 0 {
		t.Errorf("%d times are still held", len(holds))
	}
}

// TestLabelOrdersOutliveACrash: the order is on disk before the mailbox is read on.
func TestLabelOrdersOutliveACrash(t *testing.T) {
	t.Parallel()
	d := newGoogleDay(t, anasLine, anasLine+"every = \"never\"\n")
	d.turn()
	d.ana.Write("maria@example.org", "the river", "I would love to help.")
	d.turn()
	hello, _ := d.unread(d.maria, saying("the river"))
	d.maria.Label(hello.Thread, "indy/propose")
	if _, err := d.h.engine.Turn(t.Context(), d.who, d.now()); err != nil {
		t.Fatal(err)
	}
	path := d.h.cfg.Path
	if err := d.h.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(path)
	d.next(d.ana, "Maria")
	d.turn()
	d.received(d.ana, 1)
	d.labels(hello.Thread)
}

// TestALabelAboutNobody asks the organizer, and takes the label off.
func TestALabelAboutNobody(t *testing.T) {
	t.Parallel()
	d := newGoogleDay(t, anasLine, anasLine+"every = \"never\"\n")
	d.turn()
	d.g.AddUser("dana@example.org", "Dana", "America/New_York").Write("maria@example.org", "a leaflet", "Here it is.")
	leaflet, ok := d.unread(d.maria, saying("a leaflet"))
	if !ok {
		t.Fatal("Dana's mail did not come")
	}
	d.maria.Label(leaflet.Thread, "indy/propose")
	d.next(d.maria, "indy/propose: a leaflet")
	d.labels(leaflet.Thread)
	d.received(d.ana, 0)
}

// labels checks which labels of ours stand on one of Maria's conversations.
func (d *googleDay) labels(thread string, want ...string) {
	d.t.Helper()
	for _, name := range []string{"indy/propose", "indy/hands-off", "indy/offered", "indy/agreed", "indy/met", "indy/followed-up", "indy/with-you", "indy/paused", "indy/stopped"} {
		stands := false
		for _, m := range d.maria.Mails(name) {
			stands = stands || m.Thread == thread
		}
		if stands != slices.Contains(want, name) {
			d.t.Errorf("%s stands on the conversation: %v", name, stands)
		}
	}
}

// thread is Maria's conversation with a mail that she sent.
func (d *googleDay) thread(subject string) string {
	d.t.Helper()
	for _, m := range d.maria.Mails("SENT") {
		if m.Subject() == subject {
			return m.Thread
		}
	}
	d.t.Fatalf("nothing was sent as %q", subject)
	return ""
}
