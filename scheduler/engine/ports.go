// Package engine is the only loop: it watches the outside, lets scheduler.Decide decide,
// saves the decision with the final bytes of all that is to go out, and delivers.
//
// It declares the ports that it needs and imports no implementation of them. It decides
// nothing about people itself, and it never does a thing that was not saved before.
package engine

import (
	"context"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
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
	Stage(ctx context.Context, out scheduler.Parcel) (ref string, err error)

	// Send sends what was staged. An error of kind InDoubt says that it may have gone. Of a
	// mail to the organizer that begins a thread the thread alone may be told.
	Send(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, error)

	// Find looks whether the mail has gone. Found is what the provider can prove.
	Find(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Found, error)

	// Withdraw takes back what was staged, unless it has gone or the organizer has written
	// into it: their words are never destroyed. With ref "" it may have been staged under a
	// name that was lost. What is not there any more, and has not gone, is taken back.
	Withdraw(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Withdrawal, error)

	// Watch calls changed whenever Fetch may have something new, until ctx ends.
	Watch(ctx context.Context, changed func()) error
}

// Noticer is a Mailbox whose Fetch notices what becomes of drafts, so that they need not be
// looked at one by one.
type Noticer interface {
	// Untouched says that, as of the latest Fetch, nobody has sent, changed or deleted what
	// was staged as ref since this process looked at it. False where it cannot be told.
	Untouched(ref string) bool
}

// Watchful is a Mailbox or a Calendar that is dear to look at, and whose Watch misses nothing.
type Watchful interface {
	// Quiet says that Watch runs, and has seen nothing since the latest Fetch, or Changes,
	// that was read to its end. What came in the last minutes it may not have seen yet.
	Quiet() bool
}

// Labeler is a Mailbox that can show the organizer where a conversation stands. Mark puts
// the label on the provider's thread and takes every other label of indy's off it; "" takes
// off all. A thread that is gone is a success.
type Labeler interface {
	Mark(ctx context.Context, thread, label string) error
}

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
	Load(ctx context.Context, team string, who scheduler.OrganizerID, people []ledger.PersonKeys) (ledger.Memory, error)

	// Commit saves a decision, whole or not at all. ledger.ErrConflict says that somebody
	// else has committed since Version: load again, decide again.
	Commit(ctx context.Context, c ledger.Commit) (version int64, err error)

	// Seen says which of these inbound items were already handled.
	Seen(ctx context.Context, who scheduler.OrganizerID, ids []string) (map[string]bool, error)

	// Thread is what the first known of these Message-IDs (or tokens) stands for.
	Thread(ctx context.Context, who scheduler.OrganizerID, messageIDs []string) (*ledger.Thread, error)

	// Outbox is what is to be delivered by now, in order; of each lane (one-to-one) only the first.
	Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]ledger.Entry, error)

	// Pending is all that is not delivered yet, due or not, in the order in which it was decided.
	Pending(ctx context.Context, who scheduler.OrganizerID) ([]ledger.Entry, error)

	// Sending records, durably and before the act, that the effect is under way as ref. It
	// answers false when the effect was revoked or settled meanwhile: then do not act.
	Sending(ctx context.Context, who scheduler.OrganizerID, key, ref string, at time.Time) (bool, error)

	// Retry puts an effect that did not happen back, for another try at next.
	Retry(ctx context.Context, who scheduler.OrganizerID, key string, next time.Time, cause string) error

	// Wake is when the organizer is next to be stepped: their own wake-up or the next effect
	// that can be delivered, whichever is earlier; zero for nothing to wait for.
	Wake(ctx context.Context, who scheduler.OrganizerID) (time.Time, error)

	// History is what happened, the latest first.
	History(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, limit int) ([]scheduler.Entry, error)

	Close() error
}
