package when

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// hostile are texts made to be slow: each is repeated to 1 MiB.
var hostile = []string{
	"1 ", "1-", "12:30 ", "12:30-", "1/2/", "monday ", "mon ", "wednesdax ", "or ", "not ", "the ", "next ", "in a ", "from 1 to ",
	"between 2 and ", "Tuesday or ", "Tuesday, ", "2 or ", "march ", "first ", "first week of ", "end of ", "two weeks after ",
	"may 1 may ", "at 7 ", "(", "\n", "\n\n", "…", "\xff", "a.m. ", "2026-11-24T09:00:00-05:00", "2026-11-24T", "twenty-", "treinta y ",
	"a las ", "de la ", "lunes o martes a las 3 ", "el próximo ", "mañana por la mañana ", "x", "'s ", "1.1.1.1.", "9", "every day after 3 not Monday ",
}

// want is what a MiB may take on a machine of its own; guard is when the test fails. Between
// the two lies what a shared processor, the collector and slow machines take; what grows
// with the square of the text takes minutes and is far beyond either.
const (
	want  = 100 * time.Millisecond
	guard = 10 * want
)

func TestHostileInput(t *testing.T) {
	now := Times{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Zone: time.UTC}
	Find("warm up", now)
	for _, piece := range hostile {
		text := strings.Repeat(piece, 1<<20/len(piece))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		found, took := Find(text, now), time.Hour
		runtime.ReadMemStats(&after)
		for range 5 { // the best of some: other work on the machine is not ours to measure
			start := busy()
			Find(text, now)
			if took = min(took, busy()-start); took < want*slowdown {
				break
			}
		}
		if limit := guard * slowdown; took > limit {
			t.Errorf("%q: %v, over %v", piece, took, limit)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
			t.Errorf("%q: %d MiB", piece, used>>20)
		}
		if len(found) > maxResults {
			t.Errorf("%q: %d finds", piece, len(found))
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, piece := range hostile {
		f.Add(piece+piece, "en", int64(1764000000), false)
	}
	f.Add("Tue or Wed at 3, not Friday; Thu 4/12 2:30pm Pacific", "en", int64(1764000000), true)
	f.Add("el martes que viene o el jueves después de las 3, menos el viernes", "es", int64(1793000000), false)
	f.Add("from Dec 30 10pm to Jan 2 1am, first week of January, end of the month", "", int64(0), false)
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, lang string, unix int64, dayFirst bool) {
		if unix < 0 || unix > 4e9 {
			unix = 1764000000
		}
		found := Find(text, Times{Now: time.Unix(unix, 0), Zone: zone, Language: lang, DayFirst: dayFirst})
		for _, x := range found {
			if !x.From.Before(x.To) {
				t.Fatalf("%q: %v is not before %v", text, x.From, x.To)
			}
			if x.Start < 0 || x.End > len(text) || x.Start >= x.End || x.Text != text[x.Start:x.End] {
				t.Fatalf("%q: %q is not at %d..%d", text, x.Text, x.Start, x.End)
			}
			if utf8.ValidString(text) && !utf8.ValidString(x.Text) {
				t.Fatalf("%q: cut within a letter: %q", text, x.Text)
			}
			if x.Grain == "" || x.From.Location() != zone {
				t.Fatalf("%q: %+v", text, x)
			}
		}
		windows := Windows(found)
		for i, w := range windows {
			if !w.From.Before(w.To) || i > 0 && w.From.Before(windows[i-1].To) {
				t.Fatalf("%q: windows %v", text, windows)
			}
			for _, x := range found {
				if x.Not && x.From.Before(w.To) && w.From.Before(x.To) {
					t.Fatalf("%q: %v is allowed and ruled out", text, w)
				}
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	now := Times{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Zone: time.UTC}
	for _, c := range []struct{ name, lang, text string }{
		{"en", "en", "Hi Maria, thanks for writing! Tuesday or Wednesday after 3 would be good for me, but not Friday. See you soon, Ana"},
		{"es", "es", "Hola María, gracias por escribir. El martes o el miércoles después de las 3 me va bien, pero el viernes no puedo. Un abrazo"},
		{"any", "", "Hi Maria, thanks for writing! Tuesday or Wednesday after 3 would be good for me, but not Friday. See you soon, Ana"},
	} {
		b.Run(c.name, func(b *testing.B) {
			now.Language = c.lang
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Find(c.text, now)
			}
		})
	}
}
