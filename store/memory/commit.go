package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Commit is as the engine's port says.
func (s *Store) Commit(ctx context.Context, c ledger.Commit) (version int64, err error) {
	var state ledger.EntryState
	if c.Settled != nil {
		var known bool
		if state, known = ledger.StateOf(c.Settled.Outcome); !known {
			return 0, fmt.Errorf("save a decision: settle an effect: no such outcome: %q", c.Settled.Outcome)
		}
	}
	if err := s.enter(ctx); err != nil {
		return 0, fmt.Errorf("save a decision: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[c.Organizer]
	if o == nil && c.Version != 0 || o != nil && o.version != c.Version || !s.mayClaim(c) {
		return 0, ledger.ErrConflict
	}
	if o == nil {
		o = newOrganizer()
		s.now.organizers[c.Organizer] = o
	}
	o.version, o.wake, o.at = o.version+1, instant(c.Wake), instant(c.At)
	for _, p := range c.Forget {
		o.forget(p.Person)
	}
	if c.Settled != nil {
		o.settle(*c.Settled, state, o.at)
	}
	o.keep(c)
	s.persons(c)
	return o.version, nil
}

func newOrganizer() *organizer {
	return &organizer{
		standings: map[scheduler.PersonID]scheduler.Standing{},
		oneToOnes: map[scheduler.OneToOneID]round{},
		steps:     map[string]scheduler.NextStep{},
		cursors:   map[string]string{},
		effects:   map[string]record{},
		threads:   map[string]string{},
		seen:      map[string]bool{},
	}
}

// instant is what a database keeps of one: milliseconds, in UTC.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

func (s *Store) mayClaim(c ledger.Commit) bool {
	for _, p := range c.Claims {
		for _, name := range p.Keys {
			if held, any := s.now.claims[key{c.Team, name}]; any && held.organizer != c.Organizer {
				return false
			}
		}
	}
	return true
}

// keep takes in what the decision changes of the organizer's own.
func (o *organizer) keep(c ledger.Commit) {
	for _, st := range c.Standings {
		o.standings[st.Person] = clone(st)
	}
	for _, m := range c.OneToOnes {
		o.keepRound(clone(m))
	}
	for _, st := range c.Steps {
		o.steps[st.ID] = clone(st)
	}
	if c.Desk != nil {
		o.desk = clone(*c.Desk)
	}
	for _, e := range c.History {
		o.history = append(o.history, clone(e))
	}
	for _, k := range c.Revoked {
		if r, known := o.effects[k]; known && r.State == ledger.Planned {
			r.State, r.settled = ledger.Revoked, o.at
			o.close(k, r)
		}
	}
	for _, k := range c.Withdrawn {
		if r, known := o.effects[k]; known && (r.State == ledger.Planned || r.State == ledger.Sending) {
			r.State, r.Tries, r.Next = ledger.Withdrawing, 0, instant(c.At)
			o.effects[k] = r
		}
	}
	for _, e := range c.Effects {
		o.plan(clone(e))
	}
	for _, id := range c.Seen {
		o.seen[id] = true
	}
	for source, cursor := range c.Cursors {
		o.cursors[source] = cursor
	}
}

func (o *organizer) keepRound(m scheduler.OneToOne) {
	closed := !m.Closed.IsZero() || m.Stage == scheduler.Closed
	o.oneToOnes[m.ID] = round{OneToOne: m, closed: closed, past: o.oneToOnes[m.ID].past}
	if !closed {
		return
	}
	for id, r := range o.oneToOnes {
		if r.Person == m.Person && r.closed && r.Round < m.Round {
			r.past = true
			o.oneToOnes[id] = r
		}
	}
}

func (o *organizer) plan(e ledger.Entry) {
	if _, known := o.effects[e.Key]; known {
		return
	}
	e.State, e.Next = cmp.Or(e.State, ledger.Planned), instant(e.Next)
	r := record{Entry: e}
	if e.State.Open() {
		o.open = append(o.open, e.Key)
	} else {
		r.settled = o.at
	}
	o.effects[e.Key] = r
	for _, name := range []string{e.MessageID, e.Token} {
		if name != "" {
			o.threads[name] = e.Key
		}
	}
}

// close takes an effect out of the outbox.
func (o *organizer) close(k string, r record) {
	o.effects[k] = r
	o.open = slices.DeleteFunc(o.open, func(open string) bool { return open == k })
}

func (o *organizer) settle(done ledger.Settled, state ledger.EntryState, at time.Time) {
	r, known := o.effects[done.Key]
	if !known || !r.State.Open() && r.State != ledger.Unknown {
		return
	}
	r.State, r.settled, r.Cause, r.sent = state, at, done.Cause, done.Sent
	if r.Kind == scheduler.MailForgotten {
		o.unthread(func(k string) bool { return k == done.Key })
		r.Entry = ledger.Entry{Key: r.Key, State: r.State, Kind: r.Kind, Person: r.Person}
		r.sent = scheduler.Sent{}
		o.close(done.Key, r)
		return
	}
	o.close(done.Key, r)
	for _, name := range []string{done.Sent.MessageID, done.Sent.Thread} {
		if name != "" {
			o.threads[name] = done.Key
		}
	}
}

func (o *organizer) unthread(which func(key string) bool) {
	for name, k := range o.threads {
		if which(k) {
			delete(o.threads, name)
		}
	}
}

func (o *organizer) forget(p scheduler.PersonID) {
	delete(o.standings, p)
	for id, r := range o.oneToOnes {
		if r.Person == p {
			delete(o.oneToOnes, id)
		}
	}
	for id, st := range o.steps {
		if st.Person == p {
			delete(o.steps, id)
		}
	}
	var rest []scheduler.Entry // a new slice: snapshots share the old one
	for _, e := range o.history {
		if e.Person != p {
			rest = append(rest, e)
		}
	}
	o.history = rest
	theirs := func(k string) bool { return o.effects[k].Person == p }
	o.unthread(theirs)
	o.open = slices.DeleteFunc(o.open, theirs)
	for k, r := range o.effects {
		switch {
		case r.Person == p:
			delete(o.effects, k)
		case r.Person == "" && !r.settled.IsZero(): // a digest may name them
			r.Raw = nil
			o.effects[k] = r
		}
	}
}

// persons takes in what the decision changes for the whole team.
func (s *Store) persons(c ledger.Commit) {
	for _, p := range slices.Concat(c.Releases, c.Forget) {
		for _, name := range p.Keys {
			if k := (key{c.Team, name}); s.now.claims[k].organizer == c.Organizer {
				delete(s.now.claims, k)
			}
		}
	}
	for _, p := range c.Claims {
		for _, name := range p.Keys {
			s.now.claims[key{c.Team, name}] = claim{c.Organizer, c.ClaimName}
		}
	}
	for _, p := range slices.Concat(c.Bars, c.Forget) {
		for _, name := range p.Keys {
			s.now.bars[key{c.Team, name}] = true
		}
	}
}
