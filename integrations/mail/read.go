package mail

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"indy/scheduler"
	"indy/scheduler/replies"
)

// Read reads a whole mail: the first 25 MiB of it. ID, Thread, Own and Labels are left to
// the provider that it came by. Errors are those of r alone; a mail that is broken is read
// as well as it can be.
func Read(r io.Reader) (scheduler.Mail, error) {
	var raw bytes.Buffer
	if sized, ok := r.(interface{ Len() int }); ok {
		raw.Grow(min(sized.Len(), maxBytes) + bytes.MinRead)
	}
	if _, err := raw.ReadFrom(io.LimitReader(r, maxBytes)); err != nil {
		return scheduler.Mail{}, fmt.Errorf("read a mail: %w", err)
	}
	return Parse(raw.Bytes()), nil
}

// Parse is Read of a mail that is at hand. It keeps nothing of raw.
func Parse(raw []byte) scheduler.Mail {
	raw = raw[:min(len(raw), maxBytes)]
	raw = trimEnvelope(mendLines(raw))
	h, body := splitHead(raw)
	var s splitter
	root := s.entity(h, body, "text/plain", 0)
	m := scheduler.Mail{Head: headOf(h)}
	m.Text, m.HTML = words(root)
	if strings.Contains(m.Text, "(ref") {
		m.Token = replies.Token(m.Text)
	}
	calendars := calendarParts(root)
	m.ITIP = itips(calendars)
	v := judge(lookAt(root, h, &m, len(calendars) > 0))
	m.Robot, m.Bounces, m.Until, m.Why = v.robot, v.bounces, v.until, v.why
	return m
}

// words is the text of a mail, and whether it was made from HTML. Files and mails that are
// attached are no words of the writer.
func words(p *part) (text string, fromHTML bool) {
	text, fromHTML = textOf(p, false).best()
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return text, fromHTML
}

// A reading is a part's text, as far as it has any.
type reading struct {
	plain string
	html  string // text made from HTML
	other string // text of a kind that is neither
}

func (r reading) best() (text string, fromHTML bool) {
	switch {
	case r.plain != "":
		return r.plain, false
	case r.html != "":
		return r.html, true
	}
	return r.other, false
}

// textOf reads a part. With whole its HTML is read even where its plain text will do.
func textOf(p *part, whole bool) reading {
	if strings.HasPrefix(p.media, "multipart/") {
		switch {
		case p.broken:
			return reading{other: tidy(p.text())}
		case p.media == "multipart/alternative":
			return alternative(p, whole)
		case p.media == "multipart/related" && len(p.children) > 0:
			return related(p, whole)
		}
		return mixture(p)
	}
	if p.attached || len(p.children) > 0 {
		return reading{}
	}
	switch p.media {
	case "text/html", "application/xhtml+xml":
		return reading{html: p.htmlText()}
	case "text/plain", "text", "":
		return reading{plain: tidy(unflow(p.text(), p.params))}
	case "text/calendar", "text/x-vcard", "text/vcard", "text/directory", "text/css", "text/rfc822-headers":
		return reading{}
	}
	if strings.HasPrefix(p.media, "text/") && p.name == "" {
		return reading{other: tidy(p.text())}
	}
	return reading{}
}

// alternative takes the plain text, unless it is none: some programs send a blank one, or
// one that only says that the mail is HTML. HTML is only read where it decides.
func alternative(p *part, whole bool) reading {
	var r reading
	for _, c := range p.children {
		if whole || isHTML(c) {
			continue
		}
		if plain := textOf(c, false).plain; plain != "" {
			if !mayStandIn(plain) {
				return reading{plain: plain}
			}
			break
		}
	}
	for _, c := range p.children {
		t := textOf(c, true)
		if r.plain == "" {
			r.plain = t.plain
		}
		if t.html != "" {
			r.html = t.html // the last is the richest (RFC 2046 5.1.4)
		}
		if r.other == "" {
			r.other = t.other
		}
	}
	if r.plain != "" && r.html != "" && placeholder(r.plain, r.html) {
		r.plain = ""
	}
	return r
}

// isHTML says whether a part is HTML, and so never plain text.
func isHTML(p *part) bool { return p.media == "text/html" || p.media == "application/xhtml+xml" }

// placeholder says whether a plain text only stands in for the HTML.
func placeholder(plain, html string) bool {
	return mayStandIn(plain) && (isMarkup(plain) || len(plain) <= len(html))
}

// mayStandIn says whether a plain text reads as if it stood in for HTML.
func mayStandIn(plain string) bool {
	if isMarkup(plain) {
		return true
	}
	if len(plain) > 400 {
		return false
	}
	low := strings.ToLower(plain)
	return hasWord(low, "html") || strings.Contains(low, "browser") && seeBrowser.in(plainWords(low))
}

// isMarkup: some programs put the HTML, or its style, into the plain text.
func isMarkup(plain string) bool {
	return strings.HasPrefix(plain, "<!--") || strings.HasPrefix(plain, "<html")
}

var seeBrowser = phrasesOf("view {this,it} {,email ,e-mail }in {your,a} browser")

// hasWord says whether a word stands in s by itself.
func hasWord(s, word string) bool {
	for {
		i := strings.Index(s, word)
		if i < 0 {
			return false
		}
		end := i + len(word)
		if (i == 0 || !wordByte(s[i-1])) && (end == len(s) || !wordByte(s[end])) {
			return true
		}
		s = s[end:]
	}
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// related is the text of the root part (RFC 2387 3.2): the first one, in practice.
func related(p *part, whole bool) reading {
	for _, c := range p.children {
		if r := textOf(c, whole); r != (reading{}) {
			return r
		}
	}
	return reading{}
}

// mixture puts the text of all parts together: some programs cut it around each picture,
// and list programs add a part below.
func mixture(p *part) reading {
	var texts []string
	fromHTML, only := false, true
	for _, c := range p.children {
		t, h := textOf(c, false).best()
		if t == "" {
			continue
		}
		texts = append(texts, t)
		if h {
			fromHTML = true
		} else {
			only = false
		}
		if p.media == "multipart/report" {
			break // RFC 6522 3: the first part is for people
		}
	}
	all := strings.Join(texts, "\n\n")
	if fromHTML && only {
		return reading{html: all}
	}
	return reading{plain: all}
}

// tidy cuts the white space at the end of lines and of the text.
func tidy(s string) string {
	if strings.Contains(s, " \n") || strings.Contains(s, "\t\n") {
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			if l != "-- " { // RFC 3676 4.3: the line above a signature
				lines[i] = strings.TrimRight(l, " \t")
			}
		}
		s = strings.Join(lines, "\n")
	}
	return strings.Trim(s, " \t\n")
}

// unflow undoes RFC 3676: lines that end in a space go on in the next one, at the same
// depth of quoting.
func unflow(s string, params map[string]string) string {
	if !strings.EqualFold(params["format"], "flowed") {
		return s
	}
	delSp := strings.EqualFold(params["delsp"], "yes")
	var out strings.Builder
	out.Grow(len(s))
	open, last := false, 0 // the line before goes on, at this depth
	for line := range strings.SplitSeq(s, "\n") {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		rest := strings.TrimPrefix(line[depth:], " ") // 4.4: space-stuffing
		switch {
		case open && depth == last && rest != "-- " && rest != "":
		case out.Len() > 0 || open:
			out.WriteByte('\n')
			fallthrough
		default:
			if depth > 0 {
				out.WriteString(line[:depth] + " ")
			}
		}
		open, last = strings.HasSuffix(rest, " ") && rest != "-- ", depth
		if open && delSp {
			rest = rest[:len(rest)-1]
		}
		out.WriteString(rest)
	}
	return out.String()
}
