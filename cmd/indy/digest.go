package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"indy/scheduler/replies"
	"indy/templates"
)

func newDigestCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "digest",
		Short: "Print the weekly digest as it stands now, or send it",
		Long: `Digest prints what the weekly digest would say now, for each organizer in turn. With
--send it goes out as a mail instead, and can be answered like the weekly one.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	send := cmd.Flags().Bool("send", false, "mail it to every organizer now, besides the weekly one")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		if *send {
			for _, o := range cfg.Organizers {
				if err := leaveOrder(cfg.State, leftOrder{Organizer: o.ID, Verb: replies.OrderDigest}); err != nil {
					return err
				}
			}
			return carryOut(cmd.Context(), cfg, cmd, "The digest is on its way.")
		}
		for _, o := range cfg.Organizers {
			s, err := readState(cmd.Context(), cfg, o)
			if err != nil {
				return err
			}
			words, err := templates.New(o.Templates)
			if err != nil {
				return err
			}
			mail, err := words.Render(s.DigestLetter(time.Now()))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s\n", mail.Subject, mail.Text)
		}
		return nil
	}
	return cmd
}
