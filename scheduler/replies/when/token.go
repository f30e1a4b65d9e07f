package when

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how much of a text is read, in bytes. Nobody names a time for coffee on
// the fortieth page; what lies beyond is a pasted document or an attack.
const maxText = 32 << 10

type tokenKind uint8

const (
	tokWord   tokenKind = iota
	tokNumber           // a run of ASCII digits
	tokMark             // one sign of punctuation, or anything else
)

// A token is a word, a number or a sign, with where it stands.
type token struct {
	start, end int
	kind       tokenKind
	tight      bool // no white space before it
	para       bool // an empty line before it
	line       bool // a line break before it
	upper      bool // a word that begins with a capital
	caps       bool // a word in capitals only
	zero       bool // a number that begins with 0
	mark       rune // the sign, for a mark
	digits     int  // how many, for a number
	num        int  // its value; -1 when it has more than 9 digits
	id         int  // of the word or sign in the lexicon; unknownWord when it is in none
	terms      []term
}

// tokenize cuts text into tokens, into the room of toks. Words are looked up by fold and id.
func tokenize(toks []token, text string, lex *lexicon) []token {
	if len(text) > maxText {
		text = text[:maxText]
	}
	if cap(toks) == 0 {
		toks = make([]token, 0, len(text)/4+8)
	}
	breaks, spaced := 0, true
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if r == '\n' {
			breaks++
		}
		if r == ' ' || unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			spaced = true
			i += n
			continue
		}
		toks = append(toks, token{start: i, tight: !spaced, line: breaks > 0, para: breaks > 1, id: unknownWord})
		t := &toks[len(toks)-1]
		switch {
		case r >= '0' && r <= '9':
			i = t.readNumber(text, i)
		case letter(r) && r != 'º' && r != 'ª':
			i = t.readWord(text, i, lex)
		default:
			t.kind, t.mark = tokMark, r
			i += n
			t.id = lex.sign(r)
		}
		t.end = i
		breaks, spaced = 0, false
	}
	return toks
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r)
}

func (t *token) readNumber(text string, i int) int {
	t.kind = tokNumber
	t.zero = text[i] == '0'
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		if t.digits++; t.digits <= 9 {
			t.num = t.num*10 + int(text[i]-'0')
		}
		i++
	}
	if t.digits > 9 {
		t.num = -1
	}
	return i
}

// readWord reads letters; an apostrophe belongs to the word between letters, except
// before a final s: "Tuesday's good" names Tuesday.
func (t *token) readWord(text string, i int, lex *lexicon) int {
	t.kind = tokWord
	first := rune(text[i])
	if first >= utf8.RuneSelf {
		first, _ = utf8.DecodeRuneInString(text[i:])
	}
	t.upper = first >= 'A' && first <= 'Z' || first >= utf8.RuneSelf && unicode.IsUpper(first)
	t.caps = true
	var buf [40]byte
	folded := buf[:0]
	var key uint64
	plain := 0 // bytes that were ASCII letters
	for i < len(text) {
		r, n := rune(text[i]), 1
		if lower := r | 0x20; lower >= 'a' && lower <= 'z' {
			t.caps = t.caps && r != lower
			if n := len(folded); n < 32 {
				if n < 8 {
					key |= uint64(lower) << (8 * n)
				}
				folded = append(folded, byte(lower))
			}
			plain++
			i++
			continue
		}
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case r == 'º' || r == 'ª':
			n = 0
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)):
			if unicode.IsLower(r) {
				t.caps = false
			}
			if len(folded) < 32 {
				folded = appendFolded(folded, r)
			}
		case (r == '\'' || r == '’') && letterAt(text, i+n) && !finalS(text, i+n):
			folded = append(folded, '\'')
		default:
			n = 0
		}
		if n == 0 {
			break
		}
		i += n
	}
	if plain < len(folded) {
		key = binary.LittleEndian.Uint64(buf[:8])
	}
	t.id = lex.word(folded, key)
	return i
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[min(i, len(s)):])
	return letter(r)
}

// finalS says whether a word ends in just "s" at i.
func finalS(s string, i int) bool {
	return (s[i] == 's' || s[i] == 'S') && !letterAt(s, i+1)
}

// appendFolded adds r in lower case and without accents, so that "Miércoles",
// "MIERCOLES" and "miercoles" are one word. Combining marks vanish.
func appendFolded(b []byte, r rune) []byte {
	switch {
	case r >= 'a' && r <= 'z':
		return append(b, byte(r))
	case r >= 'A' && r <= 'Z':
		return append(b, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return append(b, byte(r))
	case unicode.Is(unicode.Mn, r):
		return b
	}
	r = unicode.ToLower(r)
	if i := strings.IndexRune(accented, r); i >= 0 {
		return append(b, plain[utf8.RuneCountInString(accented[:i])])
	}
	return utf8.AppendRune(b, r)
}

const (
	accented = "áàâäãåéèêëíìîïóòôöõúùûüñçýÿ"
	plain    = "aaaaaaeeeeiiiiooooouuuuncyy"
)

func fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r == '’' {
			r = '\''
		}
		b = appendFolded(b, r)
	}
	return string(b)
}
