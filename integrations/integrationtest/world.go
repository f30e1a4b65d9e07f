// Package integrationtest is the one suite that every implementation of mailbox and
// calendar passes: the local one, and Google's against its fake.
//
// It looks at an implementation as the engine does, through the ports, and at the world
// around it as people do: what arrived at whom, what stands on the calendar. It knows no
// provider, and asks of none what only some can do.
package integrationtest

import (
	"context"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Mailbox is the engine's port.
type Mailbox interface {
	Fetch(ctx context.Context, cursor string, want func(scheduler.Head) bool) (mails []scheduler.Mail, next string, err error)
	Stage(ctx context.Context, out scheduler.Parcel) (ref string, err error)
	Send(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, error)
	Find(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Found, error)
	Withdraw(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Withdrawal, error)
	Watch(ctx context.Context, changed func()) error
}

// Calendar is the engine's port.
type Calendar interface {
	Busy(ctx context.Context, from, to time.Time) ([]slots.Busy, error)
	PersonBusy(ctx context.Context, address string, from, to time.Time) (busy []slots.Busy, visible bool, err error)
	Changes(ctx context.Context, cursor string, watched []scheduler.EventRef) (changed []scheduler.CalendarChange, next string, err error)
	Put(ctx context.Context, ev scheduler.CalendarEvent) (etag string, err error)
	Remove(ctx context.Context, ref scheduler.EventRef) error
	Watch(ctx context.Context, changed func()) error
}

// Place is what both worlds share. Methods of a world fail the test when they cannot do
// what they are asked for.
type Place interface {
	// Organizer is the account's own address.
	Organizer() string
	// Now is what time it is in this world; Pass lets time go by, at least as long as the
	// provider may need to show what happened.
	Now() time.Time
	Pass(d time.Duration)
}

// MailWorld is an organizer's mail account and the people who write to each other.
type MailWorld interface {
	Place

	// Mailbox opens the account as a process does that has just started: it knows nothing
	// that is not in the account or handed to it.
	Mailbox(t *testing.T) Mailbox

	// Deliver brings a mail of somebody else's into the organizer's mailbox.
	Deliver(t *testing.T, from string, raw []byte)
	// WriteByHand lets the organizer send a mail with their own mail program.
	WriteByHand(t *testing.T, to string, raw []byte)
	// Received is what arrived at an address, the oldest first, in the bytes that arrived.
	Received(t *testing.T, address string) [][]byte

	// CutSend makes the next Send of every mailbox break off with an error, as when the
	// connection is lost or the process dies: before the mail has gone, or after it.
	CutSend(t *testing.T, after bool)
	// CutWithdraw does the same with the next Withdraw that finds something to delete: before
	// it is gone, or after it.
	CutWithdraw(t *testing.T, after bool)
	// Mend lets the organizer write other words into what is staged, and Staged says how many
	// mails are.
	Mend(t *testing.T, words string)
	Staged(t *testing.T) int
}

// CalendarWorld is an organizer's calendars and the people who look at them.
type CalendarWorld interface {
	Place

	// Calendar opens the account as a process does that has just started.
	Calendar(t *testing.T) Calendar

	// Stands is the event as people see it on the calendar that indy writes to.
	Stands(t *testing.T, id string) (scheduler.CalendarEvent, bool)
	// Edit changes an event of indy's by hand, in the organizer's calendar program.
	Edit(t *testing.T, id string, change func(*scheduler.CalendarEvent))
	// Delete deletes it by hand.
	Delete(t *testing.T, id string)

	// Meet puts something else on the calendar that indy writes to, or on one of those that
	// make the organizer busy besides.
	Meet(t *testing.T, besides bool, m Meeting)
	// Share lets the organizer see a person's free/busy, with these meetings in it.
	Share(t *testing.T, address string, list ...Meeting)
	// Injure makes a calendar unreadable: deleted, no longer shared, or its server in trouble.
	Injure(t *testing.T)
}

// World is both.
type World interface {
	MailWorld
	CalendarWorld
}

// Meeting is anything that stands on a calendar and is not indy's.
type Meeting struct {
	UID      string
	Title    string
	From, To time.Time // UTC; for AllDay the dates on which it starts and ends, the last one excluded
	Zone     string    // in which it recurs
	Rule     string    // RFC 5545 RRULE value; "" for a single one
	AllDay   bool
	Free     bool // shown as free (TRANSP:TRANSPARENT)
	Declined bool // the organizer has declined it
}

// Run runs the whole suite, each test in a world of its own.
func Run(t *testing.T, world func(t *testing.T) World) {
	t.Run("mailbox", func(t *testing.T) { RunMailbox(t, func(t *testing.T) MailWorld { return world(t) }) })
	t.Run("calendar", func(t *testing.T) { RunCalendar(t, func(t *testing.T) CalendarWorld { return world(t) }) })
}

type test[W any] struct {
	name string
	run  func(*testing.T, W)
}

func run[W any](t *testing.T, world func(t *testing.T) W, tests []test[W]) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, world(t)) })
	}
}
