package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// TestAWholeOneToOneOnGoogle lives through one from the first offer to the digest, on
// Gmail and Google Calendar as the fake plays them: moved and cancelled from both sides,
// held, debriefed, summed up, its promise asked after and kept.
func TestAWholeOneToOneOnGoogle(t *testing.T) {
	d := newArc(t)
	d.play()
}

// allCuts makes TestCutsInTheArc try every point; without it, some of each stretch.
var allCuts = flag.Bool("all-cuts", false, "cut the line at every call of the arc")

// TestCutsInTheArc breaks the line before and after calls of it: Ana gets the same mails,
// each once, all the same.
func TestCutsInTheArc(t *testing.T) {
	if testing.Short() {
		t.Skip("not in -short: the sweep takes a while")
	}
	plain := newArc(t)
	plain.play()
	want, calls := subjects(plain.ana), plain.g.Calls()
	stride, points := len(calls)/12, 0
	if *allCuts {
		stride = 1
	}
	for n := 0; n < len(calls); n += stride {
		for how, f := range map[string]googletest.Fault{"before": {CutBefore: true}, "after": {CutAfter: true}} {
			points++
			f.Nth = n + 1
			t.Run(fmt.Sprintf("%d %s %s", n+1, calls[n], how), func(t *testing.T) {
				d := newArc(t)
				d.cutting, d.cuts = true, 5
				d.g.Inject(f)
				d.play()
				if got := subjects(d.ana); !slices.Equal(got, want) {
					t.Errorf("Ana got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			})
		}
	}
	t.Logf("%d calls, %d points at which the line was cut", len(calls), points)
}

// subjects are those of the mails that somebody got, without the days in them.
func subjects(x *googletest.User) (list []string) {
	for _, m := range x.Mails("INBOX") {
		words, _, _ := strings.Cut(m.Subject(), ",")
		words, _, _ = strings.Cut(words, ":")
		list = append(list, strings.TrimSpace(words))
	}
	return list
}

func newArc(t *testing.T) *googleDay {
	t.Helper()
	return newGoogleDay(t, "mails_per_day = 5", "mails_per_day = 5\napprove = \"none\"")
}

// play lives through the arc.
func (d *googleDay) play() {
	t := d.t
	t.Helper()
	offer := d.next(d.ana, "Maria")
	thread := d.thread(offer.Subject())
	d.labels(thread, "indy/offered")
	if len(d.maria.Events("")) != 3 {
		t.Errorf("%d times are held", len(d.maria.Events("")))
	}
	d.ana.Reply(offer, "The last one works for me!")
	invite := d.next(d.ana, "method=REQUEST")
	d.stage(scheduler.Agreed)
	d.labels(thread, "indy/agreed")

	// Maria moves it on her calendar, then calls it off there.
	event := d.maria.Events("")[0]
	d.maria.MoveTo("", event.ID, event.From.Add(24*time.Hour), event.To.Add(24*time.Hour))
	d.next(d.ana, "method=REQUEST")
	if m := d.one(); !m.Meeting.From.Equal(event.From.Add(24 * time.Hour)) {
		t.Errorf("after Maria's move it is at %s", m.Meeting.From)
	}
	d.maria.Delete("", event.ID)
	off := d.next(d.ana, "method=CANCEL")
	d.stage(scheduler.Offered)

	// Ana takes another time, and calls that one off by a mail.
	d.ana.Reply(off, "The second one is good.")
	d.next(d.ana, "method=REQUEST")
	d.stage(scheduler.Agreed)
	d.ana.Reply(invite, "I am so sorry, something came up and I can't make it. Can we find another time?")
	again := d.next(d.ana, "is off")
	d.stage(scheduler.Offered)
	d.ana.Reply(again, "The last one works.")
	d.next(d.ana, "method=REQUEST")
	d.stage(scheduler.Agreed)
	if events := d.maria.Events(""); len(events) != 1 {
		t.Fatalf("on Maria's calendar: %+v", events)
	}

	// The day before, the meeting, and what Maria has to tell of it.
	d.next(d.ana, "See you tomorrow")
	d.next(d.maria, "Ana Ruiz, ")
	ask := d.next(d.maria, "How was it with Ana?")
	d.stage(scheduler.Met)
	d.labels(thread, "indy/met")
	d.maria.Reply(ask, "Her brother sits on the council.\nAsk: yes\nAna: call two reporters in 5 days\nme: send her the plan tomorrow\nAgain in 3 weeks")
	readBack := d.next(d.maria, "Before it goes to Ana")
	d.maria.Reply(readBack, "ok")
	summary := d.next(d.ana, "and what we agreed")
	if strings.Contains(summary.Text(), "brother") {
		t.Error("Ana reads Maria's private notes")
	}
	d.stage(scheduler.FollowedUp)
	d.labels(thread, "indy/followed-up")
	d.next(d.maria, "you and Ana agreed")

	// Promises, and the week.
	checkIn := d.next(d.ana, "How is it going?")
	d.ana.Reply(checkIn, "Done!")
	d.turn()
	s, err := d.h.engine.State(t.Context(), d.who)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range s.Steps {
		if step.ByPerson && step.State != scheduler.StepDone {
			t.Errorf("%q is %s", step.Action, step.State)
		}
	}
	d.next(d.maria, "Your week")
	for _, m := range d.ana.Mails("INBOX") {
		if strings.Contains(string(m.Raw), "brother") {
			t.Errorf("Maria's private notes reached Ana: %s", m.Subject())
		}
	}
	if drafts := d.maria.Mails("DRAFT"); len(drafts) != 0 {
		t.Errorf("%d drafts are left over", len(drafts))
	}
}
