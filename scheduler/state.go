package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/slots"
)

// State is everything that Decide knows of one organizer. What comes from the config
// is in the first block; what indy remembers is in the second.
type State struct {
	Organizer Organizer
	Team      Team
	Campaign  Campaign
	People    map[PersonID]Person
	Order     []PersonID // people as the config lists them

	Standings  map[PersonID]Standing
	OneToOnes  map[OneToOneID]OneToOne // open ones and the last closed one of each person
	Steps      map[string]NextStep     // open ones and those settled within 12 weeks
	Barred     map[PersonID]bool       // said stop to anybody of the team, or bounced for good
	Claimed    map[PersonID]string     // written to by another organizer of the team: that one's name
	Desk       Desk
	Colleagues []TeamLine // of the other organizers of the team, for a lead's digest
	Busy       *BusyTimes // nil: not looked at
}

// Desk is what holds for an organizer beyond any person.
type Desk struct {
	Started   time.Time   `json:"started,omitzero"`
	Salt      string      `json:"salt,omitempty"`    // makes references in links impossible to guess
	Digested  time.Time   `json:"digested,omitzero"` // when the last digest was due
	DigestNo  int         `json:"digest_no,omitempty"`
	Opened    []time.Time `json:"opened,omitempty"` // rounds opened, the last 12 weeks
	Met       []time.Time `json:"met,omitempty"`    // one-to-ones that took place, the last 13 weeks
	Held      time.Time   `json:"held,omitzero"`    // sending waits for "go" since
	HeldWhy   string      `json:"held_why,omitempty"`
	Suspect   Suspect     `json:"suspect,omitzero"`     // the outside looks wrong: sending waits as well
	BadConfig string      `json:"bad_config,omitempty"` // stamp of the last bad edit that was told
	Needs     []Need      `json:"needs,omitempty"`      // what waits for the organizer
	Raised    []Raised    `json:"raised,omitempty"`     // who took on more
	Troubles  []Trouble   `json:"troubles,omitempty"`   // what keeps indy from its work, at most one for each part of it
	Unwanted  []string    `json:"unwanted,omitempty"`   // guests who want no mail, as derived names: their addresses are not kept
	Gen       int         `json:"gen"`
}

// Need is something that only the organizer can settle.
type Need struct {
	Person   PersonID   `json:"person,omitempty"`
	OneToOne OneToOneID `json:"one_to_one,omitempty"`
	Why      Reason     `json:"why"`
	Since    time.Time  `json:"since"`
}

// Raised is somebody who took on more responsibility.
type Raised struct {
	Person PersonID  `json:"person"`
	What   string    `json:"what"`
	At     time.Time `json:"at"`
}

// BusyTimes is what the calendars said when they were looked at.
type BusyTimes struct {
	From, To  time.Time
	Organizer []slots.Busy
	Person    map[PersonID][]slots.Busy // only people whose free/busy can be seen
}

// BusyQuery is what Decide must know before it can go on.
type BusyQuery struct {
	From, To time.Time
	People   []PersonID // whose free/busy would help too
}

// Decision is what Decide answers. When Needs is set nothing is decided yet: look at the
// calendars, put the answer in State.Busy and ask again.
type Decision struct {
	Needs   *BusyQuery
	State   State
	Effects []Effect
	Revoked []string // keys of effects that must not happen any more, if they have not yet
	History []Entry

	// What changed, so that only that is saved.
	Standings []PersonID
	OneToOnes []OneToOneID
	Steps     []string
	Desk      bool
	Claims    []PersonID // from now on written to by this organizer
	Releases  []PersonID
	Bars      []PersonID // never to be written to again, by anyone of the team
	Forget    []PersonID // erase, keeping only that they must not be written to
}

// Silenced says that nobody may write to the person any more.
func (s State) Silenced(p PersonID) bool { return s.silenced(p) }

// Watched are the events that stand on the calendar and whose edits are followed.
func (s State) Watched() (refs []EventRef) {
	for _, id := range sortedKeys(s.OneToOnes) {
		m := s.OneToOnes[id]
		if m.Meeting != nil && m.Meeting.Event.ETag != "" && (m.Stage == Agreed || m.Stage == WithOrganizer || m.Stage == Met) {
			refs = append(refs, m.Meeting.Event)
		}
		if m.Offer != nil && m.Stage == Offered {
			for _, h := range m.Offer.Holds {
				if h.ETag != "" {
					refs = append(refs, h)
				}
			}
		}
	}
	return refs
}

// Stands says that an event is a meeting's or holds an offered time: one that was taken back
// or made anew under another id does not.
func (s State) Stands(id string) bool {
	for _, m := range s.OneToOnes {
		if m.Meeting != nil && m.Meeting.Event.ID == id {
			return true
		}
		if m.Offer != nil && slices.ContainsFunc(m.Offer.Holds, func(h EventRef) bool { return h.ID == id }) {
			return true
		}
	}
	return false
}

// ETag is the version of one of our events that was last seen; "" when it was never put.
func (s State) ETag(id string) string {
	for _, m := range s.OneToOnes {
		if m.Meeting != nil && m.Meeting.Event.ID == id {
			return m.Meeting.Event.ETag
		}
		if m.Offer != nil {
			for _, h := range m.Offer.Holds {
				if h.ID == id {
					return h.ETag
				}
			}
		}
	}
	return ""
}
