package replies

import (
	"encoding/binary"
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
	for _, l := range languages {
		x := compile(l)
		for w, id := range x.ids {
			x.words.put(w, lookedUp{id: id})
		}
		for w, in := range frequent {
			x.words.put(w, lookedUp{id: x.ids[w], frequent: in})
		}
		all[l.code] = x
	}
	return all
})

// lookedUp is what is known of a word: its number in a language, 0 for none, and the
// languages in which it is frequent, bit 0 for the first of them.
type lookedUp struct{ id, frequent uint32 }

// lookup finds words, those of up to eight bytes as numbers.
type lookup struct {
	short map[uint64]lookedUp
	long  map[string]lookedUp
}

func (l *lookup) put(w string, is lookedUp) {
	if len(w) <= 8 {
		l.short[packed(w)] = is
	} else {
		l.long[w] = is
	}
}

func (l *lookup) get(w string) lookedUp {
	if len(w) <= 8 {
		return l.short[packed(w)]
	}
	return l.long[w]
}

func packed(w string) uint64 {
	var b [8]byte
	copy(b[:], w)
	return binary.LittleEndian.Uint64(b[:])
}

// maxGuessed is how many words tell the language.
const maxGuessed = 300

// lookUp appends the numbers of the words to ids, in the language that more of the frequent
// words belong to; prior wins ties and needs one word fewer.
func lookUp(ids []uint32, toks []token, prior string) (*lexicon, []uint32) {
	all := lexicons()
	guess, known := all[prior]
	if !known {
		guess = all[languages[0].code]
	}
	counts := make([]int, len(languages))
	for i := range toks {
		w := guess.words.get(toks[i].word)
		ids = append(ids, w.id)
		for in, n := w.frequent, 0; in != 0 && i < maxGuessed; in, n = in>>1, n+1 {
			counts[n] += int(in & 1)
		}
	}
	best, most := guess, -1
	for n, l := range languages {
		if known && l.code == prior {
			most = counts[n] + 1
		}
	}
	for n, l := range languages {
		if counts[n] > most {
			best, most = all[l.code], counts[n]
		}
	}
	if best != guess {
		return best, best.idsOf(toks)
	}
	guess.mend(ids, toks)
	return guess, ids
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
