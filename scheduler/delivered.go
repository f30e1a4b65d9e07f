package scheduler

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"indy/scheduler/replies"
)

// delivered keeps what became of an effect. What cannot be told is never tried again:
// the organizer is asked.
func (t *turn) delivered(e Delivered) {
	m, ok := t.one(e.OneToOne)
	if ok && e.MessageID != "" && e.MessageID != e.OurID { // the provider gave it another name
		if m.First == e.OurID {
			m.First = e.MessageID
		}
		if m.Last == e.OurID {
			m.Last = e.MessageID
		}
		t.save(m)
	}
	if ok {
		m = t.draftGone(m, e)
	}
	switch e.Outcome {
	case OutcomeDone:
		if ok {
			t.eventDone(m, e)
		}
		if ok && e.Kind == MailReadBack {
			t.shown(m, e.Key)
		}
		t.tellDraft(m, ok, e)
		return
	case OutcomeExpired:
		t.log(e.Person, e.OneToOne, "came too late, left out: "+kindOf(e), e.Err)
		t.tellDraft(m, ok, e)
		return
	case OutcomeWithdrawn:
		t.log(e.Person, e.OneToOne, "taken back before it went: "+kindOf(e), e.Err)
		t.tellDraft(m, ok, e)
		return
	case OutcomeUnknown:
		t.log(e.Person, e.OneToOne, "cannot tell whether it happened: "+kindOf(e), e.Err)
	default:
		t.log(e.Person, e.OneToOne, "could not be done: "+kindOf(e), e.Err)
	}
	t.undone(m, ok, e)
}

func kindOf(e Delivered) string {
	return firstOf(string(e.Kind), "a change of the calendar")
}

// eventDone keeps the version of an event that indy has just written.
func (t *turn) eventDone(m OneToOne, e Delivered) {
	if e.Event == nil {
		return
	}
	if c := m.Meeting; c != nil && c.Event.ID == e.Event.ID {
		seen := seenOf(*e.Event)
		seen.Answer = t.answerOn(m, *e.Event)
		if e.Event.KeepText && c.Seen != nil { // what a human wrote there stands
			seen.Notes, seen.Words, seen.Written = c.Seen.Notes, c.Seen.Words, true
		}
		c.Event.ETag, c.Seen = e.Event.ETag, &seen
		t.save(m)
		return
	}
	if m.Offer != nil {
		for i, h := range m.Offer.Holds {
			if h.ID == e.Event.ID {
				m.Offer.Holds[i].ETag = e.Event.ETag
				t.save(m)
			}
		}
	}
}

// undone is an effect that failed for good, or whose outcome nobody can tell.
func (t *turn) undone(m OneToOne, ok bool, e Delivered) {
	why := ReasonFailed
	switch {
	case e.Outcome == OutcomeUnknown:
		why = ReasonUnknown
	case e.Left:
		why = ReasonDraftLeft
	}
	if e.Raced || e.Kind == MailNeedsYou { // its change is the next event; a complaint about a complaint helps nobody
		return
	}
	if !ok {
		t.need(e.Person, e.OneToOne, why)
		return
	}
	if e.Kind == "" && t.needed(m, why) { // three holds that failed are one thing to know
		return
	}
	t.mailOrganizer(&m, MailNeedsYou, mail{asked: replies.AskedDigest, fill: func(l *Letter) {
		l.Reason, l.About = why, e.Kind
		if why == ReasonFailed && e.Err != "" { // what is unknown needs no words of the machine
			l.Problems = []string{e.Err}
		}
	}})
	t.save(m)
	t.need(m.Person, m.ID, why)
	toPerson := e.Kind == MailOffer || e.Kind == MailNudge || e.Kind == MailCounter || e.Kind == MailWelcome || e.Kind == MailMissed
	if toPerson && m.Stage == Offered {
		if e.Outcome == OutcomeFailed { // they never saw these times
			t.dropHolds(&m)
		}
		t.withOrganizer(m, why)
	}
}

// configBroken tells the organizer, once for each bad edit, that the old config is kept.
func (t *turn) configBroken(e ConfigBroken) {
	if t.s.Desk.BadConfig == e.Stamp {
		return
	}
	t.s.Desk.BadConfig = e.Stamp
	t.mailDesk(MailConfigError, replies.AskedNothing, func(l *Letter) { l.Problems = e.Problems })
	t.log("", "", "the config was edited badly", "the old one is kept")
}

// woke holds all sending after a jump of the clock, until the organizer says "go".
func (t *turn) woke(e Woke) {
	if !t.s.Desk.Held.IsZero() {
		return
	}
	t.s.Desk.Held = t.now
	t.mailDesk(MailHeld, replies.AskedDigest, func(l *Letter) { l.Late = e.Late })
	t.log("", "", "sending waits for your word", "the clock jumped by "+e.Late.Round(time.Hour).String())
}

func (t *turn) release() {
	if t.s.held() {
		t.s.Desk.Held, t.s.Desk.Suspect.Since, t.s.Desk.Suspect.Told = zeroTime, zeroTime, zeroTime // what still looks wrong is told again
		t.d.Desk = true
		t.log("", "", "sending goes on", "you said so")
	}
}

func answerOf(s string) replies.AskOutcome { return replies.AskOutcome(s) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

func domainOf(addr string) string {
	if _, domain, ok := strings.Cut(addr, "@"); ok {
		return domain
	}
	return "localhost"
}
