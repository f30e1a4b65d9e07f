package engine

import (
	"context"
	"errors"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

const (
	// draftLook is how often drafts are looked for when nothing hints that one was sent.
	draftLook = 30 * time.Minute
	// draftsNoticed is the same where the mailbox notices by itself: in case it did not.
	draftsNoticed = 24 * time.Hour
)

// isDraft says that the mail is left for the organizer to send.
func (d *desk) isDraft(entry ledger.Entry) bool {
	return d.account.LeavesDrafts && toPerson(entry)
}

// left says that it lies among the drafts now.
func (d *desk) left(entry ledger.Entry) bool {
	return d.isDraft(entry) && entry.State == ledger.Sending && entry.Ref != ""
}

// lookAtDrafts settles the drafts that the organizer has sent or deleted, and takes back
// those that no longer hold. It must come before anything that they wrote is handled: else a
// draft that they sent would look like a mail of their own, and indy would fall silent.
// Looking writes nothing.
func (e *Engine) lookAtDrafts(ctx context.Context, d *desk, wrote bool, now time.Time) error {
	if !d.account.LeavesDrafts || d.drafts == 0 && !wrote && now.Sub(d.looked) < draftLook {
		return nil
	}
	list, err := e.store.Pending(ctx, d.account.Organizer.ID)
	if err != nil {
		return err
	}
	all, waiting := d.lookAtAll(wrote, now), 0
	for _, entry := range list {
		settled := true
		switch {
		case entry.State == ledger.Withdrawing && d.isDraft(entry) && (wrote || !entry.Next.After(now)):
			err = e.takeBack(ctx, d, entry, now)
		case !d.left(entry):
		case d.outdated(entry, now):
			err = e.withdraw(ctx, d, entry, now)
		case all || d.touched(entry):
			settled, err = e.lookAtDraft(ctx, d, entry, now)
		default:
			settled = false
		}
		if err != nil {
			return err
		}
		if !settled {
			waiting++
		}
	}
	d.drafts = waiting
	if all {
		d.looked = now
	}
	return nil
}

// lookAtAll says that it is time to look at every draft.
func (d *desk) lookAtAll(wrote bool, now time.Time) bool {
	if _, notices := d.account.Mailbox.(Noticer); notices {
		return now.Sub(d.looked) >= draftsNoticed
	}
	return wrote || now.Sub(d.looked) >= draftLook
}

// touched says that the mailbox has noticed somebody at the draft, or cannot tell.
func (d *desk) touched(entry ledger.Entry) bool {
	box, notices := d.account.Mailbox.(Noticer)
	return notices && !box.Untouched(entry.Ref)
}

// lookAtDraft settles one, unless it still waits. What is no longer there and cannot be
// shown as sent was most likely deleted: the organizer is asked.
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
