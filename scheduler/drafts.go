package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/replies"
)

// Where the policy wants drafts, every mail to a person lies among the organizer's drafts
// until they send it. What it starts (the wait for an answer, the nudges) starts then.

// drafts says that the organizer sends mails to people themselves.
func (s State) drafts() bool { return s.Organizer.Policy.Approve == ApproveDrafts }

// offering kinds are those whose answer a round waits for.
func offering(k MailKind) bool {
	switch k {
	case MailOffer, MailNudge, MailCounter, MailWelcome, MailMissed, MailCancel:
		return true
	}
	return false
}

// openings are the mails that only offer times. They hold as long as the round still looks
// for one, and nothing newer was said.
var openings = []MailKind{MailOffer, MailNudge, MailCounter, MailWelcome, MailMissed}

// overtaken are the kinds of mails of the same round that no longer hold once one of kind
// k says something newer. A cancellation is never overtaken: the event may stand on the
// person's calendar, and nothing else would take it off.
func overtaken(k MailKind) []MailKind {
	switch k {
	case MailOffer, MailNudge, MailCounter, MailWelcome, MailMissed:
		return openings
	case MailInvite:
		return append(slices.Clone(openings), MailTentative)
	case MailUpdate:
		return []MailKind{MailInvite, MailUpdate, MailTentative, MailReminder}
	case MailCancel:
		return append(slices.Clone(openings), MailInvite, MailUpdate, MailTentative, MailReminder)
	case MailAmended:
		return []MailKind{MailSummary, MailAmended}
	}
	return nil
}

// revoke keeps mails of these kinds from going, as far as they have not.
func (t *turn) revoke(id OneToOneID, kinds ...MailKind) {
	for _, kind := range kinds {
		t.d.Revoked = append(t.d.Revoked, string(id)+"/"+string(kind)+"/")
	}
}

// stopOffering keeps mails that offer times, or ask about one, from going: nobody is to
// choose by them any more.
func (t *turn) stopOffering(m OneToOne) {
	t.revoke(m.ID, openings...)
	t.revoke(m.ID, MailTentative)
}

// Moot says that a mail written at that time, which asks about promises, no longer does:
// each of them was settled or moved since.
func (s State) Moot(ref ThreadRef, written time.Time) bool {
	for _, id := range ref.Steps {
		if st, known := s.Steps[id]; known && st.State == StepOpen && !st.Made.After(written) {
			return false
		}
	}
	return len(ref.Steps) > 0
}

// leaveDraft notes that the offer in this mail is not with the person yet.
func (t *turn) leaveDraft(m *OneToOne, kind MailKind) {
	if t.s.drafts() && m.Offer != nil && offering(kind) {
		m.Offer.Draft = true
	}
}

// needDrafts puts the mails that are left as drafts on the organizer's list.
func (t *turn) needDrafts() {
	if !t.s.drafts() {
		return
	}
	for _, e := range t.d.Effects {
		if e.Letter != nil && e.Letter.ToPerson {
			t.need(e.Person, e.OneToOne, ReasonDraft)
		}
	}
}

// draftGone is called when it is known what became of a mail to a person.
func (t *turn) draftGone(m OneToOne, e Delivered) OneToOne {
	if e.Kind == "" || !toPerson(e.Kind) {
		return m
	}
	if !e.More {
		t.settle(m.ID, ReasonDraft)
	}
	if e.Outcome == OutcomeWithdrawn {
		m = t.unsay(m, e)
	}
	newer := e.More && (e.Stale || e.Outcome == OutcomeWithdrawn)
	if m.Offer == nil || !m.Offer.Draft || !offering(e.Kind) || newer {
		return m
	}
	m.Offer.Draft = false
	if e.Outcome == OutcomeDone {
		if n := len(m.Offer.Nudged); e.Kind == MailNudge && n > 0 {
			m.Offer.Nudged[n-1] = t.now
		} else {
			m.Offer.At = t.now
		}
	}
	t.save(m)
	return m
}

// unsay takes a mail that never went out of the round's thread: nothing can answer it.
func (t *turn) unsay(m OneToOne, e Delivered) OneToOne {
	if m.First != e.OurID && m.Last != e.OurID {
		return m
	}
	if m.First == e.OurID {
		m.First = ""
		if m.Last != e.OurID { // what was said since begins it
			m.First = m.Last
		}
	}
	if m.Last == e.OurID {
		m.Last = m.First
	}
	t.save(m)
	return m
}

// tellDraft tells the organizer of a draft that no longer holds: that it is still there
// with their own words in it, or that they have sent it.
func (t *turn) tellDraft(m OneToOne, known bool, e Delivered) {
	why := ReasonDraftLeft
	switch {
	case e.Stale && e.Outcome == OutcomeDone:
		why = ReasonDraftSent
	case !e.Left:
		return
	}
	t.log(e.Person, e.OneToOne, "a draft that no longer holds: "+string(why), kindOf(e))
	if !known {
		t.need(e.Person, e.OneToOne, why)
		return
	}
	t.mailOrganizer(&m, MailNeedsYou, mail{asked: replies.AskedDigest, fill: func(l *Letter) { l.Reason, l.About = why, e.Kind }})
	t.save(m)
	if m.Open() {
		t.need(m.Person, m.ID, why)
	}
}

// toPerson says whether mails of this kind go to people, not to the organizer.
func toPerson(k MailKind) bool {
	switch k {
	case MailInvite, MailUpdate, MailTentative, MailReminder, MailSummary, MailAmended, MailCheckIn, MailStepAsk, MailStepNote, MailForgotten,
		MailGuestUpdate, MailGuestCancel:
		return true
	}
	return offering(k)
}
