package replies

import (
	"strconv"
	"strings"

	"indy/scheduler/slots"
)

func itoa(n int) string { return strconv.Itoa(n) }

// owner is who a unit begins with.
type owner struct {
	name   string // "" where several share it, or nobody was named
	to     int    // tokens that it takes
	marked bool   // "Maria:", "me -": set off as an owner
	will   bool   // "Maria will", "I'll"
}

// owner reads who the unit gives something to do.
func (u *unit) owner() (owner, bool) {
	r := u.r
	o := owner{}
	if len(r.toks) == 0 {
		return o, false
	}
	at := u.afterHeading() // "TODO Maria: …"
	if at == 0 {
		at = u.afterDue() // "By Monday Maria will …"
	}
	name, n := r.nameAt(at)
	wn, ws := r.x.match(aboutOwners, r.ids, r.toks, at, len(r.toks))
	switch {
	case n > 0:
		o.name, o.to = name, at+n
	case ws == meWill:
		o.name, o.to, o.will = r.me(), at+wn, true
	case ws == theyWill && len(r.others()) == 1:
		o.name, o.to, o.will = r.others()[0], at+wn, true
	case ws == meWord:
		o.name, o.to = r.me(), at+wn
	case ws == theyWord && len(r.others()) == 1:
		o.name, o.to = r.others()[0], at+wn
	case ws == weWord:
		o.to = at + wn
	default:
		return o, false
	}
	if o.to < len(r.toks) && o.to > 0 {
		between := r.text[r.toks[o.to-1].end:r.toks[o.to].start]
		o.marked = strings.ContainsAny(between, ":-–—>=") && !o.will
	}
	if k, s := r.x.match(aboutOwners, r.ids, r.toks, o.to, len(r.toks)); (s == will || s == theyWill) && k > 0 && !o.marked && !o.will {
		o.to, o.will = o.to+k, true
	}
	return o, true
}

// afterHeading is the token behind "todo" or the like, where somebody is named right after it.
func (u *unit) afterHeading() int {
	n, s := u.r.x.match(aboutHeadings, u.r.ids, u.r.toks, 0, len(u.r.toks))
	if s != stepsHead || n >= len(u.r.toks) {
		return 0
	}
	if _, k := u.r.nameAt(n); k == 0 && u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, n) != meWord {
		return 0
	}
	return n
}

// afterDue is the token behind a deadline with which the unit begins.
func (u *unit) afterDue() int {
	if u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, 0) != dueWord {
		return 0
	}
	_, from, to, ok := u.deadline()
	if !ok || len(u.r.toks) < 2 || from > u.r.toks[1].start {
		return 0
	}
	for i, t := range u.r.toks {
		if t.start >= to {
			return i
		}
	}
	return 0
}

// prefixed says that the unit sets its owner off: "Maria: …".
func (u *unit) prefixed() bool {
	o, ok := u.owner()
	return ok && o.marked
}

// step reads a promise. ok says that the unit was one; note is what of it stays private.
func (u *unit) step(out *Reading) (note string, ok bool) {
	o, owned := u.owner()
	from := o.to
	if !owned {
		from = 0
	}
	day, dFrom, dTo, dated := u.deadline()
	if dated && dTo <= dFrom {
		dated = false
	}
	verbAt, isVerb := u.verbAt(from)
	firm := dated && (u.heading == stepsHead || u.due(dFrom))
	switch {
	case !owned && u.heading != stepsHead && !(isVerb && (dated || u.bullet) && u.bullet):
		return "", false
	case owned && !o.marked && !o.will && !(isVerb && (firm || u.heading == stepsHead || o.name == u.r.me() && dated && u.endsAt(dTo))):
		return "", false
	case owned && o.will && !isVerb:
		return "", false
	case o.marked && !isVerb && !firm && u.heading != stepsHead:
		return "", false
	case u.heading == stepsHead && !owned && !isVerb && !dated:
		return "", false
	}
	if !owned && u.heading == stepsHead && !isVerb {
		verbAt = from
	}
	action, note := u.action(verbAt, dFrom, dTo, dated)
	if action == "" || note != "" && !o.marked && len(strings.Fields(action)) <= 2 {
		return "", false // "she will find out if she is well": nothing that was promised
	}
	said := SaidStep{Owner: o.name, Action: action}
	if dated {
		said.Deadline = day
	}
	out.Said = append(out.Said, said)
	return note, true
}

// endsAt says that nothing follows byte to: "I send her the list tomorrow".
func (u *unit) endsAt(to int) bool {
	return strings.Trim(u.text[min(to, len(u.text)):], " .,;!)") == ""
}

// due says that the day at byte from is said as a deadline, not as a day on which
// something happens: it follows "by", or ends the unit.
func (u *unit) due(from int) bool {
	for i, t := range u.r.toks {
		if t.start >= from {
			if s := u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, i); s == dueWord {
				return true
			}
			return i > 0 && u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, i-1) == dueWord
		}
	}
	return false
}

// verbAt is where the action begins: at the verb, after "to" and "please".
func (u *unit) verbAt(from int) (int, bool) {
	for i := from; i < len(u.r.toks) && i < from+4; i++ {
		switch _, s := u.r.x.match(aboutOwners, u.r.ids, u.r.toks, i, len(u.r.toks)); s {
		case verb:
			return i, true
		case filler, will:
			continue
		}
		break
	}
	return from, false
}

// action is what is to be done: without owner and deadline, and without whatever else the
// sentence says about people (in brackets, after a dash, "because …"), which is a note.
func (u *unit) action(i, dFrom, dTo int, dated bool) (action, note string) {
	if i >= len(u.r.toks) {
		return "", ""
	}
	text := u.text
	begin, end := u.r.toks[i].start, len(text)
	if dated && dFrom >= begin {
		cutFrom := u.beforeDue(dFrom)
		rest := strings.TrimSpace(text[dTo:end])
		if strings.Trim(rest, ".,;!) ") == "" {
			text, end = text[:cutFrom], cutFrom
		} else {
			text = text[:cutFrom] + " " + text[dTo:]
			end = len(text)
		}
	} else if dated && dTo > begin {
		return "", ""
	}
	if begin > end {
		return "", ""
	}
	action = text[begin:end]
	action, note = u.withoutAsides(action)
	action = strings.Trim(strings.Join(strings.Fields(action), " "), " .,;:-–—!")
	if len(action) > 200 {
		return "", ""
	}
	return action, note
}

// beforeDue is where the words that lead to the day begin: "by", "no later than".
func (u *unit) beforeDue(from int) int {
	for i, t := range u.r.toks {
		if t.start < from {
			continue
		}
		k := i
		for k > 0 {
			s := u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, k-1)
			if s != dueWord && !(u.r.x.articles[u.r.toks[k-1].word] && k < i) && s != onWord {
				break
			}
			k--
		}
		return u.r.toks[k].start
	}
	return from
}

// withoutAsides cuts off what is said besides the action.
func (u *unit) withoutAsides(s string) (action, note string) {
	var aside []string
	for range 3 {
		k := strings.IndexByte(s, '(')
		if k < 0 {
			break
		}
		end := strings.IndexByte(s[k:], ')')
		if end < 0 {
			end = len(s) - k - 1
		}
		aside = append(aside, strings.Trim(s[k:k+end+1], "() "))
		s = s[:k] + s[min(len(s), k+end+1):]
	}
	s = strings.NewReplacer("(", " ", ")", " ").Replace(s)
	toks := tokenize(s)
	ids := u.r.x.idsOf(toks)
	for i := 1; i < len(toks); i++ {
		n, sg := u.r.x.match(aboutOwners, ids, toks, i, len(toks))
		dash := strings.ContainsAny(s[toks[i-1].end:toks[i].start], "–—") || strings.Contains(s[toks[i-1].end:toks[i].start], " - ")
		pronoun := sg == theyWord || sg == theyWill || sg == meWord || sg == meWill
		if n > 0 && sg == asideWord || pronoun && (dash || toks[i-1].after != space) || dash {
			cut := toks[i-1].end
			aside = append(aside, strings.Trim(s[cut:], " ,.;-–—"))
			s = s[:cut]
			break
		}
	}
	return s, strings.Join(aside, "; ")
}

// today is the day of the mail.
func (u *unit) today() slots.Date { return slots.DateOf(u.r.c.Sent, u.r.c.Zone) }
