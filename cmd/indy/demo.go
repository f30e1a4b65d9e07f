package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"indy/config"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/slots"
	"indy/store"
)

// demoConfig is the config that the demo plays with; it is left in the demo's folder.
//
//go:embed demo.toml
var demoConfig []byte

// The eight weeks: over Thanksgiving, the holidays and the new year.
var (
	demoStart = time.Date(2026, time.November, 16, 13, 0, 0, 0, time.UTC) // a Monday, 8 in the morning in New York
	demoWeeks = 8
)

const demoMark = ".indy-demo" // says that the folder is ours to write anew

func newDemoCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch eight weeks of an organizer's one-to-ones in seconds: no account, no config",
		Long: `Demo lets an organizer and seven people with different habits live through eight weeks
on a virtual clock, on real Maildirs and a folder of .ics files, with the same engine that
"indy run" uses. It prints the story as it unfolds and leaves a folder with all the mails,
the calendars and a page to read them.`,
		Args: exactly(0, "no arguments"),
	}
	dir := cmd.Flags().String("dir", "indy-demo", "the `folder` to leave everything in; an earlier demo there is replaced")
	quiet := cmd.Flags().BoolP("quiet", "q", false, "print only where to look afterwards")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		out := cmd.OutOrStdout()
		story := out
		if *quiet {
			story = io.Discard
		}
		folder, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		if err := demo(cmd.Context(), folder, story); err != nil {
			return err
		}
		fmt.Fprintf(out, "\nEverything is in %s:\n  index.html      every mail, to read like an inbox\n  mail/           the Maildirs (mutt -f %s)\n  calendar/       the calendars, a file an event\n  config.toml     what the organizer wrote: the only thing they set up\n",
			*dir, filepath.Join(*dir, "mail", "maria", "inbox"))
		return nil
	}
	return cmd
}

// demo plays the eight weeks in a folder.
func demo(ctx context.Context, folder string, story io.Writer) error {
	if err := clearDemo(folder); err != nil {
		return err
	}
	d, err := stageDemo(ctx, folder, story)
	if err != nil {
		return err
	}
	defer d.store.Close()
	fmt.Fprintf(story, "Eight weeks of Maria's one-to-ones, from %s. Times are hers.\n\n", demoStart.In(d.zone).Format("Monday, 2 January 2006"))
	if err := d.play.until(ctx, demoStart.AddDate(0, 0, 7*demoWeeks)); err != nil {
		return fmt.Errorf("play the demo: %w", err)
	}
	d.sum()
	return d.writePage()
}

// clearDemo makes the folder empty, if it is a demo's; anything else is left alone.
func clearDemo(folder string) error {
	list, err := os.ReadDir(folder)
	if err == nil && len(list) > 0 {
		if _, err := os.Stat(filepath.Join(folder, demoMark)); err != nil {
			return withHint(wrongUse("%s holds something that is no demo; it is left alone", folder), "choose another folder with --dir")
		}
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("clear the demo's folder: %w", err)
		}
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read the demo's folder: %w", err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	return os.WriteFile(filepath.Join(folder, demoMark), nil, 0o644)
}

// stageDemo writes the config and the calendars, and wires everything as "indy run" does.
func stageDemo(ctx context.Context, folder string, story io.Writer) (*demoPlay, error) {
	path := filepath.Join(folder, "config.toml")
	if err := os.WriteFile(path, demoConfig, 0o644); err != nil {
		return nil, fmt.Errorf("write the demo's config: %w", err)
	}
	cfg, err := config.Parse(path, demoConfig, slots.DateOf(demoStart, time.UTC))
	if err != nil {
		return nil, fmt.Errorf("the demo's config: %w", err)
	}
	if err := os.MkdirAll(cfg.State, 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{"home", "indy"} {
		if err := os.MkdirAll(filepath.Join(folder, "calendar", name), 0o755); err != nil {
			return nil, err
		}
	}
	if err := writeHome(filepath.Join(folder, "calendar", "home")); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, databasePath(cfg.State))
	if err != nil {
		return nil, err
	}
	o := cfg.Organizers[0]
	account, err := accountOf(cfg, o, new(googles))
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	d := newDemoPlay(folder, cfg, st, story)
	e := engine.New(teller{st, d.tell}, mail.Composer{}, slog.New(slog.DiscardHandler))
	e.Use(account)
	d.play = &play{engine: e, who: o.ID, now: demoStart, after: d.look}
	return d, nil
}

// sum prints what came of the eight weeks.
func (d *demoPlay) sum() {
	s, err := d.play.engine.State(context.Background(), d.play.who)
	if err != nil {
		return
	}
	kept, slipped := 0, 0
	for _, st := range s.Steps {
		switch st.State {
		case scheduler.StepDone:
			kept++
		case scheduler.StepSlipped:
			slipped++
		}
	}
	fmt.Fprintf(d.story, "\n%d mails went out, %d one-to-ones took place, %d promises were kept, %d slipped.\n", d.mails, len(s.Desk.Met), kept, slipped)
}

// demoHome is a calendar of Maria's own, a file an event as calendar programs keep them:
// choir on Wednesday evenings, teaching on weekday mornings.
var demoHome = map[string]string{
	"choir.ics": `BEGIN:VEVENT
UID:choir@maria.example.org
DTSTAMP:20260901T120000Z
DTSTART;TZID=America/New_York:20260902T180000
DTEND;TZID=America/New_York:20260902T200000
RRULE:FREQ=WEEKLY;BYDAY=WE
EXDATE;TZID=America/New_York:20261125T180000,20261223T180000,20261230T180000
SUMMARY:Choir
LOCATION:St. Mark's hall
END:VEVENT
`,
	"school.ics": `BEGIN:VEVENT
UID:school@maria.example.org
DTSTAMP:20260901T120000Z
DTSTART;TZID=America/New_York:20260901T090000
DTEND;TZID=America/New_York:20260901T123000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,TH
SUMMARY:Teaching
LOCATION:Lincoln School
END:VEVENT
`,
}

const demoZone = `BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
`

// writeHome writes the calendars that Maria had before indy came.
func writeHome(folder string) error {
	for name, event := range demoHome {
		ics := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Maria//Home calendar//EN\n" + demoZone + event + "END:VCALENDAR\n"
		if err := os.WriteFile(filepath.Join(folder, name), []byte(strings.ReplaceAll(ics, "\n", "\r\n")), 0o644); err != nil {
			return fmt.Errorf("write the demo's calendars: %w", err)
		}
	}
	return nil
}
