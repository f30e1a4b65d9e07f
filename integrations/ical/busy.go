package ical

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"indy/scheduler/slots"
)

// Query says which busy times are looked for.
type Query struct {
	From, To time.Time             // [From, To), UTC
	Floating *time.Location        // where floating times and whole days are; UTC when nil
	Skip     func(uid string) bool // events that do not count; nil for none
	Address  string                // whose calendar it is: what they declined is free
}

// check refuses queries that could only be a mistake.
func (q Query) check() error {
	if !q.From.Before(q.To) {
		return errors.New("find busy times: the end is not after the start")
	}
	return nil
}

// Busy finds what makes the owner of a calendar busy between two instants: sorted, joined
// where it touches (Away apart from the rest) and cut to [From, To). An event counts unless
// it is transparent, cancelled or declined (RFC 5545 3.8.2.7, 3.8.1.11, 3.2.12).
//
// It reads a stream of any size with little memory, and fails closed: a calendar that breaks
// off, a time, rule or zone that cannot be understood is an error if it could matter to the
// query, and a rule that would take too long to expand is busy.
func Busy(r io.Reader, q Query) ([]slots.Busy, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	s := newScanner(q.From.Unix(), ceilUnix(q.To), q.Address, newZoneBook())
	if err := s.read(r, make([]byte, 256<<10)); err != nil {
		return nil, err
	}
	src, err := gather(s)
	if err != nil {
		return nil, err
	}
	return src.busy(q)
}

// busy answers one query from one source.
func (src *source) busy(q Query) ([]slots.Busy, error) {
	a := newAnswer(q)
	if err := a.add(src); err != nil {
		return nil, err
	}
	return a.result(q), nil
}

// result is what was found, merged and cut to the query.
func (a *answer) result(q Query) []slots.Busy {
	list := joined(a.spans)
	for i := range list {
		if list[i].From.Before(q.From) {
			list[i].From = q.From.UTC()
		}
		if list[i].To.After(q.To) {
			list[i].To = q.To.UTC()
		}
	}
	return list
}

// Merge joins busy times that overlap or touch, whether away or not. They must be sorted, as
// Busy answers.
func Merge(busy []slots.Busy) []slots.Interval {
	var out []slots.Interval
	for _, b := range busy {
		if n := len(out); n > 0 && !b.From.After(out[n-1].To) {
			if b.To.After(out[n-1].To) {
				out[n-1].To = b.To
			}
			continue
		}
		out = append(out, b.Interval)
	}
	return out
}

// plain makes line feeds of carriage returns that stand alone, as some old programs end
// their lines.
func plain(b []byte, final bool) {
	for i, c := range b {
		if c == '\r' && (i+1 < len(b) && b[i+1] != '\n' || i+1 == len(b) && final) {
			b[i] = '\n'
		}
	}
}

// lone says whether carriage returns stand alone. The beginning of a calendar is looked at;
// one that goes on in another way is an error where its next component begins.
func lone(b []byte) bool {
	returns := bytes.Count(b, []byte{'\r'})
	return returns > 0 && returns != bytes.Count(b, []byte{'\n'})
}

var bom = []byte("\xef\xbb\xbf")

// read scans all that r has, or up to s.stop. buf is only room to work in.
func (s *scanner) read(r io.Reader, buf []byte) error {
	have, final := 0, false
	for !final && !s.done {
		room := buf[have:]
		if left := s.stop - s.base - int64(have); left < int64(len(room)) { // little more than its own piece
			room = room[:min(len(room), int(max(left, 16<<10)))]
		}
		n, err := io.ReadFull(r, room)
		have += n
		if final = err == io.EOF || err == io.ErrUnexpectedEOF; err != nil && !final {
			return fmt.Errorf("read the calendar: %w", err)
		}
		b := buf[:have]
		if s.base == 0 && bytes.HasPrefix(b, bom) {
			s.base, b = int64(len(bom)), b[len(bom):]
			have = copy(buf, b)
			b = buf[:have]
		}
		if len(b) > 0 && !final && b[len(b)-1] == '\r' { // what follows says whether it ends a line
			b = b[:len(b)-1]
		}
		if !s.looked {
			s.looked, s.returns = true, lone(b)
		}
		if s.returns {
			plain(b, final)
		}
		used, err := s.scan(b, final)
		if err != nil {
			return err
		}
		s.base += int64(used)
		have = copy(buf, buf[used:have])
		if s.seeking && s.base >= s.stop {
			return nil
		}
		if have == len(buf) {
			buf = append(buf, make([]byte, len(buf))...)
		}
	}
	if s.in == inEvent && !s.done {
		return s.about(errors.New("it breaks off"))
	}
	return nil
}

// links are how places are written that are none.
var links = [...]string{"zoom", "google meet", "teams", "microsoft teams", "skype", "webex", "phone", "telephone", "call", "online", "video", "virtual", "facetime", "jitsi", "signal", "whatsapp", "remote"}

// isAway says whether a LOCATION is a place to go to: no link, no telephone number, none of
// the ways to meet from where one is.
func isAway(location []byte) bool {
	text := strings.ToLower(strings.TrimSpace(unescape(string(location))))
	if text == "" || strings.Contains(text, "://") || strings.HasPrefix(text, "tel:") || strings.HasPrefix(text, "www.") ||
		strings.HasPrefix(text, "microsoft teams") || strings.HasPrefix(text, "zoom.us/") || strings.Trim(text, "0123456789+-–().,/ #*x") == "" {
		return false
	}
	for _, l := range links {
		if text == l {
			return false
		}
	}
	return true
}
