package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"indy/config"
	"indy/scheduler"
)

func newRunCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the daemon: watch mail and calendar, and do what is due",
		Long: `Run watches the organizers' mail and calendars and does what is due, until it is
stopped (Ctrl-C, SIGTERM). What is under way is finished or taken up again at the next
start. Edits of the config count at once; a bad edit is told by mail and the old config kept.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	verbose := cmd.Flags().BoolP("verbose", "v", false, "log every decision")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		return runDaemon(cmd.Context(), cfg, newLog(cmd.ErrOrStderr(), *verbose))
	}
	return cmd
}

// newLog logs short lines without addresses or bodies.
func newLog(out io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level}))
}

// runDaemon runs everything until ctx ends and waits for all of it.
func runDaemon(ctx context.Context, cfg *config.Config, log *slog.Logger) (err error) {
	h, err := openHouse(ctx, cfg, log)
	if ctx.Err() != nil && h == nil {
		return nil // asked to end before it began
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }() // the store closes last
	ctx, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	defer others.Wait()
	defer stop()
	h.google.run(ctx, cfg, &others, log)
	others.Go(func() {
		if err := h.followOrders(ctx); err != nil && ctx.Err() == nil {
			log.Warn("orders given by hand are seen only after a restart", "err", err)
		}
	})
	others.Go(func() {
		if err := cfg.Watch(ctx, func(c *config.Config, err error) { h.edited(ctx, c, err) }); err != nil && ctx.Err() == nil {
			log.Warn("edits of the config count only after a restart", "err", err)
		}
	})
	if _, err := daemon.SdNotify(false, daemon.SdNotifyReady); err != nil {
		log.Warn("systemd was not told", "err", err)
	}
	log.Info("running", "organizers", len(cfg.Organizers))
	err = h.engine.Run(ctx, time.Now)
	log.Info("stopped")
	return err
}

// edited takes up a new config, or tells the organizers by mail what is wrong with it.
func (h *house) edited(ctx context.Context, c *config.Config, err error) {
	if err == nil {
		if c.State != h.cfg.State {
			err = fmt.Errorf("state: another folder counts only after a restart")
		} else if err = h.use(c); err == nil {
			h.log.Info("the config was read again", "organizers", len(c.Organizers))
			return
		}
	}
	said := strings.Split(err.Error(), "\n")
	if problems, ok := errors.AsType[config.Problems](err); ok { // without the line that counts them
		said = said[len(said)-len(problems):]
	}
	h.log.Error("the config was edited badly; the old one is kept", "problems", len(said))
	ev := scheduler.ConfigBroken{Problems: said, Stamp: config.Digest([]byte(err.Error()))}
	for _, o := range h.cfg.Organizers {
		if err := h.engine.Handle(ctx, o.ID, "", ev, time.Now()); err != nil && ctx.Err() == nil {
			h.log.Error("the organizer was not told", "organizer", o.ID, "err", err)
		}
		h.engine.Nudge(o.ID)
	}
}
