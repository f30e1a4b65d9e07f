package ical

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

// calendarOf is a calendar with these lines, which are its components.
func calendarOf(list ...string) []byte {
	return []byte(strings.Join(append(append([]string{"BEGIN:VCALENDAR", "VERSION:2.0"}, list...), "END:VCALENDAR"), "\r\n") + "\r\n")
}

// vevent is an event with these properties.
func vevent(props ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(props, "\r\n") + "\r\nEND:VEVENT"
}

// busyText is what is busy, as the clock of zone shows it: "Mo 02 09:00-10:00".
func busyText(t *testing.T, b []byte, q Query) string {
	t.Helper()
	busy, err := Busy(bytes.NewReader(b), q)
	if err != nil {
		return "error: " + err.Error()
	}
	zone := q.Floating
	if zone == nil {
		zone = time.UTC
	}
	var list []string
	for _, x := range busy {
		from, to := x.From.In(zone), x.To.In(zone)
		s := from.Format("02 15:04") + to.Format("-15:04")
		if from.YearDay() != to.YearDay() {
			s = from.Format("02 15:04") + to.Format("-02 15:04")
		}
		if x.Away {
			s += " away"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

func madrid(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestBusy asks for the first week of November 2026, in Madrid (UTC+1).
func TestBusy(t *testing.T) {
	zone := madrid(t)
	q := Query{From: time.Date(2026, 11, 2, 0, 0, 0, 0, zone), To: time.Date(2026, 11, 9, 0, 0, 0, 0, zone), Floating: zone, Address: "maria@example.org"}
	const at9 = "DTSTART;TZID=Europe/Madrid:20261102T090000"
	weekly := vevent("UID:w", "DTSTART;TZID=Europe/Madrid:20250106T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY")
	tests := []struct{ name, events, want string }{
		{"nothing", "", ""},
		{"one hour", vevent("UID:a", at9, "DURATION:PT1H"), "02 09:00-10:00"},
		{"DTEND", vevent("UID:a", at9, "DTEND;TZID=Europe/Madrid:20261102T093000"), "02 09:00-09:30"},
		{"it ends in another zone", vevent("UID:a", at9, "DTEND;TZID=America/New_York:20261102T050000"), "02 09:00-11:00"},
		{"UTC", vevent("UID:a", "DTSTART:20261102T090000Z", "DURATION:PT1H"), "02 10:00-11:00"},
		{"floating", vevent("UID:a", "DTSTART:20261102T090000", "DURATION:PT1H"), "02 09:00-10:00"},
		{"lower case, folded, odd parameters", "begin:vevent\r\nuid:a\r\ndtstart;x-a=\"b:c;d\";tzid=Europe/\r\n Madrid:2026\r\n 1102T090000\r\nduration:pt1h\r\nend:vevent", "02 09:00-10:00"},
		{"no length", vevent("UID:a", at9), ""},
		{"a whole day", vevent("UID:a", "DTSTART;VALUE=DATE:20261103"), "03 00:00-04 00:00"},
		{"whole days", vevent("UID:a", "DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261105"), "03 00:00-05 00:00"},
		{"a day that ends on itself", vevent("UID:a", "DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261103"), "03 00:00-04 00:00"},
		{"it began before and ends within", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261030T090000", "DTEND;TZID=Europe/Madrid:20261102T090000"), "02 00:00-09:00"},
		{"it lasts all year", vevent("UID:a", "DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270101"), "02 00:00-09 00:00"},
		{"transparent", vevent("UID:a", at9, "DURATION:PT1H", "TRANSP:TRANSPARENT"), ""},
		{"cancelled", vevent("UID:a", at9, "DURATION:PT1H", "STATUS:CANCELLED"), ""},
		{"tentative", vevent("UID:a", at9, "DURATION:PT1H", "STATUS:TENTATIVE"), "02 09:00-10:00"},
		{"declined", vevent("UID:a", at9, "DURATION:PT1H", "ATTENDEE;PARTSTAT=DECLINED:mailto:Maria@Example.org"), ""},
		{"declined by somebody else", vevent("UID:a", at9, "DURATION:PT1H", "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.org"), "02 09:00-10:00"},
		{"an alarm is no event", vevent("UID:a", at9, "DURATION:PT1H", "BEGIN:VALARM", "DURATION:PT9H", "END:VALARM"), "02 09:00-10:00"},
		{"a to-do is no event", "BEGIN:VTODO\r\nDTSTART:20261102T090000Z\r\nDUE:20261102T100000Z\r\nEND:VTODO", ""},
		{"at a place", vevent("UID:a", at9, "DURATION:PT1H", `LOCATION:Café Luna\, Front Street`), "02 09:00-10:00 away"},
		{"at a link", vevent("UID:a", at9, "DURATION:PT1H", "LOCATION:https://meet.example.org/x"), "02 09:00-10:00"},
		{"on the phone", vevent("UID:a", at9, "DURATION:PT1H", "LOCATION:+1 (555) 010-0000"), "02 09:00-10:00"},
		{"two that touch", vevent("UID:a", at9, "DURATION:PT1H") + "\r\n" + vevent("UID:b", "DTSTART:20261102T090000Z", "DURATION:PT1H"), "02 09:00-11:00"},

		{"each day", weekly, "02 09:00-10:00, 03 09:00-10:00, 04 09:00-10:00, 05 09:00-10:00, 06 09:00-10:00, 07 09:00-10:00, 08 09:00-10:00"},
		{"UNTIL takes in its own instant", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261026T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20261103T080000Z"), "02 09:00-10:00, 03 09:00-10:00"},
		{"UNTIL as a day takes in the day", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261026T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20261103"), "02 09:00-10:00, 03 09:00-10:00"},
		{"UNTIL by the clock", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261026T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20261103T090000"), "02 09:00-10:00, 03 09:00-10:00"},
		{"COUNT", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261026T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=8"), "02 09:00-10:00"},
		{"UNTIL before DTSTART leaves DTSTART", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20200101T000000Z"), "02 09:00-10:00"},
		{"DTSTART counts where the rule does not have it", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=WE"), "02 09:00-10:00, 04 09:00-10:00"},
		{"two rules", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"), "02 09:00-10:00, 04 09:00-10:00"},
		{"RDATE in three forms", vevent("UID:a", at9, "DURATION:PT1H", "RDATE;TZID=Europe/Madrid:20261103T110000,20261104T110000", "RDATE;VALUE=PERIOD:20261105T110000Z/PT2H,20261106T110000Z/20261106T113000Z"),
			"02 09:00-10:00, 03 11:00-12:00, 04 11:00-12:00, 05 12:00-14:00, 06 12:00-12:30"},
		{"RDATE before DTSTART", vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20271102T090000", "DURATION:PT1H", "RDATE:20261103T100000Z"), "03 11:00-12:00"},
		{"EXDATE in any form", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20261103T080000Z,20261104T080000Z", "EXDATE;TZID=Europe/Madrid:20261105T090000",
			"EXDATE;VALUE=DATE:20261106", "EXDATE:20261107T090000", "EXDATE;TZID=America/New_York:20261108T030000"), "02 09:00-10:00"},
		{"EXDATE of an RDATE and of DTSTART", vevent("UID:a", at9, "DURATION:PT1H", "RDATE:20261103T100000Z,20261104T100000Z", "EXDATE:20261102T080000Z,20261103T100000Z"), "04 11:00-12:00"},
		{"EXDATE at another time excludes nothing", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "EXDATE:20261102T090000Z"), "02 09:00-10:00"},
		{"EXDATE that is none excludes nothing", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "EXDATE:never,20261102T080000"), "02 09:00-10:00"},
		{"EXDATE of whole days", vevent("UID:a", "DTSTART;VALUE=DATE:20261101", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20261103"), "02 00:00-03 00:00, 04 00:00-05 00:00"},

		{"an instance is moved", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID;TZID=Europe/Madrid:20261102T090000", "DTSTART;TZID=Europe/Madrid:20261102T110000", "DURATION:PT30M") + cut("w", 3, 8),
			"02 11:00-11:30"},
		{"an instance is moved, and stands before its series", vevent("UID:w", "RECURRENCE-ID:20261102T080000Z", "DTSTART;TZID=Europe/Madrid:20261102T110000", "DURATION:PT30M") + "\r\n" + weekly + cut("w", 3, 8),
			"02 11:00-11:30"},
		{"an instance is cancelled", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID:20261102T080000Z", "DTSTART:20261102T080000Z", "DURATION:PT1H", "STATUS:CANCELLED") + cut("w", 4, 8), "03 09:00-10:00"},
		{"an instance moves in from far away", vevent("UID:m", "DTSTART;TZID=Europe/Madrid:20200107T090000", "DURATION:PT1H", "RRULE:FREQ=YEARLY") + "\r\n" +
			vevent("UID:m", "RECURRENCE-ID;TZID=Europe/Madrid:20260107T090000", "DTSTART;TZID=Europe/Madrid:20261103T090000", "DURATION:PT1H"), "03 09:00-10:00"},
		{"an instance without its series", vevent("UID:x", "RECURRENCE-ID:20261102T080000Z", "DTSTART:20261102T080000Z", "DURATION:PT1H"), "02 09:00-10:00"},
		{"another series' instance", weekly + "\r\n" + vevent("UID:v", "RECURRENCE-ID:20261102T080000Z", "DTSTART:20261102T080000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT") + cut("w", 3, 8), "02 09:00-10:00"},
		{"an opaque instance of a transparent series", vevent("UID:w", at9, "DURATION:PT1H", "RRULE:FREQ=DAILY", "TRANSP:TRANSPARENT") + "\r\n" +
			vevent("UID:w", "RECURRENCE-ID;TZID=Europe/Madrid:20261104T090000", "DTSTART;TZID=Europe/Madrid:20261104T100000", "DURATION:PT1H"), "04 10:00-11:00"},
		{"a day as RECURRENCE-ID", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID;VALUE=DATE:20261102", "DTSTART;TZID=Europe/Madrid:20261102T110000", "DURATION:PT1H") + cut("w", 3, 8), "02 11:00-12:00"},
		{"this and future: later, longer", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Madrid:20261104T090000", "DTSTART;TZID=Europe/Madrid:20261104T100000", "DURATION:PT2H") + cut("w", 6, 8),
			"02 09:00-10:00, 03 09:00-10:00, 04 10:00-12:00, 05 10:00-12:00"},
		{"this and future: to the day before", vevent("UID:w", "DTSTART;TZID=Europe/Madrid:20250108T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY") + "\r\n" +
			vevent("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Madrid:20261028T090000", "DTSTART;TZID=Europe/Madrid:20261027T090000", "DURATION:PT1H"), "03 09:00-10:00"},
		{"this and future: cancelled", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Madrid:20261103T090000", "DTSTART;TZID=Europe/Madrid:20261103T090000", "STATUS:CANCELLED"), "02 09:00-10:00"},
		{"this and future, twice", weekly + "\r\n" + vevent("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261104T080000Z", "DTSTART:20261104T100000Z", "DURATION:PT1H") + "\r\n" +
			vevent("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T080000Z", "DTSTART:20261102T090000Z", "DURATION:PT1H") + cut("w", 5, 8),
			"02 10:00-11:00, 03 10:00-11:00, 04 11:00-12:00"},

		{"a Windows zone", vevent("UID:a", "DTSTART;TZID=Romance Standard Time:20261102T090000", "DURATION:PT1H"), "02 09:00-10:00"},
		{"a zone with a path", vevent("UID:a", "DTSTART;TZID=/freeassociation.example.org/Tzfile/Europe/Madrid:20261102T090000", "DURATION:PT1H"), "02 09:00-10:00"},
		{"a zone of its own, defined later", vevent("UID:a", "DTSTART;TZID=Mine:20261102T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY") + "\r\n" + mine, "02 12:00-13:00"},
		{"an unknown zone, long ago", vevent("UID:a", "DTSTART;TZID=Nowhere:20251102T090000", "DURATION:PT1H"), ""},
		{"an unknown zone", vevent("UID:a", "DTSTART;TZID=Nowhere:20261102T090000", "DURATION:PT1H"), `error: event "a": TZID "Nowhere" is no zone that is known`},
		{"an unknown zone, again and again", vevent("UID:a", "DTSTART;TZID=Nowhere:20251102T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"), `error: event "a": TZID "Nowhere" is no zone that is known`},
		{"an unknown zone, but free", vevent("UID:a", "DTSTART;TZID=Nowhere:20261102T090000", "DURATION:PT1H", "TRANSP:TRANSPARENT"), ""},
		{"this machine's zone", vevent("UID:a", "DTSTART;TZID=Local:20261102T090000", "DURATION:PT1H"), `error: event "a": TZID "Local" is no zone that is known`},

		{"free/busy", "BEGIN:VFREEBUSY\r\nDTSTART:20261101T000000Z\r\nFREEBUSY:20261102T080000Z/PT1H,20261103T080000Z/20261103T093000Z\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261104T080000Z/PT1H\r\nFREEBUSY;FBTYPE=FREE:20261105T080000Z/PT1H\r\nEND:VFREEBUSY",
			"02 09:00-10:00, 03 09:00-10:30, 04 09:00-10:00"},

		{"no DTSTART", vevent("UID:a", "DURATION:PT1H"), `error: event "a": it has no DTSTART`},
		{"no day", vevent("UID:a", "DTSTART:20260230T090000Z", "DURATION:PT1H"), `error: event "a": "20260230T090000Z" is no time`},
		{"no duration", vevent("UID:a", at9, "DURATION:long"), `error: event "a": "long" is no DURATION`},
		{"no duration, in some years", vevent("UID:a", "DTSTART:20301102T090000Z", "DURATION:long"), ""},
		{"backwards", vevent("UID:a", at9, "DTEND;TZID=Europe/Madrid:20261102T080000"), `error: event "a": it ends before it begins`},
		{"no rule", vevent("UID:a", at9, "DURATION:PT1H", "RRULE:FREQ=FORTNIGHTLY"), `error: event "a": the recurrence rule cannot be understood: "FREQ=FORTNIGHTLY"`},
		{"no RDATE", vevent("UID:a", at9, "DURATION:PT1H", "RDATE:soon"), `error: event "a": RDATE "soon" is no time`},
		{"no period", "BEGIN:VFREEBUSY\r\nFREEBUSY:20261102T080000Z\r\nEND:VFREEBUSY", `error: read the calendar: FREEBUSY "20261102T080000Z" is no period`},
		{"it never ends", "BEGIN:VEVENT\r\nUID:a\r\n" + at9, `error: event "a": it is not ended before VCALENDAR is`},
		{"one within another", "BEGIN:VEVENT\r\nUID:a\r\n" + vevent("UID:b", at9), `error: event "a": another event begins within it`},
	}
	for _, x := range tests {
		if got := busyText(t, calendarOf(x.events), q); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.name, got, x.want)
		}
	}
}

// mine is a zone that has the name of none: UTC-2, UTC-3 until 1990.
const mine = "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:19900101T000000\r\nTZOFFSETFROM:-0300\r\nTZOFFSETTO:-0200\r\nEND:STANDARD\r\nEND:VTIMEZONE"

// cut is instances that are cancelled, of a daily event at nine, on the days from to to.
func cut(uid string, from, to int) string {
	var b strings.Builder
	for d := from; d <= to; d++ {
		at := fmt.Sprintf(";TZID=Europe/Madrid:202611%02dT090000", d)
		b.WriteString("\r\n" + vevent("UID:"+uid, "RECURRENCE-ID"+at, "DTSTART"+at, "STATUS:CANCELLED"))
	}
	return b.String()
}

// Both weekends on which clocks change, and what RFC 5545 3.3.5 and 3.8.5.3 make of them.
func TestBusyWhenClocksChange(t *testing.T) {
	zone := madrid(t)
	night := func(month time.Month, day int) Query {
		from := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
		return Query{From: from, To: from.AddDate(0, 0, 1), Floating: time.UTC}
	}
	march, october := night(3, 29), night(10, 25) // at 01:00 UTC
	series := func(clock, length string) []byte {
		return calendarOf(vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20260101T"+clock, length, "RRULE:FREQ=DAILY"))
	}
	tests := []struct {
		name string
		cal  []byte
		q    Query
		want string
	}{
		{"02:30 does not exist: the offset before counts", series("023000", "DURATION:PT1H"), march, "29 01:30-02:30"},
		{"02:30 occurs twice: the first", series("023000", "DURATION:PT10M"), october, "25 00:30-00:40"},
		{"nine o'clock stays nine o'clock", series("090000", "DURATION:PT1H"), march, "29 07:00-08:00"},
		{"and in winter", series("090000", "DURATION:PT1H"), october, "25 08:00-09:00"},
		{"a DURATION of a day is a day of the calendar", calendarOf(vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261024T120000", "DURATION:P1D")), october, "25 00:00-11:00"},
		{"one of 24 hours is 24 hours", calendarOf(vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261024T120000", "DURATION:PT24H")), october, "25 00:00-10:00"},
		{"DTEND makes each instance as long as the first", calendarOf(vevent("UID:a", "DTSTART;TZID=Europe/Madrid:20261023T120000", "DTEND;TZID=Europe/Madrid:20261024T120000", "RRULE:FREQ=DAILY;COUNT=2")), october, "25 00:00-10:00"},
		{"a whole day has 25 hours", calendarOf(vevent("UID:a", "DTSTART;VALUE=DATE:20261025")), Query{From: october.From.AddDate(0, 0, -1), To: october.To.AddDate(0, 0, 1), Floating: zone}, "25 00:00-26 00:00"},
	}
	for _, x := range tests {
		if got := busyText(t, x.cal, x.q); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	whole, err := Busy(bytes.NewReader(tests[len(tests)-1].cal), tests[len(tests)-1].q)
	if err != nil || whole[0].Length() != 25*time.Hour {
		t.Errorf("the day is %v, %v", whole, err)
	}
}

func TestBusySkip(t *testing.T) {
	q := week
	q.Skip = func(uid string) bool { return uid == "ours@example.org" }
	b := calendarOf(vevent("UID:ours@example.org", "DTSTART:20261102T090000Z", "DURATION:PT1H"), vevent("UID:other", "DTSTART:20261103T090000Z", "DURATION:PT1H"))
	if got := busyText(t, b, q); got != "03 09:00-10:00" {
		t.Errorf("busy: %s", got)
	}
}

func TestBusyFailsClosed(t *testing.T) {
	whole := calendarOf(vevent("UID:a", "DTSTART:20261102T090000Z", "DURATION:PT1H"))
	for name, b := range map[string][]byte{
		"empty":                     nil,
		"no calendar":               []byte("<html>sign in</html>\n"),
		"ends within an event":      whole[:len(whole)-40],
		"ends without END":          whole[:len(whole)-len("END:VCALENDAR\r\n")],
		"a line of several MiB":     calendarOf("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261102T090000Z\r\nEXDATE:" + strings.Repeat("20261102T090000Z,", 200_000) + "20261102T090000Z\r\nEND:VEVENT"),
		"more dates than can be":    calendarOf("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261102T090000Z\r\n" + strings.Repeat("EXDATE:20261102T090000Z\r\n", 100_000) + "END:VEVENT"),
		"another calendar half way": append(append([]byte{}, whole[:len(whole)-40]...), whole...),
	} {
		if busy, err := Busy(bytes.NewReader(b), week); err == nil {
			t.Errorf("%s is free time but for %v", name, busy)
		}
	}
	if _, err := Busy(bytes.NewReader(whole), Query{From: week.To, To: week.From}); err == nil {
		t.Error("a query that ends before it begins has an answer")
	}
	two := append(append([]byte{}, whole...), calendarOf(vevent("UID:b", "DTSTART:20261103T090000Z", "DURATION:PT1H"))...)
	if got := busyText(t, two, week); got != "02 09:00-10:00, 03 09:00-10:00" {
		t.Errorf("two calendars in one file: %s", got)
	}
}

// Rules that promise billions of instances cost milliseconds, and are busy where they are.
func TestBusyIsBoundedInWork(t *testing.T) {
	rules := []string{
		"FREQ=SECONDLY", "FREQ=SECONDLY;INTERVAL=0", "FREQ=SECONDLY;COUNT=1000000000", "FREQ=MINUTELY;COUNT=1000000000;BYSECOND=1,3,5",
		"FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", "FREQ=HOURLY;INTERVAL=2;BYHOUR=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;BYDAY=MO;COUNT=1000000000",
		"FREQ=YEARLY;BYHOUR=" + numbered(24) + ";BYMINUTE=" + numbered(60) + ";BYSECOND=" + numbered(60) + ";BYDAY=MO,TU,WE,TH,FR,SA,SU",
		"FREQ=YEARLY;INTERVAL=1000000000", "FREQ=SECONDLY;INTERVAL=1000000000", "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-366;COUNT=1000000000",
	}
	for _, start := range []string{"00010101T000000Z", "19700101T000000Z", "20260101T000100Z"} {
		for _, r := range rules {
			b := calendarOf(vevent("UID:a", "DTSTART:"+start, "DURATION:PT1S", "RRULE:"+r))
			began := time.Now()
			busy, err := Busy(bytes.NewReader(b), week)
			if took := time.Since(began); took > time.Second { // of a busy machine; some milliseconds else
				t.Errorf("%s from %s took %v", r, start, took)
			}
			if err != nil {
				t.Errorf("%s from %s: %v", r, start, err)
			}
			dense := strings.HasPrefix(r, "FREQ=SECONDLY") && !strings.Contains(r, "BY") && !strings.Contains(r, "INTERVAL=1") && (!strings.Contains(r, "COUNT") || start > "2026") // 31 years of seconds
			if dense && (len(busy) != 1 || busy[0].Interval != slots.Interval{From: week.From, To: week.To}) {
				t.Errorf("%s from %s leaves free time: %d busy times", r, start, len(busy))
			}
		}
	}
}

func numbered(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i)
	}
	return strings.Join(list, ",")
}

// One file in pieces, on all processors, is the same as one stream.
func TestPiecesAreTheWhole(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("BEGIN:VCALENDAR\r\n" + mine + "\r\n")
	for i := range 20_000 {
		at := week.From.Add(time.Duration(i%(24*14)) * 30 * time.Minute)
		switch i % 4 {
		case 0:
			b.WriteString(vevent(fmt.Sprint("UID:", i), "DTSTART:"+at.Format(utcForm), "DURATION:PT5M", "DESCRIPTION:"+strings.Repeat("words ", 10)+"\r\n  BEGIN:VEVENT") + "\r\n")
		case 1:
			b.WriteString(vevent(fmt.Sprint("UID:", i), "DTSTART;TZID=Mine:"+at.AddDate(-1, 0, -1).Format(localForm), "DURATION:PT1M", "RRULE:FREQ=WEEKLY;INTERVAL=3") + "\r\n")
		case 2: // an instance of the event before, often in another piece
			rid := at.Add(-30*time.Minute).AddDate(-1, 0, -1).AddDate(0, 0, 21*17)
			b.WriteString(vevent(fmt.Sprint("UID:", i-1), "RECURRENCE-ID;TZID=Mine:"+rid.Format(localForm), "DTSTART:"+at.Add(7*time.Minute).Format(utcForm), "DURATION:PT1M") + "\r\n")
		case 3:
			b.WriteString(vevent(fmt.Sprint("UID:", i), "DTSTART:20100101T000000Z", "DURATION:PT1H", "ATTACH;ENCODING=BASE64;VALUE=BINARY:"+strings.Repeat("QUJD", 40)) + "\r\n")
		}
	}
	b.WriteString("END:VCALENDAR\r\n")
	want, err := Busy(bytes.NewReader(b.Bytes()), week)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/a.ics"
	write(t, path, b.Bytes())
	got, err := BusyFiles([]string{path}, week)
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() < 2*pieceSize || len(want) < 100 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d bytes: in pieces %d busy times, as a stream %d", b.Len(), len(got), len(want))
	}
	write(t, path, b.Bytes()[:b.Len()-40])
	if _, err := BusyFiles([]string{path}, week); err == nil {
		t.Error("a large file that breaks off is free time")
	}
}
