package googletest

import (
	"regexp"
	"strings"
	"time"
)

var eventID = regexp.MustCompile(`^[a-v0-9]{5,}$`)

var (
	_ = register("calendar.events.insert", func(c *call) (any, *apiError) {
		k, failed := c.calendar("writer")
		if failed != nil {
			return nil, failed
		}
		return c.insertEvent(k)
	})
	_ = register("calendar.events.get", func(c *call) (any, *apiError) {
		k, e, failed := c.event("reader")
		if failed != nil {
			return nil, failed
		}
		return k.view(e.body), nil
	})
	_ = register("calendar.events.patch", func(c *call) (any, *apiError) { return c.changeEvent(true) })
	_ = register("calendar.events.update", func(c *call) (any, *apiError) { return c.changeEvent(false) })
	_ = register("calendar.events.delete", func(c *call) (any, *apiError) {
		k, e, failed := c.event("writer")
		if failed != nil {
			return nil, failed
		}
		if e.body["status"] == "cancelled" {
			return nil, refuse(410, "deleted", "Resource has been deleted")
		}
		if failed := c.ifMatch(e); failed != nil {
			return nil, failed
		}
		c.s.cancel(k, e, c.query.Get("sendUpdates"))
		return nil, nil
	})
)

// insertEvent makes an event, under an id of the caller's if one is given.
func (c *call) insertEvent(k *cal) (any, *apiError) {
	body := clone(c.body).(obj)
	id := text(body, "id")
	if id == "" {
		id = strings.Map(func(r rune) rune { return 'a' + (r-'0')%22 }, c.s.hex())
	}
	if !eventID.MatchString(id) || len(id) > 1024 {
		return nil, refuse(400, "invalid", "Invalid resource id value.")
	}
	if k.events[id] != nil { // one that was deleted keeps its id
		return nil, refuse(409, "duplicate", "The requested identifier already exists.")
	}
	if text(body, "iCalUID") != "" && text(c.body, "id") != "" {
		return nil, refuse(400, "invalid", "Only one of id and iCalUID may be supplied.")
	}
	if failed := k.wellFormed(body); failed != nil {
		return nil, failed
	}
	body["id"], body["kind"], body["eventType"] = id, "calendar#event", "default"
	if text(body, "iCalUID") == "" {
		body["iCalUID"] = id + "@google.com"
	}
	if text(body, "status") == "" {
		body["status"] = "confirmed"
	}
	if body["reminders"] == nil {
		body["reminders"] = obj{"useDefault": true}
	}
	person := obj{"email": k.owner}
	body["creator"], body["organizer"], body["sequence"] = obj{"email": c.user.address}, person, 0
	body["created"] = c.s.now().Format("2006-01-02T15:04:05.000Z")
	body["htmlLink"] = "https://www.google.com/calendar/event?eid=" + id
	answered(body, nil)
	e := &event{body: body}
	k.events[id] = e
	c.s.touch(k, e)
	c.s.spread(k, e, c.query.Get("sendUpdates"), "REQUEST")
	return k.view(e.body), nil
}

// wellFormed says whether Google would take an event's times.
func (k *cal) wellFormed(o obj) *apiError {
	for _, name := range []string{"start", "end"} {
		at, ok := o[name].(obj)
		if !ok || text(at, "date") == "" && text(at, "dateTime") == "" {
			return refuse(400, "required", "Missing "+name+" time.")
		}
		if text(at, "date") != "" && text(at, "dateTime") != "" {
			return refuse(400, "invalid", "Invalid "+name+" time.")
		}
		if t := text(at, "dateTime"); t != "" && text(at, "timeZone") == "" {
			if _, err := time.Parse(time.RFC3339, t); err != nil {
				return refuse(400, "required", "Missing time zone definition for "+name+" time.")
			}
			if o["recurrence"] != nil {
				return refuse(400, "required", "Missing time zone definition for "+name+" time.")
			}
		}
		if z := text(at, "timeZone"); z != "" {
			if _, err := time.LoadLocation(z); err != nil {
				return refuse(400, "invalid", "Invalid time zone definition for "+name+" time.")
			}
		}
	}
	if f, t := k.times(o); t.Before(f) {
		return refuse(400, "timeRangeEmpty", "The specified time range is empty.")
	}
	switch text(o, "status") {
	case "", "confirmed", "tentative", "cancelled":
	default:
		return refuse(400, "invalid", "Invalid status.")
	}
	if r, ok := o["reminders"].(obj); ok {
		if list, _ := r["overrides"].([]any); len(list) > 5 {
			return refuse(400, "invalid", "Too many reminders.")
		} else if len(list) > 0 && r["useDefault"] == true {
			return refuse(400, "cannotUseDefaultRemindersAndSpecifyOverride", "Cannot specify both default reminders and overrides at the same time.")
		}
	}
	if x, ok := o["extendedProperties"].(obj); ok {
		private, _ := x["private"].(obj)
		for name, v := range private {
			if s, _ := v.(string); len(name) > 44 || len(s) > 1024 {
				return refuse(400, "invalid", "Extended property is too long.")
			}
		}
	}
	return nil
}

// answered gives attendees their responseStatus where it is missing.
func answered(o, was obj) {
	list, _ := o["attendees"].([]any)
	for _, x := range list {
		a := x.(obj)
		if text(a, "responseStatus") == "" {
			a["responseStatus"] = "needsAction"
			if old := attendee(was, text(a, "email")); old != nil {
				a["responseStatus"] = old["responseStatus"]
			}
		}
	}
}

// event is the one that a call names, an instance of a recurring one included.
func (c *call) event(least string) (*cal, *event, *apiError) {
	k, failed := c.calendar(least)
	if failed != nil {
		return nil, nil, failed
	}
	id := c.path["eventId"]
	if e := k.events[id]; e != nil {
		return k, e, nil
	}
	if o := k.instance(id); o != nil {
		return k, &event{body: o}, nil
	}
	return nil, nil, refuse(404, "notFound", "Not Found")
}

func (c *call) ifMatch(e *event) *apiError {
	if want := c.header.Get("If-Match"); want != "" && want != "*" && want != e.body["etag"] {
		return refuse(412, "conditionNotMet", "Precondition Failed")
	}
	return nil
}

// changeEvent patches (RFC 7396, lists replaced whole) or replaces an event.
func (c *call) changeEvent(patch bool) (any, *apiError) {
	k, e, failed := c.event("writer")
	if failed != nil {
		return nil, failed
	}
	if failed := c.ifMatch(e); failed != nil {
		return nil, failed
	}
	if e.body["status"] == "cancelled" {
		return nil, refuse(403, "forbidden", "The event was deleted.")
	}
	was := clone(e.body).(obj)
	next := clone(c.body).(obj)
	if patch {
		next = merge(clone(e.body).(obj), next)
	} else {
		for _, name := range []string{"id", "kind", "iCalUID", "creator", "organizer", "created", "htmlLink", "eventType", "sequence"} {
			if x, ok := was[name]; ok {
				next[name] = x
			}
		}
	}
	if failed := k.wellFormed(next); failed != nil {
		return nil, failed
	}
	answered(next, was)
	c.s.replace(k, e, next, c.query.Get("sendUpdates"))
	return k.view(e.body), nil
}

// merge puts a patch on top of an object.
func merge(o, patch obj) obj {
	for name, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(o, name)
		case obj:
			if below, ok := o[name].(obj); ok && name != "start" && name != "end" {
				o[name] = merge(below, v)
			} else {
				o[name] = v
			}
		default:
			o[name] = v
		}
	}
	return o
}

// replace gives an event another content. An attendee's copy changes only their answer,
// and hands it to the organizer.
func (s *Server) replace(k *cal, e *event, next obj, updates string) {
	was := e.body
	id := text(was, "id")
	moved := !k.moment(was["start"]).Equal(k.moment(next["start"])) || !k.moment(was["end"]).Equal(k.moment(next["end"]))
	if n, ok := was["sequence"].(int); ok && moved {
		next["sequence"] = n + 1
	}
	e.body = next
	if k.events[id] == nil { // an instance becomes an exception
		k.events[id] = e
	}
	s.touch(k, e)
	if text(next["organizer"].(obj), "email") == k.owner {
		s.spread(k, e, updates, "REQUEST")
		s.uninvite(k, was, next, updates)
		return
	}
	s.answerUp(k, e)
}

// cancel deletes an event: it stays behind as cancelled, with little more than its id.
func (s *Server) cancel(k *cal, e *event, updates string) {
	full := clone(e.body).(obj)
	id := text(full, "id")
	if text(full["organizer"].(obj), "email") != k.owner { // an attendee's own copy: they decline
		if a := attendee(e.body, k.owner); a != nil {
			a["responseStatus"] = "declined"
		}
		e.body["status"] = "cancelled"
		s.touch(k, e)
		s.answerUp(k, e)
		return
	}
	e.body["status"] = "cancelled"
	if k.events[id] == nil {
		k.events[id] = e
	}
	s.touch(k, e)
	full["status"] = "cancelled"
	s.spread(k, &event{body: full}, updates, "CANCEL")
}
