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

// number is a bare number of a group, with what its neighbours say of it.
type number struct {
	*reader
	k     int
	e     *elem
	n     int
	hour  item  // what it is as an hour
	hours bool  // it can be one
	next  item  // the first item ahead that only list words separate from it
	last  elem  // the last number of the list or range that it begins
	tied  bool  // there is such an item
	by    class // the last word before that item
	one   bool  // it begins no list or range
	ends  bool  // the words after the list agree with a time
	loose bool  // they do not contradict it
}

// roles are asked in order what a bare number is.
var roles = []func(number) (item, bool){
	number.dayByLead, number.dayLikeLast, number.dayLikeNext, number.hourLikeNext, number.dayByArticle, number.hourByLead, number.besideDay,
}

// role says what the bare number of element k is: an hour, a day of the month, nothing.
func (r *reader) role(k int, e *elem) item {
	if k > 0 && r.elems[k-1].op == cTo && !r.to && !r.at {
		return item{} // the beginning of this range was no time
	}
	x := number{reader: r, k: k, e: e, n: e.item.n, hour: item{kind: kClock, clk: e.item.clk, wk: -1}}
	x.hours = x.n <= 24 && (x.n > 0 || e.item.clk.half == 3) && !e.item.ordinal
	x.next, x.last, x.tied, x.by = r.ahead(k)
	x.one = x.last.start == e.start
	x.ends, x.loose = r.p.bounded(x.last.end), r.p.loose(x.last.end)
	for _, rule := range roles {
		if it, ok := rule(x); ok {
			return it
		}
	}
	return item{}
}

func (x number) asDay(like days) (item, bool) {
	it := monthDay(x.n, like)
	return it, it.kind != kNone
}

// dayByLead: "la semana del 7", "antes del 10".
func (x number) dayByLead() (item, bool) {
	if x.ends && (x.prefix.kind == kWeekOf || x.domLed && !(x.tied && x.next.kind == kDay)) {
		return x.asDay(days{})
	}
	return item{}, false
}

// dayLikeLast: "July 13-15", "Dec 3 or 4".
func (x number) dayLikeLast() (item, bool) {
	last := x.reader.last
	listed := (x.joint == jList || x.comma) && x.bound == Exact && !x.at && !(x.tied && x.next.kind == kClock)
	if last.kind == kDay && last.day.dom != 0 && (x.to || listed) && (last.day.mon != 0 && x.loose || x.ends) {
		return x.asDay(last.day)
	}
	return item{}, false
}

// ofDate: the numbers are hours and the date stands after them, "de 5 a 6 del 1 de enero".
func (x number) ofDate() bool {
	return x.by == cOf && !x.one && x.next.kind == kDay && x.next.day.mon != 0 && x.domFirst(x.k)
}

// dayLikeNext: "13 to 15 July", "3rd or 4th of May", "4 to 23 next month".
func (x number) dayLikeNext() (item, bool) {
	d := x.next.day
	switch {
	case x.next.kind == kDay && d.fixed && d.grain == Month && (x.tied || !x.one || x.e.item.ordinal || x.to):
		return x.asDay(d)
	case x.by == cOf && x.to && x.reader.last.kind == kClock: // "de 5 a 6 del 1 de enero"
	case x.next.kind == kDay && x.tied && !x.ofDate() && d.dom != 0 && d.altD == 0 && (d.mon != 0 || d.fixed || x.ends) && x.domFirst(x.k):
		return x.asDay(d)
	case x.e.item.ordinal && x.tied && x.next.kind == kNum:
		return x.asDay(days{})
	}
	return item{}, false
}

// hourLikeNext: "2 or 4pm", "10 - 11 at night", "de 11 a 3", "6-8 next Monday".
func (x number) hourLikeNext() (item, bool) {
	if !x.hours || x.dated() {
		return item{}, false
	}
	sure := x.next.kind == kClock && !x.next.bare
	d := x.next.day
	switch {
	case x.ofDate(),
		x.tied && sure,
		x.next.kind == kPart && (x.tied && !x.one || !x.next.weak && x.plain(x.e)),
		x.of && !x.one && x.ends && x.ranges(x.k),
		x.of && x.next.kind == kClock && x.p.means(x.elems[x.k+1].start, cTo),
		!x.one && x.ends && x.next.kind == kDay && d.dom == 0 && d.mon == 0 && d.grain == Day && !d.many && x.plain(x.e):
		return x.hour, true
	}
	return item{}, false
}

// dated: "miércoles 15 por la tarde", "viernes 4, a las 6", where the 15th is a Wednesday
// and the 4th a Friday.
func (x number) dated() bool {
	d := x.cur.day
	if x.n <= 12 && x.by != cAt && !(x.by == cComma && x.next.kind == kClock && !x.next.bare) || x.n > 31 || !d.set || !bareWeekday(d) || x.reader.last.kind != kDay {
		return false
	}
	next, ok := x.p.nextDom(x.n, x.p.today)
	return ok && next.weekday() == d.wk
}

// dayByArticle: "8pm on the 15", "a las siete del 15".
func (x number) dayByArticle() (item, bool) {
	led := (x.led == cThe && !(x.n == 1 && x.e.item.worded)) || x.led == cOnDay || x.of || x.e.item.ordinal // not "the one at noon"
	free := x.bound == Exact && !x.betw && (!x.at || x.e.item.ordinal) && (!x.cur.day.set || x.joint != jNone)
	if led && free && x.ends && !(x.hours && (x.ranges(x.k) || !x.one)) && (x.others(x.e, kClock) || x.cur.lo.set) {
		return x.asDay(days{})
	}
	return item{}, false
}

// hourByLead: "at 3", "after 3", the end of "2pm to 4", one more of "10, 11 or 2".
func (x number) hourByLead() (item, bool) {
	last := x.reader.last
	switch {
	case !x.hours:
	case x.to && last.kind == kClock && (x.ends || x.loose && (x.cur.day.set || !last.bare)),
		x.ledDirectly() && (x.at || x.bound != Exact) && (x.ends || x.loose && x.hasDay()),
		(x.joint == jList || x.comma) && last.kind == kClock && x.ends:
		return x.hour, true
	}
	return item{}, false
}

// ledDirectly says whether the word just before leads to an hour: not "From: Some One".
func (x number) ledDirectly() bool {
	if x.k == 0 {
		return false
	}
	switch x.elems[x.k-1].op {
	case cAt, cAfter, cBefore, cUntil, cFrom, cSince, cBy, cBetween, cOf, cTo, cThe:
		return true
	}
	return false
}

// besideDay: "Tuesday 3", "Tuesday 19", "next Monday morning 6-8", "8 tonight".
func (x number) besideDay() (item, bool) {
	s := &x.cur
	switch {
	case x.n == 1 && x.e.item.worded: // "the Tuesday one"
	case x.hours && x.n <= 12 && s.part != 0 && !s.lo.set && x.ends && x.joint == jNone:
		return x.hour, true
	case x.hours && x.n <= 12 && s.day.set && bareWeekday(s.day) && !s.timed() && x.ranges(x.k) && !x.one && x.last.item.n <= 12 && !x.last.item.ordinal && x.ends && x.joint == jNone && x.led != cThe:
		return x.hour, true // "Thursday 11-1"
	case s.day.set && !s.timed() && x.reader.last.kind == kDay && x.ends && !x.to && x.joint == jNone:
		it := x.afterDay(x.n, x.hours, x.hour)
		return it, it.kind != kNone
	case x.hours && x.adjacentDay(x.k) && x.plain(x.e):
		return x.hour, true
	}
	return item{}, false
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
	case it.figures && it.bare && !r.at && r.bound == Exact && !r.to && !r.open && !r.clockRange(e):
		return it.clk.sec%300 == 0 && r.besideWeekday(e) && p.bounded(e.end) // "tues 530"
	case it.kind == kClock && it.bare:
		return (led || r.preposed(e) || r.clockRange(e)) && p.bounded(e.end) || !it.figures && r.neighbour(e) || r.others(e, kDay) && led && p.loose(e.end) || r.others(e, kPart) && led
	case it.lone && it.worded:
		return p.bounded(e.end) && (r.led == cOnDay || r.bound != Exact) || r.goesOn(e) || r.others(e, kDay) || r.others(e, kClock)
	case it.lone:
		return p.bounded(e.end) || r.goesOn(e) || (r.others(e, kDay) || r.others(e, kClock)) && p.loose(e.end)
	case !it.weak:
		return true
	case it.kind == kInstant:
		return r.preposed(e) || e.end >= len(p.toks) || p.toks[e.end].kind == tokMark
	case it.kind == kPart && p.sign(e.end) == '!':
		return r.neighbour(e) // "Morning!"
	case it.period:
		return r.preposed(e) || r.article(e)
	case r.neighbour(e):
		return true
	case it.kind == kPart:
		return led || p.alone(e, r) && it.n != pLunch && it.n != pDinner && it.n != pBreakfast
	case it.day.mon != 0:
		// A name too: "April works with Jan".
		return p.first(e.start) && (p.toks[e.start].upper || p.toks[e.start].end-p.toks[e.start].start > 3) && (e.end >= len(p.toks) || p.toks[e.end].kind == tokMark || p.toks[e.end].line) || r.preposed(e) && p.loose(e.end)
	}
	return p.alone(e, r) || p.toks[e.start].upper && !p.first(e.start) && !r.article(e) && p.weakEnd(e.end)
}

// besideWeekday says whether the element before e, or after it, names a weekday and nothing more.
func (r *reader) besideWeekday(e *elem) bool {
	for k := range r.elems {
		o := &r.elems[k]
		day := o.op == cNone && o.item.kind == kDay && !o.item.weak && bareWeekday(o.item.day)
		if day && (o.end == e.start || o.start == e.end || k > 0 && r.elems[k-1].op == cOnDay && r.elems[k-1].start == e.end) {
			return true
		}
	}
	return false
}

// clockRange says whether e begins a range of clock times: "630-930am".
func (r *reader) clockRange(e *elem) bool {
	for k := range r.elems {
		if r.elems[k].start == e.start {
			return k+2 < len(r.elems) && r.elems[k+1].op == cTo && r.elems[k+2].item.kind == kClock
		}
	}
	return false
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
