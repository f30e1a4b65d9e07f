package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"indy/config"
	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// slowPull answers a pull for which there is nothing only after a while, as Pub/Sub does.
type slowPull struct {
	next  http.RoundTripper
	empty time.Duration
}

func (s slowPull) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := s.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, ":pull") {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) < 10 {
		select {
		case <-time.After(s.empty):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return res, err
}

const pushed = "credentials = \"client.json\"\npush_topic = \"projects/p/topics/mail\"\npush_subscription = \"projects/p/subscriptions/mail\"\n"

// TestPushInTheDaemon: an answer is followed within a minute, at an hour of the night at
// which nobody looks for mail that often; an edit of the config ends it.
func TestPushInTheDaemon(t *testing.T) {
	t.Setenv(google.EndpointVariable, googletest.Endpoint)
	synctest.Test(t, func(t *testing.T) {
		g := googletest.New(t, googletest.Options{})
		g.AddUser("maria@example.org", "Maria Lopez", "America/Los_Angeles")
		ana := g.AddUser("ana@example.org", "Ana Ruiz", "America/Los_Angeles")
		path := signInConfig(t, g)
		edit(t, path, "[[organizer]]", "[defaults]\nsend_hours = \"daily 00:00-24:00\"\napprove = \"none\"\nmails_per_day = 5\n\n[[organizer]]")
		edit(t, path, "credentials = \"client.json\"\n", pushed)
		cfg, err := loadConfig(path, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		signIn(t, g, cfg)
		log := newLog(io.Discard, false)
		h, err := openHouseWith(t.Context(), cfg, log, func(o *google.Options) { o.Transport = slowPull{g.Transport(), 30 * time.Second} })
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		h.google.run(ctx, cfg, &all, log)
		all.Go(func() {
			if err := h.engine.Run(ctx, time.Now); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(2 * time.Hour)
		offers := ana.Mails("INBOX")
		if len(offers) != 1 {
			t.Fatalf("%d offers", len(offers))
		}
		ana.Reply(offers[0], "The first one works for me!")
		time.Sleep(45 * time.Second)
		if n := len(ana.Mails("INBOX")); n != 2 {
			t.Errorf("%d mails: nobody has heard of the answer", n)
		}
		edit(t, path, pushed, "credentials = \"client.json\"\n")
		if cfg, err = loadConfig(path, io.Discard); err == nil {
			err = h.use(cfg)
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(h.google.pushes) != 0 {
			t.Error("the push goes on")
		}
		time.Sleep(time.Minute)
		pulls := pullsOf(g)
		time.Sleep(time.Hour)
		if n := pullsOf(g); n != pulls {
			t.Errorf("%d pulls after it was taken out of the config", n-pulls)
		}
		stop()
		all.Wait()
	})
}

func pullsOf(g *googletest.Server) (n int) {
	for _, id := range g.Calls() {
		if strings.HasSuffix(id, "subscriptions.pull") {
			n++
		}
	}
	return n
}

// TestOnePushForAll: organizers with the same subscription share a push, which the first of
// them reads, and all spend from one project's quota.
func TestOnePushForAll(t *testing.T) {
	organizer := func(id string) config.Organizer {
		return config.Organizer{Organizer: scheduler.Organizer{ID: scheduler.OrganizerID(id), Address: id + "@example.org"}, Provider: config.ProviderGoogle,
			Google: config.Google{Account: id + "@example.org", Credentials: "client.json", PushTopic: "projects/p/topics/t", PushSubscription: "projects/p/subscriptions/s"}}
	}
	cfg := &config.Config{State: t.TempDir(), Organizers: []config.Organizer{organizer("maria"), organizer("ben"), organizer("dana")}}
	cfg.Organizers[2].Google.PushSubscription = "projects/p/subscriptions/other"
	for i, want := range []bool{true, false, true} {
		if got := googleOptions(cfg, cfg.Organizers[i]).PubSub; got != want {
			t.Errorf("%s asks for the permission to read notices: %v", cfg.Organizers[i].ID, got)
		}
	}
	a, _ := pushOf(cfg, cfg.Organizers[0])
	b, _ := pushOf(cfg, cfg.Organizers[1])
	c, _ := pushOf(cfg, cfg.Organizers[2])
	if a != b || a == c {
		t.Errorf("pushes are shared wrongly: %v, %v, %v", a, b, c)
	}
	var g googles
	g.share(cfg)
	project := g.project
	if g.share(cfg); g.project != project {
		t.Error("an edit of the config forgets what was spent")
	}
}
