package store_test

import (
	"context"
	"path/filepath"
	"testing"

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
