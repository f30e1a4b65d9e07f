package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"indy/scheduler"
)

func newStatusCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Where everyone's one-to-one stands, what indy waits for and does next",
		Long: `Status prints a line for everyone in the config: where their one-to-one stands, what it
waits for, what indy does next by itself and when, in the organizer's time zone. What keeps
indy from its work stands above. It reads beside a running daemon and changes nothing.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	asJSON := cmd.Flags().Bool("json", false, "for programs: a list, instants in UTC")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		now := time.Now().UTC().Truncate(time.Second)
		list, troubles := []scheduler.PersonStatus{}, []string{}
		zones := map[scheduler.OrganizerID]*time.Location{}
		for _, o := range cfg.Organizers {
			s, err := readState(cmd.Context(), cfg, o)
			if err != nil {
				return err
			}
			zones[o.ID] = o.Zone
			list = append(list, s.Status(now)...)
			troubles = append(troubles, troublesOf(s)...)
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		fmt.Fprint(cmd.OutOrStdout(), strings.Join(troubles, ""))
		return printStatus(cmd.OutOrStdout(), list, zones)
	}
	return cmd
}

// troublesOf says what keeps indy from its work for an organizer, and what to do about it.
func troublesOf(s scheduler.State) (out []string) {
	what := map[scheduler.Work]string{scheduler.WorkLook: "nothing is done", scheduler.WorkSend: "mail does not go out", scheduler.WorkPut: "the calendar does not follow"}
	if x := s.Desk.Suspect; !x.Since.IsZero() {
		out = append(out, fmt.Sprintf("%s: nothing is done since %s: all events are gone from the calendar at once\n", s.Organizer.ID, x.Since.In(s.Organizer.Zone).Format("Mon 2 Jan 15:04")))
	}
	for _, t := range s.Desk.Troubles {
		line := fmt.Sprintf("%s: %s since %s: %s\n", s.Organizer.ID, what[t.Work], t.Since.In(s.Organizer.Zone).Format("Mon 2 Jan 15:04"), t.Said)
		if t.Hint != "" {
			line += "  " + t.Hint + "\n"
		}
		out = append(out, line)
	}
	return out
}

// printStatus is the table; its times are in the organizer's zone, and of a team it says
// whose each line is.
func printStatus(out io.Writer, list []scheduler.PersonStatus, zones map[scheduler.OrganizerID]*time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	team := len(zones) > 1
	row := func(organizer string, cells ...string) {
		if team {
			cells = append([]string{organizer}, cells...)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	row("ORGANIZER", "WHO", "STANDS", "WAITS FOR", "NEXT", "WHEN")
	for _, s := range list {
		next, when := "-", "-"
		if s.Next != nil {
			next, when = string(s.Next.What), s.Next.At.In(zones[s.Organizer]).Format("Mon 2 Jan 15:04")
		}
		stands := string(s.Stage)
		if s.Meeting != nil {
			stands += " " + s.Meeting.In(zones[s.Organizer]).Format("Mon 2 Jan 15:04")
		}
		if s.Slipped > 0 {
			stands += fmt.Sprintf(", %d slipped", s.Slipped)
		}
		row(string(s.Organizer), s.Name, stands, s.WaitsFor, next, when)
	}
	return w.Flush()
}

// printJSON prints indented JSON; its names are a promise.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
