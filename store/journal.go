package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"indy/scheduler/ledger"
)

// A decision touches a dozen trees of the database, each with a page of its own. So on
// SQLite it is first put into the journal, as one row at the journal's end, and is durable
// by that. Filing it in its tables is done later, many decisions at a time, without waiting
// for the disk: if that is lost the journal still has it.
//
// Nobody sees the difference. What is journaled concerns one organizer alone, and whoever
// reads of them waits until it is filed, unless it cannot change the answer; so does every
// write but a plain decision; and whoever opens the database files what a crash has left.

const (
	// fileAfter is how long decisions wait for more to come before they are filed.
	fileAfter = 50 * time.Millisecond
	// fileAt is how many are filed at once, at the most: some 20 KiB each until then.
	fileAt = 2048
	// fileAgain is how long a full disk is left alone.
	fileAgain = time.Second
)

// journal is the writer's part of it.
type journal struct {
	unfiled []*decision
	before  int      // how many there were before the transaction
	filed   int      // how many of them the transaction has filed
	last    int64    // the latest row's id
	stuck   bool     // filing failed the last time
	lazy    bool     // the connection does not wait for the disk
	waiting *waiting // whose are unfiled, for those who read

	left        chan struct{} // says that there are some
	latestRound time.Time
}

// waiting is what those who read must know of decisions that are not filed yet, by organizer.
type waiting struct {
	mu sync.Mutex
	of map[string]*unfiled
}

// unfiled is one organizer's part of it.
type unfiled struct {
	touched map[string]bool // see decision.touches
}

// any says whether there are some of the organizer's.
func (w *waiting) any(who string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of[who] != nil
}

// touched says whether any of them changes what one of these names stands for.
func (w *waiting) touched(who string, names ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.of[who]
	return u != nil && slices.ContainsFunc(names, func(name string) bool { return u.touched[name] })
}

func (w *waiting) add(d *decision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count(d)
}

func (w *waiting) count(d *decision) {
	u := w.of[d.who]
	if u == nil {
		u = &unfiled{touched: map[string]bool{}}
		w.of[d.who] = u
	}
	for _, name := range d.touches {
		u.touched[name] = true
	}
	delete(u.touched, "") // no name
}

// reset counts again: these are all.
func (w *waiting) reset(list []*decision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.of)
	for _, d := range list {
		w.count(d)
	}
}

// enter puts a decision into the journal, or refuses it.
func (d *decision) enter(w *writer) error {
	if !w.dialect.journal || d.concernsOthers {
		if err := w.file(); err != nil {
			return err
		}
		return d.save(w)
	}
	known, err := w.known(d.who, d.version)
	if err != nil {
		return err
	}
	if known.version != d.version {
		return refusal{ledger.ErrConflict}
	}
	if d.merged, err = mergeCursors(known.cursors, d.cursors); err != nil {
		return err
	}
	w.last++
	d.journaled = w.last
	if _, err := w.exec(insertJournal, d.journaled, d.body); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	w.unfiled = append(w.unfiled, d)
	w.remember(d.who, saved{d.next, d.merged})
	w.waiting.add(d)
	return nil
}

// file files, within the transaction, what the journal holds.
func (w *writer) file() error {
	if w.filed == len(w.unfiled) {
		return nil
	}
	for _, d := range w.unfiled[w.filed:] {
		if err := d.fileIn(w); err != nil {
			return fmt.Errorf("file a decision: %w", err)
		}
		w.filed++
	}
	_, err := w.exec(clearJournal, w.unfiled[w.filed-1].journaled)
	return err
}

// keep drops what was filed, once that is certain.
func (w *writer) keep() {
	if w.filed > 0 {
		w.unfiled, w.filed = slices.Clone(w.unfiled[w.filed:]), 0
		w.waiting.reset(w.unfiled)
	}
}

// rest sees to it, after a round, that what is left will be filed.
func (w *writer) rest() {
	w.latestRound = time.Now()
	switch {
	case len(w.unfiled) == 0:
	case len(w.unfiled) >= fileAt && !w.stuck:
		w.fileAll()
	default:
		select {
		case w.left <- struct{}{}:
		default: // said already
		}
	}
}

// fileLater files, in quiet moments, what rounds have left, until the store is closed.
func (s *Store) fileLater() {
	for wait := fileAfter; ; wait = fileAfter {
		select {
		case <-s.writer.left:
		case <-s.closing:
			return
		}
		for wait > 0 {
			select {
			case <-time.After(wait):
			case <-s.closing:
				return
			}
			s.turn <- struct{}{}
			wait = s.writer.fileQuiet()
			<-s.turn
		}
	}
}

// fileQuiet files everything when nothing came of late. It answers how long to wait before
// it is to be tried again, 0 when all is filed.
func (w *writer) fileQuiet() (again time.Duration) {
	if quiet := time.Since(w.latestRound); quiet < fileAfter && !w.stuck {
		return fileAfter - quiet
	}
	w.fileAll()
	if w.stuck {
		return fileAgain
	}
	return 0
}

// fileAll files everything. Where it cannot, the journal keeps it, and whoever reads next
// learns why.
func (w *writer) fileAll() {
	if len(w.unfiled) > 0 {
		j := fileJob()
		w.do([]*job{j})
		w.stuck = j.err != nil
	}
}

func fileJob() *job {
	return &job{apply: (*writer).file, lazy: true, done: make(chan struct{})}
}

// fileFirst returns when everything is filed that the organizer has decided before.
func (s *Store) fileFirst(ctx context.Context, who string) error {
	if !s.waiting.any(who) {
		return nil
	}
	return s.wait(ctx, fileJob())
}

// known is the organizer's row as of the latest decision, filed or not. Where another
// process may have decided meanwhile, only a row at the expected version is taken on trust.
func (w *writer) known(who string, version int64) (saved, error) {
	if known, ok := w.latest[who]; ok && (w.dialect.journal || known.version == version) {
		return known, nil
	}
	var known saved
	if _, err := w.row(selectOrganizer, []any{who}, &known.version, &known.cursors); err != nil {
		return saved{}, fmt.Errorf("read the version: %w", err)
	}
	return known, nil
}

func (w *writer) remember(who string, s saved) {
	if len(w.latest) >= keptOrganizers {
		w.forgetLatest()
	}
	w.latest[who] = s
}

// forgetLatest forgets all that the database knows as well.
func (w *writer) forgetLatest() {
	clear(w.latest)
	for _, d := range w.unfiled {
		w.latest[d.who] = saved{d.next, d.merged}
	}
	w.waiting.reset(w.unfiled)
}

// journalBody is a decision as the journal keeps it: the length of its JSON, the JSON, and
// for each effect the length and the bytes of its mail.
func journalBody(c ledger.Commit) ([]byte, error) {
	raws := make([][]byte, len(c.Effects))
	c.Effects = slices.Clone(c.Effects)
	size := 0
	for i := range c.Effects {
		raws[i], c.Effects[i].Raw = c.Effects[i].Raw, nil
		size += len(raws[i]) + binary.MaxVarintLen64
	}
	doc, err := marshal(c)
	if err != nil {
		return nil, err
	}
	body := make([]byte, 0, len(doc)+size+binary.MaxVarintLen64)
	body = append(binary.AppendUvarint(body, uint64(len(doc))), doc...)
	for _, raw := range raws {
		body = append(binary.AppendUvarint(body, uint64(len(raw))), raw...)
	}
	return body, nil
}

func readJournal(body []byte) (c ledger.Commit, err error) {
	cut := func() []byte {
		n, used := binary.Uvarint(body)
		if used <= 0 || n > uint64(len(body)-used) {
			err = errors.New("read the journal: it is cut short")
			return nil
		}
		part := body[used : used+int(n)]
		body = body[used+int(n):]
		return part
	}
	doc := cut()
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(doc, &c); err != nil {
		return c, fmt.Errorf("read the journal: %w", err)
	}
	for i := range c.Effects {
		c.Effects[i].Raw = cut()
	}
	return c, err
}

// recover files what the process before has left in the journal.
func (w *writer) recover(ctx context.Context, s *Store) error {
	if err := w.ready(); err != nil {
		return err
	}
	if err := w.begin(ctx, w.dialect.begin); err != nil {
		return err
	}
	err := w.recall(ctx, s)
	if err == nil {
		err = w.file()
	}
	if err == nil {
		_, err = w.exec(`COMMIT`)
	}
	if err != nil {
		w.rollback()
		return fmt.Errorf("file what was left: %w", err)
	}
	w.keep()
	return nil
}

func (w *writer) recall(ctx context.Context, s *Store) error {
	var ids []int64
	var bodies [][]byte
	var id int64
	var body []byte
	err := w.each(ctx, selectJournal, nil, []any{&id, &body}, func() error {
		ids, bodies = append(ids, id), append(bodies, body)
		return nil
	})
	if err != nil {
		return err
	}
	for i, body := range bodies {
		c, err := readJournal(body)
		if err != nil {
			return err
		}
		d, err := s.outline(c)
		if err == nil {
			err = d.encode(s, c)
		}
		if err != nil {
			return err
		}
		known, err := w.known(d.who, d.version)
		if err != nil {
			return err
		}
		if d.merged, err = mergeCursors(known.cursors, d.cursors); err != nil {
			return err
		}
		d.journaled, w.last = ids[i], ids[i]
		w.unfiled = append(w.unfiled, d)
		w.remember(d.who, saved{d.next, d.merged})
	}
	return nil
}

// fileLeft files what a process that has died has left, so that readers see it.
func fileLeft(ctx context.Context, path string) error {
	log, err := os.Stat(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0 {
		return nil // it was closed
	}
	s, err := Open(ctx, path)
	var locked *LockedError
	if errors.As(err, &locked) { // it lives
		return nil
	}
	if err != nil {
		return err
	}
	return s.Close()
}

// awaitFiled gives the process that writes a moment to file what it has just decided. One
// that is never quiet is not waited for.
func awaitFiled(ctx context.Context, db *sql.DB) error {
	for range 20 {
		var any bool
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM journal)`).Scan(&any); err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if !any {
			return nil
		}
		select {
		case <-time.After(fileAfter):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
