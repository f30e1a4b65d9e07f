package replies

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRead bounds the words that are weighed. A longer mail is read up to here; what it
// says beyond is left to the organizer.
const maxRead = 8 << 10

// gap is what stands between a token and the next.
type gap uint8

const (
	space    gap = iota
	comma        // , ; : - ( ) …
	sentence     // . ! ? and the end of a line
)

// token is one word as it is compared: lower case, without accents and apostrophes.
type token struct {
	word       string
	start, end int // bytes of the text it was read from
	after      gap
	question   bool // a question mark follows
	accent     bool // the word had an accent that folding took
	upper      bool // it began with a capital
	line       bool // it is the first of its line
}

// tokenize cuts text into tokens. Digits, letters, "#", and common emoji are words.
func tokenize(text string) []token {
	return appendTokens(make([]token, 0, len(text)/5+4), text)
}

func appendTokens(toks []token, text string) []token {
	var folded strings.Builder // the words, one behind the other: tokens have pieces of it
	folded.Grow(len(text))
	newLine := true
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !isWordRune(r) {
			if k := len(toks) - 1; k >= 0 && r != ' ' {
				g := gapOf(text, i, r)
				if r == '\n' && wrapped(text, i) {
					g = space
				}
				toks[k].after = max(toks[k].after, g)
				toks[k].question = toks[k].question || r == '?'
			}
			newLine = newLine || r == '\n'
			i += n
			continue
		}
		from := folded.Len()
		t := token{start: i, upper: r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && unicode.IsUpper(r), line: newLine}
		t.end, t.accent = foldNext(&folded, text, i)
		t.word = folded.String()[from:]
		if isSymbol(r) && r != '#' && r != '№' {
			t.after = comma // "Tues ❌ Thurs ✅"
		}
		toks = append(toks, t)
		i, newLine = t.end, false
	}
	if k := len(toks) - 1; k >= 0 {
		toks[k].after = sentence
	}
	return toks
}

// foldNext adds the word that begins at byte i of text to b, folded, and says where it
// ends and whether folding took an accent.
func foldNext(b *strings.Builder, text string, i int) (end int, accent bool) {
	for start := i; i < len(text); {
		if c := text[i]; isWordByte(c) || c == '@' || c == '_' {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '\'' || r == '’' || r == '`' || r == '´' || r == '‘' {
			if i > start && i+n < len(text) && isLetterAt(text, i+n) {
				i += n
				continue
			}
			break
		}
		if !isWordRune(r) && !(isMark2(r)) || isSymbol(r) && i > start {
			break
		}
		f, acc := fold(r)
		accent = accent || acc
		b.WriteString(f)
		i += n
		if isSymbol(r) {
			break
		}
	}
	return i, accent
}

func isLetterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

func isMark2(r rune) bool { return unicode.Is(unicode.Mn, r) || r == 'º' || r == 'ª' }

// isSymbol is an emoji or a sign that stands for a word.
func isSymbol(r rune) bool {
	return r == '#' || r >= 0x1f300 && r < 0x1fb00 || r >= 0x2700 && r < 0x27c0 || r == '№'
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '#' || r == '@' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || isSymbol(r)
}

func gapOf(text string, i int, r rune) gap {
	switch r {
	case '!', '?', '\n', '¡', '¿', ';':
		return sentence
	case '.':
		if strings.HasPrefix(text[i:], "...") || i > 0 && text[i-1] == '.' {
			return comma
		}
		if i+1 < len(text) && i > 0 && isWordByte(text[i+1]) && isWordByte(text[i-1]) {
			return space // 2.30, example.org, p.m
		}
		return sentence
	case ',', ':', '(', ')', '…', '—', '–', '/', '[', ']', '"', '“', '”', '*', '•', '|', '>', '=', '&', '+':
		if (r == ':' || r == ',' || r == '/') && i+1 < len(text) && i > 0 && isDigit(text[i+1]) && isDigit(text[i-1]) {
			return space
		}
		if r == '"' || r == '“' || r == '”' || r == '*' || r == '/' || r == '&' || r == '+' {
			return space
		}
		return comma
	case '-':
		if i > 0 && i+1 < len(text) && text[i-1] == ' ' && text[i+1] == ' ' {
			return comma
		}
	}
	return space
}

func isWordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }

// wrapped says whether the line break at i only wraps a sentence: the line above is long
// and the one below goes on in lower case.
func wrapped(text string, i int) bool {
	above := i - (strings.LastIndexByte(text[max(0, i-200):i], '\n') + max(0, i-200) + 1)
	if above < 45 || i+1 >= len(text) {
		return false
	}
	switch text[i-1] {
	case '.', '!', '?', ':', ';':
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i+1:])
	return unicode.IsLower(r) || unicode.IsDigit(r)
}

// fold makes a rune comparable: lower case, Latin letters without their accents.
func fold(r rune) (string, bool) {
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return ascii[r : r+1], false
	}
	r = unicode.ToLower(r)
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å':
		return "a", true
	case 'é', 'è', 'ê', 'ë':
		return "e", true
	case 'í', 'ì', 'î', 'ï':
		return "i", true
	case 'ó', 'ò', 'ô', 'ö', 'õ':
		return "o", true
	case 'ú', 'ù', 'û', 'ü':
		return "u", true
	case 'ñ':
		return "n", true
	case 'ç':
		return "c", true
	case 'º':
		return "o", false
	case 'ª':
		return "a", false
	case 'ﬁ':
		return "fi", false
	case 'ﬂ':
		return "fl", false
	}
	if unicode.Is(unicode.Mn, r) || r == 0xfe0f {
		return "", true
	}
	return string(r), false
}

const ascii = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

// foldWord is a whole word, folded as tokens are.
func foldWord(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < utf8.RuneSelf && s[i] != '\''
	}
	if plain {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range s {
		if r == '\'' || r == '’' {
			continue
		}
		f, _ := fold(r)
		b.WriteString(f)
	}
	return b.String()
}
