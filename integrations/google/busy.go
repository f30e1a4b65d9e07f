package google

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/calendar/v3"

	"indy/scheduler"
	"indy/scheduler/slots"
)

const (
	// longestQuery is how much time one free/busy query may ask for.
	longestQuery = 60 * 24 * time.Hour
	// hiddenFor is how long a person whose free/busy cannot be seen is not asked for again.
	hiddenFor = 24 * time.Hour
)

// Busy reads the events of the calendar that indy writes to, since Google's free/busy
// cannot leave ours out, and the free/busy of the others.
func (c *Calendar) Busy(ctx context.Context, from, to time.Time) ([]slots.Busy, error) {
	busy, err := c.ownBusy(ctx, from, to)
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(slices.Clone(c.a.o.Busy), func(id string) bool {
		return id == c.a.o.Calendar || c.a.o.Calendar == "primary" && c.a.isOwn(id)
	})
	for chunk := range slices.Chunk(others, freebusyCalendarsCall) {
		seen, err := c.freeBusy(ctx, chunk, from, to)
		if err != nil {
			return nil, err
		}
		for _, id := range chunk {
			b, ok := seen[id]
			if !ok || b.err != "" {
				return nil, unreadable(b.err)
			}
			busy = append(busy, b.busy...)
		}
	}
	return busy, nil
}

// unreadable is a calendar that must be read and cannot be. It is never taken for a free one.
func unreadable(reason string) error {
	if reason == "internalError" || reason == "backendError" {
		return &scheduler.Failure{Kind: scheduler.Again, Err: errors.New("read the calendars: Google could not read one of them")}
	}
	return &scheduler.Failure{Kind: scheduler.Suspicion, Err: errors.New("read the calendars: one of them was deleted or is no longer shared"),
		Hint: `run "indy check": it names the calendar`}
}

func (c *Calendar) ownBusy(ctx context.Context, from, to time.Time) (busy []slots.Busy, err error) {
	for page := ""; ; {
		call := c.a.calendar.Events.List(c.a.o.Calendar).SingleEvents(true).MaxResults(2500).
			TimeMin(from.UTC().Format(time.RFC3339)).TimeMax(to.UTC().Format(time.RFC3339)).
			Fields("nextPageToken,timeZone,items(id,status,start,end,transparency,eventType,location,attendees(self,responseStatus),extendedProperties/private)").Context(ctx)
		if page != "" {
			call.PageToken(page)
		}
		res, err := call.Do()
		if err != nil {
			return nil, c.gone("read the calendar", err, false)
		}
		zone := c.a.o.Zone
		if loc, err := time.LoadLocation(res.TimeZone); err == nil && res.TimeZone != "" {
			zone = loc
		}
		for _, ev := range res.Items {
			if !blocks(ev) {
				continue
			}
			f, _ := moment(ev.Start, zone)
			t, _ := moment(ev.End, zone)
			if f.IsZero() || t.IsZero() {
				return nil, unreadable("")
			}
			busy = append(busy, slots.Busy{Interval: slots.Interval{From: f, To: t}, Away: elsewhere(ev.Location)})
		}
		if page = res.NextPageToken; page == "" {
			return busy, nil
		}
	}
}

// blocks says whether an event keeps the organizer busy. An invitation that they have not
// answered does; one that they declined does not, nor a note of where they work.
func blocks(ev *calendar.Event) bool {
	if ev.Status == "cancelled" || ev.Transparency == "transparent" || ev.EventType == "workingLocation" || ev.EventType == "birthday" || isOurs(ev) {
		return false
	}
	return !slices.ContainsFunc(ev.Attendees, func(a *calendar.EventAttendee) bool { return a.Self && a.ResponseStatus == "declined" })
}

// elsewhere says whether a location is a place that one has to go to.
func elsewhere(location string) bool {
	l := strings.ToLower(strings.TrimSpace(location))
	if l == "" || strings.Contains(l, "://") || strings.HasPrefix(l, "+") {
		return false
	}
	for _, w := range []string{"zoom", "google meet", "microsoft teams", "online", "phone", "webex", "skype"} {
		if strings.Contains(l, w) {
			return false
		}
	}
	return true
}

// seenBusy is what a query said of one calendar.
type seenBusy struct {
	busy []slots.Busy
	err  string
}

// freeBusy asks for up to 50 calendars, in pieces of time that Google allows.
func (c *Calendar) freeBusy(ctx context.Context, ids []string, from, to time.Time) (map[string]seenBusy, error) {
	out := map[string]seenBusy{}
	for f := from; f.Before(to); f = f.Add(longestQuery) {
		t := f.Add(longestQuery)
		if t.After(to) {
			t = to
		}
		query := &calendar.FreeBusyRequest{TimeMin: f.UTC().Format(time.RFC3339), TimeMax: t.UTC().Format(time.RFC3339), CalendarExpansionMax: freebusyCalendarsCall}
		for _, id := range ids {
			query.Items = append(query.Items, &calendar.FreeBusyRequestItem{Id: id})
		}
		res, err := c.a.calendar.Freebusy.Query(query).Fields("calendars").Context(ctx).Do()
		if err != nil {
			return nil, c.a.fail("read free/busy", err, false)
		}
		for id, said := range res.Calendars {
			seen := out[id]
			for _, e := range said.Errors {
				seen.err = e.Reason
				if seen.err == "" {
					seen.err = "unknown"
				}
			}
			for _, p := range said.Busy {
				f, err1 := time.Parse(time.RFC3339, p.Start)
				t, err2 := time.Parse(time.RFC3339, p.End)
				if err1 != nil || err2 != nil {
					seen.err = "unknown"
					continue
				}
				seen.busy = append(seen.busy, slots.Busy{Interval: slots.Interval{From: f.UTC(), To: t.UTC()}})
			}
			out[id] = seen
		}
	}
	return out, nil
}

// PersonBusy is the free/busy that somebody shares with the organizer.
func (c *Calendar) PersonBusy(ctx context.Context, address string, from, to time.Time) ([]slots.Busy, bool, error) {
	address = strings.ToLower(address)
	now := c.a.o.Now()
	c.mu.Lock()
	until := c.hidden[address]
	c.mu.Unlock()
	if now.Before(until) {
		return nil, false, nil
	}
	seen, err := c.freeBusy(ctx, []string{address}, from, to)
	if err != nil {
		if s := statusOf(err); s == http.StatusNotFound || s == http.StatusBadRequest {
			return nil, false, nil
		}
		return nil, false, err
	}
	b, ok := seen[address]
	if ok && (b.err == "internalError" || b.err == "backendError") {
		return nil, false, unreadable(b.err)
	}
	if !ok || b.err != "" {
		c.mu.Lock()
		c.hidden[address] = now.Add(hiddenFor)
		c.mu.Unlock()
		return nil, false, nil
	}
	return b.busy, true, nil
}
