package scheduler

import (
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// agree fixes the time: the event stands on the calendar, the person gets the invite.
func (t *turn) agree(m OneToOne, iv slots.Interval, how string) {
	p := t.s.People[m.Person]
	t.dropHolds(&m)
	place := m.Place
	if m.Mode == InPerson {
		place = firstOf(place, p.Place, t.s.Organizer.Policy.Place)
	}
	key := m.key("event")
	id := t.derived(lowerHex, "event", key, 32)
	m.Stage, m.Pending, m.Before, m.Reason = Agreed, nil, "", ""
	m.Meeting = &Meeting{Interval: iv, Zone: t.s.Organizer.Zone.String(), Place: place, Mode: m.Mode,
		Event: EventRef{ID: id}, UID: id + "@" + domainOf(t.s.Organizer.Address), AgreedAt: t.now}
	t.putEvent(&m, key)
	t.mailPerson(&m, MailInvite, mail{asked: replies.AskedInvite, invite: t.invite("REQUEST", m), expires: iv.From})
	t.save(m)
	t.settle(m.ID)
	st := t.standing(m.Person)
	st.Silent, st.CallWhy, st.Snoozed, st.Why, st.Approved = 0, "", slots.Date{}, "", true
	t.keep(st)
	t.log(m.Person, m.ID, "agreed on "+iv.From.In(t.s.Organizer.Zone).Format("Mon 2 Jan 15:04"), how)
}

// event is the meeting as an event; its words are made from the letter beside it.
func (t *turn) event(m OneToOne) CalendarEvent {
	p, c := t.s.People[m.Person], m.Meeting
	ev := CalendarEvent{ID: c.Event.ID, UID: c.UID, Sequence: c.Sequence, From: c.From, To: c.To, Zone: c.Zone,
		Title: c.Title, Location: c.Place, OneToOne: m.ID, Stamp: t.now, ETag: c.Event.ETag,
		Organizer: Address{t.s.Organizer.Name, t.s.Organizer.Address},
		Alarms:    []time.Duration{30 * time.Minute}}
	ev.KeepText = c.Seen != nil && c.Seen.Written && ev.ETag != ""
	if c.Place != "" && c.Place == t.s.Organizer.Policy.Place {
		ev.Geo = t.s.Organizer.Policy.PlaceGeo
	}
	if p.Reachable() {
		ev.Attendees = []Attendee{{Address: Address{p.Name, t.address(p)}, PartStat: firstOf(c.PartStat, "NEEDS-ACTION")}}
	}
	return ev
}

func (t *turn) putEvent(m *OneToOne, key string) {
	ev := t.event(*m)
	t.d.Effects = append(t.d.Effects, Effect{Key: key, OneToOne: m.ID, Person: m.Person, Put: &ev, About: t.letter(MailInvite, *m, false)})
}

// invite is the calendar part of a mail to the person.
func (t *turn) invite(method string, m OneToOne) *Invite {
	return &Invite{Method: method, Event: t.event(m)}
}

// move puts an agreed meeting to another time, on the person's wish: event and invite follow.
func (t *turn) move(m OneToOne, iv slots.Interval, how string) {
	t.moveTold(m, iv, "ACCEPTED", how)
}

// moveTold is move with the person's PARTSTAT: it is an answer to the new time where the time
// is their own wish.
func (t *turn) moveTold(m OneToOne, iv slots.Interval, answer, how string) {
	before := *m.Meeting
	m.Meeting.Interval = iv
	m.Meeting.Sequence++ // RFC 5546 2.1.4: a new time is a new sequence
	m.Meeting.PartStat = answer
	m.Meeting.Reminded, m.Meeting.Briefed, m.Meeting.AgreedAt = time.Time{}, m.Meeting.briefedFor(), t.now
	m.Stage, m.Pending = Agreed, nil
	t.putEvent(&m, m.key("event"))
	t.updated(&m, before)
	t.tellGuests(&m, MailGuestUpdate, m.Meeting.Sequence, &before)
	t.save(m)
	t.log(m.Person, m.ID, "moved to "+iv.From.In(t.s.Organizer.Zone).Format("Mon 2 Jan 15:04"), how)
}

// updated sends the person the invite as it now is.
func (t *turn) updated(m *OneToOne, before Meeting) {
	t.mailPerson(m, MailUpdate, mail{asked: replies.AskedInvite, invite: t.invite("REQUEST", *m), expires: m.Meeting.From,
		fill: func(l *Letter) {
			was := before.public()
			l.Before, l.Title, l.Joins = &was, newTitle(before, *m.Meeting), joined(before, *m.Meeting)
		}})
}

// takeBack removes a meeting from the calendar, and tells its guests. Whether the person hears
// of it, and how, is the caller's.
func (t *turn) takeBack(m *OneToOne, remove bool) {
	if m.Meeting == nil {
		return
	}
	t.revokeMeeting(*m)
	if remove {
		t.tellGuests(m, MailGuestCancel, m.Meeting.Sequence+1, nil)
		ref := EventRef{ID: m.Meeting.Event.ID}
		t.d.Effects = append(t.d.Effects, Effect{Key: m.key("unevent"), OneToOne: m.ID, Person: m.Person, Remove: &ref})
	}
	if m.Offer == nil {
		m.Offer = &Offer{}
	}
	m.Offer.Avoid = append(m.Offer.Avoid, m.Meeting.Interval)
}

// revokeMeeting keeps what was planned about a meeting, and did not go out yet, from going
// out: reminders of meetings that were moved or cancelled help nobody.
func (t *turn) revokeMeeting(m OneToOne) {
	t.revoke(m.ID, MailReminder, MailInvite, MailUpdate, MailTentative)
}

// cancel calls a meeting off and offers other times in the same mail.
func (t *turn) cancel(m OneToOne, why Reason, remove bool) {
	if why == ReasonDeclined { // whatever came up may take more of that day
		if m.Offer == nil {
			m.Offer = &Offer{}
		}
		m.Offer.Shunned = append(m.Offer.Shunned, m.Meeting.Interval)
	}
	again := m
	again.Meeting = nil
	found := t.find(again, nil, []slots.Interval{m.Meeting.Interval}, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	gone := *m.Meeting
	t.takeBack(&m, remove)
	gone.Sequence++
	m.Meeting = &gone
	inv := t.invite("CANCEL", m)
	inv.Event.Cancelled = true
	if len(found) > 0 {
		m.Offer.Slots, m.Offer.At, m.Offer.Nudged = found, t.now, nil
		m.Offer.Rounds++
	}
	was := gone.public()
	t.mailPerson(&m, MailCancel, mail{asked: replies.AskedTimes, invite: inv, fill: func(l *Letter) {
		l.Before, l.Slots, l.Reason = &was, found, why
	}})
	m.Meeting = nil
	t.afterCancel(m, found, why)
}

// callOff takes an agreed meeting back and tells the person, without offering other times.
func (t *turn) callOff(m *OneToOne, why Reason) {
	gone := *m.Meeting
	t.takeBack(m, true)
	gone.Sequence++
	m.Meeting = &gone
	inv := t.invite("CANCEL", *m)
	inv.Event.Cancelled = true
	was := gone.public()
	t.mailPerson(m, MailCancel, mail{asked: replies.AskedNothing, invite: inv, expires: gone.To,
		fill: func(l *Letter) { l.Before, l.Reason = &was, why }})
	m.Meeting = nil
}

// afterCancel is how a round goes on when its meeting is off.
func (t *turn) afterCancel(m OneToOne, found []slots.Slot, why Reason) {
	if len(found) == 0 {
		t.noTimes(m)
		return
	}
	m.Stage, m.Pending = Offered, nil
	if !t.mayWrite(m.Person) {
		t.callSheet(m)
		return
	}
	t.hold(&m)
	t.save(m)
	t.log(m.Person, m.ID, "the meeting is off, other times offered", string(why))
}

// ended moves a meeting that is over to the debrief.
func (t *turn) ended(m OneToOne) {
	t.revokeMeeting(m)
	m.Stage, m.Since, m.Before, m.Reason = Met, t.now, "", ""
	m.Debrief = &Debrief{}
	t.settle(m.ID)
	t.save(m)
	t.log(m.Person, m.ID, "the meeting is over", "")
}

// remind writes the short mail of the day before.
func (t *turn) remind(m OneToOne) {
	m.Meeting.Reminded = t.now
	if t.s.underCaps(t.standing(m.Person), t.now).After(t.now) {
		t.save(m)
		t.log(m.Person, m.ID, "no reminder", "they had enough mail this week")
		return
	}
	t.mailPerson(&m, MailReminder, mail{asked: replies.AskedInvite, counts: true, expires: m.Meeting.From.Add(-30 * time.Minute)})
	t.save(m)
	t.log(m.Person, m.ID, "reminder sent", "the day before")
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
