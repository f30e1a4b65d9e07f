package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

// desk plays one organizer through Decide alone: what was decided, and what is known after.
type desk struct {
	t    *testing.T
	s    State
	now  time.Time
	busy []slots.Busy
	out  []Effect // of the latest event
	sent []Effect // all mails
	all  []Effect // all effects
	log  []Entry

	revoked []string // by the latest event: the beginnings of keys
	// before, when set, is called with what is known ahead of each event.
	before func(*State)
}

var newYork = zone("America/New_York")

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func every(from, to int) (h slots.Hours) {
	for d := range h {
		h[d] = []slots.Span{{From: from * 60, To: to * 60}}
	}
	return h
}

// newDesk is Monday, 9 November 2026, 10 in the morning in New York.
func newDesk(t *testing.T, edit ...func(*State)) *desk {
	s := State{
		Organizer: Organizer{ID: "maria", Name: "Maria Lopez", Address: "maria@example.org", Zone: newYork, Language: "en", Policy: Policy{
			Length: 30 * time.Minute, Hours: every(9, 18), SendHours: every(8, 20), Notice: 24 * time.Hour, Buffer: 15 * time.Minute,
			MaxPerDay: 3, MaxPerWeek: 8, Capacity: 5, Offers: 3, Near: 7 * 24 * time.Hour, Horizon: 21 * 24 * time.Hour,
			Nudges: 2, NudgeAfter: 72 * time.Hour, RestAfter: 28 * 24 * time.Hour, MailsPerWk: 4, MailsPerDay: 2, Approve: ApproveNone,
			Reminder: 16 * 60, BriefEvening: true, DebriefAfter: 15 * time.Minute, DebriefNudge: 24 * time.Hour, DebriefAlarm: 72 * time.Hour,
			CheckBefore: 2, AskAfter: 1, DigestDay: time.Sunday, DigestAt: 18 * 60, Place: "Cafe Luna"}},
		Team:     Team{Name: "Council", Word: "council"},
		Campaign: Campaign{Name: "Clean River", Story: "s", Plan: "p", Asks: []Ask{{Text: "call two reporters", Skills: []string{"press"}}}},
		People: map[PersonID]Person{"ana": {ID: "ana", Name: "Ana Ruiz", Addresses: []string{"ana@example.org", "ana@home.example"}, Zone: newYork,
			Language: "en", Status: New, Every: 42, Mode: InPerson, Notes: "PRIVATE"}},
		Order: []PersonID{"ana"},
	}
	for _, f := range edit {
		f(&s)
	}
	d := &desk{t: t, s: s, now: time.Date(2026, 11, 9, 15, 0, 0, 0, time.UTC)}
	d.do(Began{Salt: "salt"})
	return d
}

// do decides one event, with the calendars looked at as far as is asked.
func (d *desk) do(ev Event) {
	d.t.Helper()
	if d.before != nil {
		d.before(&d.s)
	}
	s := d.s
	for range 5 {
		dec := Decide(s, ev, d.now)
		if q := dec.Needs; q != nil {
			s.Busy = &BusyTimes{From: q.From, To: q.To, Organizer: d.busy, Person: map[PersonID][]slots.Busy{}}
			for _, p := range q.People {
				s.Busy.Person[p] = nil
			}
			continue
		}
		d.s, d.out, d.log = dec.State, dec.Effects, append(d.log, dec.History...)
		d.s.Busy, d.revoked = nil, dec.Revoked
		d.all = append(d.all, dec.Effects...)
		for i, e := range dec.Effects {
			if e.Letter != nil {
				d.sent = append(d.sent, e)
			}
			if e.Put != nil { // the calendar takes it
				ev := *e.Put
				ev.ETag = fmt.Sprintf("v%d-%d", len(d.log), i)
				dec := Decide(d.s, Delivered{Key: e.Key, OneToOne: e.OneToOne, Person: e.Person, Outcome: OutcomeDone, Event: &ev}, d.now)
				d.s = dec.State
			}
		}
		return
	}
	d.t.Fatal("it wants to see ever more of the calendar")
}

// tick lets time pass until at, waking when the state says so.
func (d *desk) until(at time.Time) {
	d.t.Helper()
	for range 500 {
		next := d.s.Wake(d.now)
		if next.IsZero() || next.After(at) {
			d.now = at
			return
		}
		if next.After(d.now) {
			d.now = next
		}
		d.do(Tick{})
		if w := d.s.Wake(d.now); !w.IsZero() && !w.After(d.now) {
			d.t.Fatalf("at %s it is due and does not move", d.now)
		}
	}
	d.t.Fatal("it turns round and round")
}

func (d *desk) after(wait time.Duration) { d.t.Helper(); d.until(d.now.Add(wait)) }

// last is the latest mail of a kind.
func (d *desk) last(kind MailKind) Effect {
	d.t.Helper()
	for i := len(d.sent) - 1; i >= 0; i-- {
		if d.sent[i].Letter.Kind == kind {
			return d.sent[i]
		}
	}
	d.t.Fatalf("no %s was sent, only %s", kind, strings.Join(d.kinds(), ", "))
	return Effect{}
}

// kinds are all mails that were sent, in order.
func (d *desk) kinds() (out []string) {
	for _, e := range d.sent {
		out = append(out, string(e.Letter.Kind))
	}
	return out
}

// forget lets the test look only at what comes from now on.
func (d *desk) forget() { d.sent = nil }

// answer is the person's reply to the latest mail of a kind.
func (d *desk) answer(kind MailKind, words string) {
	d.t.Helper()
	d.answerFrom(kind, "ana@example.org", words)
}

func (d *desk) answerFrom(kind MailKind, from, words string) {
	d.t.Helper()
	ref := d.last(kind).Thread
	d.do(MailCame{Mail: Mail{Head: Head{ID: "in", MessageID: "in@example.org", From: Address{Addr: from}, Date: d.now}, Text: words}, Thread: &ref})
}

// reply is the organizer's reply to the latest mail of a kind.
func (d *desk) reply(kind MailKind, words string) {
	d.t.Helper()
	ref := d.last(kind).Thread
	d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, From: Address{Addr: "maria@example.org"}, Date: d.now}, Text: words}, Thread: &ref})
}

// event is the meeting as it stands on the calendar.
func (d *desk) event() CalendarEvent {
	m := d.one()
	seen := m.Meeting.seen()
	return CalendarEvent{ID: m.Meeting.Event.ID, UID: m.Meeting.UID, ETag: m.Meeting.Event.ETag, From: seen.From, To: seen.To,
		Title: seen.Title, Location: seen.Place, OneToOne: m.ID}
}

// edit is the organizer's hand on the calendar.
func (d *desk) edit(ev CalendarEvent) {
	d.t.Helper()
	ev.ETag += "+"
	d.do(CalendarChanged{Change: CalendarChange{ID: ev.ID, Event: ev}})
}

func (d *desk) one() OneToOne {
	return d.s.OneToOnes[d.s.Standings["ana"].Now]
}

// stands checks the stage and which mails have gone since forget.
func (d *desk) stands(stage Stage, kinds ...MailKind) {
	d.t.Helper()
	if got := d.one().Stage; got != stage {
		d.t.Errorf("it is %q, not %q; mails: %s", got, stage, strings.Join(d.kinds(), ", "))
	}
	var want []string
	for _, k := range kinds {
		want = append(want, string(k))
	}
	if !slices.Equal(d.kinds(), want) {
		d.t.Errorf("mails: %s; want %s", strings.Join(d.kinds(), ", "), strings.Join(want, ", "))
	}
	d.forget()
}

// offered is a desk at which Ana was just offered three times.
func offered(t *testing.T, edit ...func(*State)) *desk {
	t.Helper()
	d := newDesk(t, edit...)
	d.after(time.Hour)
	if len(d.sent) == 0 || d.sent[0].Letter.Kind != MailOffer {
		t.Fatalf("no offer went out: %v", d.kinds())
	}
	d.sent = d.sent[:1]
	return d
}

// agreed is a desk at which Ana chose the second time.
func agreed(t *testing.T, edit ...func(*State)) *desk {
	t.Helper()
	d := offered(t, edit...)
	d.answer(MailOffer, "2")
	d.stands(Agreed, MailOffer, MailInvite)
	return d
}

// met is a desk at which the meeting is over and the notes are asked for.
func met(t *testing.T, edit ...func(*State)) *desk {
	t.Helper()
	d := agreed(t, edit...)
	d.until(d.one().Meeting.To.Add(20 * time.Minute))
	if d.one().Stage != Met {
		t.Fatalf("it is %q", d.one().Stage)
	}
	d.last(MailDebrief)
	return d
}
