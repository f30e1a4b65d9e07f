package local

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"
)

// Files have no order, so a cursor says two things: up to which batch this process has
// told (Run, Batch), and, for the process after it, from when on it has to look again
// (Since). What is told twice has the same ID, so whoever handles mails knows it.
type cursor struct {
	// Since is when the files to be looked at were written, at the earliest; Unix milliseconds.
	Since int64 `json:"since"`
	// Skip are those written after Since that were there at the first look.
	Skip  []string `json:"skip,omitempty"`
	Run   string   `json:"run"`
	Batch int      `json:"batch"`
}

const (
	// unsure is how far clocks of the machine and of its file server may differ.
	unsure = time.Minute
	// lookBack is how long after it was written a file may appear between two runs: mail
	// programs that fetch mail may keep the time at which it reached the server.
	lookBack = 14 * 24 * time.Hour
	// moveEvery keeps Since from changing, and so being saved, at each look.
	moveEvery = 24 * time.Hour
)

func runName() string { return rand.Text()[:8] }

func parseCursor(s string) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	var c cursor
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return nil, fmt.Errorf("a cursor that is not ours: %w", err)
	}
	return &c, nil
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and strings
	}
	return string(text)
}

// since lists what is to be told after the cursor, and the cursor after that.
func (m *Mailbox) since(from *cursor) ([]item, cursor, error) {
	now := time.Now()
	if from != nil && from.Run == m.run && from.Batch == m.batch && m.unchanged() {
		return nil, m.moveOn(*from, m.there, now), nil
	}
	if err := m.list(); err != nil {
		return nil, cursor{}, err
	}
	if from == nil {
		return nil, m.firstCursor(m.there, now), nil
	}
	return m.after(*from, m.there), m.moveOn(*from, m.there, now), nil
}

func (m *Mailbox) unchanged() bool {
	return m.there != nil && m.boxes[0].unchanged() && m.boxes[1].unchanged()
}

// list looks what is there, and counts a batch when there is more than before.
func (m *Mailbox) list() error {
	there := map[string]item{}
	for _, b := range m.boxes {
		err := b.each(func(id, path string, own bool) {
			if _, twice := there[id]; !twice {
				there[id] = item{id: id, path: path, own: own}
			}
		})
		if err != nil {
			return err
		}
	}
	batch := m.batch + 1
	for id := range there {
		if _, known := m.known[id]; !known {
			m.known[id], m.batch = batch, batch
		}
	}
	for id := range m.known { // of what is gone nothing is kept
		if _, still := there[id]; !still {
			delete(m.known, id)
		}
	}
	m.there = there
	return nil
}

func (m *Mailbox) firstCursor(paths map[string]item, now time.Time) cursor {
	c := cursor{Since: now.Add(-unsure).UnixMilli(), Run: m.run, Batch: m.batch}
	for id, it := range paths {
		if info, err := os.Stat(it.path); err != nil || info.ModTime().UnixMilli() >= c.Since {
			c.Skip = append(c.Skip, id)
		}
	}
	slices.Sort(c.Skip)
	return c
}

// after picks what the cursor has not told: by batch when it is this process's own, else
// by the time at which the files were written.
func (m *Mailbox) after(from cursor, paths map[string]item) []item {
	skip := map[string]bool{}
	for _, id := range from.Skip {
		skip[id] = true
	}
	var items []item
	for id, it := range paths {
		if skip[id] || from.Run == m.run && m.known[id] <= from.Batch {
			continue
		}
		info, err := os.Stat(it.path)
		if err == nil {
			it.at = info.ModTime()
			if from.Run != m.run && it.at.UnixMilli() < from.Since {
				continue
			}
		} // a file that has just been moved is looked for when it is read
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	return items
}

// moveOn is the next cursor; the same one when nothing came.
func (m *Mailbox) moveOn(from cursor, paths map[string]item, now time.Time) cursor {
	next := cursor{Since: from.Since, Skip: from.Skip, Run: m.run, Batch: m.batch}
	if later := now.Add(-lookBack).UnixMilli(); later-from.Since > moveEvery.Milliseconds() {
		next.Since, next.Skip = later, nil
		for _, id := range from.Skip { // those of which the file says a later time than it was
			info, err := os.Stat(paths[id].path)
			if err == nil && info.ModTime().UnixMilli() >= later {
				next.Skip = append(next.Skip, id)
			}
		}
	}
	return next
}
