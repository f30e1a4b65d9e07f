package google

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// EndpointVariable is the environment variable that points every call, sign-in included,
// at another server. It is for tests. It names a scheme and a host, with no path.
const EndpointVariable = "INDY_GOOGLE_ENDPOINT"

// endpoints are where Google listens.
type endpoints struct {
	gmail, calendar, pubsub string // with a slash at the end
	auth, token, revoke     string
	issuer                  string // has /.well-known/openid-configuration; "" for Google itself
}

func endpointsOf(override string) (endpoints, error) {
	if override == "" {
		return endpoints{
			gmail:    "https://gmail.googleapis.com/",
			calendar: "https://www.googleapis.com/calendar/v3/",
			pubsub:   "https://pubsub.googleapis.com/",
			auth:     "https://accounts.google.com/o/oauth2/v2/auth",
			token:    "https://oauth2.googleapis.com/token",
			revoke:   "https://oauth2.googleapis.com/revoke",
		}, nil
	}
	base := strings.TrimSuffix(override, "/")
	u, err := url.Parse(base)
	// Uploads go to a path of their own from the root, so a path here would lose them.
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return endpoints{}, fmt.Errorf("%s must be like http://127.0.0.1:4002, without a path", EndpointVariable)
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return endpoints{}, fmt.Errorf("%s: sign-ins go over plain http to this machine only", EndpointVariable)
	}
	return endpoints{
		gmail:    base + "/",
		calendar: base + "/calendar/v3/",
		pubsub:   base + "/",
		auth:     base + "/o/oauth2/v2/auth",
		token:    base + "/token",
		revoke:   base + "/revoke",
		issuer:   base,
	}, nil
}

// discovered asks another server than Google where it signs people in (OpenID Connect
// Discovery 1.0, 4). Google's own paths stay where it does not say; only paths are taken,
// so that no answer can lead to another host.
func (e endpoints) discovered(ctx context.Context, rt http.RoundTripper) endpoints {
	if e.issuer == "" {
		return e
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		return e
	}
	res, err := rt.RoundTrip(req)
	if err != nil {
		return e
	}
	defer res.Body.Close()
	var said struct {
		Auth   string `json:"authorization_endpoint"`
		Token  string `json:"token_endpoint"`
		Revoke string `json:"revocation_endpoint"`
	}
	if res.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&said) != nil {
		return e
	}
	for _, x := range []struct {
		at   *string
		said string
	}{{&e.auth, said.Auth}, {&e.token, said.Token}, {&e.revoke, said.Revoke}} {
		if u, err := url.Parse(x.said); err == nil && u.Path != "" && u.Path != "/" {
			*x.at = e.issuer + u.EscapedPath()
		}
	}
	return e
}
