package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"

	"indy/integrations/ical"
	"indy/scheduler"
	"indy/scheduler/slots"
)

// CalendarOptions say where an organizer's calendars are.
type CalendarOptions struct {
	// Write is the folder that indy's events stand in, one .ics file each. It is made when
	// it is missing. What else is in it makes the organizer busy.
	Write string
	// Busy are further folders that make the organizer busy. They must be there.
	Busy []string
	// People is a folder with one folder for each person whose calendar can be seen, named
	// by the address; "" for none.
	People string
	// Zone is the organizer's, for whole days and for times without a zone.
	Zone *time.Location
	// Address is the organizer's: what they declined does not make them busy.
	Address string
	// Fleeting is for plays, which are made anew: nothing is forced onto the disk.
	Fleeting bool
}

// Calendar is an organizer's calendars in folders. Its methods may be called by several
// goroutines at once; other programs may work on the folders at any time.
type Calendar struct {
	o CalendarOptions

	mu     sync.Mutex
	shelf  *shelf
	busy   *ical.Folder            // of all folders
	people map[string]*ical.Folder // by path, as they are asked for
}

// OpenCalendar opens the calendars.
func OpenCalendar(o CalendarOptions) (*Calendar, error) {
	if o.Zone == nil {
		return nil, errors.New("open the calendar: no zone")
	}
	if err := os.MkdirAll(o.Write, 0o700); err != nil {
		return nil, fmt.Errorf("open the calendar: %w", err)
	}
	return &Calendar{o: o, shelf: newShelf(o.Write, disk{o.Fleeting}), people: map[string]*ical.Folder{},
		busy: ical.OpenFolder(append([]string{o.Write}, o.Busy...))}, nil
}

// suspicion says that the folder does not look as it should: nothing is concluded from it.
func suspicion(err error) error {
	return &scheduler.Failure{Kind: scheduler.Suspicion, Err: err,
		Hint: `see whether the config names the right folder, and the program that keeps it works; then all goes on by itself`}
}

// fileName refuses IDs that could lead to another folder.
func fileName(id string) (string, error) {
	if id == "" || len(id) > 200 || strings.HasPrefix(id, ".") || strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	}) {
		return "", fmt.Errorf("not an event's name: %q", id)
	}
	return id + ".ics", nil
}

func outdated(action, what string) error {
	return &scheduler.Failure{Kind: scheduler.Outdated, Err: fmt.Errorf("%s: it %s meanwhile", action, what)}
}

// Put makes an event, or changes it if its file still has that ETag. What other programs
// added to it stays.
func (c *Calendar) Put(_ context.Context, ev scheduler.CalendarEvent) (etag string, err error) {
	action := "change an event"
	if ev.ETag == "" {
		action = "make an event"
	}
	if idOf(ev.UID) != ev.ID {
		return "", final("", fmt.Errorf("%s: UID %q does not begin with its ID %q", action, ev.UID, ev.ID))
	}
	name, err := fileName(ev.ID)
	if err != nil {
		return "", final("", fmt.Errorf("%s: %w", action, err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.shelf.look(); err != nil {
		return "", c.trouble(action, err)
	}
	have, b := c.shelf.find(ev.ID)
	switch {
	case have == "" && ev.ETag == "":
		etag, err = c.make(name, ev)
	case have == "":
		return "", outdated(action, "was deleted")
	default:
		etag, err = c.change(have, b, ev, action)
	}
	return etag, c.trouble(action, err)
}

// trouble makes an error of the file system a failure; action is "" where the error says
// already what was done.
func (c *Calendar) trouble(action string, err error) error {
	var f *scheduler.Failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	if action != "" {
		err = fmt.Errorf("%s: %w", action, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return suspicion(err)
	}
	return again(err)
}

func (c *Calendar) make(name string, ev scheduler.CalendarEvent) (string, error) {
	content, err := ical.EncodeEvent(ev)
	if err != nil {
		return "", final("", fmt.Errorf("make an event: %w", err))
	}
	if err := c.shelf.write(name, content, true); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return "", outdated("make an event", "was made")
		}
		return "", err
	}
	return etagOf(content), nil
}

// change rewrites an event, if it is as it was last seen. One that stands already just as
// it should is left alone.
func (c *Calendar) change(name string, b book, ev scheduler.CalendarEvent, action string) (string, error) {
	_, content, err := c.shelf.read(name, ev.ID)
	if err != nil {
		if b.err != nil {
			return "", outdated(action, "became unreadable")
		}
		return "", err
	}
	want, err := ical.UpdateEvent(content, ev)
	if err != nil {
		return "", final("", fmt.Errorf("%s: %w", action, err))
	}
	now := etagOf(content)
	switch {
	case stands(content, want):
		return now, nil
	case ev.ETag != now:
		return "", outdated(action, "was changed")
	}
	if err := c.shelf.write(name, want, false); err != nil {
		return "", err
	}
	return etagOf(want), nil
}

// stands says that an event's file needs no change: other programs may write the same
// event in other words.
func stands(content, want []byte) bool {
	if string(content) == string(want) {
		return true
	}
	have, err := ical.DecodeEvent(content)
	if err != nil {
		return false
	}
	wanted, err := ical.DecodeEvent(want)
	have.Stamp, wanted.Stamp = time.Time{}, time.Time{}
	return err == nil && reflect.DeepEqual(have, wanted)
}

// Remove deletes an event, if its file still has that ETag.
func (c *Calendar) Remove(_ context.Context, ref scheduler.EventRef) error {
	const action = "delete an event"
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.shelf.look(); err != nil {
		return c.trouble(action, err)
	}
	name, b := c.shelf.find(ref.ID)
	if name == "" {
		return nil
	}
	if ref.ETag != "" && ref.ETag != b.etag {
		return outdated(action, "was changed")
	}
	return c.trouble(action, c.shelf.remove(name))
}

// Changes compares the watched events with their files. It needs no cursor. A folder that
// is gone, or empty though several events should stand in it, is a Suspicion and nothing
// is concluded from it.
func (c *Calendar) Changes(_ context.Context, cursor string, watched []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	const action = "read the calendar"
	c.mu.Lock()
	defer c.mu.Unlock()
	count, err := c.shelf.look()
	if err != nil {
		return nil, cursor, c.trouble(action, err)
	}
	if count == 0 && len(watched) > 1 {
		return nil, cursor, suspicion(fmt.Errorf("%s: %s: %w", action, filepath.Base(c.o.Write), scheduler.ErrEmptied))
	}
	var changed []scheduler.CalendarChange
	for _, ref := range watched {
		name, b := c.shelf.find(ref.ID)
		switch {
		case name == "":
			changed = append(changed, scheduler.CalendarChange{ID: ref.ID, Deleted: true})
			continue
		case b.etag == ref.ETag:
			continue
		}
		ev, _, err := c.shelf.read(name, ref.ID)
		if err != nil { // perhaps it is being written
			return nil, cursor, again(fmt.Errorf("%s: %w", action, err))
		}
		if ev.ETag != ref.ETag {
			changed = append(changed, scheduler.CalendarChange{ID: ref.ID, Event: ev})
		}
	}
	return changed, cursor, nil
}

// Busy is what makes the organizer busy in all folders, indy's own events left out.
func (c *Calendar) Busy(ctx context.Context, from, to time.Time) ([]slots.Busy, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.shelf.look(); err != nil {
		return nil, c.trouble("read the calendar", err)
	}
	ours := map[string]bool{}
	for _, b := range c.shelf.files {
		if b.ours {
			ours[b.uid] = true
		}
	}
	q := ical.Query{From: from, To: to, Floating: c.o.Zone, Address: c.o.Address, Skip: func(uid string) bool { return ours[uid] }}
	busy, err := c.busy.Busy(ctx, q)
	return busy, c.trouble("", err)
}

// PersonBusy is what makes somebody else busy, where there is a folder of theirs.
func (c *Calendar) PersonBusy(ctx context.Context, address string, from, to time.Time) ([]slots.Busy, bool, error) {
	const action = "read a person's calendar"
	if c.o.People == "" {
		return nil, false, nil
	}
	name, err := folderName(address)
	if err != nil {
		return nil, false, final("", fmt.Errorf("%s: %w", action, err))
	}
	path := filepath.Join(c.o.People, name)
	if there, err := exists(path); err != nil || !there {
		return nil, false, c.trouble(action, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.people[path] == nil {
		c.people[path] = ical.OpenFolder([]string{path})
	}
	busy, err := c.people[path].Busy(ctx, ical.Query{From: from, To: to, Floating: c.o.Zone, Address: address})
	return busy, err == nil, c.trouble(action, err)
}

// Watch calls changed when a file in one of the folders changes.
func (c *Calendar) Watch(ctx context.Context, changed func()) error {
	if err := watch(ctx, append([]string{c.o.Write}, c.o.Busy...), changed); err != nil {
		return again(fmt.Errorf("watch the calendar: %w", err))
	}
	return nil
}
