package scheduler

import (
	"cmp"
	"slices"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

const neighborGap = 2 * time.Hour

// nextDigest is when the next weekly digest is due; zero before indy began.
func (s State) nextDigest() time.Time {
	pol := s.Organizer.Policy
	if s.Desk.Started.IsZero() || s.Desk.Digested.IsZero() {
		return time.Time{}
	}
	day := slots.DateOf(s.Desk.Digested, s.Organizer.Zone)
	for range 15 {
		at := day.At(pol.DigestAt, s.Organizer.Zone)
		if day.Weekday() == pol.DigestDay && at.After(s.Desk.Digested) {
			return at
		}
		day = day.AddDays(1)
	}
	return time.Time{}
}

// digest sends the week in a minute. Of several that were slept through only one goes.
func (t *turn) digest() {
	t.s.Desk.Digested = t.now
	t.mailDigest()
	if t.s.Organizer.Lead && len(t.s.Colleagues) > 0 {
		t.mailDesk(MailTeamDigest, replies.AskedNothing, func(l *Letter) {
			today := slots.DateOf(t.now, t.s.Organizer.Zone)
			l.Digest = &Digest{From: today, To: today.AddDays(7), Team: append([]TeamLine{t.s.TeamLine(t.now)}, t.s.Colleagues...)}
		})
	}
	t.s.Desk.DigestNo++
	t.s.Desk.Needs = slices.DeleteFunc(t.s.Desk.Needs, func(n Need) bool {
		return slices.Contains(toldOnce, n.Why) && t.s.OneToOnes[n.OneToOne].Stage != WithOrganizer
	})
}

// toldOnce are the things on the organizer's list that are news: told in one digest, they
// are off it. Everything else stays until it is settled.
var toldOnce = []Reason{ReasonDropped, ReasonStuck, ReasonRemark, ReasonStopped, ReasonRefused, ReasonFailed, ReasonUnknown, ReasonPlace, ReasonOrder, ReasonOwnWords, ReasonTaken, ReasonOtherAddress}

func (t *turn) mailDigest() {
	view := t.s.Digest(t.now)
	t.mailDesk(MailDigest, replies.AskedDigest, func(l *Letter) { l.Digest = &view })
	t.log("", "", "digest sent", "")
}

// DigestDue says whether a digest goes out by now.
func (s State) DigestDue(now time.Time) bool {
	at := s.nextDigest()
	return !at.IsZero() && !at.After(now)
}

// TeamLine is what a lead sees of an organizer's week: counts and coverage, nothing of what
// anybody said or noted.
func (s State) TeamLine(now time.Time) TeamLine {
	d := s.Digest(now)
	l := TeamLine{Name: s.Organizer.Name, Goal: d.Goal, Agreed: len(d.Meetings), Waiting: len(d.Waiting),
		StepsKept: len(d.Kept), Slipped: len(d.Slipped), Coverage: d.Coverage}
	for _, at := range s.Desk.Met {
		if at.After(now.Add(-7 * 24 * time.Hour)) {
			l.Met++
		}
	}
	return l
}

// DigestLetter is the digest as it would go out now.
func (s State) DigestLetter(now time.Time) Letter {
	t := newTurn(s, now.UTC())
	t.mailDigest()
	return *t.d.Effects[0].Letter
}

// Digest is the week as it stands now, for the mail and for the command of that name.
func (s State) Digest(now time.Time) Digest {
	today := slots.DateOf(now, s.Organizer.Zone)
	d := Digest{From: today, To: today.AddDays(7), Goal: s.Organizer.Policy.Goal, Number: s.Desk.DigestNo + 1}
	if d.Goal == 0 {
		d.Goal = s.Organizer.Policy.Capacity
	}
	since := now.Add(-7 * 24 * time.Hour)
	for _, id := range sortedKeys(s.OneToOnes) {
		s.digestRound(&d, s.OneToOnes[id], now)
	}
	for _, id := range sortedKeys(s.Steps) {
		s.digestStep(&d, s.Steps[id], since, today)
	}
	s.digestPeople(&d, today, now)
	d.Needs = s.troubleLines()
	for _, n := range s.Desk.Needs {
		if n.Why != ReasonDebrief && n.Why != ReasonMissing {
			d.Needs = append(d.Needs, s.line(n.Person, DigestLine{At: n.Since, Why: n.Why, Step: s.needed(n)}))
		}
	}
	for _, r := range s.Desk.Raised {
		if r.At.After(since) {
			d.Raised = append(d.Raised, s.line(r.Person, DigestLine{At: r.At, Words: r.What}))
		}
	}
	d.Pace = s.pace(today)
	byTime := func(a, b DigestLine) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.On.String(), b.On.String()))
	}
	for _, list := range [][]DigestLine{d.Meetings, d.Open, d.Waiting, d.DueSteps, d.Due, d.Later} {
		slices.SortStableFunc(list, byTime)
	}
	d.Quiet = len(d.Call)+len(d.Needs)+len(d.Open)+len(d.Meetings)+len(d.Waiting)+len(d.DueSteps)+len(d.Slipped) == 0
	return d
}

// line completes a line with who it is about.
func (s State) line(id PersonID, l DigestLine) DigestLine {
	p := s.People[id]
	l.Person, l.Name, l.Phone = id, firstOf(p.Name, string(id)), p.Phone
	return l
}

func (s State) digestRound(d *Digest, m OneToOne, now time.Time) {
	switch m.Stage {
	case Agreed, WithOrganizer:
		if m.Meeting != nil && m.Meeting.From.Before(now.Add(7*24*time.Hour)) {
			d.Meetings = append(d.Meetings, s.line(m.Person, DigestLine{At: m.Meeting.From, Mode: m.Meeting.Mode, Place: m.Meeting.Place}))
		}
	case Offered:
		d.Waiting = append(d.Waiting, s.line(m.Person, DigestLine{At: m.Offer.At}))
	case Met:
		if m.Debrief != nil && m.Debrief.ReadBack.IsZero() {
			d.Open = append(d.Open, s.line(m.Person, DigestLine{At: m.Since, Why: openWhy(m)}))
		}
	case Paused:
		if m.Reason != ReasonSilent && !m.Until.IsZero() {
			d.Later = append(d.Later, s.line(m.Person, DigestLine{At: m.Until, On: slots.DateOf(m.Until, s.Organizer.Zone), Why: m.Reason}))
		}
	}
}

func openWhy(m OneToOne) Reason {
	if m.Debrief.Answered.IsZero() && len(m.Debrief.Missing) == 0 {
		return ReasonDebrief
	}
	return ReasonMissing
}

func (s State) digestStep(d *Digest, st NextStep, since time.Time, today slots.Date) {
	l := s.line(st.Person, DigestLine{On: st.Deadline, Step: &st})
	switch {
	case st.State == StepDone && st.Settled.After(since):
		d.Kept = append(d.Kept, l)
	case st.State == StepSlipped && st.Settled.After(since), st.State == StepOpen && !st.Deadline.IsZero() && st.Deadline.Before(today):
		d.Slipped = append(d.Slipped, l)
	case st.State == StepOpen && !st.Deadline.IsZero() && !st.Deadline.After(d.To):
		d.DueSteps = append(d.DueSteps, l)
	}
}

func (s State) digestPeople(d *Digest, today slots.Date, now time.Time) {
	for _, id := range s.Order {
		p, st := s.People[id], s.Standings[id]
		c := &d.Coverage
		if s.silenced(id) {
			c.Stopped++
			continue
		}
		c.People++
		if st.CallWhy != "" {
			d.Call = append(d.Call, s.line(id, DigestLine{Why: st.CallWhy, Step: s.slipped(id)}))
		}
		last := s.lastMet(p, st)
		m, open := s.OneToOnes[st.Now]
		switch {
		case open && m.Stage == Paused:
			c.Paused++
		case last.IsZero():
			c.NeverMet++
		case p.Every == 0 || !last.AddDays(p.Every).Before(today):
			c.InRhythm++
		default:
			c.Overdue++
		}
		if pl := s.PlanPerson(p); pl.What == ActOpen {
			if on := slots.DateOf(s.afterCapacity(pl.At, now), s.Organizer.Zone); !on.After(today.AddDays(14)) {
				d.Due = append(d.Due, s.line(id, DigestLine{On: on, Words: pl.Why}))
			}
		}
	}
}

// needed is the promise that a need is about; nil where it is about none, or about several.
func (s State) needed(n Need) (found *NextStep) {
	for _, k := range sortedKeys(s.Steps) {
		st := s.Steps[k]
		about := n.Why == ReasonDropped && st.State == StepDropped || n.Why == ReasonStuck && st.State == StepOpen && (st.Stuck || len(st.Moves) >= 3)
		if st.OneToOne != n.OneToOne || !st.ByPerson || !about {
			continue
		}
		if found != nil {
			return nil
		}
		found = &st
	}
	return found
}

// slipped is a slipped promise of the person, for the reason to call; nil when there is none.
func (s State) slipped(id PersonID) *NextStep {
	for _, k := range sortedKeys(s.Steps) {
		if st := s.Steps[k]; st.Person == id && st.ByPerson && (st.State == StepSlipped || st.Stuck && st.State == StepOpen) {
			return &st
		}
	}
	return nil
}

// pace counts the one-to-ones of the last twelve weeks, the oldest first.
func (s State) pace(today slots.Date) (out []WeekCount) {
	this := today.AddDays(-(int(today.Weekday()) + 6) % 7)
	for i := 11; i >= 0; i-- {
		w := WeekCount{Monday: this.AddDays(-7 * i)}
		for _, at := range s.Desk.Met {
			if monday(at, s.Organizer.Zone) == w.Monday {
				w.Met++
			}
		}
		out = append(out, w)
	}
	return out
}
