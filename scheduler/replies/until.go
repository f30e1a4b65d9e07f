package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// until is the first day on which they may be asked again; zero where they name none.
func (r *reader) until(s *sense) slots.Date {
	if d := r.seasonUntil(); !d.IsZero() {
		return d
	}
	if d := r.notThen(s); !d.IsZero() {
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

// notThen reads the week or month within words that put things off: "not this month".
func (r *reader) notThen(s *sense) slots.Date {
	var last slots.Date
	for i := range s.cs {
		for _, it := range s.cs[i].items {
			if it.sign != notNow {
				continue
			}
			for _, g := range r.found() {
				d := slots.DateOf(g.To, r.c.Zone)
				if g.Bound == when.Exact && (g.Grain == when.Week || g.Grain == when.Month) && g.Start >= r.toks[it.from].start && g.Start < r.toks[it.to-1].end && d.After(last) {
					last = firstWorking(d)
				}
			}
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
	case (g.Bound == when.Until || g.Bound == when.Before) && g.From.After(r.c.Sent):
		d = from // "not before June", which begins then
	case g.Bound == when.Until || g.Bound == when.Before:
		d = to // "until Monday": Monday
		if g.Not {
			d = slots.DateOf(g.To, r.c.Zone)
		}
		if g.Grain == when.Week || g.Grain == when.Month {
			d = to.AddDays(1)
		}
	case r.untilBefore(f.at) && g.Grain != when.Minute && g.Grain != when.Hour:
		d = from // "till mid March"
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

// untilBefore says that the word before token i is "until" or the like.
func (r *reader) untilBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		if r.x.untils[r.toks[k].word] {
			return true
		}
		if !r.x.articles[r.toks[k].word] {
			break
		}
	}
	return false
}

// signBefore is the sign of the word just before token i.
func (r *reader) signBefore(i int) sign {
	for k := max(0, i-4); k < i; k++ { // "a la vuelta de"
		if n, s := r.x.match(aboutTimes, r.ids, r.toks, k, i); n == i-k && n > 1 && s == after {
			return s
		}
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if _, s := r.x.match(aboutTimes, r.ids, r.toks, k, k+1); s != filler && s != unknown {
			return s
		}
	}
	return unknown
}

// seasonUntil reads "after New Year", "in spring": the first working day of it, or after it.
func (r *reader) seasonUntil() slots.Date {
	if !r.seasoned {
		r.season, r.seasoned = r.findSeason(), true
	}
	return r.season
}

func (r *reader) findSeason() slots.Date {
	today := slots.DateOf(r.c.Sent, r.c.Zone)
	for i := range r.toks {
		if !r.x.begun.may(r.toks[i].word) {
			continue
		}
		for _, se := range r.x.seasonal[r.toks[i].word] {
			if end := i + len(se.words); r.follow(i, se.words) && !(end < len(r.toks) && r.isWeekday(r.toks[end].word)) { // not "Easter Monday"
				return r.seasonDay(se.season, i, today)
			}
		}
	}
	return slots.Date{}
}

func (r *reader) seasonDay(se season, i int, today slots.Date) slots.Date {
	day := se.first
	plus := 0
	if r.signBefore(i) == after && !r.untilBefore(i) {
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
	words = maskNumbers(words)
	toks := tokenize(words)
	x, ids, _ := lookUp(nil, toks, c.Language)
	r := reader{c: c, x: x, full: full, text: words, toks: toks, ids: ids}
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
