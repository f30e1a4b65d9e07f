// Command indy runs an organizer's one-to-one meetings out of the inbox and calendar
// that they already have. See README.md.
//
// This package only wires: each subcommand stands in a file of its own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones are known on machines that have none

	"github.com/spf13/cobra"
)

func main() { os.Exit(mainCode()) }

// mainCode is main for scripts that test the command line.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)       // who asks again need not wait for what is under way
	cobra.EnableCommandSorting = false // help has the order of a newcomer's day
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
