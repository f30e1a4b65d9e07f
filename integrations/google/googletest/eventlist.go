package googletest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

var _ = register("calendar.events.list", listEvents)

// withSync are the parameters that do not go with a sync token.
var notWithSync = []string{"iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"}

func listEvents(c *call) (any, *apiError) {
	k, failed := c.calendar("reader")
	if failed != nil {
		return nil, failed
	}
	q := c.query
	single := q.Get("singleEvents") == "true"
	if q.Get("orderBy") == "startTime" && !single {
		return nil, refuse(400, "badRequest", "The requested ordering is not available for the particular query.")
	}
	since := -1
	if t := q.Get("syncToken"); t != "" {
		for _, name := range notWithSync {
			if q.Has(name) {
				return nil, refuse(400, "badRequest", "Sync token cannot be combined with "+name)
			}
		}
		var failed *apiError
		if since, failed = k.since(t, single); failed != nil {
			return nil, failed
		}
	}
	all, failed := c.selectEvents(k, single, since)
	if failed != nil {
		return nil, failed
	}
	size, from := limit(c, 250, 2500), 0
	if p := q.Get("pageToken"); p != "" {
		var err error
		if from, err = strconv.Atoi(p); err != nil || from > len(all) {
			return nil, refuse(400, "invalid", "Invalid page token value.")
		}
	}
	answer := obj{"kind": "calendar#events", "etag": fmt.Sprintf("%q", fmt.Sprint(k.change)), "summary": k.summary, "timeZone": k.zone,
		"updated": c.s.now().Format("2006-01-02T15:04:05.000Z"), "accessRole": k.role(c.user.address), "defaultReminders": []any{}}
	page := all[from:]
	if len(page) > size {
		page = page[:size]
		answer["nextPageToken"] = strconv.Itoa(from + size)
	} else if !q.Has("orderBy") && !q.Has("q") && !q.Has("privateExtendedProperty") && !q.Has("iCalUID") && !q.Has("updatedMin") && !q.Has("timeMax") {
		// Another text each time, as Google's are.
		answer["nextSyncToken"] = fmt.Sprintf("S%d.%t.%s=", k.change, single, c.s.hex())
	}
	items := make([]any, len(page))
	for i, o := range page {
		items[i] = k.view(o)
	}
	answer["items"] = items
	return answer, nil
}

// since is the change up to which a sync token knows the calendar.
func (k *cal) since(token string, single bool) (int, *apiError) {
	parts := strings.Split(strings.TrimPrefix(token, "S"), ".")
	n, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) != 3 || parts[1] != fmt.Sprint(single) {
		return 0, refuse(400, "invalid", "Invalid sync token value.")
	}
	if n < k.oldest {
		return 0, refuse(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
	}
	return n, nil
}

// selectEvents are the events that a query asks for.
func (c *call) selectEvents(k *cal, single bool, since int) (out []obj, failed *apiError) {
	q := c.query
	from, to := time.Time{}, time.Time{}
	for name, at := range map[string]*time.Time{"timeMin": &from, "timeMax": &to} {
		if v := q.Get(name); v != "" {
			t, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return nil, refuse(400, "badRequest", "Bad Request")
			}
			*at = t
		}
	}
	deleted := q.Get("showDeleted") == "true" || since >= 0
	for _, id := range slices.Sorted(maps.Keys(k.events)) {
		e := k.events[id]
		if e.change <= since || e.body["status"] == "cancelled" && !deleted {
			continue
		}
		if since >= 0 && e.body["status"] == "cancelled" { // little more than its id is kept
			out = append(out, obj{"kind": "calendar#event", "etag": e.body["etag"], "id": id, "status": "cancelled"})
			continue
		}
		if p := q.Get("privateExtendedProperty"); p != "" && !hasPrivate(e.body, p) {
			continue
		}
		if words := q.Get("q"); words != "" && !strings.Contains(strings.ToLower(text(e.body, "summary")+" "+text(e.body, "description")), strings.ToLower(words)) {
			continue
		}
		if u := q.Get("iCalUID"); u != "" && e.body["iCalUID"] != u {
			continue
		}
		found := []obj{e.body}
		if single {
			found = k.instances(e.body, orFar(from, -1), orFar(to, 1))
		}
		for _, o := range found {
			if f, t := k.times(o); (from.IsZero() || t.After(from) || o["recurrence"] != nil) && (to.IsZero() || f.Before(to)) && (o["status"] != "cancelled" || deleted) {
				out = append(out, o)
			}
		}
	}
	if q.Get("orderBy") == "startTime" {
		slices.SortStableFunc(out, func(a, b obj) int {
			x, _ := k.times(a)
			y, _ := k.times(b)
			return x.Compare(y)
		})
	}
	return out, nil
}

// orFar is t, or some years from everything.
func orFar(t time.Time, sign int) time.Time {
	if t.IsZero() {
		return time.Now().AddDate(2*sign, 0, 0)
	}
	return t
}

func hasPrivate(o obj, property string) bool {
	name, value, _ := strings.Cut(property, "=")
	x, _ := o["extendedProperties"].(obj)
	p, _ := x["private"].(obj)
	return p[name] == value
}

// instances are the occurrences of an event in a stretch of time: itself, or, of one that
// recurs, each that has not been changed on its own.
func (k *cal) instances(o obj, from, to time.Time) []obj {
	lines := texts(o["recurrence"])
	start, end := k.times(o)
	if len(lines) == 0 {
		if start.Before(to) && end.After(from) {
			return []obj{o}
		}
		return nil
	}
	set := k.rules(o, lines)
	if set == nil {
		return nil
	}
	length := end.Sub(start)
	var out []obj
	for _, t := range set.Between(from.Add(-length), to, true) {
		id := instanceID(o, t)
		if k.events[id] != nil || !t.Before(to) || !t.Add(length).After(from) {
			continue
		}
		out = append(out, k.occurrence(o, id, t, length))
	}
	return out
}

func (k *cal) rules(o obj, lines []string) *rrule.Set {
	at, _ := o["start"].(obj)
	loc := k.location()
	if l, err := time.LoadLocation(text(at, "timeZone")); err == nil && text(at, "timeZone") != "" {
		loc = l
	}
	set, err := rrule.StrSliceToRRuleSetInLoc(lines, loc)
	if err != nil {
		return nil
	}
	set.DTStart(k.moment(at).In(loc))
	return set
}

func instanceID(o obj, t time.Time) string {
	at, _ := o["start"].(obj)
	if text(at, "date") != "" {
		return text(o, "id") + "_" + t.Format("20060102")
	}
	return text(o, "id") + "_" + t.UTC().Format("20060102T150405Z")
}

func (k *cal) occurrence(o obj, id string, t time.Time, length time.Duration) obj {
	c := clone(o).(obj)
	delete(c, "recurrence")
	c["id"], c["recurringEventId"] = id, text(o, "id")
	at, _ := o["start"].(obj)
	if text(at, "date") != "" {
		c["start"], c["end"] = obj{"date": t.Format(time.DateOnly)}, obj{"date": t.Add(length).Format(time.DateOnly)}
	} else {
		zone := text(at, "timeZone")
		c["start"] = obj{"dateTime": t.Format(time.RFC3339), "timeZone": zone}
		c["end"] = obj{"dateTime": t.Add(length).Format(time.RFC3339), "timeZone": zone}
	}
	c["originalStartTime"] = clone(c["start"])
	return c
}

// instance is the occurrence of that id.
func (k *cal) instance(id string) obj {
	master, _, ok := strings.Cut(id, "_")
	e := k.events[master]
	if !ok || e == nil {
		return nil
	}
	start, _ := k.times(e.body)
	for _, o := range k.instances(e.body, start.AddDate(0, 0, -1), start.AddDate(3, 0, 0)) {
		if o["id"] == id {
			return o
		}
	}
	return nil
}
