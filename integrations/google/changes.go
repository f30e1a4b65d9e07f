package google

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"google.golang.org/api/calendar/v3"

	"indy/scheduler"
)

const (
	// pastKept is how far back a calendar is read when it is followed anew.
	pastKept = 48 * time.Hour
	// tokenAge is when a sync token is replaced although nothing happened: before Google forgets it.
	tokenAge = 24 * time.Hour
)

// Changes follows the calendar that indy writes to by sync tokens. When Google has
// forgotten the token (410) the calendar is read anew and each watched event compared by
// its ETag, so that nothing is missed and nothing is told twice.
func (c *Calendar) Changes(ctx context.Context, cursor string, watched []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	c.mu.Lock()
	told := c.told.times
	c.mu.Unlock()
	known := make(map[string]string, len(watched))
	for _, w := range watched {
		known[w.ID] = w.ETag
	}
	var at synced
	if cursor != "" {
		var err error
		if at, err = syncedOf(cursor); err != nil || at.Calendar != "" && at.Calendar != c.a.o.Calendar {
			at = synced{} // read anew: comparing by ETag is safe
		}
	}
	if err := c.learn(ctx, at); err != nil {
		return nil, cursor, err
	}
	anew := at.Token == ""
	items, zone, next, err := c.follow(ctx, at.Token)
	if statusOf(err) == http.StatusGone && !anew {
		anew = true
		items, zone, next, err = c.follow(ctx, "")
	}
	if err != nil {
		return nil, cursor, c.gone("follow the calendar", err, false)
	}
	changed, err := c.compareAll(ctx, items, zone, known, anew)
	if err != nil {
		return nil, cursor, err
	}
	c.mu.Lock()
	c.told.heard(told)
	c.mu.Unlock()
	now := c.a.o.Now()
	if !anew && len(items) == 0 && now.Sub(time.Unix(at.Time, 0)) < tokenAge {
		next = cursor // nothing happened: nothing to keep
	} else {
		next = synced{c.a.o.Calendar, next, now.Unix()}.String()
	}
	return changed, next, nil
}

// follow reads all pages of what changed since the token, or of everything. Half a list
// is an error: the token comes with the last page alone.
func (c *Calendar) follow(ctx context.Context, token string) (items []*calendar.Event, zone *time.Location, next string, err error) {
	zone = c.a.o.Zone
	for page := ""; ; {
		call := c.a.calendar.Events.List(c.a.o.Calendar).MaxResults(2500).
			Fields("nextPageToken,nextSyncToken,timeZone,items(" + eventFields + ")").Context(ctx)
		if token != "" {
			call.SyncToken(token)
		} else {
			call.TimeMin(c.a.o.Now().Add(-pastKept).UTC().Format(time.RFC3339))
		}
		if page != "" {
			call.PageToken(page)
		}
		res, err := call.Do()
		if err != nil {
			return nil, nil, "", err
		}
		items = append(items, res.Items...)
		if loc, err := time.LoadLocation(res.TimeZone); err == nil && res.TimeZone != "" {
			zone = loc
		}
		if page = res.NextPageToken; page == "" {
			return items, zone, res.NextSyncToken, nil
		}
	}
}

// compareAll says which of the watched events are not as last seen.
func (c *Calendar) compareAll(ctx context.Context, items []*calendar.Event, zone *time.Location, known map[string]string, anew bool) ([]scheduler.CalendarChange, error) {
	var changed []scheduler.CalendarChange
	met := map[string]bool{}
	for _, ev := range items {
		etag, ours := known[ev.Id]
		if !ours {
			continue
		}
		met[ev.Id] = true
		if ev.Etag != etag || ev.Status == "cancelled" {
			changed = append(changed, c.change1(ev, zone))
		}
	}
	if !anew {
		return changed, nil
	}
	// What was not in the list may be older than it, or gone: each is looked at. One that a
	// person deleted is still known as cancelled.
	unheardOf := 0
	for id, etag := range known {
		if met[id] {
			continue
		}
		ev, err := c.get(ctx, id)
		switch {
		case statusOf(err) == http.StatusNotFound || statusOf(err) == http.StatusGone:
			unheardOf++
			changed = append(changed, scheduler.CalendarChange{ID: id, Deleted: true})
		case err != nil:
			return nil, c.gone("look at an event", err, false)
		case ev.Etag != etag || ev.Status == "cancelled":
			changed = append(changed, c.change1(ev, zone))
		}
	}
	if unheardOf > 0 && unheardOf == len(known) { // another calendar, or one that was emptied: nobody called these off
		return nil, &scheduler.Failure{Kind: scheduler.Suspicion, Err: fmt.Errorf("follow the calendar: it knows none of indy's events: %w", scheduler.ErrEmptied)}
	}
	return changed, nil
}

func (c *Calendar) change1(ev *calendar.Event, zone *time.Location) scheduler.CalendarChange {
	out := scheduler.CalendarChange{ID: ev.Id, Deleted: ev.Status == "cancelled"}
	c.mu.Lock()
	defer c.mu.Unlock()
	if out.Deleted {
		delete(c.ours, ev.Id)
		return out
	}
	out.Event = readEvent(ev, zone)
	c.ours[ev.Id] = span{out.Event.From, out.Event.To}
	return out
}

// learn finds out, once after each start, when our events take place, for Watch.
func (c *Calendar) learn(ctx context.Context, at synced) error {
	c.mu.Lock()
	learned := c.learned
	c.mu.Unlock()
	if learned || at.Token == "" { // a list of everything comes anyway
		c.mu.Lock()
		c.learned = true
		c.mu.Unlock()
		return nil
	}
	res, err := c.a.calendar.Events.List(c.a.o.Calendar).PrivateExtendedProperty(propOurs + "=1").MaxResults(250).
		TimeMin(c.a.o.Now().Add(-nearAfter).UTC().Format(time.RFC3339)).Fields("items(id,start,end)").Context(ctx).Do()
	if err != nil {
		return c.gone("look at the meetings to come", err, false)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ev := range res.Items {
		from, _ := moment(ev.Start, c.a.o.Zone)
		to, _ := moment(ev.End, c.a.o.Zone)
		c.ours[ev.Id] = span{from, to}
	}
	c.learned = true
	return nil
}
