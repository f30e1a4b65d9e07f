package mail

import (
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"
)

const foldAt = 78 // RFC 5322 2.1.1

// fold is a field as it goes out, folded at white space (RFC 5322 2.2.3). A word that is
// longer than a line keeps a line of its own.
func fold(name, value string) string {
	var b strings.Builder
	b.WriteString(name + ":")
	width := len(name) + 1
	for i, w := range strings.Fields(value) {
		if i > 0 && width+1+len(w) > foldAt {
			b.WriteString("\r\n")
			width = 0
		}
		b.WriteString(" " + w)
		width += 1 + len(w)
	}
	b.WriteString("\r\n")
	return b.String()
}

// encoded is a header's words in ASCII (RFC 2047). Text that folding could change, because
// of a run of spaces or a very long word, is encoded too.
func encoded(s string) string {
	foreign := 0
	for _, r := range s {
		if r >= utf8.RuneSelf {
			foreign++
		}
	}
	switch {
	case foreign == 0 && foldable(s):
		return s
	case foreign == 0:
		return encodedASCII(s)
	case foreign*2 > utf8.RuneCountInString(s):
		return mime.BEncoding.Encode("utf-8", s)
	}
	return mime.QEncoding.Encode("utf-8", s)
}

func foldable(s string) bool {
	if strings.Contains(s, "=?") || strings.Join(strings.Fields(s), " ") != s {
		return false
	}
	for _, w := range strings.Fields(s) {
		if len(w) > foldAt-len("Subject: ") {
			return false
		}
	}
	return true
}

// encodedASCII encodes what mime.WordEncoder would let pass as it is. An encoded word has
// at most 75 characters (RFC 2047 2).
func encodedASCII(s string) string {
	const most = 75 - len("=?utf-8?q?") - len("?=")
	var words []string
	var w strings.Builder
	for _, c := range []byte(s) {
		one := fmt.Sprintf("=%02X", c)
		switch {
		case c == ' ':
			one = "_"
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			one = string(rune(c))
		}
		if w.Len()+len(one) > most {
			words = append(words, w.String())
			w.Reset()
		}
		w.WriteString(one)
	}
	return "=?utf-8?q?" + strings.Join(append(words, w.String()), "?= =?utf-8?q?") + "?="
}
