package slots

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// unknownHours stand for the hours of somebody who has not told any.
var unknownHours = func() (h Hours) {
	for d := range h {
		h[d] = []Span{{8 * 60, 20 * 60}}
	}
	return h
}()

// A wall is a stretch that no meeting may touch, and what stands there.
type wall struct {
	Interval          // what is kept free around it included
	what     Interval // the thing itself
	who      string   // "you have something", …
	pad      time.Duration
}

type isoWeek struct{ year, week int }

// A search is a request made ready: hours as instants, busy times sorted and padded.
type search struct {
	r        Request
	org, per *clock
	ours     []Interval // the organizer's hours, as instants
	theirs   []Interval
	walls    []wall      // sorted by From
	reach    []time.Time // reach[i] is the latest end of walls[:i+1]
	days     map[Date]int
	weeks    map[isoWeek]int
	today    int // the person's, as dayNumber counts
}

// prepare makes a checked request ready for times between from and to.
func prepare(r Request, from, to time.Time) *search {
	s := &search{r: r, org: newClock(r.Organizer.Zone), per: newClock(r.Person.Zone)}
	theirs := r.Person.Hours
	if theirs.Empty() {
		theirs = unknownHours
	}
	ours := r.Organizer.Hours
	if ours.Empty() {
		ours = unknownHours
	}
	// A day more on either side: a meeting may begin just before and end just after.
	s.ours = HoursBetween(nil, ours, r.Organizer.Zone, from.Add(-24*time.Hour), to.Add(24*time.Hour))
	s.theirs = HoursBetween(nil, theirs, r.Person.Zone, from.Add(-24*time.Hour), to.Add(24*time.Hour))
	s.raise(r.Organizer.Busy, "you have something")
	s.raise(r.Person.Busy, "they have something")
	s.raise(plain(r.Held), "held for somebody else")
	s.raise(plain(r.Meetings), "you have a one-to-one")
	slices.SortStableFunc(s.walls, func(a, b wall) int { return byStart(a.Interval, b.Interval) })
	s.reach = make([]time.Time, len(s.walls))
	for i, w := range s.walls {
		s.reach[i] = w.To
		if i > 0 && s.reach[i-1].After(w.To) {
			s.reach[i] = s.reach[i-1]
		}
	}
	s.count()
	s.today = dayNumber(DateOf(r.Now, r.Person.Zone))
	return s
}

func plain(ivs []Interval) []Busy {
	out := make([]Busy, len(ivs))
	for i, iv := range ivs {
		out[i] = Busy{Interval: iv}
	}
	return out
}

// raise puts up a wall around each busy time. One without any length blocks nothing.
func (s *search) raise(busy []Busy, who string) {
	for _, b := range busy {
		if !b.From.Before(b.To) {
			continue
		}
		pad := s.r.Buffer
		if b.Away || s.r.InPerson {
			pad += s.r.Travel
		}
		s.walls = append(s.walls, wall{Interval{b.From.Add(-pad), b.To.Add(pad)}, b.Interval, who, pad})
	}
}

// count counts the organizer's one-to-ones by day and by week, where there are limits.
func (s *search) count() {
	s.days, s.weeks = map[Date]int{}, map[isoWeek]int{}
	for _, m := range s.r.Meetings {
		day := DateOf(m.From, s.r.Organizer.Zone)
		s.days[day]++
		s.weeks[weekOf(day)]++
	}
}

func weekOf(d Date) isoWeek {
	y, w := d.utc().ISOWeek()
	return isoWeek{y, w}
}

// refusal is why the two cannot meet then; "" when they can.
func (s *search) refusal(iv Interval) string {
	for _, rule := range []func(*search, Interval) string{
		(*search).tooSoon, (*search).clocksChange, (*search).blackedOut, (*search).outOfHours,
		(*search).notAskedFor, (*search).taken, (*search).tooMany,
	} {
		if why := rule(s, iv); why != "" {
			return why
		}
	}
	return ""
}

func (s *search) tooSoon(iv Interval) string {
	switch {
	case iv.From.Before(s.r.Now):
		return "already past"
	case iv.From.Before(s.r.Now.Add(s.r.Notice)):
		return "too soon: " + spell(s.r.Notice) + " of notice are kept"
	case iv.To.After(s.r.To):
		return "later than the calendars were looked at (" + s.stamp(s.r.To) + ")"
	}
	return ""
}

func (s *search) clocksChange(iv Interval) string {
	switch {
	case !s.org.steady(iv):
		return "the clocks change then"
	case !s.per.steady(iv):
		return "the clocks change then where they are"
	}
	return ""
}

func (s *search) blackedOut(iv Interval) string {
	first := DateOf(iv.From, s.r.Organizer.Zone)
	last := DateOf(iv.To.Add(-1), s.r.Organizer.Zone)
	for _, b := range s.r.Blackout {
		if b.Has(first) || b.Has(last) {
			if b.Why != "" {
				return "a day that you keep free: " + b.Why
			}
			return "a day that you keep free"
		}
	}
	return ""
}

func (s *search) outOfHours(iv Interval) string {
	if !within(s.ours, iv) {
		return "outside your hours"
	}
	if !within(s.theirs, iv) {
		if s.r.Person.Hours.Empty() {
			return s.forThem("too early or too late", iv)
		}
		return s.forThem("outside their hours", iv)
	}
	return ""
}

// within says whether iv lies in one of the sorted, merged stretches.
func within(open []Interval, iv Interval) bool {
	i := sort.Search(len(open), func(i int) bool { return open[i].To.After(iv.From) })
	return i < len(open) && open[i].Contains(iv)
}

func (s *search) notAskedFor(iv Interval) string {
	for _, a := range s.r.Avoid {
		if a.Overlaps(iv) {
			return "they said no to it"
		}
	}
	if len(s.r.Windows) == 0 || slices.ContainsFunc(s.r.Windows, func(w Interval) bool { return fits(w, iv) }) {
		return ""
	}
	return "not among the times that they named"
}

// fits says whether a meeting fits a window that the person named: wholly, or by its start
// where the window is shorter than the meeting.
func fits(w, iv Interval) bool {
	if w.Length() >= iv.Length() {
		return w.Contains(iv)
	}
	return iv.From.Equal(w.From) || !iv.From.Before(w.From) && iv.From.Before(w.To)
}

// taken looks for a wall in the way; among several the one that stands in it by itself, not
// by what is kept free around it.
func (s *search) taken(iv Interval) string {
	i := sort.Search(len(s.walls), func(i int) bool { return s.reach[i].After(iv.From) })
	why := ""
	for ; i < len(s.walls) && s.walls[i].From.Before(iv.To); i++ {
		w := s.walls[i]
		if !w.Overlaps(iv) {
			continue
		}
		if w.what.Overlaps(iv) {
			return w.who + " " + s.span(w.what)
		}
		if why == "" {
			why = fmt.Sprintf("too close to %s: %s %s, and %s are kept free around it", side(iv, w.what), w.who, s.span(w.what), spell(w.pad))
		}
	}
	return why
}

func side(iv, what Interval) string {
	if what.From.Before(iv.From) {
		return "what comes before"
	}
	return "what comes after"
}

func (s *search) tooMany(iv Interval) string {
	day := DateOf(iv.From, s.r.Organizer.Zone)
	if n := s.r.MaxPerDay; n > 0 && s.days[day] >= n {
		return fmt.Sprintf("you have %s that day already", oneToOnes(s.days[day]))
	}
	if n := s.r.MaxPerWeek; n > 0 && s.weeks[weekOf(day)] >= n {
		return fmt.Sprintf("you have %s that week already", oneToOnes(s.weeks[weekOf(day)]))
	}
	return ""
}
