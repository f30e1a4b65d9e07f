package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

func all(scheduler.Head) bool { return true }

func letter(subject string) []byte {
	return []byte("From: ana@example.org\r\nTo: " + maria + "\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
}

// told fetches and answers subjects and the next cursor.
func told(t *testing.T, m *Mailbox, cursor string) (subjects []string, next string) {
	t.Helper()
	mails, next, err := m.Fetch(t.Context(), cursor, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range mails {
		subjects = append(subjects, got.Subject)
	}
	return subjects, next
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestNamesThatStay(t *testing.T) {
	for name, want := range map[string]string{
		"1700000000.M1P2.host":                       "1700000000.M1P2.host",
		"1700000000.M1P2.host:2,":                    "1700000000.M1P2.host",
		"1700000000.M1P2.host:2,FRS":                 "1700000000.M1P2.host",
		"1700000000.M1P2.host,S=1234,W=1260:2,S":     "1700000000.M1P2.host",
		"1700000000.1_2.host,U=17:2,S":               "1700000000.1_2.host",
		"1700000000.M1P2.host,U=3,FMD5=0f3a:2,a":     "1700000000.M1P2.host",
		"just-a-name":                                "just-a-name",
		",S=1":                                       ",S=1",
		"1700000000.M1P2V000000000000FD01I0001.host": "1700000000.M1P2V000000000000FD01I0001.host",
	} {
		if got := unique(name); got != want {
			t.Errorf("of %s stays %s, want %s", name, got, want)
		}
	}
}

func TestFolderNames(t *testing.T) {
	seen := map[string]string{}
	for _, address := range []string{"ana@example.org", "a.b+c@example.org", "../../etc@example.org", "..", ".", ".hidden@example.org",
		"a/b@example.org", `a\b@example.org`, "a%2Fb@example.org", "nul\x00@example.org", "ünï@example.org", "a b@example.org", "con:@example.org"} {
		name, err := folderName(address)
		if err != nil {
			t.Errorf("%q: %v", address, err)
			continue
		}
		if name != filepath.Base(name) || strings.HasPrefix(name, ".") || strings.ContainsAny(name, "/\\:\x00 ") {
			t.Errorf("%q becomes the folder %q", address, name)
		}
		if other, twice := seen[name]; twice {
			t.Errorf("%q and %q share a folder", address, other)
		}
		seen[name] = address
	}
	if name, _ := folderName("Ana.Ruiz@Example.ORG "); name != "ana.ruiz@example.org" {
		t.Errorf("upper case becomes %q", name)
	}
	for _, address := range []string{"", "  ", strings.Repeat("x", 300) + "@example.org", strings.Repeat("/", 200)} {
		if name, err := folderName(address); err == nil {
			t.Errorf("%.20q becomes the folder %q", address, name)
		}
	}
}

func TestOtherProgramsMoveAndFlag(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, cursor := told(t, m, "")
	write(t, w.path("in", "new", "1.a.host"), letter("one"))
	mails, next, err := m.Fetch(t.Context(), cursor, all)
	if err != nil || len(mails) != 1 || mails[0].ID != "1.a.host" {
		t.Fatalf("fetched %v, %v", mails, err)
	}
	rename(t, w.path("in", "new", "1.a.host"), w.path("in", "cur", "1.a.host:2,S"))
	if got, _ := told(t, m, next); len(got) != 0 {
		t.Errorf("after it was read by a person it is told again: %q", got)
	}
	rename(t, w.path("in", "cur", "1.a.host:2,S"), w.path("in", "cur", "1.a.host,S=60:2,RS"))
	if got, _ := told(t, m, next); len(got) != 0 {
		t.Errorf("after it was answered it is told again: %q", got)
	}
	again, _, err := w.mailbox(t).Fetch(t.Context(), next, all)
	if err != nil || len(again) != 1 || again[0].ID != "1.a.host" {
		t.Errorf("after a restart it is %v, %v", again, err)
	}
}

func TestNothingIsMovedOrFlagged(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, cursor := told(t, m, "")
	write(t, w.path("in", "new", "1.a.host"), letter("one"))
	write(t, w.path("in", "cur", "2.a.host:2,F"), letter("two"))
	write(t, w.path("sent", "cur", "3.a.host:2,S"), letter("three"))
	write(t, w.path("in", "tmp", "4.a.host"), letter("not yet"))
	write(t, w.path("in", "new", ".nfs001"), letter("hidden"))
	if err := os.Mkdir(w.path("in", "cur", "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	tree := func() (names []string) {
		err := filepath.WalkDir(w.dir, func(path string, _ os.DirEntry, err error) error {
			names = append(names, path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := tree()
	got, _ := told(t, m, cursor)
	slices.Sort(got)
	if !slices.Equal(got, []string{"one", "three", "two"}) {
		t.Errorf("told %q", got)
	}
	if after := tree(); !slices.Equal(before, after) {
		t.Errorf("reading changed the folders:\n%q\n%q", before, after)
	}
}

// Mail programs that fetch may keep the time at which a mail reached the server.
func TestOldTimesStillCount(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, cursor := told(t, m, "")
	path := w.path("in", "new", "1.a.host")
	write(t, path, letter("late"))
	old := time.Now().AddDate(0, -6, 0)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if got, _ := told(t, m, cursor); !slices.Equal(got, []string{"late"}) {
		t.Errorf("told %q", got)
	}
}

func TestTimesToCome(t *testing.T) {
	w := &world{dir: t.TempDir()}
	path := w.path("in", "new", "1.a.host")
	m := w.mailbox(t)
	write(t, path, letter("from a clock that is wrong"))
	ahead := time.Now().AddDate(1, 0, 0)
	if err := os.Chtimes(path, ahead, ahead); err != nil {
		t.Fatal(err)
	}
	_, cursor := told(t, m, "")
	for range 2 {
		got, next := told(t, w.mailbox(t), cursor)
		if len(got) != 0 {
			t.Errorf("what was there at the first look is told: %q", got)
		}
		// Much later the cursor has moved on, and it is still known.
		c, err := parseCursor(next)
		if err != nil {
			t.Fatal(err)
		}
		c.Since = time.Now().AddDate(0, -2, 0).UnixMilli()
		cursor = c.String()
	}
}

func TestCursorMovesOnSeldom(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, first := told(t, m, "")
	for range 3 {
		if _, next := told(t, m, first); next != first {
			t.Errorf("with nothing new the cursor went from %s to %s", first, next)
		}
	}
	c, err := parseCursor(first)
	if err != nil {
		t.Fatal(err)
	}
	c.Since = time.Now().AddDate(0, 0, -20).UnixMilli()
	_, next := told(t, m, c.String())
	if moved, err := parseCursor(next); err != nil || moved.Since <= c.Since {
		t.Errorf("after twenty days the cursor is %s", next)
	}
	if _, _, err := m.Fetch(t.Context(), "not ours", all); scheduler.FailureOf(err) != scheduler.Final {
		t.Errorf("a cursor of something else: %v", err)
	}
}

func parcelTo(to, key string) scheduler.Parcel {
	return scheduler.Parcel{Key: key, From: maria, To: to, MessageID: key + "@example.org", Raw: letter(key)}
}

func send(t *testing.T, m *Mailbox, out scheduler.Parcel) (ref string) {
	t.Helper()
	ref, err := m.Stage(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Send(t.Context(), out, ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestOwnAddresses(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, cursor := told(t, m, "")
	ref := send(t, m, parcelTo("MARIA.lopez@example.org", "brief"))
	if _, err := os.Stat(w.path("in", "new", ref)); err != nil {
		t.Errorf("a mail to the organizer is not in the inbox: %v", err)
	}
	if _, err := os.Stat(w.path("sent", "cur", ref+":2,S")); err != nil {
		t.Errorf("there is no copy: %v", err)
	}
	if got, _ := told(t, m, cursor); len(got) != 0 {
		t.Errorf("indy's own mail is told: %q", got)
	}
	if got, err := os.ReadDir(w.path("post")); err != nil || len(got) != 0 {
		t.Errorf("it was also put to the way out: %v, %v", got, err)
	}
}

func TestTakenOnAtOnce(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	out := parcelTo("ana@example.org", "offer")
	ref := send(t, m, out)
	// Whoever carries the mail on takes it before the answer is kept.
	if err := os.Remove(w.path("post", "ana@example.org", "new", ref)); err != nil {
		t.Fatal(err)
	}
	if _, found, err := w.mailbox(t).Find(t.Context(), out, ref); err != nil || found != scheduler.WasSent {
		t.Errorf("with the copy in Sent: %v, %v", found, err)
	}
	if _, err := m.Send(t.Context(), out, ref); err != nil {
		t.Errorf("sent again: %v", err)
	}
	if got, err := os.ReadDir(w.path("post", "ana@example.org", "new")); err != nil || len(got) != 0 {
		t.Errorf("it went twice: %v, %v", got, err)
	}
	// The organizer deletes the copy as well: nothing shows it any more.
	if err := os.Remove(w.path("sent", "cur", ref+":2,S")); err != nil {
		t.Fatal(err)
	}
	if _, found, err := m.Find(t.Context(), out, ref); err != nil || found != scheduler.CannotTell {
		t.Errorf("with no trace: %v, %v", found, err)
	}
	if _, err := m.Send(t.Context(), out, ref); scheduler.FailureOf(err) != scheduler.InDoubt {
		t.Errorf("with no trace it was sent: %v", err)
	}
}

func TestReceiverFlags(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	out := parcelTo("ana@example.org", "offer")
	ref := send(t, m, out)
	if err := os.Remove(w.path("sent", "cur", ref+":2,S")); err != nil {
		t.Fatal(err)
	}
	rename(t, w.path("post", "ana@example.org", "new", ref), w.path("post", "ana@example.org", "cur", ref+",S=9:2,RS"))
	if _, found, err := m.Find(t.Context(), out, ref); err != nil || found != scheduler.WasSent {
		t.Errorf("read and answered by its receiver: %v, %v", found, err)
	}
}

// mutt shows the line ends of the wire as ^M.
func TestFilesHaveTheLineEndsOfFiles(t *testing.T) {
	w := &world{dir: t.TempDir()}
	ref := send(t, w.mailbox(t), parcelTo(maria, "brief"))
	for _, path := range []string{w.path("in", "new", ref), w.path("sent", "cur", ref+":2,S")} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("\r")) || !bytes.HasSuffix(raw, []byte("\n\nHello.\n")) {
			t.Errorf("%s is %q", path, raw)
		}
	}
}

func TestSentOnlyCopyIsNotASend(t *testing.T) {
	// The process died between the copy and the move.
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	out := parcelTo("ana@example.org", "offer")
	ref, err := m.Stage(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	write(t, w.path("sent", "cur", ref+":2,S"), out.Raw)
	if _, found, err := m.Find(t.Context(), out, ref); err != nil || found != scheduler.NotSent {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := m.Send(t.Context(), out, ref); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadDir(w.path("sent", "cur")); err != nil || len(got) != 1 {
		t.Errorf("copies: %v, %v", got, err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	w := &world{dir: t.TempDir()}
	send(t, w.mailbox(t), parcelTo("ana@example.org", "offer"))
	err := filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == w.dir {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVanishedMail(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	_, cursor := told(t, m, "")
	for _, name := range []string{"1", "2", "3"} {
		write(t, w.path("in", "new", name), letter(name))
	}
	// While the first is read, a program deletes the second and reads the third.
	first := true
	mails, _, err := m.Fetch(t.Context(), cursor, func(h scheduler.Head) bool {
		if first {
			first = false
			others := slices.DeleteFunc([]string{"1", "2", "3"}, func(name string) bool { return name == h.Subject })
			if err := os.Remove(w.path("in", "new", others[0])); err != nil {
				t.Error(err)
			}
			rename(t, w.path("in", "new", others[1]), w.path("in", "cur", others[1]+":2,S"))
		}
		return true
	})
	if err != nil || len(mails) != 2 {
		t.Errorf("fetched %d, %v", len(mails), err)
	}
}

func TestWatchNotices(t *testing.T) {
	w := &world{dir: t.TempDir()}
	m := w.mailbox(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	changed := make(chan struct{}, 100)
	ended := make(chan error, 1)
	go func() { ended <- m.Watch(ctx, func() { changed <- struct{}{} }) }()
	// Until the watch stands nothing is noticed, so files are dropped until one is.
	for n := 0; ; n++ {
		write(t, w.path("in", "new", fmt.Sprint(n)), letter("x"))
		select {
		case <-changed:
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			return
		case err := <-ended:
			t.Fatalf("watching ended: %v", err)
		case <-time.After(2 * gather):
		}
	}
}

func BenchmarkFetchNothingNew(b *testing.B) {
	w := &world{dir: b.TempDir()}
	m, err := OpenMailbox(MailboxOptions{Inbox: w.path("in"), Sent: w.path("sent"), Post: w.path("post"), Addresses: []string{maria}})
	if err != nil {
		b.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	for n := range 5000 {
		path := w.path("in", "cur", fmt.Sprint(n, ":2,S"))
		if err := errors.Join(os.WriteFile(path, letter("x"), 0o600), os.Chtimes(path, old, old)); err != nil {
			b.Fatal(err)
		}
	}
	for _, dir := range []string{"in/cur", "in/new", "sent/cur", "sent/new"} {
		if err := os.Chtimes(w.path(dir), old, old); err != nil {
			b.Fatal(err)
		}
	}
	_, cursor, err := m.Fetch(b.Context(), "", all)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := m.Fetch(b.Context(), cursor, all); err != nil {
			b.Fatal(err)
		}
	}
}
