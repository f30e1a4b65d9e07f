package scheduler

import (
	"time"

	"indy/scheduler/slots"
)

// SlotRequest is what times for the next one-to-one with a person must satisfy, as Decide
// would ask for it now. Without State.Busy nobody is busy in it: its To says how far the
// calendars have to be looked at.
func (s State) SlotRequest(id PersonID, now time.Time) slots.Request {
	m, open := s.OneToOnes[s.Standings[id].Now]
	if !open {
		m = OneToOne{Person: id, Mode: s.People[id].Mode}
	}
	return s.request(m, now)
}
