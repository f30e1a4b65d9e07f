package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/ledger"
)

// TestEveryBoundary lets the process die at every single boundary to the outside, one
// after the other, in the same three weeks.
func TestEveryBoundary(t *testing.T) {
	calm := newWorld(t, 3, 0)
	calm.play(21)
	if len(calm.failures) > 0 {
		t.Fatalf("without any fault: %s", strings.Join(calm.failures, "\n"))
	}
	n := calm.faults.count
	step, tried := 5, 0
	switch {
	case *everyCut:
		step = 1
	case testing.Short():
		step = 25
	}
	for at := 1; at <= n; at += step {
		tried++
		w := newWorld(t, 3, 0)
		w.faults.at = at
		w.play(21)
		if len(w.failures) > 0 {
			t.Errorf("died at boundary %d of %d: %s", at, n, strings.Join(w.failures[:min(3, len(w.failures))], "\n\t"))
		}
		if len(w.mails) != len(calm.mails) {
			t.Errorf("died at boundary %d of %d: %d mails instead of %d", at, n, len(w.mails), len(calm.mails))
		}
	}
	t.Logf("%d of %d cut points tried, %d mails in each run", tried, n, len(calm.mails))
	if n < 50 {
		t.Error("too little happened to prove anything")
	}
}

// forgetful is a store that does not say what was under way: the ledger's check is gone.
type forgetful struct{ engine.Store }

func (f forgetful) Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]ledger.Entry, error) {
	list, err := f.Store.Outbox(ctx, who, now, limit)
	for i := range list {
		list[i].State, list[i].Ref = ledger.Planned, ""
	}
	return list, err
}

// TestPlantedDoubleSend makes sure that the simulation would find a mail sent twice: with
// the ledger's check taken out, it must.
func TestPlantedDoubleSend(t *testing.T) {
	for seed := int64(1); seed <= 20; seed++ {
		w := newWorld(t, seed, 15)
		w.store = forgetful{w.store}
		w.start()
		w.play(28)
		for _, f := range w.failures {
			if strings.Contains(f, "sent twice") {
				return
			}
		}
	}
	t.Error("mails were sent twice and nobody noticed")
}

// TestNobodyCanTell is a mailbox that never knows whether a mail has gone: there is no
// second mail, and the organizer hears of each.
func TestNobodyCanTell(t *testing.T) {
	doubts := 0
	for seed := int64(1); seed <= 15; seed++ {
		w := newWorld(t, seed, 20)
		w.box.blind = true
		w.play(35)
		if len(w.failures) > 0 {
			t.Errorf("seed %d: %s", seed, strings.Join(w.failures[:min(3, len(w.failures))], "\n\t"))
		}
		list, err := w.store.History(context.Background(), "maria", "", 10000)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			if strings.HasPrefix(h.What, "cannot tell") {
				doubts++
			}
		}
	}
	if doubts == 0 {
		t.Error("nothing was ever in doubt: the test proves nothing")
	}
}
