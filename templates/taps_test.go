package templates

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
)

// TestTapsAreUnderstood sends every answer that a mail offers and lets it be read: each
// must mean something, and what the label says.
func TestTapsAreUnderstood(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		t.Run(v.code, func(t *testing.T) {
			for _, sm := range v.all() {
				r, err := s.Render(sm.letter)
				if err != nil {
					t.Fatal(err)
				}
				for words := range answersIn(t, r.HTML) {
					c := contextOf(sm.letter)
					got := replies.Read(words, c)
					understood(t, sm, words, got)
				}
			}
		})
	}
}

// answersIn are the bodies of all links to answer with.
func answersIn(t *testing.T, page string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, a := range elements(t, page, "a") {
		u, err := url.Parse(attr(a, "href"))
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme == "mailto" {
			q, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, "+", "%2B"))
			if err != nil {
				t.Fatal(err)
			}
			out[q.Get("body")] = true
		}
	}
	return out
}

func contextOf(l scheduler.Letter) replies.Context {
	c := replies.Context{Asked: askedBy(l.Kind), Sent: l.Now, Now: l.Now.Add(time.Hour), Zone: l.Organizer.Zone, Language: l.Language,
		Me: l.Organizer.First(), Names: []string{l.Person.First()}, DayFirst: l.Language == "es"}
	if l.ToPerson {
		c.Zone, c.Me, c.Names = l.Person.Zone, l.Person.First(), []string{l.Organizer.First()}
	}
	for _, slot := range l.Slots {
		c.Offered = append(c.Offered, slot.Interval)
	}
	if l.Meeting != nil {
		c.Meeting = l.Meeting.Interval
	}
	for _, st := range l.Changed {
		owner := l.Organizer.First()
		if st.ByPerson {
			owner = l.Person.First()
		}
		c.Steps = append(c.Steps, replies.Step{ID: st.ID, Owner: owner, Action: st.Action, Deadline: st.Deadline})
	}
	if d := l.Digest; d != nil {
		for _, list := range [][]scheduler.DigestLine{d.Call, d.Needs, d.Slipped, d.DueSteps, d.Due} {
			for _, line := range list {
				c.Names = append(c.Names, line.Name, strings.Fields(line.Name)[0])
			}
		}
	}
	return c
}

// askedBy is what a kind of mail asks, as Decide has it.
func askedBy(k scheduler.MailKind) replies.Asking {
	switch k {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailCancel, scheduler.MailMissed, scheduler.MailWelcome:
		return replies.AskedTimes
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailTentative, scheduler.MailReminder:
		return replies.AskedInvite
	case scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailOwnCheckIn:
		return replies.AskedSteps
	case scheduler.MailSummary, scheduler.MailAmended, scheduler.MailOwnSummary, scheduler.MailStepNote:
		return replies.AskedSummary
	case scheduler.MailDebrief:
		return replies.AskedDebrief
	case scheduler.MailMissing:
		return replies.AskedMissing
	case scheduler.MailReady, scheduler.MailReadBack:
		return replies.AskedOK
	case scheduler.MailCallSheet:
		return replies.AskedCall
	}
	return replies.AskedDigest
}

func understood(t *testing.T, sm sample, words string, got replies.Reading) {
	t.Helper()
	first, _, _ := strings.Cut(words, "\r\n")
	fail := func(want string) {
		t.Errorf("%s: a tap on %q is read as %s, not as %s: %v", sm.name, first, got.Kind, want, got.Why)
	}
	digit := first[0] >= '1' && first[0] <= '9'
	switch c := askedBy(sm.letter.Kind); {
	case digit && c == replies.AskedTimes:
		if got.Kind != replies.Choose || got.Slot != int(first[0]-'0') {
			fail("that choice")
		}
	case strings.HasPrefix(first, "Not now"), strings.HasPrefix(first, "Ahora no"):
		if got.Kind != replies.NotNow {
			fail("not now")
		}
	case strings.HasPrefix(first, "Please don't write"), strings.HasPrefix(first, "Por favor, no me escribas"):
		if got.Kind != replies.Never {
			fail("never")
		}
	case strings.HasPrefix(first, "No date"), strings.HasPrefix(first, "Sin fecha"):
		if got.Next == nil || !got.Next.None {
			fail("no date")
		}
	case strings.HasPrefix(first, "No steps"), strings.HasPrefix(first, "Sin pasos"):
		if !got.NoSteps {
			fail("no steps")
		}
	case c == replies.AskedDebrief:
		if got.Held != replies.HeldNot && got.Held != replies.HeldNoShow {
			fail("not held")
		}
	case c == replies.AskedSteps:
		if got.Kind != replies.StepUpdate || len(got.Updates) != 1 || got.Updates[0].Step == "" {
			fail("an update of one step")
		}
	case c == replies.AskedOK:
		if !got.OK {
			fail("ok")
		}
	case c == replies.AskedDigest:
		if got.Kind != replies.Command || len(got.Orders) != 1 {
			fail("one order")
		}
	default:
		if got.Kind == replies.Unclear || got.Kind == replies.Question {
			fail("anything")
		}
	}
}

// TestTheExamplesCanBeCopied answers the debrief with its own example, line by line.
func TestTheExamplesCanBeCopied(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		t.Run(v.code, func(t *testing.T) {
			for _, sm := range v.toOrganizer() {
				if sm.letter.Kind != scheduler.MailDebrief {
					continue
				}
				r, err := s.Render(sm.letter)
				if err != nil {
					t.Fatal(err)
				}
				var example []string
				for _, line := range strings.Split(r.Text, "\n") {
					if words, ok := strings.CutPrefix(line, "> "); ok {
						example = append(example, words)
					}
				}
				got := replies.Read(strings.Join(example, "\n"), contextOf(sm.letter))
				if got.Kind != replies.Debrief || got.Ask != replies.AskSmaller || len(got.Said) != 2 || got.Next == nil || !got.Next.Phone || !got.Next.Short {
					t.Fatalf("the example is read as %+v", got)
				}
				if a, b := got.Said[0], got.Said[1]; a.Owner != "Ana" || a.Deadline.IsZero() || b.Owner != v.organizer.First() || b.Deadline.IsZero() {
					t.Errorf("steps are read as %+v", got.Said)
				}
				if flat(got.Notes) != flat(example[0]) {
					t.Errorf("notes are read as %q", got.Notes)
				}
			}
		})
	}
}
