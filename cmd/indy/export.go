package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"indy/config"
	"indy/scheduler"
	"indy/store"
)

// exported is everything that indy knows of one organizer's people. Its names are a promise.
type exported struct {
	Organizer scheduler.OrganizerID `json:"organizer"`
	People    []exportedPerson      `json:"people"`
	OneToOnes []scheduler.OneToOne  `json:"one_to_ones"`
	Steps     []scheduler.NextStep  `json:"steps"`
	History   []scheduler.Entry     `json:"history"`
}

type exportedPerson struct {
	scheduler.PersonStatus
	Addresses []string           `json:"addresses,omitempty"`
	Phone     string             `json:"phone,omitempty"`
	Standing  scheduler.Standing `json:"standing"`
}

func newExportCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Everything that indy knows, as JSON, or a table of it as CSV",
		Long: `Export prints everything that is kept of everybody in the config: where they stand, each
one-to-one with your notes, each next step, and the history of what was decided and why. It
is private.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	table := cmd.Flags().String("csv", "", "one `table` as CSV: people, steps or history")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *table != "" && !slices.Contains([]string{"people", "steps", "history"}, *table) {
			return wrongUse("--csv is people, steps or history, not %q", *table)
		}
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		all := []exported{}
		for _, o := range cfg.Organizers {
			x, err := export(cmd.Context(), cfg, o)
			if err != nil {
				return err
			}
			all = append(all, x)
		}
		if *table == "" {
			return printJSON(cmd.OutOrStdout(), all)
		}
		return printCSV(cmd.OutOrStdout(), *table, all)
	}
	return cmd
}

func export(ctx context.Context, cfg *config.Config, o config.Organizer) (exported, error) {
	x := exported{Organizer: o.ID, People: []exportedPerson{}, OneToOnes: []scheduler.OneToOne{}, Steps: []scheduler.NextStep{}, History: []scheduler.Entry{}}
	s, err := readState(ctx, cfg, o)
	if err != nil {
		return x, err
	}
	for i, st := range s.Status(time.Now().UTC().Truncate(time.Second)) {
		p := o.People[i]
		standing := s.Standings[p.ID]
		standing.Person = p.ID // of somebody who was never written to nothing is kept yet
		x.People = append(x.People, exportedPerson{st, p.Addresses, p.Phone, standing})
	}
	for _, m := range s.OneToOnes {
		x.OneToOnes = append(x.OneToOnes, m)
	}
	slices.SortFunc(x.OneToOnes, func(a, b scheduler.OneToOne) int { return a.Opened.Compare(b.Opened) })
	for _, st := range s.Steps {
		x.Steps = append(x.Steps, st)
	}
	slices.SortFunc(x.Steps, func(a, b scheduler.NextStep) int { return a.Made.Compare(b.Made) })
	if s.Desk.Started.IsZero() { // nothing was ever run
		return x, nil
	}
	db, err := store.OpenReadOnly(ctx, databasePath(cfg.State))
	if err != nil {
		return x, err
	}
	defer db.Close()
	if x.History, err = db.History(ctx, o.ID, "", 1_000_000); err != nil {
		return x, err
	}
	slices.Reverse(x.History)
	return x, nil
}

func printCSV(out io.Writer, table string, all []exported) error {
	w := csv.NewWriter(out)
	switch table {
	case "people":
		_ = w.Write([]string{"organizer", "person", "name", "stage", "round", "last_met", "waits_for", "open_steps", "slipped_steps"})
		for _, x := range all {
			for _, p := range x.People {
				_ = w.Write([]string{string(x.Organizer), string(p.Person), p.Name, string(p.Stage), strconv.Itoa(p.Round), p.LastMet.String(),
					p.WaitsFor, strconv.Itoa(p.OpenSteps), strconv.Itoa(p.Slipped)})
			}
		}
	case "steps":
		_ = w.Write([]string{"organizer", "person", "owner", "action", "deadline", "state", "made"})
		for _, x := range all {
			for _, st := range x.Steps {
				owner := "organizer"
				if st.ByPerson {
					owner = "person"
				}
				_ = w.Write([]string{string(x.Organizer), string(st.Person), owner, st.Action, st.Deadline.String(), string(st.State), st.Made.Format(time.RFC3339)})
			}
		}
	case "history":
		_ = w.Write([]string{"organizer", "at", "person", "what", "why"})
		for _, x := range all {
			for _, h := range x.History {
				_ = w.Write([]string{string(x.Organizer), h.At.Format(time.RFC3339), string(h.Person), h.What, h.Why})
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}
