package google_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	indymail "indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/slots"
	storememory "indy/store/memory"
)

// The full day: four one-to-ones are held. After each indy asks how it went, the organizer
// answers, and both get the summary; two people thank. So 12 mails are sent and 6 answers
// read, among 46 mails that come. The organizer changes their calendar 20 times besides.
const (
	meetings, sends, relevant, arrivals, edits = 4, 12, 6, 46, 20
)

// renewals is what telling Gmail to go on with push costs in a day: users.watch is 100 units,
// and indy renews it a day before its seven days are over.
const renewals = 100. / 6

// kind is which day is counted.
type kind int

const (
	full      kind = iota // the Wednesday with its four one-to-ones
	idle                  // a Wednesday on which nothing happens; the four are next week
	arranging             // the Tuesday on which the four are offered times and agree
)

// day is one organizer with the shipped engine at work for them. It begins on the evening
// of a Monday.
type day struct {
	t      *testing.T
	g      *googletest.Server
	u      *googletest.User
	e      *engine.Engine
	r      *rand.Rand
	group  sync.WaitGroup
	drafts bool
}

func oneDay(t *testing.T, w way, seed uint64, k kind) googletest.Spent {
	time.Sleep(time.Until(time.Date(2000, 1, 3, 20, 0, 0, 0, time.UTC)))
	g := googletest.New(t, googletest.Options{Seed: seed, Unchecked: true})
	d := &day{t: t, g: g, u: g.AddUser(maria, "Maria Lopez", "UTC"), r: rand.New(&shared{src: rand.NewPCG(seed, 7)}), drafts: w.drafts}
	for _, name := range []string{"indy/offered", "indy/agreed", "indy/met", "indy/followed-up"} {
		d.u.Label("", name) // they were made in an earlier week
	}
	ctx, cancel := context.WithCancel(t.Context())
	a := d.account(ctx, w)
	d.e = engine.New(storememory.New(), indymail.Composer{}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	d.e.Calm = func() {}
	d.e.Jitter = d.r.Float64
	d.e.Use(a)
	d.group.Go(func() {
		if err := d.e.Run(ctx, time.Now); err != nil {
			t.Error(err)
		}
	})
	tuesday, wednesday := time.Date(2000, 1, 4, 0, 0, 0, 0, time.UTC), time.Date(2000, 1, 5, 0, 0, 0, 0, time.UTC)
	time.Sleep(time.Until(tuesday))
	before := g.Spent()
	time.Sleep(7 * time.Hour)
	a.People = fourPeople()
	d.e.Use(a)
	d.group.Go(func() { d.agree(ctx, k == full) })
	time.Sleep(time.Until(wednesday))
	if k != arranging {
		before = g.Spent()
	}
	if k == full {
		d.live(ctx, wednesday)
	}
	if k != arranging {
		time.Sleep(time.Until(wednesday.Add(24 * time.Hour)))
	}
	after := g.Spent()
	d.check(k, before, after)
	cancel()
	d.group.Wait()
	return d.bill(w, before, after)
}

// bill is what was spent between the two.
func (d *day) bill(w way, before, after googletest.Spent) googletest.Spent {
	for method, calls := range before.Calls {
		after.Calls[method] -= calls
	}
	after.GmailUnits -= before.GmailUnits
	after.CalendarCalls -= before.CalendarCalls
	if w.push { // only what falls on a day in the mean
		after.GmailUnits += int(renewals+d.r.Float64()) - 100*after.Calls["gmail.users.watch"]
		delete(after.Calls, "gmail.users.watch")
	}
	return after
}

// check makes sure that the day was what it is to be.
func (d *day) check(k kind, before, after googletest.Spent) {
	s, err := d.e.State(d.t.Context(), "maria")
	if err != nil {
		d.t.Fatal(err)
	}
	stage := map[kind]scheduler.Stage{full: scheduler.FollowedUp, idle: scheduler.Agreed, arranging: scheduler.Agreed}[k]
	stand := 0
	for _, m := range s.OneToOnes {
		if m.Stage == stage {
			stand++
		}
	}
	want := map[kind]int{full: sends, idle: 0, arranging: 2 * meetings}[k]
	if sent := after.Calls["gmail.users.drafts.create"] - before.Calls["gmail.users.drafts.create"]; stand != meetings || sent != want {
		d.t.Errorf("%d one-to-ones are %q and %d mails were written, want %d and %d", stand, stage, sent, meetings, want)
	}
}

// account is Maria's.
func (d *day) account(ctx context.Context, w way) engine.Account {
	o := google.Options{Address: maria, Client: d.g.Client(), Tokens: memory{}, Labels: true, Drafts: w.drafts, Endpoint: googletest.Endpoint,
		Transport: d.g.Transport(), Project: google.NewProject(w.sharing), Random: d.r.Float64}
	if w.push {
		// A service account's key would do, too; but the signatures of ten thousand would take longer than all else.
		as := google.Options{Address: maria, Client: d.g.Client(), Tokens: memory{}, PubSub: true, Endpoint: googletest.Endpoint, Transport: longPull{d.g}}
		signIn(d.t, d.g, as)
		push, err := google.NewPush(google.PushOptions{Topic: "projects/p/topics/m", Subscription: "projects/p/subscriptions/m",
			As: &as, Endpoint: googletest.Endpoint, Transport: longPull{d.g}})
		if err != nil {
			d.t.Fatal(err)
		}
		o.Push = push
		d.group.Go(func() { push.Run(ctx) })
	}
	signIn(d.t, d.g, o)
	opened, err := google.Open(o)
	if err != nil {
		d.t.Fatal(err)
	}
	a := engine.Account{Organizer: scheduler.Organizer{ID: "maria", Name: "Maria Lopez", Address: maria, Zone: time.UTC, Language: "en", Policy: policy(w)},
		Team: scheduler.Team{Name: "Council"}, Renderer: fewWords{}, Mailbox: opened.Mailbox(), Calendar: opened.Calendar(), LeavesDrafts: w.drafts}
	if w.naive {
		a.Mailbox, a.Calendar = eachMinuteMail{opened.Mailbox()}, lookedAtWithMail{opened.Calendar()}
	}
	return a
}

// fourPeople are due at once.
func fourPeople() (list []scheduler.Person) {
	for i := range meetings {
		list = append(list, scheduler.Person{ID: scheduler.PersonID(names[i]), Name: names[i] + " Tran", Addresses: []string{address(i)},
			Zone: time.UTC, Language: "en", Every: 90, Mode: scheduler.InPerson})
	}
	return list
}

var names = [meetings]string{"Lee", "Ben", "Dana", "Omar"}

func address(i int) string { return strings.ToLower(names[i]) + "@example.net" }

func policy(w way) scheduler.Policy {
	var hours, send slots.Hours
	for wd := range hours {
		hours[wd], send[wd] = []slots.Span{{From: 9 * 60, To: 18 * 60}}, []slots.Span{{From: 8 * 60, To: 21 * 60}}
	}
	p := scheduler.Policy{Length: 45 * time.Minute, Hours: hours, SendHours: send, Notice: 2 * time.Hour, Buffer: 15 * time.Minute,
		MaxPerDay: meetings, MaxPerWeek: 10, Capacity: 10, Offers: 3, Near: 7 * 24 * time.Hour, Horizon: 21 * 24 * time.Hour, Hold: true, Place: "Cafe Luna",
		Nudges: 2, NudgeAfter: 72 * time.Hour, RestAfter: 28 * 24 * time.Hour, MailsPerWk: 10, MailsPerDay: 5, Approve: scheduler.ApproveNone,
		Reminder: 16 * 60, BriefEvening: true, DebriefAfter: 15 * time.Minute, DebriefNudge: 24 * time.Hour, DebriefAlarm: 72 * time.Hour,
		CheckBefore: 2, AskAfter: 1, DigestDay: time.Sunday, DigestAt: 18 * 60, StepsAs: "events"}
	if w.drafts {
		p.Approve = scheduler.ApproveDrafts
	}
	return p
}

// longPull answers a pull once there is a notice, or after some minutes, as Pub/Sub does.
type longPull struct{ g *googletest.Server }

func (l longPull) RoundTrip(req *http.Request) (*http.Response, error) {
	for waited := time.Duration(0); strings.HasSuffix(req.URL.Path, ":pull") && l.g.Notices("projects/p/subscriptions/m") == 0 && waited < 20*time.Minute; waited += 15 * time.Second {
		if !wait(req.Context(), 15*time.Second) {
			return nil, req.Context().Err()
		}
	}
	return l.g.Transport().RoundTrip(req)
}

// fewWords renders letters so that the days are counted fast; what they say costs nothing.
type fewWords struct{}

func (fewWords) Render(l scheduler.Letter) (scheduler.Rendered, error) {
	return scheduler.Rendered{Subject: string(l.Kind) + " " + string(l.Person.ID), Text: "words\n"}, nil
}
func (fewWords) Event(scheduler.Letter) (title, text, html string, err error) {
	return "Coffee", "words", "", nil
}

// eachMinuteMail looks each minute, whatever the mailbox knows.
type eachMinuteMail struct{ engine.Mailbox }

func (eachMinuteMail) Watch(ctx context.Context, changed func()) error {
	return eachMinute(ctx, changed)
}

// lookedAtWithMail is a calendar that is looked at whenever the mail is.
type lookedAtWithMail struct{ engine.Calendar }

func (lookedAtWithMail) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

func eachMinute(ctx context.Context, changed func()) error {
	for tick := time.NewTicker(time.Minute); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			changed()
		}
	}
}

// agree is the Tuesday: each of the four gets an offer, and names an hour of Wednesday; or of
// the Wednesday after it, so that nothing happens on this one.
func (d *day) agree(ctx context.Context, soon bool) {
	on := map[bool]string{true: "January 5", false: "January 12"}[soon]
	asked := [meetings]bool{}
	for wait(ctx, 20*time.Minute) {
		d.sendDrafts()
		for i := range meetings {
			if got := d.g.Outside(address(i)); len(got) > 0 && !asked[i] && time.Now().Day() == 4 {
				asked[i] = true
				d.answer(i, fmt.Sprintf("How about Wednesday, %s at %d:00?", on, 10+2*i))
			}
		}
		if time.Now().Day() > 4 {
			return
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// sendDrafts lets Maria send what lies among her drafts.
func (d *day) sendDrafts() {
	if !d.drafts {
		return
	}
	for _, m := range d.u.Mails("DRAFT") {
		d.u.SendDraft(m, "")
	}
}

// shared is chance that the day, the daemon and the clients take from at once.
type shared struct {
	mu  sync.Mutex
	src rand.Source
}

func (s *shared) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.src.Uint64()
}

// live is what happens on the Wednesday.
func (d *day) live(ctx context.Context, midnight time.Time) {
	at := func(from, to float64, do func()) {
		when := midnight.Add(time.Duration((from + (to-from)*d.r.Float64()) * float64(time.Hour)))
		d.group.Go(func() {
			if wait(ctx, time.Until(when)) {
				do()
			}
		})
	}
	for range arrivals - relevant {
		at(7, 23, func() {
			d.g.Receive(maria, []byte("From: shop@example.com\r\nTo: "+maria+"\r\nSubject: hello\r\n\r\nwords\r\n"))
		})
	}
	for i := range edits {
		at(7, 23, func() {
			when := midnight.Add(time.Duration(24+i) * time.Hour)
			d.u.Book("", "something of hers", when, when.Add(time.Hour))
		})
	}
	for i := range meetings {
		over := float64(10+2*i) + 1 // a quarter of an hour after the end she is asked
		at(over+0.2, over+1.5, func() { d.debrief(i) })
		for later := over + 2; later < over+4; later += 0.5 {
			at(later, later+0.4, d.sendDrafts)
		}
		if i < relevant-meetings {
			at(over+4.5, over+6, func() { d.answer(i, "Thanks a lot!") })
		}
	}
}

// debrief is Maria's answer to the mail that asks how it went.
func (d *day) debrief(i int) {
	for _, m := range d.u.Mails("INBOX") {
		if m.Subject() == "debrief "+names[i] {
			d.u.Reply(m, "It was a good talk.\nAsk: yes\n"+names[i]+": call two reporters by January 20\nme: send the plan by January 21\nAgain in 3 weeks")
			return
		}
	}
	d.t.Errorf("nobody asked how it was with %s", names[i])
}

// answer is a person's, to the latest mail that they got.
func (d *day) answer(i int, words string) {
	got := d.g.Outside(address(i))
	if len(got) == 0 {
		d.t.Errorf("%s has no mail to answer", names[i])
		return
	}
	m, err := mail.ReadMessage(bytes.NewReader(got[len(got)-1].Raw))
	if err != nil {
		d.t.Error(err)
		return
	}
	id := m.Header.Get("Message-Id")
	d.g.ReceiveFrom(address(i), maria, []byte("From: "+names[i]+" <"+address(i)+">\r\nTo: "+maria+"\r\nSubject: Re: "+m.Header.Get("Subject")+
		"\r\nMessage-ID: <"+fmt.Sprint(d.r.Uint64())+"@example.net>\r\nDate: "+time.Now().Format(time.RFC1123Z)+
		"\r\nIn-Reply-To: "+id+"\r\nReferences: "+id+"\r\n\r\n"+words+"\r\n"))
}
