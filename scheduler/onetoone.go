package scheduler

import (
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// OneToOneID names a round with a person: "maria/ana/3".
type OneToOneID string

// Stage is where a one-to-one stands.
type Stage string

const (
	Due           Stage = "due"
	Offered       Stage = "offered"
	Agreed        Stage = "agreed"
	Met           Stage = "met"
	FollowedUp    Stage = "followed up"
	Closed        Stage = "closed"
	WithOrganizer Stage = "with organizer"
	Paused        Stage = "paused"
	Stopped       Stage = "stopped"
)

// OneToOne is one round: from due to closed.
type OneToOne struct {
	ID      OneToOneID `json:"id"`
	Person  PersonID   `json:"person"`
	Round   int        `json:"round"`
	Stage   Stage      `json:"stage"`
	Purpose Purpose    `json:"purpose"`
	Mode    Mode       `json:"mode"`
	Place   string     `json:"place,omitempty"`   // proposed by the person
	CallAt  string     `json:"call_at,omitempty"` // a number that they gave
	Opened  time.Time  `json:"opened"`
	Short   bool       `json:"short,omitempty"` // a check-in, not a whole one-to-one
	Why     string     `json:"why,omitempty"`   // why this round was opened, for people

	// With the organizer: why, since when, and where it goes on when they hand back.
	Reason Reason    `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Before Stage     `json:"before,omitempty"`
	Until  time.Time `json:"until,omitzero"` // Paused: until then

	AwaitsOK bool      `json:"awaits_ok,omitempty"` // the offer waits for the organizer's "ok"
	ByHand   bool      `json:"by_hand,omitempty"`   // ordered by the organizer: their ok is given
	Tries    int       `json:"tries,omitempty"`     // days on which no time could be found
	TryAt    time.Time `json:"try_at,omitzero"`
	// Pending is what the person chose while the organizer had the thread.
	Pending *slots.Interval `json:"pending,omitempty"`
	// First and Last are the Message-IDs that began the thread with the person and that was
	// last in it, theirs or ours.
	First   string   `json:"first,omitempty"`
	Last    string   `json:"last,omitempty"`
	Offer   *Offer   `json:"offer,omitempty"`
	Meeting *Meeting `json:"meeting,omitempty"`
	Debrief *Debrief `json:"debrief,omitempty"`
	Gen     int      `json:"gen"` // counts what may be done again (offers, moves), so that effect keys stay unique

	Missed int       `json:"missed,omitempty"` // how often a meeting did not take place
	Asked  string    `json:"asked,omitempty"`  // the ask that the brief proposed; private
	Said   []string  `json:"said,omitempty"`   // what the person wrote about the campaign or asked: for the brief
	Closed time.Time `json:"closed,omitzero"`
	How    string    `json:"how,omitempty"` // how it ended, in a few words
}

// Offer is what was offered and how often it was recalled to mind.
type Offer struct {
	Slots     []slots.Slot     `json:"slots"`
	At        time.Time        `json:"at"`
	Gen       int              `json:"gen"`
	Nudged    []time.Time      `json:"nudged,omitempty"`
	Windows   []slots.Interval `json:"windows,omitempty"`   // what the person proposed
	Avoid     []slots.Interval `json:"avoid,omitempty"`     // what they turned down
	Shunned   []slots.Interval `json:"shunned,omitempty"`   // agreed, then called off by them: other days are better
	Holds     []EventRef       `json:"holds,omitempty"`     // of Slots, in the same order
	Withdrawn []slots.Interval `json:"withdrawn,omitempty"` // offered, then taken back on the calendar
	Token     string           `json:"token,omitempty"`
	Draft     bool             `json:"draft,omitempty"` // the mail with it lies among the drafts, unsent
	Rounds    int              `json:"rounds"`          // how many offers were made in this one-to-one
}

// Meeting is what was agreed.
type Meeting struct {
	slots.Interval
	Zone      string    `json:"zone"`
	Wall      string    `json:"wall,omitempty"` // From as clocks in Zone showed it when it was agreed: "2026-12-01 14:00:00"
	Place     string    `json:"place,omitempty"`
	Mode      Mode      `json:"mode"`
	Title     string    `json:"title,omitempty"`
	Event     EventRef  `json:"event"`
	UID       string    `json:"uid"`
	Sequence  int       `json:"sequence"`
	PartStat  string    `json:"partstat,omitempty"`
	AgreedAt  time.Time `json:"agreed_at"`
	Reminded  time.Time `json:"reminded,omitzero"`
	Briefed   time.Time `json:"briefed,omitzero"`
	Tentative bool      `json:"asked_tentative,omitempty"` // "maybe" was asked about once
	Stamp     time.Time `json:"stamp,omitzero"`            // of the last RSVP heeded
	Guests    []Address `json:"guests,omitempty"`          // invited by hand by the organizer
	// Seen is the event as the calendar last had it. A human's edit is what differs from it.
	Seen *SeenEvent `json:"seen,omitempty"`
}

// SeenEvent is what of an event a human may change.
type SeenEvent struct {
	slots.Interval
	Title string `json:"title,omitempty"`
	Place string `json:"place,omitempty"`
	Notes string `json:"notes,omitempty"` // what stands under "Next steps"
	// Words is a digest of the description as it was first seen; Written says that a human has
	// changed it since, so that indy does not write over it.
	Words   string `json:"words,omitempty"`
	Answer  string `json:"answer,omitempty"` // the person's PARTSTAT
	Written bool   `json:"written,omitempty"`
}

// Debrief is what the organizer told afterwards. Notes and Ask are private.
type Debrief struct {
	Asked    time.Time           `json:"asked,omitzero"`
	Nudged   time.Time           `json:"nudged,omitzero"`
	Answered time.Time           `json:"answered,omitzero"`
	Notes    string              `json:"notes,omitempty"`
	Ask      replies.AskOutcome  `json:"ask,omitempty"`
	Held     replies.HeldOutcome `json:"held,omitempty"`
	NoSteps  bool                `json:"no_steps,omitempty"`
	Next     *NextContact        `json:"next,omitempty"`
	Missing  []Missing           `json:"missing,omitempty"`
	Alarmed  bool                `json:"alarmed,omitempty"`
	Approved bool                `json:"approved,omitempty"` // the summary may go
	ReadBack time.Time           `json:"read_back,omitzero"`
	// ReadBackKey is the key of the latest mail with it, and Shown is when that one reached the
	// organizer; zero again once they said anything.
	ReadBackKey string    `json:"read_back_key,omitempty"`
	Shown       time.Time `json:"shown,omitzero"`
	Summary     time.Time `json:"summary,omitzero"`
	Amended     int       `json:"amended,omitempty"`
	AskedMore   int       `json:"asked_more,omitempty"` // how often the missing part was asked for
}

// Missing is a part of a debrief that is not there yet.
type Missing struct {
	Part MissingPart `json:"part"`
	Step string      `json:"step,omitempty"` // the action that lacks it
}

// MissingPart names what is missing.
type MissingPart string

const (
	MissingDeadline MissingPart = "deadline"
	MissingOwner    MissingPart = "owner"
	MissingSteps    MissingPart = "steps"
	MissingNext     MissingPart = "next"
	MissingTime     MissingPart = "time" // the meeting was moved: to when?
)

// NextContact is when the two connect again.
type NextContact struct {
	On    slots.Date `json:"on,omitzero"`
	Short bool       `json:"short,omitempty"`
	Phone bool       `json:"phone,omitempty"`
	None  bool       `json:"none,omitempty"` // they agreed not to fix it: the cadence counts
}

// StepState is how a promise stands.
type StepState string

const (
	StepOpen    StepState = "open"
	StepDone    StepState = "done"
	StepDropped StepState = "dropped"
	StepSlipped StepState = "slipped" // past its deadline, asked once, not answered: a call for the organizer
)

// NextStep is a promise that one of the two made.
type NextStep struct {
	ID       string       `json:"id"` // "maria/ana/3/s1"
	OneToOne OneToOneID   `json:"one_to_one"`
	Person   PersonID     `json:"person"`
	ByPerson bool         `json:"by_person"` // else the organizer's own
	Action   string       `json:"action"`
	Deadline slots.Date   `json:"deadline,omitzero"`
	State    StepState    `json:"state"`
	Made     time.Time    `json:"made"`
	Checked  time.Time    `json:"checked,omitzero"`   // asked before the deadline
	Asked    time.Time    `json:"asked,omitzero"`     // asked after it
	NoOwner  bool         `json:"no_owner,omitempty"` // who does it was not said yet
	Stuck    bool         `json:"stuck,omitempty"`
	Moves    []slots.Date `json:"moves,omitempty"` // earlier deadlines
	Settled  time.Time    `json:"settled,omitzero"`
	Words    string       `json:"words,omitempty"` // what its owner last said of it
}

// Standing is what holds between a person and an organizer beyond one round.
type Standing struct {
	Person   PersonID     `json:"person"`
	Rounds   int          `json:"rounds"`
	Now      OneToOneID   `json:"now,omitempty"` // the open round
	Met      []time.Time  `json:"met,omitempty"` // real contacts, latest last, at most 12 kept
	Next     *NextContact `json:"next,omitempty"`
	Snoozed  slots.Date   `json:"snoozed,omitzero"` // not before this day
	Why      string       `json:"why,omitempty"`    // of Snoozed or Paused: "after the holidays"
	Stopped  time.Time    `json:"stopped,omitzero"`
	StopWhy  string       `json:"stop_why,omitempty"`
	Approved bool         `json:"approved,omitempty"` // the first mail was seen by the organizer
	Mails    []time.Time  `json:"mails,omitempty"`    // of indy's own accord, the last eight days
	Dead     []string     `json:"dead,omitempty"`     // addresses that bounced for good
	Role     string       `json:"role,omitempty"`     // taken on since the config was written
	RoleAt   time.Time    `json:"role_at,omitzero"`
	Topics   []string     `json:"topics,omitempty"` // questions already asked
	Sparks   []string     `json:"sparks,omitempty"` // from the notes, private
	LastAsk  string       `json:"last_ask,omitempty"`
	Answer   string       `json:"answer,omitempty"`   // how the last ask went
	Silent   int          `json:"silent,omitempty"`   // rounds in a row that ended without an answer
	CallWhy  Reason       `json:"call_why,omitempty"` // the organizer should ring them up, and why
}

// Entry is one line of history, in words for the organizer. It holds no address.
type Entry struct {
	At       time.Time  `json:"at"`
	Person   PersonID   `json:"person,omitempty"`
	OneToOne OneToOneID `json:"one_to_one,omitempty"`
	What     string     `json:"what"`
	Why      string     `json:"why,omitempty"`
}
