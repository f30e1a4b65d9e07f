package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"indy/config"
	"indy/integrations/google"
	"indy/scheduler"
)

// keyringService is under what name the operating system's keyring keeps sign-ins.
const keyringService = "indy"

// signInTime is how long a sign-in waits for the browser.
const signInTime = 10 * time.Minute

func newLoginCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in to Google",
		Long: `Login opens the browser, where you allow indy to use your Gmail and Google Calendar, and
keeps the sign-in in a file that only you can read, or in the system's keyring. What to
prepare, and what each permission is for, is in docs/google-setup.md.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	who := cmd.Flags().String("organizer", "", "the `id` of the organizer whose account it is, where there are several")
	noBrowser := cmd.Flags().Bool("no-browser", false, "show the address to open, for a machine without a browser")
	keyring := cmd.Flags().Bool("keyring", false, "keep the sign-in in the system's keyring instead of a file")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		o, err := googleOrganizer(cfg, *who)
		if err != nil {
			return err
		}
		options := googleOptions(cfg, o)
		options.Tokens = signInPlace(cfg, *keyring)
		ctx, cancel := context.WithTimeout(cmd.Context(), signInTime)
		defer cancel()
		b := google.Browser{Not: *noBrowser, Say: cmd.OutOrStdout(), Paste: pasteFrom(cmd.InOrStdin())}
		if err := google.Login(ctx, options, b); err != nil {
			return hinted(err)
		}
		if *keyring { // one sign-in, in one place
			if err := google.Files(tokenFolder(cfg)).Delete(options.Name); err != nil {
				return err
			}
		}
		fmt.Fprintf(cmd.OutOrStdout(), "Signed in as %s. \"indy check\" tries everything.\n", o.Google.Account)
		return nil
	}
	return cmd
}

func newLogoutCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Withdraw the access to Google and forget the sign-in",
		Long: `Logout withdraws at Google what "indy login" was allowed, and deletes the sign-in here. A
running daemon can then read and send nothing for that organizer until the next login.`,
		Args: exactly(0, "no arguments"),
	}
	path := configFlag(cmd)
	who := cmd.Flags().String("organizer", "", "the `id` of the organizer whose account it is, where there are several")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadConfig(*path, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		o, err := googleOrganizer(cfg, *who)
		if err != nil {
			return err
		}
		if err := google.Logout(cmd.Context(), googleOptions(cfg, o)); err != nil {
			return hinted(err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "Signed out of %s: Google has withdrawn the access.\n", o.Google.Account)
		return nil
	}
	return cmd
}

// googleOrganizer is the organizer of that id with a Google account, or the only one.
func googleOrganizer(cfg *config.Config, id string) (config.Organizer, error) {
	var found []config.Organizer
	for _, o := range cfg.Organizers {
		if o.Provider == config.ProviderGoogle && (id == "" || string(o.ID) == id) {
			found = append(found, o)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return config.Organizer{}, wrongUse("%d organizers have a Google account: give --organizer", len(found))
	case id != "":
		return config.Organizer{}, wrongUse("no organizer %q has a Google account in the config", id)
	}
	return config.Organizer{}, withHint(wrongUse("no organizer has a Google account in the config"), `set provider = "google" for one of them (docs/google-setup.md)`)
}

// googleOptions is how an organizer's Google account is reached.
func googleOptions(cfg *config.Config, o config.Organizer) google.Options {
	g := o.Google
	return google.Options{
		Name: string(o.ID), Address: g.Account, Aliases: append([]string{o.Address}, o.Aliases...), Zone: o.Zone,
		ClientFile: g.Credentials, KeyFile: g.ServiceAccount, Tokens: signInPlace(cfg, false),
		Calendar: g.Calendar, Busy: g.Busy, Google: g.InvitesByGoogle, Labels: g.Labels,
		PubSub: readsPush(cfg, o), Drafts: o.Policy.Approve == scheduler.ApproveDrafts,
		Project: google.NewProject(onGoogle(cfg)), Endpoint: os.Getenv(google.EndpointVariable),
	}
}

func tokenFolder(cfg *config.Config) string { return filepath.Join(cfg.State, "google") }

// signInPlace is where sign-ins are kept: wherever one is already, else in a file.
func signInPlace(cfg *config.Config, keyring bool) google.Tokens {
	file, ring := google.Files(tokenFolder(cfg)), google.Keyring(keyringService)
	if keyring {
		return ring
	}
	return google.FirstOf(file, ring)
}

// pasteFrom lets a person paste the address at which a browser elsewhere ended. A file or
// a closed input is nobody.
func pasteFrom(in io.Reader) io.Reader {
	if f, ok := in.(*os.File); ok && !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return in
}

// hinted shows what an integration says can be done about its error.
func hinted(err error) error {
	var f *scheduler.Failure
	if errors.As(err, &f) && f.Hint != "" {
		return withHint(err, f.Hint)
	}
	return err
}
