package replies

import (
	"slices"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// otherwise reads a mail that chooses no offered slot.
func (r *reader) otherwise(s *sense) Reading {
	windows := r.windows(s)
	until := r.until(s)
	putOff := r.putsOff(s)
	switch {
	case putOff && (len(windows) == 0 || s.flags[askAgain] || !r.near(windows) || !s.flags[notNow]):
		why := "they put it off: " + quoted(first(s.where[notNow], s.where[askAgain], s.where[after]))
		return Reading{Kind: NotNow, Until: until, Why: []string{why}}
	case len(windows) > 0 && r.farMonth(s):
		return Reading{Kind: NotNow, Until: until, Why: []string{"they put it off: " + s.yesWords()}}
	case r.otherHalf(windows):
		return Reading{Kind: Unclear, Why: []string{"morning or evening? it is twelve hours from a time that was offered: " + s.yesWords()}}
	case len(windows) > 0 && !r.onlyExcluded(s):
		return Reading{Kind: Counter, Windows: windows, Why: []string{"they name other times: " + s.yesWords()}}
	case r.notThisMinute(s):
		return Reading{Kind: NotNow, Why: []string{"they put it off: " + s.no[0].words()}}
	case s.flags[noneFit] || s.flags[another]:
		return Reading{Kind: AcceptOther, Why: []string{"none of the times fits: " + quoted(first(s.where[noneFit], s.where[another]))}}
	case r.isQuestion(s):
		return Reading{Kind: Question, Why: []string{"they ask something"}}
	case len(r.c.Offered) > 0 && len(r.all()) == len(r.excluded(s)):
		return Reading{Kind: AcceptOther, Why: []string{"they rule out every time that was offered"}}
	case s.plainNo && len(s.yes) == 0 && len(s.no) == 0 && len(s.mentions) == 0 && s.strange <= 3 && !s.flags[meet] && !s.flags[yes] && !s.flags[good]:
		return Reading{Kind: NotNow, Why: []string{"they decline and say no other time: " + quoted(s.where[no])}}
	case s.refusal && s.flags[meet]:
		return Reading{Kind: AcceptOther, Why: []string{"they would like to meet, at another time"}}
	case s.refusal && len(s.yes) == 0 && s.strange <= 4 && len(s.no) == 0 && len(s.mentions) == 0 && !s.flags[yes]:
		return Reading{Kind: AcceptOther, Why: []string{"these times do not fit: " + quoted(first(s.where[bad], s.where[cancel]))}}
	case len(s.no) > 0:
		return Reading{Kind: Unclear, Why: []string{"they rule out " + s.no[0].words() + " and choose none of the others"}}
	case len(s.mentions) > 0:
		return Reading{Kind: Unclear, Why: []string{"they mention " + s.mentions[0].words() + ", and it is not clear what about it"}}
	}
	return Reading{Kind: Unclear, Why: []string{"none of the words say what they want"}}
}

// otherHalf says that what they name is an offered hour of the other half of that day: "6 AM"
// where six in the evening was offered is rather a slip than another wish.
func (r *reader) otherHalf(windows []Window) bool {
	for _, w := range windows {
		for _, o := range r.c.Offered {
			if len(windows) == 1 && w.From.Sub(o.From).Abs() == 12*time.Hour && slots.DateOf(w.From, r.c.Zone) == slots.DateOf(o.From, r.c.Zone) {
				return true
			}
		}
	}
	return false
}

// putsOff says that they want to be asked again later, or not now.
func (r *reader) putsOff(s *sense) bool {
	until := r.until(s)
	if s.flags[notNow] || s.flags[askAgain] && (!until.IsZero() || s.eventLater()) || !until.IsZero() && s.afterTime() {
		return true
	}
	season := r.seasonUntil()
	return !season.IsZero() && slots.DateOf(r.c.Sent, r.c.Zone).DaysUntil(season) > 21
}

// afterTime says that a day follows an "after": "after the 12th", not "after school on the 12th".
func (s *sense) afterTime() bool {
	for i := range s.cs {
		items := s.cs[i].items
		for n, it := range items {
			if it.sign != after {
				continue
			}
			for _, next := range items[n+1:] {
				if next.ref != nil {
					return true
				}
				if next.sign != filler {
					break
				}
			}
		}
	}
	return false
}

// eventLater says that they want to be asked again after something that no list knows: "get
// back to me after tax season".
func (s *sense) eventLater() bool {
	if len(s.yes)+len(s.no)+len(s.mentions) > 0 {
		return false
	}
	for i := range s.cs {
		c := &s.cs[i]
		asked := false
		for n, it := range c.items {
			asked = asked || it.sign == askAgain
			if it.sign != after || !asked || c.question {
				continue
			}
			for _, next := range c.items[n+1:] {
				if next.sign == unknown {
					return true
				}
				if next.sign != filler {
					break
				}
			}
		}
	}
	return false
}

// notThisMinute says that all that they rule out is the present: "I can't think about this
// at the moment".
func (r *reader) notThisMinute(s *sense) bool {
	for _, f := range s.no {
		if !r.isNow(f) {
			return false
		}
	}
	return len(s.no) > 0 && len(s.yes) == 0 && len(s.mentions) == 0
}

// isNow says that a time in the words is the moment at which they were written.
func (r *reader) isNow(f *ref) bool {
	return len(f.found) > 0 && f.found[0].From.Sub(r.c.Sent).Abs() <= time.Minute && f.found[0].To.Sub(f.found[0].From) <= time.Minute
}

func (f *ref) words() string {
	if f.why != "" {
		return f.why
	}
	return "one of the times"
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// excluded are the offered slots that were ruled out.
func (r *reader) excluded(s *sense) []int {
	var out []int
	for _, f := range s.no {
		out = union(out, f.slots)
	}
	return out
}

// onlyExcluded says that every window comes from words that are doubted or refused.
func (r *reader) onlyExcluded(s *sense) bool { return len(s.yes) == 0 }

// near says that one of the windows begins within four weeks.
func (r *reader) near(windows []Window) bool {
	return len(windows) > 0 && windows[0].From.Before(r.c.Sent.Add(28*24*time.Hour))
}

// farMonth says that what they name is a month that begins more than four weeks from now.
func (r *reader) farMonth(s *sense) bool {
	for _, f := range s.yes {
		if len(f.found) > 0 && f.found[0].Grain != when.Month {
			return false
		}
	}
	return len(s.yes) > 0 && s.yes[0].found != nil && s.yes[0].found[0].From.After(r.c.Sent.Add(28*24*time.Hour))
}

// windows are the times that they call possible, in the future, less those ruled out.
func (r *reader) windows(s *sense) []Window {
	var yes []slots.Interval
	for _, f := range s.yes {
		alternatives := f.found
		if len(alternatives) == 0 {
			continue
		}
		for _, g := range alternatives {
			w := slots.Interval{From: g.From.UTC(), To: g.To.UTC()}
			if isPoint(g) {
				w.To = w.From.Add(r.length())
			}
			if w.To.After(r.c.Sent) {
				if w.From.Before(r.c.Sent) {
					w.From = r.c.Sent.UTC()
				}
				yes = append(yes, w)
			}
		}
	}
	var no []when.Found
	for _, f := range s.no {
		for _, g := range f.found {
			g.Not = true
			no = append(no, g)
		}
	}
	slices.SortFunc(yes, func(a, b slots.Interval) int { return a.From.Compare(b.From) })
	var out []slots.Interval
	for _, w := range yes {
		if n := len(out); n > 0 && !w.From.After(out[n-1].To) {
			if w.To.After(out[n-1].To) {
				out[n-1].To = w.To
			}
			continue
		}
		out = append(out, w)
	}
	return when.Without(out, no)
}

// length is how long a meeting is, as far as it can be known here.
func (r *reader) length() time.Duration {
	switch {
	case len(r.c.Offered) > 0 && r.c.Offered[0].Length() > 0:
		return r.c.Offered[0].Length()
	case r.c.Meeting.Length() > 0:
		return r.c.Meeting.Length()
	}
	return 30 * time.Minute
}

// isQuestion says whether something is asked that is not just a time.
func (r *reader) isQuestion(s *sense) bool {
	for i := range s.cs {
		c := &s.cs[i]
		if c.any(ask, place) && (c.question || r.asksUnmarked(c) && c.begins(ask) && (c.first || i > 0 && s.cs[i-1].any(greeting, closing, contrast, yes, filler, conj))) {
			return true
		}
		if c.question && !r.timeQuestion(s, i) {
			return true
		}
	}
	return false
}

// asksUnmarked says that a clause without a question mark may ask. Where question words are
// told from others by their accent, one without it asks only at the very beginning: "que es
// esto" does, "la que quieras" does not.
func (r *reader) asksUnmarked(c *clause) bool {
	if !r.x.accented {
		return true
	}
	for _, it := range c.items {
		if it.sign == place {
			return true
		}
		for k := it.from; it.sign == ask && k < it.to; k++ {
			if r.toks[k].accent || k == c.from {
				return true
			}
		}
	}
	return false
}

// ahead is how many of the times are not over: "the same as last year?" asks about no time.
func (r *reader) ahead(refs []*ref) int {
	n := 0
	for _, f := range refs {
		if len(f.found) == 0 || f.found[0].To.After(r.c.Sent) {
			n++
		}
	}
	return n
}

// timeQuestion says that the question clause i belongs to only proposes a time.
func (r *reader) timeQuestion(s *sense, i int) bool {
	n := s.cs[i].sentence
	refs, strange, other := 0, 0, false
	for k := range s.cs {
		if s.cs[k].sentence != n {
			continue
		}
		refs += r.ahead(s.cs[k].refs())
		strange += s.cs[k].strange()
		other = other || s.cs[k].any(ask)
	}
	c := &s.cs[i]
	if refs == 0 && c.any(phone, inPerson, callMe) {
		return false
	}
	if other {
		return false
	}
	if refs > 0 && strange <= 2 {
		return true
	}
	return strange == 0 && (c.any(another, noneFit, move, good, yes, either, bad, cancel) || refs > 0)
}
