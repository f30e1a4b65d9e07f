package replies

import (
	"strings"
	"time"
)

// language is everything that a language file says. Patterns are words separated by
// spaces; "a|b" is either, "word?" may be missing, "_" is any one word. Case, accents
// and apostrophes do not count. It is lists and no maps, so that a program that reads no
// mail does no work for it when it starts.
type language struct {
	code     string
	patterns [signCount][]string
	numbers  []numbered // "two"
	ordinals []numbered // "second"
	common   []string   // frequent words that tell the language
	weekdays []numbered // "tuesday", by time.Weekday
	clock    []string   // words that a time of day may be made of
	articles []string   // that may stand before "second"
	ones     []string   // that may stand after it
	stops    []string   // words that alone mean "no more mail"
	within   string     // makes "2 weeks" a time: "in"
	atHour   string     // makes "5" a time of day: "at"
	told     []told     // what they said, told by somebody else, as they said it
	accented bool       // question words have an accent, which other words of the same letters have not
	seasons  []season
}

// numbered is a word that counts.
type numbered struct {
	word string
	n    int
}

// told is a word about somebody else, and the one that they said of themselves: "she" is "i".
type told struct{ word, said string }

// season is a part of the year that people put things off to.
type season struct {
	words []string // as in patterns, without "after"
	first func(year int) (month, day int)
	last  func(year int) (month, day int)
}

// lexicon is a language made ready for looking up.
type lexicon struct {
	*language
	ids       map[string]uint32
	drops     map[string]uint32 // words of five letters and more with one left out: for typos
	names     []string
	topics    [topicCount]trie
	common    map[string]bool
	clock     map[string]bool
	stopWords map[string]bool
	articles  map[string]bool
	ones      map[string]bool
	numbers   map[string]int
	ordinals  map[string]int
	weekdays  map[string]time.Weekday
	told      map[string]string
	seasonal  map[string][]seasonWords // by their first word
}

type trie struct {
	next map[uint32]*trie
	any  *trie
	sign sign
}

// seasonWords is one way to name a season, folded.
type seasonWords struct {
	words  []string
	season season
}

func compile(l *language) *lexicon {
	x := &lexicon{language: l, ids: map[string]uint32{}, drops: map[string]uint32{}, names: []string{""},
		common: wordSet(l.common), clock: wordSet(l.clock), stopWords: wordSet(l.stops), articles: wordSet(l.articles), ones: wordSet(l.ones),
		numbers: counted(l.numbers), ordinals: counted(l.ordinals), weekdays: map[string]time.Weekday{}, told: map[string]string{}, seasonal: map[string][]seasonWords{}}
	for t, signs := range topics {
		for _, s := range signs {
			for _, pattern := range l.patterns[s] {
				x.add(&x.topics[t], strings.Fields(pattern), s)
			}
		}
	}
	for _, w := range l.weekdays {
		x.weekdays[w.word] = time.Weekday(w.n)
	}
	for _, w := range l.told {
		x.told[w.word] = w.said
	}
	for _, se := range l.seasons {
		for _, w := range se.words {
			words := strings.Fields(w)
			for i := range words {
				words[i] = foldWord(words[i])
			}
			x.seasonal[words[0]] = append(x.seasonal[words[0]], seasonWords{words, se})
		}
	}
	for w, id := range x.ids {
		if len(w) < 5 {
			continue
		}
		for i := range w {
			d := w[:i] + w[i+1:]
			if other, taken := x.drops[d]; taken && other != id {
				x.drops[d] = 0
				continue
			}
			x.drops[d] = id
		}
	}
	return x
}

func wordSet(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[foldWord(w)] = true
	}
	return set
}

func counted(words []numbered) map[string]int {
	m := make(map[string]int, len(words))
	for _, w := range words {
		m[w.word] = w.n
	}
	return m
}

// add writes one pattern into the trie, every alternative of it.
func (x *lexicon) add(t *trie, words []string, s sign) {
	if len(words) == 0 {
		if t.sign == unknown {
			t.sign = s
		}
		return
	}
	w, rest := words[0], words[1:]
	if strings.HasSuffix(w, "?") {
		x.add(t, rest, s)
		w = strings.TrimSuffix(w, "?")
	}
	if w == "_" {
		if t.any == nil {
			t.any = &trie{}
		}
		x.add(t.any, rest, s)
		return
	}
	for alt := range strings.SplitSeq(w, "|") {
		id := x.id(foldWord(alt))
		if t.next == nil {
			t.next = map[uint32]*trie{}
		}
		if t.next[id] == nil {
			t.next[id] = &trie{}
		}
		x.add(t.next[id], rest, s)
	}
}

func (x *lexicon) id(w string) uint32 {
	id, ok := x.ids[w]
	if !ok {
		id = uint32(len(x.names))
		x.names = append(x.names, w)
		x.ids[w] = id
	}
	return id
}

// look is the number of a word, 0 when no list has it. One letter too many, one missing
// or two swapped are forgiven in words of five letters and more, where only one word is
// so near; a wrong letter is not, since it makes other words.
func (x *lexicon) look(w string) uint32 {
	if id, ok := x.ids[w]; ok {
		return id
	}
	if len(w) < 4 || len(w) > 16 {
		return 0
	}
	if id := x.drops[w]; id != 0 {
		return id // a letter is missing
	}
	for i := 0; i < len(w); i++ {
		if d := w[:i] + w[i+1:]; len(d) >= 5 {
			if id, ok := x.ids[d]; ok && (i == 0 || len(d) >= 6 || w[i] == w[i-1]) && i > 0 {
				return id // a letter too many
			}
		}
	}
	for i := 0; i+1 < len(w) && len(w) >= 5; i++ {
		if w[i] == w[i+1] {
			continue
		}
		b := []byte(w)
		b[i], b[i+1] = b[i+1], b[i]
		if id, ok := x.ids[string(b)]; ok {
			return id // two swapped
		}
	}
	return 0
}

// match finds the longest phrase that begins at toks[i] and ends before toks[end]
// without crossing a gap wider than a space.
func (x *lexicon) match(t topic, ids []uint32, toks []token, i, end int) (n int, s sign) {
	return longest(&x.topics[t], ids, toks, i, i, end)
}

func longest(t *trie, ids []uint32, toks []token, from, i, end int) (n int, s sign) {
	if t.sign != unknown {
		n, s = i-from, t.sign
	}
	if i >= end || i > from && toks[i-1].after != space {
		return n, s
	}
	if next := t.next[ids[i]]; next != nil && ids[i] != 0 {
		if m, ms := longest(next, ids, toks, from, i+1, end); m > n {
			n, s = m, ms
		}
	}
	if t.any != nil {
		if m, ms := longest(t.any, ids, toks, from, i+1, end); m > n {
			n, s = m, ms
		}
	}
	return n, s
}

// match1 is the sign of one word by itself.
func (x *lexicon) match1(t topic, ids []uint32, toks []token, i int) sign {
	_, s := x.match(t, ids, toks, i, i+1)
	return s
}
