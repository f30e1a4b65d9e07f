package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/slots"
)

// Governments change what clocks show, sometimes within weeks, and with the next zone
// database an agreed local time is another instant. People keep the hour that they wrote
// down, so the meeting keeps its local time where it was agreed.

const wallForm = time.DateTime

// keepWall notes what clocks show at the beginning of a meeting that is new or was moved.
// A meeting in another zone than the organizer's now is left as it is: nobody can tell here
// what clocks show there.
func (s State) keepWall(m OneToOne) {
	c := m.Meeting
	if c == nil || s.Organizer.Zone == nil || c.Zone != s.Organizer.Zone.String() {
		return
	}
	was := s.OneToOnes[m.ID].Meeting
	if c.Wall == "" || was == nil || !was.From.Equal(c.From) {
		c.Wall = c.From.In(s.Organizer.Zone).Format(wallForm)
	}
}

// rezoned is where an agreed meeting belongs when its zone's rules are not those by which
// it was agreed. A local time that does not exist any more moves on by what is missing.
func (s State) rezoned(m OneToOne) (slots.Interval, bool) {
	c, zone := m.Meeting, s.Organizer.Zone
	if c == nil || m.Stage != Agreed || c.Wall == "" || zone == nil || c.Zone != zone.String() || c.From.In(zone).Format(wallForm) == c.Wall {
		return slots.Interval{}, false
	}
	from, err := time.ParseInLocation(wallForm, c.Wall, zone)
	if err != nil || from.Equal(c.From) {
		return slots.Interval{}, false
	}
	return slots.Interval{From: from.UTC(), To: from.Add(c.Length()).UTC()}, true
}

// keepClock moves a meeting to the instant at which clocks now show its hour: the event and
// the invite follow, and the organizer is told once.
func (t *turn) keepClock(m OneToOne) {
	iv, _ := t.s.rezoned(m)
	before := *m.Meeting
	m.Meeting.Interval = iv
	m.Meeting.Wall = iv.From.In(t.s.Organizer.Zone).Format(wallForm) // else when it did not exist any more
	if iv.From.After(t.now) {
		t.putEvent(&m, m.key("event"))
		t.needsYou(&m, ReasonClocks, "")
		t.tellGuests(&m, MailGuestUpdate, m.Meeting.Sequence+1, &before)
	}
	t.follow(m, before, 0, true, "the meeting keeps its hour under new rules of the clocks")
}

// keepWalls notes what clocks in a zone show at the beginnings of the times in a mail.
func (r *ThreadRef) keepWalls(zone *time.Location) {
	if zone == nil || len(r.Slots) == 0 {
		return
	}
	r.Zone, r.Walls = zone.String(), nil
	for _, iv := range r.Slots {
		r.Walls = append(r.Walls, iv.From.In(zone).Format(wallForm))
	}
}

// byTheClock is a mail of ours as its reader understands it: "2" means the hour that they
// read there, which under new rules of their clocks is another instant.
func (s State) byTheClock(ref *ThreadRef) *ThreadRef {
	if ref == nil || len(ref.Walls) != len(ref.Slots) {
		return ref
	}
	zone := s.People[ref.Person].Zone
	if ref.Own {
		zone = s.Organizer.Zone
	}
	if zone == nil || zone.String() != ref.Zone {
		return ref
	}
	out := *ref
	out.Slots = slices.Clone(ref.Slots)
	for i, iv := range ref.Slots {
		if from, err := time.ParseInLocation(wallForm, ref.Walls[i], zone); err == nil && iv.From.In(zone).Format(wallForm) != ref.Walls[i] {
			out.Slots[i] = slots.Interval{From: from.UTC(), To: from.Add(iv.Length()).UTC()}
		}
	}
	return &out
}
