package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Load reads an organizer's memory as of one moment: open rounds and each person's last
// closed one, open steps and those settled of late. A new organizer's is empty, with
// Version 0. people are looked up among the team's claims and bars.
func (s *Store) Load(ctx context.Context, team string, who scheduler.OrganizerID, people []ledger.PersonKeys) (ledger.Memory, error) {
	m := ledger.Memory{
		Standings: map[scheduler.PersonID]scheduler.Standing{},
		OneToOnes: map[scheduler.OneToOneID]scheduler.OneToOne{},
		Steps:     map[string]scheduler.NextStep{},
		Barred:    map[scheduler.PersonID]bool{},
		Claimed:   map[scheduler.PersonID]string{},
		Cursors:   map[string]string{},
	}
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		if err := r.organizer(text(string(who)), &m); err != nil {
			return err
		}
		return r.persons(s, team, text(string(who)), people, &m)
	})
	if err != nil {
		return ledger.Memory{}, fmt.Errorf("load %s's memory: %w", who, err)
	}
	return m, nil
}

func (r *reader) organizer(who string, m *ledger.Memory) error {
	var wake, committed int64
	var desk, cursors string
	found, err := r.row(loadOrganizer, []any{who}, &m.Version, &wake, &committed, &desk, &cursors)
	if err != nil || !found {
		return err
	}
	m.Wake, m.Committed = instant(wake), instant(committed)
	if desk != "" {
		if err := json.Unmarshal([]byte(desk), &m.Desk); err != nil {
			return fmt.Errorf("read the desk: %w", err)
		}
	}
	if err := json.Unmarshal([]byte(cursors), &m.Cursors); err != nil {
		return fmt.Errorf("read the cursors: %w", err)
	}
	err = docs(r, loadStandings, []any{who}, func(st scheduler.Standing) { m.Standings[st.Person] = st })
	if err != nil {
		return err
	}
	err = docs(r, loadOneToOnes, []any{who}, func(o scheduler.OneToOne) { m.OneToOnes[o.ID] = o })
	if err != nil {
		return err
	}
	return docs(r, loadSteps, []any{who, max(committed-ledger.SettledFor.Milliseconds(), 0)},
		func(st scheduler.NextStep) { m.Steps[st.ID] = st })
}

func (r *reader) persons(s *Store, team, who string, people []ledger.PersonKeys, m *ledger.Memory) error {
	whose := make(map[string][]scheduler.PersonID, len(people))
	var hashes []string
	for _, p := range people {
		for _, hash := range s.hashes(team, p.Keys) {
			if whose[hash] == nil {
				hashes = append(hashes, hash)
			}
			whose[hash] = append(whose[hash], p.Person)
		}
	}
	var hash, name string
	err := r.in(loadClaims, []any{text(team), who}, hashes, []any{&hash, &name}, func() {
		for _, p := range whose[hash] {
			m.Claimed[p] = name
		}
	})
	if err != nil {
		return err
	}
	return r.in(loadBars, []any{text(team)}, hashes, []any{&hash}, func() {
		for _, p := range whose[hash] {
			m.Barred[p] = true
		}
	})
}

// Seen says which of these inbound items were already handled.
func (s *Store) Seen(ctx context.Context, who scheduler.OrganizerID, ids []string) (map[string]bool, error) {
	seen := make(map[string]bool, len(ids))
	stored := make(map[string][]string, len(ids))
	var names []string
	for _, id := range ids {
		name := text(id)
		if stored[name] == nil {
			names = append(names, name)
		}
		stored[name] = append(stored[name], id)
	}
	if s.waiting.touched(text(string(who)), mapped(names, seenName)...) {
		if err := s.fileFirst(ctx, text(string(who))); err != nil {
			return nil, fmt.Errorf("look up what was seen: %w", err)
		}
	}
	err := s.glancing(ctx, func(r *reader) error {
		var name string
		return r.in(loadSeen, []any{text(string(who))}, names, []any{&name}, func() {
			for _, id := range stored[name] {
				seen[id] = true
			}
		})
	})
	if err != nil {
		return nil, fmt.Errorf("look up what was seen: %w", err)
	}
	return seen, nil
}

// seenName is what decision.touches calls an inbound item.
func seenName(id string) string { return "seen:" + id }

func mapped(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// Thread is what the first known of these names stands for: Message-IDs, tokens, or the
// provider's names of threads. It is nil when none is known.
func (s *Store) Thread(ctx context.Context, who scheduler.OrganizerID, names []string) (*ledger.Thread, error) {
	stored := mapped(names, text)
	file := s.waiting.touched(text(string(who)), stored...)
	for {
		if file {
			if err := s.fileFirst(ctx, text(string(who))); err != nil {
				return nil, fmt.Errorf("look up a thread: %w", err)
			}
		}
		found, err := s.thread(ctx, text(string(who)), names, stored)
		if err != nil {
			return nil, fmt.Errorf("look up a thread: %w", err)
		}
		if file || found == nil || !s.waiting.touched(text(string(who)), found.Key) {
			return found, nil
		}
		file = true // its mail has gone meanwhile
	}
}

func (s *Store) thread(ctx context.Context, who string, names, stored []string) (found *ledger.Thread, err error) {
	var asked []string // each once, and none that is empty
	for _, name := range stored {
		if name != "" && !slices.Contains(asked, name) {
			asked = append(asked, name)
		}
	}
	best := len(names)
	var row struct{ name, key, outcome, doc string }
	first := row
	err = s.glancing(ctx, func(r *reader) error {
		return r.in(selectThreads, []any{who}, asked, []any{&row.name, &row.key, &row.outcome, &row.doc}, func() {
			if at := slices.Index(stored, row.name); at >= 0 && at < best {
				best, first = at, row
			}
		})
	})
	if err != nil || best == len(names) {
		return nil, err
	}
	return thread(names[best], first.key, first.outcome, first.doc)
}

func thread(name, key, outcome, doc string) (*ledger.Thread, error) {
	var e effect
	var r result
	if err := json.Unmarshal([]byte(doc), &e); err != nil {
		return nil, err
	}
	if outcome != "" {
		if err := json.Unmarshal([]byte(outcome), &r); err != nil {
			return nil, err
		}
	}
	return &ledger.Thread{Ref: e.Answers, MessageID: cmp.Or(r.MessageID, e.MessageID), Provider: cmp.Or(r.Thread, e.Thread),
		Subject: e.Subject, Key: key, Name: name}, nil
}

// Wake is when the organizer is next to be stepped: their own wake-up or the next effect
// that can be delivered, whichever is earlier; zero for nothing to wait for. An effect
// under way counts as due.
func (s *Store) Wake(ctx context.Context, who scheduler.OrganizerID) (time.Time, error) {
	var first int64
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		if _, err := r.row(selectWake, []any{text(string(who))}, &first); err != nil {
			return err
		}
		var p pending
		var lanes ledger.Lanes
		return r.each(selectPending, []any{text(string(who))}, []any{&p.key, &p.lane, &p.state, &p.tries, &p.next}, func() error {
			if at, free := p.turn(&lanes); free && (first == 0 || at < first) {
				first = max(at, 1)
			}
			return nil
		})
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("look up the wake-up: %w", err)
	}
	return instant(first), nil
}

// History is what happened, the latest first; of everybody when person is "".
func (s *Store) History(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, limit int) ([]scheduler.Entry, error) {
	var list []scheduler.Entry
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		keep := func(e scheduler.Entry) { list = append(list, e) }
		if person == "" {
			return docs(r, selectHistory, []any{text(string(who)), limit}, keep)
		}
		return docs(r, selectPersons, []any{text(string(who)), text(string(person)), limit}, keep)
	})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return list, nil
}

// reader reads on a connection of its own.
type reader struct {
	*session
	ctx context.Context
}

// reading reads of one organizer, all as of one moment after what they have decided.
func (s *Store) reading(ctx context.Context, who string, read func(*reader) error) error {
	if err := s.fileFirst(ctx, who); err != nil {
		return err
	}
	return s.glancing(ctx, func(r *reader) error {
		if err := r.begin(ctx, s.dialect.read); err != nil {
			return err
		}
		err := read(r)
		r.rollback() // there is nothing to keep
		return err
	})
}

// glancing reads what is filed. Each of its statements is of a moment of its own.
func (s *Store) glancing(ctx context.Context, read func(*reader) error) error {
	var free *session
	select {
	case free = <-s.sessions:
	case <-ctx.Done():
		return ctx.Err()
	}
	if free == nil {
		return ErrClosed
	}
	defer func() { s.sessions <- free }()
	err := free.connect(ctx)
	if err == nil {
		err = read(&reader{free, ctx})
	}
	if err != nil {
		free.disconnect() // it may be why
	}
	return err
}

func (r *reader) row(q query, args []any, into ...any) (found bool, err error) {
	return r.session.row(r.ctx, q, args, into...)
}

func (r *reader) each(q query, args, into []any, do func() error) error {
	return r.session.each(r.ctx, q, args, into, do)
}

// in runs a query that ends in an IN list over all names, chunk by chunk. A list is filled
// up by repeating its last name, so a name may be answered only once.
func (r *reader) in(q query, first []any, names []string, into []any, do func()) error {
	for part := range slices.Chunk(names, chunk) {
		size := sizeFor(len(part))
		args := make([]any, len(first)+size)
		copy(args, first)
		for i := range size {
			args[len(first)+i] = part[min(i, len(part)-1)]
		}
		err := r.each(q.in(len(first)+1, size), args, into, func() error { do(); return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// docs reads the one column of q as documents.
func docs[T any](r *reader, q query, args []any, keep func(T)) error {
	var raw sql.RawBytes
	return r.each(q, args, []any{&raw}, func() error {
		var doc T
		if err := json.Unmarshal(raw, &doc); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		keep(doc)
		return nil
	})
}
