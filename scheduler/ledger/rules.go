package ledger

import (
	"time"

	"indy/scheduler"
)

// SettledFor is how long settled steps stay in an organizer's memory, counted back from
// their latest commit.
const SettledFor = 12 * 7 * 24 * time.Hour

// KeepRaw is how long the bytes of mails are kept once these are settled.
const KeepRaw = 90 * 24 * time.Hour

// StateOf is the state that an outcome leaves an effect in; known is false for an outcome
// that does not exist.
func StateOf(o scheduler.Outcome) (state EntryState, known bool) {
	switch o {
	case scheduler.OutcomeDone:
		return Done, true
	case scheduler.OutcomeUnknown:
		return Unknown, true
	case scheduler.OutcomeFailed:
		return Failed, true
	case scheduler.OutcomeExpired:
		return Expired, true
	case scheduler.OutcomeWithdrawn:
		return Revoked, true
	}
	return "", false
}

// Open says that an effect in this state is still to be delivered, or taken back.
func (s EntryState) Open() bool { return s == Planned || s == Sending || s == Withdrawing }

// Lanes tells whose turn it is. An effect that waits for its hour does not hold up its
// lane; one that was begun does, whether it is under way or waits to be tried again. So
// what belongs together happens in order, and a reminder for tomorrow delays nothing today.
//
// The zero value is ready. It is asked about all open effects of one organizer, in the
// order in which they were decided.
type Lanes struct{ held map[string]bool }

// Turn is when the effect may be delivered, as far as the ones before it are concerned.
// free is false when one of these holds its lane. An effect under way is due at once
// (the zero time): the process that began it may be gone. One that is taken back holds up
// nothing, whatever trouble it makes. The lane "" is none.
func (l *Lanes) Turn(lane string, state EntryState, tries int, next time.Time) (at time.Time, free bool) {
	if l.held[lane] {
		return time.Time{}, false
	}
	if state == Sending || tries > 0 && state != Withdrawing {
		l.Take(lane)
	}
	if state == Sending {
		return time.Time{}, true
	}
	return next, true
}

// Take holds the lane for an effect that is delivered now.
func (l *Lanes) Take(lane string) {
	if lane == "" {
		return
	}
	if l.held == nil {
		l.held = map[string]bool{}
	}
	l.held[lane] = true
}
