package scheduler

import (
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// itip handles the calendar parts of a mail. A person can change only their own PARTSTAT,
// and only of the meeting that stands (RFC 5546 3.2.3, 6.1.2).
func (t *turn) itip(mail Mail, ref *ThreadRef) {
	for _, part := range mail.ITIP {
		m, ok := t.meetingOf(part.UID)
		if !ok {
			continue
		}
		p := t.s.People[m.Person]
		// Some calendars answer from an address of their own (iCloud does). The UID, which only
		// the invited know, and the attendee then say whose answer it is.
		byRobot := mail.Robot == CalendarRobot && part.Attendee.Addr != ""
		if !p.has(mail.From.Addr) && !byRobot || (part.Attendee.Addr != "" && !p.has(part.Attendee.Addr)) {
			t.log(m.Person, m.ID, "a calendar answer ignored", "it is not from the person invited")
			continue
		}
		if t.s.silenced(p.ID) {
			continue
		}
		t.rsvp(m, part)
	}
	// Words beside a calendar answer count as well: "can we do Thursday instead?"
	if ref != nil && !ref.Own && mail.Robot == Human && words(mail.Text) {
		t.answeredBeside(mail, *ref)
	}
}

// answeredBeside reads the words around a calendar answer, but for what the answer itself said.
func (t *turn) answeredBeside(mail Mail, ref ThreadRef) {
	m, ok := t.one(ref.OneToOne)
	p, known := t.s.People[ref.Person]
	if !ok || !known || !p.has(mail.From.Addr) {
		return
	}
	r := replies.Read(mail.Text, t.reading(mail, p, m, ref))
	switch r.Kind {
	case replies.Never:
		t.stop(p.ID, ReasonStopped, "wrote so")
	case replies.Question, replies.Counter:
		t.needsYou(&m, ReasonRemark, r.Visible)
		t.save(m)
	}
}

func words(text string) bool { return len(strings.TrimSpace(text)) > 0 }

func (t *turn) meetingOf(uid string) (OneToOne, bool) {
	for _, id := range t.ids() {
		if m := t.s.OneToOnes[id]; m.Meeting != nil && m.Meeting.UID == uid && m.Meeting.UID != "" {
			return t.one(id)
		}
	}
	return OneToOne{}, false
}

// rsvp follows one calendar answer.
func (t *turn) rsvp(m OneToOne, part ITIP) {
	c := m.Meeting
	old := part.Sequence < c.Sequence || (part.Sequence == c.Sequence && part.Stamp.Before(c.Stamp))
	if m.Stage != Agreed || old { // RFC 5546 2.1.5: an answer to an older version
		t.log(m.Person, m.ID, "a calendar answer ignored", "it is about an older version")
		return
	}
	if !part.Stamp.IsZero() && part.Stamp.Equal(c.Stamp) && part.PartStat == c.PartStat {
		return // the same again
	}
	c.Stamp = part.Stamp
	switch part.Method {
	case "REPLY":
		t.partStat(m, part.PartStat, part.Comment)
	case "COUNTER":
		t.proposed(m, part)
	case "REFRESH":
		before := *c
		t.updated(&m, before)
		t.save(m)
	default: // a CANCEL or REQUEST for our own event is never the attendee's to send
		t.log(m.Person, m.ID, "a calendar message ignored", part.Method+" is not theirs to send")
	}
}

// partStat follows what the person set on their calendar.
func (t *turn) partStat(m OneToOne, status, comment string) {
	if m.Meeting.PartStat == status && status != "DECLINED" {
		t.save(m)
		return
	}
	m.Meeting.PartStat = status
	switch status {
	case "ACCEPTED":
		t.save(m)
		t.log(m.Person, m.ID, "they accepted on their calendar", "")
	case "DECLINED":
		t.log(m.Person, m.ID, "they declined on their calendar", comment)
		if comment != "" {
			m.Said = append(m.Said, comment)
		}
		t.cancel(m, ReasonDeclined, true)
	case "TENTATIVE":
		t.log(m.Person, m.ID, "they may come", comment)
		if !m.Meeting.Tentative {
			m.Meeting.Tentative = true
			t.mailPerson(&m, MailTentative, mail{asked: replies.AskedInvite, expires: m.Meeting.From})
		}
		t.save(m)
	default:
		t.save(m)
	}
}

// proposed meets a proposal made on a calendar (RFC 5546 3.2.7): an updated REQUEST when
// the time is free, DECLINECOUNTER (3.2.8) when it is not.
func (t *turn) proposed(m OneToOne, part ITIP) {
	iv := slots.Interval{From: part.From.UTC(), To: part.To.UTC()}
	if iv.From.IsZero() || !iv.To.After(iv.From) || iv.From.Before(t.now) {
		t.needsYou(&m, ReasonUnclear, part.Comment)
		t.save(m)
		return
	}
	if iv.Length() > time.Hour || iv.Length() < 30*time.Minute {
		iv.To = iv.From.Add(m.Meeting.Length())
	}
	why, ok := t.free(m, iv)
	if t.d.Needs != nil {
		return
	}
	if ok {
		t.move(m, iv, "they proposed it on their calendar")
		return
	}
	t.log(m.Person, m.ID, "their proposal does not fit", why)
	again := m
	found := t.find(again, nil, []slots.Interval{iv}, t.s.Organizer.Policy.Offers)
	if t.d.Needs != nil {
		return
	}
	t.mailPerson(&m, MailCounter, mail{asked: replies.AskedInvite, invite: t.invite("DECLINECOUNTER", m),
		fill: func(l *Letter) { l.Slots, l.Reason = found, ReasonNotFree }})
	t.save(m)
}
