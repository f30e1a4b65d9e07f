package scheduler

import (
	"testing"
	"time"

	"indy/scheduler/slots"
)

// TestAnotherDayAfterACancellation: who called it off is offered other days, and the same one
// only where nothing else is free.
func TestAnotherDayAfterACancellation(t *testing.T) {
	for _, busy := range []bool{false, true} {
		d := agreed(t)
		day := slots.DateOf(d.one().Meeting.From, newYork)
		if busy { // all but that day
			from := day.AddDays(1).At(0, newYork)
			d.busy = append(d.busy, slots.Busy{Interval: slots.Interval{From: d.now, To: day.At(0, newYork)}}, slots.Busy{Interval: slots.Interval{From: from, To: from.Add(60 * 24 * time.Hour)}})
		}
		d.asks("Sorry, I have to cancel. Could we find another time?")
		list := d.last(MailCancel).Letter.Slots
		same := 0
		for _, s := range list {
			if slots.DateOf(s.From, newYork) == day {
				same++
			}
		}
		if len(list) == 0 || busy && same != len(list) || !busy && same != 0 {
			t.Errorf("busy %v: %d of %d times are on the day that was called off", busy, same, len(list))
		}
	}
}
