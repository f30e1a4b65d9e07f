package scheduler

import (
	"slices"
	"testing"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// What somebody who meets the same people for months expects of whoever writes for them.

func TestAnOfferRemembers(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "She grew up by the river.\nAna: call two reporters by December 1\nagain in 5 weeks")
	on := d.s.Standings["ana"].Next.On
	d.until(time.Date(2026, 11, 29, 14, 5, 0, 0, time.UTC))
	d.answer(MailCheckIn, "Done!")
	d.forget()
	d.until(on.AddDays(-7).At(12*60, newYork))
	offer := d.last(MailOffer).Letter
	if offer.Next == nil || offer.Next.On != on {
		t.Errorf("it does not speak of %s: %+v", on, offer.Next)
	}
	if len(offer.Changed) != 1 || offer.Changed[0].Action != "call two reporters" {
		t.Errorf("it does not thank for what was kept: %+v", offer.Changed)
	}
	for _, s := range offer.Slots {
		if day := slots.DateOf(s.From, newYork); day.Before(on.AddDays(-2)) {
			t.Errorf("%s is offered, and they had agreed on about %s", day, on)
		}
	}
}

func TestAnOrderToProposeDoesNotWaitForTheAgreedDate(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "no next steps\nagain in 8 weeks")
	d.after(4 * 24 * time.Hour)
	d.do(Ordered{Verb: replies.OrderPropose, Person: "ana"})
	if next := d.last(MailOffer).Letter.Next; next != nil {
		t.Errorf("it speaks of %s, weeks ahead", next.On)
	}
	if first := d.last(MailOffer).Letter.Slots[0]; first.From.After(d.now.Add(7 * 24 * time.Hour)) {
		t.Errorf("%s is the first that is offered, on %s", first.From, d.now)
	}
}

func TestAnOfferAfterSilenceSaysSo(t *testing.T) {
	d := offered(t)
	d.after(20 * 24 * time.Hour)
	d.forget()
	d.after(28 * 24 * time.Hour)
	if offer := d.last(MailOffer).Letter; offer.Reason != ReasonSilent {
		t.Errorf("it begins as if nothing had been: %q", offer.Reason)
	}
}

func TestWhatWaitsIsWhatWillGo(t *testing.T) {
	d := newDesk(t, func(s *State) { s.Organizer.Policy.Approve = ApproveAll })
	d.after(time.Hour)
	d.reply(MailReady, "ok")
	d.answer(MailOffer, "1")
	d.until(d.one().Meeting.To.Add(20 * time.Minute))
	d.reply(MailDebrief, "no next steps\nagain in 3 weeks")
	d.forget()
	d.after(21 * 24 * time.Hour)
	ready := d.last(MailReady).Letter.Inner
	d.reply(MailReady, "ok")
	sent := d.last(MailOffer).Letter
	if ready.Next == nil || sent.Next == nil || *ready.Next != *sent.Next || ready.Reason != sent.Reason {
		t.Errorf("shown: %+v %q; sent: %+v %q", ready.Next, ready.Reason, sent.Next, sent.Reason)
	}
}

func TestWhoIsStuckDoesNotWaitForTheDigest(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "Ana: call two reporters by December 1\nagain in 5 weeks")
	d.until(time.Date(2026, 11, 29, 14, 5, 0, 0, time.UTC))
	d.answer(MailCheckIn, "I'm stuck, nobody answers the phone.")
	if need := d.last(MailNeedsYou).Letter; need.Reason != ReasonStuck || need.Quote == "" {
		t.Errorf("the organizer is told %q: %q", need.Reason, need.Quote)
	}
	d.until(time.Date(2026, 12, 3, 23, 0, 0, 0, newYork))
	for _, st := range d.s.Steps {
		if st.State != StepOpen {
			t.Errorf("%s on the second day after its date, though they asked for help", st.State)
		}
	}
	d.until(time.Date(2026, 12, 6, 0, 0, 0, 0, newYork))
	for _, st := range d.s.Steps {
		if st.State != StepSlipped {
			t.Errorf("%s for ever", st.State)
		}
	}
}

func TestAMovedPromiseIsNotAskedAboutAtOnce(t *testing.T) {
	for _, c := range []struct {
		until  string
		checks int
	}{{"I need until Thursday", 1}, {"I need until December 8", 2}} {
		d := met(t)
		d.reply(MailDebrief, "Ana: call two reporters by December 1\nagain in 5 weeks")
		d.until(time.Date(2026, 11, 29, 14, 5, 0, 0, time.UTC))
		d.answer(MailCheckIn, c.until)
		d.after(10 * 24 * time.Hour)
		if n := countMails(d, MailCheckIn); n != c.checks {
			t.Errorf("%s: asked %d times before the day, not %d", c.until, n, c.checks)
		}
	}
}

func TestAPromiseIsSpokenOfWhenTheTwoMeet(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "Ana: call two reporters by December 1\nagain in 5 weeks")
	d.forget()
	d.do(Ordered{Verb: replies.OrderPropose, Person: "ana"})
	d.answer(MailOffer, "November 30 at 10 am")
	if m := d.one(); m.Stage != Agreed || slots.DateOf(m.Meeting.From, newYork) != (slots.Date{Year: 2026, Month: 11, Day: 30}) {
		t.Fatalf("it is %s", m.Stage)
	}
	d.until(d.one().Meeting.From)
	if n := countMails(d, MailCheckIn); n != 0 {
		t.Errorf("asked %d times by mail on the day before they meet", n)
	}
	d.after(2 * 24 * time.Hour)
	if n := countMails(d, MailCheckIn); n != 1 {
		t.Errorf("asked %d times after they met", n)
	}
}

func TestABriefIsReadOnce(t *testing.T) {
	d := agreed(t)
	was := *d.one().Meeting
	d.until(was.From.Add(-10 * time.Hour))
	d.last(MailBrief)
	d.forget()
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, 2*time.Hour, "")}})
	d.until(d.one().Meeting.From)
	if n := countMails(d, MailBrief); n != 0 {
		t.Errorf("an hour later on the same day, and %d briefs more", n)
	}
	d = agreed(t)
	was = *d.one().Meeting
	d.until(was.From.Add(-10 * time.Hour))
	d.forget()
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, 6*24*time.Hour, "")}})
	d.until(d.one().Meeting.From)
	if n := countMails(d, MailBrief); n != 1 {
		t.Errorf("six days later, and %d briefs", n)
	}
}

func phoneOnly(s *State) {
	p := s.People["ana"]
	p.Addresses, p.Phone = nil, "+15550101"
	s.People["ana"] = p
}

func TestATimeThatIsOverIsNotAgreedOn(t *testing.T) {
	d := newDesk(t, phoneOnly)
	d.after(time.Hour)
	sheet := d.last(MailCallSheet)
	d.until(sheet.Letter.Slots[0].From.Add(time.Hour))
	d.reply(MailCallSheet, "1")
	if m := d.one(); m.Stage != Offered {
		t.Errorf("it is %s", m.Stage)
	}
	if need := d.last(MailNeedsYou).Letter; need.Reason != ReasonOwnWords {
		t.Errorf("the organizer is told %q", need.Reason)
	}
}

func TestACallThatNobodyToldOf(t *testing.T) {
	d := newDesk(t, phoneOnly)
	d.after(10 * 24 * time.Hour)
	if call := d.s.Digest(d.now).Call; len(call) != 1 || call[0].Why != ReasonUncalled {
		t.Errorf("the digest says to call: %+v", call)
	}
}

func TestGoOnHandsBack(t *testing.T) {
	d := offered(t)
	d.answer(MailOffer, "Who else will be there?")
	if d.one().Stage != WithOrganizer {
		t.Fatalf("it is %s", d.one().Stage)
	}
	d.reply(MailNeedsYou, "go")
	if d.one().Stage != Offered {
		t.Errorf("it is %s", d.one().Stage)
	}
}

func TestWhoseDeadlineItIsOnTheirCalendar(t *testing.T) {
	d := met(t, func(s *State) { s.Organizer.Policy.StepsAs = "events" })
	d.reply(MailDebrief, "Ana: call two reporters by December 1\nme: send the plan tomorrow\nagain in 5 weeks")
	var got []string
	for _, st := range d.last(MailSummary).Invite.Todos {
		got = append(got, st.Action)
	}
	if want := []string{"call two reporters", "Maria: send the plan"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestADayForOneOfSeveralStepsMakesNone(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "Ana: call two reporters\nAna: bring her sister\nagain in 5 weeks")
	steps := len(d.s.Steps)
	d.reply(MailMissing, "by Friday")
	if len(d.s.Steps) != steps {
		t.Errorf("%d steps became %d", steps, len(d.s.Steps))
	}
}

func TestWhatSomebodyTookOnIsWhatTheySaid(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "Ask: smaller yes\nAna: call her cousin at the paper by December 1\nagain in 5 weeks")
	if r := d.s.Desk.Raised; len(r) != 1 || r[0].What != "call her cousin at the paper" {
		t.Errorf("took on: %+v", r)
	}
}
