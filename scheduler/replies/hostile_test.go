package replies

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile are texts of one MiB that try to make reading slow.
func hostile() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, 1<<20/len(s)+1)[:1<<20] }
	return map[string]string{
		"one line":       fill("a"),
		"quotes":         fill(">"),
		"quoted lines":   fill("> a\n"),
		"mixed quotes":   fill("> a\nb\n"),
		"openings":       fill("On Tue, Dec 1, 2026 at 9:00, Ana\n"),
		"wrote":          fill("On wrote: "),
		"headers":        fill("From: a\nSent:\n"),
		"labels":         fill("From:\n"),
		"blank lines":    fill("\n"),
		"dashes":         fill("-"),
		"marks":          fill("--\n"),
		"brackets":       fill("("),
		"refs":           fill("(ref "),
		"words":          fill("tuesday "),
		"cant":           fill("can't do "),
		"times":          fill("Tuesday at 2 or Wednesday at 3, "),
		"numbers":        fill("1 2 3 "),
		"phones":         fill("(510) 555-0100 "),
		"steps":          fill("Ana: call two reporters by Friday; "),
		"names":          fill("Ana Ruiz "),
		"commas":         fill(",,,,"),
		"questions":      fill("who? "),
		"no-break space": fill("\u00a0a"),
		"combining":      fill("e\u0301"),
		"broken UTF-8":   fill("\xff\xfe"),
		"carriage":       fill("a\r"),
		"done and":       fill("done and stuck, "),
		"typos":          fill("wroks tuseday "),
	}
}

// want is what a MiB may take on a machine of its own; guard is when the test fails. Between
// the two lies what a shared processor, the collector and slow machines take; what grows
// with the square of the text takes minutes and is far beyond either.
const (
	want  = 100 * time.Millisecond
	guard = 10 * want
)

func TestHostileInputIsCheap(t *testing.T) {
	if testing.Short() {
		t.Skip("not in -short")
	}
	Read("yes", fuzzContext(AskedTimes)) // the lexicons are made once
	limit, enough, worst := guard, want, time.Duration(0)
	if raceEnabled {
		limit, enough = 20*limit, 20*enough
	}
	for name, text := range hostile() {
		for _, a := range []Asking{AskedTimes, AskedInvite, AskedDebrief, AskedSteps, AskedSummary, AskedOK, AskedDigest} {
			best, grew := time.Hour, uint64(0)
			for range 5 { // the best of some: what shares the processor makes work slower
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				begin := busy()
				Read(text, fuzzContext(a))
				took := busy() - begin
				runtime.ReadMemStats(&after)
				best, grew = min(best, took), after.TotalAlloc-before.TotalAlloc
				if best < enough {
					break
				}
			}
			worst = max(worst, best)
			if best > limit || grew > 64<<20 {
				t.Errorf("%s as %s: %v, %d MiB", name, a, best, grew>>20)
			}
		}
	}
	t.Logf("the slowest took %v of work", worst)
}
