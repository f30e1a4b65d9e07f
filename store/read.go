package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

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
	err := r.in(claimsIn, []any{text(team), who}, hashes, []any{&hash, &name}, func() {
		for _, p := range whose[hash] {
			m.Claimed[p] = name
		}
	})
	if err != nil {
		return err
	}
	return r.in(barsIn, []any{text(team)}, hashes, []any{&hash}, func() {
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
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		var name string
		return r.in(seenIn, []any{text(string(who))}, names, []any{&name}, func() {
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

// Thread is what the first known of these names stands for: Message-IDs, tokens, or the
// provider's names of threads. It is nil when none is known.
func (s *Store) Thread(ctx context.Context, who scheduler.OrganizerID, names []string) (*ledger.Thread, error) {
	var found *ledger.Thread
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		for _, name := range names {
			if name == "" {
				continue
			}
			var key, outcome, doc string
			ok, err := r.row(selectThread, []any{text(string(who)), text(name)}, &key, &outcome, &doc)
			if err != nil {
				return err
			}
			if ok {
				found, err = thread(name, key, outcome, doc)
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up a thread: %w", err)
	}
	return found, nil
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

// Wakes is when each organizer is next to be stepped, the earliest first: their own wake-up
// or the next effect that can be delivered, whichever is earlier. An effect under way
// counts as due. Organizers with nothing to wait for are left out.
func (s *Store) Wakes(ctx context.Context) ([]ledger.Wake, error) {
	var wakes []ledger.Wake
	err := s.reading(ctx, "", func(r *reader) error {
		earliest := map[string]int64{}
		var who string
		var at int64
		err := r.each(selectWakes, nil, []any{&who, &at}, func() error {
			if at != 0 {
				earliest[who] = at
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := r.deliverable(earliest); err != nil {
			return err
		}
		for who, at := range earliest {
			wakes = append(wakes, ledger.Wake{Organizer: scheduler.OrganizerID(who), At: instant(at)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up wake-ups: %w", err)
	}
	slices.SortFunc(wakes, func(a, b ledger.Wake) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Organizer, b.Organizer))
	})
	return wakes, nil
}

// deliverable lowers each organizer's instant to that of their next deliverable effect.
func (r *reader) deliverable(earliest map[string]int64) error {
	var p pending
	var who, current string
	var lanes ledger.Lanes
	return r.each(selectAllPending, nil, []any{&who, &p.lane, &p.state, &p.tries, &p.next}, func() error {
		if who != current {
			current, lanes = who, ledger.Lanes{}
		}
		if at, free := p.turn(&lanes); free {
			if old, known := earliest[who]; !known || at < old {
				earliest[who] = max(at, 1)
			}
		}
		return nil
	})
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

// reader reads within one transaction, so that all it reads is of one moment.
type reader struct {
	*session
	ctx context.Context
}

// reading reads of one organizer, or of all for "".
func (s *Store) reading(ctx context.Context, who string, read func(*reader) error) error {
	if err := s.fileFirst(ctx, who); err != nil {
		return err
	}
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
	if err := free.begin(ctx, s.dialect.read); err != nil {
		return err
	}
	err := read(&reader{free, ctx})
	free.rollback() // there is nothing to keep
	return err
}

func (r *reader) row(q query, args []any, into ...any) (found bool, err error) {
	return r.session.row(r.ctx, q, args, into...)
}

func (r *reader) each(q query, args, into []any, do func() error) error {
	return r.session.each(r.ctx, q, args, into, do)
}

// in runs a query that ends in an IN list over all names, chunk by chunk. The last chunk
// is filled up by repeating its last name, so a name may be answered only once.
func (r *reader) in(q query, first []any, names []string, into []any, do func()) error {
	args := make([]any, len(first)+chunk)
	copy(args, first)
	for part := range slices.Chunk(names, chunk) {
		for i := range chunk {
			args[len(first)+i] = part[min(i, len(part)-1)]
		}
		err := r.each(q, args, into, func() error { do(); return nil })
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
