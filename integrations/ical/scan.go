package ical

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
)

// scanner goes over the bytes of a calendar once, line by line, and keeps only what may be
// busy within its window: most lines are passed over after a look at their first letter,
// and most events of the past when they end. It takes input in pieces of any size.
type scanner struct {
	lo, hi  wall   // the window, with room for every zone
	address string // whose calendar it is: what they declined is free
	book    *zoneBook
	hot     *[256]bool // first letters of lines that may matter

	base     int64 // offset of the piece at hand in the file
	stop     int64 // an event that begins there or later is not this scanner's
	seeking  bool  // for the first event
	skipping bool  // within a line that does not matter
	done     bool
	looked   bool // at how lines end
	returns  bool // some end in carriage returns alone

	in     state
	nested int // components within the event
	ev     event
	r      rule
	line   []byte // of a folded line

	begun, ended int // VCALENDARs
	records      []*record
	overrides    []override
	zones        map[string]*zone // that this file only names
	definitions  []byte           // its VTIMEZONEs
	lastZone     *zone
}

// state is which component the scanner is in; all others are outside.
type state uint8

const (
	outside state = iota
	inEvent
	inFreeBusy
	inZone
)

const (
	maxLine        = 1 << 20 // of a line that matters
	maxDefinitions = 1 << 20 // of all VTIMEZONEs of a file
	slack          = 2 * day // more than any zone is from UTC
	maxShift       = 60 * day
)

var seed = maphash.MakeSeed()

// hotFirst and hotFirstOwned are the first letters of lines that may matter, the second
// when attendees do.
var hotFirst, hotFirstOwned = letters("BEDRTSULF"), letters("BEDRTSULFA")

func letters(s string) *[256]bool {
	var t [256]bool
	for _, c := range []byte(s) {
		t[c], t[c|0x20] = true, true
	}
	return &t
}

func newScanner(from, to int64, address string, book *zoneBook) *scanner {
	s := &scanner{lo: wall(from - slack), hi: wall(to + slack), address: address, book: book, stop: forever, hot: hotFirst}
	if address != "" {
		s.hot = hotFirstOwned
	}
	return s
}

// scan takes the lines of b and answers how many bytes it used: all of them when final, else
// up to a line that does not end in b. What it did not use is to be given again, with more.
func (s *scanner) scan(b []byte, final bool) (used int, err error) {
	p := 0
	if s.skipping {
		n := bytes.IndexByte(b, '\n')
		if n < 0 {
			return len(b), nil
		}
		p, s.skipping = n+1, false
	}
	hot := s.hot
	for p < len(b) {
		n := bytes.IndexByte(b[p:], '\n')
		end := p + n
		if n < 0 {
			if !final {
				return s.partial(b, p)
			}
			end = len(b)
		}
		if s.in == inZone {
			s.definitions = append(append(s.definitions, b[p:end]...), '\n')
		}
		if hot[b[p]] {
			if what, name := s.named(b[p:end]); what != propNone {
				ok, err := s.hotLine(b, p, end, what, name, final)
				if err != nil || s.done {
					return p, err
				}
				if !ok {
					if s.in == inZone {
						s.definitions = s.definitions[:len(s.definitions)-(end-p)-1]
					}
					return p, nil
				}
			}
		}
		p = end + 1
	}
	return len(b), nil
}

// partial is for a line that does not end within what was read.
func (s *scanner) partial(b []byte, p int) (int, error) {
	if p > 0 || len(b) < maxLine {
		return p, nil
	}
	if what, _ := s.named(b[:64]); s.hot[b[p]] && what != propNone {
		return p, errors.New("read the calendar: a line is too long")
	}
	s.skipping = true
	return len(b), nil
}

// hotLine takes a line that matters; name is how long its name is. It answers false when more
// is to be read first: whether a line is folded shows only in what follows it.
func (s *scanner) hotLine(b []byte, p, end int, what prop, name int, final bool) (bool, error) {
	line := b[p:end]
	if n := len(line); line[n-1] == '\r' {
		line = line[:n-1]
	}
	next := end + 1
	if next >= len(b) {
		if !final {
			if len(b) < 2*maxLine {
				return false, nil
			}
			return false, errors.New("read the calendar: a line is too long")
		}
	} else if b[next] == ' ' || b[next] == '\t' {
		var ok bool
		if line, ok = s.unfold(line, b[next:], final); !ok {
			return false, nil
		}
		if len(line) > maxLine {
			return false, errors.New("read the calendar: a line is too long")
		}
	}
	if what <= propEnd {
		return true, s.border(what, line[name+1:], s.base+int64(p))
	}
	return true, s.property(what, line, name)
}

// unfold joins a line with those that continue it.
func (s *scanner) unfold(line, rest []byte, final bool) ([]byte, bool) {
	s.line = append(s.line[:0], line...)
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		n := bytes.IndexByte(rest, '\n')
		if n < 0 {
			if !final {
				return nil, false
			}
			s.line = append(s.line, bytes.TrimSuffix(rest[1:], []byte("\r"))...)
			return s.line, true
		}
		s.line = append(s.line, bytes.TrimSuffix(rest[1:n], []byte("\r"))...)
		rest = rest[n+1:]
	}
	if len(rest) == 0 && !final && len(s.line) < maxLine {
		return nil, false
	}
	return s.line, true
}

// border is BEGIN or END of a component.
func (s *scanner) border(what prop, name []byte, at int64) error {
	if what == propBegin {
		return s.begin(name, at)
	}
	name = bytes.TrimSpace(name)
	switch {
	case s.seeking:
	case is(name, "VEVENT") && s.in == inEvent:
		s.in = outside
		if err := s.finish(); err != nil {
			return s.about(err)
		}
	case s.in == inEvent && s.nested > 0:
		s.nested--
	case s.in == inEvent:
		return s.about(fmt.Errorf("it is not ended before %s is", clip(name)))
	case is(name, "VFREEBUSY"), is(name, "VTIMEZONE"):
		s.in = outside
	case is(name, "VCALENDAR"):
		s.ended++
	}
	return nil
}

func (s *scanner) begin(name []byte, at int64) error {
	name = bytes.TrimSpace(name)
	if bytes.IndexByte(name, '\r') >= 0 { // more lines than one, of another system than the rest
		return errors.New("read the calendar: its lines end in several ways")
	}
	switch {
	case is(name, "VEVENT"):
		if s.in == inEvent {
			return s.about(errors.New("another event begins within it"))
		}
		if at >= s.stop {
			s.done = true
			return nil
		}
		s.seeking, s.in, s.nested = false, inEvent, 0
		s.ev.reset()
	case s.seeking:
	case s.in == inEvent:
		s.nested++
	case is(name, "VFREEBUSY"):
		s.in = inFreeBusy
	case is(name, "VTIMEZONE"):
		if len(s.definitions) > maxDefinitions {
			return errors.New("read the calendar: it defines too many zones")
		}
		s.in = inZone
		s.definitions = append(s.definitions, "BEGIN:VTIMEZONE\n"...)
	case is(name, "VCALENDAR"):
		s.begun++
	}
	return nil
}

// about says which event an error is about.
func (s *scanner) about(err error) error {
	return fmt.Errorf("event %q: %w", clip(s.ev.of(s.ev.uid)), err)
}

// prop is the property that a line is.
type prop uint8

const (
	propNone prop = iota
	propBegin
	propEnd
	propStart
	propDTEnd
	propDuration
	propRRule
	propRDate
	propExDate
	propRecurrenceID
	propTransp
	propStatus
	propUID
	propLocation
	propAttendee
	propFreeBusy
)

// named says which property a line is, if it matters where the scanner is, and how long its
// name is.
func (s *scanner) named(l []byte) (w prop, n int) {
	name := ""
	if len(l) < 5 {
		return propNone, 0
	}
	switch l[0] &^ 0x20 {
	case 'B':
		w, name = propBegin, "BEGIN"
	case 'E':
		if l[1]|0x20 == 'x' {
			w, name = propExDate, "EXDATE"
		} else {
			w, name = propEnd, "END"
		}
	case 'F':
		if s.in != inFreeBusy {
			return propNone, 0
		}
		w, name = propFreeBusy, "FREEBUSY"
	case 'D':
		switch l[2] | 0x20 {
		case 's':
			w, name = propStart, "DTSTART"
		case 'e':
			w, name = propDTEnd, "DTEND"
		case 'r':
			w, name = propDuration, "DURATION"
		}
	case 'R':
		switch l[1] | 0x20 {
		case 'r':
			w, name = propRRule, "RRULE"
		case 'd':
			w, name = propRDate, "RDATE"
		case 'e':
			w, name = propRecurrenceID, "RECURRENCE-ID"
		}
	case 'T':
		w, name = propTransp, "TRANSP"
	case 'S':
		w, name = propStatus, "STATUS"
	case 'U':
		w, name = propUID, "UID"
	case 'L':
		w, name = propLocation, "LOCATION"
	case 'A':
		w, name = propAttendee, "ATTENDEE"
	}
	if w == propNone || w > propEnd && w < propFreeBusy && (s.in != inEvent || s.nested > 0) {
		return propNone, 0
	}
	n = len(name)
	if len(l) <= n || l[n] != ':' && l[n] != ';' || !is(l[:n], name) {
		return propNone, 0
	}
	return w, n
}
