package when

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The public corpora of dates in words, where they are at hand, and chrono-node beside
// us where it is installed (bench/dates). Same texts, same clock, same scoring.
//
// Counted are the expressions that can name a meeting's time: those that the index
// calls near, whose expected values are all points or stretches of time (no durations,
// no recurring sets), without the ones that the origin itself marks as latent or as a
// holiday. A case is "start" when for every expected time some find on those words
// begins where one of the expected values begins (to the day for days, to the minute
// for times), and "exact" when besides a stretch ends where it should (a last day or
// hour may count as in or out: the origins differ) and nothing else was found.

type corpusCase struct {
	ID, Lang, Text, Reference, Kind, Origin string
	Near, Latent                            bool
	Holiday                                 string
	Expected                                []corpusTime
	refTime                                 time.Time
}

type corpusTime struct {
	Text       string
	Start, End int
	Type       string
	Values     []struct{ Type, Value, Start, End, Grain string }
}

// saw is a find of ours or of chrono's.
type saw struct {
	start, end int
	from, to   time.Time
}

const corpora = "../../../../shared/corpora/dates/"

func readCorpus(t *testing.T, lang string) []corpusCase {
	f, err := os.Open(corpora + lang + ".jsonl")
	if err != nil {
		t.Skip("no corpora at hand")
	}
	defer f.Close()
	var out []corpusCase
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var c corpusCase
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		c.refTime = referenceTime(c.Reference)
		out = append(out, c)
	}
	return out
}

func referenceTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, s); err == nil {
			_, off := at.Zone()
			return at.In(time.FixedZone("", off))
		}
	}
	return time.Date(2016, 11, 7, 9, 0, 0, 0, time.UTC)
}

var meetingTypes = map[string]bool{"date": true, "time": true, "datetime": true, "daterange": true, "timerange": true, "datetimerange": true, "datetimealt": true, "open_interval": true}

func (c corpusCase) counts() bool {
	if c.Kind == "negative" || !c.Near || c.Latent || c.Holiday != "" || len(c.Expected) == 0 {
		return false
	}
	for _, e := range c.Expected {
		if !meetingTypes[e.Type] {
			return false
		}
	}
	return true
}

func (c corpusCase) bytesOf(e corpusTime) (int, int) {
	if c.Kind == "expression" {
		return 0, len(c.Text)
	}
	r := []rune(c.Text)
	a, z := min(e.Start, len(r)), min(e.End+1, len(r))
	return len(string(r[:a])), len(string(r[:z]))
}

// mark scores the finds for one case.
func (c corpusCase) mark(found []saw) (start, exact bool) {
	start, exact = true, true
	for _, f := range found {
		on := false
		for _, e := range c.Expected {
			a, z := c.bytesOf(e)
			on = on || f.start < z && a < f.end
		}
		exact = exact && on
	}
	for _, e := range c.Expected {
		a, z := c.bytesOf(e)
		var s, x bool
		for _, f := range found {
			if f.start < z && a < f.end {
				fs, fx := e.agrees(f, c.refTime.Location())
				s, x = s || fs, x || fx
			}
		}
		start, exact = start && s, exact && x
	}
	return start, exact
}

func (e corpusTime) agrees(f saw, zone *time.Location) (start, exact bool) {
	for _, v := range e.Values {
		from, to := v.Start, v.End
		if from == "" && to == "" {
			from = v.Value
		}
		days := e.Type == "date" || e.Type == "daterange"
		s := from == "" && sameTime(to, f.to, days, zone, true) || from != "" && sameTime(from, f.from, days, zone, false)
		x := s && (to == "" || from == "" || sameTime(to, f.to, days, zone, true))
		start, exact = start || s, exact || x
	}
	return start, exact
}

// sameTime compares a corpus value with an instant: to the day for days, by the clock for values without a day.
func sameTime(v string, at time.Time, days bool, zone *time.Location, end bool) bool {
	if at.IsZero() {
		return false
	}
	at = at.In(zone)
	if t, err := time.Parse("15:04:05", v); err == nil {
		got, want := at.Hour()*60+at.Minute(), t.Hour()*60+t.Minute()
		return got == want || end && (got == want+1 || (got+1)%1440 == want || got == 0 && want == 1439)
	}
	if v, ok := strings.CutSuffix(v, ".000Z"); ok && len(v) == 10 {
		return sameTime(v, at, true, zone, end)
	}
	v = strings.Replace(v, " ", "T", 1)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		want, err := time.ParseInLocation(layout, v, zone)
		if err != nil {
			continue
		}
		want = want.In(zone)
		if days || layout == time.DateOnly {
			d := civilOf(at) - civilOf(want)
			return d == 0 || end && d == 1 || end && d == -1
		}
		d := at.Sub(want).Truncate(time.Minute)
		return d == 0 || end && (d.Abs() <= time.Minute || d == -time.Hour)
	}
	return false
}

func ours(c corpusCase) []saw {
	var out []saw
	for _, f := range Find(c.Text, Times{Now: c.refTime, Zone: c.refTime.Location(), Language: c.Lang[:2], DayFirst: strings.HasSuffix(c.Lang, "GB")}) {
		if !f.Not {
			out = append(out, saw{f.Start, f.End, f.From, f.To})
		}
	}
	return out
}

// chronos runs chrono-node over all cases: what it finds with and without forwardDate.
func chronos(t *testing.T, cases []corpusCase) (map[string][]saw, map[string][]saw) {
	dir, _ := filepath.Abs("../../../bench/dates")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "chrono-node")); err != nil {
		return nil, nil
	}
	var in bytes.Buffer
	for _, c := range cases {
		_, off := c.refTime.Zone()
		b, _ := json.Marshal(map[string]any{"id": c.ID, "lang": c.Lang, "text": c.Text, "reference": c.refTime.UTC().Format(time.RFC3339), "offset": off / 60})
		in.Write(append(b, '\n'))
	}
	cmd := exec.Command("node", "chrono.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, &in, os.Stderr
	cmd.Env = append(os.Environ(), "TZ=UTC")
	b, err := cmd.Output()
	if err != nil {
		t.Logf("chrono-node does not run here: %v", err)
		return nil, nil
	}
	plain, forward := map[string][]saw{}, map[string][]saw{}
	for _, line := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var r struct {
			ID      string
			Forward bool
			Finds   []struct {
				Start, End int
				From, To   string
			}
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		list := []saw{}
		for _, f := range r.Finds {
			from, _ := time.Parse(time.RFC3339, f.From)
			to, _ := time.Parse(time.RFC3339, f.To)
			list = append(list, saw{f.Start, f.End, from, to})
		}
		if r.Forward {
			forward[r.ID] = list
		} else {
			plain[r.ID] = list
		}
	}
	return plain, forward
}

// tally counts cases of one origin.
type tally struct{ n, start, exact, cStart, cExact int }

func TestCorpus(t *testing.T) {
	var table strings.Builder
	fmt.Fprintf(&table, "%-4s %-17s %6s  %13s %13s  %13s %13s\n", "", "origin", "cases", "start", "exact", "chrono start", "chrono exact")
	misses := os.Getenv("WHEN_MISSES") != ""
	for _, lang := range Languages() {
		cases := readCorpus(t, lang)
		plain, forward := chronos(t, cases)
		sum := map[string]*tally{}
		chronoFalse, ourFalse, negatives := 0, 0, 0
		for _, c := range cases {
			got := ours(c)
			if c.Kind == "negative" {
				negatives++
				if len(plain[c.ID]) > 0 {
					chronoFalse++
				}
				if len(got) > 0 {
					ourFalse++
					t.Errorf("%s: a time was found in %q", c.ID, c.Text)
				}
			}
			if !c.counts() {
				continue
			}
			start, exact := c.mark(got)
			cs, cx := c.mark(plain[c.ID])
			fs, fx := c.mark(forward[c.ID])
			for _, key := range []string{c.Origin, "together"} {
				if sum[key] == nil {
					sum[key] = &tally{}
				}
				sum[key].add(start, exact, cs || fs, cx || fx)
			}
			if misses && (!start || os.Getenv("WHEN_MISSES") == "exact" && !exact) {
				t.Log(describe(c, got))
			}
		}
		writeRows(&table, lang, sum)
		fmt.Fprintf(&table, "%-4s %-17s %6d  %13d %13s  %13d\n", lang, "negative: found", negatives, ourFalse, "", chronoFalse)
		if all := sum["together"]; plain != nil && (all.start <= all.cStart || all.exact <= all.cExact) {
			t.Errorf("%s: not ahead of chrono-node", lang)
		}
		if all := sum["together"]; all.start*100 < all.n*floor[lang] {
			t.Errorf("%s: %d of %d begin right, under %d%%", lang, all.start, all.n, floor[lang])
		}
	}
	t.Logf("times in words; chrono-node with forwardDate or without, whichever is right\n%s", table.String())
}

// floor is what was reached, in percent of cases with the right start.
var floor = map[string]int{"en": 77, "es": 76}

func (s *tally) add(start, exact, cStart, cExact bool) {
	s.n++
	for _, x := range []struct {
		hit bool
		n   *int
	}{{start, &s.start}, {exact, &s.exact}, {cStart, &s.cStart}, {cExact, &s.cExact}} {
		if x.hit {
			*x.n++
		}
	}
}

func writeRows(w *strings.Builder, lang string, sum map[string]*tally) {
	var keys []string
	for k := range sum {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		s := sum[k]
		pc := func(n int) string { return fmt.Sprintf("%d (%4.1f%%)", n, 100*float64(n)/float64(s.n)) }
		fmt.Fprintf(w, "%-4s %-17s %6d  %13s %13s  %13s %13s\n", lang, k, s.n, pc(s.start), pc(s.exact), pc(s.cStart), pc(s.cExact))
	}
}

func describe(c corpusCase, got []saw) string {
	var b strings.Builder
	fmt.Fprintf(&b, "MISS %s %s ref %s\n   ", c.ID, strings.ReplaceAll(c.Text[:min(len(c.Text), 160)], "\n", " "), c.refTime.Format("Mon 2006-01-02 15:04"))
	for _, e := range c.Expected {
		v := e.Values[0]
		fmt.Fprintf(&b, " want %q %s %s %s %s (%d)", e.Text, e.Type, v.Value, v.Start, v.End, len(e.Values))
	}
	for _, f := range got {
		fmt.Fprintf(&b, "\n    got %q %s %s", c.Text[f.start:f.end], f.from.Format("Mon 2006-01-02 15:04"), f.to.Format("2006-01-02 15:04"))
	}
	if !utf8.ValidString(b.String()) {
		return strings.ToValidUTF8(b.String(), "?")
	}
	return b.String()
}
