package slots

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// What a one-to-one may take, and how far a search may reach.
const (
	MinLength   = 30 * time.Minute
	MaxLength   = 60 * time.Minute
	DefaultStep = 15 * time.Minute
	maxReach    = 3 * 366 * 24 * time.Hour
)

// Find answers with up to r.Count good times to meet, in order of time, no two of them
// overlapping. Good means: possible by every rule of the request; soon (before r.Near)
// rather than late; and different from one another in day and time of day, so that one of
// them suits. There are fewer than r.Count when no more are possible; none is not an error.
//
// Candidates start on the grid of r.Step within the organizer's hours. When r.Windows are
// given, candidates are the starts within them instead: a window at least as long as the
// meeting must hold the whole of it; a shorter one ("Thursday at 3" as one minute from
// 15:00) must hold its start. A window of up to an hour also makes its own beginning a
// candidate, when that is a whole minute, and the best one in it.
//
// The same request always has the same answer. An error means that the request makes no sense.
func Find(r Request) ([]Slot, error) {
	s, err := newSearch(r)
	if err != nil {
		return nil, err
	}
	return s.offer(s.possible()), nil
}

// Explain is every candidate of the search, in order of time, and why it is offered or not.
// The offered ones are those that Find answers with.
func Explain(r Request) ([]Verdict, error) {
	s, err := newSearch(r)
	if err != nil {
		return nil, err
	}
	cands := s.candidates()
	var free []candidate
	verdicts := make([]Verdict, len(cands))
	for i, iv := range cands {
		verdicts[i] = Verdict{Interval: iv, Why: s.refusal(iv)}
		if verdicts[i].Why == "" {
			free = append(free, s.weigh(iv))
		}
	}
	offered := s.offer(free)
	for i := range verdicts {
		v := &verdicts[i]
		if v.Why != "" {
			continue
		}
		if k := slices.IndexFunc(offered, func(o Slot) bool { return o.Interval == v.Interval }); k >= 0 {
			v.Offered, v.Why = true, offered[k].Reason
			continue
		}
		v.Why = s.passedOver(s.weigh(v.Interval), offered)
	}
	return verdicts, nil
}

// Conflicts says why the two cannot meet at exactly that time, by every rule of the request
// but those about choosing: Near, Length, Step and Count are not looked at (the time itself
// must be of 30 to 60 minutes). It answers "", false when the time is possible. A request
// that makes no sense is a conflict too: nothing may be booked by it. Notice 0 waives the notice.
func Conflicts(r Request, iv Interval) (why string, conflict bool) {
	r.Length, r.Step, r.Count = MinLength, DefaultStep, 1
	if err := r.check(); err != nil {
		return err.Error(), true
	}
	if n := iv.Length(); n < MinLength || n > MaxLength {
		return errLength(n).Error(), true
	}
	const around = 48 * time.Hour
	s := prepare(r, iv.From.Add(-around), iv.To.Add(around))
	why = s.refusal(iv)
	return why, why != ""
}

func errLength(n time.Duration) error {
	return fmt.Errorf("a one-to-one takes 30 to 60 minutes, not %s", spell(n))
}

// check refuses requests that make no sense.
func (r *Request) check() error {
	if r.Step == 0 {
		r.Step = DefaultStep
	}
	switch {
	case r.Organizer.Zone == nil || r.Person.Zone == nil:
		return errors.New("look for slots: a zone is missing")
	case r.Length < MinLength || r.Length > MaxLength || r.Length%time.Minute != 0:
		return errLength(r.Length)
	case r.Step < time.Minute || r.Step > time.Hour || time.Hour%r.Step != 0 || r.Step%time.Minute != 0:
		return fmt.Errorf("look for slots: a grid of %s does not divide the hour into whole minutes", spell(r.Step))
	case r.Count < 1:
		return errors.New("look for slots: at least one must be asked for")
	case r.Notice < 0 || r.Buffer < 0 || r.Travel < 0:
		return errors.New("look for slots: notice, buffer and travel cannot be negative")
	case r.MaxPerDay < 0 || r.MaxPerWeek < 0:
		return errors.New("look for slots: limits cannot be negative")
	case r.To.Sub(r.Now) > maxReach:
		return errors.New("look for slots: the search reaches over three years ahead")
	}
	for _, side := range []Side{r.Organizer, r.Person} {
		for _, b := range side.Busy {
			if b.To.Before(b.From) {
				return errors.New("look for slots: a busy time ends before it begins")
			}
		}
	}
	for _, list := range [][]Interval{r.Held, r.Meetings, r.Windows, r.Avoid} {
		for _, iv := range list {
			if iv.To.Before(iv.From) {
				return errors.New("look for slots: a stretch of time ends before it begins")
			}
		}
	}
	return nil
}

func newSearch(r Request) (*search, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return prepare(r, r.Now, r.To), nil
}

// candidates is every start that is looked at, with the meeting's end, in order.
func (s *search) candidates() []Interval {
	stretches := s.ours
	var found []Interval
	if len(s.r.Windows) > 0 {
		stretches, found = s.windowStarts()
	} else {
		stretches = startsIn(stretches, s.r.Length)
	}
	for _, st := range s.inSight(stretches) {
		for at := s.onGrid(ceilSecond(st.From)); at < ceilSecond(st.To); at = s.onGrid(at + 1) {
			found = append(found, s.meeting(time.Unix(at, 0)))
		}
	}
	slices.SortFunc(found, byStart)
	return slices.Compact(found)
}

// startsIn turns stretches that must hold a whole meeting into those that must hold its start.
func startsIn(stretches []Interval, length time.Duration) []Interval {
	var out []Interval
	for _, st := range stretches {
		out = append(out, Interval{st.From, st.To.Add(1 - length)}) // the last start is included
	}
	return out
}

// inSight cuts stretches of starts to those from now on whose meetings end in time.
func (s *search) inSight(stretches []Interval) []Interval {
	end := s.r.To.Add(1 - s.r.Length)
	var out []Interval
	for _, st := range stretches {
		if st.From.Before(s.r.Now) {
			st.From = s.r.Now
		}
		if st.To.After(end) {
			st.To = end
		}
		out = append(out, st)
	}
	return Merge(out)
}

// windowStarts is where meetings may start within the windows: as stretches, and as the
// meetings that start just where a short window does.
func (s *search) windowStarts() (starts, own []Interval) {
	for _, w := range s.r.Windows {
		if shortWindow(w) && s.r.Now.Before(w.From) && w.From.Before(s.r.To) {
			own = append(own, s.meeting(w.From))
		}
		if w.Length() >= s.r.Length {
			starts = append(starts, startsIn([]Interval{w}, s.r.Length)...)
		} else {
			starts = append(starts, w)
		}
	}
	return starts, own
}

// shortWindow says that w means its beginning: "at 3", not "in the afternoon".
func shortWindow(w Interval) bool {
	return w.Length() <= time.Hour && w.From.Truncate(time.Minute).Equal(w.From)
}

func (s *search) meeting(from time.Time) Interval {
	from = from.UTC()
	return Interval{from, from.Add(s.r.Length)}
}

func ceilSecond(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// onGrid is the first instant, not before unix, at which the organizer's wall clock stands
// on the grid.
func (s *search) onGrid(unix int64) int64 {
	step := int64(s.r.Step / time.Second)
	for {
		rest := (unix + s.org.at(unix).off) % step
		if rest == 0 {
			return unix
		}
		if rest < 0 {
			rest += step
		}
		unix += step - rest // where clocks change by less than a step it may have to move again
	}
}

// possible is every candidate that no rule refuses, weighed.
func (s *search) possible() []candidate {
	cands := s.candidates()
	free := make([]candidate, 0, len(cands))
	for _, iv := range cands {
		if s.refusal(iv) == "" {
			free = append(free, s.weigh(iv))
		}
	}
	return free
}
