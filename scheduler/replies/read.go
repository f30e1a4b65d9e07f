package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// Read says what a mail means that answers c.Asked. It never fails: what it cannot make
// out is Unclear, and Why says so.
//
// For AskedTimes and AskedNothing, Choose has Slot ≥ 1. For AskedInvite, Choose with Slot 0
// confirms the meeting that stands, AcceptOther gives it up, Counter wants it at
// Reading.Windows. A Choose may come with Mode, Place, Phone or Passed: what they asked for
// besides. For the organizer's mails the Kind follows what was asked, and Unclear means
// that nothing in it could be used. Where c.Zone is nil, UTC is taken.
func Read(text string, c Context) Reading {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Sent.IsZero() {
		c.Sent = c.Now
	}
	visible := withoutToken(Visible(text))
	words := visible
	if len(words) > maxRead {
		words = strings.ToValidUTF8(words[:maxRead], "")
	}
	words = maskNumbers(words)
	room := rooms.Get().(*room)
	defer room.leave()
	toks := appendTokens(room.toks[:0], words)
	x, ids, mixed := lookUp(room.ids[:0], toks, c.Language)
	room.toks, room.ids = toks, ids
	if mixed && (c.Asked == AskedTimes || c.Asked == AskedNothing || c.Asked == AskedInvite) {
		if y := x.blended(toks); y != nil {
			x, ids = y, y.idsOf(toks)
		}
	}
	r := reader{c: c, x: x, full: visible, text: words, toks: toks, ids: ids, room: room}
	var out Reading
	switch c.Asked {
	case AskedDebrief, AskedMissing:
		out = r.debrief()
	case AskedCall:
		out = r.call()
	case AskedAhead:
		out = r.plans()
	case AskedSteps:
		out = r.steps()
	case AskedSummary:
		out = r.summary()
	case AskedOK:
		out = r.mayGo()
	case AskedDigest:
		out = r.digest()
	case AskedInvite:
		out = r.person(aboutMeeting)
	default:
		out = r.person(aboutTimes)
	}
	if out.Kind == Debrief && len(text) > maxVisible {
		out.Why = append(out.Why, "the mail is longer than can be read: its end was left out")
	}
	out.Visible, out.Language = visible, x.code
	return out
}

// reader is one mail while it is read.
type reader struct {
	c    Context
	x    *lexicon
	full string // as it was written
	text string // the same, with phone numbers and sums masked
	toks []token
	ids  []uint32

	known  []string     // the folded words of names, once one was asked about
	times  []when.Found // what found answers, once it was asked
	looked bool

	room *room // where a mail is read that is not a part of another

	season   slots.Date // what seasonUntil answers, once it was asked
	seasoned bool
}

// words is the text from token i up to token end, as it was written.
func (r *reader) words(i, end int) string {
	if i >= end || i >= len(r.toks) {
		return ""
	}
	return r.full[r.toks[i].start:r.toks[end-1].end]
}
