package ical

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestBusyAgreesWithRecurringICalEvents compares whole events in zones whose clocks change,
// with EXDATEs, moved and cancelled instances, with another reader's answers.
func TestBusyAgreesWithRecurringICalEvents(t *testing.T) {
	q := Query{From: time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)}
	var calendars []string
	for i := range 300 {
		calendars = append(calendars, string(dice{rand.New(rand.NewPCG(7, uint64(i)))}.calendar(t)))
	}
	in, err := json.Marshal(calendars)
	if err != nil {
		t.Fatal(err)
	}
	var want [][][2]int64
	out := python(t, "icalendar, recurring_ical_events", "busy.py", in, fmt.Sprint(q.From.Unix()), fmt.Sprint(q.To.Unix()))
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	some := 0
	for i, c := range calendars {
		busy, err := Busy(bytes.NewReader([]byte(c)), q)
		if err != nil {
			t.Errorf("%v: %s", err, c)
			continue
		}
		var got [][2]int64
		for _, iv := range Merge(busy) {
			got = append(got, [2]int64{iv.From.Unix(), iv.To.Unix()})
		}
		if fmt.Sprint(got) != fmt.Sprint(want[i]) {
			t.Errorf("calendar %d:\n%s\n got %v\nwant %v", i, c, got, want[i])
		}
		if len(got) > 0 {
			some++
		}
	}
	t.Logf("%d calendars, %d of them busy", len(calendars), some)
	if some < 100 {
		t.Errorf("only %d are busy at all", some)
	}
}

// calendar is one event as calendars have them, with what may be said of its instances.
func (d dice) calendar(t *testing.T) []byte {
	t.Helper()
	name := []string{"Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"}[d.IntN(5)]
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	// In the day, where no clock changes: what others make of such nights is their business.
	start := time.Date(2026, time.Month(1+d.IntN(11)), 1+d.IntN(28), 7+d.IntN(12), 15*d.IntN(4), 0, 0, zone)
	at := func(name string, t time.Time) string {
		return name + ";TZID=" + zone.String() + ":" + t.Format(localForm)
	}
	props := []string{"UID:x@example.org", "SUMMARY:x", at("DTSTART", start), at("DTEND", start.Add(time.Duration(1+d.IntN(6))*15*time.Minute))}
	var all []time.Time
	switch d.IntN(5) {
	case 0:
		all = []time.Time{start}
	case 1:
		n, every := 1+d.IntN(200), 1+d.IntN(3)
		props = append(props, fmt.Sprintf("RRULE:FREQ=DAILY;INTERVAL=%d;COUNT=%d", every, n))
		for i := range n {
			all = append(all, start.AddDate(0, 0, i*every))
		}
	case 2:
		every := 1 + d.IntN(2)
		props = append(props, fmt.Sprintf("RRULE:FREQ=WEEKLY;INTERVAL=%d", every))
		for i := range 60 {
			all = append(all, start.AddDate(0, 0, 7*i*every))
		}
	case 3:
		until := start.AddDate(0, 0, d.IntN(300))
		props = append(props, "RRULE:FREQ=WEEKLY;BYDAY="+strings.ToUpper(start.Weekday().String()[:2])+";UNTIL="+until.UTC().Format(utcForm))
		for x := start; !x.After(until); x = x.AddDate(0, 0, 7) {
			all = append(all, x)
		}
	case 4:
		props = append(props, fmt.Sprintf("RRULE:FREQ=MONTHLY;BYMONTHDAY=%d", start.Day()))
		for i := range 14 {
			all = append(all, start.AddDate(0, i, 0))
		}
	}
	if d.one(20) {
		props = append(props, "TRANSP:TRANSPARENT")
	}
	events := []string{}
	if len(all) > 1 {
		gone := all[d.IntN(len(all))]
		props = append(props, at("EXDATE", gone))
		if moved := all[d.IntN(len(all))]; !moved.Equal(gone) && d.one(60) {
			to := moved.Add(time.Duration(d.IntN(72)-36) * time.Hour)
			own := []string{"UID:x@example.org", at("RECURRENCE-ID", moved), at("DTSTART", to), at("DTEND", to.Add(time.Hour))}
			if d.one(30) {
				own = append(own, "STATUS:CANCELLED")
			}
			events = append(events, vevent(own...))
		}
	}
	return calendarOf(append([]string{vevent(props...)}, events...)...)
}
