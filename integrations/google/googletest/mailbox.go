package googletest

import (
	"bytes"
	"maps"
	"net/mail"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// user is one mailbox.
type user struct {
	address, name string
	messages      map[string]*message
	order         []*message // as they came
	drafts        map[string]*message
	labels        map[string]*label
	records       []record
	history       uint64
	kept          uint64 // history before it is forgotten
	topic         string // told of changes
	topicUntil    time.Time
	topicLabels   []string
	sendAs        []string
}

type label struct{ id, name, kind string }

type message struct {
	id, thread string
	labels     map[string]bool
	raw        []byte
	head       mail.Header
	at         time.Time // internalDate
	history    uint64
}

// record is one entry of a mailbox's history.
type record struct {
	id      uint64
	kind    string // messageAdded, messageDeleted, labelAdded, labelRemoved
	message string
	thread  string
	labels  []string // of the message after it
	changed []string
}

var systemLabels = []string{"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "CHAT",
	"CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS"}

// AddUser opens an account with a mailbox and a primary calendar in that zone.
func (s *Server) AddUser(address, name, zone string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	address = strings.ToLower(address)
	u := &user{address: address, name: name, messages: map[string]*message{}, drafts: map[string]*message{}, labels: map[string]*label{}}
	// Neither small nor dense, nor within what a signed number holds.
	u.history = 1<<63 + s.rng.Uint64N(1<<40)
	for _, id := range systemLabels {
		u.labels[id] = &label{id, id, "system"}
	}
	s.users[address] = u
	s.calendars[address] = &cal{id: address, owner: address, summary: name, zone: zone, events: map[string]*event{}, shared: map[string]string{}}
	return &User{s: s, u: u}
}

// User is an account, for tests to act as the person whose it is.
type User struct {
	s *Server
	u *user
}

// User is the account of that address, or nil.
func (s *Server) User(address string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[strings.ToLower(address)]; u != nil {
		return &User{s, u}
	}
	return nil
}

func (s *Server) mustUser(address string) *user {
	u := s.users[strings.ToLower(address)]
	if u == nil {
		s.violate("there is no user %s", address)
		u = &user{}
	}
	return u
}

func (s *Server) addresses() []string { return slices.Sorted(maps.Keys(s.users)) }

// bump is the next place in the history, some way from the last.
func (s *Server) bump(u *user) uint64 {
	u.history += 1 + s.rng.Uint64N(5000)
	return u.history
}

func (s *Server) note(u *user, kind string, m *message, changed []string) {
	id := s.bump(u)
	m.history = id
	u.records = append(u.records, record{id: id, kind: kind, message: m.id, thread: m.thread, labels: slices.Sorted(maps.Keys(m.labels)), changed: changed})
	s.publish(u, m)
}

// put files a mail in a mailbox.
func (s *Server) put(u *user, raw []byte, thread string, labels ...string) *message {
	m := &message{id: s.hex(), raw: raw, at: s.now(), labels: map[string]bool{}, head: headOf(raw)}
	for _, l := range labels {
		m.labels[l] = true
	}
	if m.thread = thread; thread == "" {
		if m.thread = s.threadOf(u, m.head); m.thread == "" {
			m.thread = m.id
		}
	}
	u.messages[m.id] = m
	u.order = append(u.order, m)
	s.note(u, "messageAdded", m, nil)
	return m
}

// drop takes a mail out for good.
func (s *Server) drop(u *user, m *message) {
	delete(u.messages, m.id)
	u.order = slices.DeleteFunc(u.order, func(x *message) bool { return x == m })
	s.note(u, "messageDeleted", m, nil)
}

func headOf(raw []byte) mail.Header {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return mail.Header{}
	}
	return m.Header
}

func bodyOf(raw []byte) []byte {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		return raw[i+4:]
	}
	if i := bytes.Index(raw, []byte("\n\n")); i >= 0 {
		return raw[i+2:]
	}
	return nil
}

// threadOf is the thread that a mail belongs to: of what it answers, with the same subject.
func (s *Server) threadOf(u *user, h mail.Header) string {
	refs := strings.Fields(h.Get("In-Reply-To") + " " + h.Get("References"))
	for _, m := range slices.Backward(u.order) {
		if slices.Contains(refs, m.head.Get("Message-Id")) && (s.o.AnyThread || baseSubject(m.head) == baseSubject(h)) && !m.labels["TRASH"] {
			return m.thread
		}
	}
	return ""
}

// baseSubject is a subject without what answering and forwarding put before it.
func baseSubject(h mail.Header) string {
	s := strings.TrimSpace(decodeWords(h.Get("Subject")))
	for {
		low := strings.ToLower(s)
		cut := false
		for _, p := range []string{"re:", "fw:", "fwd:", "aw:", "rv:", "accepted:", "declined:", "tentative:"} {
			if strings.HasPrefix(low, p) {
				s, cut = strings.TrimSpace(s[len(p):]), true
			}
		}
		if !cut {
			return strings.ToLower(s)
		}
	}
}

func (u *user) threadMessages(thread string) (list []*message) {
	for _, m := range u.order {
		if m.thread == thread {
			list = append(list, m)
		}
	}
	return list
}

// relabel changes a mail's labels and notes what changed.
func (s *Server) relabel(u *user, m *message, add, remove []string) {
	var added, removed []string
	for _, l := range add {
		if !m.labels[l] {
			m.labels[l] = true
			added = append(added, l)
		}
	}
	for _, l := range remove {
		if m.labels[l] {
			delete(m.labels, l)
			removed = append(removed, l)
		}
	}
	if len(added) > 0 {
		s.note(u, "labelAdded", m, added)
	}
	if len(removed) > 0 {
		s.note(u, "labelRemoved", m, removed)
	}
}

var (
	_ = register("gmail.users.getProfile", func(c *call) (any, *apiError) {
		threads := map[string]bool{}
		for _, m := range c.user.order {
			threads[m.thread] = true
		}
		return obj{"emailAddress": c.user.address, "messagesTotal": len(c.user.order), "threadsTotal": len(threads), "historyId": strconv.FormatUint(c.user.history, 10)}, nil
	})
	_ = register("gmail.users.history.list", listHistory)
	_ = register("gmail.users.labels.list", func(c *call) (any, *apiError) {
		ids := slices.Sorted(maps.Keys(c.user.labels))
		out := []any{}
		for _, id := range ids {
			out = append(out, c.user.labels[id].object())
		}
		return obj{"labels": out}, nil
	})
	_ = register("gmail.users.labels.get", func(c *call) (any, *apiError) {
		if l := c.user.labels[c.path["id"]]; l != nil {
			return l.object(), nil
		}
		return nil, notFound
	})
	_ = register("gmail.users.labels.create", func(c *call) (any, *apiError) {
		return c.s.makeLabel(c.user, text(c.body, "name"))
	})
	_ = register("gmail.users.labels.patch", func(c *call) (any, *apiError) { return c.renameLabel() })
	_ = register("gmail.users.labels.update", func(c *call) (any, *apiError) { return c.renameLabel() })
	_ = register("gmail.users.labels.delete", func(c *call) (any, *apiError) {
		if l := c.user.labels[c.path["id"]]; l == nil || l.kind == "system" {
			return nil, notFound
		}
		c.s.deleteLabel(c.user, c.path["id"])
		return nil, nil
	})
	_ = register("gmail.users.settings.sendAs.list", func(c *call) (any, *apiError) {
		out := []any{obj{"sendAsEmail": c.user.address, "isPrimary": true, "isDefault": true, "displayName": c.user.name}}
		for _, a := range c.user.sendAs {
			out = append(out, obj{"sendAsEmail": a, "verificationStatus": "accepted"})
		}
		return obj{"sendAs": out}, nil
	})
	_ = register("gmail.users.watch", func(c *call) (any, *apiError) {
		if !strings.HasPrefix(text(c.body, "topicName"), "projects/") {
			return nil, refuse(400, "invalidArgument", "Invalid topicName")
		}
		c.user.topic, c.user.topicUntil = text(c.body, "topicName"), c.s.now().Add(7*24*time.Hour)
		c.user.topicLabels = texts(c.body["labelIds"])
		return obj{"historyId": strconv.FormatUint(c.user.history, 10), "expiration": strconv.FormatInt(c.user.topicUntil.UnixMilli(), 10)}, nil
	})
	_ = register("gmail.users.stop", func(c *call) (any, *apiError) { c.user.topic = ""; return nil, nil })
)

func (l *label) object() obj {
	return obj{"id": l.id, "name": l.name, "type": l.kind, "labelListVisibility": "labelShow", "messageListVisibility": "show"}
}

func (s *Server) makeLabel(u *user, name string) (any, *apiError) {
	if strings.TrimSpace(name) == "" {
		return nil, refuse(400, "invalidArgument", "Invalid label name")
	}
	for _, l := range u.labels {
		if strings.EqualFold(l.name, name) {
			return nil, refuse(409, "aborted", "Label name exists or conflicts")
		}
	}
	l := &label{id: "Label_" + strconv.FormatUint(s.rng.Uint64(), 10), name: name, kind: "user"}
	u.labels[l.id] = l
	return l.object(), nil
}

func (c *call) renameLabel() (any, *apiError) {
	l := c.user.labels[c.path["id"]]
	if l == nil || l.kind == "system" {
		return nil, notFound
	}
	if n := text(c.body, "name"); n != "" {
		l.name = n
	}
	return l.object(), nil
}

func (s *Server) deleteLabel(u *user, id string) {
	delete(u.labels, id)
	for _, m := range u.order {
		if m.labels[id] {
			s.relabel(u, m, nil, []string{id})
		}
	}
}

// listHistory gives the records after a place, as long as they are kept.
func listHistory(c *call) (any, *apiError) {
	u := c.user
	start, err := strconv.ParseUint(c.query.Get("startHistoryId"), 10, 64)
	if err != nil {
		return nil, refuse(400, "invalidArgument", "Missing/invalid startHistoryId")
	}
	if start < u.kept || start > u.history {
		return nil, notFound
	}
	size := limit(c, 100, 500)
	kinds := c.query["historyTypes"]
	first := sort.Search(len(u.records), func(i int) bool { return u.records[i].id > start })
	if p := c.query.Get("pageToken"); p != "" {
		after, err := strconv.ParseUint(p, 10, 64)
		if err != nil {
			return nil, refuse(400, "invalidArgument", "Invalid pageToken")
		}
		first = sort.Search(len(u.records), func(i int) bool { return u.records[i].id > after })
	}
	answer := obj{"historyId": strconv.FormatUint(u.history, 10)}
	var list []any
	for _, r := range u.records[first:] {
		if len(kinds) > 0 && !slices.Contains(kinds, r.kind) || c.query.Has("labelId") && !slices.Contains(r.labels, c.query.Get("labelId")) {
			continue
		}
		if len(list) == size {
			last := list[len(list)-1].(obj)["id"]
			answer["nextPageToken"] = last
			break
		}
		list = append(list, r.object())
	}
	if len(list) > 0 {
		answer["history"] = list
	}
	return answer, nil
}

func (r record) object() obj {
	about := obj{"id": r.message, "threadId": r.thread}
	if len(r.labels) > 0 {
		about["labelIds"] = anys(r.labels)
	}
	o := obj{"id": strconv.FormatUint(r.id, 10), "messages": []any{obj{"id": r.message, "threadId": r.thread}}}
	switch r.kind {
	case "messageAdded":
		o["messagesAdded"] = []any{obj{"message": about}}
	case "messageDeleted":
		o["messagesDeleted"] = []any{obj{"message": about}}
	case "labelAdded":
		o["labelsAdded"] = []any{obj{"message": about, "labelIds": anys(r.changed)}}
	case "labelRemoved":
		o["labelsRemoved"] = []any{obj{"message": about, "labelIds": anys(r.changed)}}
	}
	return o
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func limit(c *call, usual, most int) int {
	n, err := strconv.Atoi(c.query.Get("maxResults"))
	if err != nil || n <= 0 {
		return usual
	}
	return min(n, most)
}
