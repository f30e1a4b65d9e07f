package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"indy/config"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
	"indy/store"
)

// demoPlay is the demo as it runs: the story, and the readers with their Maildirs.
type demoPlay struct {
	folder string
	store  *store.Store
	zone   *time.Location
	org    config.Organizer
	cast   cast
	story  io.Writer
	play   *play
	end    scheduler.State // how all stands when it is over

	readers []*demoReader
	got     []received // every mail that somebody got from indy, in order
	mails   int
	n       int // numbers the mails that people write
	day     string
}

// demoReader is somebody with a Maildir and habits.
type demoReader struct {
	name, full string // as friends say it, and whole
	address    string
	maildir    string // where their mail arrives
	sent       string // where their own mail goes: the organizer's inbox, or the organizer's Sent
	seen       map[string]bool
	kinds      map[scheduler.MailKind]int // how many of each kind they got
	about      map[string]int             // the organizer: the same, by person
	lang       string
	last       *scheduler.Head // the latest mail that they got
	answer     func(got received) (answer, bool)
}

// received is a mail that somebody reads, with what the ledger knows of it.
type received struct {
	mail   scheduler.Mail
	raw    []byte
	thread ledger.Thread
	nth    int // 1 for the first of its kind
}

func newDemoPlay(folder string, c cast, cfg *config.Config, st *store.Store, story io.Writer) *demoPlay {
	o := cfg.Organizers[0]
	d := &demoPlay{folder: folder, store: st, zone: o.Zone, org: o, cast: c, story: story}
	inbox, sent := o.Local.Inbox, o.Local.Sent
	d.addReader(&demoReader{name: o.First(), full: o.Name, address: o.Address, maildir: inbox, sent: sent, lang: o.Language, answer: c.organizerAnswers})
	for _, p := range o.People {
		if p.Reachable() {
			d.addReader(&demoReader{name: p.First(), full: p.Name, address: p.Addresses[0], maildir: filepath.Join(o.Local.Post, p.Addresses[0]),
				sent: inbox, lang: p.Language, answer: func(got received) (answer, bool) {
					return c.people[p.ID].to(got.thread.Ref.Kind, got.nth)
				}})
		}
	}
	return d
}

// organizerAnswers is how the organizer answers indy's mails: about somebody in particular,
// else as always.
func (c cast) organizerAnswers(got received) (answer, bool) {
	ref := got.thread.Ref
	if h := c.about[ref.Person]; len(h[ref.Kind]) > 0 {
		return h.to(ref.Kind, got.nth)
	}
	return c.own.to(ref.Kind, got.nth)
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
		d.got = append(d.got, x)
		if a, ok := r.answer(x); ok {
			d.play.plan(d.play.now.Add(a.after), func() error { return d.act(r, x, a) })
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
	m := mail.Parse(raw)
	th, err := d.store.Thread(ctx, d.org.ID, []string{m.MessageID})
	if err != nil {
		return nil, err
	}
	if th == nil {
		return nil, nil
	}
	d.mails++
	if r.last == nil || !m.Date.Before(r.last.Date) {
		r.last = &m.Head
	}
	return &received{mail: m, raw: raw, thread: *th}, nil
}

// act lets somebody answer: by mail, or by what they do instead.
func (d *demoPlay) act(r *demoReader, got received, a answer) error {
	if a.do != nil {
		return a.do(d, got)
	}
	today := slots.DateOf(d.play.now, d.zone)
	words := fill(a.words, today, r.lang)
	var b bytes.Buffer
	d.head(&b, r, d.org.Address, got.mail.Head)
	for _, name := range slices.Sorted(maps.Keys(a.headers)) {
		header(&b, name, a.headers[name])
	}
	header(&b, "Content-Type", "text/plain; charset=utf-8")
	header(&b, "Content-Transfer-Encoding", "8bit")
	b.WriteString("\r\n" + crlf(words) + "\r\n" + crlf(d.quote(r, got)))
	d.line(r.name+" writes: "+oneLine(words), "")
	return d.drop(r.sent, b.Bytes())
}

// head begins a mail in answer to another.
func (d *demoPlay) head(b *bytes.Buffer, r *demoReader, to string, of scheduler.Head) {
	d.n++
	header(b, "From", (&netmail.Address{Name: r.full, Address: r.address}).String())
	header(b, "To", to)
	header(b, "Date", d.play.now.In(d.zone).Format(time.RFC1123Z))
	header(b, "Message-ID", fmt.Sprintf("<demo-%d@example.org>", d.n))
	header(b, "Subject", encodeHeader("Re: "+strings.TrimPrefix(of.Subject, "Re: ")))
	header(b, "In-Reply-To", "<"+of.MessageID+">")
	header(b, "References", "<"+of.MessageID+">")
	header(b, "MIME-Version", "1.0")
}

func encodeHeader(s string) string { return mime.QEncoding.Encode("utf-8", s) }

func header(b *bytes.Buffer, name, value string) { fmt.Fprintf(b, "%s: %s\r\n", name, value) }

func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// quote is the mail that is answered, below the answer as mail programs put it.
func (d *demoPlay) quote(r *demoReader, got received) string {
	when := got.mail.Date.In(d.zone)
	said := fmt.Sprintf("\nOn %s, %s wrote:\n", when.Format("Mon, Jan 2, 2006 at 3:04 PM"), d.org.Name)
	if r.lang == "es" {
		said = fmt.Sprintf("\nEl %s a las %s, %s escribió:\n", dayName(slots.DateOf(when, d.zone), "es", false), when.Format("15:04"), d.org.Name)
	}
	return said + "> " + strings.ReplaceAll(strings.TrimRight(crlf(got.mail.Text), "\r\n"), "\r\n", "\n> ") + "\n"
}

// drop puts a mail that somebody wrote where it belongs.
func (d *demoPlay) drop(maildir string, raw []byte) error {
	return dropMail(maildir, fmt.Sprintf("%d.M%d.demo", d.play.now.Unix(), d.n), raw)
}

// dropMail delivers a mail into a Maildir as every delivery agent does: tmp, then new, with
// the line ends of files.
func dropMail(maildir, name string, raw []byte) error {
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(maildir, sub), 0o700); err != nil {
			return err
		}
	}
	tmp := filepath.Join(maildir, "tmp", name)
	if err := os.WriteFile(tmp, bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), 0o600); err != nil {
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
