package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"indy/config"
	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
	"indy/store"
)

// An order given by hand is left as a file in the state folder, so that it is lost by
// nobody's death; the daemon, or the command itself where none runs, carries it out once.
type leftOrder struct {
	Organizer scheduler.OrganizerID `json:"organizer"`
	Verb      replies.OrderVerb     `json:"verb"`
	Person    scheduler.PersonID    `json:"person,omitempty"`
	Until     slots.Date            `json:"until,omitzero"`
	// Of a label on a conversation: the provider's name of the act and of the conversation,
	// and what is said when the order is not clear.
	ID     string `json:"id,omitempty"`
	Thread string `json:"thread,omitempty"`
	Words  string `json:"words,omitempty"`
}

// errLabelStands says that an order was carried out and its label could not be taken off.
// It is tried again: a label that stands would look like an order.
var errLabelStands = errors.New("the label of an order could not be taken off")

func ordersFolder(state string) string { return filepath.Join(state, "orders") }

// leaveOrder writes the order durably, whole or not at all.
func leaveOrder(state string, o leftOrder) error {
	dir := ordersFolder(state)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("leave the order: %w", err)
	}
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	name := time.Now().UTC().Format("20060102T150405.000000000") + "-" + rand.Text()[:8] + ".json"
	tmp := filepath.Join(dir, "."+name)
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("leave the order: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(tmp, filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("leave the order: %w", errors.Join(err, os.Remove(tmp)))
	}
	return nil
}

// takeOrders carries out what was left. Each is handled once, whoever dies in between:
// its name is recorded with what it led to.
func (h *house) takeOrders(ctx context.Context) (late error) {
	dir := ordersFolder(h.cfg.State)
	list, err := os.ReadDir(dir) // sorted by name: by time
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read the orders: %w", err)
	}
	for _, entry := range list {
		name := entry.Name()
		if !strings.HasSuffix(name, ".json") || strings.HasPrefix(name, ".") {
			continue
		}
		switch err := h.takeOrder(ctx, dir, name); {
		case errors.Is(err, errLabelStands):
			late = err
		case err != nil:
			return err
		}
	}
	return late
}

func (h *house) takeOrder(ctx context.Context, dir, name string) error {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("read an order: %w", err)
	}
	var o leftOrder
	if err := json.Unmarshal(b, &o); err != nil || h.cfg.Organizer(o.Organizer) == nil {
		h.log.Error("an order that cannot be read is put aside", "file", name)
		return os.Rename(filepath.Join(dir, name), filepath.Join(dir, name+".bad"))
	}
	ev := scheduler.Ordered{Verb: o.Verb, Person: o.Person, Until: o.Until, Words: o.Words}
	if err := h.engine.Handle(ctx, o.Organizer, cmp.Or(o.ID, "order/"+name), ev, h.now()); err != nil {
		return err
	}
	h.engine.Nudge(o.Organizer)
	if o.Thread != "" {
		if err := h.engine.Mark(ctx, o.Organizer, o.Person, o.Thread); err != nil && scheduler.FailureOf(err) != scheduler.Final {
			return fmt.Errorf("%w: %w", errLabelStands, err)
		}
	}
	return os.Remove(filepath.Join(dir, name))
}

// orderRetry is when an order that could not be carried out is tried again.
const orderRetry = time.Minute

// followOrders carries out orders as they are left, until ctx ends.
func (h *house) followOrders(ctx context.Context) error {
	dir := ordersFolder(h.cfg.State)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.Add(dir); err != nil {
		return err
	}
	for {
		var again <-chan time.Time
		if err := h.takeOrders(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("an order waits", "err", err)
			again = time.After(orderRetry)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again:
		case _, ok := <-w.Events:
			if !ok {
				return nil
			}
		case err := <-w.Errors:
			return err
		}
	}
}

// ordersHelp is what all orders by hand have in common.
const ordersHelp = `A person is named by id, first name or whole name. A running daemon carries the order out
at once; where none runs it is done here, and mail goes out once "indy run" does. Answering
a digest with the same words does the same.`

// newOrderCmd makes propose, snooze, stop and forget: by hand what indy does by itself.
func newOrderCmd(verb replies.OrderVerb, use, short, done string) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Long: short + ".\n\n" + ordersHelp, Args: exactly(1, "one person: a name or an id of the config")}
	path := configFlag(cmd)
	organizer := cmd.Flags().String("organizer", "", "the `id` of the organizer whose person it is, where there are several")
	var until *string
	if verb == replies.OrderSnooze {
		until = cmd.Flags().String("until", "", `until when: a date (2026-12-01) or words ("2 weeks", "after New Year"); by default as long as after silence`)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		o, p, err := whose(cfg, *organizer, args[0])
		if err != nil {
			return err
		}
		order := leftOrder{Organizer: o.ID, Verb: verb, Person: p.ID}
		if until != nil && *until != "" {
			if order.Until, err = readUntil(*until, o); err != nil {
				return err
			}
		}
		if err := leaveOrder(cfg.State, order); err != nil {
			return err
		}
		said := fmt.Sprintf(done, p.Name)
		if !order.Until.IsZero() {
			said = fmt.Sprintf("%s is left alone until %s.", p.Name, order.Until.At(0, time.UTC).Format("Mon 2 Jan 2006"))
		}
		return carryOut(cmd.Context(), cfg, cmd, said)
	}
	return cmd
}

// newResumeCmd lets sending go on after a jump of the clock held it.
func newResumeCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "resume", Short: `Let sending go on after a jump of the clock (like answering "go")`, Long: `Sending is held after more than a day of missed work, or when the clock jumped by that
much, so that no late mail floods people. Resume lets it go on for every organizer; what
has become pointless meanwhile does not go. Where nothing is held it changes nothing.`, Args: exactly(0, "no arguments")}
	path := configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		for _, o := range cfg.Organizers {
			if err := leaveOrder(cfg.State, leftOrder{Organizer: o.ID, Verb: replies.OrderGo}); err != nil {
				return err
			}
		}
		return carryOut(cmd.Context(), cfg, cmd, "Sending goes on.")
	}
	return cmd
}

// carryOut does what was ordered now, unless a daemon has the state folder and does it, and
// says so with done. Mail that an order leads to goes when a daemon runs.
func carryOut(ctx context.Context, cfg *config.Config, cmd *cobra.Command, done string) error {
	h, err := openHouse(ctx, cfg, newLog(cmd.ErrOrStderr(), false))
	var locked *store.LockedError
	if errors.As(err, &locked) { // it is told by the file
		fmt.Fprintln(cmd.OutOrStdout(), done)
		return nil
	}
	if err == nil {
		err = errors.Join(h.takeOrders(ctx), h.Close())
	}
	if err != nil && !errors.Is(err, errLabelStands) { // that is the daemon's to mend
		return withHint(err, `the order is kept: "indy run" carries it out`)
	}
	fmt.Fprintln(cmd.OutOrStdout(), done)
	fmt.Fprintln(cmd.ErrOrStderr(), `indy: no daemon runs: what this leads to goes out once "indy run" does`)
	return nil
}

// readUntil reads a date, or words such as "2 weeks", as the organizer means them.
func readUntil(words string, o config.Organizer) (slots.Date, error) {
	now := time.Now()
	if d, err := slots.ParseDate(words); err == nil && d.After(slots.DateOf(now, o.Zone)) {
		return d, nil
	}
	for _, try := range []string{words, "in " + words} {
		for _, f := range when.Find(try, when.Times{Now: now, Zone: o.Zone, Language: o.Language}) {
			if f.From.After(now) {
				return slots.DateOf(f.From, o.Zone), nil
			}
		}
	}
	return slots.Date{}, wrongUse("--until: %q is no day to come (try 2026-12-01)", words)
}

// sameName says whether a word of the command line means a person.
func sameName(name string, p scheduler.Person) bool {
	return strings.EqualFold(name, string(p.ID)) || strings.EqualFold(name, p.Name) || strings.EqualFold(name, p.First())
}
