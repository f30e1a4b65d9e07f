package main

import (
	"slices"
	"testing"
)

// TestSubcommands is that each is found by its own name, alone, and that all are there for
// whoever asks for help or mistypes one.
func TestSubcommands(t *testing.T) {
	var all []string
	for _, c := range subcommands {
		all = append(all, c.name)
		made := newRoot([]string{c.name, "--help"}).Commands()
		if len(made) != 1 || made[0].Name() != c.name {
			t.Errorf("%s: made are %v", c.name, made)
		}
	}
	slices.Sort(all)
	for _, args := range [][]string{nil, {"help", "free"}, {"--help", "free"}, {"fre"}, {"__complete", "free", ""}} {
		var names []string
		for _, c := range newRoot(args).Commands() {
			names = append(names, c.Name())
		}
		if slices.Sort(names); !slices.Equal(names, all) {
			t.Errorf("%q: there are %v, want %v", args, names, all)
		}
	}
}
