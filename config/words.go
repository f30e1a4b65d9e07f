package config

import (
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"indy/scheduler/slots"
)

// The words of the config and what they mean. Each error says how to write it instead.

const day = 24 * time.Hour

var (
	durationWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,6}\s*(w|weeks?|d|days?|h|hours?|m|min|minutes?)\s*)+$`)
	})
	durationPart  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\d+)\s*([a-z])[a-z]*`) })
	durationUnits = map[string]time.Duration{"w": 7 * day, "d": day, "h": time.Hour, "m": time.Minute}
)

// ParseDuration reads "45m", "24h", "10d", "6w" and sums such as "1h30m". A day is 24 hours.
func ParseDuration(s string) (time.Duration, error) {
	word := strings.ToLower(strings.TrimSpace(s))
	if !durationWord().MatchString(word) {
		return 0, fmt.Errorf("%q is not a length of time as in \"45m\", \"24h\", \"10d\" or \"6w\"", s)
	}
	var sum time.Duration
	for _, m := range durationPart().FindAllStringSubmatch(word, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, fmt.Errorf("%q is not a length of time", s)
		}
		if sum += time.Duration(n) * durationUnits[m[2]]; sum > 100*366*day || n > 1e5 {
			return 0, fmt.Errorf("%q is too long", s)
		}
	}
	return sum, nil
}

// durationText writes a length of time as ParseDuration reads it, in the largest unit that fits.
func durationText(d time.Duration) string {
	for _, u := range []string{"w", "d", "h", "m"} {
		if n := durationUnits[u]; d != 0 && d%n == 0 {
			return strconv.Itoa(int(d/n)) + u
		}
	}
	return "0m"
}

// parseTime reads a time of day, "16:00", into minutes after midnight.
func parseTime(s string) (int, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(s))
	if err != nil {
		return 0, fmt.Errorf("%q is not a time of day as in \"16:00\"", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// A weekTime is an hour of the week: "sunday 18:00".
type weekTime struct {
	day    time.Weekday
	minute int
}

func parseWeekTime(s string) (weekTime, error) {
	bad := fmt.Errorf("%q is not a day and hour as in \"sunday 18:00\"", s)
	words := strings.Fields(strings.ToLower(s))
	if len(words) != 2 || len(words[0]) < 3 {
		return weekTime{}, bad
	}
	minute, err := parseTime(words[1])
	if err != nil {
		return weekTime{}, bad
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.HasPrefix(strings.ToLower(d.String()), words[0]) {
			return weekTime{d, minute}, nil
		}
	}
	return weekTime{}, bad
}

// parseRange reads days that are kept free: "2026-12-24 to 2027-01-02, holidays". The last
// day and the reason may be left out.
func parseRange(s string) (slots.DateRange, error) {
	days, why, _ := strings.Cut(s, ",")
	first, last, ranged := strings.Cut(days, " to ")
	if !ranged {
		last = first
	}
	var r slots.DateRange
	var err error
	if r.First, err = slots.ParseDate(strings.TrimSpace(first)); err == nil {
		r.Last, err = slots.ParseDate(strings.TrimSpace(last))
	}
	if err != nil {
		return r, fmt.Errorf("%q is not a day or a run of days as in \"2026-12-24 to 2027-01-02, holidays\"", s)
	}
	if r.Last.Before(r.First) {
		return r, fmt.Errorf("%q ends before it begins", s)
	}
	r.Why = strings.TrimSpace(why)
	return r, nil
}

// parseAddress reads a bare mail address, more strictly than RFC 5322: no name, no quotes,
// no comments, nothing but ASCII, so that it can be written into headers as it is.
func parseAddress(s string) (string, error) {
	if strings.IndexFunc(s, unicode.IsControl) >= 0 {
		return "", fmt.Errorf("the mail address %q has a line break or control character in it", s)
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok {
		return "", fmt.Errorf("%q is not a mail address: it has no @", s)
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Name != "" || a.Address != s || strings.ContainsAny(s, "\"<>()[],;: ") {
		return "", fmt.Errorf("%q is not a bare mail address as in \"ana@example.org\"", s)
	}
	if strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		return "", fmt.Errorf("the mail address %q has letters beyond ASCII: write its domain in the xn-- form", s)
	}
	if len(s) > 254 || len(local) > 64 { // RFC 5321 4.5.3.1
		return "", fmt.Errorf("the mail address %q is too long", s)
	}
	if domain != "localhost" && (!strings.Contains(domain, ".") || strings.HasPrefix(domain, "-") || strings.HasSuffix(domain, "-")) {
		return "", fmt.Errorf("the mail address %q has no full domain as in \"example.org\"", s)
	}
	return s, nil
}

var phoneWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\+?[0-9][0-9 ().\-/]{5,24}( ?(x|ext\.?) ?[0-9]{1,6})?$`)
})

func parsePhone(s string) (string, error) {
	if !phoneWord().MatchString(strings.TrimPrefix(s, "(")) {
		return "", fmt.Errorf("%q is not a phone number as in \"+1 510 555 0100\"", s)
	}
	return s, nil
}

// commonZones are what a mistyped zone is compared with: the zones of most people.
var commonZones = strings.Fields(`America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix
	America/Anchorage Pacific/Honolulu America/Puerto_Rico America/Toronto America/Vancouver America/Halifax America/St_Johns
	America/Mexico_City America/Bogota America/Lima America/Santiago America/Sao_Paulo America/Argentina/Buenos_Aires
	Europe/London Europe/Dublin Europe/Lisbon Europe/Madrid Europe/Paris Europe/Brussels Europe/Amsterdam Europe/Berlin
	Europe/Zurich Europe/Vienna Europe/Rome Europe/Prague Europe/Warsaw Europe/Stockholm Europe/Oslo Europe/Copenhagen
	Europe/Helsinki Europe/Athens Europe/Kyiv Europe/Istanbul Africa/Cairo Africa/Lagos Africa/Nairobi Africa/Johannesburg
	Asia/Jerusalem Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Jakarta Asia/Singapore Asia/Manila
	Asia/Hong_Kong Asia/Shanghai Asia/Taipei Asia/Seoul Asia/Tokyo Australia/Perth Australia/Adelaide Australia/Brisbane
	Australia/Sydney Australia/Melbourne Pacific/Auckland UTC`)

// spokenZones are what people call their zones.
var spokenZones = map[string]string{
	"eastern": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
	"central": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
	"mountain": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "mt": "America/Denver",
	"pacific": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
	"cet": "Europe/Berlin", "cest": "Europe/Berlin", "bst": "Europe/London", "gmt": "Europe/London",
}

// parseZone reads the IANA name of a zone. Abbreviations are refused: most are no zones,
// and those that are know no summer time.
func parseZone(s string) (*time.Location, error) {
	if z := spokenZones[strings.ToLower(strings.TrimSuffix(strings.ToLower(s), " time"))]; z != "" {
		return nil, fmt.Errorf("%q is not the full name of a time zone: write %q", s, z)
	}
	if s != "" && s != "Local" {
		if zone, err := time.LoadLocation(s); err == nil {
			return zone, nil
		}
	}
	hint := didYouMean(s, commonZones)
	if hint == "" {
		hint = ` as in "America/New_York"`
	}
	return nil, fmt.Errorf("%q is not a time zone%s", s, hint)
}

// CheckAddress says what Load would say of such a mail address.
func CheckAddress(s string) error { _, err := parseAddress(s); return err }

// CheckZone says whether s is the name of a time zone.
func CheckZone(s string) error { _, err := parseZone(s); return err }

// CheckPhone says whether s is a phone number.
func CheckPhone(s string) error { _, err := parsePhone(s); return err }

// ID is the id that a person or organizer of that name has when none is given; "" where
// none can be made of it.
func ID(name string) string {
	if id := slug(name); goodID(id) {
		return id
	}
	return ""
}

// slug makes a name into an id: "Ana Gómez" is "ana-gomez".
func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '.':
		case unicode.IsLetter(r): // a script without Latin letters keeps its own
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// goodID says whether s can be an id: it stands in keys, where "/" divides.
func goodID(s string) bool { return s != "" && slug(s) == s && len(s) <= 64 }
