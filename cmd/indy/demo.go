package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/store"
)

const demoMark = ".indy-demo" // says that the folder is ours to write anew

func newDemoCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch eight weeks of an organizer's one-to-ones in seconds: no account, no config",
		Long: `Demo lets an organizer and seven people with different habits live through eight weeks
on a virtual clock, on real Maildirs and a folder of .ics files, with the same engine that
"indy run" uses. It prints the story as it unfolds and leaves a folder with all the mails,
the calendars and a page to read them.

With --long it is twelve weeks and ten people, of whom some write Spanish. With --lang es
the organizer does so too.`,
		Args: exactly(0, "no arguments"),
	}
	dir := cmd.Flags().String("dir", "indy-demo", "the `folder` to leave everything in; an earlier demo there is replaced")
	quiet := cmd.Flags().BoolP("quiet", "q", false, "print only where to look afterwards")
	long := cmd.Flags().Bool("long", false, "twelve weeks with ten people, in English and Spanish")
	lang := cmd.Flags().String("lang", "en", "the organizer's `language`: en, or es (which is a long one)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := chooseCast(*long, *lang)
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		story := out
		if *quiet {
			story = io.Discard
		}
		folder, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		d, err := demo(cmd.Context(), folder, c, story)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\nEverything is in %s:\n  index.html      every mail, to read like an inbox\n  mail/           the Maildirs (mutt -f %s)\n  calendar/       the calendars, a file an event\n  config.toml     what the organizer wrote: the only thing they set up\n",
			*dir, filepath.Join(*dir, "mail", string(d.org.ID), "inbox"))
		return nil
	}
	return cmd
}

// chooseCast is what the flags ask for.
func chooseCast(long bool, lang string) (cast, error) {
	switch {
	case lang != "en" && lang != "es":
		return cast{}, wrongUse("--lang is en or es, not %q", lang)
	case long || lang == "es":
		return longCast(lang), nil
	}
	return shortCast(), nil
}

// demo plays a cast in a folder.
func demo(ctx context.Context, folder string, c cast, story io.Writer) (*demoPlay, error) {
	if err := clearDemo(folder); err != nil {
		return nil, err
	}
	d, err := stageDemo(ctx, folder, c, story)
	if err != nil {
		return nil, err
	}
	defer d.store.Close()
	fmt.Fprintf(story, "%s, from %s. Times are %s's.\n\n", c.title, c.start.In(d.zone).Format("Monday, 2 January 2006"), d.org.First())
	if err := d.play.until(ctx, c.end()); err != nil {
		return nil, fmt.Errorf("play the demo: %w", err)
	}
	if d.end, err = d.play.engine.State(ctx, d.play.who); err != nil {
		return nil, fmt.Errorf("look what came of it: %w", err)
	}
	d.sum()
	return d, d.writePage()
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
func stageDemo(ctx context.Context, folder string, c cast, story io.Writer) (*demoPlay, error) {
	path := filepath.Join(folder, "config.toml")
	if err := os.WriteFile(path, []byte(c.config), 0o644); err != nil {
		return nil, fmt.Errorf("write the demo's config: %w", err)
	}
	cfg, err := c.written(path)
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
	if err := c.writeHome(filepath.Join(folder, "calendar", "home")); err != nil {
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
	// A play is made anew each time: it waits for no disk to confirm two thousand small files.
	if account.Mailbox, account.Calendar, err = provideLocal(o, true); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	d := newDemoPlay(folder, c, cfg, st, story)
	e := engine.New(teller{st, d.tell}, mail.Composer{}, slog.New(slog.DiscardHandler))
	e.Salt = func() string { return c.seed }
	e.Use(account)
	d.play = &play{engine: e, who: o.ID, now: c.start, after: d.look}
	return d, nil
}

// sum prints what came of it.
func (d *demoPlay) sum() {
	kept, slipped := 0, 0
	for _, st := range d.end.Steps {
		switch st.State {
		case scheduler.StepDone:
			kept++
		case scheduler.StepSlipped:
			slipped++
		}
	}
	fmt.Fprintf(d.story, "\n%d mails went out, %d one-to-ones took place, %d promises were kept, %d slipped.\n", d.mails, len(d.end.Desk.Met), kept, slipped)
}

// writeHome writes the calendar that the organizer had before indy came, a file an event as
// calendar programs keep them.
func (c cast) writeHome(folder string) error {
	for name, event := range c.home {
		ics := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Home//Calendar//EN\n" + event + "END:VCALENDAR\n"
		if err := os.WriteFile(filepath.Join(folder, name), []byte(strings.ReplaceAll(ics, "\n", "\r\n")), 0o644); err != nil {
			return fmt.Errorf("write the demo's calendars: %w", err)
		}
	}
	return nil
}

// american is how a zone of the United States is told to calendar programs.
func american(zone, standard, daylight string) string {
	return "BEGIN:VTIMEZONE\nTZID:" + zone + `
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:` + daylight + "\nTZOFFSETTO:" + standard + `
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:` + standard + "\nTZOFFSETTO:" + daylight + `
END:DAYLIGHT
END:VTIMEZONE
`
}

// weekly is an event of every week on a home calendar. first is its first start in zone,
// as 20260901T090000, until the time of day at which it ends.
func weekly(zone, uid, summary, place, first, until, days string, except ...string) string {
	s := "BEGIN:VEVENT\nUID:" + uid + "@home.example.org\nDTSTAMP:20260901T120000Z\n" +
		"DTSTART;TZID=" + zone + ":" + first + "\nDTEND;TZID=" + zone + ":" + first[:9] + until + "\nRRULE:FREQ=WEEKLY;BYDAY=" + days + "\n"
	if len(except) > 0 {
		s += "EXDATE;TZID=" + zone + ":" + strings.Join(except, ",") + "\n"
	}
	return s + "SUMMARY:" + summary + "\nLOCATION:" + place + "\nEND:VEVENT\n"
}
