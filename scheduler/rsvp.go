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
	heeded := false // a comment of theirs was
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
		heeded = t.rsvp(m, part) && part.Comment != "" || heeded
		if t.d.Needs != nil {
			return
		}
	}
	// Words beside a calendar answer count as well: "can we do Thursday instead?"
	if ref != nil && !ref.Own && mail.Robot == Human && words(mail.Text) {
		t.answeredBeside(mail, *ref, heeded)
	}
}

// answeredBeside reads the words around a calendar answer, but for what the answer itself said.
// Where that had a comment which was heeded, they are mostly the same words once more.
func (t *turn) answeredBeside(mail Mail, ref ThreadRef, heeded bool) {
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
		if !heeded {
			t.needsYou(&m, ReasonRemark, r.Visible)
			t.save(m)
		}
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

// rsvp follows one calendar answer, unless it is about an older version or was heeded already.
func (t *turn) rsvp(m OneToOne, part ITIP) bool {
	c := m.Meeting
	old := part.Sequence < c.Sequence || (part.Sequence == c.Sequence && part.Stamp.Before(c.Stamp))
	if m.Stage != Agreed || old { // RFC 5546 2.1.5: an answer to an older version
		t.log(m.Person, m.ID, "a calendar answer ignored", "it is about an older version")
		return false
	}
	if !part.Stamp.IsZero() && part.Stamp.Equal(c.Stamp) && part.PartStat == c.PartStat {
		return true // the same again
	}
	c.Stamp = part.Stamp
	switch part.Method {
	case "REPLY", "COUNTER":
		t.withComment(m, part)
	case "REFRESH":
		before := *c
		t.updated(&m, before)
		t.save(m)
	default: // a CANCEL or REQUEST for our own event is never the attendee's to send
		t.log(m.Person, m.ID, "a calendar message ignored", part.Method+" is not theirs to send")
	}
	return true
}

// withComment follows an answer and the words that came with it (RFC 5545 3.8.1.4): "stop"
// counts here as anywhere, what they say is kept for the brief, and what asks for an answer
// goes to the organizer.
func (t *turn) withComment(m OneToOne, part ITIP) {
	p := t.s.People[m.Person]
	var r replies.Reading
	if words(part.Comment) {
		ctx := t.reading(Mail{Head: Head{Date: part.Stamp}}, p, m, ThreadRef{OneToOne: m.ID, Person: m.Person, Asked: replies.AskedInvite})
		ctx.Asked = replies.AskedInvite
		r = replies.Read(part.Comment, ctx)
	}
	if r.Kind == replies.Never {
		t.save(m)
		t.stop(p.ID, ReasonStopped, "wrote so")
		return
	}
	if part.PartStat == "DECLINED" {
		m.hear(strings.TrimSpace(part.Comment)) // why they cannot
	} else {
		m.hear(r.Told)
	}
	if part.Method == "COUNTER" {
		t.proposed(m, part)
	} else {
		t.partStat(m, part.PartStat, part.Comment)
	}
	if t.d.Needs != nil {
		return
	}
	why := ReasonRemark
	switch {
	case r.Kind == replies.Question || strings.Contains(r.Passed, "?"):
		why = ReasonQuestion
	case r.Kind == replies.Counter && part.Method == "REPLY": // the answer itself says yes or no; they would rather another time
	default:
		return
	}
	m, _ = t.one(m.ID)
	t.needsYou(&m, why, part.Comment)
	t.save(m)
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
