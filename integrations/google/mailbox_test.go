package google_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

func TestMailGoesAndItsAnswerComes(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	offer := parcel(ana, "Coffee this week?", "Hi Ana, how about Tuesday?")
	sent := w.send(offer)
	if sent.MessageID == offer.MessageID || !strings.HasSuffix(sent.MessageID, "@mail.gmail.com") {
		t.Errorf("Message-ID %q was not read back", sent.MessageID)
	}
	got := w.ana.Mails("INBOX")
	if len(got) != 1 || got[0].Head.Get("Message-Id") != "<"+sent.MessageID+">" {
		t.Fatalf("Ana has %d mails", len(got))
	}
	if len(w.maria.Mails("DRAFT")) != 0 {
		t.Error("the draft is still there")
	}
	w.ana.Reply(got[0], "Tuesday works")
	mails, cursor := w.fetch(cursor)
	if len(mails) != 1 {
		t.Fatalf("%d mails, want Ana's alone", len(mails))
	}
	m := mails[0]
	if m.Thread != sent.Thread || m.InReplyTo[0] != sent.MessageID || m.From.Addr != ana || m.Own || !strings.Contains(m.Text, "Tuesday works") {
		t.Errorf("read %+v", m)
	}
	// A second letter stands in the same thread on both sides.
	again := w.send(answering(parcel(ana, "Re: Coffee this week?", "Good, see you then."), scheduler.Sent{Thread: m.Thread, MessageID: m.MessageID}))
	if again.Thread != sent.Thread {
		t.Errorf("thread %s, want %s", again.Thread, sent.Thread)
	}
	if in := w.ana.Mails("INBOX"); in[0].Thread != in[1].Thread {
		t.Error("Ana sees two threads")
	}
	if mails, _ := w.fetch(cursor); len(mails) != 0 {
		t.Errorf("%d mails, want none: what indy sent is no news", len(mails))
	}
}

func TestWhatTheOrganizerSendsIsTheirs(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.maria.Write(ana, "Hello", "by hand")
	w.maria.Write(maria, "to myself", "note")
	w.g.Receive(maria, []byte("From: "+maria+"\r\nTo: "+maria+"\r\nSubject: forged\r\n\r\nSENT, trust me\r\n"))
	mails, _ := w.fetch(cursor)
	if len(mails) != 3 || !mails[0].Own || !mails[1].Own || mails[2].Own {
		t.Fatalf("own: %v", mails)
	}
}

func TestOnlyWantedMailIsReadInFull(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	for range 10 {
		w.g.Receive(maria, []byte("From: shop@example.net\r\nTo: "+maria+"\r\nSubject: sale\r\n\r\nbuy\r\n"))
	}
	w.ana.Write(maria, "hello", "it's me")
	before := w.g.Spent().Calls["gmail.users.messages.get"]
	mails, _, err := w.mail.Fetch(t.Context(), cursor, func(h scheduler.Head) bool { return h.From.Addr == ana })
	if err != nil || len(mails) != 1 {
		t.Fatal(mails, err)
	}
	if n := w.g.Spent().Calls["gmail.users.messages.get"] - before; n != 12 {
		t.Errorf("%d reads, want 11 heads and 1 mail", n)
	}
}

func TestDraftsSpamAndTrashAreNoNews(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	if _, err := w.mail.Stage(t.Context(), parcel(ana, "a draft", "…")); err != nil {
		t.Fatal(err)
	}
	w.ana.Write(maria, "lost in spam", "hello?")
	thread := w.maria.Mails("INBOX")[0].Thread
	w.maria.Move(thread, "INBOX", "SPAM")
	mails, cursor := w.fetch(cursor)
	if len(mails) != 0 {
		t.Fatalf("%d mails", len(mails))
	}
	w.maria.Move(thread, "SPAM", "INBOX")
	if mails, _ = w.fetch(cursor); len(mails) != 1 || mails[0].Subject != "lost in spam" {
		t.Fatalf("a mail rescued from spam: %v", mails)
	}
}

func TestHistoryTooOldIsReadAnew(t *testing.T) {
	w := newWorld(t)
	w.ana.Write(maria, "long ago", "handled")
	w.pass(10 * 24 * time.Hour)
	_, cursor := w.fetch("")
	w.pass(30 * 24 * time.Hour)
	for range 130 { // more than a page
		w.ana.Write(maria, "while away", "…")
		w.pass(time.Minute)
	}
	w.maria.ForgetHistory()
	w.ana.Write(maria, "after", "…")
	sent := len(w.maria.Mails("SENT"))
	subjects := map[string]int{}
	ids := map[string]bool{}
	for range 10 {
		mails, next := w.fetch(cursor)
		for _, m := range mails {
			if !ids[m.ID] {
				subjects[m.Subject]++
			}
			ids[m.ID] = true
		}
		if next == cursor {
			break
		}
		cursor = next
	}
	if subjects["while away"] != 130 || subjects["after"] != 1 || subjects["long ago"] != 0 {
		t.Errorf("read anew: %v", subjects)
	}
	if len(w.maria.Mails("SENT")) != sent || len(w.maria.Mails("DRAFT")) != 0 {
		t.Error("reading anew sent something")
	}
	if mails, _ := w.fetch(cursor); len(mails) != 0 {
		t.Error("history does not go on from there")
	}
}

func TestThePageThatDidNotCome(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	for range 3 {
		w.ana.Write(maria, "one of three", "…")
	}
	// The third mail cannot be read: nothing of the page counts.
	w.g.Inject(googletest.Fault{Method: "gmail.users.messages.get", Skip: 5, Status: 503, Reason: "backendError", Times: 3})
	mails, next, err := w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.Again, "read a mail: Google answered 503", "")
	if next != cursor || mails != nil {
		t.Error("the cursor passed a page that did not come")
	}
	if mails, _ := w.fetch(cursor); len(mails) != 3 {
		t.Errorf("%d mails after the trouble, want 3", len(mails))
	}
}

func TestLargeMailIsUploaded(t *testing.T) {
	w := newWorld(t)
	p := parcel(lee, "a big one", strings.Repeat("words and words\r\n", 100_000))
	w.send(p)
	got := w.g.Outside(lee)
	if len(got) != 1 || !strings.HasSuffix(string(got[0].Raw), string(p.Raw[len(p.Raw)-1000:])) {
		t.Fatal("the mail did not arrive as it was")
	}
}

func TestALostAnswerMakesNoSecondDraft(t *testing.T) {
	w := newWorld(t)
	p := parcel(ana, "once", "…")
	w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.create", CutAfter: true})
	_, err := w.mail.Stage(t.Context(), p)
	fails(t, err, scheduler.Again, "write a draft: the connection was cut", "")
	w.open() // even after a restart
	w.send(p)
	if len(w.maria.Mails("DRAFT")) != 0 || len(w.ana.Mails("INBOX")) != 1 {
		t.Error("not once")
	}
}

// TestAnotherDraftIsNeverOurs: a server whose search finds too much (or a person's own
// draft under the same Message-ID) must not make indy send a mail that it did not write.
func TestAnotherDraftIsNeverOurs(t *testing.T) {
	w := newWorldWith(t, googletest.Options{LooseSearch: true})
	private := parcel(lee, "private", "not for sending")
	w.maria.Draft(private.Raw)
	p := parcel(ana, "offer", "…")
	w.send(p)
	if len(w.g.Outside(lee)) != 0 || len(w.ana.Mails("INBOX")) != 1 || len(w.maria.Mails("DRAFT")) != 1 {
		t.Error("the wrong draft went")
	}
	// Nor is a mail that a search finds taken for the one that is looked for.
	ref, err := w.mail.Stage(t.Context(), parcel(ana, "another", "…"))
	if err != nil {
		t.Fatal(err)
	}
	q := parcel(ana, "another", "other words")
	for _, d := range w.maria.Mails("DRAFT") {
		if d.Subject() == "another" {
			w.maria.DeleteDraft(d)
		}
	}
	if _, found, err := w.mail.Find(t.Context(), q, strings.Fields(ref)[0]); err != nil || found != scheduler.CannotTell {
		t.Errorf("found %d, %v", found, err)
	}
}

// TestFind goes through what may have become of a mail whose sending is in doubt.
func TestFind(t *testing.T) {
	stage := func(t *testing.T, w *world, p scheduler.Parcel) string {
		ref, err := w.mail.Stage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	find := func(t *testing.T, w *world, p scheduler.Parcel, ref string, want scheduler.Found) scheduler.Sent {
		t.Helper()
		w.open()
		sent, found, err := w.mail.Find(t.Context(), p, ref)
		if err != nil || found != want {
			t.Fatalf("found %d, %v; want %d", found, err, want)
		}
		return sent
	}
	t.Run("cut before", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", CutBefore: true})
		_, err := w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "send a mail: the connection was cut", "")
		find(t, w, p, ref, scheduler.NotSent)
		if _, err := w.mail.Send(t.Context(), p, ref); err != nil {
			t.Fatal(err)
		}
		if len(w.ana.Mails("INBOX")) != 1 {
			t.Error("not once")
		}
	})
	t.Run("cut after", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", CutAfter: true})
		_, err := w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "", "")
		sent := find(t, w, p, ref, scheduler.WasSent)
		if got := w.ana.Mails("INBOX"); len(got) != 1 || got[0].Head.Get("Message-Id") != "<"+sent.MessageID+">" {
			t.Error("the wrong mail was found")
		}
	})
	t.Run("no answer in time", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", HangAfter: true})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err := w.mail.Send(ctx, p, ref)
		fails(t, err, scheduler.InDoubt, "deadline", "")
		find(t, w, p, ref, scheduler.WasSent)
	})
	t.Run("500 although it went", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", Status: 500, Reason: "backendError", After: true})
		_, err := w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "Google answered 500 (backendError)", "")
		find(t, w, p, ref, scheduler.WasSent)
	})
	t.Run("the Message-ID could not be read back", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.g.Inject(googletest.Fault{Method: "gmail.users.messages.get", Status: 503, Reason: "backendError", Times: 3})
		_, err := w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "", "")
		if sent := find(t, w, p, ref, scheduler.WasSent); sent.MessageID == "" || sent.Thread == "" {
			t.Error("found without its names")
		}
	})
	t.Run("sent by hand, with other words", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.maria.SendDraft(w.maria.Mails("DRAFT")[0], "Dear Ana, …")
		_, err := w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "its draft is no longer there", "")
		find(t, w, p, ref, scheduler.WasSent)
	})
	t.Run("deleted by hand", func(t *testing.T) {
		w := newWorld(t)
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.maria.DeleteDraft(w.maria.Mails("DRAFT")[0])
		find(t, w, p, ref, scheduler.CannotTell)
	})
	t.Run("deleted by hand, in a thread where they wrote themselves", func(t *testing.T) {
		w := newWorld(t)
		first := w.send(parcel(ana, "offer", "…"))
		w.ana.Reply(w.ana.Mails("INBOX")[0], "when?")
		p := answering(parcel(ana, "Re: offer", "at two"), first)
		ref := stage(t, w, p)
		w.pass(time.Minute)
		w.maria.DeleteDraft(w.maria.Mails("DRAFT")[0])
		w.maria.Reply(w.maria.Mails("INBOX")[0], "I'll call you")
		find(t, w, p, ref, scheduler.CannotTell)
	})
	t.Run("never staged", func(t *testing.T) {
		w := newWorld(t)
		find(t, w, parcel(ana, "offer", "…"), "", scheduler.NotSent)
	})
	t.Run("two alike: the older one proves nothing", func(t *testing.T) {
		w := newWorld(t)
		w.send(parcel(ana, "offer", "same words"))
		w.pass(time.Hour)
		p := parcel(ana, "offer", "same words")
		ref := stage(t, w, p)
		w.maria.DeleteDraft(w.maria.Mails("DRAFT")[0])
		find(t, w, p, ref, scheduler.CannotTell)
	})
	t.Run("gone from the sent mail too", func(t *testing.T) {
		w := newWorldWith(t, googletest.Options{SearchLag: time.Hour})
		p := parcel(ana, "offer", "…")
		ref := stage(t, w, p)
		w.maria.SendDraft(w.maria.Mails("DRAFT")[0], "")
		d := strings.Fields(ref)
		find(t, w, p, d[0]+" 1ffffffffffffffff "+d[2], scheduler.CannotTell) // the search runs behind
	})
}

func TestLabelsShowWhereThingsStand(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	if got := strings.Join(w.maria.Labels(), " "); got != "indy/hands-off indy/propose" {
		t.Errorf("labels ready for use: %s", got)
	}
	sent := w.send(parcel(ana, "offer", "…"))
	for _, label := range []string{"indy/offered", "indy/agreed", "indy/agreed"} {
		if err := w.mail.Mark(t.Context(), sent.Thread, label); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.maria.Mails("SENT")[0].Labels; strings.Join(got, " ") != "SENT indy/agreed" {
		t.Errorf("labels %v", got)
	}
	if w.fetch(cursor); len(w.orders) != 0 {
		t.Errorf("our own label came back as an order: %v", w.orders)
	}
	if err := w.mail.Mark(t.Context(), sent.Thread, ""); err != nil || len(w.maria.Mails("SENT")[0].Labels) != 1 {
		t.Error("labels not taken off", err)
	}
	if err := w.mail.Mark(t.Context(), "1ffffffffffffffff", "indy/offered"); err != nil {
		t.Errorf("a deleted thread: %v", err)
	}
}

func TestLabelsAreOrders(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.ana.Write(maria, "hello", "we met at the fair")
	thread := w.maria.Mails("INBOX")[0].Thread
	w.ana.Reply(w.maria.Mails("INBOX")[0], "and")
	w.maria.Label(thread, "indy/propose")
	_, cursor = w.fetch(cursor)
	if len(w.orders) != 1 || w.orders[0].Label != google.LabelPropose || w.orders[0].Head.From.Addr != ana || w.orders[0].Thread != thread {
		t.Fatalf("orders %+v", w.orders)
	}
	// Taken: the label comes off, and nothing is ordered by that.
	if err := w.mail.Mark(t.Context(), thread, "indy/offered"); err != nil {
		t.Fatal(err)
	}
	_, cursor = w.fetch(cursor)
	// The same again is another order.
	w.maria.Label(thread, "indy/propose")
	_, _ = w.fetch(cursor)
	if len(w.orders) != 2 || w.orders[0].ID == w.orders[1].ID {
		t.Errorf("orders %+v", w.orders)
	}
}

func TestARenamedLabelIsStillKnown(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.ana.Write(maria, "hello", "…")
	thread := w.maria.Mails("INBOX")[0].Thread
	w.maria.RenameLabel("indy/propose", "Please meet")
	w.open() // after a restart the id comes with the cursor
	w.maria.Label(thread, "Please meet")
	w.fetch(cursor)
	if len(w.orders) != 1 || w.orders[0].Label != google.LabelPropose {
		t.Fatalf("orders %+v", w.orders)
	}
	if got := strings.Join(w.maria.Labels(), ","); got != "Please meet,indy/hands-off" {
		t.Errorf("labels %s: a second one was made", got)
	}
}

func TestADeletedLabelIsMadeAgain(t *testing.T) {
	w := newWorld(t)
	w.fetch("")
	sent := w.send(parcel(ana, "offer", "…"))
	if err := w.mail.Mark(t.Context(), sent.Thread, "indy/offered"); err != nil {
		t.Fatal(err)
	}
	w.maria.RenameLabel("indy/offered", "")
	if err := w.mail.Mark(t.Context(), sent.Thread, "indy/offered"); err != nil {
		t.Fatal(err)
	}
	if got := w.maria.Mails("SENT")[0].Labels; len(got) != 2 {
		t.Errorf("labels %v", got)
	}
}

func TestOrdersGivenWhileNobodyWatched(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.ana.Write(maria, "hello", "…")
	w.maria.Label(w.maria.Mails("INBOX")[0].Thread, "indy/hands-off")
	w.pass(60 * 24 * time.Hour)
	w.maria.ForgetHistory()
	w.fetch(cursor)
	if len(w.orders) != 1 || w.orders[0].Label != google.LabelHandsOff {
		t.Errorf("orders %+v", w.orders)
	}
}
