package mail

import (
	"regexp"
	"strings"
	"sync"

	"indy/integrations/ical"
	"indy/scheduler"
)

const (
	maxCalendars     = 8       // calendar parts of one mail that are read
	maxCalendarBytes = 1 << 20 // of one of them
)

// A calendarPart is a text/calendar entity, as UTF-8, and the method that its Content-Type
// names (RFC 6047 2.4).
type calendarPart struct {
	ics    string
	method string
}

// calendarParts are the calendar parts of a mail, not those of a mail that it forwards or
// returns. Some programs name the type application/ics, some only the file.
func calendarParts(root *part) []calendarPart {
	var found []calendarPart
	root.walk(func(p *part) bool {
		switch {
		case p.media == "message/rfc822" || p.media == "message/global":
			return false
		case len(found) == maxCalendars:
		case p.media == "text/calendar", p.media == "application/ics", strings.HasSuffix(strings.ToLower(p.name), ".ics"):
			if ics := decodeCharset(p.content(), p.params["charset"]); len(ics) <= maxCalendarBytes {
				found = append(found, calendarPart{ics, strings.ToUpper(p.params["method"])})
			}
		}
		return true
	})
	return found
}

// itips is what the calendar parts ask for (RFC 5546). The same message often comes twice,
// as a part and as a file. A part that cannot be read asks for nothing.
func itips(parts []calendarPart) []scheduler.ITIP {
	var found []scheduler.ITIP
	for _, c := range parts {
		read, err := ical.DecodeITIP([]byte(c.ics), c.method)
		if err != nil {
			continue
		}
		for _, it := range read {
			if it.Method != "" && !contains(found, it) {
				found = append(found, it)
			}
		}
	}
	return found
}

func contains(found []scheduler.ITIP, it scheduler.ITIP) bool {
	for _, f := range found {
		if f.Method == it.Method && f.UID == it.UID && f.Sequence == it.Sequence && f.PartStat == it.PartStat &&
			strings.EqualFold(f.Attendee.Addr, it.Attendee.Addr) && f.From.Equal(it.From) && f.To.Equal(it.To) {
			return true
		}
	}
	return false
}

// calendarRobot knows the notices that calendars send by themselves. Their text is the
// calendar's, not the person's; a mail about an event with a person's words in it is theirs.
func calendarRobot(l *look) verdict {
	sender := strings.ToLower(l.field("Sender") + " " + l.from)
	switch {
	case strings.Contains(sender, "calendar-notification@google.com"), strings.Contains(sender, "calendar-server"):
		return verdict{robot: scheduler.CalendarRobot, why: []string{"sent by a calendar"}}
	case l.itip && (l.machineMade() || l.nobody()):
		return verdict{robot: scheduler.CalendarRobot, why: []string{"an automatic mail about an event"}}
	case l.itip && stockAnswer(l.text):
		return verdict{robot: scheduler.CalendarRobot, why: []string{"a calendar's own words for its answer"}}
	}
	return verdict{}
}

// stockAnswer says whether a text is but the sentence with which calendars say what their
// answer means. A question, or anything longer, is a person's.
func stockAnswer(text string) bool {
	if len(text) > 600 {
		return false
	}
	t := strings.ToLower(text)
	return len(t) <= 300 && !strings.ContainsAny(t, "?¿") && strings.Count(t, "\n") <= 4 && answers.in(t) && stockWords().MatchString(t)
}

// answers are the verbs of stockWords.
var answers = phrasesOf("accepted", "declined", "tentative", "proposed", "canceled", "cancelled", "aceptado", "rechazado", "declinado", "zugesagt", "abgesagt", "abgelehnt",
	"angenommen", "accepté", "décliné", "refusé", "accettato", "rifiutato", "aceitou", "recusou", "geaccepteerd", "afgewezen")

var stockWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^[^\n]{0,80}(?:has |have |was |ha |hat |a )?(?:accepted|declined|tentatively|proposed|cancell?ed|aceptado|rechazado|declinado|zugesagt|abgesagt|abgelehnt|angenommen|accepté|décliné|refusé|accettato|rifiutato|aceitou|recusou|geaccepteerd|afgewezen)[^\n]{0,80}(?:invit|event|meeting|appointment|reuni|cita|termin|besprechung|réunion|riunione|evento|afspraak|vergadering)|^(?:the following )?(?:meeting|event|invitation|appointment)[^\n]{0,80} (?:accepted|declined|cancell?ed|tentative)`)
})
