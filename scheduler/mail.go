package scheduler

import (
	"time"

	"indy/scheduler/slots"
)

// Address is a mailbox with the name shown beside it. Addr is an RFC 5322 addr-spec.
type Address struct {
	Name string `json:"name,omitempty"`
	Addr string `json:"addr"`
}

// Head is the outside of a mail: enough to see whether indy has any business with it.
type Head struct {
	ID         string // the provider's name for it, stable, unique within the mailbox
	Thread     string // the provider's name for its thread; "" where there are none
	MessageID  string // without angle brackets
	InReplyTo  []string
	References []string
	From       Address
	To         []Address // To and Cc
	Subject    string
	Date       time.Time // as the writer's header says, with their offset; zero when unreadable
	Own        bool      // proven to come from the organizer's own account (Gmail: SENT; Maildir: the Sent folder)
	Labels     []string  // the provider's labels, where there are any
	Token      string    // the reference of a tapped link ("ref …"), where the text has one; only in a Mail
}

// Robot says what kind of machine wrote a mail; "" is a human being.
type Robot string

const (
	Human         Robot = ""
	OutOfOffice   Robot = "out of office"
	AutoReply     Robot = "auto-reply"
	MailingList   Robot = "list"
	Challenge     Robot = "challenge"
	Receipt       Robot = "receipt"
	BounceReport  Robot = "bounce"
	CalendarRobot Robot = "calendar" // a notice about an event; its iTIP parts count all the same
)

// Bounce is what a delivery report says of one recipient (RFC 3464).
type Bounce struct {
	Recipient string `json:"recipient"`
	Status    string `json:"status,omitempty"` // RFC 3463: "5.1.1"
	Permanent bool   `json:"permanent"`
	MessageID string `json:"-"` // of the mail that did not arrive, where the report returns it
}

// Mail is a mail that came, read: what a person or a robot wrote.
type Mail struct {
	Head
	Text    string     // the whole text, quotes included; from HTML where there is no plain part
	HTML    bool       // Text was made from HTML
	Robot   Robot      // why no answer may go to it (RFC 3834)
	Bounces []Bounce   // for BounceReport
	ITIP    []ITIP     // calendar parts with a METHOD (RFC 5546)
	Until   slots.Date // for OutOfOffice, where a header says it; the words are read elsewhere
	Why     []string   // how Robot was seen
}

// ITIP is what a calendar message asks for (RFC 5546).
type ITIP struct {
	Method   string // REPLY, COUNTER, REFRESH, CANCEL, REQUEST, …
	UID      string
	Sequence int
	Stamp    time.Time // DTSTAMP
	Attendee Address   // who answers, for REPLY and COUNTER
	PartStat string    // ACCEPTED, TENTATIVE, DECLINED, …
	Comment  string
	From, To time.Time // what a COUNTER or REQUEST proposes; UTC
	Location string
	Summary  string
}

// MailKind is what a mail is for. It names its templates too.
type MailKind string

const (
	// To the person.
	MailOffer     MailKind = "offer"
	MailNudge     MailKind = "nudge"
	MailCounter   MailKind = "counter"   // other slots, after they proposed or declined some
	MailInvite    MailKind = "invite"    // with METHOD:REQUEST
	MailUpdate    MailKind = "update"    // with METHOD:REQUEST, SEQUENCE up
	MailCancel    MailKind = "cancel"    // with METHOD:CANCEL
	MailTentative MailKind = "tentative" // asks once, after "maybe"
	MailReminder  MailKind = "reminder"  // the day before
	MailSummary   MailKind = "summary"   // steps, deadlines, when you connect next
	MailAmended   MailKind = "amended"   // the summary again, corrected
	MailCheckIn   MailKind = "check_in"  // before a deadline
	MailStepAsk   MailKind = "step_ask"  // after a deadline
	MailStepNote  MailKind = "step_note" // the organizer's own promise was moved or dropped: said openly
	MailMissed    MailKind = "missed"    // after a no-show: kind words and new slots
	MailWelcome   MailKind = "welcome"   // "not now" returns on its date: an offer that remembers
	MailForgotten MailKind = "forgotten" // confirms an erasure that the person asked for
	// To a guest whom the organizer invited by hand.
	MailGuestUpdate MailKind = "guest_update" // with METHOD:REQUEST, SEQUENCE up
	MailGuestCancel MailKind = "guest_cancel" // with METHOD:CANCEL
	// To the organizer.
	MailReady       MailKind = "ready"        // an offer that waits for "ok"
	MailBrief       MailKind = "brief"        // the evening before
	MailDebrief     MailKind = "debrief"      // right after
	MailMissing     MailKind = "missing"      // only the part that is missing
	MailReadBack    MailKind = "read_back"    // the summary before the person sees it
	MailOwnSummary  MailKind = "own_summary"  // the organizer's copy
	MailOwnCheckIn  MailKind = "own_check_in" // the organizer's own promise
	MailDigest      MailKind = "digest"
	MailTeamDigest  MailKind = "team_digest"
	MailCallSheet   MailKind = "call_sheet"
	MailNeedsYou    MailKind = "needs_you"    // a question, unclear words, an effect whose outcome is unknown
	MailConfigError MailKind = "config_error" // a bad edit: the old config is kept
	MailHeld        MailKind = "held"         // sending waits for "go" after a jump of the clock
)

// Letter is what a mail is to say; templates turn it into words. Only the fields that
// its kind needs are set. A letter to a person never holds anything private: Decide
// makes it from ForPerson views.
type Letter struct {
	Kind      MailKind
	Now       time.Time
	ToPerson  bool // else to the organizer
	Language  string
	Organizer Organizer
	Team      Team
	Campaign  Campaign // zero when it is not current
	Person    Person   // whom it is about; zero for a digest. Private fields are empty when ToPerson
	OneToOne  OneToOne // the same
	Slots     []slots.Slot
	Token     string // for tap-to-answer links; "" for none
	Meeting   *Meeting
	Before    *Meeting // for an update: what it was
	Title     string   // for an update: what the organizer now calls the meeting, where that changed
	Joins     []string // for an update: who was invited besides, by name; "" for somebody without one
	Steps     []NextStep
	Changed   []NextStep // steps that this mail is about
	Next      *NextContact
	First     bool          // their first one-to-one with this organizer
	Reason    Reason        // why this mail goes out, or what it is that waits
	Quote     string        // their own words, for the organizer
	Missing   []Missing     // MailMissing
	Late      time.Duration // MailHeld: by how much the clock jumped
	About     MailKind      // MailNeedsYou: the mail that failed, or may have gone
	Problems  []string      // MailConfigError, MailNeedsYou
	Hint      string        // MailNeedsYou: what can be done about them
	Inner     *Letter       // MailReady, MailReadBack: what waits for the "ok"; it comes rendered as Preview
	Preview   *Rendered
	Pending   *slots.Interval // MailNeedsYou: what they chose meanwhile
	Brief     *Brief
	Digest    *Digest
}

// Rendered is a letter in words.
type Rendered struct {
	Subject string
	Text    string // CRLF or LF lines; plain text
	HTML    string // "" for text only
	Images  []Image
}

// Image is an inline picture of the HTML part, named by CID (RFC 2392).
type Image struct {
	CID  string
	Type string // image/png
	Data []byte
}

// Invite is the calendar part of a mail (RFC 6047).
type Invite struct {
	Method string // REQUEST, CANCEL, DECLINECOUNTER; PUBLISH for Todos
	Event  CalendarEvent
	Todos  []NextStep // deadlines as VTODO or all-day events (Policy.StepsAs)
	AsTodo bool
}

// Outgoing is a mail ready to be composed into its final bytes.
type Outgoing struct {
	Key         string // of the effect
	From        Address
	To          Address // one recipient, always
	MessageID   string  // without angle brackets; derived from the key
	Date        time.Time
	InReplyTo   string
	References  []string
	Rendered    Rendered
	Invite      *Invite
	Unsubscribe bool // List-Unsubscribe: mailto (RFC 2369) on recurring kinds
	Auto        bool // Auto-Submitted: auto-generated (RFC 3834), on mails to the organizer only
}
