package store

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// LockedError says that another process works in the state folder.
type LockedError struct{ Folder string }

func (e *LockedError) Error() string {
	return fmt.Sprintf("another indy is running on %s: stop it first, or give this one a state folder of its own", e.Folder)
}

// LockFolder makes the state folder (for its owner alone) and locks it for this process,
// until release. The lock goes with the process, however that ends; its file stays.
func LockFolder(folder string) (release func() error, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	l := flock.New(filepath.Join(folder, "lock"))
	got, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the state folder: %w", err)
	}
	if !got {
		return nil, &LockedError{folder}
	}
	return l.Unlock, nil
}
