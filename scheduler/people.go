package scheduler

import (
	"time"

	"indy/scheduler/slots"
)

// OrganizerID and PersonID are the short names used in the config ("maria", "ana").
// A PersonID means something only beside its organizer's.
type (
	OrganizerID string
	PersonID    string
)

// Organizer is the one in whose name indy writes.
type Organizer struct {
	ID       OrganizerID
	Name     string // as mails are signed: "Maria Lopez"
	Address  string // the mailbox that indy works in; RFC 5322 addr-spec
	Aliases  []string
	Phone    string
	Zone     *time.Location // never nil
	Language string         // BCP 47: "en", "es"
	Role     string         // "a core member of the Oakland council"
	Story    string         // their own story, for the brief
	Lead     bool           // gets the team digest: counts and coverage only
	Policy   Policy
}

// First is the name that friends use.
func (o Organizer) First() string { return firstName(o.Name) }

// Team is the group that people are invited into.
type Team struct {
	Name string // "Oakland Council"
	Word string // what such a group is called: "council"
	// Ladder is the organization's own roles, from the first to the most responsible.
	Ladder []string
	// Training is the address of the training video or page for first-timers; may be "".
	Training string
}

// Campaign is what the team works on now.
type Campaign struct {
	Name  string // "Clean Water Now"
	Story string // why it matters, two or three sentences
	Plan  string // what comes next
	Asks  []Ask
	Ends  slots.Date // zero: open. After it the campaign is stale and no mail speaks of it
}

// Current says whether mails may speak of the campaign: it has its texts and is not over.
func (c Campaign) Current(on slots.Date) bool {
	return c.Name != "" && c.Story != "" && c.Plan != "" && (c.Ends.IsZero() || !c.Ends.Before(on))
}

// Ask is something that a person could take on.
type Ask struct {
	Text   string     // "call two reporters about the hearing"
	Role   string     // a role of the ladder that it leads to; may be ""
	Skills []string   // who it would fit
	By     slots.Date // the action's date; zero: none
}

// Status says whether a person is new to the team.
type Status string

const (
	New     Status = "new"
	Current Status = "current"
)

// Mode is how the two meet.
type Mode string

const (
	InPerson Mode = "in person"
	ByPhone  Mode = "phone"
)

// Person is somebody whom the organizer meets.
type Person struct {
	ID        PersonID
	Name      string
	Addresses []string // the first is written to; all are theirs. Empty: met by call sheet
	Phone     string
	Zone      *time.Location // never nil; the organizer's where the config says nothing
	Language  string
	Status    Status
	Every     int // days between one-to-ones; 0: never by itself
	Role      string
	Skills    []string
	Mode      Mode
	Place     string      // where they like to meet; the organizer's usual place when ""
	Hours     slots.Hours // empty: not known
	Notes     string      // private: the organizer's own, never shown to the person
	Purpose   Purpose     // "" lets indy choose
	Since     slots.Date  // known since; zero: not known
	LastMet   slots.Date  // met before indy came; zero: never
}

// First is the name that friends use.
func (p Person) First() string { return firstName(p.Name) }

// Reachable says that the person has an address that mail can go to.
func (p Person) Reachable() bool { return len(p.Addresses) > 0 }

// Purpose is what a one-to-one is mainly for.
type Purpose string

const (
	Relationship  Purpose = "relationship"
	ForCampaign   Purpose = "campaign"
	LeadershipAsk Purpose = "leadership ask"
)

// Approval says which mails wait for the organizer's "ok" before they go.
type Approval string

const (
	ApproveNone   Approval = "none"
	ApproveFirst  Approval = "first"  // the first mail to a new person
	ApproveAll    Approval = "all"    // every mail that opens a round
	ApproveDrafts Approval = "drafts" // indy writes drafts, the organizer sends them
)

// Policy is what an organizer allows. Config gives every field a good default.
type Policy struct {
	Length      time.Duration // 30 to 60 minutes
	Hours       slots.Hours   // when they meet people
	SendHours   slots.Hours   // when mail may go to a person, in the person's zone; outside are quiet hours
	Notice      time.Duration
	Buffer      time.Duration
	Travel      time.Duration
	MaxPerDay   int
	MaxPerWeek  int // meetings in a week
	Capacity    int // new rounds opened in a week; people who wait for an answer are not counted again
	Goal        int // one-to-ones a week that the digest measures pace against; 0: Capacity
	Offers      int // slots in an offer
	Near        time.Duration
	Horizon     time.Duration
	Hold        bool // offered slots stand on the calendar as tentative
	Place       string
	PlaceGeo    string // "37.80;-122.27", RFC 5545 3.8.1.6; may be ""
	Blackout    []slots.DateRange
	Nudges      int // 0 to 2
	NudgeAfter  time.Duration
	RestAfter   time.Duration // after silence: how long before the person is offered again
	MailsPerWk  int           // to one person, of indy's own accord; answers to their mail are not counted
	MailsPerDay int           // the same, a day
	Approve     Approval
	ApproveSum  bool // the summary waits for "ok"
	// ApproveSilence is how long a silence, once the organizer has the summary before them, stands
	// for their "ok"; 0: it never does.
	ApproveSilence time.Duration

	Reminder     int           // minutes after midnight on the day before, person's zone
	BriefEvening bool          // the evening before; else an hour before
	DebriefAfter time.Duration // after the end
	DebriefNudge time.Duration // after the prompt
	DebriefAlarm time.Duration
	CheckBefore  int // days before a deadline on which its owner is asked
	AskAfter     int // days after it
	DigestDay    time.Weekday
	DigestAt     int // minutes after midnight, organizer's zone
	Agenda       bool
	SharedEvent  bool // the calendar itself invites: who is invited reads all that stands in the event
	// CalendarTells: the calendar itself tells guests whom the organizer invited by hand of
	// every change, indy's included.
	CalendarTells bool
	StepsAs       string // "todo" (VTODO) or "events" (all-day): how deadlines are attached to a summary; "" not at all
}

func firstName(name string) string {
	for i, r := range name {
		if r == ' ' {
			return name[:i]
		}
	}
	return name
}
