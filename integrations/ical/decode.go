package ical

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"indy/scheduler"
)

// DecodeEvent reads the event of a file, as indy or another program wrote it. Times that
// float, and whole days, count in the calendar's zone (X-WR-TIMEZONE), else in UTC. Zone is
// an IANA name, or "" where the file only defines rules of its own. A recurring event is
// read as its first instance. ID and ETag are the folder's to know and stay empty.
func DecodeEvent(b []byte) (scheduler.CalendarEvent, error) {
	cal, err := parse(b)
	if err != nil {
		return scheduler.CalendarEvent{}, err
	}
	c := cal.event("")
	if c == nil {
		return scheduler.CalendarEvent{}, errors.New("read the event: there is no VEVENT in it")
	}
	if !c.ended { // what is missing could be anything
		return scheduler.CalendarEvent{}, errors.New("read the event: it breaks off")
	}
	ev, err := decodeEvent(c, cal)
	if err != nil {
		return ev, fmt.Errorf("read the event: %w", err)
	}
	return ev, nil
}

// event is the VEVENT with that UID, or the first when uid is ""; instances of a series that
// stand for themselves are left out.
func (cal *component) event(uid string) *component {
	for _, c := range cal.children {
		if _, override := c.get("RECURRENCE-ID"); c.name == "VEVENT" && !override && (uid == "" || c.text("UID") == uid) {
			return c
		}
	}
	return nil
}

func decodeEvent(c, cal *component) (ev scheduler.CalendarEvent, err error) {
	ev.UID, ev.Title, ev.Text, ev.Location = c.text("UID"), c.text("SUMMARY"), c.text("DESCRIPTION"), c.text("LOCATION")
	ev.HTML, ev.OneToOne = c.text("X-ALT-DESC"), scheduler.OneToOneID(c.text(ownerProperty))
	ev.Geo = strings.TrimSpace(c.value("GEO"))
	ev.Sequence = c.sequence()
	status := strings.ToUpper(strings.TrimSpace(c.value("STATUS")))
	ev.Cancelled, ev.Tentative = status == "CANCELLED", status == "TENTATIVE"
	ev.Stamp = c.stamp(cal)
	if ev.From, ev.To, ev.Zone, err = cal.span(c); err != nil {
		return ev, err
	}
	if p, ok := c.get("ORGANIZER"); ok {
		ev.Organizer = address(p)
	}
	for _, p := range c.props {
		if p.name == "ATTENDEE" {
			ev.Attendees = append(ev.Attendees, scheduler.Attendee{Address: address(p), PartStat: strings.ToUpper(p.param("PARTSTAT")),
				Optional: strings.EqualFold(p.param("ROLE"), "OPT-PARTICIPANT")})
		}
	}
	for _, child := range c.children {
		if before, ok := child.alarm(); ok {
			ev.Alarms = append(ev.Alarms, before)
		}
	}
	return ev, nil
}

// sequence is SEQUENCE, 0 when it is no number (RFC 5545 3.8.7.4).
func (c *component) sequence() int {
	n, ok := parseNumber([]byte(strings.TrimSpace(c.value("SEQUENCE"))))
	if !ok || n < 0 || n > 1<<31-1 {
		return 0
	}
	return int(n)
}

// stamp is DTSTAMP, zero when it cannot be read.
func (c *component) stamp(cal *component) time.Time {
	if p, ok := c.get("DTSTAMP"); ok {
		if t, _, err := cal.instant(p); err == nil {
			return t
		}
	}
	return time.Time{}
}

// alarm is how long before the start a VALARM rings; others than that are not ours.
func (c *component) alarm() (before time.Duration, ok bool) {
	p, has := c.get("TRIGGER")
	if c.name != "VALARM" || !has || strings.EqualFold(p.param("RELATED"), "END") {
		return 0, false
	}
	d, ok := parseLength([]byte(p.value))
	before = -time.Duration(d.days*day+d.seconds) * time.Second
	return before, ok && before >= 0
}

func address(p property) scheduler.Address {
	addr := mailto(p.value)
	if e := p.param("EMAIL"); e != "" && !strings.Contains(addr, "@") {
		addr = e
	}
	return scheduler.Address{Name: p.param("CN"), Addr: addr}
}

// span is when an event begins and ends, in UTC, and its zone's name.
func (cal *component) span(c *component) (from, to time.Time, zone string, err error) {
	start, ok := c.get("DTSTART")
	if !ok {
		return from, to, "", errors.New("it has no DTSTART")
	}
	m, clock, zone, err := cal.moment(start)
	if err != nil {
		return from, to, "", err
	}
	from = at(clock, m.w)
	to = from
	if end, ok := c.get("DTEND"); ok {
		if to, _, err = cal.instant(end); err != nil {
			return from, to, zone, err
		}
	} else if p, ok := c.get("DURATION"); ok {
		d, ok := parseLength([]byte(p.value))
		if !ok {
			return from, to, zone, fmt.Errorf("%q is no DURATION", p.value)
		}
		to = at(clock, m.w+wall(d.days)*day).Add(time.Duration(d.seconds) * time.Second)
	}
	if m.kind == isDay && !to.After(from) { // RFC 5545 3.6.1: a day
		to = at(clock, m.w+day)
	}
	if to.Before(from) {
		return from, to, zone, errors.New("it ends before it begins")
	}
	return from, to, zone, nil
}

func at(c *clock, w wall) time.Time { return time.Unix(c.instant(w), 0).UTC() }

// instant reads a DATE or DATE-TIME.
func (cal *component) instant(p property) (t time.Time, zone string, err error) {
	m, clock, zone, err := cal.moment(p)
	if err != nil {
		return t, zone, err
	}
	return at(clock, m.w), zone, nil
}

// moment reads a DATE or DATE-TIME and finds the clock by which it was written.
func (cal *component) moment(p property) (m moment, c *clock, zone string, err error) {
	m, ok := parseMoment([]byte(p.value))
	if !ok {
		return m, nil, "", fmt.Errorf("%s: %q is no time", p.name, p.value)
	}
	tzid := p.param("TZID")
	switch {
	case m.kind == isUTC:
		return m, utcClock(), cal.home("UTC"), nil
	case m.kind == isDay || tzid == "":
		zone = cal.home("UTC")
		loc, _ := zoneNamed(zone)
		return m, clockOf(loc), zone, nil
	}
	c, zone, err = cal.zone(tzid)
	return m, c, zone, err
}

// home is the zone of a calendar whose times do not name one: X-WR-TIMEZONE, or the only
// one that it defines.
func (cal *component) home(otherwise string) string {
	if z, ok := zoneNamed(cal.text("X-WR-TIMEZONE")); ok {
		return z.String()
	}
	name := ""
	for _, c := range cal.children {
		if c.name != "VTIMEZONE" {
			continue
		}
		z, ok := zoneNamed(c.text("TZID"))
		if !ok || name != "" && name != z.String() {
			return otherwise
		}
		name = z.String()
	}
	if name == "" {
		return otherwise
	}
	return name
}

// zone finds a TZID: by its name, else by the VTIMEZONE that comes with it.
func (cal *component) zone(tzid string) (c *clock, name string, err error) {
	if z, ok := zoneNamed(tzid); ok {
		return clockOf(z), z.String(), nil
	}
	for _, d := range cal.children {
		if d.name != "VTIMEZONE" || strings.TrimSpace(d.text("TZID")) != strings.TrimSpace(tzid) {
			continue
		}
		if z, ok := zoneNamed(d.text("X-LIC-LOCATION")); ok {
			return clockOf(z), z.String(), nil
		}
		if c, err := definedZone(d); err == nil {
			return c, "", nil
		}
	}
	return nil, "", fmt.Errorf("TZID %q is no zone that is known", tzid)
}
