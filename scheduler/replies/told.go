package replies

import "strings"

// What a mail says besides times: what the organizer should see at once, and what they will
// want to have read before the two meet.

// statement is one sentence, as far as it is no time.
type statement struct {
	cs            []clause
	at            int // of its first clause, in the mail
	strange, refs int
	question      bool
	asks          bool
	remark        bool // on how, where and by what number to meet
	kind          bool
	opines        bool
}

func (r *reader) remarks(s *sense) []statement {
	out := make([]statement, 0, s.cs[len(s.cs)-1].sentence+1)
	for i := 0; i < len(s.cs); {
		st := statement{at: i}
		j := i
		for ; j < len(s.cs) && s.cs[j].sentence == s.cs[i].sentence; j++ {
			c := &s.cs[j]
			st.strange += c.strange()
			st.refs += len(c.refs())
			st.question = st.question || c.question
			st.asks = st.asks || c.has(ask)
			st.remark = st.remark || c.any(place, phone, callMe, address, late)
			st.kind = st.kind || c.has(nice)
			for k := c.from; k < c.to; k++ {
				st.opines = st.opines || r.x.opines.may(r.toks[k].word) && r.x.opinions[r.toks[k].word]
			}
		}
		st.cs = s.cs[i:j]
		out = append(out, st)
		i = j
	}
	return out
}

// passes says that a sentence asks, or says something that no list knows.
func (r *reader) passes(s *sense, st *statement) bool {
	asks := st.question && (st.asks || (st.strange > 0 || st.refs == 0) && !r.timeQuestion(s, st.at))
	return asks || st.strange >= 3 || st.remark && st.question
}

func (r *reader) wordsOf(st *statement) string {
	return r.words(st.cs[0].from, st.cs[len(st.cs)-1].to)
}

// add puts a sentence behind others.
func (st *statement) add(b *strings.Builder, words string) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(words)
	b.WriteString(mark(st.question))
}

// passed is every sentence that the organizer should see at once.
func (r *reader) passed(s *sense, said []statement) string {
	var out strings.Builder
	for i := range said {
		if st := &said[i]; r.passes(s, st) {
			st.add(&out, r.wordsOf(st))
		}
	}
	return out.String()
}

// maxTold bounds what is kept of one mail, in bytes.
const maxTold = 1200

// told is every sentence about something else than times and manners: "It scares me, my
// brother works there." In their own words for a brief: rather one too many.
func (r *reader) told(s *sense, said []statement) string {
	var out strings.Builder
	size := 0
	for i := range said {
		st := &said[i]
		if !r.passes(s, st) && !st.says() {
			continue
		}
		w := r.wordsOf(st)
		if size += len(w) + 1; size > maxTold {
			break
		}
		st.add(&out, w)
	}
	return out.String()
}

// says tells a statement from "See you then" and "Warmly, Ana".
func (st *statement) says() bool {
	begins := st.cs[0].items
	words := st.cs[len(st.cs)-1].to - st.cs[0].from
	switch {
	case len(begins) > 0 && (begins[0].sign == greeting || begins[0].sign == closing) && st.strange < 3:
		return false
	case st.refs > 0:
		return st.strange >= 2
	case words >= 3:
		return st.strange > 0 || st.opines
	}
	return words == 2 && (st.kind || st.opines)
}
