package scheduler

import (
	"strconv"
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

var zeroTime time.Time

// askDebrief asks the organizer, right after, how it went.
func (t *turn) askDebrief(m OneToOne) {
	if m.Debrief == nil {
		m.Debrief = &Debrief{}
	}
	m.Debrief.Asked = t.now
	t.mailOrganizer(&m, MailDebrief, mail{asked: replies.AskedDebrief})
	t.save(m)
	t.log(m.Person, m.ID, "asked you how it went", "")
}

// nudgeDebrief asks once more, for what is missing.
func (t *turn) nudgeDebrief(m OneToOne) {
	m.Debrief.Nudged = t.now
	if m.Debrief.Answered.IsZero() && len(m.Debrief.Missing) == 0 {
		t.mailOrganizer(&m, MailDebrief, mail{asked: replies.AskedDebrief})
	} else {
		t.askMissing(&m)
	}
	t.save(m)
	t.log(m.Person, m.ID, "asked for your notes again", "a day has passed")
}

// debriefed keeps what the organizer told, and asks only for the part that is missing.
func (t *turn) debriefed(m OneToOne, r replies.Reading) {
	if m.Debrief == nil {
		m.Debrief = &Debrief{Asked: t.now}
	}
	switch {
	case r.NoMail:
		t.wantsNoMail(m, r)
		return
	case m.Stage == FollowedUp || m.Stage == Closed:
		t.amend(m, r)
		return
	case m.Stage != Met:
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
		return
	}
	switch r.Held {
	case replies.HeldMoved:
		t.movedByWord(m, r)
		return
	case replies.HeldNoShow, replies.HeldNot:
		t.notHeld(m, r)
		return
	}
	t.record(&m, r)
	t.save(m)
	t.settle(m.ID, ReasonDebrief)
	t.complete(m)
}

// record keeps what was told of a one-to-one that took place. The first time it is a real
// contact.
func (t *turn) record(m *OneToOne, r replies.Reading) {
	d := m.Debrief
	first, at := d.Answered.IsZero(), t.now
	if m.Meeting != nil {
		at = m.Meeting.From
	}
	if r.Held == replies.HeldByChance { // the hour on the calendar was not the one: no mail may name it
		m.Meeting = nil
		if len(r.Windows) > 0 && r.Windows[0].From.Before(t.now) {
			at = r.Windows[0].From
		}
	}
	d.Held = r.Held
	d.Answered, d.Nudged, d.Alarmed = t.now, zeroTime, false
	t.take(m, r)
	if first {
		t.contact(m.Person, at)
	}
}

// take puts what was said into the record.
func (t *turn) take(m *OneToOne, r replies.Reading) {
	d := m.Debrief
	if note := strings.TrimSpace(r.Notes); note != "" {
		d.Notes = strings.TrimSpace(d.Notes + "\n" + note)
	}
	if r.Ask != replies.AskUnknown {
		d.Ask = r.Ask
	}
	if r.NoSteps {
		d.NoSteps = true
	}
	if n := r.Next; n != nil {
		d.Next = &NextContact{On: n.On, Short: n.Short, Phone: n.Phone, None: n.None}
	}
	t.mergeSteps(*m, r.Said)
}

// mergeSteps adds what was promised, and completes steps that lacked an owner or a date.
func (t *turn) mergeSteps(m OneToOne, said []replies.SaidStep) (changed []NextStep) {
	p := t.s.People[m.Person]
	for _, s := range said {
		st, known := t.sameStep(m, s)
		switch {
		case !known && strings.TrimSpace(s.Action) == "": // a day or an owner, of one of several: it is asked for again
			continue
		case !known:
			st = NextStep{ID: string(m.ID) + "/s" + strconv.Itoa(t.countSteps(m.ID)+1), OneToOne: m.ID, Person: m.Person,
				Action: strings.TrimSpace(s.Action), State: StepOpen, Made: t.now, NoOwner: true}
		}
		switch {
		case s.Owner == "":
		case strings.EqualFold(s.Owner, p.First()) || strings.EqualFold(s.Owner, p.Name):
			st.ByPerson, st.NoOwner = true, false
		case strings.EqualFold(s.Owner, t.s.Organizer.First()) || strings.EqualFold(s.Owner, t.s.Organizer.Name):
			st.ByPerson, st.NoOwner = false, false
		}
		if !s.Deadline.IsZero() && s.Deadline != st.Deadline {
			st.Deadline = s.Deadline
			st.Checked, st.Asked = zeroTime, zeroTime
		}
		t.keepStep(st)
		changed = append(changed, st)
	}
	return changed
}

// sameStep is the step that the words mean, if there is one: by what it says, or the only
// one that lacks just what the words give.
func (t *turn) sameStep(m OneToOne, s replies.SaidStep) (NextStep, bool) {
	var lacking []NextStep
	for _, id := range sortedKeys(t.s.Steps) {
		st := t.s.Steps[id]
		if st.OneToOne != m.ID || st.State != StepOpen {
			continue
		}
		if s.Action != "" && sameAction(st.Action, s.Action) {
			return st, true
		}
		if st.Deadline.IsZero() || st.NoOwner {
			lacking = append(lacking, st)
		}
	}
	if s.Action == "" && len(lacking) == 1 {
		return lacking[0], true
	}
	return NextStep{}, false
}

func (t *turn) countSteps(id OneToOneID) (n int) {
	for _, st := range t.s.Steps {
		if st.OneToOne == id {
			n++
		}
	}
	return n
}

// stepsOfRound are the steps agreed in a round, in the order in which they were said.
func (s State) stepsOfRound(id OneToOneID) (list []NextStep) {
	for _, k := range sortedKeys(s.Steps) {
		if st := s.Steps[k]; st.OneToOne == id && st.State != StepDropped {
			list = append(list, st)
		}
	}
	return list
}

// contact records a real contact: the clock of the cadence starts from it.
func (t *turn) contact(id PersonID, at time.Time) {
	st := t.standing(id)
	st.Met = append(st.Met[:len(st.Met):len(st.Met)], at)
	if len(st.Met) > 12 {
		st.Met = st.Met[len(st.Met)-12:]
	}
	st.Silent, st.CallWhy, st.Next, st.Snoozed = 0, "", nil, slots.Date{}
	t.keep(st)
	t.s.Desk.Met = append(keepSince(t.s.Desk.Met, t.now.Add(-13*7*24*time.Hour)), at)
	t.d.Desk = true
}

// missing is what the record still lacks. A one-to-one counts as done only when nothing is.
func (t *turn) missing(m OneToOne) (list []Missing) {
	steps := t.s.stepsOfRound(m.ID)
	if len(steps) == 0 && !m.Debrief.NoSteps {
		list = append(list, Missing{Part: MissingSteps})
	}
	for _, st := range steps {
		if st.NoOwner {
			list = append(list, Missing{MissingOwner, st.Action})
		}
		if st.Deadline.IsZero() {
			list = append(list, Missing{MissingDeadline, st.Action})
		}
	}
	if m.Debrief.Next == nil {
		list = append(list, Missing{Part: MissingNext})
	}
	return list
}

// complete asks for what is missing, or goes on to the summary.
func (t *turn) complete(m OneToOne) {
	m, _ = t.one(m.ID)
	if m.Debrief.Missing = t.missing(m); len(m.Debrief.Missing) > 0 {
		m.Debrief.Asked = t.now
		t.askMissing(&m)
		t.save(m)
		return
	}
	t.settle(m.ID, ReasonMissing, ReasonDebrief)
	t.learn(m)
	if t.s.Organizer.Policy.ApproveSum && t.mayWrite(m.Person) {
		t.readBack(m)
		return
	}
	m.Debrief.ReadBack, m.Debrief.Approved = t.now, true
	t.save(m)
	t.act(m)
}

// maxAsked is how often the missing part is asked for by mail. After that it stands on the
// digest: who answers and answers without saying it does not want to be asked again.
const maxAsked = 3

func (t *turn) askMissing(m *OneToOne) {
	t.need(m.Person, m.ID, ReasonMissing)
	if m.Debrief.AskedMore++; m.Debrief.AskedMore > maxAsked {
		return
	}
	asked := replies.AskedMissing
	if m.Debrief.Held == replies.HeldMoved {
		asked = replies.AskedCall // a time is what is missing
	}
	t.mailOrganizer(m, MailMissing, mail{asked: asked, fill: func(l *Letter) {
		l.Missing, l.Steps = m.Debrief.Missing, t.s.stepsOfRound(m.ID)
	}})
}

// learn keeps what this one-to-one tells about the person for the next. An ask that was not
// made leaves the last one as it was: it may be proposed again.
func (t *turn) learn(m OneToOne) {
	st := t.standing(m.Person)
	d := m.Debrief
	tookOn := d.Ask == replies.AskYes || d.Ask == replies.AskSmaller
	what := m.Asked
	if steps := t.s.stepsOfRound(m.ID); what == "" && tookOn && len(steps) > 0 {
		what = steps[0].Action
	}
	if d.Ask != replies.AskUnknown && d.Ask != replies.AskNone {
		st.LastAsk, st.Answer = what, string(d.Ask)
	}
	if n := len(st.Sparks); d.Notes != "" && (n == 0 || st.Sparks[n-1] != d.Notes) {
		st.Sparks = lastN(append(st.Sparks[:len(st.Sparks):len(st.Sparks)], d.Notes), 3)
	}
	if d.Next != nil {
		next := *d.Next
		st.Next = &next
	}
	t.keep(st)
	if tookOn {
		for _, s := range t.s.stepsOfRound(m.ID) { // what they said they would do, and not what they were to be asked
			if s.ByPerson {
				what = s.Action
				break
			}
		}
		t.s.Desk.Raised = append(t.s.Desk.Raised, Raised{m.Person, what, t.now})
		t.d.Desk = true
	}
}

func lastN[T any](list []T, n int) []T {
	if len(list) > n {
		return list[len(list)-n:]
	}
	return list
}

// summary begins the mail to the person: steps, dates, when they connect next; nothing private.
func (t *turn) summary(l *Letter, m OneToOne) {
	for _, st := range t.s.stepsOfRound(m.ID) {
		l.Steps = append(l.Steps, st.public())
	}
	l.Next = m.Debrief.Next
}

// readBack shows the organizer what the person will get. Silence sends it only where the
// policy says so, and only once it is known that they have it before them.
func (t *turn) readBack(m OneToOne) {
	inner := t.letter(MailSummary, m, true)
	t.summary(inner, m)
	m.Debrief.ReadBack, m.Debrief.Shown, m.Debrief.Approved = t.now, zeroTime, false
	t.mailOrganizer(&m, MailReadBack, mail{asked: replies.AskedOK, fill: func(l *Letter) {
		l.Inner = inner
		t.summary(l, m)
	}})
	m.Debrief.ReadBackKey = t.d.Effects[len(t.d.Effects)-1].Key
	t.save(m)
	t.need(m.Person, m.ID, ReasonReadBack)
	t.log(m.Person, m.ID, "the summary waits for your ok", "")
}

// shown begins the silence that may stand for an "ok": the summary lies before the organizer.
func (t *turn) shown(m OneToOne, key string) {
	if d := m.Debrief; m.Stage == Met && d != nil && !d.ReadBack.IsZero() && !d.Approved && key == d.ReadBackKey {
		d.Shown = t.now
		t.save(m)
	}
}

// notSilent ends the silence for good: whatever the organizer said, only "ok" is one.
func (m *OneToOne) notSilent() {
	if m.Debrief != nil {
		m.Debrief.Shown = zeroTime
	}
}

func (t *turn) readBackAnswer(m OneToOne, r replies.Reading) {
	switch {
	case m.Stage != Met || m.Debrief == nil:
		t.debriefed(m, r)
	case r.OK:
		m.Debrief.Approved = true
		t.save(m)
		t.settle(m.ID, ReasonReadBack)
		t.act(m)
	case r.Kind == replies.Debrief || r.Kind == replies.Correction:
		m.Debrief.ReadBack = zeroTime
		t.take(&m, r)
		t.save(m)
		t.complete(m)
	default:
		t.needsYou(&m, ReasonOwnWords, r.Visible)
		t.save(m)
	}
}

// summarize sends the summary to both. The steps' clocks start.
func (t *turn) summarize(m OneToOne) {
	if !m.Debrief.Approved {
		t.log(m.Person, m.ID, "the summary goes as it stands", "you let it stand")
	}
	m.Debrief.Summary, m.Debrief.Approved = t.now, true
	m.Stage, m.Since = FollowedUp, t.now
	t.mailPerson(&m, MailSummary, mail{asked: replies.AskedSummary, counts: true, invite: t.todos(m),
		fill: func(l *Letter) { t.summary(l, m) }})
	t.mailOrganizer(&m, MailOwnSummary, mail{asked: replies.AskedSummary, fill: func(l *Letter) { t.summary(l, m) }})
	t.save(m)
	t.settle(m.ID)
	t.d.Releases = append(t.d.Releases, m.Person)
	t.log(m.Person, m.ID, "summary sent", "to both")
}

// todos is the deadlines of a round as a calendar attachment; nil when there are none.
func (t *turn) todos(m OneToOne) *Invite {
	as := t.s.Organizer.Policy.StepsAs
	if as == "" {
		return nil
	}
	inv := &Invite{Method: "PUBLISH", AsTodo: as == "todo", Event: CalendarEvent{Stamp: t.now, Zone: t.s.Organizer.Zone.String(),
		Organizer: Address{t.s.Organizer.Name, t.s.Organizer.Address}}}
	for _, st := range t.s.stepsOfRound(m.ID) {
		if !st.Deadline.IsZero() && st.State == StepOpen {
			st = st.public()
			if !st.ByPerson { // on the person's calendar, where it would look like theirs
				st.Action = t.s.Organizer.First() + ": " + st.Action
			}
			inv.Todos = append(inv.Todos, st)
		}
	}
	if len(inv.Todos) == 0 {
		return nil
	}
	return inv
}

// corrected is the person's answer to a summary: what they put right counts, and both get
// the new version. Their thanks move nothing.
func (t *turn) corrected(m OneToOne, r replies.Reading) {
	switch r.Kind {
	case replies.Correction, replies.Debrief:
		t.amend(m, r)
	case replies.StepUpdate:
		t.save(m)
		stuck := false
		for _, u := range r.Updates {
			if st, ok := t.s.Steps[u.Step]; ok && st.Person == m.Person && st.ByPerson {
				t.updateStep(st, u.State, u.Until, u.Words)
				stuck = stuck || u.State == replies.StepStuck
			}
		}
		if m, _ = t.one(m.ID); stuck { // who asks for help does not wait for the digest
			t.needsYou(&m, ReasonStuck, r.Visible)
			t.save(m)
		}
	case replies.Question:
		t.needsYou(&m, ReasonQuestion, r.Visible)
		t.save(m)
	case replies.Counter, replies.AcceptOther, replies.NotNow:
		t.needsYou(&m, ReasonRemark, r.Visible)
		t.save(m)
	default:
		t.save(m)
	}
}

// amend changes the record after the summary went out.
func (t *turn) amend(m OneToOne, r replies.Reading) {
	if m.Debrief == nil || m.Debrief.Summary.IsZero() {
		t.save(m)
		return
	}
	d := m.Debrief
	if r.Next != nil {
		d.Next = &NextContact{On: r.Next.On, Short: r.Next.Short, Phone: r.Next.Phone, None: r.Next.None}
		st := t.standing(m.Person)
		next := *d.Next
		st.Next = &next
		t.keep(st)
	}
	if note := strings.TrimSpace(r.Notes); note != "" && r.Kind == replies.Debrief {
		d.Notes = strings.TrimSpace(d.Notes + "\n" + note)
	}
	changed := t.mergeSteps(m, r.Said)
	if len(changed) == 0 && r.Next == nil {
		t.needsYou(&m, ReasonRemark, r.Visible)
		t.save(m)
		return
	}
	d.Amended++
	t.mailPerson(&m, MailAmended, mail{asked: replies.AskedSummary, invite: t.todos(m), fill: func(l *Letter) { t.summary(l, m) }})
	t.mailOrganizer(&m, MailOwnSummary, mail{asked: replies.AskedSummary, fill: func(l *Letter) {
		t.summary(l, m)
		l.Changed = changed
	}})
	t.save(m)
	t.log(m.Person, m.ID, "the summary was corrected", "both have the new version")
}
