package mail

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxGap is how far apart the pieces of a phrase may stand.
const maxGap = 60

// A phrase is pieces of text in the order in which they stand.
type phrase []string

// phrases are looked for in words that plainWords made. They are lists and no regular
// expressions, which would take ten times as long as all the rest of reading a report.
// They are made ready when something is first looked for: a program that reads no mail
// does no work for them.
type phrases struct {
	patterns []string
	once     sync.Once
	list     []phrase
	openings []opening
	slots    []uint16 // by hash of three bytes: the first opening that begins so, from 1; 0 for none
}

// An opening is how one or more phrases begin.
type opening struct {
	piece string
	rests []phrase // what must follow, of any of them
	next  uint16   // the next opening of the same slot, from 1
}

// phrasesOf reads patterns: "{user,mailbox} … {unknown,not found}" is each of the first
// followed by each of the second within one sentence; "{is ,}" may be missing. What a
// phrase begins with has three bytes or more.
func phrasesOf(patterns ...string) *phrases { return &phrases{patterns: patterns} }

const slotBits = 11

// slot is where phrases that begin with three bytes are kept.
func slot(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 0x9E3779B1 >> (32 - slotBits)
}

func (ps *phrases) ready() { ps.once.Do(ps.build) }

func (ps *phrases) build() {
	ps.slots = make([]uint16, 1<<slotBits)
	known := map[string]int{}
	for _, pattern := range ps.patterns {
		for _, s := range expand(pattern) {
			p := phrase(strings.Split(s, "…"))
			ps.list = append(ps.list, p)
			at, seen := known[p[0]]
			if !seen {
				at = len(ps.openings)
				known[p[0]] = at
				ps.openings = append(ps.openings, opening{piece: p[0]})
			}
			ps.openings[at].rests = append(ps.openings[at].rests, p[1:])
		}
	}
	for at := range slices.Backward(ps.openings) { // so that each slot has them in order
		o := &ps.openings[at]
		s := &ps.slots[slot(o.piece[0], o.piece[1], o.piece[2])]
		o.next, *s = *s, uint16(at+1)
	}
}

// expand multiplies the alternatives in braces out.
func expand(s string) []string {
	open := strings.IndexByte(s, '{')
	if open < 0 {
		return []string{s}
	}
	end := open + strings.IndexByte(s[open:], '}')
	var all []string
	rest := expand(s[end+1:])
	for _, word := range strings.Split(s[open+1:end], ",") {
		for _, r := range rest {
			all = append(all, s[:open]+word+r)
		}
	}
	return all
}

// in says whether any of them stands in s. It goes through s once, however many there are.
func (ps *phrases) in(s string) bool {
	ps.ready()
	for i := 0; i+3 <= len(s); i++ {
		at := ps.slots[slot(s[i], s[i+1], s[i+2])]
		for at != 0 {
			o := &ps.openings[at-1]
			if strings.HasPrefix(s[i:], o.piece) && o.goesOn(s[i+len(o.piece):]) {
				return true
			}
			at = o.next
		}
	}
	return false
}

func (o *opening) goesOn(s string) bool {
	for _, rest := range o.rests {
		if rest.begins(s) {
			return true
		}
	}
	return false
}

// find is the first piece of the first of them that stands in s, or "".
func (ps *phrases) find(s string) string {
	if !ps.in(s) {
		return ""
	}
	for _, p := range ps.list {
		if p.in(s) {
			return p[0]
		}
	}
	return ""
}

// begin is the first of them, of one piece each, that s begins with.
func (ps *phrases) begin(s string) string {
	ps.ready()
	if len(s) < 3 {
		return ""
	}
	for at := ps.slots[slot(s[0], s[1], s[2])]; at != 0; at = ps.openings[at-1].next {
		if o := &ps.openings[at-1]; strings.HasPrefix(s, o.piece) {
			return o.piece
		}
	}
	return ""
}

func (p phrase) in(s string) bool {
	for {
		i := strings.Index(s, p[0])
		if i < 0 {
			return false
		}
		s = s[i+len(p[0]):]
		if p[1:].begins(s) {
			return true
		}
	}
}

// begins says whether these pieces follow, in turn, near the beginning of s.
func (p phrase) begins(s string) bool {
	for _, piece := range p {
		near := clip(s, maxGap+len(piece))
		i := strings.Index(near, piece)
		if i < 0 || strings.Contains(near[:i], ". ") || strings.IndexByte(near[:i], ';') >= 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return true
}

// plainWords are words as phrases are written: in lower case, on one line with one space
// between and one at either end, with plain apostrophes.
func plainWords(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(' ')
	within := false // a word
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			i += n
			if !unicode.IsSpace(r) {
				if r = unicode.ToLower(r); r == '’' {
					r = '\''
				}
				b.WriteRune(r)
				within = true
				continue
			}
		case c > ' ' || c < '\t' || c > '\r' && c < ' ':
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			within = true
			i++
			continue
		default:
			i++
		}
		if within {
			b.WriteByte(' ')
			within = false
		}
	}
	if within {
		b.WriteByte(' ')
	}
	return b.String()
}
