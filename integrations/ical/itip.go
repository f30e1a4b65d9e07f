package ical

import (
	"errors"
	"strings"

	"indy/scheduler"
)

// maxInstances is how many events of one message are read: an invite has one, a series
// with exceptions some.
const maxInstances = 32

// DecodeITIP reads a calendar part of a mail: one ITIP for each of its events, the series
// itself before its single instances. The method is the object's own METHOD, else the one of
// the part's header (RFC 6047 2.4: both are the same when all is well). A part without any
// method asks for nothing and yields nothing.
//
// Attendee is who answers: in a REPLY, COUNTER or REFRESH the one attendee; where a program
// lists the others too, the one that gave an answer. Whether it was really they who wrote is
// for the caller to check. Times are UTC; those that cannot be read are zero.
func DecodeITIP(part []byte, headerMethod string) ([]scheduler.ITIP, error) {
	cal, err := parse(part)
	if err != nil {
		return nil, err
	}
	method := methodOf(cal.text("METHOD"))
	if method == "" {
		method = methodOf(headerMethod)
	}
	if method == "" {
		return nil, nil
	}
	var out, instances []scheduler.ITIP
	for _, c := range cal.children {
		if c.name != "VEVENT" || len(out)+len(instances) == maxInstances {
			continue
		}
		if !c.ended { // what is missing could be anything
			return nil, errors.New("read the calendar object: an event breaks off")
		}
		if _, one := c.get("RECURRENCE-ID"); one {
			instances = append(instances, decodeITIP(c, cal, method))
		} else {
			out = append(out, decodeITIP(c, cal, method))
		}
	}
	return append(out, instances...), nil
}

// methodOf is a METHOD in upper case; what is no word is none.
func methodOf(s string) string {
	s = strings.ToUpper(strings.Trim(s, " \t\""))
	if len(s) > 32 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789") != "" {
		return ""
	}
	return s
}

func decodeITIP(c, cal *component, method string) scheduler.ITIP {
	x := scheduler.ITIP{Method: method, UID: strings.TrimSpace(c.text("UID")), Sequence: c.sequence(), Stamp: c.stamp(cal),
		Comment: strings.TrimSpace(c.text("COMMENT")), Location: c.text("LOCATION"), Summary: c.text("SUMMARY")}
	x.From, x.To, _, _ = cal.span(c)
	if p, ok := c.answers(); ok {
		x.Attendee, x.PartStat = address(p), strings.ToUpper(strings.TrimSpace(p.param("PARTSTAT")))
	}
	return x
}

// answers is the attendee that a message is from (RFC 5546 3.2.3: "MUST be the address of
// the Attendee replying"), or about.
func (c *component) answers() (answer property, ok bool) {
	organizer, _ := c.get("ORGANIZER")
	best := -1
	for _, p := range c.props {
		if p.name != "ATTENDEE" {
			continue
		}
		weight := 1
		if stat := p.param("PARTSTAT"); stat != "" && !strings.EqualFold(stat, "NEEDS-ACTION") {
			weight += 2
		}
		if organizer.value != "" && strings.EqualFold(mailto(p.value), mailto(organizer.value)) {
			weight -= 2
		}
		if weight > best {
			answer, best, ok = p, weight, true
		}
	}
	return answer, ok
}
