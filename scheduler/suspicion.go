package scheduler

import (
	"errors"
	"slices"
	"time"

	"indy/scheduler/replies"
)

// Suspected says that events of ours are gone from the calendar in a way in which nobody calls
// meetings off: all at once. Nothing that follows from it is to be believed until the organizer
// says what it means, or until they stand again.
type Suspected struct{ Missing []string }

// Cleared says that the calendar was read again, and that nothing is missing any more.
type Cleared struct{}

func (Suspected) event() {}
func (Cleared) event()   {}

// ErrEmptied is in the error of a calendar that lost everything at once.
var ErrEmptied = errors.New("suddenly empty")

// Suspect is what of an organizer's calendar is not believed.
type Suspect struct {
	Since   time.Time `json:"since,omitzero"` // zero: all is believed
	Told    time.Time `json:"told,omitzero"`  // by mail, the last time
	Missing []string  `json:"missing,omitempty"`
	Meant   bool      `json:"meant,omitempty"` // the organizer says that they deleted the missing ones
}

// tellAgain is how long the same, come and gone, is not told anew.
const tellAgain = 24 * time.Hour

// suspected stops all sending and tells the organizer, once.
func (t *turn) suspected(e Suspected) {
	s := &t.s.Desk.Suspect
	if !s.Since.IsZero() && slices.Equal(s.Missing, e.Missing) {
		return
	}
	quiet := t.now.Sub(s.Told) < tellAgain || !s.Since.IsZero()
	if s.Since.IsZero() {
		s.Since = t.now
		t.log("", "", "sending waits", "all events are gone from the calendar at once")
	}
	s.Missing, s.Meant = slices.Clone(e.Missing), false
	t.d.Desk = true
	if quiet {
		return
	}
	s.Told = t.now
	t.mailDesk(MailNeedsYou, replies.AskedDigest, func(l *Letter) {
		l.Reason, l.Digest = ReasonVanished, &Digest{Meetings: t.missingMeetings()}
	})
}

// missingMeetings are the meetings whose events are gone, the next first.
func (t *turn) missingMeetings() (list []DigestLine) {
	for _, id := range t.ids() {
		m := t.s.OneToOnes[id]
		if m.Meeting != nil && m.Meeting.From.After(t.now) && (m.Stage == Agreed || m.Stage == WithOrganizer) && slices.Contains(t.s.Desk.Suspect.Missing, m.Meeting.Event.ID) {
			list = append(list, t.s.line(m.Person, DigestLine{At: m.Meeting.From, Mode: m.Meeting.Mode, Place: m.Meeting.Place}))
		}
	}
	slices.SortStableFunc(list, func(a, b DigestLine) int { return a.At.Compare(b.At) })
	return list
}

// cleared lets everything go on.
func (t *turn) cleared() {
	s := &t.s.Desk.Suspect
	if !t.s.Suspicious() {
		return
	}
	if !s.Since.IsZero() {
		t.log("", "", "sending goes on", "all events stand again")
	}
	s.Since, s.Meant = zeroTime, false // the rest says what was told
	t.d.Desk = true
}

// callOffMissing believes that the events are gone because the organizer deleted them: as the
// calendar is read next, each meeting is called off.
func (t *turn) callOffMissing(line string) {
	s := &t.s.Desk.Suspect
	if s.Since.IsZero() || len(s.Missing) == 0 {
		t.unclearOrder(line)
		return
	}
	s.Since, s.Told, s.Meant = zeroTime, zeroTime, true
	t.d.Desk = true
	t.log("", "", "the events are gone for good", "you said so")
}

// putBack makes the missing events again, under new ids: those of deleted events are not
// reused. The people know nothing of it all; nothing changes for them.
func (t *turn) putBack(line string) {
	s := &t.s.Desk.Suspect
	if s.Since.IsZero() || len(s.Missing) == 0 {
		t.unclearOrder(line)
		return
	}
	missing := func(ref EventRef) bool { return slices.Contains(s.Missing, ref.ID) }
	for _, id := range t.ids() {
		m, _ := t.one(id)
		switch {
		case m.Meeting != nil && missing(m.Meeting.Event):
			m.Meeting.Seen = nil
			m.Meeting.Event = EventRef{}
			if m.Meeting.To.After(t.now) {
				key := m.key("event")
				m.Meeting.Event = EventRef{ID: t.derived(lowerHex, "event", key, 32)}
				t.putEvent(&m, key)
			}
			t.save(m)
		case m.Offer != nil && slices.ContainsFunc(m.Offer.Holds, missing):
			t.dropHolds(&m) // those that still stand
			t.hold(&m)
			t.save(m)
		}
	}
	s.Since, s.Told, s.Missing = zeroTime, zeroTime, nil
	t.d.Desk = true
	t.log("", "", "the events stand again", "you said so")
}

// Suspicious says that events are missing, or that the organizer has explained it and the
// calendar was not read since.
func (s State) Suspicious() bool { return !s.Desk.Suspect.Since.IsZero() || s.Desk.Suspect.Meant }

// Held says that no mail goes to anybody but the organizer.
func (s State) Held() bool { return s.held() }
