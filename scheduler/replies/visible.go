package replies

import (
	"slices"
	"strings"
	"sync"
)

// maxVisible bounds what is looked at: nobody writes or quotes more, and work stays bounded.
const maxVisible = 128 << 10

// Visible is what the writer wrote: without quoted mail, mail-client headers, signatures,
// phone footers and disclaimers. Answers that stand between quoted lines stay. It knows the
// habits of the common clients in some twenty languages (quoteWords) and never fails: a
// text that it cannot take apart is returned whole.
func Visible(text string) string { return visible(text, false) }

func visible(text string, keepSignature bool) string {
	p := partings.Get().(*parts)
	defer p.release()
	p.take(text)
	p.dropQuotes()
	if !keepSignature {
		p.dropSignature()
	}
	return p.rest()
}

// splitLines cuts text into lines whatever ends them, without trailing blanks, and
// makes no-break spaces ordinary ones.
func splitLines(text string) []string { return appendLines(nil, text) }

func appendLines(lines []string, text string) []string {
	if len(text) > maxVisible {
		text = strings.ToValidUTF8(text[:maxVisible], "")
	}
	if strings.ContainsRune(text, '\r') {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	if strings.Contains(text, "\u00a0") {
		text = strings.ReplaceAll(text, "\u00a0", " ")
	}
	if strings.Contains(text, "\u202f") {
		text = strings.ReplaceAll(text, "\u202f", " ")
	}
	if strings.Contains(text, "\ufeff") {
		text = strings.ReplaceAll(text, "\ufeff", "")
	}
	for more := true; more; {
		var l string
		if l, text, more = strings.Cut(text, "\n"); l != "" && l[len(l)-1] <= ' ' {
			l = strings.TrimRight(l, " \t\v\f\x00")
		}
		lines = append(lines, l)
	}
	return lines
}

// parts is a mail taken apart line by line.
type parts struct {
	lines []string
	gone  []bool
	kept  []int // room for keptLines

	above, wide, at bool // what the text has anywhere: "bove", "：", "@"
}

// partings keeps the room of parts for the next mail.
var partings = sync.Pool{New: func() any { return new(parts) }}

func (p *parts) take(text string) {
	p.lines = appendLines(p.lines[:0], text)
	p.gone = slices.Grow(p.gone[:0], len(p.lines))[:len(p.lines)]
	clear(p.gone)
	p.above, p.wide, p.at = strings.Contains(text, "bove"), strings.Contains(text, "："), strings.Contains(text, "@")
}

// release gives the room of p back, unless it is that of a giant. Nothing of the mail stays.
func (p *parts) release() {
	if cap(p.lines) <= maxRoom {
		clear(p.lines)
		partings.Put(p)
	}
}

func (p *parts) drop(from, to int) {
	for i := from; i < to && i < len(p.gone); i++ {
		p.gone[i] = true
	}
}

func (p *parts) rest() string {
	size := 0
	for i, l := range p.lines {
		if !p.gone[i] {
			size += len(l) + 1
		}
	}
	var b strings.Builder
	b.Grow(size)
	blank := 0
	for i, l := range p.lines {
		if p.gone[i] {
			continue
		}
		if l == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if blank > 0 {
				b.WriteByte('\n')
			}
		}
		blank = 0
		b.WriteString(l)
	}
	return strings.TrimSpace(b.String())
}

// dropQuotes removes quoted mail and what introduces it. After an introduction that is
// followed by ">" lines only those go, since answers may stand below them; after any
// other everything goes to the end.
func (p *parts) dropQuotes() {
	for i := 0; i < len(p.lines); {
		if p.lines[i] == "" {
			i++
			continue
		}
		if isQuoted(p.lines[i]) {
			i = p.dropQuoted(i)
			continue
		}
		n, keep, cut := p.introduction(i)
		if n == 0 {
			i++
			continue
		}
		next := p.nextText(i + n)
		switch {
		case next < len(p.lines) && isQuoted(p.lines[next]) && !cut:
			p.drop(i, next)
		case keep == "" && p.answersBelow(i, cut):
			p.drop(i, i+n)
			next = i + n
		default:
			p.drop(i, len(p.lines))
			next = len(p.lines)
		}
		if keep != "" {
			p.lines[i], p.gone[i] = keep, false
		}
		i = next
	}
}

// answersBelow says that what follows an introduction at line i must be the answer: it is
// not marked as quoted, and nothing was written above.
func (p *parts) answersBelow(i int, cut bool) bool {
	if cut {
		return false
	}
	for k := 0; k < i; k++ {
		if !p.gone[k] && p.lines[k] != "" {
			return false
		}
	}
	return true
}

func (p *parts) nextText(i int) int {
	for i < len(p.lines) && p.lines[i] == "" {
		i++
	}
	return i
}

// dropQuoted removes the quoted block at i, with the tails that line wrapping tore off,
// and says where it ends.
func (p *parts) dropQuoted(i int) int {
	for i < len(p.lines) {
		if !isQuoted(p.lines[i]) {
			next := p.nextText(i)
			if next == len(p.lines) || !isQuoted(p.lines[next]) {
				if next == i && p.tornOff(i) {
					p.drop(i, i+1)
					i++
					continue
				}
				return i
			}
			if next == i || p.lines[i] != "" {
				return i
			}
			i = next
			continue
		}
		p.drop(i, i+1)
		i++
	}
	return i
}

// tornOff says whether line i is the tail of a link that began in the quoted line above.
func (p *parts) tornOff(i int) bool {
	if i+1 >= len(p.lines) || i == 0 {
		return false
	}
	above, l := p.lines[i-1], strings.TrimSpace(p.lines[i])
	opened := strings.LastIndex(above, "http")
	if opened > 0 && strings.ContainsAny(above[opened-1:opened], "(<") && !strings.ContainsAny(above[opened:], ")>") {
		return strings.HasSuffix(l, ")") || strings.HasSuffix(l, ">")
	}
	return strings.HasPrefix(l, "(http") && isQuoted(p.lines[i+1]) || strings.HasPrefix(l, "<http") && isQuoted(p.lines[i+1])
}

// isQuoted says whether a line is marked as quoted. Arrows around a link are not.
func isQuoted(l string) bool {
	if l == "" || l[0] != '>' && l[0] != ' ' && l[0] != '\t' {
		return false
	}
	s := withoutLead(l, " \t")
	if s == "" || s[0] != '>' {
		return false
	}
	return !strings.HasSuffix(s, "<<<")
}

// introduction recognises what stands before quoted mail at line i: how many lines it
// takes (0: none), the words before it on its first line, and whether everything after
// it belongs to the quote even when some of it is not marked.
func (p *parts) introduction(i int) (n int, keep string, cut bool) {
	l := p.lines[i]
	if len(l) > 600 {
		return 0, "", false
	}
	s := strings.TrimSpace(l)
	switch {
	case p.isSeparator(s):
		return 1, "", false
	case isRule(s):
		next := p.nextText(i + 1)
		if n := p.headerBlock(next); n > 0 {
			return next - i + n, "", true
		}
		return 0, "", false
	}
	if n := p.headerBlock(i); n > 0 {
		return n, "", true
	}
	if flattened(s) {
		return 1, "", true
	}
	if keep, ok := attributionWithin(s); ok {
		return 1, keep, false
	}
	if n := p.attribution(i); n > 0 {
		return n, "", false
	}
	return 0, "", false
}

// isRule is the line that Outlook draws above a quoted mail.
func isRule(s string) bool {
	if len(s) < 10 {
		return false
	}
	switch s[0] {
	case '_', '-', '=', '*':
		return strings.Trim(s, s[:1]) == ""
	}
	return false
}

// isSeparator is "-----Original Message-----" in the languages of quoteWords.
func (p *parts) isSeparator(s string) bool {
	if len(s) < 8 || len(s) > 120 {
		return false
	}
	words := quoteIndexes()
	if strings.HasSuffix(s, ":") {
		low := strings.ToLower(strings.TrimLeft(s, "*_- "))
		for _, w := range words.begins.of(low) {
			if strings.HasPrefix(low, w) && len(low) <= len(w)+2 {
				return true
			}
		}
	}
	if p.above && (strings.Contains(s, "above this line") || strings.Contains(s, "Reply above") || strings.Contains(s, "type your reply above")) {
		return true
	}
	if !strings.HasPrefix(s, "--") && !strings.HasPrefix(s, "__") && !strings.HasPrefix(s, "*--") {
		return false
	}
	inner := strings.Trim(s, "-_* #")
	if inner == s || inner == "" {
		return false
	}
	low := strings.ToLower(inner)
	for _, w := range words.originals.of(low) {
		if strings.HasPrefix(low, w) && len(low) <= len(w)+20 {
			return true
		}
	}
	if strings.HasSuffix(s, "--") {
		for _, w := range quoteWords.wrote {
			if strings.HasSuffix(low, " "+w) {
				return true
			}
		}
	}
	return false
}
