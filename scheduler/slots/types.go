package slots

import "time"

// An Interval is the half-open stretch of time [From, To), in UTC.
type Interval struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Overlaps says whether the two share any instant.
func (a Interval) Overlaps(b Interval) bool { return a.From.Before(b.To) && b.From.Before(a.To) }

// Contains says whether b lies wholly within a.
func (a Interval) Contains(b Interval) bool { return !b.From.Before(a.From) && !b.To.After(a.To) }

// Length is how long the interval is.
func (a Interval) Length() time.Duration { return a.To.Sub(a.From) }

// Busy is a stretch in which somebody cannot meet. Away says that it happens at some
// other place, so that the way there and back is kept free around in-person meetings.
type Busy struct {
	Interval
	Away bool `json:"away,omitempty"`
}

// A Span is a stretch of a local day, in minutes after local midnight: [From, To), To at most 1440.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Hours are weekly hours, indexed by time.Weekday. They are wall-clock times: which
// instants they are depends on the zone of whoever keeps them.
type Hours [7][]Span

// Empty says that no hour of the week is in it.
func (h Hours) Empty() bool {
	for _, day := range h {
		if len(day) > 0 {
			return false
		}
	}
	return true
}

// A Side is one of the two who meet: their hours in their own zone and what keeps them busy.
type Side struct {
	Zone  *time.Location // never nil
	Hours Hours          // empty: not known, every hour from 08:00 to 20:00 local will do
	Busy  []Busy         // in any order, may overlap
}

// A Request says what is looked for. Every duration is at least 0.
type Request struct {
	Now    time.Time     // UTC
	Near   time.Time     // slots before it are preferred ("this week")
	To     time.Time     // the end of the wider search
	Length time.Duration // 30 to 60 minutes; anything else is an error
	Step   time.Duration // the grid on which meetings start, from each local hour; 15 minutes when 0
	Count  int           // how many to offer

	Organizer, Person Side

	Held     []Interval // offered to others and held; as busy as busy
	Meetings []Interval // the organizer's one-to-ones in sight: counted against MaxPerDay and MaxPerWeek
	Windows  []Interval // when not empty: only slots within one of these (what the person proposed)
	Avoid    []Interval // slots that overlap these are not offered again (what the person turned down)
	Shun     []Interval // the person called off what stood there: their days come last, and are offered only where little else is free

	Notice     time.Duration // no slot starts earlier than Now+Notice
	Buffer     time.Duration // kept free on either side of anything busy
	Travel     time.Duration // kept free besides, around Away busy times and when InPerson around everything that is
	InPerson   bool
	MaxPerDay  int // one-to-ones per organizer's local day; 0: no limit
	MaxPerWeek int // per ISO week in the organizer's zone; 0: no limit
	Blackout   []DateRange
}

// A Slot is a time to offer, with the reason that it was chosen, in plain words for
// the organizer (never shown to the person).
type Slot struct {
	Interval
	Reason string `json:"reason"`
}

// A Verdict is what became of one candidate: offered, or why not.
type Verdict struct {
	Interval
	Offered bool   `json:"offered"`
	Why     string `json:"why"`
}
