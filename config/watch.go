package config

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"indy/scheduler/slots"
)

const (
	settle = 200 * time.Millisecond // an editor's writes and renames are over by then
	absent = 10                     // settles after which a missing file is told
)

// Watch calls changed whenever the file has other bytes than before, with the new config or
// with what is wrong with it, until ctx ends; then it answers nil. Between edits it sleeps.
//
// It watches folders, not files, as editors save by renaming, and follows symbolic links,
// as ConfigMaps and dotfile folders swap them. A file that vanishes for some seconds is
// told as an error, once. changed is called by one goroutine, and never for equal bytes.
func Watch(ctx context.Context, path string, changed func(*Config, error)) error {
	digest := ""
	if data, err := os.ReadFile(path); err == nil {
		digest = Digest(data)
	}
	return watch(ctx, path, digest, settle, changed)
}

// Watch is Watch for a config that was loaded: an edit since then is told at once.
func (c *Config) Watch(ctx context.Context, changed func(*Config, error)) error {
	return watch(ctx, c.Path, c.Digest, settle, changed)
}

type watcher struct {
	path    string
	settle  time.Duration
	digest  string // of what was told last; "" for a missing file
	changed func(*Config, error)
	notify  *fsnotify.Watcher
	names   []string // files in watched folders that matter
	seen    string   // the digest at the last look
	missing int      // settles in a row without a file
}

func watch(ctx context.Context, path, digest string, settle time.Duration, changed func(*Config, error)) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("watch the config: %w", err)
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the config: %w", err)
	}
	defer notify.Close()
	w := &watcher{path: path, digest: digest, settle: settle, changed: changed, notify: notify}
	if err := w.follow(); err != nil {
		return fmt.Errorf("watch the config: %w", err)
	}
	return w.loop(ctx)
}

// follow watches the folder of the file and of everything that it links to.
func (w *watcher) follow() error {
	w.names = w.names[:0]
	at := w.path
	for range 16 { // links to links
		w.names = append(w.names, at)
		if err := w.notify.Add(filepath.Dir(at)); err != nil && at == w.path {
			return err
		}
		to, err := os.Readlink(at)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(at), to)
		}
		at = to
	}
	// Where a folder on the way is a link itself, its swap is seen in the first folder.
	if real, err := filepath.EvalSymlinks(w.path); err == nil && !slices.Contains(w.names, real) {
		w.names = append(w.names, real)
		return w.notify.Add(filepath.Dir(real))
	}
	return nil
}

func (w *watcher) loop(ctx context.Context) error {
	timer := time.NewTimer(0) // look once at the start: something may have happened already
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case ev, ok := <-w.notify.Events:
			if !ok {
				return nil
			}
			if w.matters(ev.Name) {
				w.missing = 0
				timer.Reset(w.settle)
			}
		case _, ok := <-w.notify.Errors: // an overflow: events may be lost
			if !ok {
				return nil
			}
			timer.Reset(w.settle)
		case <-timer.C:
			if w.look() {
				timer.Reset(w.settle)
			}
		}
	}
}

// matters says whether an event has to do with the file: it is one of the names, or a link
// of the kind that ConfigMaps swap.
func (w *watcher) matters(name string) bool {
	return slices.Contains(w.names, name) || strings.HasPrefix(filepath.Base(name), "..")
}

// look tells a change, and says whether to look again soon.
func (w *watcher) look() (again bool) {
	_ = w.follow() // links may have moved; a folder that is gone is told below as a missing file
	data, err := os.ReadFile(w.path)
	if err != nil {
		if w.missing++; w.missing == absent && w.digest != "" {
			w.digest = ""
			w.changed(nil, fmt.Errorf("read the config: %w", err))
		}
		return w.missing < absent
	}
	w.missing = 0
	digest := Digest(data)
	if digest == w.digest {
		return false
	}
	if digest != w.seen { // told when it is still the same a settle later: whole, that is
		w.seen = digest
		return true
	}
	w.digest = digest
	now := time.Now()
	w.changed(Parse(w.path, data, slots.DateOf(now, now.Location())))
	return false
}
