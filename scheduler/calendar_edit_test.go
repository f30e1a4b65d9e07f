package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler/replies"
)

// TestEachEditIsToldOnce: each edit of the event is told to the person once, with an
// invite that asks anew only where the time or the place is another.
func TestEachEditIsToldOnce(t *testing.T) {
	leo := Attendee{Address: Address{Name: "Leo Park", Addr: "leo@example.com"}}
	for _, c := range []struct {
		name     string
		edit     func(*CalendarEvent)
		told     bool
		sequence int
		answer   string // PARTSTAT after it; it was ACCEPTED
		title    string
		joins    []string
	}{
		{"moves it", func(ev *CalendarEvent) { ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour) }, true, 1, "NEEDS-ACTION", "", nil},
		{"makes it longer", func(ev *CalendarEvent) { ev.To = ev.To.Add(15 * time.Minute) }, true, 1, "NEEDS-ACTION", "", nil},
		{"changes the place", func(ev *CalendarEvent) { ev.Location = "the library" }, true, 1, "ACCEPTED", "", nil},
		{"gives it a title", func(ev *CalendarEvent) { ev.Title = "Tea" }, true, 0, "ACCEPTED", "Tea", nil},
		{"takes the title away", func(ev *CalendarEvent) { ev.Title = "" }, false, 0, "ACCEPTED", "", nil},
		{"invites somebody", func(ev *CalendarEvent) { ev.Attendees = append(ev.Attendees, leo) }, true, 0, "ACCEPTED", "", []string{"Leo Park"}},
		{"invites a bare address", func(ev *CalendarEvent) {
			ev.Attendees = append(ev.Attendees, Attendee{Address: Address{Name: "leo@example.com", Addr: "leo@example.com"}})
		}, true, 0, "ACCEPTED", "", []string{""}},
		{"does all at once", func(ev *CalendarEvent) {
			ev.From, ev.To, ev.Title, ev.Location = ev.From.Add(time.Hour), ev.To.Add(time.Hour), "Tea", "the library"
			ev.Attendees = append(ev.Attendees, leo)
		}, true, 1, "NEEDS-ACTION", "Tea", []string{"Leo Park"}},
		{"types notes", func(ev *CalendarEvent) { ev.Text += "\nNext steps:\nAna: call two reporters by Friday" }, false, 0, "ACCEPTED", "", nil},
		{"the calendar counts it as a change", func(ev *CalendarEvent) { ev.Title, ev.Sequence = "Tea", 4 }, true, 4, "ACCEPTED", "Tea", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreed(t)
			ev := d.event()
			ev.Attendees = []Attendee{{Address: Address{Addr: "ana@example.org"}, PartStat: "ACCEPTED"}}
			d.edit(ev)
			ev.ETag += "+"
			d.forget()
			c.edit(&ev)
			for range 3 { // looked at again, nothing is told twice
				d.edit(ev)
				ev.ETag += "+"
			}
			if n := countMails(d, MailUpdate); n > 1 || (n == 1) != c.told || len(d.sent) != n {
				t.Fatalf("told %d times: %v", n, d.kinds())
			}
			m := d.one()
			if m.Meeting.Sequence != c.sequence || m.Meeting.PartStat != c.answer || m.Stage != Agreed {
				t.Errorf("SEQUENCE %d, %s, %s", m.Meeting.Sequence, m.Meeting.PartStat, m.Stage)
			}
			for _, e := range d.out {
				if e.Put != nil || e.Remove != nil {
					t.Error("the event was fought over")
				}
			}
			if !c.told {
				return
			}
			e := d.last(MailUpdate)
			if l := e.Letter; l.Title != c.title || !slices.Equal(l.Joins, c.joins) || l.Before == nil || l.Before.Guests != nil || l.Before.Seen != nil || l.Meeting.Guests != nil {
				t.Errorf("title %q, joins %q, before %+v", l.Title, l.Joins, l.Before)
			}
			inv := e.Invite.Event
			if e.Invite.Method != "REQUEST" || inv.Sequence != c.sequence || len(inv.Attendees) != 1 || inv.Attendees[0].Addr != "ana@example.org" || inv.Attendees[0].PartStat != c.answer {
				t.Errorf("the invite: %+v", inv)
			}
			if c.title != "" && inv.Title != c.title || strings.Contains(inv.Text, "reporters") {
				t.Errorf("the invite is called %q: %q", inv.Title, inv.Text)
			}
		})
	}
}

// TestSharedEvents: where the calendar itself invites it tells of titles and guests itself.
func TestSharedEvents(t *testing.T) {
	d := agreed(t, func(s *State) { s.Organizer.Policy.SharedEvent = true })
	ev := d.event()
	ev.Title, ev.Attendees = "Tea", []Attendee{{Address: Address{Name: "Leo Park", Addr: "leo@example.com"}}}
	d.forget()
	d.edit(ev)
	if m := d.one(); len(d.sent) != 0 || m.Meeting.Title != "Tea" || len(m.Meeting.Guests) != 1 {
		t.Errorf("mails %v, %+v", d.kinds(), m.Meeting)
	}
}

// TestWrittenDescriptions: what a human wrote in the description outlives indy's own changes.
func TestWrittenDescriptions(t *testing.T) {
	for _, written := range []bool{false, true} {
		d := agreed(t)
		ev := d.event()
		ev.Text = "The agenda.\nNext steps:"
		m := d.one()
		d.do(Delivered{Key: "put", OneToOne: m.ID, Person: "ana", Outcome: OutcomeDone, Event: &ev})
		if written {
			ev.Text = "The agenda.\nNext steps:\nHer brother lost his job."
		} else {
			ev.Text = "The agenda. \r\nNext  steps:\r\n" // another program's way to break lines
		}
		d.edit(ev)
		d.do(MailCame{Mail: Mail{Head: Head{ID: "in", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: "Can we do it at 3:30 pm instead?"},
			Thread: &ThreadRef{OneToOne: m.ID, Person: "ana", Kind: MailInvite, Asked: replies.AskedInvite, To: "ana@example.org"}})
		for _, e := range d.out {
			if e.Put != nil && e.Put.KeepText != written {
				t.Errorf("written %v: KeepText %v", written, e.Put.KeepText)
			}
		}
		if m := d.one(); m.Meeting.Sequence != 1 || m.Meeting.Seen.Written != written {
			t.Errorf("written %v: SEQUENCE %d, %+v", written, m.Meeting.Sequence, m.Meeting.Seen)
		}
		later := *d.one().Meeting.Seen
		if written && later.Notes != "Her brother lost his job." {
			t.Errorf("the notes became %q", later.Notes)
		}
	}
}
