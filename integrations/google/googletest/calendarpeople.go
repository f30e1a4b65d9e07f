package googletest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Event is an event as its calendar's owner sees it.
type Event struct {
	ID, Summary, Description, Location, Status, ETag string
	From, To                                         time.Time
	Private                                          map[string]string
	Answers                                          map[string]string // responseStatus by address
}

// Events are the events of a calendar of the user's ("" is the primary one) that are not deleted.
func (x *User) Events(calendar string) (list []Event) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	k := x.calendar(calendar)
	for _, id := range slices.Sorted(maps.Keys(k.events)) {
		o := k.events[id].body
		if o["status"] == "cancelled" {
			continue
		}
		e := Event{ID: id, Summary: text(o, "summary"), Description: text(o, "description"), Location: text(o, "location"), Status: text(o, "status"), ETag: text(o, "etag"),
			Private: map[string]string{}, Answers: map[string]string{}}
		e.From, e.To = k.times(o)
		if p, ok := o["extendedProperties"].(obj); ok {
			private, _ := p["private"].(obj)
			for name, v := range private {
				e.Private[name], _ = v.(string)
			}
		}
		people, _ := o["attendees"].([]any)
		for _, a := range people {
			e.Answers[text(a.(obj), "email")] = text(a.(obj), "responseStatus")
		}
		list = append(list, e)
	}
	return list
}

func (x *User) calendar(id string) *cal {
	if id == "" {
		id = x.u.address
	}
	return x.s.calendars[id]
}

// Edit changes an event by hand in the browser: patch is the API's own JSON.
func (x *User) Edit(calendar, id, patch string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	k := x.calendar(calendar)
	e := k.events[id]
	if e == nil {
		if o := k.instance(id); o != nil {
			e = &event{body: o}
		}
	}
	var p obj
	d := json.NewDecoder(strings.NewReader(patch))
	d.UseNumber()
	if err := d.Decode(&p); err != nil || e == nil {
		x.s.violate("edit of event %q: %v", id, err)
		return
	}
	next := merge(clone(e.body).(obj), clone(p).(obj))
	answered(next, e.body)
	x.s.replace(k, e, next, "all")
}

// MoveTo moves an event by hand, keeping its zone.
func (x *User) MoveTo(calendar, id string, from, to time.Time) {
	b, _ := json.Marshal(obj{"start": obj{"dateTime": from.Format(time.RFC3339), "timeZone": "UTC"}, "end": obj{"dateTime": to.Format(time.RFC3339), "timeZone": "UTC"}})
	x.Edit(calendar, id, string(b))
}

// Delete deletes an event by hand; of an invitation that is a "no".
func (x *User) Delete(calendar, id string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	k := x.calendar(calendar)
	if e := k.events[id]; e != nil {
		x.s.cancel(k, e, "all")
	}
}

// Answer answers an invitation on the user's own calendar: accepted, tentative, declined.
func (x *User) Answer(id, response string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	k := x.calendar("")
	e := k.events[id]
	if e == nil {
		x.s.violate("%s is not invited to %q", x.u.address, id)
		return
	}
	if a := attendee(e.body, x.u.address); a != nil {
		a["responseStatus"] = response
	}
	x.s.touch(k, e)
	x.s.answerUp(k, e)
}

// Add makes an event by hand; body is the API's own JSON.
func (x *User) Add(calendar, body string) (id string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	k := x.calendar(calendar)
	c := &call{s: x.s, user: x.u, path: map[string]string{"calendarId": k.id}}
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&c.body); err != nil {
		x.s.violate("add an event: %v", err)
		return ""
	}
	v, failed := c.insertEvent(k)
	if failed != nil {
		x.s.violate("add an event: %s", failed.message)
		return ""
	}
	return text(v.(obj), "id")
}

// Book makes a plain event by hand.
func (x *User) Book(calendar, summary string, from, to time.Time) (id string) {
	b, _ := json.Marshal(obj{"summary": summary, "start": obj{"dateTime": from.Format(time.RFC3339)}, "end": obj{"dateTime": to.Format(time.RFC3339)}})
	return x.Add(calendar, string(b))
}
