package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/jordan-wright/email"

	"indy/integrations/ical"
	"indy/scheduler"
)

// Composer makes the final bytes of a mail. The zero value is ready.
type Composer struct{}

// Compose makes the bytes of a mail (RFC 5322, 2045, 6047): CRLF lines of at most 998
// octets, headers folded at 78, ASCII throughout. The same Outgoing gives the same bytes.
// An error means that the letter must not go as it is; it names no address.
func (Composer) Compose(out scheduler.Outgoing) ([]byte, error) {
	raw, err := compose(out, ical.EncodeInvite)
	if err != nil {
		return nil, fmt.Errorf("compose a mail: %w", err)
	}
	return raw, nil
}

// compose is Compose with the calendar's bytes made by encode.
func compose(out scheduler.Outgoing, encode func(scheduler.Invite) ([]byte, error)) ([]byte, error) {
	if err := check(out); err != nil {
		return nil, err
	}
	head, err := outerHead(out)
	if err != nil {
		return nil, err
	}
	composed, err := ordinary(out)
	if err != nil {
		return nil, err
	}
	content, body := contentHead(composed)
	if out.Invite != nil {
		ics, err := encode(*out.Invite)
		if err != nil {
			return nil, err
		}
		if content, body, err = withInvite(out, ics, content, body); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	b.Grow(len(body) + 1<<10)
	for _, f := range append(head, content...) {
		b.WriteString(fold(f.name, f.value))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes(), nil
}

// outerHead is everything but the content's own fields, in the order that people's mail
// programs use. Nothing in it says that a program wrote the mail, except where RFC 3834
// asks for it.
func outerHead(out scheduler.Outgoing) (fields, error) {
	from, err := mailbox("From", out.From)
	if err != nil {
		return nil, err
	}
	to, err := mailbox("To", out.To)
	if err != nil {
		return nil, err
	}
	h := fields{
		{"MIME-Version", "1.0"},
		{"Date", out.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")},
	}
	if out.InReplyTo != "" {
		h = append(h, field{"In-Reply-To", "<" + out.InReplyTo + ">"})
	}
	if refs := references(out); len(refs) > 0 {
		h = append(h, field{"References", "<" + strings.Join(refs, "> <") + ">"})
	}
	h = append(h,
		field{"Message-ID", "<" + out.MessageID + ">"},
		field{"Subject", encoded(out.Rendered.Subject)},
		field{"From", from},
		field{"To", to},
	)
	if out.Auto {
		h = append(h, field{"Auto-Submitted", "auto-generated"}) // RFC 3834 5
	}
	if out.Unsubscribe {
		own, _ := addrSpec(out.From.Addr)
		h = append(h, field{"List-Unsubscribe", "<mailto:" + url.PathEscape(own) + "?subject=stop>"}) // RFC 2369 3.2, RFC 6068
	}
	return h, nil
}

// references ends in what is answered (RFC 5322 3.6.4). Of a long thread the first and the
// last twenty are enough to thread by.
func references(out scheduler.Outgoing) []string {
	refs := out.References
	if n := len(refs); out.InReplyTo != "" && (n == 0 || refs[n-1] != out.InReplyTo) {
		refs = append(refs[:n:n], out.InReplyTo)
	}
	if n := len(refs); n > 21 {
		refs = append(refs[:1:1], refs[n-20:]...)
	}
	return refs
}

// ordinary has jordan-wright/email compose the text, the HTML and its images. Every header
// that it writes is dropped afterwards, but for those that describe the content.
func ordinary(out scheduler.Outgoing) ([]byte, error) {
	e := email.Email{
		// A lone CR has Go's quoted-printable writer lose the next LF.
		Text:    []byte(withLastBreak(toLF(out.Rendered.Text))),
		HTML:    []byte(toLF(out.Rendered.HTML)),
		Headers: textproto.MIMEHeader{"Message-Id": {"x@example.invalid"}, "Date": {"x"}, "From": {"x@example.invalid"}},
	}
	for _, im := range out.Rendered.Images {
		e.Attachments = append(e.Attachments, &email.Attachment{
			Filename: im.CID, ContentType: im.Type, Content: im.Data, HTMLRelated: true,
			Header: textproto.MIMEHeader{"Content-Disposition": {"inline"}},
		})
	}
	raw, err := e.Bytes()
	if err != nil {
		return nil, err
	}
	return settleBoundaries(raw, seedOf(out, nil)), nil
}

// toLF gives text ordinary line ends.
func toLF(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return lineBreaks.Replace(s)
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func withLastBreak(text string) string { return strings.TrimRight(text, "\r\n") + "\n" }

// settleBoundaries replaces the random boundaries of a composed mail by ones that follow
// from the seed, so that a mail can be composed again to the same bytes.
func settleBoundaries(raw []byte, seed string) []byte {
	var split splitter
	var random []string
	split.split(raw, "text/plain", 0).walk(func(p *part) bool {
		if b := p.params["boundary"]; b != "" && len(p.children) > 0 {
			random = append(random, b)
		}
		return true
	})
	for n, old := range random {
		raw = bytes.ReplaceAll(raw, []byte(old), []byte(boundary(seed, n)))
	}
	return raw
}

// boundary is the n-th of a mail. It looks like that of any other program. The seed follows
// from the whole content, so that no content can be written that has its own boundary in it.
func boundary(seed string, n int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n) + "\x00" + seed))
	return hex.EncodeToString(sum[:14])
}

// seedOf is what the boundaries of a mail, and those around its calendar part, follow from.
func seedOf(out scheduler.Outgoing, ics []byte) string {
	sum := sha256.New()
	for _, part := range []string{out.Key, out.MessageID, out.Rendered.Text, out.Rendered.HTML} {
		io.WriteString(sum, part)
		sum.Write([]byte{0})
	}
	sum.Write(ics)
	return string(sum.Sum(nil))
}

// contentHead takes a composed mail apart: the fields that describe its content, and its body.
func contentHead(raw []byte) (content fields, body []byte) {
	h, body := splitHead(raw)
	for _, name := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		if v := h.get(name); v != "" {
			content = append(content, field{name, v})
		}
	}
	return content, body
}
