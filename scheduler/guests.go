package scheduler

import (
	"slices"
	"strings"

	"indy/scheduler/replies"
)

// Guests are whom the organizer invited by hand to a meeting's event. Their calendar learned
// of it from the organizer's own, which tells them of what the organizer changes there. What
// indy changes nobody else would tell them: an organizer's agent owes every attendee the
// update and the cancellation (RFC 5546 3.2.2, 3.2.5). That is all that they ever get. They
// are no people of indy's: nothing is offered to them, and no word of theirs moves anything.

// ToGuest says that mails of this kind go to a guest, not to the person or the organizer.
func (k MailKind) ToGuest() bool { return k == MailGuestUpdate || k == MailGuestCancel }

// tellGuests writes to each guest of a meeting that indy moves or calls off. before is what an
// update changes.
func (t *turn) tellGuests(m *OneToOne, kind MailKind, sequence int, before *Meeting) {
	c, until := m.Meeting, m.Meeting.From
	if kind == MailGuestCancel {
		until = c.To
	}
	t.revoke(m.ID, MailGuestUpdate)
	if t.s.Organizer.Policy.CalendarTells || !until.After(t.now) {
		return
	}
	for _, g := range c.Guests {
		if !t.mayTell(*m, g) {
			continue
		}
		key := m.key(string(kind))
		t.d.Effects = append(t.d.Effects, Effect{Key: key, OneToOne: m.ID, Person: m.Person, Expires: until,
			Letter: t.guestLetter(kind, g, *c, before), Invite: t.guestInvite(kind, *m, g, sequence), MessageID: t.messageID(key),
			Thread: ThreadRef{OneToOne: m.ID, Person: m.Person, Kind: kind, To: g.Addr}})
	}
}

// mayTell says whether a guest may be written to: they are nobody else in disguise, and never
// asked to be left alone.
func (t *turn) mayTell(m OneToOne, g Address) bool {
	o := t.s.Organizer
	if g.Addr == "" || strings.EqualFold(g.Addr, o.Address) || t.s.People[m.Person].has(g.Addr) ||
		slices.ContainsFunc(o.Aliases, func(a string) bool { return strings.EqualFold(a, g.Addr) }) {
		return false
	}
	for _, id := range t.s.Order {
		if t.s.silenced(id) && t.s.People[id].has(g.Addr) {
			return false
		}
	}
	return !slices.Contains(t.s.Desk.Unwanted, t.unwanted(g.Addr))
}

// unwanted is an address as it is kept of who wants no mail and is nobody of the config's.
func (t *turn) unwanted(addr string) string {
	return t.derived(lower, "unwanted", strings.ToLower(addr), 32)
}

// guestLetter holds the meeting's time and place, and nothing of the person or of why.
func (t *turn) guestLetter(kind MailKind, g Address, c Meeting, before *Meeting) *Letter {
	p, known := t.personAt(g.Addr)
	if !known {
		p = Person{Name: guestName(g), Zone: t.s.Organizer.Zone, Language: t.s.Organizer.Language}
	}
	l := &Letter{Kind: kind, Now: t.now, ToPerson: true, Language: p.Language, Organizer: t.s.Organizer.public(), Team: t.s.Team.public(),
		Person: Person{Name: p.Name, Zone: p.Zone, Language: p.Language}, OneToOne: OneToOne{Mode: c.Mode}}
	now := c.public()
	l.Meeting = &now
	if before != nil {
		was := before.public()
		l.Before = &was
	}
	return l
}

// guestName is a guest's name; "" where the calendar has only their address.
func guestName(g Address) string {
	if strings.Contains(g.Name, "@") {
		return ""
	}
	return strings.TrimSpace(g.Name)
}

// guestInvite is the meeting for one guest: with their own address only, and called what it is
// called on the calendar that invited them.
func (t *turn) guestInvite(kind MailKind, m OneToOne, g Address, sequence int) *Invite {
	ev := t.event(m)
	ev.Sequence, ev.OneToOne, ev.Alarms = sequence, "", nil
	ev.Title = firstOf(m.Meeting.seen().Title, t.s.Organizer.Name)
	ev.Attendees = []Attendee{{Address: Address{guestName(g), g.Addr}, PartStat: "NEEDS-ACTION"}}
	if kind == MailGuestCancel {
		ev.Cancelled = true
		return &Invite{Method: "CANCEL", Event: ev}
	}
	return &Invite{Method: "REQUEST", Event: ev}
}

// guestWrote is any mail in the thread of one to a guest. It lies in the organizer's inbox, and
// only a "stop" concerns indy.
func (t *turn) guestWrote(mail Mail, ref ThreadRef) {
	if mail.Own {
		return
	}
	t.log(ref.Person, ref.OneToOne, "a guest of the meeting answered", "that is for you: guests are none of my people")
	if mail.Robot != Human || !strings.EqualFold(mail.From.Addr, ref.To) {
		return
	}
	r := replies.Read(mail.Text, replies.Context{Sent: t.written(mail), Zone: t.s.Organizer.Zone, Language: t.s.Organizer.Language,
		Now: t.now, Names: []string{t.s.Organizer.First()}})
	if r.Kind != replies.Never {
		return
	}
	if p, known := t.personAt(mail.From.Addr); known {
		t.stop(p.ID, ReasonStopped, "wrote so")
		return
	}
	if key := t.unwanted(mail.From.Addr); !slices.Contains(t.s.Desk.Unwanted, key) {
		t.s.Desk.Unwanted = append(t.s.Desk.Unwanted, key)
		t.d.Desk = true
	}
}
