package google

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/api/googleapi"

	"indy/scheduler"
)

// Refusal is an answer of Google that is no success. Its words are the status and
// Google's own short reason, never the answer's text, which may quote what was sent.
type Refusal struct {
	Status int    // HTTP; 0 when there is none
	Reason string // "rateLimitExceeded"; "" when none was given
}

func (r *Refusal) Error() string {
	if r.Reason == "" {
		return fmt.Sprintf("Google answered %d", r.Status)
	}
	return fmt.Sprintf("Google answered %d (%s)", r.Status, r.Reason)
}

// failure turns what a call came back with into a scheduler.Failure. effect says that the
// call changes something which must not be changed twice: then an answer that was lost,
// or that says nothing certain, is InDoubt.
func failure(action string, err error, effect bool) error {
	if err == nil {
		return nil
	}
	var known *scheduler.Failure
	if errors.As(err, &known) { // from signing in or from waiting: nothing was sent
		return &scheduler.Failure{Kind: known.Kind, After: known.After, Hint: known.Hint, Err: fmt.Errorf("%s: %w", action, known.Err)}
	}
	var answer *googleapi.Error
	if errors.As(err, &answer) {
		return refused(action, answer, effect)
	}
	kind := scheduler.Again
	if effect && !neverSent(err) {
		kind = scheduler.InDoubt
	}
	f := &scheduler.Failure{Kind: kind, Err: fmt.Errorf("%s: %w", action, plainCause(err))}
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		f.Hint = "something between this machine and Google opens the connection; check the network and the clock"
	}
	return f
}

// neverSent says that the request cannot have reached Google.
func neverSent(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	var cert x509.UnknownAuthorityError
	var held notSent
	return errors.As(err, &held) || errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name) || errors.As(err, &cert)
}

// plainCause is err without addresses and paths of requests, which can name people.
func plainCause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the connection was cut")
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return errors.New("no network: the server's name is not known")
	}
	var op *net.OpError
	if errors.As(err, &op) {
		if op.Op == "dial" {
			return errors.New("no network: the server cannot be reached")
		}
		return errors.New("the connection was cut")
	}
	return errors.New("no answer that could be read")
}

func refused(action string, answer *googleapi.Error, effect bool) error {
	why := &Refusal{Status: answer.Code, Reason: reasonOf(answer)}
	f := &scheduler.Failure{Kind: scheduler.Final, Err: fmt.Errorf("%s: %w", action, why)}
	switch {
	case throttled(why):
		f.Kind, f.After = scheduler.Again, afterOf(answer)
	case why.Status == http.StatusUnauthorized:
		f.Kind, f.Hint = scheduler.NoAccess, `run "indy login"`
	case why.Status == http.StatusForbidden:
		f.Kind, f.Hint = forbidden(why.Reason)
	case why.Status == http.StatusPreconditionFailed:
		f.Kind = scheduler.Outdated
	case why.Status == http.StatusBadRequest && why.Reason == "failedPrecondition":
		f.Kind, f.Hint = scheduler.NoAccess, "this account has no Gmail, or its administrator has turned it off"
	case why.Status >= 500 || why.Status == http.StatusRequestTimeout || why.Status < 400:
		f.Kind, f.After = scheduler.Again, afterOf(answer)
		if effect {
			f.Kind = scheduler.InDoubt
		}
	}
	return f
}

// forbidden tells the reasons of a 403 apart.
func forbidden(reason string) (scheduler.FailureKind, string) {
	switch reason {
	case "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
		return scheduler.NoAccess, `run "indy login" and tick every box; "indy check" names the one that is missing`
	case "accessNotConfigured", "SERVICE_DISABLED":
		return scheduler.NoAccess, `turn the API on in the cloud console; "indy check" names it`
	case "domainPolicy", "delegationDenied":
		return scheduler.NoAccess, "the Workspace's administrator does not let this app in; see docs/google-setup.md"
	}
	if reason == "requiredAccessLevel" {
		return scheduler.NoAccess, `the calendar may only be read: ask its owner for "Make changes to events", or choose another one in the config`
	}
	return scheduler.Final, `run "indy check"`
}

// throttled says that the call came too early and did nothing. Daily limits are among
// them: they end at midnight, Pacific time.
func throttled(why *Refusal) bool {
	if why.Status == http.StatusTooManyRequests {
		return true
	}
	if why.Status != http.StatusForbidden {
		return false
	}
	switch why.Reason {
	case "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED":
		return true
	}
	return false
}

// reasonOf is Google's short reason, from either form in which it gives one.
func reasonOf(answer *googleapi.Error) string {
	for _, e := range answer.Errors {
		if r := plainReason(e.Reason); r != "" {
			return r
		}
	}
	for _, d := range answer.Details {
		if m, ok := d.(map[string]any); ok {
			if r, ok := m["reason"].(string); ok {
				return plainReason(r)
			}
		}
	}
	return ""
}

// plainReason lets only a short word through, whatever the server calls its reason.
func plainReason(reason string) string {
	if len(reason) > 60 || strings.ContainsFunc(reason, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) {
		return ""
	}
	return reason
}

var retryAt = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Retry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)`)
})

// afterOf is how long Google asks to wait: in the header (RFC 9110 10.2.3), or, as Gmail
// does for a user's own limit, in the message.
func afterOf(answer *googleapi.Error) time.Duration {
	res := &http.Response{Header: answer.Header}
	var at time.Time
	if m := retryAt().FindStringSubmatch(answer.Message); m != nil {
		at, _ = time.Parse(time.RFC3339, m[1])
	}
	return retryAfter(res, at)
}

// maxAfter bounds what a server may ask for, so that a slip of its pen stops nobody for good.
const maxAfter = 6 * time.Hour

func retryAfter(res *http.Response, at time.Time) time.Duration {
	if res == nil {
		return 0
	}
	// The server's own clock, where it tells: ours may be wrong.
	now, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		now = time.Time{}
	}
	var wait time.Duration
	if v := res.Header.Get("Retry-After"); v != "" {
		if secs, err := strconv.Atoi(v); err == nil {
			wait = time.Duration(min(max(secs, 0), int(maxAfter/time.Second))) * time.Second
		} else if t, err := http.ParseTime(v); err == nil && !now.IsZero() {
			wait = t.Sub(now)
		}
	}
	if !at.IsZero() && !now.IsZero() {
		wait = max(wait, at.Sub(now))
	}
	return min(max(wait, 0), maxAfter)
}

// statusOf is the HTTP status that err carries; 0 for none.
func statusOf(err error) int {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Status
	}
	var answer *googleapi.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// patience grows with every refusal in a row and is whole again after a success.
type patience struct {
	random func() float64
	mu     sync.Mutex
	row    int
}

const (
	firstWait = time.Second
	longWait  = 5 * time.Minute
)

func (p *patience) succeed() {
	p.mu.Lock()
	p.row = 0
	p.mu.Unlock()
}

// wait is how long to wait after one more refusal: exponential, with full jitter above
// half, and never less than what was asked for.
func (p *patience) wait(asked time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := min(firstWait<<min(p.row, 16), longWait)
	p.row++
	d = d/2 + time.Duration(p.random()*float64(d/2))
	if asked > 0 {
		d = asked + time.Duration(p.random()*float64(min(asked, time.Minute)/4))
	}
	return d
}

func isFailure(err error) bool {
	var f *scheduler.Failure
	return errors.As(err, &f)
}

func asAnswer(err error, answer **googleapi.Error) bool { return errors.As(err, answer) }

// fail is failure, with a moment for those that are worth another try.
func (a *Account) fail(action string, err error, effect bool) error {
	err = failure(action, err, effect)
	var f *scheduler.Failure
	if errors.As(err, &f) && (f.Kind == scheduler.Again || f.Kind == scheduler.InDoubt) {
		f.After = a.patience.wait(f.After)
	}
	return err
}
