package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func once(t *testing.T, w *world) {
	first, second := mail("k", "l", "ana"), mail("k", "other", "ana")
	second.Raw, second.MessageID, second.Token = []byte("another"), "another@example.org", "t-another"
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{first, second}})
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{second}})
	list, err := w.Pending(ctx(), maria)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]ledger.Entry{first}, list); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	if w.thread(maria, "another@example.org", "t-another") != nil {
		t.Error("an effect that was not inserted has a thread")
	}
	w.settle("k", scheduler.OutcomeDone)
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{second}})
	same(t, "outbox after it was done", w.outbox(maria, monday))
}

func (w *world) settle(key string, outcome scheduler.Outcome) {
	w.Helper()
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: key, Outcome: outcome}})
}

func laneOrder(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("z1", "z", "ana"), mail("a1", "a", "lee"), mail("z2", "z", "ana")}})
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("a0", "a", "lee"), mail("free1", "", ""), mail("free2", "", "")}})
	same(t, "first", w.outbox(maria, monday), "z1", "a1", "free1", "free2")
	w.settle("z1", scheduler.OutcomeDone)
	same(t, "second", w.outbox(maria, monday), "a1", "z2", "free1", "free2")
	w.settle("a1", scheduler.OutcomeFailed)
	same(t, "third", w.outbox(maria, monday), "z2", "a0", "free1", "free2")
}

func waitsForItsHour(t *testing.T, w *world) {
	later := mail("later", "l", "ana")
	later.Next = monday.Add(24 * time.Hour)
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{later, mail("now", "l", "ana")}})
	same(t, "today", w.outbox(maria, monday), "now")
	same(t, "tomorrow", w.outbox(maria, later.Next), "later")
}

func heldUp(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("put", "l", "ana"), mail("invite", "l", "ana"), mail("else", "m", "lee")}})
	if !w.sending(maria, "put") {
		t.Fatal("may not send")
	}
	same(t, "under way", w.outbox(maria, monday), "put", "else")
	again := monday.Add(time.Minute)
	if err := w.Retry(ctx(), maria, "put", again, "no route to host"); err != nil {
		t.Fatal(err)
	}
	same(t, "waiting to be tried again", w.outbox(maria, monday), "else")
	list, err := w.Outbox(ctx(), maria, again, 10)
	if err != nil || len(list) != 2 {
		t.Fatalf("outbox: %v, %v", list, err)
	}
	if e := list[0]; e.Key != "put" || e.Tries != 1 || e.Cause != "no route to host" || e.State != ledger.Planned || e.Ref != "tmp/put" || e.Next != again {
		t.Errorf("tried again: %+v", e)
	}
}

func limited(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("a", "a", "ana"), mail("b", "a", "ana"), mail("c", "c", "ana"), mail("d", "d", "ana")}})
	list, err := w.Outbox(ctx(), maria, monday, 2)
	if err != nil || len(list) != 2 || list[0].Key != "a" || list[1].Key != "c" {
		t.Errorf("outbox of two: %v, %v", list, err)
	}
}

func underWay(t *testing.T, w *world) {
	later := mail("k", "l", "ana")
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{later}})
	//lint:ignore SA4000 it is begun twice
	if !w.sending(maria, "k") || !w.sending(maria, "k") {
		t.Error("the same effect may be begun again: that is how it is looked for")
	}
	w.Store = w.h.Reopen(t, w.Store)
	list, err := w.Outbox(ctx(), maria, monday.Add(-time.Hour), 10)
	if err != nil || len(list) != 1 || list[0].State != ledger.Sending || list[0].Ref != "tmp/k" {
		t.Errorf("after a restart: %+v, %v", list, err)
	}
	if w.sending(maria, "no such key") || w.sending(omar, "k") {
		t.Error("an effect that is not in the ledger may be sent")
	}
}

func revoked(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("nudge", "l", "ana"), mail("tried", "l", "ana"), mail("invite", "l", "ana")}})
	w.sending(maria, "tried")
	if err := w.Retry(ctx(), maria, "tried", monday, "busy"); err != nil {
		t.Fatal(err)
	}
	w.commit(maria, ledger.Commit{Revoked: []string{"nudge", "tried", "no such key"}})
	same(t, "outbox", w.outbox(maria, monday), "invite")
	if w.sending(maria, "nudge") || w.sending(maria, "tried") {
		t.Error("what was revoked may be sent")
	}
	if err := w.Retry(ctx(), maria, "nudge", monday, ""); err != nil {
		t.Fatal(err)
	}
	same(t, "outbox after a late retry", w.outbox(maria, monday), "invite")
	// A decision may revoke and plan at once; what it plans stands.
	w.commit(maria, ledger.Commit{Revoked: []string{"invite"}, Effects: []ledger.Entry{mail("update", "l", "ana")}})
	same(t, "outbox after a change of plan", w.outbox(maria, monday), "update")
}

func tooLateToRevoke(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("k", "l", "ana")}})
	w.sending(maria, "k")
	w.commit(maria, ledger.Commit{Revoked: []string{"k"}})
	same(t, "outbox", w.outbox(maria, monday), "k")
	w.settle("k", scheduler.OutcomeDone)
	same(t, "outbox when done", w.outbox(maria, monday))
}

// withdrawn is a mail that waits among the drafts, one whose sending failed, and one that
// was staged unknown to the ledger: each is taken back, and never sent after that.
func withdrawn(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("draft", "l", "ana"), mail("next", "l", "ana"), mail("tried", "m", "ana"),
		mail("after", "m", "ana"), mail("lost", "n", "ana"), mail("gone", "o", "ana")}})
	w.sending(maria, "draft")
	w.sending(maria, "tried")
	if err := w.Retry(ctx(), maria, "tried", monday.Add(time.Hour), "busy"); err != nil {
		t.Fatal(err)
	}
	w.settle("gone", scheduler.OutcomeDone)
	same(t, "outbox", w.outbox(maria, monday), "draft", "lost")
	w.commit(maria, ledger.Commit{At: monday, Withdrawn: []string{"draft", "tried", "lost", "gone", "no such key"}})
	w.Store = w.h.Reopen(t, w.Store)
	list, err := w.Outbox(ctx(), maria, monday, 10)
	if err != nil || len(list) != 3 || list[0].Key != "draft" || list[0].State != ledger.Withdrawing || list[0].Ref != "tmp/draft" || len(list[0].Raw) == 0 {
		t.Fatalf("outbox: %+v, %v", list, err)
	}
	if w.sending(maria, "draft") || w.sending(maria, "lost") {
		t.Error("what is taken back may be sent")
	}
	// Trouble with it is tried again, and holds up nothing.
	if err := w.Retry(ctx(), maria, "draft", monday.Add(time.Hour), "no route to host"); err != nil {
		t.Fatal(err)
	}
	same(t, "while it waits to be tried again", w.outbox(maria, monday), "next", "tried", "lost")
	list, err = w.Outbox(ctx(), maria, monday.Add(time.Hour), 10)
	if err != nil || len(list) == 0 || list[0].State != ledger.Withdrawing || list[0].Tries != 1 || list[0].Cause != "no route to host" {
		t.Errorf("tried again: %+v, %v", list, err)
	}
	w.settle("draft", scheduler.OutcomeWithdrawn)
	w.settle("lost", scheduler.OutcomeDone) // it had gone
	w.settle("tried", scheduler.OutcomeWithdrawn)
	same(t, "outbox in the end", w.outbox(maria, monday.Add(time.Hour)), "next", "after")
}

func settled(t *testing.T, w *world) {
	for key, outcome := range map[string]scheduler.Outcome{"d": scheduler.OutcomeDone, "u": scheduler.OutcomeUnknown,
		"f": scheduler.OutcomeFailed, "x": scheduler.OutcomeExpired} {
		w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail(key, key, "ana")}})
		w.settle(key, outcome)
		if w.sending(maria, key) {
			t.Errorf("%s: may be sent though settled", outcome)
		}
		if err := w.Retry(ctx(), maria, key, monday, ""); err != nil {
			t.Fatal(err)
		}
		same(t, string(outcome), w.outbox(maria, monday.AddDate(1, 0, 0)))
	}
	w.settle("no such key", scheduler.OutcomeDone)
	if _, err := w.tryCommit(maria, ledger.Commit{Settled: &ledger.Settled{Key: "d", Outcome: "no such outcome"}}); err == nil {
		t.Error("an outcome that does not exist was saved")
	}
}

func unknownThenKnown(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("k", "l", "ana")}})
	w.settle("k", scheduler.OutcomeUnknown)
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: "k", Outcome: scheduler.OutcomeDone,
		Sent: scheduler.Sent{MessageID: "found@example.net", Thread: "th1"}}})
	if th := w.thread(maria, "found@example.net"); th == nil || th.MessageID != "found@example.net" {
		t.Errorf("thread: %+v", th)
	}
	// Done stays done.
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: "k", Outcome: scheduler.OutcomeFailed, Sent: scheduler.Sent{MessageID: "x@example.net"}}})
	if w.thread(maria, "x@example.net") != nil {
		t.Error("an effect that was done has failed afterwards")
	}
}

func swept(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("old", "a", "ana"), mail("young", "b", "ana"), mail("open", "c", "ana")}})
	w.commit(maria, ledger.Commit{At: monday, Settled: &ledger.Settled{Key: "old", Outcome: scheduler.OutcomeDone}})
	w.commit(maria, ledger.Commit{At: monday.AddDate(0, 0, 2), Settled: &ledger.Settled{Key: "young", Outcome: scheduler.OutcomeDone}})
	for i, want := range []int64{1, 0, 1} {
		dropped, err := w.Sweep(ctx(), monday.AddDate(0, 0, 91+2*(i/2)))
		if err != nil || dropped != want {
			t.Errorf("sweep %d dropped %d, %v", i, dropped, err)
		}
	}
	if th := w.thread(maria, "old@example.org"); th == nil || th.Subject == "" {
		t.Errorf("a swept mail has lost its thread: %+v", th)
	}
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("old", "a", "ana")}})
	list, err := w.Pending(ctx(), maria)
	if err != nil || len(list) != 1 || list[0].Key != "open" || len(list[0].Raw) == 0 {
		t.Errorf("pending: %+v, %v", list, err)
	}
}
