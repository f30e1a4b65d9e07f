// Package engine is the only loop: it watches the outside, lets scheduler.Decide decide,
// saves the decision with the final bytes of all that is to go out, and delivers.
//
// It declares the ports that it needs and imports no implementation of them. It decides
// nothing about people itself, and it never does a thing that was not saved before.
package engine

import (
	"context"
	"errors"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Mailbox is an organizer's mail: what comes, what they send themselves, and the way out.
// Every method may be called again after an error; errors say by scheduler.Failure
// whether that can help.
type Mailbox interface {
	// Fetch reads what came and what was sent by the organizer since cursor ("" at first:
	// from now on, at the latest). Mails that want refuses by their heads are left unread
	// and are not in the batch. The caller handles every mail before it keeps next; until
	// then a mail may be in a batch again, so its ID is what tells it is known.
	Fetch(ctx context.Context, cursor string, want func(scheduler.Head) bool) (mails []scheduler.Mail, next string, err error)

	// Stage puts a mail where Send can send it at most once, and names it: a draft, a file in
	// tmp. The name is saved before Send is called. Where no such place is needed ref is "".
	Stage(ctx context.Context, out Parcel) (ref string, err error)

	// Send sends what was staged. An error of kind InDoubt says that it may have gone.
	Send(ctx context.Context, out Parcel, ref string) (Sent, error)

	// Find looks whether the mail has gone. Found is what the provider can prove.
	Find(ctx context.Context, out Parcel, ref string) (Sent, Found, error)

	// Watch calls changed whenever Fetch may have something new, until ctx ends.
	Watch(ctx context.Context, changed func()) error
}

// Parcel is a mail in its final bytes, on its way out.
type Parcel struct {
	Key       string // of the effect
	From, To  string // RFC 5321 reverse- and forward-path, without angle brackets
	MessageID string // as in Raw
	Thread    string // the provider's name of the thread that it belongs to; "" starts one
	Raw       []byte
}

// Sent is a mail that has gone, as it can be found again.
type Sent struct {
	ID        string // the provider's
	MessageID string // as the receiver sees it: some providers replace ours
	Thread    string
}

// Found is what looking for a mail proved.
type Found int

const (
	NotSent Found = iota // it has not gone: Send may be called
	WasSent
	CannotTell
)

// Calendar is an organizer's calendars: several that make them busy, one that indy writes to.
type Calendar interface {
	// Busy is what makes the organizer busy between the two instants, indy's own holds and
	// meetings left out (they are in the State). An unreadable or vanished calendar is an
	// error, never free time.
	Busy(ctx context.Context, from, to time.Time) ([]slots.Busy, error)

	// PersonBusy is the free/busy of somebody else, where it can be seen.
	PersonBusy(ctx context.Context, address string, from, to time.Time) (busy []slots.Busy, visible bool, err error)

	// Changes says which of our events are not as last seen. watched are all events that
	// stand; a provider may use cursor, watched, or both.
	Changes(ctx context.Context, cursor string, watched []scheduler.EventRef) (changed []scheduler.CalendarChange, next string, err error)

	// Put makes the event (ETag ""), or changes it if it still has that ETag, and answers
	// with its new one. An event that already stands exactly so is a success. A changed one
	// is a Failure of kind Outdated.
	Put(ctx context.Context, ev scheduler.CalendarEvent) (etag string, err error)

	// Remove deletes the event, if it still has that ETag ("" for any). One that is gone
	// already is a success.
	Remove(ctx context.Context, ref scheduler.EventRef) error

	// Watch calls changed whenever Changes may have something new, until ctx ends.
	Watch(ctx context.Context, changed func()) error
}

// Composer turns a letter's words into the bytes that go out (RFC 5322, 2045, 6047).
// It refuses, with an error, whatever could become another header or another recipient.
type Composer interface {
	Compose(scheduler.Outgoing) ([]byte, error)
}

// Renderer turns a letter into words.
type Renderer interface {
	Render(scheduler.Letter) (scheduler.Rendered, error)
	// Event is the title and description, as text and HTML, of a letter's meeting on a
	// calendar: the person's copy when l.ToPerson, else the organizer's own.
	Event(l scheduler.Letter) (title, text, html string, err error)
}

// Store keeps what must outlive the process. Each method is one transaction.
type Store interface {
	// Load reads an organizer's memory; a new organizer's is empty, with Version 0.
	Load(ctx context.Context, team string, who scheduler.OrganizerID, people []PersonKeys) (Memory, error)

	// Commit saves a decision, whole or not at all. ErrConflict says that somebody else has
	// committed since Version: load again, decide again.
	Commit(ctx context.Context, c Commit) (version int64, err error)

	// Seen says which of these inbound items were already handled.
	Seen(ctx context.Context, who scheduler.OrganizerID, ids []string) (map[string]bool, error)

	// Thread is what the first known of these Message-IDs (or tokens) stands for.
	Thread(ctx context.Context, who scheduler.OrganizerID, messageIDs []string) (*Thread, error)

	// Outbox is what is to be delivered by now, in order; of each lane (one-to-one) only the first.
	Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]Entry, error)

	// Sending records, durably and before the act, that the effect is under way as ref. It
	// answers false when the effect was revoked or settled meanwhile: then do not act.
	Sending(ctx context.Context, who scheduler.OrganizerID, key, ref string, at time.Time) (bool, error)

	// Retry puts an effect that did not happen back, for another try at next.
	Retry(ctx context.Context, who scheduler.OrganizerID, key string, next time.Time, cause string) error

	// Wakes is when each organizer is next to be stepped, the earliest first.
	Wakes(ctx context.Context) ([]Wake, error)

	// History is what happened, the latest first.
	History(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, limit int) ([]scheduler.Entry, error)

	Close() error
}

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
	Sent    Sent
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
	Planned EntryState = "planned"
	Sending EntryState = "sending"
	Done    EntryState = "done"
	Unknown EntryState = "unknown"
	Failed  EntryState = "failed"
	Revoked EntryState = "revoked"
	Expired EntryState = "expired"
)

// Wake is when an organizer is next to be stepped.
type Wake struct {
	Organizer scheduler.OrganizerID
	At        time.Time
}
