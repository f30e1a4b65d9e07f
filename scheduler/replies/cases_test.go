package replies

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

// A tableCase is one line of testdata/*.txt; testdata/README.txt says how they are written.
type tableCase struct {
	where   string
	context Context
	mail    string
	want    []string
}

func loadCases(t testing.TB) []tableCase { return casesIn(t, "testdata/*.txt") }

func casesIn(t testing.TB, pattern string) []tableCase {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	var out []tableCase
	for _, name := range files {
		if filepath.Base(name) == "README.txt" {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := Context{Zone: time.UTC, Language: "en"}
		for n, l := range strings.Split(string(raw), "\n") {
			where := fmt.Sprintf("%s:%d", filepath.Base(name), n+1)
			if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "# ") {
				continue
			}
			if key, value, ok := strings.Cut(l, ":"); ok && !strings.Contains(l, " => ") {
				if err := setContext(&c, strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
					t.Fatalf("%s: %v", where, err)
				}
				continue
			}
			mail, want, ok := strings.Cut(l, " => ")
			if !ok {
				t.Fatalf("%s: no “ => ” in %q", where, l)
			}
			var parts []string
			for p := range strings.SplitSeq(want, ";") {
				parts = append(parts, strings.TrimSpace(p))
			}
			out = append(out, tableCase{where, c, strings.ReplaceAll(strings.TrimSpace(mail), `\n`, "\n"), parts})
		}
	}
	return out
}

func setContext(c *Context, key, value string) (err error) {
	at := func(s string) time.Time {
		w, e := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(s), c.Zone)
		if e != nil {
			err = e
		}
		return w
	}
	span := func(s string) slots.Interval {
		f := at(s)
		return slots.Interval{From: f.UTC(), To: f.Add(45 * time.Minute).UTC()}
	}
	switch key {
	case "asked":
		c.Asked = Asking(value)
		if value == "nothing" {
			c.Asked = AskedNothing
		}
	case "zone":
		c.Zone, err = time.LoadLocation(value)
	case "now":
		c.Now = at(value).UTC()
		c.Sent = at(value)
	case "offered":
		c.Offered = nil
		if value != "nothing" {
			for s := range strings.SplitSeq(value, ",") {
				c.Offered = append(c.Offered, span(s))
			}
		}
	case "meeting":
		c.Meeting = slots.Interval{}
		if value != "none" {
			c.Meeting = span(value)
		}
	case "language":
		c.Language = value
	case "day first":
		c.DayFirst = value == "yes"
	case "names":
		c.Names = nil
		for s := range strings.SplitSeq(value, ",") {
			c.Names = append(c.Names, strings.TrimSpace(s))
		}
	case "me":
		c.Me = value
	case "steps":
		c.Steps = nil
		for s := range strings.SplitSeq(value, ";") {
			f := strings.SplitN(strings.TrimSpace(s), "|", 4)
			if len(f) != 4 {
				return fmt.Errorf("a step is id|owner|action|deadline: %q", s)
			}
			d, e := slots.ParseDate(f[3])
			if e != nil {
				return e
			}
			c.Steps = append(c.Steps, Step{ID: f[0], Owner: f[1], Action: f[2], Deadline: d})
		}
	default:
		return fmt.Errorf("what is %q?", key)
	}
	return err
}

// said is a reading in the words of the tables.
func said(r Reading, c Context) map[string][]string {
	m := map[string][]string{}
	put := func(k, v string) { m[k] = append(m[k], v) }
	if r.Kind == Choose {
		put("kind", fmt.Sprintf("choose %d", r.Slot))
	} else {
		put("kind", string(r.Kind))
	}
	if r.Kind == Counter || r.Held == HeldMoved || r.Held == HeldByChance {
		for _, w := range r.Windows {
			from, to := w.From.In(c.Zone), w.To.In(c.Zone)
			end := to.Format("15:04")
			if slots.DateOf(from, c.Zone) != slots.DateOf(to, c.Zone) {
				end = to.Format("2006-01-02 15:04")
			}
			put("window", from.Format("Mon 2006-01-02 15:04")+" to "+end)
		}
	}
	if !r.Until.IsZero() {
		put("until", r.Until.String())
	}
	for k, v := range map[string]string{"mode": r.Mode, "place": r.Place, "phone": r.Phone, "address": r.Address, "passed": r.Passed, "told": r.Told, "ask": string(r.Ask), "held": string(r.Held), "language": r.Language, "notes": r.Notes} {
		if v != "" {
			put(k, strings.ReplaceAll(v, "\n", `\n`))
		}
	}
	for _, s := range r.Said {
		put("step", strings.TrimSpace(s.Owner+": "+s.Action+" by "+orNone(s.Deadline)))
	}
	if r.NoSteps {
		put("no steps", "")
	}
	if r.Next != nil {
		words := orNone(r.Next.On)
		if r.Next.None {
			words = "none"
		}
		if r.Next.Short {
			words += " short"
		}
		if r.Next.Phone {
			words += " phone"
		}
		put("next", words)
	}
	for _, u := range r.Updates {
		id := u.Step
		if id == "" {
			id = "?"
		}
		words := id + " " + string(u.State)
		if !u.Until.IsZero() {
			words += " " + u.Until.String()
		}
		put("update", words)
	}
	for _, o := range r.Orders {
		words := string(o.Verb)
		if o.Name != "" {
			words += " " + o.Name
		}
		if !o.Until.IsZero() {
			words += " " + o.Until.String()
		}
		put("order", words)
	}
	if r.NoMail {
		put("stop", "")
	}
	if r.OK {
		put("ok", "")
	}
	return m
}

func orNone(d slots.Date) string {
	if d.IsZero() {
		return "?"
	}
	return d.String()
}

// differences says where a reading is not what a table wants. Every window, step, update
// and order must be listed; "no KEY" wants that there is none; "KEY ~ words" that the
// words are part of it; "until …" and "next …" are exact.
func differences(want []string, got map[string][]string) []string {
	var bad []string
	if w := want[0]; got["kind"][0] != w && !(w == "asks" && (got["kind"][0] == string(Unclear) || got["kind"][0] == string(Question))) {
		bad = append(bad, fmt.Sprintf("kind: got %q, want %q", got["kind"][0], w))
	}
	wanted := map[string][]string{}
	for _, w := range want[1:] {
		if k, v, ok := strings.Cut(w, " ~ "); ok {
			if !strings.Contains(strings.Join(got[k], " "), v) {
				bad = append(bad, fmt.Sprintf("%s: got %q, want it to say %q", k, got[k], v))
			}
			continue
		}
		if k, ok := strings.CutPrefix(w, "no "); ok && k != "steps" {
			if len(got[k]) > 0 {
				bad = append(bad, fmt.Sprintf("%s: got %q, want none", k, got[k]))
			}
			continue
		}
		k, v, _ := strings.Cut(w, " ")
		if w == "no steps" {
			k, v = w, ""
		}
		wanted[k] = append(wanted[k], v)
	}
	for _, k := range []string{"window", "step", "update", "order", "until", "next", "no steps", "ok", "held", "stop"} {
		if fmt.Sprint(wanted[k]) != fmt.Sprint(got[k]) {
			if k == "window" && wanted[k] == nil || k == "held" && wanted[k] == nil {
				continue
			}
			bad = append(bad, fmt.Sprintf("%s:\n    got  %q\n    want %q", k, got[k], wanted[k]))
		}
	}
	for _, k := range []string{"mode", "place", "phone", "address", "passed", "told", "ask", "language", "notes"} {
		if wanted[k] != nil && fmt.Sprint(wanted[k]) != fmt.Sprint(got[k]) {
			bad = append(bad, fmt.Sprintf("%s: got %q, want %q", k, got[k], wanted[k]))
		}
	}
	return bad
}

func TestCases(t *testing.T) {
	cases := loadCases(t)
	right, booked := map[string]int{}, 0
	all := map[string]int{}
	for _, c := range cases {
		file, _, _ := strings.Cut(c.where, ":")
		all[file]++
		r := Read(c.mail, c.context)
		got := said(r, c.context)
		bad := differences(c.want, got)
		if r.Kind == Choose && got["kind"][0] != c.want[0] {
			booked++
			bad = append(bad, "WRONG BOOKING")
		}
		if len(bad) == 0 {
			right[file]++
			continue
		}
		t.Errorf("%s %q\n  %s\n  why %q", c.where, c.mail, strings.Join(bad, "\n  "), r.Why)
	}
	for file, n := range all {
		t.Logf("%-24s %3d of %3d", file, right[file], n)
	}
	if booked > 0 {
		t.Errorf("%d wrong bookings", booked)
	}
	t.Logf("%d cases, %d wrong bookings", len(cases), booked)
}
