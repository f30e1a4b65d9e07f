package templates

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"indy/scheduler/slots"
)

// A tongue is how one language writes dates, times, zones, lists and numbers of things.
type tongue struct {
	code      string // also the folder of its templates
	tag       language.Tag
	days      [7]string
	months    [13]string // from 1
	day       string     // {weekday}, {day}, {month}
	year      string     // appended to day
	ofYear    string     // between a month and its year
	at        string     // between day and time within a sentence
	to        string     // between two times
	clock     string     // layout of time.Format
	and       string
	zone      string            // "%s time"
	utc       string            // how UTC is called
	zones     map[string]string // IANA name to the name that people use
	decimal   string
	quoteOpen string
	quoteEnd  string
}

var english = tongue{
	code:      "en",
	tag:       language.English,
	days:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months:    [13]string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	day:       "{weekday}, {month} {day}",
	year:      ", %d",
	ofYear:    " ",
	at:        ", at ",
	to:        " to ",
	clock:     "3:04 pm",
	and:       " and ",
	zone:      "%s time",
	utc:       "UTC",
	decimal:   ".",
	quoteOpen: "“", quoteEnd: "”",
	zones: map[string]string{
		"America/New_York": "Eastern time", "America/Detroit": "Eastern time", "America/Toronto": "Eastern time",
		"America/Chicago": "Central time", "America/Denver": "Mountain time", "America/Phoenix": "Arizona time",
		"America/Los_Angeles": "Pacific time", "America/Vancouver": "Pacific time", "America/Anchorage": "Alaska time",
		"Pacific/Honolulu": "Hawaii time", "America/Puerto_Rico": "Puerto Rico time",
	},
}

var spanish = tongue{
	code:      "es",
	tag:       language.Spanish,
	days:      [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	months:    [13]string{"", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	day:       "{weekday} {day} de {month}",
	year:      " de %d",
	ofYear:    " de ",
	at:        " a las ",
	to:        " a ",
	clock:     "15:04",
	and:       " y ",
	zone:      "hora de %s",
	utc:       "UTC",
	decimal:   ",",
	quoteOpen: "«", quoteEnd: "»",
	zones: map[string]string{
		"America/New_York": "hora del Este", "America/Detroit": "hora del Este", "America/Toronto": "hora del Este",
		"America/Chicago": "hora del Centro", "America/Denver": "hora de la Montaña", "America/Phoenix": "hora de Arizona",
		"America/Los_Angeles": "hora del Pacífico", "America/Vancouver": "hora del Pacífico", "America/Anchorage": "hora de Alaska",
		"Pacific/Honolulu": "hora de Hawái", "America/Puerto_Rico": "hora de Puerto Rico",
		"America/Mexico_City": "hora de Ciudad de México", "America/Bogota": "hora de Bogotá", "America/Panama": "hora de Panamá",
		"Europe/London": "hora de Londres", "Europe/Paris": "hora de París", "Europe/Berlin": "hora de Berlín",
		"Asia/Tokyo": "hora de Tokio",
	},
}

// tongues are the languages that indy speaks; the first is the one for everybody else.
var tongues = []*tongue{&english, &spanish}

var matcher = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher([]language.Tag{english.tag, spanish.tag})
})

// speak is the language nearest to a BCP 47 tag: "es-MX" is Spanish, "" and unknown ones are English.
func speak(tag string) *tongue {
	if g := tongueOf(tag); g != nil { // as it usually is
		return g
	}
	t, err := language.Parse(tag)
	if err != nil {
		return tongues[0]
	}
	_, i, confidence := matcher().Match(t)
	if confidence == language.No {
		return tongues[0]
	}
	return tongues[i]
}

// date is "Tuesday, December 1", with the year when it is not now's.
func (g *tongue) date(d slots.Date, nowYear int) string {
	s := strings.Replace(g.day, "{weekday}", g.days[d.Weekday()], 1)
	s = strings.Replace(s, "{month}", g.months[d.Month], 1)
	s = strings.Replace(s, "{day}", strconv.Itoa(d.Day), 1)
	if d.Year != nowYear {
		s += fmt.Sprintf(g.year, d.Year)
	}
	return s
}

// shortDate is a day under a chart: "9/14", "14/9".
func (g *tongue) shortDate(d slots.Date) string {
	if g.code == "en" {
		return fmt.Sprintf("%d/%d", int(d.Month), d.Day)
	}
	return fmt.Sprintf("%d/%d", d.Day, int(d.Month))
}

// time is the wall clock: "2:00 pm", "14:00", "9:30"; half past midnight is "0:30".
func (g *tongue) time(t time.Time) string { return strings.TrimPrefix(t.Format(g.clock), "0") }

// zoneName is what people call a zone: "Pacific time", "Madrid time".
func (g *tongue) zoneName(t time.Time) string {
	name := t.Location().String()
	if known, ok := g.zones[name]; ok {
		return known
	}
	if _, city, ok := strings.Cut(name, "/"); ok && !strings.HasPrefix(name, "Etc/") {
		city = city[strings.LastIndex(city, "/")+1:]
		return fmt.Sprintf(g.zone, strings.ReplaceAll(city, "_", " "))
	}
	if _, offset := t.Zone(); offset == 0 {
		return g.utc
	}
	return "UTC" + t.Format("-07:00")
}

// moment is an instant as its reader reads it: weekday, date and time in their zone, and
// both zones by name where the other's clock shows something else. between stands between
// day and time: ", " in lists, g.at within a sentence.
func (g *tongue) moment(at time.Time, reader, other *time.Location, nowYear int, between string) string {
	here := at.In(reader)
	day := slots.DateOf(at, reader)
	s := g.date(day, nowYear) + between + g.time(here)
	if sameClock(at, reader, other) {
		return s
	}
	there := at.In(other)
	theirs := g.time(there) + " " + g.zoneName(there)
	if d := slots.DateOf(at, other); d != day {
		theirs = g.date(d, nowYear) + ", " + theirs
	}
	return s + " " + g.zoneName(here) + " (" + theirs + ")"
}

func sameClock(at time.Time, a, b *time.Location) bool {
	if a == nil || b == nil {
		return true
	}
	_, x := at.In(a).Zone()
	_, y := at.In(b).Zone()
	return x == y
}

// count is n with the word that goes with it: "1 step", "2 steps". The forms are the
// CLDR categories "one" and "other", which is all that English and Spanish need here.
func (g *tongue) count(n int, one, other string) string {
	digits := fmt.Sprint(max(n, -n))
	form := plural.Cardinal.MatchPlural(g.tag, max(n, -n), 0, 0, 0, 0)
	if form == plural.One {
		return digits + " " + one
	}
	return digits + " " + other
}

// list joins words: "Ana, Sam and Lee". Spanish "y" becomes "e" before a word that
// begins with the sound of i.
func (g *tongue) list(words []string) string {
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	if len(words) == 1 {
		return last
	}
	and := g.and
	if g.code == "es" && soundsLikeI(last) {
		and = " e "
	}
	return strings.Join(words[:len(words)-1], ", ") + and + last
}

func soundsLikeI(word string) bool {
	w := strings.ToLower(word)
	for _, p := range []string{"i", "í", "hi", "hí"} {
		if strings.HasPrefix(w, p) && !strings.HasPrefix(w, "hie") && !strings.HasPrefix(w, "hia") {
			return true
		}
	}
	return false
}
