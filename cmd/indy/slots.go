package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/slots"
)

func newSlotsCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "slots PERSON",
		Short: "What indy would offer a person now, and why each time was chosen or not",
		Long: `Slots looks at the calendars and prints the times that indy would offer a person now,
each with its reason, and why the others were passed over. It writes to nobody. A person
is named by id, first name or whole name. Times are in the organizer's time zone.`,
		Args: exactly(1, "the person to look for: indy slots PERSON"),
	}
	path := configFlag(cmd)
	organizer := cmd.Flags().String("organizer", "", "the `id` of the organizer whose person it is, where there are several")
	asJSON := cmd.Flags().Bool("json", false, "for programs: every candidate, in UTC")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		o, p, err := whose(cfg, *organizer, args[0])
		if err != nil {
			return err
		}
		s, err := readState(cmd.Context(), cfg, o)
		if err != nil {
			return err
		}
		_, calendar, err := provide(cfg, o, new(googles))
		if err != nil {
			return err
		}
		now := time.Now().UTC()
		if err := lookAt(cmd.Context(), calendar, &s, p, now); err != nil {
			return hinted(err)
		}
		verdicts, err := slots.Explain(s.SlotRequest(p.ID, now))
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), verdicts)
		}
		return printSlots(cmd.OutOrStdout(), p.Name, verdicts, o.Zone)
	}
	return cmd
}

// lookAt reads what keeps the two busy, as far ahead as times are looked for, into s.
func lookAt(ctx context.Context, calendar engine.Calendar, s *scheduler.State, p scheduler.Person, now time.Time) (err error) {
	// A day on either side, so that what ends or begins just outside keeps its distance too.
	from, to := now.AddDate(0, 0, -1), s.SlotRequest(p.ID, now).To.AddDate(0, 0, 1)
	s.Busy = &scheduler.BusyTimes{From: from, To: to, Person: map[scheduler.PersonID][]slots.Busy{}}
	if s.Busy.Organizer, err = calendar.Busy(ctx, from, to); err != nil {
		return err // it says what it did
	}
	if !p.Reachable() {
		return nil
	}
	theirs, visible, err := calendar.PersonBusy(ctx, p.Addresses[0], from, to)
	if err != nil {
		return fmt.Errorf("look when %s is busy: %w", p.First(), err)
	}
	if visible {
		s.Busy.Person[p.ID] = theirs
	}
	return nil
}

// printSlots prints what is offered, and the rest by day, where starts in a row with the
// same reason stand together.
func printSlots(out io.Writer, name string, verdicts []slots.Verdict, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	number := 0
	for _, v := range verdicts {
		if v.Offered {
			if number++; number == 1 {
				fmt.Fprintf(w, "Offered to %s (times in %s):\n", name, zone)
			}
			fmt.Fprintf(w, "  %d\t%s–%s\t%s\n", number, v.From.In(zone).Format("Mon 2 Jan 15:04"), v.To.In(zone).Format("15:04"), v.Why)
		}
	}
	if number == 0 {
		fmt.Fprintf(w, "There is no time to offer %s (times in %s).\n", name, zone)
	}
	day := slots.Date{}
	for i := 0; i < len(verdicts); {
		first, last := i, i
		on := slots.DateOf(verdicts[i].From, zone)
		why, same := verdicts[i].Why, true
		for i++; i < len(verdicts) && kindOf(verdicts[i].Why) == kindOf(why) && slots.DateOf(verdicts[i].From, zone) == on; i++ {
			last, same = i, same && verdicts[i].Why == why
		}
		if !same {
			why = kindOf(why)
		}
		if verdicts[first].Offered {
			continue
		}
		if on != day {
			fmt.Fprintf(w, "\nNot on %s, starting at:\n", verdicts[first].From.In(zone).Format("Mon 2 Jan"))
			day = on
		}
		starts := verdicts[first].From.In(zone).Format("15:04")
		if last > first {
			starts += "–" + verdicts[last].From.In(zone).Format("15:04")
		}
		fmt.Fprintf(w, "  %s\t%s\n", starts, why)
	}
	return w.Flush()
}

// kindOf is a reason without the time for the person, which is another at every start.
func kindOf(why string) string {
	if kind, tail, ok := strings.Cut(why, ": "); ok && strings.HasSuffix(tail, " for them") {
		return kind
	}
	return why
}
