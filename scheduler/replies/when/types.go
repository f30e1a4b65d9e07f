// Package when finds the times that words mean: "Thu after 3", "la semana que viene".
//
// It is pure and deterministic. Everything relative counts from Times.Now in Times.Zone.
// It answers with what the words say and rules nothing in or out by taste; words that
// could mean several times are left out or answered as all of them, never as one.
package when

import (
	"time"

	"indy/scheduler/slots"
)

// Grain is how fine the words were. The names are those of "indy when".
type Grain string

const (
	Minute    Grain = "minute"
	Hour      Grain = "hour"
	PartOfDay Grain = "part_of_day"
	Day       Grain = "day"
	Week      Grain = "week"
	Month     Grain = "month"
)

// Found is a time meant by some of the words.
type Found struct {
	From  time.Time `json:"from"` // with the writer's zone
	To    time.Time `json:"to"`
	Grain Grain     `json:"grain"`
	Text  string    `json:"text"` // the words
	Start int       `json:"-"`    // byte offsets of Text in what was read
	End   int       `json:"-"`
	Not   bool      `json:"-"` // "not Friday", "except Wed": a time that is ruled out
	Bound Bound     `json:"-"` // which end was said, where only one was
}

// Bound says which end of an open range the words named. The other end is a limit of
// ours: the end of that day for hours, four weeks for days; Now for what lies before.
type Bound string

const (
	Exact  Bound = ""       // both ends were said, or a point
	After  Bound = "after"  // "after 3", "after Tuesday": From was said
	From   Bound = "from"   // "from Tuesday on": From was said, and belongs to it
	Before Bound = "before" // "before noon", "before Friday": To was said
	Until  Bound = "until"  // "by Friday", "until Friday": To is the end of what was said
)

// Times says how words about time are to be read.
type Times struct {
	Now      time.Time      // what "tomorrow" counts from
	Zone     *time.Location // the writer's; never nil
	Language string
	DayFirst bool
	Around   []slots.Interval // offers that "the later one", "same time" and "at 7" are resolved by
}
