package templates

import (
	"errors"
	"fmt"
	"strings"
)

// A hole is a mark that a missing value leaves behind in a line, and what it stands for.
type hole struct {
	what string
	in   func(line string) bool
}

// holes are looked for in every line of every mail, so no pattern engine runs for them;
// the tests hold each against the pattern that it stands for.
var holes = []hole{
	{"a missing value", missingValue},
	{"an unfinished template", func(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "}}") }},
	{"a blank where a word belongs", blankForWord},
	{"nothing between brackets or quotes", emptyBrackets},
	{"a blank before a comma or a full stop", blankBeforeStop},
	{"a comma or colon with nothing after it", danglingComma},
	{"a zero date", zeroDate},
}

// missingValue finds what fmt and text/template write for nothing: <no value>, <nil>, %!s(.
func missingValue(s string) bool {
	if strings.Contains(s, "<no value>") || strings.Contains(s, "<nil>") {
		return true
	}
	return anyAfter(s, "%!", func(rest string) bool {
		if rest != "" && isWord(rest[0]) {
			rest = rest[1:]
		}
		return strings.HasPrefix(rest, "(")
	})
}

// blankForWord finds several blanks between two words.
func blankForWord(s string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], "  ")
		if i < 0 {
			return false
		}
		i += from
		from = i
		for from < len(s) && s[from] == ' ' {
			from++
		}
		if i > 0 && !isSpace(s[i-1]) && from < len(s) && !isSpace(s[from]) {
			return true
		}
	}
}

// emptyBrackets finds a pair of brackets or quotes with at most blanks within.
func emptyBrackets(s string) bool {
	for _, pair := range [][2]string{{"(", ")"}, {"“", "”"}, {"«", "»"}, {`"`, `"`}} {
		if anyAfter(s, pair[0], func(rest string) bool { return strings.HasPrefix(strings.TrimLeft(rest, space), pair[1]) }) {
			return true
		}
	}
	return false
}

// blankBeforeStop finds a blank between a word and the comma or full stop after it.
func blankBeforeStop(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ' ' && !isSpace(s[i-1]) && strings.IndexByte(",.;", s[i+1]) >= 0 && endsAt(s, i+2) {
			return true
		}
	}
	return false
}

// danglingComma finds a comma, bracket or colon that another mark follows.
func danglingComma(s string) bool {
	for i := range len(s) {
		after := ""
		switch s[i] {
		case ',', '(':
			after = ".?!)"
		case ':':
			after = ".,"
		default:
			continue
		}
		next := i + 1
		if next < len(s) && s[next] == ' ' {
			next++
		}
		if next < len(s) && strings.IndexByte(after, s[next]) >= 0 && endsAt(s, next+1) {
			return true
		}
	}
	return false
}

// zeroDate finds the first day of the first year, which is what no date looks like.
func zeroDate(s string) bool {
	for _, date := range []string{"0001", "January 1, 1", "1 de enero de 1"} {
		for from := 0; ; {
			i := strings.Index(s[from:], date)
			if i < 0 {
				break
			}
			i += from
			from = i + 1
			if end := i + len(date); (i == 0 || !isWord(s[i-1])) && (end == len(s) || !isWord(s[end])) {
				return true
			}
		}
	}
	return false
}

// anyAfter says whether what follows any of the marks is as is wants it.
func anyAfter(s, mark string, is func(rest string) bool) bool {
	for {
		i := strings.Index(s, mark)
		if i < 0 {
			return false
		}
		s = s[i+len(mark):]
		if is(s) {
			return true
		}
	}
}

const space = " \t\n\f\r"

func isSpace(c byte) bool { return strings.IndexByte(space, c) >= 0 }

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// endsAt says that a word would end at i: there is a blank, or nothing more.
func endsAt(s string, i int) bool { return i == len(s) || isSpace(s[i]) }

// guard refuses a mail with a hole in it; see Set.blame for whose it is.
func guard(subject, text string) error {
	if strings.TrimSpace(subject) == "" {
		return errors.New("the subject is empty")
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("the text is empty")
	}
	if err := guardLine(1, subject); err != nil {
		return err
	}
	n := 1
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if err := guardLine(n, line); err != nil {
			return err
		}
	}
	return nil
}

func guardLine(n int, line string) error {
	line = strings.TrimSpace(line)
	for _, h := range holes {
		if h.in(line) {
			return fmt.Errorf("line %d has %s: %q", n, h.what, line)
		}
	}
	return nil
}
