package when

import (
	"sync"
	"time"

	"indy/scheduler/slots"
)

// parser reads one text in one language.
type parser struct {
	text     string
	toks     []token
	linked   []int // by token: how many tokens its chain has; -1 dead, 0 none
	chains   []chain
	lex      *lexicon
	now      time.Time // in zone
	zone     *time.Location
	today    civil
	dayFirst bool
	around   []slots.Interval
	found    []match
	at       int // where the item that is being read begins
	segs     []seg
	arena    []term // where the terms of tokens stand
	elems    []elem
	list     []seg // of the group at hand
	group    int   // where the segments of the last group begin
	lastEnd  int   // the token after the last group
	notAway  bool  // it was of the kind of "away", which "until" ends
	notAt    int   // the token after the last "not"
	negated  bool  // such a "not" reaches the group at hand
	reader   *reader
	item     item // the last one that was read
	caps     caps // what the pattern at hand has met
}

// parsers keeps the room of parsers for the next text.
var parsers = sync.Pool{New: func() any { return &parser{reader: new(reader)} }}

func newParser(text string, t Times, x *lexicon) *parser {
	p := parsers.Get().(*parser)
	zone := t.Zone
	if zone == nil {
		zone = time.UTC
	}
	now := t.Now.In(zone)
	*p = parser{
		text: text, lex: x, now: now, zone: zone, today: civilOf(now), dayFirst: t.DayFirst || x.lang.dayFirst, around: t.Around,
		toks: p.toks[:0], linked: p.linked[:0], chains: p.chains[:0], arena: p.arena[:0], found: p.found[:0], segs: p.segs[:0], elems: p.elems[:0], list: p.list[:0], reader: p.reader,
	}
	p.toks = tokenize(p.toks, text, x)
	p.linked = append(p.linked, make([]int, len(p.toks))...)
	p.skipAddresses()
	p.readChains()
	p.readTerms()
	return p
}

// release gives the room of p back, unless it is that of a giant.
func (p *parser) release() {
	if cap(p.toks) <= 4096 {
		parsers.Put(p)
	}
}

// readTerms gives each token its terms, from the last to the first, so that numbers of
// several words can look at what follows them.
func (p *parser) readTerms() {
	for k := len(p.toks) - 1; k >= 0; k-- {
		t := &p.toks[k]
		switch {
		case p.linked[k] != 0:
		case t.kind == tokNumber:
			t.terms = p.numberTerms(k)
		case t.id != unknownWord:
			t.terms = p.phraseTerms(k)
		}
	}
}

func (p *parser) phraseTerms(k int) []term {
	list := p.lex.phrases[p.toks[k].id]
	if len(list) == 0 {
		return nil
	}
	first := len(p.arena)
	out := p.arena
	for i := range list {
		ph := &list[i]
		if !p.follows(k+1, ph.rest) {
			continue
		}
		tm := ph.term
		tm.lower = !p.toks[k].upper
		if tm.class == cBlock {
			p.arena = append(out[:first], tm)
			return p.arena[first:]
		}
		if tm.n == 1 && p.dotted(k, tm.class) {
			tm.n = 2
		}
		if tm.class == cTens {
			out = p.compound(out, k, tm)
			tm.class, tm.spelt = cNum, true
		}
		out = append(out, tm)
	}
	p.arena = out
	return out[first:len(out):len(out)]
}

func (p *parser) follows(k int, ids []int) bool {
	if k+len(ids) > len(p.toks) {
		return false
	}
	for i, id := range ids {
		if p.toks[k+i].id != id || p.toks[k+i].para {
			return false
		}
	}
	return true
}

// dotted says whether the point after an abbreviation belongs to it: "Dec. 7", not "on Tue. Or later".
func (p *parser) dotted(k int, c class) bool {
	if c != cMonth && c != cWday && c != cUnit && c != cRel || k+1 >= len(p.toks) || p.toks[k].end-p.toks[k].start > 5 {
		return false
	}
	if d := p.toks[k+1]; d.id != p.lex.dot || !d.tight {
		return false
	}
	if k+2 == len(p.toks) {
		return true
	}
	next := p.toks[k+2]
	return next.kind == tokNumber || next.kind == tokWord && !next.upper || next.kind == tokMark && next.tight ||
		len(next.terms) > 0 && (next.terms[0].class == cMonth || next.terms[0].class == cWday)
}

// compound adds "twenty-five", "treinta y cinco", "twenty-first".
func (p *parser) compound(out []term, k int, tens term) []term {
	next := k + 1
	if next < len(p.toks) && p.toks[next].id == p.lex.hyphen && p.toks[next].tight ||
		next < len(p.toks) && p.lex.tensJoin != unknownWord && p.toks[next].id == p.lex.tensJoin {
		next++
	}
	if next >= len(p.toks) || p.toks[next].para {
		return out
	}
	for _, t := range p.toks[next].terms {
		if (t.class == cNum && t.spelt || t.class == cOrd) && t.val >= 1 && t.val <= 9 && t.n == 1 {
			out = append(out, term{class: t.class, val: tens.val + t.val, n: next - k + 1, spelt: true})
		}
	}
	return out
}

func (p *parser) numberTerms(k int) []term {
	t := &p.toks[k]
	first := len(p.arena)
	out := p.arena
	next := token{id: unknownWord}
	if k+1 < len(p.toks) && p.toks[k+1].tight {
		next = p.toks[k+1]
		if next.kind == tokWord && (next.id == unknownWord || len(next.terms) == 0 && !p.lex.literal(next.id)) {
			return nil // "4x", "2nite"
		}
	}
	switch {
	case t.digits <= 2:
		for _, s := range next.terms {
			if s.class == cSuffix {
				out = append(out, term{class: cOrd, val: t.num, n: 2})
			}
		}
		out = append(out, term{class: cNum, val: t.num, n: 1, zeroed: t.zero && t.digits == 2})
	case t.digits <= 4:
		if t.digits == 4 && t.num >= 1900 && t.num < 2200 {
			out = append(out, term{class: cYear, val: t.num, n: 1})
		}
		if hourMinutes(t.num) {
			out = append(out, term{class: cBig, val: t.num, n: 1, zeroed: t.zero})
		}
	}
	p.arena = out
	return out[first:len(out):len(out)]
}

// literal says whether patterns name the word: the "h" of "14h30".
func (x *lexicon) literal(id int) bool { return x.literals[id] }

// itemAt is how many tokens the longest item takes that begins at i; the item is p.item.
func (p *parser) itemAt(i int) int {
	t := &p.toks[i]
	if len(t.terms) == 0 && (t.id == unknownWord || p.lex.firsts[t.id] == nil) {
		return 0
	}
	p.at = i
	found := p.matches(i)
	for len(found) > 0 {
		best := 0
		for k := range found {
			if found[k].end > found[best].end || found[k].end == found[best].end && found[k].m.rank < found[best].m.rank {
				best = k
			}
		}
		if it, ok := found[best].m.say(p, &found[best].caps); ok {
			end := found[best].end
			if it.kind == kZone {
				end = p.utcOffset(&it, end)
			}
			p.item = it
			return end - i
		}
		found[best] = found[len(found)-1]
		found = found[:len(found)-1]
	}
	return 0
}

// utcOffset reads the "+2", "-08:45" or "+0530" after UTC or GMT.
func (p *parser) utcOffset(it *item, i int) int {
	sign := p.sign(i)
	if it.zone != time.UTC || sign != '+' && sign != '-' || i+1 >= len(p.toks) || p.toks[i+1].kind != tokNumber || !p.toks[i+1].tight {
		return i
	}
	n, end := p.toks[i+1], i+2
	minutes := n.num * 60
	switch {
	case n.digits == 4:
		minutes = n.num/100*60 + n.num%100
	case n.digits > 2:
		return i
	case p.sign(end) == ':' && end+1 < len(p.toks) && p.toks[end+1].digits == 2:
		minutes, end = minutes+p.toks[end+1].num, end+2
	}
	if minutes > 14*60 {
		return i
	}
	if sign == '-' {
		minutes = -minutes
	}
	it.zone = time.FixedZone("", minutes*60)
	return end
}

// opAt is the longest operator that begins at i.
func (p *parser) opAt(i int) (op class, t term) {
	for _, t := range p.toks[i].terms {
		if t.class >= cOr {
			return t.class, t
		}
	}
	return cNone, term{}
}

// elem is an item or an operator of a group, with its tokens [start, end).
type elem struct {
	op         class
	val        int  // of an operator
	day        bool // an operator after which a number is a day
	item       item
	start, end int
}

// Bounds on what is taken for one phrase about time.
const (
	maxGroup = 48 // elements
	maxOps   = 5  // operators in a row
)

// read walks through the tokens and gathers groups: runs of items with only operators between.
func (p *parser) read() {
	group := p.elems
	ops := 0
	flush := func() {
		for n := len(group); n > 0 && group[n-1].op != cNone && group[n-1].op != cNegPost && group[n-1].op != cNot && group[n-1].op != cOnward; n = len(group) {
			group = group[:n-1]
		}
		if hasItem(group) {
			first := firstItem(group)
			p.negated = p.notAt >= 0 && first-p.notAt <= farNegate && !p.clauseSince(p.notAt, first)
			p.interpret(group)
			p.lastEnd = group[len(group)-1].end
		}
		group, ops = group[:0], 0
	}
	p.notAt = -1
	for i := 0; i < len(p.toks); {
		t := &p.toks[i]
		if t.para || p.endsSentence(i) || len(group) == maxGroup {
			flush()
		}
		if len(t.terms) > 0 && t.terms[0].class == cBlock {
			flush()
			i += t.terms[0].n
			continue
		}
		if len(t.terms) == 0 && (t.id == unknownWord || p.lex.firsts[t.id] == nil) {
			flush() // most words are none about time
			i++
			continue
		}
		n := p.itemAt(i)
		op, t1 := p.opAt(i)
		m := t1.n
		if (op == cNegPost || op == cNot) && !hasItem(group) && n < m {
			p.looseNot(op, i, m)
			p.notAway = t1.val == 1
			if op == cNegPost {
				m, n = 0, 0
			}
		}
		switch {
		case n > 0 && n >= m:
			group, ops = append(group, elem{item: p.item, start: i, end: i + n}), 0
			i += n
		case m > 0 && ops < maxOps:
			group, ops = append(group, elem{op: op, day: t1.day, val: t1.val, start: i, end: i + m}), ops+1
			i += m
		case m > 0:
			group = append(group[:0], elem{op: op, day: t1.day, val: t1.val, start: i, end: i + m})
			ops = 1
			i += m
		default:
			flush()
			i++
		}
	}
	flush()
	p.elems = group
}

// firstItem is where the first item of a group begins.
func firstItem(group []elem) int {
	for i := range group {
		if group[i].op == cNone {
			return group[i].start
		}
	}
	return 0
}

func hasItem(group []elem) bool {
	for i := range group {
		if group[i].op == cNone {
			return true
		}
	}
	return false
}

// looseNot heeds a "not" that stands apart from the time it rules out: "Friday really
// doesn't work", "I can't make it to you on Friday".
func (p *parser) looseNot(op class, i, n int) {
	if p.answers(i, n) {
		for k := p.group; k < len(p.segs); k++ {
			p.segs[k].not = true
		}
		return
	}
	if t := p.toks[i].terms; len(t) == 0 || !t[0].weak {
		p.notAt = i + n
	}
	if op == cNegPost && len(p.segs) > 0 && i-p.lastEnd <= farNegate && !p.clauseSince(p.lastEnd, i) {
		for k := p.group; k < len(p.segs); k++ {
			p.segs[k].not = true
		}
	}
}

// answers says whether the "no" at i answers a question about the group before: "Tuesday? No."
func (p *parser) answers(i, n int) bool {
	end := i + n
	return len(p.segs) > 0 && p.lastEnd == i-1 && p.sign(i-1) == '?' && (end >= len(p.toks) || p.toks[end].kind == tokMark || p.toks[end].line)
}

func (p *parser) endsSentence(i int) bool {
	switch p.sign(i) {
	case '.', '!', '?', '¿', '¡':
		return true
	}
	return false
}

// bounded says whether a number or a word that needs it ends where a time would end:
// at a sign, at a word about time, or at one that may follow a time.
func (p *parser) bounded(end int) bool {
	if end >= len(p.toks) || p.toks[end].para || p.toks[end].line {
		return true
	}
	t := p.toks[end]
	if t.kind == tokNumber {
		return false
	}
	for _, tm := range t.terms {
		switch tm.class {
		case cNoun, cBlock:
			return false
		case cFollow, cWday, cMonth, cDay, cAmPm, cZone, cRel:
			return true
		case cPart:
			return !tm.weak
		}
		if tm.class >= cOr {
			return true
		}
	}
	return t.kind == tokMark
}

// loose is bounded, or a word that nothing is known of, in lower case: enough where
// the words before are surely about time.
func (p *parser) loose(end int) bool {
	if p.bounded(end) {
		return true
	}
	t := p.toks[end]
	for _, tm := range t.terms {
		if tm.class == cNoun || tm.class == cUnit || tm.class == cBlock {
			return false
		}
	}
	return t.kind == tokWord && !t.upper
}
