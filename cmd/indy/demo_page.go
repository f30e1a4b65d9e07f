package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	stdmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"indy/integrations/mail"
	"indy/scheduler"
)

//go:embed demo_page.html.tmpl
var demoPageText string

var demoPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(demoPageText)) })

// pageBox is one inbox of the page.
type pageBox struct {
	Name, Address, ID string
	Owner             bool // Maria's own
	Mails             []pageMail
}

type pageMail struct {
	From, To, Subject, When, Text string
	HTML                          string // whole, for a frame of its own
	Mine                          bool   // written by whoever's inbox it is
	Invite                        string // METHOD of its calendar part
	at                            time.Time
}

func readHead(raw []byte) (scheduler.Head, error) { return mail.ReadHead(bytes.NewReader(raw)) }

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
	err = demoPage().Execute(f, map[string]any{"Boxes": boxes, "From": demoStart.In(d.zone).Format("2 January 2006"), "Weeks": demoWeeks})
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
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
	env, err := enmime.ReadEnvelope(f)
	if err != nil {
		return nil, err
	}
	m := &pageMail{From: env.GetHeader("From"), To: env.GetHeader("To"), Subject: env.GetHeader("Subject"), Text: env.Text}
	from, _ := stdmail.ParseAddress(m.From)
	robot := env.GetHeader("Auto-Submitted") == "auto-generated" // indy to the organizer
	m.Mine = from != nil && strings.EqualFold(from.Address, r.address) && !robot
	owner := r.address == d.org.Address
	if written && (!m.Mine || owner && robot) {
		return nil, nil
	}
	m.From, m.To = shortName(m.From), shortName(m.To)
	if robot {
		m.From = "indy"
	}
	if m.at, err = stdmail.ParseDate(env.GetHeader("Date")); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	m.When = m.at.In(d.zone).Format("Mon 2 Jan, 15:04")
	m.HTML = frame(env)
	m.Invite = method(env)
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

// frame is the HTML part with its pictures in it, as a mail program shows it.
func frame(env *enmime.Envelope) string {
	html := env.HTML
	if strings.TrimSpace(html) == "" || html == "" {
		return ""
	}
	for _, part := range append(slices.Clone(env.Inlines), env.OtherParts...) {
		if id := strings.Trim(part.ContentID, "<>"); id != "" {
			html = strings.ReplaceAll(html, "cid:"+id, "data:"+part.ContentType+";base64,"+base64.StdEncoding.EncodeToString(part.Content))
		}
	}
	return html
}

// method is what the mail's calendar part asks for.
func method(env *enmime.Envelope) string {
	for _, list := range [][]*enmime.Part{env.Attachments, env.OtherParts, env.Inlines} {
		for _, part := range list {
			if part.ContentType == "text/calendar" {
				b, _ := io.ReadAll(bytes.NewReader(part.Content))
				for _, line := range strings.Split(string(b), "\n") {
					if m, ok := strings.CutPrefix(strings.TrimSpace(line), "METHOD:"); ok {
						return m
					}
				}
			}
		}
	}
	return ""
}
