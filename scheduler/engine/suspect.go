package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"indy/scheduler"
)

// vanished is the suspicion that events are gone for another reason than that the organizer
// called them off.
type vanished struct{ ids []string }

func (v vanished) Error() string {
	return fmt.Sprintf("%d events of indy's are gone at once; nobody is written to", len(v.ids))
}

// leastGone is how many events must be gone at once to look wrong; fewer a hand deletes
// within one look.
const leastGone = 3

// tooMany answers with a Suspicion where events are gone that nobody can have called off by
// hand: a lost folder or another account takes all of them. Once that is suspected, any that
// is still missing keeps it up, so that who brings them back one by one loses none.
func (d *desk) tooMany(changed []scheduler.CalendarChange, watched []scheduler.EventRef, emptied bool) error {
	var gone []string
	for _, c := range changed {
		if c.Deleted {
			gone = append(gone, c.ID)
		}
	}
	s := d.state.Desk.Suspect
	open := !s.Since.IsZero() && len(s.Missing) > 0
	if len(gone) == 0 || s.Meant || !open && !emptied && (len(gone) < leastGone || len(gone) < len(watched)) {
		return nil
	}
	return &scheduler.Failure{Kind: scheduler.Suspicion, Err: vanished{gone},
		Hint: "bring the events back, or answer the mail about it"}
}

func allDeleted(watched []scheduler.EventRef) (out []scheduler.CalendarChange) {
	for _, ref := range watched {
		out = append(out, scheduler.CalendarChange{ID: ref.ID, Deleted: true})
	}
	return out
}

// suspect lets the organizer know that events vanished; other errors are trouble, or nothing.
// It answers with err.
func (e *Engine) suspect(ctx context.Context, d *desk, err error, now time.Time) error {
	if v, ok := errors.AsType[vanished](err); ok {
		return errors.Join(err, e.decide(ctx, d, input{event: scheduler.Suspected{Missing: v.ids}}, now))
	}
	return err
}

// clear ends a suspicion once the calendar was read and nothing is missing.
func (e *Engine) clear(ctx context.Context, d *desk, now time.Time) error {
	if !d.state.Suspicious() {
		return nil
	}
	return e.decide(ctx, d, input{event: scheduler.Cleared{}}, now)
}
