package main

import (
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/scheduler"
)

func newDraftsDay(t *testing.T) *googleDay {
	return newGoogleDay(t, "mails_per_day = 5", "mails_per_day = 5\napprove = \"drafts\"\nnotice = \"5d\"\nnudge_after = \"1d\"")
}

// draft is the one draft that waits, with these words in it.
func (d *googleDay) draft(words string) googletest.Mail {
	d.t.Helper()
	list := d.maria.Mails("DRAFT")
	if len(list) != 1 || !strings.Contains(list[0].Subject()+list[0].Text(), words) {
		for _, m := range list {
			d.t.Logf("a draft: %s", m.Subject())
		}
		d.t.Fatalf("%d drafts, want one with %q", len(list), words)
	}
	return list[0]
}

// TestDrafts: indy writes, Maria sends, and what she sends is no stepping in.
func TestDrafts(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	d.received(d.ana, 0)
	offer := d.draft("")
	version := d.version()
	d.until(d.now().Add(3 * 24 * time.Hour)) // longer than a person has to answer
	d.received(d.ana, 0)
	if offer.ID != d.draft("").ID {
		t.Error("another draft was made")
	}
	if v := d.version(); v > version+4 { // the cursors, now and then; never for looking at a draft
		t.Errorf("%d commits while a draft waited", v-version)
	}
	d.maria.SendDraft(offer, "")
	sent := d.now()
	got := d.next(d.ana, offer.Subject())
	d.stage(scheduler.Offered)
	if at := d.one().Offer.At; at.Before(sent) {
		t.Errorf("the time to answer began at %s, before the offer was sent", at)
	}
	d.ana.Reply(got, "The last one works for me!")
	d.turn()
	d.stage(scheduler.Agreed)
	invite := d.draft("on the calendar for both of us")
	d.maria.SendDraft(invite, "")
	d.next(d.ana, invite.Subject())
	d.until(d.now().Add(40 * time.Minute))
	d.stage(scheduler.Agreed)
	for _, m := range d.maria.Mails("INBOX") {
		if strings.Contains(m.Subject(), "ok") || strings.Contains(m.Text(), "waits for your ok") {
			t.Errorf("asked for an ok as well: %s", m.Subject())
		}
	}
}

// TestAMendedDraft is sent with other words: it is the same mail all the same.
func TestAMendedDraft(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	d.maria.SendDraft(d.draft(""), "Hi Ana, any of the times above?\r\n")
	got := d.next(d.ana, "any of the times above")
	d.turn()
	d.stage(scheduler.Offered)
	d.ana.Reply(got, "Sure, the first one!")
	d.turn()
	d.stage(scheduler.Agreed)
}

// TestADeletedDraft is not written again: Maria is asked.
func TestADeletedDraft(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	d.maria.DeleteDraft(d.draft(""))
	d.next(d.maria, "Ana Ruiz")
	d.stage(scheduler.WithOrganizer)
	if n := len(d.maria.Mails("DRAFT")); n != 0 {
		t.Errorf("%d drafts", n)
	}
	d.received(d.ana, 0)
	s, err := d.h.engine.State(t.Context(), d.who)
	if err != nil {
		t.Fatal(err)
	}
	asks := 0
	for _, n := range s.Desk.Needs {
		if n.Why == scheduler.ReasonUnknown {
			asks++
		}
	}
	if asks != 1 {
		t.Errorf("on Maria's list: %+v", s.Desk.Needs)
	}
}

// TestADraftThatIsNotSentInTime comes to nothing: its times are over, and Maria is asked.
func TestADraftThatIsNotSentInTime(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	d.draft("")
	d.until(d.one().Offer.Slots[0].From.Add(time.Hour))
	d.next(d.maria, "not sent in time")
	d.stage(scheduler.WithOrganizer)
	d.received(d.ana, 0)
	if holds := d.maria.Events(""); len(holds) != 0 {
		t.Errorf("%d times are still held", len(holds))
	}
}

// TestADraftOutlivesARestart: the new process neither sends it nor makes another.
func TestADraftOutlivesARestart(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	offer := d.draft("")
	path := d.h.cfg.Path
	if err := d.h.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(path)
	d.turn()
	if d.draft("").ID != offer.ID {
		t.Error("another draft was made")
	}
	d.maria.SendDraft(offer, "")
	d.next(d.ana, offer.Subject())
	d.stage(scheduler.Offered)
	d.turn()
	d.received(d.ana, 1)
}

// version counts what was committed for Maria.
func (d *googleDay) version() int64 {
	d.t.Helper()
	m, err := d.h.store.Load(d.t.Context(), d.h.cfg.Team.Name, d.who, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return m.Version
}
