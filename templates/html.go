package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"sync"

	"indy/scheduler"
)

// A look turns blocks into HTML for mail clients: tables, styles within the elements, 600
// pixels at most, light and dark. It loads nothing from anywhere.
type look struct {
	templates *template.Template
	sheets    [2]func() (*styles, error) // to the person, to the organizer; read when first asked for
}

// newLook reads html/ of files.
func newLook(files fs.FS) (*look, error) {
	person, err := fs.ReadFile(files, "html/person.css")
	if err != nil {
		return nil, err
	}
	organizer, err := fs.ReadFile(files, "html/organizer.css")
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(files, "html/*.html.tmpl")
	if err != nil {
		return nil, err
	}
	base := withoutRemarks(string(person))
	k := &look{templates: t}
	for i, css := range []string{base, base + withoutRemarks(string(organizer))} {
		k.sheets[i] = sync.OnceValues(func() (*styles, error) { return k.learn(template.CSS(css), i == 1) })
	}
	return k, nil
}

// learn has a page inlined with every element that a mail can have.
func (k *look) learn(css template.CSS, own bool) (*styles, error) {
	words := []piece{{Text: "word"}, {Text: "word", Bold: true}, {Text: "word", Href: "https://example.org"}}
	it := htmlItem{Label: "1", Text: words, More: [][]piece{words}, Alt: "word"}
	last := it
	last.Last, last.Link = true, true
	sample := htmlBlock{Items: []htmlItem{it, last}, Own: own}
	var body bytes.Buffer
	for _, kind := range []blockKind{paragraph, heading, bullets, answers, quotation, facts, small, picture} {
		if err := k.templates.ExecuteTemplate(&body, string(kind), sample); err != nil {
			return nil, err
		}
	}
	page, err := k.page(frame{Language: "en", Subject: "word", Own: own, Style: css, Body: template.HTML(body.String())})
	if err != nil {
		return nil, err
	}
	return learn(css, page)
}

// A frame is what stands around the blocks of a mail.
type frame struct {
	Language, Subject string
	Own               bool // to the organizer
	Style             template.CSS
	Body              template.HTML
}

func (k *look) page(f frame) (string, error) {
	var page strings.Builder
	err := k.templates.ExecuteTemplate(&page, "frame.html.tmpl", f)
	return page.String(), err
}

// withoutRemarks takes the comments out of a style sheet; no mail needs them.
func withoutRemarks(css string) string {
	for {
		from := strings.Index(css, "/*")
		if from < 0 {
			return css
		}
		to := strings.Index(css[from:], "*/")
		if to < 0 {
			return css[:from]
		}
		css = css[:from] + css[from+to+2:]
	}
}

// htmlBlock is a block as the templates of html/ see it.
type htmlBlock struct {
	Items []htmlItem
	Own   bool // to the organizer
}

type htmlItem struct {
	Label string
	Text  []piece
	More  [][]piece
	Alt   string
	Last  bool // of its block
	Link  bool // it can be tapped
}

// A piece is a stretch of a line: plain, bold or a link.
type piece struct {
	Text string
	Bold bool
	Href template.URL
}

// html is the text/html part of a letter, with its pictures.
func (s *Set) html(m *written) (string, []scheduler.Image, error) {
	body, images, err := s.body(m)
	if err != nil {
		return "", nil, err
	}
	f := frame{Language: m.page.g.code, Subject: m.subject, Own: !m.page.ToPerson, Body: body}
	learned := s.look.sheets[0]
	if f.Own {
		learned = s.look.sheets[1]
	}
	css, err := learned()
	if err != nil {
		return "", nil, err
	}
	f.Style = css.media
	page, err := s.look.page(f)
	if err != nil {
		return "", nil, err
	}
	if styled, ok := css.style(page); ok {
		return styled, images, nil
	}
	f.Style = css.whole
	if page, err = s.look.page(f); err != nil {
		return "", nil, err
	}
	inlined, err := inline(page)
	return inlined, images, err
}

// body is the blocks as HTML, or what the kind's own HTML template makes of the letter.
func (s *Set) body(m *written) (template.HTML, []scheduler.Image, error) {
	if own, ok := s.own[m.page.g.code+"/"+m.page.kind]; ok {
		var b bytes.Buffer
		err := own.Execute(&b, m.page)
		return template.HTML(b.String()), nil, err
	}
	var b bytes.Buffer
	var images []scheduler.Image
	for _, bl := range m.blocks {
		if bl.kind == picture {
			img, alt, err := s.chart(m.page, bl.items[0].text)
			if err != nil {
				return "", nil, err
			}
			images = append(images, img)
			it := htmlItem{Label: img.CID, Alt: alt}
			if err := s.look.templates.ExecuteTemplate(&b, "picture", htmlBlock{Items: []htmlItem{it}}); err != nil {
				return "", nil, err
			}
			continue
		}
		if err := s.look.templates.ExecuteTemplate(&b, string(bl.kind), m.htmlBlock(bl)); err != nil {
			return "", nil, err
		}
	}
	return template.HTML(b.String()), images, nil
}

// fragment is the blocks as bare HTML, for the description of an event.
func (k *look) fragment(m *written) (string, error) {
	var b bytes.Buffer
	b.WriteString("<html><body>\n")
	for _, bl := range m.blocks {
		name := string(bl.kind)
		if k.templates.Lookup("bare "+name) != nil {
			name = "bare " + name
		}
		if bl.kind == picture || bl.kind == answers {
			return "", fmt.Errorf("an event can show no %s", bl.kind)
		}
		if err := k.templates.ExecuteTemplate(&b, name, m.htmlBlock(bl)); err != nil {
			return "", err
		}
	}
	b.WriteString("</body></html>\n")
	return b.String(), nil
}

func (m *written) htmlBlock(bl block) htmlBlock {
	h := htmlBlock{Own: !m.page.ToPerson}
	for i, it := range bl.items {
		text := it.text
		if bl.kind == heading { // "Call today (3)": the number is set apart
			if at := strings.LastIndex(text, " ("); at > 0 && strings.HasSuffix(text, ")") && isCount(text[at+2:len(text)-1]) {
				it.label, text = text[at+2:len(text)-1], text[:at]
			}
		}
		hi := htmlItem{Label: it.label, Text: m.pieces(text), Last: i == len(bl.items)-1}
		hi.Link = len(hi.Text) > 0 && hi.Text[0].Href != ""
		for _, more := range it.more {
			hi.More = append(hi.More, m.pieces(more))
		}
		h.Items = append(h.Items, hi)
	}
	return h
}

func isCount(s string) bool { return strings.Trim(s, "0123456789") == "" }

// pieces reads the marks of a line.
func (m *written) pieces(s string) []piece {
	var out []piece
	for s != "" {
		i := strings.IndexAny(s, tapOpen+boldOpen+linkOpen)
		if i < 0 {
			return append(out, piece{Text: s})
		}
		if i > 0 {
			out = append(out, piece{Text: s[:i]})
		}
		mark := s[i : i+1]
		s = s[i+1:]
		var inside string
		switch mark {
		case tapOpen:
			inside, s, _ = strings.Cut(s, tapEnd)
			words, label, _ := strings.Cut(inside, tapLabel)
			out = append(out, piece{Text: label, Href: template.URL(
				mailto(m.page.Organizer.Address, answerSubject(m.subject), words, m.page.Token))})
		case linkOpen:
			inside, s, _ = strings.Cut(s, linkEnd)
			href, label, _ := strings.Cut(inside, tapLabel)
			out = append(out, piece{Text: label, Href: template.URL(href)})
		case boldOpen:
			inside, s, _ = strings.Cut(s, boldEnd)
			out = append(out, piece{Text: unmarked(inside), Bold: true})
		}
	}
	return out
}

// addHTML takes in HTML that was written for one kind. It stands within the common frame.
func (s *Set) addHTML(lang, name, kind, content string) error {
	if !known(kind) || strings.HasPrefix(kind, "_") {
		return fmt.Errorf("unknown template%s", didYouMean(kind))
	}
	t, err := template.New(name).Option("missingkey=error").Parse(content)
	if err != nil {
		return err
	}
	s.own[lang+"/"+kind] = t
	return nil
}
