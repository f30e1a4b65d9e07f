package config

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// A place is a position in the file, counted from 1.
type place struct{ line, column int }

// A node is a TOML value that still knows where it stands. go-toml's own decoding stops at
// the first wrong type; a tree lets every problem be told at once.
type node struct {
	at      place
	key     place
	kind    unstable.Kind    // String, Bool, Integer, …, Array, Table
	text    string           // of a scalar: a string's content, else the words as they stand
	keys    []string         // of a table, in order
	members map[string]*node // of a table
	list    []*node          // of an array
	closed  bool             // written as a value, so that no header may add to it
	tables  bool             // an array of tables made by [[headers]]
	header  bool             // a [header] named it
}

func newTable(at place) *node {
	return &node{at: at, key: at, kind: unstable.Table, members: map[string]*node{}}
}

func (n *node) add(key string, child *node) {
	n.keys = append(n.keys, key)
	n.members[key] = child
}

// maxSyntaxErrors is how many lines that are not TOML are told, each only when the line
// before it was good: one open quote spoils many lines.
const maxSyntaxErrors = 10

type treeReader struct {
	data     []byte
	parser   unstable.Parser
	problem  func(place, string, ...any)
	root     *node
	lines    []int // offsets at which lines begin
	lastLine int   // of the last syntax error
	told     int
}

// readTree reads the file as far as it is TOML and reports where it is not. A line that is
// none is passed over, so that the rest is checked as well.
func readTree(data []byte, problem func(place, string, ...any)) (root *node, whole bool) {
	r := &treeReader{data: slices.Clone(data), problem: problem, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	for {
		r.root = newTable(place{1, 1})
		r.parser.Reset(r.data)
		current := r.root
		for r.parser.NextExpression() {
			current = r.expression(r.parser.Expression(), current, r.told == 0)
		}
		err := r.parser.Error()
		if err == nil {
			return r.root, r.told == 0
		}
		if !r.passOver(err) {
			return r.root, false
		}
	}
}

// passOver tells a syntax error and blanks its line, keeping the place of everything else.
func (r *treeReader) passOver(err error) bool {
	var perr *unstable.ParserError
	if !errors.As(err, &perr) {
		r.problem(place{1, 1}, "%v", err)
		return false
	}
	offset := int(r.parser.Range(perr.Highlight).Offset)
	at := r.place(offset)
	if at.line != r.lastLine+1 || r.told == 0 {
		r.problem(at, "this is not TOML: %s", perr.Message)
	}
	r.lastLine = at.line
	r.told++
	start := bytes.LastIndexByte(r.data[:offset], '\n') + 1
	end := len(r.data)
	if n := bytes.IndexByte(r.data[offset:], '\n'); n >= 0 {
		end = offset + n
	}
	if len(bytes.TrimSpace(r.data[start:end])) == 0 { // nothing left to blank
		return false
	}
	copy(r.data[start:end], bytes.Repeat([]byte{' '}, end-start))
	return r.told < maxSyntaxErrors
}

func (r *treeReader) place(offset int) place {
	line := sort.SearchInts(r.lines, offset+1)
	return place{line, offset - r.lines[line-1] + 1}
}

func (r *treeReader) placeOf(n *unstable.Node) place { return r.place(int(n.Raw.Offset)) }

// A part is one word of a dotted key.
type part struct {
	word string
	at   place
}

func (r *treeReader) keyOf(n *unstable.Node) (parts []part) {
	for it := n.Key(); it.Next(); {
		parts = append(parts, part{string(it.Node().Data), r.placeOf(it.Node())})
	}
	return parts
}

// expression takes one line into the tree and answers with the table that the next belongs to.
func (r *treeReader) expression(n *unstable.Node, current *node, tell bool) *node {
	switch n.Kind {
	case unstable.KeyValue:
		r.keyValue(n, current, tell)
		return current
	case unstable.Table, unstable.ArrayTable:
		parts := r.keyOf(n)
		last := parts[len(parts)-1]
		parent := r.descend(r.root, parts[:len(parts)-1], tell, false)
		if parent == nil {
			return newTable(last.at) // what stands under a bad header is looked at nowhere
		}
		return r.table(parent, last, n.Kind == unstable.ArrayTable, tell)
	}
	return current
}

func (r *treeReader) table(parent *node, last part, array, tell bool) *node {
	have := parent.members[last.word]
	fresh := newTable(last.at)
	fresh.header = true
	switch {
	case have == nil && array:
		list := &node{at: last.at, key: last.at, kind: unstable.Array, tables: true, list: []*node{fresh}}
		parent.add(last.word, list)
		return fresh
	case have == nil:
		parent.add(last.word, fresh)
		return fresh
	case array && have.tables:
		have.list = append(have.list, fresh)
		return fresh
	case !array && have.kind == unstable.Table && !have.header && !have.closed:
		have.header = true
		return have
	}
	if tell {
		switch {
		case !array && have.tables:
			r.problem(last.at, "write [[%s]] with two brackets: there may be several", last.word)
		default:
			r.problem(last.at, "%q is there already, in line %d", last.word, have.key.line)
		}
	}
	return fresh
}

// descend goes down a dotted key, making tables where there are none.
func (r *treeReader) descend(from *node, parts []part, tell, value bool) *node {
	for _, p := range parts {
		next := from.members[p.word]
		switch {
		case next == nil:
			next = newTable(p.at)
			from.add(p.word, next)
		case next.tables && !value:
			next = next.list[len(next.list)-1]
		case next.kind != unstable.Table || next.closed:
			if tell {
				r.problem(p.at, "%q is there already, in line %d, and is no table", p.word, next.key.line)
			}
			return nil
		}
		from = next
	}
	return from
}

func (r *treeReader) keyValue(n *unstable.Node, into *node, tell bool) {
	parts := r.keyOf(n)
	last := parts[len(parts)-1]
	parent := r.descend(into, parts[:len(parts)-1], tell, true)
	if parent == nil {
		return
	}
	if have := parent.members[last.word]; have != nil {
		if tell {
			r.problem(last.at, "%q is given twice: it stands in line %d already", last.word, have.key.line)
		}
		return
	}
	parent.add(last.word, r.value(n.Value(), last.at, tell))
}

func (r *treeReader) value(n *unstable.Node, key place, tell bool) *node {
	v := &node{at: key, key: key, kind: n.Kind, text: string(n.Data)}
	if n.Raw.Length > 0 {
		v.at = r.placeOf(n)
	}
	switch n.Kind {
	case unstable.Array:
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.Comment {
				v.list = append(v.list, r.value(it.Node(), key, tell))
			}
		}
	case unstable.InlineTable:
		v.kind, v.members = unstable.Table, map[string]*node{}
		for it := n.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				r.keyValue(it.Node(), v, tell)
			}
		}
		v.closed = true
	}
	return v
}

// proveTOML asks go-toml whether the file is good TOML by every rule, some of which the
// tree does not know. It is asked last, when the tree found nothing.
func proveTOML(data []byte, problem func(place, string, ...any)) {
	var whole map[string]any
	err := toml.Unmarshal(data, &whole)
	if err == nil {
		return
	}
	var d *toml.DecodeError
	if errors.As(err, &d) {
		line, column := d.Position()
		problem(place{line, column}, "this is not TOML: %s", strings.TrimPrefix(d.Error(), "toml: "))
		return
	}
	problem(place{1, 1}, "this is not TOML: %s", strings.TrimPrefix(err.Error(), "toml: "))
}
