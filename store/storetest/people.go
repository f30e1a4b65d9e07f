package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

func threads(t *testing.T, w *world) {
	e := mail("maria/ana/1/offer/1", "maria/ana/1", "ana")
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{e}})
	want := &ledger.Thread{Ref: e.Answers, MessageID: e.MessageID, Subject: e.Subject, Key: e.Key}
	for _, name := range []string{e.MessageID, e.Token} {
		want.Name = name
		if diff := cmp.Diff(want, w.thread(maria, name)); diff != "" {
			t.Errorf("by %s, planned (-want +got):\n%s", name, diff)
		}
	}
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: e.Key, Outcome: scheduler.OutcomeDone,
		Sent: scheduler.Sent{ID: "m1", MessageID: "CAF+1@mail.example.net", Thread: "18c3"}}})
	want.MessageID, want.Provider = "CAF+1@mail.example.net", "18c3"
	for _, name := range []string{e.MessageID, e.Token, "CAF+1@mail.example.net", "18c3"} {
		want.Name = name
		if diff := cmp.Diff(want, w.thread(maria, name)); diff != "" {
			t.Errorf("by %s, sent (-want +got):\n%s", name, diff)
		}
	}
	// A thread stands for the latest of its mails.
	nudge := mail("maria/ana/1/nudge/1", "maria/ana/1", "ana")
	nudge.Token, nudge.Thread = e.Token, "18c3"
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{nudge}})
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: nudge.Key, Outcome: scheduler.OutcomeDone,
		Sent: scheduler.Sent{ID: "m2", MessageID: "CAF+2@mail.example.net", Thread: "18c3"}}})
	for name, key := range map[string]string{"18c3": nudge.Key, e.Token: nudge.Key, "CAF+1@mail.example.net": e.Key} {
		if got := w.thread(maria, name); got == nil || got.Key != key {
			t.Errorf("%s stands for %+v, want %s", name, got, key)
		}
	}
	if w.thread(omar, e.MessageID) != nil {
		t.Error("another organizer has the thread")
	}
}

func firstName(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("a", "a", "ana"), mail("b", "b", "lee")}})
	if got := w.thread(maria, "", "unknown@example.org", "b@example.org", "a@example.org"); got == nil || got.Key != "b" || got.Name != "b@example.org" {
		t.Errorf("found %+v", got)
	}
	if got := w.thread(maria); got != nil {
		t.Errorf("no name stands for %+v", got)
	}
	hostile := "x\x00\xff" + strings.Repeat("y", 10000)
	if got := w.thread(maria, hostile, "' OR 1=1 --"); got != nil {
		t.Errorf("a hostile name stands for %+v", got)
	}
}

func seen(t *testing.T, w *world) {
	ids := []string{"plain", "1700000000.M1P2.host:2,S", "nul\x00", "nul", "bad\xff", "bad\xfe", strings.Repeat("long", 1000), strings.Repeat("long", 1001), "'", "ünïcode"}
	for i := range 100 {
		ids = append(ids, fmt.Sprint("many-", i))
	}
	var known, others []string
	for i, id := range ids {
		if i%2 == 0 {
			known = append(known, id)
		} else {
			others = append(others, id)
		}
	}
	w.commit(maria, ledger.Commit{Seen: known})
	w.commit(maria, ledger.Commit{Seen: known[:3]}) // again: no harm
	got, err := w.Seen(ctx(), maria, append(ids, ids...))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range known {
		if !got[id] {
			t.Errorf("%.20q is not known", id)
		}
	}
	for _, id := range others {
		if got[id] {
			t.Errorf("%.20q is known", id)
		}
	}
	if got, err := w.Seen(ctx(), omar, known); err != nil || len(got) != 0 {
		t.Errorf("another organizer has seen %v, %v", got, err)
	}
	if got, err := w.Seen(ctx(), maria, nil); err != nil || len(got) != 0 {
		t.Errorf("of nothing was seen %v, %v", got, err)
	}
}

func claims(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Claims: []ledger.PersonKeys{ana}, ClaimName: "Maria"})
	other := ledger.PersonKeys{Person: "a-perez", Keys: []string{"someone@example.org", "ana@example.net"}} // one address in common
	if got := w.load(omar, other, lee).Claimed; len(got) != 1 || got["a-perez"] != "Maria" {
		t.Errorf("omar sees %v", got)
	}
	if got := w.load(maria, ana).Claimed; len(got) != 0 {
		t.Errorf("maria is kept from her own: %v", got)
	}
	if _, err := w.tryCommit(omar, ledger.Commit{Claims: []ledger.PersonKeys{other}}); !errors.Is(err, ledger.ErrConflict) {
		t.Errorf("a second claim: %v", err)
	}
	w.commit(maria, ledger.Commit{Claims: []ledger.PersonKeys{ana}, ClaimName: "Maria L."}) // again
	if got := w.load(omar, other).Claimed; got["a-perez"] != "Maria L." {
		t.Errorf("after a second claim: %v", got)
	}
	// Another team has its own claims; nobody gives up somebody else's.
	if _, err := w.tryCommit(omar, ledger.Commit{Team: "Fresno Council", Claims: []ledger.PersonKeys{other}, ClaimName: "Omar"}); err != nil {
		t.Errorf("a claim in another team: %v", err)
	}
	w.commit(omar, ledger.Commit{Releases: []ledger.PersonKeys{other}})
	if got := w.load(omar, other).Claimed; len(got) != 1 {
		t.Errorf("omar released maria's claim: %v", got)
	}
	w.commit(maria, ledger.Commit{Releases: []ledger.PersonKeys{ana}})
	w.commit(omar, ledger.Commit{Claims: []ledger.PersonKeys{other}, ClaimName: "Omar"})
	if got := w.load(maria, ana).Claimed; got["ana"] != "Omar" {
		t.Errorf("maria sees %v", got)
	}
}

func bars(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Bars: []ledger.PersonKeys{ana}})
	w.commit(maria, ledger.Commit{Bars: []ledger.PersonKeys{ana}}) // again
	other := ledger.PersonKeys{Person: "a-perez", Keys: []string{"ana@example.net"}}
	if got := w.load(omar, other, lee).Barred; len(got) != 1 || !got["a-perez"] {
		t.Errorf("omar sees %v", got)
	}
	if got := w.load(maria, lee, ana).Barred; len(got) != 1 || !got["ana"] {
		t.Errorf("maria sees %v", got)
	}
	m, err := w.Load(ctx(), "Fresno Council", omar, []ledger.PersonKeys{other})
	if err != nil || len(m.Barred) != 0 {
		t.Errorf("another team: %v, %v", m.Barred, err)
	}
	// Many people, more than one question can hold.
	var many []ledger.PersonKeys
	for i := range 150 {
		many = append(many, ledger.PersonKeys{Person: scheduler.PersonID(fmt.Sprint("p", i)), Keys: []string{fmt.Sprint("p", i, "@example.org")}})
	}
	w.commit(maria, ledger.Commit{Bars: many[100:]})
	if got := w.load(omar, many...).Barred; len(got) != 50 || !got["p149"] || got["p99"] {
		t.Errorf("of 150 people are barred: %d", len(got))
	}
}

func forget(t *testing.T, w *world) {
	c := full()
	digest := mail("maria/digest/1", "", "")
	digest.Kind = scheduler.MailDigest
	c.Effects = append(c.Effects, digest, mail("maria/lee/2/offer/1", "maria/lee/2", "lee"))
	c.History = append(c.History, scheduler.Entry{At: monday, Person: "lee", What: "due"})
	w.commit(maria, c)
	w.settle("maria/digest/1", scheduler.OutcomeDone)
	confirm := mail("maria/ana/2/forgotten/1", "", "ana")
	w.commit(maria, ledger.Commit{Forget: []ledger.PersonKeys{ana}, Effects: []ledger.Entry{confirm},
		Desk: &scheduler.Desk{}, History: []scheduler.Entry{{At: monday, What: "a person was forgotten"}}})

	m := w.load(maria, ana, lee)
	if len(m.Standings) != 1 || len(m.OneToOnes) != 1 || len(m.Steps) != 0 || m.Standings["lee"].Person != "lee" {
		t.Errorf("memory: %+v", m)
	}
	if !m.Barred["ana"] || m.Barred["lee"] {
		t.Errorf("barred: %v", m.Barred)
	}
	if got := w.load(omar, ana); len(got.Claimed) != 0 || !got.Barred["ana"] {
		t.Errorf("omar sees %v, %v", got.Claimed, got.Barred)
	}
	if got := w.thread(maria, "maria/ana/2/offer/1@example.org", "t-maria/ana/2/offer/1"); got != nil {
		t.Errorf("a thread is left: %+v", got)
	}
	if got, _ := w.History(ctx(), maria, "ana", 10); len(got) != 0 {
		t.Errorf("history is left: %v", got)
	}
	if got, _ := w.History(ctx(), maria, "", 10); len(got) != 2 {
		t.Errorf("other history: %v", got)
	}
	if w.sending(maria, "maria/ana/2/offer/1") {
		t.Error("a mail to a forgotten person may be sent")
	}
	same(t, "outbox", w.outbox(maria, monday), "maria/lee/2/offer/1", "maria/ana/2/forgotten/1")
	if dropped, err := w.Sweep(ctx(), monday.AddDate(1, 0, 0)); err != nil || dropped != 0 {
		t.Errorf("a digest that may name them was left: %d, %v", dropped, err)
	}
}

func forgotten(t *testing.T, w *world) {
	e := mail("maria/ana/1/forgotten/1", "", "ana")
	e.Kind = scheduler.MailForgotten
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{e}})
	if !w.sending(maria, e.Key) {
		t.Fatal("may not be sent")
	}
	w.commit(maria, ledger.Commit{Settled: &ledger.Settled{Key: e.Key, Outcome: scheduler.OutcomeDone,
		Sent: scheduler.Sent{ID: "m", MessageID: "m@example.net", Thread: "th"}}})
	if got := w.thread(maria, e.MessageID, e.Token, "m@example.net", "th"); got != nil {
		t.Errorf("a thread is left: %+v", got)
	}
	if dropped, err := w.Sweep(ctx(), monday.AddDate(1, 0, 0)); err != nil || dropped != 0 {
		t.Errorf("its bytes are left: %d, %v", dropped, err)
	}
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{e}})
	same(t, "outbox", w.outbox(maria, monday))
}

func history(t *testing.T, w *world) {
	entry := func(what string, person scheduler.PersonID) scheduler.Entry {
		return scheduler.Entry{At: monday, Person: person, What: what}
	}
	w.commit(maria, ledger.Commit{History: []scheduler.Entry{entry("1", "ana"), entry("2", "lee"), entry("3", "")}})
	w.commit(maria, ledger.Commit{History: []scheduler.Entry{entry("4", "ana"), entry("5", "ana")}})
	told := func(person scheduler.PersonID, limit int) (list []string) {
		t.Helper()
		past, err := w.History(ctx(), maria, person, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range past {
			list = append(list, e.What)
		}
		return list
	}
	same(t, "all", told("", 10), "5", "4", "3", "2", "1")
	same(t, "the latest two", told("", 2), "5", "4")
	same(t, "ana's", told("ana", 10), "5", "4", "1")
	same(t, "ana's latest", told("ana", 1), "5")
	same(t, "sam's", told("sam", 10))
}

// wakes are the organizers' wake-ups, of those that have one.
func (w *world) wakes() (list []string) {
	w.Helper()
	for _, who := range []scheduler.OrganizerID{maria, omar, "kim", "nobody"} {
		at, err := w.Wake(ctx(), who)
		if err != nil {
			w.Fatal(err)
		}
		if !at.IsZero() {
			list = append(list, fmt.Sprint(who, " ", at.Sub(monday)))
		}
	}
	return list
}

func wakes(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Wake: monday.Add(2 * time.Hour)})
	w.commit(omar, ledger.Commit{Wake: monday.Add(time.Hour)})
	w.commit("kim", ledger.Commit{})
	same(t, "wakes", w.wakes(), "maria 2h0m0s", "omar 1h0m0s")
	later := mail("k", "l", "ana")
	later.Next = monday.Add(30 * time.Minute)
	w.commit(maria, ledger.Commit{Wake: monday.Add(2 * time.Hour), Effects: []ledger.Entry{later}})
	w.commit("kim", ledger.Commit{Effects: []ledger.Entry{later}})
	same(t, "wakes with effects", w.wakes(), "maria 30m0s", "omar 1h0m0s", "kim 30m0s")
	w.settle("k", scheduler.OutcomeDone)
	same(t, "wakes when it is done", w.wakes(), "omar 1h0m0s", "kim 30m0s")
}

func heldWake(t *testing.T, w *world) {
	w.commit(maria, ledger.Commit{Effects: []ledger.Entry{mail("a", "l", "ana"), mail("b", "l", "ana")}})
	w.sending(maria, "a")
	if err := w.Retry(ctx(), maria, "a", monday.Add(time.Hour), ""); err != nil {
		t.Fatal(err)
	}
	same(t, "wakes", w.wakes(), "maria 1h0m0s")
}

func apart(t *testing.T, w *world) {
	w.commit(maria, full())
	c := full()
	c.Claims = nil
	c.Standings[0].Rounds = 5
	w.commit(omar, c)
	w.commit(omar, ledger.Commit{Forget: []ledger.PersonKeys{lee}, Revoked: []string{"maria/ana/2/offer/1"},
		Settled: &ledger.Settled{Key: "maria/ana/2/hold/1", Outcome: scheduler.OutcomeDone}})
	if m := w.load(maria); m.Standings["ana"].Rounds != 2 || m.Standings["lee"].Rounds != 2 || m.Version != 1 {
		t.Errorf("maria's memory: %+v", m)
	}
	same(t, "maria's outbox", w.outbox(maria, monday), "maria/ana/2/offer/1")
	if m := w.load(omar); m.Standings["ana"].Rounds != 5 || len(m.Standings) != 1 {
		t.Errorf("omar's memory: %+v", m)
	}
}
