package when

import (
	"sort"
	"strings"
	"sync"
	"time"

	"indy/scheduler/slots"
)

// languages are all that are known, the one that wins a tie first. A third one is one
// more file with a vocabulary and patterns, and its name here.
var languages = []*language{english, spanish}

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	all := map[string]*lexicon{}
	for _, l := range languages {
		all[l.name] = newLexicon(l)
	}
	return all
})

// Languages are the names of the languages that Find knows: "en", "es".
func Languages() []string {
	var out []string
	for _, l := range languages {
		out = append(out, l.name)
	}
	return out
}

// Find is every time that text names, in the order of the words. Words that may mean
// several times give several finds with the same Start and End. Ruled-out times are
// among them, with Not set. In a language that is not known, or "", all languages are
// tried and the one that makes sense of more of the text is taken.
//
// A weekday is the next one after today (today, when an offer of Around is today); a
// date without a year the next from today on; an hour without a day is of the days of
// Around, else today or, when that is past, tomorrow. In a language that writes the day
// first (Spanish), 3/4 is 3 April whatever DayFirst says; in any, an order that does not
// exist or that contradicts a weekday beside it gives way to the other, and where both
// contradict it nothing is found.
//
// "2pm" is that hour and "2:30pm" that minute, so that From is when to meet; parts of
// the day, days, weeks and months are whole. An hour without its half of the day is one
// of the waking hours: 9 to 11 in the morning, 12 to 6 after noon, 7 and 8 are both.
// Only the first 32 KiB are read.
func Find(text string, t Times) []Found {
	all := lexicons()
	if x, ok := all[t.Language]; ok {
		return find(text, t, x)
	}
	var best *parser
	for _, l := range languages {
		p := newParser(text, t, all[l.name])
		switch {
		case best == nil:
			best = p
		case p.known() > best.known():
			best.release()
			best = p
		default:
			p.release()
		}
	}
	return best.find()
}

func find(text string, t Times, x *lexicon) []Found { return newParser(text, t, x).find() }

func (p *parser) find() []Found {
	p.read()
	found := p.realize()
	p.release()
	return found
}

// known says how much of the text is in the words of the language: letters, those of
// words about time counting three times, those that patterns name twice. It does not ask
// whether they make sense: a contradiction in English must not be read as Spanish.
func (p *parser) known() int {
	n := 0
	for i := range p.toks {
		t := &p.toks[i]
		if t.kind == tokWord {
			n += p.weight(t) * (t.end - t.start)
		}
	}
	return n
}

func (p *parser) weight(t *token) int {
	w := 0
	if t.id != unknownWord && p.lex.literal(t.id) {
		w = 2
	}
	if len(t.terms) == 0 {
		return w
	}
	if c := t.terms[0].class; !t.terms[0].weak && c >= cNum && c < cOr && c != cSuffix && c != cCouple && c != cAP && c != cLetter {
		return 3
	}
	return max(w, 1)
}

// Windows are the stretches that found allows, UTC, sorted, without overlap: all that
// was named less all that was ruled out. Where the same words may mean two times that
// overlap ("after 7"), only what both allow counts.
func Windows(found []Found) []slots.Interval {
	var yes []slots.Interval
	for i := 0; i < len(found); {
		n := i + 1
		w := slots.Interval{From: found[i].From.UTC(), To: found[i].To.UTC()}
		for ; n < len(found) && found[n].Start == found[i].Start && found[n].Not == found[i].Not; n++ {
			next := slots.Interval{From: found[n].From.UTC(), To: found[n].To.UTC()}
			if found[n].Not || !next.Overlaps(w) {
				break
			}
			w = slots.Interval{From: later(w.From, next.From), To: earlier(w.To, next.To)}
		}
		if !found[i].Not {
			yes = append(yes, w)
		}
		i = n
	}
	return Without(merged(yes), found)
}

// Without is what of base is left when the ruled-out times among found are cut away:
// "any time but Friday" against the weeks that an offer covers.
func Without(base []slots.Interval, found []Found) []slots.Interval {
	out := base
	for _, f := range found {
		if f.Not {
			out = cut(out, slots.Interval{From: f.From.UTC(), To: f.To.UTC()})
		}
	}
	return out
}

func cut(list []slots.Interval, no slots.Interval) []slots.Interval {
	var out []slots.Interval
	for _, w := range list {
		if !w.Overlaps(no) {
			out = append(out, w)
			continue
		}
		if w.From.Before(no.From) {
			out = append(out, slots.Interval{From: w.From, To: no.From})
		}
		if no.To.Before(w.To) {
			out = append(out, slots.Interval{From: no.To, To: w.To})
		}
	}
	return out
}

func merged(list []slots.Interval) []slots.Interval {
	sort.Slice(list, func(a, b int) bool { return list[a].From.Before(list[b].From) })
	var out []slots.Interval
	for _, w := range list {
		if n := len(out); n > 0 && !w.From.After(out[n-1].To) {
			out[n-1].To = later(out[n-1].To, w.To)
			continue
		}
		out = append(out, w)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Possible is found without what is ruled out: finds that a ruled-out time covers are
// left out, and those that it cuts are cut.
func Possible(found []Found) []Found {
	var out []Found
	for _, f := range found {
		if f.Not {
			continue
		}
		for _, w := range Without([]slots.Interval{{From: f.From, To: f.To}}, found) {
			g := f
			g.From, g.To = w.From.In(f.From.Location()), w.To.In(f.From.Location())
			g.Text = strings.TrimSpace(f.Text)
			out = append(out, g)
		}
	}
	return out
}
