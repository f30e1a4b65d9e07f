package replies

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"indy/scheduler/slots"
)

var fuzzZone = time.FixedZone("west", -8*3600)

func fuzzContext(asked Asking) Context {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	var offered []slots.Interval
	for d := 7; d < 10; d++ {
		f := now.AddDate(0, 0, d)
		offered = append(offered, slots.Interval{From: f, To: f.Add(45 * time.Minute)})
	}
	return Context{Asked: asked, Offered: offered, Meeting: offered[0], Now: now, Sent: now, Zone: fuzzZone, Language: "en", Names: []string{"Ana Ruiz", "Sam Lee"}, Me: "Maria",
		Steps: []Step{{ID: "s1", Owner: "Ana Ruiz", Action: "call two reporters"}, {ID: "s2", Owner: "Maria", Action: "send the plan"}}}
}

func seed(f *testing.F) {
	for _, c := range loadCases(f) {
		f.Add(c.mail)
	}
}

func FuzzRead(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range []Asking{AskedTimes, AskedInvite, AskedNothing} {
			c := fuzzContext(a)
			r := Read(text, c)
			if r.Kind == "" {
				t.Fatal("no kind")
			}
			if r.Kind == Choose && a == AskedTimes && (r.Slot < 1 || r.Slot > len(c.Offered)) {
				t.Fatalf("slot %d of %d", r.Slot, len(c.Offered))
			}
			if r.Kind != Choose && r.Slot != 0 {
				t.Fatalf("%s with slot %d", r.Kind, r.Slot)
			}
			if len(r.Why) == 0 {
				t.Fatal("no reason")
			}
			for _, w := range r.Windows {
				if !w.From.Before(w.To) {
					t.Fatalf("an empty window: %v", w)
				}
			}
		}
	})
}

func FuzzVisible(f *testing.F) {
	seed(f)
	f.Add("hi\n\nOn Tue, 1 Dec 2026, Ana <ana@example.org> wrote:\n> hello\n")
	f.Add("hi\n\nFrom: Ana\nSent: Tuesday\nTo: Maria\nSubject: Re\n\nhello")
	f.Fuzz(func(t *testing.T, text string) {
		v := Visible(text)
		if len(v) > len(text)+16 {
			t.Fatalf("grew from %d to %d", len(text), len(v))
		}
		if utf8.ValidString(text) && !utf8.ValidString(v) {
			t.Fatal("broke a character")
		}
		for l := range strings.SplitSeq(v, "\n") {
			if strings.HasPrefix(l, "> ") && isQuoted(l) {
				t.Fatalf("a quoted line is left: %q", l)
			}
		}
		Token(text)
	})
}

func FuzzDebrief(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range []Asking{AskedDebrief, AskedMissing, AskedSteps, AskedSummary, AskedOK, AskedDigest} {
			r := Read(text, fuzzContext(a))
			if r.Kind == "" || len(r.Why) == 0 {
				t.Fatalf("%s: kind %q, why %q", a, r.Kind, r.Why)
			}
			for _, s := range r.Said {
				if strings.ContainsAny(s.Action, "\n()") {
					t.Fatalf("an action with brackets or lines: %q", s.Action)
				}
			}
		}
	})
}
