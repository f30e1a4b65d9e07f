package ical

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// What stands just so is not touched, in our words or in another program's.
func TestUpdateLeavesAloneWhatStands(t *testing.T) {
	own, err := EncodeEvent(coffee())
	if err != nil {
		t.Fatal(err)
	}
	other := lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN", "BEGIN:VEVENT", "UID:abc@example.org", "SEQUENCE:2",
		"DTSTART;TZID=Eastern Standard Time:20261201T140000", "DURATION:PT30M", "SUMMARY;LANGUAGE=en:Coffee: Ana & Maria",
		`DESCRIPTION;ALTREP="CID:part@example.org":Our stories\;\nthe campaign\, and you\\me`, `LOCATION:Café Luna\, Front Street`,
		"GEO:37.80;-122.27", "ORGANIZER;SCHEDULE-AGENT=CLIENT:MAILTO:maria@example.org",
		`ATTENDEE;X-NUM-GUESTS=0;MEMBER="mailto:a@example.org","mailto:b@example.org":mailto:ANA@example.org`, "STATUS:CONFIRMED",
		"TRANSP:OPAQUE", "DTSTAMP:20261124T120000Z", "LAST-MODIFIED:20261124T120000Z", "X-INDY-ONE-TO-ONE:maria/ana/1",
		"X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT", "END:VCALENDAR")
	for name, b := range map[string][]byte{"our own": own, "another program's": other} {
		got, err := UpdateEvent(b, coffee())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if string(got) != string(b) {
			t.Errorf("%s became\n%s\nfrom\n%s", name, got, b)
		}
	}
}

// lines joins content lines, folded.
func lines(list ...string) []byte {
	w := &writer{}
	for _, l := range list {
		fold(&w.b, []byte(l))
	}
	return w.b.Bytes()
}

func TestUpdateChangesOnlyWhatDiffers(t *testing.T) {
	old := lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN", "BEGIN:VTIMEZONE", "TZID:Mine", "BEGIN:STANDARD",
		"DTSTART:19700101T000000", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0500", "END:STANDARD", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:abc@example.org", "SEQUENCE:2", "DTSTART;TZID=Mine:20261201T140000", "DURATION:PT30M", "COLOR:red",
		"SUMMARY:Coffee: Ana & Maria", "ATTENDEE;CN=Lee;X-OLD=1:mailto:lee@example.org", "ATTENDEE;CN=Ana;X-NUM-GUESTS=0;PARTSTAT=NEEDS-ACTION:mailto:ana@example.org",
		"DESCRIPTION:Next steps: call", "X-ALT-DESC;FMTTYPE=text/html:<p>old</p>", "GEO:1;1", "LOCATION:Park",
		"BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT", "BEGIN:VEVENT", "UID:other", "DTSTART:20200101T000000Z", "END:VEVENT", "END:VCALENDAR")
	ev := coffee()
	ev.From, ev.To, ev.Geo, ev.HTML = ev.From.Add(time.Hour), ev.To.Add(time.Hour), "", ""
	ev.Attendees[0].PartStat = "ACCEPTED"
	b, err := UpdateEvent(old, ev)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(string(b), "\r\n ", "")
	for _, want := range []string{"DTSTART;TZID=America/New_York:20261201T150000\r\n", "DTEND;TZID=America/New_York:20261201T153000\r\n", "COLOR:red\r\n",
		"ATTENDEE;CN=Lee;X-OLD=1:mailto:lee@example.org\r\n", "ATTENDEE;CN=Ana;X-NUM-GUESTS=0;PARTSTAT=ACCEPTED:mailto:ana@example.org\r\n",
		"ACTION:AUDIO\r\n", "UID:other\r\n", "TZID:Mine\r\n", "TZID:America/New_York\r\n", "LOCATION:Café Luna\\, Front Street\r\n", "X-INDY-ONE-TO-ONE:maria/ana/1\r\n"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q stands %d times", want, strings.Count(got, want))
		}
	}
	for _, gone := range []string{"DURATION", "<p>old</p>", "GEO"} {
		if strings.Contains(got, gone) {
			t.Errorf("%s still stands", gone)
		}
	}
	back, err := DecodeEvent(b)
	if err != nil || !back.From.Equal(ev.From) || !back.To.Equal(ev.To) || len(back.Attendees) != 2 {
		t.Errorf("it reads as %+v, %v", back, err)
	}
}

func TestUpdateRefuses(t *testing.T) {
	whole, err := EncodeEvent(coffee())
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"no calendar":     []byte("hello"),
		"broken off":      whole[:len(whole)-40],
		"somebody else's": []byte(strings.Replace(string(whole), "UID:abc", "UID:xyz", 1)),
	} {
		if got, err := UpdateEvent(b, coffee()); err == nil {
			t.Errorf("%s became %s", name, got)
		}
	}
	bad := map[string]func(*scheduler.CalendarEvent){
		"a line in an address": func(ev *scheduler.CalendarEvent) {
			ev.Attendees[0].Addr = "a@example.org\r\nATTENDEE:mailto:b@example.org"
		},
		"a line in the UID":   func(ev *scheduler.CalendarEvent) { ev.UID = "a\r\nSUMMARY:b" },
		"no such zone":        func(ev *scheduler.CalendarEvent) { ev.Zone = "Mars/Olympus" },
		"this machine's zone": func(ev *scheduler.CalendarEvent) { ev.Zone = "Local" },
		"no place":            func(ev *scheduler.CalendarEvent) { ev.Geo = "1;2\r\nX:y" },
		"backwards":           func(ev *scheduler.CalendarEvent) { ev.To = ev.From.Add(-time.Hour) },
	}
	for name, spoil := range bad {
		ev := coffee()
		spoil(&ev)
		if b, err := EncodeEvent(ev); err == nil {
			t.Errorf("%s: written as %s", name, b)
		}
		if b, err := EncodeInvite(scheduler.Invite{Method: "REQUEST", Event: ev}); err == nil {
			t.Errorf("%s: sent as %s", name, b)
		}
	}
}
