package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/integrations/mail"
	"indy/scheduler"
)

// TestDoubtReachesMaria loses the answer to each mail of the arc, in turn, when nobody can
// tell any more what became of it: its copy among what was sent was deleted at that very
// moment. No mail goes a second time, and Maria hears of each: at once by a mail that names
// it, where it is about somebody, else in the next digest.
func TestDoubtReachesMaria(t *testing.T) {
	plain := newArc(t)
	plain.play()
	sends := plain.g.Spent().Calls["gmail.users.drafts.send"]
	for n := range sends {
		if testing.Short() && n%5 != 0 {
			continue
		}
		t.Run(fmt.Sprint(n+1), func(t *testing.T) {
			t.Parallel()
			newArc(t).doubt(n)
		})
	}
	t.Logf("%d mails, each lost from sight once", sends)
}

// doubt lives through the arc until the mail after the first n is lost from sight.
func (d *googleDay) doubt(n int) {
	d.t.Helper()
	var lost scheduler.Mail
	d.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", Skip: n, CutAfter: true, Then: func() {
		sent := d.maria.Mails("SENT")
		gone := sent[len(sent)-1]
		lost, d.doubted = d.read(gone), true
		d.maria.DeleteMail(gone)
	}})
	d.cuts = 5
	for _, s := range d.arc() {
		if s.act != nil {
			s.act()
		}
		for _, a := range s.gets {
			if !d.doubted {
				d.last[a.kind] = d.gets(a.who, a.kind)
			}
		}
		if d.settle(); d.doubted {
			break
		}
	}
	if !d.doubted {
		d.t.Fatal("no such mail was sent")
	}
	told := d.waitingFor(scheduler.ReasonUnknown)
	d.until(d.now().Add(8 * 24 * time.Hour))
	if got := d.copies(lost); got > 1 || got == 0 && lost.To[0].Addr == "ana@example.org" {
		d.t.Errorf("%q is there %d times", lost.Subject, got)
	}
	d.tellsOfDoubt(lost, told)
}

// read is a mail as its reader sees it.
func (d *googleDay) read(m googletest.Mail) scheduler.Mail {
	d.t.Helper()
	read, err := mail.Read(bytes.NewReader(m.Raw))
	if err != nil {
		d.t.Fatal(err)
	}
	return read
}

// copies counts how often a mail reached whom it was to.
func (d *googleDay) copies(lost scheduler.Mail) (n int) {
	d.t.Helper()
	for _, m := range d.g.User(lost.To[0].Addr).Mails("INBOX") {
		if read := d.read(m); read.Subject == lost.Subject && read.Text == lost.Text {
			n++
		}
	}
	return n
}

// waitingFor are the people about whom something waits for Maria for that reason.
func (d *googleDay) waitingFor(why scheduler.Reason) (about []scheduler.PersonID) {
	d.t.Helper()
	s, err := d.h.engine.State(d.t.Context(), d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, n := range s.Desk.Needs {
		if n.Why == why {
			about = append(about, n.Person)
		}
	}
	return about
}

// tellsOfDoubt checks what Maria has got about a mail that was lost from sight.
func (d *googleDay) tellsOfDoubt(lost scheduler.Mail, about []scheduler.PersonID) {
	d.t.Helper()
	var asked, digests []string
	for _, m := range d.maria.Mails("INBOX") {
		switch text := d.read(m).Text; d.kind(m) {
		case scheduler.MailNeedsYou:
			asked = append(asked, text)
		case scheduler.MailDigest:
			digests = append(digests, text)
		}
	}
	d.t.Logf("lost: %q\nMaria is told:\n%s", lost.Subject, strings.Join(append(asked, digests...), "\n"))
	for _, text := range asked {
		if !strings.Contains(text, "I can't tell whether") || strings.Contains(text, " wrote:") {
			d.t.Errorf("Maria is asked in the wrong words:\n%s", text)
		}
	}
	if len(about) != 1 { // a person, or nobody in particular
		d.t.Fatalf("%d things wait for Maria, want 1", len(about))
	}
	if inDigest := slices.ContainsFunc(digests, func(text string) bool { return strings.Contains(text, "A mail to you: did this mail go out?") }); about[0] == "" && !inDigest {
		d.t.Errorf("no digest tells of it: %d digests\n%s", len(digests), strings.Join(digests, "\n"))
	}
	if want := map[bool]int{true: 1}[about[0] != ""]; len(asked) != want {
		d.t.Errorf("Maria is asked %d times, want %d", len(asked), want)
	}
}
