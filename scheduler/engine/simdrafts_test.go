package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
)

// draftWorld is a quarter in which the organizer sends every mail to people from their
// drafts: late, mended, or never. Any draft that lies there must hold what it says.
type draftWorld struct {
	*world
	sent, deleted, mended, old int
}

func newDraftWorld(t *testing.T, seed int64, rate int) *draftWorld {
	d := &draftWorld{world: newWorld(t, seed, rate)}
	d.faults.smooth = true
	d.account.LeavesDrafts = true
	d.account.Organizer.Policy.Approve = scheduler.ApproveDrafts
	d.policy = d.account.Organizer.Policy
	d.box.mended = map[string]bool{}
	d.box.staged = func(p scheduler.Parcel) {
		if p.To == organizerAddress {
			return
		}
		d.at(time.Duration(d.rnd.IntN(60*36))*time.Minute, func() { d.handle(p) })
		if d.rnd.IntN(2) == 0 { // calendars change while drafts wait
			d.at(time.Duration(d.rnd.IntN(60*12))*time.Minute, d.humanEdit)
		}
		if d.rnd.IntN(15) == 0 {
			d.at(time.Duration(d.rnd.IntN(60*12))*time.Minute, func() { d.order(p) })
		}
	}
	d.start()
	return d
}

// order is a word of the organizer's about the person of a draft: not now, never, I take over.
func (d *draftWorld) order(p scheduler.Parcel) {
	verb := []replies.OrderVerb{replies.OrderHandsOff, replies.OrderSnooze, replies.OrderStop, replies.OrderPropose}[d.rnd.IntN(4)]
	who := d.byAddress[p.To].id
	if err := d.engine.Handle(context.Background(), "maria", "", scheduler.Ordered{Verb: verb, Person: who}, d.now); err != nil {
		d.failf("%s %s: %v", verb, who, err)
	}
}

// handle is what the organizer does with a draft in the end, if it is still there.
func (d *draftWorld) handle(p scheduler.Parcel) {
	if _, gone := d.box.sent[p.Key]; gone || !d.box.drafts[p.Key] {
		d.old++
		return
	}
	if !d.box.mended[p.Key] { // what they wrote themselves they may send whenever they like
		d.mustHold(p)
	}
	switch d.rnd.IntN(12) {
	case 0:
		d.deleted++
		delete(d.box.drafts, p.Key)
	case 1, 2:
		d.mended++
		d.box.mended[p.Key] = true
		d.at(6*time.Hour, func() { d.handle(p) })
	default:
		d.sent++
		delete(d.box.drafts, p.Key)
		if d.box.mended[p.Key] {
			d.messages[p.MessageID] = true // theirs now; that it is sent once is the point
			return
		}
		d.box.send(p)
	}
}

// mustHold checks that a draft says what holds now.
func (d *draftWorld) mustHold(p scheduler.Parcel) {
	var o scheduler.Outgoing
	var l seenLetter
	if json.Unmarshal(p.Raw, &o) != nil || json.Unmarshal([]byte(o.Rendered.Text), &l) != nil {
		d.failf("a draft that nobody can read")
		return
	}
	s, err := d.engine.State(context.Background(), "maria")
	if err != nil {
		d.failf("no state: %v", err)
		return
	}
	m := s.OneToOnes[s.Standings[l.Person].Now]
	if s.Silenced(l.Person) {
		d.failf("a draft to %s, who said stop", l.Person)
	}
	switch l.Kind {
	case scheduler.MailInvite, scheduler.MailUpdate:
		stands := m.Meeting != nil && (m.Stage == scheduler.Agreed || m.Stage == scheduler.WithOrganizer)
		if !stands || l.Meeting == nil || !m.Meeting.From.Equal(l.Meeting.From) {
			d.failf("an old %s to %s could be sent: the round is %q", l.Kind, l.Person, m.Stage)
		}
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome:
		if m.Stage != scheduler.Offered || len(l.Slots) == 0 || !m.Offer.Slots[0].From.Equal(l.Slots[0].From) {
			d.failf("an old %s to %s could be sent: the round is %q", l.Kind, l.Person, m.Stage)
		}
	}
}

// TestQuartersOfDrafts plays quarters with an organizer who sends everything by hand, while
// people answer, meetings are moved and the process dies.
func TestQuartersOfDrafts(t *testing.T) {
	var all draftWorld
	taken := 0
	quarters := int64(8)
	if testing.Short() {
		quarters = 3
	}
	for seed := int64(1); seed <= quarters; seed++ {
		d := newDraftWorld(t, seed, []int{0, 25}[seed%2])
		d.play(91)
		if len(d.failures) > 0 {
			t.Errorf("seed %d: %s", seed, strings.Join(d.failures[:min(5, len(d.failures))], "\n\t"))
		}
		all.sent, all.deleted, all.mended, all.old = all.sent+d.sent, all.deleted+d.deleted, all.mended+d.mended, all.old+d.old
		list, err := d.store.History(context.Background(), "maria", "", 10000)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			if strings.HasPrefix(h.What, "taken back") {
				taken++
			}
		}
	}
	t.Logf("%d quarters: %d drafts sent, %d deleted, %d mended, %d were gone when the organizer came to them, %d were taken back as they no longer held",
		quarters, all.sent, all.deleted, all.mended, all.old, taken)
	if taken == 0 || all.sent == 0 || all.mended == 0 {
		t.Error("too little happened to prove anything")
	}
}
