package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/integrations/mail"
	"indy/scheduler"
)

// TestAWholeOneToOneOnGoogle lives through one from the first offer to the digest, on
// Gmail and Google Calendar as the fake plays them: moved and cancelled from both sides,
// held, debriefed, summed up, its promise asked after and kept.
func TestAWholeOneToOneOnGoogle(t *testing.T) {
	for name, edits := range arcs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newArc(t, edits...).play()
		})
	}
}

// arcs are the ways in which it is lived through: indy mails the invites, or Google does.
var arcs = map[string][]string{
	"ical":   nil,
	"google": {"credentials = \"client.json\"\n", "credentials = \"client.json\"\ninvites = \"google\"\n"},
}

// newArc is a day on which Maria's indy may write as often as it likes, asking nobody. Its
// salt is known, so that two lives give the same names to the same things.
func newArc(t *testing.T, edits ...string) *googleDay {
	t.Helper()
	d := newGoogleDay(t, append([]string{"mails_per_day = 5", "mails_per_day = 5\napprove = \"none\""}, edits...)...)
	d.h.engine.Salt = func() string { return "a salt" }
	d.pass(20 * time.Minute)
	return d
}

// step is one act of the arc, the mails that follow from it, and what must be so when all of
// that has happened.
type step struct {
	name string
	act  func() // nil: time passes
	gets []arrival
	then func() // nil: nothing but what pictures show
}

// arrival is a mail of a kind that somebody gets.
type arrival struct {
	who  *googletest.User
	kind scheduler.MailKind
}

// play lives through the arc and says what it looked like after each step.
func (d *googleDay) play() (pictures []picture) {
	d.t.Helper()
	for _, s := range d.arc() {
		if s.act != nil {
			s.act()
		}
		for _, a := range s.gets {
			d.last[a.kind] = d.gets(a.who, a.kind)
		}
		d.settle()
		if s.then != nil {
			s.then()
		}
		pictures = append(pictures, d.picture(s.name))
	}
	if drafts := d.maria.Mails("DRAFT"); len(drafts) != 0 {
		d.t.Errorf("%d drafts are left over", len(drafts))
	}
	return pictures
}

// settle lets time pass until twenty past some hour, so late that whatever had to be tried
// again has happened, and so that people act at the same minute whatever went wrong.
func (d *googleDay) settle() {
	d.t.Helper()
	hour := d.now().Add(50 * time.Minute).Truncate(time.Hour)
	d.pass(hour.Sub(d.now()))
	d.turn()
	d.pass(hour.Add(20 * time.Minute).Sub(d.now()))
}

// arc are the steps of the arc, in order.
func (d *googleDay) arc() []step {
	return append(d.untilAgreed(), append(d.untilFollowedUp(), d.untilDigest()...)...)
}

// untilAgreed goes through offers, moves and cancellations from both sides.
func (d *googleDay) untilAgreed() []step {
	var first googletest.Event
	meeting := func() googletest.Event {
		d.t.Helper()
		events := d.maria.Events("")
		if len(events) != 1 || events[0].Status != "confirmed" {
			d.t.Fatalf("on Maria's calendar: %+v", events)
		}
		return events[0]
	}
	stands := func(later time.Duration) func() {
		return func() {
			d.t.Helper()
			d.stage(scheduler.Agreed)
			if m, e := d.one(), meeting(); !m.Meeting.From.Equal(e.From) || later != 0 && !e.From.Equal(first.From.Add(later)) {
				d.t.Errorf("it is at %s, and on the calendar at %s", m.Meeting.From, e.From)
			}
			d.labels(d.thread(d.last[scheduler.MailOffer].Subject()), "indy/agreed")
		}
	}
	offered := func() {
		d.t.Helper()
		d.stage(scheduler.Offered)
		if n := len(d.maria.Events("")); n != 3 {
			d.t.Errorf("%d times are held", n)
		}
		d.labels(d.thread(d.last[scheduler.MailOffer].Subject()), "indy/offered")
	}
	invited := []arrival{{d.ana, scheduler.MailInvite}}
	return []step{
		{"offered", nil, []arrival{{d.ana, scheduler.MailOffer}}, offered},
		{"agreed", func() { d.ana.Reply(d.last[scheduler.MailOffer], "The last one works for me!") }, invited, stands(0)},
		{"moved by Ana's words", func() {
			first = meeting()
			d.ana.Reply(d.last[scheduler.MailInvite], "Could we start half an hour later, at "+first.From.Add(30*time.Minute).In(d.zone()).Format("3:04pm")+"?")
		}, []arrival{{d.ana, scheduler.MailUpdate}}, stands(30 * time.Minute)},
		{"moved by Maria's hand", func() {
			e := meeting()
			d.maria.MoveTo("", e.ID, e.From.Add(24*time.Hour), e.To.Add(24*time.Hour))
		}, []arrival{{d.ana, scheduler.MailUpdate}}, stands(24*time.Hour + 30*time.Minute)},
		{"called off by Maria's hand", func() { d.maria.Delete("", first.ID) }, []arrival{{d.ana, scheduler.MailCancel}}, offered},
		{"agreed again", func() { d.ana.Reply(d.last[scheduler.MailCancel], "The second one is good.") }, invited, stands(0)},
		{"called off by Ana's words", func() {
			d.ana.Reply(d.last[scheduler.MailInvite], "I am so sorry, something came up and I can't make it. Can we find another time?")
		}, []arrival{{d.ana, scheduler.MailCancel}}, offered},
		{"agreed for good", func() { d.ana.Reply(d.last[scheduler.MailCancel], "The last one works.") }, invited, stands(0)},
	}
}

// untilFollowedUp goes through the day before, the meeting, and what Maria has to tell of it.
func (d *googleDay) untilFollowedUp() []step {
	is := func(s scheduler.Stage) func() { return func() { d.t.Helper(); d.stage(s) } }
	return []step{
		{"the day before", nil, []arrival{{d.ana, scheduler.MailReminder}, {d.maria, scheduler.MailBrief}}, is(scheduler.Agreed)},
		{"met", nil, []arrival{{d.maria, scheduler.MailDebrief}}, is(scheduler.Met)},
		{"told", func() {
			d.maria.Reply(d.last[scheduler.MailDebrief], "Her brother sits on the council.\nAsk: yes\nAna: call two reporters in 5 days\nme: send her the plan tomorrow\nAgain in 3 weeks")
		}, []arrival{{d.maria, scheduler.MailReadBack}}, is(scheduler.Met)},
		{"followed up", func() { d.maria.Reply(d.last[scheduler.MailReadBack], "ok") },
			[]arrival{{d.ana, scheduler.MailSummary}, {d.maria, scheduler.MailOwnSummary}}, is(scheduler.FollowedUp)},
	}
}

// untilDigest goes through the promises to the week's end.
func (d *googleDay) untilDigest() []step {
	return []step{
		{"asked about her promise", nil, []arrival{{d.ana, scheduler.MailCheckIn}}, nil},
		{"kept", func() { d.ana.Reply(d.last[scheduler.MailCheckIn], "Done!") }, nil, func() {
			s, err := d.h.engine.State(d.t.Context(), d.who)
			if err != nil {
				d.t.Fatal(err)
			}
			for _, step := range s.Steps {
				if step.ByPerson && step.State != scheduler.StepDone {
					d.t.Errorf("%q is %s", step.Action, step.State)
				}
			}
		}},
		{"the week", nil, []arrival{{d.maria, scheduler.MailDigest}}, func() {
			for _, m := range d.ana.Mails("INBOX") {
				read, err := mail.Read(bytes.NewReader(m.Raw))
				if err != nil || strings.Contains(string(m.Raw)+read.Text, "brother") {
					d.t.Errorf("Maria's private notes reached Ana: %s (%v)", m.Subject(), err)
				}
			}
		}},
	}
}

func (d *googleDay) zone() *time.Location { return d.h.cfg.Organizers[0].Zone }
