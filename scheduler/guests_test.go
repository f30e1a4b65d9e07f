package scheduler

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"indy/scheduler/replies"
)

// guested is an agreed meeting to which Maria has invited Leo, a nameless guest and herself
// under another address.
func guested(t *testing.T, edit ...func(*State)) *desk {
	d := agreed(t, append(edit, func(s *State) { s.Organizer.Aliases = []string{"maria@home.example"} })...)
	ev := d.event()
	ev.Title = "Coffee"
	ev.Attendees = []Attendee{{Address: Address{Addr: "ana@example.org"}}, {Address: Address{"Leo Park", "leo@example.com"}},
		{Address: Address{"kim@example.com", "kim@example.com"}}, {Address: Address{"", "Maria@home.example"}}}
	d.edit(ev)
	d.forget()
	return d
}

// asks is what Ana writes about the meeting.
func (d *desk) asks(words string) {
	d.do(MailCame{Mail: Mail{Head: Head{ID: "in", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: words},
		Thread: &ThreadRef{OneToOne: d.one().ID, Person: "ana", Kind: MailInvite, Asked: replies.AskedInvite, To: "ana@example.org"}})
}

// toGuests are the mails to guests that the latest event led to.
func (d *desk) toGuests() (list []Effect) {
	for _, e := range d.out {
		if e.Letter != nil && e.Letter.Kind.ToGuest() {
			list = append(list, e)
		}
	}
	return list
}

// TestGuestsAreTold: what indy does to the meeting each guest is told once, about themselves
// alone, and nothing of why or with whom.
func TestGuestsAreTold(t *testing.T) {
	for _, c := range []struct {
		name, method string
		do           func(*desk)
	}{
		{"Ana moves it", "REQUEST", func(d *desk) { d.asks("Can we do it at 3:30 pm instead?") }},
		{"Ana cannot come", "CANCEL", func(d *desk) { d.asks("None of this works for me any more, sorry. Another time?") }},
		{"Ana wants it later", "CANCEL", func(d *desk) { d.asks("Not now, please ask me again in March.") }},
		{"Ana says stop", "CANCEL", func(d *desk) { d.asks("Please stop writing to me.") }},
		{"Maria stops it", "CANCEL", func(d *desk) { d.do(Ordered{Verb: replies.OrderStop, Person: "ana"}) }},
		{"they have met", "CANCEL", func(d *desk) { d.do(Ordered{Verb: replies.OrderMet, Person: "ana"}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := guested(t)
			c.do(d)
			list := d.toGuests()
			if len(list) != 2 || list[0].Thread.To != "leo@example.com" || list[1].Thread.To != "kim@example.com" {
				t.Fatalf("told %d guests: %v", len(list), d.kinds())
			}
			for i, e := range list {
				inv := e.Invite.Event
				if e.Invite.Method != c.method || inv.Sequence != 1 || inv.Cancelled != (c.method == "CANCEL") || inv.UID == "" || inv.Title != "Coffee" || inv.Text != "" ||
					inv.OneToOne != "" || len(inv.Attendees) != 1 || inv.Attendees[0].Addr != e.Thread.To {
					t.Errorf("the invite is %s %+v", e.Invite.Method, inv)
				}
				if e.Counts || e.Root != "" || e.Reply != "" || e.Letter.Token != "" {
					t.Errorf("it is more than a notice: %+v", e)
				}
				all, err := json.Marshal([]any{e.Letter.Person.Name, e.Letter.OneToOne, e.Letter.Meeting, e.Letter.Reason, e.Letter.Quote, e.Letter.Brief, e.Letter.Campaign, inv.Attendees})
				if err != nil {
					t.Fatal(err)
				}
				other := list[1-i].Thread.To
				for _, private := range []string{"Ana", "ana@", "PRIVATE", "reporters", "March", other} {
					if strings.Contains(string(all), private) {
						t.Errorf("%s reads %q: %s", e.Thread.To, private, all)
					}
				}
			}
		})
	}
}

// TestGuestsAreNotTold: of what the organizer changes on the calendar that tells its guests
// itself, and so does Google of everything.
func TestGuestsAreNotTold(t *testing.T) {
	d := guested(t)
	ev := d.event()
	ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
	ev.Attendees = []Attendee{{Address: Address{"Leo Park", "leo@example.com"}}}
	d.edit(ev)
	if list := d.toGuests(); len(list) != 0 {
		t.Errorf("moved by hand: %d guests were told", len(list))
	}
	d.do(CalendarChanged{CalendarChange{ID: d.one().Meeting.Event.ID, Deleted: true}})
	if list := d.toGuests(); len(list) != 0 {
		t.Errorf("deleted by hand: %d guests were told", len(list))
	}
	d = guested(t, func(s *State) { s.Organizer.Policy.CalendarTells = true })
	d.asks("Can we do it at 3:30 pm instead?")
	if list := d.toGuests(); len(list) != 0 || d.one().Meeting.Sequence != 1 {
		t.Errorf("on Google: %d guests were told", len(list))
	}
}

// TestGuestsMoveNothing: no word of a guest's, nor of the organizer's to them, nor a bounce
// moves the one-to-one. "Stop" is heeded.
func TestGuestsMoveNothing(t *testing.T) {
	d := guested(t)
	d.asks("Can we do it at 3:30 pm instead?")
	ref := d.toGuests()[0].Thread
	was := d.one()
	for _, mail := range []Mail{
		{Head: Head{From: Address{Addr: "leo@example.com"}}, Text: "Let's cancel it. Friday at 10 is better."},
		{Head: Head{From: Address{Addr: "maria@example.org"}, Own: true}, Text: "I'll call you."},
		{Robot: BounceReport, Bounces: []Bounce{{Recipient: "leo@example.com", Status: "5.1.1", Permanent: true}}},
		{Head: Head{From: Address{Addr: "leo@example.com"}}, Robot: OutOfOffice, Text: "Away until December 1."},
		{Head: Head{From: Address{Addr: "leo@example.com"}}, ITIP: []ITIP{{Method: "REPLY", UID: was.Meeting.UID, Sequence: 1, Stamp: d.now, PartStat: "DECLINED", Attendee: Address{Addr: "leo@example.com"}}}},
		{Head: Head{From: Address{Addr: "leo@example.com"}}, Text: "Please stop writing to me."},
	} {
		d.forget()
		d.do(MailCame{Mail: mail, Thread: &ref})
		if m := d.one(); len(d.out) != 0 || m.Stage != was.Stage || m.Meeting.Interval != was.Meeting.Interval || len(d.s.Desk.Needs) != 0 || d.s.Silenced("ana") {
			t.Errorf("%q moved it: %v, %s", mail.Text, d.kinds(), m.Stage)
		}
	}
	if len(d.s.Standings) != 1 {
		t.Errorf("a guest became a person: %v", d.s.Standings)
	}
	d.asks("Please stop writing to me.")
	if list := d.toGuests(); len(list) != 1 || list[0].Thread.To != "kim@example.com" {
		t.Errorf("Leo said stop, and %d guests were told", len(list))
	}
}

// TestGuestsWhoSaidStop: one of indy's people who is a guest, and said stop, is left alone.
func TestGuestsWhoSaidStop(t *testing.T) {
	d := guested(t, func(s *State) {
		s.People["leo"] = Person{ID: "leo", Name: "Leo Park", Addresses: []string{"Leo@example.com"}, Zone: newYork, Language: "es"}
		s.Order = append(s.Order, "leo")
	})
	d.asks("Can we do it at 3:30 pm instead?")
	if list := d.toGuests(); len(list) != 2 || list[0].Letter.Language != "es" {
		t.Fatalf("told %d guests", len(list))
	}
	d.do(Ordered{Verb: replies.OrderStop, Person: "leo"})
	d.asks("Can we do it at 4 pm instead?")
	if list := d.toGuests(); len(list) != 1 || list[0].Thread.To != "kim@example.com" {
		t.Errorf("told %d guests", len(list))
	}
}
