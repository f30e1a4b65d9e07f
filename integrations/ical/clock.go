package ical

import (
	"sort"
	"time"
)

// clock turns wall-clock times of one zone into instants, as RFC 5545 3.3.5 has it: a time
// that does not exist counts by the offset before the gap, one that occurs twice is the
// first. It remembers the stretches between changes of clocks, and is not for use by two
// goroutines at once.
type clock struct {
	at    func(unix int64) period
	known []stretch // by end
	last  stretch
}

// period is the time [from, to) between two changes of clocks, in Unix seconds.
type period struct{ from, to, offset int64 }

const forever = int64(1) << 60

// stretch is a run of wall-clock times [from, to) with one offset.
type stretch struct{ from, to, offset int64 }

// clockOf is the clock of a zone.
func clockOf(zone *time.Location) *clock {
	return &clock{at: func(unix int64) period {
		t := time.Unix(unix, 0).In(zone)
		_, seconds := t.Zone()
		p := period{-forever, forever, int64(seconds)}
		start, end := t.ZoneBounds()
		if !start.IsZero() {
			p.from = start.Unix()
		}
		if !end.IsZero() {
			p.to = end.Unix()
		}
		return p
	}}
}

// utcClock is the clock of UTC.
func utcClock() *clock {
	return &clock{last: stretch{-forever, forever, 0}}
}

// instant is when the wall clock shows w, in Unix seconds.
func (c *clock) instant(w wall) int64 {
	l := int64(w)
	if l >= c.last.from && l < c.last.to {
		return l - c.last.offset
	}
	i := sort.Search(len(c.known), func(i int) bool { return c.known[i].to > l })
	if i < len(c.known) && l >= c.known[i].from {
		c.last = c.known[i]
		return l - c.last.offset
	}
	c.last = c.find(l)
	c.known = append(c.known, stretch{})
	copy(c.known[i+1:], c.known[i:])
	c.known[i] = c.last
	return l - c.last.offset
}

// find walks the changes of clocks around a wall-clock time. No zone is more than a day
// away from UTC.
func (c *clock) find(l int64) stretch {
	p := c.at(l - 2*day)
	from := -forever
	if p.from > -forever {
		from = p.from + max(p.offset, c.at(p.from-1).offset)
	}
	for p.to < forever {
		next := c.at(p.to)
		// The stretch lasts on the wall until both readings of the change are past.
		to := p.to + max(p.offset, next.offset)
		if l < to {
			return stretch{from, to, p.offset}
		}
		from, p = max(from, to), next
	}
	return stretch{from, forever, p.offset}
}

// reading is what the wall clock shows at an instant.
func (c *clock) reading(unix int64) wall {
	if c.at == nil {
		return wall(unix)
	}
	return wall(unix + c.at(unix).offset)
}
