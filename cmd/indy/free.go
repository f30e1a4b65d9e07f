package main

import (
	"time"

	"github.com/spf13/cobra"

	"indy/scheduler/slots"
)

// newFreeCmd is "indy free": the times at which a meeting fits.
func newFreeCmd() *cobra.Command {
	var flags calendarFlags
	var hours string
	var length, step time.Duration
	cmd := &cobra.Command{
		Use:   "free --from T --to T --length 45m PATH…",
		Short: "Show the free slots in .ics files or folders of them",
		Long: `Show the free slots in .ics files or folders of them.

Every start on the step's grid, counted from the beginning of the hours, at which
the length fits between the busy times. Slots may overlap. A file that cannot be
read or understood is an error, never free time.`,
		Example: `  indy free --from 2026-10-12 --to 2026-10-19 --length 45m --zone Europe/Madrid ~/calendars/work`,
		Args:    atLeast(1, "the .ics files or folders to look at"),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := flags.query()
			if err != nil {
				return err
			}
			week, err := freeFlags(length, step, hours)
			if err != nil {
				return err
			}
			busy, err := flags.find(args, q)
			if err != nil {
				return err
			}
			free := slots.FreeBetween(nil, busy, week, q.Floating, q.From, q.To, length, step)
			return flags.print(cmd.OutOrStdout(), free, q.Floating)
		},
	}
	flags.add(cmd)
	f := cmd.Flags()
	f.DurationVar(&length, "length", 0, "how long the meeting is, as in 45m or 1h30m")
	f.DurationVar(&step, "step", 15*time.Minute, "from one possible start to the next")
	f.StringVar(&hours, "hours", "mon-fri 09:00-17:00", "weekly hours in --zone")
	return cmd
}

// freeFlags checks what is asked of free slots.
func freeFlags(length, step time.Duration, hours string) (slots.Hours, error) {
	const day = 24 * time.Hour
	switch {
	case length == 0:
		return slots.Hours{}, wrongUse("give --length, as in --length 45m")
	case length < time.Minute || length > day:
		return slots.Hours{}, wrongUse("read --length: %v is not between 1m and 24h", length)
	case step < time.Minute || step > day:
		return slots.Hours{}, wrongUse("read --step: %v is not between 1m and 24h", step)
	}
	week, err := slots.ParseHours(hours)
	if err != nil {
		return week, wrongUse("read --hours: %w", err)
	}
	return week, nil
}
