package ical

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"indy/scheduler"
)

// DecodeEvent reads the event of a file, as indy or another program wrote it. ID, ETag and
// HTML that is not there stay empty. A recurring event is read as its first instance.
func DecodeEvent(b []byte) (scheduler.CalendarEvent, error) {
	cal, err := parse(b)
	if err != nil {
		return scheduler.CalendarEvent{}, err
	}
	i := slices.IndexFunc(cal.children, func(c *component) bool {
		_, override := c.get("RECURRENCE-ID")
		return c.name == "VEVENT" && !override
	})
	if i < 0 {
		return scheduler.CalendarEvent{}, errors.New("read the event: there is no VEVENT in it")
	}
	ev, err := decodeEvent(cal.children[i], cal)
	if err != nil {
		return ev, fmt.Errorf("read the event: %w", err)
	}
	return ev, nil
}

func decodeEvent(c, cal *component) (ev scheduler.CalendarEvent, err error) {
	ev.UID, ev.Title, ev.Text, ev.Location = c.text("UID"), c.text("SUMMARY"), c.text("DESCRIPTION"), c.text("LOCATION")
	ev.HTML, ev.OneToOne = c.text("X-ALT-DESC"), scheduler.OneToOneID(c.text(ownerProperty))
	ev.Sequence, _ = strconv.Atoi(strings.TrimSpace(c.text("SEQUENCE")))
	if geo, ok := c.get("GEO"); ok {
		ev.Geo = geo.value
	}
	status := strings.ToUpper(c.text("STATUS"))
	ev.Cancelled, ev.Tentative = status == "CANCELLED", status == "TENTATIVE"
	if p, ok := c.get("DTSTAMP"); ok {
		ev.Stamp, _, _ = cal.instant(p)
	}
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
		if p, ok := child.get("TRIGGER"); ok && child.name == "VALARM" {
			if d, err := parseDuration(p.value); err == nil && d <= 0 {
				ev.Alarms = append(ev.Alarms, -d)
			}
		}
	}
	return ev, nil
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
	from, zone, err = cal.instant(start)
	if err != nil {
		return from, to, "", err
	}
	allDay := isDate(start)
	if end, ok := c.get("DTEND"); ok {
		if to, _, err = cal.instant(end); err != nil {
			return from, to, zone, err
		}
	} else if d, ok := c.get("DURATION"); ok {
		long, err := parseDuration(d.value)
		if err != nil {
			return from, to, zone, err
		}
		to = from.Add(long)
	} else if allDay { // RFC 5545 3.6.1: a day
		to = from.AddDate(0, 0, 1)
	} else {
		to = from
	}
	if to.Before(from) {
		return from, to, zone, errors.New("it ends before it begins")
	}
	return from, to, zone, nil
}

func isDate(p property) bool {
	return strings.EqualFold(p.param("VALUE"), "DATE") || len(strings.TrimSpace(p.value)) == len(dateForm)
}

// instant reads a DATE or DATE-TIME. Floating times and dates count in the calendar's own
// zone (X-WR-TIMEZONE), else in UTC.
func (cal *component) instant(p property) (t time.Time, zone string, err error) {
	v := strings.TrimSpace(p.value)
	if strings.HasSuffix(strings.ToUpper(v), "Z") {
		t, err = time.Parse(utcForm, strings.ToUpper(v))
		return t, "UTC", wrongTime(p, err)
	}
	loc := time.UTC
	switch tzid := p.param("TZID"); {
	case tzid != "":
		if loc, err = cal.zone(tzid); err != nil {
			return t, "", err
		}
	default:
		if z, ok := zoneNamed(cal.text("X-WR-TIMEZONE")); ok {
			loc = z
		}
	}
	form := localForm
	if isDate(p) {
		form = dateForm
	}
	t, err = time.ParseInLocation(form, v, loc)
	return t.UTC(), loc.String(), wrongTime(p, err)
}

func wrongTime(p property, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %q is no time", p.name, p.value)
	}
	return nil
}

// zone finds a TZID: by its name, else by the VTIMEZONE that comes with it.
func (cal *component) zone(tzid string) (*time.Location, error) {
	if z, ok := zoneNamed(tzid); ok {
		return z, nil
	}
	for _, c := range cal.children {
		if c.name != "VTIMEZONE" || c.text("TZID") != tzid {
			continue
		}
		if z, ok := zoneNamed(c.text("X-LIC-LOCATION")); ok {
			return z, nil
		}
		return c.fixedZone(tzid)
	}
	return nil, fmt.Errorf("TZID %q is no zone that is known", tzid)
}

// fixedZone is a VTIMEZONE that has one offset all year. One that changes and whose name
// says nothing cannot be told apart from others with the same rules this year.
func (c *component) fixedZone(tzid string) (*time.Location, error) {
	offset, n := 0, 0
	for _, o := range c.children {
		p, ok := o.get("TZOFFSETTO")
		if !ok {
			continue
		}
		s, err := parseOffset(p.value)
		if err != nil {
			return nil, err
		}
		if n > 0 && s != offset {
			return nil, fmt.Errorf("TZID %q is no zone that is known", tzid)
		}
		offset, n = s, n+1
	}
	if n == 0 {
		return nil, fmt.Errorf("TZID %q is no zone that is known", tzid)
	}
	return time.FixedZone(tzid, offset), nil
}

func parseOffset(s string) (int, error) {
	s = strings.TrimSpace(s)
	if len(s) < 5 || (s[0] != '+' && s[0] != '-') {
		return 0, fmt.Errorf("%q is no offset", s)
	}
	n, err := strconv.Atoi(s[1:5])
	if err != nil {
		return 0, fmt.Errorf("%q is no offset", s)
	}
	sec := n/100*3600 + n%100*60
	if s[0] == '-' {
		sec = -sec
	}
	return sec, nil
}

// parseDuration reads RFC 5545 3.3.6. Days count as 24 hours.
func parseDuration(s string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no DURATION", s)
	v := strings.ToUpper(strings.TrimSpace(s))
	sign := time.Duration(1)
	if strings.HasPrefix(v, "-") {
		sign = -1
	}
	v = strings.TrimLeft(v, "+-")
	if !strings.HasPrefix(v, "P") || len(v) < 3 {
		return 0, wrong
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var total time.Duration
	n, digits := 0, false
	for i := 1; i < len(v); i++ {
		switch c := v[i]; {
		case c == 'T':
		case c >= '0' && c <= '9' && n < 1e7:
			n, digits = n*10+int(c-'0'), true
		case units[c] > 0 && digits:
			total += time.Duration(n) * units[c]
			n, digits = 0, false
		default:
			return 0, wrong
		}
	}
	if digits || total > 200*366*24*time.Hour {
		return 0, wrong
	}
	return sign * total, nil
}
