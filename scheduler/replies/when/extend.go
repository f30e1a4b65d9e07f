package when

// This file gives segments their ends: ranges, lengths, "or later", a zone.

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
	joined := r.cur.joint
	for i := len(r.segs) - 1; i >= 0 && joined != jBut; i-- {
		r.segs[i].not = true
		joined = r.segs[i].joint
	}
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

// turned is the bound that remains of a negated one, where nothing else was said: "I
// can't before 5" leaves what is from 5 on, "not available until Monday" from Monday on.
func (r *reader) turned(b Bound) Bound {
	if !r.not || r.away || len(r.segs) > 0 || !r.cur.empty() {
		return b
	}
	r.not = false
	if b == After {
		return Until
	}
	return From
}
