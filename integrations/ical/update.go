package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"indy/scheduler"
)

// UpdateEvent changes what indy owns in an event's file, and only where it differs: lines
// that say the same in other words stay as they are. Everything else in the file is kept:
// properties that indy does not know, other attendees, alarms, other events.
//
// Alarms belong to whoever uses the calendar once the event stands, so they are not touched.
func UpdateEvent(old []byte, ev scheduler.CalendarEvent) ([]byte, error) {
	b, err := updateEvent(old, ev)
	if err != nil {
		return nil, fmt.Errorf("change the event: %w", err)
	}
	return b, nil
}

func updateEvent(old []byte, ev scheduler.CalendarEvent) ([]byte, error) {
	cal, err := parse(old)
	if err != nil {
		return nil, err
	}
	zone, err := check(ev)
	if err != nil {
		return nil, err
	}
	event := cal.event(ev.UID)
	if event == nil || !event.ended {
		return nil, errors.New("it is not in its file any more")
	}
	now, err := decodeEvent(event, cal)
	if err != nil { // its times cannot be read: ours replace them
		now = scheduler.CalendarEvent{}
	}
	moved := !now.From.Equal(ev.From) || !now.To.Equal(ev.To)
	event.props = merge(event.props, ev, now, zone, moved)
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	for _, p := range cal.props {
		w.property(p)
	}
	if moved && zone != time.UTC {
		cal.children = slices.DeleteFunc(cal.children, func(c *component) bool {
			return c.name == "VTIMEZONE" && c.text("TZID") == zone.String()
		})
		w.writeZone(zone, ev.From, ev.To)
	}
	for _, c := range cal.children {
		w.component(c)
	}
	return w.end(), nil
}

// merge is the event's properties with indy's in the place of those that differ.
func merge(old []property, ev, now scheduler.CalendarEvent, zone *time.Location, moved bool) []property {
	own := map[string]property{}
	var order []string
	for _, p := range properties(ev, "", zone) {
		if p.name != "ATTENDEE" {
			own[p.name] = p
			order = append(order, p.name)
		}
	}
	var out []property
	put := map[string]bool{}
	for _, p := range old {
		switch next, ours := own[p.name]; {
		case ev.KeepText && (p.name == "DESCRIPTION" || p.name == "X-ALT-DESC"):
			out, put[p.name] = append(out, p), true
		case p.name == "ATTENDEE":
			out = append(out, attended(p, ev))
		case (p.name == "DTSTART" || p.name == "DTEND" || p.name == "DURATION") && !moved:
			out = append(out, p)
			put["DTSTART"], put["DTEND"] = true, true
		case p.name == "DURATION", put[p.name] && ours:
		case ours && same(p, next):
			out, put[p.name] = append(out, p), true
		case ours:
			out, put[p.name] = append(out, next), true
		case emptied(p.name, ev, now):
		default:
			out = append(out, p)
		}
	}
	for _, name := range order {
		if !put[name] && !(ev.KeepText && name == "X-ALT-DESC") {
			out = append(out, own[name])
		}
	}
	for _, a := range ev.Attendees {
		if !slices.ContainsFunc(old, func(p property) bool { return p.name == "ATTENDEE" && strings.EqualFold(address(p).Addr, a.Addr) }) {
			out = append(out, attendeeOf(a, ""))
		}
	}
	return out
}

// emptied says that indy had words there and has none now.
func emptied(name string, ev, now scheduler.CalendarEvent) bool {
	switch name {
	case "DESCRIPTION":
		return ev.Text == "" && now.Text != ""
	case "X-ALT-DESC":
		return ev.HTML == "" && (now.HTML != "" || ev.Text != now.Text) // else it would say something else than the text
	case "LOCATION":
		return ev.Location == ""
	case "GEO": // of the place before
		return ev.Geo == "" && ev.Location != now.Location
	case "SUMMARY":
		return ev.Title == ""
	}
	return false
}

// same says that two properties say the same.
func same(a, b property) bool {
	if a.name == "ORGANIZER" {
		return strings.EqualFold(address(a).Addr, address(b).Addr)
	}
	return unescape(strings.TrimSpace(a.value)) == unescape(strings.TrimSpace(b.value))
}

// attended is an ATTENDEE with the answer that indy knows of; a guest whom somebody invited
// by hand, and all other parameters, stay as they are.
func attended(p property, ev scheduler.CalendarEvent) property {
	i := slices.IndexFunc(ev.Attendees, func(a scheduler.Attendee) bool { return strings.EqualFold(a.Addr, address(p).Addr) })
	if i < 0 {
		return p
	}
	a := ev.Attendees[i]
	p = p.with("PARTSTAT", partStat(a.PartStat))
	if a.Optional != strings.EqualFold(p.param("ROLE"), "OPT-PARTICIPANT") {
		p = p.with("ROLE", role(a))
	}
	return p
}

// with is the property with a parameter set, if it does not have that value.
func (p property) with(name, value string) property {
	old := p.param(name)
	if strings.EqualFold(old, value) || old == "" && name == "PARTSTAT" && value == "NEEDS-ACTION" {
		return p
	}
	p.line = ""
	p.params = slices.Clone(p.params)
	for i := range p.params {
		if p.params[i].name == name {
			p.params[i].value = value
			return p
		}
	}
	p.params = append(p.params, param{name, value})
	return p
}

func (w *writer) component(c *component) {
	w.raw("BEGIN", c.name)
	for _, p := range c.props {
		w.property(p)
	}
	for _, child := range c.children {
		w.component(child)
	}
	w.raw("END", c.name)
}

func mailto(v string) string {
	v = strings.TrimSpace(v)
	if len(v) >= 7 && strings.EqualFold(v[:7], "mailto:") {
		return v[7:]
	}
	return v
}
