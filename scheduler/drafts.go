package scheduler

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
	t.settle(m.ID, ReasonDraft)
	if m.Offer == nil || !m.Offer.Draft || !offering(e.Kind) {
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

// toPerson says whether mails of this kind go to people, not to the organizer.
func toPerson(k MailKind) bool {
	switch k {
	case MailInvite, MailUpdate, MailTentative, MailReminder, MailSummary, MailAmended, MailCheckIn, MailStepAsk, MailStepNote, MailForgotten:
		return true
	}
	return offering(k)
}
