package engine_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/store/memory"
)

// TestOneOfTheTeamWritesAtATime gives two organizers of a team the same person: only one
// of them writes, and what the person says to one holds for both.
func TestOneOfTheTeamWritesAtATime(t *testing.T) {
	w := newWorld(t, 5, 0)
	w.account.People = w.account.People[:1]
	w.people = map[scheduler.PersonID]*simPerson{"Ana": w.people["Ana"]}
	quiet := &simBox{w: w, drafts: map[string]bool{}, sent: map[string]scheduler.Sent{}}
	other := w.account
	other.Organizer.ID, other.Organizer.Name, other.Organizer.Address = "omar", "Omar Haddad", "omar@example.org"
	other.Organizer.Policy.Approve = scheduler.ApproveNone
	other.Mailbox = quiet
	w.account.Organizer.Policy.Approve = scheduler.ApproveNone
	w.account.Mailbox = &simBox{w: w, drafts: map[string]bool{}, sent: map[string]scheduler.Sent{}}

	st := memory.New()
	e := engine.New(st, bytesOf{}, slog.New(slog.DiscardHandler))
	e.Salt = func() string { return "salt" }
	e.Use(w.account)
	e.Use(other)
	ctx := context.Background()
	turn := func(who scheduler.OrganizerID) {
		t.Helper()
		if _, err := e.Turn(ctx, who, w.now); err != nil {
			t.Fatal(err)
		}
	}
	w.now = w.now.Add(time.Hour)
	turn("maria")
	turn("omar")
	for range 3 {
		w.now = w.now.Add(24 * time.Hour)
		turn("omar")
		turn("maria")
	}
	writers := map[string]bool{}
	for _, m := range w.mails {
		if m.to == "ana@example.org" {
			writers[m.out.From.Addr] = true
		}
	}
	if len(writers) != 1 {
		t.Fatalf("written to by %v", writers)
	}
	s, err := e.State(ctx, "omar")
	if err != nil {
		t.Fatal(err)
	}
	if writers[organizerAddress] && s.Claimed["Ana"] == "" {
		t.Error("the other organizer does not see that somebody writes to her")
	}
	if err := e.Handle(ctx, "maria", "", scheduler.Ordered{Verb: "stop", Person: "Ana"}, w.now); err != nil {
		t.Fatal(err)
	}
	if s, err = e.State(ctx, "omar"); err != nil || !s.Silenced("Ana") {
		t.Errorf("she said stop to one, and the other may still write: %v", err)
	}
	if err := e.Handle(ctx, "omar", "", scheduler.Ordered{Verb: "propose", Person: "Ana"}, w.now); err != nil {
		t.Fatal(err)
	}
	before := len(w.mails)
	w.now = w.now.Add(60 * 24 * time.Hour)
	turn("omar")
	for _, m := range w.mails[before:] {
		if m.to == "ana@example.org" {
			t.Errorf("a %s after she said stop", m.seen.Kind)
		}
	}
}

// TestALeadHearsOfTheTeam gives the lead a digest of everybody beside their own. That it
// holds counts only is its type's: scheduler.TeamLine has no words of anybody.
func TestALeadHearsOfTheTeam(t *testing.T) {
	w := newWorld(t, 6, 0)
	w.account.Organizer.Lead = true
	other := w.account
	other.Organizer.ID, other.Organizer.Name, other.Organizer.Lead = "omar", "Omar Haddad", false
	other.Mailbox = &simBox{w: w, drafts: map[string]bool{}, sent: map[string]scheduler.Sent{}}
	other.People = nil
	w.start()
	w.engine.Use(other)
	ctx := context.Background()
	if _, err := w.engine.Turn(ctx, "omar", w.now); err != nil {
		t.Fatal(err)
	}
	w.play(15)
	teams := 0
	for _, m := range w.mails {
		if m.seen.Kind != scheduler.MailTeamDigest {
			continue
		}
		teams++
		if m.to != organizerAddress {
			t.Errorf("it went to %s", m.to)
		}
	}
	if teams == 0 || teams != w.digests {
		t.Errorf("%d team digests beside %d digests", teams, w.digests)
	}
}
