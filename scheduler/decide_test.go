package scheduler

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

func TestAnswersToAnOffer(t *testing.T) {
	for _, c := range []struct {
		name, words string
		stage       Stage
		mails       []MailKind // after the offer
	}{
		{"by number", "2", Agreed, []MailKind{MailInvite}},
		{"other times, please", "None of those work for me. Do you have other times?", Offered, []MailKind{MailCounter}},
		{"a time of their own", "Can't do those, but Thursday November 19 at 11am?", Agreed, []MailKind{MailInvite}},
		{"later", "Not now, please ask me again in January", Paused, nil},
		{"never", "Please take me off your list.", Stopped, nil},
		{"a question", "Who gave you my address?", WithOrganizer, []MailKind{MailNeedsYou}},
		{"nobody knows", "Sounds great, let me check with my sister", WithOrganizer, []MailKind{MailNeedsYou}},
		{"a choice and a question", "2 is good. What should I bring?", Agreed, []MailKind{MailInvite, MailNeedsYou}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := offered(t)
			d.answer(MailOffer, c.words)
			d.stands(c.stage, append([]MailKind{MailOffer}, c.mails...)...)
		})
	}
}

func TestSilence(t *testing.T) {
	d := offered(t)
	d.after(20 * 24 * time.Hour)
	nudges := 0
	for _, e := range d.sent {
		if e.Letter.Kind == MailNudge {
			nudges++
		}
	}
	if nudges != 2 || d.one().Stage != Paused || d.s.Standings["ana"].CallWhy != ReasonSilent {
		t.Errorf("%d nudges, %s, call: %q", nudges, d.one().Stage, d.s.Standings["ana"].CallWhy)
	}
	view := d.s.Digest(d.now)
	if len(view.Call) != 1 || view.Call[0].Why != ReasonSilent {
		t.Errorf("the digest does not say to call them: %+v", view.Call)
	}
}

func TestAnOldMailsNumbersCount(t *testing.T) {
	d := offered(t)
	first := d.sent[0]
	d.after(4 * 24 * time.Hour) // the nudge has other times
	ref := first.Thread
	d.do(MailCame{Mail: Mail{Head: Head{ID: "late", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: "3"}, Thread: &ref})
	m := d.one()
	if m.Stage == Agreed && !m.Meeting.From.Equal(first.Letter.Slots[2].From) {
		t.Errorf("they chose %s and were booked for %s", first.Letter.Slots[2].From, m.Meeting.From)
	}
}

func TestStopIsFinal(t *testing.T) {
	d := agreed(t)
	d.do(MailCame{Mail: Mail{Head: Head{ID: "x", From: Address{Addr: "ana@home.example"}, Date: d.now}, Text: "please stop writing to me"}})
	if len(d.out) == 0 || d.out[len(d.out)-1].Remove == nil {
		t.Error("the meeting still stands on the calendar")
	}
	d.forget()
	d.do(Ordered{Verb: replies.OrderPropose, Person: "ana"})
	d.after(200 * 24 * time.Hour)
	for _, e := range d.sent {
		if e.Letter.ToPerson {
			t.Errorf("a %s to somebody who said stop", e.Letter.Kind)
		}
	}
}

func TestWhoMayMoveAOneToOne(t *testing.T) {
	d := offered(t)
	d.answerFrom(MailOffer, "mallory@example.net", "2")
	d.stands(Offered, MailOffer, MailNeedsYou)
	d.do(MailCame{Mail: Mail{Head: Head{ID: "s", From: Address{Addr: "maria@example.org"}, Subject: "indy", Date: d.now}, Text: "stop Ana"}})
	if d.s.Silenced("ana") {
		t.Error("an order counted that did not come from the organizer's own account")
	}
	d.do(MailCame{Mail: Mail{Head: Head{ID: "o", Own: true, From: Address{Addr: "maria@example.org"}, Subject: "indy", Date: d.now}, Text: "stop Ana"}})
	if !d.s.Silenced("ana") {
		t.Error("the organizer's own order did not count")
	}
}

func TestTheOrganizerSteppedIn(t *testing.T) {
	d := offered(t)
	ref := d.sent[0].Thread
	d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, Date: d.now}, Text: "Let me tell you more!"}, Thread: &ref})
	d.stands(WithOrganizer, MailOffer)
	d.sent = append(d.sent, Effect{Letter: &Letter{Kind: MailOffer}, Thread: ref})
	d.answer(MailOffer, "2")
	d.after(12 * 24 * time.Hour)
	for _, e := range d.sent {
		if e.Letter.ToPerson && e.Letter.Kind != MailOffer {
			t.Errorf("a %s went out while the organizer had the thread", e.Letter.Kind)
		}
	}
	if d.one().Stage != WithOrganizer {
		t.Fatalf("it is %s", d.one().Stage)
	}
}

func TestHandBackBooksWhatWasChosen(t *testing.T) {
	d := offered(t)
	offer := d.sent[0]
	d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, Date: d.now}, Text: "Hello!"}, Thread: &offer.Thread})
	d.do(MailCame{Mail: Mail{Head: Head{ID: "in", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: "3"}, Thread: &offer.Thread})
	d.do(Ordered{Verb: replies.OrderHandBack, Person: "ana"})
	if m := d.one(); m.Stage != Agreed || !m.Meeting.From.Equal(offer.Letter.Slots[2].From) {
		t.Errorf("it is %s, %+v", m.Stage, m.Meeting)
	}
}

func TestRobotsAreReadAndNeverAnswered(t *testing.T) {
	for _, robot := range []Robot{OutOfOffice, AutoReply, MailingList, Receipt, Challenge} {
		d := offered(t)
		ref := d.sent[0].Thread
		d.do(MailCame{Mail: Mail{Head: Head{ID: "r", From: Address{Addr: "ana@example.org"}, Date: d.now}, Robot: robot,
			Text: "I am away until November 20. Tuesday works, 2, yes!"}, Thread: &ref})
		for _, e := range d.sent[1:] {
			if e.Letter.ToPerson {
				t.Errorf("%s was answered with a %s", robot, e.Letter.Kind)
			}
		}
		if robot == OutOfOffice && (d.one().Stage != Paused || d.one().Until.Before(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))) {
			t.Errorf("away: %s until %s", d.one().Stage, d.one().Until)
		}
	}
}

func TestBounces(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounce Bounce
		stage  Stage
		mails  []MailKind
	}{
		{"for good", Bounce{Recipient: "ana@example.org", Status: "5.1.1", Permanent: true}, WithOrganizer, []MailKind{MailNeedsYou}},
		{"delayed", Bounce{Recipient: "ana@example.org", Status: "4.4.1"}, Offered, nil},
		{"refused", Bounce{Recipient: "ana@example.org", Status: "5.7.1"}, Offered, []MailKind{MailNeedsYou}},
		{"of somebody else", Bounce{Recipient: "lee@example.org", Status: "5.1.1", Permanent: true}, Offered, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := offered(t)
			ref := d.sent[0].Thread
			d.do(MailCame{Mail: Mail{Head: Head{ID: "b"}, Robot: BounceReport, Bounces: []Bounce{c.bounce}}, Thread: &ref})
			d.stands(c.stage, append([]MailKind{MailOffer}, c.mails...)...)
		})
	}
}

func TestCalendarAnswers(t *testing.T) {
	reply := func(d *desk, status string, sequence int) ITIP {
		return ITIP{Method: "REPLY", UID: d.one().Meeting.UID, Sequence: sequence, Stamp: d.now, PartStat: status, Attendee: Address{Addr: "ana@example.org"}}
	}
	came := func(d *desk, from string, part ITIP) {
		d.do(MailCame{Mail: Mail{Head: Head{ID: "i", From: Address{Addr: from}, Date: d.now}, Robot: CalendarRobot, ITIP: []ITIP{part}}})
	}
	d := agreed(t)
	came(d, "ana@example.org", reply(d, "ACCEPTED", 0))
	d.stands(Agreed)
	if d.one().Meeting.PartStat != "ACCEPTED" {
		t.Errorf("PARTSTAT is %s", d.one().Meeting.PartStat)
	}
	d.now = d.now.Add(time.Minute)
	came(d, "ana@example.org", reply(d, "TENTATIVE", 0))
	d.stands(Agreed, MailTentative) // asked about once
	d.now = d.now.Add(time.Minute)
	forged := reply(d, "DECLINED", 0)
	forged.Attendee.Addr = "mallory@example.net"
	came(d, "mallory@example.net", forged)
	d.stands(Agreed)
	cancel := reply(d, "", 9)
	cancel.Method = "CANCEL"
	came(d, "ana@example.org", cancel)
	d.stands(Agreed)
	d.now = d.now.Add(time.Minute)
	came(d, "ana@example.org", reply(d, "DECLINED", 0))
	d.stands(Offered, MailCancel)
}

func TestAnAnswerToAnOlderVersionIsIgnored(t *testing.T) {
	d := agreed(t)
	d.do(CalendarChanged{CalendarChange{ID: d.one().Meeting.Event.ID, Event: edited(d, time.Hour, "")}})
	d.stands(Agreed, MailUpdate)
	d.do(MailCame{Mail: Mail{Head: Head{ID: "i", From: Address{Addr: "ana@example.org"}, Date: d.now}, Robot: CalendarRobot,
		ITIP: []ITIP{{Method: "REPLY", UID: d.one().Meeting.UID, Sequence: 0, Stamp: d.now, PartStat: "DECLINED", Attendee: Address{Addr: "ana@example.org"}}}}})
	d.stands(Agreed)
}

// edited is the meeting's event after a human hand: later by, at another place.
func edited(d *desk, by time.Duration, place string) CalendarEvent {
	c := d.one().Meeting
	ev := CalendarEvent{ID: c.Event.ID, UID: c.UID, From: c.From.Add(by), To: c.To.Add(by), Title: "Coffee", Location: c.Place, ETag: "edited" + d.now.String()}
	if c.Seen != nil {
		ev.Title = c.Seen.Title
	}
	if place != "" {
		ev.Location = place
	}
	return ev
}

func TestTheCalendarIsACommandLine(t *testing.T) {
	d := agreed(t)
	was := *d.one().Meeting
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, 2*time.Hour, "")}})
	d.stands(Agreed, MailUpdate)
	if m := d.one().Meeting; !m.From.Equal(was.From.Add(2*time.Hour)) || m.Sequence <= was.Sequence {
		t.Errorf("moved to %s, sequence %d", m.From, m.Sequence)
	}
	if len(d.out) != 1 {
		t.Errorf("the calendar was written to after a human edit: %+v", d.out)
	}
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, 0, "the library")}})
	d.stands(Agreed, MailUpdate)
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, 0, "the library")}}) // the same again
	d.stands(Agreed)
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Deleted: true}})
	d.stands(Offered, MailCancel)
	if inv := d.out[0].Invite; inv == nil || inv.Method != "CANCEL" || len(d.out[0].Letter.Slots) == 0 {
		t.Error("no CANCEL with other times")
	}
}

func TestNoSecondMailInQuietHoursOrBeyondTheCaps(t *testing.T) {
	night := func(s *State) { s.Organizer.Policy.SendHours = every(12, 13) }
	d := newDesk(t, night)
	d.after(48 * time.Hour)
	for _, e := range d.sent {
		if h := e.Letter.Now.In(newYork).Hour(); e.Letter.ToPerson && h != 12 {
			t.Errorf("a %s went out at %d o'clock", e.Letter.Kind, h)
		}
	}
	d = met(t, func(s *State) { s.Organizer.Policy.MailsPerWk = 1 })
	for i, e := range d.sent {
		if e.Counts && i > 0 {
			t.Errorf("a second mail in a week: %s", e.Letter.Kind)
		}
	}
}

// TestPromisesComingDueTogetherKeepToTheCaps: one is asked about after its day, another
// before it, on the same morning.
func TestPromisesComingDueTogetherKeepToTheCaps(t *testing.T) {
	d := met(t, func(s *State) { s.Organizer.Policy.MailsPerDay = 1 })
	pol := d.s.Organizer.Policy
	first := slots.DateOf(d.now, newYork).AddDays(8)
	second := first.AddDays(max(pol.AskAfter, 1) + pol.CheckBefore)
	d.reply(MailDebrief, "A good talk.\nAna: call two reporters by "+day(first)+"\nAna: print forty leaflets by "+day(second)+"\nagain in 8 weeks")
	d.forget()
	d.after(20 * 24 * time.Hour)
	var last time.Time
	asked := 0
	for _, e := range d.sent {
		if !e.Counts {
			continue
		}
		if !last.IsZero() && e.Letter.Now.Sub(last) < 24*time.Hour {
			t.Errorf("a %s went out %s after the mail before", e.Letter.Kind, e.Letter.Now.Sub(last))
		}
		last = e.Letter.Now
		asked++
	}
	if asked < 3 {
		t.Errorf("%d mails asked about two promises: %s", asked, d.kinds())
	}
}

func day(d slots.Date) string { return d.At(0, time.UTC).Format("January 2") }

func TestBlackoutDays(t *testing.T) {
	d := newDesk(t, func(s *State) {
		s.Organizer.Policy.Blackout = []slots.DateRange{{First: slots.Date{Year: 2026, Month: 11, Day: 9}, Last: slots.Date{Year: 2026, Month: 11, Day: 13}}}
	})
	d.after(9 * 24 * time.Hour)
	offer := d.sent[0]
	if offer.Letter.Kind != MailOffer || offer.Letter.Now.Before(time.Date(2026, 11, 14, 0, 0, 0, 0, newYork)) {
		t.Errorf("%s went out at %s", offer.Letter.Kind, offer.Letter.Now)
	}
}

func TestCapacityAndNewPeopleFirst(t *testing.T) {
	d := newDesk(t, func(s *State) {
		s.Organizer.Policy.Capacity = 2
		s.Order = nil
		for _, c := range []struct {
			id     PersonID
			status Status
		}{{"old1", Current}, {"old2", Current}, {"new1", New}, {"new2", New}} {
			s.People[c.id] = Person{ID: c.id, Name: string(c.id), Addresses: []string{string(c.id) + "@example.org"}, Zone: newYork, Language: "en", Status: c.status, Every: 42, Mode: ByPhone}
			s.Order = append(s.Order, c.id)
		}
		delete(s.People, "ana")
	})
	d.after(24 * time.Hour)
	var who []string
	for _, e := range d.sent {
		who = append(who, string(e.Person))
	}
	if strings.Join(who, " ") != "new1 new2" {
		t.Errorf("in the first week: %v", who)
	}
	d.after(7 * 24 * time.Hour)
	opened := 0
	for _, e := range d.sent {
		if e.Letter.Kind == MailOffer {
			opened++
		}
	}
	if opened != 4 {
		t.Errorf("%d offers in two weeks", opened)
	}
}

func TestTheAgreedDateBringsTheNextRound(t *testing.T) {
	d := met(t)
	d.reply(MailDebrief, "Fine talk. no next steps. again in 3 weeks")
	next := d.s.Standings["ana"].Next
	if next == nil {
		t.Fatal("no next date")
	}
	d.until(next.On.At(23*60, newYork))
	if m := d.one(); m.Round != 2 {
		t.Errorf("round %d, %s", m.Round, m.Stage)
	}
}

func TestAJumpOfTheClockHoldsEverything(t *testing.T) {
	d := offered(t)
	d.forget()
	d.now = d.now.Add(10 * 24 * time.Hour)
	d.do(Woke{Late: 7 * 24 * time.Hour})
	d.do(Tick{})
	for _, e := range d.sent {
		if e.Letter.ToPerson {
			t.Errorf("a %s went out after the jump", e.Letter.Kind)
		}
	}
	if !d.s.Wake(d.now).IsZero() {
		t.Error("it would go on by itself")
	}
	d.reply(MailHeld, "go")
	d.after(time.Hour)
	nudges := 0
	for _, e := range d.sent {
		if e.Letter.Kind == MailNudge {
			nudges++
		}
	}
	if nudges != 1 {
		t.Errorf("%d nudges after the hold", nudges)
	}
}

func TestApproveFirst(t *testing.T) {
	d := newDesk(t, func(s *State) { s.Organizer.Policy.Approve = ApproveFirst })
	d.after(30 * 24 * time.Hour)
	for _, e := range d.sent {
		if e.Letter.ToPerson {
			t.Fatalf("a %s went out without the organizer's ok", e.Letter.Kind)
		}
	}
	d.reply(MailReady, "ok")
	d.last(MailOffer)
	if d.one().Stage != Offered {
		t.Errorf("it is %s", d.one().Stage)
	}
}

func TestADecisionTwiceHasTheSameKeys(t *testing.T) {
	d := offered(t)
	ref := d.sent[0].Thread
	ev := MailCame{Mail: Mail{Head: Head{ID: "in", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: "2"}, Thread: &ref}
	s := d.s
	s.Busy = &BusyTimes{From: d.now.Add(-time.Hour), To: d.now.AddDate(1, 0, 0), Person: map[PersonID][]slots.Busy{"ana": nil}}
	a, b := Decide(s, ev, d.now), Decide(s, ev, d.now.Add(time.Minute))
	if len(a.Effects) == 0 || len(a.Effects) != len(b.Effects) {
		t.Fatalf("%d and %d effects", len(a.Effects), len(b.Effects))
	}
	for i := range a.Effects {
		if a.Effects[i].Key != b.Effects[i].Key || a.Effects[i].MessageID != b.Effects[i].MessageID {
			t.Errorf("%s and %s", a.Effects[i].Key, b.Effects[i].Key)
		}
	}
}

func TestACallSheetForWhoHasNoAddress(t *testing.T) {
	d := newDesk(t, func(s *State) {
		p := s.People["ana"]
		p.Addresses, p.Phone = nil, "+15550101"
		s.People["ana"] = p
	})
	d.after(time.Hour)
	sheet := d.last(MailCallSheet)
	d.stands(Offered, MailCallSheet)
	d.sent = []Effect{sheet}
	d.reply(MailCallSheet, "2")
	if m := d.one(); m.Stage != Agreed || !m.Meeting.From.Equal(sheet.Letter.Slots[1].From) {
		t.Errorf("it is %s", m.Stage)
	}
}

func TestAMeetingCalledOffIsCancelledOnTheirCalendar(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*desk)
		next Stage
	}{
		{"not now after all", func(d *desk) { d.answer(MailInvite, "Not now after all, please ask me again in January") }, Paused},
		{"they met by chance", func(d *desk) { d.do(Ordered{Verb: replies.OrderMet, Person: "ana"}) }, Met},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := offered(t)
			d.answer(MailOffer, "2")
			c.do(d)
			if e := d.last(MailCancel); e.Invite == nil || e.Invite.Method != "CANCEL" || e.Invite.Event.Sequence != 1 {
				t.Errorf("no CANCEL: %+v", e.Invite)
			}
			if m := d.one(); m.Stage != c.next || m.Meeting != nil {
				t.Errorf("it is %s", m.Stage)
			}
		})
	}
}

// TestOneLookServesAll: however many are due at once, the calendars are looked at once.
func TestOneLookServesAll(t *testing.T) {
	d := newDesk(t, func(s *State) {
		s.Order, s.Organizer.Policy.Capacity = nil, 30
		for i := range 20 {
			id := PersonID("p" + string(rune('a'+i)))
			s.People[id] = Person{ID: id, Name: string(id), Addresses: []string{string(id) + "@example.org"}, Zone: newYork, Language: "en", Every: 42, Mode: ByPhone}
			s.Order = append(s.Order, id)
		}
		delete(s.People, "ana")
	})
	d.now = d.now.Add(time.Hour)
	dec := Decide(d.s, Tick{}, d.now)
	if dec.Needs == nil || len(dec.Needs.People) != 20 {
		t.Fatalf("it wants to see %+v", dec.Needs)
	}
	d.do(Tick{})
	if len(d.sent) < 10 {
		t.Errorf("only %d offers", len(d.sent))
	}
}

// TestHandBackKeepsOneMeeting: whatever was chosen while the organizer had the thread, one
// event stands in the end.
func TestHandBackKeepsOneMeeting(t *testing.T) {
	for choice, slot := range map[string]int{"2": 1, "3": 2} {
		d := offered(t)
		offer := d.sent[0]
		d.answer(MailOffer, "2")
		event := d.one().Meeting.Event.ID
		d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, Date: d.now}, Text: "See you there!"}, Thread: &offer.Thread})
		d.do(MailCame{Mail: Mail{Head: Head{ID: "in", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: choice}, Thread: &offer.Thread})
		d.do(Ordered{Verb: replies.OrderHandBack, Person: "ana"})
		m := d.one()
		if m.Stage != Agreed || m.Meeting.Event.ID != event || !m.Meeting.From.Equal(offer.Letter.Slots[slot].From) {
			t.Errorf("chose %s: it is %s, %+v", choice, m.Stage, m.Meeting)
		}
	}
}
