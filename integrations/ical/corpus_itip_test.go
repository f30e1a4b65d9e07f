package ical

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

type corpusMessage struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind"`
	Files    map[string]string `json:"files"`
	Expected struct {
		Calendars []struct {
			Method     string            `json:"method"`
			Components []corpusComponent `json:"components"`
		} `json:"calendars"`
		Sequence *bool `json:"sequence_check"`
		Accepted *bool `json:"accepted"`
	} `json:"expected"`
}

type corpusComponent struct {
	Type, UID, Summary, Status, Organizer string
	Sequence                              *int
	Start                                 string `json:"dtstart"`
	End                                   string `json:"dtend"`
	RecurrenceID                          string `json:"recurrence_id"`
	Attendees                             [][]string
}

func corpusMessages(t *testing.T, name string) (list []corpusMessage) {
	t.Helper()
	b, err := io.ReadAll(openCorpus(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func corpusFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpora, "itip", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// calendarParts are the text/calendar parts of a mail, as the mail room hands them over.
func calendarParts(t *testing.T, raw []byte) (parts [][]byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	var walk func(contentType, encoding string, body io.Reader)
	walk = func(contentType, encoding string, body io.Reader) {
		media, params, _ := mime.ParseMediaType(contentType)
		switch strings.ToLower(encoding) {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		}
		if strings.HasPrefix(media, "multipart/") {
			for r := multipart.NewReader(body, params["boundary"]); ; {
				p, err := r.NextRawPart()
				if err != nil {
					return
				}
				walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
			}
		}
		if b, err := io.ReadAll(body); err == nil && (media == "text/calendar" || media == "application/ics") {
			parts = append(parts, b)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return parts
}

// TestCorpusITIP reads messages on which two independent parsers agree to the same values.
func TestCorpusITIP(t *testing.T) {
	events := 0
	for _, m := range corpusMessages(t, "itip/index.json") {
		if m.Kind != "message" && m.Kind != "mail_with_message" {
			continue
		}
		b := corpusFile(t, m.Files["input"])
		if m.Kind == "mail_with_message" {
			parts := calendarParts(t, b)
			if len(parts) == 0 { // mail that only a mail reader can open
				t.Logf("%s: no calendar part", m.ID)
				continue
			}
			b = parts[0]
		}
		n := 0
		rest := b
		for _, want := range m.Expected.Calendars {
			cal, next := nextCalendar(t, rest)
			rest = next
			for _, w := range want.Components {
				if w.Type == "VEVENT" {
					compareEvent(t, m.ID, cal, n, want.Method, w)
					n++
				}
			}
			n = 0
			events += len(want.Components)
		}
	}
	t.Logf("%d components", events)
}

// nextCalendar parses the first VCALENDAR and answers what follows it.
func nextCalendar(t *testing.T, b []byte) (*component, []byte) {
	t.Helper()
	cal, err := parse(b)
	if err != nil {
		t.Errorf("%v", err)
		return &component{}, nil
	}
	end := bytes.Index(bytes.ToUpper(b), []byte("END:VCALENDAR"))
	if end < 0 {
		return cal, nil
	}
	return cal, b[end+len("END:VCALENDAR"):]
}

func compareEvent(t *testing.T, id string, cal *component, n int, method string, want corpusComponent) {
	t.Helper()
	var c *component
	for _, x := range cal.children {
		if x.name == "VEVENT" {
			if n--; n < 0 {
				c = x
				break
			}
		}
	}
	if c == nil {
		t.Errorf("%s: event is missing", id)
		return
	}
	got := decodeITIP(c, cal, methodOf(cal.text("METHOD")))
	check := func(what string, got, expected any) {
		if got != expected {
			t.Errorf("%s: %s: %s is %v, want %v", id, clip([]byte(want.UID)), what, got, expected)
		}
	}
	if method != "" {
		check("METHOD", got.Method, strings.TrimSpace(method))
	}
	check("UID", got.UID, strings.TrimSpace(want.UID))
	check("SUMMARY", oneSpace(got.Summary), oneSpace(want.Summary))
	if want.Sequence != nil {
		check("SEQUENCE", got.Sequence, *want.Sequence)
	}
	if want.Start != "" {
		check("DTSTART", sameTime(cal, c, "DTSTART", want.Start), want.Start)
	}
	if want.End != "" {
		check("DTEND", sameTime(cal, c, "DTEND", want.End), want.End)
	}
	if p, ok := c.get("ORGANIZER"); ok && want.Organizer != "" {
		check("ORGANIZER", strings.ToLower(address(p).Addr), strings.ToLower(want.Organizer))
	}
	var have, expected []string
	for _, p := range c.props {
		if p.name == "ATTENDEE" {
			have = append(have, strings.ToLower(address(p).Addr)+" "+partStat(strings.ToUpper(p.param("PARTSTAT"))))
		}
	}
	for _, a := range want.Attendees {
		stat := ""
		if len(a) > 1 {
			stat = strings.ToUpper(a[1])
		}
		expected = append(expected, strings.ToLower(strings.TrimSpace(a[0]))+" "+partStat(stat))
	}
	slices.Sort(have)
	slices.Sort(expected)
	check("ATTENDEEs", strings.Join(have, ", "), strings.Join(expected, ", "))
}

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// sameTime answers with want if the property is that time, else with what it is.
func sameTime(cal, c *component, name, want string) string {
	p, _ := c.get(name)
	m, clock, _, err := cal.moment(p)
	if err != nil {
		return err.Error()
	}
	var got string
	switch {
	case m.kind == isDay:
		got = time.Unix(int64(m.w), 0).UTC().Format(time.DateOnly)
	case strings.HasSuffix(want, "Z"):
		got = at(clock, m.w).Format(time.RFC3339)
	default:
		got = time.Unix(int64(m.w), 0).UTC().Format("2006-01-02T15:04:05")
	}
	return got
}

// TestCorpusMessages reads the messages of scenarios. What is to be done about each is for the
// scheduler; here each has its method, its event and, in a REPLY, who answers what.
func TestCorpusMessages(t *testing.T) {
	n := 0
	for _, m := range corpusMessages(t, "itip/index.json") {
		for what, name := range m.Files {
			if !strings.HasPrefix(what, "message") {
				continue
			}
			n++
			b := corpusFile(t, name)
			list, err := DecodeITIP(b, "REQUEST")                                            // some have their method in the mail
			if err != nil || (len(list) == 0) == bytes.Contains(b, []byte("BEGIN:VEVENT")) { // polls and the like ask nothing of us
				t.Errorf("%s: %d events, %v", name, len(list), err)
				continue
			}
			for _, x := range list {
				if x.Method == "" || x.UID == "" || x.Method == "REPLY" && x.Attendee.Addr == "" {
					t.Errorf("%s: read as %+v", name, x)
				}
			}
		}
	}
	t.Logf("%d messages", n)
}

// TestCorpusDisputed only must not crash, hang or refuse for another reason than it says.
func TestCorpusDisputed(t *testing.T) {
	for _, m := range corpusMessages(t, "itip/disputed.json") {
		b := corpusFile(t, m.Files["input"])
		parts := [][]byte{b}
		if strings.HasSuffix(m.Files["input"], ".eml") {
			parts = calendarParts(t, b)
		}
		for _, part := range parts {
			list, err := DecodeITIP(part, "")
			t.Logf("%s: %d events, %v", m.ID, len(list), err)
		}
	}
}
