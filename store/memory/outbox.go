package memory

import (
	"context"
	"fmt"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Outbox is as the engine's port says.
func (s *Store) Outbox(ctx context.Context, who scheduler.OrganizerID, now time.Time, limit int) ([]ledger.Entry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return nil, nil
	}
	var list []ledger.Entry
	var lanes ledger.Lanes
	for _, k := range o.open {
		r := o.effects[k]
		at, free := lanes.Turn(r.Lane, r.State, r.Tries, r.Next)
		if free && !at.After(now) && len(list) < limit {
			list = append(list, clone(r.Entry))
			lanes.Take(r.Lane)
		}
	}
	return list, nil
}

// Pending is all that is not delivered yet, due or not, in the order in which it was decided.
func (s *Store) Pending(ctx context.Context, who scheduler.OrganizerID) ([]ledger.Entry, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("read what is pending: %w", err)
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return nil, nil
	}
	list := make([]ledger.Entry, 0, len(o.open))
	for _, k := range o.open {
		list = append(list, clone(o.effects[k].Entry))
	}
	return list, nil
}

// change replaces an open effect, if change will, and says whether it did.
func (s *Store) change(ctx context.Context, who scheduler.OrganizerID, k string, change func(*record) bool) (bool, error) {
	if err := s.enter(ctx); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	o := s.now.organizers[who]
	if o == nil {
		return false, nil
	}
	r, known := o.effects[k]
	if !known || !r.State.Open() {
		return false, nil
	}
	if !change(&r) {
		return false, nil
	}
	o.effects[k] = r
	return true, nil
}

// Sending is as the engine's port says.
func (s *Store) Sending(ctx context.Context, who scheduler.OrganizerID, k, ref string, _ time.Time) (bool, error) {
	may, err := s.change(ctx, who, k, func(r *record) bool {
		if r.State == ledger.Withdrawing {
			return false
		}
		r.State, r.Ref = ledger.Sending, ref
		return true
	})
	if err != nil {
		return false, fmt.Errorf("record that an effect is under way: %w", err)
	}
	return may, nil
}

// Retry is as the engine's port says.
func (s *Store) Retry(ctx context.Context, who scheduler.OrganizerID, k string, next time.Time, cause string) error {
	_, err := s.change(ctx, who, k, func(r *record) bool {
		if r.State == ledger.Sending {
			r.State = ledger.Planned
		}
		r.Tries, r.Next, r.Cause = r.Tries+1, instant(next), cause
		return true
	})
	if err != nil {
		return fmt.Errorf("put an effect back: %w", err)
	}
	return nil
}

// Sweep drops the bytes of mails that were settled more than ledger.KeepRaw before now and
// says of how many.
func (s *Store) Sweep(ctx context.Context, now time.Time) (dropped int64, err error) {
	if err := s.enter(ctx); err != nil {
		return 0, fmt.Errorf("sweep old mails: %w", err)
	}
	defer s.mu.Unlock()
	before := now.Add(-ledger.KeepRaw)
	for _, o := range s.now.organizers {
		for k, r := range o.effects {
			if len(r.Raw) > 0 && !r.settled.IsZero() && r.settled.Before(before) {
				r.Raw = nil
				o.effects[k] = r
				dropped++
			}
		}
	}
	return dropped, nil
}
