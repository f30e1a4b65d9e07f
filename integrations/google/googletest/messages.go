package googletest

import (
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

var (
	_ = register("gmail.users.messages.get", func(c *call) (any, *apiError) {
		m := c.user.messages[c.path["id"]]
		if m == nil {
			return nil, notFound
		}
		return m.object(c.query.Get("format"), c.query["metadataHeaders"])
	})
	_ = register("gmail.users.messages.list", func(c *call) (any, *apiError) {
		found, next, err := c.search(c.query.Get("q"), c.query.Get("includeSpamTrash") == "true")
		if err != nil {
			return nil, err
		}
		answer := obj{"resultSizeEstimate": len(found)}
		list := []any{}
		for _, m := range found {
			list = append(list, obj{"id": m.id, "threadId": m.thread})
		}
		if len(list) > 0 {
			answer["messages"] = list
		}
		if next != "" {
			answer["nextPageToken"] = next
		}
		return answer, nil
	})
	_ = register("gmail.users.messages.modify", func(c *call) (any, *apiError) {
		m := c.user.messages[c.path["id"]]
		if m == nil {
			return nil, notFound
		}
		if err := c.modify([]*message{m}); err != nil {
			return nil, err
		}
		return m.object("minimal", nil)
	})
	_ = register("gmail.users.messages.trash", func(c *call) (any, *apiError) {
		m := c.user.messages[c.path["id"]]
		if m == nil {
			return nil, notFound
		}
		c.s.relabel(c.user, m, []string{"TRASH"}, []string{"INBOX"})
		return m.object("minimal", nil)
	})
	_ = register("gmail.users.messages.send", func(c *call) (any, *apiError) {
		raw, thread, err := c.mail(c.body)
		if err != nil {
			return nil, err
		}
		return c.s.send(c.user, raw, thread).object("minimal", nil)
	})
	_ = register("gmail.users.threads.get", func(c *call) (any, *apiError) { return c.thread(c.query.Get("format")) })
	_ = register("gmail.users.threads.modify", func(c *call) (any, *apiError) {
		list := c.user.threadMessages(c.path["id"])
		if len(list) == 0 {
			return nil, notFound
		}
		if err := c.modify(list); err != nil {
			return nil, err
		}
		return c.thread("minimal")
	})
	_ = register("gmail.users.drafts.list", func(c *call) (any, *apiError) {
		found, next, err := c.search(strings.TrimSpace("in:draft "+c.query.Get("q")), false)
		if err != nil {
			return nil, err
		}
		answer := obj{"resultSizeEstimate": len(found)}
		var list []any
		for _, m := range found {
			for id, d := range c.user.drafts {
				if d == m {
					list = append(list, obj{"id": id, "message": obj{"id": m.id, "threadId": m.thread}})
				}
			}
		}
		if len(list) > 0 {
			answer["drafts"] = list
		}
		if next != "" {
			answer["nextPageToken"] = next
		}
		return answer, nil
	})
	_ = register("gmail.users.drafts.get", func(c *call) (any, *apiError) {
		m := c.user.drafts[c.path["id"]]
		if m == nil {
			return nil, notFound
		}
		body, err := m.object(c.query.Get("format"), nil)
		return obj{"id": c.path["id"], "message": body}, err
	})
	_ = register("gmail.users.drafts.create", func(c *call) (any, *apiError) {
		raw, thread, err := c.mail(c.object("message"))
		if err != nil {
			return nil, err
		}
		m := c.s.put(c.user, raw, thread, "DRAFT")
		id := "r" + strconv.FormatInt(int64(c.s.rng.Uint64()), 10) // Google's may be negative
		c.user.drafts[id] = m
		return c.draft(id), nil
	})
	_ = register("gmail.users.drafts.update", func(c *call) (any, *apiError) {
		old := c.user.drafts[c.path["id"]]
		if old == nil {
			return nil, notFound
		}
		raw, thread, err := c.mail(c.object("message"))
		if err != nil {
			return nil, err
		}
		if thread == "" {
			thread = old.thread
		}
		c.s.drop(c.user, old)
		c.user.drafts[c.path["id"]] = c.s.put(c.user, raw, thread, "DRAFT")
		return c.draft(c.path["id"]), nil
	})
	_ = register("gmail.users.drafts.delete", func(c *call) (any, *apiError) {
		m := c.user.drafts[c.path["id"]]
		if m == nil {
			return nil, notFound
		}
		delete(c.user.drafts, c.path["id"])
		c.s.drop(c.user, m)
		return nil, nil
	})
	_ = register("gmail.users.drafts.send", func(c *call) (any, *apiError) {
		m := c.s.sendDraft(c.user, text(c.body, "id"))
		if m == nil {
			return nil, notFound
		}
		return m.object("minimal", nil)
	})
)

func (c *call) draft(id string) obj {
	m := c.user.drafts[id]
	return obj{"id": id, "message": obj{"id": m.id, "threadId": m.thread, "labelIds": []any{"DRAFT"}}}
}

func (c *call) thread(format string) (any, *apiError) {
	list := c.user.threadMessages(c.path["id"])
	if len(list) == 0 {
		return nil, notFound
	}
	out := []any{}
	newest := uint64(0)
	for _, m := range list {
		o, err := m.object(format, c.query["metadataHeaders"])
		if err != nil {
			return nil, err
		}
		out = append(out, o)
		newest = max(newest, m.history)
	}
	return obj{"id": c.path["id"], "historyId": strconv.FormatUint(newest, 10), "messages": out}, nil
}

func (c *call) modify(list []*message) *apiError {
	add, remove := texts(c.body["addLabelIds"]), texts(c.body["removeLabelIds"])
	for _, id := range append(slices.Clone(add), remove...) {
		if c.user.labels[id] == nil {
			return refuse(400, "invalidArgument", "Invalid label: "+id)
		}
		if id == "SENT" || id == "DRAFT" {
			return refuse(400, "invalidArgument", "Cannot modify label "+id)
		}
	}
	if len(add)+len(remove) == 0 {
		return refuse(400, "invalidArgument", "No label add or removes specified")
	}
	for _, m := range list {
		c.s.relabel(c.user, m, add, remove)
	}
	return nil
}

// mail is the mail that a request brings, in its body or beside it, and the thread in
// which it can stand: Gmail wants the headers of an answer and the same subject.
func (c *call) mail(body obj) (raw []byte, thread string, failed *apiError) {
	raw = c.media
	if raw == nil {
		var err error
		if raw, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(text(body, "raw"), "=")); err != nil {
			return nil, "", refuse(400, "invalidArgument", "Invalid value for ByteString")
		}
	}
	if len(raw) == 0 {
		return nil, "", refuse(400, "invalidArgument", "'raw' RFC822 payload message string or uploading message via /upload/* URL required")
	}
	if len(raw) > maxBody {
		return nil, "", refuse(413, "uploadTooLarge", "Request Entity Too Large")
	}
	thread = text(body, "threadId")
	if thread != "" {
		if len(c.user.threadMessages(thread)) == 0 {
			return nil, "", notFound
		}
		if c.s.threadOf(c.user, headOf(raw)) != thread {
			thread = ""
		}
	}
	return raw, thread, nil
}

// object is a message as the API shows it.
func (m *message) object(format string, headers []string) (obj, *apiError) {
	o := obj{
		"id": m.id, "threadId": m.thread, "historyId": strconv.FormatUint(m.history, 10),
		"internalDate": strconv.FormatInt(m.at.UnixMilli(), 10), "sizeEstimate": len(m.raw), "snippet": m.snippet(),
	}
	if len(m.labels) > 0 {
		o["labelIds"] = anys(slices.Sorted(maps.Keys(m.labels)))
	}
	switch format {
	case "minimal":
	case "raw":
		o["raw"] = base64.URLEncoding.EncodeToString(m.raw)
	case "metadata":
		o["payload"] = obj{"mimeType": m.mimeType(), "headers": rawHeaders(m.raw, headers)}
	case "full", "":
		o["payload"] = part("", rawHeaders(m.raw, nil), textproto.MIMEHeader(m.head), bodyOf(m.raw))
	default:
		return nil, refuse(400, "invalidArgument", "Invalid format")
	}
	return o, nil
}

func (m *message) mimeType() string {
	t, _, err := mime.ParseMediaType(m.head.Get("Content-Type"))
	if err != nil {
		return "text/plain"
	}
	return t
}

func (m *message) snippet() string {
	s := strings.Join(strings.Fields(string(bodyOf(m.raw))), " ")
	return s[:min(len(s), 100)]
}

// rawHeaders are a mail's header fields as they stand, unfolded, in order.
func rawHeaders(raw []byte, only []string) []any {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	out := []any{}
	for line := range strings.SplitSeq(string(head), "\n") {
		if n := len(out); n > 0 && strings.HasPrefix(line, " ") || n > 0 && strings.HasPrefix(line, "\t") {
			last := out[n-1].(obj)
			last["value"] = last["value"].(string) + " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if ok {
			out = append(out, obj{"name": name, "value": strings.TrimSpace(value)})
		}
	}
	if len(only) == 0 {
		return out
	}
	return slices.DeleteFunc(out, func(x any) bool {
		return !slices.ContainsFunc(only, func(n string) bool { return strings.EqualFold(n, x.(obj)["name"].(string)) })
	})
}

// part is one part of a mail with what is below it.
func part(id string, headers []any, h textproto.MIMEHeader, body []byte) obj {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	o := obj{"partId": id, "mimeType": kind, "filename": "", "headers": headers, "body": obj{"size": len(body)}}
	if !strings.HasPrefix(kind, "multipart/") {
		o["body"].(obj)["data"] = base64.URLEncoding.EncodeToString(body)
		return o
	}
	parts := []any{}
	mr := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for i := 0; ; i++ {
		p, err := mr.NextPart()
		if err != nil {
			break
		}
		b, _ := io.ReadAll(p)
		var hs []any
		for _, name := range slices.Sorted(maps.Keys(p.Header)) {
			hs = append(hs, obj{"name": name, "value": p.Header.Get(name)})
		}
		sub := strconv.Itoa(i)
		if id != "" {
			sub = id + "." + sub
		}
		parts = append(parts, part(sub, hs, p.Header, b))
	}
	o["parts"] = parts
	return o
}

func decodeWords(s string) string {
	if d, err := new(mime.WordDecoder).DecodeHeader(s); err == nil {
		return d
	}
	return s
}
