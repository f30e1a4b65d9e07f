package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
)

func empty(t *testing.T, w *world) {
	m := w.load(maria, ana, lee)
	if m.Version != 0 || len(m.Standings)+len(m.OneToOnes)+len(m.Steps)+len(m.Barred)+len(m.Claimed)+len(m.Cursors) != 0 ||
		!m.Wake.IsZero() || !m.Committed.IsZero() {
		t.Errorf("a new organizer's memory holds something: %+v", m)
	}
	if m.Standings == nil || m.OneToOnes == nil || m.Steps == nil || m.Barred == nil || m.Claimed == nil || m.Cursors == nil {
		t.Error("a map of an empty memory is nil")
	}
}

func standing(person scheduler.PersonID) scheduler.Standing {
	return scheduler.Standing{Person: person, Rounds: 2, Now: scheduler.OneToOneID("maria/" + string(person) + "/2"),
		Met:    []time.Time{monday.AddDate(0, -2, 0)},
		Next:   &scheduler.NextContact{On: slots.Date{Year: 2026, Month: 12, Day: 4}, Short: true},
		Sparks: []string{"the flooded school \x00\u2028 <b>"}, Topics: []string{"home"}}
}

func round(person scheduler.PersonID, n int, stage scheduler.Stage) scheduler.OneToOne {
	o := scheduler.OneToOne{ID: scheduler.OneToOneID(fmt.Sprintf("maria/%s/%d", person, n)), Person: person, Round: n,
		Stage: stage, Purpose: scheduler.Relationship, Mode: scheduler.InPerson, Opened: monday,
		Offer: &scheduler.Offer{At: monday, Gen: 1, Rounds: 1,
			Slots: []slots.Slot{{Interval: slots.Interval{From: monday.Add(24 * time.Hour), To: monday.Add(25 * time.Hour)}, Reason: "free"}},
			Holds: []scheduler.EventRef{{ID: "h1", ETag: `"1"`}}}}
	if stage == scheduler.Closed {
		o.Closed = monday.AddDate(0, 0, n)
	}
	return o
}

func step(id string, person scheduler.PersonID) scheduler.NextStep {
	return scheduler.NextStep{ID: id, OneToOne: "maria/ana/1", Person: person, ByPerson: true, Action: "call two reporters",
		Deadline: slots.Date{Year: 2026, Month: 11, Day: 27}, State: scheduler.StepOpen, Made: monday}
}

func full() ledger.Commit {
	return ledger.Commit{
		Team: team, At: monday, Wake: monday.Add(time.Hour),
		Standings: []scheduler.Standing{standing("ana"), standing("lee")},
		OneToOnes: []scheduler.OneToOne{round("ana", 2, scheduler.Offered), round("lee", 2, scheduler.Due)},
		Steps:     []scheduler.NextStep{step("maria/ana/1/s1", "ana"), step("maria/ana/1/s2", "ana")},
		Desk:      &scheduler.Desk{Started: monday, DigestNo: 3, Needs: []scheduler.Need{{Person: "lee", Why: "a call", Since: monday}}},
		History:   []scheduler.Entry{{At: monday, Person: "ana", OneToOne: "maria/ana/2", What: "offered three times", Why: "due"}},
		Effects: []ledger.Entry{mail("maria/ana/2/offer/1", "maria/ana/2", "ana"), {
			Key: "maria/ana/2/hold/1", Lane: "maria/ana/2", Person: "ana", OneToOne: "maria/ana/2", State: ledger.Planned, Next: monday, At: monday,
			Put: &scheduler.CalendarEvent{ID: "h1", UID: "h1@example.org", From: monday, To: monday.Add(time.Hour), Title: "Held",
				Alarms: []time.Duration{time.Hour}, Organizer: scheduler.Address{Name: "Maria", Addr: "maria@example.org"}, Stamp: monday}}},
		Seen: []string{"in-1"}, Cursors: map[string]string{"mail": "17", "calendar": "abc"},
		Claims: []ledger.PersonKeys{ana}, ClaimName: "Maria",
	}
}

// wantFull is what full leaves.
func (w *world) wantFull() {
	w.Helper()
	c := full()
	want := ledger.Memory{Version: 1, Desk: *c.Desk, Cursors: c.Cursors, Wake: c.Wake, Committed: c.At,
		Standings: map[scheduler.PersonID]scheduler.Standing{"ana": c.Standings[0], "lee": c.Standings[1]},
		OneToOnes: map[scheduler.OneToOneID]scheduler.OneToOne{"maria/ana/2": c.OneToOnes[0], "maria/lee/2": c.OneToOnes[1]},
		Steps:     map[string]scheduler.NextStep{"maria/ana/1/s1": c.Steps[0], "maria/ana/1/s2": c.Steps[1]},
		Barred:    map[scheduler.PersonID]bool{}, Claimed: map[scheduler.PersonID]string{}}
	if diff := cmp.Diff(want, w.load(maria, ana, lee)); diff != "" {
		w.Errorf("memory (-want +got):\n%s", diff)
	}
	pending, err := w.Pending(ctx(), maria)
	if err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff(c.Effects, pending); diff != "" {
		w.Errorf("pending (-want +got):\n%s", diff)
	}
	past, err := w.History(ctx(), maria, "", 10)
	if err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff(c.History, past); diff != "" {
		w.Errorf("history (-want +got):\n%s", diff)
	}
}

func roundTrip(t *testing.T, w *world) {
	if version := w.commit(maria, full()); version != 1 {
		t.Errorf("the first decision has version %d", version)
	}
	w.wantFull()
}

func restart(t *testing.T, w *world) {
	w.commit(maria, full())
	w.Store = w.h.Reopen(t, w.Store)
	w.wantFull()
	if got := w.load(omar, ana).Claimed; got["ana"] != "Maria" {
		t.Errorf("after a restart the claim reads %q", got)
	}
}

func versions(t *testing.T, w *world) {
	base := ledger.Commit{Organizer: maria, Team: team, At: monday}
	for i, test := range []struct {
		version int64
		ok      bool
	}{{1, false}, {0, true}, {0, false}, {2, false}, {1, true}, {1, false}, {2, true}} {
		base.Version = test.version
		version, err := w.Commit(ctx(), base)
		switch {
		case test.ok && (err != nil || version != test.version+1):
			t.Errorf("decision %d upon version %d: %d, %v", i, test.version, version, err)
		case !test.ok && !errors.Is(err, ledger.ErrConflict):
			t.Errorf("decision %d upon version %d was not refused: %v", i, test.version, err)
		}
	}
}

func refusedWhole(t *testing.T, w *world) {
	w.commit(maria, full())
	stale := ledger.Commit{Organizer: maria, Team: team, Version: 0, At: monday.Add(time.Hour), Wake: monday.Add(2 * time.Hour),
		Standings: []scheduler.Standing{{Person: "ana", Rounds: 9}}, Steps: []scheduler.NextStep{step("x", "ana")},
		Effects: []ledger.Entry{mail("x", "x", "ana")}, Revoked: []string{"maria/ana/2/offer/1"}, Seen: []string{"in-2"},
		Settled: &ledger.Settled{Key: "maria/ana/2/hold/1", Outcome: scheduler.OutcomeDone},
		History: []scheduler.Entry{{At: monday, What: "x"}}, Cursors: map[string]string{"mail": "99"},
		Forget: []ledger.PersonKeys{lee}, Releases: []ledger.PersonKeys{ana}}
	if _, err := w.Commit(ctx(), stale); !errors.Is(err, ledger.ErrConflict) {
		t.Fatalf("a stale decision: %v", err)
	}
	w.wantFull()
	if known, _ := w.Seen(ctx(), maria, []string{"in-2"}); known["in-2"] {
		t.Error("a refused decision marked a mail as seen")
	}
	if w.thread(maria, "x@example.org") != nil {
		t.Error("a refused decision left a thread")
	}
	// A failed claim refuses the whole decision as well.
	_, err := w.tryCommit(omar, ledger.Commit{Claims: []ledger.PersonKeys{lee, ana}, Standings: []scheduler.Standing{{Person: "ana"}}})
	if !errors.Is(err, ledger.ErrConflict) {
		t.Errorf("a claim on a claimed person: %v", err)
	}
	if m := w.load(omar); m.Version != 0 || len(m.Standings) != 0 {
		t.Errorf("a refused decision left %+v", m)
	}
	if got := w.load(maria, lee).Claimed; len(got) != 0 {
		t.Errorf("a refused decision left a claim: %v", got)
	}
}

func untouched(t *testing.T, w *world) {
	w.commit(maria, full())
	w.commit(maria, ledger.Commit{Wake: monday.Add(time.Hour), Cursors: map[string]string{"mail": "18"},
		Standings: []scheduler.Standing{{Person: "lee", Rounds: 7}}})
	m := w.load(maria)
	if m.Version != 2 || m.Desk.DigestNo != 3 || len(m.Steps) != 2 || len(m.OneToOnes) != 2 || m.Standings["ana"].Rounds != 2 || m.Standings["lee"].Rounds != 7 {
		t.Errorf("memory: %+v", m)
	}
	if diff := cmp.Diff(map[string]string{"mail": "18", "calendar": "abc"}, m.Cursors); diff != "" {
		t.Errorf("cursors (-want +got):\n%s", diff)
	}
	w.commit(maria, ledger.Commit{})
	if m := w.load(maria); !m.Wake.IsZero() {
		t.Errorf("with nothing to wait for the wake-up is %v", m.Wake)
	}
}

func lastRounds(t *testing.T, w *world) {
	remembered := func(want ...scheduler.OneToOneID) {
		t.Helper()
		m := w.load(maria)
		for _, id := range want {
			if _, ok := m.OneToOnes[id]; !ok {
				t.Errorf("%s is not remembered", id)
			}
		}
		if len(m.OneToOnes) != len(want) {
			t.Errorf("remembered: %v, want %v", len(m.OneToOnes), want)
		}
	}
	w.commit(maria, ledger.Commit{OneToOnes: []scheduler.OneToOne{round("ana", 1, scheduler.Closed), round("lee", 1, scheduler.Closed)}})
	remembered("maria/ana/1", "maria/lee/1")
	w.commit(maria, ledger.Commit{OneToOnes: []scheduler.OneToOne{round("ana", 2, scheduler.Due)}})
	remembered("maria/ana/1", "maria/ana/2", "maria/lee/1")
	w.commit(maria, ledger.Commit{OneToOnes: []scheduler.OneToOne{round("ana", 2, scheduler.Closed), round("ana", 3, scheduler.Due)}})
	remembered("maria/ana/2", "maria/ana/3", "maria/lee/1")
	// A round without a date of closing is closed all the same.
	undated := round("ana", 3, scheduler.Closed)
	undated.Closed = time.Time{}
	w.commit(maria, ledger.Commit{OneToOnes: []scheduler.OneToOne{undated}})
	remembered("maria/ana/3", "maria/lee/1")
}

func settledSteps(t *testing.T, w *world) {
	old, young := step("old", "ana"), step("young", "ana")
	old.State, old.Settled = scheduler.StepDone, monday.AddDate(0, 0, -85)
	young.State, young.Settled = scheduler.StepDropped, monday.AddDate(0, 0, -83)
	w.commit(maria, ledger.Commit{Steps: []scheduler.NextStep{old, young, step("open", "ana")}})
	if m := w.load(maria); len(m.Steps) != 2 || m.Steps["old"].ID != "" {
		t.Errorf("steps: %v", m.Steps)
	}
	again := step("young", "ana") // taken up again
	w.commit(maria, ledger.Commit{At: monday.AddDate(1, 0, 0), Steps: []scheduler.NextStep{again}})
	if m := w.load(maria); len(m.Steps) != 2 || m.Steps["young"].State != scheduler.StepOpen {
		t.Errorf("steps a year later: %v", m.Steps)
	}
}

func copies(t *testing.T, w *world) {
	c := full()
	w.commit(maria, c)
	scribble := func(st scheduler.Standing, o scheduler.OneToOne, e ledger.Entry) {
		st.Sparks[0], st.Next.Short, st.Met[0] = "x", false, time.Time{}
		o.Offer.Slots[0].Reason, o.Offer.Holds[0].ID = "x", "x"
		e.Raw[0] = 'x'
	}
	scribble(c.Standings[0], c.OneToOnes[0], c.Effects[0])
	c.Cursors["mail"], c.Desk.Needs[0].Why, c.Effects[1].Put.Title, c.Effects[1].Put.Alarms[0] = "x", "x", "x", 0
	w.wantFull()
	m := w.load(maria)
	pending, err := w.Pending(ctx(), maria)
	if err != nil {
		t.Fatal(err)
	}
	scribble(m.Standings["ana"], m.OneToOnes["maria/ana/2"], pending[0])
	m.Cursors["mail"], m.Desk.Needs[0].Why = "x", "x"
	pending[1].Put.Title = "x"
	delete(m.Steps, "maria/ana/1/s1")
	w.wantFull()
}

func instants(t *testing.T, w *world) {
	zone := time.FixedZone("", -8*60*60)
	local := monday.In(zone)
	e := mail("a", "a", "ana")
	e.Next, e.Expires = local.Add(time.Millisecond), time.Time{}
	w.commit(maria, ledger.Commit{At: local, Wake: local.Add(time.Hour), Effects: []ledger.Entry{e}})
	m := w.load(maria)
	if m.Committed != monday || m.Wake != monday.Add(time.Hour) {
		t.Errorf("committed %v, wake %v", m.Committed, m.Wake)
	}
	if got := w.outbox(maria, monday); len(got) != 0 {
		t.Errorf("due a millisecond early: %v", got)
	}
	list, err := w.Outbox(ctx(), maria, local.Add(time.Millisecond), 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("outbox: %v, %v", list, err)
	}
	if list[0].Next != monday.Add(time.Millisecond) || !list[0].Expires.IsZero() {
		t.Errorf("next %v, expires %v", list[0].Next, list[0].Expires)
	}
}
