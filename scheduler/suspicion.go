package scheduler

import (
	"errors"
	"slices"
	"time"

	"indy/scheduler/replies"
)

// Suspected says that the outside looks wrong: nobody is to be written to, and nothing that
// follows from it is to be believed, until the organizer or the outside puts it right.
type Suspected struct {
	Missing []string // the events of ours that are gone from the calendar, all at once at first
	Problem string   // in words, where it is something else
	Hint    string
}

// Cleared says that mail and calendars were read again, and that nothing looks wrong.
type Cleared struct{}

func (Suspected) event() {}
func (Cleared) event()   {}

// ErrEmptied is in the error of a calendar that lost everything at once.
var ErrEmptied = errors.New("suddenly empty")

// Suspect is what an organizer knows to look wrong.
type Suspect struct {
	Since   time.Time `json:"since,omitzero"` // zero: nothing does
	Told    time.Time `json:"told,omitzero"`  // by mail, the last time
	Missing []string  `json:"missing,omitempty"`
	Problem string    `json:"problem,omitempty"`
	Meant   bool      `json:"meant,omitempty"` // the organizer says that they deleted the missing ones
}

// tellAgain is how long the same trouble, come and gone, is not told anew.
const tellAgain = 24 * time.Hour

// suspected stops all sending and tells the organizer, once.
func (t *turn) suspected(e Suspected) {
	s := &t.s.Desk.Suspect
	same := (len(s.Missing) > 0) == (len(e.Missing) > 0) && s.Problem == e.Problem
	if !s.Since.IsZero() && same && slices.Equal(s.Missing, e.Missing) {
		return
	}
	quiet := t.now.Sub(s.Told) < tellAgain && (same || !s.Since.IsZero())
	if s.Since.IsZero() {
		s.Since = t.now
		t.log("", "", "sending waits", firstOf(e.Problem, "all events are gone from the calendar at once"))
	}
	s.Missing, s.Problem, s.Meant = slices.Clone(e.Missing), e.Problem, false
	t.d.Desk = true
	if quiet {
		return
	}
	s.Told = t.now
	t.mailDesk(MailNeedsYou, replies.AskedDigest, func(l *Letter) {
		if len(e.Missing) == 0 {
			l.Reason, l.Problems = ReasonSuspect, []string{e.Problem}
			if e.Hint != "" {
				l.Problems = append(l.Problems, e.Hint)
			}
			return
		}
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
		t.log("", "", "sending goes on", "nothing looks wrong any more")
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

// Suspicious says that something looks wrong, or that the organizer has explained it and the
// calendar was not read since.
func (s State) Suspicious() bool { return !s.Desk.Suspect.Since.IsZero() || s.Desk.Suspect.Meant }

// Held says that no mail goes to anybody but the organizer.
func (s State) Held() bool { return s.held() }
