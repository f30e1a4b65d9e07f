package ical

import (
	"strconv"
	"strings"

	"indy/scheduler"
)

// DecodeITIP reads a calendar part of a mail: one ITIP for each of its events. The method
// is the object's own METHOD, else the one of the part's header (RFC 6047 2.4: both are the
// same when all is well). A part without any method asks for nothing and yields nothing.
//
// Times are UTC; those that cannot be read are zero.
func DecodeITIP(part []byte, headerMethod string) ([]scheduler.ITIP, error) {
	cal, err := parse(part)
	if err != nil {
		return nil, err
	}
	method := strings.ToUpper(strings.TrimSpace(cal.text("METHOD")))
	if method == "" {
		method = strings.ToUpper(strings.TrimSpace(headerMethod))
	}
	if method == "" {
		return nil, nil
	}
	var out []scheduler.ITIP
	for _, c := range cal.children {
		if c.name == "VEVENT" && len(out) < 32 {
			out = append(out, decodeITIP(c, cal, method))
		}
	}
	return out, nil
}

func decodeITIP(c, cal *component, method string) scheduler.ITIP {
	x := scheduler.ITIP{Method: method, UID: strings.TrimSpace(c.text("UID")), Comment: c.text("COMMENT"),
		Location: c.text("LOCATION"), Summary: c.text("SUMMARY")}
	x.Sequence, _ = strconv.Atoi(strings.TrimSpace(c.text("SEQUENCE")))
	if p, ok := c.get("DTSTAMP"); ok {
		x.Stamp, _, _ = cal.instant(p)
	}
	x.From, x.To, _, _ = cal.span(c)
	for _, p := range c.props {
		if p.name == "ATTENDEE" { // the one who answers (RFC 5546 3.2.3: exactly one)
			x.Attendee, x.PartStat = address(p), strings.ToUpper(p.param("PARTSTAT"))
			break
		}
	}
	return x
}
