package scheduler

import (
	"maps"
	"slices"
	"time"
)

// Decide says what happens next. It reads no clock, disk or network. s is not changed.
//
// When the answer has Needs, nothing is decided yet: the caller looks at the calendars,
// puts what they say into State.Busy and asks again.
func Decide(s State, ev Event, now time.Time) Decision {
	t := newTurn(s, now.UTC())
	switch e := ev.(type) {
	case Began:
		t.s.Desk.Started, t.s.Desk.Salt = t.now, e.Salt
		t.s.Desk.Digested = t.now
		t.d.Desk = true
	case Tick:
		t.tick()
	case MailCame:
		t.mailCame(e)
	case CalendarChanged:
		t.calendarChanged(e.Change)
	case Delivered:
		t.delivered(e)
	case Ordered:
		t.ordered(e)
	case ConfigBroken:
		t.configBroken(e)
	case Woke:
		t.woke(e)
	case Suspected:
		t.suspected(e)
	case Cleared:
		t.cleared()
	case Blocked:
		t.blocked(e.Trouble)
	case Freed:
		t.freed(e.Work)
	}
	return t.decision()
}

// turn is one run of Decide: a working copy of the state and what came of it so far.
type turn struct {
	s   State
	now time.Time
	d   Decision

	people map[PersonID]bool
	ones   map[OneToOneID]bool
	steps  map[string]bool
	due    []PersonID // whose free times this turn will want to see
}

func newTurn(s State, now time.Time) *turn {
	s.Desk = s.Desk.clone()
	return &turn{s: s, now: now, people: map[PersonID]bool{}, ones: map[OneToOneID]bool{}, steps: map[string]bool{}}
}

// cloned is what has to be done before the first write to a map of the state, which is not
// the turn's own: many turns write nothing, or only ask for busy times.
func cloned[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

func (t *turn) decision() Decision {
	if t.d.Needs != nil {
		return Decision{Needs: t.d.Needs}
	}
	t.needDrafts()
	t.d.State = t.s
	t.d.Standings = slices.Sorted(maps.Keys(t.people))
	t.d.OneToOnes = slices.Sorted(maps.Keys(t.ones))
	t.d.Steps = slices.Sorted(maps.Keys(t.steps))
	return t.d
}

// one is a copy of a one-to-one that may be changed and then kept with save.
func (t *turn) one(id OneToOneID) (OneToOne, bool) {
	m, ok := t.s.OneToOnes[id]
	return m.clone(), ok
}

func (t *turn) save(m OneToOne) {
	t.s.keepWall(m)
	if len(t.ones) == 0 {
		t.s.OneToOnes = cloned(t.s.OneToOnes)
	}
	t.s.OneToOnes[m.ID] = m
	t.ones[m.ID] = true
}

func (t *turn) standing(p PersonID) Standing {
	st, ok := t.s.Standings[p]
	if !ok {
		st.Person = p
	}
	return st
}

func (t *turn) keep(st Standing) {
	if len(t.people) == 0 {
		t.s.Standings = cloned(t.s.Standings)
	}
	t.s.Standings[st.Person] = st
	t.people[st.Person] = true
}

func (t *turn) keepStep(st NextStep) {
	if len(t.steps) == 0 {
		t.s.Steps = cloned(t.s.Steps)
	}
	t.s.Steps[st.ID] = st
	t.steps[st.ID] = true
}

// log adds a line of history.
func (t *turn) log(p PersonID, id OneToOneID, what, why string) {
	t.d.History = append(t.d.History, Entry{At: t.now, Person: p, OneToOne: id, What: what, Why: why})
}

// need puts something on the organizer's list, once for each reason and one-to-one.
func (t *turn) need(p PersonID, id OneToOneID, why Reason) {
	for _, n := range t.s.Desk.Needs {
		if n.Person == p && n.OneToOne == id && n.Why == why {
			return
		}
	}
	t.s.Desk.Needs = append(t.s.Desk.Needs, Need{Person: p, OneToOne: id, Why: why, Since: t.now})
	t.d.Desk = true
}

// needed says whether a one-to-one is on the organizer's list for that reason already.
func (t *turn) needed(m OneToOne, why Reason) bool {
	return slices.ContainsFunc(t.s.Desk.Needs, func(n Need) bool { return n.OneToOne == m.ID && n.Person == m.Person && n.Why == why })
}

// settle takes things off the organizer's list: those of a one-to-one, for the reasons
// given, or for any.
func (t *turn) settle(id OneToOneID, why ...Reason) {
	kept := t.s.Desk.Needs[:0:0]
	for _, n := range t.s.Desk.Needs {
		if n.OneToOne == id && (len(why) == 0 || slices.Contains(why, n.Why)) {
			continue
		}
		kept = append(kept, n)
	}
	if len(kept) != len(t.s.Desk.Needs) {
		t.s.Desk.Needs, t.d.Desk = kept, true
	}
}

// needs says that the calendars must be looked at from now until to.
func (t *turn) needs(to time.Time, p PersonID) {
	if t.d.Needs == nil {
		t.d.Needs = &BusyQuery{From: t.now.Add(-24 * time.Hour), To: to}
	}
	if to.After(t.d.Needs.To) {
		t.d.Needs.To = to
	}
	if b := t.s.Busy; b != nil { // ask for everything that is known already as well: answers replace each other
		if b.To.After(t.d.Needs.To) {
			t.d.Needs.To = b.To
		}
		for q := range b.Person {
			t.d.Needs.addPerson(q)
		}
	}
	t.d.Needs.addPerson(p)
	for _, q := range t.due { // who comes next in this turn: one look serves all
		t.d.Needs.addPerson(q)
	}
}

func (q *BusyQuery) addPerson(p PersonID) {
	if !slices.Contains(q.People, p) {
		q.People = append(q.People, p)
		slices.Sort(q.People)
	}
}

func (d Desk) clone() Desk {
	d.Opened = slices.Clone(d.Opened)
	d.Met = slices.Clone(d.Met)
	d.Needs = slices.Clone(d.Needs)
	d.Raised = slices.Clone(d.Raised)
	d.Troubles = slices.Clone(d.Troubles)
	d.Unwanted = slices.Clone(d.Unwanted)
	return d
}

func (m OneToOne) clone() OneToOne {
	if m.Offer != nil {
		o := *m.Offer
		o.Slots, o.Nudged = slices.Clone(o.Slots), slices.Clone(o.Nudged)
		o.Windows, o.Avoid, o.Holds = slices.Clone(o.Windows), slices.Clone(o.Avoid), slices.Clone(o.Holds)
		o.Shunned = slices.Clone(o.Shunned)
		m.Offer = &o
	}
	if m.Meeting != nil {
		c := *m.Meeting
		c.Guests = slices.Clone(c.Guests)
		m.Meeting = &c
	}
	if m.Debrief != nil {
		c := *m.Debrief
		m.Debrief = &c
	}
	m.Said = slices.Clone(m.Said)
	return m
}

// Open says that the round is not over.
func (m OneToOne) Open() bool { return m.Stage != Closed && m.Stage != Stopped }
