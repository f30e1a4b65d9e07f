package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"sync"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// A released migration never changes; a test keeps the hash of each.
//
//go:embed migrations/*.sql
var migrations embed.FS

// NewerError says that a newer indy has changed the database.
type NewerError struct {
	Database, Program int64 // schema versions
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("a newer indy has written it (schema %d, this one knows %d): install the newer indy again, or restore a backup from before",
		e.Database, e.Program)
}

// ErrOlder says that the database waits for "indy run" to bring it up to date.
var ErrOlder = errors.New(`an older indy has written it: start "indy run" once, which brings it up to date`)

func migrator(d dialect, db *sql.DB) (*goose.Provider, error) {
	files, err := migrationsFor(d)
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true)}
	if d.name == postgresDialect.name {
		// Several processes may start at once on one server: one migrates, the others wait.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(goose.Dialect(d.name), db, files, options...)
}

// migrationsFor are the migrations as d reads them. PostgreSQL takes "/*sqlite … */" for
// the comment that it is.
func migrationsFor(d dialect) (fs.FS, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil || d.name != sqliteDialect.name {
		return files, err
	}
	return sqliteFiles{files}, nil
}

type sqliteFiles struct{ fs.FS }

func (f sqliteFiles) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return sqliteFile{file, bytes.NewReader(onlySQLite().ReplaceAll(text, []byte("$1")))}, nil
}

type sqliteFile struct {
	fs.File
	text *bytes.Reader
}

func (f sqliteFile) Read(b []byte) (int, error) { return f.text.Read(b) }

var onlySQLite = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/\*sqlite (.*?)\*/`) })

// migrate brings the database up to date and refuses one that is ahead.
func migrate(ctx context.Context, d dialect, db *sql.DB) error {
	m, err := migrator(d, db)
	if err != nil {
		return err
	}
	has, knows, err := m.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return &NewerError{has, knows}
	}
	if has == knows {
		return nil
	}
	_, err = m.Up(ctx)
	return err
}

// upToDate changes nothing and says whether the program can read the database.
func upToDate(ctx context.Context, d dialect, db *sql.DB) error {
	m, err := migrator(d, db)
	if err != nil {
		return err
	}
	var knows int64
	for _, source := range m.ListSources() {
		knows = max(knows, source.Version)
	}
	var has sql.NullInt64 // asked by hand: goose would first write where there is nothing
	if err := db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&has); err != nil {
		return fmt.Errorf("read its schema version: %w", err)
	}
	switch {
	case has.Int64 > knows:
		return &NewerError{has.Int64, knows}
	case has.Int64 < knows:
		return ErrOlder
	}
	return nil
}
