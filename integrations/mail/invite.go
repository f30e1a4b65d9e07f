package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message"

	"indy/scheduler"
)

// The places of the boundaries that withInvite adds; those of the ordinary mail come first.
const (
	mixedBoundary = 10 + iota
	alternativeBoundary
)

// withInvite puts a composed mail and its calendar part together (RFC 6047 2.4):
//
//	multipart/mixed
//	├─ multipart/alternative
//	│  ├─ text/plain
//	│  ├─ text/html (in multipart/related when it has images)
//	│  └─ text/calendar; method=…        what Gmail and Outlook act on
//	└─ text/calendar attachment          what Apple Mail, and people, can open
//
// Deadlines (METHOD:PUBLISH) ask nothing of anybody; they are an attachment alone.
func withInvite(out scheduler.Outgoing, ics []byte, content fields, body []byte) (fields, []byte, error) {
	method := strings.ToUpper(out.Invite.Method)
	if err := checkCalendar(ics, method); err != nil {
		return nil, nil, err
	}
	seed := seedOf(out) + "\x00" + string(ics)
	var buf bytes.Buffer
	mixed, err := message.CreateWriter(&buf, multipartHead("multipart/mixed", boundary(seed, mixedBoundary)))
	if err != nil {
		return nil, nil, err
	}
	composed, err := entityOf(content, body)
	if err != nil {
		return nil, nil, err
	}
	if method == "PUBLISH" {
		err = copyPart(mixed, composed)
	} else {
		err = alternatives(mixed, composed, ics, method, boundary(seed, alternativeBoundary))
	}
	if err = errors.Join(err, attach(mixed, ics, method), mixed.Close()); err != nil {
		return nil, nil, err
	}
	content, body = contentHead(buf.Bytes())
	return content, body, nil
}

// checkCalendar makes sure that the part says the same as the Content-Type that it gets
// (RFC 6047 2.4): programs that see two methods obey neither.
func checkCalendar(ics []byte, method string) error {
	switch method {
	case "REQUEST", "CANCEL", "DECLINECOUNTER", "PUBLISH":
	default:
		return errors.New("the invite has a method that nobody sends")
	}
	if !bytes.Contains(ics, []byte("\r\nMETHOD:"+method+"\r\n")) {
		return fmt.Errorf("the calendar part does not say METHOD:%s", method)
	}
	return nil
}

func multipartHead(media, boundary string) message.Header {
	var h message.Header
	h.SetContentType(media, map[string]string{"boundary": boundary})
	return h
}

// entityOf reads a composed mail's content again.
func entityOf(content fields, body []byte) (*message.Entity, error) {
	var h message.Header
	for _, f := range content {
		h.Set(f.name, f.value)
	}
	return message.New(h, bytes.NewReader(body))
}

// alternatives writes multipart/alternative: what the mail has, then the calendar part.
// The last is the richest (RFC 2046 5.1.4).
func alternatives(w *message.Writer, composed *message.Entity, ics []byte, method, boundary string) error {
	alt, err := w.CreatePart(multipartHead("multipart/alternative", boundary))
	if err != nil {
		return err
	}
	if media, _, _ := composed.Header.ContentType(); media == "multipart/alternative" {
		err = eachPart(composed, func(e *message.Entity) error { return copyPart(alt, e) })
	} else {
		err = copyPart(alt, composed)
	}
	if err != nil {
		return err
	}
	var h message.Header
	h.SetContentType("text/calendar", map[string]string{"charset": "UTF-8", "method": method})
	h.Set("Content-Transfer-Encoding", calendarEncoding(ics))
	if err := write(alt, h, bytes.NewReader(ics)); err != nil {
		return err
	}
	return alt.Close()
}

// calendarEncoding leaves a calendar part as it is where it is ASCII in short lines, as
// RFC 5545 3.1 folds them; anything else travels as base64.
func calendarEncoding(ics []byte) string {
	if !ascii(ics) {
		return "base64"
	}
	for _, line := range bytes.Split(ics, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			return "base64"
		}
	}
	return "7bit"
}

func attach(w *message.Writer, ics []byte, method string) error {
	name := "invite.ics"
	if method == "PUBLISH" {
		name = "next-steps.ics"
	}
	var h message.Header
	if method == "PUBLISH" {
		h.SetContentType("text/calendar", map[string]string{"charset": "UTF-8", "method": method, "name": name})
	} else {
		h.SetContentType("application/ics", map[string]string{"name": name})
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Transfer-Encoding", "base64")
	return write(w, h, bytes.NewReader(ics))
}

// copyPart writes a part of the composed mail into w. Its headers are set anew, since
// go-message does not fold copied ones.
func copyPart(w *message.Writer, e *message.Entity) error {
	var h message.Header
	media, params, err := e.Header.ContentType()
	if err != nil {
		return err
	}
	h.SetContentType(media, params)
	for _, name := range []string{"Content-Transfer-Encoding", "Content-ID", "Content-Disposition"} {
		if v := e.Header.Get(name); v != "" {
			h.Set(name, v)
		}
	}
	if !strings.HasPrefix(media, "multipart/") {
		return write(w, h, e.Body)
	}
	inner, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if err := eachPart(e, func(p *message.Entity) error { return copyPart(inner, p) }); err != nil {
		return err
	}
	return inner.Close()
}

func write(w *message.Writer, h message.Header, body io.Reader) error {
	p, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if _, err := io.Copy(p, body); err != nil {
		return err
	}
	return p.Close()
}

func eachPart(e *message.Entity, f func(*message.Entity) error) error {
	parts := e.MultipartReader()
	if parts == nil {
		return errors.New("the composed mail has no parts")
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(p); err != nil {
			return err
		}
	}
}
