package google_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// arc is a one-to-one's calls in their order, driven as the engine does: save the name
// before the act, look after a doubt, and start anew (as after a crash) whenever
// something fails. It gives up when it is stuck.
type arc struct {
	*world
	mailCursor, calCursor string
	unknown               int
	read                  map[string]bool
}

const patienceOfArc = 25

func (a *arc) until(what string, f func() error) {
	a.t.Helper()
	var err error
	for range patienceOfArc {
		if err = f(); err == nil {
			return
		}
		a.pass(10 * time.Minute)
		a.open()
	}
	a.t.Fatalf("%s: stuck: %v", what, err)
}

// deliver is the life of an effect in the ledger.
func (a *arc) deliver(p scheduler.Parcel) (sent scheduler.Sent) {
	a.t.Helper()
	ref, tried := "", false
	a.until("deliver", func() (err error) {
		if tried {
			s, found, err := a.mail.Find(a.t.Context(), p, ref)
			switch {
			case err != nil:
				return err
			case found == scheduler.WasSent:
				sent = s
				return nil
			case found == scheduler.CannotTell:
				a.unknown++
				return nil
			}
		}
		if ref == "" {
			if ref, err = a.mail.Stage(a.t.Context(), p); err != nil {
				return err
			}
		}
		tried = true
		sent, err = a.mail.Send(a.t.Context(), p, ref)
		return err
	})
	return sent
}

func (a *arc) readMail() (news []scheduler.Mail) {
	a.t.Helper()
	a.until("fetch", func() error {
		mails, next, err := a.mail.Fetch(a.t.Context(), a.mailCursor, func(h scheduler.Head) bool { return h.From.Addr == ana })
		for _, m := range mails {
			if err == nil && !a.read[m.ID] {
				a.read[m.ID] = true
				news = append(news, m)
			}
		}
		if err == nil {
			a.mailCursor = next
		}
		return err
	})
	return news
}

func (a *arc) place(ev scheduler.CalendarEvent) scheduler.CalendarEvent {
	a.t.Helper()
	a.until("put", func() error {
		etag, err := a.cal.Put(a.t.Context(), ev)
		if err == nil {
			ev.ETag = etag
		}
		return err
	})
	return ev
}

func (a *arc) follow(watched ...scheduler.EventRef) (news []scheduler.CalendarChange) {
	a.t.Helper()
	a.until("changes", func() error {
		c, next, err := a.cal.Changes(a.t.Context(), a.calCursor, watched)
		if err == nil {
			news, a.calCursor = c, next
		}
		return err
	})
	return news
}

// play is one one-to-one: offer, answer, hold, invite, a move by hand, a summary, a
// cancellation. It says what reached Ana and what stands on the calendar.
func play(t *testing.T, faults ...googletest.Fault) (calls []string, unknown int) {
	w := newWorld(t, func(o *google.Options) { o.Google = true })
	for _, f := range faults {
		w.g.Inject(f)
	}
	a := &arc{world: w, read: map[string]bool{}}
	a.readMail()
	a.follow()
	a.until("busy", func() error { _, err := a.cal.Busy(t.Context(), start, start.Add(14*24*time.Hour)); return err })
	a.until("person", func() error {
		_, _, err := a.cal.PersonBusy(t.Context(), ana, start, start.Add(time.Hour))
		return err
	})
	hold := coffee()
	hold.ID, hold.Tentative, hold.Attendees = "hold1", true, nil
	hold = a.place(hold)
	first := a.deliver(parcel(ana, "Coffee?", "Tuesday at two?"))
	a.until("mark", func() error {
		// After a start the mailbox is read before anything is delivered.
		if _, _, err := a.mail.Fetch(t.Context(), a.mailCursor, func(scheduler.Head) bool { return false }); err != nil {
			return err
		}
		return a.mail.Mark(t.Context(), first.Thread, "indy/offered")
	})
	w.ana.Reply(w.ana.Mails("INBOX")[0], "Tuesday works")
	answers := a.readMail()
	if len(answers) != 1 || answers[0].Thread != first.Thread {
		t.Fatalf("%d answers", len(answers))
	}
	a.until("remove", func() error { return a.cal.Remove(t.Context(), ref(hold)) })
	ev := a.place(coffee())
	a.deliver(answering(parcel(ana, "Re: Coffee?", "It is agreed"), scheduler.Sent{Thread: first.Thread, MessageID: answers[0].MessageID}))
	a.follow(ref(ev))
	w.maria.MoveTo("", ev.ID, ev.From.Add(time.Hour), ev.To.Add(time.Hour))
	w.ana.Answer(ev.ID, "accepted")
	moved := a.follow(ref(ev))
	if len(moved) != 1 || !moved[0].Event.From.Equal(ev.From.Add(time.Hour)) || moved[0].Event.Attendees[0].PartStat != "ACCEPTED" {
		t.Fatalf("moved by hand: %+v", moved)
	}
	ev = moved[0].Event
	ev.Title = "Coffee, later"
	ev = a.place(ev)
	a.deliver(parcel(ana, "What we agreed", "Thanks!"))
	a.until("remove", func() error { return a.cal.Remove(t.Context(), ref(ev)) })
	a.deliver(parcel(ana, "Cancelled", "Sorry!"))

	var got []string
	for _, m := range w.ana.Mails("INBOX") {
		if !strings.Contains(m.Head.Get("Sender"), "calendar-notification") {
			got = append(got, m.Subject())
		}
	}
	want := []string{"Coffee?", "Re: Coffee?", "What we agreed", "Cancelled"}
	if !slices.Equal(got, want) {
		t.Errorf("Ana got %q", got)
	}
	if len(w.maria.Mails("DRAFT")) != 0 {
		t.Errorf("%d drafts are left over", len(w.maria.Mails("DRAFT")))
	}
	if n := len(w.maria.Events("")) + len(w.ana.Events("")); n != 0 {
		t.Errorf("%d events are left over", n)
	}
	return w.g.Calls(), a.unknown
}

// TestCuts breaks the line before and after every call of the arc, in turn, answers it
// with 503 although it happened, and lets it hang: each mail arrives once all the same.
func TestCuts(t *testing.T) {
	calls, unknown := play(t)
	if unknown != 0 {
		t.Fatal("in doubt without any trouble")
	}
	points := 0
	for n, id := range calls {
		for how, f := range map[string]googletest.Fault{
			"cut before": {CutBefore: true}, "cut after": {CutAfter: true},
			"503 before": {Status: 503, Reason: "backendError"}, "503 after": {Status: 503, Reason: "backendError", After: true},
			"429": {Status: 429, Reason: "rateLimitExceeded", RetryAfter: time.Minute},
		} {
			points++
			f.Nth = n + 1
			t.Run(fmt.Sprintf("%d %s %s", n+1, id, how), func(t *testing.T) {
				if _, unknown := play(t, f); unknown != 0 {
					t.Errorf("%d in doubt, although Google can tell", unknown)
				}
			})
		}
	}
	t.Logf("%d calls, %d points at which something broke", len(calls), points)
}

// TestTwoCuts breaks two calls in one run, the second soon after the first.
func TestTwoCuts(t *testing.T) {
	calls, _ := play(t)
	points := 0
	for n := range calls {
		for _, gap := range []int{1, 2, 3} {
			points++
			play(t, googletest.Fault{Nth: n + 1, CutAfter: true}, googletest.Fault{Nth: n + 1 + gap, CutAfter: true})
		}
	}
	t.Logf("%d pairs of cuts", points)
}
