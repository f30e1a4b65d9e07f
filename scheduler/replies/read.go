package replies

import (
	"strings"
	"sync"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// languages are all that are known, the one that wins a tie first. A third one is one
// more file and one more name here.
var languages = []*language{english, spanish}

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	all := map[string]*lexicon{}
	for _, l := range languages {
		all[l.code] = compile(l)
	}
	return all
})

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
	words = maskPhones(words)
	room := rooms.Get().(*room)
	defer room.leave()
	toks := appendTokens(room.toks[:0], words)
	x := languageOf(toks, c.Language)
	ids := x.appendIDs(room.ids[:0], toks)
	room.toks, room.ids = toks, ids
	r := reader{c: c, x: x, full: visible, text: words, toks: toks, ids: ids, room: room}
	var out Reading
	switch c.Asked {
	case AskedDebrief, AskedMissing:
		out = r.debrief()
	case AskedCall:
		out = r.call()
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
	text string // the same, with phone numbers masked
	toks []token
	ids  []uint32

	known  []string     // the folded words of names, once one was asked about
	times  []when.Found // what found answers, once it was asked
	looked bool

	room *room // where a mail is read that is not a part of another

	season   slots.Date // what seasonUntil answers, once it was asked
	seasoned bool
}

// idsOf looks the words up. What is written for its sound becomes what it sounds like.
func (x *lexicon) idsOf(toks []token) []uint32 {
	return x.appendIDs(make([]uint32, 0, len(toks)), toks)
}

func (x *lexicon) appendIDs(ids []uint32, toks []token) []uint32 {
	for i, t := range toks {
		if !x.sounds.may(t.word) {
			ids = append(ids, x.look(t.word))
			continue
		}
		if sound, ok := x.soundsMe[t.word]; ok && i+1 < len(toks) && t.after == space && x.persons[toks[i+1].word] {
			toks[i].word = sound
		}
		w := toks[i].word
		if sound, ok := x.slang[w]; ok {
			w = sound
		}
		ids = append(ids, x.look(w))
	}
	return ids
}

// languageOf is the language that more of the frequent words belong to; prior wins ties
// and needs one word fewer.
func languageOf(toks []token, prior string) *lexicon {
	counts := make([]int, len(languages))
	frequent := frequentWords()
	for _, t := range toks[:min(len(toks), 300)] {
		for in, n := frequent[t.word], 0; in != 0; in, n = in>>1, n+1 {
			counts[n] += int(in & 1)
		}
	}
	best, most := 0, -1
	for n, l := range languages {
		if l.code == prior {
			best, most = n, counts[n]+1
		}
	}
	for n, count := range counts {
		if count > most {
			best, most = n, count
		}
	}
	return lexicons()[languages[best].code]
}

// frequentWords says of each frequent word, folded, in which languages it is: bit 0 is
// for the first of them.
var frequentWords = sync.OnceValue(func() map[string]uint {
	in := map[string]uint{}
	for n, l := range languages {
		for w := range wordSet(l.common) {
			in[w] |= 1 << n
		}
	}
	return in
})

// words is the text from token i up to token end, as it was written.
func (r *reader) words(i, end int) string {
	if i >= end || i >= len(r.toks) {
		return ""
	}
	return r.full[r.toks[i].start:r.toks[end-1].end]
}
