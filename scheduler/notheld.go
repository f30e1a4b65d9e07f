package scheduler

import (
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// What the organizer may tell after a meeting that did not take place as it stood: nobody
// came, it was put off, or the person wants no more of it.

// notHeld is a meeting that did not take place: other times are offered, with words that
// suit the reason. Who was missed twice is for the organizer to call.
func (t *turn) notHeld(m OneToOne, r replies.Reading) {
	t.settle(m.ID)
	m.Debrief = nil
	if m.Meeting != nil {
		if m.Offer == nil {
			m.Offer = &Offer{}
		}
		m.Offer.Avoid = append(m.Offer.Avoid, m.Meeting.Interval)
	}
	m.Missed++
	m.Meeting = nil
	if r.Held == replies.HeldNoShow && m.Missed >= 2 {
		t.needsYou(&m, ReasonNoShow, r.Visible)
		t.withOrganizer(m, ReasonNoShow)
		return
	}
	m.Stage, m.Reason, m.TryAt = Due, ReasonNotHeld, t.now
	if r.Held == replies.HeldNoShow {
		m.Reason = ReasonNoShow
	}
	t.save(m)
	t.log(m.Person, m.ID, "it did not take place", string(r.Held))
	t.act(m) // at once, or when they may be written to: notes are written at night as well
}

// movedByWord is a meeting that the two put off between themselves. Where the notes do not
// say to which hour, the organizer is asked: an offer of other times would undo what they
// agreed.
func (t *turn) movedByWord(m OneToOne, r replies.Reading) {
	if iv, ok := t.hourIn(m, r.Windows); ok {
		t.settle(m.ID)
		m.Debrief = nil
		if m.Meeting == nil {
			t.agree(m, iv, "you moved it")
			return
		}
		t.move(m, iv, "you moved it")
		return
	}
	m.Debrief.Held, m.Debrief.Asked = replies.HeldMoved, t.now
	m.Debrief.Missing = []Missing{{Part: MissingTime}}
	t.settle(m.ID, ReasonDebrief)
	t.askMissing(&m)
	t.save(m)
	t.log(m.Person, m.ID, "you moved it", "to when is not said")
}

// movedWhen is the answer to "to when?".
func (t *turn) movedWhen(m OneToOne, r replies.Reading) {
	switch {
	case r.Kind == replies.Counter || r.Kind == replies.Debrief && r.Held == replies.HeldMoved:
		t.movedByWord(m, r)
	case r.Kind == replies.NotNow:
		t.settle(m.ID)
		m.Debrief, m.Meeting = nil, nil
		t.pause(m, ReasonNotNow, r.Until)
	case r.Kind == replies.Never:
		t.stop(m.Person, ReasonStopped, "told you so")
	case r.Kind == replies.Debrief: // it took place after all
		m.Debrief.Missing = nil
		t.debriefed(m, r)
	default:
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	}
}

// hourIn is the time that the windows name when they name an hour, and not only a day or a
// part of one.
func (t *turn) hourIn(m OneToOne, windows []slots.Interval) (slots.Interval, bool) {
	length := t.s.Organizer.Policy.Length
	if m.Meeting != nil {
		length = m.Meeting.Length()
	}
	if len(windows) != 1 || windows[0].Length() > max(length, time.Hour) || !windows[0].From.After(t.now) {
		return slots.Interval{}, false
	}
	return slots.Interval{From: windows[0].From, To: windows[0].From.Add(length)}, true
}

// wantsNoMail is a person who told the organizer to be left alone. What was learned is kept,
// nothing goes to them, and the organizer hears at once how it was understood.
func (t *turn) wantsNoMail(m OneToOne, r replies.Reading) {
	if m.Stage == Met && (r.Held == replies.HeldYes || r.Held == replies.HeldByChance) {
		t.record(&m, r)
		t.save(m)
		t.learn(m)
	}
	t.save(m)
	t.stop(m.Person, ReasonStopped, "told you so")
	m, _ = t.one(m.ID)
	t.mailOrganizer(&m, MailNeedsYou, mail{asked: replies.AskedDigest, fill: func(l *Letter) { l.Reason = ReasonStopped }})
	t.save(m)
}
