package ical

import (
	"bytes"
	"errors"
	"fmt"
)

// frequency is FREQ, the quickest first.
type frequency uint8

const (
	secondly frequency = iota + 1
	minutely
	hourly
	daily
	weekly
	monthly
	yearly
)

// rule is a RECUR value (RFC 5545 3.3.10). What is not limited is zero.
type rule struct {
	freq     frequency
	interval int64
	count    int64 // 0: no end by count
	until    moment
	ends     bool // until counts

	months     uint16    // bit m
	weeks      [2]uint64 // bit n: from the front, from the back
	monthDays  [2]uint32 // from the front, from the back
	weekdays   uint8     // bit 0: Monday
	numbered   bool      // nth counts
	byYearDay  bool      // yearDays count
	byPosition bool      // positions count
	weekStart  int       // 0: Monday
	hours      uint32
	minutes    uint64
	seconds    uint64
	nth        [7][2]uint64 // of each weekday: which ones in the month or year
	yearDays   [2]numbers
	positions  [2]numbers
}

// numbers is a set of numbers from 0 to 383.
type numbers [6]uint64

func (s *numbers) has(n int) bool { return n >= 0 && n < 384 && s[n/64]&(1<<(n%64)) != 0 }

var errRule = errors.New("the recurrence rule cannot be understood")

// maxInterval is the longest INTERVAL that is taken for one.
const maxInterval = 1_000_000_000

// parseRule reads a RECUR value. Parts that RFC 5545 does not know are an error unless
// they are private (X-): what they do to the set is not known. INTERVAL=0 counts as 1,
// which is every time that another reading of it could mean.
func parseRule(b []byte, r *rule) error {
	*r = rule{interval: 1}
	for len(b) > 0 {
		part := b
		if i := bytes.IndexByte(b, ';'); i >= 0 {
			part, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		part = bytes.TrimSpace(part)
		if len(part) == 0 {
			continue
		}
		eq := bytes.IndexByte(part, '=')
		if eq < 0 || !r.part(part[:eq], bytes.TrimSpace(part[eq+1:])) {
			return fmt.Errorf("%w: %q", errRule, clip(part))
		}
	}
	if r.freq == 0 {
		return fmt.Errorf("%w: it has no FREQ", errRule)
	}
	return r.settle()
}

// settle refuses parts that RFC 5545 3.3.10 forbids beside the rule's FREQ and that would
// leave out times which another reading of the rule has. A number before a weekday is
// passed over where it means nothing.
func (r *rule) settle() error {
	if r.byYearDay && r.freq >= daily && r.freq < yearly {
		return fmt.Errorf("%w: BYYEARDAY is for years", errRule)
	}
	if r.monthDays != [2]uint32{} && r.freq == weekly {
		return fmt.Errorf("%w: BYMONTHDAY is not for weeks", errRule)
	}
	if r.numbered && r.freq < monthly {
		for d := range r.nth {
			if r.nth[d] != [2]uint64{} {
				r.weekdays |= 1 << d
			}
		}
		r.numbered = false
	}
	return nil
}

// part reads one NAME=value of a rule.
func (r *rule) part(name, v []byte) bool {
	switch {
	case is(name, "FREQ"):
		r.freq = parseFrequency(v)
		return r.freq != 0
	case is(name, "INTERVAL"):
		n, ok := parseNumber(v)
		r.interval = max(1, n)
		return ok && n >= 0 && n <= maxInterval
	case is(name, "COUNT"):
		n, ok := parseNumber(v)
		r.count = n
		return ok && n > 0
	case is(name, "UNTIL"):
		m, ok := parseMoment(v)
		r.until, r.ends = m, true
		return ok
	case is(name, "WKST"):
		d := parseWeekday(v)
		r.weekStart = d
		return d >= 0
	case is(name, "RSCALE"): // RFC 7529: other calendars are not understood
		return is(v, "GREGORIAN")
	case is(name, "SKIP"):
		return is(v, "OMIT")
	case is(name, "BYDAY"):
		return eachOf(v, r.byDay)
	case len(name) > 2 && (name[0]|0x20) == 'x' && name[1] == '-':
		return true
	}
	add, low, high := r.list(name)
	return add != nil && eachOf(v, func(x []byte) bool {
		n, ok := parseNumber(x)
		if !ok || n < low || n > high || n == 0 && low < 0 {
			return false
		}
		add(int(n))
		return true
	})
}

// list says what a list of numbers means: what to do with each, and its bounds.
func (r *rule) list(name []byte) (add func(int), low, high int64) {
	switch {
	case is(name, "BYMONTH"):
		return func(n int) { r.months |= 1 << n }, 1, 12
	case is(name, "BYMONTHDAY"):
		return func(n int) { setSigned(&r.monthDays, n) }, -31, 31
	case is(name, "BYYEARDAY"):
		return func(n int) { r.byYearDay = true; addSigned(&r.yearDays, n) }, -366, 366
	case is(name, "BYWEEKNO"):
		return func(n int) { setSigned(&r.weeks, n) }, -53, 53
	case is(name, "BYSETPOS"):
		return func(n int) { r.byPosition = true; addSigned(&r.positions, n) }, -366, 366
	case is(name, "BYHOUR"):
		return func(n int) { r.hours |= 1 << n }, 0, 23
	case is(name, "BYMINUTE"):
		return func(n int) { r.minutes |= 1 << n }, 0, 59
	case is(name, "BYSECOND"): // RFC 5545 3.3.12: a leap second is the one before it
		return func(n int) { r.seconds |= 1 << min(n, 59) }, 0, 60
	}
	return nil, 0, 0
}

func setSigned[T uint32 | uint64](set *[2]T, n int) {
	if n > 0 {
		set[0] |= 1 << n
	} else {
		set[1] |= 1 << -n
	}
}

func addSigned(sets *[2]numbers, n int) {
	if n > 0 {
		sets[0][n/64] |= 1 << (n % 64)
	} else {
		sets[1][-n/64] |= 1 << (-n % 64)
	}
}

func (r *rule) byDay(x []byte) bool {
	if len(x) < 2 {
		return false
	}
	d := parseWeekday(x[len(x)-2:])
	if d < 0 {
		return false
	}
	if len(x) == 2 {
		r.weekdays |= 1 << d
		return true
	}
	n, ok := parseNumber(x[:len(x)-2])
	if !ok || n == 0 || n < -53 || n > 53 {
		return false
	}
	r.numbered = true
	setSigned(&r.nth[d], int(n))
	return true
}

func parseFrequency(v []byte) frequency {
	for i, name := range [...]string{"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"} {
		if is(v, name) {
			return frequency(i + 1)
		}
	}
	return 0
}

// parseWeekday is 0 for MO, -1 for what is no weekday.
func parseWeekday(v []byte) int {
	if len(v) != 2 {
		return -1
	}
	switch (uint16(v[0])<<8 | uint16(v[1])) &^ 0x2020 {
	case 'M'<<8 | 'O':
		return 0
	case 'T'<<8 | 'U':
		return 1
	case 'W'<<8 | 'E':
		return 2
	case 'T'<<8 | 'H':
		return 3
	case 'F'<<8 | 'R':
		return 4
	case 'S'<<8 | 'A':
		return 5
	case 'S'<<8 | 'U':
		return 6
	}
	return -1
}

// parseNumber reads a whole number; a huge one is as good as any other huge one.
func parseNumber(v []byte) (n int64, ok bool) {
	sign := int64(1)
	if len(v) > 0 && (v[0] == '+' || v[0] == '-') {
		if v[0] == '-' {
			sign = -1
		}
		v = v[1:]
	}
	if len(v) == 0 || len(v) > 24 {
		return 0, false
	}
	for _, c := range v {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = min(n*10+int64(c-'0'), 1<<40)
	}
	return sign * n, true
}

// eachOf calls f with each element of a list.
func eachOf(v []byte, f func([]byte) bool) bool {
	for {
		i := bytes.IndexByte(v, ',')
		if i < 0 {
			return f(bytes.TrimSpace(v))
		}
		if !f(bytes.TrimSpace(v[:i])) {
			return false
		}
		v = v[i+1:]
	}
}

// is compares with an upper-case ASCII word, whatever the case of b.
func is(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// clip keeps what stands in an error short.
func clip(b []byte) []byte { return b[:min(len(b), 40)] }
