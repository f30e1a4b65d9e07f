package mail

import "strings"

// maxGap is how far apart the pieces of a phrase may stand.
const maxGap = 60

// A phrase is pieces of text in the order in which they stand.
type phrase []string

// phrases are looked for in words that plainWords made. They are lists and no regular
// expressions, which would take ten times as long as all the rest of reading a report.
type phrases []phrase

// phrasesOf reads patterns: "{user,mailbox} … {unknown,not found}" is each of the first
// followed by each of the second within one sentence; "{is ,}" may be missing.
func phrasesOf(patterns ...string) phrases {
	var ps phrases
	for _, pattern := range patterns {
		for _, s := range expand(pattern) {
			ps = append(ps, strings.Split(s, "…"))
		}
	}
	return ps
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

// in says whether any of them stands in s.
func (ps phrases) in(s string) bool { return ps.find(s) != "" }

// find is the first piece of the first of them that stands in s, or "".
func (ps phrases) find(s string) string {
	for _, p := range ps {
		if p.in(s) {
			return p[0]
		}
	}
	return ""
}

// begin is the one of them, of one piece each, that s begins with.
func (ps phrases) begin(s string) string {
	for _, p := range ps {
		if strings.HasPrefix(s, p[0]) {
			return p[0]
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
		if p.goesOn(s) {
			return true
		}
	}
}

// goesOn says whether the pieces after the first follow at the beginning of s.
func (p phrase) goesOn(s string) bool {
	for _, piece := range p[1:] {
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
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		b.WriteString(w)
		b.WriteByte(' ')
	}
	words := b.String()
	if strings.Contains(words, "’") {
		words = strings.ReplaceAll(words, "’", "'")
	}
	return words
}
