package replies

// call reads what the organizer agreed with somebody on the phone: mostly a time, in the
// words in which the person would have answered; or notes, when the two talked at once.
// Notes count only when they hold more than notes: "left a message" is no one-to-one.
func (r *reader) call() Reading {
	out := r.person(aboutTimes)
	switch out.Kind {
	case Choose, Counter, AcceptOther, NotNow, Never:
		return out
	}
	if d := r.changes(); d.Kind == Debrief && d.Held == HeldYes {
		return d
	}
	return Reading{Kind: Unclear, Why: out.Why}
}
