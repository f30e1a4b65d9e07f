package scheduler

import (
	"strings"

	"indy/scheduler/replies"
)

// bounced is a delivery report. For good: the address is dead, and without another one
// nobody of the team writes there again. Else: mail systems try on by themselves.
func (t *turn) bounced(mail Mail, ref *ThreadRef) {
	if ref == nil || ref.Own { // not about a mail of ours: anybody can write such a report
		return
	}
	m, ok := t.one(ref.OneToOne)
	if !ok {
		return
	}
	for _, b := range mail.Bounces {
		if b.Recipient != "" && !strings.EqualFold(b.Recipient, ref.To) {
			continue
		}
		if strings.HasPrefix(b.Status, "5") && !b.Permanent { // RFC 3463: refused for good, though the address lives
			t.log(m.Person, m.ID, "a mail was refused", b.Status)
			t.needsYou(&m, ReasonRefused, b.Status)
			t.save(m)
			return
		}
		if !b.Permanent {
			t.log(m.Person, m.ID, "a mail is delayed", b.Status)
			continue
		}
		t.dead(m, ref.To)
		return
	}
}

// dead marks an address as gone. Writing to another one of theirs is the organizer's to say.
func (t *turn) dead(m OneToOne, addr string) {
	st := t.standing(m.Person)
	for _, d := range st.Dead {
		if strings.EqualFold(d, addr) {
			return
		}
	}
	st.Dead = append(st.Dead, addr)
	if p := t.s.People[m.Person]; len(st.Dead) >= len(p.Addresses) {
		st.CallWhy = ReasonBounced
	}
	t.keep(st)
	t.log(m.Person, m.ID, "their address does not exist any more", "a delivery report says so")
	if m.Open() {
		t.dropHolds(&m)
		t.handOver(m, ReasonBounced, "")
		return
	}
	t.needsYou(&m, ReasonBounced, "")
	t.save(m)
}

// robot is an automatic mail: read, never answered (RFC 3834).
func (t *turn) robot(mail Mail, ref *ThreadRef) {
	if ref == nil || ref.Own {
		return
	}
	m, ok := t.one(ref.OneToOne)
	p, known := t.s.People[ref.Person]
	if !ok || !known || !p.has(mail.From.Addr) {
		return
	}
	switch mail.Robot {
	case OutOfOffice:
		until := mail.Until
		if until.IsZero() {
			until = replies.Back(mail.Text, t.reading(mail, p, m, *ref))
		}
		t.log(p.ID, m.ID, "they are away", until.String())
		if m.Stage == Offered {
			t.pause(m, ReasonAway, until)
		}
	case Challenge:
		t.handOver(m, ReasonChallenge, "")
	default:
		t.log(p.ID, m.ID, "an automatic mail, left alone", string(mail.Robot))
	}
}
