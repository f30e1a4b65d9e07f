package ical

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"indy/scheduler/slots"
)

// BusyFiles is Busy over calendars on disk, .ics files and folders of them, for a program
// that asks once. A path that cannot be read is an error. Large files are read by all
// processors at once.
func BusyFiles(paths []string, q Query) ([]slots.Busy, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	w := window{q.From.Unix(), ceilUnix(q.To), q.Address}
	a := newAnswer(q)
	var files []string
	for _, path := range paths {
		list, err := listCalendars(path)
		if err != nil {
			return nil, err
		}
		files = append(files, list.files...)
	}
	sources, err := w.readAll(files)
	if err != nil {
		return nil, err
	}
	for i, src := range sources {
		if err := a.add(src); err != nil {
			return nil, fmt.Errorf("read the calendar %s: %w", files[i], err)
		}
	}
	return a.result(q), nil
}

// window is the time that calendars are read for, in Unix seconds, and for whom.
type window struct {
	from, to int64
	address  string
}

const (
	pieceSize = 1 << 20 // at least, of what one processor takes at a time
	bufSize   = 128 << 10
	smallFile = 8 << 10
)

// readAll reads each of the files into a source.
func (w window) readAll(files []string) ([]*source, error) {
	sources := make([]*source, len(files))
	errs := make([]error, len(files))
	if len(files) == 1 {
		sources[0], errs[0] = w.readFile(files[0], newReader())
		return sources, errs[0]
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wait.Go(func() {
			rd := newReader()
			for i := next.Add(1) - 1; int(i) < len(files); i = next.Add(1) - 1 {
				sources[i], errs[i] = w.readFile(files[i], rd)
			}
		})
	}
	wait.Wait()
	return sources, errors.Join(errs...)
}

// reader is what one goroutine needs to read files one after the other.
type reader struct {
	book *zoneBook
	buf  []byte
}

func newReader() *reader { return &reader{book: newZoneBook()} }

// room is where a file of this size is read. One event takes little.
func (rd *reader) room(size int64) []byte {
	need := bufSize
	if size < smallFile {
		need = smallFile
	}
	if len(rd.buf) < need {
		rd.buf = make([]byte, need)
	}
	return rd.buf
}

// readFile reads one file.
func (w window) readFile(path string, rd *reader) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	defer f.Close()
	src, err := w.readOpen(f, rd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return src, nil
}

func (w window) readOpen(f *os.File, rd *reader) (*source, error) {
	size := int64(forever)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
		if size >= 2*pieceSize && runtime.GOMAXPROCS(0) > 1 {
			return w.readPieces(f, size)
		}
	}
	s := newScanner(w.from, w.to, w.address, rd.book)
	if err := s.read(f, rd.room(size)); err != nil {
		return nil, err
	}
	return gather(s)
}

// readPieces reads a large file with all processors. A piece goes from the first event that
// begins in it to the first that begins in the next.
func (w window) readPieces(f *os.File, size int64) (*source, error) {
	workers := runtime.GOMAXPROCS(0)
	step := max(pieceSize, size/int64(8*workers))
	scanners := make([]*scanner, (size+step-1)/step)
	errs := make([]error, len(scanners))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			rd := newReader()
			for i := next.Add(1) - 1; int(i) < len(scanners); i = next.Add(1) - 1 {
				s := newScanner(w.from, w.to, w.address, rd.book)
				scanners[i] = s
				start := int64(i) * step
				if s.stop = start + step; s.stop >= size {
					s.stop = forever
				}
				if start > 0 { // from the end of the line before
					start--
					s.seeking, s.skipping = true, true
				}
				s.base = start
				errs[i] = s.read(io.NewSectionReader(f, start, size-start), rd.room(forever))
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return gather(scanners...)
}
