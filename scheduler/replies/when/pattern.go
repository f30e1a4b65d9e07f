package when

import (
	"fmt"
	"strings"
)

// A node is a place in the tree of all patterns of a language: what may come next, and
// what has been said when nothing more comes.
type node struct {
	words   []wordEdge
	classes []classEdge
	means   []meaning
}

type wordEdge struct {
	id   int
	next *node
}

type classEdge struct {
	class class
	next  *node
}

// compile makes one tree of all forms of all patterns.
func compile(patterns []pattern, x *lexicon) *node {
	root, meanings := &node{}, meanings()
	for rank, p := range patterns {
		say, ok := meanings[p.meaning]
		if !ok {
			panic("when: no meaning is called " + p.meaning)
		}
		for _, form := range strings.Split(p.forms, ";") {
			root.add(strings.Fields(form), x, meaning{rank, say})
		}
	}
	return root
}

func (nd *node) add(elems []string, x *lexicon, m meaning) {
	if len(elems) == 0 {
		nd.means = append(nd.means, m)
		return
	}
	e := elems[0]
	if len(e) > 1 && strings.HasSuffix(e, "?") {
		nd.add(elems[1:], x, m)
		e = strings.TrimSuffix(e, "?")
	}
	if inner, ok := strings.CutPrefix(e, "<"); ok {
		e = "<" + strings.ReplaceAll(strings.TrimSuffix(inner, ">"), "|", ">|<") + ">"
	}
	for _, choice := range strings.Split(e, "|") {
		nd.step(choice, x).add(elems[1:], x, m)
	}
}

func (nd *node) step(elem string, x *lexicon) *node {
	if name, ok := strings.CutPrefix(elem, "<"); ok {
		c := classNamed(strings.TrimSuffix(name, ">"))
		if c == cNone {
			panic(fmt.Sprintf("when: no class is called %s", elem))
		}
		for _, e := range nd.classes {
			if e.class == c {
				return e.next
			}
		}
		next := &node{}
		nd.classes = append(nd.classes, classEdge{c, next})
		return next
	}
	id := x.intern(fold(elem))
	x.literals[id] = true
	if next := nd.word(id); next != nil {
		return next
	}
	next := &node{}
	nd.words = append(nd.words, wordEdge{id, next})
	return next
}

// word is where a word leads to; nil for nowhere. Few words follow any but the root, which
// has firsts besides.
func (nd *node) word(id int) *node {
	for i := range nd.words {
		if nd.words[i].id == id {
			return nd.words[i].next
		}
	}
	return nil
}

// caps are the terms that a pattern's classes met, in order.
type caps struct {
	list [8]term
	n    int
}

// get is the k-th captured term of class c.
func (c *caps) get(cl class, k int) (term, bool) {
	for i := range c.n {
		if c.list[i].class == cl {
			if k == 0 {
				return c.list[i], true
			}
			k--
		}
	}
	return term{}, false
}

func (c *caps) val(cl class) int {
	t, _ := c.get(cl, 0)
	return t.val
}

func (c *caps) has(cl class) bool {
	_, ok := c.get(cl, 0)
	return ok
}

// match is one way to read some tokens.
type match struct {
	end  int
	m    meaning
	caps caps
}

const maxMatches = 24

// matches collects the readings of the tokens from i on, at most maxMatches.
func (p *parser) matches(i int) []match {
	p.found = p.found[:0]
	c := &p.caps
	c.n = 0
	if id := p.toks[i].id; id != unknownWord && p.lex.firsts[id] != nil {
		p.walk(p.lex.firsts[id], i+1, c)
	}
	p.walkTerms(p.lex.root, i, c)
	return p.found
}

func (p *parser) walk(nd *node, i int, c *caps) {
	for _, m := range nd.means {
		if len(p.found) < maxMatches {
			p.found = append(p.found, match{i, m, *c})
		}
	}
	if i >= len(p.toks) || p.toks[i].para && c.n > 0 {
		return
	}
	if id := p.toks[i].id; id != unknownWord {
		if next := nd.word(id); next != nil {
			p.walk(next, i+1, c)
		}
	}
	p.walkTerms(nd, i, c)
}

func (p *parser) walkTerms(nd *node, i int, c *caps) {
	t := &p.toks[i]
	for k := range t.terms {
		tm := &t.terms[k]
		for _, e := range nd.classes {
			if e.class == tm.class && c.n < len(c.list) {
				c.list[c.n] = *tm
				c.n++
				p.walk(e.next, i+tm.n, c)
				c.n--
			}
		}
	}
}
