package replies

import "math/bits"

// Spelling: words of five letters and more that are not quite as the lists have them.

// maxSpelt is the longest word that is looked at.
const maxSpelt = 16

// spelling finds the words of a list that one slip makes others of. It is hashes, since
// most words of a mail are in no list and near to none.
type spelling struct {
	names   []string
	words   [2][1 << 15 / 64]uint64 // by the upper and the lower bits of their hashes: the words
	lacking []uint16                // by hash of what is left of words without one letter: their ids, each in the next free place; 0 for none
}

// spellingOf reads words by id; id 0 is no word.
func spellingOf(names []string) spelling {
	drops := 0
	for _, w := range names {
		if len(w) >= 5 {
			drops += len(w)
		}
	}
	size := 1
	for size < 2*drops {
		size *= 2
	}
	s := spelling{names: names, lacking: make([]uint16, size)}
	for id, w := range names {
		if len(w) < 5 {
			continue
		}
		h := hashOf(w)
		s.words[0][h>>17/64] |= 1 << (h >> 17 % 64)
		s.words[1][h&0x7FFF/64] |= 1 << (h % 64)
		for i := range w {
			at := int(hashOf(w[:i]+w[i+1:])) & (size - 1)
			for s.lacking[at] != 0 {
				at = (at + 1) & (size - 1)
			}
			s.lacking[at] = uint16(id)
		}
	}
	return s
}

// hashOf takes each byte of w with a turn that says where it stands, so that the hash of w
// with a slip in it follows from parts of the hash.
func hashOf(w string) (h uint32) {
	for i := 0; i < len(w); i++ {
		h ^= turned(w[i], i)
	}
	return h
}

func turned(c byte, i int) uint32 { return bits.RotateLeft32(uint32(c)*0x9E3779B1, 2*i) }

func (s *spelling) may(h uint32) bool {
	return s.words[0][h>>17/64]&(1<<(h>>17%64)) != 0 && s.words[1][h&0x7FFF/64]&(1<<(h%64)) != 0
}

// lacks is the id of the only word that w, whose hash is h, is without one of its letters,
// or 0.
func (s *spelling) lacks(w string, h uint32) uint32 {
	found := uint32(0)
	for at := int(h) & (len(s.lacking) - 1); s.lacking[at] != 0; at = (at + 1) & (len(s.lacking) - 1) {
		id := uint32(s.lacking[at])
		if !without1(s.names[id], w) {
			continue
		}
		if found != 0 && found != id {
			return 0
		}
		found = id
	}
	return found
}

// without1 says whether w is word without one of its letters.
func without1(word, w string) bool {
	if len(word) != len(w)+1 {
		return false
	}
	i := 0
	for i < len(w) && word[i] == w[i] {
		i++
	}
	return word[i+1:] == w[i:]
}

// look is the number of a word, or of what it almost is; 0 when no list has it.
func (x *lexicon) look(w string) uint32 {
	if id, ok := x.ids[w]; ok {
		return id
	}
	return x.almost(w)
}

// almost is the number of the word that w is almost. One letter too many, one missing or
// two swapped are forgiven in words of five letters and more, where only one word is so
// near; a wrong letter is not, since it makes other words.
func (x *lexicon) almost(w string) uint32 {
	if len(w) < 4 || len(w) > maxSpelt {
		return 0
	}
	var heads [maxSpelt + 1]uint32 // of what stands before i
	for i := 0; i < len(w); i++ {
		heads[i+1] = heads[i] ^ turned(w[i], i)
	}
	h := heads[len(w)]
	if id := x.near.lacks(w, h); id != 0 {
		return id // a letter is missing
	}
	for i := 1; i < len(w) && len(w) >= 6; i++ {
		if (len(w) >= 7 || w[i] == w[i-1]) && x.near.may(heads[i]^bits.RotateLeft32(h^heads[i+1], -2)) {
			if id, ok := x.ids[w[:i]+w[i+1:]]; ok {
				return id // a letter too many
			}
		}
	}
	for i := 0; i+1 < len(w) && len(w) >= 5; i++ {
		a, b := w[i], w[i+1]
		if a == b || !x.near.may(h^turned(a, i)^turned(b, i+1)^turned(b, i)^turned(a, i+1)) {
			continue
		}
		swapped := []byte(w)
		swapped[i], swapped[i+1] = b, a
		if id, ok := x.ids[string(swapped)]; ok {
			return id
		}
	}
	return 0
}
