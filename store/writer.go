package store

import (
	"context"
	"database/sql"
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
	store  *Store
	conn   *sql.Conn
	stmts  *statements
	forgot bool // the transaction erased somebody
}

func (w *writer) run() {
	defer w.disconnect()
	group := make([]*job, 0, maxGroup)
	for first := range w.store.jobs {
		group = append(group[:0], first)
	gather:
		for len(group) < maxGroup {
			select {
			case j, more := <-w.store.jobs:
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
	if err := w.begin(); err != nil {
		return err
	}
	for _, j := range group {
		j.err = j.apply(w)
		var r refusal
		if j.err != nil && !errors.As(j.err, &r) {
			return w.giveUp(j.err)
		}
	}
	if _, err := w.exec(`COMMIT`); err != nil {
		return w.giveUp(fmt.Errorf("commit: %w", err))
	}
	if w.forgot && w.store.dialect.name == sqliteDialect.name {
		// What was erased is still in the log until that is emptied. A reader may be in the
		// way; then the next checkpoint does it.
		_, _ = w.conn.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	}
	return nil
}

// begin opens a transaction, with a new connection where the old one is lost.
func (w *writer) begin() error {
	if w.conn == nil {
		conn, err := w.store.db.Conn(context.Background())
		if err != nil {
			return fmt.Errorf("connect: %w", hideDSN(err))
		}
		w.conn, w.stmts = conn, prepared(conn)
	}
	if _, err := w.exec(query(w.store.dialect.begin)); err != nil {
		w.disconnect()
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// giveUp rolls back, and drops a connection that cannot even do that.
func (w *writer) giveUp(cause error) error {
	if _, err := w.exec(`ROLLBACK`); err != nil {
		w.disconnect()
	}
	return cause
}

func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	_ = w.stmts.close()
	_ = w.conn.Close()
	w.conn, w.stmts = nil, nil
}

// exec runs one statement and says how many rows it changed. Once begun, a group is not
// stopped by the contexts of those who wait for it.
func (w *writer) exec(q query, args ...any) (int64, error) {
	stmt, err := w.stmts.get(context.Background(), q)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs one statement that answers at most one row.
func (w *writer) row(q query, args []any, into ...any) (found bool, err error) {
	stmt, err := w.stmts.get(context.Background(), q)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(context.Background(), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
