package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDebriefs(t *testing.T) {
	full := "She grew up by the river.\nAna: call two reporters by Friday\nme: send the plan tomorrow\nagain in 3 weeks"
	for _, c := range []struct {
		name, words string
		stage       Stage
		mails       []MailKind
	}{
		{"all is there", full, FollowedUp, []MailKind{MailSummary, MailOwnSummary}},
		{"no date", "Ana: call two reporters\nagain in 3 weeks", Met, []MailKind{MailMissing}},
		{"no next", "Ana: call two reporters by Friday", Met, []MailKind{MailMissing}},
		{"no steps", "We talked about her family.\nno next steps\nagain in 6 weeks", FollowedUp, []MailKind{MailSummary, MailOwnSummary}},
		{"no-show", "She never showed up.", Offered, []MailKind{MailMissed}},
		{"did not happen", "It didn't happen, I was ill.", Offered, []MailKind{MailCounter}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := met(t)
			debrief := d.last(MailDebrief)
			d.sent = []Effect{debrief}
			d.now = time.Date(2026, 11, 12, 17, 0, 0, 0, time.UTC).Add(d.now.Sub(d.now.Truncate(time.Hour)))
			if d.now.Before(d.one().Meeting.To) {
				d.now = d.one().Meeting.To.Add(20 * time.Minute)
			}
			d.reply(MailDebrief, c.words)
			d.after(24 * time.Hour)
			var got []MailKind
			for _, e := range d.sent[1:] {
				if k := e.Letter.Kind; k != MailDigest && k != MailOwnCheckIn && k != MailCheckIn {
					got = append(got, k)
				}
			}
			if len(got) > len(c.mails) {
				got = got[:len(c.mails)]
			}
			for i := range c.mails {
				if i >= len(got) || got[i] != c.mails[i] {
					t.Fatalf("mails: %v, want %v", got, c.mails)
				}
			}
			if got := d.one().Stage; got != c.stage {
				t.Errorf("it is %s, not %s", got, c.stage)
			}
		})
	}
}

func TestPrivateStaysPrivate(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "PRIVATE: her marriage is over.\nAna: call two reporters by Friday\nagain in 3 weeks")
	d.after(30 * 24 * time.Hour)
	for _, e := range d.sent {
		l := e.Letter
		if !l.ToPerson {
			continue
		}
		if l.Person.Notes != "" || l.OneToOne.Debrief != nil || l.Organizer.Story != "" || l.Brief != nil || len(l.Campaign.Asks) > 0 {
			t.Errorf("a %s holds what only the organizer may know", l.Kind)
		}
		for _, st := range l.Steps {
			if strings.Contains(st.Action, "PRIVATE") || strings.Contains(st.Action, "marriage") {
				t.Errorf("a note became a step: %s", st.Action)
			}
		}
	}
}

func TestPromises(t *testing.T) {
	at := func(words string) *desk {
		d := met(t)
		d.reply(MailDebrief, "She grew up by the river.\nAna: call two reporters by December 1\nagain in 5 weeks")
		d.until(time.Date(2026, 11, 29, 14, 5, 0, 0, time.UTC))
		d.last(MailCheckIn) // two days before
		if words != "" {
			d.answer(MailCheckIn, words)
		}
		d.after(12 * 24 * time.Hour)
		return d
	}
	count := func(d *desk, kind MailKind) (n int) {
		for _, e := range d.sent {
			if e.Letter.Kind == kind {
				n++
			}
		}
		return n
	}
	state := func(d *desk) StepState {
		for _, st := range d.s.Steps {
			return st.State
		}
		return ""
	}
	if d := at("Done!"); state(d) != StepDone || count(d, MailStepAsk) != 0 {
		t.Errorf("done: %s, asked %d times more", state(d), count(d, MailStepAsk))
	}
	if d := at(""); state(d) != StepSlipped || count(d, MailStepAsk) != 1 || count(d, MailCheckIn) != 1 || d.s.Standings["ana"].CallWhy != ReasonSlipped {
		t.Errorf("silent: %s, asked %d times, call %q", state(d), count(d, MailStepAsk), d.s.Standings["ana"].CallWhy)
	}
	if d := at("I need until Saturday"); count(d, MailStepAsk) != 1 {
		t.Errorf("moved: %s, asked %d times after its new date", state(d), count(d, MailStepAsk))
	}
	if d := at("can't, sorry"); state(d) != StepDropped || !digested(d, ReasonDropped) {
		t.Errorf("can't: %s", state(d))
	}
}

// digested says whether a digest told of it.
func digested(d *desk, why Reason) bool {
	for _, e := range d.sent {
		if e.Letter.Digest != nil && slices.ContainsFunc(e.Letter.Digest.Needs, func(l DigestLine) bool { return l.Why == why }) {
			return true
		}
	}
	return false
}

// TestMissedAtNight: notes are written at any hour; the mail that follows from them keeps to
// the hours and the caps of the person.
func TestMissedAtNight(t *testing.T) {
	d := met(t)
	d.until(time.Date(2026, 11, 13, 4, 30, 0, 0, time.UTC)) // 23:30 in New York
	d.reply(MailDebrief, "She never showed up.")
	if n := countMails(d, MailMissed); n != 0 {
		t.Fatal("it went in the night")
	}
	d.after(10 * time.Hour)
	if at := d.last(MailMissed).Letter.Now.In(newYork); at.Hour() != 8 || d.one().Stage != Offered {
		t.Errorf("it went at %s; it is %s", at, d.one().Stage)
	}
	d = met(t, func(s *State) { s.Organizer.Policy.MailsPerWk = 2 }) // offer and reminder were two
	d.reply(MailDebrief, "She never showed up.")
	d.after(3 * 24 * time.Hour)
	if n := countMails(d, MailMissed); n != 0 {
		t.Error("it was a third mail in the week")
	}
	d.after(7 * 24 * time.Hour)
	d.last(MailMissed)
}
