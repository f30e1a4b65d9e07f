package scheduler

import (
	"slices"
	"testing"
	"time"
)

// TestSuspicionIsToldOnce: the same trouble that comes and goes is told once a day, and what
// it stops goes on by itself.
func TestSuspicionIsToldOnce(t *testing.T) {
	d := agreed(t)
	gone := Suspected{Missing: []string{d.one().Meeting.Event.ID, "b", "c"}}
	told := func(want int, when string) {
		t.Helper()
		if n := countMails(d, MailNeedsYou); n != want {
			t.Errorf("%s: told %d times", when, n)
		}
	}
	d.do(gone)
	told(1, "at first")
	l := d.last(MailNeedsYou).Letter
	if l.Reason != ReasonVanished || l.ToPerson || l.Digest == nil || len(l.Digest.Meetings) != 1 || l.Digest.Meetings[0].Name != "Ana Ruiz" || !d.s.Held() {
		t.Errorf("%+v", l)
	}
	d.do(gone)
	gone.Missing = gone.Missing[:2]
	d.do(gone)
	told(1, "one came back")
	if !slices.Equal(d.s.Desk.Suspect.Missing, gone.Missing) {
		t.Errorf("missing: %v", d.s.Desk.Suspect.Missing)
	}
	if at := d.s.Wake(d.now); !at.IsZero() {
		t.Errorf("it wakes at %s", at)
	}
	d.do(Cleared{})
	if d.s.Held() || d.s.Suspicious() || d.one().Stage != Agreed {
		t.Errorf("held %v, it is %s", d.s.Held(), d.one().Stage)
	}
	d.now = d.now.Add(time.Hour)
	d.do(gone)
	told(1, "again within the hour")
	if !d.s.Held() {
		t.Error("the second time nothing waits")
	}
	d.do(Cleared{})
	d.now = d.now.Add(25 * time.Hour)
	d.do(gone)
	told(2, "the next day")
}

// TestAnswersToSuspicion: "put them back" and "call them off" mean something only while
// events are missing; "ok" and "go" are no answer to that.
func TestAnswersToSuspicion(t *testing.T) {
	for _, c := range []struct {
		words   string
		missing bool
		id      bool // the event has another id
		meant   bool
		held    bool
		orders  int // "I did not understand"
	}{
		{"put them back", true, true, false, false, 0},
		{"call them off", true, false, true, false, 0},
		{"ok", true, false, false, true, 1},
		{"put them back", false, false, false, false, 1},
		{"call them off", false, false, false, false, 1},
	} {
		d := agreed(t)
		event := d.one().Meeting.Event.ID
		if c.missing {
			d.do(Suspected{Missing: []string{event}})
		}
		ref := ThreadRef{Kind: MailNeedsYou, Asked: "digest", Own: true}
		d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, From: Address{Addr: "maria@example.org"}, Date: d.now}, Text: c.words}, Thread: &ref})
		unclear := 0
		for _, e := range d.sent {
			if e.Letter.Reason == ReasonOrder {
				unclear++
			}
		}
		if now := d.one().Meeting.Event.ID; (now != event) != c.id || d.s.Desk.Suspect.Meant != c.meant || d.s.Held() != c.held || unclear != c.orders {
			t.Errorf("%q with missing %v: other id %v, meant %v, held %v, %d unclear", c.words, c.missing, now != event, d.s.Desk.Suspect.Meant, d.s.Held(), unclear)
		}
		if d.one().Meeting.UID == "" || d.one().Stage != Agreed {
			t.Errorf("%q: it is %s", c.words, d.one().Stage)
		}
	}
}
