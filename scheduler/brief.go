package scheduler

import (
	"slices"
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// brief sends the organizer what they want to know before the meeting.
func (t *turn) brief(m OneToOne) {
	p, st := t.s.People[m.Person], t.standing(m.Person)
	m.Meeting.Briefed = t.now
	b := &Brief{LastMet: t.s.lastMet(p, st), Sparks: st.Sparks, LastAsk: st.LastAsk, Said: m.Said,
		Topics: freshTopics(st.Topics, m.Short)}
	if st.Answer != "" {
		b.Answer = answerOf(st.Answer)
	}
	for _, id := range sortedKeys(t.s.Steps) {
		switch s := t.s.Steps[id]; {
		case s.Person != m.Person:
		case s.State == StepDone && slots.DateOf(s.Settled, t.s.Organizer.Zone).Before(b.LastMet):
		case s.State == StepDone:
			b.Kept = append(b.Kept, s)
		case s.State == StepOpen || s.State == StepSlipped:
			b.Open = append(b.Open, s)
		}
	}
	if ask := t.s.ask(p, st, t.now); ask != nil {
		b.Ask = ask
		m.Asked = ask.Text
	}
	b.Neighbors = t.s.neighbors(m)
	st.Topics = lastN(append(st.Topics[:len(st.Topics):len(st.Topics)], topicNames(b.Topics)...), len(Topics))
	t.keep(st)
	t.mailOrganizer(&m, MailBrief, mail{asked: replies.AskedAhead, expires: m.Meeting.To, fill: func(l *Letter) { l.Brief = b }})
	t.save(m)
	t.log(m.Person, m.ID, "brief sent", "so that you are prepared")
}

// maxSaid bounds what of a person's words is kept for the brief, and maxWords each of them, in
// bytes.
const maxSaid, maxWords = 8, 1200

// hear keeps what the person said of other things than times.
func (m *OneToOne) hear(words string) {
	if len(words) > maxWords {
		words = strings.ToValidUTF8(words[:maxWords], "") + "…"
	}
	known := slices.ContainsFunc(m.Said, func(said string) bool { return strings.Contains(said, words) })
	if words != "" && !known {
		m.Said = lastN(append(m.Said, words), maxSaid)
	}
}

// freshTopics are three or four families of questions, those not asked yet first.
func freshTopics(asked []string, short bool) (out []Topic) {
	n := 4
	if short {
		n = 3
	}
	for _, topic := range Topics {
		if !slices.Contains(asked, string(topic)) {
			out = append(out, topic)
		}
	}
	for _, name := range asked { // the longest ago first
		out = append(out, Topic(name))
	}
	return out[:min(n, len(out))]
}

func topicNames(list []Topic) (out []string) {
	for _, topic := range list {
		out = append(out, string(topic))
	}
	return out
}

// ask is the ask that fits the person best: most of their skills, not yet over, and not
// the same again after a "yes" or a "no".
func (s State) ask(p Person, st Standing, now time.Time) *Ask {
	today := slots.DateOf(now, s.Organizer.Zone)
	if !s.Campaign.Current(today) {
		return nil
	}
	best, score := -1, -1
	for i, a := range s.Campaign.Asks {
		if s.tookOn(p.ID, a.Text) || !a.By.IsZero() && a.By.Before(today) || a.Text == st.LastAsk && st.Answer != string(replies.AskLater) && st.Answer != "" {
			continue
		}
		n := 0
		for _, skill := range a.Skills {
			if slices.ContainsFunc(p.Skills, func(have string) bool { return strings.EqualFold(have, skill) }) {
				n += 2
			}
		}
		if len(a.Skills) == 0 {
			n++
		}
		if n > score {
			best, score = i, n
		}
	}
	if best < 0 || score == 0 {
		return nil
	}
	a := s.Campaign.Asks[best]
	return &a
}

// tookOn says that the person has promised this already, kept or not.
func (s State) tookOn(p PersonID, ask string) bool {
	for _, st := range s.Steps {
		if st.Person == p && st.ByPerson && sameAction(st.Action, ask) {
			return true
		}
	}
	return false
}

// neighbors is what stands in the calendar within two hours before and after, as far as
// it was looked at.
func (s State) neighbors(m OneToOne) (out []slots.Interval) {
	for _, o := range s.OneToOnes {
		if o.ID != m.ID && o.Meeting != nil && o.Stage == Agreed {
			if gap := o.Meeting.From.Sub(m.Meeting.To); gap < neighborGap && gap > -neighborGap-m.Meeting.Length()-o.Meeting.Length() {
				out = append(out, o.Meeting.Interval)
			}
		}
	}
	slices.SortFunc(out, func(a, b slots.Interval) int { return a.From.Compare(b.From) })
	return out
}
