package google_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// TestWhatTheOrganizerSees goes through what Google may refuse with, for a read and for
// a send. What the organizer sees is the error's words and its hint.
func TestWhatTheOrganizerSees(t *testing.T) {
	for _, c := range []struct {
		name         string
		fault        googletest.Fault
		read, send   scheduler.FailureKind
		words, hint  string
		atLeast      time.Duration // After
		readGoesWell bool          // once is not enough to see it
	}{
		{"401", googletest.Fault{Status: 401, Reason: "authError"}, scheduler.NoAccess, scheduler.NoAccess, "401 (authError)", `run "indy login"`, 0, false},
		{"403 too fast", googletest.Fault{Status: 403, Reason: "rateLimitExceeded"}, scheduler.Again, scheduler.Again, "403 (rateLimitExceeded)", "", time.Second, false},
		{"403 too fast, asking for a pause", googletest.Fault{Status: 403, Reason: "userRateLimitExceeded", RetryAfter: 90 * time.Second}, scheduler.Again, scheduler.Again, "userRateLimitExceeded", "", 90 * time.Second, false},
		{"403 the day is used up", googletest.Fault{Status: 403, Reason: "dailyLimitExceeded"}, scheduler.Again, scheduler.Again, "dailyLimitExceeded", "", 0, false},
		{"403 a scope is missing", googletest.Fault{Status: 403, Reason: "insufficientPermissions"}, scheduler.NoAccess, scheduler.NoAccess, "403 (insufficientPermissions)", "tick every box", 0, false},
		{"403 in the newer form", googletest.Fault{Status: 403, Reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}, scheduler.NoAccess, scheduler.NoAccess, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "tick every box", 0, false},
		{"403 API off", googletest.Fault{Status: 403, Reason: "accessNotConfigured"}, scheduler.NoAccess, scheduler.NoAccess, "accessNotConfigured", "turn the API on", 0, false},
		{"403 the administrator", googletest.Fault{Status: 403, Reason: "domainPolicy"}, scheduler.NoAccess, scheduler.NoAccess, "domainPolicy", "administrator", 0, false},
		{"429", googletest.Fault{Status: 429, Reason: "rateLimitExceeded", Message: "User-rate limit exceeded.  Retry after 2026-03-02T09:30:00.000Z"}, scheduler.Again, scheduler.Again, "429", "", 29 * time.Minute, false},
		{"503", googletest.Fault{Status: 503, Reason: "backendError"}, scheduler.Again, scheduler.InDoubt, "503 (backendError)", "", time.Second, false},
		{"400", googletest.Fault{Status: 400, Reason: "invalidArgument", Message: "bad ana@example.org"}, scheduler.Final, scheduler.Final, "400 (invalidArgument)", "indy check", 0, false},
		{"no Gmail", googletest.Fault{Status: 400, Reason: "failedPrecondition"}, scheduler.NoAccess, scheduler.NoAccess, "failedPrecondition", "no Gmail", 0, false},
		{"the line breaks", googletest.Fault{CutBefore: true}, scheduler.Again, scheduler.InDoubt, "the connection was cut", "", time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(o *google.Options) { o.Labels = false })
			_, cursor := w.fetch("")
			fault := c.fault
			fault.Method, fault.Times = "gmail.users.history", -1
			w.g.Inject(fault)
			_, next, err := w.mail.Fetch(t.Context(), cursor, everything)
			if c.words != "400 (invalidArgument)" {
				fails(t, err, c.read, "read what came: ", c.hint)
			}
			after(t, err, c.atLeast)
			if next != cursor {
				t.Error("the cursor moved")
			}
			w.g.Heal()

			p := parcel(ana, "offer", "…")
			ref, err := w.mail.Stage(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			fault.Method = "gmail.users.drafts.send"
			w.g.Inject(fault)
			calls := w.g.Spent().Calls["gmail.users.drafts.send"]
			_, err = w.mail.Send(t.Context(), p, ref)
			hint := c.hint
			if c.words == "400 (invalidArgument)" {
				hint = ""
			}
			fails(t, err, c.send, c.words, hint)
			after(t, err, c.atLeast)
			if got := w.g.Spent().Calls["gmail.users.drafts.send"] - calls; got > 0 {
				t.Errorf("sent although refused")
			}
			w.g.Heal()
			if _, found, err := w.mail.Find(t.Context(), p, ref); err != nil || found != scheduler.NotSent {
				t.Errorf("found %d, %v", found, err)
			}
			if len(w.ana.Mails("INBOX")) != 0 {
				t.Error("it went")
			}
		})
	}
}

func after(t *testing.T, err error, least time.Duration) {
	t.Helper()
	var f *scheduler.Failure
	if !errors.As(err, &f) || f.After < least/2 {
		t.Errorf("wait %v, want about %s", err, least)
	}
}

// TestNoAnswerEver: a call that hangs is given up, and what became of it is in doubt.
func TestNoAnswerEver(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, cursor := w.fetch("")
		p := parcel(ana, "offer", "…")
		ref, err := w.mail.Stage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", HangAfter: true})
		_, err = w.mail.Send(t.Context(), p, ref)
		fails(t, err, scheduler.InDoubt, "deadline", "")
		if took := time.Since(began); took > 3*time.Minute {
			t.Errorf("given up after %s", took)
		}
		if _, found, err := w.mail.Find(t.Context(), p, ref); found != scheduler.WasSent || err != nil {
			t.Errorf("found %d, %v", found, err)
		}
		w.g.Inject(googletest.Fault{Method: "gmail.users.history", HangBefore: true}) // a read is tried again
		w.fetch(cursor)
	})
}

// TestWritesGoOnce counts the tries of a send that is refused: one, always.
func TestWritesGoOnce(t *testing.T) {
	w := newWorld(t)
	p := parcel(ana, "offer", "…")
	ref, err := w.mail.Stage(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []googletest.Fault{{Status: 503, Reason: "backendError"}, {Status: 429, Reason: "rateLimitExceeded"}, {CutBefore: true}} {
		f.Method, f.Times = "gmail.users.drafts.send", -1
		w.g.Inject(f)
		n := w.g.Count()
		if _, err := w.mail.Send(t.Context(), p, ref); err == nil {
			t.Fatal("no error")
		}
		if got := w.g.Count() - n; got != 1 {
			t.Errorf("%d calls for one send", got)
		}
		w.g.Heal()
	}
}

// TestReadsGoOn shows that trouble in the middle of a long read does not start it over.
func TestReadsGoOn(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	for range 5 {
		w.ana.Write(maria, "one of five", "…")
	}
	w.g.Inject(googletest.Fault{Method: "gmail.users.messages.get", Skip: 3, Status: 429, Reason: "rateLimitExceeded", RetryAfter: 2 * time.Second})
	w.g.Inject(googletest.Fault{Method: "gmail.users.messages.get", Skip: 5, CutAfter: true})
	if mails, _ := w.fetch(cursor); len(mails) != 5 {
		t.Errorf("%d mails", len(mails))
	}
	if len(w.slept) != 2 || w.slept[0] < 2*time.Second {
		t.Errorf("waited %v", w.slept)
	}
}

func TestWaitingGrowsAndEnds(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.g.Inject(googletest.Fault{Method: "gmail.users.history", Status: 503, Reason: "backendError", Times: -1})
	var waits []time.Duration
	for range 12 {
		_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
		var f *scheduler.Failure
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		waits = append(waits, f.After)
	}
	if waits[3] < 4*waits[0] || waits[11] > 5*time.Minute || waits[11] < 2*time.Minute {
		t.Errorf("waits %v", waits)
	}
	w.g.Heal()
	w.fetch(cursor)
	w.g.Inject(googletest.Fault{Method: "gmail.users.history", Status: 503, Reason: "backendError", Times: 3})
	_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
	var f *scheduler.Failure
	if errors.As(err, &f); f.After > 10*time.Second {
		t.Errorf("still waiting %s after a success", f.After)
	}
}

func TestAccessWithdrawn(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.g.Revoke(maria)
	_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "access was withdrawn or has expired (invalid_grant)", `run "indy login"`)
	_, err = w.cal.Put(t.Context(), coffee())
	fails(t, err, scheduler.NoAccess, "make an event: sign in to Google: access was withdrawn", `run "indy login"`)
	p := parcel(ana, "offer", "…")
	_, err = w.mail.Send(t.Context(), p, "r1 t1 1")
	fails(t, err, scheduler.NoAccess, "send a mail: sign in to Google", `run "indy login"`) // and not in doubt: nothing went out
	// Signing in again in another process is enough; this one need not be started anew.
	w.signIn()
	w.fetch(cursor)
}

func TestATestingAppSignsOutAfterSevenDays(t *testing.T) {
	w := newWorld(t)
	w.g.Testing()
	_, cursor := w.fetch("")
	w.pass(7*24*time.Hour + time.Minute)
	_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "invalid_grant", `run "indy login"`)
	found := google.Check(t.Context(), w.o, false)
	if len(found) != 1 || !strings.Contains(found[0].Found, "you signed in 7 days ago") || !strings.Contains(found[0].Hint, `apps in "Testing"`) {
		t.Errorf("check %+v", found)
	}
}

func TestTokensAreRenewedAndKept(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	_, cursor = w.fetch(cursor)
	if n := w.g.Renewals(); n != 1 {
		t.Errorf("%d renewals, want 1", n)
	}
	w.open()
	w.fetch(cursor) // the access token was kept
	if n := w.g.Renewals(); n != 1 {
		t.Errorf("%d renewals after a restart, want 1", n)
	}
	w.pass(time.Hour)
	w.fetch(cursor)
	// A token that stops working early, as after a change of password, is renewed unseen.
	w.g.ExpireAccess()
	w.fetch(cursor)
	w.send(parcel(ana, "offer", "…"))
	w.g.ExpireAccess()
	w.send(parcel(ana, "another", "…"))
	big := parcel(ana, "a big one", strings.Repeat("words and words\r\n", 100_000))
	big.Raw = bytes.Replace(big.Raw, []byte("Mon, 02 Mar 2026"), []byte("Mon, 09 Mar 2026"), 1) // written since, so no draft is looked for
	w.g.ExpireAccess()
	w.send(big)
	if len(w.ana.Mails("INBOX")) != 3 {
		t.Error("not once each")
	}
}

func TestSignInsAreKeptPrivate(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	w.o.Tokens = google.Files(filepath.Join(dir, "google"))
	w.signIn()
	w.open()
	_, cursor := w.fetch("")
	folder, err := os.Stat(filepath.Join(dir, "google"))
	if err != nil || folder.Mode().Perm() != 0o700 {
		t.Fatal(folder.Mode(), err)
	}
	list, _ := os.ReadDir(filepath.Join(dir, "google"))
	if len(list) != 1 {
		t.Fatalf("%d files: a temporary one was left", len(list))
	}
	file := filepath.Join(dir, "google", list[0].Name())
	if st, _ := os.Stat(file); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %s", st.Mode())
	}
	os.Chmod(file, 0o644)
	w.open()
	_, _, err = w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "others can read", "chmod 600")
	os.Chmod(file, 0o600)
	os.WriteFile(file, []byte(`{"refresh_token": "1//secret" oops`), 0o600)
	w.open()
	_, _, err = w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "what is kept is damaged", `run "indy login"`)
	os.Remove(file)
	w.open()
	_, _, err = w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "nobody has signed in yet", `run "indy login"`)
	// Names of organizers cannot leave the folder, nor meet.
	names := map[string]bool{}
	for _, n := range []string{"../x", "..", "a/b", "a_b", "ü", "a b", ".hidden"} {
		if err := w.o.Tokens.Save(n, []byte("x")); err != nil {
			t.Fatal(n, err)
		}
		names[n] = true
	}
	list, _ = os.ReadDir(filepath.Join(dir, "google"))
	if len(list) != len(names) {
		t.Errorf("%d files for %d names", len(list), len(names))
	}
}

func TestARevokedScope(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	w.g.RevokeScope(maria, "https://www.googleapis.com/auth/gmail.modify")
	_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
	fails(t, err, scheduler.NoAccess, "403 (insufficientPermissions)", "tick every box")
	if _, err := w.cal.Busy(t.Context(), start, start.Add(time.Hour)); err != nil {
		t.Errorf("the calendar goes on: %v", err)
	}
}

func TestQuotaOfAMinuteIsKept(t *testing.T) {
	w := newWorld(t)
	_, cursor := w.fetch("")
	for range 700 { // their heads alone cost more than two minutes allow
		w.g.Receive(maria, []byte("From: x@example.net\r\nSubject: s\r\n\r\n"))
	}
	n := 0
	if _, _, err := w.mail.Fetch(t.Context(), cursor, func(scheduler.Head) bool { n++; return false }); err != nil || n != 700 {
		t.Fatal(n, err)
	}
	spent := w.g.Spent()
	if spent.Peak > 6000 || len(w.slept) == 0 {
		t.Errorf("peak %d units a minute, slept %d times", spent.Peak, len(w.slept))
	}
	if mine := w.a.Usage(); mine.GmailUnits != spent.GmailUnits || mine.CalendarCalls != spent.CalendarCalls {
		t.Errorf("we counted %d units, Google %d", mine.GmailUnits, spent.GmailUnits)
	}
}

func TestADamagedCursorIsNotGuessedAt(t *testing.T) {
	w := newWorld(t)
	for _, cursor := range []string{"x", "{}", `{"h":"-1"}`, `{"h":"0"}`} {
		_, _, err := w.mail.Fetch(t.Context(), cursor, everything)
		fails(t, err, scheduler.Suspicion, "the mailbox's cursor is damaged", "")
	}
}
