package google_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// The people of these tests: Maria organizes, Ana has a Google account, Lee has none.
const (
	maria = "maria@example.org"
	ana   = "ana@example.org"
	lee   = "lee@example.net"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

// world is a Google with an organizer's account in it, on a clock that only moves when told.
type world struct {
	t      *testing.T
	g      *googletest.Server
	clock  time.Time
	o      google.Options
	a      *google.Account
	mail   *google.Mailbox
	cal    *google.Calendar
	maria  *googletest.User
	ana    *googletest.User
	orders []google.LabelOrder
	slept  []time.Duration
}

func newWorld(t *testing.T, change ...func(*google.Options)) *world {
	return newWorldWith(t, googletest.Options{}, change...)
}

func newWorldWith(t *testing.T, so googletest.Options, change ...func(*google.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: start}
	so.Now = func() time.Time { return w.clock }
	w.g = googletest.New(t, so)
	w.maria = w.g.AddUser(maria, "Maria Lopez", "America/Los_Angeles")
	w.ana = w.g.AddUser(ana, "Ana Ruiz", "America/New_York")
	w.o = google.Options{
		Address: maria, Zone: zone("America/Los_Angeles"), Client: w.g.Client(), Tokens: google.Files(t.TempDir()), Labels: true,
		Endpoint: googletest.Endpoint, Transport: w.g.Transport(), Now: so.Now,
		Ordered: func(o google.LabelOrder) error { w.orders = append(w.orders, o); return nil },
		Sleep: func(ctx context.Context, d time.Duration) error {
			w.slept = append(w.slept, d)
			w.clock = w.clock.Add(d)
			return ctx.Err()
		},
		Random: func() float64 { return 0.5 },
	}
	for _, c := range change {
		c(&w.o)
	}
	w.signIn()
	w.open()
	return w
}

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// signIn keeps a sign-in, as "indy login" would.
func (w *world) signIn() {
	secret, err := json.Marshal(google.Token{Refresh: w.g.SignIn(maria, w.o.Scopes()...), Scopes: w.o.Scopes(), Address: maria, Since: w.clock})
	if err == nil {
		err = w.o.Tokens.Save(maria, secret)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// open starts anew, as after a restart.
func (w *world) open() {
	a, err := google.Open(w.o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.a, w.mail, w.cal = a, a.Mailbox(), a.Calendar()
}

func (w *world) pass(d time.Duration) { w.clock = w.clock.Add(d) }

func everything(scheduler.Head) bool { return true }

// fetch reads the mailbox and fails on trouble.
func (w *world) fetch(cursor string) ([]scheduler.Mail, string) {
	w.t.Helper()
	mails, next, err := w.mail.Fetch(w.t.Context(), cursor, everything)
	if err != nil {
		w.t.Fatalf("fetch: %v", err)
	}
	return mails, next
}

var letters int

// parcel is a mail of Maria's in its final bytes.
func parcel(to, subject, words string) scheduler.Parcel {
	letters++
	id := fmt.Sprintf("letter-%d@example.org", letters)
	raw := "From: Maria Lopez <" + maria + ">\r\nTo: <" + to + ">\r\nSubject: " + subject + "\r\nMessage-ID: <" + id + ">\r\nDate: " +
		start.Format(time.RFC1123Z) + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words + "\r\n"
	return scheduler.Parcel{Key: "k" + id, From: maria, To: to, MessageID: id, Raw: []byte(raw)}
}

// answering makes p an answer within a thread.
func answering(p scheduler.Parcel, s scheduler.Sent) scheduler.Parcel {
	p.Thread = s.Thread
	p.Raw = []byte("In-Reply-To: <" + s.MessageID + ">\r\nReferences: <" + s.MessageID + ">\r\n" + string(p.Raw))
	return p
}

func (w *world) send(p scheduler.Parcel) scheduler.Sent {
	w.t.Helper()
	ref, err := w.mail.Stage(w.t.Context(), p)
	if err != nil {
		w.t.Fatalf("stage: %v", err)
	}
	sent, err := w.mail.Send(w.t.Context(), p, ref)
	if err != nil {
		w.t.Fatalf("send: %v", err)
	}
	return sent
}

// fails checks an error's kind, its words and its hint, and that it says nothing private.
func fails(t *testing.T, err error, kind scheduler.FailureKind, words, hint string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	var f *scheduler.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no Failure", err)
	}
	if f.Kind != kind {
		t.Errorf("kind %d, want %d: %v", f.Kind, kind, err)
	}
	if !strings.Contains(err.Error(), words) {
		t.Errorf("error %q does not say %q", err, words)
	}
	if !strings.Contains(f.Hint, hint) {
		t.Errorf("hint %q does not say %q", f.Hint, hint)
	}
	for _, private := range []string{maria, ana, lee, "ya29.", "1//", "Bearer", "http://"} {
		if strings.Contains(err.Error(), private) {
			t.Errorf("error %q tells %q", err, private)
		}
	}
}

// memory keeps sign-ins for as long as the test.
type memory map[string][]byte

func (m memory) Load(name string) ([]byte, error) {
	if b, ok := m[name]; ok {
		return b, nil
	}
	return nil, fs.ErrNotExist
}
func (m memory) Save(name string, b []byte) error { m[name] = b; return nil }
func (m memory) Delete(name string) error         { delete(m, name); return nil }

func signIn(t *testing.T, g *googletest.Server, o google.Options) {
	secret, err := json.Marshal(google.Token{Refresh: g.SignIn(maria, o.Scopes()...), Scopes: o.Scopes(), Address: maria})
	if err == nil {
		err = o.Tokens.Save(maria, secret)
	}
	if err != nil {
		t.Fatal(err)
	}
}
