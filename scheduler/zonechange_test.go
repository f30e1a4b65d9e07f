package scheduler

import (
	"encoding/binary"
	"testing"
	"time"
)

// zoneOf is a zone of that name with one offset for all time, as a database could have it
// (RFC 8536, version 1).
func zoneOf(t *testing.T, name string, offset time.Duration) *time.Location {
	t.Helper()
	b := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []uint32{0, 0, 0, 0, 1, 4} { // no changes, one kind of time, four characters
		b = binary.BigEndian.AppendUint32(b, n)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(int32(offset/time.Second)))
	b = append(b, 0, 0, 'N', 'E', 'W', 0)
	zone, err := time.LoadLocationFromTZData(name, b)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestAZoneDatabaseThatChangesAfterTheInvite(t *testing.T) {
	d := agreed(t)
	was := *d.one().Meeting
	wall := was.From.In(newYork)
	d.s.Organizer.Zone = zoneOf(t, newYork.String(), -4*time.Hour) // summer time all year round
	d.do(Tick{})
	m := d.one().Meeting
	d.stands(Agreed, MailNeedsYou, MailUpdate)
	if !m.From.Equal(was.From.Add(-time.Hour)) || m.Length() != was.Length() || m.From.In(d.s.Organizer.Zone).Format(wallForm) != wall.Format(wallForm) {
		t.Errorf("it was at %s, and is at %s", wall, m.From.In(d.s.Organizer.Zone))
	}
	if m.Sequence != was.Sequence+1 || m.PartStat != "NEEDS-ACTION" {
		t.Errorf("SEQUENCE %d, %s", m.Sequence, m.PartStat)
	}
	var put, invited bool
	for _, e := range d.out {
		if e.Put != nil {
			put = e.Put.From.Equal(m.From)
		}
		if e.Invite != nil {
			invited = e.Invite.Method == "REQUEST" && e.Invite.Event.From.Equal(m.From) && e.Invite.Event.Sequence == m.Sequence
		}
	}
	if !put || !invited {
		t.Errorf("the event follows: %v, the invite: %v", put, invited)
	}
	if n := d.s.Desk.Needs; len(n) != 1 || n[0].Why != ReasonClocks {
		t.Errorf("on the organizer's list: %+v", n)
	}
	d.do(Tick{}) // and that is all
	d.stands(Agreed)
}

func TestAZoneDatabaseThatSaysTheSame(t *testing.T) {
	d := agreed(t)
	d.s.Organizer.Zone = zoneOf(t, newYork.String(), -5*time.Hour) // as it is in November
	d.do(Tick{})
	d.stands(Agreed)
}

// A calendar that moved the event by itself is followed, and nothing is moved twice.
func TestACalendarThatKnewTheNewRulesFirst(t *testing.T) {
	d := agreed(t)
	was := *d.one().Meeting
	d.s.Organizer.Zone = zoneOf(t, newYork.String(), -4*time.Hour)
	d.do(CalendarChanged{CalendarChange{ID: was.Event.ID, Event: edited(d, -time.Hour, "")}})
	d.stands(Agreed, MailUpdate)
	d.do(Tick{})
	d.stands(Agreed)
	if m := d.one().Meeting; !m.From.Equal(was.From.Add(-time.Hour)) {
		t.Errorf("it is at %s", m.From)
	}
}

// TestOffersUnderNewRules: who answers "2", or the hour, to a mail from before means the hour
// that they read in it; an hour that is no longer free is met with others.
func TestOffersUnderNewRules(t *testing.T) {
	for _, words := range []string{"2", "hour"} {
		d := offered(t)
		second := d.last(MailOffer).Thread.Slots[1]
		wall := second.From.In(newYork)
		if words == "hour" {
			words = wall.Format("Monday, January 2 at 3:04 pm works for me")
		}
		summer := zoneOf(t, newYork.String(), -4*time.Hour)
		ana := d.s.People["ana"]
		ana.Zone = summer
		d.s.Organizer.Zone, d.s.People = summer, map[PersonID]Person{"ana": ana}
		d.answer(MailOffer, words)
		m := d.one()
		if m.Stage != Agreed || !m.Meeting.From.Equal(second.From.Add(-time.Hour)) || m.Meeting.Length() != second.Length() {
			t.Fatalf("%q: it is %s, %+v", words, m.Stage, m.Meeting)
		}
		if got := m.Meeting.From.In(summer).Format(wallForm); got != wall.Format(wallForm) {
			t.Errorf("%q: offered at %s, agreed at %s", words, wall, got)
		}
	}
	// Somebody who moved to another zone meanwhile read the mail in the old one.
	d := offered(t)
	second := d.last(MailOffer).Thread.Slots[1]
	ana := d.s.People["ana"]
	ana.Zone = zone("Europe/Madrid")
	d.s.People = map[PersonID]Person{"ana": ana}
	d.answer(MailOffer, "2")
	if m := d.one(); m.Stage != Agreed || !m.Meeting.From.Equal(second.From) {
		t.Errorf("it is %s, %+v", m.Stage, m.Meeting)
	}
}
