package replies

// call reads what the organizer agreed with somebody on the phone: mostly a time, in the
// words in which the person would have answered; or notes, when the two talked at once.
// Notes count only when they hold more than notes: "left a message" is no one-to-one.
func (r *reader) call() Reading {
	r.inTheirWords()
	out := r.person(aboutTimes)
	switch out.Kind {
	case Choose:
		if out.Mode == "phone" {
			return Reading{Kind: Unclear, Why: []string{"another call, or the meeting by phone?"}} // "she wants a call Thursday"
		}
		return out
	case Counter, AcceptOther, NotNow, Never:
		return out
	}
	if d := r.changes(); d.Kind == Debrief && (d.Held == HeldYes || d.Held == HeldByChance) && (len(d.Said) > 0 || d.NoSteps || d.Next != nil) {
		return d
	}
	return Reading{Kind: Unclear, Why: out.Why}
}

// inTheirWords makes "she can do Tuesday" what she said: "I can do Tuesday". Only the words
// that phrases are looked up by change; what is quoted stays as it was written.
func (r *reader) inTheirWords() {
	for i, t := range r.toks {
		if w, ok := r.x.told[t.word]; ok {
			r.ids[i] = r.x.ids[foldWord(w)]
		}
	}
}
