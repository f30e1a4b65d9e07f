package templates

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"indy/scheduler"
)

// Problem is something wrong with a file that replaces one of indy's own.
type Problem struct {
	File   string
	Line   int // 1-based; 0 where it concerns the whole file
	Column int // 1-based; 0 where it is not known
	What   string
}

// String is "file:line:column: what".
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Line > 0 && p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	return s + ": " + p.What
}

// Check looks through the files that replace indy's own: files that nothing uses, templates
// that cannot be read, fields that do not exist, and mails that would go out without what
// they are for, such as an offer without its times. It answers with all that it finds.
func (s *Set) Check() []Problem {
	out := slices.Clone(s.problems)
	for _, o := range s.overrides {
		if s.broken[o.lang+"/"+o.kind] != nil {
			continue // said already
		}
		found := s.fieldsOf(o)
		if len(found) == 0 {
			found = s.trial(o)
		}
		out = append(out, found...)
	}
	slices.SortStableFunc(out, func(a, b Problem) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
	return slices.Compact(out)
}

// An override is a file that replaces one of indy's own.
type override struct {
	lang, kind string
	name       string // within the folder: "es/offer.txt.tmpl"
	file       string // with the folder
	content    string
}

// trial renders sample letters with an override.
func (s *Set) trial(o override) []Problem {
	var out []Problem
	for _, l := range samples(o) {
		var text, html string
		var err error
		if isEvent(o.kind) {
			_, text, html, err = s.Event(l)
		} else {
			var r scheduler.Rendered
			r, err = s.Render(l)
			text, html = r.Subject+"\n"+r.Text, r.HTML
		}
		if err != nil {
			out = append(out, problemOf(o.file, err))
			continue
		}
		if strings.HasSuffix(o.name, ".html.tmpl") {
			text = html
		}
		for _, words := range mustShow(o, l) {
			if !strings.Contains(flat(text), flat(words)) {
				out = append(out, Problem{File: o.file, What: fmt.Sprintf("the mail does not show %q; %s", words, wayToShow(o.kind))})
			}
		}
	}
	return out
}

// flat is text as one line in small letters, so that neither wrapping nor capitals matter.
func flat(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "> ", " ")), " "))
}

func isEvent(kind string) bool { return strings.HasPrefix(kind, "event_") }

// mustShow is what a mail of this kind is for.
func mustShow(o override, l scheduler.Letter) []string {
	g := tongueOf(o.lang)
	var words []string
	if isEvent(o.kind) || strings.HasPrefix(o.kind, "_") {
		return nil
	}
	p := newPage(l)
	for _, slot := range l.Slots {
		words = append(words, p.When(slot.From))
	}
	switch l.Kind {
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailCancel, scheduler.MailReminder, scheduler.MailBrief, scheduler.MailGuestUpdate, scheduler.MailGuestCancel:
		words = append(words, g.time(l.Meeting.From.In(p.reader)))
	case scheduler.MailReady, scheduler.MailReadBack:
		words = append(words, l.Preview.Subject)
	}
	for _, st := range append(slices.Clone(l.Steps), l.Changed...) {
		words = append(words, st.Action)
	}
	return append(words, l.Problems...)
}

func wayToShow(kind string) string {
	switch scheduler.MailKind(kind) {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailMissed, scheduler.MailWelcome:
		return "{{.Times}} shows the times to choose from"
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailCancel, scheduler.MailReminder, scheduler.MailBrief, scheduler.MailGuestUpdate, scheduler.MailGuestCancel:
		return "{{.When .Meeting.From}} shows it"
	case scheduler.MailReady, scheduler.MailReadBack:
		return "{{.Preview.Subject}} and {{.Cite .Preview.Text}} show what waits"
	case scheduler.MailConfigError:
		return "{{range .Problems}} goes through them"
	}
	return "{{range .Subjects}} and {{range .Steps}} go through them"
}

// place is how the template packages say where an error is.
var place = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:html/)?(?:template: ?)?([^:\s]+):(\d+)(?::(\d+))?: ?(.*)$`)
})

// problemOf reads file, line and column out of an error.
func problemOf(file string, err error) Problem {
	p := Problem{File: file, What: err.Error()}
	said := err.Error()
	if i := strings.Index(said, "template: "); i >= 0 {
		said = said[i:]
	}
	m := place().FindStringSubmatch(said)
	if m == nil {
		return p
	}
	if path.Base(m[1]) == path.Base(file) || strings.HasSuffix(file, m[1]) {
		p.Line, _ = strconv.Atoi(m[2])
		p.Column, _ = strconv.Atoi(m[3])
		p.What = strings.TrimSpace(m[4])
	} else {
		p.What = said
	}
	if _, cause, ok := strings.Cut(p.What, ">: "); ok && strings.HasPrefix(p.What, "executing ") {
		p.What = cause
	}
	return p
}

// didYouMean proposes the name that is nearest to a wrong one.
func didYouMean(wrong string) string {
	wrong, _, _ = strings.Cut(wrong, ".")
	names := []string{eventPerson, eventOwn, eventHold, "_parts", "_reasons", "questions"}
	for _, k := range Kinds {
		names = append(names, string(k))
	}
	best, least := "", 3
	for _, n := range names {
		if d := distance(wrong, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is how many letters must change, come or go to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
