package replies

import (
	"iter"
	"strings"
)

// phones are the phone numbers in text, each from and to a byte: runs of digits in
// groups that no date or time is written in.
func phones(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i := 0; i < len(text); i++ {
			if !isDigit(text[i]) && text[i] != '+' && text[i] != '(' || i > 0 && isWordByte(text[i-1]) {
				continue
			}
			j := i
			for j < len(text) && j < i+40 && (isDigit(text[j]) || strings.IndexByte("+()-. ", text[j]) >= 0) {
				j++
			}
			for j > i && !isDigit(text[j-1]) {
				j--
			}
			if j > i && isPhone(text[i:j]) && (j == len(text) || !isWordByte(text[j])) {
				if !yield(i, j) {
					return
				}
			}
			i = max(i, j-1)
		}
	}
}

// isPhone goes by the groups of digits: (510) 555-0100, 555-0100, 612 345 678, +34 612345678.
func isPhone(s string) bool {
	figures := 0
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			figures++
		}
	}
	if figures < 7 {
		return false
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	switch {
	case total > 15 || len(groups) == 0:
		return false
	case strings.Contains(s, ". ") || strings.Contains(s, "  "):
		return false
	case s[0] == '+':
		return total >= 8
	case len(groups) == 2 && len(groups[0]) == 3 && len(groups[1]) == 4:
		return true
	case len(groups[0]) == 4 && groups[0][0] == '2' && groups[0][1] == '0':
		return false // 2026-12-01 1400
	}
	return total >= 9
}

// maskNumbers writes over the digits of what surely is no time: x for phone numbers, which
// say nothing, and z for sums of money, which are about something.
func maskNumbers(text string) string {
	var b []byte
	over := func(i, j int, c byte) {
		if b == nil {
			b = []byte(text)
		}
		for k := i; k < j; k++ {
			if isDigit(b[k]) {
				b[k] = c
			}
		}
	}
	for i, j := range phones(text) {
		over(i, j, 'x')
	}
	for i, j := range sums(text) {
		over(i, j, 'z')
	}
	if b == nil {
		return text
	}
	return string(b)
}

// sums are the digits beside a sign of money or a per cent sign, each from and to a byte.
func sums(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if strings.IndexByte(text, '$') < 0 && strings.IndexByte(text, '%') < 0 && !strings.Contains(text, "€") && !strings.Contains(text, "£") {
			return
		}
		for i := 0; i < len(text); {
			j := i
			for j < len(text) && (isDigit(text[j]) || j > i && (text[j] == '.' || text[j] == ',') && j+1 < len(text) && isDigit(text[j+1])) {
				j++
			}
			if j == i {
				i++
				continue
			}
			if (ofMoney(strings.TrimRight(text[:i], " "), strings.HasSuffix) || ofMoney(text[j:], strings.HasPrefix)) && !yield(i, j) {
				return
			}
			i = j
		}
	}
}

func ofMoney(s string, has func(s, sign string) bool) bool {
	return has(s, "$") || has(s, "€") || has(s, "£") || has(s, "%")
}
