package replies

import (
	"math/bits"
	"sync"
)

// languages are all that are known, the one that wins a tie first. A third one is one
// more file and one more name here.
var languages = []*language{english, spanish}

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	frequent := map[string]uint32{}
	for n, l := range languages {
		for w := range wordSet(l.common) {
			frequent[w] |= 1 << n
		}
	}
	all := map[string]*lexicon{}
	in := map[string]uint32{}
	for n, l := range languages {
		all[l.code] = compile(l)
		for w := range all[l.code].ids {
			in[w] |= 1 << n
		}
	}
	for _, x := range all {
		for _, words := range []map[string]uint32{in, frequent} {
			for w := range words {
				x.words.put(w, lookedUp{id: x.ids[w], frequent: uint8(frequent[w]), in: uint8(in[w])})
			}
		}
		x.words.settle()
	}
	return all
})

// lookedUp is what is known of a word: its number in a language, 0 for none, the languages
// in which it is frequent, and those that have it at all, bit 0 for the first of them.
type lookedUp struct {
	id           uint32
	frequent, in uint8
}

// lookup finds words: those of up to eight bytes as the numbers that these make, the
// first byte the lowest.
type lookup struct {
	short map[string]lookedUp // while it grows
	long  map[string]lookedUp
	slots []slot // each short word in the first free place from that of its hash on
	shift uint
}

type slot struct {
	key uint64 // 0 for none
	is  lookedUp
}

func (l *lookup) put(w string, is lookedUp) {
	if len(w) <= 8 {
		l.short[w] = is
	} else {
		l.long[w] = is
	}
}

// settle makes the short words ready.
func (l *lookup) settle() {
	bit := bits.Len(uint(2 * len(l.short)))
	l.slots, l.shift = make([]slot, 1<<bit), uint(64-bit)
	for w, is := range l.short {
		at := l.slot(packed(w))
		for l.slots[at].key != 0 {
			at = (at + 1) & (len(l.slots) - 1)
		}
		l.slots[at] = slot{packed(w), is}
	}
	l.short = nil
}

func (l *lookup) slot(key uint64) int { return int(key * 0x9E3779B97F4A7C15 >> l.shift) }

func (l *lookup) get(w string) lookedUp {
	if len(w) > 8 {
		return l.long[w]
	}
	key := packed(w)
	for at := l.slot(key); l.slots[at].key != 0; at = (at + 1) & (len(l.slots) - 1) {
		if l.slots[at].key == key {
			return l.slots[at].is
		}
	}
	return lookedUp{}
}

func packed(w string) (key uint64) {
	for i := len(w) - 1; i >= 0; i-- {
		key = key<<8 | uint64(w[i])
	}
	return key
}

// maxGuessed is how many words tell the language.
const maxGuessed = 300

// lookUp appends the numbers of the words to ids, in the language that more of the frequent
// words belong to; prior wins ties and needs one word fewer. mixed says that there may be
// words of another language.
func lookUp(ids []uint32, toks []token, prior string) (x *lexicon, numbers []uint32, mixed bool) {
	all := lexicons()
	guess, known := all[prior]
	if !known {
		guess = all[languages[0].code]
	}
	counts := make([]tally, len(languages))
	for i := range toks {
		w := guess.words.get(toks[i].word)
		ids = append(ids, w.id)
		if w.frequent|w.in == 0 {
			continue
		}
		for n := range counts {
			counts[n].add(n, w, len(toks[i].word) >= sureWord, i < maxGuessed)
		}
	}
	best, most, at := guess, -1, 0
	for n, l := range languages {
		if known && l.code == prior {
			most, at = counts[n].frequent+1, n
		}
	}
	for n, l := range languages {
		if counts[n].frequent > most {
			best, most, at = all[l.code], counts[n].frequent, n
		}
	}
	if best != guess {
		ids = best.idsOf(toks)
	} else {
		guess.mend(ids, toks)
	}
	return best, ids, counts[at].foreign
}

// A tally counts what speaks for a language, and says whether something is of another.
type tally struct {
	frequent int
	foreign  bool
}

// add counts a word for language n; long ones tell a language although they are not frequent.
func (t *tally) add(n int, w lookedUp, long, counts bool) {
	if counts {
		t.frequent += int(w.frequent >> n & 1)
	}
	t.foreign = t.foreign || w.frequent != 0 && w.frequent>>n&1 == 0 || long && w.in != 0 && w.in>>n&1 == 0
}

// idsOf looks the words up.
func (x *lexicon) idsOf(toks []token) []uint32 {
	ids := make([]uint32, len(toks))
	for i := range toks {
		ids[i] = x.ids[toks[i].word]
	}
	x.mend(ids, toks)
	return ids
}

// mend looks up what no list has as it is written. What is written for its sound becomes
// what it sounds like.
func (x *lexicon) mend(ids []uint32, toks []token) {
	for i, t := range toks {
		switch {
		case x.sounds.may(t.word):
			ids[i] = x.look(x.sound(toks, i))
		case ids[i] == 0:
			ids[i] = x.almost(t.word)
		}
	}
}

// sound is the word that token i sounds like, or its own.
func (x *lexicon) sound(toks []token, i int) string {
	if sound, ok := x.soundsMe[toks[i].word]; ok && i+1 < len(toks) && toks[i].after == space && x.persons[toks[i+1].word] {
		toks[i].word = sound
	}
	if sound, ok := x.slang[toks[i].word]; ok {
		return sound
	}
	return toks[i].word
}
