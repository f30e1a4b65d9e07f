package scheduler

import (
	"testing"
	"time"
)

// TestNights: who writes at night is answered at once; nothing else begins at night.
func TestNights(t *testing.T) {
	night := time.Date(2026, 11, 10, 4, 30, 0, 0, time.UTC) // 23:30 in New York
	d := offered(t)
	d.until(night)
	d.answer(MailOffer, "None of these, sorry. Any others?")
	if e := d.last(MailCounter); !e.After.IsZero() {
		t.Errorf("the answer waits until %s", e.After)
	}
	d = newDesk(t, func(s *State) { s.Organizer.Policy.Capacity = 0 })
	d.until(night)
	for _, e := range d.sent { // of its own accord nothing goes at night
		if h := e.Letter.Now.In(newYork).Hour(); e.Letter.ToPerson && (h < 8 || h >= 20) {
			t.Errorf("a %s went at %d o'clock", e.Letter.Kind, h)
		}
	}
}
