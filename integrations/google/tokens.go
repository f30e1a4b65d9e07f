package google

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"indy/scheduler"
)

// Token is a sign-in. It never prints its secrets.
type Token struct {
	Access  string    `json:"access_token,omitempty"`
	Refresh string    `json:"refresh_token,omitempty"`
	Expiry  time.Time `json:"expiry,omitzero"` // of Access; UTC
	Scopes  []string  `json:"scopes,omitempty"`
	Address string    `json:"address,omitempty"` // whose account it opens
	Since   time.Time `json:"since,omitzero"`    // when the organizer signed in; UTC
}

// String and GoString keep secrets out of logs.
func (t Token) String() string   { return "sign-in of " + t.Since.Format(time.DateOnly) }
func (t Token) GoString() string { return t.String() }

// Tokens keeps sign-ins, each under the name of its organizer. Save is atomic and durable:
// after a crash there is the old one or the new one.
type Tokens interface {
	Load(name string) ([]byte, error) // fs.ErrNotExist when there is none
	Save(name string, secret []byte) error
	Delete(name string) error // none is a success
}

// Files keeps sign-ins in dir, which only its owner may enter, each in a file that only
// its owner may read.
func Files(dir string) Tokens { return files{dir} }

type files struct{ dir string }

func (f files) path(name string) string { return filepath.Join(f.dir, fileName(name)) }

// fileName is a name that is safe on any file system, and another one for each organizer.
func fileName(name string) string {
	var b strings.Builder
	for _, r := range []byte(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '@', r == '.' && b.Len() > 0:
			b.WriteByte(r)
		default:
			fmt.Fprintf(&b, "%%%02x", r)
		}
	}
	return b.String() + ".json"
}

func (f files) Load(name string) ([]byte, error) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if loose(st.Mode()) {
		return nil, &scheduler.Failure{Kind: scheduler.NoAccess, Hint: fmt.Sprintf("run \"chmod 600 %s\", and \"indy login\" if others may have read it", f.path(name)),
			Err: errors.New("the sign-in is kept in a file that others can read")}
	}
	return os.ReadFile(f.path(name))
}

func (f files) Save(name string, secret []byte) (err error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	if st, err := os.Stat(f.dir); err != nil {
		return err
	} else if loose(st.Mode()) {
		if err := os.Chmod(f.dir, 0o700); err != nil {
			return err
		}
	}
	tmp, err := os.CreateTemp(f.dir, ".new-*") // made with 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(secret); err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), f.path(name)); err != nil {
		return err
	}
	return syncDir(f.dir)
}

func (f files) Delete(name string) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Keyring keeps sign-ins in the operating system's keyring, under that service's name.
func Keyring(service string) Tokens { return ring{service} }

type ring struct{ service string }

func (r ring) Load(name string) ([]byte, error) {
	secret, err := keyring.Get(r.service, name)
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, fs.ErrNotExist
	}
	return []byte(secret), err
}

func (r ring) Save(name string, secret []byte) error {
	return keyring.Set(r.service, name, string(secret))
}

func (r ring) Delete(name string) error {
	if err := keyring.Delete(r.service, name); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return err
	}
	return nil
}

// FirstOf keeps sign-ins in whichever of two places has them, and new ones in the first.
// A second place that cannot be reached, as a keyring without a desktop, has none.
func FirstOf(first, second Tokens) Tokens { return both{first, second} }

type both struct{ first, second Tokens }

func (b both) Load(name string) ([]byte, error) {
	secret, err := b.first.Load(name)
	if errors.Is(err, fs.ErrNotExist) {
		if other, err := b.second.Load(name); err == nil {
			return other, nil
		}
	}
	return secret, err
}

func (b both) Save(name string, secret []byte) error {
	if _, err := b.first.Load(name); errors.Is(err, fs.ErrNotExist) {
		if _, err := b.second.Load(name); err == nil {
			return b.second.Save(name, secret)
		}
	}
	return b.first.Save(name, secret)
}

func (b both) Delete(name string) error {
	err := b.first.Delete(name)
	if _, e := b.second.Load(name); e == nil {
		err = errors.Join(err, b.second.Delete(name))
	}
	return err
}

func loadToken(tokens Tokens, name string) (Token, error) {
	secret, err := tokens.Load(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Token{}, &scheduler.Failure{Kind: scheduler.NoAccess, Hint: `run "indy login"`, Err: errors.New("sign in to Google: nobody has signed in yet")}
	}
	if err != nil {
		return Token{}, fmt.Errorf("read the sign-in: %w", err)
	}
	var tok Token
	if json.Unmarshal(secret, &tok) != nil || tok.Refresh == "" { // json's words could hold a piece of the secret
		return Token{}, &scheduler.Failure{Kind: scheduler.NoAccess, Hint: `run "indy login"`, Err: errors.New("read the sign-in: what is kept is damaged")}
	}
	return tok, nil
}

func saveToken(tokens Tokens, name string, tok Token) error {
	secret, err := json.Marshal(tok)
	if err == nil {
		err = tokens.Save(name, secret)
	}
	if err != nil {
		return fmt.Errorf("keep the sign-in: %w", err)
	}
	return nil
}
