package engine

import (
	"context"
	"errors"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// draftLook is how often drafts are looked for when nothing hints that one was sent.
const draftLook = 30 * time.Minute

// isDraft says that the mail is left for the organizer to send.
func (d *desk) isDraft(entry ledger.Entry) bool {
	return d.account.LeavesDrafts && entry.Kind != "" && !entry.Answers.Own
}

// left says that it lies among the drafts now.
func (d *desk) left(entry ledger.Entry) bool {
	return d.isDraft(entry) && entry.State == ledger.Sending && entry.Ref != ""
}

// lookAtDrafts settles the drafts that the organizer has sent or deleted. It must come
// before anything that they wrote is handled: else a draft that they sent would look like
// a mail of their own, and indy would fall silent. Looking writes nothing.
func (e *Engine) lookAtDrafts(ctx context.Context, d *desk, wrote bool, now time.Time) error {
	if !d.account.LeavesDrafts || !wrote && now.Sub(d.looked) < draftLook {
		return nil
	}
	list, err := e.store.Outbox(ctx, d.account.Organizer.ID, now, 1000)
	if err != nil {
		return err
	}
	waiting := 0
	for _, entry := range list {
		if !d.left(entry) {
			continue
		}
		settled, err := e.lookAtDraft(ctx, d, entry, now)
		if err != nil {
			return err
		}
		if !settled {
			waiting++
		}
	}
	d.drafts, d.looked = waiting, now
	return nil
}

// lookAtDraft settles one, unless it still waits. What Gmail no longer has and cannot show
// as sent was most likely deleted: the organizer is asked.
func (e *Engine) lookAtDraft(ctx context.Context, d *desk, entry ledger.Entry, now time.Time) (settled bool, err error) {
	sent, found, err := d.account.Mailbox.Find(ctx, parcelOf(entry), entry.Ref)
	r := result{outcome: scheduler.OutcomeUnknown, err: errors.New("its draft is gone, and it is not among what was sent")}
	switch {
	case err != nil && scheduler.FailureOf(err) == scheduler.Final:
		r.err = err
	case err != nil:
		return false, err
	case found == scheduler.WasSent:
		r = result{outcome: scheduler.OutcomeDone, sent: sent}
	case found == scheduler.NotSent && d.state.Silenced(entry.Person):
		r = result{outcome: scheduler.OutcomeExpired, err: errors.New("they asked not to be written to")}
	case found == scheduler.NotSent && !entry.Expires.IsZero() && entry.Expires.Before(now):
		r = result{outcome: scheduler.OutcomeFailed, err: errors.New("its draft was not sent in time")}
	case found == scheduler.NotSent:
		return false, nil
	}
	return true, e.settle(ctx, d, entry, r, now)
}

// copyOfOurs says whether a mail of the organizer's own is one of ours that just turned out
// to be sent.
func (e *Engine) copyOfOurs(ctx context.Context, d *desk, m scheduler.Mail) (bool, error) {
	if !m.Own || !d.account.LeavesDrafts || m.MessageID == "" {
		return false, nil
	}
	th, err := e.store.Thread(ctx, d.account.Organizer.ID, []string{m.MessageID})
	return th != nil, err
}

// withDrafts is when to turn again while all that is due are drafts, which the store counts
// as under way; zero when there are none, or something else is due.
func (e *Engine) withDrafts(who scheduler.OrganizerID, now time.Time) time.Time {
	d := e.desk(who)
	if d == nil {
		return time.Time{}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at := now.Add(lookAgain)
	switch {
	case d.drafts == 0 || !d.wake.IsZero() && !d.wake.After(now):
		return time.Time{}
	case d.wake.IsZero() || d.wake.After(at):
		return at
	}
	return d.wake
}

func parcelOf(entry ledger.Entry) scheduler.Parcel {
	return scheduler.Parcel{Key: entry.Key, From: entry.From, To: entry.To, MessageID: entry.MessageID, Thread: entry.Thread, Raw: entry.Raw}
}
