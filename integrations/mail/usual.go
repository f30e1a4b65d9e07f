package mail

import (
	"strings"
	"time"

	"indy/scheduler"
)

// The usual forms of header fields, as nearly all programs write them, are read here in
// one go. Each answers false for anything else, which then is read as the standards have it.

// usualAddresses reads "Ana Ruiz <ana@example.net>, joe@example.net": names of plain words,
// without quotes, comments, groups or encoded words.
func usualAddresses(v string) ([]scheduler.Address, bool) {
	var found []scheduler.Address
	for {
		v = strings.TrimLeft(v, " ")
		entry, rest := v, ""
		comma := strings.IndexByte(v, ',')
		if comma >= 0 {
			entry, rest = v[:comma], v[comma+1:]
		}
		a, ok := usualAddress(strings.TrimRight(entry, " "))
		if !ok || len(found) == maxAddresses {
			return nil, false
		}
		if found = append(found, a); comma < 0 {
			return found, true
		}
		v = rest
	}
}

func usualAddress(s string) (a scheduler.Address, ok bool) {
	if open := strings.IndexByte(s, '<'); open >= 0 {
		if s[len(s)-1] != '>' || open > 0 && s[open-1] != ' ' {
			return a, false
		}
		a.Name, s = strings.TrimRight(s[:open], " "), s[open+1:len(s)-1]
	}
	for i := 0; i < len(a.Name); i++ {
		if c := a.Name[i]; !usualByte(c) && (c != ' ' || a.Name[i-1] == ' ') {
			return a, false
		}
	}
	at := strings.IndexByte(s, '@')
	if at < 0 || !usualDots(s[:at]) || !usualDots(s[at+1:]) {
		return a, false
	}
	a.Addr = s
	return a, true
}

// usualDots says whether s is a dot-atom (RFC 5322 3.2.3) of letters, digits and few marks.
func usualDots(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !usualByte(c) && (c != '.' || i == 0 || s[i-1] == '.') {
			return false
		}
	}
	return s != "" && s[len(s)-1] != '.'
}

func usualByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '-' || c == '_' || c == '+' || c == '=' || c == '\''
}

// usualDate reads "Tue, 24 Nov 2026 09:00:00 -0800" (RFC 5322 3.3), with or without the
// weekday.
func usualDate(v string) (time.Time, bool) {
	if len(v) > 5 && v[3] == ',' && v[4] == ' ' {
		switch v[:3] {
		case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		default:
			return time.Time{}, false
		}
		v = v[5:]
	}
	day := digits(v)
	if day == 0 || day > 2 || len(v) != day+len(" Nov 2026 09:00:00 -0800") {
		return time.Time{}, false
	}
	d, rest := decimal(v[:day]), v[day:]
	month := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", rest[1:4])
	year, hour, minute, second, zone := decimal(rest[5:9]), decimal(rest[10:12]), decimal(rest[13:15]), decimal(rest[16:18]), decimal(rest[20:24])
	switch {
	case rest[0] != ' ', month < 0, month%3 != 0, rest[4] != ' ', rest[9] != ' ', rest[12] != ':', rest[15] != ':', rest[18] != ' ',
		year < 0, hour < 0, hour > 23, minute < 0, minute > 59, second < 0, second > 59, zone < 0, zone%100 > 59, zone > 2359,
		rest[19] != '+' && rest[19] != '-':
		return time.Time{}, false
	}
	east := (zone/100*60 + zone%100) * 60
	if rest[19] == '-' {
		east = -east
	}
	in := time.UTC
	if east != 0 {
		in = time.FixedZone("", east)
	}
	t := time.Date(year, time.Month(month/3+1), d, hour, minute, second, 0, in)
	return t, d >= 1 && t.Day() == d // there is no 31 November
}

// decimal is the number that digits write, or -1.
func decimal(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// usualMediaType reads `text/plain; charset="utf-8"; format=flowed` (RFC 2045 5.1): each
// parameter once, quoted or not, without escapes, comments and the forms of RFC 2231.
func usualMediaType(v string) (media string, params map[string]string, ok bool) {
	media, rest, more := strings.Cut(v, ";")
	media = strings.TrimRight(media, " ")
	slash := strings.IndexByte(media, '/')
	if slash >= 0 && (!usualToken(media[:slash]) || !usualToken(media[slash+1:])) || slash < 0 && !usualToken(media) {
		return "", nil, false
	}
	for more {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" {
			break // a semicolon at the end
		}
		equals := strings.IndexByte(rest, '=')
		if equals <= 0 || !usualToken(rest[:equals]) {
			return "", nil, false
		}
		name, val := strings.ToLower(rest[:equals]), ""
		if rest = rest[equals+1:]; strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 || !printable(rest[1:1+end]) {
				return "", nil, false
			}
			val, rest = rest[1:1+end], strings.TrimLeft(rest[end+2:], " ")
			if more = rest != ""; more && rest[0] != ';' {
				return "", nil, false
			} else if more {
				rest = rest[1:]
			}
		} else if val, rest, more = strings.Cut(rest, ";"); !usualToken(strings.TrimRight(val, " ")) {
			return "", nil, false
		}
		if _, twice := params[name]; twice {
			return "", nil, false
		}
		if params == nil {
			params = make(map[string]string, 2)
		}
		params[name] = strings.TrimRight(val, " ")
	}
	return strings.ToLower(media), params, true
}

func usualToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '-' || c == '_' || c == '+' || c == '.') {
			return false
		}
	}
	return s != ""
}

// printable says whether s is ASCII that needs no escape within quotes.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
