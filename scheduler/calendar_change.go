package scheduler

import (
	"crypto/sha256"
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
	answered, before := m.Meeting.PartStat, *m.Meeting
	comment := t.attendees(&m, c.Event)
	now := t.takeOver(&m, c.Event)
	m.Meeting.Seen.Answer = t.answerOn(m, c.Event)
	moved := m.Meeting.Interval != before.Interval
	if m.Meeting.Interval != now.Interval { // a move of indy's own was outdated by this edit: it is made again
		t.putEvent(&m, m.key("event"))
	}
	if moved || m.Meeting.Place != before.Place {
		t.follow(m, before, c.Event.Sequence, moved, "you changed the meeting on the calendar")
		return
	}
	status := m.Meeting.PartStat
	if status != answered && m.Stage == Agreed { // they answered on the event itself
		m.Meeting.PartStat = answered
	}
	t.retell(&m, before, c.Event.Sequence)
	t.save(m)
	if status != m.Meeting.PartStat {
		t.withComment(m, ITIP{Method: "REPLY", PartStat: status, Comment: comment, Stamp: t.now})
	}
}

// takeOver makes what a human changed on the event that which holds, and answers with the
// event as it is now.
func (t *turn) takeOver(m *OneToOne, ev CalendarEvent) SeenEvent {
	was, now := m.Meeting.look(ev)
	if !now.From.Equal(was.From) || !now.To.Equal(was.To) {
		m.Meeting.Interval = now.Interval
	}
	if now.Place != was.Place {
		m.Meeting.Place = now.Place
	}
	if now.Title != was.Title {
		m.Meeting.Title = now.Title
	}
	return now
}

// look takes note of the event as the calendar has it.
func (c *Meeting) look(ev CalendarEvent) (was, now SeenEvent) {
	was, now = c.seen(), seenOf(ev)
	now.Written = was.Written || was.Words != "" && was.Words != now.Words
	c.Event.ETag, c.Seen = ev.ETag, &now
	return was, now
}

// retell tells the person once of what is no reason to answer anew: another title, somebody
// who joins them. Neither raises SEQUENCE, which RFC 5545 3.8.7.4 asks for where the time or
// the status changes: the answer that they gave still holds, and a later DTSTAMP makes the
// invite the newer one (RFC 5546 2.1.5). Where the calendar itself invites, it has told them.
func (t *turn) retell(m *OneToOne, before Meeting, sequence int) {
	title, joins := newTitle(before, *m.Meeting), joined(before, *m.Meeting)
	if title == "" && len(joins) == 0 || m.Stage != Agreed || !m.Meeting.From.After(t.now) {
		return
	}
	m.Meeting.Sequence = max(m.Meeting.Sequence, sequence)
	if t.s.Organizer.Policy.SharedEvent {
		return
	}
	t.updated(m, before)
	t.log(m.Person, m.ID, "you changed the meeting on the calendar", "they get the invite as it now is")
}

// newTitle is what the organizer called the meeting since; "" when they did not.
func newTitle(before, after Meeting) string {
	if after.Title == before.Title {
		return ""
	}
	return after.Title
}

// joined are the names of those whom the organizer invited since. Addresses stay with the
// organizer: who has no name is "".
func joined(before, after Meeting) (names []string) {
	for _, g := range after.Guests {
		if slices.ContainsFunc(before.Guests, func(b Address) bool { return strings.EqualFold(b.Addr, g.Addr) }) {
			continue
		}
		name := strings.TrimSpace(g.Name)
		if strings.Contains(name, "@") {
			name = ""
		}
		names = append(names, name)
	}
	return names
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
	had := m.Meeting.seen().Answer // an answer to what stood there before is none to what stands there now
	for _, a := range ev.Attendees {
		switch {
		case p.has(a.Addr):
			if a.PartStat != "" && a.PartStat != "NEEDS-ACTION" && a.PartStat != had {
				m.Meeting.PartStat, comment = a.PartStat, a.Comment
			}
		case !strings.EqualFold(a.Addr, t.s.Organizer.Address):
			m.Meeting.Guests = append(m.Meeting.Guests, a.Address)
		}
	}
	return comment
}

// answerOn is the person's PARTSTAT as the event has it.
func (t *turn) answerOn(m OneToOne, ev CalendarEvent) string {
	p := t.s.People[m.Person]
	for _, a := range ev.Attendees {
		if p.has(a.Addr) {
			return a.PartStat
		}
	}
	return ""
}

// seen is the event as the calendar last had it, or as indy last put it.
func (c Meeting) seen() SeenEvent {
	if c.Seen != nil {
		return *c.Seen
	}
	return SeenEvent{Interval: c.Interval, Title: c.Title, Place: c.Place}
}

func seenOf(ev CalendarEvent) SeenEvent {
	return SeenEvent{Interval: slots.Interval{From: ev.From.UTC(), To: ev.To.UTC()}, Title: ev.Title, Place: ev.Location, Notes: NotesIn(ev.Text),
		Words: wordsDigest(ev.Text)}
}

// wordsDigest tells one description from another, however its lines are broken.
func wordsDigest(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return lower.EncodeToString(sum[:])[:16]
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
	was, now := m.Meeting.look(c.Event)
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
