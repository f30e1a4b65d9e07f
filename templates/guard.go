package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// holes are the marks that a missing value leaves behind.
var holes = sync.OnceValue(func() []hole {
	return []hole{
		{"a missing value", regexp.MustCompile(`<no value>|<nil>|%!\w?\(`)},
		{"an unfinished template", regexp.MustCompile(`\{\{|\}\}`)},
		{"a blank where a word belongs", regexp.MustCompile(`\S {2,}\S`)},
		{"nothing between brackets or quotes", regexp.MustCompile(`\(\s*\)|“\s*”|«\s*»|"\s*"`)},
		{"a blank before a comma or a full stop", regexp.MustCompile(`\S [,.;](?:\s|$)`)},
		{"a comma or colon with nothing after it", regexp.MustCompile(`[,(] ?[.?!)](?:\s|$)|: ?[.,](?:\s|$)`)},
		{"a zero date", regexp.MustCompile(`\b0001\b|\bJanuary 1, 1\b|\b1 de enero de 1\b`)},
	}
})

// A hole is a mark, and what it stands for.
type hole struct {
	what string
	re   *regexp.Regexp
}

// guard refuses a mail with a hole in it. It looks at the mail of a masked letter: what
// people write may well look like a hole, and has no place in an error.
func guard(subject, text string) error {
	if strings.TrimSpace(subject) == "" {
		return errors.New("the subject is empty")
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("the text is empty")
	}
	for i, line := range append([]string{subject}, strings.Split(text, "\n")...) {
		line = strings.TrimSpace(line)
		for _, h := range holes() {
			if h.re.MatchString(line) {
				return fmt.Errorf("line %d has %s: %q", i+1, h.what, line)
			}
		}
	}
	return nil
}
