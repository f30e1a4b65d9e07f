package replies

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is a line of notes, or a sentence of one, with what it hangs under.
type unit struct {
	r       *reader // its own words
	text    string
	bullet  bool
	heading sign // the heading that it stands under: stepsHead, notesHead, nextHead, askHead
	first   bool // the first of its line
}

// unitsAndRest takes notes apart: lines, bullets, sentences, headings. rest is the text behind
// the last of them: what is too much to be weighed, as it was written.
func (r *reader) unitsAndRest() ([]unit, string) {
	text := r.joinWrapped(r.full)
	out, read := r.allUnits(text)
	rest := text[read:]
	if len(out) > maxUnits {
		var left []string
		for _, u := range out[maxUnits:] {
			left = append(left, u.text)
		}
		rest = strings.TrimSpace(strings.Join(left, "\n") + "\n" + rest)
		out = out[:maxUnits]
	}
	return out, strings.TrimSpace(rest)
}

// maxSentence bounds what of one sentence is weighed; the note that it may be stays whole.
const maxSentence = 1 << 10

// maxUnits bounds the sentences that are weighed; nobody writes as many steps or orders.
const maxUnits = 80

// allUnits are the units of as many lines as it takes, and how many bytes of the text those
// lines have.
func (r *reader) allUnits(text string) (out []unit, read int) {
	var under sign
	for l := range strings.SplitSeq(text, "\n") {
		s := strings.TrimSpace(l)
		if len(out) > maxUnits {
			break
		}
		read = min(read+len(l)+1, len(text))
		if s == "" {
			if under != notesHead {
				under = unknown
			}
			continue
		}
		body, bullet := cutBullet(s)
		if head, rest, ok := r.heading(body); ok {
			if rest == "" {
				under = head
				continue
			}
			for _, p := range sentences(rest) {
				out = append(out, r.unit(p, bullet, head, len(out) == 0))
			}
			continue
		}
		for k, p := range sentences(body) {
			out = append(out, r.unit(p, bullet && k == 0, under, k == 0))
		}
	}
	return out, read
}

func (r *reader) unit(text string, bullet bool, under sign, first bool) unit {
	masked := text
	if len(masked) > maxSentence {
		masked = strings.ToValidUTF8(masked[:maxSentence], "")
	}
	masked = maskNumbers(masked)
	toks := tokenize(masked)
	own := &reader{c: r.c, x: r.x, full: text, text: masked, toks: toks, ids: r.x.idsOf(toks)}
	return unit{r: own, text: text, bullet: bullet, heading: under, first: first}
}

// wrapsAt is the shortest line length at which mail programs break lines (RFC 3676 4.2
// recommends 72, most use 72 to 78).
const wrapsAt = 70

// joinWrapped puts lines together that a mail program broke: the next word would not have
// fitted. A line that ends earlier was ended by its writer, and so was one before a short
// line that says something of its own ("again in 4 weeks").
func (r *reader) joinWrapped(text string) string {
	lines := strings.Split(text, "\n")
	var b strings.Builder
	for i, l := range lines {
		b.WriteString(l)
		if i+1 == len(lines) {
			break
		}
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(lines[i+1], " "))
		_, bullet := cutBullet(strings.TrimSpace(lines[i+1]))
		word, _, _ := strings.Cut(strings.TrimLeft(lines[i+1], " "), " ")
		full := utf8.RuneCountInString(l)+1+utf8.RuneCountInString(word) > wrapsAt
		if full && unicode.IsLower(next) && !bullet && !strings.HasSuffix(l, ".") && !strings.HasSuffix(l, ":") && !r.ownLine(lines[i+1]) {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// ownLine says that a line goes on with no sentence: it begins with a heading ("ask: yes"),
// with who does something ("me: send the plan"), or is short and begins with when the two
// connect next, or with what there is not.
func (r *reader) ownLine(l string) bool {
	l = strings.TrimSpace(l)
	if _, _, ok := r.heading(l); ok {
		return true
	}
	if u := r.unit(l, false, unknown, true); u.prefixed() {
		return true
	}
	toks := tokenize(l)
	if len(l) > wrapsAt || len(toks) == 0 || len(toks) > 9 {
		return false
	}
	n, s := r.x.match(aboutDebrief, r.x.idsOf(toks), toks, 0, len(toks))
	return n > 0 && (s == again || s == checkIn || s == noSteps || s == noNext || s == notAsked)
}

// cutBullet takes "-", "*", "•", "1.", "[ ]" off a line.
func cutBullet(s string) (string, bool) {
	rest := s
	for _, b := range []string{"- ", "* ", "• ", "– ", "— ", "· ", "+ ", "-> ", "→ ", "o "} {
		if strings.HasPrefix(rest, b) {
			rest = strings.TrimSpace(rest[len(b):])
			break
		}
	}
	if len(rest) > 1 && (rest[0] == '-' || rest[0] == '*') && unicode.IsLetter(rune(rest[1])) {
		rest = rest[1:]
	}
	if strings.HasPrefix(rest, "•") {
		rest = strings.TrimSpace(strings.TrimPrefix(rest, "•"))
	}
	for _, b := range []string{"[ ]", "[x]", "[]", "☐", "☑"} {
		rest = strings.TrimSpace(strings.TrimPrefix(rest, b))
	}
	if k := strings.IndexAny(rest, ".)"); k > 0 && k <= 2 && strings.Trim(rest[:k], "0123456789") == "" && k+1 < len(rest) && rest[k+1] == ' ' {
		rest = strings.TrimSpace(rest[k+1:])
	}
	return rest, rest != s
}

// heading reads "Next steps:" and "Notes: she grew up here".
func (r *reader) heading(s string) (head sign, rest string, ok bool) {
	k := strings.IndexByte(s, ':')
	words, rest := s, ""
	if k >= 0 && k < 40 {
		words, rest = s[:k], strings.TrimSpace(s[k+1:])
	} else if len(s) > 30 {
		return unknown, "", false
	}
	toks := tokenize(words)
	if len(toks) == 0 {
		return unknown, "", false
	}
	ids := r.x.idsOf(toks)
	n, sg := r.x.match(aboutHeadings, ids, toks, 0, len(toks))
	if n != len(toks) || k < 0 && (sg != stepsHead && sg != notesHead || len(toks) < 2) {
		return unknown, "", false
	}
	return sg, rest, true
}

// sentences cuts a line at full stops, semicolons and question marks, not at "Dr." or "a.m.".
func sentences(s string) []string {
	var out []string
	begin := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '.', '!', '?':
			if i+1 < len(s) && s[i+1] != ' ' || s[i] == '.' && abbreviated(s[begin:i]) {
				continue
			}
			if next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[i+1:], " ")); s[i] == '.' && i+1 < len(s) && unicode.IsLower(next) && i-begin < 4 {
				continue
			}
		case ';':
		default:
			continue
		}
		if p := strings.TrimSpace(s[begin : i+1]); strings.Trim(p, ".;!? ") != "" {
			out = append(out, strings.TrimRight(p, ";"))
		}
		begin = i + 1
	}
	if p := strings.TrimSpace(s[begin:]); p != "" && strings.Trim(p, ".;!? ") != "" {
		out = append(out, p)
	}
	return out
}

func abbreviated(s string) bool {
	w := strings.ToLower(s[strings.LastIndexByte(s, ' ')+1:])
	switch w {
	case "dr", "mr", "mrs", "ms", "st", "sr", "sra", "srta", "vs", "etc", "no", "a.m", "p.m", "a", "p", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "prof", "d", "dic", "ene", "e.g", "i.e":
		return true
	}
	return false
}

// has says whether the unit holds a sign of a topic, and at which token.
func (u *unit) has(t topic, want sign) (at, n int, ok bool) {
	for i := 0; i < len(u.r.toks); {
		k, s := u.r.x.match(t, u.r.ids, u.r.toks, i, len(u.r.toks))
		if s == want && k > 0 {
			return i, k, true
		}
		i += max(k, 1)
	}
	return 0, 0, false
}

// signs are all signs of a topic in the unit.
func (u *unit) signs(t topic) map[sign]bool {
	m := map[sign]bool{}
	for i := 0; i < len(u.r.toks); {
		k, s := u.r.x.match(t, u.r.ids, u.r.toks, i, len(u.r.toks))
		if k > 1 || k == 1 && !(s == again && u.withinTime(i)) {
			m[s] = true
		}
		i += max(k, 1)
	}
	return m
}

// withinTime says whether token i is a part of a time: the "next" of "next week".
func (u *unit) withinTime(i int) bool {
	for _, f := range u.r.found() {
		if f.Start <= u.r.toks[i].start && u.r.toks[i].end <= f.End {
			return true
		}
	}
	return false
}
