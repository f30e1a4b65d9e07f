package google

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"golang.org/x/oauth2/jwt"
	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/option"

	"indy/scheduler"
)

// What indy asks for. Each is the smallest that lets its feature work.
const (
	scopeModify   = "https://www.googleapis.com/auth/gmail.modify"   // read, write and send mail, set labels; never delete
	scopeRead     = "https://www.googleapis.com/auth/gmail.readonly" // with scopeCompose, instead of scopeModify, when labels are off
	scopeCompose  = "https://www.googleapis.com/auth/gmail.compose"
	scopeEvents   = "https://www.googleapis.com/auth/calendar.events"
	scopeFreeBusy = "https://www.googleapis.com/auth/calendar.freebusy"
	scopeLists    = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
	scopePubSub   = "https://www.googleapis.com/auth/pubsub"
)

// Scopes are what this account must be allowed.
func (o Options) Scopes() []string {
	s := []string{scopeRead, scopeCompose}
	if o.Labels {
		s = []string{scopeModify}
	}
	s = append(s, scopeEvents, scopeFreeBusy, scopeLists)
	if o.PubSub {
		s = append(s, scopePubSub)
	}
	return s
}

// inWords says what a scope is for, as Google's own page puts the box to tick beside it.
func inWords(scope string) string {
	switch scope {
	case scopeModify:
		return "Gmail: read, compose and send (gmail.modify)"
	case scopeRead:
		return "Gmail: read (gmail.readonly)"
	case scopeCompose:
		return "Gmail: drafts and sending (gmail.compose)"
	case scopeEvents:
		return "Calendar: see and change events (calendar.events)"
	case scopeFreeBusy:
		return "Calendar: free/busy (calendar.freebusy)"
	case scopeLists:
		return "Calendar: the list of calendars (calendar.calendarlist.readonly)"
	case scopePubSub:
		return "Pub/Sub: read the notices of new mail (pubsub)"
	}
	return scope
}

// missing are the scopes of want that were not granted.
func missing(want, granted []string) (lacking []string) {
	for _, s := range want {
		if !slices.Contains(granted, s) {
			lacking = append(lacking, inWords(s))
		}
	}
	return lacking
}

func clientConfig(o Options, where endpoints) (*oauth2.Config, error) {
	cfg, err := google.ConfigFromJSON(o.Client, o.Scopes()...)
	if err != nil {
		return nil, errors.New(`the OAuth client's file is not one of a "Desktop app" (see docs/google-setup.md)`)
	}
	cfg.Endpoint = oauth2.Endpoint{AuthURL: where.auth, TokenURL: where.token, AuthStyle: oauth2.AuthStyleInParams}
	return cfg, nil
}

// through makes oauth2 use our transport.
func through(ctx context.Context, o Options) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: o.Transport, Timeout: time.Minute})
}

// refreshed renews with a refresh token and keeps what came.
func refreshed(o Options, where endpoints) (func(context.Context, Token) (Token, error), error) {
	if _, err := clientConfig(o, where); err != nil {
		return nil, err
	}
	return func(ctx context.Context, old Token) (Token, error) {
		cfg, err := clientConfig(o, where.discovered(ctx, o.Transport))
		if err != nil {
			return Token{}, err
		}
		got, err := cfg.TokenSource(through(ctx, o), &oauth2.Token{RefreshToken: old.Refresh}).Token()
		if err != nil {
			return Token{}, tokenFailure(err)
		}
		tok := old
		tok.take(got, o.Now())
		if err := saveToken(o.Tokens, o.Name, tok); err != nil && tok.Refresh != old.Refresh {
			// The old refresh token may be worth nothing any more: what is lost now is lost.
			return Token{}, &scheduler.Failure{Kind: scheduler.Again, Hint: "make room on the disk, or mend the folder's permissions", Err: err}
		}
		return tok, nil
	}, nil
}

// delegated signs in as the organizer with a service account's key (RFC 7523).
func delegated(o Options, where endpoints) (func(context.Context, Token) (Token, error), error) {
	cfg, err := google.JWTConfigFromJSON(o.ServiceAccount, o.Scopes()...)
	if err != nil {
		return nil, errors.New("the service account's key is not one (see docs/google-setup.md)")
	}
	cfg.Subject = o.Address
	return func(ctx context.Context, old Token) (Token, error) {
		own := *cfg
		if where.issuer != "" {
			own.TokenURL = where.discovered(ctx, o.Transport).token
		}
		return impersonated(ctx, o, &own, old)
	}, nil
}

func impersonated(ctx context.Context, o Options, cfg *jwt.Config, old Token) (Token, error) {
	got, err := cfg.TokenSource(through(ctx, o)).Token()
	if err != nil {
		return Token{}, tokenFailure(named(err))
	}
	tok := old
	tok.take(got, o.Now())
	if len(tok.Scopes) == 0 { // such a grant is all or nothing
		tok.Scopes = cfg.Scopes
	}
	return tok, nil
}

// named reads the error's code where oauth2/jwt does not.
func named(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.ErrorCode == "" {
		var said struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(refused.Body, &said) == nil {
			refused.ErrorCode = said.Error
		}
	}
	return err
}

// take puts what the server answered into t. Expiry is reckoned by our own clock.
func (t *Token) take(got *oauth2.Token, now time.Time) {
	t.Access = got.AccessToken
	if got.RefreshToken != "" {
		t.Refresh = got.RefreshToken
	}
	life := time.Hour
	if secs, ok := got.Extra("expires_in").(float64); ok && secs > 0 {
		life = time.Duration(secs) * time.Second
	}
	t.Expiry = now.Add(life).UTC()
	if s, ok := got.Extra("scope").(string); ok && s != "" {
		t.Scopes = strings.Fields(s)
	}
}

// Browser is how a sign-in reaches the person who sits at the machine.
type Browser struct {
	Open func(address string) error // nil: the system's own
	Not  bool                       // only show the address
	Say  io.Writer                  // where the address is shown
	// Paste is read for the address at which the browser ended, for a browser on another
	// machine, whose loopback is not ours. nil: never.
	Paste io.Reader
}

// Login signs the organizer in (RFC 8252: system browser, loopback, PKCE, state), checks
// that the account is theirs and every scope granted, and keeps the sign-in.
func Login(ctx context.Context, o Options, b Browser) error {
	o, err := o.ready()
	if err != nil {
		return err
	}
	if len(o.ServiceAccount) > 0 {
		return errors.New("sign in: this organizer uses a service account, which needs no sign-in")
	}
	if len(o.Client) == 0 || o.Tokens == nil {
		return &scheduler.Failure{Kind: scheduler.NoAccess, Hint: "see docs/google-setup.md", Err: errors.New("sign in: the config names no OAuth client")}
	}
	where, err := endpointsOf(o.Endpoint)
	if err != nil {
		return err
	}
	where = where.discovered(ctx, o.Transport)
	cfg, err := clientConfig(o, where)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0") // RFC 8252 7.3: any port, and never another machine
	if err != nil {
		return fmt.Errorf("wait for the browser: %w", err)
	}
	defer ln.Close()
	cfg.RedirectURL = "http://" + ln.Addr().String() + "/"
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	ask := cfg.AuthCodeURL(state, oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("prompt", "consent"), // else a second sign-in brings no refresh token
		oauth2.SetAuthURLParam("login_hint", o.Address))
	code, err := consent(ctx, ln, ask, state, b)
	if err != nil {
		return err
	}
	got, err := cfg.Exchange(through(ctx, o), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return tokenFailure(err)
	}
	now := o.Now().UTC()
	tok := Token{Since: now, Address: o.Address}
	tok.take(got, now)
	if err := acceptable(ctx, o, where, tok); err != nil {
		revoke(context.WithoutCancel(ctx), o, where, tok) // nothing is kept, so nothing must stay granted
		return err
	}
	return saveToken(o.Tokens, o.Name, tok)
}

// acceptable says whether a sign-in may be kept.
func acceptable(ctx context.Context, o Options, where endpoints, tok Token) error {
	if tok.Refresh == "" {
		return errors.New("sign in: Google gave no lasting access; try again")
	}
	if lacking := missing(o.Scopes(), tok.Scopes); len(tok.Scopes) > 0 && len(lacking) > 0 {
		return &scheduler.Failure{Kind: scheduler.NoAccess, Hint: "sign in again and tick every box",
			Err: fmt.Errorf("sign in: not granted: %s", strings.Join(lacking, "; "))}
	}
	who, err := addressOf(ctx, o, where, tok)
	if err != nil {
		return err
	}
	if !isOwn(o, who) {
		return &scheduler.Failure{Kind: scheduler.NoAccess, Hint: "choose the account " + o.Address + " in the browser, or change the organizer's address in the config",
			Err: fmt.Errorf("sign in: this is the account of %s, not of %s", who, o.Address)}
	}
	return nil
}

// addressOf is whose mailbox the token opens.
func addressOf(ctx context.Context, o Options, where endpoints, tok Token) (string, error) {
	fresh := o
	fresh.Tokens = nil // what an earlier sign-in left there must not answer for this one
	s := &session{o: fresh, next: o.Transport, tok: tok, had: true, refresh: func(context.Context, Token) (Token, error) {
		return Token{}, &scheduler.Failure{Kind: scheduler.NoAccess, Hint: `run "indy login"`, Err: errors.New("the new sign-in is not accepted")}
	}}
	svc, err := gmail.NewService(ctx, option.WithHTTPClient(&http.Client{Transport: s}), option.WithEndpoint(where.gmail))
	if err != nil {
		return "", err
	}
	profile, err := svc.Users.GetProfile("me").Fields("emailAddress").Context(ctx).Do()
	if err != nil {
		return "", failure("look whose mailbox this is", err, false)
	}
	return profile.EmailAddress, nil
}

// consent shows the page at ask to the person and waits for the code that it leads to.
func consent(ctx context.Context, ln net.Listener, ask, state string, b Browser) (string, error) {
	type answer struct {
		code string
		err  error
	}
	answers := make(chan answer, 1)
	take := func(q url.Values) error {
		code, err := codeOf(q, state)
		if errors.Is(err, errStranger) {
			return err // somebody else knocked: go on waiting
		}
		select {
		case answers <- answer{code, err}:
		default:
		}
		return err
	}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		landed(w, r, take)
	})}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(ln) }()
	defer func() {
		// Let the browser have its page before the door closes.
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		srv.Shutdown(bye)
		<-done
	}()
	invite(b, ask)
	if b.Paste != nil {
		go pasted(b, take)
	}
	select {
	case a := <-answers:
		return a.code, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("wait for the browser: %w", ctx.Err())
	}
}

func invite(b Browser, ask string) {
	open := b.Open
	if open == nil {
		open = openBrowser
	}
	if !b.Not && open(ask) == nil {
		fmt.Fprintf(b.Say, "A browser opens for you to sign in. If it does not, open this address:\n\n%s\n\n", ask)
		return
	}
	fmt.Fprintf(b.Say, "Open this address in a browser and sign in:\n\n%s\n\n", ask)
	if b.Paste != nil {
		fmt.Fprint(b.Say, "If the browser is on another machine it ends at a page that does not load.\nThen copy that page's address here and press Enter.\n\n")
	}
}

// pasted reads addresses until one is the answer. It ends with the process: a terminal
// cannot be told to stop reading.
func pasted(b Browser, take func(url.Values) error) {
	lines := bufio.NewScanner(io.LimitReader(b.Paste, 1<<20))
	for lines.Scan() {
		u, err := url.Parse(strings.TrimSpace(lines.Text()))
		if err != nil || u.RawQuery == "" {
			fmt.Fprintln(b.Say, "That is not the address: it begins with http://127.0.0.1 and has \"code=\" in it.")
			continue
		}
		if err := take(u.Query()); !errors.Is(err, errStranger) {
			return
		}
		fmt.Fprintln(b.Say, "That address is of another sign-in. Open the one above and try again.")
	}
}

// errStranger is an answer that does not belong to our question.
var errStranger = errors.New("the answer is not to our question")

func codeOf(q url.Values, state string) (string, error) {
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1 {
		return "", errStranger
	}
	switch e := plainReason(q.Get("error")); {
	case e == "access_denied":
		return "", errors.New("sign in: you said no in the browser")
	case q.Has("error"):
		return "", fmt.Errorf("sign in: Google answered %s", e)
	case q.Get("code") == "":
		return "", errStranger
	}
	return q.Get("code"), nil
}

// landed is the page at which the browser ends.
func landed(w http.ResponseWriter, r *http.Request, take func(url.Values) error) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Referrer-Policy", "no-referrer")
	title, words := "You can close this page", "indy has what it needs; the terminal says how it went."
	if r.URL.Path != "/" || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	if err := take(r.URL.Query()); errors.Is(err, errStranger) {
		w.WriteHeader(http.StatusBadRequest)
		title, words = "This is not the page you want", "Open the address that indy shows in the terminal."
	} else if err != nil {
		title, words = "That did not work", "The terminal says why."
	}
	fmt.Fprintf(w, "<!doctype html><html lang=en><meta name=viewport content=\"width=device-width\"><title>indy</title>"+
		"<body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem\"><h1>%s</h1><p>%s</p>",
		html.EscapeString(title), html.EscapeString(words))
}

func openBrowser(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}

// Logout withdraws the access at Google and then forgets the sign-in. When Google cannot
// be reached the sign-in stays, so that it can be withdrawn later.
func Logout(ctx context.Context, o Options) error {
	o, err := o.ready()
	if err != nil {
		return err
	}
	if o.Tokens == nil {
		return errors.New("sign out: no place for sign-ins is given")
	}
	where, err := endpointsOf(o.Endpoint)
	if err != nil {
		return err
	}
	tok, err := loadToken(o.Tokens, o.Name)
	if err != nil {
		return err
	}
	if err := revoke(ctx, o, where.discovered(ctx, o.Transport), tok); err != nil {
		return err
	}
	if err := o.Tokens.Delete(o.Name); err != nil {
		return fmt.Errorf("forget the sign-in: %w", err)
	}
	return nil
}

// revoke withdraws a token (RFC 7009). One that is worth nothing any more is a success.
func revoke(ctx context.Context, o Options, where endpoints, tok Token) error {
	secret := tok.Refresh
	if secret == "" {
		secret = tok.Access
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, where.revoke, strings.NewReader(url.Values{"token": {secret}}.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (&http.Client{Transport: o.Transport, Timeout: time.Minute}).Do(req)
	if err != nil {
		return failure("withdraw the access", err, false)
	}
	defer drain(res)
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusBadRequest {
		return nil
	}
	return &scheduler.Failure{Kind: scheduler.Again, Err: fmt.Errorf("withdraw the access: %w", &Refusal{Status: res.StatusCode}),
		Hint: "try again, or withdraw it yourself on your Google account's page of connected apps"}
}
