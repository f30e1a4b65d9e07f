package scheduler

import (
	"slices"
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// calendarChanged follows what the organizer did on their calendar: the last human edit
// wins, the person is told once, and nothing is ever put back.
func (t *turn) calendarChanged(c CalendarChange) {
	for _, id := range t.ids() {
		m, _ := t.one(id)
		if m.Meeting != nil && m.Meeting.Event.ID == c.ID {
			t.meetingEdited(m, c)
			return
		}
		if m.Offer != nil {
			if i := slices.IndexFunc(m.Offer.Holds, func(h EventRef) bool { return h.ID == c.ID }); i >= 0 && i < len(m.Offer.Slots) {
				t.holdEdited(m, i, c)
				return
			}
		}
	}
}

// holdEdited takes a time out of the running when the organizer moved or deleted its hold:
// who still chooses it is offered others.
func (t *turn) holdEdited(m OneToOne, i int, c CalendarChange) {
	kept := m.Offer.Slots[i].Interval
	if !c.Deleted && c.Event.From.Equal(kept.From) && c.Event.To.Equal(kept.To) {
		m.Offer.Holds[i].ETag = c.Event.ETag
		t.save(m)
		return
	}
	if !c.Deleted {
		t.d.Effects = append(t.d.Effects, Effect{Key: string(m.ID) + "/unhold/" + c.ID, OneToOne: m.ID, Person: m.Person, Remove: &EventRef{ID: c.ID}})
	}
	m.Offer.Holds[i] = EventRef{}
	m.Offer.Withdrawn = append(m.Offer.Withdrawn, kept)
	t.save(m)
	t.log(m.Person, m.ID, "a held time was taken back", "you changed it on the calendar")
}

// meetingEdited follows one edit of the meeting's event.
func (t *turn) meetingEdited(m OneToOne, c CalendarChange) {
	if m.Stage != Agreed && m.Stage != WithOrganizer {
		t.notesTyped(m, c)
		return
	}
	if c.Deleted {
		if m.Stage == WithOrganizer {
			t.takeBack(&m, false)
			m.Meeting = nil
			t.save(m)
			return
		}
		t.log(m.Person, m.ID, "you deleted the meeting", "on the calendar")
		t.cancel(m, ReasonMovedByYou, false)
		return
	}
	m.Meeting.Event.ETag = c.Event.ETag
	answered := m.Meeting.PartStat
	comment := t.attendees(&m, c.Event)
	was := m.Meeting.seen()
	now := seenOf(c.Event)
	m.Meeting.Seen = &now
	before := *m.Meeting
	if !now.From.Equal(was.From) || !now.To.Equal(was.To) {
		m.Meeting.Interval = now.Interval
	}
	if now.Place != was.Place {
		m.Meeting.Place = now.Place
	}
	if now.Title != was.Title {
		m.Meeting.Title = now.Title
	}
	moved := m.Meeting.Interval != before.Interval
	if !moved && m.Meeting.Place == before.Place {
		if m.Meeting.Interval != now.Interval { // a move of indy's own was outdated by this edit: it is made again
			t.putEvent(&m, m.key("event"))
		}
		if status := m.Meeting.PartStat; status != answered && m.Stage == Agreed { // they answered on the event itself
			m.Meeting.PartStat = answered
			t.withComment(m, ITIP{Method: "REPLY", PartStat: status, Comment: comment, Stamp: t.now})
			return
		}
		t.save(m)
		return
	}
	t.follow(m, before, c.Event.Sequence, moved, "you changed the meeting on the calendar")
}

// follow tells the person once of what changed on the calendar, or with its clocks.
func (t *turn) follow(m OneToOne, before Meeting, sequence int, moved bool, what string) {
	m.Meeting.Sequence = max(m.Meeting.Sequence+1, sequence)
	if moved {
		m.Meeting.Reminded, m.Meeting.Briefed, m.Meeting.AgreedAt = zeroTime, m.Meeting.briefedFor(), t.now
		m.Meeting.PartStat = "NEEDS-ACTION"
		t.revokeMeeting(m)
	}
	if m.Meeting.From.After(t.now) && m.Stage == Agreed {
		t.updated(&m, before)
	}
	t.save(m)
	t.log(m.Person, m.ID, what, "they get the new invite")
}

// briefedFor is when the organizer was briefed, as far as that holds for the time at which
// the meeting now stands: what was read the evening before need not be read again for an
// hour later; for another day it does.
func (c Meeting) briefedFor() time.Time {
	if c.Briefed.Add(36 * time.Hour).Before(c.From) {
		return zeroTime
	}
	return c.Briefed
}

// attendees takes over what the calendar knows of RSVPs and of guests invited by hand. It
// answers what the person wrote beside theirs.
func (t *turn) attendees(m *OneToOne, ev CalendarEvent) (comment string) {
	p := t.s.People[m.Person]
	m.Meeting.Guests = nil
	for _, a := range ev.Attendees {
		switch {
		case p.has(a.Addr):
			if a.PartStat != "" && a.PartStat != "NEEDS-ACTION" {
				m.Meeting.PartStat, comment = a.PartStat, a.Comment
			}
		case !strings.EqualFold(a.Addr, t.s.Organizer.Address):
			m.Meeting.Guests = append(m.Meeting.Guests, a.Address)
		}
	}
	return comment
}

// seen is the event as the calendar last had it, or as indy last put it.
func (c Meeting) seen() SeenEvent {
	if c.Seen != nil {
		return *c.Seen
	}
	return SeenEvent{Interval: c.Interval, Title: c.Title, Place: c.Place}
}

func seenOf(ev CalendarEvent) SeenEvent {
	return SeenEvent{Interval: slots.Interval{From: ev.From.UTC(), To: ev.To.UTC()}, Title: ev.Title, Place: ev.Location, Notes: NotesIn(ev.Text)}
}

// notesHeads are the headings under which the organizer types notes into an event.
var notesHeads = []string{"next steps:", "próximos pasos:"}

// NotesIn is what stands under "Next steps:" in an event's description; "" for nothing.
func NotesIn(text string) string {
	low := strings.ToLower(text)
	for _, head := range notesHeads {
		if i := strings.LastIndex(low, head); i >= 0 && len(low) == len(text) {
			return strings.TrimSpace(text[i+len(head):])
		}
	}
	return ""
}

// notesTyped reads notes that were typed into the event after the meeting, as if they had
// been sent in answer to the debrief.
func (t *turn) notesTyped(m OneToOne, c CalendarChange) {
	if c.Deleted || m.Meeting.Seen == nil {
		return
	}
	was := *m.Meeting.Seen
	now := seenOf(c.Event)
	m.Meeting.Event.ETag, m.Meeting.Seen = c.Event.ETag, &now
	t.save(m)
	if m.Stage != Met || now.Notes == "" || now.Notes == was.Notes {
		return
	}
	p := t.s.People[m.Person]
	asked := replies.AskedDebrief
	ctx := t.organizerContext(Mail{Head: Head{Date: t.now}}, p, m, ThreadRef{OneToOne: m.ID, Person: m.Person, Asked: asked, Own: true})
	ctx.Asked = asked
	t.log(m.Person, m.ID, "you typed notes into the calendar", "")
	t.debriefed(m, replies.Read(now.Notes, ctx))
}
