package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// Group commit. One goroutine owns the one connection that writes. It takes whatever
// waits, puts it into one transaction and answers everybody after the one commit; while
// that is on its way to the disk the next group gathers by itself, without any delay.
//
// A job that is refused (ErrConflict) has read only, so the group goes on without it. Any
// other error ends the transaction, and each job of the group is tried again alone, so
// that nobody pays for somebody else's trouble.

// maxGroup bounds a group, and so how long the first of it waits.
const maxGroup = 128

// job is one write. apply may run more than once: only its last run counts.
type job struct {
	ctx   context.Context
	apply func(*writer) error
	taken atomic.Bool // by the writer, or by whoever waits no longer
	err   error
	done  chan struct{}
}

// refusal marks an error that was found before anything was written.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// write hands apply to the writer and waits until it is durable. When ctx ends first the
// write has not happened, unless it was already under way: then its end is waited for.
func (s *Store) write(ctx context.Context, apply func(*writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, apply: apply, done: make(chan struct{})}
	if err := s.hand(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done
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
	if s.jobs == nil {
		return ErrReadOnly
	}
	select {
	case s.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writer is what the writing goroutine owns.
type writer struct {
	session
	dialect dialect
	jobs    <-chan *job
	forgot  bool // the transaction erased somebody
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

func (w *writer) run() {
	defer w.disconnect()
	group := make([]*job, 0, maxGroup)
	for first := range w.jobs {
		group = append(group[:0], first)
	gather:
		for len(group) < maxGroup {
			select {
			case j, more := <-w.jobs:
				if !more {
					break gather
				}
				group = append(group, j)
			default:
				break gather
			}
		}
		w.do(group)
	}
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
	if err := w.begin(background, w.dialect.begin); err != nil {
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
	if w.forgot && w.dialect.checkpoint != "" {
		// What was erased is still in the log until that is emptied. A reader may be in the
		// way; then the next checkpoint does it.
		_, _ = w.conn.ExecContext(background, w.dialect.checkpoint)
	}
	return nil
}

// undo ends the transaction, and forgets what it was about to make true.
func (w *writer) undo() {
	w.rollback()
	clear(w.latest)
}

// Once begun, a group is not stopped by the contexts of those who wait for it.
var background = context.Background()

func (w *writer) exec(q query, args ...any) (int64, error) {
	return w.session.exec(background, q, args...)
}

func (w *writer) row(q query, args []any, into ...any) (found bool, err error) {
	return w.session.row(background, q, args, into...)
}
