package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
)

// Step watches, decides and commits: everything that came since the last time, then what
// is due by now. It answers with the time of the next thing to do by itself; zero for none.
//
// When the mail or the calendar cannot be read nothing that is due happens either: a nudge
// must not overtake an answer that was not seen.
func (e *Engine) Step(ctx context.Context, who scheduler.OrganizerID, now time.Time) (wake time.Time, err error) {
	err = e.with(ctx, who, func(d *desk) error {
		if err := e.step(ctx, d, now); err != nil {
			return e.suspect(ctx, d, err, now)
		}
		wake = d.wake
		return nil
	})
	return wake, err
}

func (e *Engine) step(ctx context.Context, d *desk, now time.Time) error {
	for _, do := range []func(context.Context, *desk, time.Time) error{e.begin, e.see, e.clear, e.colleagues, e.tick} {
		if err := do(ctx, d, now); err != nil {
			return err
		}
	}
	return nil
}

// tick does what is due by now. After a decision of this very instant the state says itself
// whether anything is: then its wake-up has come.
func (e *Engine) tick(ctx context.Context, d *desk, now time.Time) error {
	if d.decided.Equal(now) && (d.wake.IsZero() || d.wake.After(now)) {
		return nil
	}
	return e.decide(ctx, d, input{event: scheduler.Tick{}}, now)
}

// begin starts a new organizer, and notices when the clock jumped.
func (e *Engine) begin(ctx context.Context, d *desk, now time.Time) error {
	if d.state.Desk.Started.IsZero() {
		return e.decide(ctx, d, input{event: scheduler.Began{Salt: e.Salt()}}, now)
	}
	by := now.Sub(d.wake)
	switch {
	case d.last.Sub(now) > late:
		by = now.Sub(d.last)
	case d.wake.IsZero() || by <= late:
		return nil
	}
	return e.decide(ctx, d, input{event: scheduler.Woke{Late: by}}, now)
}

// Handle takes one event of another source: an order by hand, a broken config. An event
// with an id is handled once, however often it is brought; "" is none.
func (e *Engine) Handle(ctx context.Context, who scheduler.OrganizerID, id string, ev scheduler.Event, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error {
		if err := e.begin(ctx, d, now); err != nil {
			return err
		}
		if id != "" {
			seen, err := e.store.Seen(ctx, who, []string{id})
			if err != nil || seen[id] {
				return err
			}
		}
		return e.decide(ctx, d, input{event: ev, seen: id}, now)
	})
}

const mailCursor, calendarCursor = "mail", "calendar"

// readMail handles every new mail that has to do with indy, each in a commit of its own, and
// says how many there were.
func (e *Engine) readMail(ctx context.Context, d *desk, now time.Time) (came int, err error) {
	d.mailUnread = true
	var lookup error
	wrote := false // the organizer, since the last time
	want := func(h scheduler.Head) bool {
		wrote = wrote || h.Own
		ok, err := e.wants(ctx, d, h)
		if err != nil {
			lookup = err
		}
		return ok
	}
	clear(d.known.threads) // another process may have written meanwhile
	mails, next, err := d.account.Mailbox.Fetch(ctx, d.cursors[mailCursor], want)
	if err == nil {
		err = lookup
	}
	if err != nil {
		return 0, fmt.Errorf("read the mail of %s: %w", d.account.Organizer.ID, err)
	}
	if err := e.lookAtDrafts(ctx, d, wrote, now); err != nil {
		return 0, fmt.Errorf("look at the drafts of %s: %w", d.account.Organizer.ID, err)
	}
	ids := make([]string, len(mails))
	for i, m := range mails {
		ids[i] = m.ID
	}
	seen, err := e.store.Seen(ctx, d.account.Organizer.ID, ids)
	if err != nil {
		return 0, err
	}
	var fresh []scheduler.Mail
	for _, m := range mails {
		if ours, err := e.copyOfOurs(ctx, d, m); err != nil {
			return 0, err
		} else if !ours && !seen[m.ID] {
			fresh = append(fresh, m)
		}
	}
	for i, m := range fresh {
		var cursors map[string]string
		if i == len(fresh)-1 { // with it all is handled
			cursors = map[string]string{mailCursor: next}
		}
		if err := e.handleMail(ctx, d, m, cursors, now); err != nil {
			return 0, err
		}
	}
	if err := e.keepCursor(ctx, d, mailCursor, next, now); err != nil {
		return 0, err
	}
	d.mailUnread = false
	return len(fresh), nil
}

func (e *Engine) handleMail(ctx context.Context, d *desk, m scheduler.Mail, cursors map[string]string, now time.Time) error {
	m.Token = replies.Token(m.Text)
	th, err := e.thread(ctx, d, m)
	if err != nil {
		return err
	}
	ev := scheduler.MailCame{Mail: m, Thread: th}
	return e.decide(ctx, d, input{event: ev, seen: m.ID, cursors: cursors}, now)
}

// keepCursor remembers how far a source was read, where no decision did.
func (e *Engine) keepCursor(ctx context.Context, d *desk, name, next string, now time.Time) error {
	if next == d.cursors[name] {
		return nil
	}
	c := emptyCommit(d, now)
	c.Cursors = map[string]string{name: next}
	version, err := e.store.Commit(ctx, c)
	if err != nil {
		d.loaded = false
		return fmt.Errorf("save how far was read: %w", err)
	}
	d.version, d.wake, d.last, d.decided = version, c.Wake, now, now
	d.cursors[name] = next
	return nil
}

// thread finds the mail of ours that a mail answers.
func (e *Engine) thread(ctx context.Context, d *desk, m scheduler.Mail) (*scheduler.ThreadRef, error) {
	names := answered(m.Head)
	for _, b := range m.Bounces {
		if b.MessageID != "" {
			names = append(names, b.MessageID)
		}
	}
	if m.Token != "" {
		names = append([]string{m.Token}, names...)
	}
	names = names[:min(len(names), mostNames)]
	if m.Own && m.Thread != "" {
		names = append(names, m.Thread)
	}
	th, err := e.lookUp(ctx, d, names)
	if err != nil || th == nil {
		return nil, err
	}
	return &th.Ref, nil
}

// mostNames bounds how many mails one mail may name.
const mostNames = 60

// answered are the mails that a mail answers, the likeliest first.
func answered(h scheduler.Head) []string {
	names := slices.Clone(h.InReplyTo)
	for _, name := range slices.Backward(h.References) { // the latest first
		names = append(names, name)
	}
	return names[:min(len(names), mostNames)]
}

// wants says by the outside of a mail whether indy has any business with it.
func (e *Engine) wants(ctx context.Context, d *desk, h scheduler.Head) (bool, error) {
	names := answered(h)
	if h.Own || strings.EqualFold(h.From.Addr, d.account.Organizer.Address) { // it may be a copy of a mail of ours
		names = append([]string{h.MessageID}, names...)
	}
	th, err := e.lookUp(ctx, d, names)
	if err != nil || th != nil {
		return th != nil && th.Name != h.MessageID, err
	}
	if h.Own && h.Thread != "" {
		// Of what begins a thread of its own the provider may tell no more than the thread.
		if th, err = e.lookUp(ctx, d, []string{h.Thread}); err != nil || th != nil {
			return len(answered(h)) > 0, err // what answers nothing is the mail of ours that began it
		}
	}
	if h.Own {
		return strings.HasPrefix(strings.ToLower(h.Subject), "indy"), nil
	}
	return postmaster(h.From.Addr) || slices.ContainsFunc(d.account.People, func(p scheduler.Person) bool {
		return slices.ContainsFunc(p.Addresses, func(a string) bool { return strings.EqualFold(a, h.From.Addr) })
	}), nil
}

// postmaster says whether delivery reports, or the answers of calendars, may come from an address.
func postmaster(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	switch local {
	case "", "calendar", "calendar-notification", "mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "bounce", "bounces", "noreply", "no-reply":
		return true
	}
	return strings.HasPrefix(local, "microsoftexchange")
}

// readCalendar follows what human beings did to indy's events. Where there is something to
// follow and the mail was not read before, it answers first, and nothing is done yet.
func (e *Engine) readCalendar(ctx context.Context, d *desk, mailRead bool, now time.Time) (first bool, err error) {
	d.calendarUnread = true
	watched := d.state.Watched()
	if len(watched) == 0 {
		d.calendarUnread = false
		return false, nil
	}
	changed, next, err := d.account.Calendar.Changes(ctx, d.cursors[calendarCursor], watched)
	if emptied := errors.Is(err, scheduler.ErrEmptied); emptied {
		changed, next = allDeleted(watched), d.cursors[calendarCursor]
		err = d.tooMany(changed, watched, true)
	} else if err == nil {
		err = d.tooMany(changed, watched, false)
	}
	if err != nil {
		return false, fmt.Errorf("read the calendar of %s: %w", d.account.Organizer.ID, err)
	}
	if len(changed) > 0 && !mailRead {
		return true, nil
	}
	for i, c := range changed {
		in := input{event: scheduler.CalendarChanged{Change: c}}
		if i == len(changed)-1 { // with it all is handled
			in.cursors = map[string]string{calendarCursor: next}
		}
		if err := e.decide(ctx, d, in, now); err != nil {
			return false, err
		}
	}
	if err := e.keepCursor(ctx, d, calendarCursor, next, now); err != nil {
		return false, err
	}
	d.calendarUnread = false
	return false, nil
}
