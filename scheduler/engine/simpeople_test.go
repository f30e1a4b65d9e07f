package engine_test

import (
	"fmt"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// simPerson answers mail the way people do, by the seed.
type simPerson struct {
	id        scheduler.PersonID
	address   string
	zone      *time.Location
	language  string
	agreed    []slots.Interval // what they chose or proposed: an invite must lie in one of these
	stopHeard time.Time        // when indy had read that they want no more mail
	stopped   bool
}

// read is what a reader does with a mail: mostly, sooner or later, an answer.
func (w *world) read(d delivery) {
	if d.to == organizerAddress {
		w.organizerReads(d)
		return
	}
	p := w.byAddress[d.to]
	if p == nil || p.stopped {
		return
	}
	wait := time.Duration(10+w.rnd.IntN(60*30)) * time.Minute
	switch d.seen.Kind {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome, scheduler.MailMissed, scheduler.MailCancel:
		if len(d.seen.Slots) > 0 {
			w.at(wait, func() { w.answerOffer(p, d) })
		}
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailReminder:
		w.at(wait, func() { w.answerInvite(p, d) })
	case scheduler.MailTentative:
		w.at(wait, func() { w.rsvp(p, d, "ACCEPTED") })
	case scheduler.MailSummary:
		if w.rnd.IntN(6) == 0 {
			w.at(wait, func() { w.reply(p, d, w.say(p, "thanks")) })
		}
	case scheduler.MailCheckIn, scheduler.MailStepAsk:
		w.at(wait, func() { w.answerSteps(p, d) })
	}
}

// phrases are how people say things, by language; %d is a number of the mail, %s a day or time.
var phrases = map[string]map[string][]string{
	"en": {
		"number":   {"%d", "%d please", "Option %d", "number %d works", "let's do %d", "#%d\n\nSent from my iPhone", "I'd take %d. Thanks!"},
		"weekday":  {"%s works for me", "%s is good", "I can do %s", "%s please"},
		"propose":  {"None of those, sorry. %s in the afternoon?", "Can't do any of these. How about %s after 2?"},
		"others":   {"None of those work for me, sorry. Do you have other times?", "None of these suit me. What else do you have?"},
		"later":    {"Not now, please ask me again in %s", "Too busy at the moment, try me again in %s"},
		"question": {"What is this about?", "Who gave you my address?", "How long would it take?"},
		"unclear":  {"Sounds great, let me check with my sister", "Hm, maybe.", "I'll get back to you"},
		"stop":     {"Please take me off your list.", "Stop writing to me", "unsubscribe"},
		"away":     {"I am out of the office until %s.", "Thanks for your mail. I'm on vacation until %s and have no access to email."},
		"move":     {"Can we move it to %s at 3pm?", "Could we do %s at 3pm instead?"},
		"cancel":   {"I can't make it after all, sorry", "Something came up, I have to cancel"},
		"see you":  {"See you there!", "Looking forward to it", "great, see you then"},
		"done":     {"Done!", "All done", "I did it yesterday"},
		"until":    {"I need until %s", "Not yet, I need until %s"},
		"cant":     {"I can't do that, sorry", "can't, sorry"},
		"thanks":   {"Thanks, that was lovely!", "Thank you, it was good to talk"},
	},
	"es": {
		"number":   {"%d", "la %d", "opción %d", "me va bien la %d", "la opción %d, por favor"},
		"weekday":  {"%s me va bien", "puedo %s"},
		"propose":  {"Ninguna me va bien. ¿Puede ser %s por la tarde?"},
		"others":   {"No puedo en ninguno de esos horarios. ¿Tienes otros?"},
		"later":    {"Ahora no, escríbeme en %s"},
		"question": {"¿De qué se trata?", "¿Quién te dio mi dirección?"},
		"unclear":  {"Suena bien, déjame ver", "Quizás."},
		"stop":     {"Por favor no me escribas más", "dame de baja"},
		"away":     {"Estoy fuera de la oficina hasta el %s."},
		"move":     {"¿Podemos pasarlo al %s a las 15:00?"},
		"cancel":   {"Lo siento, al final no puedo ir"},
		"see you":  {"¡Nos vemos!", "Allí estaré"},
		"done":     {"¡Hecho!", "Ya está hecho"},
		"until":    {"Necesito hasta el %s"},
		"cant":     {"No puedo, lo siento"},
		"thanks":   {"¡Gracias, me gustó mucho!"},
	},
}

// say is one of the ways in which this person says it.
func (w *world) say(p *simPerson, what string, args ...any) string {
	list := phrases[p.language][what]
	return fmt.Sprintf(list[w.rnd.IntN(len(list))], args...)
}

var months = []string{"", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
var weekdays = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}

// day names a day, with its weekday or without.
func (p *simPerson) day(t time.Time, weekday bool) string {
	t = t.In(p.zone)
	switch {
	case p.language == "es" && weekday:
		return fmt.Sprintf("%s %d de %s", weekdays[t.Weekday()], t.Day(), months[t.Month()])
	case p.language == "es":
		return fmt.Sprintf("%d de %s", t.Day(), months[t.Month()])
	case weekday:
		return t.Format("Monday January 2")
	}
	return t.Format("January 2")
}

func (w *world) answerOffer(p *simPerson, d delivery) {
	n := len(d.seen.Slots)
	switch k := w.rnd.IntN(20); {
	case k < 7:
		i := w.rnd.IntN(n)
		p.agreed = append(p.agreed, d.seen.Slots[i])
		w.reply(p, d, w.say(p, "number", i+1))
	case k == 7: // a tapped link: a new mail, no thread
		i := w.rnd.IntN(n)
		p.agreed = append(p.agreed, d.seen.Slots[i])
		w.tap(p, d, fmt.Sprintf("%d\n\n(ref %s)", i+1, d.seen.Token))
	case k == 8:
		s := d.seen.Slots[w.rnd.IntN(n)]
		p.agreed = append(p.agreed, s)
		when := s.From.In(p.zone).Format("Monday 3:04pm")
		if p.language == "es" {
			when = "el " + weekdays[s.From.In(p.zone).Weekday()] + s.From.In(p.zone).Format(" a las 15:04")
		}
		w.reply(p, d, w.say(p, "weekday", when))
	case k == 9:
		day := slots.DateOf(w.now, p.zone).AddDays(5 + w.rnd.IntN(8))
		p.agreed = append(p.agreed, slots.Interval{From: day.At(0, p.zone), To: day.At(24*60, p.zone)})
		w.reply(p, d, w.say(p, "propose", p.day(day.At(12*60, p.zone), true)))
	case k == 10:
		w.reply(p, d, w.say(p, "others"))
	case k == 11:
		spans := map[string][]string{"en": {"three weeks", "a month", "two months"}, "es": {"tres semanas", "un mes", "dos meses"}}[p.language]
		w.reply(p, d, w.say(p, "later", spans[w.rnd.IntN(3)]))
	case k == 12:
		w.reply(p, d, w.say(p, "question"))
	case k == 13:
		w.reply(p, d, w.say(p, "unclear"))
	case k == 14 && w.rnd.IntN(3) == 0:
		p.stopped = true
		w.reply(p, d, w.say(p, "stop"))
	case k == 15:
		w.robot(p, d, scheduler.OutOfOffice, w.say(p, "away", p.day(w.now.AddDate(0, 0, 6), false)))
	case k == 16:
		w.stranger(p, d)
	}
}

func (w *world) answerInvite(p *simPerson, d delivery) {
	switch k := w.rnd.IntN(24); {
	case k < 10:
		w.rsvp(p, d, "ACCEPTED")
	case k == 10:
		w.rsvp(p, d, "TENTATIVE")
	case k == 11:
		w.rsvp(p, d, "DECLINED")
	case k == 12:
		w.reply(p, d, w.say(p, "cancel"))
	case k == 13 && d.seen.Meeting != nil:
		day := slots.DateOf(d.seen.Meeting.From, p.zone).AddDays(1 + w.rnd.IntN(4))
		p.agreed = append(p.agreed, slots.Interval{From: day.At(0, p.zone), To: day.At(24*60, p.zone)})
		w.reply(p, d, w.say(p, "move", p.day(day.At(12*60, p.zone), true)))
	case k == 14:
		w.reply(p, d, w.say(p, "see you"))
	}
}

func (w *world) answerSteps(p *simPerson, d delivery) {
	switch w.rnd.IntN(5) {
	case 0, 1:
		w.reply(p, d, w.say(p, "done"))
	case 2:
		w.reply(p, d, w.say(p, "until", p.day(w.now.AddDate(0, 0, 5), true)))
	case 3:
		w.reply(p, d, w.say(p, "cant"))
	}
}

// canaries must never reach anybody but the organizer.
var canaries = []string{"CANARY-NOTES", "CANARY-SPARK", "CANARY-ASK", "CANARY-SKILL", "CANARY-STORY"}

func (w *world) organizerReads(d delivery) {
	wait := time.Duration(5+w.rnd.IntN(60*20)) * time.Minute
	switch d.seen.Kind {
	case scheduler.MailReady:
		if w.rnd.IntN(12) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "ok") })
		}
	case scheduler.MailReadBack:
		if w.rnd.IntN(12) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "ok, send it") })
		}
	case scheduler.MailDebrief:
		w.at(wait, func() { w.debrief(d) })
	case scheduler.MailMissing:
		if w.rnd.IntN(4) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "no next steps\nagain in 4 weeks") })
		}
	case scheduler.MailNeedsYou:
		if d.seen.Reason == scheduler.ReasonVanished {
			return // the tests about it answer themselves
		}
		w.at(wait, func() { w.helps(d) })
	case scheduler.MailOwnCheckIn:
		w.at(wait, func() { w.organizerReplies(d, "done") })
	case scheduler.MailHeld:
		w.at(wait, func() { w.organizerReplies(d, "go") })
	case scheduler.MailCallSheet:
		if len(d.seen.Slots) > 0 && w.rnd.IntN(3) > 0 {
			w.at(wait, func() { w.organizerReplies(d, "1") })
		}
	case scheduler.MailDigest:
		w.digests++
	}
}

func (w *world) debrief(d delivery) {
	name := string(d.seen.Person)
	by := w.now.In(w.zone).AddDate(0, 0, 4+w.rnd.IntN(8)).Format("January 2")
	switch w.rnd.IntN(10) {
	case 0:
		w.organizerReplies(d, "They never showed up.")
	case 1:
		w.organizerReplies(d, "It didn't happen, I was ill.")
	case 2: // no answer
	default:
		w.debriefs++
		w.organizerReplies(d, fmt.Sprintf("CANARY-NOTES: she told me about her mother.\n%s: call two reporters by %s\nme: send the plan by %s\nagain in %d weeks",
			name, by, by, 3+w.rnd.IntN(4)))
	}
}

// helps is what the organizer does when something needs them.
func (w *world) helps(d delivery) {
	p := w.people[d.seen.Person]
	switch k := w.rnd.IntN(4); {
	case p != nil && k == 0: // they write themselves: indy is silent until they hand back
		w.organizerWrites(p)
		w.at(26*time.Hour, func() { w.organizerReplies(d, "hand back") })
	case k < 3:
		w.organizerReplies(d, "hand back")
	}
}

// humanEdit is a hand on the calendar.
func (w *world) humanEdit() {
	ids := slices.Sorted(keys(w.calendar.events))
	if len(ids) == 0 {
		return
	}
	ev := w.calendar.events[ids[w.rnd.IntN(len(ids))]]
	if ev.From.Before(w.now.Add(30 * time.Hour)) {
		return
	}
	switch w.rnd.IntN(3) {
	case 0:
		delete(w.calendar.events, ev.ID)
		w.calendar.gone[ev.ID] = true
	case 1:
		w.humanMoved[ev.ID] = true
		ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
		w.calendar.put(ev)
	case 2:
		ev.Location = "the library"
		w.calendar.put(ev)
	}
}

// checkPromises compares what was promised with what is remembered: nothing is lost.
func (w *world) checkPromises(s scheduler.State) {
	for _, m := range s.OneToOnes {
		if m.Debrief == nil || m.Debrief.Summary.IsZero() || m.Debrief.NoSteps {
			continue
		}
		n := 0
		for _, st := range s.Steps {
			if st.OneToOne == m.ID {
				n++
			}
		}
		if n == 0 && m.Closed.IsZero() {
			w.failf("%s: the promises are gone", m.ID)
		}
	}
}

// checkWaits makes sure that nobody is forgotten: what is open either moves by itself or
// is on the organizer's list.
func (w *world) checkWaits(s scheduler.State) {
	for _, m := range s.OneToOnes {
		if !m.Open() || m.Stage == scheduler.FollowedUp {
			continue
		}
		if s.Plan(m).At.IsZero() && !slices.ContainsFunc(s.Desk.Needs, func(n scheduler.Need) bool { return n.OneToOne == m.ID }) {
			w.failf("%s is %s, waits for nothing and is on no list", m.ID, m.Stage)
		}
	}
}
