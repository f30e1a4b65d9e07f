package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes "indy" a command of the scripts: this very program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"indy": func() { os.Exit(mainCode()) }})
}

// TestScripts plays testdata/script/*.txtar: the command line as people use it. Each script
// has an empty home of its own; "exits N COMMAND…" runs a command that must end with that code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			for _, v := range []string{"INDY_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
				env.Setenv(v, "")
			}
			env.Setenv("HOME", home)
			env.Setenv("TZ", "America/New_York")
			return os.MkdirAll(home, 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "mode": mode},
	})
}

// exits runs a command that must end with the code: "exits 2 indy status".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		got = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("%s ended with %d, not %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// mode checks who may read and write files: "mode 600 FILE...".
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode BITS FILE...")
	}
	for _, file := range args[1:] {
		info, err := os.Stat(ts.MkAbs(file))
		ts.Check(err)
		if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has mode %s, not %s", file, got, args[0])
		}
	}
}
