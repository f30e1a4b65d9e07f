package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Commit saves a decision, whole or not at all. What c points to must not change any more:
// it may be filed later (see journal.go). It answers ledger.ErrConflict when
// somebody has committed for this organizer since c.Version, or when another organizer of
// the team holds the claim on one of c.Claims.
func (s *Store) Commit(ctx context.Context, c ledger.Commit) (version int64, err error) {
	d, err := s.outline(c)
	switch {
	case err != nil:
	case s.dialect.journal && !d.concernsOthers:
		d.commit = &c
		d.body, err = journalBody(c)
	default:
		err = d.encode(s, c)
	}
	if err != nil {
		return 0, fmt.Errorf("save a decision: %w", err)
	}
	err = s.write(ctx, d.enter)
	if errors.Is(err, ledger.ErrConflict) {
		return 0, ledger.ErrConflict
	}
	if err != nil {
		return 0, fmt.Errorf("save a decision: %w", err)
	}
	return c.Version + 1, nil
}

// decision is a commit on its way into the database: its statements, or a row of the
// journal, of which the statements are made when it is filed. Either is made by whoever
// commits, so that whoever writes, for whom everybody waits, only carries it out.
type decision struct {
	commit         *ledger.Commit // of which the statements are still to be made; nil once they are
	who            string
	team           string
	version, next  int64
	wake, at       int64
	desk           string
	cursors        map[string]string
	claims         []string // hashes, to be checked before anything is written
	settles        bool
	settle         []any
	before         []statement // erasing goes first
	statements     []statement
	forgets        bool
	concernsOthers bool     // it changes what the whole team sees
	touches        []string // the names of threads, keys of effects and ids of mails (after "seen:") that it changes
	body           []byte   // for the journal
	merged         string   // all cursors, once it is in the journal
	journaled      int64
}

// statement is one write; then is done only if it changed a row.
type statement struct {
	query query
	args  []any
	then  []statement
}

// outline is a decision without its statements.
func (s *Store) outline(c ledger.Commit) (*decision, error) {
	d := &decision{
		who: text(string(c.Organizer)), team: text(c.Team), version: c.Version, next: c.Version + 1,
		wake: millis(c.Wake), at: millis(c.At), cursors: c.Cursors, touches: touchesOf(c),
		concernsOthers: len(c.Claims)+len(c.Releases)+len(c.Bars)+len(c.Forget) > 0,
	}
	if c.Settled != nil {
		if _, known := ledger.StateOf(c.Settled.Outcome); !known {
			return nil, fmt.Errorf("settle an effect: no such outcome: %q", c.Settled.Outcome)
		}
	}
	return d, nil
}

// touchesOf are the names of threads, keys of effects and ids of mails that a commit changes.
func touchesOf(c ledger.Commit) (names []string) {
	for _, e := range c.Effects {
		names = append(names, text(e.MessageID), text(e.Token))
	}
	if c.Settled != nil {
		sent := c.Settled.Sent
		names = append(names, text(c.Settled.Key), text(sent.MessageID), text(sent.Thread))
	}
	for _, id := range c.Seen {
		names = append(names, seenName(text(id)))
	}
	return names
}

// ready makes the statements of what stands in the journal. That concerns nobody else, so
// there is nobody whose keys are to be hashed.
func (d *decision) ready() error {
	if d.commit == nil {
		return nil
	}
	made := *d
	if err := made.encode(nil, *d.commit); err != nil {
		return err
	}
	made.commit = nil
	*d = made
	return nil
}

// encode makes the statements.
func (d *decision) encode(s *Store, c ledger.Commit) error {
	if c.Desk != nil {
		desk, err := marshal(c.Desk)
		if err != nil {
			return err
		}
		d.desk = string(desk)
	}
	for _, encode := range []func(*Store, ledger.Commit) error{
		d.encodeForget, d.encodeMemory, d.encodeHistory, d.encodeEffects, d.encodeSettled, d.encodePersons,
	} {
		if err := encode(s, c); err != nil {
			return err
		}
	}
	for _, id := range c.Seen {
		d.add(insertSeen, d.who, text(id), d.at)
	}
	return nil
}

// marshal writes a document. No browser reads it, so < and > stay as they are: the words of
// an event, which hold many, would take several times the room.
func marshal(doc any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (d *decision) add(q query, args ...any) {
	d.statements = append(d.statements, statement{query: q, args: args})
}

func (d *decision) encodeMemory(_ *Store, c ledger.Commit) error {
	for _, st := range c.Standings {
		doc, err := marshal(st)
		if err != nil {
			return err
		}
		d.add(upsertStanding, d.who, text(string(st.Person)), string(doc))
	}
	for _, o := range c.OneToOnes {
		doc, err := marshal(o)
		if err != nil {
			return err
		}
		closed := closedAt(o, c.At)
		d.add(upsertOneToOne, d.who, text(string(o.ID)), text(string(o.Person)), o.Round, closed, string(doc))
		if closed != 0 {
			d.add(keepPast, d.who, text(string(o.Person)))
			d.add(dropPast, d.who, text(string(o.Person)))
		}
	}
	for _, st := range c.Steps {
		doc, err := marshal(st)
		if err != nil {
			return err
		}
		d.add(upsertStep, d.who, text(st.ID), text(string(st.Person)), millis(st.Settled), string(doc))
	}
	return nil
}

// closedAt is when a round was closed, 0 while it is open.
func closedAt(o scheduler.OneToOne, now time.Time) int64 {
	if at := millis(o.Closed); at != 0 {
		return at
	}
	if o.Stage == scheduler.Closed {
		return max(millis(now), 1)
	}
	return 0
}

func (d *decision) encodeHistory(_ *Store, c ledger.Commit) error {
	for i, e := range c.History {
		doc, err := marshal(e)
		if err != nil {
			return err
		}
		d.add(insertHistory, d.who, text(string(e.Person)), d.next, i, millis(e.At), string(doc))
	}
	return nil
}

// effect is the part of a ledger entry that is only carried.
type effect struct {
	OneToOne  scheduler.OneToOneID     `json:"one_to_one,omitempty"`
	Expires   time.Time                `json:"expires,omitzero"`
	MessageID string                   `json:"message_id,omitempty"`
	Subject   string                   `json:"subject,omitempty"`
	Token     string                   `json:"token,omitempty"`
	From      string                   `json:"from,omitempty"`
	To        string                   `json:"to,omitempty"`
	Thread    string                   `json:"thread,omitempty"`
	Answers   scheduler.ThreadRef      `json:"answers"`
	Put       *scheduler.CalendarEvent `json:"put,omitempty"`
	Remove    *scheduler.EventRef      `json:"remove,omitempty"`
	At        time.Time                `json:"at,omitzero"`
}

// result is what is known of an effect once it has happened.
type result struct {
	ID        string `json:"id,omitempty"`
	MessageID string `json:"message_id,omitempty"`
	Thread    string `json:"thread,omitempty"`
	ETag      string `json:"etag,omitempty"`
}

func (d *decision) encodeEffects(_ *Store, c ledger.Commit) error {
	for _, key := range c.Revoked {
		d.add(revokeEffect, d.who, text(key), max(d.at, 1))
	}
	for _, key := range c.Withdrawn {
		d.add(withdrawEffect, d.who, text(key), d.at)
	}
	for i, e := range c.Effects {
		doc, err := marshal(effect{e.OneToOne, e.Expires, e.MessageID, e.Subject, e.Token, e.From, e.To,
			e.Thread, e.Answers, e.Put, e.Remove, e.At})
		if err != nil {
			return err
		}
		key := text(e.Key)
		state, settled := cmp.Or(e.State, ledger.Planned), int64(0)
		if !state.Open() {
			settled = max(d.at, 1)
		}
		st := statement{query: insertEffect, args: []any{d.who, key, d.next, i, text(string(e.Person)), text(string(e.Kind)),
			text(e.Lane), string(state), e.Tries, millis(e.Next), settled, text(e.Ref), text(e.Cause), string(doc)}}
		if len(e.Raw) > 0 {
			st.then = append(st.then, statement{query: insertBody, args: []any{d.who, key, e.Raw}})
		}
		for _, name := range []string{e.MessageID, e.Token} {
			if name != "" {
				st.then = append(st.then, statement{query: upsertThread, args: []any{d.who, text(name), key}})
			}
		}
		d.statements = append(d.statements, st)
	}
	return nil
}

func (d *decision) encodeSettled(_ *Store, c ledger.Commit) error {
	if c.Settled == nil {
		return nil
	}
	state, _ := ledger.StateOf(c.Settled.Outcome)
	sent := c.Settled.Sent
	doc, err := marshal(result{sent.ID, sent.MessageID, sent.Thread, c.Settled.ETag})
	if err != nil {
		return err
	}
	d.settles = true
	d.settle = []any{d.who, text(c.Settled.Key), string(state), max(d.at, 1), text(c.Settled.Cause), string(doc)}
	return nil
}

func (d *decision) encodePersons(s *Store, c ledger.Commit) error {
	for _, p := range slices.Concat(c.Releases, c.Forget) {
		for _, hash := range s.hashes(c.Team, p.Keys) {
			d.add(deleteClaim, d.team, hash, d.who)
		}
	}
	for _, p := range c.Claims {
		for _, hash := range s.hashes(c.Team, p.Keys) {
			d.claims = append(d.claims, hash)
			d.add(upsertClaim, d.team, hash, d.who, text(c.ClaimName), d.at)
		}
	}
	for _, p := range slices.Concat(c.Bars, c.Forget) {
		for _, hash := range s.hashes(c.Team, p.Keys) {
			d.add(insertBar, d.team, hash, d.at)
		}
	}
	return nil
}

func (d *decision) encodeForget(_ *Store, c ledger.Commit) error {
	for _, p := range c.Forget {
		for _, q := range forgetPerson {
			d.before = append(d.before, statement{query: q, args: []any{d.who, text(string(p.Person))}})
		}
	}
	if len(c.Forget) > 0 {
		d.forgets = true
		d.before = append(d.before, statement{query: forgetShared, args: []any{d.who}})
	}
	return nil
}

// save carries the decision out. It refuses before it writes.
func (d *decision) save(w *writer) error {
	cursors, err := d.check(w)
	if err != nil {
		return err
	}
	if d.merged, err = mergeCursors(cursors, d.cursors); err != nil {
		return err
	}
	if err := d.fileIn(w); err != nil {
		return err
	}
	w.remember(d.who, saved{d.next, d.merged})
	return nil
}

// fileIn writes the decision into its tables.
func (d *decision) fileIn(w *writer) error {
	if err := d.ready(); err != nil {
		return err
	}
	if err := d.saveOrganizer(w); err != nil {
		return err
	}
	if err := w.all(d.before); err != nil {
		return err
	}
	if d.settles {
		if err := d.saveSettled(w); err != nil {
			return err
		}
	}
	if err := w.all(d.statements); err != nil {
		return err
	}
	w.forgot = w.forgot || d.forgets
	return nil
}

// check answers the organizer's cursors as they stand.
func (d *decision) check(w *writer) (cursors string, err error) {
	known, err := w.known(d.who, d.version)
	if err != nil {
		return "", err
	}
	if known.version != d.version {
		return "", refusal{ledger.ErrConflict}
	}
	for _, hash := range d.claims {
		var holder string
		found, err := w.row(selectClaim, []any{d.team, hash}, &holder)
		if err != nil {
			return "", fmt.Errorf("read a claim: %w", err)
		}
		if found && holder != d.who {
			return "", refusal{ledger.ErrConflict}
		}
	}
	return known.cursors, nil
}

func (d *decision) saveOrganizer(w *writer) error {
	args := []any{d.who, d.team, d.next, d.wake, d.at, d.desk, d.merged}
	q := updateOrganizer
	if d.version == 0 {
		q = insertOrganizer
	} else {
		args = append(args, d.version)
	}
	changed, err := w.exec(q, args...)
	if err == nil && changed == 0 { // another process was quicker
		err = ledger.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("save the organizer: %w", err)
	}
	return nil
}

func mergeCursors(old string, changed map[string]string) (string, error) {
	if len(changed) == 0 && old != "" {
		return old, nil
	}
	all := map[string]string{}
	if old != "" {
		if err := json.Unmarshal([]byte(old), &all); err != nil {
			return "", fmt.Errorf("read the cursors: %w", err)
		}
	}
	maps.Copy(all, changed)
	merged, err := marshal(all)
	return string(merged), err
}

func (d *decision) saveSettled(w *writer) error {
	var kind string
	found, err := w.row(settleEffect, d.settle, &kind)
	if err != nil {
		return fmt.Errorf("settle an effect: %w", err)
	}
	if !found {
		return nil // settled or erased before
	}
	key := d.settle[1]
	if kind == string(scheduler.MailForgotten) {
		d.forgets = true
		for _, q := range []query{forgetBody, forgetThreads, forgetDoc} {
			if _, err := w.exec(q, d.who, key); err != nil {
				return err
			}
		}
		return nil
	}
	var r result
	if err := json.Unmarshal([]byte(d.settle[5].(string)), &r); err != nil {
		return err
	}
	for _, name := range []string{r.MessageID, r.Thread} {
		if name == "" {
			continue
		}
		if _, err := w.exec(upsertThread, d.who, text(name), key); err != nil {
			return err
		}
	}
	return nil
}

// all runs statements in order.
func (w *writer) all(list []statement) error {
	for i := range list {
		st := &list[i]
		changed, err := w.exec(st.query, st.args...)
		if err != nil {
			return err
		}
		if st.query == upsertClaim && changed == 0 { // another process was quicker
			return ledger.ErrConflict
		}
		if changed > 0 {
			if err := w.all(st.then); err != nil {
				return err
			}
		}
	}
	return nil
}
