package engine

import (
	"context"
	"time"

	"indy/scheduler/ledger"
)

// Looking at a mailbox or a calendar may be dear: Google counts every look, for all
// organizers of a project together. So a turn that nothing has called for looks at none of
// those whose Watch can be relied on. Whatever is done is done on a fresh look at the mail.

// see reads what this turn must see. Before anything that is due, mail and calendar are
// both read. Mail that came may be about an event, so that the calendar is read after it;
// and an edit of the calendar is not followed before the mail was read: an answer may be older.
func (e *Engine) see(ctx context.Context, d *desk, now time.Time) error {
	mail, calendar := d.looks(now)
	for read := false; ; {
		if mail && !read {
			came, err := e.readMail(ctx, d, now)
			if err != nil {
				return err
			}
			read, calendar = true, calendar || came > 0
		}
		if !calendar {
			return nil
		}
		first, err := e.readCalendar(ctx, d, read, now)
		if err != nil || !first {
			return err
		}
		mail = true
	}
}

// looks says what is to be read whatever the other says. What looks wrong is looked at until it does not.
func (d *desk) looks(now time.Time) (mail, calendar bool) {
	if d.pressing || d.state.Suspicious() || !d.wake.IsZero() && !d.wake.After(now) {
		return true, true
	}
	return d.mailUnread || !quiet(d.account.Mailbox), len(d.state.Watched()) > 0 && (d.calendarUnread || !quiet(d.account.Calendar))
}

func quiet(source any) bool {
	w, ok := source.(Watchful)
	return ok && w.Quiet()
}

// press notes whether something is to be delivered now, or taken back.
func (e *Engine) press(d *desk, due []ledger.Entry, now time.Time) {
	d.pressing = false
	for _, entry := range due {
		if !e.waits(d, entry) || d.left(entry) && d.outdated(entry, now) {
			d.pressing = true
			return
		}
	}
}
