package replies

import (
	"time"

	"indy/scheduler/slots"
)

// standing reads an answer about a meeting that stands: a reminder, an invite. Choose
// with Slot 0 confirms it.
func (r *reader) standing(s *sense) Reading {
	windows := r.windows(s)
	windows, named := r.withoutMeeting(s, windows)
	against := r.ruledOut(s)
	confirms := s.says(confirm, yes, good) || named
	leaves := s.flags[cancel] || s.flags[noneFit] || s.refusal || against
	wantsMove := s.flags[move] || s.flags[another] || leaves
	until := r.until(s)
	switch {
	case s.flags[late] && !r.clearsMeeting(windows):
		return Reading{Kind: Unclear, Why: []string{"about being late: " + quoted(s.where[late])}}
	case (s.flags[notNow] || s.flags[askAgain]) && len(windows) == 0 && !until.IsZero() && !until.After(r.meetingDay()):
		return Reading{Kind: Unclear, Why: []string{"they want to hear from you before the meeting: " + quoted(first(s.where[askAgain], s.where[notNow]))}}
	case (s.flags[notNow] || s.flags[askAgain] && !until.IsZero()) && len(windows) == 0:
		return Reading{Kind: NotNow, Until: until, Why: []string{"they put it off: " + quoted(first(s.where[notNow], s.where[askAgain]))}}
	case len(windows) > 0 && (wantsMove || !s.flags[confirm]) && len(s.yes) > 0:
		return Reading{Kind: Counter, Windows: windows, Why: []string{"they ask for another time: " + s.yesWords()}}
	case len(windows) > 0:
		return Reading{Kind: Unclear, Why: []string{"they confirm, and name another time: " + s.yesWords()}}
	case confirms && !leaves && !wantsMove && !s.flags[regret] && !r.isQuestionOnly(s):
		return Reading{Kind: Choose, Why: []string{"they confirm the meeting: " + quoted(first(s.where[confirm], s.where[yes], s.where[good], s.yesWords()))}}
	case s.flags[isItOff] && !s.refusal && !against && !s.flags[noneFit]:
		return Reading{Kind: Question, Why: []string{"they ask whether it is off: " + quoted(s.where[isItOff])}}
	case s.flags[cancel] && s.flags[cond]:
		return Reading{Kind: Unclear, Why: []string{"they come or not, as it turns out: " + quoted(s.where[cond])}}
	case wantsMove && !leaves && r.otherWay(s):
		return Reading{Kind: Unclear, Why: []string{"they ask to meet in another way or place"}}
	case wantsMove && (!confirms || leaves && !s.flags[confirm]):
		return Reading{Kind: AcceptOther, Why: []string{"they cannot come then: " + quoted(first(s.where[cancel], s.where[move], s.where[another], s.where[bad], s.where[noneFit], s.where[no]))}}
	case r.isQuestion(s):
		return Reading{Kind: Question, Why: []string{"they ask something"}}
	}
	return Reading{Kind: Unclear, Why: []string{"not clear whether they come"}}
}

// meetingDay is the day of the meeting where the writer is.
func (r *reader) meetingDay() slots.Date { return slots.DateOf(r.c.Meeting.From, r.c.Zone) }

// clearsMeeting says that one of the windows is more than an hour from the meeting: sooner
// than that is when somebody comes who is late.
func (r *reader) clearsMeeting(windows []Window) bool {
	for _, w := range windows {
		if w.From.Sub(r.c.Meeting.From).Abs() > time.Hour {
			return true
		}
	}
	return false
}

// isQuestionOnly says that something is asked and nothing confirmed in so many words.
func (r *reader) isQuestionOnly(s *sense) bool {
	return r.isQuestion(s) && !s.flags[confirm] && !s.consent && len(s.yes) == 0
}

// withoutMeeting takes the agreed time out of what they named: "I can attend at 4 as
// scheduled" wishes for no other.
func (r *reader) withoutMeeting(s *sense, windows []Window) (rest []Window, named bool) {
	if r.c.Meeting.From.IsZero() {
		return windows, false
	}
	for _, w := range windows {
		if w.From.Equal(r.c.Meeting.From) || w.Contains(r.c.Meeting) && !s.flags[move] && !s.flags[another] {
			named = true
			continue
		}
		rest = append(rest, w)
	}
	return rest, named
}

// ruledOut says that what they rule out is the meeting's time.
func (r *reader) ruledOut(s *sense) bool {
	for _, f := range s.no {
		for _, g := range f.found {
			if r.c.Meeting.Overlaps(slots.Interval{From: g.From, To: g.To}) {
				return true
			}
		}
	}
	return false
}

// otherWay says that what they want changed is how or where, not when: "by phone instead".
func (r *reader) otherWay(s *sense) bool {
	for i := range s.cs {
		if c := &s.cs[i]; c.any(move, another) && !c.any(phone, inPerson, callMe, place) {
			return false
		}
	}
	return true
}

// says says that one of the signs stands in a sentence that asks nothing: "can we move it?"
// confirms no meeting.
func (s *sense) says(signs ...sign) bool {
	for i := range s.cs {
		if !s.cs[i].question && s.cs[i].any(signs...) && s.cs[i].strange() == 0 {
			return true
		}
	}
	return false
}
