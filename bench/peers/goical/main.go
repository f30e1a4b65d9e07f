// Command goical finds free slots with emersion/go-ical and teambition/rrule-go: the file is
// parsed once, and only what can reach the window is expanded. It prints the beginning of
// each slot, in Unix seconds.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"indy/scheduler/slots"
)

type override struct {
	uid string
	at  int64
}

func main() {
	log.SetFlags(0)
	home, err := time.LoadLocation("Europe/Berlin")
	check(err)
	from, to := time.Date(2026, 10, 12, 0, 0, 0, 0, home), time.Date(2026, 11, 9, 0, 0, 0, 0, home)
	f, err := os.Open(os.Args[1])
	check(err)
	cal, err := ical.NewDecoder(f).Decode()
	check(err)
	events := cal.Events()
	moved := map[override]bool{}
	for i := range events {
		if p := events[i].Props.Get(ical.PropRecurrenceID); p != nil {
			at, err := p.DateTime(home)
			check(err)
			moved[override{uid(&events[i]), at.Unix()}] = true
		}
	}
	var busy []slots.Interval
	for i := range events {
		busy = append(busy, busyOf(&events[i], home, from, to, moved)...)
	}
	week, err := slots.ParseHours("mon-fri 09:00-17:00")
	check(err)
	for _, s := range slots.FreeBetween(nil, slots.Merge(busy), week, home, from, to, 45*time.Minute, 15*time.Minute) {
		fmt.Println(s.From.Unix())
	}
}

func busyOf(e *ical.Event, home *time.Location, from, to time.Time, moved map[override]bool) (list []slots.Interval) {
	if text(e, ical.PropTransparency) == "TRANSPARENT" || text(e, ical.PropStatus) == "CANCELLED" {
		return nil
	}
	start, err := e.DateTimeStart(home)
	check(err)
	end, err := e.DateTimeEnd(home)
	check(err)
	if !start.Before(to) {
		return nil
	}
	length := end.Sub(start)
	if e.Props.Get(ical.PropRecurrenceRule) == nil {
		if end.After(from) {
			list = append(list, slots.Interval{From: start, To: end})
		}
		return list
	}
	rule, err := e.Props.RecurrenceRule()
	check(err)
	if !rule.Until.IsZero() && rule.Until.Add(length).Before(from) {
		return nil
	}
	set, err := e.RecurrenceSet(home)
	check(err)
	for _, at := range set.Between(from.Add(-length), to, true) {
		if !moved[override{uid(e), at.Unix()}] {
			list = append(list, slots.Interval{From: at, To: at.Add(length)})
		}
	}
	return list
}

func uid(e *ical.Event) string { return text(e, ical.PropUID) }

func text(e *ical.Event, name string) string {
	if p := e.Props.Get(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
