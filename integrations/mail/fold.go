package mail

import (
	"encoding/base64"
	"fmt"
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

// encoded is a header's words in ASCII. Text that folding could change, because of a run
// of spaces or a very long word, or that looks encoded, is encoded too.
func encoded(s string) string {
	if ascii([]byte(s)) && foldable(s) {
		return s
	}
	return encodedWords(s)
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

// maxWord is the length of an encoded word: with "Subject: " before it, it stays within
// the 76 characters of RFC 2047 2.
const maxWord = 66

// encodedWords is RFC 2047 for subjects and names alike: Q, or B where most letters are
// foreign, cut between characters. mime.WordEncoder fills its words to 75 characters,
// which is too long behind a field's name, and lets ASCII pass.
func encodedWords(s string) string {
	q := qEncoded(s)
	lead, encode, room := "=?utf-8?q?", qEncoded, maxWord-len("=?utf-8?q??=")
	if len(q) > 2*len(s) {
		lead, encode = "=?utf-8?b?", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	}
	var words []string
	for start := 0; start < len(s); {
		end := start
		for end < len(s) {
			_, n := utf8.DecodeRuneInString(s[end:])
			if len(encode(s[start:end+n])) > room {
				break
			}
			end += n
		}
		words = append(words, lead+encode(s[start:end])+"?=")
		start = end
	}
	return strings.Join(words, " ")
}

// qEncoded keeps only what may stand in a name too (RFC 2047 5).
func qEncoded(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', strings.IndexByte("!*+-/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}
