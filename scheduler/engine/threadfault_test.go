package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/ledger"
)

// hazy is a store that cannot read a thread the first time that it is asked for it.
type hazy struct {
	engine.Store
	asked  map[string]bool
	failed int
}

func (h *hazy) Thread(ctx context.Context, who scheduler.OrganizerID, names []string) (*ledger.Thread, error) {
	if key := strings.Join(names, " "); !h.asked[key] {
		h.asked[key] = true
		h.failed++
		return nil, errors.New("the disk is busy")
	}
	return h.Store.Thread(ctx, who, names)
}

// TestAThreadThatCannotBeRead: trouble of the store while a mail is put into its thread fails
// the turn and not the mail: nothing of the decision is kept, and the next turn makes it whole.
func TestAThreadThatCannotBeRead(t *testing.T) {
	play := func(store func(engine.Store) engine.Store) (w *world, failed, mails int) {
		w = newWorld(t, 3, 0)
		w.store = store(w.store)
		w.account.Organizer.Policy.Approve = scheduler.ApproveNone
		w.start()
		for range 14 * 24 { // nobody answers: offers, and nudges in their threads
			w.now = w.now.Add(time.Hour)
			for range 20 {
				if _, err := w.engine.Turn(t.Context(), "maria", w.now); err == nil {
					break
				}
				failed++
			}
		}
		return w, failed, len(w.mails)
	}
	_, none, want := play(func(s engine.Store) engine.Store { return s })
	h := &hazy{asked: map[string]bool{}}
	w, failed, got := play(func(s engine.Store) engine.Store { h.Store = s; return h })
	if none != 0 || failed == 0 || failed != h.failed {
		t.Fatalf("%d turns failed for %d times that a thread could not be read, and %d without", failed, h.failed, none)
	}
	if got != want {
		t.Errorf("%d mails went instead of %d", got, want)
	}
	list, err := w.store.History(t.Context(), "maria", "", 10000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if strings.HasPrefix(e.What, "could not be done") {
			t.Errorf("%s: %s", e.What, e.Why)
		}
	}
}
