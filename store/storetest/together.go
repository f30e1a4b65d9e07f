package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

func sideBySide(t *testing.T, w *world) {
	const organizers, decisions = 32, 8
	var wait sync.WaitGroup
	for i := range organizers {
		who := scheduler.OrganizerID(fmt.Sprint("o", i))
		wait.Go(func() {
			for n := range int64(decisions) {
				key := fmt.Sprint(who, "/", n)
				version, err := w.Commit(ctx(), ledger.Commit{Organizer: who, Team: team, Version: n, At: monday,
					Standings: []scheduler.Standing{{Person: "ana", Rounds: int(n)}}, Effects: []ledger.Entry{mail(key, key, "ana")},
					History: []scheduler.Entry{{At: monday, What: key}}, Seen: []string{key}})
				if err != nil || version != n+1 {
					t.Errorf("%s: %d, %v", key, version, err)
					return
				}
				if may, err := w.Sending(ctx(), who, key, "r", monday); err != nil || !may {
					t.Errorf("%s may not be sent: %v", key, err)
				}
				if m, err := w.Load(ctx(), team, who, []ledger.PersonKeys{ana}); err != nil || m.Version != n+1 || m.Standings["ana"].Rounds != int(n) {
					t.Errorf("%s reads %+v, %v", key, m, err)
				}
			}
		})
	}
	wait.Wait()
	for i := range organizers {
		who := scheduler.OrganizerID(fmt.Sprint("o", i))
		if got := w.outbox(who, monday); len(got) != decisions {
			t.Errorf("%s's outbox holds %d", who, len(got))
		}
	}
}

func oneWins(t *testing.T, w *world) {
	const rivals, rounds = 16, 6
	for n := range int64(rounds) {
		var won atomic.Int64
		var wait sync.WaitGroup
		for i := range rivals {
			wait.Go(func() {
				_, err := w.Commit(ctx(), ledger.Commit{Organizer: maria, Team: team, Version: n, At: monday,
					Standings: []scheduler.Standing{{Person: "ana", Rounds: i}},
					Effects:   []ledger.Entry{mail(fmt.Sprint(n, "/", i), "", "ana")}})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, ledger.ErrConflict):
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if won.Load() != 1 {
			t.Errorf("upon version %d decided %d", n, won.Load())
		}
	}
	if got := w.outbox(maria, monday); len(got) != rounds {
		t.Errorf("the outbox holds %v", got)
	}
}

func cancelled(t *testing.T, w *world) {
	over, cancel := context.WithCancel(ctx())
	cancel()
	c := full()
	c.Organizer = maria
	if _, err := w.Commit(over, c); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v", err)
	}
	if m := w.load(maria); m.Version != 0 {
		t.Errorf("a cancelled decision was saved: %+v", m)
	}
}

func closed(t *testing.T, w *world) {
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := w.Commit(ctx(), ledger.Commit{Organizer: maria, At: monday}); err == nil {
		t.Error("a closed store has saved")
	}
	if _, err := w.Load(ctx(), team, maria, nil); err == nil {
		t.Error("a closed store was read")
	}
}
