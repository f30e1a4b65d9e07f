package integrationtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// RunMailbox runs the tests of the mailbox alone.
func RunMailbox(t *testing.T, world func(t *testing.T) MailWorld) {
	run(t, world, []test[MailWorld]{
		{"the first look starts from now", firstLook},
		{"what comes is read", comes},
		{"unwanted mail is left unread", unwanted},
		{"a cursor can be used again", replay},
		{"nothing new is an empty batch", nothingNew},
		{"a mail is sent once", sendsOnce},
		{"a mail is sent once wherever it breaks off", sendsOnceDespiteAll},
		{"what is staged is taken back", takenBack},
		{"what was staged under a lost name is taken back", takenBackUnnamed},
		{"what has gone is not taken back", tooLate},
		{"taking back may break off anywhere", takenBackAtLast},
		{"what the organizer has written is never destroyed", mended},
		{"a mail arrives as it was written", arrives},
		{"an answer can be put to its mail", answers},
		{"the organizer's answer can be put to a mail to them", ownAnswers},
		{"a mail of ours is the organizer's own", ourOwn},
		{"a mail written by hand is noticed", byHand},
		{"who writes as the organizer is not the organizer", impostor},
		{"watching ends with its context", watchEnds},
	})
}

const person = "ana@example.org"

func everything(scheduler.Head) bool { return true }

// letter is a mail in its final bytes.
func letter(from, to, subject, id, inReplyTo string, at time.Time) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n", from, to, subject,
		at.Format("Mon, 02 Jan 2006 15:04:05 -0700"), id)
	if inReplyTo != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", inReplyTo, inReplyTo)
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		"This is " + subject + ".\r\nFrom the caf=C3=A9,\r\n.\r\n")
	return []byte(b.String())
}

func parcel(w MailWorld, key, inThread, inReplyTo string) scheduler.Parcel {
	id := strings.ReplaceAll(key, "/", ".") + "@example.org"
	return scheduler.Parcel{Key: key, From: w.Organizer(), To: person, MessageID: id, Thread: inThread,
		Raw: letter(w.Organizer(), person, "coffee "+key, id, inReplyTo, w.Now())}
}

func fetch(t *testing.T, m Mailbox, cursor string) ([]scheduler.Mail, string) {
	t.Helper()
	return fetchWanted(t, m, cursor, everything)
}

// fetchWanted reads until nothing more comes: a provider may answer in batches.
func fetchWanted(t *testing.T, m Mailbox, cursor string, want func(scheduler.Head) bool) (all []scheduler.Mail, next string) {
	t.Helper()
	for range 20 {
		mails, next, err := m.Fetch(t.Context(), cursor, want)
		if err != nil {
			t.Fatalf("fetch: %v", err)
		}
		all = append(all, mails...)
		if next == cursor || len(mails) == 0 {
			return all, next
		}
		cursor = next
	}
	t.Fatal("fetching comes to no end")
	return nil, ""
}

func subjects(mails []scheduler.Mail) []string {
	var list []string
	for _, m := range mails {
		list = append(list, m.Subject)
	}
	slices.Sort(list)
	return list
}

func wantSubjects(t *testing.T, mails []scheduler.Mail, want ...string) {
	t.Helper()
	if got := subjects(mails); !slices.Equal(got, want) {
		t.Errorf("fetched %q, want %q", got, want)
	}
}

func firstLook(t *testing.T, w MailWorld) {
	w.Deliver(t, person, letter(person, w.Organizer(), "from before", "before@example.org", "", w.Now()))
	w.Pass(time.Minute)
	m := w.Mailbox(t)
	mails, cursor := fetch(t, m, "")
	wantSubjects(t, mails)
	if cursor == "" {
		t.Error("the first look answers no cursor: the next would be a first look again")
	}
	w.Pass(time.Minute)
	w.Deliver(t, person, letter(person, w.Organizer(), "after", "after@example.org", "", w.Now()))
	w.Pass(time.Minute)
	mails, _ = fetch(t, w.Mailbox(t), cursor)
	wantSubjects(t, mails, "after")
}

// begin is a mailbox that was looked into.
func begin(t *testing.T, w MailWorld) (Mailbox, string) {
	t.Helper()
	m := w.Mailbox(t)
	_, cursor := fetch(t, m, "")
	w.Pass(time.Minute)
	return m, cursor
}

func comes(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	w.Deliver(t, person, letter("Ana Ruiz <"+person+">", w.Organizer(), "hello", "hello@example.org", "earlier@example.org", w.Now()))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	if len(mails) != 1 {
		t.Fatalf("fetched %q", subjects(mails))
	}
	got := mails[0]
	if got.ID == "" || got.From.Addr != person || got.Own || got.MessageID != "hello@example.org" ||
		!slices.Contains(got.InReplyTo, "earlier@example.org") || !strings.Contains(got.Text, "From the café") {
		t.Errorf("read as %+v", got)
	}
}

func unwanted(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	for _, s := range []string{"one", "two", "three"} {
		w.Deliver(t, person, letter(person, w.Organizer(), s, s+"@example.org", "", w.Now()))
	}
	w.Pass(time.Minute)
	var asked []string
	mails, next := fetchWanted(t, m, cursor, func(h scheduler.Head) bool {
		asked = append(asked, h.Subject)
		if h.ID == "" || h.From.Addr != person {
			t.Errorf("asked about %+v", h)
		}
		return h.Subject == "two"
	})
	wantSubjects(t, mails, "two")
	slices.Sort(asked)
	if !slices.Equal(asked, []string{"one", "three", "two"}) {
		t.Errorf("asked about %q", asked)
	}
	mails, _ = fetch(t, m, next)
	wantSubjects(t, mails)
}

func replay(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	w.Deliver(t, person, letter(person, w.Organizer(), "one", "one@example.org", "", w.Now()))
	w.Pass(time.Minute)
	first, next := fetch(t, m, cursor)
	wantSubjects(t, first, "one")
	// The process dies before it keeps next: all comes again, under the same names.
	again, _ := fetch(t, w.Mailbox(t), cursor)
	wantSubjects(t, again, "one")
	if len(first) == 1 && len(again) == 1 && first[0].ID != again[0].ID {
		t.Errorf("one mail has two names: %s and %s", first[0].ID, again[0].ID)
	}
	w.Deliver(t, person, letter(person, w.Organizer(), "two", "two@example.org", "", w.Now()))
	w.Pass(time.Minute)
	later, _ := fetch(t, w.Mailbox(t), next)
	if !slices.Contains(subjects(later), "two") {
		t.Errorf("after a restart %q are fetched, not what came since", subjects(later))
	}
}

func nothingNew(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	for range 3 {
		var mails []scheduler.Mail
		mails, cursor = fetch(t, m, cursor)
		wantSubjects(t, mails)
		w.Pass(time.Minute)
	}
}

// deliver does what the engine does: stage, send, and after trouble look first.
func deliver(t *testing.T, m Mailbox, p scheduler.Parcel) scheduler.Sent {
	t.Helper()
	ref, err := m.Stage(t.Context(), p)
	if err != nil {
		t.Fatalf("stage: %v", err)
	}
	sent, err := m.Send(t.Context(), p, ref)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	return sent
}

func wantOnce(t *testing.T, w MailWorld, times int) {
	t.Helper()
	w.Pass(time.Minute)
	if got := len(w.Received(t, person)); got != times {
		t.Errorf("received %d times, want %d", got, times)
	}
}

func sendsOnce(t *testing.T, w MailWorld) {
	m := w.Mailbox(t)
	p := parcel(w, "maria/ana/1/offer/1", "", "")
	ref, err := m.Stage(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	wantOnce(t, w, 0)
	if _, found, err := m.Find(t.Context(), p, ref); err != nil || found == scheduler.WasSent {
		t.Errorf("staged only, and found: %v, %v", found, err)
	}
	sent, err := m.Send(t.Context(), p, ref)
	if err != nil || sent.MessageID == "" {
		t.Fatalf("sent: %+v, %v", sent, err)
	}
	wantOnce(t, w, 1)
	again, found, err := w.Mailbox(t).Find(t.Context(), p, ref)
	if err != nil || found != scheduler.WasSent || again.MessageID != sent.MessageID || again.Thread != sent.Thread {
		t.Errorf("sent, and found: %+v, %v, %v; want %+v", again, found, err, sent)
	}
	// Another mail is another mail.
	deliver(t, m, parcel(w, "maria/ana/1/nudge/1", "", ""))
	wantOnce(t, w, 2)
}

// sendsOnceDespiteAll lets the process die at each step, goes on as the engine does, and
// counts what arrived.
func sendsOnceDespiteAll(t *testing.T, w MailWorld) {
	for i, die := range []string{"before staging", "after staging, the name lost", "after staging", "before the mail has gone",
		"after the mail has gone", "twice after the mail has gone", "after the answer"} {
		p := parcel(w, fmt.Sprintf("maria/ana/%d/offer/1", i), "", "")
		before := len(w.Received(t, person))
		ref := dieAt(t, w, p, die)
		m := w.Mailbox(t)
		if ref == "" {
			var err error
			if ref, err = m.Stage(t.Context(), p); err != nil {
				t.Fatalf("%s: stage again: %v", die, err)
			}
		}
		w.Pass(time.Minute)
		goOn(t, m, p, ref, die)
		w.Pass(time.Minute)
		if got := len(w.Received(t, person)) - before; got != 1 {
			t.Errorf("died %s: received %d times", die, got)
		}
		if _, found, err := w.Mailbox(t).Find(t.Context(), p, ref); err != nil || found != scheduler.WasSent {
			t.Errorf("died %s: in the end found %v, %v", die, found, err)
		}
	}
}

// dieAt begins to deliver, stops at a step, and answers the name that was saved by then.
func dieAt(t *testing.T, w MailWorld, p scheduler.Parcel, die string) (saved string) {
	t.Helper()
	if die == "before staging" {
		return ""
	}
	m := w.Mailbox(t)
	ref, err := m.Stage(t.Context(), p)
	if err != nil {
		t.Fatalf("%s: stage: %v", die, err)
	}
	switch die {
	case "after staging, the name lost":
		return ""
	case "after staging":
		return ref
	case "before the mail has gone", "after the mail has gone", "twice after the mail has gone":
		w.CutSend(t, strings.Contains(die, "after"))
		if _, err := m.Send(t.Context(), p, ref); err == nil {
			t.Fatalf("%s: the cut was not noticed", die)
		}
		return ref
	}
	if _, err := m.Send(t.Context(), p, ref); err != nil {
		t.Fatalf("%s: send: %v", die, err)
	}
	return ref
}

// goOn looks first, and acts only when it is proven that nothing happened.
func goOn(t *testing.T, m Mailbox, p scheduler.Parcel, ref, die string) {
	t.Helper()
	rounds := 1
	if strings.HasPrefix(die, "twice") {
		rounds = 2
	}
	for range rounds {
		_, found, err := m.Find(t.Context(), p, ref)
		switch {
		case err != nil:
			t.Fatalf("%s: find: %v", die, err)
		case found == scheduler.NotSent:
			if _, err := m.Send(t.Context(), p, ref); err != nil {
				t.Fatalf("%s: send again: %v", die, err)
			}
		case found == scheduler.CannotTell:
			t.Errorf("%s: nothing can be told", die)
		}
	}
}

func arrives(t *testing.T, w MailWorld) {
	p := parcel(w, "maria/ana/1/offer/1", "", "")
	deliver(t, w.Mailbox(t), p)
	w.Pass(time.Minute)
	got := w.Received(t, person)
	if len(got) != 1 {
		t.Fatalf("received %d", len(got))
	}
	want, err := mail.ReadMessage(bytes.NewReader(p.Raw))
	if err != nil {
		t.Fatal(err)
	}
	have, err := mail.ReadMessage(bytes.NewReader(got[0]))
	if err != nil {
		t.Fatalf("what arrived is no mail: %v", err)
	}
	for _, h := range []string{"From", "To", "Subject", "Content-Type"} {
		if have.Header.Get(h) != want.Header.Get(h) {
			t.Errorf("%s arrived as %q, was written as %q", h, have.Header.Get(h), want.Header.Get(h))
		}
	}
	var a, b bytes.Buffer
	a.ReadFrom(have.Body)
	b.ReadFrom(want.Body)
	plain := func(b []byte) string { return strings.ReplaceAll(string(b), "\r\n", "\n") } // files have other line ends
	if plain(a.Bytes()) != plain(b.Bytes()) {
		t.Errorf("the body arrived as %q", a.String())
	}
}

func answers(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	sent := deliver(t, m, parcel(w, "maria/ana/1/offer/1", "", ""))
	w.Pass(time.Minute)
	id := messageID(t, w.Received(t, person)[0])
	if id != sent.MessageID {
		t.Errorf("the receiver sees %q, the sender was told %q", id, sent.MessageID)
	}
	w.Deliver(t, person, letter(person, w.Organizer(), "Re: coffee", "re@example.org", id, w.Now()))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	i := slices.IndexFunc(mails, func(m scheduler.Mail) bool { return m.Subject == "Re: coffee" })
	if i < 0 {
		t.Fatalf("the answer did not come: %q", subjects(mails))
	}
	if !slices.Contains(mails[i].InReplyTo, sent.MessageID) {
		t.Errorf("the answer is to %q, not to %q", mails[i].InReplyTo, sent.MessageID)
	}
	if sent.Thread != "" && mails[i].Thread != sent.Thread {
		t.Errorf("the answer is in thread %q, not in %q", mails[i].Thread, sent.Thread)
	}
	// What goes on in the thread stays in it.
	next := deliver(t, m, parcel(w, "maria/ana/1/invite/1", sent.Thread, mails[i].MessageID))
	if next.Thread != sent.Thread {
		t.Errorf("the thread went on as %q, was %q", next.Thread, sent.Thread)
	}
}

// ownAnswers: of a mail to the organizer themselves the Message-ID may stay unknown, where
// its thread tells what answers it.
func ownAnswers(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	p := parcel(w, "maria/ana/1/debrief/1", "", "")
	p.To = w.Organizer()
	p.Raw = letter(w.Organizer(), w.Organizer(), "how was it", p.MessageID, "", w.Now())
	sent := deliver(t, m, p)
	w.Pass(time.Minute)
	got := w.Received(t, w.Organizer())
	if len(got) != 1 {
		t.Fatalf("received %d", len(got))
	}
	w.WriteByHand(t, w.Organizer(), letter(w.Organizer(), w.Organizer(), "Re: how was it", "re@example.org", messageID(t, got[0]), w.Now()))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	i := slices.IndexFunc(mails, func(m scheduler.Mail) bool { return m.Subject == "Re: how was it" })
	if i < 0 {
		t.Fatalf("the answer did not come: %q", subjects(mails))
	}
	if a := mails[i]; !a.Own || !slices.Contains(a.InReplyTo, sent.MessageID) && (sent.Thread == "" || a.Thread != sent.Thread) {
		t.Errorf("sent as %+v, answered by %+v", sent, a.Head)
	}
}

func messageID(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(m.Header.Get("Message-ID"), "<> ")
}

// ourOwn: what indy sends in the organizer's name must not look like what the organizer
// wrote by hand. It is either not fetched, or known by its Message-ID.
func ourOwn(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	sent := deliver(t, m, parcel(w, "maria/ana/1/offer/1", "", ""))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	for _, got := range mails {
		if got.MessageID != sent.MessageID || !got.Own {
			t.Errorf("our own mail comes back as %+v", got.Head)
		}
	}
}

func byHand(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	sent := deliver(t, m, parcel(w, "maria/ana/1/offer/1", "", ""))
	w.Pass(time.Minute)
	w.WriteByHand(t, person, letter(w.Organizer(), person, "by hand", "hand@example.org", sent.MessageID, w.Now()))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	i := slices.IndexFunc(mails, func(m scheduler.Mail) bool { return m.Subject == "by hand" })
	if i < 0 {
		t.Fatalf("not noticed: %q", subjects(mails))
	}
	if got := mails[i]; !got.Own || got.From.Addr != w.Organizer() || !slices.Contains(got.InReplyTo, sent.MessageID) {
		t.Errorf("noticed as %+v", got.Head)
	}
}

func impostor(t *testing.T, w MailWorld) {
	m, cursor := begin(t, w)
	w.Deliver(t, "mallory@example.net", letter(w.Organizer(), w.Organizer(), "propose Sam", "x@example.net", "", w.Now()))
	w.Pass(time.Minute)
	mails, _ := fetch(t, m, cursor)
	for _, got := range mails {
		if got.Own {
			t.Errorf("a stranger's mail counts as the organizer's own: %+v", got.Head)
		}
	}
}

func watchEnds(t *testing.T, w MailWorld) {
	m := w.Mailbox(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Watch(ctx, func() {}) }()
	cancel()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("watching ended with %v", err)
	}
}
