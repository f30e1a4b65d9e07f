package templates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
)

// folder writes files to a folder of overrides.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	const fine = "Subject: Hello\n\nHi {{.You}},\n\n{{.Times}}\n\nOr tell me when.\n\n{{.Me}}\n"
	for _, c := range []struct {
		name, file, content string
		want                []string
	}{
		{"nothing", "en/offer.txt.tmpl", fine, nil},
		{"unknown field", "en/offer.txt.tmpl", "Subject: Hello\n\nHi {{.Person.Frist}},\n{{.Times}}\n",
			[]string{`en/offer.txt.tmpl:3:13: there is no .Frist in "Person"; did you mean .First?`}},
		{"unknown field on a branch that no letter takes", "en/offer.txt.tmpl", "Subject: Hello\n\n{{if eq .You \"nobody\"}}\n{{.Campain.Name}}\n{{end}}\n{{.Times}}\n",
			[]string{`en/offer.txt.tmpl:4:11: there is no .Campain in the letter; did you mean .Campaign?`}},
		{"unknown field within range", "en/summary.txt.tmpl", "Subject: Thanks\n\n{{range .Steps}}\n- {{.Acton}} {{$.On .Deadline}}\n{{end}}\n",
			[]string{`en/summary.txt.tmpl:4:5: there is no .Acton in "NextStep"; did you mean .Action?`}},
		{"unknown part", "es/offer.txt.tmpl", "Subject: Hola\n\n{{template \"ways ou\" .}}\n{{.Times}}\n",
			[]string{`es/offer.txt.tmpl:3:12: there is no part "ways ou"`}},
		{"parse error", "en/offer.txt.tmpl", "Subject: Hello\n\nHi {{.You}\n",
			[]string{`en/offer.txt.tmpl:3: bad character U+007D '}'`}},
		{"the times are missing", "en/offer.txt.tmpl", "Subject: Hello\n\nHi {{.You}}, when?\n",
			[]string{`en/offer.txt.tmpl: the mail does not show "Tuesday, March 9, 10:15 am UTC-05:00 (3:15 pm UTC)"; {{.Times}} shows the times to choose from`}},
		{"no subject", "en/offer.txt.tmpl", "Hi {{.You}},\n{{.Times}}\n",
			[]string{`en/offer.txt.tmpl: render offer: en/offer.txt.tmpl: its first line is not "Subject: …"`}},
		{"a hole where there is no campaign", "en/offer.txt.tmpl", "Subject: Hello\n\nHave you heard of {{.Campaign.Name}}, our work?\n{{.Times}}\n",
			[]string{`en/offer.txt.tmpl: render offer: line 3 has a blank before a comma or a full stop: "Have you heard of , our work?"`}},
		{"unknown kind", "en/ofer.txt.tmpl", fine, []string{`en/ofer.txt.tmpl: unknown template; did you mean "offer"?`}},
		{"unknown file", "en/offer.txt", fine, []string{`en/offer.txt: unknown file; templates end in .txt.tmpl or .html.tmpl; did you mean "offer"?`}},
		{"unknown language", "fr/offer.txt.tmpl", fine, []string{`fr/offer.txt.tmpl: there is no language "fr"; there are en and es`}},
		{"questions without a topic", "en/questions.txt", "Why?\n", []string{`en/questions.txt:1:1: a question before the first [topic]`}},
		{"broken HTML template", "en/offer.html.tmpl", "<p>{{.You}</p>\n", []string{`en/offer.html.tmpl:1: bad character U+007D '}'`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, map[string]string{c.file: c.content})
			s, _ := New(dir)
			if s == nil {
				t.Fatal("no Set to check with")
			}
			var got []string
			for _, p := range s.Check() {
				got = append(got, strings.TrimPrefix(p.String(), dir+"/"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOwnTemplatesPassTheCheck holds indy's own files, laid out as overrides, against the linter.
func TestOwnTemplatesPassTheCheck(t *testing.T) {
	dir := t.TempDir()
	for _, lang := range []string{"en", "es"} {
		if err := os.CopyFS(filepath.Join(dir, lang), os.DirFS(lang)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.overrides) < 2*len(Kinds) {
		t.Fatalf("only %d files were looked at", len(s.overrides))
	}
	for _, p := range s.Check() {
		t.Error(p)
	}
}

func TestOverridesReplaceOneFile(t *testing.T) {
	s, err := New(folder(t, map[string]string{
		"en/offer.txt.tmpl":  "Subject: Tea?\n\nDear {{.You}},\n\n{{.Times}}\n\n{{.Me}}\n",
		"en/nudge.html.tmpl": "<p>Once more, {{.You}}: {{range .Slots}}{{$.When .From}} {{end}}</p>\n",
		"en/.offer.txt.swp":  "left by an editor",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if found := s.Check(); len(found) > 0 {
		t.Errorf("Check: %v", found)
	}
	offer := voices[0].toAna()[0].letter
	r, err := s.Render(offer)
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject != "Tea?" || !strings.HasPrefix(r.Text, "Dear Ana,") || !strings.Contains(r.HTML, "Dear Ana,") {
		t.Errorf("the override was not used: %q", r.Text)
	}
	offer.Kind = scheduler.MailNudge
	if r, err = s.Render(offer); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.HTML, "Once more, Ana: Tuesday, December 1, 2:00 pm") || !strings.Contains(r.Text, "sinks in an inbox") {
		t.Errorf("text %q\nhtml %q", r.Text, r.HTML)
	}
	offer.Language = "es"
	if r, err = s.Render(offer); err != nil || !strings.Contains(r.Text, "Hola, Ana:") {
		t.Errorf("the other language changed too: %q, %v", r.Text, err)
	}
}

// TestABrokenOverrideSendsNothing: no mail goes out in words that the organizer did not choose.
func TestABrokenOverrideSendsNothing(t *testing.T) {
	dir := folder(t, map[string]string{"en/offer.txt.tmpl": "Subject: x\n\n{{if}}\n"})
	s, err := New(dir)
	if err == nil || !strings.Contains(err.Error(), "en/offer.txt.tmpl:3") {
		t.Errorf("New says %v", err)
	}
	if r, err := s.Render(voices[0].toAna()[0].letter); err == nil {
		t.Errorf("it was rendered all the same: %q", r.Text)
	}
	if _, err := New(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that does not exist is no error")
	}
}
