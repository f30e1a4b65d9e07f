package main

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	stdmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/ical"
	"indy/integrations/mail"
	"indy/scheduler"
)

// playDemo plays a cast, and gives its folder.
func playDemo(t *testing.T, c cast) (*demoPlay, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "demo")
	began := time.Now()
	d, err := demo(t.Context(), folder, c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d weeks in %s", c.weeks, time.Since(began).Round(time.Millisecond))
	return d, folder
}

// maildir is every mail in a Maildir, the oldest first, as any reader of Maildirs sees it.
func maildir(t *testing.T, dir string) (list []scheduler.Mail) {
	t.Helper()
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, sub, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			m, err := mail.Read(bytes.NewReader(b))
			if err != nil {
				t.Fatalf("%s: %v", e.Name(), err)
			}
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b scheduler.Mail) int { return a.Date.Compare(b.Date) })
	return list
}

// events are the UIDs of the meetings on a calendar that is a folder of .ics files.
func events(t *testing.T, dir string) map[string]scheduler.CalendarEvent {
	t.Helper()
	out := map[string]scheduler.CalendarEvent{}
	files, err := filepath.Glob(filepath.Join(dir, "*.ics"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		ev, err := ical.DecodeEvent(b)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[ev.UID] = ev
	}
	return out
}

// chain walks from an offer to the next in what the demo left: the person's Maildir, the
// organizer's inbox and Sent, and the calendar. It answers where the chain ends; "" for nowhere.
func chain(t *testing.T, folder, first string) string {
	theirs := maildir(t, filepath.Join(folder, "mail", strings.ToLower(first)+"@example.org"))
	inbox := maildir(t, filepath.Join(folder, "mail", "maria", "inbox"))
	sent := maildir(t, filepath.Join(folder, "mail", "maria", "sent"))
	calendar := events(t, filepath.Join(folder, "calendar", "indy"))
	var at time.Time
	var found scheduler.Mail
	next := func(in []scheduler.Mail, want func(scheduler.Mail) bool) bool {
		i := slices.IndexFunc(in, func(m scheduler.Mail) bool { return !m.Date.Before(at) && want(m) })
		if i >= 0 {
			found, at = in[i], in[i].Date
		}
		return i >= 0
	}
	offers := func(m scheduler.Mail) bool { return len(m.InReplyTo) == 0 && strings.Contains(m.Text, "1) ") }
	titled := func(subjects ...string) func(scheduler.Mail) bool {
		return func(m scheduler.Mail) bool {
			return slices.ContainsFunc(subjects, func(s string) bool { return strings.HasPrefix(strings.TrimPrefix(m.Subject, "Re: "), s) })
		}
	}
	var invited string
	for _, step := range []struct {
		name string
		is   func() bool
	}{
		{"offer", func() bool { return next(theirs, offers) }},
		{"answer", func() bool {
			return next(inbox, func(m scheduler.Mail) bool { return strings.HasPrefix(m.From.Name, first) && len(m.InReplyTo) > 0 })
		}},
		{"invite", func() bool {
			ok := next(theirs, func(m scheduler.Mail) bool { return len(m.ITIP) > 0 && m.ITIP[0].Method == "REQUEST" })
			if ok {
				invited = found.ITIP[0].UID
			}
			return ok
		}},
		{"event", func() bool { _, ok := calendar[invited]; return ok }},
		{"debrief", func() bool { return next(inbox, titled("How was it with "+first)) }},
		{"notes", func() bool {
			return next(sent, func(m scheduler.Mail) bool { return strings.HasPrefix(m.Subject, "Re: How was it with "+first) })
		}},
		{"summary", func() bool { return next(theirs, titled("Thank you", "Gracias")) }},
		{"check-in", func() bool { return next(theirs, titled("How is it going?", "¿Cómo va?")) }},
		{"next offer", func() bool { return next(theirs, offers) }},
	} {
		if !step.is() {
			return step.name
		}
	}
	return ""
}

func TestDemoLeavesWholeChains(t *testing.T) {
	t.Parallel()
	_, folder := playDemo(t, shortCast())
	whole := 0
	for _, who := range []string{"Ana", "Ben", "Chau", "Dev", "Eva", "Gus"} {
		missing := chain(t, folder, who)
		if missing == "" {
			whole++
		} else {
			t.Logf("%s: no %s", who, missing)
		}
	}
	if whole < 5 {
		t.Errorf("%d people went from an offer to the next, and not five", whole)
	}
	digests := 0
	for _, m := range maildir(t, filepath.Join(folder, "mail", "maria", "inbox")) {
		if strings.HasPrefix(m.Subject, "Your week") || strings.HasPrefix(m.Subject, "A quiet week") {
			digests++
		}
	}
	if digests != 8 {
		t.Errorf("%d digests in eight weeks", digests)
	}
}

func TestLongDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("not in -short: it plays twelve weeks twice")
	}
	for _, lang := range []string{"en", "es"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			c := longCast(lang)
			d, folder := playDemo(t, c)
			if n := len(d.org.People); n != 10 {
				t.Errorf("%d people", n)
			}
			testCaps(t, d)
			testStop(t, d)
			testPrivate(t, d, c)
			testNothingForgotten(t, d)
			testPage(t, d, folder)
			testWords(t, d)
		})
	}
}

// testCaps holds the mails to each person that indy wrote of its own accord against what the
// config allows in a week and on a day.
func testCaps(t *testing.T, d *demoPlay) {
	counted := []scheduler.MailKind{scheduler.MailOffer, scheduler.MailNudge, scheduler.MailWelcome, scheduler.MailMissed, scheduler.MailReminder,
		scheduler.MailSummary, scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailStepNote}
	got := map[scheduler.PersonID][]time.Time{}
	for _, x := range d.got {
		if ref := x.thread.Ref; !ref.Own && slices.Contains(counted, ref.Kind) {
			got[ref.Person] = append(got[ref.Person], x.mail.Date)
		}
	}
	for who, times := range got {
		for i := range times {
			within := func(span time.Duration) (n int) {
				for _, at := range times[i:] {
					if at.Before(times[i].Add(span)) {
						n++
					}
				}
				return n
			}
			if n := within(7 * 24 * time.Hour); n > d.org.Policy.MailsPerWk {
				t.Errorf("%s got %d mails in the week from %s", who, n, times[i])
			}
			if n := within(24 * time.Hour); n > d.org.Policy.MailsPerDay {
				t.Errorf("%s got %d mails in the day from %s", who, n, times[i])
			}
		}
	}
}

// testStop says that who asked for no more mail gets none.
func testStop(t *testing.T, d *demoPlay) {
	r := d.reader("stan")
	var stopped time.Time
	for _, m := range maildir(t, d.org.Local.Inbox) {
		if m.From.Addr == r.address {
			stopped = m.Date
		}
	}
	if stopped.IsZero() {
		t.Fatal("nobody said stop")
	}
	for _, m := range maildir(t, r.maildir) {
		if m.Date.After(stopped) {
			t.Errorf("after their stop %s got %q", r.name, m.Subject)
		}
	}
}

// testPrivate looks for everything private in everything that people got.
func testPrivate(t *testing.T, d *demoPlay, c cast) {
	private := []string{"70% of the time", "70% del tiempo", d.org.Story}
	for _, p := range d.org.People {
		if p.Notes != "" {
			private = append(private, p.Notes)
		}
	}
	for _, h := range c.about {
		for _, a := range h[scheduler.MailDebrief] {
			if note, more, ok := strings.Cut(a.words, "\n"); ok && more != "" {
				private = append(private, note)
			}
		}
	}
	if len(private) < 15 {
		t.Fatalf("only %d private texts to look for", len(private))
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for _, x := range d.got {
		if x.thread.Ref.Own {
			continue
		}
		head, _, _ := bytes.Cut(x.raw, []byte("\n\n"))
		seen := flat(html.UnescapeString(string(head) + " " + x.mail.Subject + " " + x.mail.Text + " " + decoded(t, x.raw)))
		for _, p := range d.org.People { // nobody's address or number is shown to another
			if p.ID == x.thread.Ref.Person {
				continue
			}
			for _, theirs := range append([]string{p.Phone}, p.Addresses...) {
				if theirs != "" && strings.Contains(seen, theirs) {
					t.Errorf("%s got %q, which has %s of %s", x.thread.Ref.Person, x.mail.Subject, theirs, p.ID)
				}
			}
		}
		for _, words := range private {
			for _, part := range sentencesOf(words) {
				if strings.Contains(seen, flat(part)) {
					t.Errorf("%s got %q, which has %q", x.thread.Ref.Person, x.mail.Subject, part)
				}
			}
		}
	}
}

// sentencesOf cuts private words so that a part of them is found as well.
func sentencesOf(s string) (out []string) {
	for _, part := range strings.SplitAfter(s, ". ") {
		if part = strings.TrimSpace(part); len(part) > 2 {
			out = append(out, part)
		}
	}
	return out
}

// testNothingForgotten says that every one-to-one has ended, waits for somebody, or stands
// in the digest until the organizer settles it.
func testNothingForgotten(t *testing.T, d *demoPlay) {
	now := d.play.now
	digest := d.end.Digest(now)
	listed := func(list []scheduler.DigestLine, who scheduler.PersonID) bool {
		return slices.ContainsFunc(list, func(l scheduler.DigestLine) bool { return l.Person == who })
	}
	stages := map[scheduler.Stage]int{}
	for id, m := range d.end.OneToOnes {
		stages[m.Stage]++
		switch m.Stage {
		case scheduler.Met:
			if !listed(digest.Open, m.Person) && !listed(digest.Needs, m.Person) {
				t.Errorf("%s waits for notes, and no digest says so", id)
			}
		case scheduler.WithOrganizer:
			if !listed(digest.Needs, m.Person) {
				t.Errorf("%s is with the organizer, and no digest says so", id)
			}
		case scheduler.Agreed:
			if m.Meeting.To.Before(now) {
				t.Errorf("%s: its meeting is over", id)
			}
		case scheduler.Due, scheduler.Offered, scheduler.Paused, scheduler.FollowedUp:
			if pl := d.end.Plan(m); pl.Why == "" {
				t.Errorf("%s waits for nothing", id)
			}
		}
	}
	if stages[scheduler.Closed] < 8 || stages[scheduler.Stopped] != 1 {
		t.Errorf("how it ended: %v", stages)
	}
}

var pageMails = regexp.MustCompile(`(?s)<summary><b>([^<]*)(?:<span class="tag">[A-Z]*</span>)?</b><span class="when">([^<]*)</span>`)

// testPage says that index.html has every mail of every Maildir, in order.
func testPage(t *testing.T, d *demoPlay, folder string) {
	b, err := os.ReadFile(filepath.Join(folder, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "<section ")
	inbox := maildir(t, d.org.Local.Inbox)
	for i, section := range strings.Split(rest, "<section ") {
		r := d.readers[i]
		var want []string
		theirs := slices.Concat(maildir(t, r.maildir), inbox)
		if i == 0 {
			theirs = append(inbox, slices.DeleteFunc(maildir(t, r.sent), func(m scheduler.Mail) bool { return m.Robot == scheduler.AutoReply })...) // indy's own to her
		}
		slices.SortStableFunc(theirs, func(a, b scheduler.Mail) int { return a.Date.Compare(b.Date) })
		for _, m := range theirs {
			if i > 0 && m.From.Addr != r.address && !slices.ContainsFunc(m.To, func(a scheduler.Address) bool { return a.Addr == r.address }) {
				continue
			}
			want = append(want, m.Date.In(d.zone).Format("Mon 2 Jan, 15:04"))
		}
		var got []string
		for _, m := range pageMails.FindAllStringSubmatch(section, -1) {
			got = append(got, html.UnescapeString(m[2]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("the page of %s has %d mails, the Maildirs %d, or in another order", r.name, len(got), len(want))
		}
	}
}

// testWords says that everybody is greeted in their language, and nobody gets the same mail
// round after round.
func testWords(t *testing.T, d *demoPlay) {
	last := map[string]string{}
	for _, x := range d.got {
		ref := x.thread.Ref
		if ref.Own {
			continue
		}
		r := d.reader(ref.Person)
		hi := map[string]string{"en": "Hi " + r.name + ",", "es": "Hola, " + r.name + ":"}[r.lang]
		if !strings.HasPrefix(strings.TrimSpace(x.mail.Text), hi) {
			t.Errorf("%s (%s) is greeted with %.30q", r.name, r.lang, x.mail.Text)
		}
		if ref.Kind != scheduler.MailOffer {
			continue
		}
		before, _, _ := strings.Cut(x.mail.Text, "1) ")
		if before == last[r.name] {
			t.Errorf("%s gets the same offer again:\n%s", r.name, before)
		}
		last[r.name] = before
	}
	if len(last) < 9 {
		t.Errorf("only %d people got an offer", len(last))
	}
}

// decoded is the text of every part of a mail, calendars unfolded.
func decoded(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var read func(header func(string) string, body io.Reader)
	read = func(header func(string) string, body io.Reader) {
		media, params, err := mime.ParseMediaType(header("Content-Type"))
		if err == nil && strings.HasPrefix(media, "multipart/") {
			for r := multipart.NewReader(body, params["boundary"]); ; {
				part, err := r.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				read(part.Header.Get, part)
			}
		}
		switch strings.ToLower(header("Content-Transfer-Encoding")) {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(strings.NewReplacer("\r\n ", "", "\\,", ",", "\\n", "\n").Replace(string(b)) + "\n")
	}
	read(m.Header.Get, m.Body)
	return out.String()
}
