package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// offeredLength is how long the meetings of --offered are taken to be.
const offeredLength = 30 * time.Minute

// reading is the JSON of "indy read". Its names are a promise: see docs/architecture.md.
type reading struct {
	Kind     replies.Kind      `json:"kind"`
	Slot     int               `json:"slot,omitempty"`
	Windows  []replies.Window  `json:"windows,omitempty"`
	Until    slots.Date        `json:"until,omitzero"`
	Visible  string            `json:"visible_text,omitempty"`
	Steps    any               `json:"steps,omitempty"` // said, or how promised ones stand
	Next     string            `json:"next,omitempty"`
	Auto     bool              `json:"auto,omitempty"`
	Bounce   *scheduler.Bounce `json:"bounce,omitempty"`
	Why      []string          `json:"why,omitempty"`
	Language string            `json:"language,omitempty"`
	Passed   string            `json:"passed,omitempty"`
	Mode     string            `json:"mode,omitempty"`
	Place    string            `json:"place,omitempty"`
	Phone    string            `json:"phone,omitempty"`
	Orders   []replies.Order   `json:"orders,omitempty"`
}

type readFlags struct {
	json, dayFirst                     bool
	now, zone, offered, asked, meeting string
	language                           string
	names                              []string
}

func newReadCmd() *cobra.Command {
	var f readFlags
	cmd := &cobra.Command{
		Use:   "read FILE.eml",
		Short: "Say what a mail means, and why",
		Long: `Say what indy understands in a mail, and why. It needs no config and changes nothing.
FILE is a mail as it was sent (.eml), or its words alone; "-" reads it from the standard
input. Words such as "tomorrow" count from --now, or else from the mail's Date, or else from
the present.`,
		Example: `  indy read answer.eml --offered 2026-12-01T14:00,2026-12-02T10:00 --zone America/Los_Angeles
  indy read notes.eml --asked debrief --names "Ana Ruiz" --json`,
		Args: exactly(1, "one mail: indy read FILE.eml"),
		RunE: func(cmd *cobra.Command, args []string) error { return runRead(cmd, args[0], f) },
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.json, "json", false, "print JSON")
	fl.StringVar(&f.now, "now", "", "when it was written (default: the mail's Date, else now)")
	fl.StringVar(&f.zone, "zone", "", "the writer's time zone, as in Europe/Madrid (default: that of the mail's Date)")
	fl.StringVar(&f.offered, "offered", "", "the times that were offered, in order, with commas between them")
	fl.StringVar(&f.asked, "asked", "", "what it answers: times, invite, debrief, steps, summary, digest or ok")
	fl.StringVar(&f.meeting, "meeting", "", "with --asked invite: when the meeting is")
	fl.StringVar(&f.language, "lang", "", "the language to try first: en or es")
	fl.BoolVar(&f.dayFirst, "day-first", false, "3/4 is 3 April")
	fl.StringSliceVar(&f.names, "names", nil, "people who may be named in it")
	return cmd
}

func runRead(cmd *cobra.Command, file string, f readFlags) error {
	raw, err := readMailFile(file, cmd.InOrStdin())
	if err != nil {
		return err
	}
	m := mail.Parse(withHead(raw))
	undated := m.Date.IsZero() && f.now == ""
	if undated {
		m.Date = time.Now()
	}
	c, err := f.context(m.Date)
	if err != nil {
		return err
	}
	out := understand(m, c)
	if undated && out.Bounce == nil {
		out.Why = append(out.Why, "it has no date that can be read: its words count from now, "+c.Sent.In(c.Zone).Format(time.RFC3339))
	}
	if f.json {
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	return printReading(cmd.OutOrStdout(), out, c.Zone)
}

func readMailFile(file string, stdin io.Reader) ([]byte, error) {
	in, name := stdin, "the standard input"
	if file != "-" {
		h, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("read the mail: %w", err)
		}
		defer h.Close()
		in, name = h, file
	}
	raw, err := io.ReadAll(io.LimitReader(in, 26<<20))
	if err != nil {
		return nil, fmt.Errorf("read the mail: %w", err)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fmt.Errorf("read the mail: %s is empty", name)
	}
	return raw, nil
}

// withHead gives a file that has no head the one that it needs to be read as a mail: it is
// words alone, or HTML. Only a known field makes a head: words may begin with "Yes: Tuesday".
func withHead(raw []byte) []byte {
	text := bytes.TrimLeft(raw, "\ufeff\r\n\t ")
	if bytes.HasPrefix(text, []byte("From ")) {
		return raw // of an mbox
	}
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		name, _, ok := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0:
			return append([]byte(headFor(text)), text...)
		case line[0] == ' ' || line[0] == '\t':
		case !ok || bytes.ContainsAny(name, " \t<>"):
			return append([]byte(headFor(text)), text...)
		case headFields[strings.ToLower(string(name))]:
			return raw
		}
	}
	return append([]byte(headFor(text)), text...)
}

// headFields are fields of which every mail has some (RFC 5322 3.6, RFC 2045 3).
var headFields = map[string]bool{"received": true, "return-path": true, "delivered-to": true, "date": true, "from": true, "to": true, "subject": true, "message-id": true,
	"mime-version": true, "content-type": true, "reply-to": true, "sender": true, "in-reply-to": true, "references": true}

func headFor(text []byte) string {
	kind := "text/plain"
	low := bytes.ToLower(text[:min(len(text), 4<<10)])
	for _, tag := range []string{"<html", "<!doctype html", "<body", "<div", "<p>", "<p ", "<br>", "<br/", "<br />", "<blockquote", "<span"} {
		if bytes.Contains(low, []byte(tag)) {
			kind = "text/html"
		}
	}
	return "Content-Type: " + kind + "; charset=utf-8\n\n"
}

// askings are the values of --asked.
var askings = map[string]replies.Asking{"": replies.AskedNothing, "times": replies.AskedTimes, "invite": replies.AskedInvite, "debrief": replies.AskedDebrief,
	"steps": replies.AskedSteps, "summary": replies.AskedSummary, "digest": replies.AskedDigest, "ok": replies.AskedOK}

// context is what the mail is read against. date is the mail's own; zero when it has none.
func (f readFlags) context(date time.Time) (replies.Context, error) {
	c := replies.Context{Language: f.language, DayFirst: f.dayFirst, Names: f.names, Zone: time.UTC}
	asked, ok := askings[f.asked]
	if !ok {
		return c, wrongUse("--asked %q: it is times, invite, debrief, steps, summary, digest or ok", f.asked)
	}
	c.Asked = asked
	if f.language != "" && f.language != "en" && f.language != "es" {
		return c, wrongUse("--lang %q: it is en or es", f.language)
	}
	switch {
	case f.zone != "":
		zone, err := time.LoadLocation(f.zone)
		if err != nil || f.zone == "Local" {
			return c, wrongUse("--zone %q: no such time zone", f.zone)
		}
		c.Zone = zone
	case !date.IsZero():
		c.Zone = date.Location()
	}
	if err := f.times(&c, date); err != nil {
		return c, err
	}
	if len(c.Offered) > 0 && c.Asked == replies.AskedNothing {
		c.Asked = replies.AskedTimes
	}
	return c, nil
}

func (f readFlags) times(c *replies.Context, date time.Time) (err error) {
	c.Sent = date
	if f.now != "" {
		if c.Sent, err = parseTime(f.now, c.Zone); err != nil {
			return wrongUse("--now: %w", err)
		}
	}
	c.Now = c.Sent.UTC()
	if f.offered != "" {
		for s := range strings.SplitSeq(f.offered, ",") {
			t, err := parseTime(strings.TrimSpace(s), c.Zone)
			if err != nil {
				return wrongUse("--offered: %w", err)
			}
			c.Offered = append(c.Offered, slots.Interval{From: t.UTC(), To: t.Add(offeredLength).UTC()})
		}
	}
	if f.meeting != "" {
		t, err := parseTime(f.meeting, c.Zone)
		if err != nil {
			return wrongUse("--meeting: %w", err)
		}
		c.Meeting = slots.Interval{From: t.UTC(), To: t.Add(offeredLength).UTC()}
	}
	return nil
}

// parseTime reads RFC 3339, or a local time of zone.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("not a time as in 2026-12-01T14:00:00-08:00: " + s)
}

// understand reads the mail: robots by what they are, people by their words.
func understand(m scheduler.Mail, c replies.Context) reading {
	out := reading{Why: m.Why, Auto: m.Robot != scheduler.Human}
	answer := isAnswer(m)
	switch {
	case m.Robot == scheduler.BounceReport:
		out.Kind = replies.Bounce
		out.Bounce = worst(m.Bounces)
	case answer:
		out.Kind = replies.RSVP
		out.Visible = replies.Visible(m.Text)
	case m.Robot == scheduler.OutOfOffice:
		out.Kind, out.Until = replies.Away, m.Until
		out.Visible = replies.Visible(m.Text)
		if out.Until.IsZero() {
			out.Until = replies.Back(m.Text, c)
		}
	case m.Robot != scheduler.Human:
		out.Kind = replies.Auto
		out.Visible = replies.Visible(m.Text)
	default:
		return ofWords(replies.ReadAny(m.Text, c), m.Why)
	}
	return out
}

// isAnswer says whether a calendar answers with the mail (RFC 5546 3.2.3, 3.2.7).
func isAnswer(m scheduler.Mail) bool {
	for _, p := range m.ITIP {
		if p.Method == "REPLY" || p.Method == "COUNTER" {
			return true
		}
	}
	return false
}

// worst is the recipient that will never be reached, or else the first.
func worst(list []scheduler.Bounce) *scheduler.Bounce {
	for i := range list {
		if list[i].Permanent {
			return &list[i]
		}
	}
	if len(list) > 0 {
		return &list[0]
	}
	return nil
}

func ofWords(r replies.Reading, why []string) reading {
	out := reading{Kind: r.Kind, Slot: r.Slot, Windows: r.Windows, Until: r.Until, Visible: r.Visible, Why: append(why, r.Why...), Language: r.Language,
		Passed: r.Passed, Mode: r.Mode, Place: r.Place, Phone: r.Phone, Orders: r.Orders}
	if len(r.Said) > 0 {
		out.Steps = r.Said
	}
	if len(r.Updates) > 0 {
		out.Steps = r.Updates
	}
	if n := r.Next; n != nil {
		out.Next = n.On.String()
		if n.None {
			out.Next = "none"
		}
	}
	return out
}

// printReading is for people.
func printReading(w io.Writer, r reading, zone *time.Location) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, strings.ReplaceAll(value, "\n", "\n\t"))
		}
	}
	line("kind", string(r.Kind))
	if r.Slot > 0 {
		line("slot", fmt.Sprint(r.Slot))
	}
	for _, v := range r.Windows {
		line("window", v.From.In(zone).Format("Mon 2 Jan 2006 15:04")+" to "+v.To.In(zone).Format("Mon 2 Jan 2006 15:04 MST"))
	}
	line("until", r.Until.String())
	switch steps := r.Steps.(type) {
	case []replies.SaidStep:
		for _, s := range steps {
			line("step", strings.TrimPrefix(s.Owner+": "+s.Action, ": ")+by(s.Deadline))
		}
	case []replies.SaidUpdate:
		for _, s := range steps {
			line("step", strings.TrimSpace(s.Step+" "+string(s.State))+by(s.Until))
		}
	}
	for _, o := range r.Orders {
		line("order", strings.TrimSpace(string(o.Verb)+" "+o.Name)+by(o.Until))
	}
	line("next", r.Next)
	if r.Bounce != nil {
		line("bounced", strings.TrimSpace(r.Bounce.Recipient+" "+r.Bounce.Status))
	}
	line("mode", r.Mode)
	line("place", r.Place)
	line("phone", r.Phone)
	line("passed on", r.Passed)
	line("language", r.Language)
	for _, why := range r.Why {
		line("why", why)
	}
	line("text", r.Visible)
	return t.Flush()
}

func by(d slots.Date) string {
	if d.IsZero() {
		return ""
	}
	return " by " + d.String()
}
