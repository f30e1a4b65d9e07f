package ical

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// corpora is a folder of public test data beside the project; it is not part of it.
const corpora = "../../../shared/corpora"

// openCorpus opens a file of the corpora, or skips the test.
func openCorpus(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(corpora, name))
	if err != nil {
		t.Skipf("no corpus %s here", name)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

type corpusRule struct {
	ID            string   `json:"id"`
	RRule         string   `json:"rrule"`
	Start         string   `json:"dtstart"`
	Zone          string   `json:"timezone"`
	Instances     []string `json:"instances"`
	Complete      bool     `json:"complete"`
	DtstartInRule bool     `json:"dtstart_in_rule"`
	Differ        []string `json:"engines_differ"`
	Agree         []string `json:"engines_agree"`
}

// expandText is the first n instances of a rule, as the clock shows them; none when the
// rule is refused.
func expandText(t *testing.T, text, start string, zone *clock, n int) []string {
	t.Helper()
	var r rule
	if err := parseRule([]byte(text), &r); err != nil {
		return nil
	}
	m, ok := parseMoment([]byte(start))
	if !ok {
		t.Fatalf("%s is no time", start)
	}
	var out []string
	newExpansion(&r, m).walk(m.w, wall(dayNumber(9999, 12, 31))*day, func(w wall) bool {
		if r.ends && past(&r, w, m.kind, zone) {
			return false
		}
		out = append(out, wallText(zone.reading(zone.instant(w)), min(m.kind, isLocal)))
		return len(out) < n
	})
	return out
}

func TestCorpusRules(t *testing.T) {
	lines := bufio.NewScanner(openCorpus(t, "recur/rules.jsonl"))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		var c corpusRule
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if n++; len(c.Start) == 0 {
			t.Fatalf("%s has no DTSTART", c.ID)
		}
		zone := utcClock()
		if z, ok := zoneNamed(c.Zone); ok {
			zone = clockOf(z)
		}
		limit := len(c.Instances)
		if c.Complete {
			limit++
		}
		got := expandText(t, c.RRule, c.Start, zone, limit)
		if !slices.Equal(got, c.Instances) {
			t.Errorf("%s: %s from %s (DTSTART in rule: %v)\n got %v\nwant %v", c.ID, c.RRule, c.Start, c.DtstartInRule, got, c.Instances)
		}
	}
	t.Logf("%d rules", n)
}
