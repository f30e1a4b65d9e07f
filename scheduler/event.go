package scheduler

import (
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// Event is something that happened. The set is closed: Began, Tick, MailCame,
// CalendarChanged, Delivered, Ordered, ConfigBroken, Woke, Suspected, Cleared, Blocked, Freed.
type Event interface{ event() }

// Tick is the clock: whatever is due by now.
type Tick struct{}

// ThreadRef is what indy knows of the mail that a mail answers.
type ThreadRef struct {
	OneToOne OneToOneID     `json:"one_to_one,omitempty"` // "" for a digest and the like
	Person   PersonID       `json:"person,omitempty"`
	Kind     MailKind       `json:"kind"`
	Asked    replies.Asking `json:"asked,omitempty"`
	To       string         `json:"to"`              // the address that indy wrote to
	Steps    []string       `json:"steps,omitempty"` // the steps that it asked about
	Own      bool           `json:"own,omitempty"`   // it went to the organizer
	// Slots are the times as numbered in that mail: "2" means the second of these, whatever
	// was offered since.
	Slots []slots.Interval `json:"slots,omitempty"`
	// Walls are their beginnings as its reader's clocks showed them, and Zone is where that was:
	// what was read there holds, whatever becomes of the zone's rules.
	Walls []string `json:"walls,omitempty"`
	Zone  string   `json:"zone,omitempty"`
}

// MailCame is a mail that has to do with indy. Thread is nil when it answers no mail of ours.
type MailCame struct {
	Mail   Mail
	Thread *ThreadRef
}

// CalendarChanged is an edit of one of our events, by a human being.
type CalendarChanged struct{ Change CalendarChange }

// Outcome is what became of an effect.
type Outcome string

const (
	OutcomeDone    Outcome = "done"
	OutcomeUnknown Outcome = "unknown" // it may have happened; nobody can tell
	OutcomeFailed  Outcome = "failed"
	OutcomeExpired Outcome = "expired" // it came too late to make sense
	// OutcomeWithdrawn: a mail that no longer held was taken back before it went.
	OutcomeWithdrawn Outcome = "withdrawn"
)

// Delivered says what became of an effect.
type Delivered struct {
	Key      string
	OneToOne OneToOneID
	Person   PersonID
	Kind     MailKind // "" for calendar effects
	Outcome  Outcome
	// MessageID is the mail's as its receiver sees it: some providers replace ours.
	OurID, MessageID string
	Event            *CalendarEvent // of a calendar effect: as it now stands, with its ETag
	Removed          bool
	Err              string // in words, without addresses
	Raced            bool   // the event changed meanwhile (Outdated): its change is the next event
	Stale            bool   // with OutcomeDone: it was to be taken back, and had gone by then
	Left             bool   // it has not gone, and lies among the drafts with words of the organizer's in it
	More             bool   // another mail of the round lies among the drafts, or will
}

// Ordered is an order given by hand: a command, a label, a digest line.
type Ordered struct {
	Verb   replies.OrderVerb
	Person PersonID
	Until  slots.Date
	Words  string // as the organizer gave it; when Person is nobody, they are asked what they meant
}

// ConfigBroken says that the config was edited badly and the old one is kept.
type ConfigBroken struct {
	Problems []string
	Stamp    string // of the bad file, so that each bad edit is told once
}

// Began is the first event of all for an organizer. Salt is a random text that makes
// the references in tapped links impossible to guess.
type Began struct{ Salt string }

// Woke says that the clock jumped, or that the machine slept past a wake-up, by Late.
type Woke struct{ Late time.Duration }

func (Tick) event()            {}
func (Began) event()           {}
func (MailCame) event()        {}
func (CalendarChanged) event() {}
func (Delivered) event()       {}
func (Ordered) event()         {}
func (ConfigBroken) event()    {}
func (Woke) event()            {}
