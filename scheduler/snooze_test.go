package scheduler

import (
	"testing"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// TestSnoozedIntoThePast: a day that is over leaves nobody alone, and must not look like
// work that was missed since; by mail the organizer is asked.
func TestSnoozedIntoThePast(t *testing.T) {
	for _, back := range []int{0, -1, -2000} {
		d := offered(t)
		until := slots.DateOf(d.now, d.s.Organizer.Zone).AddDays(back)
		d.forget()
		d.do(Ordered{Verb: replies.OrderSnooze, Person: "ana", Until: until})
		d.stands(Offered)
		if wake := d.s.Wake(d.now); wake.Before(d.now) {
			t.Errorf("snoozed until %s: indy would have woken at %s", until, wake)
		}
		d.do(Ordered{Verb: replies.OrderSnooze, Person: "ana", Until: until, Words: "snooze Ana until long ago"})
		d.stands(Offered, MailNeedsYou)
	}
}
