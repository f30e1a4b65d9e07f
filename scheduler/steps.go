package scheduler

import (
	"cmp"
	"slices"
	"strings"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// tickSteps asks after promises: once before the date, once after it, and then it is a
// call in the digest, never a third mail. Steps of one person share one mail.
func (t *turn) tickSteps() {
	due := map[string][]NextStep{}
	for _, id := range sortedKeys(t.s.Steps) {
		st := t.s.Steps[id]
		pl := t.s.PlanStep(st)
		if pl.At.IsZero() || pl.At.After(t.now) {
			continue
		}
		if pl.What == ActSlipStep {
			t.slip(st)
			continue
		}
		who := "them/"
		if !st.ByPerson {
			who = "you/"
		}
		group := string(st.Person) + "/" + who + string(pl.What)
		due[group] = append(due[group], st)
	}
	for _, group := range sortedKeys(due) {
		// The mail about another group may have been the last that the caps allow.
		list := slices.DeleteFunc(due[group], func(st NextStep) bool { return t.s.PlanStep(st).At.After(t.now) })
		if len(list) > 0 {
			t.askSteps(list)
		}
	}
}

func (t *turn) slip(st NextStep) {
	st.State, st.Settled = StepSlipped, t.now
	t.keepStep(st)
	if st.ByPerson {
		s := t.standing(st.Person)
		s.CallWhy = ReasonSlipped
		t.keep(s)
	}
	t.log(st.Person, st.OneToOne, "slipped: "+st.Action, "no word after its date")
	t.maybeDone(st.OneToOne)
}

// askSteps writes one mail about all of these steps, which have one owner.
func (t *turn) askSteps(list []NextStep) {
	first := list[0]
	m, ok := t.one(first.OneToOne)
	if !ok {
		return
	}
	before := t.s.PlanStep(first).What == ActCheckStep
	kind, why := MailStepAsk, "its date is over"
	if before {
		kind, why = MailCheckIn, "its date is near"
	}
	var ids []string
	for i, st := range list {
		if before {
			st.Checked = t.now
		} else {
			st.Asked = t.now
		}
		list[i] = st
		t.keepStep(st)
		ids = append(ids, st.ID)
		t.log(st.Person, st.OneToOne, "asked about: "+st.Action, why)
	}
	x := mail{asked: replies.AskedSteps, counts: true, steps: ids, fill: func(l *Letter) {
		shown := slices.Clone(list)
		for i := range shown {
			if l.ToPerson {
				shown[i] = shown[i].public()
			}
		}
		l.Steps, l.Changed = shown, shown
	}}
	if first.ByPerson {
		t.mailPerson(&m, kind, x)
	} else {
		t.mailOrganizer(&m, MailOwnCheckIn, x)
	}
	t.save(m)
}

// stepAnswer is what the owner wrote when asked about promises.
func (t *turn) stepAnswer(m OneToOne, r replies.Reading, ref ThreadRef) {
	if r.Kind != replies.StepUpdate {
		if r.Kind == replies.Question || r.Kind == replies.Unclear {
			t.needsYou(&m, unclearOf(ref), r.Visible)
		}
		t.save(m)
		return
	}
	t.save(m)
	unclear, stuck := false, false
	for _, u := range r.Updates {
		st, ok := t.s.Steps[u.Step]
		if !ok || st.Person != m.Person {
			unclear = true
			continue
		}
		t.updateStep(st, u.State, u.Until, u.Words)
		stuck = stuck || u.State == replies.StepStuck && st.ByPerson
	}
	m, _ = t.one(m.ID)
	switch {
	case unclear:
		t.needsYou(&m, unclearOf(ref), r.Visible)
		t.save(m)
	case stuck: // who asks for help does not wait for the digest
		t.needsYou(&m, ReasonStuck, r.Visible)
		t.save(m)
	}
	t.maybeDone(m.ID)
}

// unclearOf says whose words in a thread were not understood.
func unclearOf(ref ThreadRef) Reason {
	if ref.Own {
		return ReasonOwnWords
	}
	return ReasonUnclear
}

// updateStep keeps what its owner said of a promise.
func (t *turn) updateStep(st NextStep, state replies.StepState, until slots.Date, words string) {
	st.Words = words
	switch state {
	case replies.StepDone:
		st.State, st.Settled, st.Stuck = StepDone, t.now, false
	case replies.StepMoved:
		if until.IsZero() || until.Before(slots.DateOf(t.now, t.s.Organizer.Zone)) {
			return
		}
		st.Moves = append(slices.Clone(st.Moves), st.Deadline)
		st.Deadline, st.State = until, StepOpen
		st.Checked, st.Asked, st.Made, st.Stuck = zeroTime, zeroTime, t.now, false
		if len(st.Moves) >= 3 {
			t.need(st.Person, st.OneToOne, ReasonStuck)
		}
	case replies.StepStuck:
		st.Stuck = true
		if st.Asked.IsZero() {
			st.Asked = t.now // it was asked about: no further mail, the organizer helps
		}
		t.need(st.Person, st.OneToOne, ReasonStuck)
		if st.ByPerson {
			s := t.standing(st.Person)
			s.CallWhy = ReasonStuck
			t.keep(s)
		}
	case replies.StepCant:
		st.State, st.Settled = StepDropped, t.now
		if st.ByPerson {
			t.need(st.Person, st.OneToOne, ReasonDropped)
		}
	}
	t.keepStep(st)
	t.log(st.Person, st.OneToOne, string(state)+": "+st.Action, words)
	t.tellOwnStep(st, state)
}

// tellOwnStep says openly when the organizer's own promise moves or cannot be kept.
func (t *turn) tellOwnStep(st NextStep, state replies.StepState) {
	if st.ByPerson || (state != replies.StepMoved && state != replies.StepCant) || t.s.unsaid(st) {
		return
	}
	m, ok := t.one(st.OneToOne)
	if !ok {
		return
	}
	if t.mailPerson(&m, MailStepNote, mail{asked: replies.AskedSummary, counts: true,
		fill: func(l *Letter) { l.Changed = []NextStep{st.public()} }}) {
		t.save(m)
	}
}

// public is what the other side may see of a promise.
func (st NextStep) public() NextStep {
	st.Words, st.Stuck = "", false
	return st
}

// maybeDone lets a followed-up round close once nothing of it is open.
func (t *turn) maybeDone(id OneToOneID) {
	m, ok := t.one(id)
	if ok && m.Stage == FollowedUp && t.s.openSteps(id) == 0 && m.Debrief.Summary.Add(correctionTime).Before(t.now) {
		t.closeRound(m, "every promise is settled")
	}
}

// stepsOf are the steps that words in a thread may refer to, those asked about first.
func (t *turn) stepsOf(p PersonID, ref ThreadRef) (list []NextStep) {
	for _, id := range sortedKeys(t.s.Steps) {
		st := t.s.Steps[id]
		open := st.State == StepOpen || st.State == StepSlipped
		asked := slices.Contains(ref.Steps, id)
		ofRound := ref.Asked == replies.AskedSummary && st.OneToOne == ref.OneToOne
		mine := ref.Asked != replies.AskedSteps || asked || st.ByPerson != ref.Own
		if st.Person == p && mine && (open || asked || ofRound) {
			list = append(list, st)
		}
	}
	slices.SortStableFunc(list, func(a, b NextStep) int {
		return cmp.Compare(b2i(slices.Contains(ref.Steps, b.ID)), b2i(slices.Contains(ref.Steps, a.ID)))
	})
	return list
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sameAction(a, b string) bool {
	a, b = foldAction(a), foldAction(b)
	return a == b || (len(a) > 8 && strings.Contains(b, a)) || (len(b) > 8 && strings.Contains(a, b))
}

func foldAction(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.Trim(s, " .!,;:"))), " ")
}
