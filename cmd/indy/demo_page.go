package main

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	stdmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed demo_page.html.tmpl
var demoPageText string

var demoPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(demoPageText)) })

// pageBox is one inbox of the page.
type pageBox struct {
	Name, Address, ID string
	Owner             bool // the organizer's
	Mails             []pageMail
}

type pageMail struct {
	From, To, Subject, When, Text string
	HTML                          string // whole, for a frame of its own
	Mine                          bool   // written by whoever's inbox it is
	Invite                        string // METHOD of its calendar part
	at                            time.Time
}

// writePage writes index.html: every mail in order, an inbox for each person. It needs no
// script and no server.
func (d *demoPlay) writePage() error {
	var boxes []pageBox
	for _, r := range d.readers {
		box := pageBox{Name: r.name, Address: r.address, ID: strings.ToLower(r.name), Owner: r.address == d.org.Address}
		mails, err := d.pageMails(r)
		if err != nil {
			return fmt.Errorf("read the mails of %s for the page: %w", r.name, err)
		}
		box.Mails = mails
		boxes = append(boxes, box)
	}
	f, err := os.Create(filepath.Join(d.folder, "index.html"))
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	err = demoPage().Execute(f, map[string]any{"Boxes": boxes, "Title": d.cast.title, "Owner": d.org.First(), "Phones": d.phones(), "From": d.cast.start.In(d.zone).Format("2 January 2006")})
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// phones are the people who get no mail: the organizer calls them.
func (d *demoPlay) phones() (names []string) {
	for _, p := range d.org.People {
		if !p.Reachable() {
			names = append(names, p.First())
		}
	}
	return names
}

// pageMails are all mails that somebody got or wrote, the oldest first.
func (d *demoPlay) pageMails(r *demoReader) ([]pageMail, error) {
	dirs := []string{r.maildir}
	if r.address == d.org.Address {
		dirs = append(dirs, r.sent)
	} else {
		dirs = append(dirs, d.org.Local.Inbox)
	}
	var out []pageMail
	for i, dir := range dirs {
		for _, sub := range []string{"new", "cur"} {
			list, err := os.ReadDir(filepath.Join(dir, sub))
			if err != nil && !os.IsNotExist(err) {
				return nil, err
			}
			for _, entry := range list {
				m, err := d.pageMail(r, filepath.Join(dir, sub, entry.Name()), i == 1)
				if err != nil {
					return nil, err
				}
				if m != nil {
					out = append(out, *m)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b pageMail) int {
		return cmp.Or(a.at.Compare(b.at), -cmp.Compare(b2i(a.Mine), b2i(b.Mine))) // an answer comes before what it led to
	})
	return out, nil
}

// pageMail reads one mail; nil when it does not belong into this inbox.
func (d *demoPlay) pageMail(r *demoReader, path string, written bool) (*pageMail, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	read, err := stdmail.ReadMessage(f)
	if err != nil {
		return nil, err
	}
	var shown shownParts
	if err := shown.add(read.Header, read.Body); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	m := &pageMail{From: words(read.Header, "From"), To: words(read.Header, "To"), Subject: words(read.Header, "Subject"), Text: shown.text}
	from, _ := stdmail.ParseAddress(m.From)
	robot := read.Header.Get("Auto-Submitted") == "auto-generated" // indy to the organizer
	m.Mine = from != nil && strings.EqualFold(from.Address, r.address) && !robot
	owner := r.address == d.org.Address
	if written && (!m.Mine || owner && robot) {
		return nil, nil
	}
	m.From, m.To = shortName(m.From), shortName(m.To)
	if robot {
		m.From = "indy"
	}
	if m.at, err = stdmail.ParseDate(read.Header.Get("Date")); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	m.When = m.at.In(d.zone).Format("Mon 2 Jan, 15:04")
	m.HTML = shown.frame()
	m.Invite = shown.method
	return m, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// shortName is the name in an address field, or the address where there is none.
func shortName(field string) string {
	a, err := stdmail.ParseAddress(field)
	switch {
	case err != nil:
		return field
	case a.Name != "":
		return a.Name
	}
	return a.Address
}

// words is a header field with its encoded words read (RFC 2047), or as it stands.
func words(h stdmail.Header, name string) string {
	if s, err := new(mime.WordDecoder).DecodeHeader(h.Get(name)); err == nil {
		return s
	}
	return h.Get(name)
}

// shownParts are the parts of a mail that the page shows. indy and the demo's people write
// whole MIME in UTF-8, so that Go's own packages read it.
type shownParts struct {
	text, html string
	method     string            // METHOD of the calendar part
	images     map[string]string // Content-ID -> data: address
}

// add reads one entity, and those inside it.
func (s *shownParts) add(h interface{ Get(string) string }, body io.Reader) error {
	media, params, err := mime.ParseMediaType(cmp.Or(h.Get("Content-Type"), "text/plain"))
	if err != nil {
		return err
	}
	if strings.HasPrefix(media, "multipart/") {
		return s.addAll(multipart.NewReader(body, params["boundary"]))
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	switch id := strings.Trim(h.Get("Content-Id"), "<>"); {
	case id != "":
		if s.images == nil {
			s.images = map[string]string{}
		}
		s.images[id] = "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(content)
	case media == "text/calendar":
		s.method = cmp.Or(s.method, calendarMethod(string(content)))
	case strings.HasPrefix(h.Get("Content-Disposition"), "attachment"):
	case media == "text/plain" && s.text == "":
		s.text = string(content)
	case media == "text/html" && s.html == "":
		s.html = string(content)
	}
	return nil
}

func (s *shownParts) addAll(parts *multipart.Reader) error {
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.add(p.Header, p); err != nil {
			return err
		}
	}
}

// frame is the HTML part with its pictures in it, as a mail program shows it.
func (s *shownParts) frame() string {
	html := s.html
	for id, data := range s.images {
		html = strings.ReplaceAll(html, "cid:"+id, data)
	}
	return html
}

// calendarMethod is what a calendar part asks for; "" when it does not say.
func calendarMethod(object string) string {
	for line := range strings.Lines(object) {
		if m, ok := strings.CutPrefix(strings.TrimSpace(line), "METHOD:"); ok {
			return m
		}
	}
	return ""
}
