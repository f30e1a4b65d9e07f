package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"indy/integrations/ical"
	"indy/scheduler/slots"
)

// calendarFlags say which stretch of time of which calendars a command looks at.
type calendarFlags struct {
	from, to, zone string
	asJSON         bool
}

func (c *calendarFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.from, "from", "", "the beginning: RFC 3339, or 2026-10-12 or 2026-10-12T09:00 in --zone")
	f.StringVar(&c.to, "to", "", "the end, written the same way")
	f.StringVar(&c.zone, "zone", "UTC", "the time zone of the calendar, as in America/New_York: of its whole days and of times without a zone")
	f.BoolVar(&c.asJSON, "json", false, "print JSON")
}

// maxYears is how long a stretch of time may be: an event of every day for ever is 36,525 in
// a hundred years.
const maxYears = 100

// query checks the flags.
func (c *calendarFlags) query() (q ical.Query, err error) {
	zone, err := time.LoadLocation(c.zone)
	if err != nil || c.zone == "" || zone == time.Local {
		return q, withHint(wrongUse("read --zone: there is no time zone %q", c.zone), "use a name such as America/New_York or Europe/Madrid")
	}
	q.Floating = zone
	if q.From, err = instantIn("from", c.from, zone); err != nil {
		return q, err
	}
	if q.To, err = instantIn("to", c.to, zone); err != nil {
		return q, err
	}
	if !q.From.Before(q.To) {
		return q, wrongUse("read --to: %s is not after --from %s", c.to, c.from)
	}
	if q.To.After(q.From.AddDate(maxYears, 0, 0)) {
		return q, wrongUse("read --to: %s is more than %d years after --from %s", c.to, maxYears, c.from)
	}
	return q, nil
}

// instantIn reads the time of a flag.
func instantIn(flag, s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, wrongUse("give --%s, as in --%s 2026-10-12", flag, flag)
	}
	for _, form := range [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, wrongUse("read --%s: %q is no time: write it as 2026-10-12 or 2026-10-12T09:00:00Z", flag, s)
}

// newBusyCmd is "indy busy": the busy times in calendars.
func newBusyCmd() *cobra.Command {
	var flags calendarFlags
	cmd := &cobra.Command{
		Use:   "busy --from T --to T PATH…",
		Short: "Show the busy times in .ics files or folders of them",
		Long: `Show the busy times in .ics files or folders of them: sorted and merged, by the
clock of --zone, or in UTC with --json.

Recurring events are expanded as RFC 5545 says. Events that are transparent or
cancelled are free time. A file that cannot be read or understood is an error,
never free time.`,
		Example: `  indy busy --from 2026-10-12 --to 2026-10-19 --zone Europe/Madrid ~/calendars/work`,
		Args:    atLeast(1, "the .ics files or folders to look at"),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := flags.query()
			if err != nil {
				return err
			}
			busy, err := flags.find(args, q)
			if err != nil {
				return err
			}
			return flags.print(cmd.OutOrStdout(), busy, q.Floating)
		},
	}
	flags.add(cmd)
	return cmd
}

// find is the busy times in the calendars, merged. The program ends soon after, so that
// collecting garbage on the way would only take time.
func (c *calendarFlags) find(paths []string, q ical.Query) ([]slots.Interval, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	busy, err := ical.BusyFiles(paths, q)
	return ical.Merge(busy), err
}

// print writes stretches of time: JSON in UTC, or a line each as the clock of zone shows them.
func (c *calendarFlags) print(w io.Writer, list []slots.Interval, zone *time.Location) error {
	if c.asJSON {
		if list == nil {
			list = []slots.Interval{}
		}
		return json.NewEncoder(w).Encode(list)
	}
	for _, iv := range list {
		from, to := iv.From.In(zone), iv.To.In(zone)
		form := "15:04"
		if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
			form = "Mon 2006-01-02 15:04"
		}
		if _, err := fmt.Fprintf(w, "%s – %s %s\n", from.Format("Mon 2006-01-02 15:04"), to.Format(form), to.Format("MST")); err != nil {
			return err
		}
	}
	return nil
}
