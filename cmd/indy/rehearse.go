package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"indy/config"
	"indy/integrations/mail"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
	"indy/store"
	"indy/store/memory"
)

func newRehearseCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rehearse",
		Short: "Play the coming weeks on a copy: which mails would go, and when. Nothing is sent",
		Long: `Rehearse plays the coming weeks on a copy of indy's memory, with your real calendar to
look at and nothing that goes out. By default everybody takes the first time that they
are offered, a day later, and you say "ok" to everything; with --silent nobody answers.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	weeks := cmd.Flags().Int("weeks", 4, "how many weeks, 1 to 52")
	silent := cmd.Flags().Bool("silent", false, "as if nobody answered")
	show := cmd.Flags().Bool("mails", false, "print every mail in full")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *weeks < 1 || *weeks > 52 {
			return wrongUse("--weeks is 1 to 52, not %d", *weeks)
		}
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		for _, o := range cfg.Organizers {
			r, err := newRehearsal(cmd.Context(), cfg, o, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			r.silent, r.full = *silent, *show
			if err := r.play.until(cmd.Context(), r.play.now.AddDate(0, 0, 7**weeks)); err != nil {
				return hinted(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d mails in %d weeks, none of them sent.\n", o.Name, r.count, *weeks)
		}
		return nil
	}
	return cmd
}

// rehearsal is one organizer's coming weeks: what is sent only gets printed, what is put
// into the calendar only stands on paper.
type rehearsal struct {
	play   *play
	org    config.Organizer
	out    io.Writer
	silent bool
	full   bool
	count  int

	sent   map[string]scheduler.Sent
	in     []scheduler.Mail
	events map[string]scheduler.CalendarEvent
	n      int
	engine.Calendar
}

func newRehearsal(ctx context.Context, cfg *config.Config, o config.Organizer, out io.Writer) (*rehearsal, error) {
	a, err := accountOf(cfg, o, new(googles))
	if err != nil {
		return nil, err
	}
	r := &rehearsal{org: o, out: out, sent: map[string]scheduler.Sent{}, events: map[string]scheduler.CalendarEvent{}, Calendar: a.Calendar}
	a.Mailbox, a.Calendar = paperMail{r}, r
	st, err := copyMemory(ctx, cfg, a)
	if err != nil {
		return nil, err
	}
	e := engine.New(st, mail.Composer{}, slog.New(slog.DiscardHandler))
	e.Use(a)
	r.play = &play{engine: e, who: o.ID, now: time.Now().UTC(), after: func(context.Context) error { return nil }}
	return r, nil
}

// copyMemory is what indy knows, in a store that lives and dies with the rehearsal.
func copyMemory(ctx context.Context, cfg *config.Config, a engine.Account) (*memory.Store, error) {
	m := memory.New()
	if !remembers(cfg.State) {
		return m, nil
	}
	db, err := store.OpenReadOnly(ctx, databasePath(cfg.State))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	e := engine.New(db, mail.Composer{}, slog.New(slog.DiscardHandler))
	e.Use(a)
	s, err := e.State(ctx, a.Organizer.ID)
	if err != nil {
		return nil, err
	}
	c := ledger.Commit{Organizer: a.Organizer.ID, Team: a.Team.Name, At: time.Now(), Desk: &s.Desk, ClaimName: a.Organizer.Name}
	for _, x := range s.Standings {
		c.Standings = append(c.Standings, x)
	}
	for _, x := range s.OneToOnes {
		c.OneToOnes = append(c.OneToOnes, x)
	}
	for _, x := range s.Steps {
		c.Steps = append(c.Steps, x)
	}
	_, err = m.Commit(ctx, c)
	return m, err
}

// paperMail is a mailbox that prints what is sent, and answers in everybody's place.
type paperMail struct{ r *rehearsal }

func (p paperMail) Fetch(_ context.Context, cursor string, want func(scheduler.Head) bool) (mails []scheduler.Mail, next string, err error) {
	from, _ := strconv.Atoi(cursor)
	from = min(from, len(p.r.in))
	for _, m := range p.r.in[from:] {
		if want(m.Head) {
			mails = append(mails, m)
		}
	}
	return mails, strconv.Itoa(len(p.r.in)), nil
}

func (p paperMail) Withdraw(_ context.Context, out scheduler.Parcel, _ string) (scheduler.Sent, scheduler.Withdrawal, error) {
	if s, gone := p.r.sent[out.Key]; gone {
		return s, scheduler.TooLate, nil
	}
	return scheduler.Sent{}, scheduler.TakenBack, nil
}

func (p paperMail) Stage(context.Context, scheduler.Parcel) (string, error) { return "paper", nil }

func (p paperMail) Send(_ context.Context, out scheduler.Parcel, _ string) (scheduler.Sent, error) {
	s := scheduler.Sent{ID: out.Key, MessageID: out.MessageID}
	p.r.sent[out.Key] = s
	return s, p.r.show(out)
}

func (p paperMail) Find(_ context.Context, out scheduler.Parcel, _ string) (scheduler.Sent, scheduler.Found, error) {
	if s, ok := p.r.sent[out.Key]; ok {
		return s, scheduler.WasSent, nil
	}
	return scheduler.Sent{}, scheduler.NotSent, nil
}

func (p paperMail) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

// show prints a mail that would go out, and plans the answer to it.
func (r *rehearsal) show(out scheduler.Parcel) error {
	m, err := mail.Read(strings.NewReader(string(out.Raw)))
	if err != nil {
		return err
	}
	r.count++
	to := "you"
	for _, p := range r.org.People {
		if p.Reachable() && strings.EqualFold(p.Addresses[0], out.To) {
			to = p.Name
		}
	}
	fmt.Fprintf(r.out, "%s  to %-20s %s\n", r.play.now.In(r.org.Zone).Format("Mon 2 Jan 15:04"), to, m.Subject)
	if r.full {
		fmt.Fprintf(r.out, "\n    %s\n\n", strings.ReplaceAll(strings.TrimSpace(m.Text), "\n", "\n    "))
	}
	r.answer(out, m, to)
	return nil
}

// answer is what the others do in a rehearsal: the simplest thing.
func (r *rehearsal) answer(out scheduler.Parcel, m scheduler.Mail, to string) {
	parts := strings.Split(out.Key, "/")
	kind := scheduler.MailKind(parts[max(0, len(parts)-2)])
	words := ""
	switch kind {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome, scheduler.MailMissed:
		if !r.silent {
			words = "1"
		}
	case scheduler.MailCallSheet:
		words = "1"
	case scheduler.MailReady, scheduler.MailReadBack:
		words = "ok"
	case scheduler.MailDebrief:
		words = "Notes of the rehearsal.\nno next steps\nagain in 6 weeks"
	}
	if words == "" {
		return
	}
	own := to == "you"
	r.play.plan(r.play.now.Add(24*time.Hour), func() error {
		r.n++
		from := out.To
		r.in = append(r.in, scheduler.Mail{Head: scheduler.Head{ID: "paper-" + strconv.Itoa(r.n), MessageID: "paper-" + strconv.Itoa(r.n), Own: own,
			From: scheduler.Address{Addr: from}, InReplyTo: []string{m.MessageID}, Date: r.play.now}, Text: words})
		return nil
	})
}

// Busy is the real calendar and what stands on paper. Of the calendar's other methods only
// PersonBusy reaches the real one.
func (r *rehearsal) Busy(ctx context.Context, from, to time.Time) ([]slots.Busy, error) {
	return r.Calendar.Busy(ctx, from, to)
}

// Changes sees no edits: nobody edits paper.
func (r *rehearsal) Changes(_ context.Context, cursor string, _ []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	return nil, cursor, nil
}

// Put writes on paper.
func (r *rehearsal) Put(_ context.Context, ev scheduler.CalendarEvent) (string, error) {
	r.n++
	ev.ETag = strconv.Itoa(r.n)
	r.events[ev.ID] = ev
	return ev.ETag, nil
}

// Remove takes it off the paper.
func (r *rehearsal) Remove(_ context.Context, ref scheduler.EventRef) error {
	delete(r.events, ref.ID)
	return nil
}

// Watch has nothing to watch.
func (r *rehearsal) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }
