package google

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"google.golang.org/api/googleapi"
)

// What Google allows, and what its methods cost. The Calendar counts every request as one.
// From Google's published tables; a method that is not in them is counted as the dearest read.
const (
	gmailUnitsPerUser     = 6_000     // a minute
	gmailUnitsPerProject  = 1_200_000 // a minute
	calendarCallsPerUser  = 600       // a minute
	calendarCallsPerMin   = 10_000    // a project
	calendarCallsPerDay   = 1_000_000
	unknownUnits          = 20
	freebusyCalendarsCall = 50 // calendars that one free/busy query may ask for
)

var units = map[string]int{
	"getProfile": 1, "watch": 100, "stop": 50,
	"history.list":  2,
	"messages.list": 5, "messages.get": 20, "messages.modify": 5,
	"threads.list": 10, "threads.get": 40, "threads.modify": 10,
	"drafts.list": 5, "drafts.get": 20, "drafts.create": 10, "drafts.send": 100, "drafts.delete": 10, "drafts.update": 15,
	"labels.list": 1, "labels.get": 1, "labels.create": 5, "labels.update": 5, "labels.patch": 5, "labels.delete": 5,
	"settings.sendAs.list": 1,
}

// Usage is what calls have cost.
type Usage struct {
	GmailUnits    int
	GmailCalls    int
	CalendarCalls int
	Calls         map[string]int // by method: "gmail.drafts.send", "calendar.events.list"
}

// Project is what all organizers of one cloud project share: its limits.
type Project struct {
	organizers int
	gmail, cal bucket
}

// NewProject is a project that so many organizers share; it sets how often each may look.
func NewProject(organizers int) *Project {
	return &Project{
		organizers: max(organizers, 1),
		gmail:      perMinute(gmailUnitsPerProject),
		cal:        perMinute(calendarCallsPerMin),
	}
}

// meter counts and slows one account's calls.
type meter struct {
	o          Options
	gmail, cal bucket

	mu    sync.Mutex
	spent Usage
}

func newMeter(o Options) *meter {
	return &meter{o: o, gmail: perMinute(gmailUnitsPerUser), cal: perMinute(calendarCallsPerUser), spent: Usage{Calls: map[string]int{}}}
}

func (m *meter) usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.spent
	u.Calls = maps.Clone(u.Calls)
	return u
}

// spend waits until the call is allowed, and counts it.
func (m *meter) spend(ctx context.Context, api, method string) error {
	cost, own, shared := 1, &m.cal, &m.o.Project.cal
	if api == "gmail" {
		var known bool
		if cost, known = units[method]; !known {
			cost = unknownUnits
		}
		own, shared = &m.gmail, &m.o.Project.gmail
	}
	now := m.o.Now()
	if wait := max(own.take(now, cost), shared.take(now, cost)); wait > 0 {
		if err := m.o.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if api == "gmail" {
		m.spent.GmailUnits += cost
		m.spent.GmailCalls++
	} else {
		m.spent.CalendarCalls++
	}
	m.spent.Calls[api+"."+method]++
	return nil
}

// bucket lets through so much a minute, bursts included (RFC 2697's single rate, without colours).
type bucket struct {
	perMin int

	mu   sync.Mutex
	left float64
	at   time.Time
}

func perMinute(n int) bucket { return bucket{perMin: n} }

// take reserves cost and says how long to wait before it is used.
func (b *bucket) take(now time.Time, cost int) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	// Google counts by its own minutes. A burst and a minute's flow together stay below its limit.
	rate, full := float64(b.perMin)*0.7/60, float64(b.perMin)*0.25
	if b.at.IsZero() {
		b.left = full
	} else if gone := now.Sub(b.at); gone > 0 {
		b.left = min(full, b.left+gone.Seconds()*rate)
	}
	b.at = now
	b.left -= float64(cost)
	if b.left >= 0 {
		return 0
	}
	return time.Duration(-b.left / rate * float64(time.Second))
}

// metered counts a request before it goes.
type metered struct {
	meter *meter
	next  http.RoundTripper
}

func (t *metered) RoundTrip(req *http.Request) (*http.Response, error) {
	api, method := methodOf(req.Method, req.URL.Path)
	if err := t.meter.spend(req.Context(), api, method); err != nil {
		closeBody(req)
		return nil, notSent{err}
	}
	return t.next.RoundTrip(req)
}

// methodOf names the API method that a request calls.
func methodOf(verb, path string) (api, method string) {
	path = strings.TrimPrefix(path, "/upload")
	if rest, ok := strings.CutPrefix(path, "/gmail/v1/users/"); ok {
		_, rest, _ = strings.Cut(rest, "/") // the user
		return "gmail", gmailMethod(verb, strings.Split(rest, "/"))
	}
	rest := strings.TrimPrefix(path, "/calendar/v3/")
	parts := strings.Split(rest, "/")
	switch {
	case rest == "freeBusy":
		return "calendar", "freebusy.query"
	case strings.HasPrefix(rest, "users/me/calendarList"):
		return "calendar", "calendarList." + verbName(verb, len(parts) > 3)
	case len(parts) >= 3 && parts[2] == "events":
		return "calendar", "events." + verbName(verb, len(parts) > 3)
	case parts[0] == "calendars":
		return "calendar", "calendars." + verbName(verb, len(parts) > 1)
	}
	return "calendar", rest
}

func gmailMethod(verb string, parts []string) string {
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "profile":
		return "getProfile"
	case len(parts) == 1 && (last == "watch" || last == "stop"):
		return last
	case parts[0] == "settings" && last == "sendAs":
		return "settings.sendAs.list"
	case parts[0] == "drafts" && last == "send":
		return "drafts.send"
	case len(parts) == 3 && last == "modify":
		return parts[0] + ".modify"
	case parts[0] == "history":
		return "history.list"
	case verb == http.MethodPost:
		return parts[0] + ".create"
	}
	return parts[0] + "." + verbName(verb, len(parts) > 1)
}

func verbName(verb string, one bool) string {
	switch verb {
	case http.MethodPost:
		return "insert"
	case http.MethodPut:
		return "update"
	case http.MethodPatch:
		return "patch"
	case http.MethodDelete:
		return "delete"
	}
	if one {
		return "get"
	}
	return "list"
}

// notSent marks an error from before anything went out.
type notSent struct{ err error }

func (n notSent) Error() string { return n.err.Error() }
func (n notSent) Unwrap() error { return n.err }

// steady tries a read again when Google is busy or the line drops: a long read is made of
// many, and starting it over for one might never end. Writes go once, always.
type steady struct {
	o        Options
	patience *patience
	next     http.RoundTripper
}

const (
	readTries = 3
	// patientFor is the longest wait within a read; the engine waits out longer ones.
	patientFor = 10 * time.Second
)

func (t *steady) RoundTrip(req *http.Request) (*http.Response, error) {
	// A query for free/busy is a read, although it is a POST.
	read := req.Method == http.MethodGet || strings.HasSuffix(req.URL.Path, "/freeBusy")
	for try := 1; ; try++ {
		res, err := t.next.RoundTrip(req)
		again, asked := t.worthwhile(res, err)
		if err == nil && !again && res.StatusCode < 400 {
			t.patience.succeed()
		}
		if !read || !again || try == readTries || req.Context().Err() != nil {
			return res, err
		}
		wait := t.patience.wait(asked)
		if wait > patientFor {
			return res, err
		}
		next := req.Clone(req.Context())
		if req.GetBody != nil {
			if next.Body, err = req.GetBody(); err != nil {
				return res, nil
			}
		} else if req.Body != nil {
			return res, err
		}
		if res != nil {
			drain(res)
		}
		if err := t.o.Sleep(req.Context(), wait); err != nil {
			return nil, err
		}
		req = next
	}
}

// worthwhile says whether trying again may help, and how long the server asks to wait. It
// looks into the answer and leaves it whole.
func (t *steady) worthwhile(res *http.Response, err error) (bool, time.Duration) {
	if err != nil {
		return !isFailure(err), 0
	}
	if res.StatusCode < 400 {
		return false, 0
	}
	if res.StatusCode >= 500 {
		return true, retryAfter(res, time.Time{})
	}
	if res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusTooManyRequests {
		return false, 0
	}
	body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	copied := *res
	copied.Body = io.NopCloser(bytes.NewReader(body))
	var answer *googleapi.Error
	if !asAnswer(googleapi.CheckResponse(&copied), &answer) {
		return res.StatusCode == http.StatusTooManyRequests, retryAfter(res, time.Time{})
	}
	why := &Refusal{Status: answer.Code, Reason: reasonOf(answer)}
	// A day's limit does not pass while we wait.
	return throttled(why) && why.Reason != "dailyLimitExceeded" && why.Reason != "quotaExceeded", afterOf(answer)
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// drain lets the connection be used again.
func drain(res *http.Response) {
	io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	res.Body.Close()
}
