// Package memory is a store that lives and dies with the process, for rehearsals and
// simulations: the same answers as the one on disk, in microseconds.
//
// It keeps nothing (Snapshot and Restore let a simulation do that), hides no addresses
// behind hashes, and shares no memory with whoever gives it something or asks.
package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Store is a store in memory. New makes one.
type Store struct {
	mu     sync.Mutex
	closed bool
	now    state
}

// state is all of it. Documents in it are never changed, only replaced, so that a copy of
// its maps is a copy of everything.
type state struct {
	organizers map[scheduler.OrganizerID]*organizer
	claims     map[key]claim
	bars       map[key]bool
}

type key struct{ team, person string }

type claim struct {
	organizer scheduler.OrganizerID
	name      string
}

type organizer struct {
	version   int64
	wake, at  time.Time
	desk      scheduler.Desk
	standings map[scheduler.PersonID]scheduler.Standing
	oneToOnes map[scheduler.OneToOneID]round
	steps     map[string]scheduler.NextStep
	cursors   map[string]string
	history   []scheduler.Entry // append only, but for Forget
	effects   map[string]record
	open      []string // keys of effects to be delivered, in order
	threads   map[string]string
	seen      map[string]bool
}

type round struct {
	scheduler.OneToOne
	closed, past bool
}

type record struct {
	ledger.Entry
	settled time.Time // when it left the outbox
	sent    scheduler.Sent
}

// ErrClosed is what a closed store answers.
var ErrClosed = errors.New("the store is closed")

// New is an empty store.
func New() *Store {
	return &Store{now: state{
		organizers: map[scheduler.OrganizerID]*organizer{},
		claims:     map[key]claim{},
		bars:       map[key]bool{},
	}}
}

// Snapshot is everything that was committed by some moment.
type Snapshot struct{ state }

// Snapshot is what would be found after a crash now. It can be restored any number of times.
func (s *Store) Snapshot() *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Snapshot{s.now.copy()}
}

// Restore makes the store what it was at the snapshot, and open.
func (s *Store) Restore(to *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.closed = to.state.copy(), false
}

func (st state) copy() state {
	c := state{make(map[scheduler.OrganizerID]*organizer, len(st.organizers)), maps.Clone(st.claims), maps.Clone(st.bars)}
	for id, o := range st.organizers {
		n := *o
		n.standings, n.oneToOnes, n.steps = maps.Clone(o.standings), maps.Clone(o.oneToOnes), maps.Clone(o.steps)
		n.cursors, n.effects, n.threads, n.seen = maps.Clone(o.cursors), maps.Clone(o.effects), maps.Clone(o.threads), maps.Clone(o.seen)
		n.history, n.open = slices.Clip(o.history), slices.Clone(o.open)
		c.organizers[id] = &n
	}
	return c
}

// Close makes every further use an error.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// enter locks the store for one method; leave it by unlocking mu.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	return nil
}

// Load is as the engine's port says.
func (s *Store) Load(ctx context.Context, team string, who scheduler.OrganizerID, people []ledger.PersonKeys) (ledger.Memory, error) {
	if err := s.enter(ctx); err != nil {
		return ledger.Memory{}, fmt.Errorf("load %s's memory: %w", who, err)
	}
	defer s.mu.Unlock()
	m := ledger.Memory{
		Standings: map[scheduler.PersonID]scheduler.Standing{},
		OneToOnes: map[scheduler.OneToOneID]scheduler.OneToOne{},
		Steps:     map[string]scheduler.NextStep{},
		Barred:    map[scheduler.PersonID]bool{},
		Claimed:   map[scheduler.PersonID]string{},
		Cursors:   map[string]string{},
	}
	if o := s.now.organizers[who]; o != nil {
		o.remember(&m)
	}
	for _, p := range people {
		for _, name := range p.Keys {
			k := key{team, name}
			if c, held := s.now.claims[k]; held && c.organizer != who {
				m.Claimed[p.Person] = c.name
			}
			if s.now.bars[k] {
				m.Barred[p.Person] = true
			}
		}
	}
	return m, nil
}

func (o *organizer) remember(m *ledger.Memory) {
	m.Version, m.Wake, m.Committed, m.Desk = o.version, o.wake, o.at, clone(o.desk)
	maps.Copy(m.Cursors, o.cursors)
	for id, st := range o.standings {
		m.Standings[id] = clone(st)
	}
	for id, r := range o.oneToOnes {
		if !r.past {
			m.OneToOnes[id] = clone(r.OneToOne)
		}
	}
	for id, st := range o.steps {
		if st.Settled.IsZero() || st.Settled.After(o.at.Add(-ledger.SettledFor)) {
			m.Steps[id] = clone(st)
		}
	}
}

// Seen is as the engine's port says.
func (s *Store) Seen(ctx context.Context, who scheduler.OrganizerID, ids []string) (map[string]bool, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("look up what was seen: %w", err)
	}
	defer s.mu.Unlock()
	seen := make(map[string]bool, len(ids))
	if o := s.now.organizers[who]; o != nil {
		for _, id := range ids {
			if o.seen[id] {
				seen[id] = true
			}
		}
	}
	return seen, nil
}

// Thread is as the engine's port says.
func (s *Store) Thread(ctx context.Context, who scheduler.OrganizerID, names []string) (*ledger.Thread, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("look up a thread: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return nil, nil
	}
	for _, name := range names {
		if k, known := o.threads[name]; known {
			r := o.effects[k]
			return &ledger.Thread{Ref: clone(r.Answers), MessageID: cmp.Or(r.sent.MessageID, r.MessageID),
				Provider: cmp.Or(r.sent.Thread, r.Thread), Subject: r.Subject, Key: k, Name: name}, nil
		}
	}
	return nil, nil
}

// Wake is as the engine's port says.
func (s *Store) Wake(ctx context.Context, who scheduler.OrganizerID) (time.Time, error) {
	if err := s.enter(ctx); err != nil {
		return time.Time{}, fmt.Errorf("look up the wake-up: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return time.Time{}, nil
	}
	first := o.wake
	var lanes ledger.Lanes
	for _, k := range o.open {
		r := o.effects[k]
		at, free := lanes.Turn(r.Lane, r.State, r.Tries, r.Next)
		if at.IsZero() {
			at = time.UnixMilli(1).UTC()
		}
		if free && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, nil
}

// History is as the engine's port says.
func (s *Store) History(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, limit int) ([]scheduler.Entry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return nil, nil
	}
	var list []scheduler.Entry
	for _, e := range slices.Backward(o.history) {
		if len(list) == limit {
			break
		}
		if person == "" || e.Person == person {
			list = append(list, e)
		}
	}
	return list, nil
}
