package slots

import (
	"slices"
	"time"
)

// A candidate is a possible time with all that ranking looks at. Days and parts of the day
// are the person's, for whom the choice is.
type candidate struct {
	Interval
	day    Date
	number int // of the day, so that days can be counted
	part   partOfDay
	hour   int
	minute int  // of the hour
	near   bool // before Request.Near
	ahead  int  // days from now
	named  bool // the beginning of a short window that the person named
	shun   bool // a day on which the person called something off
	early  bool // or late: outside what most people like, for either side
}

type partOfDay int

const (
	morning   partOfDay = iota // before 12:00
	afternoon                  // before 17:00
	evening
)

func (p partOfDay) String() string { return [...]string{"morning", "afternoon", "evening"}[p] }

// What counts against a candidate: a day later is the unit. Being different from what is
// offered already outweighs being soon, and being in the near horizon outweighs a nicer time.
const (
	costLaterDay    = 1
	costNotNear     = 30
	costHalfHour    = 3
	costQuarterHour = 8
	costOffQuarter  = 12
	costUnsociable  = 9 // before 09:00 or after 19:00 for either
	costShunned     = 120
	gainNamed       = 50 // exactly what they asked for

	costSameDay     = 60
	costCloseHour   = 6 // for each hour that is missing to four between two of one day
	costNextDay     = 6
	costSamePart    = 20
	costSameHour    = 5
	costSameWeekday = 8
)

// weigh reads off the candidate what ranking looks at.
func (s *search) weigh(iv Interval) candidate {
	local := iv.From.In(s.r.Person.Zone)
	c := candidate{
		Interval: iv,
		day:      DateOf(iv.From, s.r.Person.Zone),
		hour:     local.Hour(),
		minute:   local.Minute(),
		near:     iv.From.Before(s.r.Near),
	}
	switch {
	case c.hour < 12:
		c.part = morning
	case c.hour < 17:
		c.part = afternoon
	default:
		c.part = evening
	}
	c.shun = slices.ContainsFunc(s.r.Shun, func(iv Interval) bool { return DateOf(iv.From, s.r.Person.Zone) == c.day })
	c.number = dayNumber(c.day)
	c.ahead = c.number - s.today
	c.early = unsociable(iv, s.r.Person.Zone) || unsociable(iv, s.r.Organizer.Zone)
	c.named = slices.ContainsFunc(s.r.Windows, func(w Interval) bool {
		return shortWindow(w) && w.From.Equal(iv.From)
	})
	return c
}

func dayNumber(d Date) int { return int(d.utc().Unix() / (24 * 60 * 60)) }

func unsociable(iv Interval, zone *time.Location) bool {
	from, to := iv.From.In(zone), iv.To.In(zone)
	return from.Hour() < 9 || to.Hour() >= 19 && (to.Hour() > 19 || to.Minute() > 0) || to.Day() != from.Day()
}

// cost is what counts against the candidate by itself.
func (c candidate) cost() int {
	n := c.ahead * costLaterDay
	if !c.near {
		n += costNotNear
	}
	switch {
	case c.minute == 0:
	case c.minute == 30:
		n += costHalfHour
	case c.minute%15 == 0:
		n += costQuarterHour
	default:
		n += costOffQuarter
	}
	if c.shun {
		n += costShunned
	}
	if c.early {
		n += costUnsociable
	}
	if c.named {
		n -= gainNamed
	}
	return n
}

// likeness is what counts against offering the candidate beside o.
func (c candidate) likeness(o candidate) int {
	n := 0
	switch apart := o.number - c.number; {
	case apart == 0:
		n += costSameDay + costCloseHour*max(0, 4-max(c.hour-o.hour, o.hour-c.hour))
	case apart == 1 || apart == -1:
		n += costNextDay
	case apart%7 == 0:
		n += costSameWeekday
	}
	if c.part == o.part {
		n += costSamePart
	}
	if c.hour == o.hour {
		n += costSameHour
	}
	return n
}

// choose picks up to n candidates, each the best beside those before it. free is in order
// of time, so that of equals the earlier one wins.
func choose(free []candidate, n int) []candidate {
	costs := make([]int, len(free))
	for i, c := range free {
		costs[i] = c.cost()
	}
	var chosen []candidate
	for len(chosen) < n {
		best := -1
		for i, c := range free {
			if best >= 0 && costs[i] >= costs[best] {
				continue
			}
			if !slices.ContainsFunc(chosen, func(o candidate) bool { return o.Overlaps(c.Interval) }) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		pick := free[best]
		chosen = append(chosen, pick)
		for i := range free {
			costs[i] += free[i].likeness(pick)
		}
	}
	slices.SortFunc(chosen, func(a, b candidate) int { return byStart(a.Interval, b.Interval) })
	return chosen
}

// offer chooses among the possible times and says why each was chosen.
func (s *search) offer(free []candidate) []Slot {
	chosen := choose(free, s.r.Count)
	out := make([]Slot, len(chosen))
	for i, c := range chosen {
		out[i] = Slot{Interval: c.Interval, Reason: s.reason(c, chosen)}
	}
	return out
}
