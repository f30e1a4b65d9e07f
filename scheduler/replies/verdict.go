package replies

import (
	"slices"

	"indy/scheduler/replies/when"
)

// judge says of every time and pick whether the words around it call it possible. It
// goes by clause; what is mixed or half understood is left at 0.
func (r *reader) judge(cs []clause) {
	for i := range cs {
		c := &cs[i]
		for n := range c.items {
			if c.items[n].sign == retract {
				voidBefore(cs, i, n)
			}
		}
		refs := c.refs()
		if len(refs) == 0 {
			continue
		}
		r.judgeClause(cs, i, refs)
		voidWithin(c)
	}
}

// voidWithin takes back what was named before a "wait, no" in the same breath.
func voidWithin(c *clause) {
	at, behind := -1, false
	for n, it := range c.items {
		if it.sign == retract {
			at, behind = n, false
		}
		behind = behind || it.ref != nil
	}
	for n, it := range c.items {
		if it.ref != nil && n < at && behind && it.ref.polarity > 0 {
			it.ref.void = true
		}
	}
}

// voidBefore takes back what was said to suit before a "wait, no".
func voidBefore(cs []clause, i, n int) {
	for k := 0; k <= i; k++ {
		for m, it := range cs[k].items {
			if it.ref != nil && (k < i || m < n) && it.ref.polarity > 0 {
				it.ref.void = true
			}
		}
	}
}

func (r *reader) judgeClause(cs []clause, i int, refs []*ref) {
	c := &cs[i]
	if parts := splitMixed(c); parts != nil {
		for _, p := range parts {
			judgePart(c, p, cs, i)
		}
	} else {
		judgePart(c, c.items, cs, i)
	}
	excluding := false
	for _, it := range c.items {
		switch {
		case it.sign == except || it.sign == allBut:
			excluding = true
		case it.ref != nil && excluding && r.turned(it.ref):
			it.ref.polarity, it.ref.strong = 1, true // "but not before 11" is from 11 on
		case it.ref != nil && excluding:
			it.ref.polarity, it.ref.strong = -1, true
		case it.ref != nil && it.ref.owns:
			// "didn't you say Thursday"
		case it.ref != nil && it.ref.not && c.question && !c.any(bad, not, no, regret):
			// "can't that week, Thu after 3?" proposes the second.
		case it.ref != nil && it.ref.not:
			if it.ref.polarity > 0 && it.ref.strong {
				it.ref.polarity = 0 // the two readings disagree
			} else {
				it.ref.polarity, it.ref.strong = -1, true
			}
		}
	}
}

// turned says that a "not" before the words is already in what was found: "before 11" that
// begins at 11.
func (r *reader) turned(f *ref) bool {
	if len(f.found) == 0 || f.found[0].Bound == when.Exact {
		return false
	}
	alone := when.Find(f.found[0].Text, when.Times{Now: r.c.Sent, Zone: r.c.Zone, Language: r.x.code, DayFirst: r.c.DayFirst, Around: r.around()})
	return len(alone) > 0 && opensLater(alone[0].Bound) != opensLater(f.found[0].Bound)
}

func opensLater(b when.Bound) bool { return b == when.After || b == when.From }

// splitMixed cuts the items of a clause at "so", or at "and" and "or" when it calls one time
// possible and another not: "Tuesday works and Thursday doesn't". It is nil where nothing is cut.
func splitMixed(c *clause) [][]item {
	if parts := inTurn(c); parts != nil {
		return parts
	}
	if !c.has(therefore) && (!c.has(good) || !c.any(bad, not, no, elsewhere)) {
		return nil
	}
	var out [][]item
	begin := 0
	for n, it := range c.items {
		if it.sign == therefore || (it.sign == conj || it.sign == alsoOr) && !c.has(therefore) {
			out = append(out, c.items[begin:n])
			begin = n + 1
		}
	}
	return append(out, c.items[begin:])
}

// inTurn cuts a clause of times each of which its verdict follows: "thursday no good friday no
// good monday ok". It is nil where the items stand in any other order.
func inTurn(c *clause) (out [][]item) {
	if !c.has(good) || !c.any(bad, not, no) || c.question {
		return nil
	}
	begin, timed, judged := 0, false, false
	for n, it := range c.items {
		switch {
		case it.ref != nil && judged:
			out = append(out, c.items[begin:n])
			begin, timed, judged = n, true, false
		case it.ref != nil:
			timed = true
		case (it.sign == good || it.sign == bad || it.sign == no || it.sign == not) && timed:
			judged = true
		case it.sign != filler && it.sign != greeting:
			return nil
		}
	}
	if !judged || len(out) == 0 {
		return nil
	}
	return append(out, c.items[begin:])
}

func judgePart(c *clause, items []item, cs []clause, i int) {
	if hasSign(items, elsewhere) || hasSign(items, askAgain) {
		for _, it := range items {
			if it.ref != nil {
				it.ref.owns = true // "your mail of Thursday", "my shift changes on Friday"
			}
		}
		return
	}
	var pos, neg, asks, consent, doubt bool
	firstVerdict, firstRef, strange, known := -1, -1, 0, true
	strangeBefore := 0
	for n, it := range items {
		if it.sign == pickVerb {
			it.sign = filler
			if c.question {
				it.sign = unknown // "will you make it on Friday?"
			} else if firstRef < 0 && strange == 0 {
				it.sign = good
			}
		}
		switch {
		case it.ref != nil:
			if firstRef < 0 {
				firstRef = n
			}
		case it.sign == good:
			pos = true
		case it.sign == either || it.sign == confirm:
			pos = true
		case it.sign == bad || it.sign == not || it.sign == no || it.sign == noneFit || it.sign == cancel:
			neg = true
		case it.sign == propose || it.sign == move || it.sign == another:
			asks = true
		case it.sign == yes || it.sign == meet:
			consent = true
		case it.sign == hold || it.sign == cond || it.sign == regret || it.sign == sarcasm:
			doubt = true
		case it.sign == unknown:
			strange++
			known = false
		case it.sign == contrast || it.sign == filler || it.sign == greeting || it.sign == closing || it.sign == conj || it.sign == alsoOr || it.sign == only || it.sign == option || it.sign == nice || it.sign == retract || it.sign == after || it.sign == phone || it.sign == inPerson || it.sign == callMe || it.sign == except || it.sign == allBut || it.sign == therefore || it.sign == shift:
		default:
			known = false
		}
		if firstVerdict < 0 && (pos || neg) {
			firstVerdict = n
		}
	}
	reach := max(firstVerdict, firstRef)
	from := 0
	if pos && !neg && !doubt && firstRef >= 0 {
		from = seam(items, min(firstVerdict, firstRef))
	}
	for n, it := range items {
		if n >= from && n < reach && (it.sign == unknown || it.sign == ask) && it.ref == nil {
			strangeBefore++
		}
	}
	if firstRef < 0 {
		return
	}
	set := func(p int, strong, asked bool) {
		for _, it := range items {
			if it.ref != nil && it.ref.polarity == 0 && !it.ref.owns {
				it.ref.polarity, it.ref.strong, it.ref.asked = p, strong, asked
			}
		}
	}
	switch {
	case pos && neg && strange == 0 && !c.question && insteadOf(items):
		// "make that Friday not Thursday"
	case pos && neg:
	case neg && !pos && strange == 0 && !c.question && insteadOf(items):
		// "Friday, not Thursday"
	case neg:
		set(-1, true, false)
	case doubt && !asks:
	case pos && strangeBefore == 0 && (strangeAfter(items, reach) == 0 || hasSign(items, either)):
		set(1, true, c.question)
	case asks && strangeBefore == 0:
		set(1, true, true)
	case consent && strange == 0:
		set(1, true, c.question)
	case known && strange == 0 && !c.has(nice):
		judgeBare(set, c, cs, i)
	}
}

func hasSign(items []item, s sign) bool {
	return slices.ContainsFunc(items, func(it item) bool { return it.sign == s })
}

// strangeAfter counts the words that no list knows behind item n, up to a word that joins on
// something else.
func strangeAfter(items []item, n int) int {
	count := 0
	for _, it := range items[n+1:] {
		if it.sign == conj || it.sign == therefore || it.sign == contrast || it.sign == closing || it.sign == greeting {
			break
		}
		if it.sign == unknown && it.ref == nil {
			count++
		}
	}
	return count
}

// seam is where the last statement before item n begins, of several that somebody dictated
// without a stop: "I got your note and Monday at noon is good". What follows n must be understood.
func seam(items []item, n int) int {
	for _, it := range items[n:] {
		if it.sign == unknown && it.ref == nil {
			return 0
		}
	}
	for k := n - 1; k >= 0; k-- {
		switch it := items[k]; {
		case it.sign == conj || it.sign == therefore || it.sign == yes || it.sign == greeting || it.sign == closing:
			return k + 1
		case it.sign != filler:
			return 0
		}
	}
	return 0
}

// insteadOf reads "Friday not Thursday": a time, a bare "not", a time, and nothing else that
// judges. It says whether the items are so.
func insteadOf(items []item) bool {
	at, before, behind := -1, 0, 0
	for n, it := range items {
		switch {
		case it.ref != nil && at < 0:
			before++
		case it.ref != nil:
			behind++
		case it.sign == not && at < 0:
			at = n
		case it.sign == good && at < 0, it.sign == pickVerb && at < 0, it.sign == yes && at < 0:
		case it.sign != filler && it.sign != retract && it.sign != greeting:
			return false
		}
	}
	if at < 0 || before == 0 || behind == 0 {
		return false
	}
	for n, it := range items {
		if it.ref != nil && n < at {
			it.ref.polarity, it.ref.strong = 1, true
		} else if it.ref != nil {
			it.ref.polarity, it.ref.strong = -1, true
		}
	}
	return true
}

// judgeBare decides a clause that only names times: by the clause beside it that only
// says "works" or "no", else by its being there.
func judgeBare(set func(int, bool, bool), c *clause, cs []clause, i int) {
	if n := i + 1; n < len(cs) && cs[n].sentence == c.sentence && len(cs[n].refs()) == 0 && cs[n].strange() == 0 {
		next := &cs[n]
		p, q := next.any(good, yes, either), next.any(bad, not, no, noneFit, cancel)
		switch {
		case p && !q:
			set(1, true, c.question)
			return
		case q && !p && !next.contrast:
			set(-1, true, false)
			return
		}
	}
	if n := i - 1; n >= 0 && cs[n].sentence == c.sentence && !c.contrast {
		before := &cs[n]
		negative := before.any(bad, not, no, noneFit, cancel, regret)
		for _, f := range before.refs() {
			negative = negative || f.polarity < 0 || f.not
		}
		if negative && before.has(retract) && len(before.refs()) == 0 {
			set(1, !c.question, c.question) // "Friday. Oops no, Thursday."
			return
		}
		if negative {
			switch {
			case c.question:
				set(1, false, true)
			case c.begins(therefore), c.begins(only):
				set(1, true, false) // "can't do weekdays, so Saturday", "not Tuesday, only Saturday"
			case c.any(alsoOr, conj):
				set(-1, false, false) // "can't do Tuesday, Wednesday or Thursday"
			}
			return // "not Tuesday, Thursday": a list, or a correction?
		}
		for _, f := range before.refs() {
			if f.polarity == 0 && !c.question && !c.begins(therefore) {
				return
			}
		}
	}
	if n := i + 1; n < len(cs) && cs[n].sentence == c.sentence && obscure(&cs[n]) {
		return // "Thursday, health permitting": who knows
	}
	set(1, !c.question, c.question)
}

// reserved says that a clause that begins with "but" has words that no list knows and asks
// nothing: it may take back what was said before it.
func reserved(c *clause) bool {
	for _, f := range c.refs() {
		if len(f.found) > 0 || len(f.slots) > 0 {
			return false
		}
	}
	return c.contrast && c.strange() > 0 && !c.any(bad, not, no, ask, phone, callMe, inPerson, place, closing, greeting, retract, late)
}

// obscure says that a clause has words that no list knows and none that judge or ask.
func obscure(c *clause) bool {
	return c.strange() > 0 && len(c.refs()) == 0 && !c.any(good, yes, bad, not, no, ask, propose, phone, callMe, inPerson, place, closing, greeting, retract, nice)
}
