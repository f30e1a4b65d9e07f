package when

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode"

	"indy/scheduler/slots"
)

// The cases of testdata/*.txt are tables that anybody can extend; testdata/README.txt
// says how. Every line is tried in its language, and again with the language left to be
// found out: then it must read the same, unless there is no word in it.

type tableCase struct {
	file, words, now, zone, lang string
	around                       []slots.Interval
	want                         []string
	line                         int
}

func TestTables(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 3 {
		t.Fatalf("tables: %v %v", files, err)
	}
	n := 0
	for _, f := range files {
		if filepath.Base(f) == "README.txt" {
			continue
		}
		for _, c := range readTable(t, f) {
			n++
			got := rendered(t, c, c.lang)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s:%d: %q\n  got  %s\n  want %s", c.file, c.line, c.words, strings.Join(got, "; "), strings.Join(c.want, "; "))
			}
			if found := rendered(t, c, ""); hasWord(c.words) && !slices.Equal(found, c.want) {
				t.Errorf("%s:%d: %q, the language found out\n  got  %s\n  want %s", c.file, c.line, c.words, strings.Join(found, "; "), strings.Join(c.want, "; "))
			}
		}
	}
	t.Logf("%d cases", n)
}

func hasWord(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// readTable reads a table: "key: value" lines set now, zone, lang and around for what
// follows; other lines are words | what they mean.
func readTable(t *testing.T, file string) []tableCase {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	base := tableCase{file: filepath.Base(file)}
	var out []tableCase
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words, want, ok := strings.Cut(line, "|")
		if !ok {
			base.set(t, i+1, line)
			continue
		}
		c := base
		c.words, c.line = strings.ReplaceAll(strings.TrimSpace(words), `\n`, "\n"), i+1
		for _, w := range strings.Split(want, ";") {
			if w = strings.TrimSpace(w); w != "nothing" {
				c.want = append(c.want, w)
			}
		}
		out = append(out, c)
	}
	return out
}

func (c *tableCase) set(t *testing.T, line int, s string) {
	key, value, _ := strings.Cut(s, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "now":
		c.now = value
	case "zone":
		c.zone = value
	case "lang":
		c.lang = value
	case "offers":
		c.around = nil
		for _, at := range strings.Split(value, ",") {
			if at = strings.TrimSpace(at); at == "none" {
				continue
			}
			from := c.instant(t, at)
			c.around = append(c.around, slots.Interval{From: from.UTC(), To: from.Add(45 * time.Minute).UTC()})
		}
	default:
		t.Fatalf("%s:%d: not understood: %s", c.file, line, s)
	}
}

func (c *tableCase) instant(t *testing.T, s string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", s, c.location(t))
	if err != nil {
		t.Fatalf("%s: %v", c.file, err)
	}
	return at
}

func (c *tableCase) location(t *testing.T) *time.Location {
	z, err := time.LoadLocation(c.zone)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func rendered(t *testing.T, c tableCase, lang string) []string {
	found := Find(c.words, Times{Now: c.instant(t, c.now), Zone: c.location(t), Language: lang, Around: c.around})
	var out []string
	for _, f := range found {
		if f.Text != c.words[f.Start:f.End] {
			t.Errorf("%q: text %q is not at %d", c.words, f.Text, f.Start)
		}
		out = append(out, plainly(f))
	}
	return out
}

// plainly is a find as the tables write it: "2026-12-01", "2026-12-01 15:00",
// "2026-12-01 15:00 to 17:00", "2026-12-01 to 2026-12-07".
func plainly(f Found) string {
	const minute = "2006-01-02 15:04"
	s := ""
	if f.Not {
		s = "not "
	}
	from, to := f.From.Format(minute), f.To.Format(minute)
	midnights := strings.HasSuffix(from, "00:00") && strings.HasSuffix(to, "00:00")
	last := f.To.AddDate(0, 0, -1).Format(time.DateOnly)
	switch {
	case midnights && from[:10] == last && (f.Grain == Day || f.Grain == Week || f.Grain == Month):
		return s + from[:10]
	case midnights && (f.Grain == Day || f.Grain == Week || f.Grain == Month):
		return s + from[:10] + " to " + last
	case f.Grain == Hour && f.To.Sub(f.From) == time.Hour && f.Bound == Exact, f.Grain == Minute && f.To.Sub(f.From) == time.Minute:
		return s + from
	case strings.HasSuffix(to, "00:00") && from[:10] == last:
		return s + from + " to 24:00"
	case from[:10] == to[:10]:
		return s + from + " to " + to[11:]
	}
	return s + from + " to " + to
}
