package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/scheduler/ledger"
	"indy/store"
	"indy/store/storetest"
)

func openAt(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// conformance runs the suite on databases that fresh names.
func conformance(t *testing.T, fresh func(*testing.T) string) {
	where := map[storetest.Store]string{}
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T) storetest.Store {
			dsn := fresh(t)
			s := openAt(t, dsn)
			where[s] = dsn
			return s
		},
		Reopen: func(t *testing.T, s storetest.Store) storetest.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again := openAt(t, where[s])
			where[again] = where[s]
			return again
		},
	})
}

func TestSQLite(t *testing.T) {
	conformance(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "100% #1? käse", "indy.db") })
}

func TestReadOnly(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "indy.db")
	if _, err := store.OpenReadOnly(ctx, path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening nothing: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenReadOnly(ctx, path); err == nil {
		t.Error("an empty file was opened")
	}
	s := openAt(t, path)
	commit := ledger.Commit{Organizer: "maria", Team: "t", At: time.UnixMilli(1e12), Bars: []ledger.PersonKeys{{Person: "ana", Keys: []string{"a"}}}}
	if _, err := s.Commit(ctx, commit); err != nil {
		t.Fatal(err)
	}
	look := func(when string) {
		t.Helper()
		r, err := store.OpenReadOnly(ctx, path)
		if err != nil {
			t.Errorf("%s: %v", when, err)
			return
		}
		defer r.Close()
		m, err := r.Load(ctx, "t", "maria", []ledger.PersonKeys{{Person: "x", Keys: []string{"a"}}})
		if err != nil || m.Version != 1 || !m.Barred["x"] {
			t.Errorf("%s: %+v, %v", when, m, err)
		}
		if _, err := r.Commit(ctx, ledger.Commit{Organizer: "maria", Version: 1}); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s, a write: %v", when, err)
		}
	}
	look("beside the daemon")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look("without the daemon")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	look("again")
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("reading has changed the file: %v", err)
	}
}

func TestOneProcessPerFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "indy.db")
	s := openAt(t, path)
	_, err := store.Open(context.Background(), path)
	var locked *store.LockedError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Errorf("a second process: %v", err)
	}
	for _, name := range []string{path, path + "-wal", filepath.Dir(path)} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", name, info.Mode(), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path)
}

func TestNewerIsRefused(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "indy.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(context.Context, string) (*store.Store, error){"open": store.Open, "read": store.OpenReadOnly} {
		_, err := open(ctx, path)
		var newer *store.NewerError
		if !errors.As(err, &newer) || newer.Database != 999 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A released schema never changes: databases out there were made by it. Add another file.
func TestSchemaIsFrozen(t *testing.T) {
	frozen := map[string]string{
		"00001_first.sql": "f4bd8dd2889b661c21ea08e09914e5703df29f2c20837dcbb51e011de62b3e19",
	}
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) != len(frozen) {
		t.Fatalf("migrations: %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(text)); sum != frozen[filepath.Base(file)] {
			t.Errorf("%s has changed: its hash is %s", file, sum)
		}
	}
}

// TestPostgres runs the suite on the server that INDY_TEST_POSTGRES names, each test in a
// schema of its own.
func TestPostgres(t *testing.T) {
	server := os.Getenv("INDY_TEST_POSTGRES")
	if server == "" {
		t.Skip("no PostgreSQL: INDY_TEST_POSTGRES is not set (postgres://user@host/database)")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conformance(t, func(t *testing.T) string {
		schema := "indy_test_" + strings.ToLower(rand.Text())
		if _, err := db.Exec(`CREATE SCHEMA ` + schema); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := db.Exec(`DROP SCHEMA ` + schema + ` CASCADE`); err != nil {
				t.Error(err)
			}
		})
		dsn, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		q := dsn.Query()
		q.Set("search_path", schema)
		dsn.RawQuery = q.Encode()
		return dsn.String()
	})
}
