package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/integrations/mail"
	"indy/scheduler"
)

// googleLife is Maria's and Ana's Google in a bubble of its own time (testing/synctest), with
// the shipped commands and the shipped daemon at work for Maria. Everything happens as fast
// as it can, and time passes only while all wait.
type googleLife struct {
	t          *testing.T
	g          *googletest.Server
	path       string // of the config
	zone       *time.Location
	maria, ana *googletest.User
	team       string                    // a calendar of Maria's besides her own; "" without one
	writes     string                    // the calendar that indy writes to; "" is Maria's own
	invite     googletest.Mail           // that Ana got last, where a test says so
	h          *house                    // while the daemon lives
	end        func()                    // ends the daemon and waits for it
	shown      map[string]bool           // mails that news has shown
	invites    map[string]scheduler.ITIP // the latest that Ana was sent, by UID: what her calendar makes of them
	log        quietLog                  // of the daemon
	named      map[time.Time]string      // times that were found for them; which, is not this test's matter
}

// quietLog keeps what a daemon logs.
type quietLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (q *quietLog) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.text.Write(b)
}

// says counts the lines with these words.
func (q *quietLog) says(words string) (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for line := range strings.Lines(q.text.String()) {
		if strings.Contains(line, words) {
			n++
		}
	}
	return n
}

// lineTo reaches Google within the process, and everything else, the page at which a
// sign-in ends, by the network. No connection stays open: one that does lets no time pass.
type lineTo struct {
	google, else_ http.RoundTripper
}

func (l lineTo) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.String(), googletest.Endpoint+"/") {
		return l.google.RoundTrip(r)
	}
	return l.else_.RoundTrip(r)
}

// newGoogleLife begins at an instant. It is called within a bubble, with INDY_GOOGLE_ENDPOINT set.
func newGoogleLife(t *testing.T, zone *time.Location, begin time.Time, edits ...string) *googleLife {
	t.Helper()
	time.Sleep(time.Until(begin))
	l := &googleLife{t: t, zone: zone, shown: map[string]bool{}, invites: map[string]scheduler.ITIP{}, named: map[time.Time]string{}}
	l.g = googletest.New(t, googletest.Options{})
	l.maria = l.g.AddUser("maria@example.org", "Maria Lopez", zone.String())
	l.ana = l.g.AddUser("ana@example.org", "Ana Ruiz", zone.String())
	was := http.DefaultTransport
	http.DefaultTransport = lineTo{l.g.Transport(), &http.Transport{DisableKeepAlives: true}}
	t.Cleanup(func() { http.DefaultTransport = was })
	l.path = signInConfig(t, l.g)
	for i := 0; i+1 < len(edits); i += 2 {
		edit(t, l.path, edits[i], edits[i+1])
	}
	return l
}

// indy runs a command that must end with that code, and says what it printed.
func (l *googleLife) indy(code int, args ...string) string {
	l.t.Helper()
	var out bytes.Buffer
	if got := run(l.t.Context(), append(args, "--config", l.path), strings.NewReader(""), &out, &out); got != code {
		l.t.Fatalf("indy %s: exit %d\n%s", strings.Join(args, " "), got, &out)
	}
	return out.String()
}

// login signs in as a person without a browser on this machine does.
func (l *googleLife) login() {
	l.t.Helper()
	l.g.ConsentAtOnce()
	shown, out := io.Pipe()
	var said, errs bytes.Buffer
	seen := make(chan struct{})
	go func() { defer close(seen); visit(l.t, shown, &said) }()
	code := run(l.t.Context(), []string{"login", "--no-browser", "--config", l.path}, strings.NewReader(""), out, &errs)
	out.Close()
	<-seen
	if code != exitDone || !strings.Contains(said.String(), "Signed in as maria@example.org.") {
		l.t.Fatalf("exit %d\n%s%s", code, said.String(), errs.String())
	}
}

// run lets "indy run" live until something is so, and asks it to end, which it must do
// well. It is not waited for longer than the two turns that follow a start: the daemon
// watches files, and while it does no time passes in a bubble.
func (l *googleLife) run(what string, so func() bool) {
	l.t.Helper()
	ctx, stop := context.WithCancel(l.t.Context())
	defer stop()
	log, errs := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"run", "--verbose", "--config", l.path}, strings.NewReader(""), io.Discard, errs)
		errs.Close()
	}()
	turns, seen := 0, false
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), "msg=looked") {
			if turns++; so() || turns == 2 {
				seen = seen || so()
				stop()
			}
		}
	}
	if code := <-ended; code != exitDone || !seen {
		l.t.Fatalf("indy run: exit %d; seen: %s: %v", code, what, seen)
	}
}

// start starts the daemon, with all of "indy run" but what watches files.
func (l *googleLife) start() {
	l.t.Helper()
	cfg, err := loadConfig(l.path, io.Discard)
	if err != nil {
		l.t.Fatal(err)
	}
	log := newLog(&l.log, false)
	if l.h, err = openHouse(l.t.Context(), cfg, log); err != nil {
		l.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(l.t.Context())
	var all sync.WaitGroup
	l.h.google.run(ctx, cfg, &all, log)
	all.Go(func() {
		if err := l.h.engine.Run(ctx, time.Now); err != nil {
			l.t.Error(err)
		}
	})
	l.end = sync.OnceFunc(func() {
		stop()
		all.Wait()
		if err := l.h.Close(); err != nil {
			l.t.Error(err)
		}
	})
	l.t.Cleanup(l.end)
}

// pass lets time pass in a bubble.
func (l *googleLife) pass(wait time.Duration) { time.Sleep(wait) }

// until lets time pass until something is so, three weeks at most.
func (l *googleLife) until(what string, so func() bool) {
	l.t.Helper()
	for end := time.Now().AddDate(0, 0, 21); !so(); l.pass(5 * time.Minute) {
		if time.Now().After(end) {
			l.t.Fatalf("not within three weeks: %s\nunshown:\n%s", what, strings.Join(l.news(), "\n"))
		}
	}
}

// gets waits until somebody has a mail of that kind that no stage has shown yet, and lets
// what belongs to it happen.
func (l *googleLife) gets(x *googletest.User, kind scheduler.MailKind) (m googletest.Mail) {
	l.t.Helper()
	l.until(string(kind), func() (found bool) {
		for _, got := range x.Mails("INBOX") {
			if !l.shown[l.name(x, got)] && l.kind(got) == kind {
				m, found = got, true
			}
		}
		return found
	})
	l.pass(10 * time.Minute)
	return m
}

// latest is the last mail of a kind that somebody has got.
func (l *googleLife) latest(x *googletest.User, kind scheduler.MailKind) (m googletest.Mail) {
	l.t.Helper()
	for _, got := range x.Mails("INBOX") {
		if l.kind(got) == kind {
			m = got
		}
	}
	return m
}

func (l *googleLife) name(x *googletest.User, m googletest.Mail) string {
	return fmt.Sprintf("%p %s", x, m.ID)
}

// kind is what a mail is, as indy itself keeps it; "" for one that indy did not write.
func (l *googleLife) kind(m googletest.Mail) scheduler.MailKind {
	l.t.Helper()
	th, err := l.h.store.Thread(l.t.Context(), l.h.cfg.Organizers[0].ID, keptAs(m))
	if err != nil {
		l.t.Fatal(err)
	}
	if th == nil {
		return ""
	}
	return th.Ref.Kind
}

// news is what both inboxes got since it was last asked, and what both calendars hold. It
// names mails by their kinds: how they put it is the templates' matter.
func (l *googleLife) news() (lines []string) {
	l.t.Helper()
	for _, x := range []*googletest.User{l.ana, l.maria} {
		who := map[*googletest.User]string{l.ana: "Ana", l.maria: "Maria"}[x]
		for _, m := range x.Mails("INBOX") {
			if key := l.name(x, m); !l.shown[key] {
				l.shown[key] = true
				lines = append(lines, who+" gets "+l.outline(x, m))
			}
		}
	}
	return append(lines, l.calendars()...)
}

// calendars are what stands on both calendars.
func (l *googleLife) calendars() (lines []string) {
	for _, e := range l.maria.Events(l.writes) {
		line := "Maria's calendar: " + e.Status + " " + l.span(e.From, e.To)
		for _, address := range slices.Sorted(maps.Keys(e.Answers)) {
			line += ", " + address + " " + e.Answers[address]
		}
		lines = append(lines, line)
	}
	for _, e := range l.ana.Events("") {
		lines = append(lines, "Ana's calendar: "+l.span(e.From, e.To)+", by Google")
	}
	for _, uid := range slices.Sorted(maps.Keys(l.invites)) {
		if e := l.invites[uid]; e.Method != "CANCEL" {
			lines = append(lines, "Ana's calendar: "+l.span(e.From, e.To))
		}
	}
	slices.Sort(lines)
	return lines
}

// offered names the times that are held now, the earliest first: "b1", "b2", "b3".
func (l *googleLife) offered(round string) {
	l.t.Helper()
	var held []time.Time
	for _, e := range l.maria.Events(l.writes) {
		if e.Status == "tentative" {
			held = append(held, e.From.UTC())
		}
	}
	slices.SortFunc(held, time.Time.Compare)
	for i, at := range held {
		l.named[at] = fmt.Sprint(round, i+1)
	}
}

// outline is a mail in a line.
func (l *googleLife) outline(x *googletest.User, m googletest.Mail) string {
	l.t.Helper()
	read, err := mail.Read(bytes.NewReader(m.Raw))
	if err != nil {
		l.t.Fatal(err)
	}
	line := string(l.kind(m))
	switch l.kind(m) {
	case "":
		first, _, _ := strings.Cut(strings.TrimSpace(read.Text), "\n")
		line = cmp.Or(read.From.Name, read.From.Addr) + ": " + cmp.Or(first, "no words")
	case scheduler.MailReminder, scheduler.MailBrief, scheduler.MailDebrief, scheduler.MailCheckIn, scheduler.MailOwnCheckIn, scheduler.MailDigest:
		line += " on " + read.Date.In(l.zone).Format("Mon 2 Jan 15:04 MST") // these come by themselves
	}
	for _, part := range read.ITIP {
		line += fmt.Sprintf(", %s %d %s", part.Method, part.Sequence, l.span(part.From, part.To))
		if was, known := l.invites[part.UID]; x == l.ana && (!known || part.Sequence >= was.Sequence) {
			l.invites[part.UID] = part
		}
	}
	return line
}

func (l *googleLife) span(from, to time.Time) string {
	if u := from.UTC(); to.Sub(from)%(24*time.Hour) == 0 && u.Hour() == 0 { // a date
		return u.Format("Mon 2 Jan, all day")
	}
	if name := l.named[from.UTC()]; name != "" && to.Sub(from) == 30*time.Minute {
		return name
	}
	return from.In(l.zone).Format("Mon 2 Jan 15:04") + to.In(l.zone).Format("-15:04 MST")
}

// sees holds what both people have got since the last time, and what their calendars
// show, against lines.
func (l *googleLife) sees(stage, want string) {
	l.t.Helper()
	got := l.news()
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if !slices.Equal(got, lines) {
		l.t.Errorf("%s: there is\n\t\t%s\nwant\n\t\t%s", stage, strings.Join(got, "\n\t\t"), strings.Join(lines, "\n\t\t"))
	}
}

// meeting is the one event of indy's to come that stands for certain on Maria's calendar.
func (l *googleLife) meeting() (found googletest.Event) {
	l.t.Helper()
	n := 0
	for _, e := range l.maria.Events(l.writes) {
		if e.Status == "confirmed" && len(e.Private) > 0 && e.From.After(time.Now()) {
			found = e
			n++
		}
	}
	if n != 1 {
		l.t.Fatalf("%d meetings stand on Maria's calendar", n)
	}
	return found
}

// counter lets Ana's calendar propose another time for what she was invited to (RFC 5546 3.2.7).
func (l *googleLife) counter(invite googletest.Mail, from time.Time) {
	l.t.Helper()
	read, err := mail.Read(bytes.NewReader(invite.Raw))
	if err != nil || len(read.ITIP) != 1 {
		l.t.Fatalf("no invite: %v", err)
	}
	e := read.ITIP[0]
	utc := func(at time.Time) string { return at.UTC().Format("20060102T150405Z") }
	id := invite.Head.Get("Message-Id")
	l.ana.Send(fmt.Appendf(nil, "From: Ana Ruiz <ana@example.org>\r\nTo: maria@example.org\r\nSubject: Proposed new time\r\nDate: %s\r\nIn-Reply-To: %s\r\nReferences: %s\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/calendar; charset=utf-8; method=COUNTER\r\n\r\n"+
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Phone//EN\r\nMETHOD:COUNTER\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:%s\r\nSEQUENCE:%d\r\nDTSTART:%s\r\nDTEND:%s\r\n"+
		"ORGANIZER:mailto:maria@example.org\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:ana@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		time.Now().Format(time.RFC1123Z), id, id, e.UID, utc(time.Now()), e.Sequence, utc(from), utc(from.Add(e.To.Sub(e.From)))))
}

// says holds a mail's words, as its reader sees them, against some that must be there.
func (l *googleLife) says(m googletest.Mail, words ...string) {
	l.t.Helper()
	for _, w := range words {
		if !l.keeps(m, w) {
			l.t.Errorf("the mail %q does not say %q", m.Subject(), w)
		}
	}
}

// keeps says whether a mail has the words, in its subject, its text or its calendar parts.
func (l *googleLife) keeps(m googletest.Mail, words string) bool {
	l.t.Helper()
	read, err := mail.Read(bytes.NewReader(m.Raw))
	if err != nil {
		l.t.Fatal(err)
	}
	text := read.Subject + "\n" + read.Text
	for _, part := range read.ITIP {
		text += "\n" + part.Summary + "\n" + part.Comment
	}
	return strings.Contains(text, words)
}
