package google

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/option"

	"indy/scheduler"
)

// Options say whose account it is and how it may be used. Address and either Client with
// Tokens, or ServiceAccount, must be set; everything else has a good default.
type Options struct {
	Name    string         // under which the sign-in is kept; Address when ""
	Address string         // the mailbox; RFC 5322 addr-spec
	Aliases []string       // other addresses of the same mailbox
	Zone    *time.Location // the organizer's; UTC when nil

	Client         []byte // the OAuth client's JSON as the cloud console gives it ("Desktop app")
	ClientFile     string // where to read it; used when Client is empty
	Tokens         Tokens // where sign-ins are kept
	ServiceAccount []byte // a key's JSON, instead of Client: domain-wide delegation
	KeyFile        string // where to read it; used when ServiceAccount is empty

	Calendar string   // the id of the one that indy writes to; "primary" when ""
	Busy     []string // ids of others that make the organizer busy
	Google   bool     // invites = "google": attendees stand on the event and Google writes to them
	Labels   bool     // show and obey labels "indy/…"
	PubSub   bool     // this sign-in reads push's subscription as well
	Drafts   bool     // approve = "drafts": what is staged is left for the organizer to send

	// Ordered is told of labels that the organizer put on a thread as an order. It is
	// called within Fetch, before the new cursor is handed out, so the same order may come
	// again after a crash: its ID tells. An error fails the Fetch.
	Ordered func(LabelOrder) error

	Project *Project // shared by all organizers of one cloud project; its own when nil
	Push    *Push    // nil: polling

	Endpoint  string            // another server than Google, for tests: "http://127.0.0.1:4002"
	Transport http.RoundTripper // http.DefaultTransport when nil
	Now       func() time.Time  // time.Now when nil
	// Sleep waits for d or until ctx ends; a real timer when nil.
	Sleep func(ctx context.Context, d time.Duration) error
	// Random is in [0, 1), for jitter.
	Random func() float64
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = o.Address
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Calendar == "" {
		o.Calendar = "primary"
	}
	if o.Project == nil {
		o.Project = NewProject(1)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

// ready is o with its defaults and with the files that it names.
func (o Options) ready() (Options, error) {
	o = o.withDefaults()
	if o.Address == "" {
		return o, errors.New("no address is given")
	}
	var err error
	if len(o.Client) == 0 && o.ClientFile != "" {
		if o.Client, err = os.ReadFile(o.ClientFile); err != nil {
			return o, fmt.Errorf("read the OAuth client: %w", err)
		}
	}
	if len(o.ServiceAccount) == 0 && o.KeyFile != "" {
		if o.ServiceAccount, err = readKey(o.KeyFile); err != nil {
			return o, err
		}
	}
	return o, nil
}

// readKey reads a service account's key, which is as good as everybody's password: a file
// that others may read is refused.
func readKey(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err == nil && loose(st.Mode()) {
		return nil, &scheduler.Failure{Kind: scheduler.NoAccess, Hint: "run \"chmod 600 " + path + "\"; make a new key if others may have read it",
			Err: errors.New("the service account's key is in a file that others can read")}
	}
	key, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the service account's key: %w", err)
	}
	return key, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Account is one organizer's Google account. Its parts may be used at the same time.
type Account struct {
	o        Options
	session  *session
	gmail    *gmail.Service
	calendar *calendar.Service
	meter    *meter
	patience *patience

	mailbox Mailbox
	cal     Calendar
}

// Open makes the account ready. It does not reach for the network: a sign-in that is
// missing shows at the first call, as a scheduler.Failure of kind NoAccess.
func Open(o Options) (*Account, error) {
	o, err := o.ready()
	if err != nil {
		return nil, fmt.Errorf("open the Google account: %w", err)
	}
	where, err := endpointsOf(o.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("open the Google account: %w", err)
	}
	a := &Account{o: o, meter: newMeter(o), patience: &patience{random: o.Random}}
	if a.session, err = newSession(o, where); err != nil {
		return nil, fmt.Errorf("open the Google account: %w", err)
	}
	// From the outside in: repeat reads, count, sign.
	hc := &http.Client{Transport: &steady{o: o, patience: a.patience, next: &metered{meter: a.meter, next: a.session}}}
	ctx := context.Background()
	if a.gmail, err = gmail.NewService(ctx, option.WithHTTPClient(hc), option.WithEndpoint(where.gmail)); err != nil {
		return nil, fmt.Errorf("open Gmail: %w", err)
	}
	if a.calendar, err = calendar.NewService(ctx, option.WithHTTPClient(hc), option.WithEndpoint(where.calendar)); err != nil {
		return nil, fmt.Errorf("open Google Calendar: %w", err)
	}
	a.mailbox = Mailbox{a: a, labels: map[string]string{}, sent: map[string]bool{}, ours: map[string]bool{}, staging: map[string]bool{}, drafts: map[string]draft{}, stirred: map[string]bool{}, began: o.Now(), hurry: make(chan struct{}, 1)}
	a.cal = Calendar{a: a, ours: map[string]span{}, hidden: map[string]time.Time{}}
	return a, nil
}

// Mailbox is the account's mail; it is an engine.Mailbox.
func (a *Account) Mailbox() *Mailbox { return &a.mailbox }

// Calendar is the account's calendars; it is an engine.Calendar.
func (a *Account) Calendar() *Calendar { return &a.cal }

// Usage is what the account's calls have cost since it was opened.
func (a *Account) Usage() Usage { return a.meter.usage() }

// isOwn says whether address is the account's.
func (a *Account) isOwn(address string) bool { return isOwn(a.o, address) }

func isOwn(o Options, address string) bool {
	if strings.EqualFold(address, o.Address) {
		return true
	}
	for _, alias := range o.Aliases {
		if strings.EqualFold(address, alias) {
			return true
		}
	}
	return false
}

// session signs every request with a fresh access token.
type session struct {
	o       Options
	next    http.RoundTripper
	refresh func(context.Context, Token) (Token, error)

	mu  sync.Mutex
	tok Token
	had bool // tok was loaded
}

// early is how long before its end an access token is no longer used.
const early = time.Minute

func newSession(o Options, where endpoints) (*session, error) {
	s := &session{o: o, next: o.Transport}
	var err error
	switch {
	case len(o.ServiceAccount) > 0:
		s.had = true
		s.refresh, err = delegated(o, where)
	case len(o.Client) > 0 && o.Tokens != nil:
		s.refresh, err = refreshed(o, where)
	default:
		err = errors.New("neither an OAuth client nor a service account's key is given")
	}
	return s, err
}

// maxKept is how much of a request is kept to send it again under another token: as much
// as Gmail takes.
const maxKept = 40 << 20

// RoundTrip signs and sends. An answer of 401 to a token that should still be good makes
// it ask for a new one and send again, once: a refused request did nothing.
func (s *session) RoundTrip(req *http.Request) (*http.Response, error) {
	tok, err := s.token(req.Context(), "")
	if err != nil {
		closeBody(req)
		return nil, err
	}
	first, again, err := twice(req)
	if err != nil {
		return nil, notSent{err}
	}
	res, err := inTime(s.next, signed(first, tok))
	if err != nil || res.StatusCode != http.StatusUnauthorized {
		return res, err
	}
	drain(res)
	if tok, err = s.token(req.Context(), tok.Access); err != nil {
		return nil, err
	}
	return inTime(s.next, signed(again, tok))
}

// twice makes two requests of one. GetBody is not used: Google's client takes it away.
func twice(req *http.Request) (first, again *http.Request, err error) {
	if req.Body == nil || req.Body == http.NoBody {
		return req, req, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxKept+1))
	req.Body.Close()
	if err == nil && len(body) > maxKept {
		err = errors.New("the request is too large")
	}
	if err != nil {
		return nil, nil, err
	}
	first, again = req.Clone(req.Context()), req.Clone(req.Context())
	for _, r := range []*http.Request{first, again} {
		r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	}
	return first, again, nil
}

// callTime is how long one call may take, from its first byte to its answer's last.
const (
	callTime   = 2 * time.Minute
	uploadTime = 10 * time.Minute
)

// inTime gives up on a call that takes too long. What became of it is then in doubt.
func inTime(rt http.RoundTripper, req *http.Request) (*http.Response, error) {
	limit := callTime
	if req.ContentLength >= large {
		limit = uploadTime
	}
	ctx, cancel := context.WithTimeout(req.Context(), limit)
	res, err := rt.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &timed{res.Body, cancel}
	return res, nil
}

// timed ends its call's time when the answer was read.
type timed struct {
	io.ReadCloser
	end context.CancelFunc
}

func (t *timed) Close() error {
	defer t.end()
	return t.ReadCloser.Close()
}

func signed(req *http.Request, tok Token) *http.Request {
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+tok.Access)
	return out
}

// token is a good access token other than refused.
func (s *session) token(ctx context.Context, refused string) (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.had {
		tok, err := loadToken(s.o.Tokens, s.o.Name)
		if err != nil {
			return Token{}, err
		}
		s.tok, s.had = tok, true
	}
	if s.good(refused) {
		return s.tok, nil
	}
	if s.o.Tokens != nil && len(s.o.ServiceAccount) == 0 {
		// Another process may have renewed it, or somebody has signed in again.
		if tok, err := loadToken(s.o.Tokens, s.o.Name); err == nil {
			s.tok = tok
		}
		if s.good(refused) {
			return s.tok, nil
		}
	}
	tok, err := s.refresh(ctx, s.tok)
	if err != nil {
		return Token{}, err
	}
	s.tok = tok
	return tok, nil
}

// good says that the access token can be used.
func (s *session) good(refused string) bool {
	return s.tok.Access != "" && s.tok.Access != refused && s.o.Now().Add(early).Before(s.tok.Expiry)
}

// kept is the token as it was last used, for checks.
func (s *session) kept() Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tok
}

// tokenFailure says in our words what the sign-in server answered. Its body stays out.
func tokenFailure(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		f := failure("renew the sign-in", err, false)
		return f
	}
	status := 0
	if refused.Response != nil {
		status = refused.Response.StatusCode
	}
	switch refused.ErrorCode {
	case "invalid_grant":
		return &scheduler.Failure{Kind: scheduler.NoAccess, Hint: `run "indy login"`,
			Err: errors.New("sign in to Google: access was withdrawn or has expired (invalid_grant)")}
	case "invalid_client", "unauthorized_client", "deleted_client", "disabled_client", "org_internal", "admin_policy_enforced", "access_denied", "invalid_scope":
		return &scheduler.Failure{Kind: scheduler.NoAccess, Hint: `see docs/google-setup.md ("When Google refuses")`,
			Err: fmt.Errorf("sign in to Google: this client may not do that (%s)", refused.ErrorCode)}
	}
	kind := scheduler.Again
	if status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout {
		kind = scheduler.NoAccess
	}
	return &scheduler.Failure{Kind: kind, After: retryAfter(refused.Response, time.Time{}),
		Err: fmt.Errorf("renew the sign-in: %w", &Refusal{Status: status, Reason: plainReason(refused.ErrorCode)})}
}
