package ical

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// listing is what is found at a path.
type listing struct {
	files, folders []string
	linked         []string            // of files: those that lie elsewhere
	before         func(folder string) // called before a folder is listed
}

// maxFolders bounds how many folders a path may hold.
const maxFolders = 10_000

// listCalendars finds the .ics files at a path: itself, or in a folder and those below it,
// hidden ones left out. A path that is not there or cannot be read is an error.
func listCalendars(path string) (listing, error) { return listWatched(path, func(string) {}) }

func listWatched(path string, before func(folder string)) (listing, error) {
	info, err := os.Stat(path)
	if err != nil {
		return listing{}, fmt.Errorf("read the calendar: %w", err)
	}
	if !info.IsDir() {
		return listing{files: []string{path}}, nil
	}
	l := listing{before: before}
	seen := []os.FileInfo{info}
	if err := l.walk(path, &seen); err != nil {
		return listing{}, fmt.Errorf("read the calendar: %w", err)
	}
	return l, nil
}

// walk lists a folder. Links are followed, each folder once.
func (l *listing) walk(path string, seen *[]os.FileInfo) error {
	if l.folders = append(l.folders, path); len(l.folders) > maxFolders {
		return errors.New(path + ": too many folders")
	}
	l.before(path)
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		full, calendar := filepath.Join(path, name), isCalendar(name)
		if e.Type().IsRegular() {
			if calendar {
				l.files = append(l.files, full)
			}
			continue
		}
		if err := l.other(full, calendar, e.IsDir(), seen); err != nil {
			return err
		}
	}
	return nil
}

// other takes an entry that is no plain file: a folder or a link.
func (l *listing) other(path string, calendar, folder bool, seen *[]os.FileInfo) error {
	info, err := os.Stat(path)
	switch {
	case err != nil && (folder || calendar):
		return err
	case err != nil:
		return nil // a dangling link to what was no calendar
	case info.Mode().IsRegular() && calendar:
		l.files, l.linked = append(l.files, path), append(l.linked, path)
		return nil
	case !info.IsDir():
		return nil
	}
	for _, old := range *seen {
		if os.SameFile(old, info) {
			return nil
		}
	}
	*seen = append(*seen, info)
	return l.walk(path, seen)
}

// isCalendar says whether a name in a folder is that of a calendar file.
func isCalendar(name string) bool {
	return !strings.HasPrefix(name, ".") && strings.EqualFold(filepath.Ext(name), ".ics")
}
