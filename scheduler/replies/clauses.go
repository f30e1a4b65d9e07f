package replies

import (
	"strings"
	"time"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// item is a phrase, a time, a number or a word within a clause.
type item struct {
	sign     sign
	from, to int  // tokens
	ref      *ref // for times, numbers and picks
}

// ref is something that may point at a slot or at a time.
type ref struct {
	found     []when.Found // all that the same words may mean
	slots     []int        // the offered slots that fit, from 0
	narrows   bool         // a pick that chooses among what other words fit: "the later one"
	pick      sign
	coarse    bool // a week or a month: too wide to choose by
	not       bool // ruled out by the words themselves
	ordinal   int  // "2", "second": the number; 0 otherwise
	why       string
	polarity  int  // +1 suits, -1 does not, 0 only mentioned
	strong    bool // said to suit, not only named
	asked     bool // proposed with a question
	void      bool // taken back
	owns      bool // "Tuesday's rally": names something else
	ambiguous bool // an option or an hour
	clause    int
	at        int // token
}

// clause is a stretch of words between gaps.
type clause struct {
	from, to int
	items    []item
	named    []*ref  // what of the items points at slots or times
	signs    signSet // of the items, once they are settled
	settled  bool
	sentence int
	question bool // its sentence ends with a question mark
	first    bool // of its sentence
	contrast bool // begins with "but"
}

func (c *clause) has(s sign) bool {
	if c.settled {
		return c.signs[s/64]&(1<<(s%64)) != 0
	}
	return signsOf(c.items)[s/64]&(1<<(s%64)) != 0
}

// settle says that the signs of the items will not change any more.
func (c *clause) settle() { c.signs, c.settled = signsOf(c.items), true }

// signSet is the signs of some items.
type signSet [(signCount + 63) / 64]uint64

func signsOf(items []item) (in signSet) {
	for _, it := range items {
		in[it.sign/64] |= 1 << (it.sign % 64)
	}
	return in
}

// begins says whether the first word that says something is s.
func (c *clause) begins(s sign) bool {
	for _, it := range c.items {
		switch it.sign {
		case s:
			return true
		case filler, greeting, closing, conj, contrast, yes:
			if it.ref == nil {
				continue
			}
		}
		return false
	}
	return false
}

// any says whether one of the signs is there.
func (c *clause) any(ss ...sign) bool {
	for _, s := range ss {
		if c.has(s) {
			return true
		}
	}
	return false
}

func (c *clause) refs() []*ref { return c.named }

// strange counts the words that no list has.
func (c *clause) strange() int {
	n := 0
	for _, it := range c.items {
		if it.sign == unknown && it.ref == nil {
			n++
		}
	}
	return n
}

// clauses takes the text apart: sentences, their clauses, and the phrases in them.
func (r *reader) clauses(t topic) []clause {
	found := r.found()
	out, items := r.room.take(len(r.toks)) // the items of all clauses stand one behind the other
	first := 0                             // item of the clause at hand
	cur := clause{first: true}
	var named []*ref // of all clauses
	finish := func(to int) {
		cur.to, cur.items = to, items[first:len(items):len(items)]
		from := len(named)
		for _, it := range cur.items {
			if it.ref != nil {
				it.ref.clause = len(out)
				named = append(named, it.ref)
			}
		}
		cur.named = named[from:len(named):len(named)]
		out, first = append(out, cur), len(items)
	}
	sent, next := 0, 0
	begin := 0 // clause of out with which the sentence begins
	for i := 0; i < len(r.toks); {
		it, used := r.itemAt(t, i, found, &next)
		if n := len(items) - 1; n >= first && t == aboutMeeting && it.ref != nil && len(r.c.Offered) == 0 && moves(items[n].sign) {
			if f := r.hourAt(i, it.ref); f != nil {
				it.ref = f
			}
		}
		if f := it.ref; f != nil && t == aboutTimes && cur.contrast && f.ordinal > len(r.c.Offered) && len(f.slots) == 0 {
			if h := r.hourAt(i, f); h != nil {
				it.ref = h // "Wednesday but 5"
			}
		}
		if it.sign == contrast && len(items) > first {
			finish(i)
			cur = clause{from: i, sentence: sent, contrast: true}
		} else if it.sign == contrast {
			cur.contrast = true
		}
		items = append(items, it)
		last := i + used - 1
		g := r.toks[last].after
		for k := i; k < last; k++ {
			if it.ref == nil && it.sign != unknown {
				g = max(g, r.toks[k].after)
			}
		}
		q := r.toks[last].question
		i += used
		if g == space && i < len(r.toks) {
			continue
		}
		finish(i)
		cur = clause{from: i, sentence: sent}
		if g == sentence || i >= len(r.toks) {
			for k := asking(out, begin); k < len(out); k++ {
				out[k].question = out[k].question || q
			}
			sent++
			begin = len(out)
			cur = clause{from: i, sentence: sent, first: true}
		}
	}
	r.room.used(out, items)
	return out
}

// asking is the clause with which a question begins: "Monday works, what should I bring?" asks
// from the second on. Where none begins like one, it is the first.
func asking(cs []clause, begin int) int {
	for k := begin + 1; k < len(cs); k++ {
		if cs[k].begins(ask) {
			return k
		}
	}
	return begin
}

// found is every time in the text, those of the same words together.
func (r *reader) found() []when.Found {
	if !r.looked {
		r.times, r.looked = r.find(), true
	}
	return r.times
}

func (r *reader) find() []when.Found {
	found := r.findIn(r.x.code)
	if r.x.also != "" {
		found = withThose(found, r.findIn(r.x.also))
	}
	return found
}

func (r *reader) around() []slots.Interval {
	if len(r.c.Offered) == 0 && !r.c.Meeting.From.IsZero() {
		return []slots.Interval{r.c.Meeting}
	}
	return r.c.Offered
}

// itemAt is the item that begins at token i, and how many tokens it takes. next is the
// first find that does not lie before i.
func (r *reader) itemAt(t topic, i int, found []when.Found, next *int) (item, int) {
	for *next < len(found) && found[*next].End <= r.toks[i].start {
		*next++
	}
	n, s := r.x.match(t, r.ids, r.toks, i, len(r.toks))
	if *next < len(found) && found[*next].Start <= r.toks[i].start {
		first := found[*next]
		m := 0
		for i+m < len(r.toks) && r.toks[i+m].start < first.End {
			m++
		}
		for k := 1; k < m; k++ {
			if pn, ps := r.x.match(t, r.ids, r.toks, i+k, len(r.toks)); pn > 0 && ps >= pickFirst && ps <= pickEvening {
				m = k // "Tuesday, the later one" is a day and a pick
			}
		}
		group := *next
		for group < len(found) && found[group].Start == first.Start && found[group].End == first.End {
			group++
		}
		over := m
		if m == 2 && r.isArticle(i) && (first.Grain == when.Hour || first.Grain == when.Minute) {
			over = 1 // "la 1": an option, or one o'clock
		}
		if num, k := r.numberAt(i, over); num != nil {
			*next = group
			return item{from: i, to: i + k, ref: num}, k
		}
		if s == shift && n < m && (n > 1 || first.Grain == when.PartOfDay && first.To.Sub(first.From) > 20*time.Hour) {
			return item{sign: s, from: i, to: i + n}, n // "más tarde el jueves" is later than was offered
		}
		if pick := s >= pickFirst && s <= pickEvening; m > n || m == n && !pick || s == filler {
			ref := r.timeRef(found[*next:group], i, m)
			*next = group
			return item{from: i, to: i + m, ref: ref}, m
		}
	}
	if n <= 1 {
		if f := r.offeredWeekday(i); f != nil {
			return item{from: i, to: i + 1, ref: f}, 1
		}
		if f := r.offeredClock(i); f != nil {
			return item{from: i, to: i + 1, ref: f}, 1
		}
	}
	if n > 0 && s >= pickFirst && s <= pickEvening {
		return item{sign: s, from: i, to: i + n, ref: &ref{pick: s, narrows: true, at: i}}, n
	}
	if n <= 1 || s == filler {
		if num, k := r.numberAt(i, 0); num != nil && k >= n {
			return item{from: i, to: i + k, ref: num}, k
		}
	}
	if n > 0 {
		return item{sign: s, from: i, to: i + n}, n
	}
	if strings.Trim(r.toks[i].word, "x") == "" {
		return item{sign: filler, from: i, to: i + 1}, 1 // a masked number
	}
	return item{from: i, to: i + 1}, 1
}
