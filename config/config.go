// Package config reads config.toml into organizers, people and the campaign.
//
// It starts from good defaults, refuses keys that it does not know, and tells every problem
// at once with file, line and column, in words that say what to do. It never guesses at a
// value that is wrong, keeps no secrets, writes nothing and knows nothing about mail or
// calendars: it only says where they are.
package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Config is a config that holds together.
type Config struct {
	Path       string // of the file, absolute
	Digest     string // of its bytes
	State      string // the folder of indy's memory, absolute
	Team       scheduler.Team
	Campaign   scheduler.Campaign
	Organizers []Organizer // at least one
	Warnings   []Problem   // what is better mended, though indy runs
}

// Organizer is an organizer with their people, and where their mailbox is.
type Organizer struct {
	scheduler.Organizer
	People    []scheduler.Person // as the file lists them
	Provider  Provider
	Local     Local  // with ProviderLocal
	Google    Google // with ProviderGoogle
	Templates string // a folder that overrides templates; ""
}

// Organizer is the organizer with that id; nil when there is none.
func (c *Config) Organizer(id scheduler.OrganizerID) *Organizer {
	for i := range c.Organizers {
		if c.Organizers[i].ID == id {
			return &c.Organizers[i]
		}
	}
	return nil
}

// Provider is what kind of mailbox and calendar an organizer has.
type Provider string

const (
	ProviderLocal  Provider = "local"
	ProviderGoogle Provider = "google"
)

// Local says where the folders of integrations/local are. Every path is absolute.
type Local struct {
	Inbox, Sent string   // Maildirs
	Post        string   // a folder of Maildirs, one for each recipient
	Calendar    string   // a folder of .ics files that indy writes to
	Busy        []string // other folders or files that make the organizer busy
	PeopleBusy  string   // a folder of calendars named by address; ""
}

// Google says which account and calendars integrations/google uses. Paths are absolute.
type Google struct {
	Account          string // the organizer's address where the file says nothing
	Credentials      string // the OAuth client's file; ""
	ServiceAccount   string // a key file; ""
	Calendar         string // "primary", or an id
	Busy             []string
	InvitesByGoogle  bool // else indy mails them
	Labels           bool
	PushTopic        string // "" for polling
	PushSubscription string
}

// Languages are those that indy has templates for.
var Languages = []string{"en", "es"}

// Load reads the config. The error is Problems when the file can be read but not used.
// today is what decides whether the campaign is over.
func Load(path string, today slots.Date) (*Config, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the config: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the config: %w", err)
	}
	return Parse(path, data, today)
}

// Parse is Load of bytes that were read already. path names the file and is where relative
// paths start.
func Parse(path string, data []byte, today slots.Date) (*Config, error) {
	c := &checker{path: path, today: today}
	if len(data) > 4<<20 {
		return nil, Problems{{File: path, Text: "this is over 4 MiB large and hardly a config"}}
	}
	text := bytes.TrimPrefix(data, []byte("\ufeff")) // as some editors begin a file
	root, whole := readTree(text, c.problem)
	setDefaults(&c.file)
	c.binder = newBinder(c.problem)
	c.prefill = c.inherit
	c.table(&c.file, root)
	cfg := c.check()
	if whole && len(c.problems) == 0 {
		proveTOML(text, c.problem)
	}
	if len(c.problems) > 0 {
		return nil, c.problems.sorted()
	}
	cfg.Digest = Digest(data)
	cfg.Warnings = c.warnings.sorted()
	return cfg, nil
}

// Digest is a stamp of a config's bytes: two edits differ just when their stamps do.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// DefaultPath is where the config is when nobody says: $INDY_CONFIG, else indy/config.toml
// in $XDG_CONFIG_HOME or ~/.config.
func DefaultPath() string {
	if p := os.Getenv("INDY_CONFIG"); p != "" {
		return p
	}
	return filepath.Join(xdg("XDG_CONFIG_HOME", ".config"), "indy", "config.toml")
}

// DefaultState is where indy's memory is when the config does not say: indy in
// $XDG_STATE_HOME or ~/.local/state.
func DefaultState() string {
	return filepath.Join(xdg("XDG_STATE_HOME", ".local/state"), "indy")
}

// xdg is a base folder (XDG Base Directory Specification): relative ones do not count.
func xdg(variable, fallback string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, filepath.FromSlash(fallback))
}

var errNoHome = errors.New("there is no home folder that ~ could stand for")

// resolve makes a path of the config absolute.
func resolve(configPath, p string) (string, error) {
	switch {
	case p == "":
		return "", nil
	case p == "~" || strings.HasPrefix(p, "~/"):
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errNoHome
		}
		return filepath.Join(home, p[1:]), nil
	case strings.HasPrefix(p, "~"):
		return "", fmt.Errorf("%q: only your own home folder can be written as ~", p)
	case filepath.IsAbs(p):
		return filepath.Clean(p), nil
	}
	return filepath.Join(filepath.Dir(configPath), p), nil
}
