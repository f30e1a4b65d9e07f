package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"indy/config"
	"indy/integrations/google"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/slots"
	"indy/store"
)

// house is everything that a command needs, wired: the config, the store, the engine.
type house struct {
	cfg    *config.Config
	store  *store.Store
	engine *engine.Engine
	google googles
	log    *slog.Logger
	now    func() time.Time
}

// configFlag adds --config, which most commands have.
func configFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("config", config.DefaultPath(), "the config `file`")
}

// loadConfig reads the config; one that cannot be used is a wrong use, with every problem told.
func loadConfig(path string, stderr io.Writer) (*config.Config, error) {
	cfg, err := config.Load(path, slots.DateOf(time.Now(), time.Local))
	var problems config.Problems
	switch {
	case errors.As(err, &problems):
		return nil, usageError{err}
	case errors.Is(err, os.ErrNotExist):
		return nil, withHint(usageError{fmt.Errorf("there is no config at %s", path)}, `run "indy init" to write one, or "indy demo" to see what indy does`)
	case err != nil:
		return nil, err
	}
	for _, w := range cfg.Warnings {
		fmt.Fprintf(stderr, "indy: warning: %s\n", w)
	}
	return cfg, nil
}

// databasePath is where a state folder's database is.
func databasePath(state string) string { return filepath.Join(state, "indy.db") }

// remembers says whether there is a database to read. One without a byte is what a full disk
// left of a first start.
func remembers(state string) bool {
	file, err := os.Stat(databasePath(state))
	return !errors.Is(err, os.ErrNotExist) && (err != nil || file.Size() > 0)
}

// openHouse opens everything for one process: no other may have the state folder.
func openHouse(ctx context.Context, cfg *config.Config, log *slog.Logger) (*house, error) {
	return openHouseWith(ctx, cfg, log, nil)
}

// openHouseWith is openHouse with Google accounts opened in another way; nil for the usual one.
func openHouseWith(ctx context.Context, cfg *config.Config, log *slog.Logger, adjust func(*google.Options)) (*house, error) {
	if err := os.MkdirAll(cfg.State, 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	st, err := store.Open(ctx, databasePath(cfg.State))
	if err != nil {
		return nil, err
	}
	h := &house{cfg: cfg, store: st, log: log, now: time.Now, engine: engine.New(st, mail.Composer{}, log)}
	giveBack := h.engine.Calm // memory goes back without what only mails need
	h.engine.Calm = func() {
		builtIn.putAway()
		giveBack()
	}
	h.google.adjust = adjust
	h.google.ordered = func(o config.Organizer, l google.LabelOrder) error { return leaveOrder(cfg.State, orderOf(o, l)) }
	if err := h.use(cfg); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return h, nil
}

// use gives the engine the organizers of a config, and takes away those it has no more.
func (h *house) use(cfg *config.Config) error {
	accounts := make([]engine.Account, 0, len(cfg.Organizers))
	h.google.share(cfg)
	for _, o := range cfg.Organizers {
		a, err := accountOf(cfg, o, &h.google)
		if err != nil {
			return fmt.Errorf("open the mailbox and calendar of %s: %w", o.ID, err)
		}
		accounts = append(accounts, a)
	}
	for _, o := range h.cfg.Organizers {
		if cfg.Organizer(o.ID) == nil {
			h.engine.Drop(o.ID)
		}
	}
	for _, a := range accounts {
		h.engine.Use(a)
	}
	h.google.settle(cfg)
	h.cfg = cfg
	return nil
}

func (h *house) Close() error { return h.store.Close() }

// accountOf wires one organizer.
func accountOf(cfg *config.Config, o config.Organizer, g *googles) (engine.Account, error) {
	a := engine.Account{Organizer: o.Organizer, Team: cfg.Team, Campaign: cfg.Campaign, People: o.People,
		InvitesByCalendar: o.Provider == config.ProviderGoogle && o.Google.InvitesByGoogle,
		LeavesDrafts:      o.Policy.Approve == scheduler.ApproveDrafts}
	var err error
	if a.Renderer, err = rendererOf(o); err != nil {
		return a, err
	}
	a.Mailbox, a.Calendar, err = provide(cfg, o, g)
	return a, err
}

// readState is what is known of an organizer, read beside a running daemon.
func readState(ctx context.Context, cfg *config.Config, o config.Organizer) (scheduler.State, error) {
	a := engine.Account{Organizer: o.Organizer, Team: cfg.Team, Campaign: cfg.Campaign, People: o.People}
	if !remembers(cfg.State) {
		return engine.Fresh(a), nil
	}
	st, err := store.OpenReadOnly(ctx, databasePath(cfg.State))
	if err != nil {
		return scheduler.State{}, err
	}
	defer st.Close()
	e := engine.New(st, mail.Composer{}, slog.New(slog.DiscardHandler))
	e.Use(a)
	return e.State(ctx, o.ID)
}

// of says whose people were looked through.
func of(organizer string) string {
	if organizer == "" {
		return ""
	}
	return ", of " + organizer
}

// whose finds the person that a command names: by id, first name or whole name, of one
// organizer or of all.
func whose(cfg *config.Config, organizer, name string) (config.Organizer, scheduler.Person, error) {
	var o config.Organizer
	var p scheduler.Person
	if organizer != "" && cfg.Organizer(scheduler.OrganizerID(organizer)) == nil {
		return o, p, wrongUse("there is no organizer %q in the config", organizer)
	}
	found := 0
	for _, org := range cfg.Organizers {
		if organizer != "" && string(org.ID) != organizer {
			continue
		}
		for _, person := range org.People {
			if sameName(name, person) {
				o, p = org, person
				found++
			}
		}
	}
	switch {
	case found == 1:
		return o, p, nil
	case found > 1:
		return o, p, wrongUse("%q fits %d people; give the id, or --organizer", name, found)
	}
	return o, p, wrongUse("there is nobody called %q in the config%s", name, of(organizer))
}
