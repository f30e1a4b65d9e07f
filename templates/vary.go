package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Vary is one of 0 to n-1. It stays the same for a person and round and moves on with it, so
// that nobody gets the same words round after round.
func (p *page) Vary(n int) int { return p.turn(0) % max(n, 1) }

// IsYesterday says whether an instant falls on the reader's last day.
func (p *page) IsYesterday(at time.Time) bool { return p.daysTo(at) == -1 }

// Month is the month of a day long ago: "May 2025", "mayo de 2025".
func (p *page) Month(d slots.Date) string {
	return p.g.months[d.Month] + p.g.ofYear + strconv.Itoa(d.Year)
}

// Agreed is the day around which the two wanted to connect again; zero when they named none.
func (p *page) Agreed() slots.Date {
	if p.Next == nil || p.Next.None {
		return slots.Date{}
	}
	return p.Next.On
}

// NextByPhone says that the two connect on the phone next: they agreed so, or always do.
func (p *page) NextByPhone() bool {
	return p.Next != nil && p.Next.Phone || p.Person.Mode == scheduler.ByPhone
}

// Deeds are the actions of steps within a sentence: “call two reporters” and “send the plan”.
func (p *page) Deeds(steps []scheduler.NextStep) string {
	var out []string
	for _, s := range steps {
		out = append(out, p.Quoted(p.Bare(s.Action)))
	}
	return p.g.list(out)
}

// AllPast says that the days of all these steps are over.
func (p *page) AllPast(steps []scheduler.NextStep) bool {
	for _, s := range steps {
		if s.Deadline.IsZero() || !s.Deadline.Before(p.today()) {
			return false
		}
	}
	return len(steps) > 0
}

// Question is an ask of the config said to the person, "Will you call two reporters?", as
// far as it begins like one. Whole sentences stay as they are.
func (p *page) Question(ask string) (string, error) {
	ask = oneLine(ask)
	first, _ := utf8.DecodeRuneInString(ask)
	if !unicode.IsLower(first) || strings.ContainsAny(ask, ".?!") {
		return ask, nil
	}
	return p.say("will you", ask)
}

// articleOf is what stands in Spanish before the name of a team that begins with such a word.
func articleOf(word string) string {
	switch word {
	case "consejo", "comité", "grupo", "club", "equipo", "movimiento", "sindicato", "colectivo":
		return "el"
	case "red", "asamblea", "alianza", "coalición", "asociación", "mesa", "unión", "junta":
		return "la"
	}
	return ""
}

// OfTeam is "del Consejo del Este", "de la Red Vecinal", "de Riverside Council": for Spanish.
func (p *page) OfTeam() string { return p.teamAfter("de", "del") }

// ToTeam is "al Consejo del Este", InTeam "en el Consejo del Este".
func (p *page) ToTeam() string { return p.teamAfter("a", "al") }

// InTeam is "en el Consejo del Este".
func (p *page) InTeam() string { return p.teamAfter("en", "en el") }

// teamAfter is the team's name after a preposition and its article; "" when it has no name.
func (p *page) teamAfter(preposition, withEl string) string {
	name := oneLine(p.Team.Name)
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	if name == "" {
		return ""
	}
	switch articleOf(first) {
	case "el":
		return withEl + " " + name
	case "la":
		return preposition + " la " + name
	}
	return preposition + " " + name
}

// news are the things on the organizer's list that only tell: there is nothing to do.
func news(l scheduler.DigestLine) bool {
	switch l.Why {
	case scheduler.ReasonStopped, scheduler.ReasonNotFree, scheduler.ReasonMovedByYou, scheduler.ReasonDeclined, scheduler.ReasonClocks:
		return true
	}
	return false
}

// Asking are the lines that want something of the organizer, but for what is a call anyway.
func (p *page) Asking(lines []scheduler.DigestLine) []scheduler.DigestLine {
	return chosen(lines, func(l scheduler.DigestLine) bool {
		called := slices.ContainsFunc(p.Digest.Call, func(c scheduler.DigestLine) bool { return c.Person == l.Person && c.Why == l.Why })
		return !news(l) && !called
	})
}

// Telling are the others.
func (p *page) Telling(lines []scheduler.DigestLine) []scheduler.DigestLine {
	return chosen(lines, news)
}

// NotCalled are the lines about promises for which nobody is to be called anyway.
func (p *page) NotCalled(lines []scheduler.DigestLine) []scheduler.DigestLine {
	return chosen(lines, func(l scheduler.DigestLine) bool {
		return !slices.ContainsFunc(p.Digest.Call, func(c scheduler.DigestLine) bool {
			return c.Step != nil && l.Step != nil && c.Person == l.Person && c.Step.ID == l.Step.ID
		})
	})
}

func chosen(lines []scheduler.DigestLine, want func(scheduler.DigestLine) bool) (out []scheduler.DigestLine) {
	for _, l := range lines {
		if want(l) {
			out = append(out, l)
		}
	}
	return out
}
