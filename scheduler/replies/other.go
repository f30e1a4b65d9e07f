package replies

import (
	"sort"
	"strings"
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

// putsOff says that they want to be asked again later, or not now.
func (r *reader) putsOff(s *sense) bool {
	until := r.until(s)
	if s.flags[notNow] || s.flags[askAgain] && !until.IsZero() || !until.IsZero() && s.flags[after] {
		return true
	}
	season := r.seasonUntil()
	return !season.IsZero() && slots.DateOf(r.c.Sent, r.c.Zone).DaysUntil(season) > 21
}

// notThisMinute says that all that they rule out is the present: "I can't think about this
// at the moment".
func (r *reader) notThisMinute(s *sense) bool {
	for _, f := range s.no {
		if len(f.found) == 0 || f.found[0].Grain != when.Minute || f.found[0].From.Sub(r.c.Sent).Abs() > time.Minute {
			return false
		}
	}
	return len(s.no) > 0 && len(s.yes) == 0 && len(s.mentions) == 0
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
	sort.Slice(yes, func(a, b int) bool { return yes[a].From.Before(yes[b].From) })
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

// until is the first day on which they may be asked again; zero where they name none.
func (r *reader) until(s *sense) slots.Date {
	if d := r.seasonUntil(); !d.IsZero() {
		return d
	}
	var last slots.Date
	for _, list := range [][]*ref{s.yes, s.mentions, s.no} {
		for _, f := range list {
			if d := r.untilOf(f); !d.IsZero() && (last.IsZero() || list[0].polarity > 0 || d.After(last)) {
				last = d
			}
		}
		if !last.IsZero() && list[0].polarity >= 0 {
			return last
		}
	}
	return last
}

// untilOf is the day from which a time in the words allows asking.
func (r *reader) untilOf(f *ref) slots.Date {
	if len(f.found) == 0 {
		return slots.Date{}
	}
	g := f.found[0]
	from, to := slots.DateOf(g.From, r.c.Zone), slots.DateOf(g.To.Add(-time.Second), r.c.Zone)
	today := slots.DateOf(r.c.Sent, r.c.Zone)
	before := r.signBefore(f.at)
	var d slots.Date
	switch {
	case g.Bound == when.Until || g.Bound == when.Before:
		d = to // "until Monday": Monday
		if g.Not {
			d = slots.DateOf(g.To, r.c.Zone)
		}
		if g.Grain == when.Week || g.Grain == when.Month {
			d = to.AddDays(1)
		}
	case g.Bound == when.After || g.Bound == when.From:
		d = from
	case f.polarity < 0 || f.not:
		d = to.AddDays(1) // "this week is crazy"
		if g.Grain != when.Week && g.Grain != when.Month {
			return slots.Date{}
		}
	case before == after && g.Grain != when.Minute && g.Grain != when.Hour:
		d = to.AddDays(1)
	default:
		d = from
	}
	if !d.After(today) {
		return slots.Date{}
	}
	if g.Grain == when.Month {
		d = firstWorking(d)
	}
	return d
}

// signBefore is the sign of the word just before token i.
func (r *reader) signBefore(i int) sign {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if _, s := r.x.match(aboutTimes, r.ids, r.toks, k, k+1); s != filler && s != unknown {
			return s
		}
	}
	return unknown
}

// seasonUntil reads "after New Year", "in spring": the first working day of it, or after it.
func (r *reader) seasonUntil() slots.Date {
	today := slots.DateOf(r.c.Sent, r.c.Zone)
	for i := range r.toks {
		for _, se := range r.x.seasonal[r.toks[i].word] {
			if r.follow(i, se.words) {
				return r.seasonDay(se.season, i, today)
			}
		}
	}
	return slots.Date{}
}

func (r *reader) seasonDay(se season, i int, today slots.Date) slots.Date {
	day := se.first
	plus := 0
	if r.signBefore(i) == after {
		day, plus = se.last, 1
	}
	for year := today.Year; ; year++ {
		m, d := day(year)
		at := slots.Date{Year: year, Month: time.Month(m), Day: d}.AddDays(plus)
		if at.After(today) {
			return firstWorking(at)
		}
	}
}

// follow says whether the tokens from i on are these folded words.
func (r *reader) follow(i int, words []string) bool {
	for n, w := range words {
		if i+n >= len(r.toks) || r.toks[i+n].word != w || n > 0 && r.toks[i+n-1].after != space {
			return false
		}
	}
	return true
}

// spells says how many tokens from i on are words; 0 when they are not.
func (r *reader) spells(i int, words string) int {
	n := 0
	for w := range strings.FieldsSeq(words) {
		if i+n >= len(r.toks) || r.toks[i+n].word != foldWord(w) || n > 0 && r.toks[i+n-1].after != space {
			return 0
		}
		n++
	}
	return n
}

// firstWorking is d, or the first day after it that is neither a weekend nor New Year's Day.
func firstWorking(d slots.Date) slots.Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || d.Month == time.January && d.Day == 1 {
		d = d.AddDays(1)
	}
	return d
}

// Back is the day named in an automatic reply from which its writer reads mail again;
// zero where it names none.
func Back(text string, c Context) slots.Date {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Sent.IsZero() {
		c.Sent = c.Now
	}
	words := Visible(text)
	if len(words) > maxRead {
		words = strings.ToValidUTF8(words[:maxRead], "")
	}
	full := words
	words = maskPhones(words)
	toks := tokenize(words)
	x := languageOf(toks, c.Language)
	r := reader{c: c, x: x, full: full, text: words, toks: toks, ids: x.idsOf(toks)}
	return r.back()
}

// back is the day after "until", or the last day that is named.
func (r *reader) back() slots.Date {
	today := slots.DateOf(r.c.Sent, r.c.Zone)
	var until, last slots.Date
	for _, g := range r.found() {
		if g.Grain == when.Minute || g.Grain == when.Hour {
			if g.Bound == when.Exact && g.To.Sub(g.From) <= time.Hour && g.From.Hour() == 0 {
				continue
			}
		}
		from, to := slots.DateOf(g.From, r.c.Zone), slots.DateOf(g.To.Add(-time.Second), r.c.Zone)
		switch {
		case g.Bound == when.Until || g.Bound == when.Before:
			if g.Not {
				to = slots.DateOf(g.To, r.c.Zone) // ruled out up to that day
			}
			if to.After(today) && to.After(until) {
				until = to
			}
		case g.Bound == when.From || g.Bound == when.After:
			if from.After(today) && from.After(last) {
				last = from
			}
		default:
			d := from
			if from != to {
				d = to.AddDays(1)
			}
			if g.Grain == when.Month || g.Grain == when.Week {
				d = from
			}
			if d.After(today) && d.After(last) {
				last = d
			}
		}
	}
	if last.After(until) {
		return last
	}
	return until
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

// timeQuestion says that the question clause i belongs to only proposes a time.
func (r *reader) timeQuestion(s *sense, i int) bool {
	n := s.cs[i].sentence
	refs, strange, other := 0, 0, false
	for k := range s.cs {
		if s.cs[k].sentence != n {
			continue
		}
		refs += len(s.cs[k].refs())
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
	return strange == 0 && (c.any(propose, another, noneFit, move, good, yes, either, bad, cancel) || refs > 0)
}

// besides adds what a mail says beyond its time: how and where to meet, a number to call,
// another address, and questions that the organizer should see.
func (r *reader) besides(s *sense, out *Reading) {
	if out.Kind == Never || out.Kind == Away {
		return
	}
	r.modeAndPlace(s, out)
	out.Phone = r.phoneNumber(s)
	if s.flags[address] {
		out.Address = r.emailAddress()
	}
	if out.Kind == Unclear || out.Kind == Question {
		return
	}
	out.Passed = r.passed(s)
	if out.Passed != "" && out.Kind == Choose {
		out.Why = append(out.Why, "they also say something that you should see")
	}
}

func (r *reader) modeAndPlace(s *sense, out *Reading) {
	for i := range s.cs {
		c := &s.cs[i]
		neg := c.any(bad, not, no)
		switch {
		case (c.has(phone) || c.has(callMe)) && !neg && !c.has(inPerson):
			out.Mode = "phone"
		case c.has(inPerson) && !neg && !c.has(phone):
			out.Mode = "in person"
		}
		for n, it := range c.items {
			if it.sign == place && !neg && out.Place == "" {
				out.Place = r.placeAfter(c, n)
			}
		}
	}
}

// placeAfter is the place that the words after item n name.
func (r *reader) placeAfter(c *clause, n int) string {
	from := c.items[n].to
	to := from
	for _, it := range c.items[n+1:] {
		if it.ref != nil || it.sign != unknown && it.sign != filler {
			break
		}
		to = it.to
	}
	words := r.words(from, to)
	for _, tail := range []string{" instead", " please"} {
		words = strings.TrimSuffix(words, tail)
	}
	return strings.TrimSpace(words)
}

// phoneNumber is a number to call: at least seven digits in one run of digits, spaces
// and the marks of phone numbers.
func (r *reader) phoneNumber(s *sense) string {
	if !s.flags[callMe] && !s.flags[phone] {
		return ""
	}
	for i, j := range phones(r.full) {
		return strings.Trim(r.full[i:j], " .-/")
	}
	return ""
}

// emailAddress is the first address in the text.
func (r *reader) emailAddress() string {
	for w := range strings.FieldsSeq(r.full) {
		w = strings.Trim(w, "<>()[],.;:!?\"'")
		w = strings.TrimPrefix(w, "mailto:")
		if at := strings.IndexByte(w, '@'); at > 0 && strings.Contains(w[at:], ".") && len(w) < 255 {
			return w
		}
	}
	return ""
}

// passed is every sentence that asks, or says something that no list knows.
func (r *reader) passed(s *sense) string {
	var out []string
	for i := 0; i < len(s.cs); {
		j, strange, refs, question, asks, remark := i, 0, 0, false, false, false
		for ; j < len(s.cs) && s.cs[j].sentence == s.cs[i].sentence; j++ {
			c := &s.cs[j]
			strange += c.strange()
			refs += len(c.refs())
			question = question || c.question
			asks = asks || c.has(ask)
			remark = remark || c.any(place, phone, callMe, address, late)
		}
		if asks && question || question && (strange > 0 || refs == 0) && !r.timeQuestion(s, i) || strange >= 3 || remark && question {
			out = append(out, r.words(s.cs[i].from, s.cs[j-1].to)+mark(question))
		}
		i = j
	}
	return strings.Join(out, " ")
}

func mark(question bool) string {
	if question {
		return "?"
	}
	return "."
}
