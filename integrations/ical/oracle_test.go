package ical

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
)

// oracleRules is how many generated rules are compared with rrule-go: INDY_ORACLE_RULES, or
// a fair share of them.
func oracleRules() int {
	if n, err := strconv.Atoi(os.Getenv("INDY_ORACLE_RULES")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 150
	}
	return 3_000
}

// dice makes rules.
type dice struct{ *rand.Rand }

func (d dice) one(percent int) bool { return d.IntN(100) < percent }

// list is up to n numbers from low to high without 0, some of them negative.
func (d dice) list(n, low, high int, signed bool) string {
	var out []string
	for range 1 + d.IntN(n) {
		v := low + d.IntN(high-low+1)
		if signed && d.one(40) {
			v = -v
		}
		if s := strconv.Itoa(v); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, ",")
}

var dayNames = [...]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// byDay is up to three weekdays, numbered where that means something.
func (d dice) byDay(most int) string {
	var out []string
	for range 1 + d.IntN(3) {
		v := dayNames[d.IntN(7)]
		if most > 0 && d.one(50) {
			n := 1 + d.IntN(most)
			if d.one(40) {
				n = -n
			}
			v = strconv.Itoa(n) + v
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return strings.Join(out, ",")
}

// rule makes a rule that RFC 5545 3.3.10 allows, with the parts that its table has for FREQ.
func (d dice) rule(start time.Time) string {
	freq := [...]string{"YEARLY", "YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "WEEKLY", "DAILY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}[d.IntN(11)]
	parts := []string{"FREQ=" + freq}
	add := func(percent int, name string, value func() string) bool {
		if !d.one(percent) {
			return false
		}
		parts = append(parts, name+"="+value())
		return true
	}
	add(40, "INTERVAL", func() string { return strconv.Itoa(1 + d.IntN(5)) })
	add(30, "WKST", func() string { return dayNames[d.IntN(7)] })
	long := freq == "YEARLY" || freq == "MONTHLY" || freq == "WEEKLY" || freq == "DAILY"
	month := add(35, "BYMONTH", func() string { return d.list(4, 1, 12, false) })
	weekNo := freq == "YEARLY" && add(15, "BYWEEKNO", func() string { return d.list(3, 1, 53, true) })
	yearDay := (freq == "YEARLY" || !long) && add(12, "BYYEARDAY", func() string { return d.list(4, 1, 366, true) })
	if freq != "WEEKLY" && !weekNo && !yearDay {
		add(30, "BYMONTHDAY", func() string { return d.list(4, 1, 31, true) })
	}
	most := 0
	switch {
	case freq == "MONTHLY", freq == "YEARLY" && month && !weekNo:
		most = 5
	case freq == "YEARLY" && !weekNo:
		most = 53
	}
	add(40, "BYDAY", func() string { return d.byDay(most) })
	add(20, "BYHOUR", func() string { return d.list(3, 0, 23, false) })
	add(15, "BYMINUTE", func() string { return d.list(3, 0, 59, false) })
	add(10, "BYSECOND", func() string { return d.list(3, 0, 59, false) })
	if len(parts) > 2 {
		add(20, "BYSETPOS", func() string { return d.list(2, 1, 4, true) })
	}
	switch d.IntN(4) {
	case 0:
		parts = append(parts, "COUNT="+strconv.Itoa(1+d.IntN(60)))
	case 1:
		parts = append(parts, "UNTIL="+start.Add(time.Duration(d.IntN(8*365*24))*time.Hour).Format(utcForm))
	}
	return strings.Join(parts, ";")
}

// reach is how far rrule-go is walked from DTSTART: it cannot jump.
func reach(rule string) time.Duration {
	switch {
	case strings.Contains(rule, "SECONDLY"):
		return 6 * time.Hour
	case strings.Contains(rule, "MINUTELY"):
		return 20 * 24 * time.Hour
	case strings.Contains(rule, "HOURLY"):
		return 2 * 366 * 24 * time.Hour
	}
	return 14 * 366 * 24 * time.Hour
}

// ours are the instances of a rule from one instant to another, in words.
func ours(t *testing.T, text string, start, from, to time.Time) (out []string) {
	t.Helper()
	for _, w := range instances(t, text, start, from, to) {
		out = append(out, wallText(w, isUTC))
	}
	return out
}

// instances are those of a rule from one instant to another.
func instances(t *testing.T, text string, start, from, to time.Time) (out []wall) {
	t.Helper()
	var r rule
	if err := parseRule([]byte(text), &r); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	m := moment{wall(start.Unix()), isUTC}
	_, gaveUp := newExpansion(&r, m).walk(wall(from.Unix()), wall(to.Unix()), func(w wall) bool {
		if r.ends && past(&r, w, isUTC, utcClock()) {
			return false
		}
		out = append(out, w)
		return true
	})
	if gaveUp {
		t.Logf("%s from %v: gave up", text, start)
		return nil
	}
	return out
}

// theirs are those of rrule-go.
func theirs(t *testing.T, text string, start, from, to time.Time) (out []string) {
	t.Helper()
	o, err := rrule.StrToROption(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	o.Dtstart = start
	r, err := rrule.NewRRule(*o)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for next := r.Iterator(); ; {
		at, ok := next()
		if !ok || at.After(to) {
			return out
		}
		if !at.Before(from) {
			out = append(out, at.Format(utcForm))
		}
	}
}

// TestOracle compares generated rules with rrule-go, in windows near and far from DTSTART.
// Rules on which the two differ are told by differs, each with the words of the RFC.
func TestOracle(t *testing.T) {
	const workers = 2
	n := oracleRules()
	for k := range workers {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			t.Parallel()
			compared, apart, none, some, bad := 0, 0, 0, 0, 0
			for i := k; i < n && bad < 12; i += workers {
				d := dice{rand.New(rand.NewPCG(5545, uint64(i)))}
				start := time.Date(2010+d.IntN(16), time.Month(1+d.IntN(12)), 1+d.IntN(28), d.IntN(24), d.IntN(60), d.IntN(60), 0, time.UTC)
				text := d.rule(start)
				span := reach(text)
				from := start.Add(time.Duration(d.Int64N(int64(span)))).Truncate(time.Second)
				if d.one(20) {
					from = start
				}
				to := from.Add(min(span/4, 400*24*time.Hour))
				if differs(text, start) != "" {
					apart++
					continue
				}
				if barren(t, text, start, to, span) {
					none++
					continue
				}
				compared++
				got, want := ours(t, text, start, from, to), theirs(t, text, start, from, to)
				if len(want) > 0 {
					some++
				}
				if !slices.Equal(got, want) {
					bad++
					t.Errorf("rule %d: %s from %s in %s/%s\n got %.400v\nwant %.400v", i, text, start.Format(utcForm), from.Format(utcForm), to.Format(utcForm), got, want)
				}
			}
			t.Logf("%d rules compared, %d of them with instances; %d have none to come, %d are known to differ", compared, some, none, apart)
			if compared > 100 && (some < compared/3 || apart > compared/5) {
				t.Error("the generator makes too few rules that can be compared")
			}
		})
	}
}

// barren says that a rule has nothing more to come soon: rrule-go would look for it second
// by second, or day by day, up to the year 9999.
func barren(t *testing.T, text string, start, to time.Time, span time.Duration) bool {
	if strings.Contains(text, "YEARLY") || strings.Contains(text, "MONTHLY") {
		return false
	}
	text, _, _ = strings.Cut(text, ";COUNT=")
	text, _, _ = strings.Cut(text, ";UNTIL=")
	soon := min(span, 400*24*time.Hour)
	return len(instances(t, text, start, start, start.Add(soon))) == 0 || len(instances(t, text, start, to, to.Add(soon))) == 0
}

// differs is the RFC's word on a rule that rrule-go reads in another way; "" for all others.
func differs(text string, start time.Time) string {
	part := map[string]string{}
	for _, p := range strings.Split(text, ";") {
		name, value, _ := strings.Cut(p, "=")
		part[name] = value
	}
	plain, numbered := false, false
	for _, d := range strings.Split(part["BYDAY"], ",") {
		plain, numbered = plain || len(d) == 2, numbered || len(d) > 2
	}
	switch {
	case plain && numbered:
		return "RFC 5545 3.3.10: BYDAY is a list of days, any of which will do; rrule-go wants a day to be both"
	case strings.Contains(part["BYWEEKNO"], "-52"), strings.Contains(part["BYWEEKNO"], "-53"):
		return "RFC 5545 3.3.10: week 1 may begin in December, whether it is counted from the front or from the back; rrule-go sees those days only from the front"
	case part["BYWEEKNO"] != "" && part["BYDAY"] == "":
		return "RFC 5545 3.3.10: what the rule leaves out, here the weekday, comes from DTSTART; rrule-go takes the whole week"
	case part["FREQ"] == "YEARLY" && part["BYMONTHDAY"] != "" && part["BYMONTH"] == "":
		return "RFC 5545 3.3.10: what the rule leaves out, here the month, comes from DTSTART; rrule-go takes every month"
	case part["FREQ"] == "WEEKLY" && part["BYSETPOS"] != "":
		return "RFC 5545 3.3.10: positions count within the week, which begins on WKST; rrule-go begins the first one on DTSTART"
	}
	return ""
}

// TestWhereTheOracleDiffers pins a case of each.
func TestWhereTheOracleDiffers(t *testing.T) {
	at := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 9, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		rule  string
		start time.Time
		want  string
	}{
		{"FREQ=MONTHLY;COUNT=4;BYDAY=SU,1SA", at(2026, 8, 1), "[20260801T090000Z 20260802T090000Z 20260809T090000Z 20260816T090000Z]"},
		{"FREQ=YEARLY;COUNT=4;WKST=TH;BYWEEKNO=-53;BYDAY=WE,TH", at(2022, 9, 1), "[20221229T090000Z 20230104T090000Z]"},
		{"FREQ=YEARLY;COUNT=3;BYWEEKNO=20", at(2026, 5, 13), "[20260513T090000Z 20270519T090000Z 20280517T090000Z]"},
		{"FREQ=YEARLY;COUNT=3;BYMONTHDAY=1,3", at(2026, 9, 1), "[20260901T090000Z 20260903T090000Z 20270901T090000Z]"},
		{"FREQ=WEEKLY;COUNT=3;BYDAY=MO,WE,SU;BYSETPOS=1", at(2026, 11, 19), "[20261123T090000Z 20261130T090000Z 20261207T090000Z]"},
	} {
		to := c.start.AddDate(4, 0, 0)
		got := ours(t, c.rule, c.start, c.start, to)
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: got %v, want %s", c.rule, got, c.want)
		}
		if differs(c.rule, c.start) == "" || slices.Equal(got, theirs(t, c.rule, c.start, c.start, to)) {
			t.Errorf("%s: the two agree", c.rule)
		}
	}
}
