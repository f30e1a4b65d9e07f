package ical

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestCorpusDisputedRules: where engines disagree and this one is with none that its origin
// sides with, the RFC has the word.
func TestCorpusDisputedRules(t *testing.T) {
	lines := bufio.NewScanner(openCorpus(t, "recur/rules-disputed.jsonl"))
	lines.Buffer(nil, 1<<20)
	same, answered := 0, map[string]int{}
	for lines.Scan() {
		var c corpusRule
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		zone := utcClock()
		if z, ok := zoneNamed(c.Zone); ok {
			zone = clockOf(z)
		}
		got := expandText(t, c.RRule, c.Start, zone, len(c.Instances)+1)
		if !c.Complete {
			got = got[:min(len(got), len(c.Instances))]
		}
		if slices.Equal(got, c.Instances) {
			same++
			continue
		}
		why := disputed(c, got)
		if answered[why]++; why == "" {
			t.Errorf("%s: %s from %s\n got %.300v\nwant %.300v", c.ID, c.RRule, c.Start, got, c.Instances)
		}
	}
	t.Logf("%d as their origin has them", same)
	for why, n := range answered {
		t.Logf("%d: %s", n, why)
	}
}

// disputed is the RFC's word on a rule that is read otherwise here than at its origin.
func disputed(c corpusRule, got []string) string {
	part := map[string]string{}
	for _, p := range strings.Split(c.RRule, ";") {
		name, value, _ := strings.Cut(p, "=")
		part[name] = value
	}
	freq := part["FREQ"]
	var r rule
	switch err := parseRule([]byte(c.RRule), &r); {
	case err != nil && part["BYYEARDAY"] != "":
		return `RFC 5545 3.3.10: "The BYYEARDAY rule part MUST NOT be specified when the FREQ rule part is set to DAILY, WEEKLY, or MONTHLY": refused`
	case err != nil && part["BYMONTHDAY"] != "" && freq == "WEEKLY":
		return `RFC 5545 3.3.10: "The BYMONTHDAY rule part MUST NOT be specified when the FREQ rule part is set to WEEKLY": refused`
	case err != nil && strings.Contains(part["BYDAY"], "0"):
		return `RFC 5545 3.3.10: weekdaynum has an ordwk of 1 to 53: a rule with 0 is refused`
	case err != nil:
		return ""
	case part["BYWEEKNO"] != "" && part["BYDAY"] == "" && part["BYMONTHDAY"] == "":
		return "RFC 5545 3.3.10: what the rule leaves out, here the weekday, comes from DTSTART"
	case part["BYWEEKNO"] != "" && part["INTERVAL"] != "":
		return "RFC 5545 3.3.10: years are calendar years, and every INTERVALth counts from that of DTSTART; weeks that reach over their ends make no difference"
	case part["BYMONTHDAY"] != "" && part["BYWEEKNO"] != "" && len(c.Instances) == 0:
		return "RFC 5545 3.3.10: parts of a rule hold together; the origin has not implemented these three"
	case part["BYMONTHDAY"] != "" && part["BYMONTH"] == "" && freq == "YEARLY":
		return "RFC 5545 3.3.10: what the rule leaves out, here the month, comes from DTSTART"
	case len(c.Instances) > 0 && c.Instances[0] == c.Start && (len(got) == 0 || got[0] != c.Start):
		return `RFC 5545 3.8.5.3: "The recurrence set generated with a DTSTART property value not synchronized with the recurrence rule is undefined": DTSTART is busy besides, and not counted`
	}
	return ""
}
