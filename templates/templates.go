// Package templates puts letters into words: mails as text and HTML, and what stands in
// calendar events, in the language of whoever reads them.
//
// The words are files, one a kind and language (en/offer.txt.tmpl), and any of them can be
// replaced from a folder. A file is written as a plain mail with a light markup (see
// markup.go); both the text/plain and the text/html part are made from it. A kind that
// wants HTML of its own has it beside it (en/offer.html.tmpl).
//
// It refuses to send a hole: a letter without what its kind needs is an error, and so is
// a mail with a blank in it. A letter to a person is stripped of everything private
// before a template sees it. It reads no clock, and nothing but its files.
package templates

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"

	"indy/scheduler"
)

//go:embed all:en all:es all:html
var embedded embed.FS

// Kinds are all kinds of mail, those to the person first.
var Kinds = []scheduler.MailKind{
	scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailInvite, scheduler.MailUpdate,
	scheduler.MailCancel, scheduler.MailTentative, scheduler.MailReminder, scheduler.MailSummary,
	scheduler.MailAmended, scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailStepNote,
	scheduler.MailMissed, scheduler.MailWelcome, scheduler.MailForgotten, scheduler.MailGuestUpdate, scheduler.MailGuestCancel,

	scheduler.MailReady, scheduler.MailBrief, scheduler.MailDebrief, scheduler.MailMissing, scheduler.MailReadBack,
	scheduler.MailOwnSummary, scheduler.MailOwnCheckIn, scheduler.MailDigest, scheduler.MailTeamDigest,
	scheduler.MailCallSheet, scheduler.MailNeedsYou, scheduler.MailConfigError, scheduler.MailHeld,
}

// The templates of calendar events; the others are named by their MailKind.
const (
	eventPerson = "event_person"
	eventOwn    = "event_own"
	eventHold   = "event_hold"
)

// A Set is templates ready to use: indy's own and those that replace them. It may be used
// by several goroutines at once.
type Set struct {
	text      map[string]*template.Template     // by language
	own       map[string]*htmltemplate.Template // HTML written for one kind: "en/offer"
	topics    map[string]topicQuestions         // by language
	problems  []Problem                         // of the folder of overrides
	overrides []override                        // the files that replace indy's own
	broken    map[string]error                  // "en/offer": why it cannot be used
	opening   sync.Mutex                        // held while unread changes
	unread    map[string]bool                   // "en/offer": indy's own that no mail has needed yet
	look      *look
	charts    sync.Map // what was drawn, by its figures
	drawn     atomic.Int32
}

// New reads the templates. Files in dir, laid out as indy's own are (es/offer.txt.tmpl),
// replace these; dir may be "". A file that cannot be used is an error that names it, and
// the Set that comes with it serves for Check.
func New(dir string) (*Set, error) {
	s := &Set{
		text: map[string]*template.Template{}, own: map[string]*htmltemplate.Template{},
		topics: map[string]topicQuestions{}, broken: map[string]error{}, unread: map[string]bool{},
	}
	for _, g := range tongues {
		s.text[g.code] = template.New(g.code).Option("missingkey=error")
	}
	if err := s.read(embedded, ""); err != nil {
		return nil, fmt.Errorf("read indy's own templates: %w", err)
	}
	look, err := newLook(embedded)
	if err != nil {
		return nil, fmt.Errorf("read indy's own templates: %w", err)
	}
	s.look = look
	if dir == "" {
		return s, nil
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("read the folder of templates: %w", err)
	}
	for _, g := range tongues { // what replaces them has to come after
		for _, kind := range append(slices.Clone(parts), eventPerson, eventOwn, eventHold) {
			if err := s.open(g.code, kind); err != nil {
				return nil, fmt.Errorf("read indy's own templates: %w", err)
			}
		}
		for _, kind := range Kinds {
			if err := s.open(g.code, string(kind)); err != nil {
				return nil, fmt.Errorf("read indy's own templates: %w", err)
			}
		}
	}
	if err := s.read(os.DirFS(dir), dir); err != nil {
		return s, fmt.Errorf("read the folder of templates: %w", err)
	}
	return s, nil
}

// read adds all files of a folder. Of indy's own the first bad one is an error; of overrides
// all are kept as problems.
func (s *Set) read(files fs.FS, dir string) error {
	var bad []error
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
		if entry.IsDir() && hidden {
			return fs.SkipDir
		}
		if entry.IsDir() || hidden || strings.HasSuffix(name, "~") {
			return nil
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := s.add(name, string(content), dir != ""); err != nil {
			p := problemOf(path.Join(dir, name), err)
			s.problems = append(s.problems, p)
			bad = append(bad, errors.New(p.String()))
		} else if dir != "" {
			s.overrides = append(s.overrides, overrideOf(dir, name, string(content)))
		}
		return nil
	})
	return errors.Join(append(bad, err)...)
}

func overrideOf(dir, name, content string) override {
	lang, file := path.Split(name)
	kind := strings.TrimSuffix(strings.TrimSuffix(file, ".txt.tmpl"), ".html.tmpl")
	return override{strings.TrimSuffix(lang, "/"), kind, name, path.Join(dir, name), content}
}

// add takes one file in.
func (s *Set) add(name, content string, override bool) error {
	lang, file := path.Split(name)
	lang = strings.TrimSuffix(lang, "/")
	if lang == "html" && !override {
		return nil // the look, read by newLook
	}
	g := tongueOf(lang)
	if g == nil {
		return fmt.Errorf("there is no language %q; there are en and es", lang)
	}
	switch {
	case file == "questions.txt":
		q, err := readQuestions(content)
		if err != nil {
			return fmt.Errorf("template: %s:%w", name, err)
		}
		s.topics[lang] = q
		return nil
	case strings.HasSuffix(file, ".txt.tmpl"):
		kind := strings.TrimSuffix(file, ".txt.tmpl")
		if !override {
			s.unread[lang+"/"+kind] = true
			return nil
		}
		return s.addText(lang, name, kind, content)
	case strings.HasSuffix(file, ".html.tmpl"):
		return s.addHTML(lang, name, strings.TrimSuffix(file, ".html.tmpl"), content)
	}
	return fmt.Errorf("unknown file; templates end in .txt.tmpl or .html.tmpl%s", didYouMean(file))
}

func (s *Set) addText(lang, name, kind, content string) error {
	if !known(kind) {
		return fmt.Errorf("unknown template%s", didYouMean(kind))
	}
	_, err := template.New(name).Parse(content) // as it was written: its errors have the right place
	if err == nil {
		_, err = s.text[lang].New(name).Parse(tidy(content))
	}
	if err != nil {
		s.broken[lang+"/"+kind] = err
		return err
	}
	delete(s.broken, lang+"/"+kind)
	return nil
}

// parts are the files whose parts all others may use.
var parts = []string{"_parts", "_reasons"}

// open makes indy's own template of a kind ready, where it is not yet. Most kinds are never
// needed, or not in that language, and a template that is ready takes many times its size.
func (s *Set) open(lang, kind string) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	for _, kind := range append(slices.Clone(parts), kind) {
		if !s.unread[lang+"/"+kind] {
			continue
		}
		name := lang + "/" + kind + ".txt.tmpl"
		content, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := s.text[lang].New(name).Parse(tidy(string(content))); err != nil {
			return err
		}
		delete(s.unread, lang+"/"+kind)
	}
	return nil
}

// controlLine is a line of a template that only decides something.
var controlLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*(\{\{(?:if|else|end|range|with|define|block|break|continue)\b(?:[^}\n]|\}[^}\n])*)\}\}[ \t]*\n`)
})

// remarkLine is a line that is nothing but a remark.
var remarkLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*(\{\{/\*[^\n]*)\*/\}\}[ \t]*\n`) })

// tidy lets a line that only decides something leave no line behind. The break goes into
// the action, so that the line numbers of errors stay right.
func tidy(content string) string {
	content = strings.ReplaceAll(content, "\r\n", "\n")
	content = remarkLine().ReplaceAllString(content, "$1\n*/}}")
	return controlLine().ReplaceAllString(content, "$1\n}}")
}

func known(kind string) bool {
	if strings.HasPrefix(kind, "_") || kind == eventPerson || kind == eventOwn || kind == eventHold {
		return true
	}
	for _, k := range Kinds {
		if string(k) == kind {
			return true
		}
	}
	return false
}

func tongueOf(code string) *tongue {
	for _, g := range tongues {
		if g.code == code {
			return g
		}
	}
	return nil
}

// Render puts a letter into words. The error names what is missing; nothing is sent then.
func (s *Set) Render(l scheduler.Letter) (scheduler.Rendered, error) {
	if l.Inner != nil { // what waits is shown with whole lines, for a narrow screen to wrap its own way
		inner, err := s.write(string(l.Inner.Kind), *l.Inner)
		if err != nil {
			return scheduler.Rendered{}, fmt.Errorf("render %s, which waits: %w", l.Inner.Kind, err)
		}
		l.Preview = &scheduler.Rendered{Subject: inner.subject, Text: plainText(inner.blocks, 0)}
	}
	m, err := s.write(string(l.Kind), l)
	if err != nil {
		return scheduler.Rendered{}, fmt.Errorf("render %s: %w", l.Kind, err)
	}
	r := scheduler.Rendered{Subject: m.subject, Text: plainText(m.blocks, width)}
	if r.HTML, r.Images, err = s.html(m); err != nil {
		return scheduler.Rendered{}, fmt.Errorf("render %s as html: %w", l.Kind, err)
	}
	return r, nil
}

// Event is the title and description of the letter's meeting on a calendar, as text and
// HTML: the person's copy when l.ToPerson, else the organizer's own; of an offer it is
// a hold, a time that was offered and is kept free.
func (s *Set) Event(l scheduler.Letter) (title, text, html string, err error) {
	kind := eventOwn
	switch {
	case l.ToPerson:
		kind = eventPerson
	case l.Meeting == nil || l.Kind == scheduler.MailOffer: // a time that was offered and is kept free
		kind = eventHold
	}
	l.Token = "" // calendars show links badly, and an answer belongs into the mail
	m, err := s.write(kind, l)
	if err != nil {
		return "", "", "", fmt.Errorf("render the event: %w", err)
	}
	if html, err = s.look.fragment(m); err != nil {
		return "", "", "", fmt.Errorf("render the event as html: %w", err)
	}
	return m.subject, plainText(m.blocks, 0), html, nil
}

// A written letter: its words as blocks.
type written struct {
	page    *page
	subject string
	body    string // with marks
	blocks  []block
}

func (s *Set) write(kind string, l scheduler.Letter) (*written, error) {
	if err := complete(kind, l); err != nil {
		return nil, err
	}
	p := newPage(l)
	m, err := s.execute(kind, p)
	if err != nil {
		return nil, err
	}
	if guard(m.subject, unmarked(m.body)) != nil {
		if err := s.blame(kind, p); err != nil {
			return nil, err
		}
	}
	m.blocks = blocksOf(m.body)
	return m, nil
}

// blame says whether a hole is the template's: what people write may well look like one,
// and has no place in an error. So it looks at the mail of a masked letter.
func (s *Set) blame(kind string, p *page) error {
	blank := *p
	blank.Letter = masked(p.Letter)
	trial, err := s.execute(kind, &blank)
	if err != nil {
		return err
	}
	return guard(trial.subject, unmarked(trial.body))
}

// execute lets a page's template write.
func (s *Set) execute(kind string, p *page) (*written, error) {
	p.kind, p.topics, p.words = kind, s.topics[p.g.code], s.text[p.g.code]
	name := p.g.code + "/" + kind
	if err := s.broken[name]; err != nil {
		return nil, err
	}
	if err := s.open(p.g.code, kind); err != nil {
		return nil, err
	}
	t := p.words.Lookup(name + ".txt.tmpl")
	if t == nil {
		return nil, fmt.Errorf("there is no template %s.txt.tmpl", name)
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return nil, err
	}
	subject, body, ok := strings.Cut(strings.TrimLeft(out.String(), "\n "), "\n")
	subject, isSubject := strings.CutPrefix(subject, "Subject:")
	if !ok || !isSubject {
		return nil, fmt.Errorf("%s.txt.tmpl: its first line is not \"Subject: …\"", name)
	}
	m := &written{page: p, subject: oneLine(unmarked(subject)), body: body}
	return m, nil
}
