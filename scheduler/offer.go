package scheduler

import (
	"slices"
	"strconv"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// openingKind is the mail that a round, or its return after a pause, begins with.
func (t *turn) openingKind(m OneToOne) MailKind {
	if m.Offer != nil && m.Reason == ReasonNotNow {
		return MailWelcome
	}
	if m.Reason == ReasonNoShow {
		return MailMissed
	}
	if m.First != "" {
		return MailCounter
	}
	return MailOffer
}

// agreedAhead is how long before an agreed date a round is opened because of it, at most.
const agreedAhead = 9 * 24 * time.Hour

// request is what a slot for this round must satisfy.
func (s State) request(m OneToOne, now time.Time) slots.Request {
	pol, p := s.Organizer.Policy, s.People[m.Person]
	r := slots.Request{
		Now: now, Near: now.Add(pol.Near), To: now.Add(pol.Horizon), Length: pol.Length, Count: pol.Offers,
		Organizer: slots.Side{Zone: s.Organizer.Zone, Hours: pol.Hours},
		Person:    slots.Side{Zone: p.Zone, Hours: p.Hours},
		Notice:    pol.Notice, Buffer: pol.Buffer, Travel: pol.Travel, InPerson: m.Mode == InPerson,
		MaxPerDay: pol.MaxPerDay, MaxPerWeek: pol.MaxPerWeek, Blackout: pol.Blackout,
	}
	if m.Short {
		r.Length = 30 * time.Minute
	}
	if st := s.Standings[m.Person]; st.Next != nil && !st.Next.On.IsZero() { // around the agreed date
		if at := st.Next.On.At(12*60, s.Organizer.Zone); at.After(now) {
			r.Near, r.To = at.Add(3*24*time.Hour), at.Add(pol.Horizon)
			if ahead := at.Sub(now); ahead <= agreedAhead { // weeks ahead it is not the date that brought the round
				r.Notice = max(r.Notice, ahead-60*time.Hour) // from two days before it on
			}
		}
	}
	if s.Busy != nil {
		r.Organizer.Busy = slices.Clone(s.Busy.Organizer)
		r.Person.Busy = s.Busy.Person[m.Person]
	}
	if m.Offer != nil {
		r.Avoid, r.Shun = slices.Clone(m.Offer.Avoid), m.Offer.Shunned
	}
	s.othersTimes(m.ID, &r)
	return r
}

// agreedRequest is request without what is only offered to others.
func (s State) agreedRequest(m OneToOne, now time.Time) slots.Request {
	open := s
	open.OneToOnes = map[OneToOneID]OneToOne{}
	for id, o := range s.OneToOnes {
		if o.Stage != Offered && !o.AwaitsOK {
			open.OneToOnes[id] = o
		}
	}
	return open.request(m, now)
}

// othersTimes adds what this organizer has agreed with and offered to everybody else.
func (s State) othersTimes(self OneToOneID, r *slots.Request) {
	for _, id := range sortedKeys(s.OneToOnes) {
		o := s.OneToOnes[id]
		if o.Meeting != nil && (o.Stage == Agreed || o.Stage == WithOrganizer || o.Stage == Met) && id != self {
			r.Meetings = append(r.Meetings, o.Meeting.Interval)
			r.Organizer.Busy = append(r.Organizer.Busy, slots.Busy{Interval: o.Meeting.Interval, Away: o.Meeting.Mode == InPerson})
		}
		if id != self && o.Offer != nil && (o.Stage == Offered || o.AwaitsOK) {
			r.Held = append(r.Held, intervals(o.Offer.Slots)...)
			if o.Mode == InPerson { // the way there is to be kept free for them as well
				for _, s := range o.Offer.Slots {
					r.Organizer.Busy = append(r.Organizer.Busy, slots.Busy{Interval: s.Interval, Away: true})
				}
			}
		}
		if o.Pending != nil && id != self {
			r.Held = append(r.Held, *o.Pending)
		}
	}
}

// look makes sure that the calendars were looked at until to.
func (t *turn) look(m OneToOne, to time.Time) bool {
	if b := t.s.Busy; b != nil && !b.To.Before(to) {
		_, asked := b.Person[m.Person]
		if asked || !t.s.People[m.Person].Reachable() {
			return true
		}
	}
	t.needs(to, m.Person)
	return false
}

// find looks for times to offer; nil while the calendars were not looked at.
func (t *turn) find(m OneToOne, windows, avoid []slots.Interval, count int) []slots.Slot {
	r := t.s.request(m, t.now)
	for _, w := range windows {
		if w.To.After(r.To) { // "in the second week of January"
			r.To = minTime(w.To, t.now.Add(180*24*time.Hour))
		}
	}
	if !t.look(m, r.To) {
		return nil
	}
	r.Windows, r.Avoid, r.Count = windows, append(r.Avoid, avoid...), count
	if len(windows) > 0 {
		r.Avoid, r.Shun = avoid, nil // what they ask for now counts, whatever they said before
		r.Notice = min(r.Notice, time.Hour)
	}
	found, err := slots.Find(r)
	if err != nil { // the config is checked: this is a rule that it missed
		t.log(m.Person, m.ID, "no times", err.Error())
		return nil
	}
	return found
}

// free says whether the two can meet then, whatever the notice; else why not. What was
// offered to others and not answered yet does not count: who answers first is met first.
func (t *turn) free(m OneToOne, iv slots.Interval) (why string, ok bool) {
	r := t.s.agreedRequest(m, t.now)
	if !t.look(m, maxTime(r.To, iv.To)) {
		return "", false
	}
	r.To = maxTime(r.To, iv.To)
	r.Notice, r.Avoid, r.MaxPerWeek = 0, nil, 0
	r.Person.Busy, r.Person.Hours = nil, everyHour() // they chose it themselves
	if r.Length = iv.Length(); r.Length < 30*time.Minute || r.Length > time.Hour {
		return "it is not 30 to 60 minutes long", false
	}
	why, conflict := slots.Conflicts(r, iv)
	return why, !conflict
}

func everyHour() (h slots.Hours) {
	for d := range h {
		h[d] = []slots.Span{{From: 0, To: 24 * 60}}
	}
	return h
}

// offer finds times and writes to the person, asks the organizer for their ok, or makes a
// call sheet.
func (t *turn) offer(m OneToOne, kind MailKind) {
	p := t.s.People[m.Person]
	if t.s.silenced(m.Person) || (!t.mayWrite(m.Person) && p.Phone == "") {
		t.closeRound(m, "there is no way to write to them")
		return
	}
	found := t.find(m, nil, nil, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	if len(found) == 0 {
		t.noTimes(m)
		return
	}
	prev := m.Offer
	if prev == nil {
		prev = &Offer{}
	}
	t.dropHolds(&m)
	m.Offer = &Offer{Slots: found, At: t.now, Avoid: prev.Avoid, Shunned: prev.Shunned, Rounds: prev.Rounds + 1, Windows: prev.Windows}
	m.Tries, m.TryAt, m.Until = 0, time.Time{}, time.Time{}
	switch {
	case !t.mayWrite(m.Person):
		t.callSheet(m)
	case t.needsOK(m):
		t.askOK(m, kind)
	default:
		t.sendOffer(m, kind)
	}
}

// needsOK says whether the organizer must see the mail before it goes.
func (t *turn) needsOK(m OneToOne) bool {
	if m.ByHand || m.First != "" { // ordered, or the thread was seen already
		return false
	}
	switch t.s.Organizer.Policy.Approve {
	case ApproveAll:
		return true
	case ApproveFirst:
		return !t.s.Standings[m.Person].Approved
	}
	return false
}

func (t *turn) askOK(m OneToOne, kind MailKind) {
	m.Stage, m.AwaitsOK = Due, true
	inner := t.letter(kind, m, true)
	t.opening(inner, m, m.Reason)
	t.mailOrganizer(&m, MailReady, mail{asked: replies.AskedOK, fill: func(l *Letter) {
		l.Inner, l.Slots = inner, m.Offer.Slots
	}})
	t.save(m)
	t.need(m.Person, m.ID, ReasonReady)
	t.log(m.Person, m.ID, "an offer waits for your ok", m.Why)
}

func (t *turn) callSheet(m OneToOne) {
	m.Stage = Offered
	t.hold(&m)
	t.mailOrganizer(&m, MailCallSheet, mail{asked: replies.AskedCall, fill: func(l *Letter) {
		l.Slots = m.Offer.Slots
		for _, id := range sortedKeys(t.s.Steps) {
			if st := t.s.Steps[id]; st.Person == m.Person && (st.State == StepOpen || st.State == StepSlipped) {
				l.Steps = append(l.Steps, st)
			}
		}
	}})
	t.save(m)
	t.log(m.Person, m.ID, "call sheet sent", m.Why)
}

// sendOffer writes to the person. The times are fixed in m.Offer.
func (t *turn) sendOffer(m OneToOne, kind MailKind) {
	again := m.Reason
	m.Stage, m.AwaitsOK, m.Reason, m.Offer.At = Offered, false, "", t.now
	t.hold(&m)
	t.mailPerson(&m, kind, mail{asked: replies.AskedTimes, counts: kind != MailCounter, fill: func(l *Letter) {
		t.opening(l, m, again)
	}, expires: m.Offer.Slots[0].From})
	t.save(m)
	st := t.standing(m.Person)
	st.Approved = true
	t.keep(st)
	t.settle(m.ID)
	t.log(m.Person, m.ID, strconv.Itoa(len(m.Offer.Slots))+" times offered", m.Why)
}

// opening is what the mail that opens a round, or goes on with it, says besides the times: why
// it comes, the date that the two had in mind, and what the person has kept since they met.
func (t *turn) opening(l *Letter, m OneToOne, why Reason) {
	st := t.standing(m.Person)
	l.Slots, l.Reason = m.Offer.Slots, why
	if l.Kind != MailOffer {
		return
	}
	if why == "" && st.Silent > 0 {
		l.Reason = ReasonSilent
	}
	if n := st.Next; n != nil && !n.On.IsZero() && n.On.At(12*60, t.s.Organizer.Zone).Sub(t.now) <= agreedAhead {
		next := *n
		l.Next = &next
	}
	for _, id := range sortedKeys(t.s.Steps) {
		if s := t.s.Steps[id]; s.Person == m.Person && s.ByPerson && s.State == StepDone && len(st.Met) > 0 && s.Settled.After(st.Met[len(st.Met)-1]) {
			l.Changed = append(l.Changed, s.public())
		}
	}
}

// noTimes tries again the next morning; after three days the organizer hears of it.
func (t *turn) noTimes(m OneToOne) {
	t.dropHolds(&m)
	t.stopOffering(m)
	m.Stage, m.AwaitsOK = Due, false
	m.Tries++
	m.TryAt = slots.DateOf(t.now, t.s.Organizer.Zone).AddDays(1).At(9*60, t.s.Organizer.Zone)
	if m.Tries == 3 {
		t.needsYou(&m, ReasonNoTimes, "")
	}
	t.save(m)
	t.log(m.Person, m.ID, "no free time found", "trying again tomorrow")
}

// hold makes the offered times tentative on the calendar, where the policy wants it.
func (t *turn) hold(m *OneToOne) {
	if !t.s.Organizer.Policy.Hold {
		return
	}
	m.Offer.Holds = nil
	for _, s := range m.Offer.Slots {
		key := m.key("hold")
		id := t.derived(lowerHex, "event", key, 32)
		ev := &CalendarEvent{ID: id, UID: id + "@" + domainOf(t.s.Organizer.Address), From: s.From, To: s.To, Zone: t.s.Organizer.Zone.String(),
			Tentative: true, OneToOne: m.ID, Stamp: t.now, Organizer: Address{t.s.Organizer.Name, t.s.Organizer.Address}}
		m.Offer.Holds = append(m.Offer.Holds, EventRef{ID: id})
		about := t.letter(MailOffer, *m, false)
		t.d.Effects = append(t.d.Effects, Effect{Key: key, OneToOne: m.ID, Person: m.Person, Put: ev, About: about, Expires: s.From})
	}
}

// dropHolds takes the tentative events off the calendar.
func (t *turn) dropHolds(m *OneToOne) {
	if m.Offer == nil {
		return
	}
	for _, h := range m.Offer.Holds {
		if h.ID == "" {
			continue
		}
		ref := h
		t.d.Effects = append(t.d.Effects, Effect{Key: string(m.ID) + "/unhold/" + h.ID, OneToOne: m.ID, Person: m.Person, Remove: &ref})
	}
	m.Offer.Holds = nil
}

// nudge recalls an offer to mind, with times that are free today.
func (t *turn) nudge(m OneToOne) {
	old := m.Offer
	found := t.find(m, old.Windows, nil, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	if len(found) == 0 {
		found = t.find(m, nil, nil, t.s.Organizer.Policy.Offers)
	}
	m.Offer.Nudged = append(m.Offer.Nudged, t.now)
	if len(found) == 0 {
		t.save(m)
		t.log(m.Person, m.ID, "not nudged", "no free time to offer")
		return
	}
	t.dropHolds(&m)
	m.Offer.Slots = found
	t.hold(&m)
	t.mailPerson(&m, MailNudge, mail{asked: replies.AskedTimes, counts: true, expires: found[len(found)-1].From,
		fill: func(l *Letter) { l.Slots = found }})
	t.save(m)
	t.log(m.Person, m.ID, "nudge "+strconv.Itoa(len(m.Offer.Nudged)), "no answer yet")
}

// giveUp stops writing after the nudges: the organizer may call, and the person has a rest.
func (t *turn) giveUp(m OneToOne) {
	t.dropHolds(&m)
	t.stopOffering(m)
	st := t.standing(m.Person)
	st.Silent++
	st.CallWhy = ReasonSilent
	if !t.s.People[m.Person].Reachable() {
		st.CallWhy = ReasonUncalled
	}
	st.Next = nil
	m.Stage, m.Reason, m.Until = Paused, ReasonSilent, t.now.Add(t.s.Organizer.Policy.RestAfter)
	t.keep(st)
	t.save(m)
	t.d.Releases = append(t.d.Releases, m.Person)
	t.log(m.Person, m.ID, "no more mail for now", "no answer after the nudges; call them")
}

// resume goes on after a pause. Silence ends the round: the next one, if any, is a new one.
func (t *turn) resume(m OneToOne) {
	if m.Reason == ReasonSilent {
		t.closeRound(m, "no answer")
		return
	}
	t.d.Claims = append(t.d.Claims, m.Person)
	t.log(m.Person, m.ID, "goes on", string(m.Reason))
	t.offer(m, t.openingKind(m))
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
