package googletest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// search finds mails, the latest first, in Gmail's own language, as far as indy speaks it.
// An operator that is not known here fails the test rather than find something else.
func (c *call) search(q string, spamTrash bool) (page []*message, next string, failed *apiError) {
	terms := splitQuery(q)
	c.known(terms)
	var found []*message
	for _, m := range slices.Backward(c.user.order) {
		if !spamTrash && (m.labels["SPAM"] || m.labels["TRASH"]) && !strings.Contains(q, "in:") {
			continue
		}
		if q != "" && q != "in:draft" && c.s.now().Sub(m.at) < c.s.o.SearchLag {
			continue
		}
		if c.hasLabels(m) && (c.s.o.LooseSearch && (!strings.HasPrefix(q, "in:draft") || m.labels["DRAFT"]) || c.matches(m, terms)) {
			found = append(found, m)
		}
	}
	size, from := limit(c, 100, 500), 0
	if p := c.query.Get("pageToken"); p != "" {
		var err error
		if from, err = strconv.Atoi(p); err != nil || from > len(found) {
			return nil, "", refuse(400, "invalidArgument", "Invalid pageToken")
		}
	}
	found = found[from:]
	if len(found) > size {
		return found[:size], strconv.Itoa(from + size), nil
	}
	return found, "", nil
}

// operators are those that matchesOne knows.
var operators = []string{"in", "is", "label", "from", "to", "subject", "cc", "rfc822msgid", "after", "before", "newer_than", "older_than", "has"}

// known tells of operators that are not known here, even when there is no mail to try them on.
func (c *call) known(terms []string) {
	for _, t := range terms {
		if op, _, ok := strings.Cut(strings.TrimPrefix(t, "-"), ":"); ok && !slices.Contains(operators, op) {
			c.s.violate("the search term %q is not known to this fake", t)
		}
	}
}

func (c *call) hasLabels(m *message) bool {
	for _, l := range c.query["labelIds"] {
		if !m.labels[l] {
			return false
		}
	}
	return true
}

// splitQuery takes a query into its terms; quotes hold words together.
func splitQuery(q string) (terms []string) {
	var b strings.Builder
	quoted := false
	for _, r := range q + " " {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			if b.Len() > 0 {
				terms = append(terms, b.String())
				b.Reset()
			}
		default:
			b.WriteRune(r)
		}
	}
	return terms
}

func (c *call) matches(m *message, terms []string) bool {
	for _, t := range terms {
		not := strings.HasPrefix(t, "-")
		if c.matchesOne(m, strings.TrimPrefix(t, "-")) == not {
			return false
		}
	}
	return true
}

func (c *call) matchesOne(m *message, term string) bool {
	op, arg, ok := strings.Cut(term, ":")
	low := strings.ToLower(arg)
	has := func(name string) bool { return strings.Contains(strings.ToLower(decodeWords(m.head.Get(name))), low) }
	if !ok {
		return strings.Contains(strings.ToLower(decodeWords(m.head.Get("Subject"))+string(bodyOf(m.raw))), strings.ToLower(term))
	}
	switch op {
	case "in":
		return c.in(m, low)
	case "is":
		return m.labels[strings.ToUpper(low)]
	case "label":
		for id, l := range c.user.labels {
			if m.labels[id] && strings.EqualFold(strings.NewReplacer("/", "-", " ", "-").Replace(l.name), strings.NewReplacer("/", "-", " ", "-").Replace(arg)) {
				return true
			}
		}
		return false
	case "from", "to", "subject", "cc":
		return has(op) || op == "to" && has("cc")
	case "rfc822msgid":
		return strings.Trim(m.head.Get("Message-Id"), "<>") == strings.Trim(arg, "<>")
	case "after", "before", "newer_than", "older_than":
		return c.when(m, op, low)
	case "has":
		return low == "attachment" && strings.Contains(string(m.raw), "Content-Disposition: attachment")
	}
	return false
}

func (c *call) in(m *message, where string) bool {
	switch where {
	case "anywhere":
		return true
	case "draft", "drafts":
		return m.labels["DRAFT"]
	case "chats":
		return m.labels["CHAT"]
	case "inbox", "sent", "spam", "trash":
		return m.labels[strings.ToUpper(where)]
	}
	c.s.violate("in:%s is not known to this fake", where)
	return false
}

func (c *call) when(m *message, op, arg string) bool {
	switch op {
	case "after", "before":
		t, err := time.Parse("2006/1/2", arg)
		if err != nil {
			secs, err := strconv.ParseInt(arg, 10, 64)
			if err != nil {
				c.s.violate("%s:%s is no time", op, arg)
			}
			t = time.Unix(secs, 0)
		}
		if op == "after" {
			return !m.at.Before(t)
		}
		return m.at.Before(t)
	}
	n, err := strconv.Atoi(strings.TrimRight(arg, "dmy"))
	days := map[byte]int{'d': 1, 'm': 30, 'y': 365}[arg[len(arg)-1]]
	if err != nil || days == 0 {
		c.s.violate("%s:%s is no age", op, arg)
	}
	young := c.s.now().Sub(m.at) < time.Duration(n*days)*24*time.Hour
	return young == (op == "newer_than")
}
