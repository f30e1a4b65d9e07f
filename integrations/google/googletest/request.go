package googletest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is what Gmail takes.
const maxBody = 36700160

// read takes the request apart and holds it against the document.
func (c *call) read(r *http.Request) error {
	if err := c.checkQuery(); err != nil {
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1<<20))
	if err != nil {
		return err
	}
	upload := strings.HasPrefix(r.URL.Path, "/upload/")
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case upload && !c.m.SupportsMediaUpload:
		return errors.New("nothing can be uploaded here")
	case upload && c.query.Get("uploadType") == "multipart":
		if raw, err = c.split(raw, kind, params["boundary"]); err != nil {
			return err
		}
	case upload && c.query.Get("uploadType") == "media":
		c.media, raw = raw, nil
	case upload:
		return fmt.Errorf("uploadType=%s", c.query.Get("uploadType"))
	case len(raw) > 0 && kind != "application/json":
		return fmt.Errorf("Content-Type %q", kind)
	}
	return c.decode(raw)
}

func (c *call) decode(raw []byte) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		if c.m.Request.Ref != "" && c.media == nil && c.m.HTTPMethod != "GET" && c.m.HTTPMethod != "DELETE" {
			return errors.New("a body is missing")
		}
		return nil
	}
	if c.m.Request.Ref == "" {
		return errors.New("there must be no body")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&c.body); err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	if c.s.o.Unchecked {
		return nil
	}
	return c.m.doc.check(c.body, &schema{Ref: c.m.Request.Ref}, c.m.ID+" request")
}

// split takes an upload of JSON and mail apart (RFC 2387).
func (c *call) split(raw []byte, kind, boundary string) ([]byte, error) {
	if kind != "multipart/related" {
		return nil, fmt.Errorf("Content-Type %q of an upload", kind)
	}
	mr := multipart.NewReader(bytes.NewReader(raw), boundary)
	var parts [][]byte
	for i := 0; ; i++ {
		p, err := mr.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		if t := p.Header.Get("Content-Type"); i == 1 && !strings.HasPrefix(t, "message/") {
			return nil, fmt.Errorf("an upload of %q, not message/*", t)
		}
		parts = append(parts, b)
	}
	if len(parts) != 2 {
		return nil, fmt.Errorf("an upload of %d parts", len(parts))
	}
	c.media = parts[1]
	return parts[0], nil
}

// checkQuery holds the query against the document.
func (c *call) checkQuery() error {
	if c.s.o.Unchecked {
		return nil
	}
	for name, values := range c.query {
		p := c.m.Parameters[name]
		if p == nil {
			p = c.m.doc.Parameters[name]
		}
		if p == nil || p.Location == "path" {
			return fmt.Errorf("unknown parameter %q", name)
		}
		if len(values) > 1 && !p.Repeated {
			return fmt.Errorf("parameter %q is given %d times", name, len(values))
		}
		for _, v := range values {
			if err := p.checkText(v); err != nil {
				return fmt.Errorf("parameter %q: %w", name, err)
			}
		}
	}
	for name, p := range c.m.Parameters {
		if p.Required && p.Location == "query" && !c.query.Has(name) {
			return fmt.Errorf("parameter %q is missing", name)
		}
	}
	return nil
}

// text, whole and flag read the body's fields.
func text(o obj, name string) string { s, _ := o[name].(string); return s }

func texts(v any) (out []string) {
	list, _ := v.([]any)
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (c *call) object(name string) obj { o, _ := c.body[name].(obj); return o }

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
