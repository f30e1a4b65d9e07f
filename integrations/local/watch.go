package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// gather is how long changes are gathered before they are told: programs change several
// files at once.
const gather = 50 * time.Millisecond

// Watch calls changed when a file in one of the boxes comes, goes or is renamed. It costs
// nothing while nothing happens.
func (m *Mailbox) Watch(ctx context.Context, changed func()) error {
	var dirs []string
	for _, path := range []string{m.o.Inbox, m.o.Sent} {
		dirs = append(dirs, filepath.Join(path, "new"), filepath.Join(path, "cur"))
	}
	if err := watch(ctx, dirs, changed); err != nil {
		return again(fmt.Errorf("watch the mailbox: %w", err))
	}
	return nil
}

// watch ends with ctx, without an error, or when it can watch no longer.
func watch(ctx context.Context, dirs []string, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	for _, dir := range dirs {
		if err := w.Add(dir); err != nil {
			return err
		}
	}
	var soon <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-soon:
			soon = nil
			changed()
		case ev, more := <-w.Events:
			if !more {
				return errors.New("the system has ended it")
			}
			if ev.Op == fsnotify.Chmod {
				continue
			}
			for _, dir := range dirs {
				if ev.Name == dir && ev.Has(fsnotify.Remove|fsnotify.Rename) {
					return fmt.Errorf("a watched folder has gone: %s", dir)
				}
			}
			if soon == nil {
				soon = time.After(gather)
			}
		case err, more := <-w.Errors:
			if !more {
				return errors.New("the system has ended it")
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return err
			}
			if soon == nil { // something happened, nobody knows what
				soon = time.After(gather)
			}
		}
	}
}
