package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
)

// signInWorld is a Google on a socket, of which the environment tells, and a config of an
// organizer who has an account there.
func signInWorld(t *testing.T, o googletest.Options) (g *googletest.Server, configPath string) {
	t.Helper()
	g, endpoint := listeningGoogle(t, o)
	t.Setenv(google.EndpointVariable, endpoint)
	return g, signInConfig(t, g)
}

// listeningGoogle is a Google on a socket, at which Maria has an account.
func listeningGoogle(t *testing.T, o googletest.Options) (g *googletest.Server, endpoint string) {
	t.Helper()
	g = googletest.New(t, o)
	g.AddUser("maria@example.org", "Maria Lopez", "America/Los_Angeles")
	endpoint, stop, err := g.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return g, endpoint
}

// signInConfig is the config of Maria, who has an account at g, and of Ana.
func signInConfig(t *testing.T, g *googletest.Server) (path string) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("client.json", string(g.Client()))
	return write("config.toml", `state = "state"

[team]
name = "Oakland Council"

[[organizer]]
name = "Maria Lopez"
address = "maria@example.org"
zone = "America/Los_Angeles"
provider = "google"

[organizer.google]
credentials = "client.json"

[[person]]
name = "Ana Ruiz"
address = "ana@example.org"
`)
}

// visit opens the address that is shown, as a person without a browser on this machine
// does, and follows it to its end.
func visit(t *testing.T, shown io.Reader, said *bytes.Buffer) {
	buf := make([]byte, 1<<16)
	visited := false
	for {
		n, err := shown.Read(buf)
		said.Write(buf[:n])
		if i := strings.Index(said.String(), "http://"); i >= 0 && !visited {
			address, _, whole := strings.Cut(said.String()[i:], "\n")
			if whole {
				visited = true
				res, err := http.Get(address)
				if err != nil {
					t.Errorf("visit: %v", err)
					continue
				}
				res.Body.Close()
			}
		}
		if err != nil {
			return
		}
	}
}

func TestLoginAndLogout(t *testing.T) {
	g, path := signInWorld(t, googletest.Options{})
	g.ConsentAtOnce()
	shown, out := io.Pipe()
	var said, errs bytes.Buffer
	seen := make(chan struct{})
	go func() { defer close(seen); visit(t, shown, &said) }()
	code := run(t.Context(), []string{"login", "--no-browser", "--config", path}, strings.NewReader(""), out, &errs)
	out.Close()
	<-seen
	if code != exitDone || !strings.Contains(said.String(), "Signed in as maria@example.org.") {
		t.Fatalf("exit %d\n%s%s", code, said.String(), errs.String())
	}
	if !g.SignedIn("maria@example.org") {
		t.Error("not signed in")
	}
	said.Reset()
	if code := run(t.Context(), []string{"check", "--mail", "--config", path}, nil, &said, &errs); code != exitDone || !strings.Contains(said.String(), "ok    Gmail of maria-lopez: maria@example.org\n") {
		t.Errorf("check: exit %d\n%s%s", code, said.String(), errs.String())
	}
	said.Reset()
	g.RevokeScope("maria@example.org", "https://www.googleapis.com/auth/calendar.freebusy")
	if code := run(t.Context(), []string{"check", "--config", path}, nil, &said, &errs); code != exitCouldNot || !strings.Contains(said.String(), "not granted: Calendar: free/busy (calendar.freebusy)") {
		t.Errorf("check: exit %d\n%s%s", code, said.String(), errs.String())
	}
	said.Reset()
	if code := run(t.Context(), []string{"logout", "--config", path}, nil, &said, &errs); code != exitDone || g.SignedIn("maria@example.org") {
		t.Errorf("exit %d, %s%s", code, said.String(), errs.String())
	}
	errs.Reset()
	if code := run(t.Context(), []string{"logout", "--config", path}, nil, io.Discard, &errs); code != exitCouldNot ||
		!strings.HasSuffix(errs.String(), "\nindy: sign in to Google: nobody has signed in yet\nindy: hint: run \"indy login\"\n") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

func TestLoginOfNobody(t *testing.T) {
	_, path := signInWorld(t, googletest.Options{})
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"login", "--config", path, "--organizer", "ben"}, nil, io.Discard, &errs); code != exitWrongUse ||
		!strings.Contains(errs.String(), `no organizer "ben" has a Google account in the config`) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
