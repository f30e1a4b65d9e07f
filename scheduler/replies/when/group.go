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
	hiB      Bound // Before for the end of "after 3 but before 5"
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
	weak     bool // has only words that need support
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

// reader turns the elements of a group into segments.
type reader struct {
	p      *parser
	elems  []elem
	segs   []seg
	cur    seg
	bound  Bound
	boundS int // where the bound's words begin
	betw   bool
	of     bool // "de": perhaps the beginning of a range
	open   bool // "from" was said, and no end yet
	to     bool
	at     bool
	any    bool
	tight  bool  // the hyphen of "Friday-Jun-15"
	sawAny bool  // "any" was said: "but" rules out
	domLed bool  // "del": what follows is a day
	closed bool  // nothing more belongs to the current segment
	led    class // the article or preposition just before
	not    bool
	by     bool
	carry  bool // a "not" that goes on through a list
	joint  joint
	comma  bool
	prefix item
	prefS  int
	last   item // the last item placed
}

func (p *parser) interpret(elems []elem) {
	r := &reader{p: p, elems: elems, segs: p.list[:0]}
	r.clear()
	r.not = p.negated
	for k := range elems {
		if e := &elems[k]; e.op != cNone {
			r.operator(k, e)
		} else {
			r.place(k, e)
		}
	}
	r.close()
	r.share()
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
		r.tight = r.p.tied(e.start)
	case cBetween:
		r.betw = true
		r.setBound(From, e)
	case cFrom, cSince:
		r.setBound(From, e)
	case cAfter:
		r.setBound(After, e)
	case cBefore:
		r.setBound(Before, e)
	case cUntil:
		if r.last.kind != kNone && r.bound == Exact && !r.comma && r.joint == jNone {
			r.to = true // "from 3 until 5"
			return
		}
		r.setBound(Until, e)
	case cBy:
		r.setBound(Until, e)
		r.by = true
	case cNot:
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

// negate: "not Friday" rules out what follows; "Friday, no" and "Friday I can't" what
// stands before; "no, Friday is fine" nothing.
func (r *reader) negate(k int) {
	last := k+1 == len(r.elems)
	switch {
	case k > 0 && (last || r.elems[k+1].op == cComma || r.elems[k+1].op == cBut || r.elems[k+1].op == cNegPost):
		if r.elems[k-1].op == cNone || last {
			r.negateBack()
		}
	case !last && r.elems[k+1].op == cComma:
	default:
		r.not, r.any = true, false
	}
}

// negateBack: "Monday and Friday don't work" rules out both, back to the last "but".
func (r *reader) negateBack() {
	r.cur.not, r.closed = true, true
	for i := len(r.segs) - 1; i >= 0 && r.segs[i].joint != jBut; i-- {
		r.segs[i].not = true
	}
	if len(r.segs) > 0 && r.cur.joint == jBut {
		for i := range r.segs {
			r.segs[i].not = false
		}
	}
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
		r.bound, r.to, r.at, r.betw, r.not, r.joint, r.comma, r.any = Exact, false, false, false, false, jNone, false, false
		r.of, r.open, r.led = false, false, cNone
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
		r.joint, r.comma, r.to = jNone, false, false
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
		r.cur.end, r.to, r.at, r.last, r.joint, r.comma, r.bound = e.end, false, false, it, jNone, false, Exact
		r.of, r.open, r.led = false, false, cNone
		return
	}
	r.to = false
	if r.bound != Exact {
		start = min(start, r.boundS)
	}
	if r.finish(it) {
		r.cur.end, r.last = e.end, it
		r.bound, r.at, r.comma = Exact, false, false
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
	r.by = false
	r.open = r.of || r.bound == From || r.open && it.kind != kDay
	r.of, r.led = false, cNone
	r.bound, r.at, r.joint, r.comma, r.any = Exact, false, jNone, false, false
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
			s.weak = it.weak
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
	s.timeB, s.hiB = Exact, Before
}

// extend makes it the end of a range that the current segment began.
func (r *reader) extend(it item) bool {
	s := &r.cur
	switch {
	case s.inst.kind != kNone && it.kind == kInstant:
		s.instTo, s.dayBound = it, Exact
		return true
	case s.inst.kind != kNone && it.kind == kDay:
		spans, _ := r.p.resolve(it.day, r.p.today)
		if len(spans) != 1 {
			return false
		}
		s.instTo, s.dayBound = item{kind: kInstant, from: spans[0].to.at(0, r.p.zone)}, Exact
		return true
	case it.kind == kClock && s.lo.set && s.lastTime && !s.hi.set:
		s.hi = it.clk
		if s.timeB == From {
			s.timeB = Exact
		}
		if s.part != 0 {
			s.hiGuess = s.hi.half == 0
			s.hi = s.hi.withPart(s.part - 1)
		}
		return true
	case it.kind == kDay && s.day.set && !s.lastTime && !s.dayTo.set && s.day.dom == 0 && it.day.wk < 0 && it.day.mon != 0 && it.day.dom != 0 &&
		(s.day.wk >= 0 || r.tight && s.day.fixed && s.day.in.to-s.day.in.from == 1):
		s.day, _ = merge(s.day, it.day) // "Friday - Jun 15"
		return true
	case it.kind == kInstant && s.day.set && !s.timed():
		s.dayTo = oneDay(r.p.today) // "from Oct 3 until now"
		if s.dayBound == From {
			s.dayBound = Exact
		}
		return true
	case it.kind == kDay && s.day.set && !s.lastTime && !s.dayTo.set && it.n == 0:
		s.dayTo = it.day
		if s.dayBound == From {
			s.dayBound = Exact
		}
		return true
	case it.kind == kDay && s.day.set && s.lo.set && !s.hi.set && s.lastTime && !s.dayTo.set:
		s.dayTo, s.cross = it.day, true
		return true
	}
	return false
}

func (r *reader) placeZone(it item, e *elem) {
	if r.cur.lo.set {
		r.cur.zone, r.cur.end = it.zone, e.end
		for i := len(r.segs) - 1; i >= 0 && r.segs[i].lo.set && r.segs[i].zone == nil; i-- {
			r.segs[i].zone = it.zone
		}
	}
}

// merge puts together what two words say of the same days; false when they disagree.
func merge(a, b days) (days, bool) {
	if a.fixed && b.fixed {
		s := span{max(a.in.from, b.in.from), min(a.in.to, b.in.to)}
		out := a
		if b.in.to-b.in.from < a.in.to-a.in.from {
			out = b
		}
		out.in, out.work = s, a.work || b.work
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

// halfDay: "pm" right after a day is its afternoon; elsewhere it is nothing.
func (r *reader) halfDay(k int, e *elem) item {
	if k > 0 && r.elems[k-1].op == cNone && r.elems[k-1].item.kind == kDay && r.cur.day.set && !r.cur.timed() && r.p.bounded(e.end) {
		return item{kind: kPart, n: e.item.n}
	}
	return item{}
}

// tied says whether nothing but the sign at i stands between its neighbours.
func (p *parser) tied(i int) bool {
	return p.toks[i].tight && i+1 < len(p.toks) && p.toks[i+1].tight
}

// finish completes a range whose end has two traits: "from Mon 3pm to Tue at 5",
// "until Wed, 22 Jan".
func (r *reader) finish(it item) bool {
	s := &r.cur
	if r.joint != jNone || r.not || r.bound != Exact {
		return false
	}
	switch {
	case s.cross && !s.hi.set && it.kind == kClock:
		s.hi, s.lastTime = it.clk, true
		return true
	case it.kind == kDay && s.dayTo.set && it.day.fixed && it.day.in.to-it.day.in.from >= 5 && bareWeekday(s.day) && bareWeekday(s.dayTo):
		s.day, _ = merge(s.day, it.day) // "Mon-Wed next week"
		s.dayTo, _ = merge(s.dayTo, it.day)
		return true
	case it.kind == kDay && s.dayTo.set && !s.timed() && s.dayTo.wk >= 0 && s.dayTo.dom == 0 && !s.dayTo.fixed && it.day.wk < 0 && it.day.dom != 0:
		s.dayTo, _ = merge(s.dayTo, it.day)
		return true
	}
	return false
}

// placeLength gives the current segment an end: "at 2 for an hour", "from Dec 18 for ten days".
func (r *reader) placeLength(it item, e *elem) {
	s := &r.cur
	switch {
	case s.empty() || s.hi.set || s.dayTo.set || s.inst.kind != kNone:
		return
	case it.u < uDay && s.lo.set && (s.timeB == Exact || s.timeB == From):
		s.timeB = Exact
	case it.u >= uDay && s.dayOnly() && (s.dayBound == Exact || s.dayBound == From):
		s.dayBound = Exact
	default:
		return
	}
	s.forN, s.forU, s.end = it.n, it.u, e.end
}

func bareWeekday(d days) bool { return d.wk >= 0 && d.dom == 0 && d.mon == 0 && !d.fixed }

// onward opens what stands before it: "7pm or later", "6 or earlier"; before a time the
// words are a list and a bound: "Tuesday or after 3 on Wednesday".
func (r *reader) onward(k int, e *elem) {
	s := &r.cur
	if k+1 < len(r.elems) && r.elems[k+1].op == cNone {
		r.joint = max(r.joint, jList)
		if e.val == 1 {
			r.setBound(Before, e)
		} else {
			r.setBound(After, e)
		}
		return
	}
	b := From
	if e.val == 1 {
		b = Until
	}
	switch {
	case r.last.kind == kClock && s.lo.set && !s.hi.set && s.timeB == Exact:
		s.timeB, s.end = b, e.end
	case r.last.kind == kDay && s.dayOnly() && s.dayBound == Exact && !s.dayTo.set:
		s.dayBound, s.end = b, e.end
	}
}
