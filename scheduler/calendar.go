package scheduler

import (
	"time"
)

// Attendee is one participant of an event (RFC 5545 3.8.4.1).
type Attendee struct {
	Address
	PartStat string `json:"partstat,omitempty"` // NEEDS-ACTION, ACCEPTED, …
	Optional bool   `json:"optional,omitempty"`
	Comment  string `json:"-"` // what they wrote beside their answer, where the calendar keeps it
}

// CalendarEvent is one event as it stands, or is to stand, on the organizer's calendar.
type CalendarEvent struct {
	ID        string // the provider's: base32hex of the effect's key, so that it is made once
	UID       string // RFC 5545 3.8.4.7
	Sequence  int
	From, To  time.Time // UTC
	Zone      string    // IANA name in which it was agreed
	Title     string
	Text      string // DESCRIPTION; for the organizer's own copy the brief's link and "Next steps:"
	HTML      string // X-ALT-DESC; may be ""
	Location  string
	Geo       string // "37.80;-122.27"
	Tentative bool   // a hold
	Cancelled bool
	Organizer Address
	Attendees []Attendee
	Alarms    []time.Duration // before the start
	OneToOne  OneToOneID      // private: whose it is (X-INDY-…, extended property)
	Stamp     time.Time       // DTSTAMP, LAST-MODIFIED
	ETag      string          // as last seen; "" for a new one
	KeepText  bool            // a human wrote in its description: that stays as it stands
}

// EventRef names an event of ours and the version that was last seen.
type EventRef struct {
	ID   string `json:"id"`
	ETag string `json:"etag,omitempty"`
}

// CalendarChange is an event of ours that is not as it was last seen.
type CalendarChange struct {
	ID      string
	Deleted bool
	Event   CalendarEvent // as it is now, unless Deleted
}
