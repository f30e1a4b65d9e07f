package ical

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"indy/scheduler/slots"
)

// Folder is calendars on disk: .ics files, and folders of them. Files that did not change
// are not read again.
type Folder struct {
	paths []string

	mu    sync.Mutex
	known map[string]file
}

// file is a file as last read, under its identity.
type file struct {
	size, modified int64
	content        []byte
}

// OpenFolder makes a Folder of files and folders. Nothing is read yet.
func OpenFolder(paths []string) *Folder {
	return &Folder{paths: slices.Clone(paths), known: map[string]file{}}
}

// Busy is Busy over everything in the folder. One that vanished, or a file that cannot be
// read or understood, is an error: it is never free time.
func (f *Folder) Busy(ctx context.Context, q Query) ([]slots.Busy, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []slots.Busy
	seen := map[string]file{}
	for _, path := range f.paths {
		files, err := icsFiles(path)
		if err != nil {
			return nil, fmt.Errorf("read the calendar %s: %w", path, err)
		}
		for _, name := range files {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			x, err := f.read(name)
			if os.IsNotExist(err) { // deleted just now
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("read the calendar %s: %w", name, err)
			}
			seen[name] = x
			list, err := Busy(bytes.NewReader(x.content), q)
			if err != nil {
				return nil, fmt.Errorf("read the calendar %s: %w", name, err)
			}
			out = append(out, list...)
		}
	}
	f.known = seen
	slices.SortFunc(out, func(a, b slots.Busy) int { return a.From.Compare(b.From) })
	return out, nil
}

func (f *Folder) read(name string) (file, error) {
	info, err := os.Stat(name)
	if err != nil {
		return file{}, err
	}
	if old, ok := f.known[name]; ok && old.size == info.Size() && old.modified == info.ModTime().UnixNano() {
		return old, nil
	}
	b, err := os.ReadFile(name)
	return file{info.Size(), info.ModTime().UnixNano(), b}, err
}

// icsFiles are the calendar files at a path.
func icsFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	list, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range list {
		if name := e.Name(); !e.IsDir() && strings.EqualFold(filepath.Ext(name), ".ics") && !strings.HasPrefix(name, ".") {
			out = append(out, filepath.Join(path, name))
		}
	}
	return out, nil
}
