package main

import (
	"context"
	"errors"
	"fmt"
	"io"

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
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
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

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "indy",
		Short:         "One-to-one meetings, run out of your inbox and calendar",
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
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		// One line a command, in the order of a newcomer's day.
		newDemoCmd(),
		newInitCmd(),
		newLoginCmd(),
		newLogoutCmd(),
		newCheckCmd(),
		newRunCmd(),
		newStatusCmd(),
		newSlotsCmd(),
		newOrderCmd(replies.OrderPropose, "propose PERSON", "Offer a person times now, whatever the cadence says", "%s will be offered times."),
		newOrderCmd(replies.OrderSnooze, "snooze PERSON", "Leave a person alone for a while", "%s is left alone for a while."),
		newOrderCmd(replies.OrderStop, "stop PERSON", "Never write to a person again, whoever of the team it is", "%s is never written to again."),
		newOrderCmd(replies.OrderForget, "forget PERSON", "Erase a person, keeping only that they must not be written to", "%s is forgotten; take the entry out of the config as well."),
		newResumeCmd(),
		newDigestCmd(),
		newRehearseCmd(),
		newExportCmd(),
		newReadCmd(),
		newWhenCmd(),
		newFreeCmd(),
		newBusyCmd(),
	)
	return root
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
