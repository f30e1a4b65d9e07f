package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

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
	seed := seedOf(out, ics)
	head := multipartHead("multipart/mixed", boundary(seed, mixedBoundary))
	var buf bytes.Buffer
	buf.Grow(len(body) + 3*len(ics) + 4096)
	mixed, err := partsOf(&buf, head)
	if err != nil {
		return nil, nil, err
	}
	composed := entityOf(content, body)
	if method == "PUBLISH" {
		err = copyPart(mixed, composed)
	} else {
		err = alternatives(mixed, composed, ics, method, boundary(seed, alternativeBoundary))
	}
	if err = errors.Join(err, attach(mixed, ics, method), mixed.Close()); err != nil {
		return nil, nil, err
	}
	return fields{{"Content-Type", head.Get("Content-Type")}}, buf.Bytes(), nil
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

// partsOf writes the parts of what has this head.
func partsOf(w io.Writer, head message.Header) (*textproto.MultipartWriter, error) {
	_, params, err := head.ContentType()
	if err != nil {
		return nil, err
	}
	mw := textproto.NewMultipartWriter(w)
	return mw, mw.SetBoundary(params["boundary"])
}

// An entity is a part as it was composed. Its body is in its transfer encoding and stays
// in it: to decode and encode it again would give the same.
type entity struct {
	head message.Header
	body []byte
}

// entityOf is a composed mail's content.
func entityOf(content fields, body []byte) entity {
	var h message.Header
	for _, f := range content {
		h.Set(f.name, f.value)
	}
	return entity{h, body}
}

// alternatives writes multipart/alternative: what the mail has, then the calendar part.
// The last is the richest (RFC 2046 5.1.4).
func alternatives(w *textproto.MultipartWriter, composed entity, ics []byte, method, boundary string) error {
	head := multipartHead("multipart/alternative", boundary)
	part, err := w.CreatePart(head.Header)
	if err != nil {
		return err
	}
	alt, err := partsOf(part, head)
	if err != nil {
		return err
	}
	if media, _, _ := composed.head.ContentType(); media == "multipart/alternative" {
		err = eachPart(composed, func(e entity) error { return copyPart(alt, e) })
	} else {
		err = copyPart(alt, composed)
	}
	if err != nil {
		return err
	}
	var h message.Header
	h.SetContentType("text/calendar", map[string]string{"charset": "UTF-8", "method": method})
	h.Set("Content-Transfer-Encoding", calendarEncoding(ics))
	if err := write(alt, h, encode(h, ics)); err != nil {
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

// encode brings a part's bytes into the transfer encoding that its head names, base64 in
// lines of 76 (RFC 2045 6.8).
func encode(head message.Header, raw []byte) []byte {
	if head.Get("Content-Transfer-Encoding") != "base64" {
		return raw
	}
	const line = 57 // octets, which make 76 characters
	b := make([]byte, 0, base64.StdEncoding.EncodedLen(len(raw))*78/76+2)
	for len(raw) > line {
		b = append(base64.StdEncoding.AppendEncode(b, raw[:line]), "\r\n"...)
		raw = raw[line:]
	}
	return base64.StdEncoding.AppendEncode(b, raw)
}

func attach(w *textproto.MultipartWriter, ics []byte, method string) error {
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
	return write(w, h, encode(h, ics))
}

// copyPart writes a part of the composed mail into w. Its headers are set anew, since
// go-message does not fold copied ones.
func copyPart(w *textproto.MultipartWriter, e entity) error {
	var h message.Header
	media, params, err := e.head.ContentType()
	if err != nil {
		return err
	}
	h.SetContentType(media, params)
	for _, name := range []string{"Content-Transfer-Encoding", "Content-ID", "Content-Disposition"} {
		if v := e.head.Get(name); v != "" {
			h.Set(name, v)
		}
	}
	if !strings.HasPrefix(media, "multipart/") {
		return write(w, h, e.body)
	}
	h.Del("Content-Transfer-Encoding")
	part, err := w.CreatePart(h.Header)
	if err != nil {
		return err
	}
	inner, err := partsOf(part, h)
	if err != nil {
		return err
	}
	if err := eachPart(e, func(p entity) error { return copyPart(inner, p) }); err != nil {
		return err
	}
	return inner.Close()
}

func write(w *textproto.MultipartWriter, h message.Header, body []byte) error {
	p, err := w.CreatePart(h.Header)
	if err != nil {
		return err
	}
	_, err = p.Write(body)
	return err
}

// eachPart goes through the parts of what ordinary has composed: nothing comes before the
// first of them, and no part has the boundary in it.
func eachPart(e entity, f func(entity) error) error {
	_, params, err := e.head.ContentType()
	if err != nil || params["boundary"] == "" {
		return errors.Join(err, errors.New("the composed mail has no parts"))
	}
	open := []byte("--" + params["boundary"])
	rest, ok := bytes.CutPrefix(e.body, open)
	between := append([]byte("\r\n"), open...)
	for ok && !bytes.HasPrefix(rest, []byte("--")) {
		var part []byte
		if part, rest, ok = bytes.Cut(rest, between); !ok {
			break
		}
		h, body := splitHead(bytes.TrimPrefix(part, []byte("\r\n")))
		for i := range h {
			h[i].value = unfold(h[i].value)
		}
		if err := f(entityOf(h, body)); err != nil {
			return err
		}
	}
	if !ok {
		return errors.New("the composed mail has a part without an end")
	}
	return nil
}
