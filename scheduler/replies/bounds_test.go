package replies

import (
	"fmt"
	"strings"
	"testing"
)

// TestNothingOfADebriefIsLost writes more than is weighed: every word must be found again in
// the notes or in a step, and the organizer is told.
func TestNothingOfADebriefIsLost(t *testing.T) {
	c := fuzzContext(AskedDebrief)
	lines := func(between string) string {
		var b strings.Builder
		for i := range 4 * maxUnits {
			fmt.Fprintf(&b, "She told me about her aunt number%d.%s", i, between)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"many lines":             lines("\n"),
		"one line of many":       lines(" "),
		"a promise behind":       lines("\n") + "Ana will call number320 by Friday.",
		"one endless sentence":   "we meet again in two weeks and " + strings.Repeat("she cried about number0 ", 200) + "number319",
		"a long one, then words": "no next steps " + strings.Repeat("x", 3*maxSentence) + " number0\nnumber319",
	} {
		r := Read(text, c)
		if r.Kind != Debrief {
			t.Fatalf("%s: %s %q", name, r.Kind, r.Why)
		}
		all := r.Notes
		for _, s := range r.Said {
			all += " " + s.Action
		}
		for w := range strings.FieldsSeq(text) {
			if strings.HasPrefix(w, "number") && !strings.Contains(all, strings.Trim(w, ".")) {
				t.Errorf("%s: %s is lost", name, w)
				break
			}
		}
		if strings.Contains(name, "many") && !strings.Contains(strings.Join(r.Why, " "), "not looked through") {
			t.Errorf("%s: why is %q", name, r.Why)
		}
	}
}

// TestTheEndOfAnEndlessDebriefIsOwnedUp: what is beyond what is read at all is said to be.
func TestTheEndOfAnEndlessDebriefIsOwnedUp(t *testing.T) {
	r := Read(strings.Repeat("She told me about her aunt.\n", maxVisible/20), fuzzContext(AskedDebrief))
	if !strings.Contains(strings.Join(r.Why, " "), "longer than can be read") {
		t.Errorf("why is %q", r.Why)
	}
}

// TestAnOKIsOfTheWholeMail: what was not read may be a change.
func TestAnOKIsOfTheWholeMail(t *testing.T) {
	text := strings.Repeat("ok\n", 2*maxUnits) + "but do not send it to Ana"
	if r := Read(text, fuzzContext(AskedOK)); r.OK {
		t.Errorf("it goes out: %q", r.Why)
	}
}
