package templates

import (
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// forPerson is the letter without anything that the person may not see. Decide leaves all
// of it out already; a letter that a person reads is worth a second lock.
func forPerson(l scheduler.Letter) scheduler.Letter {
	o := l.Organizer
	l.Organizer = scheduler.Organizer{
		ID: o.ID, Name: o.Name, Address: o.Address, Phone: o.Phone, Zone: o.Zone, Language: o.Language, Role: o.Role,
		Policy: scheduler.Policy{Length: o.Policy.Length, Place: o.Policy.Place},
	}
	l.Team = scheduler.Team{Name: l.Team.Name, Word: l.Team.Word}
	p := l.Person
	l.Person = scheduler.Person{
		ID: p.ID, Name: p.Name, Addresses: p.Addresses, Phone: p.Phone, Zone: p.Zone, Language: p.Language,
		Status: p.Status, Mode: p.Mode, Place: p.Place,
	}
	l.Campaign = scheduler.Campaign{Name: l.Campaign.Name}
	m := l.OneToOne
	l.OneToOne = scheduler.OneToOne{Round: m.Round, Purpose: m.Purpose, Mode: m.Mode, Short: m.Short, Place: m.Place, CallAt: m.CallAt}
	if m.Offer != nil {
		l.OneToOne.Offer = &scheduler.Offer{Nudged: m.Offer.Nudged, Rounds: m.Offer.Rounds}
	}
	l.Meeting = bareMeeting(l.Meeting)
	l.Before = bareMeeting(l.Before)
	var bare []slots.Slot
	for _, slot := range l.Slots {
		bare = append(bare, slots.Slot{Interval: slot.Interval})
	}
	l.Slots = bare
	l.Steps = bareSteps(l.Steps)
	l.Changed = bareSteps(l.Changed)
	l.Quote, l.Hint = "", ""
	l.Missing, l.Problems, l.Inner, l.Preview, l.Brief, l.Digest = nil, nil, nil, nil, nil, nil
	return l
}

func bareMeeting(m *scheduler.Meeting) *scheduler.Meeting {
	if m == nil {
		return nil
	}
	return &scheduler.Meeting{Interval: m.Interval, Zone: m.Zone, Place: m.Place, Mode: m.Mode, PartStat: m.PartStat}
}

// bareSteps leaves out what the other side said of its own step.
func bareSteps(steps []scheduler.NextStep) []scheduler.NextStep {
	var bare []scheduler.NextStep
	for _, s := range steps {
		bare = append(bare, scheduler.NextStep{
			ID: s.ID, ByPerson: s.ByPerson, Action: s.Action, Deadline: s.Deadline, State: s.State, Moves: s.Moves,
		})
	}
	return bare
}

// cleaned is the letter with strings that cannot forge the marks of our markup: control
// characters are gone, runs of blanks are one, and only fields for whole texts keep their
// line breaks. The letter itself is not changed.
func cleaned(l scheduler.Letter) scheduler.Letter {
	return withWords(l, func(field, s string) string {
		switch s = cleanString(s); field {
		case "Quote", "Said", "Notes", "Story", "Plan", "Text", "HTML":
			return s
		}
		return oneLine(s)
	})
}

// masked is the letter in which every word of people's is "word", so that what looks like
// a hole in the mail made of it is one of the template.
func masked(l scheduler.Letter) scheduler.Letter {
	return withWords(l, func(_, s string) string {
		if s == "" {
			return ""
		}
		return "word"
	})
}

func withWords(l scheduler.Letter, f func(field, s string) string) scheduler.Letter {
	v, changed := deepMap(reflect.ValueOf(&l).Elem(), "", f)
	if !changed {
		return l
	}
	return v.Interface().(scheduler.Letter)
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	zoneType   = reflect.TypeFor[*time.Location]()
	stringType = reflect.TypeFor[string]()
)

// deepMap is v with every string changed by f, which also gets the name of the field; v
// stays as it is, and what nothing changes in is shared. Strings of a type of their own are
// codes, and a language is one: they stay.
func deepMap(v reflect.Value, name string, f func(field, s string) string) (mapped reflect.Value, changed bool) {
	if v.Type() == stringType {
		was := v.String()
		if is := f(name, was); is != was {
			return reflect.ValueOf(is), true
		}
		return v, false
	}
	if !holdsWords(v.Type()) {
		return v, false
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		to, changed := deepMap(v.Elem(), name, f)
		if !changed {
			return v, false
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(to)
		return c, true
	case reflect.Slice:
		return mapParts(v, v.Len(), func(v reflect.Value, i int) (reflect.Value, string) { return v.Index(i), name }, f)
	}
	fields := wordsIn(v.Type())
	return mapParts(v, len(fields), func(v reflect.Value, i int) (reflect.Value, string) {
		return v.Field(fields[i].index), fields[i].name
	}, f)
}

// mapParts is deepMap of a slice or a struct that has n parts. The first that changes has
// it copied.
func mapParts(v reflect.Value, n int, part func(v reflect.Value, i int) (reflect.Value, string), f func(field, s string) string) (mapped reflect.Value, changed bool) {
	c := v
	for i := range n {
		old, name := part(v, i)
		is, differs := deepMap(old, name, f)
		if !differs {
			continue
		}
		if !changed {
			c, changed = shallowCopy(v), true
		}
		to, _ := part(c, i)
		to.Set(is)
	}
	return c, changed
}

func shallowCopy(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Slice {
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		return c
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// holdsWords says that there may be strings to change in values of a type. Numbers, times,
// and arrays, which are weekly hours, hold none; a pointer may lead anywhere, even back.
func holdsWords(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return t == stringType
	case reflect.Slice:
		return holdsWords(t.Elem())
	case reflect.Pointer:
		return t != zoneType && t.Elem().Kind() == reflect.Struct
	case reflect.Struct:
		return len(wordsIn(t)) > 0
	}
	return false
}

// A wordField is a field of a struct in which there may be strings to change.
type wordField struct {
	index int
	name  string
}

var wordFields sync.Map // reflect.Type of a struct → []wordField

func wordsIn(t reflect.Type) []wordField {
	if known, ok := wordFields.Load(t); ok {
		return known.([]wordField)
	}
	var fields []wordField
	for i := range t.NumField() {
		if field := t.Field(i); t != timeType && field.IsExported() && field.Name != "Language" && holdsWords(field.Type) {
			fields = append(fields, wordField{i, field.Name})
		}
	}
	wordFields.Store(t, fields)
	return fields
}

// lineBreaks makes one of all the ways to break a line.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

func cleanString(s string) string {
	if plainEnough(s) {
		return s
	}
	s = lineBreaks.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if !plainEnough(line) {
			lines[i] = cleanLine(line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// cleanLine takes out what controls how text is shown, and makes one blank of several.
func cleanLine(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		switch {
		case isBlank(r):
			blank = true
			continue
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			continue
		case blank:
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// isBlank says that a character sets words apart and breaks no line.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\u00A0', '\u202F', '\u3000':
		return true
	}
	return '\u2000' <= r && r <= '\u200A'
}

// plainEnough spares the usual short ASCII string all that work.
func plainEnough(s string) bool {
	if s == "" {
		return true
	}
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' '
}

// oneLine is for where a line break would tear the markup.
func oneLine(s string) string {
	if plainEnough(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
