// Package ledger is the shape of what outlives the process: an organizer's memory, the
// decision that changes it, and the effects with how far each got.
//
// It holds values only. It reads and writes nothing; what keeps it is the store, what
// fills it is the engine.
package ledger

import (
	"errors"
	"time"

	"indy/scheduler"
)

// ErrConflict is what Commit answers when somebody else has committed meanwhile, or when
// another organizer of the team holds the claim on a person: load again, decide again.
var ErrConflict = errors.New("somebody else decided meanwhile")

// PersonKeys are the addresses by which a person is known across organizers. Phone is
// used where there is no address. The store keeps only keyed hashes of them.
type PersonKeys struct {
	Person scheduler.PersonID
	Keys   []string // lower-case addresses, or "tel:+15550100"
}

// Memory is what the store knows of one organizer.
type Memory struct {
	Version   int64
	Standings map[scheduler.PersonID]scheduler.Standing
	OneToOnes map[scheduler.OneToOneID]scheduler.OneToOne
	Steps     map[string]scheduler.NextStep
	Desk      scheduler.Desk
	Barred    map[scheduler.PersonID]bool
	Claimed   map[scheduler.PersonID]string
	Cursors   map[string]string // of each watched source
	Wake      time.Time         // when it was next to be stepped
	Committed time.Time         // the latest commit
}

// Commit is everything that one decision changes.
type Commit struct {
	Organizer scheduler.OrganizerID
	Team      string
	Version   int64 // as loaded
	At        time.Time
	Wake      time.Time // zero: nothing to wait for

	Standings []scheduler.Standing
	OneToOnes []scheduler.OneToOne
	Steps     []scheduler.NextStep
	Desk      *scheduler.Desk
	History   []scheduler.Entry
	Effects   []Entry
	Revoked   []string // keys that are dropped if they are still planned
	Withdrawn []string // keys of mails that may be staged, to be taken back unless they have gone
	Settled   *Settled // the effect whose outcome this commit handles
	Seen      []string // inbound items that this commit handles
	Cursors   map[string]string
	Claims    []PersonKeys
	Releases  []PersonKeys
	Bars      []PersonKeys
	Forget    []PersonKeys // erase all rows of these people, their history and mails, then bar them
	ClaimName string       // the organizer's name, shown to others whose claim fails
}

// Settled is the outcome of an effect, with what is known of it now.
type Settled struct {
	Key     string
	Outcome scheduler.Outcome
	Sent    scheduler.Sent
	ETag    string
	Cause   string
}

// Thread is a mail of ours that an inbound mail may answer.
type Thread struct {
	Ref       scheduler.ThreadRef
	MessageID string // as the receiver saw it
	Provider  string // the provider's name of the thread
	Subject   string
	Key       string
	Name      string // of those asked for, the one by which it was found
}

// Entry is an effect in the ledger: its final bytes and how far it got.
type Entry struct {
	Key       string
	Lane      string // effects of one lane happen in order
	OneToOne  scheduler.OneToOneID
	Person    scheduler.PersonID
	Kind      scheduler.MailKind // "" for calendar effects
	State     EntryState
	Ref       string // as staged
	Tries     int
	Next      time.Time // not before
	Expires   time.Time
	MessageID string
	Subject   string
	Token     string // an answer may name it instead of the Message-ID
	From, To  string
	Thread    string                   // the provider's
	Answers   scheduler.ThreadRef      // what an answer to it would answer
	Raw       []byte                   // of a mail
	Put       *scheduler.CalendarEvent // of a calendar effect
	Remove    *scheduler.EventRef
	Cause     string // of the last trouble
	At        time.Time
}

// EntryState is how far an effect got.
type EntryState string

const (
	Planned     EntryState = "planned"
	Sending     EntryState = "sending"
	Withdrawing EntryState = "withdrawing" // what was staged is to be taken back
	Done        EntryState = "done"
	Unknown     EntryState = "unknown"
	Failed      EntryState = "failed"
	Revoked     EntryState = "revoked"
	Expired     EntryState = "expired"
)
