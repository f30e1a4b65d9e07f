package replies

import (
	"slices"
	"strings"
)

// A tree holds the phrases of a language: a node for each beginning that some have in
// common. It serves all topics at once, since most phrases count in several.
type tree struct {
	nodes  []node   // nodes[0] is none
	firsts []uint32 // by the first word of phrases: its node
}

// A node is a beginning of phrases. Those that go on from it by one word stand together
// in the tree, by word.
type node struct {
	word  uint32           // the last one of it; anyWord where it may be any
	first uint32           // of the nodes that go on
	n     uint16           // how many they are
	signs [topicCount]sign // what it says as a whole phrase
}

const anyWord = ^uint32(0)

// longest is how many words the longest phrase takes that goes on from node at, and what
// it says. The words from token from up to token i led there.
func (t *tree) longest(at uint32, about topic, ids []uint32, toks []token, from, i, end int) (n int, s sign) {
	nd := &t.nodes[at]
	if nd.signs[about] != unknown {
		n, s = i-from, nd.signs[about]
	}
	if nd.n == 0 || i >= end || toks[i-1].after != space {
		return n, s
	}
	if next := t.after(nd, ids[i]); next != 0 && ids[i] != 0 {
		if m, ms := t.longest(next, about, ids, toks, from, i+1, end); m > n {
			n, s = m, ms
		}
	}
	if last := nd.first + uint32(nd.n) - 1; t.nodes[last].word == anyWord {
		if m, ms := t.longest(last, about, ids, toks, from, i+1, end); m > n {
			n, s = m, ms
		}
	}
	return n, s
}

// alone is what a word says by itself.
func (t *tree) alone(word uint32, about topic) sign {
	return t.nodes[t.firsts[word]].signs[about]
}

// after is the node that goes on from nd by a word, or 0.
func (t *tree) after(nd *node, word uint32) uint32 {
	low, high := nd.first, nd.first+uint32(nd.n)
	for low < high {
		mid := (low + high) / 2
		switch w := t.nodes[mid].word; {
		case w == word:
			return mid
		case w < word:
			low = mid + 1
		default:
			high = mid
		}
	}
	return 0
}

// A sapling is a node of a tree that still grows.
type sapling struct {
	word  uint32
	next  []uint32
	signs [topicCount]sign
}

// plant makes the tree of all patterns of x.
func (x *lexicon) plant() tree {
	g := grove{x: x, grown: make([]sapling, 1)}
	for t, signs := range topics {
		for n, s := range slices.Backward(signs) {
			g.ranks[t][s] = n + 1
		}
	}
	for s, patterns := range x.patterns {
		for _, pattern := range patterns {
			g.add(0, strings.Fields(pattern), sign(s))
		}
	}
	return g.tree()
}

// A grove is saplings, the first of which is the beginning of all phrases.
type grove struct {
	x     *lexicon
	grown []sapling
	ranks [topicCount][signCount]int // of signs within topics, from 1; 0 for those that do not count
}

// add writes one pattern, every alternative of it, below a sapling.
func (g *grove) add(at uint32, words []string, s sign) {
	if len(words) == 0 {
		g.mark(at, s)
		return
	}
	w, rest := words[0], words[1:]
	if strings.HasSuffix(w, "?") {
		g.add(at, rest, s)
		w = strings.TrimSuffix(w, "?")
	}
	if w == "_" {
		g.add(g.below(at, anyWord), rest, s)
		return
	}
	for alt := range strings.SplitSeq(w, "|") {
		if strings.Contains(alt, "+") {
			g.add(at, append(strings.Split(alt, "+"), rest...), s)
			continue
		}
		g.add(g.below(at, g.x.id(foldWord(alt))), rest, s)
	}
}

// mark says that a phrase ends here. Of several signs that it has in a topic the one that
// stands first there wins.
func (g *grove) mark(at uint32, s sign) {
	signs := &g.grown[at].signs
	for t := range signs {
		if rank := g.ranks[t][s]; rank > 0 && (signs[t] == unknown || rank < g.ranks[t][signs[t]]) {
			signs[t] = s
		}
	}
}

func (g *grove) below(at, word uint32) uint32 {
	for _, n := range g.grown[at].next {
		if g.grown[n].word == word {
			return n
		}
	}
	n := uint32(len(g.grown))
	g.grown = append(g.grown, sapling{word: word})
	g.grown[at].next = append(g.grown[at].next, n)
	return n
}

// tree puts the saplings in order: level by level, and those of one parent by word.
func (g *grove) tree() tree {
	t := tree{nodes: make([]node, 1, len(g.grown)), firsts: make([]uint32, len(g.x.names))}
	order := []uint32{0}
	for k := 0; k < len(order); k++ {
		from := g.grown[order[k]]
		slices.SortFunc(from.next, func(a, b uint32) int { return int(int64(g.grown[a].word) - int64(g.grown[b].word)) })
		if k > 0 {
			t.nodes[k].first, t.nodes[k].n = uint32(len(order)), uint16(len(from.next))
		}
		for _, n := range from.next {
			if k == 0 {
				t.firsts[g.grown[n].word] = uint32(len(order))
			}
			order = append(order, n)
			t.nodes = append(t.nodes, node{word: g.grown[n].word, signs: g.grown[n].signs})
		}
	}
	return t
}
