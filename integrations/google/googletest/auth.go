package googletest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	crand "crypto/rand"
)

// authority is Google's sign-in.
type authority struct {
	clientID, secret string
	auto             bool
	testing          bool
	codes            map[string]*grant
	access           map[string]*accessToken
	refresh          map[string]*grant
	accounts         map[string]*serviceAccount // by address
	renewals         int
}

// grant is what one user allowed one client.
type grant struct {
	address   string
	scopes    []string
	redirect  string
	challenge string
	at        time.Time
	revoked   bool
	used      bool
}

type accessToken struct {
	grant *grant
	until time.Time
}

type serviceAccount struct {
	address string
	key     *rsa.PrivateKey
	scopes  []string // that the administrator delegated
}

// How long Google's tokens live.
const (
	accessLife  = 3599 * time.Second
	codeLife    = 10 * time.Minute
	testingLife = 7 * 24 * time.Hour // of refresh tokens while an app is in "Testing"
)

func newAuthority() authority {
	return authority{clientID: "indy-test.apps.googleusercontent.com", secret: "not-so-secret",
		codes: map[string]*grant{}, access: map[string]*accessToken{}, refresh: map[string]*grant{}, accounts: map[string]*serviceAccount{}}
}

// Client is an OAuth client's file as the cloud console gives it.
func (s *Server) Client() []byte {
	b, _ := json.Marshal(obj{"installed": obj{
		"client_id": s.auth.clientID, "client_secret": s.auth.secret, "project_id": "indy-test",
		"auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": "https://oauth2.googleapis.com/token",
		"redirect_uris": []string{"http://localhost"},
	}})
	return b
}

// ConsentAtOnce makes the page of consent say yes by itself, as the user that was hinted at.
func (s *Server) ConsentAtOnce() { s.locked(func() { s.auth.auto = true }) }

// Testing puts the app in "Testing": who signs in is signed out after seven days.
func (s *Server) Testing() { s.locked(func() { s.auth.testing = true }) }

// SignIn is a refresh token as if address had just consented to these scopes.
func (s *Server) SignIn(address string, scopes ...string) (refresh string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustUser(address)
	refresh = "1//" + s.hex() + s.hex()
	s.auth.refresh[refresh] = &grant{address: strings.ToLower(address), scopes: scopes, at: s.now()}
	return refresh
}

// Revoke withdraws everything that address allowed.
func (s *Server) Revoke(address string) {
	s.eachGrant(address, func(g *grant) { g.revoked = true })
}

// RevokeScope withdraws one scope.
func (s *Server) RevokeScope(address, scope string) {
	s.eachGrant(address, func(g *grant) {
		g.scopes = slices.DeleteFunc(slices.Clone(g.scopes), func(x string) bool { return x == scope })
	})
}

func (s *Server) eachGrant(address string, f func(*grant)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[*grant]bool{}
	for _, g := range s.auth.refresh {
		seen[g] = true
	}
	for _, t := range s.auth.access {
		seen[t.grant] = true
	}
	for g := range seen {
		if strings.EqualFold(g.address, address) {
			f(g)
		}
	}
}

// ExpireAccess makes all access tokens stale, as a change of password does.
func (s *Server) ExpireAccess() { s.locked(func() { clear(s.auth.access) }) }

// Renewals is how many access tokens were handed out.
func (s *Server) Renewals() int { s.mu.Lock(); defer s.mu.Unlock(); return s.auth.renewals }

// serviceKey is the same for every server of a process: making one takes its time.
var serviceKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(crand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// ServiceAccount is a key of a service account to which these scopes were delegated for all users.
func (s *Server) ServiceAccount(scopes ...string) []byte {
	key := serviceKey()
	address := "indy@indy-test.iam.gserviceaccount.com"
	s.locked(func() { s.auth.accounts[address] = &serviceAccount{address, key, scopes} })
	b, _ := json.Marshal(obj{"type": "service_account", "project_id": "indy-test", "private_key_id": "k1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		"client_email": address, "client_id": "1", "token_uri": "https://oauth2.googleapis.com/token"})
	return b
}

// serveAuth answers what belongs to signing in.
func (s *Server) serveAuth(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		base := "http://" + r.Host
		writeJSON(w, 200, obj{"issuer": base, "authorization_endpoint": base + "/o/oauth2/v2/auth", "token_endpoint": base + "/token", "revocation_endpoint": base + "/revoke"})
	case "/o/oauth2/v2/auth":
		s.serveConsent(w, r)
	case "/token":
		fault := s.enter("oauth2.token")
		fault.before(s, w, r)
		if fault.answered(w, s) {
			return true
		}
		status, body := s.serveToken(r)
		fault.after(s, w, r)
		writeJSON(w, status, body)
	case "/revoke":
		status, body := s.serveRevoke(r)
		writeJSON(w, status, body)
	default:
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, status int, body obj) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

var consentPage = template.Must(template.New("").Parse(`<!doctype html><html lang=en><title>Sign in</title>
<h1>Choose an account</h1><form method=post action="/o/oauth2/v2/auth?{{.Query}}">
{{range .Users}}<label><input type=radio name=user value="{{.}}" {{if eq . $.Hint}}checked{{end}}> {{.}}</label><br>{{end}}
{{range .Scopes}}<label><input type=checkbox name=scope value="{{.}}" checked> {{.}}</label><br>{{end}}
<button name=answer value=allow>Continue</button> <button name=answer value=deny>Cancel</button></form>`))

// serveConsent is the page at which a user allows an app what it asks for.
func (s *Server) serveConsent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	problem := s.consentProblem(q)
	auto, users := s.auth.auto, s.addresses()
	s.mu.Unlock()
	if problem != "" {
		s.locked(func() { s.violate("consent: %s", problem) })
		http.Error(w, "Error 400: "+problem, http.StatusBadRequest)
		return
	}
	asked := strings.Fields(q.Get("scope"))
	switch {
	case r.Method == http.MethodPost:
		r.ParseForm()
		if r.PostForm.Get("answer") == "deny" {
			http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"error": {"access_denied"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
			return
		}
		http.Redirect(w, r, s.Consent(r.URL.String(), r.PostForm.Get("user"), r.PostForm["scope"]), http.StatusFound)
	case auto:
		http.Redirect(w, r, s.Consent(r.URL.String(), q.Get("login_hint"), asked), http.StatusFound)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		consentPage.Execute(w, obj{"Query": template.URL(r.URL.RawQuery), "Users": users, "Scopes": asked, "Hint": q.Get("login_hint")})
	}
}

func (s *Server) consentProblem(q url.Values) string {
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != s.auth.clientID:
		return "invalid_client"
	case q.Get("response_type") != "code":
		return "response_type must be code"
	case err != nil || back.Scheme != "http" || !(back.Hostname() == "localhost" || net.ParseIP(back.Hostname()).IsLoopback()):
		return "redirect_uri_mismatch"
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return "PKCE (S256) is missing"
	case len(q.Get("state")) < 16:
		return "state is missing"
	case q.Get("scope") == "":
		return "scope is missing"
	}
	return ""
}

// Consent is the address to which the browser is sent when user allows the app at the
// page of consent that address shows these scopes.
func (s *Server) Consent(address, user string, scopes []string) (landing string) {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	q := u.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustUser(user)
	code := "4/" + s.hex()
	s.auth.codes[code] = &grant{address: strings.ToLower(user), scopes: scopes, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"), at: s.now()}
	if q.Get("access_type") == "offline" && q.Get("prompt") == "consent" {
		s.auth.refresh["offline "+code] = s.auth.codes[code]
	}
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "scope": {strings.Join(scopes, " ")}}.Encode()
}

func grantError(code, words string) (int, obj) {
	status := 400
	if code == "invalid_client" || code == "unauthorized_client" {
		status = 401
	}
	return status, obj{"error": code, "error_description": words}
}

func (s *Server) serveToken(r *http.Request) (int, obj) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		return grantError("invalid_request", "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := r.PostForm
	if f.Get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		return s.assertion(f.Get("assertion"))
	}
	if f.Get("client_id") != s.auth.clientID || f.Get("client_secret") != s.auth.secret {
		return grantError("invalid_client", "The OAuth client was not found.")
	}
	switch f.Get("grant_type") {
	case "authorization_code":
		return s.exchange(f)
	case "refresh_token":
		g := s.auth.refresh[f.Get("refresh_token")]
		if g == nil || g.revoked || s.auth.testing && s.now().Sub(g.at) > testingLife {
			return grantError("invalid_grant", "Token has been expired or revoked.")
		}
		return 200, s.issue(g)
	}
	return grantError("unsupported_grant_type", "")
}

func (s *Server) exchange(f url.Values) (int, obj) {
	code := f.Get("code")
	g := s.auth.codes[code]
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	if g == nil || g.used || s.now().Sub(g.at) > codeLife || g.redirect != f.Get("redirect_uri") || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		return grantError("invalid_grant", "Malformed auth code.")
	}
	g.used = true
	answer := s.issue(g)
	if s.auth.refresh["offline "+code] != nil {
		delete(s.auth.refresh, "offline "+code)
		refresh := "1//" + s.hex() + s.hex()
		s.auth.refresh[refresh] = g
		answer["refresh_token"] = refresh
	}
	return 200, answer
}

// issue hands out an access token.
func (s *Server) issue(g *grant) obj {
	s.auth.renewals++
	access := "ya29." + s.hex() + s.hex()
	s.auth.access[access] = &accessToken{grant: g, until: s.now().Add(accessLife)}
	return obj{"access_token": access, "expires_in": int(accessLife / time.Second), "token_type": "Bearer", "scope": strings.Join(g.scopes, " ")}
}

// assertion signs a service account in as somebody (RFC 7523).
func (s *Server) assertion(jwt string) (int, obj) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return grantError("invalid_grant", "Invalid JWT")
	}
	var claims struct{ Iss, Sub, Scope, Aud string }
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	sig, _ := base64.RawURLEncoding.DecodeString(parts[2])
	if json.Unmarshal(body, &claims) != nil {
		return grantError("invalid_grant", "Invalid JWT")
	}
	account := s.auth.accounts[claims.Iss]
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if account == nil || rsa.VerifyPKCS1v15(&account.key.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		return grantError("invalid_grant", "Invalid JWT Signature.")
	}
	scopes := strings.Fields(claims.Scope)
	for _, want := range scopes {
		if !slices.Contains(account.scopes, want) {
			return grantError("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.")
		}
	}
	subject := strings.ToLower(claims.Sub)
	if subject == "" {
		subject = account.address
	} else if s.users[subject] == nil {
		return grantError("invalid_grant", "Invalid email or User ID")
	}
	answer := s.issue(&grant{address: subject, scopes: scopes, at: s.now()})
	delete(answer, "scope") // Google leaves it out here
	return 200, answer
}

func (s *Server) serveRevoke(r *http.Request) (int, obj) {
	r.ParseForm()
	s.mu.Lock()
	defer s.mu.Unlock()
	secret := r.Form.Get("token")
	g := s.auth.refresh[secret]
	if t := s.auth.access[secret]; t != nil {
		g = t.grant
	}
	if g == nil || g.revoked {
		return 400, obj{"error": "invalid_token", "error_description": "Token expired or revoked"}
	}
	g.revoked = true
	return 200, obj{}
}

// SignedIn says whether anything that address allowed still holds.
func (s *Server) SignedIn(address string) (yes bool) {
	s.eachGrant(address, func(g *grant) { yes = yes || !g.revoked })
	return yes
}

// admit lets a call in: token, API, scope, user, quota.
func (c *call) admit() *apiError {
	s := c.s
	secret, bearer := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
	t := s.auth.access[secret]
	if !bearer || t == nil || t.grant.revoked || !s.now().Before(t.until) {
		return refuse(401, "authError", "Invalid Credentials")
	}
	api, _, _ := strings.Cut(c.m.ID, ".")
	if s.disabled[api] {
		return refuse(403, "accessNotConfigured", fmt.Sprintf("%s API has not been used in project 1 before or it is disabled.", api))
	}
	if !slices.ContainsFunc(c.m.Scopes, func(x string) bool { return slices.Contains(t.grant.scopes, x) }) {
		return refuse(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
	}
	if api == "pubsub" {
		return nil
	}
	c.user = s.users[t.grant.address]
	if c.user == nil {
		return refuse(400, "failedPrecondition", "Mail service not enabled")
	}
	if id := c.path["userId"]; id != "" && id != "me" && !strings.EqualFold(id, c.user.address) {
		return refuse(403, "forbidden", "Delegation denied for "+c.user.address)
	}
	return s.charge(c.user.address, c.m.ID)
}
