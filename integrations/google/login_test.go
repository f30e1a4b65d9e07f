package google_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// onWire puts the world's Google on a real socket, for sign-ins go through a browser.
func onWire(t *testing.T) (*world, google.Options) {
	w := newWorld(t)
	w.g.AddUser("other@example.org", "Somebody else", "UTC")
	endpoint, stop, err := w.g.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	o := w.o
	o.Endpoint, o.Transport, o.Tokens = endpoint, nil, google.Files(filepath.Join(t.TempDir(), "sign-in"))
	return w, o
}

// browse is a browser that follows the redirects to the end.
func browse(address string) error {
	go func() {
		if res, err := http.Get(address); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	}()
	return nil
}

func TestLogin(t *testing.T) {
	w, o := onWire(t)
	w.g.ConsentAtOnce()
	var said bytes.Buffer
	if err := google.Login(t.Context(), o, google.Browser{Open: browse, Say: &said}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "code_challenge_method=S256") || strings.Contains(said.String(), "not-so-secret") {
		t.Errorf("shown: %s", said.String())
	}
	a, err := google.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Mailbox().Fetch(t.Context(), "", everything); err != nil {
		t.Fatal(err)
	}
	if err := google.Logout(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Tokens.Load(maria); !os.IsNotExist(err) {
		t.Error("the sign-in was not forgotten")
	}
	_, _, err = a.Mailbox().Fetch(t.Context(), "", everything)
	fails(t, err, scheduler.NoAccess, "", `run "indy login"`)
	fails(t, google.Logout(t.Context(), o), scheduler.NoAccess, "nobody has signed in yet", "")
}

func TestLoginOnAMachineWithoutABrowser(t *testing.T) {
	w, o := onWire(t)
	shown, tell := io.Pipe()
	typed, keys := io.Pipe()
	go func() { // the person: opens the address elsewhere, and copies back where that ends
		var page string
		buf := make([]byte, 4096)
		for page == "" || !strings.Contains(page, "\n\n") {
			n, err := shown.Read(buf)
			if err != nil {
				return
			}
			if i := strings.Index(string(buf[:n]), "http://"); i >= 0 {
				page = string(buf[i:n])
			}
		}
		page, _, _ = strings.Cut(page, "\n")
		go io.Copy(io.Discard, shown)
		io.WriteString(keys, "what?\n")
		u, _ := url.Parse(page)
		landing := w.g.Consent(page, maria, strings.Fields(u.Query().Get("scope")))
		io.WriteString(keys, strings.Replace(landing, "state=", "state=x", 1)+"\n") // a mistake first
		io.WriteString(keys, landing+"\n")
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := google.Login(ctx, o, google.Browser{Not: true, Say: tell, Paste: typed}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Tokens.Load(maria); err != nil {
		t.Error(err)
	}
}

// TestLoginRefusals are sign-ins that must not be kept, and what is then withdrawn.
func TestLoginRefusals(t *testing.T) {
	as := func(w *world, user string, drop string) func(string) error {
		return func(address string) error {
			u, _ := url.Parse(address)
			var scopes []string
			for _, s := range strings.Fields(u.Query().Get("scope")) {
				if drop == "" || !strings.HasSuffix(s, drop) {
					scopes = append(scopes, s)
				}
			}
			return browse(w.g.Consent(address, user, scopes))
		}
	}
	t.Run("another account", func(t *testing.T) {
		w, o := onWire(t)
		err := google.Login(t.Context(), o, google.Browser{Open: as(w, "other@example.org", ""), Say: io.Discard})
		if err == nil || err.Error() != "sign in: this is the account of other@example.org, not of maria@example.org" {
			t.Fatal(err)
		}
		if w.g.SignedIn("other@example.org") {
			t.Error("the wrong account stays open")
		}
		if _, err := o.Tokens.Load(maria); err == nil {
			t.Error("kept")
		}
	})
	t.Run("a box not ticked", func(t *testing.T) {
		w, o := onWire(t)
		err := google.Login(t.Context(), o, google.Browser{Open: as(w, maria, "calendar.freebusy"), Say: io.Discard})
		fails(t, err, scheduler.NoAccess, "not granted: Calendar: free/busy (calendar.freebusy)", "tick every box")
	})
	t.Run("no", func(t *testing.T) {
		_, o := onWire(t)
		err := google.Login(t.Context(), o, google.Browser{Say: io.Discard, Open: func(address string) error {
			u, _ := url.Parse(address)
			return browse(u.Query().Get("redirect_uri") + "?error=access_denied&state=" + u.Query().Get("state"))
		}})
		if err == nil || err.Error() != "sign in: you said no in the browser" {
			t.Fatal(err)
		}
	})
	t.Run("an answer to another question", func(t *testing.T) {
		w, o := onWire(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := google.Login(ctx, o, google.Browser{Say: io.Discard, Open: func(address string) error {
			u, _ := url.Parse(address)
			landing := w.g.Consent(address, maria, strings.Fields(u.Query().Get("scope")))
			go func() {
				defer cancel()
				res, err := http.Get(strings.Replace(landing, u.Query().Get("state"), "guessed", 1))
				if err == nil && res.StatusCode != http.StatusBadRequest {
					t.Errorf("status %d for a forged answer", res.StatusCode)
				}
			}()
			return nil
		}})
		if err == nil || !strings.Contains(err.Error(), "wait for the browser") {
			t.Fatal(err)
		}
	})
	t.Run("a client file that is none", func(t *testing.T) {
		_, o := onWire(t)
		o.Client = []byte("{}")
		err := google.Login(t.Context(), o, google.Browser{Open: browse, Say: io.Discard})
		if err == nil || !strings.Contains(err.Error(), "Desktop app") {
			t.Fatal(err)
		}
	})
}

func TestLogoutWithoutNetworkKeepsTheSignIn(t *testing.T) {
	w := newWorld(t)
	o := w.o
	o.Transport = broken{}
	fails(t, google.Logout(t.Context(), o), scheduler.Again, "withdraw the access: the connection was cut", "")
	if _, err := o.Tokens.Load(maria); err != nil {
		t.Error("a sign-in that still holds was forgotten")
	}
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func TestServiceAccount(t *testing.T) {
	w := newWorld(t)
	o := w.o
	o.Client, o.Tokens = nil, nil
	o.ServiceAccount = w.g.ServiceAccount(o.Scopes()...)
	for _, f := range google.Check(t.Context(), o, true) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	o.ServiceAccount = w.g.ServiceAccount(o.Scopes()[1:]...)
	found := google.Check(t.Context(), o, false)
	if len(found) != 1 || !strings.Contains(found[0].Found, "unauthorized_client") || !strings.Contains(found[0].Hint, "google-setup.md") {
		t.Errorf("%+v", found)
	}
	o.ServiceAccount = []byte("{}")
	if _, err := google.Open(o); err == nil || !strings.Contains(err.Error(), "the service account's key is not one") {
		t.Error(err)
	}
}

func TestEndpoint(t *testing.T) {
	for _, bad := range []string{"127.0.0.1:1", "ftp://127.0.0.1", "http://127.0.0.1:1/path", "http://example.org", "http://10.0.0.1:80", "https://"} {
		if _, err := google.Open(google.Options{Address: maria, Client: []byte("x"), Tokens: google.Files(t.TempDir()), Endpoint: bad}); err == nil || !strings.Contains(err.Error(), google.EndpointVariable) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestOverTheWire sends and cuts over a real connection, where net/http has its own mind.
func TestOverTheWire(t *testing.T) {
	w, o := onWire(t)
	w.o = o
	w.signIn()
	w.open()
	_, cursor := w.fetch("")
	p := parcel(ana, "offer", "…")
	ref, err := w.mail.Stage(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", CutAfter: true})
	_, err = w.mail.Send(t.Context(), p, ref)
	fails(t, err, scheduler.InDoubt, "the connection was cut", "")
	if _, found, err := w.mail.Find(t.Context(), p, ref); found != scheduler.WasSent || err != nil {
		t.Errorf("found %d, %v", found, err)
	}
	if n := len(w.ana.Mails("INBOX")); n != 1 {
		t.Errorf("%d mails", n)
	}
	w.ana.Reply(w.ana.Mails("INBOX")[0], "yes")
	if mails, _ := w.fetch(cursor); len(mails) != 1 {
		t.Errorf("%d mails", len(mails))
	}
	w.send(parcel(lee, "a big one", strings.Repeat("words and words\r\n", 100_000)))
	// Nobody listens: nothing went, and that is certain.
	o.Endpoint = "http://127.0.0.1:1"
	w.o = o
	w.open()
	_, err = w.mail.Send(t.Context(), p, ref)
	fails(t, err, scheduler.Again, "no network", "")
}
