package scheduler

import (
	"strings"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// orders reads what the organizer wrote, a line each: in answer to a digest, to "needs
// you", or to themselves.
func (t *turn) orders(mail Mail, ref ThreadRef) {
	c := replies.Context{Asked: replies.AskedDigest, Sent: t.written(mail), Zone: t.s.Organizer.Zone, Now: t.now,
		Language: t.s.Organizer.Language, DayFirst: dayFirst(t.s.Organizer.Language), Me: t.s.Organizer.First()}
	for _, id := range t.s.Order {
		c.Names = append(c.Names, t.s.People[id].Name)
	}
	for _, id := range sortedKeys(t.s.Steps) {
		st := t.s.Steps[id]
		if st.State == StepOpen || st.State == StepSlipped {
			c.Steps = append(c.Steps, replies.Step{ID: id, Owner: t.s.owner(st), Action: st.Action, Deadline: st.Deadline})
		}
	}
	r := replies.Read(mail.Text, c)
	t.log("", "", "you wrote orders", strings.Join(r.Why, "; "))
	if m, ok := t.one(ref.OneToOne); ok && len(r.Orders) == 0 && r.OK && m.Stage == WithOrganizer {
		t.handBack(m)
		return
	}
	if r.OK && t.s.held() && !t.s.Suspicious() { // two answers are possible then, and "ok" is neither
		t.release()
		return
	}
	if m, ok := t.one(ref.OneToOne); ok && len(r.Orders) == 0 && m.standing() { // about the meeting that stands?
		ahead := ref
		ahead.Asked = replies.AskedAhead
		if r := replies.Read(mail.Text, t.organizerContext(mail, t.s.People[m.Person], m, ahead)); r.Kind != replies.Unclear {
			t.log(m.Person, m.ID, "you answered: "+string(r.Kind), strings.Join(r.Why, "; "))
			t.obey(r.Orders, m.Person)
			if len(r.Orders) == 0 {
				t.aheadAnswer(m, r)
			}
			return
		}
	}
	t.obey(r.Orders, ref.Person)
	if len(r.Orders) == 0 && words(r.Visible) {
		t.unclearOrder(r.Visible)
	}
}

func (s State) owner(st NextStep) string {
	if st.ByPerson {
		return s.People[st.Person].Name
	}
	return s.Organizer.First()
}

func (t *turn) unclearOrder(words string) {
	t.mailDesk(MailNeedsYou, replies.AskedDigest, func(l *Letter) { l.Reason, l.Quote = ReasonOrder, words })
}

// obey carries out orders; about is whom they mean when they name nobody.
func (t *turn) obey(list []replies.Order, about PersonID) {
	for _, o := range list {
		id, ok := t.named(o.Name)
		if !ok && o.Name == "" && about != "" {
			id, ok = about, true
		}
		if o.Verb == replies.OrderGo && ok && o.Name == "" && !t.s.held() { // "go on", in answer to a mail about somebody
			o.Verb = replies.OrderHandBack
		}
		switch o.Verb {
		case replies.OrderGo, replies.OrderDigest, replies.OrderPutBack, replies.OrderCallOff:
			t.ordered(Ordered{Verb: o.Verb, Words: o.Words})
			continue
		}
		if !ok {
			t.unclearOrder(o.Words)
			continue
		}
		t.order(Ordered{Verb: o.Verb, Person: id, Until: o.Until}, o.Words)
		if t.d.Needs != nil {
			return
		}
	}
}

// named is the one person of that name; two of the same name are nobody.
func (t *turn) named(name string) (found PersonID, ok bool) {
	if name == "" {
		return "", false
	}
	for _, id := range t.s.Order {
		p := t.s.People[id]
		if strings.EqualFold(p.Name, name) {
			return id, true
		}
		if strings.EqualFold(p.First(), name) || strings.EqualFold(string(id), name) {
			if ok {
				return "", false
			}
			found, ok = id, true
		}
	}
	return found, ok
}

func (t *turn) ordered(e Ordered) {
	switch e.Verb {
	case replies.OrderGo:
		t.release()
	case replies.OrderDigest:
		t.mailDigest()
	case replies.OrderPutBack:
		t.putBack(e.Words)
	case replies.OrderCallOff:
		t.callOffMissing(e.Words)
	default:
		t.order(e, e.Words)
	}
}

// order does by hand what indy does by itself.
func (t *turn) order(e Ordered, line string) {
	p, known := t.s.People[e.Person]
	if !known && e.Verb != replies.OrderForget {
		if line != "" {
			t.unclearOrder(line)
		}
		return
	}
	m, open := t.one(t.standing(e.Person).Now)
	open = open && m.Open() && m.Stage != FollowedUp
	t.log(e.Person, "", "you ordered: "+string(e.Verb), "")
	switch e.Verb {
	case replies.OrderPropose:
		t.propose(p, m, open)
	case replies.OrderHandBack:
		if open {
			t.handBack(m)
		}
	case replies.OrderSnooze:
		if !e.Until.IsZero() && !e.Until.After(slots.DateOf(t.now, t.s.Organizer.Zone)) {
			t.log(e.Person, "", "not left alone", "that day is not to come")
			if line != "" {
				t.unclearOrder(line)
			}
			return
		}
		t.snooze(p, m, open, e.Until)
	case replies.OrderStop:
		t.stop(e.Person, ReasonStopped, "you said so")
	case replies.OrderForget:
		t.stop(e.Person, ReasonStopped, "you said so")
		t.d.Forget = append(t.d.Forget, e.Person)
	case replies.OrderHandsOff:
		if open {
			t.dropHolds(&m)
			t.withOrganizer(m, ReasonSteppedIn)
		}
	case replies.OrderMet:
		t.metNow(p, m, open)
	case replies.OrderDone:
		t.doneByOrder(p, line)
	}
}

// propose offers times now, whatever the cadence and the capacity say.
func (t *turn) propose(p Person, m OneToOne, open bool) {
	if t.s.silenced(p.ID) {
		t.needsYou(&m, ReasonStopped, "")
		return
	}
	st := t.standing(p.ID)
	st.Snoozed, st.Why, st.Silent, st.CallWhy, st.Approved = slots.Date{}, "", 0, "", true
	t.keep(st)
	switch {
	case !open:
		t.openRound(p, "you asked for it", true)
	case m.Stage == Agreed || m.Stage == Met:
		t.log(p.ID, m.ID, "nothing to propose", "there is a meeting already")
	default:
		m.ByHand, m.Reason = true, ""
		t.settle(m.ID)
		t.d.Claims = append(t.d.Claims, p.ID)
		t.offer(m, t.openingKind(m))
	}
}

// handBack lets indy go on where the organizer took over: with the time that was chosen
// meanwhile, with the meeting that stands, or with a new offer.
func (t *turn) handBack(m OneToOne) {
	if m.Stage != WithOrganizer {
		return
	}
	t.settle(m.ID)
	if m.Meeting != nil && m.Before == Agreed {
		t.backToMeeting(m)
		return
	}
	if m.Pending != nil && m.Pending.From.After(t.now) {
		why, ok := t.free(m, *m.Pending)
		if t.d.Needs != nil {
			return
		}
		if ok {
			t.agree(m, *m.Pending, "they chose it while you had the thread")
			return
		}
		t.log(m.Person, m.ID, "the time they chose is taken", why)
	}
	m.Pending = nil
	if m.Offer != nil {
		m.Offer.Rounds = 0
	}
	m.ByHand, m.Reason, m.Before = true, "", ""
	t.offer(m, t.openingKind(m))
}

// backToMeeting goes on with the meeting that stands, at the time that was chosen meanwhile
// if there is one and it is free.
func (t *turn) backToMeeting(m OneToOne) {
	to := m.Pending
	m.Stage, m.Before, m.Reason, m.Pending = Agreed, "", "", nil
	if to == nil || to.From.Equal(m.Meeting.From) || to.From.Before(t.now) {
		t.save(m)
		return
	}
	why, ok := t.free(m, *to)
	if t.d.Needs != nil {
		return
	}
	if ok {
		t.move(m, *to, "they chose it while you had the thread")
		return
	}
	t.save(m)
	t.log(m.Person, m.ID, "the time they chose is taken; the meeting stands", why)
}

func (t *turn) snooze(p Person, m OneToOne, open bool, until slots.Date) {
	if until.IsZero() {
		until = slots.DateOf(t.now.Add(t.s.Organizer.Policy.RestAfter), t.s.Organizer.Zone)
	}
	if open && m.Stage != Agreed && m.Stage != Met {
		t.settle(m.ID)
		t.pause(m, ReasonNotNow, until)
		return
	}
	st := t.standing(p.ID)
	st.Snoozed, st.CallWhy = until, ""
	t.keep(st)
}

// stop is final: no mail by anybody of the team, whatever is still planned is dropped.
func (t *turn) stop(id PersonID, why Reason, how string) {
	st := t.standing(id)
	if st.Stopped.IsZero() {
		st.Stopped, st.StopWhy = t.now, how
	}
	st.Next, st.CallWhy = nil, ""
	t.keep(st)
	t.s.Barred = cloned(t.s.Barred)
	t.s.Barred[id] = true
	t.d.Bars = append(t.d.Bars, id)
	t.d.Releases = append(t.d.Releases, id)
	t.d.Revoked = append(t.d.Revoked, string(t.s.Organizer.ID)+"/"+string(id)+"/")
	for _, oid := range t.ids() {
		m, _ := t.one(oid)
		if m.Person != id || !m.Open() {
			continue
		}
		t.dropHolds(&m)
		if m.Meeting != nil && m.Stage != Met && m.Stage != FollowedUp {
			t.takeBack(&m, true)
			m.Meeting = nil
		}
		m.Stage, m.Closed, m.How, m.AwaitsOK, m.Pending = Stopped, t.now, how, false, nil
		t.save(m)
		t.settle(m.ID)
	}
	for _, sid := range sortedKeys(t.s.Steps) {
		if s := t.s.Steps[sid]; s.Person == id && s.ByPerson && s.State == StepOpen {
			s.State, s.Settled = StepDropped, t.now
			t.keepStep(s)
		}
	}
	t.log(id, "", "never written to again", how)
	if why == ReasonStopped && how != "you said so" {
		t.need(id, "", ReasonStopped)
	}
}

// metNow is a one-to-one that took place without indy.
func (t *turn) metNow(p Person, m OneToOne, open bool) {
	if !open {
		st := t.standing(p.ID)
		st.Rounds++
		m = OneToOne{ID: t.roundID(p.ID, st.Rounds), Person: p.ID, Round: st.Rounds, Opened: t.now,
			Mode: firstMode(p.Mode), Purpose: t.purpose(p, st), Why: "you met"}
		st.Now = m.ID
		t.keep(st)
	}
	t.dropHolds(&m)
	t.stopOffering(m)
	if m.Meeting != nil && m.Stage == Agreed {
		t.callOff(&m, ReasonMet)
	}
	m.Stage, m.Since, m.Reason, m.AwaitsOK = Met, t.now, "", false
	m.Debrief = nil
	t.settle(m.ID)
	t.askDebrief(m)
}

func firstMode(m Mode) Mode {
	if m == "" {
		return InPerson
	}
	return m
}

// doneByOrder marks an open promise of the person as kept: "Ana done". Of several, the line
// must say which.
func (t *turn) doneByOrder(p Person, line string) {
	var open []NextStep
	for _, id := range sortedKeys(t.s.Steps) {
		if st := t.s.Steps[id]; st.Person == p.ID && st.ByPerson && (st.State == StepOpen || st.State == StepSlipped) {
			open = append(open, st)
		}
	}
	if len(open) != 1 {
		t.unclearOrder(line)
		return
	}
	t.updateStep(open[0], replies.StepDone, slots.Date{}, "you said so")
	st := t.standing(p.ID)
	st.CallWhy = ""
	t.keep(st)
	t.maybeDone(open[0].OneToOne)
}
