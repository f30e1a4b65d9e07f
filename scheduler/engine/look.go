package engine

import (
	"time"

	"indy/scheduler/ledger"
)

// Looking at a mailbox or a calendar may be dear: Google counts every look, for all
// organizers of a project together. So a turn that nothing has called for looks at none of
// those whose Watch can be relied on. Whatever is done is done on a fresh look at the mail.

// looks says what this turn is to look at. Before anything that is due the organizer's mail
// and calendar are both read. An edit of the calendar is not followed before the mail was
// read: an answer may be older than it. Mail that came may be about an event, so that
// the calendar is read after it (see Step).
func (d *desk) looks(now time.Time) (mail, calendar bool) {
	if d.pressing || !d.wake.IsZero() && !d.wake.After(now) {
		return true, true
	}
	calendar = len(d.state.Watched()) > 0 && (d.calendarUnread || !quiet(d.account.Calendar))
	return calendar || d.mailUnread || !quiet(d.account.Mailbox), calendar
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
