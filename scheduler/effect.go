package scheduler

import "time"

// Effect is something to be done in the world, once. Key says what it is for, never
// when: "maria/ana/3/offer/1". Exactly one of Letter, Put and Remove is set.
type Effect struct {
	Key         string
	OneToOne    OneToOneID
	Person      PersonID
	After       time.Time // not before
	Expires     time.Time // pointless after; zero: never
	Letter      *Letter
	Invite      *Invite // with Letter: its calendar part
	Put         *CalendarEvent
	About       *Letter // with Put and Invite: what their title and description are made from
	Remove      *EventRef
	Thread      ThreadRef // with Letter: what an answer to it would answer
	MessageID   string    // with Letter: ours, without angle brackets
	Root, Reply string    // with Letter: the Message-IDs that start the thread and that it answers; "" starts one
	Counts      bool      // with Letter: it counts against the caps on mail to a person
}
