package mail

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxHTML     = 512 << 10 // bytes of an HTML part that are read: an answer stands above what it quotes
	maxText     = 1 << 20   // bytes of text that are kept
	maxQuoting  = 12        // "> " before a line, at most
	maxHTMLMark = 512       // elements open at once of which more than their name is known
)

// htmlText makes text of HTML: what a person sees, with quotes marked by "> " as in plain
// mail, so that whoever looks for their own words finds them. Links keep their words alone.
// It reads tokens, not a tree: html.Parse gives up on 512 nested elements and can take
// time that grows with the square of its input.
func htmlText(src string) string {
	if len(src) > maxHTML {
		src = src[:maxHTML]
	}
	w := &htmlWriter{}
	w.out.Grow(len(src) / 8)
	w.read(src)
	if !w.any {
		// An element that hides its text was never closed: rather too much text than none.
		w = &htmlWriter{showAll: true}
		w.read(src)
	}
	return strings.TrimSpace(w.out.String())
}

func (w *htmlWriter) read(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(maxHTML)
	for w.out.Len() < maxText {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			w.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			w.open(atom.Lookup(name), attributes(z, more))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

// attrs are what the attributes of an element say of its place in a mail.
type attrs struct {
	alt    string
	quote  bool // it holds quoted mail alone
	divide bool // it stands between an answer and what is quoted
	hidden bool // it is not shown
}

func attributes(z *html.Tokenizer, more bool) (a attrs) {
	for n := 0; more && n < 64; n++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "class":
			a.quote = a.quote || quoteClass(v)
		case "id":
			a.quote = a.quote || quoteID(string(v))
			a.divide = a.divide || dividerID(string(v))
		case "style":
			if len(v) > 0 {
				a.style(v)
			}
		case "alt":
			a.alt = string(v)
		case "hidden":
			a.hidden = true
		}
	}
	return a
}

// style reads what is written in a style attribute.
func (a *attrs) style(v []byte) {
	if !speaks(v) {
		return
	}
	spaced := strings.ToLower(string(v))
	s := strings.ReplaceAll(spaced, " ", "")
	if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") || strings.Contains(s, "mso-hide:all") {
		a.hidden = true
	}
	// Outlook on desktops draws a line above the head of a quoted mail.
	if strings.Contains(spaced, "border-top:solid") && strings.Contains(s, "border:none") {
		a.divide = true
	}
}

// sayings are the values of a style that style looks for.
var sayings = [...]string{"none", "hidden", "all", "solid"}

// speaks says whether one of sayings stands behind a colon in v.
func speaks(v []byte) bool {
	for {
		i := bytes.IndexByte(v, ':')
		if i < 0 {
			return false
		}
		v = bytes.TrimLeft(v[i+1:], " ")
		for _, w := range sayings {
			if len(v) >= len(w) && strings.EqualFold(string(v[:len(w)]), w) {
				return true
			}
		}
	}
}

type markKind int

const (
	quoted markKind = iota // its text is quoted mail
	unseen                 // its text is not shown
)

// A mark is an open element within which text is treated in another way.
type mark struct {
	tag   atom.Atom
	depth int
	kind  markKind
}

// A depth is how many elements of one name are open.
type depth struct {
	tag atom.Atom
	n   int
}

type htmlWriter struct {
	out     strings.Builder
	marks   []mark
	depths  []depth // open elements by name
	quotes  int
	unseen  int
	pre     int
	lists   []int // of each open list the number of its last item; -1 for bullets
	breaks  int   // line ends to write before the next word
	space   bool  // white space to write before it
	started bool  // the line has words
	any     bool  // there are words at all
	showAll bool  // nothing is unseen
}

func (w *htmlWriter) open(tag atom.Atom, a attrs) {
	if void(tag) {
		w.void(tag, a)
		return
	}
	*w.depth(tag)++
	w.block(tag)
	switch {
	case tag == atom.Blockquote || a.quote:
		w.mark(tag, quoted)
	case invisible(tag) || a.hidden:
		w.mark(tag, unseen)
	}
	switch tag {
	case atom.Ul:
		w.list(-1)
	case atom.Ol:
		w.list(0)
	case atom.Li:
		w.item()
	case atom.Pre:
		w.pre++
	case atom.Td, atom.Th:
		w.space = true
	case atom.Div:
		if a.divide {
			w.rule()
		}
	}
}

func (w *htmlWriter) void(tag atom.Atom, a attrs) {
	switch tag {
	case atom.Br:
		w.breakLine()
	case atom.Hr:
		w.rule()
	case atom.Img:
		// Phones and web mail write emoji as pictures; other alt texts are no words of the writer.
		if a.alt != "" && utf8.RuneCountInString(a.alt) <= 8 && !asciiWord(a.alt) {
			w.text([]byte(a.alt))
		}
	}
}

func (w *htmlWriter) close(tag atom.Atom) {
	open := w.depth(tag)
	if *open == 0 {
		if tag == atom.P || tag == atom.Br {
			w.breakLine() // as browsers do for a stray </p>
		}
		return
	}
	*open--
	for n := len(w.marks); n > 0 && w.marks[n-1].tag == tag && w.marks[n-1].depth > *open; n-- {
		w.unmark(w.marks[n-1])
		w.marks = w.marks[:n-1]
	}
	switch tag {
	case atom.Ul, atom.Ol:
		if n := len(w.lists); n > 0 {
			w.lists = w.lists[:n-1]
		}
	case atom.Pre:
		w.pre--
	}
	w.block(tag)
}

// depth is how many elements of that name are open. There are few names: those that are
// known to HTML, and one for all others.
func (w *htmlWriter) depth(tag atom.Atom) *int {
	for i := range w.depths {
		if w.depths[i].tag == tag {
			return &w.depths[i].n
		}
	}
	w.depths = append(w.depths, depth{tag: tag})
	return &w.depths[len(w.depths)-1].n
}

func (w *htmlWriter) mark(tag atom.Atom, kind markKind) {
	if len(w.marks) >= maxHTMLMark || kind == unseen && w.showAll {
		return
	}
	w.marks = append(w.marks, mark{tag, *w.depth(tag), kind})
	if kind == quoted {
		w.lineEnd(1)
		w.quotes++
	} else {
		w.unseen++
	}
}

func (w *htmlWriter) unmark(m mark) {
	if m.kind == quoted {
		w.lineEnd(1)
		w.quotes--
	} else {
		w.unseen--
	}
}

func (w *htmlWriter) list(n int) {
	if len(w.lists) < maxHTMLMark {
		w.lists = append(w.lists, n)
	}
}

func (w *htmlWriter) item() {
	bullet := "-"
	if n := len(w.lists); n > 0 && w.lists[n-1] >= 0 {
		w.lists[n-1]++
		bullet = strconv.Itoa(w.lists[n-1]) + "."
	}
	w.word([]byte(bullet))
	w.space = true
}

// rule is the line with which mail programs part a quoted mail from the answer above it.
func (w *htmlWriter) rule() {
	w.lineEnd(1)
	w.word([]byte("________________________________"))
	w.lineEnd(1)
}

// block ends the line before and after elements that stand on lines of their own.
func (w *htmlWriter) block(tag atom.Atom) {
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl:
		w.lineEnd(2)
	case atom.Div, atom.Blockquote, atom.Table, atom.Tr, atom.Ul, atom.Ol, atom.Li, atom.Pre, atom.Section,
		atom.Article, atom.Header, atom.Footer, atom.Center, atom.Form, atom.Dt, atom.Dd, atom.Address,
		atom.Body, atom.Title, atom.Fieldset, atom.Main, atom.Aside, atom.Nav, atom.Caption:
		w.lineEnd(1)
	}
}

// lineEnd asks for n line ends before the next word, unless nothing is there yet.
func (w *htmlWriter) lineEnd(n int) {
	w.space = false
	if w.started {
		w.breaks = max(w.breaks, n)
	} else if w.any {
		w.breaks = max(w.breaks, n-1)
	}
}

func (w *htmlWriter) breakLine() {
	if w.unseen > 0 || !w.any && !w.started {
		return
	}
	w.space = false
	w.breaks++
	w.flushBreaks()
}

func (w *htmlWriter) flushBreaks() {
	for ; w.breaks > 0; w.breaks-- {
		if !w.started && w.quotes > 0 {
			w.out.WriteByte('>')
		}
		w.out.WriteByte('\n')
		w.started = false
	}
}

func (w *htmlWriter) text(b []byte) {
	if w.unseen > 0 {
		return
	}
	if w.pre > 0 {
		for i, line := range bytes.Split(b, []byte("\n")) {
			if i > 0 {
				w.breakLine()
			}
			if line = bytes.TrimRight(line, "\r"); len(line) > 0 {
				w.word(line)
			}
		}
		return
	}
	for len(b) > 0 {
		i, n, wide := 0, 0, true
		for i < len(b) {
			if c := b[i]; c > ' ' && c < 0xC2 {
				i++
				continue
			}
			if n, wide = blank(b[i:]); n > 0 {
				break
			}
			i++
		}
		if i > 0 {
			w.word(b[:i])
		}
		b = b[i+n:]
		if n > 0 && wide {
			w.space = true
		}
	}
}

// blank is the length of the white space that b begins with, and whether it has a width:
// mailings fill their first line, and cut long words, with characters that have none.
func blank(b []byte) (n int, wide bool) {
	if b[0] <= ' ' {
		return 1, true
	}
	if b[0] < 0xC2 {
		return 0, false
	}
	switch r, n := utf8.DecodeRune(b); r {
	case '\u00A0', '\u2007', '\u3000':
		return n, true
	case '\u00AD', '\u034F', '\u200B', '\uFEFF':
		return n, false
	}
	return 0, false
}

func (w *htmlWriter) word(s []byte) {
	if w.unseen > 0 {
		return
	}
	w.flushBreaks()
	if !w.started {
		for range min(w.quotes, maxQuoting) {
			w.out.WriteString("> ")
		}
	} else if w.space {
		w.out.WriteByte(' ')
	}
	w.out.Write(s)
	w.space, w.started, w.any = false, true, true
}

func void(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Meta, atom.Link, atom.Wbr, atom.Col, atom.Area, atom.Base, atom.Embed, atom.Source, atom.Track, atom.Param:
		return true
	}
	return false
}

func invisible(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Object, atom.Select, atom.Textarea, atom.Svg:
		return true
	}
	return false
}

// quoteClass and quoteID know the elements, other than blockquote, that hold quoted mail alone.
func quoteClass(class []byte) bool {
	return bytes.Contains(class, []byte("yahoo_quoted")) || bytes.Contains(class, []byte("OLK_SRC_BODY"))
}

func quoteID(id string) bool { return id == "yahoo_quoted" || id == "OLK_SRC_BODY_SECTION" }

// dividerID knows the element that Outlook puts above the head of a quoted mail on the
// web and on phones.
func dividerID(id string) bool {
	return id == "divRplyFwdMsg" || id == "x_divRplyFwdMsg" || id == "mail-editor-reference-message-container"
}

func asciiWord(s string) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return true
		}
	}
	return false
}
