package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// digest reads orders, a line each or several in a line. An order whose name fits nobody,
// or several people, has Name "": the organizer is asked, never obeyed at a guess. A mail
// that only agrees ("ok") has OK and no orders.
func (r *reader) digest() Reading {
	out := Reading{Kind: Command}
	var odd []string
	us, rest := r.unitsAndRest()
	if rest != "" {
		odd = append(odd, rest)
	}
	for _, u := range us {
		for _, part := range u.orderParts() {
			o, ok := part.order()
			switch {
			case ok && o.Verb == OrderDone && o.Name == "" && len(out.Orders) > 0 && out.Orders[len(out.Orders)-1].Verb == OrderDone:
				// "Lee printed it, done" says it twice
			case ok:
				out.Orders = append(append(out.Orders, o), part.likewise(o)...)
			case part.agrees():
				out.OK = true
			case !part.politeOrder():
				odd = append(odd, part.text)
			}
		}
	}
	if len(out.Orders) > 0 {
		out.OK = false
		out.Passed = strings.Join(odd, "\n")
		out.Why = []string{plural(len(out.Orders), "order")}
		return out
	}
	if len(odd) > 0 {
		return Reading{Kind: Unclear, Why: []string{"no order is known in " + quoted(odd[0])}}
	}
	if out.OK {
		out.Why = []string{"agrees, and orders nothing"}
		return out
	}
	return Reading{Kind: Unclear, Why: []string{"there is no order in it"}}
}

// orderParts cuts a line at commas and "and" where the next part begins like an order.
func (u *unit) orderParts() []unit {
	if len(u.r.toks) > maxSplit {
		return []unit{*u}
	}
	var out []unit
	begin, weighed := 0, 0
	for i := 1; i <= len(u.r.toks); i++ {
		if i < len(u.r.toks) {
			if weighed == maxParts {
				continue
			}
			_, s := u.r.x.match(aboutSteps, u.r.ids, u.r.toks, i, i+1)
			joined := s == conj || u.r.toks[i-1].after != space
			if !joined {
				continue
			}
			weighed++
			left, right := u.r.part(begin, i), u.r.part(i, len(u.r.toks))
			_, lok := left.order()
			_, rok := right.order()
			if !lok || !rok {
				continue
			}
		}
		out = append(out, u.r.part(begin, i))
		begin = i
	}
	return out
}

// order reads one order: the verb first, or the name first ("Ana done").
func (u *unit) order() (Order, bool) {
	r := u.r
	i := 0
	for i < len(r.toks) {
		if n, s := r.x.match(aboutOrders, r.ids, r.toks, i, len(r.toks)); n > 0 && (s == filler || s == greeting || s == conj) {
			i += n
			continue
		}
		break
	}
	if i >= len(r.toks) {
		return Order{}, false
	}
	o := Order{Words: strings.TrimSpace(u.text)}
	n, s := r.x.match(aboutOrders, r.ids, r.toks, i, len(r.toks))
	if v := orderVerbs[s]; v != "" && n > 0 {
		return u.verbFirst(o, v, s, i+n)
	}
	name, k := r.nameAt(i)
	if k == 0 {
		return Order{}, false
	}
	for j := i + k; j < len(r.toks) && j < i+k+4; j++ {
		n, s := r.x.match(aboutOrders, r.ids, r.toks, j, len(r.toks))
		v := orderVerbs[s]
		if v == "" || n == 0 || v == OrderGo || v == OrderPutBack || v == OrderCallOff {
			continue
		}
		o.Verb, o.Name = v, name
		if v == OrderSnooze {
			o.Until = u.snoozedTo()
		}
		return o, true
	}
	return Order{}, false
}

var orderVerbs = [signCount]OrderVerb{propSome: OrderPropose, snooze: OrderSnooze, stopSome: OrderStop, forgetSome: OrderForget, metSome: OrderMet,
	handBack: OrderHandBack, handsOff: OrderHandsOff, done: OrderDone, goOn: OrderGo, digestNow: OrderDigest,
	putBack: OrderPutBack, callOff: OrderCallOff}

func (u *unit) verbFirst(o Order, v OrderVerb, s sign, at int) (Order, bool) {
	r := u.r
	o.Verb = v
	if v == OrderDigest {
		return o, true
	}
	for i := at; i < len(r.toks) && i < at+5; i++ {
		if name, k := r.nameAt(i); k > 0 {
			o.Name = name
			break
		}
	}
	if v == OrderSnooze {
		o.Until = u.snoozedTo()
	}
	if nobodys := v == OrderGo || v == OrderPutBack || v == OrderCallOff; nobodys && (o.Name != "" || len(r.toks) > at+3) {
		return Order{}, false
	}
	return o, true
}

// likewise is the same order for the others who are named with the first: "propose Ana and Bo".
func (u *unit) likewise(o Order) []Order {
	r := u.r
	var out []Order
	first, i := true, 0
	for i < len(r.toks) && o.Name != "" {
		name, k := r.nameAt(i)
		if k == 0 {
			if n, s := r.x.match(aboutSteps, r.ids, r.toks, i, i+1); !first && (n == 0 || s != conj && s != filler) {
				return out
			}
			i++
			continue
		}
		if !first {
			more := o
			more.Name = name
			out = append(out, more)
		}
		first, i = false, i+k
	}
	return out
}

// snoozedTo is the day until which someone rests.
func (u *unit) snoozedTo() slots.Date {
	for _, f := range u.r.found() {
		d := slots.DateOf(f.From, u.r.c.Zone)
		if f.Bound == when.Until || f.Bound == when.Before {
			d = slots.DateOf(f.To.Add(-time.Second), u.r.c.Zone)
		}
		if (f.Grain == when.Month || f.Grain == when.Week) && f.Bound == when.Exact && !d.After(u.today()) {
			d = firstWorking(slots.DateOf(f.To, u.r.c.Zone)) // "skip her this month"
		} else if f.Grain == when.Month {
			d = firstWorking(slots.Date{Year: d.Year, Month: d.Month, Day: 1})
		}
		if d.After(u.today()) {
			return d
		}
	}
	if d := u.duration(); d.After(u.today()) {
		return d
	}
	if d := u.r.seasonUntil(); d.After(u.today()) {
		return d
	}
	return slots.Date{}
}

// agrees says that the unit is an "ok" and nothing else.
func (u *unit) agrees() bool {
	yes := false
	for i := 0; i < len(u.r.toks); {
		n, s := u.r.x.match(aboutOK, u.r.ids, u.r.toks, i, len(u.r.toks))
		switch s {
		case sendIt:
			yes = true
		case filler, closing, greeting:
		default:
			return false
		}
		i += max(n, 1)
	}
	return yes
}

func (u *unit) politeOrder() bool {
	for i := 0; i < len(u.r.toks); {
		n, s := u.r.x.match(aboutOrders, u.r.ids, u.r.toks, i, len(u.r.toks))
		if s != closing && s != greeting {
			if _, k := u.r.nameAt(i); k > 0 && len(u.r.toks) == k {
				return true
			}
			return false
		}
		i += n
	}
	return true
}
