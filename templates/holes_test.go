package templates

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// patterns say what each of the holes stands for.
var patterns = []*regexp.Regexp{
	regexp.MustCompile(`<no value>|<nil>|%!\w?\(`),
	regexp.MustCompile(`\{\{|\}\}`),
	regexp.MustCompile(`\S {2,}\S`),
	regexp.MustCompile(`\(\s*\)|“\s*”|«\s*»|"\s*"`),
	regexp.MustCompile(`\S [,.;](?:\s|$)`),
	regexp.MustCompile(`[,(] ?[.?!)](?:\s|$)|: ?[.,](?:\s|$)`),
	regexp.MustCompile(`\b0001\b|\bJanuary 1, 1\b|\b1 de enero de 1\b`),
}

// scraps make lines in which holes are likely, and near misses more so.
var scraps = []string{" ", "  ", "\t", "a", "é", "\xff", "0", "_", "(", ")", "“", "”", "«", "»", `"`, ",", ".", ";", ":", "?", "!",
	"%!", "%!s(", "%", "<nil>", "<no value>", "<", "{", "{{", "}", "}}", "0001", "1", "January 1, 1", "1 de enero de 1", "\f", "\u00a0"}

// TestHolesAreTheirPatterns holds each search against its pattern, on lines of scraps.
func TestHolesAreTheirPatterns(t *testing.T) {
	if len(patterns) != len(holes) {
		t.Fatalf("%d patterns for %d holes", len(patterns), len(holes))
	}
	found := make([]int, len(holes))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		line := ""
		for range rnd.IntN(12) {
			line += scraps[rnd.IntN(len(scraps))]
		}
		for i, h := range holes {
			want := patterns[i].MatchString(line)
			if got := h.in(line); got != want {
				t.Fatalf("%s in %q: %v, its pattern says %v", h.what, line, got, want)
			}
			if want {
				found[i]++
			}
		}
	}
	for i, n := range found {
		if n == 0 {
			t.Errorf("%s was in none of the lines: the test proves nothing", holes[i].what)
		}
	}
}
