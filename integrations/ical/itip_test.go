package ical

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// Answers as calendars write them. The words are ours, the habits are theirs.
func TestDecodeITIP(t *testing.T) {
	four := time.Date(2026, 12, 1, 21, 0, 0, 0, time.UTC) // 16:00 in New York
	ana := scheduler.Address{Name: "Ana Ruiz", Addr: "ana@example.org"}
	tests := []struct {
		name, header string
		part         []byte
		want         scheduler.ITIP
	}{
		{"Google accepts", "REPLY", itipPart("METHOD:REPLY", "DTSTART:20261201T210000Z", "DTEND:20261201T213000Z", "SEQUENCE:2",
			"ORGANIZER;CN=Maria:mailto:maria@example.org", "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Ana Ruiz;X-NUM-GUESTS=0:mailto:ana@example.org", "COMMENT:See you!"),
			scheduler.ITIP{Method: "REPLY", Sequence: 2, Attendee: ana, PartStat: "ACCEPTED", Comment: "See you!", From: four, To: four.Add(30 * time.Minute)}},
		{"Outlook declines without ORGANIZER, in a Windows zone", "REPLY", itipPart("METHOD:REPLY", `DTSTART;TZID="Eastern Standard Time":20261201T160000`,
			`DTEND;TZID="Eastern Standard Time":20261201T163000`, "SEQUENCE:0", `ATTENDEE;PARTSTAT=DECLINED;CN="Ruiz, Ana":MAILTO:ana@example.org`),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Name: "Ruiz, Ana", Addr: "ana@example.org"}, PartStat: "DECLINED", From: four, To: four.Add(30 * time.Minute)}},
		{"Exchange proposes another time", "counter", itipPart("METHOD:COUNTER", "DTSTART;TZID=Customized Time Zone:20261201T160000", "DURATION:PT1H",
			"ATTENDEE;PARTSTAT=TENTATIVE:mailto:ana@example.org", `COMMENT:Later\, please`),
			scheduler.ITIP{Method: "COUNTER", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "TENTATIVE", Comment: "Later, please", From: four, To: four.Add(time.Hour)}},
		{"the method stands only in the header", "Reply", itipPart("", "DTSTART:20261201T210000Z", "ATTENDEE;PARTSTAT=tentative:mailto:ana@example.org"),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "TENTATIVE", From: four, To: four}},
		{"the organizer is listed too", "", itipPart("METHOD:REPLY", "DTSTART:20261201T210000Z", "ORGANIZER:mailto:maria@example.org",
			"ATTENDEE;PARTSTAT=ACCEPTED:mailto:maria@example.org", "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.org", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lee@example.org"),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "DECLINED", From: four, To: four}},
		{"an address hidden behind a path", "", itipPart("METHOD:REPLY", "DTSTART:20261201T210000Z", "ATTENDEE;EMAIL=ana@example.org;PARTSTAT=ACCEPTED:urn:uuid:8f3e"),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "ACCEPTED", From: four, To: four}},
		{"a byte order mark, bare line feeds and a line that is none", "", []byte("\xef\xbb\xbf" + strings.ReplaceAll(string(itipPart("METHOD:REPLY", "Sent from my phone",
			"DTSTART:20261201T210000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org")), "\r\n", "\n")),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "ACCEPTED", From: four, To: four}},
		{"times that cannot be read", "", itipPart("METHOD:REPLY", "DTSTART;TZID=Nowhere:20261201T160000", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org"),
			scheduler.ITIP{Method: "REPLY", Attendee: scheduler.Address{Addr: "ana@example.org"}, PartStat: "ACCEPTED"}},
		{"a refresh", "", itipPart("METHOD:REFRESH", "ATTENDEE:mailto:ana@example.org"),
			scheduler.ITIP{Method: "REFRESH", Attendee: scheduler.Address{Addr: "ana@example.org"}}},
	}
	for _, x := range tests {
		got, err := DecodeITIP(x.part, x.header)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %d events, %v", x.name, len(got), err)
			continue
		}
		x.want.UID, x.want.Stamp, x.want.Summary = "abc@example.org", time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), "Coffee"
		if got[0] != x.want {
			t.Errorf("%s:\n got %+v\nwant %+v", x.name, got[0], x.want)
		}
	}
}

// itipPart is a message about one event, with a VTIMEZONE as Exchange writes it.
func itipPart(method string, props ...string) []byte {
	list := []string{"BEGIN:VCALENDAR", "PRODID:-//Other//EN", "VERSION:2.0"}
	if method != "" {
		list = append(list, method)
	}
	list = append(list, "BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "BEGIN:STANDARD", "DTSTART:16010101T020000", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500",
		"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:-0500",
		"TZOFFSETTO:-0400", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:abc@example.org", "DTSTAMP:20261124T120000Z", "SUMMARY:Coffee")
	return lines(append(append(list, props...), "END:VEVENT", "END:VCALENDAR")...)
}

func TestDecodeITIPRefuses(t *testing.T) {
	whole := itipPart("METHOD:REPLY", "DTSTART:20261201T210000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org")
	for name, b := range map[string][]byte{
		"nothing":        nil,
		"words":          []byte("I accept"),
		"broken off":     whole[:len(whole)-45],
		"far too large":  append(append([]byte("BEGIN:VCALENDAR\r\nX-A:"), make([]byte, 5<<20)...), whole...),
		"nested too far": []byte(strings.Repeat("BEGIN:VCALENDAR\r\n", 100_000)),
	} {
		if got, err := DecodeITIP(b, "REPLY"); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
	if got, err := DecodeITIP(itipPart("", "DTSTART:20261201T210000Z"), ""); err != nil || got != nil {
		t.Errorf("without a method: %+v, %v", got, err)
	}
	if got, err := DecodeITIP(itipPart("METHOD:REPLY", "DTSTART:20261201T210000Z"), ""); err != nil || got[0].Attendee.Addr != "" {
		t.Errorf("an answer of nobody: %+v, %v", got, err)
	}
}
