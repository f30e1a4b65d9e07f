package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// Group commit. There is one connection that writes, and whoever has the turn writes for
// all: they take whatever waits, put it into one transaction and answer everybody after
// the one commit. While that is on its way to the disk the next group gathers by itself,
// without any delay. Who comes alone writes at once, and waits for no other goroutine.
//
// A job that is refused (ErrConflict) has read only, so the group goes on without it. Any
// other error ends the transaction, and each job of the group is tried again alone, so
// that nobody pays for somebody else's trouble.

// maxGroup bounds a group, and so how long the first of it waits.
const maxGroup = 128

// job is one write. apply may run more than once, and on the goroutine of somebody else
// who waits: only its last run counts.
type job struct {
	apply func(*writer) error
	lazy  bool        // need not be on the disk when it is answered
	taken atomic.Bool // by whoever writes, or by whoever waits no longer
	err   error
	done  chan struct{}
}

// refusal marks an error that was found before anything was written.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// write has apply written and waits until it is durable. When ctx ends first the write has
// not happened, unless it was already under way: then its end is waited for.
func (s *Store) write(ctx context.Context, apply func(*writer) error) error {
	return s.wait(ctx, &job{apply: apply, done: make(chan struct{})})
}

func (s *Store) wait(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.hand(ctx, j); err != nil {
		return err
	}
	for waiting := true; waiting; {
		select {
		case <-j.done:
			waiting = false
		case s.turn <- struct{}{}:
			s.writer.round()
			<-s.turn
		case <-ctx.Done():
			if j.taken.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			<-j.done
			waiting = false
		}
	}
	var r refusal
	if errors.As(j.err, &r) {
		return r.error
	}
	return j.err
}

func (s *Store) hand(ctx context.Context, j *job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	if s.writer == nil {
		return ErrReadOnly
	}
	for {
		select {
		case s.writer.jobs <- j:
			return nil
		case s.turn <- struct{}{}: // there may be nobody else to make room
			s.writer.round()
			<-s.turn
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// writer is what belongs to whoever has the turn.
type writer struct {
	session
	dialect dialect
	jobs    chan *job // those that wait; anybody may add to it
	group   []*job    // memory for a round
	forgot  bool      // the transaction erased somebody
	journal
	// latest is what this writer has saved of organizers, so that it need not be read again.
	latest map[string]saved
}

// saved is an organizer's row as far as the next decision needs it.
type saved struct {
	version int64
	cursors string
}

// keptOrganizers bounds latest.
const keptOrganizers = 10_000

// round writes what waits, a group at the most, and says whether there was any.
func (w *writer) round() bool {
	w.group = w.group[:0]
	for len(w.group) < maxGroup {
		select {
		case j := <-w.jobs:
			w.group = append(w.group, j)
			continue
		default:
		}
		break
	}
	if len(w.group) == 0 {
		return false
	}
	w.do(w.group)
	clear(w.group)
	w.rest()
	return true
}

func (w *writer) do(group []*job) {
	live := group[:0]
	for _, j := range group {
		if j.taken.CompareAndSwap(false, true) {
			live = append(live, j)
		}
	}
	if len(live) == 0 {
		return
	}
	if err := w.together(live); err != nil {
		if len(live) == 1 {
			live[0].err = err
		} else {
			for _, j := range live {
				if err := w.together([]*job{j}); err != nil {
					j.err = err
				}
			}
		}
	}
	for _, j := range live {
		close(j.done)
	}
}

// together runs the jobs in one transaction. An error says that nothing was written.
func (w *writer) together(group []*job) error {
	w.forgot = false
	if err := w.start(group); err != nil {
		return err
	}
	for _, j := range group {
		j.err = j.apply(w)
		var r refusal
		if j.err != nil && !errors.As(j.err, &r) {
			w.undo()
			return j.err
		}
	}
	if _, err := w.exec(`COMMIT`); err != nil {
		w.undo()
		return fmt.Errorf("commit: %w", err)
	}
	w.keep()
	if w.forgot {
		// What was erased still stands in free pages and in the log, until these are rewritten.
		// A reader may be in the way of the last; then the next time does it.
		for _, q := range w.dialect.erase {
			_, _ = w.conn.ExecContext(background, q)
		}
	}
	return nil
}

// start begins the transaction, on the disk when it ends if any of the group needs that.
func (w *writer) start(group []*job) error {
	lazy := true
	for _, j := range group {
		lazy = lazy && j.lazy
	}
	if err := w.ready(); err != nil {
		return err
	}
	if w.dialect.journal && lazy != w.lazy {
		level := map[bool]query{true: `PRAGMA synchronous = NORMAL`, false: `PRAGMA synchronous = FULL`}[lazy]
		if _, err := w.exec(level); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		w.lazy = lazy
	}
	w.before = len(w.unfiled)
	return w.begin(background, w.dialect.begin)
}

// ready connects, where there is no connection.
func (w *writer) ready() error {
	if w.conn != nil {
		return nil
	}
	w.lazy = false // as connections begin
	err := w.connect(background)
	if err == nil && w.dialect.cache != "" {
		_, err = w.exec(w.dialect.cache)
	}
	return err
}

// undo ends the transaction, and forgets what it was about to make true.
func (w *writer) undo() {
	w.rollback()
	w.unfiled, w.filed = w.unfiled[:w.before], 0
	w.forgetLatest()
}

// Once begun, a group is not stopped by the contexts of those who wait for it.
var background = context.Background()

func (w *writer) exec(q query, args ...any) (int64, error) {
	return w.session.exec(background, q, args...)
}

func (w *writer) row(q query, args []any, into ...any) (found bool, err error) {
	return w.session.row(background, q, args, into...)
}
