package templates

import (
	"fmt"
	"sort"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// A page is what a template sees: the letter's fields and these methods. Within range and
// with it is $.
type page struct {
	scheduler.Letter
	g      *tongue
	kind   string
	topics topicQuestions
	words  *template.Template // the parts that Say can say
	reader *time.Location
	other  *time.Location
}

func newPage(l scheduler.Letter) *page {
	if l.ToPerson {
		place := placeOf(l)
		l = forPerson(l)
		l.Person.Place = place
	} else {
		l.Person.Place = placeOf(l)
	}
	l = cleaned(l)
	p := &page{Letter: l, g: speak(l.Language), reader: l.Organizer.Zone, other: l.Person.Zone}
	if l.ToPerson {
		p.reader, p.other = l.Person.Zone, l.Organizer.Zone
	}
	return p
}

func placeOf(l scheduler.Letter) string {
	if l.Person.Place != "" {
		return l.Person.Place
	}
	return l.Organizer.Policy.Place
}

// --- who

// Me is the organizer's first name, You the person's.
func (p *page) Me() string { return p.Organizer.First() }

// You is the person's first name.
func (p *page) You() string { return p.Person.First() }

// Role is how the organizer is introduced, in words of the letter's language: "" when the
// config has it in another one.
func (p *page) Role() string {
	if speak(p.Organizer.Language) != p.g {
		return ""
	}
	return strings.TrimSuffix(p.Organizer.Role, ".")
}

// IsNew says that the person is new to the team.
func (p *page) IsNew() bool { return p.Person.Status == scheduler.New }

// Phone is the person's number, MyPhone the organizer's, as something to tap.
func (p *page) Phone() string {
	if p.OneToOne.CallAt != "" { // given for this round
		return tel(p.OneToOne.CallAt)
	}
	return tel(p.Person.Phone)
}

// MyPhone is the organizer's number.
func (p *page) MyPhone() string { return tel(p.Organizer.Phone) }

// Call is any number as something to tap.
func (p *page) Call(number string) string { return tel(number) }

func tel(number string) string {
	if link := telLink(number); link != "" {
		return linkOpen + link + tapLabel + oneLine(number) + linkEnd
	}
	return oneLine(number)
}

// Link is an address of the web as something to tap; the text shows it in full.
func (p *page) Link(address string) string {
	if link := webLink(address); link != "" {
		return linkOpen + link + tapLabel + link + linkEnd
	}
	return oneLine(address)
}

// --- what kind of conversation

// ByPhone says that the two speak by phone.
func (p *page) ByPhone() bool {
	switch {
	case p.Meeting != nil && p.Meeting.Mode != "":
		return p.Meeting.Mode == scheduler.ByPhone
	case p.OneToOne.Mode != "":
		return p.OneToOne.Mode == scheduler.ByPhone
	}
	return p.Person.Mode == scheduler.ByPhone
}

// Place is where the two meet; "" when it is not known, or on the phone.
func (p *page) Place() string {
	switch {
	case p.ByPhone():
		return ""
	case p.Meeting != nil && p.Meeting.Place != "":
		return oneLine(p.Meeting.Place)
	case p.OneToOne.Place != "": // the person proposed it
		return oneLine(p.OneToOne.Place)
	}
	return oneLine(p.Person.Place)
}

// Short says that it is a check-in, not a whole one-to-one.
func (p *page) Short() bool { return p.OneToOne.Short }

// Purpose is "relationship", "campaign" or "leadership ask".
func (p *page) Purpose() string {
	if p.OneToOne.Purpose != "" {
		return string(p.OneToOne.Purpose)
	}
	if p.Person.Purpose != "" {
		return string(p.Person.Purpose)
	}
	return string(scheduler.Relationship)
}

// Minutes is how long it takes.
func (p *page) Minutes() int {
	length := p.Organizer.Policy.Length
	switch {
	case p.Meeting != nil:
		length = p.Meeting.Length()
	case len(p.Slots) > 0:
		length = p.Slots[0].Length()
	}
	if length <= 0 {
		return 30
	}
	return int(length / time.Minute)
}

// Nudges is the number of this reminder of an offer: 1 for the first.
func (p *page) Nudges() int {
	if p.OneToOne.Offer == nil {
		return 1
	}
	return max(1, len(p.OneToOne.Offer.Nudged))
}

// --- dates and times

// When is an instant as words of a list: "Tuesday, December 1, 2:00 pm".
func (p *page) When(at time.Time) string {
	return p.g.moment(at, p.reader, p.other, p.year(), ", ")
}

// At is an instant within a sentence: "Tuesday, December 1, at 2:00 pm".
func (p *page) At(at time.Time) string {
	return p.g.moment(at, p.reader, p.other, p.year(), p.g.at)
}

// Head is an instant for a subject: in the reader's zone, which is named where the other's differs.
func (p *page) Head(at time.Time) string {
	s := p.Own(at)
	if !sameClock(at, p.reader, p.other) {
		s += " " + p.g.zoneName(at.In(p.reader))
	}
	return s
}

// Own is an instant in the reader's own zone alone, for lists over many people.
func (p *page) Own(at time.Time) string {
	return p.g.moment(at, p.reader, nil, p.year(), ", ")
}

// Until is an instant and the one on the same clock at which it ends.
func (p *page) Until(i slots.Interval) string {
	return p.g.time(i.From.In(p.reader)) + p.g.to + p.g.time(i.To.In(p.reader))
}

// On is a day: "Friday, December 4".
func (p *page) On(d slots.Date) string { return p.g.date(d, p.year()) }

// DayOf is the day of an instant.
func (p *page) DayOf(at time.Time) string { return p.On(slots.DateOf(at, p.reader)) }

// IsTomorrow says whether an instant falls on the reader's next day, IsToday on this one.
func (p *page) IsTomorrow(at time.Time) bool { return p.daysTo(at) == 1 }

// IsToday says whether an instant falls on the reader's present day.
func (p *page) IsToday(at time.Time) bool { return p.daysTo(at) == 0 }

func (p *page) daysTo(at time.Time) int {
	return p.today().DaysUntil(slots.DateOf(at, p.reader))
}

func (p *page) today() slots.Date { return slots.DateOf(p.Now, p.reader) }
func (p *page) year() int         { return p.Now.In(p.reader).Year() }

// --- numbers and lists

// Count is a number with its word: Count 2 "step" "steps".
func (p *page) Count(n int, one, other string) string { return p.g.count(n, one, other) }

// And joins words: "Ana, Sam and Lee".
func (p *page) And(words []string) string { return p.g.list(words) }

// Line is text without line breaks, Lines its paragraphs.
func (p *page) Line(s string) string { return oneLine(s) }

// Lines is text as paragraphs.
func (p *page) Lines(s string) string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n\n")
}

// Bare is text without the full stop at its end, to go on after it.
func (p *page) Bare(s string) string { return strings.TrimRight(oneLine(s), " .;,") }

// Sentence is text with a capital and a full stop.
func (p *page) Sentence(s string) string {
	s = oneLine(s)
	if s == "" {
		return s
	}
	s = p.Capital(s)
	if strings.ContainsAny(s[len(s)-1:], ".!?") || strings.HasSuffix(s, "…") || strings.HasSuffix(s, "”") || strings.HasSuffix(s, "»") {
		return s
	}
	return s + "."
}

// Capital is text that begins with a capital.
func (p *page) Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// Quoted is text between the language's quotation marks.
func (p *page) Quoted(s string) string { return p.g.quoteOpen + oneLine(s) + p.g.quoteEnd }

// Bold is text said with weight, where that can be shown.
func (p *page) Bold(s string) string { return boldOpen + oneLine(s) + boldEnd }

// Cite is what somebody wrote, line by line behind ">".
func (p *page) Cite(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	const most = 120
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight("> "+line, " ")
	}
	return strings.Join(lines, "\n")
}

// --- answers to tap

// Tap is an answer that a tap opens, ready to be sent; in the text it is its label. Where
// links make no sense it is the label only.
func (p *page) Tap(label, words string) string {
	if p.Token == "" {
		return oneLine(label)
	}
	return tapOpen + oneLine(words) + tapLabel + oneLine(label) + tapEnd
}

// Times are the slots, numbered, one to a line; a tap on one answers with it.
func (p *page) Times() string {
	var b strings.Builder
	for i, s := range p.Slots {
		fmt.Fprintf(&b, "%d) %s\n", i+1, p.Tap(p.When(s.From), fmt.Sprintf("%d (%s)", i+1, p.Own(s.From))))
	}
	return strings.TrimRight(b.String(), "\n")
}

// Friday is the Friday that "until Friday" asks for: the first that is at least two days
// after both the deadline and today.
func (p *page) Friday(deadline slots.Date) slots.Date {
	d := p.today()
	if !deadline.IsZero() && deadline.After(d) {
		d = deadline
	}
	d = d.AddDays(2)
	for d.Weekday() != time.Friday {
		d = d.AddDays(1)
	}
	return d
}

// --- steps

// Mine and Yours are the organizer's and the person's steps.
func (p *page) Mine(steps []scheduler.NextStep) []scheduler.NextStep {
	return stepsOf(steps, func(s scheduler.NextStep) bool { return !s.ByPerson })
}

// Yours are the person's steps.
func (p *page) Yours(steps []scheduler.NextStep) []scheduler.NextStep {
	return stepsOf(steps, func(s scheduler.NextStep) bool { return s.ByPerson })
}

// Subjects are the steps that the mail is about.
func (p *page) Subjects() []scheduler.NextStep {
	if len(p.Changed) > 0 {
		return p.Changed
	}
	return p.Steps
}

func stepsOf(steps []scheduler.NextStep, want func(scheduler.NextStep) bool) []scheduler.NextStep {
	var out []scheduler.NextStep
	for _, s := range steps {
		if want(s) && s.State != scheduler.StepDropped {
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Deadline, out[j].Deadline
		return !a.IsZero() && (b.IsZero() || a.Before(b))
	})
	return out
}

// LastDate is the deadline that a step had before.
func (p *page) LastDate(s scheduler.NextStep) slots.Date {
	if n := len(s.Moves); n > 0 {
		return s.Moves[n-1]
	}
	return slots.Date{}
}

// --- for the organizer

// Ask is how the last ask went, as a code: "yes", "no", ….
func (p *page) Ask(o replies.AskOutcome) string { return string(o) }

// Questions is one question of each topic. They rotate with the round, so that nobody is
// asked the same twice before all were asked.
func (p *page) Questions() []string {
	var out []string
	if p.Brief == nil {
		return nil
	}
	for i, topic := range p.Brief.Topics {
		of := p.topics[topic]
		if len(of) > 0 {
			out = append(out, of[p.turn(i)%len(of)])
		}
	}
	return out
}

// turn is a number that stays the same for a person and round, and moves on with it.
func (p *page) turn(i int) int {
	n := p.OneToOne.Round + i
	for _, c := range string(p.Person.ID) {
		n += int(c)
	}
	return max(0, n)
}

// Fold is how many lines of a list are shown, Rest how many are not.
func (p *page) Fold(lines []scheduler.DigestLine, most int) []scheduler.DigestLine {
	if len(lines) <= most+1 { // "and 1 more" would be no shorter
		return lines
	}
	return lines[:most]
}

// Rest is how many lines Fold leaves out.
func (p *page) Rest(lines []scheduler.DigestLine, most int) int {
	return len(lines) - len(p.Fold(lines, most))
}

// CallName is the name by which an order can name somebody: the first name, the whole one
// when it is not alone in this digest.
func (p *page) CallName(name string) string {
	first := strings.Fields(name)
	if len(first) == 0 {
		return name
	}
	if p.Digest != nil && p.sharesFirstName(first[0], name) {
		return name
	}
	return first[0]
}

func (p *page) sharesFirstName(first, name string) bool {
	d := p.Digest
	for _, list := range [][]scheduler.DigestLine{d.Call, d.Needs, d.Open, d.Meetings, d.Waiting, d.Kept, d.DueSteps, d.Slipped, d.Due, d.Later, d.Raised} {
		for _, l := range list {
			if l.Name != name && strings.HasPrefix(l.Name+" ", first+" ") {
				return true
			}
		}
	}
	return false
}

// Moved says that an update has another time, PlaceChanged another place.
func (p *page) Moved() bool {
	return p.Meeting != nil && p.Before != nil && !p.Before.From.IsZero() && !p.Before.From.Equal(p.Meeting.From)
}

// PlaceChanged says that an update has another place.
func (p *page) PlaceChanged() bool {
	return p.Meeting != nil && p.Before != nil && p.Before.Place != p.Meeting.Place && p.Meeting.Place != ""
}

// LengthChanged says that an update is longer or shorter.
func (p *page) LengthChanged() bool {
	return p.Meeting != nil && p.Before != nil && !p.Before.From.IsZero() && p.Before.Length() != p.Meeting.Length()
}

// Joiners are those who join a meeting: the names, and how many more there are without one.
func (p *page) Joiners() (list []string, err error) {
	more := 0
	for _, name := range p.Joins {
		if name == "" {
			more++
			continue
		}
		list = append(list, oneLine(name))
	}
	if more > 0 {
		words, err := p.say("more people", more)
		if err != nil {
			return nil, err
		}
		list = append(list, words)
	}
	return list, nil
}

// A stepPage is a page with one of its steps.
type stepPage struct {
	*page
	Step scheduler.NextStep
}

// Of is the page with one of its steps, for the answers below it.
func (p *page) Of(s scheduler.NextStep) stepPage { return stepPage{p, s} }

// Answer is what a tap on an answer to a step sends: it names the step where there are several.
func (s stepPage) Answer(words string) string {
	if len(s.Subjects()) > 1 {
		return words + ": " + s.Bare(s.Step.Action)
	}
	return words
}

// Until is the Friday that the step may be put off to, as words.
func (s stepPage) Until() string { return s.On(s.Friday(s.Step.Deadline)) }
