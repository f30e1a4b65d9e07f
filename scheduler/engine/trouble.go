package engine

import (
	"context"
	"errors"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// Trouble that heals by itself is nobody's business. The organizer hears of what only a
// person can mend, or what lasts for most of a working day.
const (
	patienceWithRefusal = 15 * time.Minute
	patienceWithTrouble = 6 * time.Hour
)

// snag notes that a part of the work failed, and tells the organizer when it has done so for
// long enough.
func (e *Engine) snag(ctx context.Context, d *desk, work scheduler.Work, cause error, now time.Time) error {
	if d.snags == nil {
		d.snags = map[scheduler.Work]time.Time{}
	}
	since, known := d.snags[work]
	if !known {
		since = now
		d.snags[work] = now
	}
	patience := patienceWithTrouble
	switch scheduler.FailureOf(cause) {
	case scheduler.NoAccess, scheduler.Suspicion:
		patience = patienceWithRefusal
	}
	if now.Sub(since) < patience {
		return nil
	}
	t := scheduler.Trouble{Work: work, Since: since, Said: cause.Error(), Cause: bottom(cause)}
	var f *scheduler.Failure
	if errors.As(cause, &f) { // without the way by which it came here
		t.Said, t.Hint = f.Error(), f.Hint
	}
	return e.decide(ctx, d, input{event: scheduler.Blocked{Trouble: t}}, now)
}

// bottom is the error that all others are about.
func bottom(err error) string {
	for {
		below := errors.Unwrap(err)
		if below == nil {
			return err.Error()
		}
		err = below
	}
}

// stuck is called when a turn could not look at the mail and the calendar. What tells the
// organizer of it is delivered all the same, if mail still works.
func (e *Engine) stuck(ctx context.Context, who scheduler.OrganizerID, cause error, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error {
		if err := e.snag(ctx, d, scheduler.WorkLook, cause, now); err != nil {
			return err
		}
		if len(d.state.Desk.Troubles) == 0 {
			return nil
		}
		list, err := e.store.Outbox(ctx, who, now, 10_000)
		if err != nil {
			return err
		}
		for _, entry := range list {
			if entry.Kind == scheduler.MailNeedsYou && entry.OneToOne == "" && entry.Answers.Own {
				if err := e.deliver(ctx, d, entry, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// unstuck is called after a turn that went well: what does not wait for another try any
// more is no trouble.
func (e *Engine) unstuck(ctx context.Context, who scheduler.OrganizerID, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error {
		if len(d.snags)+len(d.state.Desk.Troubles) == 0 {
			return nil
		}
		pending, err := e.store.Pending(ctx, who)
		if err != nil {
			return err
		}
		waits := map[scheduler.Work]bool{}
		for _, entry := range pending {
			if entry.Tries > 0 {
				waits[workOf(entry)] = true
			}
		}
		for _, work := range []scheduler.Work{scheduler.WorkLook, scheduler.WorkSend, scheduler.WorkPut} {
			if waits[work] {
				continue
			}
			delete(d.snags, work)
			if err := e.decide(ctx, d, input{event: scheduler.Freed{Work: work}}, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// workOf is the part of the work that an effect is.
func workOf(entry ledger.Entry) scheduler.Work {
	if entry.Kind != "" {
		return scheduler.WorkSend
	}
	return scheduler.WorkPut
}
