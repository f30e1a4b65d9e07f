package templates

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"indy/scheduler"
)

// nasty are bits of which people's words are made here.
var nasty = []string{
	" ", "  ", "\n", "\r\n", "\t", "a", "Ana", "é", "漢", "🙂", "()", "( )", "“”", "\"\"", " ,", " .", ": .", "{{", "}}", "{{.You}}", "<no value>",
	"%!d(", "<b>", "</td>", "&amp;", "- ", "> ", "# ", "1) ", "When:: ", "~ ", "\x00", tapOpen, tapLabel, tapEnd, boldOpen, chartMark + "pace" + chartMark,
	linkOpen, "\u202e", "\u00a0", "\u2028", "=\r\n", "https://example.org/" + strings.Repeat("x", 90), "0001", ",.", "\xff",
}

func oddWords(t *rapid.T, label string) string {
	return "w" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 0, 8).Draw(t, label), "") + "w"
}

// TestWhatPeopleWriteNeverStopsAMail puts odd words wherever people's words go: the mail is
// written all the same, and stays well-formed.
func TestWhatPeopleWriteNeverStopsAMail(t *testing.T) {
	s := newSet(t)
	control := regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f\x{202a}-\x{202e}]`)
	all := append(voices[0].all(), voices[1].all()...)
	rapid.Check(t, func(t *rapid.T) {
		sm := all[rapid.IntRange(0, len(all)-1).Draw(t, "mail")]
		l := sm.letter
		if l.Person.Name != "" {
			l.Person.Name, l.Person.Place, l.Person.Notes = oddWords(t, "name"), oddWords(t, "place"), oddWords(t, "notes")
			l.Person.Phone = oddWords(t, "phone")
		}
		l.Organizer.Name, l.Organizer.Story, l.Organizer.Phone = oddWords(t, "organizer"), oddWords(t, "story"), oddWords(t, "my phone")
		l.Campaign.Name, l.Campaign.Plan = oddWords(t, "campaign"), oddWords(t, "plan")
		if l.Quote != "" {
			l.Quote = oddWords(t, "quote")
		}
		for _, list := range []*[]scheduler.NextStep{&l.Steps, &l.Changed} {
			steps := append([]scheduler.NextStep(nil), *list...)
			for i := range steps {
				steps[i].Action = oddWords(t, "action")
			}
			*list = steps
		}
		r, err := s.Render(l)
		if err != nil {
			t.Fatalf("%s: %v", sm.name, err)
		}
		if strings.ContainsAny(r.Subject, "\r\n") || control.MatchString(r.Subject+r.Text+r.HTML) || !utf8.ValidString(r.Text+r.HTML) {
			t.Fatalf("%s: control characters passed: %q %q", sm.name, r.Subject, r.Text)
		}
		for _, line := range strings.Split(r.Text, "\n") {
			if utf8.RuneCountInString(line) > 78 && strings.Contains(strings.TrimLeft(line, "> -"), " ") && !strings.Contains(line, strings.Repeat("x", 60)) {
				t.Fatalf("%s: a line of %d columns: %q", sm.name, utf8.RuneCountInString(line), line)
			}
		}
		if strings.Count(r.HTML, "</td>") != strings.Count(r.HTML, "<td") {
			t.Fatalf("%s: words became HTML", sm.name)
		}
	})
}

// TestASetMayBeShared renders from several goroutines at once.
func TestASetMayBeShared(t *testing.T) {
	s := newSet(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, sm := range voices[1].toOrganizer() {
				if _, err := s.Render(sm.letter); err != nil {
					t.Errorf("%s: %v", sm.name, err)
				}
			}
		})
	}
	group.Wait()
}
