package scheduler

import (
	"testing"
	"time"
)

// TestTroubleIsToldOnce: whatever was tried meanwhile, the same cause is told once; what can
// be done about it is told anew when it is something else; that mail does not go is not
// told by mail.
func TestTroubleIsToldOnce(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	gone := Trouble{Work: WorkLook, Since: now, Said: "read what came: signed out", Cause: "signed out", Hint: "sign in"}
	otherwise := func(change func(*Trouble)) Trouble { x := gone; change(&x); return x }
	s := State{Organizer: Organizer{ID: "maria", Address: "maria@example.org", Zone: time.UTC}}
	for _, c := range []struct {
		name            string
		event           Event
		mails, troubles int
	}{
		{"signed out", Blocked{gone}, 1, 1},
		{"the same again", Blocked{gone}, 0, 1},
		{"the same, met elsewhere", Blocked{otherwise(func(x *Trouble) { x.Said = "look for a draft: signed out" })}, 0, 1},
		{"the same, of mail that is to go", Blocked{otherwise(func(x *Trouble) { x.Work = WorkSend })}, 0, 1},
		{"another cause, nothing to do about it", Blocked{otherwise(func(x *Trouble) { x.Cause, x.Hint = "503", "" })}, 0, 1},
		{"another thing to do", Blocked{otherwise(func(x *Trouble) { x.Cause, x.Hint = "the API is off", "turn it on" })}, 1, 1},
		{"mail does not go", Blocked{Trouble{Work: WorkSend, Since: now, Said: "send a mail: 503", Cause: "503"}}, 0, 2},
		{"the calendar cannot be changed", Blocked{Trouble{Work: WorkPut, Since: now, Said: "make an event: 503", Cause: "503"}}, 1, 3},
		{"it can be read again", Freed{WorkLook}, 0, 2},
		{"it could be all along", Freed{WorkLook}, 0, 2},
		{"signed out once more", Blocked{gone}, 1, 3},
	} {
		d := Decide(s, c.event, now)
		s = d.State
		if len(d.Effects) != c.mails || len(s.Desk.Troubles) != c.troubles {
			t.Errorf("%s: %d mails and %d troubles, want %d and %d", c.name, len(d.Effects), len(s.Desk.Troubles), c.mails, c.troubles)
		}
		for _, e := range d.Effects {
			if e.Letter.Hint == "" && c.name != "the calendar cannot be changed" || e.Expires.IsZero() || !e.Thread.Own {
				t.Errorf("%s: %+v", c.name, e)
			}
		}
	}
	if lines := s.Digest(now).Needs; len(lines) != 3 || lines[0].Why != ReasonNoMail || lines[2].Why != ReasonNoLook {
		t.Errorf("the digest says %+v", lines)
	}
}
