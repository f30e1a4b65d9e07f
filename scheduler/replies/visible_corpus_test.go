package replies

import (
	"encoding/json"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpus = "../../../shared/corpora/replies"

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
		if ok := folded(got) == folded(want) || folded(visible(in, true)) == folded(want) || folded(got) == folded(Visible(want)); ok {
			right++
			continue
		}
		t.Logf("MISS %s\n--- got\n%s\n--- want\n%s\n", e.ID, got, want)
	}
	t.Logf("%d of %d", right, n)
}

func plainPart(raw string) string {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return raw
	}
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		k, err := m.Body.Read(buf)
		b.Write(buf[:k])
		if err != nil {
			return b.String()
		}
	}
}
