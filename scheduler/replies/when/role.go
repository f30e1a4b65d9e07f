package when

// This file decides whether a word that may be a time is one: a bare number, a common
// word that is also a weekday or a month, an ordinal.

// linksList says whether an operator may stand between numbers of one list or range.
func linksList(c class) bool {
	return c == cOr || c == cAnd || c == cComma || c == cTo || c == cUntil || c == cThe || c == cGlue || c == cOf
}

// ahead is the first item after element k that only numbers and list words separate
// from it; last is the last number before it, and tied says that there is such an item.
func (r *reader) ahead(k int) (it item, last elem, tied bool, by class) {
	last = r.elems[k]
	joined := false
	for _, e := range r.elems[k+1:] {
		switch {
		case e.op != cNone && (linksList(e.op) || e.op == cAt && joined):
			joined, by = true, e.op
		case (e.op == cOn || e.op == cOnDay) && !joined:
		case e.op != cNone:
			return item{}, last, false, by
		case e.item.kind == kNum && joined && by == cOf:
			return item{}, last, false, by
		case e.item.kind == kNum && joined:
			last, joined = e, false
		case e.item.kind == kPart && !e.item.weak:
			return e.item, last, true, by
		default:
			return e.item, last, joined, by
		}
	}
	return item{}, last, false, by
}

// role says what the bare number of element k is: an hour, a day of the month, nothing.
func (r *reader) role(k int, e *elem) item {
	n, s := e.item.n, &r.cur
	hour := item{kind: kClock, clk: e.item.clk, wk: -1}
	hours := n <= 24 && (n > 0 || e.item.clk.half == 3) && !e.item.ordinal
	next, last, tied, by := r.ahead(k)
	ofDate := by == cOf && last.start != e.start && next.kind == kDay && next.day.mon != 0 && r.domFirst(k) // "de 5 a 6 del 1 de enero"
	ends := r.p.bounded(last.end)
	if k > 0 && r.elems[k-1].op == cTo && !r.to && !r.at {
		return item{} // the beginning of this range was no time
	}
	switch {
	case (r.prefix.kind == kWeekOf || r.domLed && !(tied && next.kind == kDay)) && ends:
		return monthDay(n, days{})
	case r.to && r.last.kind == kDay && r.last.day.dom != 0, (r.joint == jList || r.comma) && r.last.kind == kDay && r.last.day.dom != 0 && r.bound == Exact && !r.at && !(tied && next.kind == kClock):
		if r.last.day.mon != 0 && r.p.loose(last.end) || ends {
			return monthDay(n, r.last.day)
		}
	case next.kind == kDay && next.day.fixed && next.day.grain == Month && (tied || last.start != e.start || e.item.ordinal || r.to):
		return monthDay(n, next.day)
	case tied && !ofDate && next.kind == kDay && next.day.dom != 0 && (next.day.mon != 0 || next.day.fixed || ends) && next.day.altD == 0 && r.domFirst(k):
		return monthDay(n, next.day)
	case e.item.ordinal && tied && next.kind == kNum:
		return monthDay(n, days{})
	case !hours:
	case ofDate:
		return hour
	case tied && (next.kind == kClock && !next.bare || next.kind == kPart) && last.start != e.start || next.kind == kPart && !next.weak && r.plain(e):
		return hour
	case r.of && (last.start != e.start && ends && r.ranges(k) || next.kind == kClock && r.p.means(r.elems[k+1].start, cTo)):
		return hour
	case last.start != e.start && ends && next.kind == kDay && next.day.dom == 0 && next.day.mon == 0 && next.day.grain == Day && !next.day.many && r.plain(e):
		return hour
	case tied && next.kind == kClock && !next.bare:
		return hour
	case (r.led == cThe || r.led == cOnDay || r.of || e.item.ordinal) && r.bound == Exact && (!r.at || e.item.ordinal) && !r.betw && ends && !(hours && (r.ranges(k) || last.start != e.start)) && (r.others(e, kClock) || s.lo.set) && (!s.day.set || r.joint != jNone):
		return monthDay(n, days{})
	case r.to && r.last.kind == kClock && (ends || s.day.set && r.p.loose(last.end) || !r.last.bare && r.p.loose(last.end)):
		return hour
	case (r.at || r.bound != Exact) && (ends || r.hasDay() && r.p.loose(last.end)):
		return hour
	case (r.joint == jList || r.comma) && r.last.kind == kClock && ends:
		return hour
	}
	if hours && s.part != 0 && !s.lo.set && ends && n <= 12 && r.joint == jNone {
		return hour // "next Monday morning 6-8"
	}
	if s.day.set && !s.timed() && r.last.kind == kDay && ends && !r.to && r.joint == jNone {
		return r.afterDay(n, hours, hour)
	}
	if hours && r.adjacentDay(k) && r.plain(e) {
		return hour
	}
	return item{}
}

// plain says whether no unknown word stands before e: not "building 4 this afternoon".
func (r *reader) plain(e *elem) bool {
	if e.start == 0 {
		return true
	}
	for i := range r.elems {
		if r.elems[i].end == e.start {
			return true
		}
	}
	t := r.p.toks[e.start-1]
	if t.kind == tokMark || t.line || t.kind == tokNumber {
		return true
	}
	return len(t.terms) > 0 && t.terms[0].class != cNoun
}

// ranges says whether the number of element k begins a range: "5 to", "5 -".
func (r *reader) ranges(k int) bool {
	return k+1 < len(r.elems) && (r.elems[k+1].op == cTo || r.elems[k+1].op == cUntil)
}

// adjacentDay: "8 tonight", "9 tomorrow evening".
func (r *reader) adjacentDay(k int) bool {
	if k+1 >= len(r.elems) {
		return false
	}
	next := r.elems[k+1]
	return next.op == cNone && next.item.kind == kDay && next.item.day.rel && !next.item.period && next.item.day.in.to-next.item.day.in.from == 1
}

// domFirst says whether the date after element k begins with its day: "13 to 15 July".
func (r *reader) domFirst(k int) bool {
	for _, e := range r.elems[k+1:] {
		if e.op == cNone && e.item.kind == kDay {
			for i := e.start; i < e.end; i++ {
				for _, t := range r.p.toks[i].terms {
					if t.class == cMonth {
						return false
					}
					if t.class == cNum || t.class == cOrd {
						return true
					}
				}
			}
		}
	}
	return false
}

func monthDay(n int, like days) item {
	d := days{set: true, wk: -1, dom: n, mon: like.mon, yr: like.yr, fixed: like.fixed, in: like.in, grain: Day}
	if n < 1 || n > 31 {
		return item{}
	}
	return dayItem(d)
}

// afterDay: "Tuesday 19" is a date when the 19th is a Tuesday, "Tuesday 3" else an hour.
func (r *reader) afterDay(n int, hours bool, hour item) item {
	d := r.cur.day
	if d.dom != 0 || d.mon != 0 || d.fixed && d.grain != Day {
		if d.fixed && d.grain == Month && n >= 1 && n <= 31 {
			return monthDay(n, d)
		}
		if hours && n <= 12 {
			return hour
		}
		return item{}
	}
	dom := dayItem(days{set: true, wk: -1, dom: n, grain: Day})
	if n >= 1 && n <= 31 && !d.many {
		if d.fixed {
			if d.in.to-d.in.from == 1 && d.in.from.dom() == n {
				return dom
			}
		} else if next, ok := r.p.nextDom(n, r.p.today); ok && next.weekday() == d.wk || n > 12 || !hours || r.clockAfter() {
			return dom
		}
	}
	if hours && n <= 12 {
		return hour
	}
	return item{}
}

// clockAfter says whether the group says the hour itself: "martes 4 a las siete".
func (r *reader) clockAfter() bool {
	for i := range r.elems {
		if r.elems[i].item.kind == kClock && !r.elems[i].item.bare {
			return true
		}
	}
	return false
}

// hasDay says whether the group names a day anywhere.
func (r *reader) hasDay() bool {
	for i := range r.elems {
		if it := &r.elems[i].item; it.kind == kDay && !it.weak {
			return true
		}
	}
	return false
}

// supported says whether an item that needs support has it.
func (p *parser) supported(it item, e *elem, r *reader) bool {
	led := r.at || r.bound != Exact || r.to || r.cur.day.set
	switch {
	case it.kind == kClock && it.bare:
		return (led || r.preposed(e)) && p.bounded(e.end) || !it.figures && r.neighbour(e) || r.others(e, kDay) && led && p.loose(e.end) || r.others(e, kPart) && led
	case it.lone && it.worded:
		return p.bounded(e.end) && (r.led == cOnDay || r.bound != Exact) || r.goesOn(e) || r.others(e, kDay) || r.others(e, kClock)
	case it.lone:
		return p.bounded(e.end) || r.goesOn(e) || (r.others(e, kDay) || r.others(e, kClock)) && p.loose(e.end)
	case !it.weak:
		return true
	case r.neighbour(e):
		return true
	case it.kind == kPart:
		return led || p.alone(e, r) && it.n != pLunch && it.n != pDinner && it.n != pBreakfast
	case it.day.mon != 0:
		// A name too: "April works with Jan".
		return p.first(e.start) && p.toks[e.start].upper && (e.end >= len(p.toks) || p.toks[e.end].kind == tokMark || p.toks[e.end].line) || r.preposed(e) && p.loose(e.end)
	}
	return p.alone(e, r) || p.toks[e.start].upper && !p.first(e.start) && !r.article(e) && p.weakEnd(e.end)
}

// goesOn says whether the next element follows e at once, and is about time.
func (r *reader) goesOn(e *elem) bool {
	for i := range r.elems {
		if o := &r.elems[i]; o.start == e.end {
			return o.op == cNone && o.item.kind != kNum
		}
	}
	return false
}

// others says whether another element of the group is a sure item of that kind.
func (r *reader) others(e *elem, kind itemKind) bool {
	for i := range r.elems {
		if o := &r.elems[i]; o.op == cNone && o.start != e.start && o.item.kind == kind && !o.item.bare && !o.item.weak && !o.item.lone {
			return true
		}
	}
	return false
}

// neighbour says whether an item about time stands right beside e, glue apart, or in
// one list with it.
func (r *reader) neighbour(e *elem) bool {
	k := 0
	for r.elems[k].start != e.start {
		k++
	}
	for _, step := range [2]int{-1, 1} {
		for i := k + step; i >= 0 && i < len(r.elems); i += step {
			o := &r.elems[i]
			if o.op == cThe || o.op == cNot {
				break
			}
			if o.op != cNone {
				continue
			}
			if !o.item.weak && o.item.kind != kZone && (o.item.kind != kNum || i == k+1 && r.p.bounded(o.end)) {
				return true
			}
			if o.item.weak && o.item.kind == e.item.kind && i != k+step {
				return true // "sat or sun"
			}
			if o.item.weak && o.item.kind != e.item.kind {
				return true // "sat morning"
			}
			break
		}
	}
	return false
}

// preposed says whether the operator before e shows that a time follows.
func (r *reader) preposed(e *elem) bool {
	for i := range r.elems {
		if o := &r.elems[i]; o.end == e.start && o.op != cNone {
			switch o.op {
			case cOn, cOnDay, cAfter, cBefore, cUntil, cBy, cFrom, cSince, cBetween, cAny, cOr:
				return true
			case cTo:
				return i > 0
			}
		}
	}
	return r.prefix.kind != kNone
}

func (r *reader) article(e *elem) bool {
	for i := range r.elems {
		if o := &r.elems[i]; o.end == e.start && o.op == cThe {
			return true
		}
	}
	return false
}

// alone says whether e stands by itself: between the ends of lines or sentences, or
// after a preposition, with nothing after it that would make it another word.
func (p *parser) alone(e *elem, r *reader) bool {
	return (p.first(e.start) || r.preposed(e)) && p.weakEnd(e.end)
}

// first says whether the token at i begins the text, a line or a sentence, or follows a sign.
func (p *parser) first(i int) bool {
	if i == 0 || p.toks[i].line || p.toks[i-1].kind == tokMark && p.toks[i-1].id != p.lex.hyphen {
		return true
	}
	for _, t := range p.toks[i-1].terms {
		if t.class == cFollow || t.class == cOr || t.class == cNot {
			return i == 1 || p.toks[i-1].line || t.class != cFollow || i >= 2 && p.toks[i-2].kind == tokMark
		}
	}
	return false
}

// weakEnd is bounded, but for words that may go on with a verb: "March on".
func (p *parser) weakEnd(end int) bool {
	if !p.bounded(end) {
		return false
	}
	if end < len(p.toks) && !p.toks[end].line && p.toks[end].kind == tokWord {
		for _, t := range p.toks[end].terms {
			switch t.class {
			case cFollow, cOr, cTo, cUntil, cWday, cMonth, cPart, cAnd, cBut, cNegPost, cAt, cClock:
				return true
			}
		}
		return false
	}
	return true
}
