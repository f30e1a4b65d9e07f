package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler/replies"
)

// takesBack says whether the latest event keeps mails of a kind, in Ana's round, from going.
func (d *desk) takesBack(kind MailKind) bool {
	key := string(d.one().ID) + "/" + string(kind) + "/7"
	return slices.ContainsFunc(d.revoked, func(begins string) bool { return strings.HasPrefix(key, begins) })
}

// TestWhatNoLongerHolds: what happens says which mails must not go any more, and which stay.
func TestWhatNoLongerHolds(t *testing.T) {
	next := func(d *desk) {
		ev := d.event()
		ev.From, ev.To = ev.From.Add(24*time.Hour), ev.To.Add(24*time.Hour)
		d.edit(ev)
	}
	for name, c := range map[string]struct {
		begin func(*testing.T, ...func(*State)) *desk
		do    func(*desk)
		old   []MailKind
		holds []MailKind
	}{
		"they chose":                   {offered, func(d *desk) { d.answer(MailOffer, "2") }, []MailKind{MailOffer, MailNudge, MailCounter}, []MailKind{MailCancel, MailSummary}},
		"they want other times":        {offered, func(d *desk) { d.answer(MailOffer, "none of these work, sorry") }, []MailKind{MailOffer, MailNudge}, []MailKind{MailCancel}},
		"not now":                      {offered, func(d *desk) { d.answer(MailOffer, "not now, maybe in January") }, []MailKind{MailOffer, MailNudge, MailTentative}, []MailKind{MailCancel}},
		"a question":                   {offered, func(d *desk) { d.answer(MailOffer, "Who is this?") }, []MailKind{MailOffer, MailNudge}, []MailKind{MailCancel}},
		"the organizer takes over":     {offered, func(d *desk) { d.do(Ordered{Verb: replies.OrderHandsOff, Person: "ana"}) }, []MailKind{MailOffer, MailNudge, MailCounter}, []MailKind{MailCancel}},
		"snoozed":                      {offered, func(d *desk) { d.do(Ordered{Verb: replies.OrderSnooze, Person: "ana"}) }, []MailKind{MailOffer, MailNudge}, []MailKind{MailCancel}},
		"proposed again":               {offered, func(d *desk) { d.do(Ordered{Verb: replies.OrderPropose, Person: "ana"}) }, []MailKind{MailOffer, MailNudge}, []MailKind{MailCancel}},
		"stop":                         {agreed, func(d *desk) { d.do(Ordered{Verb: replies.OrderStop, Person: "ana"}) }, []MailKind{MailInvite, MailCancel, MailReminder, MailSummary}, nil},
		"moved on the calendar":        {agreed, next, []MailKind{MailInvite, MailUpdate, MailReminder}, []MailKind{MailCancel, MailSummary}},
		"the organizer has the thread": {agreed, func(d *desk) { d.do(Ordered{Verb: replies.OrderHandsOff, Person: "ana"}) }, []MailKind{MailTentative}, []MailKind{MailInvite, MailUpdate, MailReminder, MailCancel}},
		"deleted on the calendar":      {agreed, func(d *desk) { d.do(CalendarChanged{Change: CalendarChange{ID: d.event().ID, Deleted: true}}) }, []MailKind{MailInvite, MailUpdate, MailReminder}, []MailKind{MailCancel}},
		"met by chance":                {agreed, func(d *desk) { d.do(Ordered{Verb: replies.OrderMet, Person: "ana"}) }, []MailKind{MailInvite, MailReminder, MailOffer}, []MailKind{MailCancel}},
	} {
		t.Run(name, func(t *testing.T) {
			d := c.begin(t)
			c.do(d)
			for _, kind := range c.old {
				if !d.takesBack(kind) {
					t.Errorf("a %s may still go: %q", kind, d.revoked)
				}
			}
			for _, kind := range c.holds {
				if d.takesBack(kind) {
					t.Errorf("a %s is kept from going, and it holds: %q", kind, d.revoked)
				}
			}
		})
	}
}

// TestAMootQuestion: a mail about promises asks nothing once each was settled or moved.
func TestAMootQuestion(t *testing.T) {
	written := time.Date(2026, 11, 9, 15, 0, 0, 0, time.UTC)
	s := State{Steps: map[string]NextStep{
		"open": {State: StepOpen, Made: written.Add(-time.Hour)}, "done": {State: StepDone}, "moved": {State: StepOpen, Made: written.Add(time.Hour)}}}
	for _, c := range []struct {
		steps []string
		moot  bool
	}{{nil, false}, {[]string{"open"}, false}, {[]string{"done"}, true}, {[]string{"moved"}, true}, {[]string{"done", "moved"}, true},
		{[]string{"done", "open"}, false}, {[]string{"forgotten"}, true}} {
		if got := s.Moot(ThreadRef{Steps: c.steps}, written); got != c.moot {
			t.Errorf("%q: moot %v", c.steps, got)
		}
	}
}

func byDrafts(s *State) { s.Organizer.Policy.Approve = ApproveDrafts }

// became tells of a mail what became of it.
func (d *desk) became(e Effect, o Outcome, more bool, change ...func(*Delivered)) {
	d.t.Helper()
	ev := Delivered{Key: e.Key, OneToOne: e.OneToOne, Person: e.Person, Kind: e.Letter.Kind, Outcome: o, OurID: e.MessageID, More: more}
	for _, c := range change {
		c(&ev)
	}
	d.do(ev)
}

func (d *desk) needed(why Reason) bool {
	return slices.ContainsFunc(d.s.Desk.Needs, func(n Need) bool { return n.Why == why })
}

// TestATakenBackDraft leaves no trace: nothing answers a mail that never went, and the list
// names the draft that is still there.
func TestATakenBackDraft(t *testing.T) {
	d := offered(t, byDrafts)
	old := d.last(MailOffer)
	d.do(Ordered{Verb: replies.OrderPropose, Person: "ana"})
	now := d.sent[len(d.sent)-1]
	d.became(old, OutcomeWithdrawn, true)
	m := d.one()
	if m.First != now.MessageID || m.Last != now.MessageID || !m.Offer.Draft || !d.needed(ReasonDraft) {
		t.Errorf("the thread is %q to %q, a draft %v, needs %+v", m.First, m.Last, m.Offer.Draft, d.s.Desk.Needs)
	}
	d.forget()
	d.became(now, OutcomeDone, false, func(e *Delivered) { e.MessageID = "theirs@example.org" })
	if m = d.one(); m.First != "theirs@example.org" || m.Offer.Draft || d.needed(ReasonDraft) || len(d.sent) != 0 {
		t.Errorf("sent: the thread is %q, a draft %v, needs %+v, mails %v", m.First, m.Offer.Draft, d.s.Desk.Needs, d.kinds())
	}
}

// invited is a desk whose invite lies among the drafts.
func invited(t *testing.T) (*desk, Effect) {
	d := offered(t, byDrafts)
	d.answer(MailOffer, "2")
	invite := d.last(MailInvite)
	d.forget()
	return d, invite
}

// TestADraftThatIsTold: the organizer hears of an old draft that is still there with words
// of theirs, and of one that they sent.
func TestADraftThatIsTold(t *testing.T) {
	left := func(e *Delivered) { e.Left = true }
	d, invite := invited(t)
	d.became(invite, OutcomeWithdrawn, true, left)
	d.stands(Agreed, MailNeedsYou)
	if !d.needed(ReasonDraftLeft) {
		t.Errorf("needs %+v", d.s.Desk.Needs)
	}
	d, invite = invited(t)
	d.became(invite, OutcomeDone, true, func(e *Delivered) { e.Stale, e.MessageID = true, "x@example.org" })
	d.stands(Agreed, MailNeedsYou)
	if !d.needed(ReasonDraftSent) || !d.needed(ReasonDraft) {
		t.Errorf("needs %+v", d.s.Desk.Needs)
	}
	d = offered(t, byDrafts) // its times are over
	offer := d.last(MailOffer)
	d.forget()
	d.became(offer, OutcomeFailed, false, left)
	d.stands(WithOrganizer, MailNeedsYou)
	if d.one().Reason != ReasonDraftLeft {
		t.Errorf("it is with the organizer as %q", d.one().Reason)
	}
}
