package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"modernc.org/sqlite"
)

// Store is an open database. All its methods may be called by several goroutines at once.
type Store struct {
	dialect  dialect
	db       *sql.DB
	sessions chan *session // that read; whoever takes one gives it back
	secret   []byte        // keys the hashes of persons
	release  func() error  // of the state folder

	waiting waiting // decisions that are not filed yet

	mu      sync.RWMutex // held for reading while a job is handed over, so that closing is orderly
	closed  bool
	closing chan struct{}

	writer *writer       // nil for a read-only store
	turn   chan struct{} // whoever has put something into it may use the writer
	filing sync.WaitGroup
}

// dialect is what differs between the two databases, and all that does.
type dialect struct {
	name    string   // as goose calls it
	begin   query    // starts a transaction that writes
	read    query    // starts one that sees one moment
	erase   []string // leaves nothing behind of what was deleted, where that is ours to do
	cache   query    // for the connection that writes; it is filled only as far as there is use for it
	journal bool     // decisions are journaled first; needs that no other process writes
}

var (
	sqliteDialect   = dialect{"sqlite3", `BEGIN IMMEDIATE`, `BEGIN`, []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`}, `PRAGMA cache_size = -16384`, true}
	postgresDialect = dialect{"postgres", `BEGIN`, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`, nil, "", false}
)

// readers is how many connections read at once. More would only hold memory: a read takes
// well under a millisecond.
const readers = 2

// Open opens the database at dsn, makes it where there is none, and brings it up to date.
// dsn is the path of a SQLite file, or "postgres://…". A SQLite file's folder is locked
// for this process until Close (see LockFolder).
func Open(ctx context.Context, dsn string) (*Store, error) {
	if isPostgres(dsn) {
		return open(ctx, postgresDialect, "pgx", dsn, nil)
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	release, err := LockFolder(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	// The file is ours before SQLite makes it, which would let others read it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), release())
	}
	if err := f.Close(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), release())
	}
	// fdatasync keeps what fsync keeps, less the file's timestamps, in half the time. Where
	// the system has none SQLite goes on with fsync.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), release())
	}
	return open(ctx, sqliteDialect, "sqlite", sqliteDSN(path, ""), release)
}

// OpenReadOnly opens the database for reading, beside the process that writes it, as of
// about now. It changes nothing, unless that process has died over something: then it is
// brought to its end. Every method that writes answers ErrReadOnly.
func OpenReadOnly(ctx context.Context, dsn string) (*Store, error) {
	d, driver := postgresDialect, "pgx"
	if !isPostgres(dsn) {
		path, err := filepath.Abs(dsn)
		if err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
		if err := fileLeft(ctx, path); err != nil {
			return nil, err
		}
		d, driver, dsn = sqliteDialect, "sqlite", sqliteDSN(path, "ro")
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", hideDSN(err))
	}
	s := newStore(d, db)
	if err = upToDate(ctx, d, db); err == nil {
		err = awaitFiled(ctx, db)
	}
	if err == nil {
		s.secret, err = readSecret(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", hideDSN(err)), db.Close())
	}
	return s, nil
}

func newStore(d dialect, db *sql.DB) *Store {
	s := &Store{dialect: d, db: db, turn: make(chan struct{}, 1), closing: make(chan struct{}), waiting: waiting{of: map[string]*unfiled{}}, sessions: make(chan *session, readers), release: func() error { return nil }}
	for range readers {
		s.sessions <- &session{db: db}
	}
	return s
}

// ErrReadOnly is what a store that OpenReadOnly opened answers to a write.
var ErrReadOnly = errors.New("the database is open for reading only")

// ErrClosed is what a closed store answers.
var ErrClosed = errors.New("the database is closed")

func open(ctx context.Context, d dialect, driver, dsn string, release func() error) (*Store, error) {
	if release == nil {
		release = func() error { return nil }
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", hideDSN(err)), release())
	}
	s := newStore(d, db)
	s.release = release
	w := &writer{session: session{db: db}, dialect: d, jobs: make(chan *job, maxGroup), latest: map[string]saved{},
		journal: journal{waiting: &s.waiting, left: make(chan struct{}, 1)}}
	if err = migrate(ctx, d, db); err == nil {
		s.secret, err = secret(ctx, db)
	}
	if err == nil && d.journal {
		err = w.recover(ctx, s)
	}
	if err != nil {
		w.disconnect()
		return nil, errors.Join(fmt.Errorf("open the database: %w", hideDSN(err)), db.Close(), release())
	}
	s.writer = w
	s.filing.Go(s.fileLater)
	return s, nil
}

// Close waits for what is under way, and gives the state folder free.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	close(s.closing)
	if s.writer != nil {
		s.filing.Wait()
		s.turn <- struct{}{} // for good
		for s.writer.round() {
		}
		s.writer.fileAll()
		s.writer.disconnect()
	}
	for range readers {
		(<-s.sessions).disconnect()
	}
	close(s.sessions)
	if err := errors.Join(s.db.Close(), s.release()); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// sqliteDSN names the file so that no character of its path has another meaning.
func sqliteDSN(path, mode string) string {
	q := url.Values{"_pragma": {
		"busy_timeout(10000)",
		"synchronous(FULL)",        // a commit is on the disk when it returns
		"secure_delete(FAST)",      // where it costs nothing; see erase
		"cache_size(-1024)",        // KiB, of a connection that reads
		"cache_spill(0)",           // a group is written once, when it is complete
		"wal_autocheckpoint(2000)", // pages: a log of 8 MiB is written over, not into new blocks
		"trusted_schema(OFF)",      // a file from elsewhere runs nothing
	}}
	if mode == "" {
		q["_pragma"] = append(q["_pragma"], "journal_mode(WAL)")
	} else {
		q.Set("mode", mode)
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, OmitHost: true, RawQuery: q.Encode()}).String()
}

// hideDSN keeps passwords, which a DSN holds, out of errors.
func hideDSN(err error) error {
	var parse *url.Error
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}

// secret is the key of the hashes of persons. It never leaves the database.
func secret(ctx context.Context, db *sql.DB) ([]byte, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh)
	_, err := db.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('secret', $1) ON CONFLICT (name) DO NOTHING`,
		base64.StdEncoding.EncodeToString(fresh))
	if err != nil {
		return nil, fmt.Errorf("make its secret: %w", err)
	}
	return readSecret(ctx, db)
}

func readSecret(ctx context.Context, db *sql.DB) ([]byte, error) {
	var text string
	if err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'secret'`).Scan(&text); err != nil {
		return nil, fmt.Errorf("read its secret: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("read its secret: %w", err)
	}
	return key, nil
}
