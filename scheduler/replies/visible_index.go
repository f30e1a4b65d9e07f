package replies

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// byByte are words by one of their bytes, the first or the last.
type byByte [256][]string

func byFirst(words []string) *byByte {
	var b byByte
	for _, w := range words {
		b[w[0]] = append(b[w[0]], w)
	}
	return &b
}

func byLast(words []string) *byByte {
	var b byByte
	for _, w := range words {
		last := w[len(w)-1]
		b[last] = append(b[last], w)
	}
	return &b
}

// of are the words that s may begin with.
func (b *byByte) of(s string) []string {
	if s == "" {
		return nil
	}
	return b[s[0]]
}

// begin says whether s begins with one of the words.
func (b *byByte) begin(s string) bool {
	for _, w := range b.of(s) {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// beginFold says whether s begins with one of the words, which are in lower case, in any case.
func (b *byByte) beginFold(s string) bool {
	if s == "" {
		return false
	}
	if s[0] >= utf8.RuneSelf {
		return b.begin(strings.ToLower(s))
	}
	for _, w := range b[lowerByte(s[0])] {
		n := 0
		for n < len(w) && n < len(s) && s[n] < utf8.RuneSelf && lowerByte(s[n]) == w[n] {
			n++
		}
		if n == len(w) || n < len(s) && s[n] >= utf8.RuneSelf && strings.HasPrefix(strings.ToLower(s), w) {
			return true
		}
	}
	return false
}

// may says whether s, in lower case, could begin with one of the words.
func (b *byByte) may(s string) bool {
	return s != "" && (s[0] >= utf8.RuneSelf || len(b[lowerByte(s[0])]) > 0)
}

// maxOpening is longer than any of footerWords, in either case.
const maxOpening = 160

// withoutLead is s without the ASCII marks that it begins with.
func withoutLead(s, marks string) string {
	for s != "" && strings.IndexByte(marks, s[0]) >= 0 {
		s = s[1:]
	}
	return s
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// maxWrote is longer than any of quoteWords.wrote with the rune before it, in either case.
const maxWrote = 128

// quoteIndexes are quoteWords and footerWords by their first bytes, wrote by the last.
var quoteIndexes = sync.OnceValue(func() *quoteIndex {
	var within []string
	for _, w := range quoteWords.wrote {
		within = append(within, " "+w+" ")
	}
	return &quoteIndex{within: within, on: byFirst(quoteWords.on), wrote: byLast(quoteWords.wrote), originals: byFirst(quoteWords.originals), begins: byFirst(quoteWords.begins),
		sentFrom: byFirst(footerWords.sentFrom), legal: byFirst(footerWords.legal)}
})

type quoteIndex struct {
	on, wrote, originals, begins, sentFrom, legal *byByte
	within                                        []string // quoteWords.wrote between spaces
}
