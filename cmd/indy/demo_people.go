package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"indy/config"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/store"
)

// demoPlay is the demo as it runs: the story, and the readers with their Maildirs.
type demoPlay struct {
	folder string
	store  *store.Store
	zone   *time.Location
	org    config.Organizer
	story  io.Writer
	play   *play

	readers []*demoReader
	mails   int
	n       int // numbers the mails that people write
	posts   []demoMail
	day     string
}

// demoReader is somebody with a Maildir and habits.
type demoReader struct {
	name, address string
	maildir       string // where their mail arrives
	sent          string // where their own mail goes: the organizer's inbox, or Maria's Sent
	seen          map[string]bool
	kinds         map[scheduler.MailKind]int // how many of each kind they got
	about         map[string]int             // Maria: the same, by person
	answer        func(d *demoPlay, r *demoReader, got received) *answer
}

// received is a mail that somebody reads, with what the ledger knows of it.
type received struct {
	mail   scheduler.Mail
	raw    []byte
	thread ledger.Thread
	nth    int // 1 for the first of its kind
}

// answer is what they write back, and how long it takes them.
type answer struct {
	after   time.Duration
	words   string
	headers map[string]string // more headers: what robots write
	alone   bool              // a mail of its own, not a reply
	do      func() error      // something else than a mail
}

// demoMail is a mail of the demo, for the page.
type demoMail struct {
	box  string // whose inbox: an address
	from string
	at   time.Time
	raw  []byte
}

func newDemoPlay(folder string, cfg *config.Config, st *store.Store, story io.Writer) *demoPlay {
	o := cfg.Organizers[0]
	d := &demoPlay{folder: folder, store: st, zone: o.Zone, org: o, story: story}
	inbox, sent := o.Local.Inbox, o.Local.Sent
	d.addReader(&demoReader{name: o.First(), address: o.Address, maildir: inbox, sent: sent, answer: mariaAnswers})
	for _, p := range o.People {
		if p.Reachable() {
			d.addReader(&demoReader{name: p.First(), address: p.Addresses[0], maildir: filepath.Join(o.Local.Post, p.Addresses[0]),
				sent: inbox, answer: demoHabits[p.First()]})
		}
	}
	return d
}

func (d *demoPlay) addReader(r *demoReader) {
	r.seen, r.kinds, r.about = map[string]bool{}, map[scheduler.MailKind]int{}, map[string]int{}
	d.readers = append(d.readers, r)
}

// look lets everybody look whether they have mail.
func (d *demoPlay) look(ctx context.Context) error {
	for _, r := range d.readers {
		if err := d.lookOne(ctx, r); err != nil {
			return fmt.Errorf("%s reads their mail: %w", r.name, err)
		}
	}
	return nil
}

func (d *demoPlay) lookOne(ctx context.Context, r *demoReader) error {
	var fresh []string
	for _, sub := range []string{"new", "cur"} {
		list, err := os.ReadDir(filepath.Join(r.maildir, sub))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		for _, entry := range list {
			if !r.seen[entry.Name()] {
				r.seen[entry.Name()] = true
				fresh = append(fresh, filepath.Join(r.maildir, sub, entry.Name()))
			}
		}
	}
	var got []received
	for _, path := range fresh {
		x, err := d.open(ctx, r, path)
		if err != nil {
			return err
		}
		if x != nil {
			got = append(got, *x)
		}
	}
	slices.SortFunc(got, func(a, b received) int { return strings.Compare(a.thread.Key, b.thread.Key) })
	for _, x := range got {
		r.kinds[x.thread.Ref.Kind]++
		who := string(x.thread.Ref.Person) + "/" + string(x.thread.Ref.Kind)
		r.about[who]++
		x.nth = r.kinds[x.thread.Ref.Kind]
		if x.thread.Ref.Own {
			x.nth = r.about[who]
		}
		if a := r.answer(d, r, x); a != nil {
			d.play.plan(d.play.now.Add(a.after), func() error { return d.write(r, x, *a) })
		}
	}
	return nil
}

// open reads a mail of indy's; nil when it is somebody else's.
func (d *demoPlay) open(ctx context.Context, r *demoReader, path string) (*received, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := mail.Read(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	th, err := d.store.Thread(ctx, d.org.ID, []string{m.MessageID})
	if err != nil {
		return nil, err
	}
	d.posts = append(d.posts, demoMail{box: r.address, from: m.From.Addr, at: m.Date, raw: raw})
	if th == nil {
		return nil, nil
	}
	d.mails++
	return &received{mail: m, raw: raw, thread: *th}, nil
}

// write puts an answer where the reader's own mail goes, or does what they do instead.
func (d *demoPlay) write(r *demoReader, got received, a answer) error {
	if a.do != nil {
		return a.do()
	}
	d.n++
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", (&netAddress{Name: r.name, Address: r.address}).String())
	header("To", d.org.Address)
	header("Date", d.play.now.In(d.zone).Format(time.RFC1123Z))
	header("Message-ID", fmt.Sprintf("<demo-%d@example.org>", d.n))
	header("Subject", encodeHeader("Re: "+strings.TrimPrefix(got.mail.Subject, "Re: ")))
	if !a.alone {
		header("In-Reply-To", "<"+got.mail.MessageID+">")
		header("References", "<"+got.mail.MessageID+">")
	}
	for _, name := range slices.Sorted(keysOf(a.headers)) {
		header(name, a.headers[name])
	}
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "8bit")
	b.WriteString("\r\n" + strings.ReplaceAll(a.words, "\n", "\r\n") + "\r\n")
	if !a.alone {
		fmt.Fprintf(&b, "\r\nOn %s, %s wrote:\r\n", got.mail.Date.Format("Mon, Jan 2, 2006 at 3:04 PM"), d.org.Name)
		for _, line := range strings.Split(strings.TrimRight(got.mail.Text, "\n"), "\n") {
			b.WriteString("> " + strings.TrimRight(line, "\r") + "\r\n")
		}
	}
	d.line(r.name+" writes: "+oneLine(a.words), "")
	return dropMail(r.sent, fmt.Sprintf("%d.M%d.demo", d.play.now.Unix(), d.n), b.Bytes())
}

// dropMail delivers a mail into a Maildir as every delivery agent does: tmp, then new.
func dropMail(maildir, name string, raw []byte) error {
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(maildir, sub), 0o700); err != nil {
			return err
		}
	}
	tmp := filepath.Join(maildir, "tmp", name)
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(maildir, "new", name))
}

func oneLine(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if r := []rune(words); len(r) > 100 {
		return "“" + string(r[:99]) + "…”"
	}
	return "“" + words + "”"
}

// teller is the store with a voice: what a decision adds to the history is told at once.
type teller struct {
	*store.Store
	tell func(scheduler.Entry)
}

// Commit saves a decision and tells of it.
func (t teller) Commit(ctx context.Context, c ledger.Commit) (int64, error) {
	version, err := t.Store.Commit(ctx, c)
	if err == nil {
		for _, h := range c.History {
			t.tell(h)
		}
	}
	return version, err
}

// tell prints what indy did, and why.
func (d *demoPlay) tell(h scheduler.Entry) {
	who := ""
	for _, p := range d.org.People {
		if p.ID == h.Person {
			who = p.First() + ": "
		}
	}
	for _, heard := range []string{"they answered", "you answered", "you wrote"} {
		if strings.HasPrefix(h.What, heard) {
			who = "  understood: " + who
		}
	}
	d.line(who+h.What, h.Why)
}

// line prints one line of the story.
func (d *demoPlay) line(what, why string) {
	now := d.play.now.In(d.zone)
	day := now.Format("Mon 2 Jan")
	shown := day
	if day == d.day {
		shown = ""
	}
	d.day = day
	if why != "" {
		what += " (" + why + ")"
	}
	fmt.Fprintf(d.story, "%-10s %s  %s\n", shown, now.Format("15:04"), what)
}
