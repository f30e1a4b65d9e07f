package engine_test

import (
	"fmt"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// simPerson answers mail the way people do, by the seed.
type simPerson struct {
	id        scheduler.PersonID
	address   string
	zone      *time.Location
	agreed    []slots.Interval // what they chose or proposed: an invite must lie in one of these
	stopHeard time.Time        // when indy had read that they want no more mail
	stopped   bool
	nudged    int
	kind      int // their habit
	promises  []string
}

// read is what a reader does with a mail: mostly, sooner or later, an answer.
func (w *world) read(d delivery) {
	if d.to == organizerAddress {
		w.organizerReads(d)
		return
	}
	p := w.byAddress[d.to]
	if p == nil || p.stopped {
		return
	}
	wait := time.Duration(10+w.rnd.IntN(60*30)) * time.Minute
	switch d.seen.Kind {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome, scheduler.MailMissed, scheduler.MailCancel:
		if len(d.seen.Slots) > 0 {
			w.at(wait, func() { w.answerOffer(p, d) })
		}
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailReminder:
		w.at(wait, func() { w.answerInvite(p, d) })
	case scheduler.MailTentative:
		w.at(wait, func() { w.rsvp(p, d, "ACCEPTED") })
	case scheduler.MailSummary:
		if w.rnd.IntN(6) == 0 {
			w.at(wait, func() { w.reply(p, d, "Thanks, that was lovely!") })
		}
	case scheduler.MailCheckIn, scheduler.MailStepAsk:
		w.at(wait, func() { w.answerSteps(p, d) })
	}
}

func (w *world) answerOffer(p *simPerson, d delivery) {
	n := len(d.seen.Slots)
	switch k := w.rnd.IntN(20); {
	case k < 7:
		i := w.rnd.IntN(n)
		p.agreed = append(p.agreed, d.seen.Slots[i])
		w.reply(p, d, fmt.Sprint(i+1))
	case k == 7: // a tapped link: a new mail, no thread
		i := w.rnd.IntN(n)
		p.agreed = append(p.agreed, d.seen.Slots[i])
		w.tap(p, d, fmt.Sprintf("%d\n\n(ref %s)", i+1, d.seen.Token))
	case k == 8:
		s := d.seen.Slots[w.rnd.IntN(n)]
		p.agreed = append(p.agreed, s)
		w.reply(p, d, s.From.In(p.zone).Format("Monday 3:04pm")+" works for me")
	case k == 9:
		day := slots.DateOf(w.now, p.zone).AddDays(5 + w.rnd.IntN(8))
		p.agreed = append(p.agreed, slots.Interval{From: day.At(0, p.zone), To: day.At(24*60, p.zone)})
		w.reply(p, d, "None of those, sorry. "+day.At(12*60, p.zone).Format("Monday January 2")+" in the afternoon?")
	case k == 10:
		w.reply(p, d, "None of those work for me, sorry. Do you have other times?")
	case k == 11:
		w.reply(p, d, "Not now, please ask me again in "+[]string{"three weeks", "a month", "January"}[w.rnd.IntN(3)])
	case k == 12:
		w.reply(p, d, "What is this about?")
	case k == 13:
		w.reply(p, d, "Sounds great, let me check with my sister")
	case k == 14 && w.rnd.IntN(3) == 0:
		p.stopped = true
		w.reply(p, d, "Please take me off your list.")
	case k == 15:
		w.robot(p, d, scheduler.OutOfOffice, "I am out of the office until "+w.now.AddDate(0, 0, 6).Format("January 2")+".")
	case k == 16:
		w.stranger(p, d)
	}
}

func (w *world) answerInvite(p *simPerson, d delivery) {
	switch k := w.rnd.IntN(24); {
	case k < 10:
		w.rsvp(p, d, "ACCEPTED")
	case k == 10:
		w.rsvp(p, d, "TENTATIVE")
	case k == 11:
		w.rsvp(p, d, "DECLINED")
	case k == 12:
		w.reply(p, d, "I can't make it after all, sorry")
	case k == 13 && d.seen.Meeting != nil:
		day := slots.DateOf(d.seen.Meeting.From, p.zone).AddDays(1 + w.rnd.IntN(4))
		p.agreed = append(p.agreed, slots.Interval{From: day.At(0, p.zone), To: day.At(24*60, p.zone)})
		w.reply(p, d, "Can we move it to "+day.At(12*60, p.zone).Format("Monday January 2")+" at 3pm?")
	case k == 14:
		w.reply(p, d, "See you there!")
	}
}

func (w *world) answerSteps(p *simPerson, d delivery) {
	switch w.rnd.IntN(5) {
	case 0, 1:
		w.reply(p, d, "Done!")
	case 2:
		w.reply(p, d, "I need until "+w.now.In(p.zone).AddDate(0, 0, 5).Format("Monday January 2"))
	case 3:
		w.reply(p, d, "I can't do that, sorry")
	}
}

// canaries must never reach anybody but the organizer.
var canaries = []string{"CANARY-NOTES", "CANARY-SPARK", "CANARY-ASK", "CANARY-SKILL", "CANARY-STORY"}

func (w *world) organizerReads(d delivery) {
	wait := time.Duration(5+w.rnd.IntN(60*20)) * time.Minute
	switch d.seen.Kind {
	case scheduler.MailReady:
		if w.rnd.IntN(12) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "ok") })
		}
	case scheduler.MailReadBack:
		if w.rnd.IntN(12) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "ok, send it") })
		}
	case scheduler.MailDebrief:
		w.at(wait, func() { w.debrief(d) })
	case scheduler.MailMissing:
		if w.rnd.IntN(4) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "no next steps\nagain in 4 weeks") })
		}
	case scheduler.MailNeedsYou:
		w.at(wait, func() { w.helps(d) })
	case scheduler.MailOwnCheckIn:
		w.at(wait, func() { w.organizerReplies(d, "done") })
	case scheduler.MailHeld:
		w.at(wait, func() { w.organizerReplies(d, "go") })
	case scheduler.MailCallSheet:
		if len(d.seen.Slots) > 0 && w.rnd.IntN(3) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "1") })
		}
	case scheduler.MailDigest:
		w.digests++
	}
}

func (w *world) debrief(d delivery) {
	name := string(d.seen.Person)
	by := w.now.In(w.zone).AddDate(0, 0, 4+w.rnd.IntN(8)).Format("January 2")
	switch w.rnd.IntN(10) {
	case 0:
		w.organizerReplies(d, "They never showed up.")
	case 1:
		w.organizerReplies(d, "It didn't happen, I was ill.")
	case 2: // no answer
	default:
		w.debriefs++
		w.organizerReplies(d, fmt.Sprintf("CANARY-NOTES: she told me about her mother.\n%s: call two reporters by %s\nme: send the plan by %s\nagain in %d weeks",
			name, by, by, 3+w.rnd.IntN(4)))
	}
}

// helps is what the organizer does when something needs them.
func (w *world) helps(d delivery) {
	p := w.people[d.seen.Person]
	switch k := w.rnd.IntN(4); {
	case p != nil && k == 0: // they write themselves: indy is silent until they hand back
		w.organizerWrites(p)
		w.at(26*time.Hour, func() { w.organizerReplies(d, "hand back") })
	case k < 3:
		w.organizerReplies(d, "hand back")
	}
}

// humanEdit is a hand on the calendar.
func (w *world) humanEdit() {
	ids := slices.Sorted(keys(w.calendar.events))
	if len(ids) == 0 {
		return
	}
	ev := w.calendar.events[ids[w.rnd.IntN(len(ids))]]
	if ev.From.Before(w.now.Add(30 * time.Hour)) {
		return
	}
	switch w.rnd.IntN(3) {
	case 0:
		delete(w.calendar.events, ev.ID)
		w.calendar.gone[ev.ID] = true
	case 1:
		w.humanMoved[ev.ID] = true
		ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
		w.calendar.put(ev)
	case 2:
		ev.Location = "the library"
		w.calendar.put(ev)
	}
}

// checkPromises compares what was promised with what is remembered: nothing is lost.
func (w *world) checkPromises(s scheduler.State) {
	for _, m := range s.OneToOnes {
		if m.Debrief == nil || m.Debrief.Summary.IsZero() || m.Debrief.NoSteps {
			continue
		}
		n := 0
		for _, st := range s.Steps {
			if st.OneToOne == m.ID {
				n++
			}
		}
		if n == 0 && m.Closed.IsZero() {
			w.failf("%s: the promises are gone", m.ID)
		}
	}
}

// checkWaits makes sure that nobody is forgotten: what is open either moves by itself or
// is on the organizer's list.
func (w *world) checkWaits(s scheduler.State) {
	for _, m := range s.OneToOnes {
		if !m.Open() || m.Stage == scheduler.FollowedUp {
			continue
		}
		if s.Plan(m).At.IsZero() && !slices.ContainsFunc(s.Desk.Needs, func(n scheduler.Need) bool { return n.OneToOne == m.ID }) {
			w.failf("%s is %s, waits for nothing and is on no list", m.ID, m.Stage)
		}
	}
}
