package when

import (
	"math/bits"
	"sort"
	"strings"
	"unicode/utf8"
)

// A class says what a word is to the grammar. Patterns name classes in angle brackets.
type class uint8

const (
	cNone   class = iota
	cBlock        // words that look like a time and are none: "good morning"
	cFollow       // may follow a bare number that is a time: "at 7 works"
	cNoun         // makes a bare number before it a count: "at 5 percent"

	cNum    // 0 to 99
	cTens   // twenty, thirty, …: val
	cBig    // three or four digits
	cYear   // 1900 to 2199
	cOrd    // first, 3rd; 99 is "last"
	cSuffix // what makes a number an ordinal: "rd"
	cCouple // "a couple of": val; "a": 1
	cWday   // time.Weekday
	cMonth  // 1 to 12
	cUnit   // a unit
	cRel    // -1 last, 0 this, 1 next
	cPart   // an index of parts
	cDay    // days from today
	cNow
	cEdge    // an edge
	cAmPm    // 1 am, 2 pm
	cAP      // "a", "p": only where the rest is sure
	cNoon    // minutes after midnight
	cZone    // an index of zones
	cLetter  // "M", "Th", "MWF": the bits of weekdays
	cFeast   // Christmas and the like
	cCity    // an index of zones, a zone only with "time" beside it
	cClock   // 14:30; seconds after midnight
	cDate    // 12/3/2026; an index of chains
	cSame    // "same time"
	cInstant // RFC 3339; an index of chains

	cOr
	cAnd
	cComma
	cBut
	cTo
	cFrom
	cBetween
	cAfter
	cBefore
	cUntil
	cBy
	cSince
	cNot
	cNegPost // "doesn't work", after the time that it rules out
	cOnward  // "or later", after what it opens; 1: "or earlier"
	cAt      // makes a bare number after it an hour
	cOf      // "de": begins a range, or ties
	cGlue
	cOn    // "on", "in": a time may follow
	cOnDay // "on" before a day
	cThe   // an article
	cAny
)

// classNames are the names that patterns may use.
var classNames = [...]string{
	cNum: "num", cBig: "big", cYear: "year", cOrd: "ord", cWday: "wday", cMonth: "month", cUnit: "unit",
	cRel: "rel", cPart: "part", cDay: "day", cNow: "now", cEdge: "edge", cAmPm: "ampm", cAP: "ap", cNoon: "noon",
	cZone: "zone", cCity: "city", cFeast: "feast", cLetter: "letter", cClock: "clock", cDate: "date", cInstant: "instant", cCouple: "couple", cSame: "same",
}

// classNamed is the class of that name, or cNone.
func classNamed(name string) class {
	for c, n := range classNames {
		if n == name && n != "" {
			return class(c)
		}
	}
	return cNone
}

// unit is a stretch of the calendar or the clock.
type unit = int

const (
	uSecond unit = iota
	uMinute
	uHour
	uDay
	uWeek
	uFortnight
	uWeekend
	uMonth
	uQuarter
	uYear
	uWorkweek
)

// edge is a part of a longer stretch.
const (
	edgeStart = iota
	edgeMid
	edgeEnd
	edgeRest
	edgeAll
)

// A term is what one or more tokens are to the grammar.
type term struct {
	class  class
	val    int
	n      int  // tokens
	weak   bool // a common word too: needs support
	many   bool // plural: "Mondays"
	spelt  bool // a number in words
	day    bool // what follows is a day, not an hour: "antes del 10"
	lower  bool // written in lower case
	zeroed bool // a number written with a leading zero, or one above 12: a 24-hour clock
	soft   bool // a form that other things have too: "2.30"
}

// entry is a line of a language's vocabulary: all these phrases, separated by commas,
// are of one class and value. A mark after a phrase: "~" may be misspelt, "!" is a
// common word too, "*" is a plural, "#" says that a number after it is a day.
type entry struct {
	class   class
	val     int
	phrases string
}

// A pattern names the meaning that token sequences have. Alternatives are separated by
// semicolons; "?" makes an element optional, "|" parts choices.
type pattern struct {
	meaning string
	forms   string
}

// language is all that the grammar knows of one language.
type language struct {
	name     string
	dayFirst bool // 3/4 is 3 April whatever Times says
	tensJoin string
	words    []entry
	patterns []pattern
	real     string // words near a fuzzy one that are no misspellings
}

type phrase struct {
	rest []int
	term term
}

// lexicon is a language made ready.
type lexicon struct {
	lang     *language
	ids      map[string]int
	short    shortWords   // the ids of words of up to eight bytes
	phrases  [][]phrase   // by the first word's id, longest first
	literals map[int]bool // words that patterns name
	fuzzy    [26][]fuzzyWord
	ascii    [utf8.RuneSelf]int // the ids of signs
	real     map[string]bool
	root     *node
	firsts   []*node // what patterns begin with, by id; nil for what none does
	dot      int
	hyphen   int
	tensJoin int
}

// fuzzyWord is a word that may be misspelt.
type fuzzyWord struct {
	word    string
	letters uint32 // which it has: bit 0 is for "a"
}

const unknownWord = -1

// toUntil is the value of a word of cTo that needs no beginning before it: "till".
const toUntil = 2

func newLexicon(l *language) *lexicon {
	x := &lexicon{lang: l, ids: map[string]int{}, literals: map[int]bool{}, real: map[string]bool{}}
	x.dot, x.hyphen = x.intern("."), x.intern("-")
	x.tensJoin = unknownWord
	if l.tensJoin != "" {
		x.tensJoin = x.intern(l.tensJoin)
	}
	for _, w := range strings.Fields(l.real) {
		x.real[fold(w)] = true
	}
	for _, e := range append(append([]entry{}, signs...), l.words...) {
		x.addEntry(e)
	}
	for _, list := range x.phrases {
		sort.SliceStable(list, func(a, b int) bool { return len(list[a].rest) > len(list[b].rest) })
	}
	x.root = compile(l.patterns, x)
	x.short = shortWordsOf(x.ids)
	x.firsts = make([]*node, len(x.phrases))
	for _, e := range x.root.words {
		x.firsts[e.id] = e.next
	}
	for r := range x.ascii {
		x.ascii[r] = x.id(string(rune(r)))
	}
	return x
}

// signs are the vocabulary of every language.
var signs = []entry{
	{cComma, 0, "COMMA ; & /"}, {cTo, 1, "- – — ~ −"}, {cGlue, 0, "( ) : ' \" * “ ” [ ] | > · • …"}, {cAt, 0, "@"},
	{cSuffix, 0, "º ª °"}, {cNoun, 0, "% $ € £ + # = _ ^"},
}

func (x *lexicon) addEntry(e entry) {
	list := strings.Split(e.phrases, ",")
	if strings.HasPrefix(e.phrases, "COMMA") || (len(e.phrases) > 2 && isSigns(e.phrases)) {
		list = strings.Fields(e.phrases)
	}
	for _, p := range list {
		p = strings.TrimSpace(p)
		if p == "COMMA" {
			p = ","
		}
		t := term{class: e.class, val: e.val}
		fuzzy := false
		for len(p) > 1 && strings.ContainsRune("~!*#", rune(p[len(p)-1])) {
			switch p[len(p)-1] {
			case '~':
				fuzzy = true
			case '!':
				t.weak = true
			case '*':
				t.many = true
			case '#':
				t.day = true
			}
			p = p[:len(p)-1]
		}
		if p != "" {
			x.addPhrase(p, t, fuzzy)
		}
	}
}

func isSigns(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' })
}

func (x *lexicon) addPhrase(p string, t term, fuzzy bool) {
	var ids []int
	for _, w := range splitWords(p) {
		ids = append(ids, x.intern(w))
	}
	t.n = len(ids)
	t.spelt = t.class == cNum || t.class == cOrd
	x.phrases[ids[0]] = append(x.phrases[ids[0]], phrase{ids[1:], t})
	if fuzzy {
		w := fold(p)
		x.fuzzy[w[0]-'a'] = append(x.fuzzy[w[0]-'a'], fuzzyWord{w, lettersOf([]byte(w))})
	}
}

// splitWords cuts a phrase of the vocabulary as tokenize cuts text.
func splitWords(p string) []string {
	var out []string
	word := ""
	folded := fold(p)
	for i, r := range folded {
		letter := r >= 'a' && r <= 'z' || r == '\'' || r >= utf8.RuneSelf && r != 'º' && r != 'ª' && r != '–' && r != '—'
		if letter && p != "'" && !(r == '\'' && i+1 < len(folded) && finalS(folded, i+1)) {
			word += string(r)
			continue
		}
		if word != "" {
			out = append(out, word)
			word = ""
		}
		if r != ' ' {
			out = append(out, string(r))
		}
	}
	if word != "" {
		out = append(out, word)
	}
	return out
}

func (x *lexicon) intern(w string) int {
	if id, ok := x.ids[w]; ok {
		return id
	}
	x.ids[w] = len(x.phrases)
	x.phrases = append(x.phrases, nil)
	return len(x.phrases) - 1
}

// word is the id of a folded word, of the word that it misspells, or unknownWord. key is
// its first eight bytes.
func (x *lexicon) word(folded []byte, key uint64) int {
	if len(folded) <= 8 {
		if id := x.short.id(key); id != unknownWord {
			return id
		}
	} else if id, ok := x.ids[string(folded)]; ok {
		return id
	}
	if w := x.misspelt(folded); w != "" {
		return x.ids[w]
	}
	return unknownWord
}

// shortWords finds words of up to eight bytes as the numbers that these make, the first
// byte the lowest.
type shortWords struct {
	slots []shortWord // each word in the first free place from that of its hash on
	shift uint
}

type shortWord struct {
	key uint64 // 0 for none
	id  int
}

func shortWordsOf(ids map[string]int) shortWords {
	bit := bits.Len(uint(2 * len(ids)))
	t := shortWords{slots: make([]shortWord, 1<<bit), shift: uint(64 - bit)}
	for w, id := range ids {
		if len(w) > 8 {
			continue
		}
		var key uint64
		for i := len(w) - 1; i >= 0; i-- {
			key = key<<8 | uint64(w[i])
		}
		at := t.slot(key)
		for t.slots[at].key != 0 {
			at = (at + 1) % len(t.slots)
		}
		t.slots[at] = shortWord{key, id}
	}
	return t
}

func (t *shortWords) slot(key uint64) int { return int(key * 0x9E3779B97F4A7C15 >> t.shift) }

func (t *shortWords) id(key uint64) int {
	for at := t.slot(key); t.slots[at].key != 0; at = (at + 1) & (len(t.slots) - 1) {
		if t.slots[at].key == key {
			return t.slots[at].id
		}
	}
	return unknownWord
}

func (x *lexicon) sign(r rune) int {
	if r == '’' {
		r = '\''
	}
	if r < utf8.RuneSelf {
		return x.ascii[r]
	}
	return x.id(string(r))
}

func (x *lexicon) id(w string) int {
	if id, ok := x.ids[w]; ok {
		return id
	}
	return unknownWord
}

// misspelt is the fuzzy word that folded is most likely meant to be, or "". One slip is
// forgiven, two in a word of eight letters or more; the first letter must be right,
// and a word that exists is no slip.
func (x *lexicon) misspelt(folded []byte) string {
	n := len(folded)
	if n < 5 || n > 12 || folded[0] < 'a' || folded[0] > 'z' {
		return ""
	}
	best, least := "", 3
	letters := lettersOf(folded)
	for i := range x.fuzzy[folded[0]-'a'] {
		f := &x.fuzzy[folded[0]-'a'][i]
		w := f.word
		allowed := 1
		if len(w) >= 8 && n >= 7 {
			allowed = 2
		}
		if len(w) < 6 || len(w)-n > allowed || n-len(w) > allowed || bits.OnesCount32(letters^f.letters) > 2*allowed {
			continue // a slip changes two letters at most
		}
		if d := slips(folded, w, allowed); d <= allowed && d < least {
			best, least = w, d
		}
	}
	if best != "" && x.real[string(folded)] {
		return ""
	}
	return best
}

// lettersOf are the letters of a folded word; bit 26 is for all others.
func lettersOf(w []byte) (letters uint32) {
	for _, c := range w {
		if c < 'a' || c > 'z' {
			c = 'z' + 1
		}
		letters |= 1 << (c - 'a')
	}
	return letters
}

// slips counts insertions, losses, changes and swaps of neighbours between a and b
// (optimal string alignment), or answers more than limit.
func slips(a []byte, b string, limit int) int {
	const widest = 16
	if len(b) >= widest || len(a) >= widest {
		return limit + 1
	}
	var rows [3][widest]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above, twoAbove := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		lowest := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, twoAbove[j-2]+1)
			}
			row[j] = d
			lowest = min(lowest, d)
		}
		if lowest > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}
