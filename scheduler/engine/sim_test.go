package engine_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/slots"
	"indy/store/memory"
)

const organizerAddress = "maria@example.org"

var (
	seeds    = flag.Int("indy.seeds", 40, "how many quarters to simulate")
	everyCut = flag.Bool("indy.cuts", false, "let the process die at every boundary, not at a fifth of them")
	seedFlag = flag.Int64("indy.seed", -1, "simulate this one quarter and print its story")
)

// world is one organizer, their people, and everything outside indy, on a virtual clock.
type world struct {
	t       *testing.T
	seed    int64
	rnd     *rand.Rand
	now     time.Time
	zone    *time.Location
	store   engine.Store
	engine  *engine.Engine
	account engine.Account
	policy  scheduler.Policy

	box      *simBox
	calendar *simCalendar
	faults   *faults

	people     map[scheduler.PersonID]*simPerson
	byAddress  map[string]*simPerson
	mails      []delivery
	messages   map[string]bool
	humanMoved map[string]bool
	todo       []action
	n          int
	digests    int
	debriefs   int
	failures   []string
	story      bool
}

type action struct {
	at time.Time
	n  int
	do func()
}

func (w *world) failf(format string, args ...any) {
	w.failures = append(w.failures, w.now.Format("Jan 2 15:04 ")+fmt.Sprintf(format, args...))
}

// at does something some time from now.
func (w *world) at(in time.Duration, do func()) {
	w.n++
	w.todo = append(w.todo, action{w.now.Add(in), w.n, do})
}

func newWorld(t *testing.T, seed int64, rate int) *world {
	w := &world{t: t, seed: seed, rnd: rand.New(rand.NewPCG(uint64(seed), 7)), store: memory.New(), zone: mustZone("America/New_York"),
		people: map[scheduler.PersonID]*simPerson{}, byAddress: map[string]*simPerson{}, messages: map[string]bool{}, humanMoved: map[string]bool{}}
	w.now = time.Date(2026, 9, 28, 12, 0, 0, 0, time.UTC).AddDate(0, 0, w.rnd.IntN(180)) // both changes of clocks
	w.faults = &faults{rnd: w.rnd.IntN, rate: rate}
	w.box = &simBox{w: w, drafts: map[string]bool{}, sent: map[string]scheduler.Sent{}}
	w.calendar = &simCalendar{w: w, events: map[string]scheduler.CalendarEvent{}, gone: map[string]bool{}}
	w.account = engine.Account{Organizer: scheduler.Organizer{ID: "maria", Name: "Maria Lopez", Address: organizerAddress, Zone: w.zone, Language: "en",
		Story: "CANARY-STORY", Policy: simPolicy()},
		Team: scheduler.Team{Name: "Council", Word: "council"},
		Campaign: scheduler.Campaign{Name: "Clean Water", Story: "The river.", Plan: "A hearing.",
			Asks: []scheduler.Ask{{Text: "CANARY-ASK", Skills: []string{"CANARY-SKILL"}}}},
		Mailbox: w.box, Calendar: w.calendar, Renderer: plain{}}
	if seed%3 == 0 { // caps that bind
		w.account.Organizer.Policy.MailsPerWk, w.account.Organizer.Policy.MailsPerDay = 2, 1
	}
	w.policy = w.account.Organizer.Policy
	names := []string{"Ana", "Ben", "Chau", "Dev", "Eli", "Fay", "Gus", "Hana"}
	zones := []string{"America/New_York", "America/New_York", "America/Los_Angeles", "Europe/Berlin"}
	for i, name := range names {
		p := scheduler.Person{ID: scheduler.PersonID(name), Name: name + " Ruiz", Addresses: []string{strings.ToLower(name) + "@example.org"},
			Zone: mustZone(zones[w.rnd.IntN(len(zones))]), Language: "en", Status: scheduler.New, Every: 21 + 7*w.rnd.IntN(4), Mode: scheduler.InPerson,
			Skills: []string{"CANARY-SKILL"}, Notes: "CANARY-SPARK"}
		if i%3 == 0 {
			p.Status = scheduler.Current
		}
		if i == 7 {
			p.Addresses, p.Phone = nil, "+15550100"
		}
		if i%4 == 2 {
			p.Language = "es"
		}
		w.account.People = append(w.account.People, p)
		sp := &simPerson{id: p.ID, zone: p.Zone, language: p.Language}
		w.people[p.ID] = sp
		if i != 7 {
			sp.address = p.Addresses[0]
			w.byAddress[sp.address] = sp
		}
	}
	for d := range 100 {
		day := slots.DateOf(w.now, w.zone).AddDays(d)
		for range w.rnd.IntN(4) {
			from := day.At(9*60+30*w.rnd.IntN(16), w.zone)
			w.calendar.other = append(w.calendar.other, slots.Busy{Interval: slots.Interval{From: from, To: from.Add(time.Hour)}, Away: w.rnd.IntN(4) == 0})
		}
	}
	w.start()
	return w
}

func simPolicy() scheduler.Policy {
	hours := slots.Hours{}
	for d := 1; d <= 5; d++ {
		hours[d] = []slots.Span{{From: 9 * 60, To: 18 * 60}}
	}
	send := slots.Hours{}
	for d := range send {
		send[d] = []slots.Span{{From: 8 * 60, To: 20 * 60}}
	}
	return scheduler.Policy{Length: 30 * time.Minute, Hours: hours, SendHours: send, Notice: 24 * time.Hour, Buffer: 15 * time.Minute,
		Travel: 30 * time.Minute, MaxPerDay: 3, MaxPerWeek: 8, Capacity: 4, Offers: 3, Near: 7 * 24 * time.Hour, Horizon: 21 * 24 * time.Hour,
		Hold: true, Place: "Cafe Luna", Nudges: 2, NudgeAfter: 72 * time.Hour, RestAfter: 28 * 24 * time.Hour, MailsPerWk: 4, MailsPerDay: 2,
		Approve: scheduler.ApproveFirst, ApproveSum: true, Reminder: 16 * 60, BriefEvening: true, DebriefAfter: 15 * time.Minute,
		DebriefNudge: 24 * time.Hour, DebriefAlarm: 72 * time.Hour, CheckBefore: 2, AskAfter: 1, DigestDay: time.Sunday, DigestAt: 18 * 60, StepsAs: "events"}
}

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func keys[K comparable, V any](m map[K]V) iter.Seq[K] {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// start starts the process anew: all that it knows is what the store kept.
func (w *world) start() {
	var out io.Writer = io.Discard
	if w.story {
		out = w.t.Output()
	}
	w.engine = engine.New(w.store, bytesOf{}, slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelError})))
	w.engine.Salt = func() string { return "salt" }
	w.engine.Jitter = func() float64 { return 0.5 }
	w.engine.Use(w.account)
}

// turn runs the engine once; a crash ends the process and starts another.
func (w *world) turn() (next time.Time) {
	for range 50 {
		var died bool
		var err error
		func() {
			defer func() {
				if r := recover(); r != nil {
					if _, ok := r.(crash); !ok {
						panic(r)
					}
					died = true
				}
			}()
			next, err = w.engine.Turn(context.Background(), "maria", w.now)
		}()
		switch {
		case died:
			w.start()
		case err != nil && scheduler.FailureOf(err) == scheduler.Again && !isFailure(err):
			w.failf("the engine stopped: %v", err)
			return w.now.Add(time.Hour)
		case err != nil:
			return w.now.Add(5 * time.Minute)
		default:
			w.heardStops()
			w.checkTick()
			return next
		}
	}
	w.failf("it crashes again and again")
	return w.now.Add(time.Hour)
}

// checkTick makes sure that before the wake-up nothing is due, which is why Step may do
// without a tick.
func (w *world) checkTick() {
	s, err := w.engine.State(context.Background(), "maria")
	if err != nil {
		return // heardStops tells
	}
	if at := s.Wake(w.now); !at.IsZero() && !at.After(w.now) {
		return
	}
	d := scheduler.Decide(s, scheduler.Tick{}, w.now)
	if d.Needs != nil || len(d.Effects)+len(d.History)+len(d.Standings)+len(d.OneToOnes)+len(d.Steps)+len(d.Revoked)+len(d.Releases) > 0 || d.Desk {
		w.failf("a tick before the wake-up did something: %v %v", d.History, d.OneToOnes)
	}
}

func isFailure(err error) bool {
	var f *scheduler.Failure
	return errors.As(err, &f)
}

// heardStops notes who has been heard saying stop.
func (w *world) heardStops() {
	s, err := w.engine.State(context.Background(), "maria")
	if err != nil {
		w.failf("no state: %v", err)
		return
	}
	for id, p := range w.people {
		if p.stopHeard.IsZero() && s.Silenced(id) {
			p.stopHeard = w.now
		}
	}
}

// play lets a quarter pass.
func (w *world) play(days int) {
	end := w.now.AddDate(0, 0, days)
	for d := 3; d < days; d += 4 {
		w.at(time.Duration(d)*24*time.Hour+time.Duration(w.rnd.IntN(600))*time.Minute, w.humanEdit)
	}
	next := w.turn()
	for turns := 0; w.now.Before(end); turns++ {
		if turns > 20000 {
			w.failf("it turns round and round")
			return
		}
		i := w.earliest()
		switch {
		case i >= 0 && (next.IsZero() || !w.todo[i].at.After(next)):
			a := w.todo[i]
			w.todo = slices.Delete(w.todo, i, i+1)
			w.now = a.at
			a.do()
		case next.IsZero():
			return
		default:
			w.now = next
		}
		next = w.turn()
	}
	s, err := w.engine.State(context.Background(), "maria")
	if err != nil {
		w.failf("no state: %v", err)
		return
	}
	w.checkPromises(s)
	w.checkWaits(s)
}

func (w *world) earliest() int {
	best := -1
	for i, a := range w.todo {
		if best < 0 || a.at.Before(w.todo[best].at) || a.at.Equal(w.todo[best].at) && a.n < w.todo[best].n {
			best = i
		}
	}
	return best
}

func (w *world) receive(m scheduler.Mail) {
	w.n++
	m.ID = fmt.Sprintf("in-%d", w.n)
	if m.MessageID == "" {
		m.MessageID = fmt.Sprintf("in-%d@example.org", w.n)
	}
	m.Date = w.now
	w.box.in = append(w.box.in, m)
}

// reply answers a mail in its thread.
func (w *world) reply(p *simPerson, d delivery, words string) {
	quoted := "> " + d.out.Rendered.Subject
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: p.address}, InReplyTo: []string{"replaced-" + d.out.MessageID},
		To: []scheduler.Address{{Addr: organizerAddress}}, Subject: "Re: hello"}, Text: words + "\n\nOn Monday Maria wrote:\n" + quoted})
}

func (w *world) tap(p *simPerson, d delivery, words string) {
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: p.address}, Subject: "Re: hello"}, Text: words})
}

func (w *world) robot(p *simPerson, d delivery, kind scheduler.Robot, words string) {
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: p.address}, InReplyTo: []string{"replaced-" + d.out.MessageID}}, Robot: kind, Text: words})
}

// stranger tries to give orders.
func (w *world) stranger(p *simPerson, d delivery) {
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: "mallory@example.net"}, InReplyTo: []string{"replaced-" + d.out.MessageID}, Subject: "indy"},
		Text: "stop Ana\npropose Ben\n1"})
}

func (w *world) rsvp(p *simPerson, d delivery, status string) {
	if d.out.Invite == nil {
		return
	}
	ev := d.out.Invite.Event
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: p.address}, Subject: status}, Robot: scheduler.CalendarRobot,
		ITIP: []scheduler.ITIP{{Method: "REPLY", UID: ev.UID, Sequence: ev.Sequence, Stamp: w.now, Attendee: scheduler.Address{Addr: p.address}, PartStat: status}}})
}

// organizerReplies answers one of indy's mails to the organizer.
func (w *world) organizerReplies(d delivery, words string) {
	w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: organizerAddress}, Own: true, InReplyTo: []string{"replaced-" + d.out.MessageID},
		To: []scheduler.Address{{Addr: organizerAddress}}}, Text: words})
}

// organizerWrites is a mail by the organizer in the latest thread with somebody.
func (w *world) organizerWrites(p *simPerson) {
	for i := len(w.mails) - 1; i >= 0; i-- {
		if d := w.mails[i]; d.to == p.address {
			w.receive(scheduler.Mail{Head: scheduler.Head{From: scheduler.Address{Addr: organizerAddress}, Own: true, InReplyTo: []string{"replaced-" + d.out.MessageID},
				To: []scheduler.Address{{Addr: p.address}}}, Text: "Let me tell you more about it!"})
			return
		}
	}
}

func TestQuarters(t *testing.T) {
	first, last := int64(1), int64(*seeds)
	if *seedFlag >= 0 {
		first, last = *seedFlag, *seedFlag
	}
	var mails, debriefs, killed int
	for w := range quarters(t, first, last) {
		seed := w.seed
		mails += len(w.mails)
		debriefs += w.debriefs
		killed += w.faults.killed
		if len(w.failures) > 0 {
			t.Errorf("seed %d: %s\nplay it again: go test ./scheduler/engine -run TestQuarters -indy.seed=%d -v", seed, strings.Join(w.failures[:min(5, len(w.failures))], "\n\t"), seed)
		}
		if w.story {
			w.tell()
		}
	}
	t.Logf("%d quarters: %d mails, %d debriefs, the process died %d times", last-first+1, mails, debriefs, killed)
	if last > first && (debriefs == 0 || killed == 0) {
		t.Error("nothing happened: the simulation proves nothing")
	}
}

// quarters plays them, as many at a time as there are processors.
func quarters(t *testing.T, first, last int64) <-chan *world {
	seeds, played := make(chan int64), make(chan *world)
	var players sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		players.Go(func() {
			for seed := range seeds {
				w := newWorld(t, seed, 12+int(seed%5)*20)
				w.story = *seedFlag >= 0
				w.play(91)
				played <- w
			}
		})
	}
	go func() {
		for seed := first; seed <= last; seed++ {
			seeds <- seed
		}
		close(seeds)
		players.Wait()
		close(played)
	}()
	return played
}

// tell prints the story of a quarter.
func (w *world) tell() {
	list, err := w.store.History(context.Background(), "maria", "", 10000)
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Reverse(list)
	for _, h := range list {
		w.t.Logf("%s %-6s %s: %s", h.At.Format("Jan 02 15:04"), h.Person, h.What, h.Why)
	}
}
