package when

// This file hands on what the alternatives of a phrase leave to their neighbours.

// share hands on what an alternative leaves to its neighbours: "Tue or Wed at 3",
// "Monday 2 or 4pm", "next week Tuesday or Thursday".
func (r *reader) share() {
	s := r.segs
	for i := 1; i < len(s); i++ {
		before := &s[i-1]
		if s[i].timeOnly() && before.day.set {
			s[i].day, s[i].dayTo = before.day, before.dayTo
			s[i].dayFirst = true
		}
		if s[i].dayOnly() && before.timed() && !before.dayFirst && before.joint != jBut && !s[i].not && s[i].joint == jList {
			s[i].copyTime(before)
		}
		s[i].day = within(s[i].day, before.day, s[i].not)
	}
	for i := len(s) - 2; i >= 0; i-- {
		after := &s[i+1]
		if after.joint != jList || after.not != s[i].not {
			continue
		}
		if s[i].dayOnly() && s[i].dayBound == Exact && after.day.set && after.timed() && after.dayFirst {
			s[i].copyTime(after)
		}
		if s[i].timeOnly() && after.day.set {
			s[i].day, s[i].dayTo = after.day, after.dayTo
		}
		s[i].day = within(s[i].day, after.day, false)
	}
	for i := range s {
		r.halfFrom(i)
	}
}

func (s *seg) copyTime(from *seg) {
	s.lo, s.hi, s.timeB, s.part, s.zone, s.same = from.lo, from.hi, from.timeB, from.part, from.zone, from.same
}

// within restricts a bare weekday to the week that its neighbour was restricted to.
func within(d, by days, not bool) days {
	if d.set && by.set && d.dom != 0 && d.mon == 0 && !d.fixed && by.dom != 0 && by.mon != 0 {
		d.mon, d.yr = by.mon, by.yr // "the 3rd or the 4th of May"
		return d
	}
	if d.set && by.set && !d.fixed && d.wk >= 0 && d.dom == 0 && d.mon == 0 && by.fixed && (by.wk >= 0 || not) && by.in.to-by.in.from > 1 {
		wk, many := d.wk, d.many
		d = by
		d.wk, d.many = wk, many
	}
	return d
}

// halfFrom takes the half of the day from a later alternative: "2 or 4pm".
func (r *reader) halfFrom(i int) {
	s := r.segs
	if !s[i].lo.set || s[i].lo.half != 0 || s[i].hi.set {
		return
	}
	for k := i + 1; k < len(s) && s[k].joint == jList && s[k].lo.set; k++ {
		if h := s[k].lo.half; h == 1 || h == 2 {
			if c := s[i].lo; c.seconds(h) < s[k].lo.seconds(h) {
				s[i].lo.half = h
			}
			return
		}
	}
}

// Words between a day and its hour, or between a "not" and what it rules out.
const (
	farApart  = 16 // tokens: "does Thursday work for you? around 3"
	farNegate = 5  // tokens: "can't make it to you on Friday"
)

// inherit gives times of day without a day the days that were spoken of just before:
// "12/1 or 12/2 work, after 3". Days that such an hour makes more exact in the same
// sentence no longer count whole.
func (p *parser) inherit(segs []seg, start int) []seg {
	if len(segs) == 0 || p.group >= len(p.segs) || p.paraSince(p.lastEnd, start) || start-p.lastEnd > farApart {
		return segs
	}
	for i := range segs {
		if s := &segs[i]; !s.timeOnly() || s.not || s.partMany || !s.lo.set && !s.same {
			return segs
		}
	}
	same := start-p.lastEnd <= farApart/2 && !p.stopSince(p.lastEnd, start)
	var out []seg
	for i := p.group; i < len(p.segs); i++ {
		last := &p.segs[i]
		if !last.day.set || last.not || last.dayBound != Exact || !last.dayOnly() && i+1 < len(p.segs) {
			continue
		}
		for _, s := range segs {
			s.day, s.dayTo = last.day, last.dayTo
			out = append(out, s)
		}
		last.refined = same && last.dayOnly()
	}
	if out == nil {
		return segs
	}
	return out
}

func (p *parser) paraSince(a, b int) bool {
	for i := a; i <= b && i < len(p.toks); i++ {
		if p.toks[i].para {
			return true
		}
	}
	return false
}

// stopSince says whether a sentence ended between the tokens, but for a question.
func (p *parser) stopSince(a, b int) bool {
	for i := a; i < b; i++ {
		if s := p.sign(i); s == '.' || s == '!' {
			return true
		}
	}
	return false
}

// clauseSince says whether a sign or a "but" stands between the tokens.
func (p *parser) clauseSince(a, b int) bool {
	for i := a; i < b; i++ {
		if p.toks[i].kind == tokMark && p.sign(i) != '\'' || p.toks[i].para {
			return true
		}
		for _, t := range p.toks[i].terms {
			if t.class == cBut {
				return true
			}
		}
	}
	return false
}

// withinLast restricts ruled-out weekdays to the week that was spoken of just before:
// "next week is open, except Wednesday".
func (p *parser) withinLast(segs []seg) {
	if len(p.segs) == 0 {
		return
	}
	for i := range segs {
		if s := &segs[i]; s.not {
			s.day = within(s.day, p.segs[len(p.segs)-1].day, true)
		}
	}
}
