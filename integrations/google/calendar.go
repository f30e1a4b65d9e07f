package google

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"

	"indy/scheduler"
)

// Calendar is an organizer's calendars; it is an engine.Calendar.
type Calendar struct {
	a *Account

	mu      sync.Mutex
	ours    map[string]span      // our events that are to come, by id
	learned bool                 // ours was read since the start
	told    telling              // when Watch has asked for a look, and what was read since
	hidden  map[string]time.Time // people whose free/busy cannot be seen, until when not to ask again
}

// eventFields are what indy reads of an event.
const eventFields = "id,etag,status,iCalUID,summary,description,location,start,end,updated,recurrence,recurringEventId,transparency,eventType," +
	"organizer(email,displayName,self),attendees(email,displayName,responseStatus,comment,optional,self,organizer,resource),extendedProperties/private,reminders"

// Put makes or changes an event. An answer that was lost is looked for: the same event
// under the same id is a success, another one is Outdated.
func (c *Calendar) Put(ctx context.Context, ev scheduler.CalendarEvent) (string, error) {
	if err := validID(ev.ID); err != nil {
		return "", err
	}
	var etag string
	var err error
	if ev.ETag == "" {
		etag, err = c.insert(ctx, ev)
	} else {
		etag, err = c.change(ctx, ev)
	}
	if err == nil {
		c.mu.Lock()
		c.ours[ev.ID] = span{ev.From, ev.To}
		c.mu.Unlock()
	}
	return etag, err
}

func (c *Calendar) insert(ctx context.Context, ev scheduler.CalendarEvent) (string, error) {
	body := eventOf(ev, c.a.o.Google)
	body.Id = ev.ID
	made, err := c.a.calendar.Events.Insert(c.a.o.Calendar, body).SendUpdates(updates).
		Fields("id,etag").Context(ctx).Do()
	if err == nil && made.Id != ev.ID {
		return "", &scheduler.Failure{Kind: scheduler.Suspicion, Err: errors.New("make an event: it stands under another id than ours")}
	}
	switch statusOf(err) {
	case 0:
		if err == nil {
			return made.Etag, nil
		}
	case http.StatusConflict, http.StatusForbidden: // the id was used: by an earlier try of ours, or by an event since deleted
		if statusOf(err) == http.StatusForbidden && isThrottle(err) {
			break
		}
		if etag, e := c.stands(ctx, ev, "make an event"); statusOf(e) != http.StatusNotFound {
			return etag, e
		}
	}
	return "", c.gone("make an event", err, true)
}

// change patches what is ours in the event, so that colours, attachments, video links and
// whatever else people add to it stay.
func (c *Calendar) change(ctx context.Context, ev scheduler.CalendarEvent) (string, error) {
	body := eventOf(ev, c.a.o.Google)
	if c.a.o.Google {
		now, err := c.get(ctx, ev.ID)
		if err != nil {
			return "", c.vanished("change an event", err, true)
		}
		// What stands already may be a try of ours whose answer was lost, and whose ETag came by
		// Changes: made again, everybody would be invited again.
		if now.Etag != ev.ETag || same(now, eventOf(ev, true), true) {
			return c.compare(now, ev, "change an event")
		}
		body.Attendees = withAnswers(body.Attendees, now.Attendees)
	}
	call := c.a.calendar.Events.Patch(c.a.o.Calendar, ev.ID, body).SendUpdates(updates).Fields("etag").Context(ctx)
	call.Header().Set("If-Match", ev.ETag) // RFC 9110 13.1.1
	changed, err := call.Do()
	if err == nil {
		return changed.Etag, nil
	}
	if statusOf(err) == http.StatusPreconditionFailed { // changed by somebody, or by a try of ours whose answer was lost
		return c.stands(ctx, ev, "change an event")
	}
	return "", c.vanished("change an event", err, true)
}

// stands answers for an event that may stand already: its ETag when it is just so.
func (c *Calendar) stands(ctx context.Context, ev scheduler.CalendarEvent, action string) (string, error) {
	now, err := c.get(ctx, ev.ID)
	if err != nil {
		return "", c.vanished(action, err, false)
	}
	return c.compare(now, ev, action)
}

func (c *Calendar) compare(now *calendar.Event, ev scheduler.CalendarEvent, action string) (string, error) {
	if now.Status != "cancelled" && same(now, eventOf(ev, c.a.o.Google), c.a.o.Google) {
		return now.Etag, nil
	}
	return "", &scheduler.Failure{Kind: scheduler.Outdated, Err: errors.New(action + ": it was changed meanwhile")}
}

func (c *Calendar) get(ctx context.Context, id string) (*calendar.Event, error) {
	return c.a.calendar.Events.Get(c.a.o.Calendar, id).Fields(eventFields).Context(ctx).Do()
}

// vanished says of an event that is not there any more that it is Outdated: read again.
func (c *Calendar) vanished(action string, err error, effect bool) error {
	if s := statusOf(err); s == http.StatusNotFound || s == http.StatusGone {
		return &scheduler.Failure{Kind: scheduler.Outdated, Err: c.a.fail(action, err, effect)}
	}
	return c.gone(action, err, effect)
}

// gone says of a calendar that cannot be found that something is wrong. It is never empty.
func (c *Calendar) gone(action string, err error, effect bool) error {
	if statusOf(err) == http.StatusNotFound {
		return &scheduler.Failure{Kind: scheduler.Suspicion, Err: c.a.fail(action, err, effect),
			Hint: `the calendar was deleted or is no longer shared; mend that or the config, then run "indy check"`}
	}
	err = c.a.fail(action, err, effect)
	var f *scheduler.Failure
	if errors.As(err, &f) && f.Kind == scheduler.InDoubt {
		// Ids and ETags are ours to compare, so doing it again is looking first.
		f.Kind = scheduler.Again
	}
	return err
}

func isThrottle(err error) bool {
	var answer *googleapi.Error
	return errors.As(err, &answer) && throttled(&Refusal{Status: answer.Code, Reason: reasonOf(answer)})
}

// Remove deletes an event of ours.
func (c *Calendar) Remove(ctx context.Context, ref scheduler.EventRef) error {
	call := c.a.calendar.Events.Delete(c.a.o.Calendar, ref.ID).SendUpdates(updates).Context(ctx)
	if ref.ETag != "" {
		call.Header().Set("If-Match", ref.ETag)
	}
	err := call.Do()
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusGone:
		err = nil
	case http.StatusPreconditionFailed:
		now, e := c.get(ctx, ref.ID)
		if e == nil && now.Status == "cancelled" || statusOf(e) == http.StatusNotFound {
			err = nil
		}
	}
	if err == nil {
		c.mu.Lock()
		delete(c.ours, ref.ID)
		c.mu.Unlock()
		return nil
	}
	return c.gone("delete an event", err, true)
}

// updates has Google tell all who stand on an event. Where invites go by mail the person does
// not stand there: it is the guests whom the organizer invited by hand in Google's calendar,
// who have the event from Google and under Google's own UID.
const updates = "all"

// validID refuses ids that Google would (base32hex, 5 to 1024 characters).
func validID(id string) error {
	if len(id) < 5 || len(id) > 1024 || strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'v' || r >= '0' && r <= '9')
	}) {
		return &scheduler.Failure{Kind: scheduler.Final, Err: errors.New("make an event: its id is not base32hex")}
	}
	return nil
}

// Watch calls changed when it is time to look at the calendar: around meetings often, at
// night seldom. Google's own notices for calendars need a public web server; this does not.
func (c *Calendar) Watch(ctx context.Context, changed func()) error {
	c.watch(true)
	defer c.watch(false)
	for {
		c.mu.Lock()
		c.told.times++
		c.mu.Unlock()
		changed()
		if c.a.o.Sleep(ctx, c.pause()) != nil {
			return nil
		}
	}
}

func (c *Calendar) watch(runs bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told.watched = runs
}

// Quiet says that Watch runs, and that it is not time to look.
func (c *Calendar) Quiet() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.told.quiet()
}

// pause is how long until the next look; it ends at once when a meeting comes near.
func (c *Calendar) pause() time.Duration {
	now := c.a.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	near := false
	var comes time.Duration
	for id, s := range c.ours {
		if now.After(s.to.Add(nearAfter)) {
			delete(c.ours, id)
			continue
		}
		near = near || s.near(now)
		if d := s.from.Add(-nearBefore).Sub(now); d > 0 && (comes == 0 || d < comes) {
			comes = d
		}
	}
	wait := calendarPace(now.In(c.a.o.Zone), c.a.o.Project.organizers, near)
	if comes > 0 && comes < wait {
		wait = comes + time.Second
	}
	return wait
}

// withAnswers keeps what attendees have answered, and whom people have added by hand.
func withAnswers(ours, now []*calendar.EventAttendee) []*calendar.EventAttendee {
	for _, was := range now {
		i := slices.IndexFunc(ours, func(a *calendar.EventAttendee) bool { return strings.EqualFold(a.Email, was.Email) })
		if i < 0 {
			ours = append(ours, was)
			continue
		}
		if ours[i].ResponseStatus == "" || ours[i].ResponseStatus == "needsAction" {
			ours[i].ResponseStatus, ours[i].Comment = was.ResponseStatus, was.Comment
		}
	}
	return ours
}
