package ical

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// prodID names no program: what goes to people is the organizer's (RFC 5545 3.7.3).
const prodID = "-//Calendar//One-to-one//EN"

// ownerProperty says on the organizer's own copy which one-to-one an event belongs to.
const ownerProperty = "X-INDY-ONE-TO-ONE"

// EncodeInvite writes the calendar part of a mail: METHOD REQUEST, CANCEL or DECLINECOUNTER
// of one event, or PUBLISH of deadlines (RFC 5546 3.2, 3.4). Lines are folded by octets and
// end in CRLF. Nothing in it but what the recipient may see.
func EncodeInvite(inv scheduler.Invite) ([]byte, error) {
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	w.raw("PRODID", prodID)
	w.raw("VERSION", "2.0")
	w.raw("CALSCALE", "GREGORIAN")
	w.raw("METHOD", inv.Method)
	if len(inv.Todos) > 0 {
		for _, st := range inv.Todos {
			w.todo(st, inv)
		}
		w.raw("END", "VCALENDAR")
		return w.b.Bytes(), nil
	}
	switch inv.Method {
	case "REQUEST", "CANCEL", "DECLINECOUNTER":
	default:
		return nil, fmt.Errorf("write the invite: METHOD %q is not an organizer's", inv.Method)
	}
	ev := inv.Event
	ev.OneToOne = ""
	if err := w.event(ev, inv.Method); err != nil {
		return nil, fmt.Errorf("write the invite: %w", err)
	}
	w.raw("END", "VCALENDAR")
	if err := prove(w.b.Bytes(), ev); err != nil {
		return nil, fmt.Errorf("write the invite: %w", err)
	}
	return w.b.Bytes(), nil
}

// EncodeEvent writes an event as a file of its own, as khal and vdirsyncer keep them: no
// METHOD (RFC 4791 4.1), and marked as indy's.
func EncodeEvent(ev scheduler.CalendarEvent) ([]byte, error) {
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	w.raw("PRODID", prodID)
	w.raw("VERSION", "2.0")
	w.raw("CALSCALE", "GREGORIAN")
	if err := w.event(ev, ""); err != nil {
		return nil, fmt.Errorf("write the event: %w", err)
	}
	w.raw("END", "VCALENDAR")
	return w.b.Bytes(), nil
}

// event writes VTIMEZONE and VEVENT.
func (w *writer) event(ev scheduler.CalendarEvent, method string) error {
	zone, err := check(ev)
	if err != nil {
		return err
	}
	if zone != time.UTC {
		w.writeZone(zone, ev.From)
	}
	w.raw("BEGIN", "VEVENT")
	for _, p := range properties(ev, method, zone) {
		w.property(p)
	}
	if method != "CANCEL" && method != "DECLINECOUNTER" {
		for _, before := range ev.Alarms {
			w.alarm(before, ev.Title)
		}
	}
	w.raw("END", "VEVENT")
	return nil
}

// check refuses events that no calendar could show rightly.
func check(ev scheduler.CalendarEvent) (*time.Location, error) {
	switch {
	case ev.UID == "":
		return nil, fmt.Errorf("it has no UID")
	case ev.From.IsZero() || !ev.To.After(ev.From):
		return nil, fmt.Errorf("it ends before it begins")
	}
	if ev.Zone == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(ev.Zone)
	if err != nil || zone == time.Local {
		return nil, fmt.Errorf("%q is no zone", ev.Zone)
	}
	return zone, nil
}

// properties are those of an event that indy owns, in a fixed order.
func properties(ev scheduler.CalendarEvent, method string, zone *time.Location) (list []property) {
	add := func(name, value string, params ...param) {
		if value != "" {
			list = append(list, property{name, params, value})
		}
	}
	stamp := ev.Stamp.UTC().Format(utcForm)
	add("UID", ev.UID)
	add("DTSTAMP", stamp)
	add("LAST-MODIFIED", stamp)
	add("SEQUENCE", strconv.Itoa(ev.Sequence))
	list = append(list, dateTime("DTSTART", ev.From, zone), dateTime("DTEND", ev.To, zone))
	add("SUMMARY", escape(ev.Title))
	add("DESCRIPTION", escape(ev.Text))
	if ev.HTML != "" {
		add("X-ALT-DESC", escape(ev.HTML), param{"FMTTYPE", "text/html"})
	}
	add("LOCATION", escape(ev.Location))
	add("GEO", ev.Geo)
	add("STATUS", status(ev, method))
	add("TRANSP", "OPAQUE")
	if len(ev.Attendees) > 0 { // RFC 5545 3.8.4.3: only of a scheduled event
		add("ORGANIZER", "mailto:"+ev.Organizer.Addr, cn(ev.Organizer)...)
	}
	for _, a := range ev.Attendees {
		params := append(cn(a.Address), param{"CUTYPE", "INDIVIDUAL"}, param{"ROLE", role(a)},
			param{"PARTSTAT", partStat(a.PartStat)})
		if method == "REQUEST" || method == "" {
			params = append(params, param{"RSVP", "TRUE"})
		}
		add("ATTENDEE", "mailto:"+a.Addr, params...)
	}
	add(ownerProperty, escape(string(ev.OneToOne)))
	return list
}

func (w *writer) property(p property) { w.raw(p.name, p.value, p.params...) }

func dateTime(name string, t time.Time, zone *time.Location) property {
	if zone == time.UTC {
		return property{name, nil, t.UTC().Format(utcForm)}
	}
	return property{name, []param{{"TZID", zone.String()}}, t.In(zone).Format(localForm)}
}

func status(ev scheduler.CalendarEvent, method string) string {
	switch {
	case ev.Cancelled || method == "CANCEL":
		return "CANCELLED"
	case ev.Tentative:
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

func cn(a scheduler.Address) []param {
	if a.Name == "" {
		return nil
	}
	return []param{{"CN", a.Name}}
}

func role(a scheduler.Attendee) string {
	if a.Optional {
		return "OPT-PARTICIPANT"
	}
	return "REQ-PARTICIPANT"
}

func partStat(s string) string {
	if s == "" {
		return "NEEDS-ACTION"
	}
	return s
}

func (w *writer) alarm(before time.Duration, title string) {
	w.raw("BEGIN", "VALARM")
	w.raw("ACTION", "DISPLAY")
	w.raw("TRIGGER", duration(-before))
	if title == "" {
		title = "Reminder"
	}
	w.text("DESCRIPTION", title)
	w.raw("END", "VALARM")
}

// duration writes whole minutes (RFC 5545 3.3.6).
func duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	return fmt.Sprintf("%sPT%dM", sign, int(d/time.Minute))
}

// todo writes a deadline: a VTODO that is due on its day, or an all-day event.
func (w *writer) todo(st scheduler.NextStep, inv scheduler.Invite) {
	kind := "VEVENT"
	if inv.AsTodo {
		kind = "VTODO"
	}
	w.raw("BEGIN", kind)
	w.raw("UID", strings.NewReplacer("/", "-").Replace(st.ID)+"@"+domain(inv.Event.Organizer.Addr))
	w.raw("DTSTAMP", inv.Event.Stamp.UTC().Format(utcForm))
	w.raw("SEQUENCE", strconv.Itoa(len(st.Moves)))
	day := param{"VALUE", "DATE"}
	if inv.AsTodo {
		w.raw("DUE", compact(st.Deadline), day)
		w.raw("STATUS", "NEEDS-ACTION")
	} else {
		w.raw("DTSTART", compact(st.Deadline), day)
		w.raw("DTEND", compact(st.Deadline.AddDays(1)), day)
		w.raw("TRANSP", "TRANSPARENT")
	}
	w.text("SUMMARY", st.Action)
	w.raw("END", kind)
}

func compact(d slots.Date) string { return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day) }

func domain(addr string) string {
	if _, d, ok := strings.Cut(addr, "@"); ok {
		return d
	}
	return "localhost"
}

// UpdateEvent changes what indy owns in an event's file and keeps everything else in it:
// properties that it does not know, other attendees, alarms that people set.
func UpdateEvent(old []byte, ev scheduler.CalendarEvent) ([]byte, error) {
	cal, err := parse(old)
	if err != nil {
		return EncodeEvent(ev) // it is none any more: write it anew
	}
	zone, err := check(ev)
	if err != nil {
		return nil, fmt.Errorf("change the event: %w", err)
	}
	i := slices.IndexFunc(cal.children, func(c *component) bool { return c.name == "VEVENT" && c.text("UID") == ev.UID })
	if i < 0 {
		return EncodeEvent(ev)
	}
	own := properties(ev, "", zone)
	event := cal.children[i]
	event.props = merge(event.props, own, ev)
	cal.children = slices.DeleteFunc(cal.children, func(c *component) bool {
		return c.name == "VTIMEZONE" && c.text("TZID") == zone.String()
	})
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	for _, p := range cal.props {
		w.property(p)
	}
	if zone != time.UTC {
		w.writeZone(zone, ev.From)
	}
	for _, c := range cal.children {
		w.component(c)
	}
	w.raw("END", "VCALENDAR")
	return w.b.Bytes(), nil
}

// merge puts indy's properties in the place of the old ones.
func merge(old, own []property, ev scheduler.CalendarEvent) []property {
	gone := map[string]bool{"DURATION": true}
	for _, p := range own {
		gone[p.name] = true
	}
	out := own
	for _, p := range old {
		switch {
		case p.name == "ATTENDEE" && !slices.ContainsFunc(ev.Attendees, func(a scheduler.Attendee) bool { return strings.EqualFold(a.Addr, mailto(p.value)) }):
			out = append(out, p) // a guest whom the organizer invited by hand
		case !gone[p.name]:
			out = append(out, p)
		}
	}
	return out
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
