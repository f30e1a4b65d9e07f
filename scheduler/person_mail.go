package scheduler

import (
	"slices"
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// mailCame sorts a mail by who wrote it. What is not understood is never guessed at, and
// what was not asked for moves nothing.
func (t *turn) mailCame(e MailCame) {
	mail, ref := e.Mail, t.s.byTheClock(e.Thread)
	switch {
	case ref != nil && ref.Kind.ToGuest():
		t.guestWrote(mail, *ref)
	case mail.Robot == BounceReport:
		t.bounced(mail, ref)
	case len(mail.ITIP) > 0 && !mail.Own:
		t.itip(mail, ref)
	case mail.Own:
		t.ownMail(mail, ref)
	case mail.Robot != Human:
		t.robot(mail, ref)
	case ref == nil || ref.Own:
		t.loose(mail)
	default:
		t.answered(mail, *ref)
	}
}

// loose is a mail that answers none of ours to its writer. Only "stop" counts, by any channel.
func (t *turn) loose(mail Mail) {
	p, ok := t.personAt(mail.From.Addr)
	if !ok || t.s.silenced(p.ID) {
		return
	}
	r := replies.Read(mail.Text, t.reading(mail, p, OneToOne{}, ThreadRef{}))
	if r.Kind == replies.Never {
		t.stop(p.ID, ReasonStopped, "wrote so")
	}
}

// personAt is whose address it is; ok is false when it is nobody's, or two people's.
func (t *turn) personAt(addr string) (found Person, ok bool) {
	for _, id := range t.s.Order {
		if p := t.s.People[id]; p.has(addr) {
			if ok {
				return Person{}, false
			}
			found, ok = p, true
		}
	}
	return found, ok
}

func (p Person) has(addr string) bool {
	return slices.ContainsFunc(p.Addresses, func(a string) bool { return strings.EqualFold(a, addr) })
}

// answered is a human being's answer in a thread with a person.
func (t *turn) answered(mail Mail, ref ThreadRef) {
	m, ok := t.one(ref.OneToOne)
	p, known := t.s.People[ref.Person]
	if !ok || !known {
		return
	}
	if !p.has(mail.From.Addr) && !strings.EqualFold(mail.From.Addr, ref.To) {
		t.otherAddress(m, mail)
		return
	}
	r := replies.Read(mail.Text, t.reading(mail, p, m, ref))
	fixSlot(&r, ref.Slots)
	m.Last = firstOf(mail.MessageID, m.Last)
	if r.Kind == replies.Never { // whatever it answers, and whoever has the thread
		t.save(m)
		t.stop(p.ID, ReasonStopped, "wrote so")
		return
	}
	if t.s.silenced(p.ID) {
		return
	}
	if st := t.standing(p.ID); st.Silent > 0 || st.CallWhy == ReasonSilent || st.CallWhy == ReasonUncalled {
		st.Silent, st.CallWhy = 0, ""
		t.keep(st)
	}
	t.log(p.ID, m.ID, "they answered: "+string(r.Kind), strings.Join(r.Why, "; "))
	switch ref.Asked {
	case replies.AskedSteps:
		t.stepAnswer(m, r, ref)
	case replies.AskedSummary:
		t.corrected(m, r)
	default:
		t.answerByStage(m, r)
	}
}

// otherAddress is an answer in our thread from somewhere else: a second mailbox of theirs,
// or somebody whom it was forwarded to. Nobody can tell, so the organizer is asked.
func (t *turn) otherAddress(m OneToOne, mail Mail) {
	if t.s.silenced(m.Person) || !m.Open() {
		return
	}
	t.needsYou(&m, ReasonOtherAddress, replies.Visible(mail.Text))
	t.save(m)
	t.log(m.Person, m.ID, "an answer from another address", "only the address that indy wrote to counts")
}

// reading is what the words of a mail are read against.
func (t *turn) reading(mail Mail, p Person, m OneToOne, ref ThreadRef) replies.Context {
	c := replies.Context{Asked: ref.Asked, Offered: ref.Slots, Sent: t.written(mail), Zone: p.Zone, Language: p.Language,
		Me: p.First(), Now: t.now, DayFirst: dayFirst(p.Language)}
	if m.Meeting != nil {
		c.Meeting = m.Meeting.Interval
	}
	c.Names = []string{t.s.Organizer.First()}
	c.Steps = t.namedSteps(p, ref, p.First(), t.s.Organizer.First())
	return c
}

// namedSteps are the steps that words may refer to, their owners as the writer would name
// them. Asked about certain steps, "done" means those.
func (t *turn) namedSteps(p Person, ref ThreadRef, theirs, yours string) (out []replies.Step) {
	for _, st := range t.stepsOf(p.ID, ref) {
		if ref.Asked == replies.AskedSteps && len(ref.Steps) > 0 && !slices.Contains(ref.Steps, st.ID) {
			continue
		}
		owner := yours
		if st.ByPerson {
			owner = theirs
		}
		out = append(out, replies.Step{ID: st.ID, Owner: owner, Action: st.Action, Deadline: st.Deadline})
	}
	return out
}

// written is when the mail was written: what its header says, if that can be.
func (t *turn) written(mail Mail) time.Time {
	if mail.Date.IsZero() || mail.Date.After(t.now.Add(time.Hour)) || mail.Date.Before(t.now.Add(-14*24*time.Hour)) {
		return t.now
	}
	return mail.Date
}

// dayFirst says whether "3/4" is 3 April in a language.
func dayFirst(language string) bool { return !strings.HasPrefix(language, "en") }

// answerByStage is an answer to an offer or about a meeting.
func (t *turn) answerByStage(m OneToOne, r replies.Reading) {
	m.hear(r.Told)
	switch m.Stage {
	case Offered:
		t.answerOffer(m, r)
	case Agreed:
		t.answerMeeting(m, r)
	case Paused:
		if wantsToMeet(r.Kind) { // back earlier than expected
			t.answerOffer(m, r)
			return
		}
		t.passOn(m, r)
	case WithOrganizer:
		if r.Kind == replies.Choose && r.Slot > 0 {
			m.Pending = chosen(r)
		}
		t.needsYou(&m, ReasonAnswered, r.Visible)
		t.save(m)
	case Due: // an answer to an older mail of this round
		if wantsToMeet(r.Kind) && m.Offer != nil && !m.AwaitsOK {
			t.answerOffer(m, r)
			return
		}
		t.passOn(m, r)
	default:
		t.passOn(m, r)
	}
}

func wantsToMeet(k replies.Kind) bool {
	return k == replies.Choose || k == replies.Counter || k == replies.AcceptOther
}

// passOn keeps words that move nothing for the organizer; in their inbox they are anyway.
func (t *turn) passOn(m OneToOne, r replies.Reading) {
	if r.Kind == replies.Question || wantsToMeet(r.Kind) {
		t.needsYou(&m, ReasonAnswered, r.Visible)
	}
	t.save(m)
}

// fixSlot makes the chosen slot's time the one of the mail that was answered: "2" means
// the second time in that mail, whatever was offered since.
func fixSlot(r *replies.Reading, offered []slots.Interval) {
	if r.Kind != replies.Choose || r.Slot == 0 {
		return
	}
	r.Windows = nil
	if r.Slot <= len(offered) {
		r.Windows = []slots.Interval{offered[r.Slot-1]}
	}
}

// chosen is the time of the slot that was chosen.
func chosen(r replies.Reading) *slots.Interval {
	if len(r.Windows) == 0 {
		return nil
	}
	iv := r.Windows[0]
	return &iv
}

// answerOffer moves a round on by an answer to its offer.
func (t *turn) answerOffer(m OneToOne, r replies.Reading) {
	t.wishes(&m, r)
	switch r.Kind {
	case replies.Choose:
		t.choose(m, r)
	case replies.Counter:
		t.countered(m, r)
	case replies.AcceptOther:
		t.counterOffer(m, nil, "")
	case replies.NotNow:
		t.pause(m, ReasonNotNow, r.Until)
	case replies.Away:
		t.pause(m, ReasonAway, r.Until)
	case replies.Question:
		t.handOver(m, ReasonQuestion, r.Visible)
	default:
		t.handOver(m, ReasonUnclear, r.Visible)
	}
}

// wishes takes over how and where they want to meet.
func (t *turn) wishes(m *OneToOne, r replies.Reading) {
	switch r.Mode {
	case "phone":
		m.Mode = ByPhone
	case "in person":
		m.Mode = InPerson
	}
	if r.Phone != "" {
		m.CallAt = r.Phone
	}
	if r.Place != "" {
		m.Place = r.Place
		if m.Meeting != nil {
			m.Meeting.Place = r.Place
		}
	}
}

// handOver gives the round to the organizer with the words that led to it.
func (t *turn) handOver(m OneToOne, why Reason, quote string) {
	t.withOrganizer(m, why)
	m, _ = t.one(m.ID)
	t.needsYou(&m, why, quote)
	t.save(m)
}

// choose books the slot that they picked if it is still free; else it offers others.
func (t *turn) choose(m OneToOne, r replies.Reading) {
	iv := chosen(r)
	if iv == nil || r.Slot == 0 {
		t.handOver(m, ReasonUnclear, r.Visible)
		return
	}
	if r.Address != "" {
		t.handOver(m, ReasonDelegated, r.Visible)
		return
	}
	if iv.From.Before(t.now) {
		t.counterOffer(m, []slots.Interval{*iv}, ReasonNotFree)
		return
	}
	why, ok := t.free(m, *iv)
	if t.d.Needs != nil {
		return
	}
	if slices.Contains(m.Offer.Withdrawn, *iv) {
		why, ok = "you took the hold away", false
	}
	if !ok {
		t.log(m.Person, m.ID, "the time they chose is taken", why)
		t.counterOffer(m, []slots.Interval{*iv}, ReasonNotFree)
		return
	}
	t.agree(m, *iv, "they chose it")
	t.aside(m.ID, r)
}

// aside tells the organizer what else was in a mail that booked.
func (t *turn) aside(id OneToOneID, r replies.Reading) {
	m, _ := t.one(id)
	switch {
	case r.Place != "":
		t.needsYou(&m, ReasonPlace, r.Visible)
	case r.Passed != "":
		t.needsYou(&m, ReasonRemark, r.Passed)
	default:
		return
	}
	t.save(m)
}

// countered meets what they proposed with a time that is really free. Narrow words ("Thu
// after 3") are booked; wide ones ("sometime next week") get an offer within them.
func (t *turn) countered(m OneToOne, r replies.Reading) {
	if len(r.Windows) == 0 {
		t.handOver(m, ReasonUnclear, r.Visible)
		return
	}
	if m.Offer == nil {
		m.Offer = &Offer{}
	}
	found := t.find(m, r.Windows, nil, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	if len(found) == 0 {
		t.counterOffer(m, nil, ReasonNotFree)
		return
	}
	if narrow(r.Windows) && len(found) > 0 {
		earliest := slices.MinFunc(found, func(a, b slots.Slot) int { return a.From.Compare(b.From) })
		t.agree(m, earliest.Interval, "they proposed it")
		t.aside(m.ID, r)
		return
	}
	m.Offer.Windows = r.Windows
	t.sendCounter(m, found, "")
	t.aside(m.ID, r)
}

// narrow says that a window is so short that any time in it is what was meant.
func narrow(windows []slots.Interval) bool {
	return len(windows) == 1 && windows[0].Length() <= 9*time.Hour
}

// counterOffer offers other times; after three offers that did not fit the organizer takes over.
func (t *turn) counterOffer(m OneToOne, avoid []slots.Interval, why Reason) {
	if m.Offer == nil {
		m.Offer = &Offer{}
	}
	m.Offer.Avoid = append(m.Offer.Avoid, avoid...)
	if why != ReasonNotFree {
		m.Offer.Avoid = append(m.Offer.Avoid, intervals(m.Offer.Slots)...)
	}
	if m.Offer.Rounds >= 4 {
		t.handOver(m, ReasonThreeOffers, "")
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
	t.sendCounter(m, found, why)
}

func (t *turn) sendCounter(m OneToOne, found []slots.Slot, why Reason) {
	t.dropHolds(&m)
	m.Offer.Slots, m.Offer.Nudged = found, nil
	m.Offer.Rounds++
	m.Reason = why
	m.Pending = nil
	t.sendOffer(m, MailCounter)
}

// pause waits until a day; without one, as long as after silence. What they said is honoured.
func (t *turn) pause(m OneToOne, why Reason, until slots.Date) {
	t.dropHolds(&m)
	t.stopOffering(m)
	at := t.now.Add(t.s.Organizer.Policy.RestAfter)
	if why == ReasonAway {
		at = t.now.Add(t.s.Organizer.Policy.NudgeAfter)
	}
	if zone := t.s.People[m.Person].Zone; !until.IsZero() && zone != nil {
		at = until.At(9*60, zone)
		if why == ReasonAway { // the first day back is a full one
			at = until.AddDays(1).At(9*60, zone)
		}
	}
	if latest := t.now.Add(366 * 24 * time.Hour); at.After(latest) {
		at = latest
	}
	m.Stage, m.Reason, m.Until, m.Since = Paused, why, at, t.now
	m.AwaitsOK = false
	t.save(m)
	t.d.Releases = append(t.d.Releases, m.Person)
	t.log(m.Person, m.ID, "waits until "+at.In(t.s.Organizer.Zone).Format("2 Jan 2006"), string(why))
}

// answerMeeting moves an agreed meeting by what the person wrote about it.
func (t *turn) answerMeeting(m OneToOne, r replies.Reading) {
	switch r.Kind {
	case replies.Choose:
		if iv := chosen(r); r.Slot > 0 && iv != nil && !iv.From.Equal(m.Meeting.From) {
			t.moveTo(m, []slots.Interval{*iv}, r)
			return
		}
		m.Meeting.PartStat = "ACCEPTED"
		t.wishes(&m, r)
		t.save(m)
		t.aside(m.ID, r)
	case replies.Counter:
		t.moveTo(m, r.Windows, r)
	case replies.AcceptOther:
		t.cancel(m, ReasonDeclined, true)
	case replies.NotNow:
		t.callOff(&m, ReasonNotNow)
		t.pause(m, ReasonNotNow, r.Until)
	default: // the meeting stands; the organizer sees the words
		why := ReasonUnclear
		if r.Kind == replies.Question {
			why = ReasonQuestion
		}
		t.needsYou(&m, why, r.Visible)
		t.save(m)
	}
}

// moveTo moves the meeting into the windows that they named, or offers other times.
func (t *turn) moveTo(m OneToOne, windows []slots.Interval, r replies.Reading) {
	if len(windows) == 0 {
		t.needsYou(&m, ReasonUnclear, r.Visible)
		t.save(m)
		return
	}
	t.wishes(&m, r)
	found := t.find(m, windows, nil, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	switch {
	case len(found) == 0:
		t.cancel(m, ReasonNotFree, true)
	case narrow(windows):
		earliest := slices.MinFunc(found, func(a, b slots.Slot) int { return a.From.Compare(b.From) })
		t.move(m, earliest.Interval, "they asked for it")
	default:
		t.cancel(m, ReasonDeclined, true)
	}
}
