package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
	"indy/store"
	"indy/store/memory"
)

// A decision as it is when an answer comes in and a meeting is agreed: the round and the
// standing change, an invite and an event go out, a hold is revoked, the mail is seen.
func agreed(who scheduler.OrganizerID, n int64) ledger.Commit {
	now := time.UnixMilli(1_800_000_000_000 + n*60_000).UTC()
	person := scheduler.PersonID(fmt.Sprint("person-", n%40))
	id := scheduler.OneToOneID(fmt.Sprint(who, "/", person, "/", n/40))
	meeting := slots.Interval{From: now.Add(48 * time.Hour), To: now.Add(48*time.Hour + 45*time.Minute)}
	key := func(what string) string { return fmt.Sprint(id, "/", what, "/1") }
	invite := ledger.Entry{Key: key("invite"), Lane: string(id), OneToOne: id, Person: person, Kind: scheduler.MailInvite,
		State: ledger.Planned, Next: now, At: now, MessageID: strings.ReplaceAll(key("invite"), "/", ".") + "@example.org",
		Subject: "Thursday at two", From: string(who) + "@example.org", To: string(person) + "@example.org",
		Answers: scheduler.ThreadRef{OneToOne: id, Person: person, Kind: scheduler.MailInvite, Asked: "invite", To: string(person) + "@example.org"},
		Raw:     []byte(strings.Repeat("A line of an invite with its calendar part, as it goes out over the wire.\r\n", 70))}
	put := ledger.Entry{Key: key("event"), Lane: string(id), OneToOne: id, Person: person, State: ledger.Planned, Next: now, At: now,
		Put: &scheduler.CalendarEvent{ID: "e" + fmt.Sprint(n), UID: fmt.Sprint(n, "@example.org"), From: meeting.From, To: meeting.To,
			Zone: "America/Los_Angeles", Title: "One-to-one", Text: strings.Repeat("The agenda in a few lines.\n", 20), Stamp: now}}
	return ledger.Commit{
		Organizer: who, Team: "Oakland Council", Version: n, At: now, Wake: now.Add(time.Hour),
		Standings: []scheduler.Standing{{Person: person, Rounds: int(n / 40), Now: id, Mails: []time.Time{now}}},
		OneToOnes: []scheduler.OneToOne{{ID: id, Person: person, Round: int(n / 40), Stage: scheduler.Agreed, Opened: now,
			Offer:   &scheduler.Offer{At: now, Gen: 1, Slots: []slots.Slot{{Interval: meeting, Reason: "the first of three"}}},
			Meeting: &scheduler.Meeting{Interval: meeting, Zone: "America/Los_Angeles", UID: fmt.Sprint(n, "@example.org")}}},
		History: []scheduler.Entry{{At: now, Person: person, OneToOne: id, What: "agreed on Thursday at two", Why: "they wrote: the second one"}},
		Effects: []ledger.Entry{put, invite}, Revoked: []string{key("nudge")},
		Seen: []string{fmt.Sprint("18c3f00", n)}, Cursors: map[string]string{"mail": fmt.Sprint(n)},
	}
}

// payload is the bytes that the decision has to make durable, at the least.
func payload(c ledger.Commit) []byte {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return raw
}

// appender is the least that durability costs: one append and one fdatasync.
type appender struct{ f *os.File }

func newAppender(b testing.TB) *appender {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return &appender{f}
}

func (a *appender) append(b testing.TB, bytes []byte) {
	if _, err := a.f.Write(bytes); err != nil {
		b.Fatal(err)
	}
	if err := syscall.Fdatasync(int(a.f.Fd())); err != nil {
		b.Fatal(err)
	}
}

func openBench(b *testing.B) *store.Store {
	s, err := store.Open(context.Background(), filepath.Join(b.TempDir(), "indy.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkDecision measures one decision after the other, each in turn with an append of
// the same bytes, so that both meet the same disk.
func BenchmarkDecision(b *testing.B) {
	s, a := openBench(b), newAppender(b)
	var deciding, appending []time.Duration
	var n int64
	for b.Loop() {
		c := agreed("maria", n)
		raw := payload(c)
		start := time.Now()
		if _, err := s.Commit(context.Background(), c); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		a.append(b, raw)
		deciding, appending = append(deciding, middle.Sub(start)), append(appending, time.Since(middle))
		n++
	}
	b.ReportMetric(0, "ns/op")
	for name, list := range map[string][]time.Duration{"decision": deciding, "append": appending} {
		b.ReportMetric(float64(mean(list).Microseconds()), "µs/"+name)
		b.ReportMetric(float64(median(list).Microseconds()), "µs-median/"+name)
	}
	b.ReportMetric(float64(mean(deciding))/float64(mean(appending)), "times-an-append")
	b.ReportMetric(float64(median(deciding))/float64(median(appending)), "times-an-append-median")
}

func mean(list []time.Duration) (sum time.Duration) {
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(len(list))
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkInFlight measures 32 organizers who decide at once against the rate of appends,
// until everything is filed.
func BenchmarkInFlight(b *testing.B) {
	const organizers = 32
	s, a := openBench(b), newAppender(b)
	const each = 60
	var decided, appended, appends int
	var saving, deciding, appending, computing time.Duration
	for b.Loop() {
		var commits [organizers][each]ledger.Commit
		for i := range organizers {
			for n := range each {
				commits[i][n] = agreed(scheduler.OrganizerID(fmt.Sprint("o", i)), int64(decided+n))
			}
		}
		decided += each
		began := time.Now() // in turn with appends, so that both meet the same disk
		raw := payload(commits[0][0])
		for range 300 {
			a.append(b, raw)
		}
		appends, appending = appends+300, appending+time.Since(began)
		start, worked := time.Now(), cpu()
		var wait sync.WaitGroup
		for i := range organizers {
			wait.Go(func() {
				for n := range each {
					if _, err := s.Commit(context.Background(), commits[i][n]); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
		saving += time.Since(start)
		if _, err := s.Sending(context.Background(), "o0", "none", "", time.Now()); err != nil { // this waits for the filing
			b.Fatal(err)
		}
		appended += organizers * each
		deciding, computing = deciding+time.Since(start), computing+cpu()-worked
	}
	decisions, rate := float64(appended)/deciding.Seconds(), float64(appends)/appending.Seconds()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(computing.Microseconds())/float64(appended), "µs-cpu/decision")
	b.ReportMetric(float64(appended)/saving.Seconds()/rate, "times-the-appends-until-durable")
	b.ReportMetric(decisions, "decisions/s")
	b.ReportMetric(rate, "appends/s")
	b.ReportMetric(decisions/rate, "times-the-appends")
}

// cpu is what the process has computed so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkLoad(b *testing.B) {
	s := openBench(b)
	for n := range int64(200) {
		if _, err := s.Commit(context.Background(), agreed("maria", n)); err != nil {
			b.Fatal(err)
		}
	}
	people := make([]ledger.PersonKeys, 40)
	for i := range people {
		people[i] = ledger.PersonKeys{Person: scheduler.PersonID(fmt.Sprint("person-", i)), Keys: []string{fmt.Sprint("person-", i, "@example.org")}}
	}
	for b.Loop() {
		if _, err := s.Load(context.Background(), "Oakland Council", "maria", people); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMemory(b *testing.B) {
	s := memory.New()
	var n int64
	for b.Loop() {
		if _, err := s.Commit(context.Background(), agreed("maria", n)); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "indy.db")
	for b.Loop() {
		s, err := store.Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
