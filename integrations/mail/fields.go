package mail

import (
	"bytes"
	"strings"
)

// Bounds on the head of a mail. Real heads, long chains of Received and ARC fields
// included, stay far below them.
const (
	maxHeadBytes = 512 << 10
	maxFields    = 2000
	maxJunkLines = 16  // lines in a head that are no fields
	junkLooks    = 200 // lines looked at beyond such a line for more of the head
)

// A field is one header field. The value is as it was sent, folded lines included.
type field struct {
	name  string
	value string
}

func (f *field) is(name string) bool {
	return len(f.name) == len(name) && strings.EqualFold(f.name, name)
}

// fields is a head, in the order in which it was sent.
type fields []field

// get is the first field of that name, unfolded and trimmed, or "".
func (h fields) get(name string) string {
	for i := range h {
		if h[i].is(name) {
			return unfold(h[i].value)
		}
	}
	return ""
}

// has says whether there is a field of that name, empty or not.
func (h fields) has(name string) bool {
	for i := range h {
		if h[i].is(name) {
			return true
		}
	}
	return false
}

// all is every field of that name, unfolded and trimmed.
func (h fields) all(name string) []string {
	var vs []string
	for i := range h {
		if h[i].is(name) {
			vs = append(vs, unfold(h[i].value))
		}
	}
	return vs
}

// A nameSet is which names there are among some fields, as far as a hash tells: it may
// have others as well.
type nameSet [4]uint64

func namesOf(h fields) (s nameSet) {
	for i := range h {
		if n := nameHash(h[i].name); h[i].name != "" {
			s[n/64] |= 1 << (n % 64)
		}
	}
	return s
}

func (s *nameSet) may(name string) bool {
	n := nameHash(name)
	return s[n/64]&(1<<(n%64)) != 0
}

// nameHash goes by length, first and last letter, in either case.
func nameHash(name string) uint8 {
	if name == "" {
		return 0
	}
	return uint8(len(name)*37) ^ (name[0]|0x20)*11 ^ (name[len(name)-1]|0x20)*5
}

// unfold undoes RFC 5322 2.2.3 and cuts white space at both ends.
func unfold(v string) string {
	v = strings.TrimSpace(v)
	if strings.IndexByte(v, '\n') < 0 && strings.IndexByte(v, '\r') < 0 {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for len(v) > 0 {
		i := strings.IndexAny(v, "\r\n")
		if i < 0 {
			b.WriteString(v)
			break
		}
		b.WriteString(v[:i])
		v = strings.TrimLeft(v[i:], "\r\n")
		if v != "" && v[0] != ' ' && v[0] != '\t' {
			b.WriteByte(' ') // a continuation that was not indented
		}
	}
	return b.String()
}

// splitHead takes the head off a mail or a part. It never fails: lines that are no
// fields are passed over while more of the head follows, and begin the body otherwise.
func splitHead(raw []byte) (h fields, body []byte) {
	type span struct{ name, nameEnd, colon, end int }
	spans := make([]span, 0, 40)
	pos, junk := 0, 0
	open := false // the line before belongs to a field, so that it may be continued
scan:
	for pos < len(raw) && pos < maxHeadBytes && len(spans) < maxFields {
		line, next := cutLine(raw, pos)
		blank := len(line) == 0 || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0
		switch colon := fieldColon(line); {
		case len(line) == 0, blank && !headGoesOn(raw, next):
			pos = next
			break scan
		case blank:
		case line[0] == ' ' || line[0] == '\t':
			if open {
				spans[len(spans)-1].end = pos + len(line)
			}
		case colon > 0:
			spans = append(spans, span{pos, pos + nameEnd(line[:colon]), pos + colon, pos + len(line)})
			open = true
		default:
			if junk++; junk > maxJunkLines || !headGoesOn(raw, next) {
				break scan
			}
			open = false
		}
		pos = next
	}
	head := string(raw[:pos])
	h = make(fields, len(spans))
	for i, s := range spans {
		h[i] = field{head[s.name:s.nameEnd], head[s.colon+1 : s.end]}
	}
	return h, raw[pos:]
}

// cutLine is the line at pos without its end, and where the next one begins. A lone CR
// ends a line only where the mail has no LF at all; see mendLines.
func cutLine(raw []byte, pos int) (line []byte, next int) {
	i := bytes.IndexByte(raw[pos:], '\n')
	if i < 0 {
		return bytes.TrimSuffix(raw[pos:], []byte("\r")), len(raw)
	}
	return bytes.TrimSuffix(raw[pos:pos+i], []byte("\r")), pos + i + 1
}

// fieldColon is where the name of a field ends (RFC 5322 3.6.8), or -1 when the line is none.
// White space before the colon is let pass (RFC 5322 4.5).
func fieldColon(line []byte) int {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return -1
	}
	name := line[:nameEnd(line[:colon])]
	if len(name) == 0 || len(name) > 100 {
		return -1
	}
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return -1
		}
	}
	return colon
}

// nameEnd is where a name ends that white space may follow.
func nameEnd(name []byte) int {
	n := len(name)
	for n > 0 && (name[n-1] == ' ' || name[n-1] == '\t') {
		n--
	}
	return n
}

// headGoesOn looks on from pos, to the next blank line, for a field that only a head has.
func headGoesOn(raw []byte, pos int) bool {
	for range junkLooks {
		if pos >= len(raw) {
			return false
		}
		line, next := cutLine(raw, pos)
		if len(bytes.TrimSpace(line)) == 0 {
			return false
		}
		if colon := fieldColon(line); colon > 0 && headOnly(strings.ToLower(string(bytes.TrimSpace(line[:colon])))) {
			return true
		}
		pos = next
	}
	return false
}

// headOnly says of a field's name, in lower case, that a mail's own words would not begin
// a line with it.
func headOnly(name string) bool {
	switch name {
	case "received", "return-path", "message-id", "mime-version",
		"content-type", "content-transfer-encoding", "content-disposition",
		"in-reply-to", "references", "delivered-to", "dkim-signature",
		"reply-to", "x-mailer", "user-agent", "auto-submitted",
		"received-spf", "authentication-results", "subject", "from",
		"to", "date", "status", "x-original-to", "x-status":
		return true
	}
	return false
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// trimEnvelope takes off what stands before the head: a byte order mark, blank lines, and
// the line with which an mbox begins a mail.
func trimEnvelope(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	for len(raw) > 0 {
		line, next := cutLine(raw, 0)
		if !beforeHead(line) {
			return raw
		}
		raw = raw[next:]
	}
	return raw
}

// beforeHead says of a line that no head has begun with it.
func beforeHead(line []byte) bool {
	return len(bytes.TrimSpace(line)) == 0 || bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// mendLines gives a mail whose lines end in a lone CR ordinary ones.
func mendLines(raw []byte) []byte {
	if bytes.IndexByte(raw, '\n') >= 0 || bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
}
