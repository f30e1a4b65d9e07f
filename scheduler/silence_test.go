package scheduler

import (
	"testing"
	"time"
)

// TestSilenceAboutASummary: a summary that waits for "ok" goes by itself only where the policy lets silence
// stand for it, only once it is known to have reached the organizer, and only while they say
// nothing at all.
func TestSilenceAboutASummary(t *testing.T) {
	const notes = "She grew up by the river.\nAna: call two reporters by December 20\nagain in 5 weeks"
	reached := func(d *desk) {
		e := d.last(MailReadBack)
		d.do(Delivered{Key: e.Key, OneToOne: e.OneToOne, Person: e.Person, Kind: MailReadBack, Outcome: OutcomeDone})
	}
	for _, c := range []struct {
		name    string
		silence time.Duration
		play    func(*desk)
		waits   time.Duration // until the summary goes; 0: it never does
	}{
		{"by default nothing goes", 0, reached, 0},
		{"after a day", 24 * time.Hour, reached, 24 * time.Hour},
		{"it never reached the organizer", 24 * time.Hour, func(*desk) {}, 0},
		{"it could not be sent", 24 * time.Hour, func(d *desk) {
			e := d.last(MailReadBack)
			d.do(Delivered{Key: e.Key, OneToOne: e.OneToOne, Person: e.Person, Kind: MailReadBack, Outcome: OutcomeFailed})
		}, 0},
		{"whether it was sent cannot be told", 24 * time.Hour, func(d *desk) {
			e := d.last(MailReadBack)
			d.do(Delivered{Key: e.Key, OneToOne: e.OneToOne, Person: e.Person, Kind: MailReadBack, Outcome: OutcomeUnknown})
		}, 0},
		{"wait is no ok", 24 * time.Hour, func(d *desk) { reached(d); d.after(2 * time.Hour); d.reply(MailReadBack, "wait") }, 0},
		{"what is not clear is no ok", 24 * time.Hour, func(d *desk) { reached(d); d.reply(MailReadBack, "hm, the second one?") }, 0},
		{"a change is shown anew", 24 * time.Hour, func(d *desk) {
			reached(d)
			d.after(20 * time.Hour)
			d.reply(MailReadBack, "Ana: call three mayors by December 21")
		}, 0},
		{"and its silence is its own", 24 * time.Hour, func(d *desk) {
			reached(d)
			d.after(20 * time.Hour)
			d.reply(MailReadBack, "Ana: call three mayors by December 21")
			reached(d)
		}, 24 * time.Hour},
		{"an old one arrives late", 24 * time.Hour, func(d *desk) {
			old := d.last(MailReadBack)
			d.reply(MailReadBack, "Ana: call three mayors by December 21")
			d.do(Delivered{Key: old.Key, OneToOne: old.OneToOne, Person: old.Person, Kind: MailReadBack, Outcome: OutcomeDone})
		}, 0},
		{"the organizer wrote to her", 24 * time.Hour, func(d *desk) {
			reached(d)
			ref := d.last(MailReminder).Thread
			d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, From: Address{Addr: "maria@example.org"}, Date: d.now}, Text: "Thank you for today!"}, Thread: &ref})
		}, 0},
		{"sending is held", 24 * time.Hour, func(d *desk) { reached(d); d.do(Woke{Late: 48 * time.Hour}) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := met(t, func(s *State) { s.Organizer.Policy.ApproveSum, s.Organizer.Policy.ApproveSilence = true, c.silence })
			d.reply(MailDebrief, notes)
			c.play(d)
			start := d.now
			if c.waits > 0 {
				d.until(start.Add(c.waits - time.Minute))
			} else {
				d.after(10 * 24 * time.Hour)
			}
			if n := countMails(d, MailSummary); n != 0 {
				t.Fatalf("it went after %s", d.now.Sub(start))
			}
			if c.waits == 0 {
				return
			}
			d.after(14 * time.Hour) // quiet hours count
			if n := countMails(d, MailSummary); n != 1 || d.one().Stage != FollowedUp {
				t.Errorf("%d summaries went; it is %s", n, d.one().Stage)
			}
		})
	}
}

// countMails is how many mails of a kind went out.
func countMails(d *desk, kind MailKind) (n int) {
	for _, e := range d.sent {
		if e.Letter.Kind == kind {
			n++
		}
	}
	return n
}

// TestNoPromiseIsAskedAboutBeforeTheSummary: what the organizer has not let go, no other mail
// gives away; once it went, its promises are followed.
func TestNoPromiseIsAskedAboutBeforeTheSummary(t *testing.T) {
	d := met(t, func(s *State) { s.Organizer.Policy.ApproveSum = true })
	d.reply(MailDebrief, "Ana: call two reporters by November 20\nme: send the plan by November 20\nagain in 5 weeks")
	d.until(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))
	if countMails(d, MailCheckIn)+countMails(d, MailStepAsk) != 0 {
		t.Errorf("she was asked: %v", d.kinds())
	}
	d.reply(MailOwnCheckIn, "can't")
	if countMails(d, MailStepNote) != 0 {
		t.Errorf("she was told of a promise: %v", d.kinds())
	}
	d.reply(MailReadBack, "ok")
	d.after(48 * time.Hour)
	if countMails(d, MailSummary) != 1 || countMails(d, MailStepAsk) != 1 {
		t.Errorf("after the summary: %v", d.kinds())
	}
}
