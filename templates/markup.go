package templates

import (
	"strings"
	"unicode/utf8"
)

// What a template writes is a mail in plain words with a light markup, one paragraph to a
// line. It is read once into blocks, of which both the text/plain and the text/html part
// are made, so that the two always say the same:
//
//	# This week          a heading
//	- a line             an item; lines after it that begin with two blanks belong to it
//	1) 2 pm              a numbered answer to tap
//	* done               another answer to tap
//	> their words        quoted, line by line
//	When:: Tuesday       a fact
//	~ small print        said quietly
//	anything else        a paragraph; lines that follow each other stay lines
//
// Within a line these marks, which only indy's own methods can write, enclose a tappable
// answer (words to send, label), strong words, and the name of a chart.
const (
	tapOpen   = "\x02"
	tapLabel  = "\x1f"
	tapEnd    = "\x03"
	boldOpen  = "\x04"
	boldEnd   = "\x05"
	chartMark = "\x06"
	linkOpen  = "\x0e"
	linkEnd   = "\x0f"
)

type blockKind string

const (
	paragraph blockKind = "paragraph"
	heading   blockKind = "heading"
	bullets   blockKind = "bullets"
	answers   blockKind = "answers"
	quotation blockKind = "quotation"
	facts     blockKind = "facts"
	small     blockKind = "small"
	picture   blockKind = "picture"
)

// A block is a run of lines of one kind.
type block struct {
	kind  blockKind
	items []item
}

// An item is one line of a block.
type item struct {
	label string   // of a fact; the number of an answer
	text  string   // with marks
	more  []string // lines that belong to it
}

// blocksOf reads what a template wrote.
func blocksOf(s string) []block {
	var blocks []block
	fresh := true // the next line begins a new block
	add := func(kind blockKind, it item) {
		if last := len(blocks) - 1; !fresh && last >= 0 && blocks[last].kind == kind {
			blocks[last].items = append(blocks[last].items, it)
		} else {
			blocks = append(blocks, block{kind, []item{it}})
		}
		fresh = kind == heading || kind == picture
	}
	for _, raw := range strings.Split(s, "\n") {
		line := strings.TrimSpace(raw)
		if line == "" {
			fresh = fresh || raw == "" // a line of blanks had nothing to say, but ends nothing
			continue
		}
		if more := belongsToItem(raw, blocks, fresh); more != nil {
			more.more = append(more.more, line)
			continue
		}
		kind, it := lineOf(line)
		add(kind, it)
	}
	return blocks
}

func belongsToItem(raw string, blocks []block, fresh bool) *item {
	if fresh || !strings.HasPrefix(raw, "  ") || len(blocks) == 0 {
		return nil
	}
	last := &blocks[len(blocks)-1]
	if last.kind != bullets {
		return nil
	}
	return &last.items[len(last.items)-1]
}

func lineOf(line string) (blockKind, item) {
	switch {
	case strings.HasPrefix(line, "# "):
		return heading, item{text: line[2:]}
	case strings.HasPrefix(line, "- "):
		return bullets, item{text: line[2:]}
	case strings.HasPrefix(line, "* "):
		return answers, item{text: line[2:]}
	case strings.HasPrefix(line, ">"):
		return quotation, item{text: strings.TrimPrefix(line[1:], " ")}
	case strings.HasPrefix(line, "~ "):
		return small, item{text: line[2:]}
	case strings.HasPrefix(line, chartMark):
		return picture, item{text: strings.Trim(line, chartMark)}
	}
	if number, rest, ok := strings.Cut(line, ") "); ok && isNumber(number) {
		return answers, item{label: number, text: rest}
	}
	if label, rest, ok := strings.Cut(line, ":: "); ok && utf8.RuneCountInString(label) <= 24 && !strings.ContainsAny(label, ".,;:"+tapOpen+boldOpen+linkOpen) {
		return facts, item{label: label, text: rest}
	}
	return paragraph, item{text: line}
}

func isNumber(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 2
}

// width is how many columns the lines of text/plain fill (RFC 5322 2.1.1 asks for 78 at most).
const width = 74

// plainText writes blocks as text in lines of at most columns; 0 leaves every line whole.
func plainText(blocks []block, columns int) string {
	b := plain{columns: columns}
	for i, bl := range blocks {
		if i > 0 && bl.kind != picture {
			b.WriteString("\n")
		}
		for _, it := range bl.items {
			b.item(bl.kind, it)
		}
	}
	return b.String()
}

// A plain is text on its way.
type plain struct {
	strings.Builder
	columns int
}

func (b *plain) item(kind blockKind, it item) {
	text := unmarked(it.text)
	switch kind {
	case heading:
		b.wrap("", "", text)
		b.WriteString(strings.Repeat("-", min(utf8.RuneCountInString(text), width)) + "\n")
	case bullets:
		b.wrap("- ", "  ", text)
		for _, m := range it.more {
			b.wrap("  ", "  ", unmarked(m))
		}
	case answers:
		if it.label == "" {
			b.wrap("- ", "  ", text)
		} else {
			b.wrap(it.label+") ", strings.Repeat(" ", len(it.label)+2), text)
		}
	case quotation:
		if utf8.RuneCountInString(text) <= width { // often wrapped already: leave it as it stands
			b.WriteString(strings.TrimRight("> "+text, " ") + "\n")
			return
		}
		b.wrap("> ", "> ", text)
	case facts:
		b.wrap(it.label+": ", "  ", text)
	case picture: // its figures stand beside it in words
	default:
		b.wrap("", "", text)
	}
}

// unmarked is a line as text: of an answer to tap its label, of strong words the words.
func unmarked(s string) string {
	const marks = tapOpen + boldOpen + boldEnd + linkOpen
	if !strings.ContainsAny(s, marks) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		i := strings.IndexAny(s, marks)
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		mark := s[i : i+1]
		s = s[i+1:]
		end := tapEnd
		if mark == linkOpen {
			end = linkEnd
		}
		if mark == tapOpen || mark == linkOpen {
			inside, rest, _ := strings.Cut(s, end)
			_, label, _ := strings.Cut(inside, tapLabel)
			b.WriteString(label)
			s = rest
		}
	}
	return b.String()
}

// wrap writes text in lines of at most so many columns. A word that is longer, such as an
// address of the web, gets a line of its own.
func (b *plain) wrap(first, rest, text string) {
	if b.columns == 0 {
		b.WriteString(first)
		b.WriteString(oneLine(text))
		b.WriteString("\n")
		return
	}
	column := utf8.RuneCountInString(first)
	b.WriteString(first)
	empty := true
	for _, word := range unbroken(text) {
		n := utf8.RuneCountInString(word)
		if !empty && column+1+n > b.columns {
			b.WriteString("\n" + rest)
			column, empty = utf8.RuneCountInString(rest), true
		}
		if !empty {
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column, empty = column+n, false
	}
	b.WriteString("\n")
}

// unbroken are what lines may be broken between: "2:00 pm" stays together.
func unbroken(text string) []string {
	all := strings.Fields(text)
	out := all[:0]
	for _, w := range all {
		if last := len(out) - 1; last >= 0 && len(w) >= 2 && (w[:2] == "pm" || w[:2] == "am") && endsInDigit(out[last]) {
			out[last] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}

func endsInDigit(s string) bool { return s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }
