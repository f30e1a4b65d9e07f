package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
)

// plans reads what the organizer writes of a meeting that is to come: that it is off
// (AcceptOther: other times are to be offered), when it is instead (Counter), that the two
// have met already (OrderMet), or orders by name. A meeting that stands is moved by nothing
// less than words that are all understood and all agree; one word too many is Unclear.
func (r *reader) plans() Reading {
	unclear := func(why string) Reading { return Reading{Kind: Unclear, Why: []string{why}} }
	us, rest := r.unitsAndRest()
	if len(us) == 0 || rest != "" || len(us) > maxAhead {
		return unclear("nothing, or too much, was written besides what was quoted")
	}
	var said aheadSaid
	for _, u := range us {
		before := said
		if u.agrees() || u.plan(&said) {
			continue
		}
		if said = before; !u.isSignature() {
			return r.namedOrders(unclear("not every word is clear in " + quoted(u.text)))
		}
	}
	switch {
	case said.count() > 1 && !said.offAnd():
		return unclear("it says several things at once")
	case said.met:
		return Reading{Kind: Command, Orders: []Order{{Verb: OrderMet, Words: strings.TrimSpace(r.full)}}, Why: []string{"they have met already"}}
	case said.hour != nil:
		w := Window{From: said.hour.From.UTC(), To: said.hour.To.UTC()}
		return Reading{Kind: Counter, Windows: []Window{w}, Theirs: said.theirs, Why: []string{"it is to be then"}}
	case said.off || said.again:
		return Reading{Kind: AcceptOther, Theirs: said.theirs, Why: []string{"it is off, and other times are wanted"}}
	}
	return Reading{Kind: Unclear, OK: true, Why: []string{"agrees, and orders nothing"}}
}

// maxAhead bounds the sentences of such an order; a letter is none.
const maxAhead = 6

// aheadSaid is what the sentences have said so far.
type aheadSaid struct {
	met    bool        // it took place already
	off    bool        // it cannot be
	theirs bool        // because the other cannot
	again  bool        // other times are wanted
	hour   *when.Found // it is to be then
}

func (s aheadSaid) count() (n int) {
	for _, is := range []bool{s.met, s.off, s.again, s.hour != nil} {
		if is {
			n++
		}
	}
	return n
}

// offAnd says that what was said fits together: it is off, and what is to be instead or why.
func (s aheadSaid) offAnd() bool { return s.count() == 2 && s.off }

// plan reads one sentence; false when a word of it is not understood.
func (u *unit) plan(s *aheadSaid) bool {
	r := u.r
	var times []when.Found
	moves, asked := false, false
	for i := 0; i < len(r.toks); {
		if f, n := u.timeAt(i); n > 0 {
			times = append(times, f)
			i += n
			continue
		}
		n, sg := r.x.match(aboutAhead, r.ids, r.toks, i, len(r.toks))
		if name, k := r.nameAt(i); n == 0 && k > 0 {
			if m, of := r.x.match(aboutAhead, r.ids, r.toks, i+k, len(r.toks)); name != "" && m > 0 && of == theyOff {
				n, sg = k+m, theyOff
			} else if i+k == len(r.toks) || i == 0 { // "Move it, Indy": somebody is addressed
				n, sg = k, plainWord
			}
		}
		switch sg {
		case metAhead:
			s.met = true
		case callItOff:
			s.off = true
		case theyOff, theyOffSay:
			s.off, s.theirs = true, true
		case findAnew:
			s.again = true
		case moveAhead:
			moves = true
		case askOf:
			asked = true
		case plainWord, greeting, closing, sorry:
		default:
			return false
		}
		i += n
	}
	if strings.HasSuffix(strings.TrimSpace(u.text), "?") && !asked {
		return false
	}
	return u.planTimes(s, times, moves)
}

// planTimes holds the times in a sentence against what it says: to which hour the meeting
// moves, when the two have met, or its own day.
func (u *unit) planTimes(s *aheadSaid, times []when.Found, moves bool) bool {
	if moves {
		if len(times) != 1 || s.hour != nil || !exactHour(times[0]) || !times[0].From.After(u.r.c.Now) {
			return false
		}
		s.hour = &times[0]
		return true
	}
	for _, f := range times {
		past := s.met && !f.From.After(u.r.c.Now)
		own := s.off && !f.From.After(u.r.c.Meeting.From) && f.To.After(u.r.c.Meeting.From)
		if !past && !own {
			return false
		}
	}
	return true
}

// exactHour says that a time names an hour, and not only a day or a part of one.
func exactHour(f when.Found) bool {
	return !f.Not && f.Bound == when.Exact && (f.Grain == when.Minute || f.Grain == when.Hour) && f.To.Sub(f.From) <= time.Hour
}

// timeAt is the time whose words begin at token i, and how many tokens it has.
func (u *unit) timeAt(i int) (when.Found, int) {
	for _, f := range u.r.found() {
		if f.Start != u.r.toks[i].start {
			continue
		}
		n := 0
		for i+n < len(u.r.toks) && u.r.toks[i+n].end <= f.End {
			n++
		}
		return f, n
	}
	return when.Found{}, 0
}

// namedOrders are the orders of a digest, where each says whom it is about; else otherwise.
func (r *reader) namedOrders(otherwise Reading) Reading {
	d := r.digest()
	if d.Kind != Command || d.Passed != "" {
		return otherwise
	}
	for _, o := range d.Orders {
		if o.Name == "" && o.Verb != OrderHandsOff && o.Verb != OrderHandBack {
			return otherwise
		}
	}
	return d
}
