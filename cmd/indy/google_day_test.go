package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// googleDay is Maria's and Ana's Google on a clock of its own, with the shipped engine at
// work for Maria. Days pass in it in no time.
type googleDay struct {
	t          *testing.T
	g          *googletest.Server
	endpoint   string // where g listens
	h          *house
	maria, ana *googletest.User
	who        scheduler.OrganizerID
	mu         sync.Mutex // the server asks for the time from goroutines of its own
	clock      time.Time
	cutting    bool
	cuts       int             // how many more troubles are expected: the line is cut
	seen       map[string]bool // mails that were returned by next
	last       map[scheduler.MailKind]googletest.Mail
	doubted    bool // an answer was lost for good: nothing is waited for any more
}

// newGoogleDay makes a world whose config is edited first: pairs of old and new words.
func newGoogleDay(t *testing.T, edits ...string) *googleDay {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	d := &googleDay{t: t, clock: workday(zone), seen: map[string]bool{}, last: map[scheduler.MailKind]googletest.Mail{}}
	d.g = googletest.New(t, googletest.Options{Now: d.now})
	d.ana, d.maria = d.g.AddUser("ana@example.org", "Ana Ruiz", "America/Los_Angeles"), d.g.AddUser("maria@example.org", "Maria Lopez", "America/Los_Angeles")
	endpoint, stop, err := d.g.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	d.endpoint = endpoint
	path := signInConfig(t, d.g)
	edits = append([]string{"[[organizer]]", "[defaults]\nsend_hours = \"daily 00:00-24:00\"\nmails_per_day = 5\nmails_per_week = 20\n" +
		"[campaign]\nname = \"Clean Water Now\"\nstory = \"The river is ours.\"\nplan = \"A hearing comes.\"\n\n[[campaign.ask]]\ntext = \"call two reporters\"\n\n[[organizer]]"}, edits...)
	for i := 0; i+1 < len(edits); i += 2 {
		edit(t, path, edits[i], edits[i+1])
	}
	cfg, err := loadConfig(path, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	signIn(t, d.g, cfg)
	d.who = cfg.Organizers[0].ID
	d.h = &house{}
	d.open(path)
	return d
}

// open opens the house on the day's clock; opening it again is a restart of the daemon.
func (d *googleDay) open(path string) {
	d.t.Helper()
	cfg, err := loadConfig(path, io.Discard)
	if err != nil {
		d.t.Fatal(err)
	}
	onClock := func(o *google.Options) {
		o.Now, o.Endpoint = d.now, d.endpoint
		o.Sleep = func(ctx context.Context, wait time.Duration) error { d.pass(wait); return ctx.Err() }
	}
	if d.h, err = openHouseWith(d.t.Context(), cfg, newLog(d.t.Output(), false), onClock); err != nil {
		d.t.Fatal(err)
	}
	h := d.h
	h.now = d.now
	d.t.Cleanup(func() { h.Close() })
}

func (d *googleDay) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clock
}

func (d *googleDay) pass(wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = d.clock.Add(wait)
}

// step is one turn of the engine, then the orders that were left. It says when the engine
// is next due, a minute from now at the earliest.
func (d *googleDay) step() (next time.Time) {
	d.t.Helper()
	next, err := d.h.engine.Turn(d.t.Context(), d.who, d.now())
	left, _ := os.ReadDir(ordersFolder(d.h.cfg.State))
	if err == nil {
		err = d.h.takeOrders(d.t.Context())
	}
	if err != nil && d.cuts > 0 { // it tries again by itself
		d.cuts--
		return d.now().Add(6 * time.Minute)
	}
	if err != nil {
		d.t.Fatalf("at %s: %v", d.now(), err)
	}
	if soon := d.now().Add(time.Minute); next.Before(soon) && !next.IsZero() || len(left) > 0 {
		next = soon
	}
	return next
}

// turn lets the engine do all that it can do within a few minutes.
func (d *googleDay) turn() {
	d.t.Helper()
	for range 3 {
		d.step()
		d.pass(time.Minute)
		if d.cutting {
			d.pass(5 * time.Minute)
		}
	}
}

// until lets time pass until an instant, step by step.
func (d *googleDay) until(end time.Time) {
	d.t.Helper()
	for d.now().Before(end) {
		next := d.step()
		if next.IsZero() || next.After(end) {
			next = end
		}
		d.pass(max(next.Sub(d.now()), 0))
	}
	d.turn()
}

// next lets time pass, two weeks at most, until somebody has a mail with these words that
// they have not read yet, and reads it.
func (d *googleDay) next(x *googletest.User, words string) googletest.Mail {
	d.t.Helper()
	return d.waits(x, "a mail with "+words, saying(words))
}

// saying are mails with these words.
func saying(words string) func(googletest.Mail) bool {
	return func(m googletest.Mail) bool { return strings.Contains(m.Subject()+"\n"+m.Text(), words) }
}

// gets is next for a mail of that kind.
func (d *googleDay) gets(x *googletest.User, kind scheduler.MailKind) googletest.Mail {
	d.t.Helper()
	return d.waits(x, string(kind), func(m googletest.Mail) bool { return d.kind(m) == kind })
}

// keptAs are the names by which indy may know a mail. Of one to Maria that begins a
// conversation it keeps no more than that.
func keptAs(m googletest.Mail) []string {
	names := []string{strings.Trim(m.Head.Get("Message-Id"), "<>")}
	if m.Head.Get("In-Reply-To") == "" && slices.Contains(m.Labels, "SENT") {
		names = append(names, m.Thread)
	}
	return names
}

// kind is what a mail is, as indy itself keeps it; "" for one that indy did not write.
func (d *googleDay) kind(m googletest.Mail) scheduler.MailKind {
	d.t.Helper()
	th, err := d.h.store.Thread(d.t.Context(), d.who, keptAs(m))
	if err != nil {
		d.t.Fatal(err)
	}
	if th == nil {
		return ""
	}
	return th.Ref.Kind
}

func (d *googleDay) waits(x *googletest.User, what string, fits func(googletest.Mail) bool) googletest.Mail {
	d.t.Helper()
	for end := d.now().Add(15 * 24 * time.Hour); ; {
		next := d.step()
		m, ok := d.unread(x, fits)
		if ok {
			d.turn()
		}
		if ok || d.doubted {
			return m
		}
		if next.IsZero() || next.After(end) {
			break
		}
		d.pass(max(next.Sub(d.now()), 0))
	}
	for _, m := range x.Mails("INBOX") {
		d.t.Logf("there is: %s", m.Subject())
	}
	d.t.Fatalf("%s did not come by %s", what, d.now())
	return googletest.Mail{}
}

func (d *googleDay) unread(x *googletest.User, fits func(googletest.Mail) bool) (googletest.Mail, bool) {
	for _, m := range x.Mails("INBOX") {
		if key := fmt.Sprintf("%p %s", x, m.ID); !d.seen[key] && fits(m) {
			d.seen[key] = true
			return m, true
		}
	}
	return googletest.Mail{}, false
}

// one is Ana's one-to-one as it stands.
func (d *googleDay) one() scheduler.OneToOne {
	d.t.Helper()
	s, err := d.h.engine.State(d.t.Context(), d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	return s.OneToOnes[s.Standings["ana-ruiz"].Now]
}

// stage checks where Ana's one-to-one stands.
func (d *googleDay) stage(want scheduler.Stage) {
	d.t.Helper()
	if m := d.one(); m.Stage != want {
		d.t.Fatalf("the one-to-one is %q (%s), not %q", m.Stage, m.Reason, want)
	}
}

// received is how many mails somebody has got.
func (d *googleDay) received(x *googletest.User, want int) {
	d.t.Helper()
	in := x.Mails("INBOX")
	if len(in) == want {
		return
	}
	for _, m := range in {
		d.t.Logf("there is: %s", m.Subject())
	}
	d.t.Errorf("%d mails, want %d", len(in), want)
}
