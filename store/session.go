package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// session is a connection that one goroutine at a time uses, with the statements that
// were prepared on it. It connects when it is first used, and again after trouble.
type session struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[query]*sql.Stmt
}

func (s *session) connect(ctx context.Context) error {
	if s.conn != nil {
		return nil
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", hideDSN(err))
	}
	s.conn, s.stmts = conn, map[query]*sql.Stmt{}
	return nil
}

// begin starts a transaction.
func (s *session) begin(ctx context.Context, q query) error {
	if err := s.connect(ctx); err != nil {
		return err
	}
	if _, err := s.exec(ctx, q); err != nil {
		s.disconnect()
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// rollback ends a transaction, or the connection where that cannot be done.
func (s *session) rollback() {
	if _, err := s.exec(context.Background(), `ROLLBACK`); err != nil {
		s.disconnect()
	}
}

func (s *session) disconnect() {
	if s.conn == nil {
		return
	}
	for _, stmt := range s.stmts {
		_ = stmt.Close()
	}
	_ = s.conn.Close()
	s.conn, s.stmts = nil, nil
}

func (s *session) stmt(ctx context.Context, q query) (*sql.Stmt, error) {
	if stmt := s.stmts[q]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, string(q))
	if err != nil {
		return nil, err
	}
	s.stmts[q] = stmt
	return stmt, nil
}

// exec runs one statement and says how many rows it changed.
func (s *session) exec(ctx context.Context, q query, args ...any) (int64, error) {
	stmt, err := s.stmt(ctx, q)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs one statement that answers at most one row.
func (s *session) row(ctx context.Context, q query, args []any, into ...any) (found bool, err error) {
	stmt, err := s.stmt(ctx, q)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each runs one statement and calls do for each row that it answers.
func (s *session) each(ctx context.Context, q query, args, into []any, do func() error) error {
	stmt, err := s.stmt(ctx, q)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := do(); err != nil {
			return err
		}
	}
	return rows.Err()
}
