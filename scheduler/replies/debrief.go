package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// debrief reads the organizer's notes. What is surely a step, a next date or the outcome
// is taken out; every other sentence is a private note. When in doubt a sentence is a note:
// a step that was missed is asked for, a note in a summary could not be taken back.
//
// A lone day in answer to AskedMissing is a SaidStep without an action: the deadline that
// was missing.
func (r *reader) debrief() Reading {
	out := Reading{Kind: Debrief}
	var notes []string
	us, rest := r.promises()
	for i := range us {
		if note := us[i].take(&out, r.c.Asked, len(us)); note != "" {
			notes = append(notes, note)
		}
	}
	if rest != "" {
		notes = append(notes, rest)
		out.Why = append(out.Why, "it is long: what follows "+quoted(us[len(us)-1].text)+" was kept as notes and not looked through")
	}
	out.Notes = strings.Join(notes, "\n")
	if len(us) == 1 && out.Notes == us[0].text && strings.HasSuffix(out.Notes, "?") && out.Held == HeldUnknown && out.Ask == AskUnknown && !out.NoMail {
		return Reading{Kind: Unclear, Why: []string{"all that it says is a question"}}
	}
	if out.Held == HeldUnknown && (len(out.Said) > 0 || out.NoSteps || out.NoMail || out.Next != nil || out.Ask != AskUnknown || out.Notes != "") {
		out.Held = HeldYes
	}
	if out.Held == HeldUnknown {
		return Reading{Kind: Unclear, Why: []string{"there is nothing in it to keep"}}
	}
	out.Why = append(out.Why, debriefWhy(out))
	return out
}

// promises are the units, cut again at commas where each side promises something of its
// own: "Ana will book the hall by Friday, I'll send her the list tomorrow". rest is what was
// too much to be weighed.
func (r *reader) promises() (out []unit, rest string) {
	us, rest := r.unitsAndRest()
	for _, u := range us {
		begin, tried := 0, 0
		for i := 1; i < len(u.r.toks) && len(u.r.toks) <= maxSplit && tried < maxParts && u.heading != notesHead; i++ {
			if u.r.toks[i-1].after != comma {
				continue
			}
			tried++
			left, right := u.r.part(begin, i), u.r.part(i, len(u.r.toks))
			left.heading, right.heading = u.heading, u.heading
			if left.promises() && right.promises() {
				left.bullet, left.first = u.bullet && begin == 0, u.first && begin == 0
				out = append(out, left)
				begin = i
			}
		}
		if begin > 0 {
			bullet, heading := u.bullet, u.heading
			u = u.r.unit(strings.TrimSpace(u.text[u.r.toks[begin].start:]), bullet, heading, false)
		}
		out = append(out, u)
	}
	return out, rest
}

// promises says that somebody named undertakes something in the unit.
func (u *unit) promises() bool {
	o, ok := u.owner()
	if !ok {
		return false
	}
	_, isVerb := u.verbAt(o.to)
	if !o.will && !o.marked {
		_, _, _, dated := u.deadline()
		return isVerb && dated // "she brings snacks on the 27th, I print signs by Wednesday"
	}
	return isVerb
}

func debriefWhy(out Reading) string {
	var parts []string
	if n := len(out.Said); n > 0 {
		parts = append(parts, plural(n, "step"))
	}
	if out.NoSteps {
		parts = append(parts, "no next steps")
	}
	if out.Next != nil {
		parts = append(parts, "when you connect next")
	}
	if out.Ask != AskUnknown {
		parts = append(parts, "the ask: "+string(out.Ask))
	}
	if out.NoMail {
		parts = append(parts, "they want no more mail")
	}
	if out.Held != HeldYes {
		parts = append(parts, string(out.Held))
	}
	if out.Notes != "" {
		parts = append(parts, "private notes")
	}
	return "notes of a one-to-one: " + strings.Join(parts, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "one " + word
	}
	return itoa(n) + " " + word + "s"
}

// take puts what the unit says into out and returns what of it is a private note. Of a
// sentence that is too long to be weighed as a whole, all is one.
func (u *unit) take(out *Reading, asked Asking, of int) (note string) {
	note = u.weigh(out, asked, of)
	if note == "" && len(u.text) > maxSentence {
		return u.text
	}
	return note
}

func (u *unit) weigh(out *Reading, asked Asking, of int) (note string) {
	if len(u.r.toks) == 0 {
		return ""
	}
	if u.heading == notesHead {
		return u.text
	}
	signs := u.signs(aboutDebrief)
	if u.polite(signs) {
		return ""
	}
	if signs[noMail] && u.noMail() {
		out.NoMail = true
		return u.text
	}
	if signs[noSteps] && len(u.r.toks) <= 8 {
		out.NoSteps = true
		return ""
	}
	if u.notHeld(out, signs) {
		return u.text
	}
	if asked == AskedMissing && (u.onlyDay(out) || u.onlyOwner(out)) {
		return ""
	}
	if u.next(out, signs) {
		return ""
	}
	if _, _, _, dated := u.deadline(); signs[saidLater] && !dated && u.outcome(out, signs) {
		if u.heading == askHead {
			return ""
		}
		return u.text // "she'll think about it" is an answer, no promise
	}
	if note, ok := u.step(out); ok {
		return note
	}
	for _, v := range u.inOthers() { // a promise may stand in the language of who made it
		if note, ok := v.step(out); ok {
			return note
		}
	}
	if u.outcome(out, signs) && len(u.r.toks) <= 4 {
		return ""
	}
	return u.text
}

// inOthers is a unit that begins with who is to do something ("Luis: hablar con…"), read in
// the other languages.
func (u *unit) inOthers() (out []unit) {
	if !u.prefixed() {
		return nil
	}
	all := lexicons()
	for _, l := range languages {
		if x := all[l.code]; x != u.r.x {
			v := *u
			v.r = &reader{c: u.r.c, x: x, full: u.r.full, text: u.r.text, toks: u.r.toks, ids: x.idsOf(u.r.toks)}
			out = append(out, v)
		}
	}
	return out
}

// polite says that the unit is only a greeting or thanks.
func (u *unit) polite(signs map[sign]bool) bool {
	for i := 0; i < len(u.r.toks); {
		n, s := u.r.x.match(aboutDebrief, u.r.ids, u.r.toks, i, len(u.r.toks))
		if s != closing && s != greeting {
			if _, k := u.r.nameAt(i); k > 0 && i > 0 {
				i += k
				continue
			}
			return false
		}
		i += n
	}
	return true
}

// notHeld reads that the meeting did not take place. Only a short sentence says so;
// a longer one may speak of something else that was cancelled.
func (u *unit) notHeld(out *Reading, signs map[sign]bool) bool {
	if (signs[byChance] || signs[ranInto] && u.ranInto()) && len(u.r.toks) <= 16 && u.heading == unknown && (out.Held == HeldUnknown || out.Held == HeldNot) {
		out.Held, out.Windows = HeldByChance, u.past()
		return true
	}
	if out.Held != HeldUnknown || len(out.Said) > 0 || u.heading != unknown {
		return false
	}
	short := len(u.r.toks) <= 12
	switch {
	case signs[movedTo] && short:
		out.Held = HeldMoved
		for _, f := range u.r.found() {
			w := Window{From: f.From.UTC(), To: f.To.UTC()}
			if isPoint(f) {
				w.To = w.From.Add(u.r.length())
			}
			if !f.Not && w.To.After(u.r.c.Sent) {
				out.Windows = append(out.Windows, w)
			}
		}
	case signs[noShow] && short && u.absent():
		out.Held = HeldNoShow
	case signs[notHeld] && short:
		out.Held = HeldNot
	default:
		return false
	}
	return true
}

// ranInto says that it was the other of the two whom the writer ran into, not "trouble at work".
func (u *unit) ranInto() bool {
	at, n, _ := u.has(aboutDebrief, ranInto)
	_, k := u.r.nameAt(at + n)
	return k > 0
}

// absent says that it was the other of the two who did not come: the words begin so, or
// name them before it ("I waited, but she never came"); "and nobody came" ends another story.
func (u *unit) absent() bool {
	at, _, ok := u.has(aboutDebrief, noShow)
	if !ok || at <= 2 {
		return ok
	}
	_, who := u.r.x.match(aboutOwners, u.r.ids, u.r.toks, at-1, at)
	if who == theyWord {
		return true
	}
	for i := max(0, at-2); i < at; i++ {
		if _, n := u.r.nameAt(i); n > 0 && i+n == at {
			return true
		}
	}
	return false
}

// noMail says that it is the person, and nobody else, who wants no more mail: the words
// begin with them, or with what they want.
func (u *unit) noMail() bool {
	at, _, ok := u.has(aboutDebrief, noMail)
	if !ok || len(u.r.toks) > 14 || u.heading != unknown {
		return false
	}
	if o, owned := u.owner(); owned && at > 0 {
		return o.to == at && o.name != u.r.me()
	}
	return at == 0
}

// past is the time in the unit that is over; nil when there is none.
func (u *unit) past() []Window {
	for _, f := range u.r.found() {
		if !f.Not && !f.To.After(u.r.c.Sent) {
			return []Window{{From: f.From.UTC(), To: f.To.UTC()}}
		}
	}
	return nil
}

// onlyDay reads a lone day: the deadline or date that was asked for.
func (u *unit) onlyDay(out *Reading) bool {
	d, from, to, ok := u.deadline()
	if !ok || len(u.r.toks) > 6 {
		return false
	}
	for i, t := range u.r.toks {
		if t.start >= from && t.end <= to || u.r.x.match1(aboutDebrief, u.r.ids, u.r.toks, i) == dueWord || u.r.x.articles[t.word] {
			continue
		}
		return false
	}
	out.Said = append(out.Said, SaidStep{Deadline: d})
	return true
}

// onlyOwner reads a lone owner, as who does it was asked for: "Ana", "Ana does", "I'll do it".
func (u *unit) onlyOwner(out *Reading) bool {
	if len(u.r.toks) > 6 {
		return false
	}
	begin := 0
	for begin < len(u.r.toks) && u.r.x.doing[u.r.toks[begin].word] { // "lo hace Ana"
		begin++
	}
	named := u.r.part(begin, len(u.r.toks))
	o, ok := named.owner()
	if !ok || o.name == "" {
		return false
	}
	for _, t := range named.r.toks[o.to:] {
		if !u.r.x.doing[t.word] {
			return false
		}
	}
	out.Said = append(out.Said, SaidStep{Owner: o.name})
	return true
}

// next reads when the two connect again.
func (u *unit) next(out *Reading, signs map[sign]bool) bool {
	_, owned := u.owner()
	talks := signs[again] || u.heading == nextHead || signs[checkIn] && (!owned || u.about())
	if signs[noNext] && (talks || len(u.r.toks) <= 8) {
		out.Next = &SaidNext{None: true}
		return true
	}
	if !talks || u.prefixed() && !u.mine() {
		return false
	}
	d, _, _, ok := u.date()
	if !ok {
		if k := u.duration(); !k.IsZero() {
			d, ok = k, true
		}
	}
	if !ok {
		return false
	}
	if at, _, found := u.has(aboutDebrief, again); found && at > 6 && u.heading != nextHead {
		return false // "… again" at the end of a story
	}
	out.Next = &SaidNext{On: d, Short: signs[checkIn], Phone: signs[phone]}
	return true
}

// about says that a check-in is between the two: with "her", "us", or nobody named.
func (u *unit) about() bool {
	for i := range u.r.toks {
		if i == 0 {
			continue
		}
		if name, n := u.r.nameAt(i); n > 0 && name != u.r.me() && len(u.r.others()) != 1 {
			return false
		}
	}
	return !u.prefixed()
}

func (u *unit) mine() bool { o, ok := u.owner(); return ok && o.name == u.r.me() }

// outcome reads how the ask went.
func (u *unit) outcome(out *Reading, signs map[sign]bool) bool {
	a := AskUnknown
	switch {
	case signs[notAsked]:
		a = AskNone
	case signs[saidLess]:
		a = AskSmaller
	case signs[saidLater]:
		a = AskLater
	case signs[saidNo]:
		a = AskNo
	case signs[saidYes]:
		a = AskYes
	case u.heading == askHead:
		a = u.plainOutcome()
	}
	if signs[saidLess] && !signs[saidYes] && !signs[saidNo] && !signs[saidLater] && u.heading != askHead {
		if _, n, ok := u.has(aboutDebrief, saidLess); !ok || n < 2 {
			a = AskUnknown // "but will" by itself says nothing of the ask
		}
	}
	if a == AskUnknown {
		return false
	}
	if out.Ask == AskUnknown {
		out.Ask = a
	}
	return true
}

// plainOutcome reads what follows "Ask:".
func (u *unit) plainOutcome() AskOutcome {
	for i := range u.r.toks {
		switch _, s := u.r.x.match(aboutTimes, u.r.ids, u.r.toks, i, len(u.r.toks)); s {
		case yes, yesOrIf, good:
			return AskYes
		case no, bad:
			return AskNo
		case hold, notNow:
			return AskLater
		}
	}
	return AskUnknown
}

// date is the day that a next meeting is on.
func (u *unit) date() (d slots.Date, from, to int, ok bool) {
	for _, f := range u.r.found() {
		if f.Not || !f.To.After(u.r.c.Sent) {
			continue
		}
		d = slots.DateOf(f.From, u.r.c.Zone)
		if f.Bound == when.Until || f.Bound == when.Before {
			d = slots.DateOf(f.To.Add(-time.Second), u.r.c.Zone)
		}
		if f.Grain == when.Week || f.Grain == when.Month {
			d = firstWorking(d)
		}
		return d, f.Start, f.End, true
	}
	return slots.Date{}, 0, 0, false
}

// duration reads "2 weeks" without an "in".
func (u *unit) duration() slots.Date {
	tried := 0
	for i, t := range u.r.toks {
		if n, _ := u.r.number(t.word); n == 0 && !u.r.x.single[t.word] || tried == 3 {
			continue
		}
		tried++
		text := u.r.x.within + " " + strings.ToValidUTF8(u.r.text[t.start:min(len(u.r.text), t.start+40)], "")
		if i+1 >= len(u.r.toks) {
			break
		}
		for _, f := range when.Find(text, when.Times{Now: u.r.c.Sent, Zone: u.r.c.Zone, Language: u.r.x.code, DayFirst: u.r.c.DayFirst}) {
			if f.Start <= len(u.r.x.within)+1 && f.From.After(u.r.c.Sent) {
				return slots.DateOf(f.From, u.r.c.Zone)
			}
			break
		}
	}
	return slots.Date{}
}

// deadline is the last day that a step may take, and where the words say it: those after
// "by" first, else the last ones.
func (u *unit) deadline() (d slots.Date, from, to int, ok bool) {
	var best when.Found
	for _, f := range u.r.found() {
		if f.Not || !f.To.After(u.r.c.Sent) && f.Grain != when.Day || f.Bound == when.After {
			continue
		}
		if !ok || f.Bound == when.Until || f.Bound == when.Before || best.Bound != when.Until && best.Bound != when.Before {
			if ok && f.Start == best.Start {
				continue
			}
			best, ok = f, true
		}
	}
	if !ok {
		return slots.Date{}, 0, 0, false
	}
	zone := u.r.c.Zone
	switch {
	case best.Grain == when.Week:
		d = slots.DateOf(best.To.Add(-time.Second), zone)
		for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			d = d.AddDays(-1)
		}
	case best.Bound == when.Until || best.Bound == when.Before || best.Grain == when.Month:
		d = slots.DateOf(best.To.Add(-time.Second), zone)
	default:
		d = slots.DateOf(best.From, zone)
	}
	return d, best.Start, best.End, true
}
