package scheduler

import (
	"strings"

	"indy/scheduler/replies"
)

// ownMail is a mail from the organizer's own account: an answer to one of indy's mails to
// them, a mail in a thread with a person, or orders written to themselves.
func (t *turn) ownMail(mail Mail, ref *ThreadRef) {
	switch {
	case ref == nil:
		if isOrders(mail.Subject) {
			t.orders(mail, ThreadRef{Asked: replies.AskedDigest})
		}
	case !ref.Own:
		t.steppedIn(mail, *ref)
	case ref.OneToOne == "" || ref.Asked == replies.AskedDigest:
		t.orders(mail, *ref)
	default:
		t.organizerAnswer(mail, *ref)
	}
}

// isOrders recognises a mail that the organizer wrote to themselves as orders to indy.
func isOrders(subject string) bool {
	word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(subject)), " ")
	return strings.TrimRight(word, ":") == "indy"
}

// steppedIn is any mail by the organizer in a thread with a person: indy is silent until
// they hand back.
func (t *turn) steppedIn(mail Mail, ref ThreadRef) {
	m, ok := t.one(ref.OneToOne)
	if !ok {
		return
	}
	m.Last = firstOf(mail.MessageID, m.Last)
	switch m.Stage {
	case Due, Offered, Agreed, Paused:
		t.dropHolds(&m)
		t.withOrganizer(m, ReasonSteppedIn)
	case WithOrganizer:
		m.Reason = ReasonSteppedIn
		t.save(m)
		t.settle(m.ID, ReasonQuestion, ReasonUnclear, ReasonAnswered)
		t.need(m.Person, m.ID, ReasonSteppedIn)
	default:
		m.notSilent()
		t.save(m)
	}
}

// organizerAnswer is the organizer's answer to a mail about one round.
func (t *turn) organizerAnswer(mail Mail, ref ThreadRef) {
	m, ok := t.one(ref.OneToOne)
	p, known := t.s.People[ref.Person]
	if !ok || !known {
		return
	}
	if ref.Kind == MailBrief {
		ref.Asked = briefAsks(m)
	}
	r := replies.Read(mail.Text, t.organizerContext(mail, p, m, ref))
	fixSlot(&r, ref.Slots)
	what := string(r.Kind)
	if r.OK {
		what = "ok"
	}
	t.log(p.ID, m.ID, "you answered: "+what, strings.Join(r.Why, "; "))
	if ref.Kind == MailReadBack {
		m.notSilent()
		t.save(m)
	}
	if r.Kind == replies.Command && len(r.Orders) > 0 {
		t.obey(r.Orders, p.ID)
		return
	}
	switch ref.Asked {
	case replies.AskedOK:
		t.okAnswer(m, r, ref)
	case replies.AskedCall:
		t.called(m, r)
	case replies.AskedDebrief, replies.AskedMissing:
		t.debriefed(m, r)
	case replies.AskedSteps:
		t.stepAnswer(m, r, ref)
	case replies.AskedSummary:
		t.debriefed(m, r)
	case replies.AskedAhead:
		t.aheadAnswer(m, r)
	}
}

// organizerContext is what the organizer's words are read against: they write, in their zone.
func (t *turn) organizerContext(mail Mail, p Person, m OneToOne, ref ThreadRef) replies.Context {
	c := t.reading(mail, p, m, ref)
	c.Zone, c.Language, c.Me = t.s.Organizer.Zone, t.s.Organizer.Language, t.s.Organizer.First()
	c.DayFirst = dayFirst(t.s.Organizer.Language)
	c.Names = []string{p.Name}
	c.Steps = t.namedSteps(p, ref, p.Name, t.s.Organizer.First())
	return c
}

// okAnswer is the answer to "may this go out?".
func (t *turn) okAnswer(m OneToOne, r replies.Reading, ref ThreadRef) {
	if ref.Kind == MailReadBack {
		t.readBackAnswer(m, r)
		return
	}
	switch {
	case !m.AwaitsOK:
		t.log(m.Person, m.ID, "an answer too late", "the offer is not waiting any more")
	case r.OK:
		t.goAhead(m)
	case r.Kind == replies.NotNow:
		t.settle(m.ID)
		t.pause(m, ReasonNotNow, r.Until)
	case r.Kind == replies.Never:
		t.settle(m.ID)
		t.stop(m.Person, ReasonStopped, "you said so")
	default: // they would like to say it otherwise: then they write it themselves
		t.handOver(m, ReasonOwnWords, r.Visible)
	}
}

// goAhead sends an offer that was waiting, with the times that are free now.
func (t *turn) goAhead(m OneToOne) {
	m.ByHand = true
	t.settle(m.ID)
	t.offer(m, t.openingKind(m))
}

// called is what the organizer agreed with somebody on the phone.
func (t *turn) called(m OneToOne, r replies.Reading) {
	if m.Stage == Met && m.Debrief != nil && m.Debrief.Held == replies.HeldMoved {
		t.movedWhen(m, r)
		return
	}
	if m.Stage != Offered && m.Stage != Paused {
		t.debriefed(m, r)
		return
	}
	iv := chosen(r)
	switch {
	case r.Kind == replies.Choose && iv != nil && r.Slot > 0 && iv.From.After(t.now):
		t.agree(m, *iv, "agreed on the phone")
	case r.Kind == replies.Counter && len(r.Windows) == 1:
		w := r.Windows[0]
		if w.Length() > t.s.Organizer.Policy.Length || w.Length() < t.s.Organizer.Policy.Length {
			w.To = w.From.Add(t.s.Organizer.Policy.Length)
		}
		if narrow(r.Windows) && w.From.After(t.now) {
			t.agree(m, w, "agreed on the phone")
			return
		}
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	case r.Kind == replies.NotNow:
		t.pause(m, ReasonNotNow, r.Until)
	case r.Kind == replies.Never:
		t.stop(m.Person, ReasonStopped, "told you on the phone")
	case r.Kind == replies.Debrief:
		t.metByChance(m, r)
	default:
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	}
}

// metByChance is notes of a one-to-one that took place without a meeting on the calendar.
func (t *turn) metByChance(m OneToOne, r replies.Reading) {
	t.dropHolds(&m)
	m.Stage, m.Since, m.Reason, m.Before = Met, t.now, "", ""
	if m.Debrief == nil {
		m.Debrief = &Debrief{Asked: t.now}
	}
	t.save(m)
	t.debriefed(m, r)
}
