package googletest

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// Fault is trouble to come. One that names neither Nth nor Method meets the next call.
type Fault struct {
	Nth    int    // of all calls from the first one on, sign-in included; 0: any
	Method string // "gmail.users.drafts.send", or the beginning of a name; "" for any
	Skip   int    // calls that match and are let through first
	Times  int    // how often; 0 is once, negative for ever

	CutBefore, CutAfter bool          // the line breaks, before or after the effect
	HangBefore          bool          // no answer ever comes, and nothing happens
	HangAfter           bool          // no answer ever comes, although it happened
	Status              int           // an answer instead of the effect
	Reason, Message     string        // of that answer
	RetryAfter          time.Duration // of that answer
	After               bool          // with Status: the effect happens all the same (a 503 from a proxy)
	First, Then         func()        // what else happens before the effect, and before the answer is lost
}

// Inject arms a fault.
func (s *Server) Inject(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.locked(func() { s.faults = append(s.faults, &f) })
}

// Heal takes back all faults.
func (s *Server) Heal() { s.locked(func() { s.faults = nil }) }

// Calls are the methods called so far, in order: what a sweep of cuts goes through. The
// n-th of them (from 1) is what Fault.Nth names.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// Count is how many calls there were.
func (s *Server) Count() int { s.mu.Lock(); defer s.mu.Unlock(); return s.count }

// enter counts a call and finds the fault that waits for it.
func (s *Server) enter(id string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if !s.o.Unchecked {
		s.calls = append(s.calls, id)
	}
	for _, f := range s.faults {
		if f.Times == 0 || f.Nth > 0 && f.Nth != s.count || !strings.HasPrefix(id, f.Method) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

func (f *Fault) before(s *Server, w http.ResponseWriter, r *http.Request) {
	if f != nil && f.First != nil {
		f.First()
	}
	switch {
	case f == nil:
	case f.CutBefore:
		panic(http.ErrAbortHandler)
	case f.HangBefore:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
}

// answered says that the fault was the answer.
func (f *Fault) answered(w http.ResponseWriter, s *Server) bool {
	if f == nil || f.Status == 0 || f.After {
		return false
	}
	s.answerError(w, &apiError{status: f.Status, reason: f.Reason, message: f.Message, retry: f.RetryAfter})
	return true
}

func (f *Fault) after(s *Server, w http.ResponseWriter, r *http.Request) {
	if f != nil && f.Then != nil {
		f.Then()
	}
	switch {
	case f == nil:
	case f.CutAfter:
		panic(http.ErrAbortHandler)
	case f.HangAfter:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Status != 0 && f.After:
		s.answerError(w, &apiError{status: f.Status, reason: f.Reason, message: f.Message, retry: f.RetryAfter})
		panic(answeredAlready{})
	}
}

// answeredAlready ends a call whose answer is not what the effect came to.
type answeredAlready struct{}

// Disable turns an API ("gmail", "calendar") off in the project, and Enable on again.
func (s *Server) Disable(api string) { s.locked(func() { s.disabled[api] = true }) }
func (s *Server) Enable(api string)  { s.locked(func() { delete(s.disabled, api) }) }

// Spent is what all calls have cost.
type Spent struct {
	GmailUnits    int
	CalendarCalls int
	Calls         map[string]int // by method
	Peak          int            // the most Gmail units of one user in one minute
}

// Spent is what calls have cost so far.
func (s *Server) Spent() Spent {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.spent
	out.Calls = maps.Clone(out.Calls)
	return out
}

// costs are Gmail's units by method, as they stand since May 2026.
var costs = map[string]int{
	"getProfile": 1, "watch": 100, "stop": 50, "history.list": 2,
	"messages.list": 5, "messages.get": 20, "messages.modify": 5, "messages.send": 100, "messages.trash": 20, "messages.untrash": 20, "messages.delete": 20,
	"threads.list": 10, "threads.get": 40, "threads.modify": 10,
	"drafts.list": 5, "drafts.get": 20, "drafts.create": 10, "drafts.update": 15, "drafts.send": 100, "drafts.delete": 10,
	"labels.list": 1, "labels.get": 1, "labels.create": 5, "labels.update": 5, "labels.patch": 5, "labels.delete": 5,
	"settings.sendAs.list": 1,
}

// window is one user's use of one API in the running minute.
type window struct {
	minute time.Time
	used   int
}

const (
	gmailPerMinute    = 6_000
	calendarPerMinute = 600
)

// charge counts a call and refuses it when the user's minute is used up.
func (s *Server) charge(address, id string) *apiError {
	api, name, _ := strings.Cut(id, ".")
	cost, limit := 1, calendarPerMinute
	if api == "gmail" {
		name = strings.TrimPrefix(name, "users.")
		var known bool
		if cost, known = costs[name]; !known {
			s.violate("%s has no price", id)
		}
		limit = gmailPerMinute
	}
	w := s.windows[api+address]
	minute := s.now().Truncate(time.Minute)
	if w == nil || !w.minute.Equal(minute) {
		w = &window{minute: minute}
		s.windows[api+address] = w
	}
	if w.used+cost > limit {
		return &apiError{status: 403, reason: "rateLimitExceeded", message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'", retry: minute.Add(time.Minute).Sub(s.now())}
	}
	w.used += cost
	s.spent.Calls[id]++
	if api == "gmail" {
		s.spent.GmailUnits += cost
		s.spent.Peak = max(s.spent.Peak, w.used)
	} else {
		s.spent.CalendarCalls++
	}
	return nil
}
