package local

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-maildir"

	"indy/integrations/integrationtest"
)

// world is an organizer's folders and the people around them, as other programs do it.
type world struct {
	dir string
	cut string
}

const maria = "maria@example.org"

func newMailWorld(t *testing.T) integrationtest.MailWorld { return &world{dir: t.TempDir()} }

func (w *world) path(names ...string) string {
	return filepath.Join(append([]string{w.dir}, names...)...)
}

func (w *world) Organizer() string { return maria }

// Now is the real time: files carry no other. Pass waits for nothing, since what is
// written is there.
func (w *world) Now() time.Time       { return time.Now() }
func (w *world) Pass(_ time.Duration) {}

func (w *world) mailbox(t *testing.T) *Mailbox {
	t.Helper()
	m, err := OpenMailbox(MailboxOptions{Inbox: w.path("in"), Sent: w.path("sent"), Post: w.path("post"),
		Addresses: []string{maria, "Maria.Lopez@example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	m.broke = func(step string) error {
		if w.cut != step {
			return nil
		}
		w.cut = ""
		return errors.New("the power went off")
	}
	return m
}

func (w *world) Mailbox(t *testing.T) integrationtest.Mailbox { return w.mailbox(t) }

// drop delivers as other programs do.
func drop(t *testing.T, dir string, raw []byte) {
	t.Helper()
	if err := makeMaildir(dir); err != nil {
		t.Fatal(err)
	}
	d, err := maildir.NewDelivery(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func (w *world) Deliver(t *testing.T, _ string, raw []byte) { drop(t, w.path("in"), raw) }

func (w *world) WriteByHand(t *testing.T, to string, raw []byte) {
	drop(t, w.path("sent"), raw)
	drop(t, w.path("post", to), raw)
}

func (w *world) Received(t *testing.T, address string) [][]byte {
	t.Helper()
	type file struct {
		path string
		at   time.Time
	}
	var files []file
	for _, sub := range []string{"new", "cur"} {
		dir := w.path("post", address)
		if address == maria {
			dir = w.path("in")
		}
		paths, err := filepath.Glob(filepath.Join(dir, sub, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file{path, info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return a.at.Compare(b.at) })
	var list [][]byte
	for _, f := range files {
		raw, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, raw)
	}
	return list
}

func (w *world) CutSend(_ *testing.T, after bool) {
	w.cut = map[bool]string{false: "before", true: "after"}[after]
}

func (w *world) CutWithdraw(_ *testing.T, after bool) {
	w.cut = map[bool]string{false: "before taking back", true: "after taking back"}[after]
}

// staged are the files that wait to be sent.
func (w *world) staged(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(w.path("post", "*", "tmp", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (w *world) Staged(t *testing.T) int { return len(w.staged(t)) }

func (w *world) Mend(t *testing.T, words string) {
	t.Helper()
	name := w.staged(t)[0]
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := bytes.Cut(raw, []byte("\n\n"))
	if err := os.WriteFile(name, append(append(head, "\n\n"...), words...), 0o600); err != nil {
		t.Fatal(err)
	}
}
