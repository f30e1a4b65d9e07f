package memory_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/store/memory"
	"indy/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(*testing.T) storetest.Store { return memory.New() },
		Reopen: func(_ *testing.T, s storetest.Store) storetest.Store {
			kept := s.(*memory.Store).Snapshot()
			again := memory.New()
			again.Restore(kept)
			return again
		},
	})
}

func commit(t *testing.T, s *memory.Store, version int64, c ledger.Commit) {
	t.Helper()
	c.Organizer, c.Team, c.Version, c.At = "maria", "t", version, time.UnixMilli(1e12+version)
	if _, err := s.Commit(context.Background(), c); err != nil {
		t.Fatal(err)
	}
}

// remembered is what a simulation compares.
func remembered(t *testing.T, s *memory.Store) any {
	t.Helper()
	ctx := context.Background()
	m, err := s.Load(ctx, "t", "maria", []ledger.PersonKeys{{Person: "ana", Keys: []string{"a"}}})
	if err != nil {
		t.Fatal(err)
	}
	pending, err := s.Pending(ctx, "maria")
	if err != nil {
		t.Fatal(err)
	}
	history, err := s.History(ctx, "maria", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return []any{m, pending, history}
}

func TestSnapshotIsACrash(t *testing.T) {
	ana := []ledger.PersonKeys{{Person: "ana", Keys: []string{"a"}}}
	effect := func(key string) ledger.Entry {
		return ledger.Entry{Key: key, Person: "ana", Raw: []byte(key), MessageID: key + "@example.org"}
	}
	s := memory.New()
	commit(t, s, 0, ledger.Commit{Standings: []scheduler.Standing{{Person: "ana", Topics: []string{"home"}}}, Claims: ana,
		Effects: []ledger.Entry{effect("one"), effect("two")}, History: []scheduler.Entry{{Person: "ana", What: "1"}}})
	want, kept := remembered(t, s), s.Snapshot()

	// Whatever happens afterwards is lost, however deep it went.
	commit(t, s, 1, ledger.Commit{Standings: []scheduler.Standing{{Person: "ana", Topics: []string{"work"}}}, Revoked: []string{"two"},
		Settled: &ledger.Settled{Key: "one", Outcome: scheduler.OutcomeDone}, Effects: []ledger.Entry{effect("three")},
		History: []scheduler.Entry{{Person: "ana", What: "2"}}, Seen: []string{"x"}, Cursors: map[string]string{"mail": "1"}})
	commit(t, s, 2, ledger.Commit{Forget: ana})
	for range 2 { // a snapshot can be restored again
		s.Restore(kept)
		if diff := cmp.Diff(want, remembered(t, s)); diff != "" {
			t.Errorf("restored (-want +got):\n%s", diff)
		}
		if seen, err := s.Seen(context.Background(), "maria", []string{"x"}); err != nil || len(seen) != 0 {
			t.Errorf("seen: %v, %v", seen, err)
		}
		commit(t, s, 1, ledger.Commit{Effects: []ledger.Entry{effect("four")}, Forget: ana})
	}
}
