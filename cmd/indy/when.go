package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"indy/scheduler/replies/when"
)

// newWhenCmd is "indy when": the times that words mean.
func newWhenCmd() *cobra.Command {
	var now, zone, lang string
	var dayFirst, asJSON bool
	cmd := &cobra.Command{
		Use:   `when "WORDS"`,
		Short: "Show the times meant by words such as \"Thu after 3\"",
		Long: `Show the times meant by words such as "Thu after 3" or "el martes que viene".

Words that could mean several times are answered with all of them, or with none.
Times that the words rule out ("not Friday") are left out of what is shown.
Without --lang every known language is tried and the better one taken.`,
		Example: `  indy when "any morning next week except Wed" --now 2026-11-24T09:00 --zone America/Chicago`,
		Args:    atLeast(1, `the words, as in: indy when "Thu after 3"`),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := timesFor(now, zone, lang, dayFirst, time.Now())
			if err != nil {
				return err
			}
			found := when.Possible(when.Find(strings.Join(args, " "), t))
			if asJSON {
				return writeJSONTimes(cmd.OutOrStdout(), found)
			}
			return writeTimes(cmd.OutOrStdout(), found, t.Zone)
		},
	}
	f := cmd.Flags()
	f.StringVar(&now, "now", "", "when the words were written: RFC 3339, or 2026-11-24T09:00 in --zone (default: now)")
	f.StringVar(&zone, "zone", "", "the writer's time zone, as in America/New_York (default: that of --now, else this machine's)")
	f.StringVar(&lang, "lang", "", "the language of the words: "+strings.Join(when.Languages(), " or "))
	f.BoolVar(&dayFirst, "day-first", false, "read 3/4 as 3 April (always so in languages that write it that way)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// timesFor checks the flags of "indy when".
func timesFor(now, zone, lang string, dayFirst bool, clock time.Time) (when.Times, error) {
	t := when.Times{Now: clock, Zone: time.Local, Language: lang, DayFirst: dayFirst}
	if zone != "" {
		loc, err := time.LoadLocation(zone)
		if err != nil || zone == "Local" {
			return t, withHint(wrongUse("read --zone: there is no time zone %q", zone), "use a name such as America/New_York or Europe/Madrid")
		}
		t.Zone = loc
	}
	if now != "" {
		at, offset, err := parseNow(now, t.Zone)
		if err != nil {
			return t, err
		}
		t.Now = at
		if zone == "" && offset {
			t.Zone = at.Location()
		}
	}
	if lang != "" && !knows(lang) {
		return t, wrongUse("read --lang: %q is not known (known: %s)", lang, strings.Join(when.Languages(), ", "))
	}
	return t, nil
}

func knows(lang string) bool {
	for _, l := range when.Languages() {
		if l == lang {
			return true
		}
	}
	return false
}

// parseNow reads an instant with its offset, or a local time of zone, and says whether there was an offset.
func parseNow(s string, zone *time.Location) (at time.Time, offset bool, err error) {
	if at, err = time.Parse(time.RFC3339, s); err == nil {
		return at, true, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err = time.ParseInLocation(layout, s, zone); err == nil {
			return at, false, nil
		}
	}
	return at, false, wrongUse("read --now: %q is no time as in 2026-11-24T09:00:00-05:00", s)
}

func writeJSONTimes(w io.Writer, found []when.Found) error {
	if found == nil {
		found = []when.Found{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(found)
}

// writeTimes prints one find a line, in columns.
func writeTimes(w io.Writer, found []when.Found, zone *time.Location) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(w, "no time found")
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range found {
		from, to := f.From.In(zone), f.To.In(zone)
		end := to.Format("15:04")
		if y, m, d := from.Date(); !sameDay(to, y, m, d) {
			end = to.Format("Mon 2 Jan 2006 15:04")
		}
		fmt.Fprintf(tw, "%s\tto %s\t%s\t%s\t%q\n", from.Format("Mon 2 Jan 2006 15:04"), end, from.Format("MST"), strings.ReplaceAll(string(f.Grain), "_", " "), f.Text)
	}
	return tw.Flush()
}

func sameDay(t time.Time, y int, m time.Month, d int) bool {
	ty, tm, td := t.Date()
	return ty == y && tm == m && td == d
}
