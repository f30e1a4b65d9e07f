package templates

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Say is the named part of the templates, said of this page; "" when there is no such part.
// It is for parts whose name is only known from the letter: "reason question".
func (p *page) Say(name string) (string, error) { return p.say(name, p) }

func (p *page) say(name string, of any) (string, error) {
	t := p.words.Lookup(name)
	if t == nil {
		return "", nil
	}
	var b strings.Builder
	if err := t.Execute(&b, of); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

// Why is why the mail goes out, in words; "" where the letter gives no reason.
func (p *page) Why() (string, error) {
	if p.Reason == "" {
		return "", nil
	}
	return p.Say("reason " + string(p.Reason))
}

// Todo is what the organizer can do about it.
func (p *page) Todo() (string, error) {
	s, err := p.Say("todo " + string(p.Reason))
	if s == "" && err == nil {
		return p.Say("todo")
	}
	return s, err
}

// Short words of a reason, for subjects and lists.
func (p *page) Briefly() (string, error) {
	s, err := p.Say("briefly " + string(p.Reason))
	if s == "" && err == nil {
		return p.Say("briefly")
	}
	return s, err
}

// WhyOf is why somebody stands in a list: the line's own words, else those of its reason.
func (p *page) WhyOf(l scheduler.DigestLine) (string, error) {
	if l.Words != "" || l.Why == "" {
		return p.phrase(p.Bare(l.Words))
	}
	return p.Say("briefly " + string(l.Why))
}

var (
	everySo  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^every (\d+) (day|week)s?$`) })
	agreedOn = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^you agreed on (\d{4}-\d\d-\d\d)$`) })
)

// phrase is words that a plan gives for a round, in the reader's language where they are
// known; other words stay as they are.
func (p *page) phrase(words string) (string, error) {
	if m := everySo().FindStringSubmatch(words); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return words, nil
		}
		return p.say("every "+m[2], n)
	}
	if m := agreedOn().FindStringSubmatch(words); m != nil {
		d, err := slots.ParseDate(m[1])
		if err != nil {
			return words, nil
		}
		return p.say("agreed on", p.On(d))
	}
	said, err := p.Say("words " + words)
	if said == "" {
		said = words
	}
	return said, err
}

// AboutMail is the mail that a need is about: "the offer".
func (p *page) AboutMail() (string, error) {
	if p.About == "" {
		return "", nil
	}
	return p.Say("mail " + string(p.About))
}

// AboutMine says whether that mail was to the organizer.
func (p *page) AboutMine() bool {
	switch p.About {
	case scheduler.MailReady, scheduler.MailBrief, scheduler.MailDebrief, scheduler.MailMissing, scheduler.MailReadBack,
		scheduler.MailOwnSummary, scheduler.MailOwnCheckIn, scheduler.MailCallSheet:
		return true
	}
	return false
}

// AboutTimes says whether that mail is made anew when the organizer asks for times again.
func (p *page) AboutTimes() bool {
	switch p.About {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome, scheduler.MailMissed, scheduler.MailReady, scheduler.MailCallSheet:
		return true
	}
	return false
}

// LateFor is by how much the clock jumped, in whole days, hours or minutes.
func (p *page) LateFor() (string, error) { return p.length(p.Late) }

// Silence is for how long the organizer may say nothing before a summary goes by itself; ""
// where it never does.
func (p *page) Silence() (string, error) { return p.length(p.Organizer.Policy.ApproveSilence) }

func (p *page) length(d time.Duration) (string, error) {
	units := []struct {
		name string
		of   time.Duration
	}{{"days", 24 * time.Hour}, {"hours", time.Hour}, {"minutes", time.Minute}}
	for _, u := range units {
		if n := int(d.Abs() / u.of); n >= 2 || n == 1 && u.of == time.Minute {
			return p.say(u.name, n)
		}
	}
	return "", nil
}

// Answers are orders about somebody, as answers to tap: Answers .Name "met" "snooze".
func (p *page) Answers(name string, orders ...string) (string, error) {
	var out []string
	for _, order := range orders {
		words, err := p.say("order "+order, p.CallName(name))
		if err != nil {
			return "", err
		}
		if words == "" {
			return "", fmt.Errorf("there is no part %q", "order "+order)
		}
		out = append(out, p.Tap(words, words))
	}
	return strings.Join(out, " · "), nil
}

// Whom is who a line is about, in bold; where it is nobody, what it is about.
func (p *page) Whom(l scheduler.DigestLine) (string, error) {
	if l.Name != "" {
		return p.Bold(l.Name), nil
	}
	what, err := p.Say("nobody " + string(l.Why))
	return p.Bold(what), err
}

// NeedAnswers are the orders that fit what waits for the organizer; "" where the answer
// belongs elsewhere, or nothing is to be done.
func (p *page) NeedAnswers(l scheduler.DigestLine) (string, error) {
	if l.Name == "" {
		return "", nil
	}
	switch l.Why {
	case scheduler.ReasonQuestion, scheduler.ReasonUnclear, scheduler.ReasonSteppedIn, scheduler.ReasonOtherAddress,
		scheduler.ReasonDelegated, scheduler.ReasonAnswered, scheduler.ReasonThreeOffers:
		return p.Answers(l.Name, "hand back", "snooze 2 weeks")
	case scheduler.ReasonStuck, scheduler.ReasonDropped, scheduler.ReasonSlipped:
		return p.Answers(l.Name, "met", "snooze 2 weeks")
	case scheduler.ReasonUnknown, scheduler.ReasonNotHeld, scheduler.ReasonNoShow, scheduler.ReasonNoTimes:
		return p.Answers(l.Name, "propose", "met", "snooze 2 weeks")
	}
	return "", nil
}

// Overdue are the debriefs that have waited for too long, and the one-to-ones of which the
// next date or the steps are still open: they stand on top until they are settled.
func (p *page) Overdue(lines []scheduler.DigestLine) []scheduler.DigestLine {
	return p.waiting(lines, true)
}

// Fresh are the other debriefs.
func (p *page) Fresh(lines []scheduler.DigestLine) []scheduler.DigestLine {
	return p.waiting(lines, false)
}

func (p *page) waiting(lines []scheduler.DigestLine, overdue bool) (out []scheduler.DigestLine) {
	alarm := p.Organizer.Policy.DebriefAlarm
	if alarm <= 0 {
		alarm = 72 * time.Hour
	}
	for _, l := range lines {
		late := !l.At.IsZero() && p.Now.Sub(l.At) >= alarm || l.Why == scheduler.ReasonMissing
		if late == overdue {
			out = append(out, l)
		}
	}
	return out
}

// StepAnswers are the orders that fit a promise. "Ana done" means the one promise that Ana
// has open, so it is not offered where there are several, nor for the organizer's own.
func (p *page) StepAnswers(l scheduler.DigestLine) (string, error) {
	if !p.onlyStep(l) {
		return "", nil
	}
	return p.Answers(l.Name, "done")
}

func (p *page) onlyStep(l scheduler.DigestLine) bool {
	if l.Step == nil || !l.Step.ByPerson {
		return false
	}
	n := 0
	for _, list := range [][]scheduler.DigestLine{p.Digest.DueSteps, p.Digest.Slipped} {
		for _, o := range list {
			if o.Person == l.Person && o.Step != nil && o.Step.ByPerson {
				n++
			}
		}
	}
	return n <= 1
}

// CallAnswers are the orders that fit somebody to call.
func (p *page) CallAnswers(l scheduler.DigestLine) (string, error) {
	if p.onlyStep(l) {
		return p.Answers(l.Name, "done", "met", "snooze 2 weeks")
	}
	return p.Answers(l.Name, "met", "snooze 2 weeks")
}

// A linePage is a page with one line of a digest.
type linePage struct {
	*page
	Line scheduler.DigestLine
}

// LineOf is the page with one line of its digest.
func (p *page) LineOf(l scheduler.DigestLine) linePage { return linePage{p, l} }

// Tally counts several things: Tally 2 "call" "calls" 0 "meeting" "meetings" is "2 calls".
func (p *page) Tally(counts ...any) (string, error) {
	var out []string
	for i := 0; i+2 < len(counts); i += 3 {
		n, isInt := counts[i].(int)
		one, isOne := counts[i+1].(string)
		other, isOther := counts[i+2].(string)
		if !isInt || !isOne || !isOther {
			return "", fmt.Errorf("Tally wants a number and two words at a time, not %v", counts[i:i+3])
		}
		if n > 0 {
			out = append(out, p.g.count(n, one, other))
		}
	}
	return p.g.list(out), nil
}

// Spans are stretches of a day: "12:00 pm to 1:30 pm and 4:00 pm to 5:00 pm".
func (p *page) Spans(all []slots.Interval) string {
	var out []string
	for _, i := range all {
		out = append(out, p.Until(i))
	}
	return p.g.list(out)
}

// Met is how many one-to-ones the weeks of the pace hold.
func (p *page) Met() int {
	n := 0
	for _, w := range p.Digest.Pace {
		n += w.Met
	}
	return n
}

// counted are the weeks since the first one-to-one: empty ones before it say nothing.
func (p *page) counted() []scheduler.WeekCount {
	for i, w := range p.Digest.Pace {
		if w.Met > 0 {
			return p.Digest.Pace[i:]
		}
	}
	return p.Digest.Pace
}

// Average is one-to-ones a week since the first one, to one decimal.
func (p *page) Average() string {
	n := max(1, len(p.counted()))
	tenths := (p.Met()*20 + n) / (2 * n)
	if tenths%10 == 0 {
		return fmt.Sprint(tenths / 10)
	}
	return fmt.Sprintf("%d%s%d", tenths/10, p.g.decimal, tenths%10)
}

// SeveralWeeks says that an average means something.
func (p *page) SeveralWeeks() bool { return len(p.counted()) > 1 }

// Weeks are the numbers since the first one-to-one, the oldest first.
func (p *page) Weeks() string {
	var out []string
	for _, w := range p.counted() {
		out = append(out, fmt.Sprint(w.Met))
	}
	return strings.Join(out, ", ")
}

// FirstMonday is the Monday with which they begin.
func (p *page) FirstMonday() string {
	weeks := p.counted()
	if len(weeks) == 0 {
		return ""
	}
	return p.On(weeks[0].Monday)
}

// Chart is where a picture of the digest stands: "pace" or "coverage". Its figures belong
// into words before it.
func (p *page) Chart(name string) string { return chartMark + name + chartMark }

// Reflection is a thought for the week; it moves on with the number of the digest.
func (p *page) Reflection() string {
	of := p.topics[reflection]
	return of[max(0, p.Digest.Number-1)%len(of)]
}
