package templates

import (
	"reflect"
	"regexp"
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
	l.Quote = ""
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

// cleaned is a deep copy of the letter whose strings cannot forge the marks of our markup:
// control characters are gone, runs of blanks are one, and only fields for whole texts
// keep their line breaks.
func cleaned(l scheduler.Letter) scheduler.Letter {
	return deepMap(reflect.ValueOf(l), "", func(field, s string) string {
		switch s = cleanString(s); field {
		case "Quote", "Said", "Notes", "Story", "Plan", "Text", "HTML":
			return s
		}
		return oneLine(s)
	}).Interface().(scheduler.Letter)
}

// masked is a deep copy of the letter in which every word of people's is "word", so that
// what looks like a hole in the mail made of it is one of the template.
func masked(l scheduler.Letter) scheduler.Letter {
	return deepMap(reflect.ValueOf(l), "", func(_, s string) string {
		if s == "" {
			return ""
		}
		return "word"
	}).Interface().(scheduler.Letter)
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	zoneType   = reflect.TypeFor[*time.Location]()
	stringType = reflect.TypeFor[string]()
)

// deepMap is a deep copy with every string changed by f, which also gets the name of the
// field. Strings of a type of their own
// are codes, and a language is one: they stay.
func deepMap(v reflect.Value, name string, f func(field, s string) string) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == stringType {
			return reflect.ValueOf(f(name, v.String()))
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == zoneType {
			return v
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(deepMap(v.Elem(), name, f))
		return c
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(deepMap(v.Index(i), name, f))
		}
		return c
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		if v.Type() == timeType {
			return c
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Language" {
				c.Field(i).Set(deepMap(v.Field(i), field.Name, f))
			}
		}
		return c
	}
	return v // numbers, and arrays of numbers: weekly hours
}

var blanks = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t\x{00A0}\x{2000}-\x{200A}\x{202F}\x{3000}]+`) })

func cleanString(s string) string {
	if plainEnough(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) && !unicode.Is(unicode.Bidi_Control, r) {
			return r
		}
		return -1
	}, s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(blanks().ReplaceAllString(line, " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
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
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
