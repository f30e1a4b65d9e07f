package engine_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"indy/scheduler"
)

// emptied is a world in whose calendar at least three events stood, meetings among them, and
// then none.
func emptied(t *testing.T) (w *world, stood map[string]scheduler.CalendarEvent) {
	for seed := int64(1); seed < 40; seed++ {
		w = newWorld(t, seed, 0)
		for day := 0; day < 30; day++ {
			w.live(24 * time.Hour)
			meetings := 0
			for _, ev := range w.calendar.events {
				if !ev.Tentative && ev.From.After(w.now.Add(5*24*time.Hour)) {
					meetings++
				}
			}
			if meetings >= 2 && len(w.watched()) >= 3 {
				stood = maps.Clone(w.calendar.events)
				clear(w.calendar.events)
				w.mails = nil
				return w, stood
			}
		}
	}
	t.Fatal("no calendar ever had two meetings")
	return nil, nil
}

func (w *world) watched() []scheduler.EventRef {
	s, err := w.engine.State(context.Background(), "maria")
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Watched()
}

// live lets time pass, in looks of five minutes and more, with what people do in it.
func (w *world) live(wait time.Duration) {
	end := w.now.Add(wait)
	next := w.turn()
	for w.now.Before(end) {
		if i := w.earliest(); i >= 0 && !w.todo[i].at.After(end) && (next.IsZero() || !w.todo[i].at.After(next)) {
			a := w.todo[i]
			w.todo = slices.Delete(w.todo, i, i+1)
			w.now = maxOf(w.now, a.at)
			a.do()
		} else if next.IsZero() || next.After(end) {
			w.now = end
		} else {
			w.now = maxOf(next, w.now.Add(time.Minute))
		}
		next = w.turn()
	}
}

func maxOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// told are the mails about events that are gone, and toPeople those to anybody but the organizer.
func (w *world) told() (list []delivery) {
	for _, d := range w.mails {
		if d.seen.Reason == scheduler.ReasonVanished {
			list = append(list, d)
		}
	}
	return list
}

func (w *world) toPeople() (list []delivery) {
	for _, d := range w.mails {
		if d.to != organizerAddress {
			list = append(list, d)
		}
	}
	return list
}

// TestEveryEventGone: the organizer is told once, nobody else hears anything, and nothing is
// called off, however often the empty calendar is read.
func TestEveryEventGone(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*world, map[string]scheduler.CalendarEvent)
		then func(*testing.T, *world, map[string]scheduler.CalendarEvent)
	}{
		{"nobody does anything", func(*world, map[string]scheduler.CalendarEvent) {}, func(t *testing.T, w *world, _ map[string]scheduler.CalendarEvent) {
			if len(w.told()) != 1 || len(w.toPeople()) != 0 || len(w.calendar.events) != 0 {
				t.Errorf("%d told, %d mails to people, %d events", len(w.told()), len(w.toPeople()), len(w.calendar.events))
			}
		}},
		{"they come back one by one", func(w *world, stood map[string]scheduler.CalendarEvent) {
			for _, id := range slices.Sorted(maps.Keys(stood)) {
				if len(w.toPeople()) != 0 {
					w.failf("somebody was written to before all stood")
				}
				w.calendar.events[id] = stood[id]
				w.live(20 * time.Minute)
			}
		}, func(t *testing.T, w *world, _ map[string]scheduler.CalendarEvent) { goesOn(t, w) }},
		{"put them back", func(w *world, _ map[string]scheduler.CalendarEvent) { w.organizerReplies(w.told()[0], "put them back") },
			func(t *testing.T, w *world, stood map[string]scheduler.CalendarEvent) {
				goesOn(t, w)
				state, err := w.engine.State(context.Background(), "maria")
				if err != nil {
					t.Fatal(err)
				}
				looked := 0
				for _, old := range stood {
					calledOff := state.OneToOnes[old.OneToOne].Meeting == nil // by the person, since
					if old.Tentative || old.From.Before(w.now) || calledOff {
						continue
					}
					looked++
					stands := 0
					for _, ev := range w.calendar.events {
						if ev.UID == old.UID && ev.From.Equal(old.From) && ev.ID != old.ID {
							stands++
						}
					}
					if stands != 1 {
						t.Errorf("the meeting of %s stands %d times", old.From, stands)
					}
				}
				if looked == 0 {
					t.Error("no meeting is left to look at")
				}
			}},
		{"call them off", func(w *world, _ map[string]scheduler.CalendarEvent) { w.organizerReplies(w.told()[0], "call them off") },
			func(t *testing.T, w *world, stood map[string]scheduler.CalendarEvent) {
				meetings, cancels := 0, 0
				for _, ev := range stood {
					if !ev.Tentative && ev.From.After(w.now) {
						meetings++
					}
				}
				for _, d := range w.mails {
					if d.seen.Kind == scheduler.MailCancel && d.seen.Reason == scheduler.ReasonMovedByYou {
						cancels++
					}
				}
				if cancels < meetings || len(w.told()) != 1 {
					t.Errorf("%d of %d meetings were called off; told %d times", cancels, meetings, len(w.told()))
				}
			}},
		{"go, which is no answer to that", func(w *world, _ map[string]scheduler.CalendarEvent) {
			w.organizerReplies(w.told()[0], "go")
			w.at(time.Hour, func() { w.organizerReplies(w.told()[0], "ok") })
		}, func(t *testing.T, w *world, _ map[string]scheduler.CalendarEvent) {
			if len(w.toPeople()) != 0 {
				t.Errorf("people were written to: %v", w.toPeople()[0].seen.Kind)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, stood := emptied(t)
			w.live(time.Hour)
			if len(w.told()) != 1 {
				t.Fatalf("the organizer was told %d times: %v", len(w.told()), w.mails)
			}
			c.do(w, stood)
			w.live(26 * time.Hour)
			c.then(t, w, stood)
			for _, f := range w.failures {
				t.Error(f)
			}
		})
	}
}

// goesOn checks that nobody was called off, and that indy works again.
func goesOn(t *testing.T, w *world) {
	t.Helper()
	for _, d := range w.mails {
		if d.seen.Kind == scheduler.MailCancel && d.seen.Reason == scheduler.ReasonMovedByYou {
			t.Errorf("a %s went to %s", d.seen.Kind, d.to)
		}
	}
	s, err := w.engine.State(context.Background(), "maria")
	if err != nil || s.Held() || s.Suspicious() || len(w.told()) != 1 {
		t.Errorf("held %v, suspicious %v, told %d times, %v", s.Held(), s.Suspicious(), len(w.told()), err)
	}
}
