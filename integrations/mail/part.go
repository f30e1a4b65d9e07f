package mail

import (
	"bytes"
	"encoding/base64"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"github.com/jhillyerd/enmime/v2/mediatype"
)

// Bounds on the body of a mail.
const (
	maxBytes = 25 << 20 // what is beyond is not read
	maxDepth = 16       // of parts within parts; what is deeper stays unread
	maxParts = 400
)

// A part is one entity of a mail (RFC 2045 2.4): the mail itself, or a part of it.
type part struct {
	head     fields
	media    string // lower case, "text/plain" when nothing is said
	params   map[string]string
	attached bool   // Content-Disposition: attachment
	name     string // of a file
	body     []byte // as sent
	children []*part
	decoded  []byte // what content answers, once it was asked
	known    bool
	words    *string // what text answers
	plain    *string // what htmlText answers
	broken   bool    // a multipart whose parts could not be found
}

// A splitter cuts a mail into its parts and counts them.
type splitter struct{ parts int }

// split reads raw as an entity. It never fails: what cannot be cut is one part.
func (s *splitter) split(raw []byte, media string, depth int) *part {
	h, body := splitHead(raw)
	return s.entity(h, body, media, depth)
}

// entity is split for an entity whose head is known. media is the type that it has when
// its head does not say.
func (s *splitter) entity(h fields, body []byte, media string, depth int) *part {
	s.parts++
	p := &part{head: h, body: body, media: media}
	if v := h.get("Content-Type"); v != "" {
		p.media, p.params = mediaType(v)
	}
	if v := h.get("Content-Disposition"); v != "" {
		kind, params := mediaType(v)
		p.attached = kind == "attachment"
		p.name = params["filename"]
	}
	if p.name == "" {
		p.name = p.params["name"]
	}
	switch {
	case depth >= maxDepth || s.parts > maxParts:
	case strings.HasPrefix(p.media, "multipart/"):
		s.multipart(p, depth)
	case p.media == "message/rfc822" || p.media == "message/global": // RFC 6532 3.7
		if inner := p.content(); len(inner) > 0 {
			p.children = []*part{s.split(trimEnvelope(inner), "text/plain", depth+1)}
		}
	}
	return p
}

func (s *splitter) multipart(p *part, depth int) {
	media := "text/plain"
	if p.media == "multipart/digest" { // RFC 2046 5.1.5
		media = "message/rfc822"
	}
	body := p.body
	if enc := transferEncoding(p.head); enc == "base64" || enc == "quoted-printable" {
		body = p.content() // RFC 2045 6.4 forbids it; some do it
	}
	boundary := p.params["boundary"]
	var sections [][]byte
	if boundary != "" {
		sections = cut(body, boundary, false)
	}
	if sections == nil {
		if guess := guessBoundary(body); guess != "" && guess != boundary {
			sections = cut(body, guess, false)
		}
	}
	if sections == nil && boundary != "" {
		sections = cut(body, boundary, true)
	}
	if sections == nil {
		p.broken = true
		return
	}
	for _, raw := range sections {
		if s.parts >= maxParts {
			return
		}
		p.children = append(p.children, s.split(raw, media, depth+1))
	}
}

// cut finds the raw parts between the boundary's lines (RFC 2046 5.1.1); nil when there is no
// such line. The last boundary may be missing: mails get cut short. With anywhere a
// boundary may follow other words on its line, as in mails whose lines were joined.
func cut(body []byte, boundary string, anywhere bool) [][]byte {
	var found [][]byte
	mark := []byte("--" + boundary)
	start := -1
	for pos := 0; pos < len(body) && len(found) <= maxParts; {
		i := bytes.Index(body[pos:], mark)
		if i < 0 {
			break
		}
		i += pos
		line, next := cutLine(body, i)
		tail := bytes.TrimRight(line[min(len(mark), len(line)):], " \t")
		last := bytes.Equal(tail, []byte("--"))
		if !anywhere && i > 0 && body[i-1] != '\n' || len(tail) > 0 && !last {
			pos = i + len(mark)
			continue
		}
		if start >= 0 {
			found = append(found, withoutLastBreak(body[start:i]))
		}
		start, pos = next, next
		if last {
			return found
		}
	}
	if start >= 0 && start < len(body) {
		found = append(found, body[start:])
	}
	return found
}

// withoutLastBreak takes off the line break that belongs to the boundary that follows.
func withoutLastBreak(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// guessBoundary finds the boundary of a multipart that does not say it, or says another: a
// line of two dashes and a word, with a head that describes content right below it.
func guessBoundary(body []byte) string {
	for pos := 0; pos < min(len(body), 64<<10); {
		line, next := cutLine(body, pos)
		if w := bytes.TrimRight(line, " \t"); len(w) > 3 && len(w) < 202 && bytes.HasPrefix(w, []byte("--")) && bytes.IndexByte(w, ' ') < 0 {
			below, _ := cutLine(body, next)
			if len(below) > 8 && strings.EqualFold(string(below[:8]), "content-") {
				return string(w[2:])
			}
		}
		pos = next
	}
	return ""
}

// mediaType reads a Content-Type or Content-Disposition: the value in lower case and its
// parameters. What the mime package refuses is read loosely.
func mediaType(v string) (string, map[string]string) {
	if len(v) > 4096 {
		v = v[:4096]
	}
	if media, params, ok := usualMediaType(v); ok {
		return media, params
	}
	media, params, err := mime.ParseMediaType(v)
	if err != nil {
		if media, params, _, err = mediatype.ParseWithOptions(v, mediatype.ParseOptions{StripMediaTypeInvalidCharacters: true}); err != nil {
			media, params = looseMediaType(v)
		}
	}
	return strings.ToLower(strings.TrimSpace(media)), params
}

func looseMediaType(v string) (string, map[string]string) {
	media, rest, _ := strings.Cut(v, ";")
	params := map[string]string{}
	for rest != "" {
		var one string
		one, rest, _ = strings.Cut(rest, ";")
		k, val, ok := strings.Cut(one, "=")
		k = strings.ToLower(strings.TrimSpace(k))
		if _, twice := params[k]; ok && !twice && len(params) < 20 {
			params[k] = strings.Trim(val, " \t\"")
		}
	}
	if fs := strings.Fields(media); len(fs) > 0 {
		media = fs[0]
	}
	return media, params
}

func transferEncoding(h fields) string {
	v, _, _ := strings.Cut(h.get("Content-Transfer-Encoding"), ";")
	return strings.ToLower(strings.Trim(v, " \t\"'"))
}

// content is the body with its transfer encoding undone (RFC 2045 6). An encoding that is
// unknown, or that the body does not keep to, leaves the body as it is.
func (p *part) content() []byte {
	if p.known {
		return p.decoded
	}
	p.known = true
	switch transferEncoding(p.head) {
	case "base64":
		p.decoded = decodeBase64(p.body)
	case "quoted-printable":
		p.decoded = decodeQuoted(p.body)
	default:
		p.decoded = p.body
	}
	return p.decoded
}

// text is the content as UTF-8 with LF lines.
func (p *part) text() string {
	if p.words == nil {
		words := p.decode()
		p.words = &words
	}
	return *p.words
}

// htmlText is the text of a part in HTML.
func (p *part) htmlText() string {
	if p.plain == nil {
		plain := htmlText(p.text())
		p.plain = &plain
	}
	return *p.plain
}

func (p *part) decode() string {
	label := p.params["charset"]
	if label == "" && p.media == "text/html" && !utf8.Valid(p.content()) {
		_, label, _ = charset.DetermineEncoding(p.content(), "") // as its own head says
	}
	var s string
	if b := p.content(); mayBeUTF8(charsetLabel(label)) && utf8.Valid(b) {
		s = toLineFeeds(b)
	} else if s = decodeCharset(b, label); strings.IndexByte(s, '\r') >= 0 {
		s = toLineFeeds([]byte(s))
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.TrimPrefix(s, "\uFEFF")
}

// toLineFeeds ends lines in LF that ended in CR LF, in CR CR LF or in CR.
func toLineFeeds(text []byte) string {
	i := bytes.IndexByte(text, '\r')
	if i < 0 {
		return string(text)
	}
	var b strings.Builder
	for b.Grow(len(text)); i >= 0; i = bytes.IndexByte(text, '\r') {
		b.Write(text[:i])
		b.WriteByte('\n')
		switch text = text[i+1:]; {
		case len(text) > 0 && text[0] == '\n':
			text = text[1:]
		case len(text) > 1 && text[0] == '\r' && text[1] == '\n':
			text = text[2:]
		}
	}
	b.Write(text)
	return b.String()
}

// decodeQuoted is RFC 2045 6.7. Equals signs that encode nothing stay as they are.
func decodeQuoted(b []byte) []byte {
	if bytes.IndexByte(b, '=') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		b = b[i:]
		if len(b) >= 3 {
			hi, lo := unhex(b[1]), unhex(b[2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				b = b[3:]
				continue
			}
		}
		if n := softBreak(b); n > 0 {
			b = b[n:]
			continue
		}
		out = append(out, '=')
		b = b[1:]
	}
	return out
}

// softBreak is the length of "=", white space and a line end, or 0.
func softBreak(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return 0
		}
	}
	return len(b) // at the very end
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// decodeBase64 passes over what is not of the alphabet, as RFC 2045 6.8 asks, and reads on
// beyond padding, since list programs append encoded footers. Text that says it is base64
// and plainly is not stays as it is.
func decodeBase64(b []byte) []byte {
	whole := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	if n, err := base64.StdEncoding.Decode(whole, b); err == nil && n > 0 {
		return whole[:n]
	}
	return salvageBase64(b)
}

// salvageBase64 is decodeBase64 of what is not as the standard has it.
func salvageBase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	out := make([]byte, 0, len(b)/4*3+3)
	strange := 0
	flush := func() {
		if len(clean)%4 == 1 {
			clean = clean[:len(clean)-1] // six bits are no byte
		}
		n := len(out)
		out = append(out, make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))...)
		m, _ := base64.RawStdEncoding.Decode(out[n:], clean)
		out = out[:n+m]
		clean = clean[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/':
			clean = append(clean, c)
		case c == '=':
			flush()
		case c > ' ':
			strange++
		}
	}
	flush()
	if strange*20 > len(b) || len(bytes.TrimSpace(b)) > 0 && len(out) == 0 {
		return b
	}
	return out
}

// walk calls f for the part and for all that is within it. It goes no deeper where f
// answers false.
func (p *part) walk(f func(*part) bool) {
	if !f(p) {
		return
	}
	for _, c := range p.children {
		c.walk(f)
	}
}
