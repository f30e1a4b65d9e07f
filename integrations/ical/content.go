package ical

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"
)

const (
	maxObject = 4 << 20 // bytes of one object that is read whole
	maxDepth  = 16      // components within components
)

// property is one content line (RFC 5545 3.1).
type property struct {
	name   string // upper case
	params []param
	value  string // as written: TEXT is still escaped
	line   string // the whole line as it was read; "" for one of ours
}

// param is a property parameter, without quotes and with RFC 6868 undone.
type param struct{ name, value string }

// param is the value of a parameter; "" when it is not there.
func (p property) param(name string) string {
	for _, x := range p.params {
		if x.name == name {
			return x.value
		}
	}
	return ""
}

// component is BEGIN to END.
type component struct {
	name     string
	props    []property
	children []*component
	ended    bool
}

// get is the first property of that name.
func (c *component) get(name string) (property, bool) {
	for _, p := range c.props {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// text is the first property of that name, unescaped.
func (c *component) text(name string) string {
	p, _ := c.get(name)
	return unescape(p.value)
}

// parse reads an object: its first VCALENDAR. Lines that are no content lines are passed
// over, as are a byte order mark and ends of components that never began.
func parse(b []byte) (*component, error) {
	root, err := parseTree(b)
	if err != nil {
		return nil, err
	}
	for _, c := range root.children {
		if c.name == "VCALENDAR" {
			return c, nil
		}
	}
	return nil, errors.New("read the calendar object: there is no VCALENDAR in it")
}

// parseTree reads components into the children of a nameless one.
func parseTree(b []byte) (*component, error) {
	if len(b) > maxObject {
		return nil, errors.New("read the calendar object: it is over 4 MiB large")
	}
	root := &component{}
	stack := []*component{root}
	for line := range unfold(b) {
		p, ok := parseLine(line)
		if !ok {
			continue
		}
		top := stack[len(stack)-1]
		switch p.name {
		case "BEGIN":
			if len(stack) > maxDepth {
				return nil, errors.New("read the calendar object: components nest too deep")
			}
			c := &component{name: strings.ToUpper(strings.TrimSpace(p.value))}
			top.children = append(top.children, c)
			stack = append(stack, c)
		case "END":
			stack = ended(stack, strings.ToUpper(strings.TrimSpace(p.value)))
		default:
			top.props = append(top.props, p)
		}
	}
	return root, nil
}

// ended closes the innermost component of that name and those within it that did not end.
func ended(stack []*component, name string) []*component {
	for i := len(stack) - 1; i > 0; i-- {
		if stack[i].name == name {
			stack[i].ended = true
			return stack[:i]
		}
	}
	return stack
}

// unfold yields content lines with their folds removed. It takes bare LF and bare CR too.
func unfold(b []byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		b := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		var line []byte
		for len(b) > 0 {
			n := bytes.IndexAny(b, "\r\n")
			part := b
			if n < 0 {
				b = nil
			} else {
				part = b[:n]
				if b[n] == '\r' && n+1 < len(b) && b[n+1] == '\n' {
					n++
				}
				b = b[n+1:]
			}
			if len(part) > 0 && (part[0] == ' ' || part[0] == '\t') {
				line = append(line, part[1:]...)
				continue
			}
			if len(line) > 0 && !yield(strings.ToValidUTF8(string(line), "\uFFFD")) {
				return
			}
			line = append(line[:0], part...)
		}
		if len(line) > 0 {
			yield(strings.ToValidUTF8(string(line), "\uFFFD"))
		}
	}
}

// parseLine takes a content line apart.
func parseLine(line string) (p property, ok bool) {
	i := strings.IndexAny(line, ":;")
	if i <= 0 {
		return p, false
	}
	p.name, p.line = strings.ToUpper(strings.TrimSpace(line[:i])), line
	if strings.ContainsAny(p.name, " \t\",") { // words that happen to have a colon
		return p, false
	}
	for line[i] == ';' {
		rest := line[i+1:]
		eq := strings.IndexByte(rest, '=')
		if eq < 0 {
			return p, false
		}
		value, n := paramValue(rest[eq+1:])
		p.params = append(p.params, param{strings.ToUpper(strings.TrimSpace(rest[:eq])), value})
		i += 1 + eq + 1 + n
		if i >= len(line) {
			return p, false
		}
	}
	p.value = line[i+1:]
	return p, true
}

// paramValue reads a value up to the next ; or : outside quotes.
func paramValue(s string) (value string, n int) {
	quoted := false
	var b strings.Builder
	for n < len(s) {
		c := s[n]
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == ':'):
			return b.String(), n
		case c == '^' && n+1 < len(s) && strings.IndexByte("n^'", s[n+1]) >= 0: // RFC 6868
			n++
			b.WriteByte(map[byte]byte{'n': '\n', '^': '^', '\'': '"'}[s[n]])
		default:
			b.WriteByte(c)
		}
		n++
	}
	return b.String(), n
}

// unescape reads TEXT (RFC 5545 3.3.11). A backslash before any other character is one.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',':
			b.WriteByte(s[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// escape writes TEXT.
func escape(s string) string {
	const special = "\\;,\r\n"
	at := strings.IndexAny(s, special)
	if at < 0 {
		return s
	}
	b := make([]byte, 0, len(s)+len(s)/16+8)
	for ; at >= 0; at = strings.IndexAny(s, special) {
		b = append(b, s[:at]...)
		switch c := s[at]; c {
		case '\r', '\n':
			b = append(b, `\n`...)
			if strings.HasPrefix(s[at:], "\r\n") {
				at++
			}
		default:
			b = append(b, '\\', c)
		}
		s = s[at+1:]
	}
	return string(append(b, s...))
}

// writer writes content lines.
type writer struct {
	b    bytes.Buffer
	line []byte // memory for a line
}

// raw writes a property; its value is written as it is.
func (w *writer) raw(name, value string, params ...param) {
	line := append(w.line[:0], name...)
	for _, p := range params {
		line = append(append(append(line, ';'), p.name...), '=')
		line = append(line, quote(p.value)...)
	}
	w.line = append(append(line, ':'), noControl(value)...)
	fold(&w.b, w.line)
}

// text writes a TEXT property, or nothing when there is no text.
func (w *writer) text(name, value string, params ...param) {
	if value != "" {
		w.raw(name, escape(value), params...)
	}
}

// property writes a property; one that was read, just as it was.
func (w *writer) property(p property) {
	if p.line != "" {
		w.line = append(w.line[:0], p.line...)
		fold(&w.b, w.line)
		return
	}
	w.raw(p.name, p.value, p.params...)
}

// noControl keeps line ends and other controls of a value from becoming lines of their own.
func noControl(s string) string {
	clean := true
	for i := 0; clean && i < len(s); i++ {
		c := s[i]
		clean = c >= ' ' && c != 0x7f && c < utf8.RuneSelf || c == '\t'
	}
	if clean { // as most are
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// quote writes a parameter value; quotes within it cannot be written (RFC 5545 3.2) and
// become apostrophes.
func quote(s string) string {
	s = strings.ReplaceAll(noControl(s), `"`, "'")
	if strings.ContainsAny(s, ":;,") {
		return `"` + s + `"`
	}
	return s
}

// fold writes a line in pieces of at most 75 octets, never within a character (RFC 5545 3.1).
func fold(b *bytes.Buffer, line []byte) {
	room := 75
	for len(line) > room {
		n := room
		for n > 0 && !utf8.RuneStart(line[n]) {
			n--
		}
		if n == 0 { // not UTF-8: cut anywhere
			n = room
		}
		b.Write(line[:n])
		b.WriteString("\r\n ")
		line, room = line[n:], 74
	}
	b.Write(line)
	b.WriteString("\r\n")
}
