package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/slots"
)

// PersonStatus is where one person stands: what "indy status" shows.
type PersonStatus struct {
	Organizer OrganizerID `json:"organizer"`
	Person    PersonID    `json:"person"`
	Name      string      `json:"name"`
	Stage     Stage       `json:"stage"`
	Round     int         `json:"round,omitempty"`
	Meeting   *time.Time  `json:"meeting,omitempty"`   // when they meet, UTC
	LastMet   slots.Date  `json:"last_met,omitzero"`   // the last real contact
	WaitsFor  string      `json:"waits_for"`           // what indy waits for, in words
	Next      *NextAction `json:"next,omitempty"`      // what it does next by itself
	NeedsYou  []Reason    `json:"needs_you,omitempty"` // what only the organizer can settle
	Blocked   string      `json:"blocked,omitempty"`   // what keeps indy from its work for this organizer, in words
	OpenSteps int         `json:"open_steps,omitempty"`
	Slipped   int         `json:"slipped_steps,omitempty"`
}

// NextAction is what indy does next by itself, and when, UTC.
type NextAction struct {
	At   time.Time `json:"at"`
	What Action    `json:"what"`
	Why  string    `json:"why,omitempty"`
}

// Status lists everyone, as the config orders them, each as the plans say it: what is
// shown is what will happen.
func (s State) Status(now time.Time) (list []PersonStatus) {
	for _, id := range s.Order {
		list = append(list, s.statusOf(s.People[id], now))
	}
	return list
}

func (s State) statusOf(p Person, now time.Time) PersonStatus {
	st := s.Standings[p.ID]
	out := PersonStatus{Organizer: s.Organizer.ID, Person: p.ID, Name: p.Name, Round: st.Rounds, LastMet: s.lastMet(p, st)}
	m, has := s.OneToOnes[st.Now]
	pl := s.PlanPerson(p)
	switch {
	case s.silenced(p.ID):
		out.Stage = Stopped
	case has && m.Open() && m.Stage != FollowedUp:
		out.Stage, pl = m.Stage, s.Plan(m)
		if m.Meeting != nil && m.Stage != Met {
			at := m.Meeting.From
			out.Meeting = &at
		}
	case has && m.Stage == FollowedUp:
		out.Stage = FollowedUp
	case has:
		out.Stage = Closed
	default:
		out.Stage = Due
	}
	for _, step := range s.Steps {
		if step.Person != p.ID {
			continue
		}
		if step.State == StepSlipped {
			out.Slipped++
		}
		if step.State != StepOpen {
			continue
		}
		out.OpenSteps++
		if sp := s.PlanStep(step); !sp.At.IsZero() && (pl.At.IsZero() || sp.At.Before(pl.At)) {
			pl = sp
		}
	}
	for _, x := range s.Desk.Troubles {
		out.Blocked = firstOf(out.Blocked, x.Said)
	}
	for _, n := range s.Desk.Needs {
		if n.Person == p.ID {
			out.NeedsYou = append(out.NeedsYou, n.Why)
		}
	}
	slices.Sort(out.NeedsYou)
	out.WaitsFor = s.waitsFor(m, out, pl)
	if !pl.At.IsZero() && pl.What != ActNothing {
		at := pl.At
		if pl.What == ActOpen {
			at = s.afterCapacity(at, now)
		}
		out.Next = &NextAction{At: at, What: pl.What, Why: pl.Why}
	}
	return out
}

// waitsFor says in words what a one-to-one waits for.
func (s State) waitsFor(m OneToOne, out PersonStatus, pl Plan) string {
	switch {
	case !s.Desk.Suspect.Since.IsZero() && len(s.Desk.Suspect.Missing) > 0 && out.Stage != Stopped:
		return "your answer to a mail: the events are gone from your calendar, and sending waits"
	case (!s.Desk.Suspect.Since.IsZero() || s.blind()) && out.Stage != Stopped:
		return "mail and calendar to be readable again"
	case s.held() && out.Stage != Stopped:
		return `your "go": sending is held`
	case out.Stage == Stopped:
		return "nothing: never written to again"
	case out.Stage == Offered && !s.People[m.Person].Reachable():
		return "your word on the call"
	case out.Stage == Offered:
		return "their answer"
	case out.Stage == Agreed:
		return "the meeting"
	case out.Stage == Met && m.Debrief != nil && !m.Debrief.ReadBack.IsZero() && !m.Debrief.Approved:
		return "your ok to the summary"
	case out.Stage == Met:
		return "your notes"
	case out.Stage == Due && m.AwaitsOK && m.Open():
		return "your ok to the first mail"
	case out.Stage == WithOrganizer:
		return "you (" + string(m.Reason) + ")"
	case out.OpenSteps > 0:
		return "promises"
	}
	return firstOf(pl.Why, "nothing")
}
