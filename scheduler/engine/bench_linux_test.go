package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
	"indy/store"
	"indy/templates"
)

// The figures of a decision: a reply comes in; then state, ledger and outbox are durable,
// the mails in their final bytes. Store, templates and composer are those that ship; the
// mailbox and the calendar are in memory, for they are not part of the decision.

const benchPeople = 20 // of each organizer

// benchBox is a mailbox that costs nothing.
type benchBox struct {
	in   []scheduler.Mail
	sent []scheduler.Parcel
}

func (b *benchBox) Fetch(_ context.Context, cursor string, want func(scheduler.Head) bool) (mails []scheduler.Mail, next string, err error) {
	from, _ := strconv.Atoi(cursor) // "" is the beginning
	for _, m := range b.in[from:] {
		if want(m.Head) {
			mails = append(mails, m)
		}
	}
	return mails, strconv.Itoa(len(b.in)), nil
}

func (b *benchBox) Withdraw(context.Context, scheduler.Parcel, string) (scheduler.Sent, scheduler.Withdrawal, error) {
	return scheduler.Sent{}, scheduler.TakenBack, nil
}
func (b *benchBox) Stage(context.Context, scheduler.Parcel) (string, error) { return "staged", nil }

func (b *benchBox) Send(_ context.Context, p scheduler.Parcel, _ string) (scheduler.Sent, error) {
	b.sent = append(b.sent, p)
	return scheduler.Sent{ID: p.Key, MessageID: p.MessageID}, nil
}

func (b *benchBox) Find(context.Context, scheduler.Parcel, string) (scheduler.Sent, scheduler.Found, error) {
	return scheduler.Sent{}, scheduler.CannotTell, nil
}

func (b *benchBox) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

// benchCalendar is a calendar without other events, that nobody edits.
type benchCalendar struct{}

func (benchCalendar) Busy(context.Context, time.Time, time.Time) ([]slots.Busy, error) {
	return nil, nil
}

func (benchCalendar) PersonBusy(context.Context, string, time.Time, time.Time) ([]slots.Busy, bool, error) {
	return nil, false, nil
}

func (benchCalendar) Changes(_ context.Context, cursor string, _ []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	return nil, cursor, nil
}
func (benchCalendar) Put(context.Context, scheduler.CalendarEvent) (string, error) { return "1", nil }
func (benchCalendar) Remove(context.Context, scheduler.EventRef) error             { return nil }
func (benchCalendar) Watch(ctx context.Context, _ func()) error                    { <-ctx.Done(); return nil }

// watchedStore notes, for each organizer, the commit that handled a mail.
type watchedStore struct {
	*store.Store
	mu      sync.Mutex
	handled map[scheduler.OrganizerID]handled
}

type handled struct {
	commit  ledger.Commit
	durable time.Time
}

func (s *watchedStore) Commit(ctx context.Context, c ledger.Commit) (int64, error) {
	version, err := s.Store.Commit(ctx, c)
	if err == nil && len(c.Seen) > 0 {
		s.mu.Lock()
		s.handled[c.Organizer] = handled{c, time.Now()}
		s.mu.Unlock()
	}
	return version, err
}

// bench is organizers whose people have all been offered times.
type bench struct {
	store  *watchedStore
	engine *engine.Engine
	now    time.Time
	who    []scheduler.OrganizerID
	boxes  map[scheduler.OrganizerID]*benchBox
}

func newBench(b *testing.B, organizers int) *bench {
	b.Helper()
	b.Cleanup(func() { debug.SetGCPercent(100) })
	debug.SetGCPercent(400) // as Run does
	st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "indy.db"))
	if err != nil {
		b.Fatal(err)
	}
	words, err := templates.New("")
	if err != nil {
		b.Fatal(err)
	}
	w := &bench{store: &watchedStore{Store: st, handled: map[scheduler.OrganizerID]handled{}},
		now: time.Date(2026, 10, 5, 14, 0, 0, 0, time.UTC), boxes: map[scheduler.OrganizerID]*benchBox{}}
	w.engine = engine.New(w.store, mail.Composer{}, slog.New(slog.DiscardHandler))
	for i := range organizers {
		id := scheduler.OrganizerID(fmt.Sprint("o", i))
		w.who, w.boxes[id] = append(w.who, id), &benchBox{}
		w.engine.Use(benchAccount(id, w.boxes[id], words))
	}
	for _, id := range w.who {
		for range 3 { // begin, offer, see that nothing is left
			if _, err := w.engine.Turn(b.Context(), id, w.now); err != nil {
				b.Fatal(err)
			}
		}
		if n := len(w.offers(id)); n != benchPeople {
			b.Fatalf("%d of %d people were offered times", n, benchPeople)
		}
	}
	return w
}

func benchAccount(id scheduler.OrganizerID, box *benchBox, words *templates.Set) engine.Account {
	policy := simPolicy()
	policy.Capacity, policy.MaxPerDay, policy.MaxPerWeek, policy.Approve = benchPeople, 6, 30, scheduler.ApproveNone
	zone := mustZone("America/New_York")
	a := engine.Account{Organizer: scheduler.Organizer{ID: id, Name: "Maria Lopez", Address: string(id) + "@example.org", Zone: zone,
		Language: "en", Role: "a core member", Story: "I learned to swim there.", Policy: policy},
		Team:     scheduler.Team{Name: "Council", Word: "council"},
		Campaign: scheduler.Campaign{Name: "Clean Water", Story: "The river floods.", Plan: "A hearing in March."},
		Mailbox:  box, Calendar: benchCalendar{}, Renderer: words}
	for i := range benchPeople {
		name := fmt.Sprint(id, "p", i)
		a.People = append(a.People, scheduler.Person{ID: scheduler.PersonID(name), Name: "Ana Ruiz", Addresses: []string{name + "@example.net"},
			Zone: zone, Language: "en", Status: scheduler.New, Every: 42, Mode: scheduler.InPerson})
	}
	return a
}

func (w *bench) close(b *testing.B) {
	if err := w.store.Close(); err != nil {
		b.Fatal(err)
	}
}

// offers are the mails to people so far, the latest to each.
func (w *bench) offers(id scheduler.OrganizerID) (list []scheduler.Parcel) {
	latest := map[string]scheduler.Parcel{}
	for _, p := range w.boxes[id].sent {
		if p.To != string(id)+"@example.org" {
			latest[p.To] = p
		}
	}
	for _, p := range latest {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b scheduler.Parcel) int { return strings.Compare(a.To, b.To) })
	return list
}

// answer is a reply to one of our mails.
func (w *bench) answer(to scheduler.Parcel, text string) scheduler.Mail {
	id := "answer-to-" + to.MessageID
	return scheduler.Mail{Head: scheduler.Head{ID: id, MessageID: id, InReplyTo: []string{to.MessageID}, References: []string{to.MessageID},
		From: scheduler.Address{Addr: to.To}, To: []scheduler.Address{{Addr: to.From}}, Subject: "Re: coffee", Date: w.now}, Text: text}
}

// step lets a reply come in, and answers how long it took until it was durable.
func (w *bench) step(id scheduler.OrganizerID, m scheduler.Mail) (handled, time.Duration, error) {
	w.boxes[id].in = append(w.boxes[id].in, m)
	began := time.Now()
	if _, err := w.engine.Step(context.Background(), id, w.now); err != nil {
		return handled{}, 0, err
	}
	w.store.mu.Lock()
	h := w.store.handled[id]
	w.store.mu.Unlock()
	if len(h.commit.Seen) != 1 || h.commit.Seen[0] != m.ID {
		return h, 0, fmt.Errorf("%q was not handled", m.Text)
	}
	return h, h.durable.Sub(began), nil
}

// settle delivers what was decided.
func (w *bench) settle(b *testing.B) {
	for _, id := range w.who {
		if _, err := w.engine.Turn(b.Context(), id, w.now); err != nil {
			b.Fatal(err)
		}
	}
}

// appender is the least that durability costs: one append and one fdatasync.
type appender struct{ f *os.File }

func newAppender(b *testing.B) appender {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return appender{f}
}

func (a appender) append(b *testing.B, raw []byte) time.Duration {
	began := time.Now()
	if _, err := a.f.Write(raw); err != nil {
		b.Fatal(err)
	}
	if err := syscall.Fdatasync(int(a.f.Fd())); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// bytesOfCommit is what a decision has to make durable, at the least: its mails as they are,
// all else as JSON.
func bytesOfCommit(b *testing.B, c ledger.Commit) []byte {
	var mails []byte
	c.Effects = slices.Clone(c.Effects)
	for i := range c.Effects {
		mails = append(mails, c.Effects[i].Raw...)
		c.Effects[i].Raw = nil
	}
	doc, err := json.Marshal(c)
	if err != nil {
		b.Fatal(err)
	}
	return append(doc, mails...)
}

// kinds are the replies that are measured: one that sends an invite, and one that sends nothing.
var kinds = []struct {
	name, text string
	sends      bool
}{{"choice", "1", true}, {"confirmation", "Great, see you then!", false}}

// BenchmarkReply measures one decision after the other, each in turn with an append of the
// same bytes, so that both meet the same disk.
func BenchmarkReply(b *testing.B) {
	for i, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			a := newAppender(b)
			var deciding, appending []time.Duration
			for b.Loop() {
				w := newBench(b, 1)
				for _, before := range kinds[:i] {
					for _, p := range w.offers("o0") {
						if _, _, err := w.step("o0", w.answer(p, before.text)); err != nil {
							b.Fatal(err)
						}
						w.settle(b)
					}
				}
				for _, p := range w.offers("o0") {
					h, took, err := w.step("o0", w.answer(p, kind.text))
					if err != nil {
						b.Fatal(err)
					}
					if (len(h.commit.Effects) > 0) != kind.sends {
						b.Fatalf("%q led to %d effects", kind.text, len(h.commit.Effects))
					}
					deciding, appending = append(deciding, took), append(appending, a.append(b, bytesOfCommit(b, h.commit)))
				}
				w.close(b)
			}
			slices.Sort(deciding)
			slices.Sort(appending)
			d, s := deciding[len(deciding)/2], appending[len(appending)/2]
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(d.Microseconds()), "µs-median/decision")
			b.ReportMetric(float64(s.Microseconds()), "µs-median/append")
			b.ReportMetric(float64(d)/float64(s), "times-an-append")
		})
	}
}

// BenchmarkRepliesInFlight measures 32 organizers whose people answer at once, against the
// rate of appends. Each organizer has one reply under way at a time.
func BenchmarkRepliesInFlight(b *testing.B) {
	const organizers = 32
	for i, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			a := newAppender(b)
			var deciding, computing, appending time.Duration
			var decisions, appends int
			for b.Loop() {
				w := newBench(b, organizers)
				for _, before := range kinds[:i] {
					decideAtOnce(b, w, before.text)
					w.settle(b)
				}
				raw := bytesOfCommit(b, w.store.handled["o0"].commit)
				for range 500 {
					appending += a.append(b, raw)
				}
				appends += 500
				worked := cpu()
				deciding += decideAtOnce(b, w, kind.text)
				computing += cpu() - worked
				decisions += organizers * benchPeople
				w.close(b)
			}
			rate, least := float64(decisions)/deciding.Seconds(), float64(appends)/appending.Seconds()
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(computing.Microseconds())/float64(decisions), "µs-cpu/decision")
			b.ReportMetric(rate, "decisions/s")
			b.ReportMetric(least, "appends/s")
			b.ReportMetric(rate/least, "times-the-appends")
		})
	}
}

// decideAtOnce lets everybody answer, and takes the time until all is durable.
func decideAtOnce(b *testing.B, w *bench, text string) time.Duration {
	began := time.Now()
	var wait sync.WaitGroup
	for _, id := range w.who {
		wait.Go(func() {
			for _, p := range w.offers(id) {
				if _, _, err := w.step(id, w.answer(p, text)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return time.Since(began)
}

// cpu is what the process has computed so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
