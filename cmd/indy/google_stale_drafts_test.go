package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/scheduler"
	"indy/scheduler/replies"
)

// drafts are the subjects of what lies among Maria's drafts.
func (d *googleDay) drafts() (list []string) {
	for _, m := range d.maria.Mails("DRAFT") {
		list = append(list, m.Subject())
	}
	return list
}

// noDrafts checks that nothing lies there that could be sent by mistake.
func (d *googleDay) noDrafts() {
	d.t.Helper()
	if list := d.drafts(); len(list) > 0 {
		d.t.Errorf("among the drafts there is still %q", list)
	}
}

func (d *googleDay) order(verb replies.OrderVerb) {
	d.t.Helper()
	if err := d.h.engine.Handle(d.t.Context(), d.who, "", scheduler.Ordered{Verb: verb, Person: "ana-ruiz"}, d.now()); err != nil {
		d.t.Fatal(err)
	}
	d.turn()
}

// agreed goes as far as the invite among the drafts.
func (d *googleDay) agreed() (invite googletest.Mail) {
	d.t.Helper()
	d.turn()
	offer := d.draft("")
	d.maria.SendDraft(offer, "")
	d.ana.Reply(d.next(d.ana, offer.Subject()), "The last one works for me!")
	d.turn()
	d.stage(scheduler.Agreed)
	return d.draft("on the calendar for both of us")
}

// move lets Maria move the meeting on her calendar by a day.
func (d *googleDay) move() {
	d.t.Helper()
	e := d.maria.Events("")[0]
	d.maria.MoveTo("", e.ID, e.From.Add(24*time.Hour), e.To.Add(24*time.Hour))
	d.turn()
}

// TestAnOldInviteCannotBeSent: the meeting was moved while the invite lay among the drafts.
func TestAnOldInviteCannotBeSent(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	old := d.agreed()
	d.move()
	now := d.draft("") // one draft, and it is another
	if now.ID == old.ID {
		t.Fatal("the old invite is still there")
	}
	if !strings.Contains(string(now.Raw), "SEQUENCE:1") {
		t.Errorf("the draft is not the new invite:\n%s", now.Raw)
	}
	if d.maria.SendDraft(old, "") {
		t.Error("the old invite could still be sent")
	}
	d.maria.SendDraft(now, "")
	d.next(d.ana, now.Subject())
	d.turn()
	d.received(d.ana, 2) // the offer, and the invite as it is
	d.stage(scheduler.Agreed)
	d.noDrafts()
	d.needs(nil)
}

// TestWhatNoLongerHoldsIsTakenBack goes through what makes a draft old.
func TestWhatNoLongerHoldsIsTakenBack(t *testing.T) {
	for name, how := range map[string]func(*googleDay){
		"cancelled on the calendar": func(d *googleDay) {
			d.agreed()
			d.maria.Delete("", d.maria.Events("")[0].ID)
			d.turn()
			d.draft("method=CANCEL") // the only one
			d.maria.SendDraft(d.maria.Mails("DRAFT")[0], "")
			d.turn()
		},
		"stopped": func(d *googleDay) {
			d.agreed()
			d.order(replies.OrderStop)
		},
		"the person wrote stop": func(d *googleDay) {
			d.agreed()
			d.ana.Reply(d.ana.Mails("INBOX")[0], "Please take me off your list and do not write to me again.")
			d.turn()
			d.stage(scheduler.Stopped)
		},
		"the organizer took over": func(d *googleDay) {
			d.turn()
			d.draft("")
			d.order(replies.OrderHandsOff)
			d.stage(scheduler.WithOrganizer)
		},
		"snoozed": func(d *googleDay) {
			d.turn()
			d.draft("")
			d.order(replies.OrderSnooze)
			d.stage(scheduler.Paused)
		},
		"the offer expired": func(d *googleDay) {
			d.turn()
			d.draft("")
			d.until(d.one().Offer.Slots[0].From.Add(time.Minute))
			d.turn()
			d.stage(scheduler.WithOrganizer)
		},
		"forgotten": func(d *googleDay) {
			d.turn()
			d.draft("")
			d.order(replies.OrderForget)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDraftsDay(t)
			how(d)
			d.noDrafts()
			d.until(d.now().Add(2 * time.Hour))
			d.noDrafts()
		})
	}
}

// TestANewOfferTakesTheOldOneBack: one draft at a time says what holds.
func TestANewOfferTakesTheOldOneBack(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.turn()
	old := d.draft("")
	d.pass(3 * time.Hour)
	d.order(replies.OrderPropose)
	if d.draft("").ID == old.ID {
		t.Error("the old offer is still there")
	}
	m := d.one()
	if !m.Offer.Draft {
		t.Error("indy believes that the new offer is with Ana")
	}
	d.needs([]scheduler.Reason{scheduler.ReasonDraft})
	now := d.draft("")
	d.maria.SendDraft(now, "")
	got := d.next(d.ana, now.Subject())
	d.labels(d.thread(now.Subject()), "indy/offered")
	d.ana.Reply(got, "The last one works for me!")
	d.turn()
	d.stage(scheduler.Agreed)
}

// needs checks what is on Maria's list.
func (d *googleDay) needs(want []scheduler.Reason) {
	d.t.Helper()
	s, err := d.h.engine.State(d.t.Context(), d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	var got []scheduler.Reason
	for _, n := range s.Desk.Needs {
		got = append(got, n.Why)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.t.Errorf("on Maria's list: %v, want %v", got, want)
	}
}

// TestMariasOwnWordsAreNotDestroyed: a draft that she has written into stays, and she is told.
func TestMariasOwnWordsAreNotDestroyed(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.maria.MendDraft(d.agreed(), "Dear Ana, I look forward to it.\r\n")
	d.turn()
	d.move()
	told := d.next(d.maria, "no longer holds")
	if !strings.Contains(told.Text(), "Delete it") {
		t.Errorf("she is told:\n%s", told.Text())
	}
	if list := d.drafts(); len(list) != 2 {
		t.Fatalf("drafts %q, want hers and the new invite", list)
	}
	d.until(d.now().Add(2 * time.Hour))
	again := 0
	for _, m := range d.maria.Mails("INBOX") {
		if strings.Contains(m.Text(), "no longer holds") {
			again++
		}
	}
	if again != 1 {
		t.Errorf("she was told %d times", again)
	}
	// She sends it all the same: then it is a mail of her own in that conversation.
	d.maria.SendDraft(d.maria.Mails("DRAFT")[0], "")
	d.turn()
	d.stage(scheduler.WithOrganizer)
}

// TestADraftThatWasOnlyOpened is no word of hers, though Gmail has saved it anew.
func TestADraftThatWasOnlyOpened(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	invite := d.agreed()
	d.maria.MendDraft(invite, invite.Text())
	d.move()
	d.draft("")
}

// TestSentJustThen: Maria sends the old invite before it could be taken back. It is known as
// sent, she learns that it no longer holds, and the new one waits for her.
func TestSentJustThen(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	old := d.agreed()
	e := d.maria.Events("")[0]
	d.maria.MoveTo("", e.ID, e.From.Add(24*time.Hour), e.To.Add(24*time.Hour))
	d.g.Inject(googletest.Fault{Method: "gmail.users.drafts.get", Status: 503, Reason: "backendError", Times: 3})
	d.step() // decided, and not taken back yet
	if !d.maria.SendDraft(old, "") {
		t.Fatal("the old invite is gone already: the test proves nothing")
	}
	d.next(d.maria, "just when it no longer held")
	d.stage(scheduler.Agreed)
	now := d.draft("")
	d.maria.SendDraft(now, "")
	d.next(d.ana, now.Subject())
	d.turn()
	d.noDrafts()
	d.stage(scheduler.Agreed)
	d.received(d.ana, 3)
}

// TestTakingBackOutlivesAnything cuts the line before and after every call from the move
// on, and lets the daemon start anew after it: the old invite goes, the new one comes once.
func TestTakingBackOutlivesAnything(t *testing.T) {
	play := func(t *testing.T, restart bool, faults ...googletest.Fault) (calls int) {
		d := newDraftsDay(t)
		old := d.agreed()
		e := d.maria.Events("")[0]
		d.maria.MoveTo("", e.ID, e.From.Add(24*time.Hour), e.To.Add(24*time.Hour))
		before := len(d.g.Calls())
		for _, f := range faults {
			f.Nth += before
			d.g.Inject(f)
		}
		d.cutting, d.cuts = len(faults) > 0, 5
		d.step()
		if restart {
			path := d.h.cfg.Path
			if err := d.h.Close(); err != nil {
				t.Fatal(err)
			}
			d.open(path)
		}
		d.turn()
		d.turn()
		now := d.draft("SEQUENCE:1")
		if now.ID == old.ID || d.maria.SendDraft(old, "") {
			t.Error("the old invite is still there")
		}
		d.needs([]scheduler.Reason{scheduler.ReasonDraft})
		d.stage(scheduler.Agreed)
		calls = len(d.g.Calls()) - before
		d.maria.SendDraft(now, "")
		d.turn()
		d.received(d.ana, 2)
		return calls
	}
	n, points := play(t, false), 0
	for at := range n {
		for how, f := range map[string]googletest.Fault{"before": {CutBefore: true}, "after": {CutAfter: true}} {
			for _, restart := range []bool{false, true} {
				points++
				f.Nth = at + 1
				t.Run(fmt.Sprintf("%d %s, restarted %t", at+1, how, restart), func(t *testing.T) {
					t.Parallel()
					play(t, restart, f)
				})
			}
		}
	}
	t.Logf("%d calls, %d points at which something broke", n, points)
	if n < 5 {
		t.Error("too little happened to prove anything")
	}
}

// TestNothingWaitsBehindADraft: what goes to Maria, and her calendar, do not wait until she
// has sent the invite.
func TestNothingWaitsBehindADraft(t *testing.T) {
	t.Parallel()
	d := newDraftsDay(t)
	d.agreed()
	if n := len(d.maria.Events("")); n != 1 {
		t.Errorf("%d events, want the meeting alone: the holds are off", n)
	}
	d.next(d.maria, "Ana Ruiz, ") // the brief
	d.move()
	if m := d.one(); m.Meeting.Event.ETag == "" {
		t.Error("the event was not followed")
	}
	d.next(d.maria, "How was it with Ana?")
}
