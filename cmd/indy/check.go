package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"indy/config"
	"indy/integrations/google"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/store"
	"indy/templates"
)

// checked is one part that was tried.
type checked struct {
	part string
	note string // what was found, when it works
	err  error
	hint string
}

func newCheckCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Try every part, and say how to mend what does not work",
		Long: `Check tries the config, the memory, the templates, and each organizer's mailbox and
calendars, and prints a line for each. It ends with 1 when anything does not work. Nobody
is written to but, with --mail, the organizers themselves.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	send := cmd.Flags().Bool("mail", false, "also send a mail to the organizer, and look for it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		parts := []checked{{part: "config", note: fmt.Sprintf("%s, %s", cfg.Path, counted(cfg))}}
		parts = append(parts, checkState(cmd.Context(), cfg))
		for _, o := range cfg.Organizers {
			parts = append(parts, checkTemplates(o))
			parts = append(parts, checkProvider(cmd.Context(), cfg, o, *send)...)
		}
		return report(cmd.OutOrStdout(), parts)
	}
	return cmd
}

func counted(cfg *config.Config) string {
	people := 0
	for _, o := range cfg.Organizers {
		people += len(o.People)
	}
	organizers := "1 organizer"
	if n := len(cfg.Organizers); n != 1 {
		organizers = fmt.Sprintf("%d organizers", n)
	}
	if people == 1 {
		return organizers + ", 1 person"
	}
	return fmt.Sprintf("%s, %d people", organizers, people)
}

// report prints what was found; a part that does not work makes the command fail.
func report(out io.Writer, parts []checked) error {
	bad := 0
	for _, p := range parts {
		if p.err == nil {
			fmt.Fprintf(out, "ok    %s: %s\n", p.part, p.note)
			continue
		}
		bad++
		fmt.Fprintf(out, "WRONG %s: %v\n", p.part, p.err)
		var f *scheduler.Failure
		if errors.As(p.err, &f) && p.hint == "" {
			p.hint = f.Hint
		}
		if p.hint != "" {
			fmt.Fprintf(out, "      %s\n", p.hint)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d parts do not work", bad, len(parts))
	}
	return nil
}

func checkState(ctx context.Context, cfg *config.Config) checked {
	c := checked{part: "memory", note: cfg.State}
	st, err := store.Open(ctx, databasePath(cfg.State))
	var locked *store.LockedError
	switch {
	case errors.As(err, &locked):
		c.note += ", in use by a running indy"
	case err != nil:
		c.err = err
	default:
		c.err = st.Close()
	}
	return c
}

func checkTemplates(o config.Organizer) checked {
	c := checked{part: "templates of " + string(o.ID), note: "those that indy brings"}
	if o.Templates != "" {
		c.note = "your own in " + o.Templates
	}
	set, err := templates.New(o.Templates)
	if set == nil {
		c.err = err
		return c
	}
	for _, p := range set.Check() {
		c.err = errors.Join(c.err, errors.New(p.String()))
	}
	return c
}

// checkProvider tries an organizer's mailbox and calendar as the daemon uses them.
func checkProvider(ctx context.Context, cfg *config.Config, o config.Organizer, send bool) []checked {
	if o.Provider == config.ProviderGoogle {
		return checkGoogle(ctx, cfg, o, send)
	}
	who := " of " + string(o.ID)
	a, err := accountOf(cfg, o, new(googles))
	if err != nil {
		return []checked{{part: "mailbox" + who, err: err}}
	}
	inbox := checked{part: "mailbox" + who, note: o.Local.Inbox}
	_, _, inbox.err = a.Mailbox.Fetch(ctx, "", func(scheduler.Head) bool { return false })
	busy := checked{part: "calendars" + who}
	now := time.Now()
	list, err := a.Calendar.Busy(ctx, now, now.AddDate(0, 0, 28))
	busy.err, busy.note = err, fmt.Sprintf("%d busy times in the next four weeks, zone %s", len(list), o.Zone)
	out := []checked{inbox, busy}
	if send {
		out = append(out, checkMail(ctx, o, a))
	}
	return out
}

// checkMail sends one mail to the organizer and looks for it.
func checkMail(ctx context.Context, o config.Organizer, a engine.Account) checked {
	c := checked{part: "a mail to yourself", note: "it is in your inbox"}
	now := time.Now()
	key := "check/" + now.UTC().Format(time.RFC3339Nano)
	self := scheduler.Address{Name: o.Name, Addr: o.Address}
	id := fmt.Sprintf("check-%d@%s", now.UnixNano(), "indy.invalid")
	raw, err := mail.Composer{}.Compose(scheduler.Outgoing{Key: key, From: self, To: self, MessageID: id, Date: now, Auto: true,
		Rendered: scheduler.Rendered{Subject: "indy can write to you", Text: "This mail says that indy can send mail from your mailbox.\nYou need not answer it.\n"}})
	if err != nil {
		c.err = err
		return c
	}
	p := scheduler.Parcel{Key: key, From: o.Address, To: o.Address, MessageID: id, Raw: raw}
	ref, err := a.Mailbox.Stage(ctx, p)
	if err == nil {
		_, err = a.Mailbox.Send(ctx, p, ref)
	}
	found := scheduler.CannotTell
	if err == nil {
		_, found, err = a.Mailbox.Find(ctx, p, ref)
	}
	if c.err = err; err == nil && found != scheduler.WasSent {
		c.err = errors.New("it was sent, and is not to be found")
	}
	return c
}

func checkGoogle(ctx context.Context, cfg *config.Config, o config.Organizer, send bool) (out []checked) {
	for _, f := range google.Check(ctx, googleOptions(cfg, o), send) {
		c := checked{part: f.Part + " of " + string(o.ID), note: f.Found, hint: f.Hint}
		if !f.OK {
			c.err = errors.New(f.Found)
		}
		out = append(out, c)
	}
	return out
}
