package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// A mail that no longer holds must not go. Where nothing of it has left the ledger it is
// dropped there; where it may lie among the organizer's drafts it is taken back, so that
// they cannot send it by mistake. That it is to be taken back is saved first.

var (
	errSilenced = errors.New("they asked not to be written to")
	errUnsent   = errors.New("its draft was not sent in time")
	errOutdated = errors.New("it no longer holds")
)

func expired(entry ledger.Entry, now time.Time) bool {
	return !entry.Expires.IsZero() && entry.Expires.Before(now)
}

func begun(key string, begins []string) bool {
	return slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(key, b) })
}

// revoked turns the beginnings of keys into the keys of mails to people that have not gone
// yet: those that are dropped, and those that may be staged and are to be taken back.
func (e *Engine) revoked(ctx context.Context, d *desk, begins []string, now time.Time) (dropped, withdrawn []string, err error) {
	if len(begins) == 0 {
		return nil, nil, nil
	}
	open, err := e.pendingMails(ctx, d)
	if err != nil || !slices.ContainsFunc(open, func(key string) bool { return begun(key, begins) }) {
		return nil, nil, err
	}
	pending, err := e.store.Pending(ctx, d.account.Organizer.ID)
	for _, p := range pending {
		switch {
		case !toPerson(p) || !begun(p.Key, begins) || p.State == ledger.Withdrawing:
		case mayBeStaged(p, now):
			withdrawn = append(withdrawn, p.Key)
		default:
			dropped = append(dropped, p.Key)
		}
	}
	return dropped, withdrawn, err
}

// mayBeStaged says that something of the mail may lie outside: it was staged, or somebody
// may have died before its name was saved.
func mayBeStaged(p ledger.Entry, now time.Time) bool {
	return p.State != ledger.Planned || p.Ref != "" || p.Tries > 0 || !p.Next.After(now)
}

// outdated says that the mail must not go any more, whatever else was decided.
func (d *desk) outdated(entry ledger.Entry, now time.Time) bool {
	return d.state.Silenced(entry.Person) || expired(entry, now) || d.state.Moot(entry.Answers, entry.At)
}

// withdraw saves that a mail is to be taken back, and does it.
func (e *Engine) withdraw(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) error {
	if err := e.keepWithdrawn(ctx, d, []string{entry.Key}, now); err != nil {
		return err
	}
	entry.State, entry.Tries = ledger.Withdrawing, 0
	return e.takeBack(ctx, d, entry, now)
}

func (e *Engine) keepWithdrawn(ctx context.Context, d *desk, keys []string, now time.Time) error {
	c := emptyCommit(d, now)
	c.Withdrawn = keys
	version, err := e.store.Commit(ctx, c)
	if err != nil {
		d.loaded = false
		return fmt.Errorf("save that a mail is taken back: %w", err)
	}
	d.version, d.last = version, now
	d.known.after(c)
	return nil
}

// takeBack takes back a mail of which that is saved, and settles it.
func (e *Engine) takeBack(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) error {
	sent, came, err := d.account.Mailbox.Withdraw(ctx, parcelOf(entry), entry.Ref)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil && scheduler.FailureOf(err) != scheduler.Final:
		return e.later(ctx, d, entry, err, now, false)
	case err != nil: // nobody can: the organizer hears of it
		came = scheduler.Mended
	}
	r := result{outcome: scheduler.OutcomeWithdrawn, err: errOutdated}
	switch {
	case came == scheduler.TooLate:
		r = result{outcome: scheduler.OutcomeDone, sent: sent, stale: true}
	case d.state.Silenced(entry.Person):
		r = result{outcome: scheduler.OutcomeExpired, err: errSilenced}
	case expired(entry, now) && d.isDraft(entry):
		r = result{outcome: scheduler.OutcomeFailed, err: errUnsent}
	case expired(entry, now):
		r = result{outcome: scheduler.OutcomeExpired}
	}
	r.left = came == scheduler.Mended
	return e.settle(ctx, d, entry, r, now)
}

// takeBackAll takes back what may be staged for people who are about to be forgotten: after
// that nobody would know of it. Where access is gone for good they are forgotten all the same.
func (e *Engine) takeBackAll(ctx context.Context, d *desk, people []scheduler.PersonID, now time.Time) error {
	if len(people) == 0 {
		return nil
	}
	pending, err := e.store.Pending(ctx, d.account.Organizer.ID)
	if err != nil {
		return err
	}
	pending = slices.DeleteFunc(pending, func(p ledger.Entry) bool {
		return !toPerson(p) || !slices.Contains(people, p.Person) || !mayBeStaged(p, now)
	})
	if len(pending) == 0 {
		return nil
	}
	keys := make([]string, len(pending))
	for i, p := range pending {
		keys[i] = p.Key
	}
	if err := e.keepWithdrawn(ctx, d, keys, now); err != nil {
		return err
	}
	for _, p := range pending {
		_, came, err := d.account.Mailbox.Withdraw(ctx, parcelOf(p), p.Ref)
		if kind := scheduler.FailureOf(err); err != nil && kind != scheduler.NoAccess && kind != scheduler.Final {
			return fmt.Errorf("take back a mail to somebody who is to be forgotten: %w", err)
		}
		if err != nil || came == scheduler.Mended {
			e.log.Warn("a draft to somebody who is forgotten is still there", "organizer", d.account.Organizer.ID, "kind", p.Kind, "err", err)
		}
	}
	return nil
}

// moreDrafts says whether another mail of the entry's round waits, or will, to be sent by
// the organizer.
func (e *Engine) moreDrafts(ctx context.Context, d *desk, entry ledger.Entry) (bool, error) {
	pending, err := e.store.Pending(ctx, d.account.Organizer.ID)
	return slices.ContainsFunc(pending, func(p ledger.Entry) bool {
		return d.isDraft(p) && p.OneToOne == entry.OneToOne && p.Key != entry.Key && p.State != ledger.Withdrawing
	}), err
}
