package google_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// bubble is a world within testing/synctest: its clock moves by itself.
func bubble(t *testing.T, f func(t *testing.T, w *world), change ...func(*google.Options)) {
	synctest.Test(t, func(t *testing.T) {
		// From midnight of the year 2000 to nine o'clock in Los Angeles.
		time.Sleep(17 * time.Hour)
		change = append([]func(*google.Options){func(o *google.Options) { o.Sleep, o.Now = nil, nil }}, change...)
		w := newWorldWith(t, googletest.Options{}, change...)
		w.g = nil
		g := googletest.New(t, googletest.Options{})
		w.g, w.maria, w.ana = g, g.AddUser(maria, "Maria Lopez", "America/Los_Angeles"), g.AddUser(ana, "Ana Ruiz", "America/New_York")
		w.clock = time.Now()
		w.o.Transport, w.o.Client = g.Transport(), g.Client()
		w.signIn()
		w.open()
		f(t, w)
	})
}

func TestWatchSeesMailSoonAndSleepsAtNight(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		_, cursor := w.fetch("")
		var news atomic.Int32
		done := make(chan error)
		go func() { done <- w.mail.Watch(ctx, func() { news.Add(1) }) }()
		time.Sleep(time.Hour)
		if news.Load() != 0 {
			t.Error("news of nothing")
		}
		w.ana.Write(maria, "hello", "…")
		time.Sleep(6 * time.Minute)
		if news.Load() == 0 {
			t.Fatal("no news within six minutes by day")
		}
		_, cursor = w.fetch(cursor)
		seen := news.Load()
		w.ana.Write(maria, "hello again", "…") // while an answer is likely
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if news.Load() == seen {
			t.Error("no news within a minute while the conversation goes on")
		}
		w.fetch(cursor)
		time.Sleep(14*time.Hour - 7*time.Minute) // to eleven at night
		calls := w.g.Spent().GmailUnits
		time.Sleep(6 * time.Hour)
		if spent := w.g.Spent().GmailUnits - calls; spent > 30 {
			t.Errorf("%d units in six hours of the night", spent)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestWatchIsNotWokenByReading(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		w.ana.Write(maria, "hello", "…")
		w.fetch("")
		var news atomic.Int32
		done := make(chan error)
		go func() { done <- w.mail.Watch(ctx, func() { news.Add(1) }) }()
		time.Sleep(time.Hour)
		w.maria.Move(w.maria.Mails("INBOX")[0].Thread, "UNREAD", "STARRED") // looked at in the browser
		w.maria.Move(w.maria.Mails("INBOX")[0].Thread, "STARRED", "IMPORTANT")
		before := news.Load()
		time.Sleep(time.Hour)
		if n := news.Load() - before; n > 24 { // a label is a label; but it must end
			t.Errorf("woken %d times", n)
		}
		cancel()
		<-done
	})
}

func TestWatchEndsWhenAccessDoes(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.fetch("")
		done := make(chan error)
		go func() { done <- w.mail.Watch(t.Context(), func() {}) }()
		time.Sleep(time.Hour)
		w.g.Inject(googletest.Fault{Method: "gmail.users.history", Status: 503, Reason: "backendError", Times: 30})
		time.Sleep(time.Hour) // trouble does not end it
		w.g.Revoke(maria)
		fails(t, <-done, scheduler.NoAccess, "access was withdrawn", `run "indy login"`)
	})
}

func TestWatchSaysThatHistoryIsLost(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		w.fetch("")
		var news atomic.Int32
		done := make(chan error)
		go func() { done <- w.mail.Watch(ctx, func() { news.Add(1) }) }()
		time.Sleep(time.Hour)
		w.maria.ForgetHistory()
		time.Sleep(10 * time.Minute)
		if news.Load() == 0 {
			t.Error("nobody reads anew")
		}
		cancel()
		<-done
	})
}

// slowPull answers a pull for which there is nothing only after a while, as Pub/Sub does.
type slowPull struct {
	next  func(*http.Request) (*http.Response, error)
	empty time.Duration
}

func (s slowPull) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := s.next(r)
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

func TestPush(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		push, err := google.NewPush(google.PushOptions{Topic: "projects/p/topics/mail", Subscription: "projects/p/subscriptions/mail",
			Key: w.g.ServiceAccount("https://www.googleapis.com/auth/pubsub"), Endpoint: googletest.Endpoint, Transport: slowPull{w.g.Transport().RoundTrip, 30 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		w.o.Push = push
		w.open()
		ctx, cancel := context.WithCancel(t.Context())
		_, cursor := w.fetch("")
		var news atomic.Int32
		done, pulled := make(chan error), make(chan error)
		go func() { done <- w.mail.Watch(ctx, func() { news.Add(1) }) }()
		go func() { pulled <- push.Run(ctx) }()
		time.Sleep(time.Minute)
		units := w.g.Spent().GmailUnits
		w.ana.Write(maria, "hello", "…")
		time.Sleep(35 * time.Second)
		if news.Load() != 1 {
			t.Fatalf("%d news", news.Load())
		}
		if mails, _ := w.fetch(cursor); len(mails) != 1 {
			t.Errorf("%d mails", len(mails))
		}
		time.Sleep(10 * time.Hour)
		// One notice looked at, a mail read, and a look every three hours.
		if spent := w.g.Spent().GmailUnits - units; spent > 60 {
			t.Errorf("%d units in ten quiet hours", spent)
		}
		time.Sleep(8 * 24 * time.Hour) // the watch is renewed before it ends
		before := news.Load()
		w.ana.Write(maria, "a week later", "…")
		time.Sleep(35 * time.Second)
		if news.Load() == before || w.g.Notices("projects/p/subscriptions/mail") != 0 {
			t.Error("push had ended")
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := <-pulled; err != nil {
			t.Error(err)
		}
	})
}

func TestCalendarWatchIsBusyAroundMeetings(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.o.Project = google.NewProject(10_000)
		w.open()
		ctx, cancel := context.WithCancel(t.Context())
		ev := coffee()
		ev.From = time.Now().Add(5 * time.Hour) // at two
		ev.To = ev.From.Add(45 * time.Minute)
		w.put(ev)
		var looks []time.Time
		done := make(chan error)
		go func() { done <- w.cal.Watch(ctx, func() { looks = append(looks, time.Now()) }) }()
		time.Sleep(23*time.Hour + time.Second)
		cancel()
		<-done
		near := 0
		for _, l := range looks {
			if l.After(ev.From.Add(-31*time.Minute)) && l.Before(ev.To.Add(21*time.Minute)) {
				near++
			}
		}
		if near < 6 || len(looks) > 50 || len(looks)-near < 10 {
			t.Errorf("%d looks, %d of them near the meeting", len(looks), near)
		}
	})
}
