package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// TestFromSignInToDigest goes all the way as a user does: "indy login", "indy check", "indy
// run", then weeks of the daemon's life on Gmail and Google Calendar as the fake plays
// them. Ana and Maria meet once, moved by either side before; the round that follows is
// called off by either side. At each stage all that both have got, and all that stands on
// their calendars, is held against what must be there. The clocks go forward on the way.
func TestFromSignInToDigest(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(google.EndpointVariable, googletest.Endpoint)
	synctest.Test(t, func(t *testing.T) {
		l := newGoogleLife(t, zone, time.Date(2027, 3, 3, 10, 0, 0, 0, zone), "[[organizer]]", `[campaign]
name = "Clean Water Now"
story = "The river is ours."
plan = "A hearing comes."

[[organizer]]`)
		dentist := time.Date(2027, 3, 9, 10, 0, 0, 0, zone)
		l.maria.Book("", "Dentist", dentist, dentist.Add(2*time.Hour))
		l.signInAndRun()
		l.start()
		offer := l.firstOffer()
		l.movedByBoth(offer)
		l.meet()
		l.keepPromises()
		l.calledOffByBoth()
		l.digest()
		l.end()
		l.leave()
	})
}

// signInAndRun goes from nothing to a daemon that has asked Maria for her ok.
func (l *googleLife) signInAndRun() {
	l.t.Helper()
	l.login()
	said := l.indy(exitDone, "check", "--mail")
	if strings.Contains(said, "WRONG") || !strings.Contains(said, "ok    Gmail of maria-lopez: maria@example.org\n") {
		l.t.Errorf("check:\n%s", said)
	}
	l.run("the offer to be read by Maria", func() bool { return len(l.maria.Mails("INBOX")) == 2 })
	if said := l.indy(exitDone, "status"); !strings.Contains(said, "your ok to the first mail") {
		l.t.Errorf("status:\n%s", said)
	}
}

// firstOffer is what Ana gets after Maria's ok; the times are held.
func (l *googleLife) firstOffer() (offer googletest.Mail) {
	l.t.Helper()
	ready := l.gets(l.maria, scheduler.MailReady)
	l.sees("asked for the ok", `
		Maria gets maria@example.org: This mail was sent by "indy check". Nothing is to be done.
		Maria gets ready
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	l.maria.Reply(ready, "ok")
	offer = l.gets(l.ana, scheduler.MailOffer)
	l.says(offer, "Clean Water Now", "1)", "2)", "3)")
	l.offered("a")
	l.sees("offered", `
		Ana gets offer
		Maria gets Maria Lopez: ok
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: tentative a1
		Maria's calendar: tentative a2
		Maria's calendar: tentative a3`)
	return offer
}

// movedByBoth agrees on a time that Ana's calendar, Maria's hand and Ana's words then move,
// one after the other. Each time Ana gets one invitation, of the next sequence.
func (l *googleLife) movedByBoth(offer googletest.Mail) {
	l.t.Helper()
	l.ana.Reply(offer, "The first one works for me!")
	invite := l.gets(l.ana, scheduler.MailInvite)
	l.sees("agreed", `
		Ana gets invite, REQUEST 0 a1
		Maria gets Ana Ruiz: The first one works for me!
		Ana's calendar: a1
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: confirmed a1`)
	friday := time.Date(2027, 3, 5, 11, 0, 0, 0, l.zone)
	l.counter(invite, friday)
	l.gets(l.ana, scheduler.MailUpdate)
	l.sees("moved by Ana's calendar", `
		Ana gets update, REQUEST 1 Fri 5 Mar 11:00-11:30 PST
		Maria gets Ana Ruiz: no words, COUNTER 0 Fri 5 Mar 11:00-11:30 PST
		Ana's calendar: Fri 5 Mar 11:00-11:30 PST
		Maria's calendar: confirmed Fri 5 Mar 11:00-11:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	e := l.meeting()
	l.maria.MoveTo("", e.ID, e.From.Add(time.Hour), e.To.Add(time.Hour))
	update := l.gets(l.ana, scheduler.MailUpdate)
	l.sees("dragged by Maria", `
		Ana gets update, REQUEST 2 Fri 5 Mar 12:00-12:30 PST
		Ana's calendar: Fri 5 Mar 12:00-12:30 PST
		Maria's calendar: confirmed Fri 5 Mar 12:00-12:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	l.ana.Reply(update, "Could we do Monday at 2pm instead?")
	l.gets(l.ana, scheduler.MailUpdate)
	l.sees("moved by Ana's words", `
		Ana gets update, REQUEST 3 Mon 8 Mar 14:00-14:30 PST
		Maria gets Ana Ruiz: Could we do Monday at 2pm instead?
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
}

// meet goes from the evening before to the summary.
func (l *googleLife) meet() {
	l.t.Helper()
	l.says(l.gets(l.maria, scheduler.MailBrief), "Monday, March 8", "70%", "The river is ours.")
	l.sees("the evening before", `
		Ana gets reminder on Sun 7 Mar 16:00 PST
		Maria gets brief on Sun 7 Mar 18:00 PST
		Maria gets digest on Sun 7 Mar 18:00 PST
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	ask := l.gets(l.maria, scheduler.MailDebrief)
	l.sees("after it", `
		Maria gets debrief on Mon 8 Mar 14:45 PST
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	l.maria.Reply(ask, "Her brother sits on the council.\nAsk: yes\nAna: call two reporters by Fri\nme: send her the plan tomorrow\nAgain in 10 days")
	readBack := l.gets(l.maria, scheduler.MailReadBack)
	l.sees("notes", `
		Maria gets Maria Lopez: Her brother sits on the council.
		Maria gets read_back
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	l.maria.Reply(readBack, "ok")
	summary := l.gets(l.ana, scheduler.MailSummary)
	l.says(summary, "call two reporters", "send her the plan", "March 12")
	l.sees("summary", `
		Ana gets summary, PUBLISH 0 Fri 12 Mar, all day, PUBLISH 0 Tue 9 Mar, all day
		Maria gets Maria Lopez: ok
		Maria gets own_summary
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
}

// keepPromises asks both, once, and takes their word.
func (l *googleLife) keepPromises() {
	l.t.Helper()
	own := l.gets(l.maria, scheduler.MailOwnCheckIn)
	ask := l.gets(l.ana, scheduler.MailCheckIn)
	l.sees("check-in", `
		Ana gets check_in on Wed 10 Mar 09:00 PST
		Maria gets own_check_in on Wed 10 Mar 09:00 PST
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
	l.ana.Reply(ask, "Done! Both will write about it.")
	l.maria.Reply(own, "done")
	l.pass(time.Hour)
	l.sees("kept", `
		Maria gets Ana Ruiz: Done! Both will write about it.
		Maria gets Maria Lopez: done
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST`)
}

// calledOffByBoth is the round of the agreed date: Ana calls the meeting off by a mail, and
// the next one Maria by deleting it. Either is taken back once, with other times.
func (l *googleLife) calledOffByBoth() {
	l.t.Helper()
	offer := l.gets(l.ana, scheduler.MailOffer)
	l.offered("b")
	l.sees("the next round", `
		Ana gets offer
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: tentative b1
		Maria's calendar: tentative b2
		Maria's calendar: tentative b3`)
	l.ana.Reply(offer, "The first one, gladly.")
	invite := l.gets(l.ana, scheduler.MailInvite)
	l.sees("agreed again", `
		Ana gets invite, REQUEST 0 b1
		Maria gets Ana Ruiz: The first one, gladly.
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Ana's calendar: b1
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: confirmed b1`)
	l.ana.Reply(invite, "I am so sorry, something came up and I can't make it. Can we find another time?")
	off := l.gets(l.ana, scheduler.MailCancel)
	l.offered("c")
	l.sees("called off by Ana", `
		Ana gets cancel, CANCEL 1 b1
		Maria gets Ana Ruiz: I am so sorry, something came up and I can't make it. Can we find another time?
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: tentative c1
		Maria's calendar: tentative c2
		Maria's calendar: tentative c3`)
	l.ana.Reply(off, "The last one works.")
	l.gets(l.ana, scheduler.MailInvite)
	l.sees("agreed once more", `
		Ana gets invite, REQUEST 0 c3
		Maria gets Ana Ruiz: The last one works.
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Ana's calendar: c3
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: confirmed c3`)
	l.pass(time.Until(time.Date(2027, 3, 11, 15, 20, 0, 0, l.zone)))
	l.maria.Delete("", l.meeting().ID)
	l.gets(l.ana, scheduler.MailCancel)
	l.offered("d")
	l.sees("called off by Maria", `
		Ana gets cancel, CANCEL 1 c3
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: tentative d1
		Maria's calendar: tentative d2
		Maria's calendar: tentative d3`)
}

// digest is Maria's week.
func (l *googleLife) digest() {
	l.t.Helper()
	digest := l.gets(l.maria, scheduler.MailDigest)
	l.offered("e")
	l.sees("digest", `
		Ana gets nudge
		Maria gets digest on Sun 14 Mar 18:00 PDT
		Ana's calendar: Fri 12 Mar, all day
		Ana's calendar: Mon 8 Mar 14:00-14:30 PST
		Ana's calendar: Tue 9 Mar, all day
		Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST
		Maria's calendar: confirmed Tue 9 Mar 10:00-12:00 PST
		Maria's calendar: tentative e1
		Maria's calendar: tentative e2
		Maria's calendar: tentative e3`)
	l.says(digest, "Ana Ruiz", "call two reporters", "send her the plan")
	if said := l.indy(exitDone, "status"); !strings.Contains(said, "their answer  nudge  Wed 17 Mar") {
		l.t.Errorf("status:\n%s", said)
	}
}

// leave holds what must be so at the end of it all.
func (l *googleLife) leave() {
	l.t.Helper()
	for _, m := range l.ana.Mails("INBOX") {
		if l.keeps(m, "brother") {
			l.t.Errorf("Maria's private notes reached Ana: %s", m.Subject())
		}
	}
	if n := len(l.maria.Mails("DRAFT")); n != 0 {
		l.t.Errorf("%d drafts are left over", n)
	}
	if len(l.maria.Mails("indy/offered")) == 0 {
		l.t.Error("no conversation is shown as offered")
	}
	for _, label := range []string{"indy/agreed", "indy/met", "indy/followed-up", "indy/with-you"} {
		if stale := l.maria.Mails(label); len(stale) != 0 {
			l.t.Errorf("%s still stands on %q", label, stale[0].Subject())
		}
	}
	l.indy(exitDone, "logout")
	if l.g.SignedIn("maria@example.org") {
		l.t.Error("signed in after the logout")
	}
	if said := l.indy(exitCouldNot, "check"); !strings.Contains(said, "nobody has signed in yet") {
		l.t.Errorf("check:\n%s", said)
	}
}
