package scheduler

import (
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// What the organizer writes of a meeting that is to come, in answer to its brief or to a mail
// that needs them: orders, as their hand on the calendar is.

// briefAsks is what an answer to a brief is about: the meeting ahead, or how it went, for who
// answers once it is over.
func briefAsks(m OneToOne) replies.Asking {
	switch m.Stage {
	case Met, FollowedUp, Closed:
		return replies.AskedDebrief
	}
	return replies.AskedAhead
}

// standing says that a meeting is agreed and not over, whoever has the thread.
func (m OneToOne) standing() bool {
	return m.Meeting != nil && (m.Stage == Agreed || m.Stage == WithOrganizer && m.Before == Agreed)
}

// aheadAnswer follows such words. What is not clear is asked about, and moves nothing.
func (t *turn) aheadAnswer(m OneToOne, r replies.Reading) {
	switch {
	case r.OK:
		return
	case !m.standing():
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	case r.Kind == replies.AcceptOther && r.Theirs:
		t.calledOff(m, ReasonDeclined)
	case r.Kind == replies.AcceptOther:
		t.calledOff(m, ReasonMovedByYou)
	case r.Kind == replies.Counter:
		t.movedByOrder(m, r)
	default:
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	}
}

// calledOff cancels the meeting by the organizer's order, and offers other times.
func (t *turn) calledOff(m OneToOne, why Reason) {
	t.log(m.Person, m.ID, "you called the meeting off", "by mail")
	t.settle(m.ID)
	m.Before, m.Reason = "", ""
	t.cancel(m, why, true)
}

// movedByOrder puts the meeting to the hour that the organizer named. The person is asked
// anew: whether it suits them nobody knows.
func (t *turn) movedByOrder(m OneToOne, r replies.Reading) {
	iv, ok := t.hourIn(m, r.Windows)
	if !ok {
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
		return
	}
	why, free := t.unbooked(m, iv)
	if t.d.Needs != nil {
		return
	}
	if !free {
		t.log(m.Person, m.ID, "the time you named is taken", why)
		t.needsYou(&m, ReasonTaken, r.Visible)
		t.save(m)
		return
	}
	t.settle(m.ID)
	m.Before, m.Reason = "", ""
	t.moveTold(m, iv, "NEEDS-ACTION", "you said so")
}

// unbooked says whether the organizer has nothing else at an hour that they named themselves:
// their own word outweighs their hours, notice and buffers, and makes no double booking.
func (t *turn) unbooked(m OneToOne, iv slots.Interval) (why string, ok bool) {
	r := t.s.agreedRequest(m, t.now)
	if !t.look(m, maxTime(r.To, iv.To)) {
		return "", false
	}
	r.To, r.Length = maxTime(r.To, iv.To), iv.Length()
	r.Organizer.Hours, r.Person.Hours, r.Person.Busy = everyHour(), everyHour(), nil
	r.Blackout, r.Avoid, r.Held = nil, nil, nil
	r.Notice, r.Buffer, r.Travel, r.MaxPerDay, r.MaxPerWeek = 0, 0, 0, 0, 0
	why, conflict := slots.Conflicts(r, iv)
	return why, !conflict
}
