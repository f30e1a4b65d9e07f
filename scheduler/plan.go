package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/slots"
)

// Plan is what somebody, or their open one-to-one, waits for: the next thing that indy
// does of its own accord, and when. A zero At means that only an event can move it.
// Tick acts on plans and Status shows them, so what is shown is what will happen.
type Plan struct {
	At   time.Time
	What Action
	Why  string // in a few words, for the organizer
}

// Action is what a plan does.
type Action string

const (
	ActNothing     Action = ""
	ActOpen        Action = "open a round"
	ActOffer       Action = "offer times"
	ActNudge       Action = "nudge"
	ActGiveUp      Action = "stop writing"
	ActBrief       Action = "brief you"
	ActRemind      Action = "remind them"
	ActKeepClock   Action = "keep the hour after a change of the clocks' rules"
	ActEnd         Action = "the meeting ends"
	ActAskDebrief  Action = "ask how it went"
	ActNudgeNotes  Action = "ask for your notes again"
	ActAlarm       Action = "put it on top of the digest"
	ActSummarize   Action = "send the summary"
	ActResume      Action = "write again"
	ActClose       Action = "close"
	ActCheckStep   Action = "check in on a promise"
	ActAskStep     Action = "ask about a promise"
	ActSlipStep    Action = "call a promise slipped"
	ActDigest      Action = "send the digest"
	correctionTime        = 72 * time.Hour // a closed round that nobody corrected
)

// Plan is what the one-to-one waits for.
func (s State) Plan(m OneToOne) Plan {
	switch m.Stage {
	case Due:
		return s.planDue(m)
	case Offered:
		return s.planOffered(m)
	case Agreed:
		return s.planAgreed(m)
	case Met:
		return s.planMet(m)
	case FollowedUp:
		if s.openSteps(m.ID) > 0 {
			return Plan{Why: "promises are open"}
		}
		return Plan{m.Debrief.Summary.Add(correctionTime), ActClose, "all is settled"}
	case Paused:
		return s.planPaused(m)
	case WithOrganizer:
		if m.Meeting != nil && m.Before == Agreed {
			return Plan{m.Meeting.To, ActEnd, "you have taken over; the meeting stands"}
		}
		return Plan{Why: "waits for you: " + string(m.Reason)}
	}
	return Plan{}
}

func (s State) planDue(m OneToOne) Plan {
	if m.AwaitsOK {
		return Plan{Why: "waits for your ok"}
	}
	at := m.Opened
	if m.TryAt.After(at) {
		at = m.TryAt
	}
	return Plan{s.writeTime(m.Person, at), ActOffer, "due"}
}

func (s State) planOffered(m OneToOne) Plan {
	if m.Offer.Draft {
		return Plan{Why: "its draft waits for you to send it"}
	}
	pol := s.Organizer.Policy
	p := s.People[m.Person]
	last := m.Offer.At
	if n := len(m.Offer.Nudged); n > 0 {
		last = m.Offer.Nudged[n-1]
	}
	at := last.Add(pol.NudgeAfter)
	if len(m.Offer.Nudged) < min(pol.Nudges, 2) && p.Reachable() {
		return Plan{s.writeTime(m.Person, at), ActNudge, "no answer yet"}
	}
	return Plan{at, ActGiveUp, "no answer"}
}

func (s State) planAgreed(m OneToOne) Plan {
	if _, other := s.rezoned(m); other {
		return Plan{m.Meeting.AgreedAt, ActKeepClock, "what clocks show there was decided anew"}
	}
	best := Plan{m.Meeting.To, ActEnd, "it stands"}
	if at := s.briefTime(m); m.Meeting.Briefed.IsZero() && at.Before(m.Meeting.From) && at.Before(best.At) {
		best = Plan{at, ActBrief, "so that you are prepared"}
	}
	if at, ok := s.reminderTime(m); ok && at.Before(best.At) {
		best = Plan{at, ActRemind, "the day before"}
	}
	return best
}

// briefTime is the evening before at 18:00 (or an hour before), and never before it was agreed.
func (s State) briefTime(m OneToOne) time.Time {
	at := m.Meeting.From.Add(-time.Hour)
	if s.Organizer.Policy.BriefEvening {
		at = slots.DateOf(m.Meeting.From, s.Organizer.Zone).AddDays(-1).At(18*60, s.Organizer.Zone)
	}
	if at.Before(m.Meeting.AgreedAt) {
		return m.Meeting.AgreedAt
	}
	return at
}

// reminderTime is the day before, at the policy's minute in the person's zone. Who agreed
// less than half a day before that needs no reminder; nor does anybody beyond the caps.
func (s State) reminderTime(m OneToOne) (time.Time, bool) {
	p := s.People[m.Person]
	if !m.Meeting.Reminded.IsZero() || !p.Reachable() || s.silenced(m.Person) {
		return time.Time{}, false
	}
	at := slots.DateOf(m.Meeting.From, p.Zone).AddDays(-1).At(s.Organizer.Policy.Reminder, p.Zone)
	if m.Meeting.AgreedAt.Add(12 * time.Hour).After(at) {
		return time.Time{}, false
	}
	at = s.writeTime(m.Person, at)
	return at, at.Before(m.Meeting.From.Add(-time.Hour))
}

func (s State) planMet(m OneToOne) Plan {
	pol := s.Organizer.Policy
	d := m.Debrief
	switch {
	case d == nil || d.Asked.IsZero():
		end := m.Since
		if m.Meeting != nil {
			end = m.Meeting.To
		}
		return Plan{s.organizerTime(end.Add(pol.DebriefAfter)), ActAskDebrief, "it is over"}
	case !d.ReadBack.IsZero() && d.Approved && d.Summary.IsZero():
		return Plan{s.writeTime(m.Person, d.ReadBack), ActSummarize, "approved"}
	case !d.ReadBack.IsZero() && pol.ApproveSilence > 0 && !d.Shown.IsZero():
		return Plan{s.writeTime(m.Person, d.Shown.Add(pol.ApproveSilence)), ActSummarize, "you let it stand"}
	case !d.ReadBack.IsZero():
		return Plan{Why: "the summary waits for your ok"}
	case d.Nudged.IsZero():
		return Plan{s.organizerTime(d.Asked.Add(pol.DebriefNudge)), ActNudgeNotes, "no notes yet"}
	case !d.Alarmed:
		at := d.Asked.Add(pol.DebriefAlarm)
		if at.Before(d.Nudged) {
			at = d.Nudged.Add(pol.DebriefNudge)
		}
		return Plan{at, ActAlarm, "still no notes"}
	}
	return Plan{Why: "waits for your notes"}
}

func (s State) planPaused(m OneToOne) Plan {
	if m.Until.IsZero() {
		return Plan{Why: "paused"}
	}
	at := m.Until
	if s.Claimed[m.Person] != "" {
		return Plan{Why: "somebody else of the team is writing to them"}
	}
	return Plan{s.writeTime(m.Person, at), ActResume, string(m.Reason)}
}

// PlanStep is what an open promise waits for.
func (s State) PlanStep(st NextStep) Plan {
	if st.State != StepOpen || st.Deadline.IsZero() {
		return Plan{}
	}
	if st.ByPerson && s.unsaid(st) {
		return Plan{Why: "they have no summary yet"}
	}
	pol := s.Organizer.Policy
	zone := s.Organizer.Zone
	if st.ByPerson {
		zone = s.People[st.Person].Zone
	}
	if zone == nil {
		return Plan{}
	}
	on := func(day slots.Date) time.Time {
		at := day.At(9*60, zone)
		if st.ByPerson {
			return s.writeTime(st.Person, at)
		}
		return s.organizerTime(at)
	}
	check := s.afterMeeting(st, on(st.Deadline.AddDays(-pol.CheckBefore)))
	if st.Checked.IsZero() && check.After(st.Made.Add(st.settling())) && check.Before(st.Deadline.At(24*60, zone)) {
		return Plan{check, ActCheckStep, "its date is near"}
	}
	if st.Asked.IsZero() {
		return Plan{s.afterMeeting(st, on(st.Deadline.AddDays(max(pol.AskAfter, 1)))), ActAskStep, "its date is over"}
	}
	at := st.Asked.Add(72 * time.Hour)
	if st.Stuck { // they did speak of it, and its day may be yet to come
		at = maxTime(at, st.Deadline.AddDays(1).At(0, zone).Add(72*time.Hour))
	}
	return Plan{at, ActSlipStep, "no word of it"}
}

// afterMeeting puts off the question about a promise when the two see each other by the
// next day anyway: they will speak of it, and the brief says that it is open.
func (s State) afterMeeting(st NextStep, at time.Time) time.Time {
	m, ok := s.OneToOnes[s.Standings[st.Person].Now]
	if !ok || !st.ByPerson || m.Stage != Agreed || m.Meeting.From.Before(at) || m.Meeting.From.After(at.Add(36*time.Hour)) {
		return at
	}
	return s.writeTime(st.Person, m.Meeting.To.Add(20*time.Hour))
}

// settling is how long nobody is asked about a promise that was just made, or that its owner
// has just spoken of.
func (st NextStep) settling() time.Duration {
	if len(st.Moves) > 0 {
		return 72 * time.Hour
	}
	return 20 * time.Hour
}

// unsaid says that the person has not had the summary with this promise: until the organizer
// lets it go, no mail of any kind speaks of it.
func (s State) unsaid(st NextStep) bool {
	m, ok := s.OneToOnes[st.OneToOne]
	return ok && m.Open() && m.Debrief != nil && m.Debrief.Summary.IsZero()
}

// PlanPerson is when a person without an open round is next written to.
func (s State) PlanPerson(p Person) Plan {
	st := s.Standings[p.ID]
	switch {
	case s.silenced(p.ID):
		return Plan{Why: "asked not to be written to"}
	case !p.Reachable() && p.Phone == "":
		return Plan{Why: "there is no address and no number"}
	case s.openRound(p.ID):
		return Plan{}
	case s.Claimed[p.ID] != "":
		return Plan{Why: s.Claimed[p.ID] + " is writing to them"}
	}
	day, why := s.dueDay(p, st)
	if day.IsZero() {
		return Plan{Why: why}
	}
	at := day.At(9*60, p.Zone)
	if start := s.Desk.Started; day == slots.DateOf(start, p.Zone) && at.After(start) { // new people first, from the first hour on
		at = start
	}
	if st.Snoozed.After(day) {
		at = st.Snoozed.At(9*60, p.Zone)
	}
	return Plan{s.writeTime(p.ID, at), ActOpen, why}
}

// dueDay is the day on which a round is to be opened: a week before the agreed date or
// the end of the cadence, which runs from the last real contact.
func (s State) dueDay(p Person, st Standing) (slots.Date, string) {
	lead := -min(7, int(s.Organizer.Policy.Near/(24*time.Hour)))
	if st.Next != nil && !st.Next.On.IsZero() {
		return st.Next.On.AddDays(lead), "you agreed on " + st.Next.On.String()
	}
	last := s.lastMet(p, st)
	switch {
	case p.Every == 0:
		return slots.Date{}, "has no cadence"
	case st.Silent >= 2:
		return slots.Date{}, "did not answer twice: call them"
	case last.IsZero() && st.Rounds == 0:
		return slots.DateOf(s.Desk.Started, p.Zone), "never met"
	case last.IsZero():
		return slots.DateOf(s.Desk.Started, p.Zone), "still not met"
	}
	return last.AddDays(p.Every + lead), "every " + weeks(p.Every)
}

// lastMet is the day of the last real contact; zero when there was none.
func (s State) lastMet(p Person, st Standing) slots.Date {
	last := p.LastMet
	if n := len(st.Met); n > 0 {
		if d := slots.DateOf(st.Met[n-1], s.Organizer.Zone); d.After(last) {
			last = d
		}
	}
	return last
}

// silenced says that nobody may write to the person any more.
func (s State) silenced(p PersonID) bool {
	return s.Barred[p] || !s.Standings[p].Stopped.IsZero()
}

func (s State) openRound(p PersonID) bool {
	m, ok := s.OneToOnes[s.Standings[p].Now]
	return ok && m.Open() && m.Stage != FollowedUp
}

func (s State) openSteps(id OneToOneID) (n int) {
	for _, st := range s.Steps {
		if st.OneToOne == id && st.State == StepOpen {
			n++
		}
	}
	return n
}

// writeTime is the earliest time from at on at which indy may write to the person of its
// own accord: within their send hours, on no blackout day, within the caps.
func (s State) writeTime(id PersonID, at time.Time) time.Time {
	p := s.People[id]
	if p.Zone == nil { // they left the config
		return at
	}
	at = s.underCaps(s.Standings[id], at)
	return openHours(at, s.Organizer.Policy.SendHours, p.Zone, s.Organizer.Policy.Blackout)
}

// organizerTime is the same for mails to the organizer: quiet hours count, caps do not.
func (s State) organizerTime(at time.Time) time.Time {
	return openHours(at, s.Organizer.Policy.SendHours, s.Organizer.Zone, nil)
}

// underCaps is the earliest time from at on at which one more mail stays within the caps.
func (s State) underCaps(st Standing, at time.Time) time.Time {
	pol := s.Organizer.Policy
	at = spaced(st.Mails, at, pol.MailsPerDay, 24*time.Hour)
	return spaced(st.Mails, at, pol.MailsPerWk, 7*24*time.Hour)
}

// spaced moves at so that fewer than limit of the times lie in the span before it.
func spaced(times []time.Time, at time.Time, limit int, span time.Duration) time.Time {
	if limit <= 0 || len(times) < limit {
		return at
	}
	if nth := times[len(times)-limit].Add(span); nth.After(at) {
		return nth
	}
	return at
}

// openHours is the first instant from at on that lies within the weekly hours and on none
// of the days that are blacked out. Without hours, or when a year has none, it is at.
func openHours(at time.Time, hours slots.Hours, zone *time.Location, blackout []slots.DateRange) time.Time {
	if hours.Empty() {
		return at
	}
	day := slots.DateOf(at, zone)
	for range 400 {
		if !slices.ContainsFunc(blackout, func(r slots.DateRange) bool { return r.Has(day) }) {
			for _, span := range hours[day.Weekday()] {
				from, to := day.At(span.From, zone), day.At(span.To, zone)
				if at.Before(to) {
					if at.After(from) {
						return at
					}
					return from
				}
			}
		}
		day = day.AddDays(1)
	}
	return at
}
