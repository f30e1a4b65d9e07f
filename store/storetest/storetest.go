// Package storetest is the one suite that every store passes: SQLite, PostgreSQL and the
// one in memory. It looks only at what a store answers, never at how it keeps it.
package storetest

import (
	"context"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Store is the engine's port, and what "indy status" reads besides.
type Store interface {
	Load(ctx context.Context, team string, who scheduler.OrganizerID, people []ledger.PersonKeys) (ledger.Memory, error)
	Commit(ctx context.Context, c ledger.Commit) (version int64, err error)
	Seen(ctx context.Context, who scheduler.OrganizerID, ids []string) (map[string]bool, error)
	Thread(ctx context.Context, who scheduler.OrganizerID, names []string) (*ledger.Thread, error)
	Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]ledger.Entry, error)
	Pending(ctx context.Context, who scheduler.OrganizerID) ([]ledger.Entry, error)
	Sending(ctx context.Context, who scheduler.OrganizerID, key, ref string, at time.Time) (bool, error)
	Retry(ctx context.Context, who scheduler.OrganizerID, key string, next time.Time, cause string) error
	Wake(ctx context.Context, who scheduler.OrganizerID) (time.Time, error)
	History(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, limit int) ([]scheduler.Entry, error)
	Sweep(ctx context.Context, now time.Time) (dropped int64, err error)
	Close() error
}

// Harness makes stores to test.
type Harness struct {
	// Open makes a new, empty store that the test's end closes.
	Open func(t *testing.T) Store
	// Reopen closes the store and opens what it kept, as after a restart.
	Reopen func(t *testing.T, s Store) Store
}

// Run runs the whole suite, each test on a store of its own.
func Run(t *testing.T, h Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *world)
	}{
		{"a new organizer's memory is empty", empty},
		{"a decision is read back whole", roundTrip},
		{"a decision survives a restart", restart},
		{"only who saw the latest decision may decide", versions},
		{"a refused decision leaves nothing behind", refusedWhole},
		{"what a decision does not mention stays", untouched},
		{"of closed rounds the last of each person is remembered", lastRounds},
		{"settled steps are remembered for twelve weeks", settledSteps},
		{"nothing that was given or answered is shared", copies},
		{"instants come back in UTC", instants},

		{"an effect is inserted once", once},
		{"the outbox keeps the order of each lane", laneOrder},
		{"an effect that waits for its hour holds nobody up", waitsForItsHour},
		{"an effect that was tried holds up its lane", heldUp},
		{"the outbox is limited", limited},
		{"an effect under way is found again", underWay},
		{"what was revoked is not sent", revoked},
		{"what is under way cannot be revoked", tooLateToRevoke},
		{"what is staged is taken back", withdrawn},
		{"settled is settled", settled},
		{"an unknown outcome can become known", unknownThenKnown},
		{"old mails are swept, young and open ones stay", swept},

		{"a thread is found by every name of its mail", threads},
		{"the first known name counts", firstName},
		{"what was seen is known, whatever its name", seen},
		{"a team claims a person once", claims},
		{"a bar holds for the whole team", bars},
		{"forgetting erases a person and bars them", forget},
		{"the mail that confirms an erasure is erased once it has gone", forgotten},
		{"history is told from its end", history},
		{"wakes come earliest first", wakes},
		{"a lane that is held up wakes nobody early", heldWake},
		{"organizers do not see each other", apart},

		{"organizers decide side by side", sideBySide},
		{"of many who decide at once one wins", oneWins},
		{"whoever waits no longer changed nothing", cancelled},
		{"a closed store refuses", closed},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, &world{T: t, h: h, Store: h.Open(t)}) })
	}
}

// world is one test's store with words to use it.
type world struct {
	*testing.T
	Store
	h Harness
}

var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

const (
	maria = scheduler.OrganizerID("maria")
	omar  = scheduler.OrganizerID("omar")
	team  = "Oakland Council"
)

var (
	ana = ledger.PersonKeys{Person: "ana", Keys: []string{"ana@example.org", "ana@example.net"}}
	lee = ledger.PersonKeys{Person: "lee", Keys: []string{"tel:+15550100"}}
)

func ctx() context.Context { return context.Background() }

func (w *world) load(who scheduler.OrganizerID, people ...ledger.PersonKeys) ledger.Memory {
	w.Helper()
	m, err := w.Load(ctx(), team, who, people)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// commit saves on top of whatever was saved before.
func (w *world) commit(who scheduler.OrganizerID, c ledger.Commit) int64 {
	w.Helper()
	version, err := w.tryCommit(who, c)
	if err != nil {
		w.Fatal(err)
	}
	return version
}

func (w *world) tryCommit(who scheduler.OrganizerID, c ledger.Commit) (int64, error) {
	w.Helper()
	c.Organizer, c.Version = who, w.load(who).Version
	if c.Team == "" {
		c.Team = team
	}
	if c.At.IsZero() {
		c.At = monday
	}
	return w.Commit(ctx(), c)
}

func (w *world) outbox(who scheduler.OrganizerID, now time.Time) []string {
	w.Helper()
	list, err := w.Outbox(ctx(), who, now, 100)
	if err != nil {
		w.Fatal(err)
	}
	keys := make([]string, len(list))
	for i, e := range list {
		keys[i] = e.Key
	}
	return keys
}

func (w *world) sending(who scheduler.OrganizerID, key string) bool {
	w.Helper()
	may, err := w.Sending(ctx(), who, key, "tmp/"+key, monday)
	if err != nil {
		w.Fatal(err)
	}
	return may
}

func (w *world) thread(who scheduler.OrganizerID, names ...string) *ledger.Thread {
	w.Helper()
	found, err := w.Thread(ctx(), who, names)
	if err != nil {
		w.Fatal(err)
	}
	return found
}

// mail is an effect that sends a mail.
func mail(key, lane string, person scheduler.PersonID) ledger.Entry {
	return ledger.Entry{
		Key: key, Lane: lane, Person: person, OneToOne: scheduler.OneToOneID(lane), Kind: scheduler.MailOffer,
		State: ledger.Planned, Next: monday, Expires: monday.AddDate(0, 0, 14), At: monday,
		MessageID: key + "@example.org", Subject: "Coffee this week?", Token: "t-" + key,
		From: "maria@example.org", To: string(person) + "@example.org",
		Answers: scheduler.ThreadRef{OneToOne: scheduler.OneToOneID(lane), Person: person, Kind: scheduler.MailOffer,
			Asked: "times", To: string(person) + "@example.org"},
		Raw: []byte("Subject: Coffee this week?\r\n\r\nHi \xff\x00 " + key + "\r\n"),
	}
}
