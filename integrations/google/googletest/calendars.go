package googletest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cal is one calendar.
type cal struct {
	id, owner, summary, zone string
	deleted                  bool
	events                   map[string]*event
	shared                   map[string]string // address → accessRole; "" for nobody
	change                   int               // counts changes
	oldest                   int               // sync tokens before it are forgotten
}

// event is one event on one calendar. An attendee's copy is an event of its own.
type event struct {
	body   obj
	change int
	etagNo uint64
}

func (c *cal) location() *time.Location {
	if loc, err := time.LoadLocation(c.zone); err == nil {
		return loc
	}
	return time.UTC
}

// AddCalendar makes another calendar of a user's and answers its id.
func (x *User) AddCalendar(summary, zone string) (id string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	id = "c_" + x.s.hex() + "@group.calendar.google.com"
	x.s.calendars[id] = &cal{id: id, owner: x.u.address, summary: summary, zone: zone, events: map[string]*event{}, shared: map[string]string{}}
	return id
}

// Share lets somebody see or change one of the user's calendars ("" is the primary one).
// role is freeBusyReader, reader, writer or "" for no longer.
func (x *User) Share(calendar, with, role string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if calendar == "" {
		calendar = x.u.address
	}
	x.s.calendars[calendar].shared[strings.ToLower(with)] = role
}

// DeleteCalendar deletes a calendar for good.
func (x *User) DeleteCalendar(id string) {
	x.s.locked(func() { x.s.calendars[id].deleted = true })
}

// ForgetSync makes the sync tokens of a calendar ("" is the primary one) too old.
func (x *User) ForgetSync(calendar string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if calendar == "" {
		calendar = x.u.address
	}
	k := x.s.calendars[calendar]
	k.change++
	k.oldest = k.change
}

// calendar is the one that a call names, if its user has at least that role there.
func (c *call) calendar(least string) (*cal, *apiError) {
	id := c.path["calendarId"]
	if id == "primary" {
		id = c.user.address
	}
	k := c.s.calendars[strings.ToLower(id)]
	if k == nil {
		k = c.s.calendars[id]
	}
	if k == nil || k.deleted {
		return nil, refuse(404, "notFound", "Not Found")
	}
	role := k.role(c.user.address)
	if role == "" || least != "freeBusyReader" && role == "freeBusyReader" {
		return nil, refuse(404, "notFound", "Not Found")
	}
	if least == "writer" && role == "reader" {
		return nil, refuse(403, "requiredAccessLevel", "You need to have writer access to this calendar.")
	}
	return k, nil
}

func (k *cal) role(address string) string {
	if k.owner == address {
		return "owner"
	}
	if r := k.shared[address]; r != "" {
		return r
	}
	return k.shared["*"]
}

var (
	_ = register("calendar.calendarList.list", func(c *call) (any, *apiError) {
		items := []any{}
		for _, id := range slices.Sorted(maps.Keys(c.s.calendars)) {
			k := c.s.calendars[id]
			role := k.role(c.user.address)
			if k.deleted || role == "" || k.owner != c.user.address && k.shared[c.user.address] == "" {
				continue
			}
			o := obj{"kind": "calendar#calendarListEntry", "etag": `"0"`, "id": k.id, "summary": k.summary, "timeZone": k.zone, "accessRole": role, "selected": true}
			if k.id == c.user.address {
				o["primary"] = true
			}
			items = append(items, o)
		}
		return obj{"kind": "calendar#calendarList", "etag": `"0"`, "items": items, "nextSyncToken": "list"}, nil
	})
	_ = register("calendar.freebusy.query", freeBusy)
)

// interval is a stretch of time.
type interval struct{ from, to time.Time }

// freeBusy answers with merged busy times; a calendar that cannot be seen is an error of
// its own within the answer.
func freeBusy(c *call) (any, *apiError) {
	from, err1 := time.Parse(time.RFC3339, text(c.body, "timeMin"))
	to, err2 := time.Parse(time.RFC3339, text(c.body, "timeMax"))
	if err1 != nil || err2 != nil || !from.Before(to) {
		return nil, refuse(400, "timeRangeEmpty", "The specified time range is empty.")
	}
	if to.Sub(from) > 92*24*time.Hour {
		return nil, refuse(400, "timeRangeTooLong", "The requested time range is too long.")
	}
	items, _ := c.body["items"].([]any)
	if most, ok := c.body["calendarExpansionMax"].(interface{ Int64() (int64, error) }); ok {
		if n, _ := most.Int64(); n > 50 {
			return nil, refuse(400, "invalid", "Invalid value for: calendarExpansionMax")
		}
	}
	answer := obj{}
	for i, it := range items {
		id := text(it.(obj), "id")
		entry := obj{"busy": []any{}}
		answer[id] = entry
		if i >= 50 {
			entry["errors"] = []any{obj{"domain": "calendar", "reason": "tooManyCalendarsRequested"}}
			continue
		}
		at := *c
		at.path = map[string]string{"calendarId": id}
		k, failed := at.calendar("freeBusyReader")
		if failed != nil {
			entry["errors"] = []any{obj{"domain": "global", "reason": "notFound"}}
			continue
		}
		busy := []any{}
		for _, iv := range k.busy(from, to) {
			busy = append(busy, obj{"start": iv.from.UTC().Format(time.RFC3339), "end": iv.to.UTC().Format(time.RFC3339)})
		}
		entry["busy"] = busy
	}
	return obj{"kind": "calendar#freeBusy", "timeMin": from.UTC().Format(time.RFC3339), "timeMax": to.UTC().Format(time.RFC3339), "calendars": answer}, nil
}

// busy is when a calendar's owner is busy, merged.
func (k *cal) busy(from, to time.Time) (out []interval) {
	var all []interval
	for _, id := range slices.Sorted(maps.Keys(k.events)) {
		for _, o := range k.instances(k.events[id].body, from, to) {
			if o["status"] == "cancelled" || o["transparency"] == "transparent" || o["eventType"] == "workingLocation" || k.declined(o) {
				continue
			}
			f, t := k.times(o)
			if f.Before(from) {
				f = from
			}
			if t.After(to) {
				t = to
			}
			all = append(all, interval{f, t})
		}
	}
	slices.SortFunc(all, func(a, b interval) int { return a.from.Compare(b.from) })
	for _, iv := range all {
		if n := len(out); n > 0 && !iv.from.After(out[n-1].to) {
			if iv.to.After(out[n-1].to) {
				out[n-1].to = iv.to
			}
			continue
		}
		out = append(out, iv)
	}
	return out
}

func (k *cal) declined(o obj) bool {
	a := attendee(o, k.owner)
	return a != nil && a["responseStatus"] == "declined"
}

func attendee(o obj, address string) obj {
	list, _ := o["attendees"].([]any)
	for _, x := range list {
		if a, ok := x.(obj); ok && strings.EqualFold(text(a, "email"), address) {
			return a
		}
	}
	return nil
}

// times is when an event takes place.
func (k *cal) times(o obj) (from, to time.Time) { return k.moment(o["start"]), k.moment(o["end"]) }

func (k *cal) moment(v any) time.Time {
	o, _ := v.(obj)
	loc := k.location()
	if z := text(o, "timeZone"); z != "" {
		if l, err := time.LoadLocation(z); err == nil {
			loc = l
		}
	}
	if d := text(o, "date"); d != "" {
		t, _ := time.ParseInLocation(time.DateOnly, d, loc)
		return t.UTC()
	}
	t, err := time.Parse(time.RFC3339, text(o, "dateTime"))
	if err != nil {
		t, _ = time.ParseInLocation("2006-01-02T15:04:05", text(o, "dateTime"), loc)
	}
	return t.UTC()
}

// touch gives an event its next version.
func (s *Server) touch(k *cal, e *event) {
	k.change++
	e.change = k.change
	e.etagNo = s.rng.Uint64()
	e.body["etag"] = `"` + strconv.FormatUint(e.etagNo, 10) + `"`
	e.body["updated"] = s.now().Format("2006-01-02T15:04:05.000Z")
}

// clone copies a JSON value through and through.
func clone(v any) any {
	switch v := v.(type) {
	case obj:
		out := make(obj, len(v))
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	case interface{ Int64() (int64, error) }: // json.Number
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		return fmt.Sprint(v)
	}
	return v
}

// view is an event as somebody sees it on a calendar: who they are is marked.
func (k *cal) view(o obj) obj {
	v := clone(o).(obj)
	if list, ok := v["attendees"].([]any); ok {
		for _, x := range list {
			if a := x.(obj); strings.EqualFold(text(a, "email"), k.owner) {
				a["self"] = true
			}
		}
	}
	if org, ok := v["organizer"].(obj); ok && strings.EqualFold(text(org, "email"), k.owner) {
		org["self"] = true
	}
	return v
}
