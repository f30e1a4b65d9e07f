package scheduler

import (
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// Topic is a family of questions for the Story of Self. Briefs rotate over them.
type Topic string

const (
	TopicHome      Topic = "home"
	TopicWork      Topic = "work"
	TopicFamily    Topic = "family"
	TopicAngers    Topic = "angers"
	TopicInspires  Topic = "inspires"
	TopicVision    Topic = "vision"
	TopicObstacles Topic = "obstacles"
	TopicCampaign  Topic = "campaign" // how they feel about it
)

// Topics is every topic, in the order in which they are first asked.
var Topics = []Topic{TopicHome, TopicWork, TopicFamily, TopicAngers, TopicInspires, TopicVision, TopicObstacles, TopicCampaign}

// Brief is what the organizer reads before a one-to-one. All of it is private.
type Brief struct {
	LastMet   slots.Date
	Sparks    []string
	LastAsk   string
	Answer    replies.AskOutcome
	Kept      []NextStep // since last time, both sides
	Open      []NextStep
	Said      []string // what they wrote when answering the offer
	Topics    []Topic  // three or four, not asked yet
	Ask       *Ask     // proposed from skills and past steps; nil when nothing fits
	AskWhy    string
	Neighbors []slots.Interval // what stands just before and after in the calendar
}

// DigestLine is one person in a digest.
type DigestLine struct {
	Person PersonID
	Name   string
	Phone  string
	At     time.Time // of a meeting, an offer, a debrief; zero when it does not apply
	On     slots.Date
	Mode   Mode
	Place  string
	Why    Reason // why it is there
	Words  string // plain words, of indy or of the record
	Step   *NextStep
}

// WeekCount is how many one-to-ones took place in the week that starts on Monday.
type WeekCount struct {
	Monday slots.Date
	Met    int
}

// Digest is the week in a minute.
type Digest struct {
	From, To slots.Date   // the week ahead
	Call     []DigestLine // who to call, and why
	Needs    []DigestLine
	Open     []DigestLine // debriefs that wait; the oldest first
	Meetings []DigestLine // this week's
	Waiting  []DigestLine // offers without an answer
	Kept     []DigestLine // steps, since the last digest
	DueSteps []DigestLine // deadlines in the week ahead
	Slipped  []DigestLine
	Due      []DigestLine // who comes next
	Later    []DigestLine // "not now" and away, with the day on which they return
	Raised   []DigestLine // who took on more
	Pace     []WeekCount  // 12 weeks, the oldest first
	Goal     int          // a week
	Coverage Coverage
	Quiet    bool // nothing to do
	Number   int  // 1 for the first; picks the reflection
	Team     []TeamLine
}

// Coverage is how much of the council was met of late.
type Coverage struct {
	People   int // who can be met: neither stopped nor without any way to reach them
	InRhythm int // met within their cadence
	Overdue  int
	NeverMet int
	Paused   int
	Stopped  int
}

// TeamLine is one organizer in a team digest: counts only.
type TeamLine struct {
	Name               string
	Met, Goal          int
	Agreed, Waiting    int
	StepsKept, Slipped int
	Coverage           Coverage
}
