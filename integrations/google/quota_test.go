package google_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// organizers is how many are counted: go test -run TestCallsOfADay -v -organizers 10000 ./integrations/google
var organizers = flag.Int("organizers", 6, "of TestCallsOfADay")

// What Google allows a project in a day, and what a day of one organizer is.
const (
	unitsOfADay = 80_000_000
	callsOfADay = 1_000_000

	arrivals, relevant, sends, meetings, edits = 46, 6, 12, 4, 20
)

// way is how an organizer's account is watched.
type way struct {
	name    string
	sharing int // organizers of the project, which sets the pace
	push    bool
	naive   bool
}

// TestCallsOfADay counts what one organizer's day costs at Google's: every call goes to
// the fake, through the same code and pace as in life.
func TestCallsOfADay(t *testing.T) {
	reach := map[string]int{}
	t.Logf("%-34s %14s %14s %15s %15s", "", "Gmail units", "of them idle", "Calendar calls", "organizers")
	for _, w := range []way{
		{"each minute", 10_000, false, true},
		{"one organizer, adaptive", 1, false, false},
		{"10,000 organizers, adaptive", 10_000, false, false},
		{"30,000 organizers, push", 30_000, true, false},
	} {
		n := *organizers
		if w.naive || w.sharing == 1 { // only to compare with
			n = max(1, n/50)
		}
		busy, idle := countDays(t, w, n, true), countDays(t, w, max(1, n/10), false)
		units, calls := float64(busy.GmailUnits)/float64(n), float64(busy.CalendarCalls)/float64(n)
		idleUnits := float64(idle.GmailUnits) / float64(max(1, n/10))
		idleCalls := float64(idle.CalendarCalls) / float64(max(1, n/10))
		fit := int(min(unitsOfADay/units, callsOfADay/calls))
		reach[w.name] = fit
		t.Logf("%-34s %14.0f %14.0f %7.1f (%5.1f) %15d", w.name, units, idleUnits, calls, idleCalls, fit)
		if busy.Peak > 6000 {
			t.Errorf("%s: %d units in one minute of one user", w.name, busy.Peak)
		}
	}
	if reach["10,000 organizers, adaptive"] < 10_000 || reach["30,000 organizers, push"] < 30_000 {
		t.Errorf("reach %v", reach)
	}
	if reach["each minute"] > 700 {
		t.Errorf("each minute is not so naive: %v", reach)
	}
}

func countDays(t *testing.T, w way, n int, busy bool) (sum googletest.Spent) {
	var mu sync.Mutex
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for seed := range n {
		free <- struct{}{}
		group.Add(1)
		go func() {
			defer group.Done()
			defer func() { <-free }()
			got := countDay(t, w, uint64(seed), busy)
			mu.Lock()
			defer mu.Unlock()
			sum.GmailUnits += got.GmailUnits
			sum.CalendarCalls += got.CalendarCalls
			sum.Peak = max(sum.Peak, got.Peak)
		}()
	}
	group.Wait()
	return sum
}

// countDay is one organizer from midnight to midnight.
func countDay(t *testing.T, w way, seed uint64, busy bool) (spent googletest.Spent) {
	t.Run(fmt.Sprintf("%s/%d", w.name, seed), func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { spent = oneDay(t, w, seed, busy) })
	})
	return spent
}

// day is one organizer's day in the making.
type day struct {
	t     *testing.T
	g     *googletest.Server
	u     *googletest.User
	a     *google.Account
	mail  string
	cal   string
	mu    sync.Mutex // of known
	known map[string]scheduler.CalendarEvent
	news  chan string
	seen  map[string]bool
}

func oneDay(t *testing.T, w way, seed uint64, busy bool) googletest.Spent {
	time.Sleep(22 * time.Hour)
	g := googletest.New(t, googletest.Options{Seed: seed, Unchecked: true})
	d := &day{t: t, g: g, u: g.AddUser(maria, "Maria Lopez", "UTC"), known: map[string]scheduler.CalendarEvent{}, news: make(chan string, 2), seen: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	o := google.Options{Address: maria, Client: g.Client(), Tokens: memory{}, Labels: true, Endpoint: googletest.Endpoint, Transport: g.Transport(), Project: google.NewProject(w.sharing)}
	var group sync.WaitGroup
	if w.push {
		push, err := google.NewPush(google.PushOptions{Topic: "projects/p/topics/m", Subscription: "projects/p/subscriptions/m",
			Key: g.ServiceAccount("https://www.googleapis.com/auth/pubsub"), Endpoint: googletest.Endpoint, Transport: slowPull{g.Transport().RoundTrip, 3 * time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		o.Push = push
		group.Go(func() { push.Run(ctx) })
	}
	signIn(t, g, o)
	var err error
	if d.a, err = google.Open(o); err != nil {
		t.Fatal(err)
	}
	d.readMail(ctx)
	d.follow(ctx)
	group.Go(func() { d.watch(ctx, w) })
	group.Go(func() { d.engine(ctx) })
	time.Sleep(2 * time.Hour) // what starting cost is not the day's
	before := g.Spent()
	if busy {
		group.Go(func() { d.live(ctx, rand.New(rand.NewPCG(seed, 7))) })
	}
	time.Sleep(24 * time.Hour)
	cancel()
	group.Wait()
	after := g.Spent()
	return googletest.Spent{GmailUnits: after.GmailUnits - before.GmailUnits, CalendarCalls: after.CalendarCalls - before.CalendarCalls, Peak: after.Peak}
}

// watch says when to look: naively each minute, or as indy does.
func (d *day) watch(ctx context.Context, w way) {
	if !w.naive {
		var group sync.WaitGroup
		group.Go(func() { d.a.Mailbox().Watch(ctx, func() { d.tell("mail") }) })
		group.Go(func() { d.a.Calendar().Watch(ctx, func() { d.tell("calendar") }) })
		group.Wait()
		return
	}
	for tick := time.NewTicker(time.Minute); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.tell("mail")
			d.tell("calendar")
		}
	}
}

func (d *day) tell(what string) {
	select {
	case d.news <- what:
	default:
	}
}

// engine reads what there is news of; a mail that matters needs the calendar as well.
func (d *day) engine(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case what := <-d.news:
			if what == "calendar" {
				d.follow(ctx)
			} else if d.readMail(ctx) > 0 {
				d.follow(ctx)
			}
		}
	}
}

func (d *day) readMail(ctx context.Context) (n int) {
	mails, next, err := d.a.Mailbox().Fetch(ctx, d.mail, func(h scheduler.Head) bool { return h.From.Addr == lee && !h.Own })
	if err != nil {
		if ctx.Err() == nil {
			d.t.Error(err)
		}
		return 0
	}
	d.mail = next
	return len(mails)
}

func (d *day) follow(ctx context.Context) {
	var watched []scheduler.EventRef
	d.mu.Lock()
	for _, ev := range d.known {
		watched = append(watched, scheduler.EventRef{ID: ev.ID, ETag: ev.ETag})
	}
	d.mu.Unlock()
	changed, next, err := d.a.Calendar().Changes(ctx, d.cal, watched)
	if err != nil {
		if ctx.Err() == nil {
			d.t.Error(err)
		}
		return
	}
	d.cal = next
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range changed {
		if c.Deleted {
			delete(d.known, c.ID)
		} else {
			d.known[c.ID] = c.Event
		}
	}
}

// live is what happens in the day, in a random order between seven and eleven.
func (d *day) live(ctx context.Context, r *rand.Rand) {
	midnight := time.Now()
	type moment struct {
		at time.Duration
		do func()
	}
	var all []moment
	at := func(from, to int, f func()) {
		all = append(all, moment{time.Duration(from)*time.Hour + time.Duration(r.Int64N(int64(time.Duration(to-from)*time.Hour))), f})
	}
	for i := range arrivals {
		if i < relevant {
			at(12, 23, d.answer)
			continue
		}
		at(7, 23, func() {
			d.g.Receive(maria, []byte("From: shop@example.com\r\nTo: "+maria+"\r\nSubject: hello\r\n\r\nwords\r\n"))
		})
	}
	for i := range sends {
		at(8, 20, func() { d.send(ctx, i) })
	}
	for i := range meetings {
		from := midnight.Add(time.Duration(10+2*i) * time.Hour)
		at(8, 9, func() {
			ev := coffee()
			ev.ID, ev.From, ev.To = fmt.Sprintf("meet%d", i), from, from.Add(45*time.Minute)
			if etag, err := d.a.Calendar().Put(ctx, ev); err == nil {
				ev.ETag = etag
				d.mu.Lock()
				d.known[ev.ID] = ev
				d.mu.Unlock()
			}
		})
	}
	for i := range edits {
		at(7, 23, func() {
			when := midnight.Add(time.Duration(24+i) * time.Hour)
			d.u.Book("", "something of hers", when, when.Add(time.Hour))
		})
	}
	slices.SortFunc(all, func(a, b moment) int { return int(a.at - b.at) })
	for _, m := range all {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(midnight.Add(m.at))):
			m.do()
		}
	}
}

// answer is Lee's, to the latest mail.
func (d *day) answer() {
	got := d.g.Outside(lee)
	if len(got) == 0 {
		d.g.Receive(maria, []byte("From: "+lee+"\r\nTo: "+maria+"\r\nSubject: hello\r\n\r\nwords\r\n"))
		return
	}
	m, err := mail.ReadMessage(bytes.NewReader(got[len(got)-1].Raw))
	if err != nil {
		d.t.Error(err)
		return
	}
	d.g.Receive(maria, []byte("From: "+lee+"\r\nTo: "+maria+"\r\nSubject: Re: s\r\nIn-Reply-To: "+m.Header.Get("Message-Id")+"\r\n\r\nwords\r\n"))
}

// send delivers a mail; every third is an offer, for which the calendar is read first.
func (d *day) send(ctx context.Context, i int) {
	if i%3 == 0 {
		now := time.Now()
		if _, err := d.a.Calendar().Busy(ctx, now, now.Add(14*24*time.Hour)); err != nil {
			d.t.Error(err)
		}
		if _, _, err := d.a.Calendar().PersonBusy(ctx, lee, now, now.Add(14*24*time.Hour)); err != nil {
			d.t.Error(err)
		}
	}
	id := fmt.Sprintf("%d@example.org", i)
	p := scheduler.Parcel{Key: id, From: maria, To: lee, MessageID: id, Raw: []byte("From: " + maria + "\r\nTo: " + lee + "\r\nSubject: s\r\nMessage-ID: <" + id + ">\r\nDate: " + time.Now().Format(time.RFC1123Z) + "\r\n\r\nwords\r\n")}
	ref, err := d.a.Mailbox().Stage(ctx, p)
	if err == nil {
		_, err = d.a.Mailbox().Send(ctx, p, ref)
	}
	if err != nil {
		d.t.Error(err)
	}
}
