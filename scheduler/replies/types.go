// Package replies reads the words of a mail, beside what was asked, and says what they meant.
//
// It is pure and deterministic, and rather says Unclear than guess: a wrong booking is
// far worse than a question. It never sees addresses or headers; whether a mail may be
// heeded at all is decided before it is read.
package replies

import (
	"time"

	"indy/scheduler/slots"
)

// Kind is what a mail turned out to be. The names are those of "indy read".
type Kind string

const (
	Choose      Kind = "choose"       // one of the offered slots: Reading.Slot
	Counter     Kind = "counter"      // other times: Reading.Windows
	AcceptOther Kind = "accept_other" // would like to meet, but none of these, and names no time
	NotNow      Kind = "not_now"      // Reading.Until, where they said when
	Never       Kind = "never"        // wants no more mail
	Question    Kind = "question"     // asks something that the organizer must answer
	Away        Kind = "away"         // out of office; Reading.Until where it says
	Bounce      Kind = "bounce"       // a delivery report
	Auto        Kind = "auto"         // some other robot
	RSVP        Kind = "rsvp"         // an iTIP answer
	Debrief     Kind = "debrief"      // the organizer's notes of a one-to-one
	StepUpdate  Kind = "step_update"  // how a promised step stands: Reading.Updates
	Correction  Kind = "correction"   // a summary was not right
	Command     Kind = "command"      // orders of the organizer: Reading.Orders
	Unclear     Kind = "unclear"
)

// Asking is what the mail answers.
type Asking string

const (
	AskedNothing Asking = ""        // a mail of their own accord
	AskedTimes   Asking = "times"   // an offer, a nudge, a counter-offer
	AskedInvite  Asking = "invite"  // a meeting that stands: reminder, invite, update
	AskedDebrief Asking = "debrief" // the organizer: how did it go?
	AskedMissing Asking = "missing" // the organizer: the part of a debrief that was missing
	AskedOK      Asking = "ok"      // the organizer: may this go out? ("ok", or changes)
	AskedSteps   Asking = "steps"   // a check-in on promised steps
	AskedSummary Asking = "summary" // a summary that invites corrections
	AskedDigest  Asking = "digest"  // the organizer: orders, a line each
	AskedCall    Asking = "call"    // the organizer: what was agreed on the phone
	AskedAhead   Asking = "ahead"   // the organizer: a meeting that stands, in answer to its brief
)

// Context is everything that the words are read against.
type Context struct {
	Asked    Asking
	Offered  []slots.Interval // the slots as numbered in the mail, 1 first
	Meeting  slots.Interval   // the agreed one, for AskedInvite; zero otherwise
	Sent     time.Time        // when the mail was written; relative words count from it
	Zone     *time.Location   // the writer's; never nil
	Language string           // "en", "es": tried first; the text may show another
	DayFirst bool             // 3/4 is 3 April
	Steps    []Step           // open steps, the one asked about first
	Names    []string         // who may be named as an owner or in an order: the person, or all people
	Me       string           // how the writer is named ("Maria"): "me", "I"
	Now      time.Time        // when indy reads it, UTC
}

// Step is a promised step as far as words may refer to it.
type Step struct {
	ID       string
	Owner    string // a name of Context.Names, or Context.Me
	Action   string
	Deadline slots.Date
}

// A Window is a stretch that the writer called possible, UTC.
type Window = slots.Interval

// Reading is what was understood. Fields that do not apply are zero.
type Reading struct {
	Kind     Kind
	Slot     int        // 1-based, for Choose
	Windows  []Window   // for Counter (and Choose: the window that it lies in)
	Until    slots.Date // for NotNow, Away: the first day again possible
	Visible  string     // what the writer wrote, without quotes and signatures
	Why      []string   // how it was understood, in words for the organizer
	Language string
	Passed   string // a question or remark that the organizer should see besides (books AND asks)
	Told     string // what they say of other things than times, in their own words: for the brief
	Mode     string // "phone", "in person" when they ask for it
	Place    string // another place that they propose
	Phone    string // a number to call
	Address  string // "write to my other address"
	Theirs   bool   // for AskedAhead: it is the other who cannot

	Notes   string       // Debrief: what stays with the organizer
	Ask     AskOutcome   // Debrief
	Held    HeldOutcome  // Debrief: did it take place
	Said    []SaidStep   // Debrief, Correction: steps with owner and deadline
	NoSteps bool         // Debrief: "no next steps"
	NoMail  bool         // Debrief: the person told the organizer that they want no more mail
	Next    *SaidNext    // Debrief: when to connect again
	Updates []SaidUpdate // StepUpdate
	Orders  []Order      // Command
	OK      bool         // AskedOK: it may go out as it is
}

// AskOutcome is how the ask went.
type AskOutcome string

const (
	AskUnknown AskOutcome = ""
	AskYes     AskOutcome = "yes"
	AskSmaller AskOutcome = "smaller yes"
	AskLater   AskOutcome = "not now"
	AskNo      AskOutcome = "no"
	AskNone    AskOutcome = "not asked"
)

// HeldOutcome says whether the one-to-one took place.
type HeldOutcome string

const (
	HeldUnknown HeldOutcome = ""
	HeldYes     HeldOutcome = "held"
	HeldNoShow  HeldOutcome = "no-show"
	HeldNot     HeldOutcome = "didn't happen"
	HeldMoved   HeldOutcome = "moved" // Reading.Windows where they said when
	// HeldByChance is a one-to-one at another time and place than was agreed: they ran into
	// each other. Reading.Windows holds when, where that was said and is past.
	HeldByChance HeldOutcome = "met by chance"
)

// SaidStep is a step as written down.
type SaidStep struct {
	Owner    string     `json:"owner"` // "" when it was not said
	Action   string     `json:"action"`
	Deadline slots.Date `json:"deadline,omitzero"`
}

// SaidNext is when the two want to connect again. None says that they agreed not to fix it.
type SaidNext struct {
	On    slots.Date `json:"on,omitzero"`
	Short bool       `json:"short,omitempty"` // a check-in, not a whole one-to-one
	Phone bool       `json:"phone,omitempty"`
	None  bool       `json:"none,omitempty"`
}

// StepState is what a step update says.
type StepState string

const (
	StepDone  StepState = "done"
	StepMoved StepState = "moved" // SaidUpdate.Until
	StepStuck StepState = "stuck"
	StepCant  StepState = "can't"
)

// SaidUpdate is how one step stands. Step is "" when the words fit several: then ask.
type SaidUpdate struct {
	Step  string     `json:"step"`
	State StepState  `json:"state"`
	Until slots.Date `json:"until,omitzero"`
	Words string     `json:"words,omitempty"`
}

// Order is one line of the organizer's: "propose Sam", "snooze Lee 2 weeks", "Ana done", "stop Kim".
type Order struct {
	Verb  OrderVerb  `json:"verb"`
	Name  string     `json:"name"` // of Context.Names; "" when it fits none or several
	Until slots.Date `json:"until,omitzero"`
	Words string     `json:"words"` // the line
}

// OrderVerb is what is ordered.
type OrderVerb string

const (
	OrderPropose  OrderVerb = "propose"
	OrderSnooze   OrderVerb = "snooze"
	OrderStop     OrderVerb = "stop"
	OrderForget   OrderVerb = "forget"
	OrderDone     OrderVerb = "done"      // an open step of that person
	OrderMet      OrderVerb = "met"       // it already happened
	OrderHandBack OrderVerb = "hand back" // indy takes over again
	OrderHandsOff OrderVerb = "hands off"
	OrderGo       OrderVerb = "go"       // go on after a hold
	OrderDigest   OrderVerb = "digest"   // the digest now
	OrderPutBack  OrderVerb = "put back" // the events that vanished
	OrderCallOff  OrderVerb = "call off" // their meetings
)
