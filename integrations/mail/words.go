package mail

import (
	"bytes"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

const maxWordBytes = 8 << 10 // of a field in words, such as a subject

// header is a field's value in words: unfolded, RFC 2047 decoded, always UTF-8.
func header(v string) string {
	if len(v) > maxWordBytes {
		v = v[:maxWordBytes]
	}
	v = legible(v)
	if !strings.Contains(v, "=?") {
		return withoutControls(v)
	}
	w, err := wordDecoder.DecodeHeader(joinWords(v))
	if err != nil {
		return v
	}
	return withoutControls(strings.ToValidUTF8(w, "\uFFFD"))
}

var wordDecoder = &mime.WordDecoder{CharsetReader: func(label string, r io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return strings.NewReader(decodeCharset(raw, label)), nil
}}

// dropControls keeps line ends and other controls, which an encoded word can hide, out of
// what is later shown or written.
func dropControls(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r < ' ' || r == 0x7F:
		return -1
	}
	return r
}

func withoutControls(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7F {
			return strings.Map(dropControls, s)
		}
	}
	return s
}

// joinWords puts together neighbouring encoded words of one charset and encoding, because
// many writers cut between the bytes of one character (RFC 2047 5 forbids it).
func joinWords(v string) string {
	for at := 0; ; {
		end := strings.Index(v[at:], "?=")
		if end < 0 {
			return v
		}
		end += at
		next := strings.TrimLeft(v[end+2:], " \t")
		start := strings.LastIndex(v[:end], "=?")
		if start < 0 || !strings.HasPrefix(next, "=?") || len(next) == len(v[end+2:]) {
			at = end + 2
			continue
		}
		lead, nextLead := wordLead(v[start:]), wordLead(next)
		b64 := strings.HasSuffix(strings.ToLower(lead), "?b?")
		if lead == "" || !strings.EqualFold(lead, nextLead) || b64 && (end-start-len(lead))%4 != 0 || v[end-1] == '=' || v[end-1] == '?' {
			at = end + 2
			continue
		}
		v = v[:end] + next[len(nextLead):]
		at = end
	}
}

// wordLead is "=?charset?q?" when s begins with that.
func wordLead(s string) string {
	i := strings.IndexByte(s[2:], '?')
	if i <= 0 || i > 40 || len(s) < i+5 || s[i+4] != '?' {
		return ""
	}
	return s[:i+5]
}

// legible makes UTF-8 of a header that has raw 8-bit bytes: they are UTF-8 (RFC 6532) or
// the charset of old Windows programs.
func legible(v string) string {
	if utf8.ValidString(v) {
		return v
	}
	return mixed([]byte(v))
}

// decodeCharset makes UTF-8 of b. A label that is unknown or wrong costs no text: what is
// valid UTF-8 stays, and other bytes are read as windows-1252.
func decodeCharset(b []byte, label string) string {
	label = charsetLabel(label)
	if saysNothing(label) {
		return plain(b)
	}
	if mayBeUTF8(label) && utf8.Valid(b) {
		return string(b)
	}
	if strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "utf16") || label == "unicode" {
		if bytes.IndexByte(b[:min(len(b), 64)], 0) < 0 {
			return plain(b)
		}
	}
	enc := encodingOf(label)
	if enc == nil {
		return plain(b)
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil || !utf8.Valid(out) {
		return plain(b)
	}
	return string(out)
}

func charsetLabel(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	label = strings.TrimPrefix(label, "charset=")
	if i := strings.IndexByte(label, '*'); i > 0 {
		label = label[:i] // RFC 2231 5: a language
	}
	return label
}

// saysNothing says whether a label leaves it to the bytes to be UTF-8 or not.
func saysNothing(label string) bool {
	switch label {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "8bit", "x-unknown", "ansi_x3.4-1968":
		return true
	}
	return false
}

// mayBeUTF8 says whether bytes under a label are taken for UTF-8 where they can be: ASCII is
// in each of these, and two bytes of UTF-8 are hardly ever meant as Latin-1.
func mayBeUTF8(label string) bool {
	return saysNothing(label) || label == "iso-8859-1" || label == "latin1" || label == "windows-1252"
}

func encodingOf(label string) encoding.Encoding {
	if enc, _ := charset.Lookup(label); enc != nil {
		return enc
	}
	switch label { // names that browsers do not know
	case "cp1252", "ansi":
		return charmap.Windows1252
	case "cp1250":
		return charmap.Windows1250
	case "cp1251":
		return charmap.Windows1251
	case "cp850", "ibm850", "ibm-850":
		return charmap.CodePage850
	case "cp437", "ibm437":
		return charmap.CodePage437
	}
	return nil
}

// plain reads bytes of which nobody says what they are.
func plain(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return mixed(b)
}

// mixed keeps what is UTF-8 and reads each other byte as windows-1252.
func mixed(b []byte) string {
	var out strings.Builder
	out.Grow(len(b) + len(b)/8)
	for len(b) > 0 {
		if n := asciiRun(b); n > 0 {
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		out.WriteRune(r)
		b = b[n:]
	}
	return out.String()
}

func ascii(b []byte) bool { return asciiRun(b) == len(b) }

// asciiRun is how many bytes of b are ASCII before the first that is not.
func asciiRun(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}
