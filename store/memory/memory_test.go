package memory_test

import (
	"testing"

	"indy/store/memory"
	"indy/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(*testing.T) storetest.Store { return memory.New() },
		Reopen: func(_ *testing.T, s storetest.Store) storetest.Store {
			kept := s.(*memory.Store).Snapshot()
			again := memory.New()
			again.Restore(kept)
			return again
		},
	})
}
