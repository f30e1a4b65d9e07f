package replies

import "sync"

// A room is where a mail is read: what is built up there and torn down again for each.
type room struct {
	toks    []token
	ids     []uint32
	items   []item
	clauses []clause
	taken   bool // items and clauses are in use
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// maxRoom is the most tokens that a room is kept for.
const maxRoom = 4096

// take is room for the clauses and items of n tokens, the second time and outside of any
// room new ones.
func (r *room) take(n int) ([]clause, []item) {
	if r == nil || r.taken {
		return make([]clause, 0, 4+n/8), make([]item, 0, n)
	}
	r.taken = true
	if cap(r.items) < n {
		r.items, r.clauses = make([]item, 0, n), make([]clause, 0, 4+n/3)
	}
	return r.clauses[:0], r.items[:0]
}

// used says how the room that take gave was used.
func (r *room) used(clauses []clause, items []item) {
	if r != nil && cap(items) == cap(r.items) {
		r.clauses, r.items = clauses, items
	}
}

// leave clears the room, so that nothing of a mail outlives its reading, and gives it back.
func (r *room) leave() {
	if cap(r.toks) > maxRoom {
		return
	}
	clear(r.toks)
	clear(r.items)
	clear(r.clauses)
	r.items, r.clauses, r.taken = r.items[:0], r.clauses[:0], false
	rooms.Put(r)
}
