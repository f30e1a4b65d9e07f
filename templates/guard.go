package templates

import (
	"fmt"
	"regexp"
	"strings"
)

// holes are the marks that a missing value leaves behind.
var holes = []struct {
	what string
	re   *regexp.Regexp
}{
	{"a missing value", regexp.MustCompile(`<no value>|<nil>|%!\w?\(`)},
	{"an unfinished template", regexp.MustCompile(`\{\{|\}\}`)},
	{"a blank where a word belongs", regexp.MustCompile(`\S {2,}\S`)},
	{"nothing between brackets or quotes", regexp.MustCompile(`\(\s*\)|“\s*”|«\s*»|"\s*"`)},
	{"a blank before a comma or a full stop", regexp.MustCompile(`\S [,.;](?:\s|$)`)},
	{"a comma or colon with nothing after it", regexp.MustCompile(`[,(] ?[.?!)](?:\s|$)|: ?[.,](?:\s|$)`)},
	{"a zero date", regexp.MustCompile(`\b0001\b|\bJanuary 1, 1\b|\b1 de enero de 1\b`)},
}

// guard refuses a mail with a hole in it. A spot that stands so in what people wrote
// (words) is theirs and may stay; quoted lines are theirs anyway.
func guard(subject, text string, words []string) error {
	if strings.TrimSpace(subject) == "" {
		return fmt.Errorf("the subject is empty")
	}
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("the text is empty")
	}
	for i, line := range append([]string{subject}, strings.Split(text, "\n")...) {
		if strings.HasPrefix(line, ">") {
			continue
		}
		line = strings.TrimSpace(line)
		for _, h := range holes {
			for _, spot := range h.re.FindAllString(line, -1) {
				if !isTheirs(spot, words) {
					return fmt.Errorf("line %d has %s: %q", i+1, h.what, line)
				}
			}
		}
	}
	return nil
}

func isTheirs(spot string, words []string) bool {
	spot = strings.TrimSpace(spot)
	for _, w := range words {
		if strings.Contains(w, spot) {
			return true
		}
	}
	return false
}
