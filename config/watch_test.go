package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type told struct {
	cfg *Config
	err error
}

// watching starts a watch and answers with what it tells. The watch is over when the test is.
func watching(t *testing.T, path string) <-chan told {
	t.Helper()
	cfg, err := Load(path, today)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	out, done := make(chan told, 10), make(chan error, 1)
	go func() {
		done <- watch(ctx, cfg.Path, cfg.Digest, settle/4, func(c *Config, err error) { out <- told{c, err} })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		close(out)
		for extra := range out {
			t.Errorf("told once too often: %v, %v", extra.cfg, extra.err)
		}
	})
	return out
}

func next(t *testing.T, from <-chan told) told {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was told")
		return told{}
	}
}

func save(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func named(name string) string { return strings.Replace(least, "Oakland Council", name, 1) }

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	save(t, path, named("One"))
	seen := watching(t, path)

	save(t, path, named("Two"))
	if got := next(t, seen); got.err != nil || got.cfg.Team.Name != "Two" {
		t.Fatalf("in place: %+v", got)
	}
	save(t, path+"~", named("Three"))
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
	if got := next(t, seen); got.err != nil || got.cfg.Team.Name != "Three" {
		t.Fatalf("by renaming: %+v", got)
	}
	save(t, path, "oops")
	var ps Problems
	if got := next(t, seen); !errors.As(got.err, &ps) || ps[0].Line != 1 {
		t.Fatalf("a bad edit: %+v", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := next(t, seen); !errors.Is(got.err, fs.ErrNotExist) {
		t.Fatalf("removed: %+v", got)
	}
	save(t, path, named("Four"))
	if got := next(t, seen); got.err != nil || got.cfg.Team.Name != "Four" {
		t.Fatalf("back again: %+v", got)
	}
	// Other files, and the same bytes again, are no change; the next real one is told next.
	save(t, filepath.Join(dir, "other"), "x")
	save(t, path, named("Four"))
	save(t, path, named("Five"))
	if got := next(t, seen); got.err != nil || got.cfg.Team.Name != "Five" {
		t.Fatalf("after nothing: %+v", got)
	}
}

// A ConfigMap: config.toml → ..data/config.toml, and ..data is swapped.
func TestWatchSwappedLinks(t *testing.T) {
	dir := t.TempDir()
	version := func(v, name string) {
		if err := os.Mkdir(filepath.Join(dir, v), 0o700); err != nil {
			t.Fatal(err)
		}
		save(t, filepath.Join(dir, v, "config.toml"), named(name))
		if err := os.Symlink(v, filepath.Join(dir, "..tmp")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "..tmp"), filepath.Join(dir, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	version("..1", "One")
	path := filepath.Join(dir, "config.toml")
	if err := os.Symlink(filepath.Join("..data", "config.toml"), path); err != nil {
		t.Fatal(err)
	}
	seen := watching(t, path)
	for i, name := range []string{"Two", "Three"} {
		version([]string{"..2", "..3"}[i], name)
		if got := next(t, seen); got.err != nil || got.cfg.Team.Name != name {
			t.Fatalf("%s: %+v", name, got)
		}
	}
}

// A link into a folder of dotfiles, whose file is edited there.
func TestWatchThroughALink(t *testing.T) {
	real := filepath.Join(t.TempDir(), "indy.toml")
	save(t, real, named("One"))
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.Symlink(real, path); err != nil {
		t.Fatal(err)
	}
	seen := watching(t, path)
	save(t, real, named("Two"))
	if got := next(t, seen); got.err != nil || got.cfg.Team.Name != "Two" {
		t.Fatalf("%+v", got)
	}
}

// An edit between loading and watching is not missed.
func TestWatchTellsWhatHappenedBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	save(t, path, named("One"))
	cfg, err := Load(path, today)
	if err != nil {
		t.Fatal(err)
	}
	save(t, path, named("Two"))
	ctx, stop := context.WithCancel(context.Background())
	var got *Config
	if err := cfg.Watch(ctx, func(c *Config, err error) { got = c; stop() }); err != nil || got == nil || got.Team.Name != "Two" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestWatchNowhere(t *testing.T) {
	if err := Watch(context.Background(), filepath.Join(t.TempDir(), "no", "config.toml"), nil); err == nil {
		t.Error("a folder that is not there is watched")
	}
}
