package ical

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"indy/scheduler"
)

// prodID names no program: what goes to people is the organizer's (RFC 5545 3.7.3).
const prodID = "-//Calendar//One-to-one//EN"

// ownerProperty says on the organizer's own copy which one-to-one an event belongs to.
const ownerProperty = "X-INDY-ONE-TO-ONE"

// EncodeInvite writes the calendar part of a mail: METHOD REQUEST, CANCEL or DECLINECOUNTER
// of one event, or PUBLISH of deadlines (RFC 5546 3.2, 3.4). Lines are folded by octets and
// end in CRLF. Nothing in it but what the recipient may see. Another parser must read it to
// the same values, else it is an error: an invite at the wrong hour never leaves the house.
func EncodeInvite(inv scheduler.Invite) ([]byte, error) {
	b, err := encodeInvite(inv)
	if err != nil {
		return nil, fmt.Errorf("write the invite: %w", err)
	}
	return b, nil
}

func encodeInvite(inv scheduler.Invite) ([]byte, error) {
	w := newCalendar(inv.Method)
	switch inv.Method {
	case "PUBLISH":
		if err := w.todos(inv); err != nil {
			return nil, err
		}
		return w.end(), nil
	case "REQUEST", "CANCEL", "DECLINECOUNTER":
	default:
		return nil, fmt.Errorf("METHOD %q is not an organizer's", inv.Method)
	}
	ev := inv.Event
	ev.OneToOne = "" // the organizer's own business
	if err := checkInvited(ev); err != nil {
		return nil, err
	}
	if inv.Method == "DECLINECOUNTER" {
		return w.declined(ev)
	}
	if err := w.event(ev, inv.Method); err != nil {
		return nil, err
	}
	b := w.end()
	return b, prove(b, ev)
}

// declined writes a DECLINECOUNTER: it names the event, which stands as it did, and must say
// nothing else of it (RFC 5546 3.2.8). The mail around it says why in words.
func (w *writer) declined(ev scheduler.CalendarEvent) ([]byte, error) {
	if _, err := check(ev); err != nil {
		return nil, err
	}
	w.raw("BEGIN", "VEVENT")
	for _, p := range properties(ev, "DECLINECOUNTER", time.UTC) {
		switch p.name {
		case "UID", "DTSTAMP", "SEQUENCE", "ORGANIZER":
			w.property(p)
		}
	}
	w.raw("END", "VEVENT")
	return w.end(), nil
}

// EncodeEvent writes an event as a file of its own, as khal and vdirsyncer keep them: no
// METHOD (RFC 4791 4.1), and marked as indy's.
func EncodeEvent(ev scheduler.CalendarEvent) ([]byte, error) {
	w := newCalendar("")
	if err := w.event(ev, ""); err != nil {
		return nil, fmt.Errorf("write the event: %w", err)
	}
	return w.end(), nil
}

// newCalendar begins a VCALENDAR.
func newCalendar(method string) *writer {
	w := &writer{}
	w.raw("BEGIN", "VCALENDAR")
	w.raw("PRODID", prodID)
	w.raw("VERSION", "2.0")
	w.raw("CALSCALE", "GREGORIAN")
	if method != "" {
		w.raw("METHOD", method)
	}
	return w
}

func (w *writer) end() []byte {
	w.raw("END", "VCALENDAR")
	return w.b.Bytes()
}

// event writes VTIMEZONE and VEVENT.
func (w *writer) event(ev scheduler.CalendarEvent, method string) error {
	zone, err := check(ev)
	if err != nil {
		return err
	}
	w.b.Grow(len(ev.Text) + len(ev.HTML) + 3<<10)
	if zone != time.UTC {
		w.writeZone(zone, ev.From, ev.To)
	}
	w.raw("BEGIN", "VEVENT")
	for _, p := range properties(ev, method, zone) {
		w.property(p)
	}
	if method != "CANCEL" {
		for _, before := range ev.Alarms {
			w.alarm(before, ev.Title)
		}
	}
	w.raw("END", "VEVENT")
	return nil
}

// check refuses events that no calendar could show rightly, and whatever could become a
// line of its own.
func check(ev scheduler.CalendarEvent) (*time.Location, error) {
	switch {
	case ev.UID == "":
		return nil, errors.New("it has no UID")
	case strings.ContainsFunc(ev.UID, control):
		return nil, errors.New("its UID has control characters")
	case ev.From.IsZero():
		return nil, errors.New("it has no beginning")
	case !ev.To.After(ev.From):
		return nil, errors.New("it ends before it begins")
	case ev.Sequence < 0:
		return nil, errors.New("its SEQUENCE is negative")
	case ev.Geo != "" && !isGeo(ev.Geo):
		return nil, fmt.Errorf("%q is no GEO", ev.Geo)
	}
	for _, a := range append([]scheduler.Attendee{{Address: ev.Organizer}}, ev.Attendees...) {
		if strings.ContainsFunc(a.Addr, func(r rune) bool { return control(r) || r == ' ' || r == '<' || r == '>' }) {
			return nil, errors.New("an address has characters that none has")
		}
	}
	if ev.Zone == "" {
		return time.UTC, nil
	}
	zone, ok := loadZone(ev.Zone)
	if !ok {
		return nil, fmt.Errorf("%q is no zone", ev.Zone)
	}
	if zone.String() == "UTC" || zone.String() == "Etc/UTC" {
		return time.UTC, nil
	}
	return zone, nil
}

// checkInvited is what RFC 5546 3.2 asks for beside: who invites whom.
func checkInvited(ev scheduler.CalendarEvent) error {
	switch {
	case ev.Organizer.Addr == "":
		return errors.New("it has no ORGANIZER")
	case len(ev.Attendees) == 0:
		return errors.New("it has no ATTENDEE")
	case ev.Stamp.IsZero():
		return errors.New("it has no DTSTAMP")
	}
	for _, a := range ev.Attendees {
		if a.Addr == "" {
			return errors.New("an ATTENDEE has no address")
		}
	}
	return nil
}

func control(r rune) bool { return r < ' ' || r == 0x7f }

// isGeo: two numbers (RFC 5545 3.8.1.6).
func isGeo(s string) bool {
	lat, lon, ok := strings.Cut(s, ";")
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lon, 64)
	return ok && err1 == nil && err2 == nil && y >= -90 && y <= 90 && x >= -180 && x <= 180
}

// properties are those of an event that indy owns, in a fixed order.
func properties(ev scheduler.CalendarEvent, method string, zone *time.Location) (list []property) {
	add := func(name, value string, params ...param) {
		if value != "" {
			list = append(list, property{name: name, params: params, value: value})
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
		list = append(list, attendeeOf(a, method))
	}
	add(ownerProperty, escape(string(ev.OneToOne)))
	return list
}

func attendeeOf(a scheduler.Attendee, method string) property {
	params := append(cn(a.Address), param{"CUTYPE", "INDIVIDUAL"}, param{"ROLE", role(a)}, param{"PARTSTAT", partStat(a.PartStat)})
	if method == "REQUEST" || method == "" {
		params = append(params, param{"RSVP", "TRUE"})
	}
	return property{name: "ATTENDEE", params: params, value: "mailto:" + a.Addr}
}

func dateTime(name string, t time.Time, zone *time.Location) property {
	if zone == time.UTC {
		return property{name: name, value: t.UTC().Format(utcForm)}
	}
	return property{name: name, params: []param{{"TZID", zone.String()}}, value: t.In(zone).Format(localForm)}
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

// alarm writes a VALARM that is shown (RFC 5545 3.6.6), before the start.
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

// duration writes a DURATION (RFC 5545 3.3.6), in minutes if it is whole ones.
func duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	if d%time.Minute != 0 {
		return fmt.Sprintf("%sPT%dS", sign, int(d/time.Second))
	}
	return fmt.Sprintf("%sPT%dM", sign, int(d/time.Minute))
}
