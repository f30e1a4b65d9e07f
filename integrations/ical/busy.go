package ical

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"indy/scheduler/slots"
)

// Query says which busy times are looked for.
type Query struct {
	From, To time.Time             // [From, To), UTC
	Floating *time.Location        // where floating times and whole days are; UTC when nil
	Skip     func(uid string) bool // events that do not count; nil for none
	Address  string                // whose calendar it is: what they declined is free
}

// Busy finds what makes the owner of a calendar busy between two instants, sorted. An event
// counts unless it is transparent, cancelled or declined (RFC 5545 3.8.2.7, 3.8.1.11). Of
// what cannot be understood it says so with an error: it is never free time.
func Busy(r io.Reader, q Query) ([]slots.Busy, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxObject+1))
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	cal, err := parse(b)
	if err != nil {
		return nil, err
	}
	if q.Floating != nil {
		cal.props = append([]property{{name: "X-WR-TIMEZONE", value: q.Floating.String()}}, cal.props...)
	}
	var out []slots.Busy
	moved := map[string][]time.Time{} // by UID: instances that an override stands for
	for _, c := range cal.children {
		if p, ok := c.get("RECURRENCE-ID"); ok && c.name == "VEVENT" {
			t, _, err := cal.instant(p)
			if err != nil {
				return nil, err
			}
			moved[c.text("UID")] = append(moved[c.text("UID")], t)
		}
	}
	for _, c := range cal.children {
		if c.name != "VEVENT" || q.free(c) {
			continue
		}
		list, err := cal.instances(c, q, moved[c.text("UID")])
		if err != nil {
			return nil, fmt.Errorf("event %q: %w", c.text("UID"), err)
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b slots.Busy) int { return a.From.Compare(b.From) })
	return out, nil
}

func (q Query) free(c *component) bool {
	if q.Skip != nil && q.Skip(c.text("UID")) {
		return true
	}
	if strings.EqualFold(c.text("TRANSP"), "TRANSPARENT") || strings.EqualFold(c.text("STATUS"), "CANCELLED") {
		return true
	}
	return q.Address != "" && slices.ContainsFunc(c.props, func(p property) bool {
		return p.name == "ATTENDEE" && strings.EqualFold(mailto(p.value), q.Address) && strings.EqualFold(p.param("PARTSTAT"), "DECLINED")
	})
}

// instances are the times of an event within the query.
func (cal *component) instances(c *component, q Query, moved []time.Time) (out []slots.Busy, err error) {
	from, to, _, err := cal.span(c)
	if err != nil {
		return nil, err
	}
	add := func(start time.Time) {
		iv := slots.Interval{From: start, To: start.Add(to.Sub(from))}
		if iv.From.Before(q.To) && iv.To.After(q.From) {
			out = append(out, slots.Busy{Interval: iv, Away: away(c.text("LOCATION"))})
		}
	}
	rule, recurs := c.get("RRULE")
	_, override := c.get("RECURRENCE-ID")
	if !recurs || override {
		if !slices.ContainsFunc(moved, from.Equal) || override {
			add(from)
		}
		return out, nil
	}
	start, _ := c.get("DTSTART")
	zone := time.UTC
	if tzid := start.param("TZID"); tzid != "" {
		if zone, err = cal.zone(tzid); err != nil {
			return nil, err
		}
	} else if !strings.HasSuffix(start.value, "Z") && q.Floating != nil {
		zone = q.Floating
	}
	opt, err := rrule.StrToROptionInLocation(rule.value, zone)
	if err != nil {
		return nil, err
	}
	if opt.Freq > rrule.DAILY {
		return nil, errors.New("a rule of hours or less")
	}
	opt.Dtstart = from.In(zone)
	set, err := rrule.NewRRule(*opt)
	if err != nil {
		return nil, err
	}
	for _, p := range c.props {
		if p.name == "EXDATE" {
			for _, v := range strings.Split(p.value, ",") {
				t, _, err := cal.instant(property{p.name, p.params, v})
				if err != nil {
					return nil, err
				}
				moved = append(moved, t)
			}
		}
	}
	for _, t := range set.Between(q.From.Add(-to.Sub(from)), q.To, true) {
		if !slices.ContainsFunc(moved, t.Equal) {
			add(t.UTC())
		}
	}
	return out, nil
}

// away says whether a location is a place to go to.
func away(location string) bool {
	location = strings.ToLower(strings.TrimSpace(location))
	return location != "" && !strings.Contains(location, "://") && !strings.HasPrefix(location, "tel:") && !strings.HasPrefix(location, "+")
}
