package when

import "time"

// A chain is a run of numbers tied together by signs, without spaces: "12/3/2026",
// "14:30", "2026-12-03". A run that is no date and no clock time (a version, a phone
// number, a price) is dead: its numbers mean nothing.
type chain struct {
	y, m, d    int // d is 0 for a month; y is 0 when it is not said
	altM, altD int // the other order of m and d, where both exist
	instant    time.Time
}

// chains marks what the numbers of a text are tied to.
func (p *parser) readChains() {
	for i := 0; i < len(p.toks); {
		if p.toks[i].kind != tokNumber || p.linked[i] != 0 {
			i++
			continue
		}
		i = p.readChain(i)
	}
}

// readChain reads the run that begins at i and answers where the next may begin.
func (p *parser) readChain(i int) int {
	end := i + 1
	for end+1 < len(p.toks) && p.ties(end) && p.toks[end+1].kind == tokNumber && p.toks[end+1].tight {
		end += 2
	}
	if p.tiedBefore(i) || p.tiedAfter(end) {
		return p.kill(i, end)
	}
	if n, ok := p.instantAt(i); ok {
		return i + n
	}
	for k := i; k < end; {
		n, tm, ok := p.linkAt(k, end)
		if !ok {
			return p.kill(i, end)
		}
		if tm.class != cNone {
			p.setTerm(k, tm)
			for j := k + 1; j < k+n; j++ {
				p.linked[j] = -1
			}
			p.linked[k] = n
		}
		k += n
		if k < end && p.sign(k) != '-' && p.sign(k) != '–' {
			return p.kill(i, end)
		}
		k++ // the hyphen of a range
	}
	return end
}

// sign is the sign at k, or 0.
func (p *parser) sign(k int) rune {
	if k < 0 || k >= len(p.toks) {
		return 0
	}
	return p.toks[k].mark
}

// ties says whether the sign at k ties numbers together.
func (p *parser) ties(k int) bool {
	switch p.sign(k) {
	case '.', ',', '/', ':', '-', '–', '\'':
		return p.toks[k].tight
	}
	return false
}

// tiedBefore says whether the number at i is part of something larger to its left: "v2", "$5", "#3", "-7".
func (p *parser) tiedBefore(i int) bool {
	if i == 0 || !p.toks[i].tight {
		return false
	}
	switch p.sign(i - 1) {
	case '$', '€', '£', '#', '+', '=', '_', '%', '\\', '^':
		return true
	case '/', '-', '.', ':', '–':
		// "10/3" was seen; here stands "x/3" or "-3": a word before it may be a month.
		return i >= 2 && p.toks[i-1].tight && p.toks[i-2].kind == tokMark || i == 1 && p.sign(0) != '-'
	}
	return p.toks[i-1].kind == tokWord && !p.isHourLetter(i-1) && !p.means(i-1, cMonth)
}

// isHourLetter: the h of "14h30", the T of an RFC 3339 time.
func (p *parser) isHourLetter(k int) bool {
	return k > 0 && p.toks[k].tight && p.toks[k-1].kind == tokNumber && p.toks[k].end-p.toks[k].start <= 3 &&
		(p.text[p.toks[k].start]|0x20 == 'h' || p.text[p.toks[k].start]|0x20 == 't')
}

// tiedAfter says whether what follows makes the run up to end something else: "5%", "3€", "7/x".
func (p *parser) tiedAfter(end int) bool {
	if end >= len(p.toks) || !p.toks[end].tight {
		return false
	}
	switch p.sign(end) {
	case '%', '$', '€', '£', '=', '_', '^', '+', '#', '@', '\\':
		return p.sign(end) != '+' || !(end+1 < len(p.toks) && p.toks[end+1].kind == tokNumber)
	case '/':
		return end+1 >= len(p.toks) || p.toks[end+1].kind == tokMark && p.toks[end+1].tight
	}
	return false
}

func (p *parser) kill(i, end int) int {
	for k := i; k < end; k++ {
		p.toks[k].terms, p.linked[k] = nil, -1
	}
	return end
}

// instantAt reads an RFC 3339 time, or one without an offset, at i.
func (p *parser) instantAt(i int) (int, bool) {
	t := p.toks[i]
	if t.digits != 4 || i+8 >= len(p.toks) || p.toks[i+6].digits != 2 || p.toks[i+5].kind != tokWord || !p.toks[i+5].tight || p.toks[i+5].end-p.toks[i+5].start != 1 {
		return 0, false
	}
	end := i
	for end < len(p.toks) && end < i+17 && (end == i || p.toks[end].tight) {
		end++
	}
	for ; end > i+8; end-- {
		s := p.text[t.start:p.toks[end-1].end]
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
			at, err := time.ParseInLocation(layout, s, p.zone)
			if err != nil {
				continue
			}
			p.chains = append(p.chains, chain{instant: at})
			p.setTerm(i, term{class: cInstant, val: len(p.chains) - 1, n: end - i})
			for k := i; k < end; k++ {
				p.linked[k] = -1
			}
			p.linked[i] = end - i
			return end - i, true
		}
	}
	return 0, false
}

func (p *parser) setTerm(k int, tm term) {
	p.arena = append(p.arena, tm)
	p.toks[k].terms = p.arena[len(p.arena)-1 : len(p.arena) : len(p.arena)]
}

// linkAt reads one link of a chain: a date, a clock time, or a lone number.
func (p *parser) linkAt(k, end int) (n int, tm term, ok bool) {
	t := p.toks[k:end:len(p.toks)]
	seps := func(a rune) bool { return len(t) >= 3 && p.sign(k+1) == a }
	three := func(a rune) bool { return seps(a) && len(t) >= 5 && p.sign(k+3) == a }
	switch {
	case three('-') || three('/') || three('.'):
		c, good := p.threePart(t[0], t[2], t[4], seps('.'))
		return 5, p.dateTerm(c, 5), good
	case seps(':'):
		return p.clockLink(k, t)
	case seps('/'):
		c, good := p.twoPart(t[0], t[2])
		return 3, p.dateTerm(c, 3), good
	case seps('.') && t[2].digits == 2 && t[0].num < 25 && t[2].num < 60 && t[0].digits <= 2:
		tm := clockTerm(t[0], t[2].num*60, 3)
		tm.soft = true
		return 3, tm, true
	case seps('-') && t[0].digits == 4 && t[2].digits <= 2 && t[0].num >= 1900 && t[0].num < 2200 && t[2].num >= 1 && t[2].num <= 12:
		return 3, p.dateTerm(chain{y: t[0].num, m: t[2].num}, 3), true
	case seps('-') && t[0].digits <= 2 && t[2].digits == 4 && t[2].num >= 1900 && t[2].num < 2200 && t[0].num >= 1 && t[0].num <= 12:
		return 3, p.dateTerm(chain{y: t[2].num, m: t[0].num}, 3), true
	case seps('.') || seps(',') || seps('\''):
		return 0, tm, false
	case seps('-') && t[0].digits <= 2 && t[2].digits <= 2 && len(t) == 3 && p.hourFollows(end):
		c, good := p.ordered(0, t[0].num, t[2].num)
		return 3, p.dateTerm(c, 3), good
	case seps('-') || seps('–'):
		// A range of days, hours or years; a phone number has other lengths.
		return 1, tm, t[0].digits <= 2 && t[2].digits <= 2 || hourRange(t[0], t[2]) && (t[0].digits == 4 && t[2].digits == 4 || p.means(end, cAmPm))
	}
	return 1, tm, true
}

// hourFollows says whether "at" and a number stand at k: what goes before is a date, not hours.
func (p *parser) hourFollows(k int) bool {
	if k >= len(p.toks) || p.toks[k].id == unknownWord {
		return false
	}
	for _, ph := range p.lex.phrases[p.toks[k].id] {
		n := k + ph.term.n
		if ph.term.class == cAt && p.follows(k+1, ph.rest) && n < len(p.toks) && p.toks[n].kind == tokNumber && p.toks[n].num <= 24 && p.toks[n].digits <= 2 {
			return true
		}
	}
	return false
}

// hourMinutes says whether n reads as a clock time without a colon: 930, 1430.
func hourMinutes(n int) bool { return n >= 0 && n/100 < 24 && n%100 < 60 }

func hourRange(a, b token) bool {
	return a.digits >= 3 && a.digits <= 4 && b.digits >= a.digits && b.digits <= 4 && hourMinutes(a.num) && hourMinutes(b.num)
}

// means says whether the words at k are of class c.
func (p *parser) means(k int, c class) bool {
	if k >= len(p.toks) || p.toks[k].id == unknownWord {
		return false
	}
	for _, ph := range p.lex.phrases[p.toks[k].id] {
		if ph.term.class == c && p.follows(k+1, ph.rest) {
			return true
		}
	}
	return false
}

func clockTerm(h token, seconds, n int) term {
	return term{class: cClock, val: h.num*3600 + seconds, n: n, zeroed: h.zero || h.num > 12}
}

func (p *parser) clockLink(k int, t []token) (int, term, bool) {
	h, m := t[0], t[2]
	if h.digits > 2 || h.num > 24 || m.digits != 2 || m.num > 59 || h.num == 24 && m.num > 0 {
		return 0, term{}, false
	}
	n, seconds := 3, m.num*60
	if len(t) >= 5 && p.sign(k+3) == ':' {
		if t[4].digits != 2 || t[4].num > 59 {
			return 0, term{}, false
		}
		n, seconds = 5, seconds+t[4].num
	}
	return n, clockTerm(h, seconds, n), true
}

func (p *parser) dateTerm(c chain, n int) term {
	p.chains = append(p.chains, c)
	return term{class: cDate, val: len(p.chains) - 1, n: n}
}

// threePart reads y-m-d, m/d/y or d/m/y.
func (p *parser) threePart(a, b, c token, dotted bool) (chain, bool) {
	if b.digits > 2 {
		return chain{}, false
	}
	if a.digits == 4 {
		return chain{y: a.num, m: b.num, d: c.num}, c.digits <= 2 && exists(a.num, b.num, c.num)
	}
	if a.digits > 2 || c.digits != 4 && (c.digits != 2 || dotted) {
		return chain{}, false // "1.1.30" is a version
	}
	y := c.num
	if c.digits == 2 {
		y = p.century(y)
	}
	return p.ordered(y, a.num, b.num)
}

// twoPart reads m/d, d/m or m/yyyy. "24/7" is always: no date.
func (p *parser) twoPart(a, b token) (chain, bool) {
	switch {
	case a.digits <= 2 && b.digits == 4:
		return chain{y: b.num, m: a.num}, a.num >= 1 && a.num <= 12 && b.num >= 1900 && b.num < 2200
	case a.digits > 2 || b.digits > 2 || a.num == 24 && b.num == 7:
		return chain{}, false
	}
	return p.ordered(0, a.num, b.num)
}

// ordered puts a and b in the order that is the writer's, or the only one that there is.
func (p *parser) ordered(y, a, b int) (chain, bool) {
	year := y
	if year == 0 {
		year = 2024 // has every day
	}
	first, second := chain{y: y, m: a, d: b}, chain{y: y, m: b, d: a}
	if p.dayFirst {
		first, second = second, first
	}
	if !exists(year, first.m, first.d) {
		return second, exists(year, second.m, second.d)
	}
	if exists(year, second.m, second.d) && first.m != second.m {
		first.altM, first.altD = second.m, second.d
	}
	return first, true
}

// century is the year that two digits mean: at most 20 years ahead.
func (p *parser) century(yy int) int {
	y := p.today.year()/100*100 + yy
	if y > p.today.year()+20 {
		y -= 100
	}
	return y
}

// skipAddresses takes mail and web addresses out: what stands in them is no time.
func (p *parser) skipAddresses() {
	for start := 0; start < len(p.toks); {
		end := start + 1
		for end < len(p.toks) && p.toks[end].tight {
			end++
		}
		if p.address(start, end) {
			for k := start; k < end; k++ {
				p.toks[k].id, p.linked[k] = unknownWord, -1
			}
		}
		start = end
	}
}

// address says whether the tokens between spaces are "a@example.org", "https://…" or "www.…".
func (p *parser) address(start, end int) bool {
	for k := start; k+2 < end; k++ {
		switch p.sign(k + 1) {
		case '@':
			if p.toks[k+2].kind == tokWord && k+3 < end && (p.sign(k+3) == '.' || p.sign(k+3) == '-') {
				return true
			}
		case ':':
			if p.toks[k].kind == tokWord && p.sign(k+2) == '/' {
				return true
			}
		case '.':
			if k == start && p.toks[k].end-p.toks[k].start == 3 && p.text[p.toks[k].start]|0x20 == 'w' && p.toks[k+2].kind == tokWord {
				return true
			}
		}
	}
	return false
}
