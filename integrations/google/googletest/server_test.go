package googletest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// notes is a TB that keeps what it is told.
type notes struct{ said []string }

func (n *notes) Helper() {}
func (n *notes) Errorf(format string, args ...any) {
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

type bench struct {
	t     *testing.T
	s     *Server
	notes *notes
	token string
	now   time.Time
}

const all = "https://mail.google.com/ https://www.googleapis.com/auth/calendar"

func newBench(t *testing.T) *bench {
	b := &bench{t: t, notes: &notes{}, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	b.s = New(b.notes, Options{Now: func() time.Time { return b.now }})
	b.s.AddUser("maria@example.org", "Maria Lopez", "America/Los_Angeles")
	b.s.AddUser("ana@example.org", "Ana Ruiz", "America/New_York")
	b.token = b.as("maria@example.org", all)
	return b
}

// as signs in.
func (b *bench) as(address, scopes string) string {
	refresh := b.s.SignIn(address, strings.Fields(scopes)...)
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	return b.s.issue(b.s.auth.refresh[refresh])["access_token"].(string)
}

// call is one request; the answer's status and JSON.
func (b *bench) call(verb, path, body string, header ...string) (int, map[string]any) {
	b.t.Helper()
	req, err := http.NewRequest(verb, Endpoint+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.s.Transport().RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	var out map[string]any
	json.Unmarshal(raw, &out)
	return res.StatusCode, out
}

// TestBreachesAreTold is the fake's reason to be: what Google would not take fails the test.
func TestBreachesAreTold(t *testing.T) {
	event := `"start":{"dateTime":"2026-03-03T10:00:00Z"},"end":{"dateTime":"2026-03-03T11:00:00Z"}`
	for _, c := range []struct{ verb, path, body, says string }{
		{"GET", "/gmail/v1/users/me/nothing", "", "no such method"},
		{"PUT", "/gmail/v1/users/me/profile", "", "no such method"},
		{"GET", "/gmail/v1/users/me/messages?query=x", "", `unknown parameter "query"`},
		{"GET", "/gmail/v1/users/me/messages?maxResults=many", "", `parameter "maxResults"`},
		{"GET", "/gmail/v1/users/me/messages?q=a&q=b", "", `parameter "q" is given 2 times`},
		{"GET", "/gmail/v1/users/me/messages?q=sent-by:x", "", `the search term "sent-by:x"`},
		{"GET", "/gmail/v1/users/me/history?startHistoryId=-1", "", `parameter "startHistoryId"`},
		{"GET", "/gmail/v1/users/me/history?startHistoryId=1&historyTypes=added", "", "none of"},
		{"GET", "/gmail/v1/users/me/profile?fields=email", "", `unknown field "email"`},
		{"GET", "/gmail/v1/users/me/labels?fields=labels(id,", "", "a name is missing"},
		{"POST", "/gmail/v1/users/me/labels", `{"name":"x","colour":"red"}`, `unknown field "colour"`},
		{"POST", "/gmail/v1/users/me/labels", `{"name":5}`, "is no string"},
		{"POST", "/gmail/v1/users/me/labels", `{"name":"x","labelListVisibility":"shown"}`, "none of"},
		{"POST", "/gmail/v1/users/me/labels", ``, "a body is missing"},
		{"POST", "/gmail/v1/users/me/drafts", `{"message":{"raw":"%%%"}}`, "illegal base64"},
		{"GET", "/calendar/v3/calendars/primary/events?timeMin=tomorrow", "", `parameter "timeMin"`},
		{"GET", "/calendar/v3/calendars/primary/events?maxResults=0", "", "less than 1"},
		{"POST", "/calendar/v3/calendars/primary/events", `{"title":"x",` + event + `}`, `unknown field "title"`},
		{"POST", "/calendar/v3/calendars/primary/events", `{"attendees":{"email":"x"},` + event + `}`, "is no array"},
		{"POST", "/calendar/v3/calendars/primary/events?sendUpdates=some", `{` + event + `}`, "none of"},
		{"POST", "/calendar/v3/calendars/primary/events", `{"sequence":"1",` + event + `}`, "is no number"},
		{"DELETE", "/calendar/v3/calendars/primary", "", "not known to this fake"},
	} {
		b := newBench(t)
		status, _ := b.call(c.verb, c.path, c.body)
		if len(b.notes.said) != 1 || !strings.Contains(b.notes.said[0], c.says) {
			t.Errorf("%s %s %s: told %q, want %q", c.verb, c.path, c.body, b.notes.said, c.says)
		}
		if status < 400 && !strings.Contains(c.says, "search term") {
			t.Errorf("%s %s: status %d", c.verb, c.path, status)
		}
	}
	b := newBench(t)
	b.call("GET", "/gmail/v1/users/me/profile", "", "Idempotency-Key", "x")
	if len(b.notes.said) != 1 || !strings.Contains(b.notes.said[0], "Idempotency-Key") {
		t.Errorf("told %q", b.notes.said)
	}
}

// TestAnAnswerOutsideTheDocumentIsTold holds the fake to its own rule.
func TestAnAnswerOutsideTheDocumentIsTold(t *testing.T) {
	b := newBench(t)
	was := handlers["gmail.users.getProfile"]
	defer func() { handlers["gmail.users.getProfile"] = was }()
	handlers["gmail.users.getProfile"] = func(*call) (any, *apiError) {
		return obj{"emailAddress": "x", "historyId": 5}, nil
	}
	b.call("GET", "/gmail/v1/users/me/profile", "")
	if len(b.notes.said) != 1 || !strings.Contains(b.notes.said[0], "historyId: int is no string") {
		t.Errorf("told %q", b.notes.said)
	}
}

func TestWhoMayWhat(t *testing.T) {
	b := newBench(t)
	scope := "https://www.googleapis.com/auth/"
	for _, c := range []struct {
		scopes, verb, path, body string
		want                     int
	}{
		{scope + "gmail.readonly", "GET", "/gmail/v1/users/me/profile", "", 200},
		{scope + "gmail.readonly", "POST", "/gmail/v1/users/me/labels", `{"name":"x"}`, 403},
		{scope + "calendar.events", "GET", "/gmail/v1/users/me/profile", "", 403},
		{scope + "calendar.events", "POST", "/calendar/v3/freeBusy", `{"timeMin":"2026-03-03T10:00:00Z","timeMax":"2026-03-03T11:00:00Z"}`, 403},
		{scope + "calendar.freebusy", "POST", "/calendar/v3/freeBusy", `{"timeMin":"2026-03-03T10:00:00Z","timeMax":"2026-03-03T11:00:00Z"}`, 200},
		{scope + "calendar.events", "GET", "/calendar/v3/calendars/ana@example.org/events", "", 404},
		{all, "GET", "/gmail/v1/users/ana@example.org/profile", "", 403},
	} {
		b.token = b.as("maria@example.org", c.scopes)
		if got, body := b.call(c.verb, c.path, c.body); got != c.want {
			t.Errorf("%s %s with %s: %d %v, want %d", c.verb, c.path, c.scopes, got, body, c.want)
		}
	}
	b.token = b.as("maria@example.org", all)
	b.now = b.now.Add(time.Hour)
	if got, _ := b.call("GET", "/gmail/v1/users/me/profile", ""); got != 401 {
		t.Errorf("an hour later: %d", got)
	}
	b.token = b.as("maria@example.org", all)
	b.s.Revoke("maria@example.org")
	if got, _ := b.call("GET", "/gmail/v1/users/me/profile", ""); got != 401 {
		t.Errorf("withdrawn: %d", got)
	}
	if len(b.notes.said) != 0 {
		t.Errorf("told %q", b.notes.said)
	}
}

func TestEventRules(t *testing.T) {
	b := newBench(t)
	const path = "/calendar/v3/calendars/primary/events"
	at := `"start":{"dateTime":"2026-03-03T10:00:00Z"},"end":{"dateTime":"2026-03-03T11:00:00Z"}`
	want := func(what string, status int, verb, p, body string, header ...string) map[string]any {
		t.Helper()
		got, out := b.call(verb, p, body, header...)
		if got != status {
			t.Errorf("%s: %d %v, want %d", what, got, out, status)
		}
		return out
	}
	want("bad id", 400, "POST", path, `{"id":"ABC-5",`+at+`}`)
	first := want("make", 200, "POST", path, `{"id":"abcd5","summary":"x",`+at+`}`)
	if first["iCalUID"] != "abcd5@google.com" || first["status"] != "confirmed" {
		t.Errorf("made %v", first)
	}
	want("again", 409, "POST", path, `{"id":"abcd5",`+at+`}`)
	want("no times", 400, "POST", path, `{"summary":"x"}`)
	want("ends first", 400, "POST", path, `{"start":{"dateTime":"2026-03-03T10:00:00Z"},"end":{"dateTime":"2026-03-03T09:00:00Z"}}`)
	list := want("list", 200, "GET", path, "")
	token := list["nextSyncToken"].(string)
	changed := want("patch", 200, "PATCH", path+"/abcd5", `{"summary":"y"}`, "If-Match", first["etag"].(string))
	want("patch on the old one", 412, "PATCH", path+"/abcd5", `{"summary":"z"}`, "If-Match", first["etag"].(string))
	delta := want("changes", 200, "GET", path+"?syncToken="+token, "")
	if items := delta["items"].([]any); len(items) != 1 || items[0].(map[string]any)["summary"] != "y" {
		t.Errorf("changes %v", delta)
	}
	want("with what does not go with it", 400, "GET", path+"?syncToken="+token+"&q=x", "")
	want("delete the old one", 412, "DELETE", path+"/abcd5", "", "If-Match", first["etag"].(string))
	want("delete", 204, "DELETE", path+"/abcd5", "", "If-Match", changed["etag"].(string))
	want("delete again", 410, "DELETE", path+"/abcd5", "")
	want("an id that was deleted", 409, "POST", path, `{"id":"abcd5",`+at+`}`)
	want("and then", 403, "PATCH", path+"/abcd5", `{"summary":"z"}`)
	if gone := want("get", 200, "GET", path+"/abcd5", ""); gone["status"] != "cancelled" {
		t.Errorf("deleted is %v", gone)
	}
	b.s.User("maria@example.org").ForgetSync("")
	want("an old token", 410, "GET", path+"?syncToken="+token, "")
	want("too many calendars", 400, "POST", "/calendar/v3/freeBusy", `{"timeMin":"2026-03-03T10:00:00Z","timeMax":"2026-03-03T11:00:00Z","calendarExpansionMax":51}`)
	if len(b.notes.said) != 0 {
		t.Errorf("told %q", b.notes.said)
	}
}

func TestFieldsAreCut(t *testing.T) {
	b := newBench(t)
	b.s.User("ana@example.org").Write("maria@example.org", "hello", "words")
	_, list := b.call("GET", "/gmail/v1/users/me/messages?fields=messages(id)", "")
	got := list["messages"].([]any)[0].(map[string]any)
	if len(list) != 1 || len(got) != 1 {
		t.Errorf("cut to %v", list)
	}
	id := got["id"].(string)
	_, m := b.call("GET", "/gmail/v1/users/me/messages/"+id+"?format=metadata&metadataHeaders=Subject&fields=payload/headers/value,threadId", "")
	if len(m) != 2 || fmt.Sprint(m["payload"]) != "map[headers:[map[value:hello]]]" {
		t.Errorf("cut to %v", m)
	}
	_, full := b.call("GET", "/gmail/v1/users/me/messages/"+id, "")
	if full["payload"].(map[string]any)["mimeType"] != "text/plain" || full["snippet"] != "words" {
		t.Errorf("full %v", full)
	}
}

func TestQuotaRunsOut(t *testing.T) {
	b := newBench(t)
	n := 0
	for ; n < 1000; n++ {
		if status, _ := b.call("GET", "/calendar/v3/calendars/primary/events", ""); status == 403 {
			break
		}
	}
	if n != 600 {
		t.Errorf("%d calls in a minute", n)
	}
	b.now = b.now.Add(time.Minute)
	if status, _ := b.call("GET", "/calendar/v3/calendars/primary/events", ""); status != 200 {
		t.Error("the next minute is no new one")
	}
}

func TestABounceComesBackInItsThread(t *testing.T) {
	b := newBench(t)
	m := b.s.User("maria@example.org")
	m.Write("nobody@example.org", "hello", "words")
	in := m.Mails("INBOX")
	if len(in) != 1 || in[0].Thread != m.Mails("SENT")[0].Thread || !strings.Contains(string(in[0].Raw), "Final-Recipient: rfc822; nobody@example.org") {
		t.Errorf("%d mails", len(in))
	}
}
