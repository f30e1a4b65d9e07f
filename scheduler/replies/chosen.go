package replies

import (
	"fmt"
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// chosen decides on one of the offered slots, or says why it cannot.
func (r *reader) chosen(s *sense) (Reading, bool) {
	var fit, out []int
	var other []*ref
	first := true
	hedge := ""
	r.narrowDays(s)
	for _, f := range s.no {
		if len(f.slots) > 0 && !f.coarse {
			out = union(out, f.slots)
		}
	}
	for _, f := range s.yes {
		switch {
		case f.ambiguous:
			hedge = f.why
		case f.ordinal > len(r.c.Offered) && f.ordinal <= 12 && len(f.found) == 0 && len(s.no)+len(s.mentions) > 0:
			hedge = fmt.Sprintf("%d could be a day or an hour", f.ordinal) // "Friday is too early, 10 would be ok"
		case len(f.slots) > 0 && r.isHabit(f) && !s.flags[either]:
			return Reading{Kind: Unclear, Why: []string{"they say what suits them on all days: " + f.why}}, true
		case f.coarse || r.openEnded(f) && !s.flags[either]:
			other = append(other, f)
		case len(f.slots) == 0:
			if len(f.found) > 0 {
				other = append(other, f)
			} else if f.ordinal > 0 {
				hedge = fmt.Sprintf("there is no option %d", f.ordinal)
			} else {
				hedge = "it is not clear which one is meant"
			}
		case first:
			fit, first = f.slots, false
		default:
			if both := intersect(fit, f.slots); len(both) > 0 && !r.between(s, alsoOr) {
				fit = both
			} else {
				fit = union(fit, f.slots)
			}
		}
	}
	fit = without(fit, out)
	leave := s.flags[either]
	if first && leave && !s.flags[noneFit] && !s.refusal && len(other) == 0 && len(r.c.Offered) > 0 {
		fit = without(r.all(), out)
		first = false
	}
	if first && len(s.yes) == 0 && s.consent && !s.refusal {
		return r.consented(s, out)
	}
	if len(fit) == 0 {
		if hedge != "" && len(other) == 0 {
			return Reading{Kind: Unclear, Why: []string{hedge}}, true
		}
		return Reading{}, false
	}
	if why := r.against(s, fit, other, hedge); why != "" {
		return Reading{Kind: Unclear, Why: []string{why}}, true
	}
	if len(fit) == 1 {
		return r.choose(s, fit[0], "they chose "+s.yesWords()), true
	}
	if leave {
		k := fit[0]
		for _, n := range fit {
			if r.c.Offered[n].From.Before(r.c.Offered[k].From) {
				k = n
			}
		}
		return r.choose(s, k, fmt.Sprintf("they leave it to us (%s): the earliest", quoted(s.where[either]))), true
	}
	why := fmt.Sprintf("%d of the offered times fit %s", len(fit), s.yesWords())
	return Reading{Kind: Unclear, Why: []string{why}}, true
}

// openEnded says that f is days on end: "not until Thursday" says what is possible, and chooses
// nothing even where only one offered time lies in it.
func (r *reader) openEnded(f *ref) bool {
	if len(f.found) == 0 {
		return false
	}
	g := f.found[0]
	opens := g.Bound == when.After || g.Bound == when.From || g.Not && g.Bound != when.Exact
	return opens && g.From.After(r.c.Sent) && g.To.Sub(g.From) > 26*time.Hour
}

// isHabit says that f is a part of every day: "evenings are best".
func (r *reader) isHabit(f *ref) bool {
	if len(f.found) == 0 || f.found[0].Grain == when.Minute || f.found[0].Grain == when.Hour {
		return false
	}
	for w := range strings.FieldsSeq(f.found[0].Text) {
		if r.x.habits[foldWord(w)] {
			return true
		}
	}
	return false
}

// against is what speaks against booking one of fit although words call it possible.
func (r *reader) against(s *sense, fit []int, other []*ref, hedge string) string {
	switch {
	case hedge != "":
		return hedge
	case len(other) > 0:
		return "they name an offered time and another one: " + other[0].why
	case s.flags[noneFit]:
		return "they say that none fits and name one"
	case r.wantsShift(s):
		return "they want it earlier or later than offered: " + quoted(s.where[shift])
	case s.refusal && !r.refusalElsewhere(s) && !(len(s.no) > 0 && r.strong(s)):
		return "they say yes and no"
	case s.flags[notNow] || r.asksLater(s):
		return "they name a time and put it off"
	case s.flags[another] || s.flags[regret] && !r.regretsNamed(s):
		return "they name an offered time, and it is not clear that it suits"
	case s.flags[address]:
		return "somebody else, or another address, comes into it: " + quoted(s.where[address])
	}
	if s.onlyAsked() && (r.isQuestion(s) || strings.Contains(r.text, "??")) {
		return "they ask about a time, and something else, or in surprise"
	}
	if why := s.unclearBut(); why != nil {
		return "a “but” follows that is not understood: " + quoted(r.words(why.from, why.to))
	}
	for _, f := range s.mentions {
		if f.void && len(s.yes) > 0 && r.strong(s) {
			continue
		}
		if !f.void && len(f.found) > 0 && (f.found[0].Grain != when.Day || f.found[0].Bound != when.Exact) && !f.coarse && s.behindBut(f) {
			return "a “but” follows, and a time: " + f.why // "4 works but I have to leave by 4:30"
		}
		if len(intersect(f.slots, fit)) > 0 && !f.coarse || r.overlaps(f, fit) {
			return "the time is also mentioned in words that are not clear: " + f.why
		}
	}
	return ""
}

func (r *reader) strong(s *sense) bool {
	for _, f := range s.yes {
		if !f.strong {
			return false
		}
	}
	return true
}

// refusalElsewhere says that the refusal is of other times, which are named.
func (r *reader) refusalElsewhere(s *sense) bool {
	return s.flags[no] && !s.flags[bad] && !s.flags[cancel] && r.strong(s) && len(s.yes) > 0 && s.verdictGiven()
}

// behindBut says that f stands behind a "but" in the sentence in which a time suits.
func (s *sense) behindBut(f *ref) bool {
	c := &s.cs[f.clause]
	for _, y := range s.yes {
		if s.cs[y.clause].sentence != c.sentence || y.clause > f.clause {
			continue
		}
		for k := y.clause + 1; k <= f.clause; k++ {
			if s.cs[k].contrast {
				return true
			}
		}
	}
	return false
}

// onlyAsked says that every time that may suit is only named in a question: "Saturday?"
func (s *sense) onlyAsked() bool {
	for _, f := range s.yes {
		if f.strong || !f.asked {
			return false
		}
	}
	return len(s.yes) > 0
}

// unclearBut is a clause that begins with "but", has words that no list knows, and stands in
// a sentence behind a time that suits: "Saturday works, but I have to feed the cows".
func (s *sense) unclearBut() *clause {
	for _, y := range s.yes {
		for k := y.clause + 1; k < len(s.cs) && s.cs[k].sentence == s.cs[y.clause].sentence; k++ {
			if reserved(&s.cs[k]) {
				return &s.cs[k]
			}
		}
	}
	return nil
}

// asksLater says that they name a time to be asked again.
func (r *reader) asksLater(s *sense) bool {
	for i := range s.cs {
		if s.cs[i].has(askAgain) && len(s.cs[i].refs()) > 0 {
			return true
		}
	}
	return s.flags[askAgain] && !r.until(s).IsZero()
}

// strayDay says that a weekday was named that points nowhere: "wed", where Thursday was offered.
func (r *reader) strayDay(s *sense) bool {
	for i := range s.cs {
		for _, it := range s.cs[i].items {
			if it.ref == nil && it.sign == unknown && r.x.days.may(r.toks[it.from].word) && r.isWeekday(r.toks[it.from].word) {
				return true
			}
		}
	}
	return false
}

// remindsOf says that they want to be asked again, in words of which some are in no list.
func (s *sense) remindsOf() bool {
	for i := range s.cs {
		if s.cs[i].has(askAgain) && s.cs[i].strange() > 0 {
			return true
		}
	}
	return false
}

// wantsShift says that what suits is to be earlier or later than offered.
func (r *reader) wantsShift(s *sense) bool {
	for i := range s.cs {
		if !s.cs[i].has(shift) {
			continue
		}
		for _, f := range s.yes {
			if f.clause == i || len(s.cs[i].refs()) == 0 && s.cs[f.clause].sentence == s.cs[i].sentence {
				return true
			}
		}
	}
	return false
}

// regretsNamed says that what they are sorry about is a time that they name: "Unfortunately
// Tuesday is bad, but Thursday works".
func (r *reader) regretsNamed(s *sense) bool {
	for i := range s.cs {
		if !s.cs[i].has(regret) {
			continue
		}
		named := false
		for _, f := range s.no {
			named = named || s.cs[f.clause].sentence == s.cs[i].sentence
		}
		if !named {
			return false
		}
	}
	return r.strong(s)
}

// verdictGiven says that a clause calls a time good in so many words.
func (s *sense) verdictGiven() bool {
	for i := range s.cs {
		if s.cs[i].any(good, pickVerb) && len(s.cs[i].refs()) > 0 {
			return true
		}
	}
	return false
}

// overlaps says whether a mentioned time cuts into one of the slots.
func (r *reader) overlaps(f *ref, fit []int) bool {
	if f.coarse {
		return false
	}
	for _, g := range f.found {
		to := g.To
		for _, k := range fit {
			if (slots.Interval{From: g.From, To: to}).Overlaps(r.c.Offered[k]) {
				return true
			}
		}
	}
	return false
}

// between says whether a sign stands in a clause that names times that suit.
func (r *reader) between(s *sense, sg sign) bool {
	for _, f := range s.yes {
		if s.cs[f.clause].has(sg) {
			return true
		}
	}
	return false
}

func without(list, out []int) []int {
	var kept []int
	for _, k := range list {
		if len(intersect(out, []int{k})) == 0 {
			kept = append(kept, k)
		}
	}
	return kept
}

// consented is a "yes" without a time: it means the only slot that is left.
func (r *reader) consented(s *sense, out []int) (Reading, bool) {
	left := without(r.all(), out)
	switch {
	case len(r.c.Offered) == 0 || s.flags[noneFit] || s.flags[notNow] || s.flags[another] || s.flags[regret] || s.flags[address]:
		return Reading{}, false
	case s.flags[contrast] && r.isQuestion(s):
		return Reading{}, false
	case len(r.c.Offered) == 1 && len(left) == 1:
		for i := range s.cs {
			if reserved(&s.cs[i]) {
				return Reading{Kind: Unclear, Why: []string{"a yes, and a “but” that is not understood: " + quoted(r.words(s.cs[i].from, s.cs[i].to))}}, true
			}
		}
		for _, f := range s.mentions {
			if (len(f.found) > 0 || len(f.slots) > 0) && (!f.owns || r.overlaps(f, left)) {
				return Reading{Kind: Unclear, Why: []string{"a yes, and a time in words that are not clear: " + f.why}}, true
			}
		}
		if s.flags[away] || r.asksLater(s) || s.remindsOf() || r.strayDay(s) {
			return Reading{}, false
		}
		return r.choose(s, 0, "yes to the only time that was offered"), true
	case r.isQuestion(s):
		return Reading{}, false
	}
	return Reading{Kind: Unclear, Why: []string{fmt.Sprintf("a yes, but not to which of the %d times", len(r.c.Offered))}}, true
}

func (r *reader) choose(s *sense, k int, why string) Reading {
	out := Reading{Kind: Choose, Slot: k + 1, Why: []string{why}}
	for _, f := range s.yes {
		for _, g := range f.found {
			if !isPoint(g) && (slots.Interval{From: g.From, To: g.To}).Contains(r.c.Offered[k]) {
				out.Windows = []Window{{From: g.From.UTC(), To: g.To.UTC()}}
			}
		}
	}
	return out
}

func (s *sense) yesWords() string {
	var words []string
	for _, f := range s.yes {
		if f.why != "" {
			words = append(words, f.why)
		}
	}
	if len(words) > 4 {
		words = words[:4]
	}
	return strings.Join(words, ", ")
}
