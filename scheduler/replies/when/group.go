package when

import "time"

// joint is how a segment is tied to the one before it.
type joint uint8

const (
	jNone joint = iota
	jList       // "or", "and", a comma
	jBut
)

// seg is one alternative of a phrase about time: days, a time of day, or both.
type seg struct {
	day      days
	dayTo    days  // "Monday to Friday"
	dayBound Bound // "after Tuesday"
	lo, hi   clock
	timeB    Bound // "after 3", with lo
	part     int   // 1 + index of parts; 0 for none
	partMany bool
	zone     *time.Location
	inst     item // kInstant
	instTo   item
	same     bool
	joint    joint
	not      bool
	refined  bool // a later hour made it more exact
	by       bool // a deadline: "by 5pm Friday"
	lastTime bool // the last thing said was a time of day
	forN     int  // "for two hours": how many
	forU     unit
	hiGuess  bool // hi took the half of the day from the part
	cross    bool // a range from a time on one day to a time on another
	dayFirst bool // the day was said before the time
	start    int  // tokens
	end      int
}

func (s *seg) empty() bool    { return !s.day.set && !s.timed() && s.inst.kind == kNone }
func (s *seg) timed() bool    { return s.lo.set || s.hi.set || s.part != 0 || s.same }
func (s *seg) dayOnly() bool  { return s.day.set && !s.timed() }
func (s *seg) timeOnly() bool { return !s.day.set && s.timed() }

// lead is what was said since the last item.
type lead struct {
	bound  Bound
	boundS int   // where the bound's words begin
	joint  joint // "or", "but"
	comma  bool
	to     bool // "to": an end of a range follows
	tight  bool // the hyphen of "Friday-Jun-15"
	at     bool // "at": an hour follows
	of     bool // "de": perhaps the beginning of a range
	any    bool
	by     bool  // a deadline follows
	domLed bool  // "del": what follows is a day
	led    class // the article or preposition just before
}

// reader turns the elements of a group into segments.
type reader struct {
	lead
	p      *parser
	elems  []elem
	segs   []seg
	cur    seg
	last   item // the last item placed
	betw   bool // "between" was said, and no "and" yet
	open   bool // "from" was said, and no end yet
	closed bool // nothing more belongs to the current segment
	not    bool // what follows is ruled out
	away   bool // it was "away" or "busy": "until" does not turn it
	carry  bool // a "not" that goes on through a list
	sawAny bool // "any" was said: "but" rules out
	prefix item // "end of", "first week of": changes the days that follow
	prefS  int
}

func (p *parser) interpret(elems []elem) {
	r := p.reader
	*r = reader{p: p, elems: elems, segs: p.list[:0]}
	r.clear()
	r.not, r.away = p.negated, p.notAway
	for k := range elems {
		if e := &elems[k]; e.op != cNone {
			r.operator(k, e)
		} else {
			r.place(k, e)
		}
	}
	r.close()
	r.share()
	p.withinLast(r.segs)
	segs := p.inherit(r.segs, elems[0].start)
	p.group = len(p.segs)
	p.segs = append(p.segs, segs...)
	p.list = r.segs
}

func (r *reader) clear() {
	r.cur = seg{start: -1}
	r.last = item{}
}

// close ends the current segment.
func (r *reader) close() {
	if !r.cur.empty() {
		r.segs = append(r.segs, r.cur)
	}
	r.clear()
}

func (r *reader) operator(k int, e *elem) {
	r.domLed = e.day
	switch e.op {
	case cOr, cAnd:
		if r.betw && r.last.kind != kNone && e.op == cAnd {
			r.to, r.betw = true, false
			return
		}
		r.joint = max(r.joint, jList)
	case cComma:
		r.comma = true
	case cBut:
		r.joint, r.carry = jBut, false
		if r.sawAny && k+1 < len(r.elems) && r.elems[k+1].op == cNone && r.elems[k+1].item.kind == kDay {
			r.not = true // "any day but Monday"
		}
	case cTo:
		r.to = r.last.kind != kNone || r.to
		if e.val == toUntil && r.last.kind == kDay {
			r.setBound(Until, e) // "Monday till 3", unless a day follows
		}
		r.tight = r.p.tied(e.start)
	case cBetween:
		r.betw = true
		r.setBound(From, e)
	case cFrom, cSince:
		r.setBound(From, e)
	case cAfter:
		r.setBound(r.turned(After), e)
	case cBefore:
		r.setBound(r.turned(Before), e)
	case cUntil:
		if r.last.kind != kNone && r.bound == Exact && !r.comma && r.joint == jNone {
			r.to = true // "from 3 until 5"
			if r.last.kind == kDay {
				r.setBound(Until, e)
			}
			return
		}
		r.setBound(r.turned(Until), e)
	case cBy:
		r.setBound(Until, e)
		r.by = true
	case cNot:
		r.away = e.val == 1
		r.negate(k)
	case cNegPost:
		if k > 0 && r.elems[k-1].op == cNone {
			r.negateBack()
		} else {
			r.negate(k)
		}
	case cAt:
		r.at = true
	case cOf:
		r.of = true
	case cThe, cOn, cOnDay:
		if e.op != cThe || r.led != cOnDay { // "on the 3rd"
			r.led = e.op
		}
	case cAny:
		r.any, r.sawAny = true, true
	case cOnward:
		r.onward(k, e)
	}
}

func (r *reader) setBound(b Bound, e *elem) {
	if r.bound == Exact {
		r.boundS = e.start
	}
	r.bound = b
}

// place puts the item of element k into the current segment, or begins a new one.
func (r *reader) place(k int, e *elem) {
	it := e.item
	if it.kind == kNum {
		it = r.role(k, e)
	}
	if it.kind == kHalf {
		it = r.halfDay(k, e)
	}
	if it.kind == kClock && r.last.kind == kClock && (r.open || r.cur.end == e.start) && r.p.means(e.start, cTo) {
		r.to = true // "de las 3 a las 5"
	}
	switch it.kind {
	case kNone:
		r.close()
		r.lead, r.betw, r.not, r.open = lead{}, false, false, false
		return
	case kEdge, kNth, kWeekOf, kShift:
		r.prefix, r.prefS = it, e.start
		return
	case kZone:
		r.placeZone(it, e)
		return
	case kFor:
		r.placeLength(it, e)
		return
	}
	if !r.p.supported(it, e, r) {
		r.close()
		r.lead = lead{}
		return
	}
	start := e.start
	if r.prefix.kind != kNone {
		if out, ok := r.p.applyPrefix(r.prefix, it); ok {
			it, start = out, r.prefS
		}
		r.prefix = item{}
	}
	if it.kind == kDay && r.any && it.day.wk >= 0 && !it.day.fixed {
		it.day.many = true
	}
	if r.to && r.extend(it) {
		r.cur.end, r.last, r.open, r.lead = e.end, it, false, lead{}
		return
	}
	r.to = false
	if r.bound != Exact {
		start = min(start, r.boundS)
	}
	if r.finish(it) {
		r.cur.end, r.last = e.end, it
		r.lead = lead{}
		return
	}
	if !r.fits(it) {
		r.begin()
	}
	r.add(it)
	if r.cur.start < 0 {
		r.cur.start = start
	}
	r.cur.end, r.last = e.end, it
	r.open = r.of || r.bound == From || r.open && it.kind != kDay
	r.lead = lead{}
}

// begin ends the current segment and opens the next of the list.
func (r *reader) begin() {
	had := !r.cur.empty()
	wasNot := r.cur.not
	r.close()
	r.cur.joint, r.closed = r.joint, false
	if r.cur.joint == jNone && had {
		r.cur.joint = jList
	}
	switch {
	case r.not:
		r.cur.not, r.carry = true, true
	case wasNot && r.carry && r.joint == jList:
		r.cur.not = true
	default:
		r.carry = false
	}
	r.not = false
}

// fits says whether it can be one more trait of the current segment.
func (r *reader) fits(it item) bool {
	s := &r.cur
	if s.empty() {
		if r.not {
			s.not, r.carry, r.not = true, true, false
		}
		return true
	}
	if r.closed || r.not || r.joint == jBut && !(r.bound != Exact && s.timeB != Exact && !s.hi.set && it.kind == kClock) {
		return false
	}
	if s.inst.kind != kNone || it.kind == kInstant {
		return false
	}
	list := r.joint == jList
	switch it.kind {
	case kClock, kSame:
		if s.lo.set || s.same {
			return s.lo.set && s.timeB != Exact && isUpper(r.bound) != isUpper(s.timeB) && r.bound != Exact && !s.hi.set
		}
		return !list
	case kPart:
		return !list && (s.part == 0 || s.hiGuess && r.last.kind == kClock)
	case kDay:
		if it.n != 0 && s.part != 0 {
			return false
		}
		if !s.day.set {
			return !list
		}
		if list || s.dayTo.set || s.timed() && s.day.wk >= 0 && it.day.wk >= 0 {
			return false
		}
		_, ok := merge(s.day, it.day)
		return ok && (!r.comma || !(s.day.rel && it.day.wk >= 0))
	}
	return false
}

func isUpper(b Bound) bool { return b == Before || b == Until }

// add gives the current segment the trait.
func (r *reader) add(it item) {
	s := &r.cur
	s.by = s.by || r.by
	switch it.kind {
	case kInstant:
		s.inst, s.dayBound = it, r.bound
	case kSame:
		s.same = true
	case kClock:
		r.addClock(it)
	case kPart:
		if s.part != 0 && s.hiGuess {
			s.hi.half, s.hiGuess = 0, false // "de 3 de la mañana a 5 de la tarde"
			s.hi = s.hi.withPart(it.n)
			return
		}
		s.part, s.partMany = it.n+1, it.bare
		if s.lo.set {
			s.lo = s.lo.withPart(it.n)
			s.hi = s.hi.withPart(it.n)
		}
		s.timeB = maxBound(s.timeB, r.bound)
	case kDay:
		if s.day.set {
			s.day, _ = merge(s.day, it.day)
		} else {
			s.day, s.dayFirst = it.day, !s.timed()
		}
		if it.n != 0 {
			s.part = it.n
			s.lo = s.lo.withPartIfSet(it.n - 1)
		}
		if r.bound != Exact {
			s.dayBound = r.bound
		}
	}
	s.lastTime = it.kind != kDay
}

func maxBound(a, b Bound) Bound {
	if b != Exact {
		return b
	}
	return a
}

func (c clock) withPartIfSet(i int) clock {
	if c.set {
		return c.withPart(i)
	}
	return c
}

func (r *reader) addClock(it item) {
	s := &r.cur
	if s.part != 0 {
		it.clk = it.clk.withPart(s.part - 1)
	}
	if !s.lo.set {
		s.lo, s.timeB = it.clk, r.bound
		return
	}
	if isUpper(r.bound) {
		s.hi = it.clk
	} else {
		s.lo, s.hi = it.clk, s.lo
	}
	s.timeB = Exact
}

// merge puts together what two words say of the same days; false when they disagree.
func merge(a, b days) (days, bool) {
	if a.fixed && b.fixed {
		s := span{max(a.in.from, b.in.from), min(a.in.to, b.in.to)}
		out := a
		if b.in.to-b.in.from < a.in.to-a.in.from {
			out = b
		}
		out.in, out.mask = s, a.mask|b.mask
		return out, s.from < s.to
	}
	if b.fixed {
		a, b = b, a
	}
	out := a
	if b.wk >= 0 {
		if out.wk >= 0 && out.wk != b.wk {
			return out, false
		}
		out.wk, out.many = b.wk, out.many || b.many
	}
	if b.dom != 0 {
		if out.dom != 0 || out.fixed && out.in.to-out.in.from > 31 {
			return out, false
		}
		out.dom, out.altD, out.altM = b.dom, b.altD, b.altM
	}
	if b.mon != 0 {
		if out.mon != 0 {
			return out, false
		}
		out.mon = b.mon
	}
	if b.yr != 0 {
		out.yr = b.yr
	}
	if b.dom != 0 || b.wk >= 0 {
		out.grain = Day
	}
	if a.fixed && a.in.to-a.in.from == 1 && b.mon == 0 && b.dom == 0 && b.wk >= 0 && a.in.from.weekday() != b.wk {
		return out, false
	}
	return out, true
}
