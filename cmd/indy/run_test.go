package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// These tests run the real program as its own process on a real clock, and play the people
// with files alone: what a mail program and a calendar program would do.

func TestByHand(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ana Ruiz", "Ben Ito")
	daemon := h.start()
	offer := h.arrives("ana", 1)
	if offer.calendar != "" || !strings.Contains(offer.plain, "\n2) ") || !strings.Contains(offer.plain, "Hi Ana,") {
		t.Fatalf("no offer: %q\n%s", offer.subject, offer.plain)
	}
	h.answers("ana", offer, "2")
	first, file := h.invited("ana", 2)
	if s := h.status("ana-ruiz"); s.Stage != scheduler.Agreed || s.Meeting == nil {
		t.Errorf("status beside the daemon: %+v", s)
	}

	// The organizer moves the event in their calendar.
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	later := strings.NewReplacer(line(string(raw), "DTSTART"), shifted(t, line(string(raw), "DTSTART")),
		line(string(raw), "DTEND"), shifted(t, line(string(raw), "DTEND"))).Replace(string(raw))
	h.write(file+".new", later)
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
	moved, _ := h.invited("ana", 3)
	if line(moved.calendar, "UID") != line(first.calendar, "UID") || sequence(t, moved) <= sequence(t, first) ||
		line(moved.calendar, "DTSTART") != shifted(t, line(first.calendar, "DTSTART")) {
		t.Errorf("moved by hand, but the mail says\n%s\nbefore\n%s", moved.calendar, first.calendar)
	}

	// Then deletes it: one mail takes it back and offers new times.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	back := h.arrives("ana", 4)
	if line(back.calendar, "METHOD") != "CANCEL" || line(back.calendar, "UID") != line(first.calendar, "UID") ||
		sequence(t, back) <= sequence(t, moved) || !strings.Contains(back.plain, "\n1) ") {
		t.Fatalf("deleted by hand, but the mail says %q\n%s\n%s", back.subject, back.plain, back.calendar)
	}
	h.answers("ana", back, "the first one works")
	again, _ := h.invited("ana", 5)
	if line(again.calendar, "UID") == line(first.calendar, "UID") {
		t.Error("an event that was deleted came back under its old UID")
	}

	// Stopped by hand: Ben's answer is handled after that, and Ana has heard nothing more.
	h.indy("stop", "Ana")
	h.until("the stop", func() bool { return h.status("ana-ruiz").Stage == scheduler.Stopped })
	stopped := len(h.post("ana"))
	h.answers("ana", again, "which room is it?")
	h.answers("ben", h.arrives("ben", 1), "3")
	h.invited("ben", 2)
	h.stop(daemon)
	if got := h.post("ana"); len(got) != stopped || stopped > 6 {
		t.Errorf("after the stop Ana has %d mails, before %d", len(got), stopped)
	}
	for _, l := range h.post("ana")[5:] { // what stood is taken back, nothing else
		if line(l.calendar, "METHOD") != "CANCEL" {
			t.Errorf("written to at the stop: %q\n%s", l.subject, l.plain)
		}
	}
}

// shifted is a calendar's time twenty minutes later.
func shifted(t *testing.T, value string) string {
	t.Helper()
	const layout = "20060102T150405"
	at, err := time.Parse(layout, strings.TrimSuffix(value, "Z"))
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(20*time.Minute).Format(layout) + value[len(layout):]
}

// The process dies at any moment, again and again: nothing comes twice, nothing is lost.
func TestKilled(t *testing.T) {
	t.Parallel()
	const kills = 24
	names := []string{"Ana A", "Ben B", "Cai C", "Dee D", "Eli E", "Fay F", "Gus G", "Hal H"}
	h := newHome(t, names...)
	seed := uint64(20261124)
	dice := rand.New(rand.NewPCG(seed, seed))
	answered := map[string]bool{}
	answer := func(most int) {
		for _, name := range names {
			who := strings.ToLower(name[:3])
			if got := h.post(who); most > 0 && len(got) > 0 && !answered[who] {
				answered[who] = true
				most--
				h.answers(who, got[0], strconv.Itoa(1+dice.IntN(3)))
			}
		}
	}
	for range kills {
		daemon := h.start()
		alive := time.NewTimer(time.Duration(dice.IntN(350)) * time.Millisecond)
		answer(dice.IntN(2))
		<-alive.C
		answer(dice.IntN(2))
		if err := daemon.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := daemon.Wait(); err == nil {
			t.Fatal("it ended by itself")
		}
	}
	daemon := h.start()
	for _, name := range names {
		h.arrives(strings.ToLower(name[:3]), 1)
	}
	answer(len(names))
	for _, name := range names {
		h.invited(strings.ToLower(name[:3]), 2)
	}
	h.stop(daemon)
	ids := map[string]bool{}
	for _, name := range names {
		got := h.post(strings.ToLower(name[:3]))
		if len(got) != 2 || got[0].calendar != "" || got[1].calendar == "" {
			t.Errorf("%s (seed %d) has %d mails, not an offer and an invite", name, seed, len(got))
		}
		for _, l := range got {
			if ids[l.id] {
				t.Errorf("%s has %q twice", name, l.subject)
			}
			ids[l.id] = true
		}
	}
	if got := len(h.files()); got != len(names) {
		t.Errorf("%d events stand, not %d", got, len(names))
	}
	for _, l := range h.box(h.in("inbox", "new")) {
		if ids[l.id] {
			t.Errorf("the organizer has %q twice", l.subject)
		}
		ids[l.id] = true
		if brief := strings.HasPrefix(l.plain, "When: "); strings.Contains(l.from, "maria@") && !brief {
			t.Errorf("the organizer was asked something: %q\n%s", l.subject, l.plain)
		}
	}
}

// A config edited badly under a running daemon changes nothing and is told once.
func TestEditedBadly(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Ana Ruiz")
	daemon := h.start()
	offer := h.arrives("ana", 1)
	good := h.text("Ana Ruiz")
	h.save(strings.NewReplacer(`notice = "1h"`, `notice = "soon"`, "capacity", "capasity", "maria@example.org", "maria.example.org",
		midday(), "Mars/Base").Replace(good) + "status = \"old\"\n")
	inbox := func() []letter { return h.box(h.in("inbox", "new")) }
	h.until("the mail about the config", func() bool { return len(inbox()) > 0 })
	told := inbox()[0]
	for _, want := range []string{":11:10:", ":12:1:", ":20:11:", ":21:8:", ":26:10:"} {
		if !strings.Contains(told.plain, "config.toml"+want) {
			t.Errorf("the mail does not name config.toml%s\n%s", want, told.plain)
		}
	}
	h.answers("ana", offer, "1") // the old config works on
	h.invited("ana", 2)
	h.save(good + person("Cai Chen"))
	h.arrives("cai", 1)
	for _, l := range inbox()[1:] {
		if l.subject == told.subject {
			t.Errorf("told twice: %q", l.subject)
		}
	}
	h.stop(daemon)
}
