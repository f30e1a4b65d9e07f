package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// steps reads how promised steps stand. Each statement is matched to the step that its
// words fit, or to the only one that is open; where several fit, Step is "". A step that
// is not done yet, without a new day, is StepMoved with a zero Until.
func (r *reader) steps() Reading {
	if len(r.toks) == 0 {
		return Reading{Kind: Unclear, Why: []string{"nothing was written besides what was quoted"}}
	}
	var ups []SaidUpdate
	asks, stops := false, false
	var rest []string
	us, left := r.statements()
	if left != "" {
		rest = append(rest, left)
	}
	for _, u := range us {
		signs := u.signs(aboutSteps)
		stops = stops || signs[stop]
		state, until := u.standing(signs)
		if state == "" {
			if n := len(ups) - 1; n >= 0 && ups[n].State == StepDone && signs[contrast] && u.strange() > 0 {
				ups = ups[:n] // "I called but the line was dead": done, or not?
				rest = append(rest, strings.TrimSpace(u.text))
				continue
			}
			asks = asks || strings.HasSuffix(strings.TrimSpace(u.text), "?") || signs[ask] && strings.Contains(u.text, "?")
			if words := strings.TrimSpace(u.text); u.strange() > 1 || strings.HasSuffix(words, "?") {
				rest = append(rest, words)
			}
			continue
		}
		if n := len(ups) - 1; n >= 0 && state == StepMoved && ups[n].State == StepMoved && ups[n].Until.IsZero() && r.which(u) == "" {
			ups[n].Until = until // "the flyer isn't done, give me until Monday"
			continue
		}
		ups = append(ups, r.settle(u, state, until, signs)...)
	}
	ups = overruled(ups)
	switch {
	case stops || r.bareStop():
		return Reading{Kind: Never, Why: []string{"they want no more mail"}}
	case len(ups) > 0:
		return Reading{Kind: StepUpdate, Updates: ups, Passed: strings.Join(rest, " "), Why: []string{stepWhy(ups)}}
	case asks:
		return Reading{Kind: Question, Why: []string{"they ask something"}}
	}
	return Reading{Kind: Unclear, Why: []string{"none of the words say how the step stands"}}
}

// overruled leaves the last word on each step: "called them both! The flyer needs until
// Wednesday".
func overruled(ups []SaidUpdate) []SaidUpdate {
	var out []SaidUpdate
	for i, u := range ups {
		later := false
		for _, v := range ups[i+1:] {
			later = later || u.Step != "" && v.Step == u.Step
		}
		if !later {
			out = append(out, u)
		}
	}
	return out
}

func stepWhy(ups []SaidUpdate) string {
	var parts []string
	for _, u := range ups {
		which := "it"
		if u.Step == "" {
			which = "one of several steps, not clear which,"
		}
		parts = append(parts, which+" is "+string(u.State))
	}
	return "how a step stands: " + strings.Join(parts, "; ")
}

// statements are the sentences, cut again at "but" and commas where each part says
// something of its own. rest is what was too much to be weighed.
func (r *reader) statements() (out []unit, rest string) {
	us, rest := r.unitsAndRest()
	for _, u := range us {
		if len(u.r.toks) > maxSplit {
			out = append(out, u)
			continue
		}
		begin := 0
		cut := func(to int) {
			if to > begin {
				text := u.text[u.r.toks[begin].start:u.r.toks[to-1].end]
				if to == len(u.r.toks) {
					text = u.text[u.r.toks[begin].start:]
				}
				out = append(out, u.r.unit(text, false, unknown, begin == 0))
			}
			begin = to
		}
		weighed := 0
		for i := 1; i < len(u.r.toks) && weighed < maxParts; i++ {
			n, s := u.r.x.match(aboutSteps, u.r.ids, u.r.toks, i, len(u.r.toks))
			switch {
			case n > 0 && s == contrast:
				cut(i)
			case u.r.toks[i-1].after == comma || s == conj:
				weighed++
				left, right := u.r.part(begin, i), u.r.part(i, len(u.r.toks))
				ls, _ := left.standing(left.signs(aboutSteps))
				rs, _ := right.standing(right.signs(aboutSteps))
				if ls != "" && rs != "" && (ls != rs || r.which(left) != r.which(right)) {
					cut(i)
				}
			}
		}
		cut(len(u.r.toks))
	}
	return out, rest
}

// maxSplit is how many words a sentence may have that is cut at its seams.
const maxSplit = 60

// maxParts is how many commas and "ands" of one sentence are tried as its seams.
const maxParts = 12

func (r *reader) part(i, end int) unit {
	if i >= end {
		return r.unit("", false, unknown, false)
	}
	return r.unit(r.full[r.toks[i].start:r.toks[end-1].end], false, unknown, false)
}

func (u *unit) strange() int {
	n := 0
	for i := 0; i < len(u.r.toks); {
		k, s := u.r.x.match(aboutSteps, u.r.ids, u.r.toks, i, len(u.r.toks))
		if s == unknown {
			n++
		}
		i += max(k, 1)
	}
	return n
}

// standing is what a statement says of a step, "" for nothing.
func (u *unit) standing(signs map[sign]bool) (StepState, slots.Date) {
	until := u.newDay()
	switch {
	case strings.HasSuffix(strings.TrimSpace(u.text), "?") && !signs[moreTime]:
		return "", until
	case signs[stuck]:
		return StepStuck, slots.Date{}
	case !until.IsZero() && (signs[moreTime] || signs[notYet] || signs[cantStep]):
		return StepMoved, until
	case !until.IsZero() && signs[done] && u.ahead():
		return StepMoved, until
	case signs[cantStep]:
		return StepCant, slots.Date{}
	case signs[notYet]:
		return StepMoved, slots.Date{}
	case signs[done] && signs[cond]:
		return "", slots.Date{} // "I'd be done if they answered"
	case signs[done]:
		return StepDone, slots.Date{}
	case signs[moreTime]:
		return StepMoved, slots.Date{}
	case !until.IsZero() && u.strange() == 0:
		return StepMoved, until // "Tuesday"
	}
	return "", slots.Date{}
}

// newDay is the day that a statement names, from today on.
func (u *unit) newDay() slots.Date {
	today := u.today()
	for _, f := range u.r.found() {
		if f.Not && f.Bound == when.Exact {
			continue
		}
		d := slots.DateOf(f.From, u.r.c.Zone)
		if f.Bound == when.Until || f.Bound == when.Before || f.Grain == when.Week {
			d = slots.DateOf(f.To.Add(-time.Second), u.r.c.Zone)
			for f.Grain == when.Week && (d.Weekday() == time.Saturday || d.Weekday() == time.Sunday) {
				d = d.AddDays(-1)
			}
		}
		if f.Bound == when.After {
			d = slots.DateOf(f.From, u.r.c.Zone)
		}
		if !d.Before(today) {
			if d == today && f.Grain != when.Day && f.Grain != when.PartOfDay {
				continue
			}
			return d
		}
	}
	if d := u.duration(); d.After(today) {
		return d
	}
	return slots.Date{}
}

// ahead says that "done" lies in the future: "I'll have it done by Friday".
func (u *unit) ahead() bool {
	for i := range u.r.toks {
		if s := u.r.x.match1(aboutOwners, u.r.ids, u.r.toks, i); s == dueWord || s == will && u.r.toks[i].word != "to" || s == meWill {
			return true
		}
	}
	return false
}

// settle makes updates of a statement: of the step it fits, or of all.
func (r *reader) settle(u unit, state StepState, until slots.Date, signs map[sign]bool) []SaidUpdate {
	words := strings.TrimSpace(u.text)
	if signs[everything] && state != StepStuck && r.which(u) == "" { // "called them both" is of one step
		var out []SaidUpdate
		for _, s := range r.c.Steps {
			out = append(out, SaidUpdate{Step: s.ID, State: state, Until: until, Words: words})
		}
		if len(out) > 0 {
			return out
		}
	}
	return []SaidUpdate{{Step: r.which(u), State: state, Until: until, Words: words}}
}

// which is the step that a statement speaks of: the only one, the one by its number, or
// the one whose action or owner shares most words with it.
func (r *reader) which(u unit) string {
	if len(r.c.Steps) == 1 {
		return r.c.Steps[0].ID
	}
	best, id, tie := 0, "", false
	for n, s := range r.c.Steps {
		score := r.likeness(u, s)
		if score == 0 && u.numbered() == n+1 {
			score = 1
		}
		switch {
		case score > best:
			best, id, tie = score, s.ID, false
		case score == best && score > 0:
			tie = true
		}
	}
	if tie {
		return ""
	}
	return id
}

// numbered is the number or ordinal with which a statement begins, 0 for none.
func (u *unit) numbered() int {
	for i, t := range u.r.toks {
		if i > 3 {
			break
		}
		if n, ordinal := u.r.number(t.word); n > 0 && (ordinal || i == 0 && isDigit(t.word[0]) || i > 0 && t.word != "" && u.r.toks[i-1].word == "#") {
			return n
		}
	}
	return 0
}

// likeness counts the words of weight that a statement shares with a step.
func (r *reader) likeness(u unit, s Step) int {
	n := 0
	toks := tokenize(s.Action)
	for _, t := range u.r.toks {
		for _, a := range toks {
			if weighty(r.x, a.word) && alike(a.word, t.word) {
				n += 2
				break
			}
		}
	}
	for i := range u.r.toks {
		if name, k := u.r.nameAt(i); k > 0 && name != "" && foldWord(name) == foldWord(s.Owner) {
			n++
			break
		}
	}
	return n
}

// weighty says that a word can tell steps apart.
func weighty(x *lexicon, w string) bool {
	return len(w) >= 3 && !x.common[w] && !x.articles[w]
}

// alike says that two words are forms of one: "reporters" and "reporter", "called" and "call".
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	k := 0
	for k < len(a) && a[k] == b[k] {
		k++
	}
	return k >= 4 && k >= len(a)-1 && len(b)-k <= 4
}
