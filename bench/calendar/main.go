// Command calendar writes a calendar for the figures of free time: the same bytes for the
// same seed, in the mix that a busy person's calendar of many years has.
//
// Of the events 60 % are single and 40 % recur: weekly, monthly by day, monthly by position.
// Of the recurring ones a third has EXDATEs and a seventh an instance that was moved or
// cancelled. About 2,000 events may reach the four weeks that are asked for; all others are
// history.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"indy/integrations/ical"
	"indy/scheduler"
)

// The four weeks that are asked for; clocks change within them in Europe and America.
var windowFrom, windowTo = time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)

func main() {
	events := flag.Int("events", 1000, "how many events")
	seed := flag.Uint64("seed", 1, "the seed")
	out := flag.String("o", "", "the file to write")
	flag.Parse()
	f, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	w := &calendar{Writer: bufio.NewWriterSize(f, 1<<20), Rand: rand.New(rand.NewPCG(*seed, uint64(*events)))}
	w.write(*events)
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}

type calendar struct {
	*bufio.Writer
	*rand.Rand
	past bool // the event at hand ends before the window
}

// zones are weighted by how often they stand here.
var zones = []string{"Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "America/New_York", "America/New_York",
	"Europe/London", "Asia/Kolkata", "Australia/Sydney"}

const years = 15

func (c *calendar) write(events int) {
	c.lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//indy//bench//EN", "CALSCALE:GREGORIAN")
	for _, z := range []string{"Europe/Berlin", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Sydney"} {
		c.Write(definition(z))
	}
	for i := range events {
		c.past = c.IntN(events) >= 2000
		uid := fmt.Sprintf("%016x-%d@example.org", c.Uint64(), i)
		zone, err := time.LoadLocation(zones[c.IntN(len(zones))])
		if err != nil {
			log.Fatal(err)
		}
		if i%5 < 3 {
			c.single(uid, zone)
		} else {
			c.series(uid, zone)
		}
	}
	c.lines("END:VCALENDAR")
}

// definition is the VTIMEZONE of a zone, with rules that hold since 2007.
func definition(zone string) []byte {
	from := time.Date(2010, 6, 1, 12, 0, 0, 0, time.UTC)
	b, err := ical.EncodeEvent(scheduler.CalendarEvent{UID: "x", From: from, To: from.Add(time.Hour), Zone: zone})
	if err != nil {
		log.Fatal(err)
	}
	end := []byte("END:VTIMEZONE\r\n")
	return b[bytes.Index(b, []byte("BEGIN:VTIMEZONE")) : bytes.Index(b, end)+len(end)]
}

func (c *calendar) often(percent int) bool { return c.IntN(100) < percent }

// lines writes content lines, folded.
func (c *calendar) lines(list ...string) {
	for _, l := range list {
		for len(l) > 75 {
			n := 75
			for l[n]&0xc0 == 0x80 {
				n--
			}
			c.WriteString(l[:n])
			c.WriteString("\r\n")
			l = " " + l[n:]
		}
		c.WriteString(l)
		c.WriteString("\r\n")
	}
}

const local = "20060102T150405"

func at(name string, t time.Time) string {
	return name + ";TZID=" + t.Location().String() + ":" + t.Format(local)
}

// day is a random day, mostly a working one: up to the window's end, or long before it.
func (c *calendar) day(zone *time.Location) time.Time {
	span := years * 365
	last := windowTo
	if c.past {
		last = windowFrom.AddDate(0, 0, -200)
	}
	for {
		d := last.AddDate(0, 0, -1-c.IntN(span))
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday || c.often(10) {
			minutes := 7*60 + 15*c.IntN(48)
			return time.Date(d.Year(), d.Month(), d.Day(), minutes/60, minutes%60, 0, 0, zone)
		}
	}
}

func (c *calendar) length() time.Duration {
	return time.Duration([]int{15, 30, 30, 45, 60, 60, 90, 120}[c.IntN(8)]) * time.Minute
}

func (c *calendar) single(uid string, zone *time.Location) {
	c.lines("BEGIN:VEVENT")
	start := c.day(zone)
	switch {
	case c.often(4): // whole days, three of four of them free
		c.lines("DTSTART;VALUE=DATE:"+start.Format("20060102"), "DTEND;VALUE=DATE:"+start.AddDate(0, 0, 1+c.IntN(3)).Format("20060102"))
		c.rest(uid, !c.often(25))
	case c.often(15):
		c.lines("DTSTART:"+start.UTC().Format(local)+"Z", "DTEND:"+start.Add(c.length()).UTC().Format(local)+"Z")
		c.rest(uid, c.often(10))
	default:
		c.lines(at("DTSTART", start), at("DTEND", start.Add(c.length())))
		c.rest(uid, c.often(10))
	}
	c.lines("END:VEVENT")
}

// rest writes what does not say when an event is, but makes most of a calendar's bytes.
func (c *calendar) rest(uid string, free bool) {
	c.lines("UID:"+uid, "DTSTAMP:20260901T080000Z", fmt.Sprintf("CREATED:20%02d0%d1%dT093000Z", 11+c.IntN(15), 1+c.IntN(9), c.IntN(9)),
		fmt.Sprintf("LAST-MODIFIED:202608%02dT101500Z", 1+c.IntN(28)), fmt.Sprintf("SEQUENCE:%d", c.IntN(4)), "SUMMARY:"+c.words(2+c.IntN(4)))
	transp, status := "OPAQUE", "CONFIRMED"
	if free {
		transp = "TRANSPARENT"
	}
	if c.often(3) {
		status = "CANCELLED"
	}
	c.lines("TRANSP:"+transp, "STATUS:"+status)
	if c.often(40) {
		c.lines("LOCATION:" + c.words(2) + `\, ` + fmt.Sprint(c.IntN(900)))
	}
	if c.often(45) {
		c.lines("DESCRIPTION:" + c.words(10+c.IntN(40)) + fmt.Sprintf(`\nhttps://meet.example.org/j/%d`, c.Uint64()))
	}
	if c.often(60) {
		c.lines("ORGANIZER;CN=Ana Ruiz:mailto:ana@example.org")
		for range 1 + c.IntN(6) {
			name := people[c.IntN(len(people))]
			c.lines(fmt.Sprintf("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;CN=%s;X-NUM-GUESTS=0:mailto:%s@example.org", name, strings.ToLower(name)))
		}
	}
	if c.often(30) {
		c.lines("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Soon", fmt.Sprintf("TRIGGER:-PT%dM", 5*(1+c.IntN(6))), "END:VALARM")
	}
}

var people = strings.Fields("Ana Bo Carla Deniz Emma Farid Grace Hana Ivo June Kofi Lena Mira Noor Otto Priya Rosa Sam Tessa Uli")

var vocabulary = strings.Fields(`council meeting call coffee training canvass phone bank report plan budget march petition reporter
	teachers nurses tenants library Straße café niñez follow-up agenda story team action turnout volunteers assembly press flyers weekly`)

func (c *calendar) words(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = vocabulary[c.IntN(len(vocabulary))]
	}
	return strings.Join(list, " ")
}

// series writes a recurring event and, for some, an instance that differs.
func (c *calendar) series(uid string, zone *time.Location) {
	start, length := c.day(zone), c.length()
	rule, next := c.rule(start)
	var all []time.Time
	limit := 4 + c.IntN(100)
	stop := windowTo.AddDate(0, 2, 0)
	if c.past {
		stop = windowFrom.AddDate(0, 0, -14)
	}
	for t := start; len(all) == 0 || len(all) < limit && t.Before(stop); t = next(t) {
		all = append(all, t)
	}
	switch {
	case !c.past && c.often(10): // goes on for ever
		for t := next(all[len(all)-1]); t.Before(stop); t = next(t) {
			all = append(all, t)
		}
	case c.often(60):
		rule += ";UNTIL=" + all[len(all)-1].UTC().Format(local) + "Z"
	default:
		rule += fmt.Sprintf(";COUNT=%d", len(all))
	}
	c.lines("BEGIN:VEVENT", at("DTSTART", start), at("DTEND", start.Add(length)), "RRULE:"+rule)
	gone := map[time.Time]bool{}
	if c.often(33) {
		for range 1 + c.IntN(3) {
			t := all[c.IntN(len(all))]
			if !gone[t] {
				c.lines(at("EXDATE", t))
			}
			gone[t] = true
		}
	}
	free := c.often(10)
	c.rest(uid, free)
	c.lines("END:VEVENT")
	if t := all[c.IntN(len(all))]; c.often(14) && !gone[t] {
		moved := t.Add(time.Duration([]int{-60, 30, 60, 120, 1440}[c.IntN(5)]) * time.Minute)
		c.lines("BEGIN:VEVENT", at("RECURRENCE-ID", t), at("DTSTART", moved), at("DTEND", moved.Add(length)))
		c.rest(uid, free)
		c.lines("END:VEVENT")
	}
}

// rule is a recurrence rule that start is an instance of, and how to get from one instance
// to the next.
func (c *calendar) rule(start time.Time) (string, func(time.Time) time.Time) {
	day := strings.ToUpper(start.Weekday().String()[:2])
	months := func(pick func(y int, m time.Month) int) func(time.Time) time.Time {
		return func(t time.Time) time.Time {
			y, m := t.Year(), t.Month()
			for {
				if m++; m > 12 {
					y, m = y+1, 1
				}
				if d := pick(y, m); d > 0 {
					return time.Date(y, m, d, start.Hour(), start.Minute(), 0, 0, start.Location())
				}
			}
		}
	}
	nth := (start.Day()-1)/7 + 1
	last := start.AddDate(0, 0, 7).Month() != start.Month()
	switch n := c.IntN(10); {
	case n < 7:
		weeks := 1 + c.IntN(5)/4
		return fmt.Sprintf("FREQ=WEEKLY;INTERVAL=%d;BYDAY=%s", weeks, day), func(t time.Time) time.Time { return t.AddDate(0, 0, 7*weeks) }
	case n == 7 && start.Day() <= 28:
		return fmt.Sprintf("FREQ=MONTHLY;BYMONTHDAY=%d", start.Day()), months(func(int, time.Month) int { return start.Day() })
	case last:
		return "FREQ=MONTHLY;BYDAY=-1" + day, months(func(y int, m time.Month) int {
			end := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
			return end.Day() - (int(end.Weekday()-start.Weekday())+7)%7
		})
	}
	return fmt.Sprintf("FREQ=MONTHLY;BYDAY=%d%s", nth, day), months(func(y int, m time.Month) int {
		first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		return 1 + (int(start.Weekday()-first.Weekday())+7)%7 + 7*(nth-1)
	})
}
