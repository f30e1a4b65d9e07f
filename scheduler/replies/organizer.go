package replies

import "strings"

// mayGo reads the answer to "may this go out?". Only words that all agree are an OK; notes
// or changes are read as a debrief; "don't send it" and the rest is Unclear, which sends
// nothing.
func (r *reader) mayGo() Reading {
	if len(r.toks) == 0 {
		return Reading{Kind: Unclear, Why: []string{"nothing was written besides what was quoted"}}
	}
	us, rest := r.unitsAndRest()
	ok, yes := rest == "", false
	for _, u := range us {
		agrees := u.agrees() && !strings.Contains(u.text, "?")
		yes = yes || agrees
		ok = ok && (agrees || u.politeOrder() || u.isSignature())
	}
	if ok && yes {
		return Reading{Kind: Command, OK: true, Why: []string{"it may go out as it is"}}
	}
	if d := r.changes(); d.Kind == Debrief {
		return d
	}
	return Reading{Kind: Unclear, Why: []string{"neither an OK nor a change that could be made"}}
}

// isSignature is a name alone on its line.
func (u *unit) isSignature() bool {
	return len(u.r.toks) <= 2 && len(u.r.toks) > 0 && u.first && u.r.toks[0].upper && u.signsNothing()
}

func (u *unit) signsNothing() bool {
	for i := range u.r.toks {
		if u.r.x.match1(aboutOK, u.r.ids, u.r.toks, i) != unknown {
			return false
		}
	}
	return true
}

// changes is a debrief that holds something besides notes: notes alone change nothing.
func (r *reader) changes() Reading {
	d := r.debrief()
	if d.Kind == Debrief && (len(d.Said) > 0 || d.NoSteps || d.NoMail || d.Next != nil || d.Ask != AskUnknown || d.Held != HeldYes) {
		return d
	}
	return Reading{Kind: Unclear}
}

// summary reads an answer to a summary that invites corrections. Agreement is Unclear with
// OK: there is nothing to do. A correction that names the step and its new day is in Said;
// one that does not is in Passed, for the organizer.
func (r *reader) summary() Reading {
	if len(r.toks) == 0 {
		return Reading{Kind: Unclear, Why: []string{"nothing was written besides what was quoted"}}
	}
	out := Reading{Kind: Correction}
	var passed []string
	wrongs, agrees, asks, stops := false, true, false, false
	us, rest := r.unitsAndRest()
	if rest != "" {
		agrees, passed = false, append(passed, rest)
	}
	for _, u := range us {
		signs := u.signs(aboutSummary)
		stops = stops || signs[stop]
		if said, ok := u.corrected(signs); ok {
			out.Said = append(out.Said, said)
			wrongs, agrees = true, false
			continue
		}
		switch {
		case signs[wrong]:
			wrongs, agrees = true, false
			passed = append(passed, strings.TrimSpace(u.text))
		case strings.HasSuffix(strings.TrimSpace(u.text), "?"):
			asks, agrees = true, false
			passed = append(passed, strings.TrimSpace(u.text))
		case u.strangeIn(aboutSummary) > 1:
			agrees = false
			passed = append(passed, strings.TrimSpace(u.text))
		}
	}
	switch {
	case stops || r.bareStop():
		return Reading{Kind: Never, Why: []string{"they want no more mail"}}
	case wrongs:
		out.Passed = strings.Join(passed, " ")
		out.Why = []string{"something in the summary was not right"}
		return out
	case agrees:
		return Reading{Kind: Unclear, OK: true, Why: []string{"nothing to correct"}}
	}
	if up := r.steps(); up.Kind == StepUpdate && !asks {
		return up
	}
	if asks {
		return Reading{Kind: Question, Why: []string{"they ask something"}}
	}
	return Reading{Kind: Unclear, Why: []string{"not clear whether the summary was right"}}
}

func (u *unit) strangeIn(t topic) int {
	n := 0
	for i := 0; i < len(u.r.toks); {
		k, s := u.r.x.match(t, u.r.ids, u.r.toks, i, len(u.r.toks))
		if s == unknown {
			if _, m := u.r.nameAt(i); m > 0 {
				k = m
			} else {
				n++
			}
		}
		i += max(k, 1)
	}
	return n
}

// corrected reads a step with its right day: "the deadline is Friday, not Thursday", "I'll
// call them by Monday".
func (u *unit) corrected(signs map[sign]bool) (SaidStep, bool) {
	day, _, _, dated := u.deadline()
	var old []Step
	for _, f := range u.r.found() {
		if !f.Not {
			continue
		}
		for _, s := range u.r.c.Steps {
			if !s.Deadline.IsZero() && s.Deadline.Weekday() == f.From.In(u.r.c.Zone).Weekday() {
				old = append(old, s)
			}
		}
	}
	if dated && signs[wrong] {
		id := u.r.which(*u)
		if len(old) == 1 && (id == "" || id == old[0].ID || u.r.likeness(*u, old[0]) == 0) {
			id = old[0].ID
		}
		for _, s := range u.r.c.Steps {
			if s.ID == id {
				return SaidStep{Owner: s.Owner, Action: s.Action, Deadline: day}, true
			}
		}
	}
	var read Reading
	if _, ok := u.step(&read); ok && len(read.Said) == 1 && !signs[wrong] {
		return read.Said[0], true
	}
	return SaidStep{}, false
}
