package mail

import (
	"strings"
	"testing"
)

// Boundaries that other programs wrote badly: misnamed, and with the end of the line
// before them lost.
func TestBadBoundaries(t *testing.T) {
	const head = "From: ana@example.net\nSubject: x\nContent-Type: multipart/alternative; boundary=\"b1\"\n\n"
	for name, body := range map[string]string{
		"as it should be":     "--b1\nContent-Type: text/plain\n\nTuesday works\n--b1\nContent-Type: text/html\n\n<p>Tuesday works</p>\n--b1--\n",
		"misnamed":            "--b2\nContent-Type: text/plain\n\nTuesday works\n--b2\nContent-Type: text/html\n\n<p>Tuesday works</p>\n--b2--\n",
		"joined to its words": "This is MIME --b1\nContent-Type: text/plain\n\nTuesday works --b1\nContent-Type: text/html\n\n<p>Tuesday works</p> --b1--\n",
		"cut short":           "--b1\nContent-Type: text/plain\n\nTuesday works\n",
	} {
		m, err := Read(strings.NewReader(head + body))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(m.Text); got != "Tuesday works" || m.HTML {
			t.Errorf("%s: %q, made from HTML: %v", name, got, m.HTML)
		}
	}
}
