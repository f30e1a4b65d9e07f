package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Account is one organizer with the ways to their mail and calendar.
type Account struct {
	Organizer scheduler.Organizer
	Team      scheduler.Team
	Campaign  scheduler.Campaign
	People    []scheduler.Person // in the order of the config
	Mailbox   Mailbox
	Calendar  Calendar
	Renderer  Renderer

	// InvitesByCalendar says that the calendar itself invites the guests of an event: the
	// letters go without calendar parts, and guests read the event's words.
	InvitesByCalendar bool

	// LeavesDrafts says that mails to people are only staged, as drafts: the organizer sends
	// them, and Find tells. Turned off, what still lies there is sent.
	LeavesDrafts bool
}

// late is how long a wake-up may be missed before sending is held: who closed a laptop
// for a night goes on, who comes back after days is asked first.
const late = 24 * time.Hour

// Engine runs organizers. Its methods may be called by several goroutines; what belongs to
// one organizer happens one after the other.
type Engine struct {
	// Salt is asked once for each new organizer for a text that nobody can guess, Jitter
	// for a number in [0, 1) that spreads tries. Simulations set both before Use.
	Salt   func() string
	Jitter func() float64
	// Calm is called once nothing has happened for a moment: it gives memory back to the
	// system. Simulations, in which moments are short, set it before Run.
	Calm func()

	store    Store
	composer Composer
	log      *slog.Logger

	life  sync.Mutex                         // starting and stopping loops; taken before mu
	start func(scheduler.OrganizerID, *desk) // starts a loop; nil while Run does not run

	mu       sync.Mutex
	desks    map[scheduler.OrganizerID]*desk
	accounts map[scheduler.OrganizerID]Account // of every desk, to be read without waiting for it
	shown    uint64                            // counts commits that other organizers of a team must see
}

// desk is one organizer at work.
type desk struct {
	mu      sync.Mutex
	account Account
	state   scheduler.State
	version int64
	wake    time.Time
	seen    uint64 // Engine.shown when it was loaded
	loaded  bool
	decided time.Time // the now of the latest decision; wake is as of then. Zero: since before it was loaded
	cursors map[string]string
	known   known
	last    time.Time                     // the latest commit
	stop    func()                        // ends the loop; nil while none runs
	nudge   func()                        // makes the loop look at once; nil while none runs
	drafts  int                           // how many mails wait among the drafts
	looked  time.Time                     // when all of them were looked for
	signed  bool                          // that access was withdrawn has been logged
	unshown map[scheduler.OneToOneID]bool // whose conversation's label is not as it should be
	snags   map[scheduler.Work]time.Time  // since when parts of the work fail

	// What this turn must see: something is due, or an earlier turn did not get to the end.
	pressing, mailUnread, calendarUnread bool
}

// New makes an engine without organizers. log must not be nil.
func New(store Store, composer Composer, log *slog.Logger) *Engine {
	return &Engine{Salt: rand.Text, Jitter: mathrand.Float64, Calm: giveBack, store: store, composer: composer, log: log, desks: map[scheduler.OrganizerID]*desk{}, accounts: map[scheduler.OrganizerID]Account{}}
}

// Use sets an organizer's account, or replaces it after the config was edited.
func (e *Engine) Use(a Account) {
	e.life.Lock()
	defer e.life.Unlock()
	e.mu.Lock()
	d := e.desks[a.Organizer.ID]
	if d == nil {
		d = &desk{}
		e.desks[a.Organizer.ID] = d
	}
	e.accounts[a.Organizer.ID] = a
	e.mu.Unlock()
	d.halt()
	d.mu.Lock()
	d.account, d.loaded = a, false
	d.mu.Unlock()
	if e.start != nil {
		e.start(a.Organizer.ID, d)
	}
}

// Drop takes an organizer out. What they have stored stays.
func (e *Engine) Drop(who scheduler.OrganizerID) {
	e.life.Lock()
	defer e.life.Unlock()
	e.mu.Lock()
	d := e.desks[who]
	delete(e.desks, who)
	delete(e.accounts, who)
	e.mu.Unlock()
	if d != nil {
		d.halt()
	}
}

// halt stops the organizer's loop and waits for it. Engine.life is held, Engine.mu is not:
// the loop may need it to end.
func (d *desk) halt() {
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
}

func (e *Engine) desk(who scheduler.OrganizerID) *desk {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.desks[who]
}

// with runs do while nobody else works at the organizer's desk, its memory loaded.
func (e *Engine) with(ctx context.Context, who scheduler.OrganizerID, do func(*desk) error) error {
	d := e.desk(who)
	if d == nil {
		return fmt.Errorf("there is no organizer %q", who)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := e.load(ctx, d); err != nil {
		return err
	}
	return do(d)
}

// load reads what the store knows, unless it is known already.
func (e *Engine) load(ctx context.Context, d *desk) error {
	e.mu.Lock()
	shown := e.shown
	e.mu.Unlock()
	if d.loaded && d.seen == shown {
		return nil
	}
	a := d.account
	m, err := e.store.Load(ctx, a.Team.Name, a.Organizer.ID, keysOf(a.People))
	if err != nil {
		return fmt.Errorf("read the memory of %s: %w", a.Organizer.ID, err)
	}
	if !d.loaded || d.version != m.Version { // else only what the team sees has changed
		d.known = known{}
	}
	d.state = stateOf(a, m)
	d.version, d.wake, d.last = m.Version, m.Wake, m.Committed
	d.cursors = maps.Clone(m.Cursors)
	if d.cursors == nil {
		d.cursors = map[string]string{}
	}
	d.loaded, d.seen, d.decided = true, shown, time.Time{}
	return nil
}

// State is a copy of what is known of an organizer now; its maps must not be changed.
func (e *Engine) State(ctx context.Context, who scheduler.OrganizerID) (s scheduler.State, err error) {
	err = e.with(ctx, who, func(d *desk) error { s = d.state; return nil })
	return s, err
}

// input is an event with what its commit must record besides the decision.
type input struct {
	event   scheduler.Event
	seen    string            // the inbound item that it is
	cursors map[string]string // how far sources are read with it
	settled *ledger.Settled   // the effect whose outcome it is
}

// decide takes one event through Decide and saves the outcome, whole or not at all.
func (e *Engine) decide(ctx context.Context, d *desk, in input, now time.Time) error {
	for try := 0; ; try++ {
		dec, err := e.ask(ctx, d, in.event, now)
		if err != nil {
			return err
		}
		if err := e.takeBackAll(ctx, d, dec.Forget, now); err != nil {
			return err
		}
		c, err := e.commit(ctx, d, dec, in, now)
		if err != nil {
			return err
		}
		if c == nil { // nothing happened: nothing is written
			d.decided = now
			return nil
		}
		version, err := e.store.Commit(ctx, *c)
		if errors.Is(err, ledger.ErrConflict) && try < 5 {
			d.loaded = false
			if err := e.load(ctx, d); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			d.loaded = false
			return fmt.Errorf("save a decision: %w", err)
		}
		dec.State.Busy = nil
		was := d.state
		d.state, d.version, d.wake, d.last, d.decided = dec.State, version, c.Wake, now, now
		maps.Copy(d.cursors, c.Cursors)
		d.known.after(*c)
		e.show(d, *c)
		e.mark(ctx, d, was, in, dec.OneToOnes)
		return nil
	}
}

// show makes the other organizers of the team look again after a claim, a release or a stop.
func (e *Engine) show(d *desk, c ledger.Commit) {
	if len(c.Claims)+len(c.Releases)+len(c.Bars)+len(c.Forget) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.desks) > 1 || len(c.Forget) > 0 {
		e.shown++
		if len(c.Forget) == 0 {
			d.seen = e.shown // it knows its own
		}
	}
}

// ask decides, looking at the calendars as far as the decision needs them.
func (e *Engine) ask(ctx context.Context, d *desk, ev scheduler.Event, now time.Time) (scheduler.Decision, error) {
	s := d.state
	for range 6 + len(s.People) { // each round may want one more person's times, or a later end
		dec := scheduler.Decide(s, ev, now)
		if dec.Needs == nil {
			return dec, nil
		}
		busy, err := e.busy(ctx, d, *dec.Needs)
		if err != nil {
			return dec, fmt.Errorf("look for free time: %w", err)
		}
		s.Busy = busy
	}
	return scheduler.Decision{}, errors.New("a decision wants to see ever more of the calendar")
}

func (e *Engine) busy(ctx context.Context, d *desk, q scheduler.BusyQuery) (*scheduler.BusyTimes, error) {
	own, err := d.account.Calendar.Busy(ctx, q.From, q.To)
	if err != nil {
		return nil, err
	}
	b := &scheduler.BusyTimes{From: q.From, To: q.To, Organizer: own, Person: map[scheduler.PersonID][]slotsBusy{}}
	for _, id := range q.People {
		b.Person[id] = nil // looked at, whether it can be seen or not
		p := d.state.People[id]
		if !p.Reachable() {
			continue
		}
		theirs, visible, err := d.account.Calendar.PersonBusy(ctx, p.Addresses[0], q.From, q.To)
		if err != nil {
			return nil, err
		}
		if visible {
			b.Person[id] = theirs
		}
	}
	return b, nil
}

// stateOf is an account with its memory.
func stateOf(a Account, m ledger.Memory) scheduler.State {
	s := Fresh(a)
	s.Standings, s.OneToOnes, s.Steps, s.Desk = m.Standings, m.OneToOnes, m.Steps, m.Desk
	s.Barred, s.Claimed = m.Barred, m.Claimed
	return s
}

// Fresh is the state of an organizer whom no store knows yet.
func Fresh(a Account) scheduler.State {
	s := scheduler.State{Organizer: a.Organizer, Team: a.Team, Campaign: a.Campaign, People: map[scheduler.PersonID]scheduler.Person{}}
	for _, p := range a.People {
		s.People[p.ID] = p
		s.Order = append(s.Order, p.ID)
	}
	return s
}
