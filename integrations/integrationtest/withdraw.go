package integrationtest

import (
	"testing"
	"time"

	"indy/scheduler"
)

// takeBack asks for it and checks what came of it, and how many mails are staged then.
func takeBack(t *testing.T, w MailWorld, p scheduler.Parcel, ref string, want scheduler.Withdrawal, left int) scheduler.Sent {
	t.Helper()
	sent, came, err := w.Mailbox(t).Withdraw(t.Context(), p, ref)
	if err != nil || came != want {
		t.Errorf("take back %s: %v, %v, want %v", p.Key, came, err, want)
	}
	if n := w.Staged(t); n != left {
		t.Errorf("%d mails are staged, want %d", n, left)
	}
	return sent
}

func stage(t *testing.T, w MailWorld, p scheduler.Parcel) (ref string) {
	t.Helper()
	ref, err := w.Mailbox(t).Stage(t.Context(), p)
	if err != nil {
		t.Fatalf("stage: %v", err)
	}
	w.Pass(time.Minute)
	return ref
}

func takenBack(t *testing.T, w MailWorld) {
	p, other := parcel(w, "maria/ana/1/invite/1", "", ""), parcel(w, "maria/ana/1/update/2", "", "")
	ref, kept := stage(t, w, p), stage(t, w, other)
	takeBack(t, w, p, ref, scheduler.TakenBack, 1)
	takeBack(t, w, p, ref, scheduler.TakenBack, 1) // gone already: fine
	if _, found, err := w.Mailbox(t).Find(t.Context(), p, ref); err != nil || found == scheduler.WasSent {
		t.Errorf("taken back, and found: %v, %v", found, err)
	}
	wantOnce(t, w, 0)
	if _, err := w.Mailbox(t).Send(t.Context(), other, kept); err != nil {
		t.Errorf("the other mail: %v", err)
	}
	wantOnce(t, w, 1)
}

func takenBackUnnamed(t *testing.T, w MailWorld) {
	p := parcel(w, "maria/ana/1/invite/1", "", "")
	takeBack(t, w, p, "", scheduler.TakenBack, 0) // never staged
	stage(t, w, p)
	takeBack(t, w, p, "", scheduler.TakenBack, 0)
	wantOnce(t, w, 0)
}

func tooLate(t *testing.T, w MailWorld) {
	p := parcel(w, "maria/ana/1/invite/1", "", "")
	ref := stage(t, w, p)
	sent, err := w.Mailbox(t).Send(t.Context(), p, ref)
	if err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Minute)
	if got := takeBack(t, w, p, ref, scheduler.TooLate, 0); got.MessageID != sent.MessageID || got.Thread != sent.Thread {
		t.Errorf("it has gone as %+v, found as %+v", sent, got)
	}
	wantOnce(t, w, 1)
	// One whose sending broke off unnoticed as well.
	q := parcel(w, "maria/ana/1/update/2", "", "")
	ref = stage(t, w, q)
	w.CutSend(t, true)
	if _, err := w.Mailbox(t).Send(t.Context(), q, ref); err == nil {
		t.Fatal("the cut was not noticed")
	}
	w.Pass(time.Minute)
	takeBack(t, w, q, ref, scheduler.TooLate, 0)
	wantOnce(t, w, 2)
}

// takenBackAtLast breaks off before and after the deletion, and where a Send broke off
// before: the end is the same.
func takenBackAtLast(t *testing.T, w MailWorld) {
	for i, how := range []string{"before", "after", "after a send"} {
		p := parcel(w, "maria/ana/1/invite/"+how, "", "")
		ref := stage(t, w, p)
		if i == 2 {
			w.CutSend(t, false)
			if _, err := w.Mailbox(t).Send(t.Context(), p, ref); err == nil {
				t.Fatal("the cut was not noticed")
			}
		}
		w.CutWithdraw(t, how == "after")
		if _, _, err := w.Mailbox(t).Withdraw(t.Context(), p, ref); err == nil {
			t.Errorf("%s: the cut was not noticed", how)
		} else if scheduler.FailureOf(err) != scheduler.Again {
			t.Errorf("%s: not to be tried again: %v", how, err)
		}
		w.Pass(time.Minute)
		takeBack(t, w, p, ref, scheduler.TakenBack, 0)
		if _, found, err := w.Mailbox(t).Find(t.Context(), p, ref); err != nil || found == scheduler.WasSent {
			t.Errorf("%s: taken back, and found: %v, %v", how, found, err)
		}
	}
	wantOnce(t, w, 0)
}

func mended(t *testing.T, w MailWorld) {
	p := parcel(w, "maria/ana/1/invite/1", "", "")
	ref := stage(t, w, p)
	w.Mend(t, "Dear Ana, these are my own words.\r\n")
	w.Pass(time.Minute)
	takeBack(t, w, p, ref, scheduler.Mended, 1)
	takeBack(t, w, p, ref, scheduler.Mended, 1)
	wantOnce(t, w, 0)
}
