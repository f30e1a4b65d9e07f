package ical

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// seeds are calendars from which fuzzing starts.
var seeds = [...]string{
	"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Berlin:20261026T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=MONTHLY;BYDAY=-1MO;BYSETPOS=1;COUNT=9\r\nEXDATE:20261130T080000Z,20261228T080000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261026T080000Z\r\nDTSTART:20261026T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
	"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Own:20261101T090000\nDTEND;TZID=Own:20261101T100000\nEND:VEVENT\nEND:VCALENDAR\n",
	"BEGIN:VCALENDAR\rBEGIN:VFREEBUSY\rFREEBUSY;FBTYPE=BUSY:20261101T090000Z/PT1H,20261102T090000Z/20261102T100000Z\rEND:VFREEBUSY\rEND:VCALENDAR\r",
	"\xef\xbb\xbfBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261101\nRDATE;VALUE=PERIOD:20261103T090000Z/P1DT2H\nRRULE:FREQ=SECONDLY;INTERVAL=0;COUNT=1000000000\nTRANSP:OPA\n QUE\nEND:VEVENT\nEND:VCALENDAR",
	"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:b@example.org\r\nSEQUENCE:1\r\nDTSTAMP:20261101T090000Z\r\nDTSTART;TZID=\"Eastern Standard Time\":20261101T090000\r\nATTENDEE;PARTSTAT=DECLINED;CN=\"Ana; Ruiz\":MAILTO:ana@example.org\r\nCOMMENT:no\\, sorry\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
}

// FuzzBusy: no input crashes or hangs the scanner; what it answers lies within the query, in
// order, and is the same however the input comes in pieces.
func FuzzBusy(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	q := Query{From: time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Address: "ana@example.org"}
	f.Fuzz(func(t *testing.T, b []byte) {
		began := time.Now()
		busy, err := Busy(bytes.NewReader(b), q)
		if took := time.Since(began); len(b) < 64<<10 && took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
		for i, x := range busy {
			if x.From.Before(q.From) || x.To.After(q.To) || !x.From.Before(x.To) || i > 0 && x.From.Before(busy[i-1].From) {
				t.Errorf("%v is not within the query or its order", x)
			}
		}
		again, err2 := Busy(iotest.OneByteReader(bytes.NewReader(b)), q)
		if (err == nil) != (err2 == nil) || len(again) != len(busy) {
			t.Errorf("in pieces: %v, %v; as a whole: %v, %v", again, err2, busy, err)
		}
	})
}

// FuzzDecodeEvent: what is read can be written and read again as the same event.
func FuzzDecodeEvent(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		ev, err := DecodeEvent(b)
		if err != nil {
			return
		}
		out, err := EncodeEvent(ev)
		if err != nil {
			return
		}
		for _, line := range strings.SplitAfter(string(out), "\r\n") {
			if len(line) > 77 || strings.ContainsAny(strings.TrimSuffix(line, "\r\n"), "\r\n") {
				t.Fatalf("a line that is none: %q", line)
			}
		}
		back, err := DecodeEvent(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !back.From.Equal(ev.From) || !back.To.Equal(ev.To) || len(back.Attendees) != len(ev.Attendees) || back.Cancelled != ev.Cancelled {
			t.Errorf("read %+v\nthen %+v", ev, back)
		}
		if _, err := UpdateEvent(b, ev); err != nil {
			t.Errorf("update: %v", err)
		}
	})
}

// FuzzDecodeITIP: no message crashes it, and what it yields is bounded.
func FuzzDecodeITIP(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s), "REPLY")
	}
	f.Fuzz(func(t *testing.T, b []byte, method string) {
		list, err := DecodeITIP(b, method)
		if err != nil && len(list) > 0 || len(list) > 32 {
			t.Errorf("%d messages, %v", len(list), err)
		}
		for _, x := range list {
			if x.Method == "" || x.Method != strings.ToUpper(x.Method) {
				t.Errorf("METHOD %q", x.Method)
			}
		}
	})
}
