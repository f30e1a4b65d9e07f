package main

import (
	"testing"
	"time"

	"indy/scheduler"
)

// TestMariasAnswersOutliveARestart: of a mail to Maria indy keeps the conversation, not the
// Message-ID that Gmail gave it. A daemon that starts anew does not take its own mail for an
// answer of hers, and knows hers, the second one too.
func TestMariasAnswersOutliveARestart(t *testing.T) {
	t.Parallel()
	d := newArc(t)
	d.turn()
	d.ana.Reply(d.gets(d.ana, scheduler.MailOffer), "The last one works for me!")
	d.gets(d.ana, scheduler.MailInvite)
	restart := func() {
		t.Helper()
		path := d.h.cfg.Path
		if err := d.h.Close(); err != nil {
			t.Fatal(err)
		}
		d.open(path)
		d.turn()
	}
	for d.one().Stage != scheduler.Met || len(d.maria.Mails("INBOX")) < 3 { // up to the very turn that asks
		if next := d.step(); d.one().Stage != scheduler.Met {
			d.pass(next.Sub(d.now()))
		} else {
			d.pass(time.Minute)
		}
	}
	restart()
	ask := d.gets(d.maria, scheduler.MailDebrief)
	restart()
	d.stage(scheduler.Met)
	d.maria.Reply(ask, "Ask: yes\nAna: call two reporters in 5 days")
	missing := d.gets(d.maria, scheduler.MailMissing)
	restart()
	d.maria.Reply(missing, "Again in 3 weeks")
	d.gets(d.maria, scheduler.MailReadBack)
	d.needs([]scheduler.Reason{scheduler.ReasonReadBack})
}
