package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"indy/config"
	"indy/integrations/google"
	"indy/integrations/google/googletest"
)

// TestAOneToOneOnGoogle goes from an offer to an agreed meeting through the shipped engine,
// on Gmail and Google Calendar as the fake plays them, and follows a move and a
// cancellation made by hand on the calendar.
func TestAOneToOneOnGoogle(t *testing.T) { playOnGoogle(t) }

// TestCutsOnGoogle breaks the line before and after each call of that, in turn: everything
// happens once all the same.
func TestCutsOnGoogle(t *testing.T) {
	if testing.Short() {
		t.Skip("not in -short: the sweep takes a minute")
	}
	calls := playOnGoogle(t)
	points := 0
	for n, id := range calls {
		for how, f := range map[string]googletest.Fault{"before": {CutBefore: true}, "after": {CutAfter: true}} {
			points++
			f.Nth = n + 1
			t.Run(fmt.Sprintf("%d %s %s", n+1, id, how), func(t *testing.T) {
				t.Parallel()
				playOnGoogle(t, f)
			})
		}
	}
	t.Logf("%d calls, %d points at which the line was cut", len(calls), points)
}

// googleHouse is a config of Maria and Ana, opened for the engine, with Maria signed in at
// the Google that listens there.
func googleHouse(t *testing.T, g *googletest.Server, endpoint string) *house {
	t.Helper()
	path := signInConfig(t, g)
	edit(t, path, "[[organizer]]", "[defaults]\nsend_hours = \"daily 00:00-24:00\"\napprove = \"none\"\nmails_per_day = 5\nmails_per_week = 20\n"+
		"[campaign]\nname = \"Clean Water Now\"\nstory = \"The river is ours.\"\nplan = \"A hearing comes.\"\n\n[[organizer]]")
	cfg, err := loadConfig(path, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	signIn(t, g, cfg)
	h, err := openHouseWith(t.Context(), cfg, newLog(io.Discard, false), func(o *google.Options) { o.Endpoint = endpoint })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// edit puts new words in place of the old ones that come first in a file.
func edit(t *testing.T, path, old, words string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, words, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// signIn keeps a sign-in of every organizer with an account.
func signIn(t *testing.T, g *googletest.Server, cfg *config.Config) {
	t.Helper()
	for _, o := range cfg.Organizers {
		options := googleOptions(cfg, o)
		secret, err := json.Marshal(google.Token{Refresh: g.SignIn(o.Google.Account, options.Scopes()...), Scopes: options.Scopes()})
		if err == nil {
			err = options.Tokens.Save(options.Name, secret)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// workday is the next Monday, Tuesday or Wednesday at ten: people write to each other then.
func workday(zone *time.Location) time.Time {
	now := time.Now().In(zone)
	for now = time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, zone); now.Weekday() == time.Sunday || now.Weekday() > time.Wednesday; {
		now = now.AddDate(0, 0, 1)
	}
	return now
}

func playOnGoogle(t *testing.T, faults ...googletest.Fault) (calls []string) {
	g, endpoint := listeningGoogle(t, googletest.Options{})
	ana := g.AddUser("ana@example.org", "Ana Ruiz", "America/Los_Angeles")
	maria := g.User("maria@example.org")
	h := googleHouse(t, g, endpoint)
	for _, f := range faults {
		g.Inject(f)
	}
	now, who := workday(h.cfg.Organizers[0].Zone), h.cfg.Organizers[0].ID
	// turn lets the engine do what it can; after trouble it waits and tries again by itself.
	tries := 0
	turn := func() {
		t.Helper()
		for quiet := 0; quiet < 3; quiet++ {
			now = now.Add(6 * time.Minute)
			if _, err := h.engine.Turn(t.Context(), who, now); err != nil {
				if tries++; len(faults) == 0 || tries > 5 {
					t.Fatalf("turn: %v", err)
				}
				quiet = -1
			}
		}
	}
	last := func(want int) googletest.Mail {
		t.Helper()
		in := ana.Mails("INBOX")
		if len(in) != want {
			for _, m := range in {
				t.Logf("Ana has: %s", m.Subject())
			}
			t.Fatalf("%d mails, want %d", len(in), want)
		}
		return in[len(in)-1]
	}
	turn()
	offer := last(1)
	if len(maria.Events("")) == 0 {
		t.Error("the offered times are not held")
	}
	ana.Reply(offer, "The first one works for me!")
	turn()
	if invite := last(2); !strings.Contains(string(invite.Raw), "text/calendar") {
		t.Errorf("no invite: %s", invite.Subject())
	}
	events := maria.Events("")
	if len(events) != 1 || events[0].Status != "confirmed" {
		t.Fatalf("on the calendar: %+v", events)
	}
	maria.MoveTo("", events[0].ID, events[0].From.Add(24*time.Hour), events[0].To.Add(24*time.Hour))
	turn()
	if update := last(3); !strings.Contains(string(update.Raw), "text/calendar") {
		t.Errorf("the move was told without an invite: %s", update.Subject())
	}
	maria.Delete("", events[0].ID)
	turn()
	last(4)
	turn()
	last(4) // nothing is told twice
	if drafts := maria.Mails("DRAFT"); len(drafts) != 0 {
		t.Errorf("%d drafts are left over", len(drafts))
	}
	return g.Calls()
}
