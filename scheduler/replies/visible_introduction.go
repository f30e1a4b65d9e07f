package replies

import (
	"strings"
	"unicode/utf8"
)

// An introduction is the line above a quote: "On Wed, Apr 4, 2012, Ana <ana@example.org> wrote:".

// attribution recognises "On …, … wrote:", over up to four lines.
func (p *parts) attribution(i int) int {
	if !p.mayAttribute(i) {
		return 0
	}
	lines := p.lines
	first := strings.TrimSpace(lines[i])
	if first != "" && (first[0] == '*' || first[len(first)-1] == '*') {
		first = strings.TrimSpace(strings.Trim(lines[i], "* "))
	}
	if !p.opensAttribution(first) {
		return 0
	}
	joined := first
	for n := 1; ; n++ {
		if isAttribution(joined) {
			return n
		}
		if n == 4 || i+n >= len(lines) || len(joined) > 400 || strings.HasSuffix(joined, ".") && n > 1 {
			return 0
		}
		next := strings.TrimSpace(lines[i+n])
		if next == "" || isQuoted(lines[i+n]) && !strings.HasSuffix(next, ":") {
			return 0
		}
		joined += " " + strings.TrimLeft(next, "> ")
	}
}

// mayAttribute says whether one of the lines of an attribution at i has what none lacks:
// a colon at its end, before the stars of bold text, or an address.
func (p *parts) mayAttribute(i int) bool {
	for _, l := range p.lines[i:min(i+4, len(p.lines))] {
		if strings.HasSuffix(l, ":") || strings.HasSuffix(l, "*") || p.wide && strings.HasSuffix(l, "：") || p.at && strings.IndexByte(l, '@') >= 0 {
			return true
		}
	}
	return false
}

// opensAttribution is a cheap first look: a word such as "On", or a date.
func (p *parts) opensAttribution(s string) bool {
	if s == "" {
		return false
	}
	if c := s[0]; c >= '0' && c <= '9' || c == '"' || c == '<' {
		return true
	}
	if quoteIndexes().on.begin(s) || strings.HasPrefix(s, "Sent from ") {
		return true
	}
	return p.at && strings.Contains(s, "@") || strings.HasSuffix(s, ":") && hasDigit(s) || hasWrote(s)
}

// isAttribution says whether s as a whole introduces a quote.
func isAttribution(s string) bool {
	if len(s) < 8 {
		return false
	}
	digits := hasDigit(s)
	at := strings.Contains(s, "@")
	bare := withoutColon(s)
	colon := strings.HasSuffix(strings.TrimRight(s, " "), ":") || strings.HasSuffix(s, "：")
	if endsInWrote(bare) {
		return (digits && startsWithOn(s) && !ofOneself(bare) || at || dateCount(s) >= 2) && (colon || at)
	}
	if !colon && !strings.HasSuffix(s, ">") {
		return false
	}
	if digits && colon && startsWithOn(s) {
		low := strings.ToLower(bare)
		for _, w := range quoteIndexes().within {
			if strings.Index(low, w) > 0 {
				return true
			}
		}
	}
	if at && colon && dateCount(s) >= 3 && startsWithOn(s) {
		return true // Missatge de Ana Ruiz <ana@example.org> del dia dt., 24 de nov. 2026 a les 9:00:
	}
	// 2017-11-24 16:32 GMT+01:00 Ana Ruiz <ana@example.org>:
	if at && dateCount(s) >= 2 && (strings.HasSuffix(bare, ">") || strings.HasSuffix(bare, ")")) {
		return startsWithDate(s) || colon && startsWithOn(s)
	}
	return false
}

// ofOneself says that the writer speaks: "On Tuesday at 2 I wrote:".
func ofOneself(bare string) bool {
	at := strings.LastIndexAny(bare, " \t")
	if at < 0 {
		return false
	}
	before := strings.TrimRight(bare[:at], " \t")
	who := before[strings.LastIndexAny(before, " \t")+1:]
	return strings.EqualFold(who, "i") || strings.EqualFold(who, "we") || strings.EqualFold(who, "yo")
}

// flattened says whether an introduction and what it introduces stand in one line, as Yahoo
// on Android has it.
func flattened(s string) bool {
	j := strings.Index(s, ":  ")
	return j > 0 && strings.Contains(s, "@") && startsWithOn(s) && isAttribution(s[:j+1])
}

// endsWord says that a verb of quoteWords may follow head: scripts without spaces need none.
func endsWord(head string) bool {
	if head == "" {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(head)
	return r == ' ' || r == '>' || r == ')' || r == '"' || r == ',' || r > 0x2e80
}

func hasWrote(s string) bool { return endsInWrote(withoutColon(s)) }

// withoutColon is s without what stands behind the last word of an introduction.
func withoutColon(s string) string {
	for {
		switch n := len(s) - 1; {
		case n >= 0 && (s[n] == ' ' || s[n] == ':' || s[n] == '-'):
			s = s[:n]
		case strings.HasSuffix(s, "："):
			s = s[:len(s)-len("：")]
		default:
			return s
		}
	}
}

func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			return true
		}
	}
	return false
}

// endsInWrote says whether the last word of bare ends an introduction.
func endsInWrote(bare string) bool {
	if bare == "" {
		return false
	}
	words, last := quoteIndexes().wrote, bare[len(bare)-1]
	if last < utf8.RuneSelf && len(words[lowerByte(last)]) == 0 {
		return false
	}
	tail := bare // the last word is within it, and the rune before
	if cut := len(bare) - maxWrote; cut > 0 {
		for cut > 0 && !utf8.RuneStart(bare[cut]) {
			cut--
		}
		tail = bare[cut:]
	}
	if last < utf8.RuneSelf {
		if ends, sure := anyTail(tail, words[lowerByte(last)]); sure {
			return ends
		}
	}
	low := strings.ToLower(tail)
	for _, w := range words[low[len(low)-1]] {
		if strings.HasSuffix(low, w) && endsWord(low[:len(low)-len(w)]) {
			return true
		}
	}
	return false
}

// anyTail says whether s ends in one of words, which are in lower case, and whether ASCII
// is enough to be sure.
func anyTail(s string, words []string) (ends, sure bool) {
	for _, w := range words {
		n := 1
		for n <= len(w) && n <= len(s) && lowerByte(s[len(s)-n]) == w[len(w)-n] && w[len(w)-n] < utf8.RuneSelf {
			n++
		}
		switch {
		case n > len(w):
			if endsWord(s[:len(s)-len(w)]) {
				return true, true
			}
		case n <= len(s) && s[len(s)-n] >= utf8.RuneSelf:
			return false, false
		}
	}
	return false, true
}

func startsWithOn(s string) bool { return quoteIndexes().on.begin(s) || startsWithDate(s) }

func startsWithDate(s string) bool {
	s = strings.TrimLeft(s, "\"<")
	if s == "" {
		return false
	}
	if s[0] >= '0' && s[0] <= '9' {
		return true
	}
	word, _, _ := strings.Cut(s, " ")
	for word != "" && (word[len(word)-1] == '.' || word[len(word)-1] == ',') {
		word = word[:len(word)-1]
	}
	return len(word) <= maxDay && quoteDays()[strings.ToLower(word)]
}

// dateCount counts runs of digits: a date with a time has at least three.
func dateCount(s string) int {
	n, in := 0, false
	for i := 0; i < len(s); i++ {
		d := s[i] >= '0' && s[i] <= '9'
		if d && !in {
			n++
		}
		in = d
	}
	return n
}

// attributionWithin finds an introduction that shares its line with the answer:
// "fine by me On Wed, Apr 4, 2012 at 3:59 PM, ana@example.org wrote:".
func attributionWithin(s string) (keep string, ok bool) {
	if !strings.HasSuffix(s, ":") || dateCount(s) < 2 || startsWithOn(s) || !hasWrote(s) {
		return "", false
	}
	for _, w := range quoteWords.on {
		for _, before := range []string{" ", "-", ".", "!"} {
			j := strings.LastIndex(s, before+w)
			if j < 0 || j+len(before)+len(w) >= len(s) {
				continue
			}
			if rest := s[j+len(before):]; dateCount(rest) >= 2 && isAttribution(rest) {
				return strings.TrimRight(strings.TrimRight(s[:j+len(before)], " "), "-"), true
			}
		}
	}
	return "", false
}
