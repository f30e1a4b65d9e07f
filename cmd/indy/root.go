package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"indy/scheduler/replies"
)

// Exit codes are a promise: see docs/architecture.md.
const (
	exitDone     = 0
	exitCouldNot = 1
	exitWrongUse = 2
)

// usageError is a wrong use of the command line or a config that cannot be used.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// wrongUse marks err as the user's to mend: exit code 2.
func wrongUse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// hintError carries what a person can do about an error.
type hintError struct {
	err  error
	hint string
}

func (e hintError) Error() string { return e.err.Error() }
func (e hintError) Unwrap() error { return e.err }

// withHint adds what a person can do about err.
func withHint(err error, hint string) error { return hintError{err, hint} }

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot(args)
	out := &printed{Writer: stdout}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.err
	}
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "indy: %v\n", err)
	var h hintError
	if errors.As(err, &h) {
		fmt.Fprintf(stderr, "indy: hint: %s\n", h.hint)
	}
	var u usageError
	if errors.As(err, &u) {
		return exitWrongUse
	}
	return exitCouldNot
}

// printed remembers what kept the output from being printed: a command whose answer nobody
// got has not done its work.
type printed struct {
	io.Writer
	err error
}

func (p *printed) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("print the answer: %w", err)
	}
	return n, err
}

// newRoot has the subcommand that the arguments ask for, or all, to help and to suggest.
func newRoot(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "indy",
		Short:         "One-to-one meetings, run out of your inbox and calendar",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		// A word that is no command is a wrong use; Cobra suggests the nearest one.
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUse("there is no command %q (see indy --help)", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("indy {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	for _, c := range subcommands {
		if len(args) > 0 && args[0] == c.name {
			root.CompletionOptions.DisableDefaultCmd = true
			root.AddCommand(c.make())
			return root
		}
	}
	for _, c := range subcommands {
		root.AddCommand(c.make())
	}
	return root
}

// A subcommand is made when it is asked for: all of them with their flags take longer than
// most have to do.
type subcommand struct {
	name string
	make func() *cobra.Command
}

// subcommands has one line a command, in the order of a newcomer's day.
var subcommands = [...]subcommand{
	{"demo", newDemoCmd},
	{"init", newInitCmd},
	{"login", newLoginCmd},
	{"logout", newLogoutCmd},
	{"check", newCheckCmd},
	{"run", newRunCmd},
	{"status", newStatusCmd},
	{"slots", newSlotsCmd},
	{"propose", func() *cobra.Command {
		return newOrderCmd(replies.OrderPropose, "propose PERSON", "Offer a person times now, whatever the cadence says", "%s will be offered times.")
	}},
	{"snooze", func() *cobra.Command {
		return newOrderCmd(replies.OrderSnooze, "snooze PERSON", "Leave a person alone for a while", "%s is left alone for a while.")
	}},
	{"stop", func() *cobra.Command {
		return newOrderCmd(replies.OrderStop, "stop PERSON", "Never write to a person again, whoever of the team it is", "%s is never written to again.")
	}},
	{"forget", func() *cobra.Command {
		return newOrderCmd(replies.OrderForget, "forget PERSON", "Erase a person, keeping only that they must not be written to", "%s is forgotten; take the entry out of the config as well.")
	}},
	{"resume", newResumeCmd},
	{"digest", newDigestCmd},
	{"rehearse", newRehearseCmd},
	{"export", newExportCmd},
	{"read", func() *cobra.Command { return endsAtOnce(newReadCmd()) }},
	{"when", func() *cobra.Command { return endsAtOnce(newWhenCmd()) }},
	{"free", func() *cobra.Command { return endsAtOnce(newFreeCmd()) }},
	{"busy", func() *cobra.Command { return endsAtOnce(newBusyCmd()) }},
}

// endsAtOnce lets Ctrl-C and SIGTERM end a command that only reads: it leaves nothing half
// done, and may be waiting for input that never comes.
func endsAtOnce(cmd *cobra.Command) *cobra.Command {
	cmd.PreRun = func(*cobra.Command, []string) { signal.Reset(os.Interrupt, syscall.SIGTERM) }
	return cmd
}

// version is the module's, or the commit that the program was built from.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" && build.Main.Version == "(devel)" {
			return s.Value
		}
	}
	return build.Main.Version
}

// exactly is cobra.ExactArgs with the exit code of a wrong use.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return wrongUse("give %s", what)
		}
		return nil
	}
}

// atLeast is cobra.MinimumNArgs with the exit code of a wrong use.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return wrongUse("give %s", what)
		}
		return nil
	}
}
