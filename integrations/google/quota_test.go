package google_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"indy/integrations/google/googletest"
)

// organizers is how many are counted: go test -run TestCallsOfADay -v -organizers 10000 ./integrations/google
// A long count may be done in parts, whose means are those of the whole: -organizers 1000 with -first 0, 1000, 2000…
var (
	organizers = flag.Int("organizers", 6, "of TestCallsOfADay")
	first      = flag.Int("first", 0, "the number of the first of them; each has a chance of their own")
	only       = flag.String("way", "", "the one row of TestCallsOfADay that is counted")
)

// What Google allows a project in a day.
const (
	unitsOfADay = 80_000_000
	callsOfADay = 1_000_000
)

// way is how an organizer's account is watched; name is its row in docs/google-setup.md.
type way struct {
	name    string
	sharing int // organizers of the project, which sets the pace
	reach   int // how many of them must fit
	push    bool
	naive   bool
	drafts  bool // approve = "drafts": the organizer sends what goes to people
}

var ways = []way{
	{name: "naively, both each minute", sharing: 10_000, naive: true},
	{name: "as indy does, one organizer", sharing: 1},
	{name: "as indy does, 10,000 organizers", sharing: 10_000, reach: 10_000},
	{name: "the same, with drafts", sharing: 10_000, reach: 10_000, drafts: true},
	{name: "with push, 30,000 organizers", sharing: 30_000, reach: 30_000, push: true},
	{name: "with push and drafts", sharing: 30_000, reach: 30_000, push: true, drafts: true},
}

// cost is what a day of one organizer costs, in the mean: a full one, and one on which
// nothing happens but four meetings stand on the calendar for next week.
type cost struct{ units, idleUnits, calls, idleCalls float64 }

// fit is how many organizers Google's day has room for, on whichever day is dearer.
func (c cost) fit() int {
	return int(min(unitsOfADay/max(c.units, c.idleUnits), callsOfADay/max(c.calls, c.idleCalls)))
}

func (c cost) limit() string {
	if unitsOfADay/max(c.units, c.idleUnits) < callsOfADay/max(c.calls, c.idleCalls) {
		return "Gmail"
	}
	return "Calendar"
}

// TestCallsOfADay counts what one organizer's day costs at Google's: the shipped engine and
// the shipped clients live through it on the fake, and every call is charged. What
// docs/google-setup.md says of it must be what comes out.
func TestCallsOfADay(t *testing.T) {
	said := saidCosts(t)
	for _, w := range ways {
		if *only != "" && *only != w.name || testing.Short() && w.naive { // what indy does not do
			continue
		}
		n := *organizers
		if w.naive || w.sharing == 1 { // only to compare with
			n = max(2, n/50)
		}
		c := measure(t, w, n)
		t.Logf("%d from %d on: | %s | %.2f | %.2f | %.3f | %.3f | %d | %s |", n, *first, w.name, c.units, c.idleUnits, c.calls, c.idleCalls, c.fit(), c.limit())
		if c.fit() < w.reach {
			t.Errorf("%s: only %d fit", w.name, c.fit())
		}
		if w.naive && c.fit() > 700 {
			t.Errorf("each minute is not so naive: %d fit", c.fit())
		}
		known, ok := said[w.name]
		if !ok {
			t.Errorf("docs/google-setup.md has no row %q", w.name)
			continue
		}
		near(t, w.name, "Gmail units", c.units, known.units, n)
		near(t, w.name, "Gmail units, idle", c.idleUnits, known.idleUnits, n)
		near(t, w.name, "Calendar calls", c.calls, known.calls, n)
		near(t, w.name, "Calendar calls, idle", c.idleCalls, known.idleCalls, n)
	}
}

// near holds a figure of the page against what was counted of n days. Days differ by chance,
// the more so the fewer they are.
func near(t *testing.T, row, what string, counted, said float64, n int) {
	t.Helper()
	may := 0.005 + 0.1/math.Sqrt(float64(n))
	if math.Abs(counted-said) > max(may*counted, 1) {
		t.Errorf("%s: docs/google-setup.md says %s %.1f, counted are %.1f", row, what, said, counted)
	}
}

// saidCosts reads the table of docs/google-setup.md, and checks what follows from it.
func saidCosts(t *testing.T) map[string]cost {
	t.Helper()
	page, err := os.ReadFile("../../docs/google-setup.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]cost{}
	row := regexp.MustCompile(`(?m)^\| (.+?) \| ([\d,]+) \| ([\d,]+) \| ([\d,.]+) \| ([\d,.]+) \| [(*]*([\d,]+)[)*]* \| (Gmail|Calendar) \|$`)
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		c := cost{figure(t, m[2]), figure(t, m[3]), figure(t, m[4]), figure(t, m[5])}
		rows[m[1]] = c
		if fit := figure(t, m[6]); math.Abs(fit-float64(c.fit())) > 0.002*fit { // the figures before it are rounded
			t.Errorf("docs/google-setup.md says that %s organizers fit %q, and its own figures say %d", m[6], m[1], c.fit())
		}
		if c.limit() != m[7] {
			t.Errorf("docs/google-setup.md: %q is limited by %s", m[1], c.limit())
		}
	}
	return rows
}

func figure(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// measure counts n full days, and a tenth as many on which nothing happens.
func measure(t *testing.T, w way, n int) cost {
	t.Helper()
	quiet := max(1, n/10)
	busy, still := countDays(t, w, n, full), countDays(t, w, quiet, idle)
	if busy.Peak > 6000 {
		t.Errorf("%s: %d units in one minute of one user", w.name, busy.Peak)
	}
	for method, calls := range busy.Calls {
		if testing.Verbose() && float64(calls)/float64(n) >= 0.1 {
			t.Logf("%s: %-40s %8.2f", w.name, method, float64(calls)/float64(n))
		}
	}
	return cost{float64(busy.GmailUnits) / float64(n), float64(still.GmailUnits) / float64(quiet),
		float64(busy.CalendarCalls) / float64(n), float64(still.CalendarCalls) / float64(quiet)}
}

// TestCallsOfArranging counts what it costs to offer times and agree on one, which the full
// day has no part of.
func TestCallsOfArranging(t *testing.T) {
	page, err := os.ReadFile("../../docs/google-setup.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`Arranging one costs ([\d.]+) calls of the Calendar and ([\d,]+) units of Gmail(?s:.+?)push: ([\d,]+) fit`).FindSubmatch(page)
	if said == nil {
		t.Fatal("docs/google-setup.md does not say what arranging a one-to-one costs")
	}
	both := saidCosts(t)[ways[4].name]
	both.units += meetings * figure(t, string(said[2]))
	both.calls += meetings * figure(t, string(said[1]))
	if fit := figure(t, string(said[3])); math.Abs(fit-float64(both.fit())) > 0.005*fit {
		t.Errorf("docs/google-setup.md says that %s organizers fit who hold and arrange; its figures say %d", said[3], both.fit())
	}
	w, n := ways[4], max(3, *organizers/10)
	day, still := countDays(t, w, n, arranging), countDays(t, w, max(1, n/10), idle)
	calls := (float64(day.CalendarCalls)/float64(n) - float64(still.CalendarCalls)/float64(max(1, n/10))) / meetings
	units := (float64(day.GmailUnits)/float64(n) - float64(still.GmailUnits)/float64(max(1, n/10))) / meetings
	t.Logf("arranging one costs %.1f calls of the Calendar and %.0f units of Gmail", calls, units)
	for method, calls := range day.Calls {
		if testing.Verbose() && calls >= n {
			t.Logf("%-40s %8.2f", method, float64(calls)/float64(n))
		}
	}
	if math.Abs(calls-figure(t, string(said[1]))) > 0.6 || math.Abs(units-figure(t, string(said[2]))) > 0.05*units {
		t.Errorf("docs/google-setup.md says %s", said[0])
	}
}

func countDays(t *testing.T, w way, n int, k kind) (sum googletest.Spent) {
	sum.Calls = map[string]int{}
	var mu sync.Mutex
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		seed := i + *first
		if k == idle {
			seed = i + *first/10
		}
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			var got googletest.Spent
			t.Run(fmt.Sprintf("%s/%d", w.name, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { got = oneDay(t, w, uint64(seed), k) })
			})
			mu.Lock()
			defer mu.Unlock()
			sum.GmailUnits += got.GmailUnits
			sum.CalendarCalls += got.CalendarCalls
			sum.Peak = max(sum.Peak, got.Peak)
			for method, calls := range got.Calls {
				sum.Calls[method] += calls
			}
		})
	}
	group.Wait()
	return sum
}
