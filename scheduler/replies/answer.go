package replies

import (
	"slices"
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
	r.byNeighbours(cs)
	for i := range cs {
		cs[i].settle()
	}
	r.judge(cs)
	var s sense
	r.sum(&s, cs)
	if a := r.emailAddress(); a != "" && !s.flags[address] {
		s.flags[address], s.where[address] = true, a // whose it is, only the organizer can know
	}
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
		r.known = make([]string, 0, 2+2*len(r.c.Names))
		for part := range strings.FieldsSeq(r.c.Me) {
			r.known = append(r.known, foldWord(part))
		}
		for _, n := range r.c.Names {
			for part := range strings.FieldsSeq(n) {
				r.known = append(r.known, foldWord(part))
			}
		}
	}
	return slices.Contains(r.known, r.toks[i].word)
}

// sum adds up the clauses.
func (r *reader) sum(s *sense, cs []clause) {
	s.cs = cs
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
				if it.sign == either && len(refs) == 0 && !c.question && !s.flags[noneFit] {
					s.flags[noneFit], s.where[noneFit] = true, r.words(it.from, it.to) // "I can't manage any of those"
				}
				continue // "hardly anything but Tuesday"
			}
			if it.sign == either && c.strange() > 0 && !c.any(good, yes, pickVerb) {
				continue // "all three days I help out at the shop"
			}
			if (it.sign == another || it.sign == noneFit || it.sign == move) && c.has(elsewhere) {
				continue // "was that Thursday or another day?"
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
			case f.polarity >= 0 && r.isNow(f):
				// "I'm better now" names no time to meet.
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
	if s.flags[proxy] {
		return Reading{Kind: Unclear, Why: []string{"somebody else writes, or writes of the person: " + quoted(s.where[proxy])}}
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
			narrowed = narrowed || f.at > day.at && c.sentence == s.cs[day.clause].sentence && (c.any(contrast, only, except) || len(f.found) > 0 && f.found[0].Bound != when.Exact) && r.hoursOf(f, day)
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
	for _, g := range f.found {
		if g.Bound == when.Exact && within([]when.Found{g}) {
			f.found, f.slots = []when.Found{g}, r.fitting([]when.Found{g}) // "at 5", of any offered day
			return true
		}
	}
	found := when.Find(span.Text+" "+f.found[0].Text, when.Times{Now: r.c.Sent, Zone: r.c.Zone, Language: r.x.code, DayFirst: r.c.DayFirst, Around: r.around()})
	if len(found) != 1 {
		return false
	}
	if days := slots.DateOf(found[0].From, r.c.Zone).DaysUntil(slots.DateOf(span.From, r.c.Zone)); days > 0 && days%7 == 0 {
		found = shifted(found, days) // of the offered week, not of the nearest
	}
	if !within(found) {
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
