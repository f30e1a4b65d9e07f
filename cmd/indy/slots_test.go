package main

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

func TestPrintSlots(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) slots.Interval {
		from := time.Date(2026, 11, day, hour, minute, 0, 0, zone).UTC()
		return slots.Interval{From: from, To: from.Add(30 * time.Minute)}
	}
	verdicts := []slots.Verdict{
		{Interval: at(24, 9, 0), Why: "you have something 09:00–10:00"},
		{Interval: at(24, 9, 15), Why: "you have something 09:00–10:00"},
		{Interval: at(24, 9, 30), Why: "you have something 09:00–10:00"},
		{Interval: at(24, 10, 0), Offered: true, Why: "Tuesday morning this week"},
		{Interval: at(24, 16, 30), Why: "possible, but others suit better"},
		{Interval: at(25, 9, 0), Why: "possible, but others suit better"},
		{Interval: at(25, 11, 0), Why: "too close to what comes after: you have something 12:00–13:00"},
		{Interval: at(25, 11, 15), Why: "too close to what comes after: you have something 11:45–12:00"},
		{Interval: at(25, 17, 0), Why: "too early or too late: 23:00 for them"},
		{Interval: at(25, 17, 15), Why: "too early or too late: 23:15 for them"},
		{Interval: at(26, 17, 0), Why: "too early or too late: 23:00 for them"},
	}
	const want = `Offered to Ana Ruiz (times in America/New_York):
  1  Tue 24 Nov 10:00–10:30  Tuesday morning this week

Not on Tue 24 Nov, starting at:
  09:00–09:30  you have something 09:00–10:00
  16:30        possible, but others suit better

Not on Wed 25 Nov, starting at:
  09:00        possible, but others suit better
  11:00        too close to what comes after: you have something 12:00–13:00
  11:15        too close to what comes after: you have something 11:45–12:00
  17:00–17:15  too early or too late

Not on Thu 26 Nov, starting at:
  17:00  too early or too late: 23:00 for them
`
	var b strings.Builder
	if err := printSlots(&b, "Ana Ruiz", verdicts, zone); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := printSlots(&b, "Ana Ruiz", nil, zone); err != nil || b.String() != "There is no time to offer Ana Ruiz (times in America/New_York).\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
