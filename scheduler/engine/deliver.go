package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

const (
	firstRetry  = 30 * time.Second
	lastRetry   = time.Hour
	retryFor    = 5 * 24 * time.Hour // after that an effect has failed
	accessRetry = 15 * time.Minute   // while access is withdrawn
)

// Flush delivers everything that is due, what was under way when the process died first.
// It answers with the time of the next thing to deliver; zero for none that waits.
func (e *Engine) Flush(ctx context.Context, who scheduler.OrganizerID, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error {
		for range 1000 { // each delivery may lead to another decision, never without end
			list, err := e.store.Outbox(ctx, who, now, e.batch(d))
			if err != nil {
				return err
			}
			n := 0
			for _, entry := range list {
				if e.waits(d, entry) {
					continue
				}
				n++
				if err := e.deliver(ctx, d, entry, now); err != nil {
					return err
				}
			}
			if n == 0 {
				return nil
			}
		}
		return errors.New("deliver: there is no end to it")
	})
}

// batch is how many effects are looked at in one go: all, while those held, or left as
// drafts, may stand before one that can go.
func (e *Engine) batch(d *desk) int {
	if !d.state.Held() && d.drafts == 0 {
		return 32
	}
	return 10_000
}

// waits says that an effect must wait for the organizer: sending is held until their word,
// or it is a draft for them to send. While the outside looks wrong the calendar waits too.
func (e *Engine) waits(d *desk, entry ledger.Entry) bool {
	held := d.state.Held() && toPerson(entry) && entry.State != ledger.Withdrawing
	return d.left(entry) || held || entry.Kind == "" && !d.state.Desk.Suspect.Since.IsZero()
}

// Deliver does one effect: it looks whether it happened already, does it, and records
// what became of it. An error says that nothing could be recorded; the effect stays.
func (e *Engine) Deliver(ctx context.Context, who scheduler.OrganizerID, entry ledger.Entry, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error { return e.deliver(ctx, d, entry, now) })
}

func (e *Engine) deliver(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) error {
	switch {
	case entry.State == ledger.Withdrawing:
		return e.takeBack(ctx, d, entry, now)
	case entry.State == ledger.Planned && expired(entry, now) && toPerson(entry) && entry.Ref != "":
		return e.withdraw(ctx, d, entry, now)
	case entry.State == ledger.Planned && expired(entry, now):
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeExpired}, now)
	}
	if entry.Kind != "" {
		return e.deliverMail(ctx, d, entry, now)
	}
	return e.deliverEvent(ctx, d, entry, now)
}

// result is what became of one try.
type result struct {
	outcome scheduler.Outcome
	sent    scheduler.Sent
	event   *scheduler.CalendarEvent
	removed bool
	raced   bool
	stale   bool // it was to be taken back, and had gone
	left    bool // it lies among the drafts, with words of the organizer's
	err     error
}

func (e *Engine) deliverMail(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) error {
	if len(entry.Raw) == 0 {
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeFailed, err: errors.New(entry.Cause)}, now)
	}
	silenced := !entry.Answers.Own && !entry.Kind.ToGuest() && d.state.Silenced(entry.Person) // the last gate: they said stop meanwhile
	if silenced && entry.State == ledger.Planned && entry.Ref == "" {
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeExpired, err: errSilenced}, now)
	}
	box := d.account.Mailbox
	p := parcelOf(entry)
	if d.left(entry) {
		_, err := e.lookAtDraft(ctx, d, entry, now)
		return err
	}
	if entry.State == ledger.Sending { // somebody died over it: look first
		if done, err := e.look(ctx, d, entry, p, now); done || err != nil {
			return err
		}
	}
	if silenced || toPerson(entry) && entry.State == ledger.Sending && expired(entry, now) {
		return e.withdraw(ctx, d, entry, now)
	}
	ref := entry.Ref
	if ref == "" {
		var err error
		if ref, err = box.Stage(ctx, p); err != nil {
			return e.trouble(ctx, d, entry, err, now)
		}
	}
	ok, err := e.store.Sending(ctx, d.account.Organizer.ID, entry.Key, ref, now)
	if err != nil || !ok {
		return err
	}
	entry.Ref, entry.State = ref, ledger.Sending
	if d.left(entry) {
		d.drafts++
		e.log.Info("left as a draft", "kind", entry.Kind, "meeting", entry.OneToOne)
		return nil
	}
	sent, err := box.Send(ctx, p, ref)
	if err == nil {
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeDone, sent: sent}, now)
	}
	if ctx.Err() != nil || scheduler.FailureOf(err) == scheduler.InDoubt {
		if ctx.Err() != nil { // stopping: what is under way is looked at after the next start
			return ctx.Err()
		}
		done, lookErr := e.look(ctx, d, entry, p, now)
		if done || lookErr != nil {
			return lookErr
		}
	}
	return e.trouble(ctx, d, entry, err, now)
}

// look finds out whether a mail has gone. done says that it is settled.
func (e *Engine) look(ctx context.Context, d *desk, entry ledger.Entry, p scheduler.Parcel, now time.Time) (done bool, err error) {
	sent, found, err := d.account.Mailbox.Find(ctx, p, entry.Ref)
	if err != nil {
		if scheduler.FailureOf(err) == scheduler.Final {
			return true, e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeUnknown, err: err}, now)
		}
		return true, e.later(ctx, d, entry, err, now, true)
	}
	switch found {
	case scheduler.WasSent:
		return true, e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeDone, sent: sent}, now)
	case scheduler.NotSent:
		return false, nil
	}
	return true, e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeUnknown, err: errors.New("the mailbox cannot tell")}, now)
}

func (e *Engine) deliverEvent(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) error {
	if entry.Put != nil && !d.state.Stands(entry.Put.ID) { // taken back, or made anew under another id, before it stood
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeExpired, err: errOutdated}, now)
	}
	ok, err := e.store.Sending(ctx, d.account.Organizer.ID, entry.Key, entry.Ref, now)
	if err != nil || !ok {
		return err
	}
	r := result{outcome: scheduler.OutcomeDone}
	if entry.Put != nil {
		ev := *entry.Put
		ev.ETag = d.state.ETag(ev.ID)
		if ev.ETag, err = d.account.Calendar.Put(ctx, ev); err == nil {
			r.event = &ev
		}
	} else if entry.Remove != nil {
		err = d.account.Calendar.Remove(ctx, scheduler.EventRef{ID: entry.Remove.ID})
		r.removed = true
	}
	if err == nil {
		return e.settle(ctx, d, entry, r, now)
	}
	if scheduler.FailureOf(err) == scheduler.Outdated {
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeFailed, raced: true, err: err}, now)
	}
	return e.trouble(ctx, d, entry, err, now) // both may be repeated: doubt is no trouble here
}

// trouble decides what an error means: another try, or the end.
func (e *Engine) trouble(ctx context.Context, d *desk, entry ledger.Entry, err error, now time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if scheduler.FailureOf(err) == scheduler.Final || now.Sub(entry.At) > retryFor {
		return e.settle(ctx, d, entry, result{outcome: scheduler.OutcomeFailed, err: err}, now)
	}
	return e.later(ctx, d, entry, err, now, false)
}

// later puts an effect back. While its outcome is in doubt it stays "sending", so that the
// next try looks first.
func (e *Engine) later(ctx context.Context, d *desk, entry ledger.Entry, err error, now time.Time, doubt bool) error {
	wait := e.backoff(entry.Tries)
	var f *scheduler.Failure
	if errors.As(err, &f) {
		wait = max(wait, f.After)
		if f.Kind == scheduler.NoAccess {
			wait = max(f.After, accessRetry) // it may be back at any time: no longer and longer waits
			if !d.signed {
				d.signed = true
				e.log.Error("access was withdrawn; everything is kept until it is back", "organizer", d.account.Organizer.ID, "hint", f.Hint)
			}
		}
	}
	if err := e.snag(ctx, d, workOf(entry), err, now); err != nil {
		return err
	}
	e.log.Warn("an effect is tried again later", "kind", entry.Kind, "meeting", entry.OneToOne, "tries", entry.Tries+1, "in", wait.Round(time.Second))
	if doubt {
		return fmt.Errorf("look for a mail that may have gone: %w", err)
	}
	return e.store.Retry(ctx, d.account.Organizer.ID, entry.Key, now.Add(wait), cause(err))
}

// backoff doubles from half a minute to an hour, with a fifth of jitter either way.
func (e *Engine) backoff(tries int) time.Duration {
	wait := lastRetry
	if tries < 7 {
		wait = firstRetry << tries
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*e.Jitter()))
}

func cause(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// settle records an outcome together with what it leads to.
func (e *Engine) settle(ctx context.Context, d *desk, entry ledger.Entry, r result, now time.Time) error {
	s := &ledger.Settled{Key: entry.Key, Outcome: r.outcome, Sent: r.sent, Cause: cause(r.err)}
	if r.event != nil {
		s.ETag = r.event.ETag
	}
	d.signed = false
	ev := scheduler.Delivered{Key: entry.Key, OneToOne: entry.OneToOne, Person: entry.Person, Kind: entry.Kind, Outcome: r.outcome,
		OurID: entry.MessageID, MessageID: r.sent.MessageID, Event: r.event, Removed: r.removed, Err: cause(r.err), Raced: r.raced,
		Stale: r.stale, Left: r.left}
	if d.isDraft(entry) {
		var err error
		if ev.More, err = e.moreDrafts(ctx, d, entry); err != nil {
			return err
		}
	}
	if r.outcome == scheduler.OutcomeDone {
		e.log.Info("done", "kind", kindOf(entry), "meeting", entry.OneToOne)
	}
	if err := e.decide(ctx, d, input{event: ev, settled: s}, now); err != nil {
		return err
	}
	if r.outcome == scheduler.OutcomeDone {
		d.known.went(entry, r.sent)
	}
	return nil
}

func kindOf(entry ledger.Entry) string {
	switch {
	case entry.Kind != "":
		return string(entry.Kind)
	case entry.Put != nil:
		return "event"
	}
	return "event taken away"
}
