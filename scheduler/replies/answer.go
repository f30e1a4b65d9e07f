package replies

import (
	"fmt"
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// sense is what the clauses of a mail to a person's offer or meeting add up to.
type sense struct {
	cs       []clause
	yes, no  []*ref // what suits, what does not
	mentions []*ref // times that were only mentioned
	flags    [signCount]bool
	where    [signCount]string // the words in which each sign was first seen
	strange  int
	ended    bool // something besides the mails is to be stopped, as far as is understood
	consent  bool // a yes that no doubt follows
	plainNo  bool // "no" and nothing that is not understood
	refusal  bool // "can't", without saying to which time
}

// person reads an answer of the person's to an offer, or to a meeting that stands.
func (r *reader) person(t topic) Reading {
	if len(r.toks) == 0 {
		if r.text != "" {
			return Reading{Kind: Unclear, Why: []string{"there are no words in it"}}
		}
		return Reading{Kind: Unclear, Why: []string{"nothing was written besides what was quoted"}}
	}
	cs := r.clauses(t)
	n := 0
	for i := range cs {
		n += len(cs[i].refs())
	}
	if n > maxRefs {
		return Reading{Kind: Unclear, Why: []string{"it names more times than can be weighed"}}
	}
	r.nameAfterGreeting(cs)
	for i := range cs {
		for n := range cs[i].items {
			if it := &cs[i].items[n]; it.sign == ask && !cs[i].question && it.to == it.from+1 && !r.asksUnmarked(&clause{from: cs[i].from, to: it.to, items: []item{*it}}) {
				it.sign = filler // "la que mejor me queda"
			} else if it.sign == yesOrIf {
				it.sign = r.yesOrIf(&cs[i], *it)
			}
		}
	}
	r.judge(cs)
	s := r.sum(cs)
	out := r.decide(&s, t)
	r.besides(&s, &out)
	return out
}

// maxRefs bounds the times and numbers of one answer; a real one has a handful.
const maxRefs = 60

// nameAfterGreeting makes the word after "hi" a name.
func (r *reader) nameAfterGreeting(cs []clause) {
	for i := range cs {
		it := cs[i].items
		if len(it) >= 2 && it[0].sign == greeting && it[1].sign == unknown && it[1].ref == nil {
			it[1].sign = filler
		}
		for k := range it {
			if it[k].sign == unknown && it[k].ref == nil && it[k].to == it[k].from+1 && r.isName(it[k].from) {
				it[k].sign = filler
			}
		}
		// A clause of one or two capitalised words at the end is a name under the mail.
		if i == len(cs)-1 && len(it) <= 3 && cs[i].strange() == len(it) && r.toks[it[0].from].line {
			for k := range it {
				if r.toks[it[k].from].upper || len(it) == 1 {
					it[k].sign = filler
				}
			}
		}
	}
}

// isName says whether token i is a part of a name that is known here.
func (r *reader) isName(i int) bool {
	if r.known == nil {
		r.known = map[string]bool{foldWord(r.c.Me): true}
		for _, n := range append([]string{r.c.Me}, r.c.Names...) {
			for part := range strings.FieldsSeq(n) {
				r.known[foldWord(part)] = true
			}
		}
	}
	return r.known[r.toks[i].word]
}

// sum adds up the clauses.
func (r *reader) sum(cs []clause) sense {
	s := sense{cs: cs}
	for i := range cs {
		c := &cs[i]
		s.strange += c.strange()
		refs := c.refs()
		for n, it := range c.items {
			if it.sign == stop && it.to-it.from <= 2 && n+1 < len(c.items) && c.items[n+1].sign == unknown && c.items[n+1].ref == nil {
				s.ended = true
			}
			if it.sign == stop && len(refs) > 0 && len(r.words(it.from, it.to)) < 20 && c.any(good, bad) {
				continue
			}
			if (it.sign == allBut || it.sign == either) && c.any(bad, not, no) {
				continue // "hardly anything but Tuesday"
			}
			if it.sign == allBut && !s.flags[either] {
				s.flags[either], s.where[either] = true, r.words(it.from, it.to)
			}
			if it.sign != unknown && !s.flags[it.sign] {
				s.flags[it.sign], s.where[it.sign] = true, r.words(it.from, it.to)
			}
		}
		positive := c.any(yes, good, confirm) || c.has(either)
		if positive && !c.any(bad, not, no, hold, cond, regret, sarcasm, noneFit, cancel) && !c.question && (c.strange() == 0 || c.has(yes) && c.items[0].sign == yes && c.strange() < 4) {
			s.consent = s.consent || len(refs) == 0
		}
		s.plainNo = s.plainNo || c.has(no) && c.strange() == 0
		if len(refs) == 0 && c.any(bad, cancel, noneFit, no) && !r.onlyRemark(c) {
			s.refusal = true
		}
		if len(refs) == 0 && c.has(not) && c.strange() == 0 {
			s.refusal = true // "Tuesday works great. Not."
		}
		for _, f := range refs {
			switch {
			case f.void:
				s.mentions = append(s.mentions, f)
			case f.polarity > 0:
				s.yes = append(s.yes, f)
			case f.polarity < 0:
				s.no = append(s.no, f)
			default:
				s.mentions = append(s.mentions, f)
			}
		}
	}
	return s
}

// onlyRemark says of a clause with "can't" that it is about something else: it has words
// that this package does not know and none of the phrases that refuse a meeting.
func (r *reader) onlyRemark(c *clause) bool {
	return c.strange() > 0 && !c.any(cancel, noneFit) && !c.has(no)
}

// yesOrIf decides Spanish "si" without its accent: alone or before a gap it is a yes.
func (r *reader) yesOrIf(c *clause, it item) sign {
	tok := r.toks[it.from]
	if tok.accent || it.to-it.from > 1 || it.to == c.to || len(c.items) <= 2 && c.strange() == 0 {
		return yes
	}
	for _, other := range c.items {
		if other.sign == unknown && other.ref == nil || other.sign == good || other.sign == bad || other.sign == phone {
			return cond
		}
	}
	return yes
}

// decide is the order in which the signs count: what must never be overlooked first,
// then doubt, then times, then the rest.
func (r *reader) decide(s *sense, t topic) Reading {
	if s.flags[stop] && s.ended && r.offeredAmong(s.yes) {
		return Reading{Kind: Unclear, Why: []string{"they choose a time, and want something to stop: " + quoted(s.where[stop])}}
	}
	if s.flags[stop] || r.bareStop() {
		return Reading{Kind: Never, Why: []string{"they want no more mail: " + quoted(s.where[stop])}}
	}
	if s.flags[away] && !s.consent && len(s.yes) == 0 {
		return Reading{Kind: Away, Until: r.back(), Why: []string{"they are away: " + quoted(s.where[away])}}
	}
	r.narrow(s)
	if out, ok := r.doubt(s); ok {
		return out
	}
	if t == aboutMeeting {
		return r.standing(s)
	}
	if out, ok := r.chosen(s); ok {
		return out
	}
	return r.otherwise(s)
}

func (r *reader) bareStop() bool {
	return len(r.toks) == 1 && r.x.stopWords[r.toks[0].word] || len(r.toks) == 2 && r.x.stopWords[r.toks[0].word] && r.x.match1(aboutTimes, r.ids, r.toks, 1) == filler
}

// doubt answers mails that hold back: nothing is booked on "let me check".
func (r *reader) doubt(s *sense) (Reading, bool) {
	why := ""
	switch {
	case s.flags[sarcasm]:
		why = "it may not be meant as it says: " + quoted(s.where[sarcasm])
	case s.flags[cond]:
		why = "it depends on something: " + quoted(s.where[cond])
	case s.flags[hold]:
		why = "they are not sure yet: " + quoted(s.where[hold])
	default:
		return Reading{}, false
	}
	if s.flags[notNow] && !s.flags[sarcasm] || s.flags[askAgain] && !s.flags[cond] && !s.flags[sarcasm] && !r.until(s).IsZero() {
		return Reading{}, false
	}
	if !s.flags[sarcasm] && !s.flags[cond] && !s.consent && len(s.yes) == 0 && r.putsOff(s) {
		return Reading{}, false
	}
	if s.flags[sarcasm] || s.consent || len(s.yes) > 0 && r.offeredAmong(s.yes) || !s.proposes() {
		if r.isQuestion(s) && !s.consent && len(s.yes) == 0 && !s.flags[sarcasm] {
			return Reading{Kind: Question, Why: []string{"they ask something"}}, true
		}
		if s.flags[noneFit] || s.flags[another] {
			return Reading{}, false
		}
		return Reading{Kind: Unclear, Why: []string{why}}, true
	}
	return Reading{}, false
}

// narrowDays takes a day out of what suits where the same sentence says which hours of it
// are meant: "Friday, but only after 2" is no yes to Friday morning.
func (r *reader) narrowDays(s *sense) {
	var kept []*ref
	for _, day := range s.yes {
		narrowed := false
		for _, f := range s.yes {
			c := &s.cs[f.clause]
			narrowed = narrowed || f.at > day.at && c.sentence == s.cs[day.clause].sentence && c.any(contrast, only, except) && r.hoursOf(f, day)
		}
		if !narrowed {
			kept = append(kept, day)
		}
	}
	s.yes = kept
}

// hoursOf reads f as hours of the day that the other names; false where it has a day of its own.
func (r *reader) hoursOf(f, day *ref) bool {
	span, ok := r.dayOf(day)
	if !ok || len(f.found) == 0 || f.found[0].Grain == when.Day {
		return false
	}
	within := func(list []when.Found) bool {
		for _, g := range list {
			if g.From.Before(span.From) || g.To.After(span.To) {
				return false
			}
		}
		return len(list) > 0
	}
	if within(f.found) || r.turned(f) {
		return within(f.found)
	}
	found := when.Find(span.Text+" "+f.found[0].Text, when.Times{Now: r.c.Sent, Zone: r.c.Zone, Language: r.x.code, DayFirst: r.c.DayFirst, Around: r.around()})
	if len(found) != 1 || !within(found) {
		return false
	}
	f.found, f.slots = found, r.fitting(found)
	return true
}

// dayOf is the one day that f names, or the day of the offer that its weekday names.
func (r *reader) dayOf(f *ref) (when.Found, bool) {
	switch {
	case len(f.found) == 1:
		return f.found[0], f.found[0].Grain == when.Day
	case len(f.found) == 0 && len(f.slots) == 1 && f.ordinal == 0 && !f.narrows:
		y, m, d := r.c.Offered[f.slots[0]].From.In(r.c.Zone).Date()
		return when.Found{From: time.Date(y, m, d, 0, 0, 0, 0, r.c.Zone), To: time.Date(y, m, d+1, 0, 0, 0, 0, r.c.Zone), Grain: when.Day, Text: r.words(f.at, f.at+1)}, true
	}
	return when.Found{}, false
}

func (r *reader) offeredAmong(refs []*ref) bool {
	for _, f := range refs {
		if len(f.slots) > 0 {
			return true
		}
	}
	return false
}

// proposes says that a time of theirs is put forward.
func (s *sense) proposes() bool {
	for _, f := range s.yes {
		if len(f.found) > 0 && len(f.slots) == 0 {
			return true
		}
	}
	return false
}

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
		case f.coarse:
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

// against is what speaks against booking one of fit although words call it possible.
func (r *reader) against(s *sense, fit []int, other []*ref, hedge string) string {
	switch {
	case hedge != "":
		return hedge
	case len(other) > 0:
		return "they name an offered time and another one: " + other[0].why
	case s.flags[noneFit]:
		return "they say that none fits and name one"
	case s.refusal && !r.refusalElsewhere(s):
		return "they say yes and no"
	case s.flags[notNow] || s.flags[askAgain] && !r.until(s).IsZero():
		return "they name a time and put it off"
	case s.flags[another] || s.flags[regret]:
		return "they name an offered time, and it is not clear that it suits"
	case s.flags[address]:
		return "somebody else, or another address, comes into it: " + quoted(s.where[address])
	}
	for _, f := range s.mentions {
		if f.void && len(s.yes) > 0 && r.strong(s) {
			continue
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
		if len(s.mentions) > 0 && r.overlaps(s.mentions[0], left) {
			return Reading{Kind: Unclear, Why: []string{"the time is also mentioned in words that are not clear: " + s.mentions[0].why}}, true
		}
		if s.flags[askAgain] && !r.until(s).IsZero() {
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
