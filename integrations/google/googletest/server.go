package googletest

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"
)

// TB is what the server needs of a test; *testing.T is one.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Options change how the server behaves.
type Options struct {
	Now         func() time.Time // the clock; time.Now when nil
	Seed        uint64           // of ids
	Unchecked   bool             // do not hold requests and answers against the documents (for counting many calls fast)
	AnyThread   bool             // put answers to their thread even under another subject, which Gmail does not
	LooseSearch bool             // searches find everything, as no client may mind
	SearchLag   time.Duration    // how long a mail cannot be found by searching
}

// Server is one Google. Its methods may be called from anywhere.
type Server struct {
	tb   TB
	o    Options
	docs *documents

	mu         sync.Mutex
	rng        *rand.Rand
	users      map[string]*user
	aliases    map[string]string // other addresses of users
	outside    map[string][]Letter
	calendars  map[string]*cal
	auth       authority
	topics     map[string][]notice // by subscription
	faults     []*Fault
	calls      []string
	count      int
	spent      Spent
	windows    map[string]*window
	disabled   map[string]bool
	violations []string
}

// obj is a JSON object.
type obj = map[string]any

// New starts an empty Google. Whatever breaks its documents' rules is an error of tb,
// which may be nil: then see Violations.
func New(tb TB, o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{tb: tb, o: o, rng: rand.New(rand.NewPCG(o.Seed, 0x1ed7)),
		users: map[string]*user{}, aliases: map[string]string{}, outside: map[string][]Letter{}, calendars: map[string]*cal{},
		topics: map[string][]notice{}, windows: map[string]*window{}, disabled: map[string]bool{},
		spent: Spent{Calls: map[string]int{}}}
	s.auth = newAuthority()
	docs, err := loadDocuments()
	if err != nil {
		s.violate("%v", err)
	}
	s.docs = docs
	return s
}

// violate notes a breach of Google's own rules.
func (s *Server) violate(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	s.violations = append(s.violations, msg)
	if s.tb != nil {
		s.tb.Helper()
		s.tb.Errorf("googletest: %s", msg)
	}
}

// Violations are the breaches so far.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// Endpoint is the address to give to programs that use Transport.
const Endpoint = "http://127.0.0.1:9"

// Transport reaches the server without any network, and so works within testing/synctest.
func (s *Server) Transport() http.RoundTripper { return inProcess{s} }

type inProcess struct{ s *Server }

func (t inProcess) RoundTrip(req *http.Request) (res *http.Response, err error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	in := req.WithContext(req.Context()) // what a server sets must not show in the caller's
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	rec := httptest.NewRecorder()
	defer func() {
		if r := recover(); r == http.ErrAbortHandler {
			res, err = nil, io.ErrUnexpectedEOF
			if cause := req.Context().Err(); cause != nil {
				err = cause
			}
		} else if r != nil {
			panic(r)
		}
	}()
	t.s.ServeHTTP(rec, in)
	res = rec.Result()
	res.Request = req
	return res, nil
}

// Listen serves on a free port of 127.0.0.1 as well, until stop is called.
func (s *Server) Listen() (endpoint string, stop func(), err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(ln) }()
	return "http://" + ln.Addr().String(), func() { srv.Close(); <-done }, nil
}

// call is one API call, on its way through.
type call struct {
	s      *Server
	m      *method
	path   map[string]string
	query  url.Values
	header http.Header
	body   obj
	media  []byte
	user   *user
}

// apiError is an answer that is no success.
type apiError struct {
	status  int
	reason  string
	message string
	retry   time.Duration
}

func (e *apiError) Error() string { return e.message }

func refuse(status int, reason, message string) *apiError {
	return &apiError{status: status, reason: reason, message: message}
}

var notFound = refuse(404, "notFound", "Requested entity was not found.")

// ServeHTTP is the whole of Google.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if x := recover(); x != nil && x != (answeredAlready{}) {
			panic(x)
		}
	}()
	w.Header().Set("Date", s.o.Now().UTC().Format(http.TimeFormat))
	if s.serveAuth(w, r) {
		return
	}
	m, path := s.docs.match(r.Method, r.URL.EscapedPath())
	if m == nil {
		s.locked(func() { s.violate("no such method: %s %s", r.Method, r.URL.Path) })
		s.answerError(w, refuse(404, "notFound", "Not Found"))
		return
	}
	fault := s.enter(m.ID)
	fault.before(s, w, r)
	if fault.answered(w, s) {
		return
	}
	c := &call{s: s, m: m, path: path, query: r.URL.Query(), header: r.Header}
	if r.Header.Get("Idempotency-Key") != "" || r.Header.Get("X-Idempotency-Key") != "" {
		s.locked(func() { s.violate("%s: an Idempotency-Key would make net/http repeat it", m.ID) })
	}
	if err := c.read(r); err != nil {
		s.locked(func() { s.violate("%s: %v", m.ID, err) })
		s.answerError(w, refuse(400, "badRequest", "Invalid request"))
		return
	}
	value, err := c.do()
	fault.after(s, w, r)
	if err != nil {
		s.answerError(w, err)
		return
	}
	s.answer(w, c, value)
}

// do does what is asked, one call at a time.
func (c *call) do() (value any, failed *apiError) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.admit(); err != nil {
		return nil, err
	}
	h, ok := handlers[c.m.ID]
	if !ok {
		s.violate("%s is not known to this fake", c.m.ID)
		return nil, refuse(501, "notImplemented", "Not implemented")
	}
	value, failed = h(c)
	return value, failed
}

// handlers are the methods that are known.
var handlers = map[string]func(*call) (any, *apiError){}

func register(id string, h func(*call) (any, *apiError)) struct{} {
	handlers[id] = h
	return struct{}{}
}

func (s *Server) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// answer writes a success: only the fields asked for, and only what the document allows.
func (s *Server) answer(w http.ResponseWriter, c *call, value any) {
	if value == nil || c.m.Response.Ref == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if !s.o.Unchecked {
		if err := c.m.doc.check(value, &schema{Ref: c.m.Response.Ref}, c.m.ID+" answer"); err != nil {
			s.locked(func() { s.violate("%v", err) })
		}
	}
	if f := c.query.Get("fields"); f != "" {
		mask, err := parseFields(f)
		if err == nil && !s.o.Unchecked {
			err = c.m.doc.checkMask(mask, &schema{Ref: c.m.Response.Ref})
		}
		if err != nil {
			s.locked(func() { s.violate("%s: fields=%s: %v", c.m.ID, f, err) })
			s.answerError(w, refuse(400, "invalidParameter", "Invalid field selection"))
			return
		}
		value = mask.apply(value)
	}
	if o, ok := value.(obj); ok && o["etag"] != nil {
		w.Header().Set("ETag", o["etag"].(string))
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(w).Encode(value)
}

// answerError writes an error in the shape that Google's clients know.
func (s *Server) answerError(w http.ResponseWriter, e *apiError) {
	body := obj{"error": obj{
		"code": e.status, "message": e.message, "status": statusWord(e.status),
		"errors": []any{obj{"domain": "global", "reason": e.reason, "message": e.message}},
	}}
	if strings.ToUpper(e.reason) == e.reason && e.reason != "" { // the newer form
		body["error"].(obj)["details"] = []any{obj{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": e.reason, "domain": "googleapis.com"}}
		delete(body["error"].(obj), "errors")
	}
	if e.retry > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(e.retry/time.Second)))
	}
	if e.status == 401 {
		w.Header().Set("WWW-Authenticate", `Bearer realm="https://accounts.google.com/", error="invalid_token"`)
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(e.status)
	json.NewEncoder(w).Encode(body)
}

func statusWord(status int) string {
	switch status {
	case 400:
		return "INVALID_ARGUMENT"
	case 401:
		return "UNAUTHENTICATED"
	case 403:
		return "PERMISSION_DENIED"
	case 404:
		return "NOT_FOUND"
	case 409:
		return "ALREADY_EXISTS"
	case 412:
		return "FAILED_PRECONDITION"
	case 429:
		return "RESOURCE_EXHAUSTED"
	}
	return "UNAVAILABLE"
}

// hex is a new id as Gmail makes them.
func (s *Server) hex() string { return fmt.Sprintf("1%015x", s.rng.Uint64()>>4) }

// now is the clock, to the millisecond.
func (s *Server) now() time.Time { return s.o.Now().UTC().Truncate(time.Millisecond) }
