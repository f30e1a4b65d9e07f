package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"indy/integrations/ical"
	"indy/scheduler"
)

// shelf is the folder that indy writes events to, one in a file. It reads a file again
// only when its name, size, time or identity has changed.
type shelf struct {
	dir   folder
	disk  disk
	files map[string]book // by name, as last seen
}

// book is what is known of one file.
type book struct {
	info fs.FileInfo
	read time.Time
	etag string // of its content
	uid  string // "" for what is no event
	ours bool
	err  error // why it cannot be read as an event
}

func newShelf(path string, d disk) *shelf {
	return &shelf{dir: folder{path: path}, disk: d, files: map[string]book{}}
}

func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:16])
}

func isEventFile(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".ics") }

// look brings the shelf up to date and says how many event files are on it.
func (s *shelf) look() (count int, err error) {
	names, err := s.dir.list()
	if err != nil {
		return 0, err
	}
	there := make(map[string]bool, len(names))
	for _, name := range names {
		if !isEventFile(name) {
			continue
		}
		if err := s.lookAt(name); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return 0, err
		}
		there[name] = true
	}
	for name := range s.files {
		if !there[name] {
			delete(s.files, name)
		}
	}
	return len(there), nil
}

func (s *shelf) lookAt(name string) error {
	path := filepath.Join(s.dir.path, name)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if old, known := s.files[name]; known && sameFile(old, info) {
		return nil
	}
	now := time.Now()
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b := book{info: info, read: now, etag: etagOf(content)}
	ev, err := ical.DecodeEvent(content)
	if err != nil {
		b.err = err
	} else {
		b.uid, b.ours = ev.UID, ev.OneToOne != ""
	}
	s.files[name] = b
	return nil
}

// sameFile says that the file cannot have changed since it was read. One that was written
// just before it was read may have been written again at the same time.
func sameFile(b book, info fs.FileInfo) bool {
	return os.SameFile(b.info, info) && b.info.Size() == info.Size() && b.info.ModTime().Equal(info.ModTime()) &&
		b.read.Sub(info.ModTime()) > settle
}

// find is the file of an event of ours: the one that we named, or whichever has its UID by
// now, since other programs name files in their own way. It is "" when there is none.
func (s *shelf) find(id string) (name string, b book) {
	if b, there := s.files[id+".ics"]; there && (b.err != nil || idOf(b.uid) == id) {
		return id + ".ics", b
	}
	for name, b := range s.files {
		if idOf(b.uid) == id {
			return name, b
		}
	}
	return "", book{}
}

// idOf is the event's ID in a UID of ours: what stands before the "@".
func idOf(uid string) string {
	id, _, _ := strings.Cut(uid, "@")
	return id
}

// read is an event of ours as it is now.
func (s *shelf) read(name, id string) (ev scheduler.CalendarEvent, content []byte, err error) {
	content, err = os.ReadFile(filepath.Join(s.dir.path, name))
	if err != nil {
		return ev, nil, err
	}
	ev, err = ical.DecodeEvent(content)
	if err != nil {
		return ev, content, fmt.Errorf("read %s: %w", name, err)
	}
	ev.ID, ev.ETag = id, etagOf(content)
	return ev, content, nil
}

// write puts a file in place whole: beside it first, onto the disk, then renamed. With
// fresh it never replaces another (fs.ErrExist).
func (s *shelf) write(name string, content []byte, fresh bool) error {
	path := filepath.Join(s.dir.path, name)
	tmp := filepath.Join(s.dir.path, "."+name+".tmp")
	if err := s.disk.writeFile(tmp, content); err != nil {
		return err
	}
	var err error
	if fresh {
		if err = os.Link(tmp, path); err == nil || errors.Is(err, fs.ErrExist) {
			err = errors.Join(err, os.Remove(tmp))
		} else { // a file system without links
			err = renameFresh(tmp, path)
		}
	} else {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		return err
	}
	return s.disk.syncDir(s.dir.path)
}

func renameFresh(from, to string) error {
	if there, err := exists(to); err != nil || there {
		return errors.Join(err, fs.ErrExist)
	}
	return os.Rename(from, to)
}

func (s *shelf) remove(name string) error {
	if err := os.Remove(filepath.Join(s.dir.path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.disk.syncDir(s.dir.path)
}
