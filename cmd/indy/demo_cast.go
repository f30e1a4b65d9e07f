package main

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"indy/config"
	"indy/scheduler"
	"indy/scheduler/slots"
)

// A cast is what a demo plays: who lives through it, how each of them answers, from when,
// and for how long. It is a value: the same cast plays the same story.
type cast struct {
	title  string // of the story and the page
	config string // config.toml, with one organizer
	start  time.Time
	weeks  int
	seed   string            // what names of mails and events are made from
	home   map[string]string // the calendar that the organizer had before, a file an event
	people map[scheduler.PersonID]habit
	own    habit                        // the organizer's, whomever a mail is about
	about  map[scheduler.PersonID]habit // the organizer's about one person; comes before own
}

// A habit is how somebody answers mails, by what the mail is for: the first answer to the
// first mail of its kind, and so on. After the last there is no answer, unless it is one
// for always.
type habit map[scheduler.MailKind][]answer

// to is the answer to the nth mail of a kind, from 1; false for none.
func (h habit) to(kind scheduler.MailKind, nth int) (answer, bool) {
	list := h[kind]
	if len(list) == 0 || nth > len(list) && !list[len(list)-1].always {
		return answer{}, false
	}
	a := list[min(nth, len(list))-1]
	return a, a.words != "" || a.do != nil
}

// answer is what somebody writes back, and how long it takes them.
type answer struct {
	after   time.Duration
	words   string            // with days in braces, see fill
	headers map[string]string // more headers: what robots write
	do      func(*demoPlay, received) error
	always  bool // the answer to all that follow as well
}

// nothing is no answer.
var nothing = answer{}

func says(after time.Duration, words string) answer { return answer{after: after, words: words} }

// always is the same answer to every mail of a kind.
func always(after time.Duration, words string) []answer {
	return []answer{{after: after, words: words, always: true}}
}

func does(after time.Duration, do func(*demoPlay, received) error) answer {
	return answer{after: after, do: do}
}

const days = 24 * time.Hour

var dayInWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{(mon|tue|wed|thu|fri)?\+(\d+)\}`)
})

var weekdays = map[string]time.Weekday{"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday, "fri": time.Friday}

// fill writes the days that words name in braces: "{+6}" is in six days, "{thu+4}" is the
// first Thursday that is at least four days away.
func fill(words string, today slots.Date, lang string) string {
	return dayInWords().ReplaceAllStringFunc(words, func(s string) string {
		m := dayInWords().FindStringSubmatch(s)
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return s
		}
		d := today.AddDays(n)
		if m[1] == "" {
			return dayName(d, lang, false)
		}
		for d.Weekday() != weekdays[m[1]] {
			d = d.AddDays(1)
		}
		return dayName(d, lang, true)
	})
}

// dayName is a day as people write it: "January 2", "Thursday, January 7", "jueves 7 de enero".
func dayName(d slots.Date, lang string, weekday bool) string {
	if lang == "es" {
		months := []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
		s := fmt.Sprintf("%d de %s", d.Day, months[d.Month-1])
		if weekday {
			s = []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}[d.Weekday()] + " " + s
		}
		return s
	}
	s := fmt.Sprintf("%s %d", d.Month, d.Day)
	if weekday {
		s = d.Weekday().String() + ", " + s
	}
	return s
}

// written reads the cast's config, as if it lay in path.
func (c cast) written(path string) (*config.Config, error) {
	return config.Parse(path, []byte(c.config), slots.DateOf(c.start, time.UTC))
}

// end is when the play is over.
func (c cast) end() time.Time { return c.start.AddDate(0, 0, 7*c.weeks) }
