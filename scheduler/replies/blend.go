package replies

import (
	"slices"
	"sync"

	"indy/scheduler/replies/when"
)

// This file reads mails in two languages at once: "el Tuesday me funciona".

// maxBlended is how many words a mail in two languages may have; a longer one has enough
// words of its own language to be read in that.
const maxBlended = 80

// sureWord is how long a word must be that alone tells a language: short ones are words, or
// figures, of many.
const sureWord = 6

// blends are the lexicons of two languages, made when the first such mail is read.
var blends sync.Map // "es+en": *lexicon

// blended is the lexicon of x and of the other language that the words are of; nil where
// they are of one alone. Words that are frequent in both tell nothing.
func (x *lexicon) blended(toks []token) *lexicon {
	if len(toks) > maxBlended {
		return nil
	}
	var here, there int
	var other *language
	all := lexicons()
	for _, t := range toks {
		w := x.words.get(t.word)
		for n, l := range languages {
			switch {
			case l.code == x.code && w.frequent == 1<<n:
				here++
			case l.code != x.code && (w.frequent == 1<<n || w.id == 0 && len(t.word) >= sureWord && all[l.code].ids[t.word] != 0):
				there, other = there+1, l
			}
		}
	}
	if here == 0 || there == 0 || len(toks) > 12 && there < 3 {
		return nil
	}
	name := x.code + "+" + other.code
	if y, ok := blends.Load(name); ok {
		return y.(*lexicon)
	}
	y := compile(blend(x.language, other))
	y.words.settle()
	y.also = other.code
	blends.Store(name, y)
	return y
}

// blend is language a with the words of b beside its own. What a phrase means in both, it
// means as in a.
func blend(a, b *language) *language {
	c := *a
	for s := range c.patterns {
		c.patterns[s] = slices.Concat(a.patterns[s], b.patterns[s])
	}
	c.numbers, c.ordinals, c.weekdays = slices.Concat(b.numbers, a.numbers), slices.Concat(b.ordinals, a.ordinals), slices.Concat(b.weekdays, a.weekdays)
	c.clock, c.articles, c.ones, c.stops = slices.Concat(a.clock, b.clock), slices.Concat(a.articles, b.articles), slices.Concat(a.ones, b.ones), slices.Concat(a.stops, b.stops)
	c.slang, c.soundsMe, c.persons = slices.Concat(b.slang, a.slang), slices.Concat(b.soundsMe, a.soundsMe), slices.Concat(a.persons, b.persons)
	c.until, c.follows, c.single, c.real = slices.Concat(a.until, b.until), slices.Concat(a.follows, b.follows), slices.Concat(a.single, b.single), slices.Concat(a.real, b.real)
	c.habits = slices.Concat(a.habits, b.habits)
	c.seasons = slices.Concat(a.seasons, b.seasons)
	c.accented = a.accented || b.accented
	return &c
}

// findIn is every time in the text as one language reads it.
func (r *reader) findIn(code string) []when.Found {
	return when.Find(r.text, when.Times{Now: r.c.Sent, Zone: r.c.Zone, Language: code, DayFirst: r.c.DayFirst, Around: r.around()})
}

// withThose puts the times that only the other language finds among those of the first.
// Where both find some, the longer words count.
func withThose(found, others []when.Found) []when.Found {
	longer := func(f when.Found, list []when.Found) bool {
		for _, g := range list {
			if f.Start < g.End && g.Start < f.End && f.End-f.Start <= g.End-g.Start {
				return false
			}
		}
		return true
	}
	var out []when.Found
	for _, g := range others {
		if longer(g, found) {
			out = append(out, g)
		}
	}
	kept := len(out)
	for _, f := range found {
		over := false
		for _, g := range out[:kept] {
			over = over || f.Start < g.End && g.Start < f.End
		}
		if !over {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b when.Found) int { return a.Start - b.Start })
	return out
}
