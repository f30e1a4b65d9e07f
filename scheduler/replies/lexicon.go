package replies

import (
	"strings"
	"time"
)

// language is everything that a language file says. Patterns are words separated by
// spaces; "a|b" is either, "word?" may be missing, "_" is any one word but the first; "+" is
// a space within an alternative: "fine|all+right". Case, accents and apostrophes do not
// count. It is lists and no maps, so that a program that reads no mail does no work for it
// when it starts.
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
	doing    []string   // that may stand after who does a thing: "Ana does it"
	stops    []string   // words that alone mean "no more mail"
	opinions []string   // words with which people say what they think of something
	within   string     // makes "2 weeks" a time: "in"
	atHour   string     // makes "5" a time of day: "at"
	told     []told     // what they said, told by somebody else, as they said it
	slang    []told     // what is written as it sounds: "u" is "you"
	soundsMe []told     // the same, only before one of persons: "4 me"
	persons  []string   // "me", "us"
	single   []string   // that count as one: "a month"
	until    []string   // up to which nothing is possible: "until spring" is its first day
	follows  []string   // "following": counts from what was offered
	habits   []string   // "evenings": those of all days
	real     []string   // words of their own that are a slip away from others: "rally", "really"
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
	also      string // the other language, of a blend
	phrases   tree
	ids       map[string]uint32
	words     lookup   // the same, and the frequent words of all languages
	names     []string // by id
	near      spelling
	common    map[string]bool
	clock     map[string]bool
	stopWords map[string]bool
	opinions  map[string]bool
	articles  map[string]bool
	ones      map[string]bool
	doing     map[string]bool
	numbers   map[string]int
	ordinals  map[string]int
	weekdays  map[string]time.Weekday
	longDays  []longDay // those of five letters and more
	told      map[string]string
	slang     map[string]string
	soundsMe  map[string]string
	untils    map[string]bool
	single    map[string]bool
	follows   map[string]bool
	habits    map[string]bool
	persons   map[string]bool
	seasonal  map[string][]seasonWords // by their first word

	counts, days, sounds, opines, begun ends // of numbers and ordinals; of weekdays; of what is written for its sound; of opinions; of what seasons begin with
}

// ends are the lengths, first and last letters that words of a list have: a word of others
// need not be looked up.
type ends [4]uint64

func endsOf(w string) uint8 { return uint8(len(w)*37) ^ w[0]*11 ^ w[len(w)-1]*5 }

func (e *ends) add(w string) { e[endsOf(w)/64] |= 1 << (endsOf(w) % 64) }

func (e *ends) may(w string) bool { return w != "" && e[endsOf(w)/64]&(1<<(endsOf(w)%64)) != 0 }

// longDay is the name of a weekday, and the letters that it has.
type longDay struct {
	name    string
	letters uint64
}

// seasonWords is one way to name a season, folded.
type seasonWords struct {
	words  []string
	season season
}

func compile(l *language) *lexicon {
	x := &lexicon{language: l, ids: map[string]uint32{}, words: lookup{short: map[string]lookedUp{}, long: map[string]lookedUp{}}, names: []string{""},
		common: wordSet(l.common), clock: wordSet(l.clock), stopWords: wordSet(l.stops), opinions: wordSet(l.opinions), articles: wordSet(l.articles), ones: wordSet(l.ones), doing: wordSet(l.doing),
		numbers: counted(l.numbers), ordinals: counted(l.ordinals), untils: wordSet(l.until), persons: wordSet(l.persons), single: wordSet(l.single), follows: wordSet(l.follows), habits: wordSet(l.habits),
		weekdays: map[string]time.Weekday{}, told: pairs(l.told), slang: pairs(l.slang), soundsMe: pairs(l.soundsMe), seasonal: map[string][]seasonWords{}}
	for _, w := range l.real {
		x.id(foldWord(w))
	}
	x.phrases = x.plant()
	x.near = spellingOf(x.names)
	for _, w := range l.weekdays {
		x.weekdays[w.word] = time.Weekday(w.n)
		if len(w.word) >= 5 {
			x.longDays = append(x.longDays, longDay{w.word, lettersOf(w.word)})
		}
		x.days.add(w.word)
	}
	for _, words := range [][]numbered{l.numbers, l.ordinals} {
		for _, w := range words {
			x.counts.add(w.word)
		}
	}
	for _, words := range [][]told{l.slang, l.soundsMe} {
		for _, w := range words {
			x.sounds.add(w.word)
		}
	}
	for w := range x.opinions {
		x.opines.add(w)
	}
	for _, se := range l.seasons {
		for _, w := range se.words {
			words := strings.Fields(w)
			for i := range words {
				words[i] = foldWord(words[i])
			}
			x.begun.add(words[0])
			x.seasonal[words[0]] = append(x.seasonal[words[0]], seasonWords{words, se})
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

func pairs(words []told) map[string]string {
	m := make(map[string]string, len(words))
	for _, w := range words {
		m[w.word] = w.said
	}
	return m
}

func counted(words []numbered) map[string]int {
	m := make(map[string]int, len(words))
	for _, w := range words {
		m[w.word] = w.n
	}
	return m
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

// match finds the longest phrase of topic t that begins at toks[i] and ends before
// toks[end] without crossing a gap wider than a space.
func (x *lexicon) match(t topic, ids []uint32, toks []token, i, end int) (n int, s sign) {
	if i >= end {
		return 0, unknown
	}
	first := x.phrases.firsts[ids[i]]
	if first == 0 {
		return 0, unknown
	}
	return x.phrases.longest(first, t, ids, toks, i, i+1, end)
}

// match1 is the sign of one word by itself.
func (x *lexicon) match1(t topic, ids []uint32, toks []token, i int) sign {
	return x.phrases.alone(ids[i], t)
}
