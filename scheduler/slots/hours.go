package slots

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const minutesPerDay = 24 * 60

var errHoursEmpty = errors.New(`no hours: write them as in "mon-fri 09:00-17:00, sat 10:00-12:00"`)

// weekdays from Monday on, as Hours.String writes them.
var weekdays = [7]time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
}

// ParseHours reads weekly hours such as "mon-fri 09:00-17:00, sat 10:00-12:00".
//
// Days are English names, short or long, alone, as a range (which may run over the end of
// the week: "fri-mon") or as a list ("mon,wed 18:00-21:00"); "daily", "weekdays" and
// "weekends" are sets of them. Times are of 24 hours ("9:00", "09:00", "9") or say am or
// pm; 24:00 is the end of the day. Times without a day belong to the days before them:
// "mon 09:00-12:00, 14:00-17:00". Overlapping hours are merged. Every error names the words.
func ParseHours(s string) (Hours, error) {
	var h Hours
	var days []time.Weekday
	named, timed := false, false // whether days were named that have no time yet; whether the last days have one
	for _, piece := range strings.FieldsFunc(tidyHours(s), func(r rune) bool { return r == ',' || r == ';' }) {
		for _, word := range strings.Fields(piece) {
			if startsWithDigit(word) {
				if len(days) == 0 {
					return Hours{}, fmt.Errorf("%q has no day before it: write it as in \"mon-fri %s\"", word, word)
				}
				span, err := parseSpan(word)
				if err != nil {
					return Hours{}, err
				}
				for _, d := range days {
					h[d] = append(h[d], span)
				}
				named, timed = false, true
				continue
			}
			more, err := parseDays(word)
			if err != nil {
				return Hours{}, err
			}
			if timed {
				days, timed = nil, false
			}
			days, named = append(days, more...), true
		}
	}
	if named {
		return Hours{}, fmt.Errorf("%q has days without a time at its end", strings.TrimSpace(s))
	}
	if len(days) == 0 {
		return Hours{}, errHoursEmpty
	}
	for d := range h {
		h[d] = mergeSpans(h[d])
	}
	return h, nil
}

// tidyHours makes the ways in which people write dashes and joints one.
func tidyHours(s string) string {
	s = strings.ToLower(s)
	s = strings.NewReplacer("–", "-", "—", "-", " to ", "-", " and ", ", ", " & ", ", ", "every day", "daily").Replace(s)
	s = strings.NewReplacer(" am", "am", " pm", "pm").Replace(s)
	parts := strings.Split(s, "-")
	for i := range parts {
		if i > 0 {
			parts[i] = strings.TrimLeft(parts[i], " \t")
		}
		if i < len(parts)-1 {
			parts[i] = strings.TrimRight(parts[i], " \t")
		}
	}
	return strings.Join(parts, "-")
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func parseDays(word string) ([]time.Weekday, error) {
	switch word {
	case "daily":
		return weekdays[:], nil
	case "weekdays", "weekday":
		return weekdays[:5], nil
	case "weekends", "weekend":
		return weekdays[5:], nil
	}
	first, last, ranged := strings.Cut(word, "-")
	from, err := parseDay(first)
	if err != nil || !ranged {
		return []time.Weekday{from}, err
	}
	to, err := parseDay(last)
	if err != nil {
		return nil, err
	}
	days := []time.Weekday{from}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return days, nil
}

func parseDay(word string) (time.Weekday, error) {
	name := strings.TrimSuffix(word, ".")
	if len(name) >= 3 {
		for _, d := range weekdays {
			if long := strings.ToLower(d.String()); strings.HasPrefix(long, name) || name == long+"s" {
				return d, nil
			}
		}
	}
	return 0, fmt.Errorf("%q is not a day: use mon, tue, wed, thu, fri, sat, sun or daily", word)
}

func parseSpan(word string) (Span, error) {
	first, last, ranged := strings.Cut(word, "-")
	if !ranged {
		return Span{}, fmt.Errorf("%q has no end: write it as in \"09:00-17:00\"", word)
	}
	to, toHalf, err := parseClock(last)
	if err != nil {
		return Span{}, err
	}
	from, fromHalf, err := parseClock(first)
	if err != nil {
		return Span{}, err
	}
	if toHalf && !fromHalf && from < 12*60 && to >= 12*60 && from+12*60 < to {
		return Span{}, fmt.Errorf("%q: say am or pm for both", word) // 1-5pm: is it 01:00 or 13:00?
	}
	if from >= to {
		return Span{}, fmt.Errorf("%q ends before it begins: hours past midnight are written as two, as in \"fri 22:00-24:00, sat 00:00-02:00\"", word)
	}
	return Span{from, to}, nil
}

// parseClock reads a time of day in minutes, and whether it said am or pm.
func parseClock(word string) (minutes int, half bool, err error) {
	bad := fmt.Errorf("%q is not a time of day as in 09:00", word)
	text, am := strings.CutSuffix(word, "am")
	text, pm := strings.CutSuffix(text, "pm")
	hh, mm, split := strings.Cut(text, ":")
	hour, err1 := strconv.Atoi(hh)
	minute := 0
	var err2 error
	if split {
		if len(mm) != 2 {
			return 0, false, bad
		}
		minute, err2 = strconv.Atoi(mm)
	}
	if err1 != nil || err2 != nil || len(hh) > 2 || !startsWithDigit(hh) || split && !startsWithDigit(mm) || minute > 59 {
		return 0, false, bad
	}
	if am || pm {
		if am && pm || hour < 1 || hour > 12 {
			return 0, false, bad
		}
		hour %= 12
		if pm {
			hour += 12
		}
	}
	minutes = hour*60 + minute
	if minutes > minutesPerDay {
		return 0, false, bad
	}
	return minutes, am || pm, nil
}

// mergeSpans sorts spans and joins those that overlap or touch.
func mergeSpans(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// String writes the hours so that ParseHours reads the same ones: "mon-fri 09:00-17:00, sat 10:00-12:00".
// Days with the same hours stand together. No hours are "".
func (h Hours) String() string {
	var groups []string
	var done [7]bool
	for i, d := range weekdays {
		if done[d] || len(h[d]) == 0 {
			continue
		}
		var same []int // indexes of weekdays
		for j := i; j < 7; j++ {
			if o := weekdays[j]; !done[o] && slices.Equal(h[o], h[d]) {
				same = append(same, j)
				done[o] = true
			}
		}
		spans := make([]string, len(h[d]))
		for k, s := range h[d] {
			spans[k] = clockText(s.From) + "-" + clockText(s.To)
		}
		groups = append(groups, daysText(same)+" "+strings.Join(spans, ", "))
	}
	return strings.Join(groups, ", ")
}

// daysText names days, given by their place in the week from Monday on: "mon-wed,fri".
func daysText(days []int) string {
	if len(days) == 7 {
		return "daily"
	}
	short := func(i int) string { return strings.ToLower(weekdays[i].String()[:3]) }
	var runs []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		switch {
		case j == i:
			runs = append(runs, short(days[i]))
		case j == i+1:
			runs = append(runs, short(days[i]), short(days[j]))
		default:
			runs = append(runs, short(days[i])+"-"+short(days[j]))
		}
		i = j + 1
	}
	return strings.Join(runs, ",")
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
