package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// pending is as much of an undelivered effect as its turn depends on (see ledger.Lanes).
type pending struct {
	key, lane string
	state     ledger.EntryState
	tries     int
	next      int64
}

// turn is when it may be delivered, in milliseconds.
func (p *pending) turn(l *ledger.Lanes) (at int64, free bool) {
	t, free := l.Turn(p.lane, p.state, p.tries, instant(p.next))
	return millis(t), free
}

// Outbox is what is to be delivered by now, in the order in which it was decided; of each
// lane only the first. An effect without a lane waits for none. Effects under way are in
// it as well, so that whoever died over one is followed up: look first, then act.
func (s *Store) Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]ledger.Entry, error) {
	var list []ledger.Entry
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		keys, err := r.due(text(string(who)), now.UnixMilli(), limit)
		if err != nil {
			return err
		}
		list, err = r.entries(text(string(who)), keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return list, nil
}

func (r *reader) due(who string, now int64, limit int) (keys []string, err error) {
	var p pending
	var lanes ledger.Lanes
	err = r.each(selectPending, []any{who}, []any{&p.key, &p.lane, &p.state, &p.tries, &p.next}, func() error {
		at, free := p.turn(&lanes)
		if free && at <= now && len(keys) < limit {
			keys = append(keys, p.key)
			lanes.Take(p.lane)
		}
		return nil
	})
	return keys, err
}

// Pending is all that is not delivered yet, due or not, in the order in which it was decided.
func (s *Store) Pending(ctx context.Context, who scheduler.OrganizerID) ([]ledger.Entry, error) {
	var list []ledger.Entry
	err := s.reading(ctx, text(string(who)), func(r *reader) error {
		var keys []string
		var p pending
		err := r.each(selectPending, []any{text(string(who))}, []any{&p.key, &p.lane, &p.state, &p.tries, &p.next}, func() error {
			keys = append(keys, p.key)
			return nil
		})
		if err != nil {
			return err
		}
		list, err = r.entries(text(string(who)), keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is pending: %w", err)
	}
	return list, nil
}

func (r *reader) entries(who string, keys []string) ([]ledger.Entry, error) {
	list := make([]ledger.Entry, 0, len(keys))
	for _, key := range keys {
		e := ledger.Entry{Key: key}
		var next int64
		var doc string
		found, err := r.row(selectEffect, []any{who, key}, &e.Person, &e.Kind, &e.Lane, &e.State, &e.Tries, &next,
			&e.Ref, &e.Cause, &doc, &e.Raw)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		var rest effect
		if err := json.Unmarshal([]byte(doc), &rest); err != nil {
			return nil, err
		}
		e.Next = instant(next)
		e.OneToOne, e.Expires, e.MessageID, e.Subject, e.Token = rest.OneToOne, rest.Expires, rest.MessageID, rest.Subject, rest.Token
		e.From, e.To, e.Thread, e.Answers, e.Put, e.Remove, e.At = rest.From, rest.To, rest.Thread, rest.Answers, rest.Put, rest.Remove, rest.At
		list = append(list, e)
	}
	return list, nil
}

// Sending records, durably and before the act, that the effect is under way as ref. It
// answers false when the effect was revoked, settled or erased meanwhile: then do not act.
func (s *Store) Sending(ctx context.Context, who scheduler.OrganizerID, key, ref string, at time.Time) (bool, error) {
	var mayGo bool
	err := s.write(ctx, func(w *writer) error {
		if err := w.file(); err != nil {
			return err
		}
		changed, err := w.exec(sendingEffect, text(string(who)), text(key), text(ref))
		mayGo = changed > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("record that an effect is under way: %w", err)
	}
	return mayGo, nil
}

// Retry puts an effect that did not happen back, for another try at next. One that was
// settled meanwhile stays as it is.
func (s *Store) Retry(ctx context.Context, who scheduler.OrganizerID, key string, next time.Time, cause string) error {
	err := s.write(ctx, func(w *writer) error {
		if err := w.file(); err != nil {
			return err
		}
		_, err := w.exec(retryEffect, text(string(who)), text(key), millis(next), text(cause))
		return err
	})
	if err != nil {
		return fmt.Errorf("put an effect back: %w", err)
	}
	return nil
}

// Sweep drops the bytes of mails that were settled more than ledger.KeepRaw before now and
// says of how many. What they were, and that they have gone, stays in the ledger.
func (s *Store) Sweep(ctx context.Context, now time.Time) (dropped int64, err error) {
	err = s.write(ctx, func(w *writer) error {
		if err := w.file(); err != nil {
			return err
		}
		dropped, err = w.exec(sweepBodies, now.Add(-ledger.KeepRaw).UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sweep old mails: %w", err)
	}
	return dropped, nil
}
