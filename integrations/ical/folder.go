package ical

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"indy/scheduler/slots"
)

// Folder is calendars on disk, for a program that asks again and again: .ics files, and
// folders of them with those below. A file is read again only when it is another one or was
// written since; where the system tells of changes, the others are not even looked at. All
// methods may be called from several goroutines.
type Folder struct {
	paths []string

	mu     sync.Mutex
	window window
	files  map[string]*known
	single []string // files that no watched folder holds, looked at each time
	watch  *watch   // nil: every file is looked at each time
	swept  time.Time
	reader *reader
}

// known is a file as last read.
type known struct {
	identity
	young  bool // written so lately that a later change might not show
	source *source
}

const (
	behind, ahead = 40 * day, 400 * day // what is read around a query, so that later ones find it too

	trust  = time.Minute     // so long a watch alone is trusted
	settle = 3 * time.Second // times of files are coarser than that nowhere
	batch  = 64              // changed files from which on all processors read
)

// OpenFolder makes a Folder of files and folders. Nothing is read yet.
func OpenFolder(paths []string) *Folder {
	return &Folder{paths: slices.Clone(paths), files: map[string]*known{}, reader: newReader()}
}

// Busy is Busy over everything in the folder. A path that vanished, and a file that cannot
// be read or understood, is an error: it is never free time.
func (f *Folder) Busy(ctx context.Context, q Query) ([]slots.Busy, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if from, to := q.From.Unix(), ceilUnix(q.To); from < f.window.from || to > f.window.to || q.Address != f.window.address {
		f.forget()
		f.window = window{from - behind, to + ahead, q.Address}
	}
	if err := f.refresh(ctx); err != nil {
		f.swept = time.Time{} // look at everything next time
		return nil, err
	}
	a := newAnswer(q)
	for name, k := range f.files {
		if len(k.source.records) == 0 {
			continue
		}
		if err := a.add(k.source); err != nil {
			return nil, fmt.Errorf("read the calendar %s: %w", name, err)
		}
	}
	return a.result(q), nil
}

// Close lets go of what watches the folder. The Folder can be used again.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unwatch()
	return nil
}

func (f *Folder) unwatch() {
	if f.watch != nil {
		f.watch.close()
		f.watch = nil
	}
	f.swept = time.Time{}
}

func (f *Folder) forget() {
	clear(f.files)
	f.swept = time.Time{}
}

// refresh brings what is known up to date.
func (f *Folder) refresh(ctx context.Context) error {
	if f.watch == nil || time.Since(f.swept) > trust {
		return f.sweep(ctx)
	}
	changed, ok := f.watch.changed()
	if !ok {
		return f.sweep(ctx)
	}
	for name := range changed {
		if err := f.look(name); err != nil {
			return err
		}
	}
	for _, name := range f.single {
		if err := f.look(name); err != nil {
			return err
		}
		if f.files[name] == nil {
			return fmt.Errorf("read the calendar: %s: %w", name, fs.ErrNotExist)
		}
	}
	return ctx.Err()
}

// look reads one file again if it changed, and forgets it if it is gone.
func (f *Folder) look(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		delete(f.files, name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the calendar: %w", err)
	}
	if old := f.files[name]; old != nil && !old.young && old.identity == identify(info) {
		return nil
	}
	k, err := f.window.readKnown(name, f.reader)
	if err != nil {
		return err
	}
	f.files[name] = k
	return nil
}

// sweep looks at every file and watches every folder.
func (f *Folder) sweep(ctx context.Context) error {
	f.unwatch()
	w := newWatch()
	now := time.Now()
	var changed []string
	next := make(map[string]*known, len(f.files))
	var single []string
	for _, path := range f.paths {
		l, err := w.list(path)
		if err != nil {
			w.close()
			return err
		}
		if len(l.folders) == 0 {
			single = append(single, path)
		}
		single = append(single, l.linked...)
		for _, name := range l.files {
			if k := f.unchanged(name); k != nil {
				next[name] = k
			} else {
				changed = append(changed, name)
			}
		}
	}
	read, err := f.window.readChanged(ctx, changed, f.reader)
	if err != nil {
		w.close()
		return err
	}
	for i, name := range changed {
		next[name] = read[i]
	}
	f.files, f.single, f.swept = next, single, now
	if f.watch = w; !w.works {
		w.close()
		f.watch = nil
	}
	return nil
}

// unchanged is what is known of a file, if that still holds.
func (f *Folder) unchanged(name string) *known {
	old := f.files[name]
	if old == nil || old.young {
		return nil
	}
	if info, err := os.Stat(name); err != nil || old.identity != identify(info) {
		return nil
	}
	return old
}

// readChanged reads files, many of them with all processors.
func (w window) readChanged(ctx context.Context, names []string, rd *reader) ([]*known, error) {
	list := make([]*known, len(names))
	workers := 1
	if len(names) >= batch {
		workers = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for n := range workers {
		own := rd
		if n > 0 {
			own = newReader()
		}
		wait.Go(func() {
			for i := n; i < len(names) && errs[n] == nil; i += workers {
				if errs[n] = ctx.Err(); errs[n] == nil {
					list[i], errs[n] = w.readKnown(names[i], own)
				}
			}
		})
	}
	wait.Wait()
	return list, errors.Join(errs...)
}

// readKnown reads one file. One that was just deleted holds nothing.
func (w window) readKnown(name string, rd *reader) (*known, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &known{source: &source{}, young: true}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	src, err := w.readOpen(file, rd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &known{identity: identify(info), young: time.Since(info.ModTime()) < settle, source: src}, nil
}
