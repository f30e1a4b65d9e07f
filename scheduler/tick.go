package scheduler

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"indy/scheduler/slots"
)

// Wake is when Decide next has something to do of its own accord; zero for never. While
// sending is held only the organizer's word can move anything.
func (s State) Wake(now time.Time) time.Time {
	if s.held() {
		return time.Time{}
	}
	var first time.Time
	take := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, m := range s.OneToOnes {
		if _, known := s.People[m.Person]; known && m.Open() {
			take(s.Plan(m).At)
		}
	}
	for _, st := range s.Steps {
		take(s.PlanStep(st).At)
	}
	for _, id := range s.Order {
		if pl := s.PlanPerson(s.People[id]); pl.What == ActOpen {
			take(s.afterCapacity(pl.At, now))
		}
	}
	take(s.nextDigest())
	return first
}

func (s State) held() bool { return !s.Desk.Held.IsZero() || !s.Desk.Suspect.Since.IsZero() }

// afterCapacity moves at to the week in which another round may be opened.
func (s State) afterCapacity(at, now time.Time) time.Time {
	if at.Before(now) {
		at = now
	}
	if s.Organizer.Policy.Capacity <= 0 {
		return at
	}
	if s.openedIn(at) >= s.Organizer.Policy.Capacity {
		return monday(at, s.Organizer.Zone).AddDays(7).At(9*60, s.Organizer.Zone)
	}
	return at
}

// openedIn counts the rounds opened in the week of at.
func (s State) openedIn(at time.Time) (n int) {
	week := monday(at, s.Organizer.Zone)
	for _, o := range s.Desk.Opened {
		if monday(o, s.Organizer.Zone) == week {
			n++
		}
	}
	return n
}

// monday is the day that the week of t starts on (ISO 8601).
func monday(t time.Time, zone *time.Location) slots.Date {
	d := slots.DateOf(t, zone)
	return d.AddDays(-(int(d.Weekday()) + 6) % 7)
}

// tick does whatever is due by now: each plan once, so that what was late collapses.
func (t *turn) tick() {
	if t.s.held() {
		return
	}
	t.leavers()
	t.due = t.offersDue()
	for _, id := range t.ids() {
		for range 4 { // one thing may lead to the next at the same instant, never without end
			m, ok := t.one(id)
			if !ok || !m.Open() || !t.act(m) || t.d.Needs != nil {
				break
			}
		}
	}
	t.tickSteps()
	t.openDue()
	if at := t.s.nextDigest(); !at.IsZero() && !at.After(t.now) {
		t.digest()
	}
}

func (t *turn) ids() []OneToOneID {
	ids := make([]OneToOneID, 0, len(t.s.OneToOnes))
	for id := range t.s.OneToOnes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// offersDue are the people to whom times are to be offered by now.
func (t *turn) offersDue() (list []PersonID) {
	for _, id := range t.ids() {
		m := t.s.OneToOnes[id]
		if !m.Open() {
			continue
		}
		switch pl := t.s.Plan(m); pl.What {
		case ActOffer, ActNudge, ActResume:
			if !pl.At.IsZero() && !pl.At.After(t.now) {
				list = append(list, m.Person)
			}
		}
	}
	for _, id := range t.s.Order {
		if pl := t.s.PlanPerson(t.s.People[id]); pl.What == ActOpen && !pl.At.After(t.now) {
			list = append(list, id)
		}
	}
	return list
}

// act does what the one-to-one's plan says, if its time has come.
func (t *turn) act(m OneToOne) bool {
	pl := t.s.Plan(m)
	if pl.At.IsZero() || pl.At.After(t.now) {
		return false
	}
	switch pl.What {
	case ActOffer:
		t.offer(m, t.openingKind(m))
	case ActNudge:
		t.nudge(m)
	case ActGiveUp:
		t.giveUp(m)
	case ActBrief:
		t.brief(m)
	case ActRemind:
		t.remind(m)
	case ActKeepClock:
		t.keepClock(m)
	case ActEnd:
		t.ended(m)
	case ActAskDebrief:
		t.askDebrief(m)
	case ActNudgeNotes:
		t.nudgeDebrief(m)
	case ActAlarm:
		m.Debrief.Alarmed = true
		t.save(m)
		t.need(m.Person, m.ID, ReasonDebrief)
		t.log(m.Person, m.ID, "still no notes", "on top of the digest until you write them")
	case ActSummarize:
		t.summarize(m)
	case ActResume:
		t.resume(m)
	case ActClose:
		t.closeRound(m, "followed up")
	default:
		return false
	}
	return true
}

// leavers parks what is open with people who are no longer in the config.
func (t *turn) leavers() {
	for _, id := range t.ids() {
		m, _ := t.one(id)
		if _, known := t.s.People[m.Person]; known || !m.Open() || m.Reason == ReasonGone {
			continue
		}
		t.withOrganizer(m, ReasonGone)
	}
}

// openDue opens rounds for who is due, new people first, within the week's capacity.
func (t *turn) openDue() {
	type candidate struct {
		p    Person
		plan Plan
		rank int
	}
	var due []candidate
	for _, id := range t.s.Order {
		p := t.s.People[id]
		pl := t.s.PlanPerson(p)
		if pl.What == ActOpen && !pl.At.After(t.now) {
			due = append(due, candidate{p, pl, t.rank(p)})
		}
	}
	slices.SortStableFunc(due, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.plan.At.Compare(b.plan.At))
	})
	for _, c := range due {
		if t.s.afterCapacity(t.now, t.now).After(t.now) {
			return
		}
		t.openRound(c.p, c.plan.Why, false)
		if t.d.Needs != nil {
			return
		}
	}
}

// rank orders who is due: an agreed date is a promise; then new people; then the rest.
func (t *turn) rank(p Person) int {
	st := t.s.Standings[p.ID]
	switch {
	case st.Next != nil && !st.Next.On.IsZero():
		return 0
	case p.Status == New:
		return 1
	}
	return 2
}

// openRound begins a one-to-one with a person and makes the first offer, at once when by
// hand, else when they may be written to.
func (t *turn) openRound(p Person, why string, byHand bool) {
	st := t.standing(p.ID)
	if last, ok := t.one(st.Now); ok && last.Stage == FollowedUp {
		t.closeRound(last, "the next round began")
		st = t.standing(p.ID)
	}
	st.Rounds++
	m := OneToOne{
		ID:     t.roundID(p.ID, st.Rounds),
		Person: p.ID, Round: st.Rounds, Stage: Due, Opened: t.now, Why: why,
		Purpose: t.purpose(p, st), Mode: p.Mode, ByHand: byHand,
	}
	if n := st.Next; n != nil {
		m.Short = n.Short
		if n.Phone {
			m.Mode = ByPhone
		}
	}
	if m.Mode == "" {
		m.Mode = InPerson
	}
	st.Now = m.ID
	t.keep(st)
	t.save(m)
	t.s.Desk.Opened = append(keepSince(t.s.Desk.Opened, t.now.Add(-12*7*24*time.Hour)), t.now)
	t.d.Desk = true
	t.d.Claims = append(t.d.Claims, p.ID)
	t.log(p.ID, m.ID, "round "+strconv.Itoa(st.Rounds)+" opened", why)
	t.offer(m, t.openingKind(m))
}

func (t *turn) roundID(p PersonID, round int) OneToOneID {
	return OneToOneID(string(t.s.Organizer.ID) + "/" + string(p) + "/" + strconv.Itoa(round))
}

// purpose is what the next one-to-one is mainly for.
func (t *turn) purpose(p Person, st Standing) Purpose {
	if p.Purpose != "" {
		return p.Purpose
	}
	switch {
	case len(st.Met) == 0 && p.LastMet.IsZero():
		return Relationship
	case st.Answer == "yes" || st.Answer == "smaller yes":
		return LeadershipAsk
	case t.s.Campaign.Current(slots.DateOf(t.now, t.s.Organizer.Zone)):
		return ForCampaign
	}
	return Relationship
}

// closeRound ends a round; its steps live on.
func (t *turn) closeRound(m OneToOne, how string) {
	t.dropHolds(&m)
	t.stopOffering(m)
	m.Stage, m.Closed, m.How = Closed, t.now, how
	t.save(m)
	t.settle(m.ID, ReasonDebrief, ReasonMissing, ReasonReadBack, ReasonReady, ReasonSteppedIn, ReasonAnswered, ReasonNoTimes, ReasonGone)
	t.d.Releases = append(t.d.Releases, m.Person)
	t.log(m.Person, m.ID, "closed", how)
}

// withOrganizer hands the round to the organizer: indy is silent until they hand back.
func (t *turn) withOrganizer(m OneToOne, why Reason) {
	if m.Stage != WithOrganizer {
		m.Before = m.Stage
	}
	m.Stage, m.Reason, m.Since = WithOrganizer, why, t.now
	m.AwaitsOK = false
	t.stopOffering(m)
	t.save(m)
	t.need(m.Person, m.ID, why)
	t.log(m.Person, m.ID, "with you", string(why))
}

func keepSince(times []time.Time, since time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(times), func(x time.Time) bool { return x.Before(since) })
}

func weeks(days int) string {
	if days%7 == 0 {
		return strconv.Itoa(days/7) + " weeks"
	}
	return strconv.Itoa(days) + " days"
}
