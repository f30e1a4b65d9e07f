// Command footprint measures what "indy run" costs a machine, next to a hello-world daemon
// that links the same Google clients and SQLite (see hello/), both in one run and in turn:
//
//	go run ./bench/footprint
//
// It prints a table of the ratios and their limits, and ends with 1 when one is broken. It
// reads /proc, so it needs Linux. Indy gets the demo's config on real folders, a state of
// its own in a temporary folder, and no network.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// The limits.
const (
	maxStart  = 3.0 // times hello's
	maxMemory = 1.5 // times hello's
	maxCPU    = 0.5 // percent of a core
)

func main() {
	starts := flag.Int("starts", 15, "how often each is started")
	settle := flag.Duration("settle", 5*time.Second, "how long each is left alone before memory is read")
	idle := flag.Duration("idle", 30*time.Second, "for how long idleness is watched")
	flag.Parse()
	ok, err := measure(*starts, *settle, *idle)
	if err != nil {
		fmt.Fprintln(os.Stderr, "footprint:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// measure measures everything and says whether every limit holds.
func measure(starts int, settle, idle time.Duration) (bool, error) {
	root, err := os.MkdirTemp("", "footprint-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(root)
	for name, pkg := range map[string]string{"indy": "./cmd/indy", "hello": "./bench/footprint/hello"} {
		build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(root, name), pkg)
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // as indy is released
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return false, fmt.Errorf("build %s, in the module's folder: %w", pkg, err)
		}
	}
	var fresh, again, freshLook, look, rss, pss, cpu, writes pair
	for n := range starts {
		for i, program := range programs {
			dir := filepath.Join(root, fmt.Sprint("start-", n, "-", i))
			for _, took := range [][2]*pair{{&fresh, &freshLook}, {&again, &look}} { // the first start in this folder, then the second
				d, err := start(root, dir, program)
				if err != nil {
					return false, err
				}
				took[0][i] = append(took[0][i], d.ready.Seconds()*1000)
				took[1][i] = append(took[1][i], d.looked.Seconds()*1000)
				if err := d.stop(); err != nil {
					return false, err
				}
			}
		}
	}
	for n := range 2 {
		if err := watchIdle(root, fmt.Sprint("idle-", n), settle, idle, &rss, &pss, &cpu, &writes); err != nil {
			return false, err
		}
	}
	ok := true
	fmt.Printf("%-34s %10s %10s %8s  %s\n", "medians", "hello", "indy", "ratio", "limit")
	ok = row("ready in a fresh folder, ms", fresh, "%.1f", maxStart) && ok
	ok = row("ready, ms", again, "%.1f", maxStart) && ok
	row("  and its first work done, ms", freshLook, "%.1f", math.Inf(1)) // four mails written and safe on disk
	row("  and looked at everything, ms", look, "%.1f", math.Inf(1))
	ok = row("resident memory idle, MiB", rss, "%.1f", maxMemory) && ok
	ok = row("proportional memory idle, MiB", pss, "%.1f", maxMemory) && ok
	ok = bound("CPU while idle, % of a core", cpu, "%.3f", maxCPU) && ok
	ok = bound("bytes and files written while idle", writes, "%.0f", 0) && ok
	return ok, nil
}

// pair holds what was measured of hello and of indy.
type pair [2][]float64

var programs = [2]string{"hello", "indy"}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// row prints a ratio and says whether its limit holds.
func row(name string, p pair, format string, limit float64) bool {
	hello, indy := median(p[0]), median(p[1])
	ok := indy <= limit*hello
	bound := fmt.Sprintf("  <= %gx", limit)
	if math.IsInf(limit, 1) {
		bound = ""
	}
	fmt.Printf("%-34s %10s %10s %7.2fx%s%s\n", name, fmt.Sprintf(format, hello), fmt.Sprintf(format, indy), indy/hello, bound, broken(ok))
	return ok
}

// bound prints what is limited by itself; the worst counts, not the median.
func bound(name string, p pair, format string, limit float64) bool {
	hello, indy := slices.Max(p[0]), slices.Max(p[1])
	ok := indy <= limit
	fmt.Printf("%-34s %10s %10s %8s  <= %g%s\n", name, fmt.Sprintf(format, hello), fmt.Sprintf(format, indy), "", limit, broken(ok))
	return ok
}

func broken(ok bool) string {
	if ok {
		return ""
	}
	return "  BROKEN"
}

// watchIdle leaves both alone, side by side, and adds what they took meanwhile.
func watchIdle(root, name string, settle, idle time.Duration, rss, pss, cpu, writes *pair) (err error) {
	var daemons [2]*process
	var before [2]usage
	for i, program := range programs {
		if daemons[i], err = start(root, filepath.Join(root, name+"-"+program), program); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, daemons[i].stop()) }()
	}
	time.Sleep(settle)
	for i, d := range daemons {
		if before[i], err = d.usage(); err != nil {
			return err
		}
	}
	if before[1].cpu == 0 { // indy has started, so it has computed
		return errors.New("this system keeps no account of CPU time: everything would look idle")
	}
	time.Sleep(idle)
	for i, d := range daemons {
		after, err := d.usage()
		if err != nil {
			return err
		}
		rss[i] = append(rss[i], after.rss)
		pss[i] = append(pss[i], after.pss)
		cpu[i] = append(cpu[i], 100*(after.cpu-before[i].cpu).Seconds()/idle.Seconds())
		writes[i] = append(writes[i], after.written-before[i].written+float64(changed(before[i].files, after.files)))
	}
	return nil
}

// changed counts the files that came, went or are not as they were.
func changed(before, after map[string]string) (n int) {
	for name, was := range before {
		if after[name] != was {
			n++
		}
	}
	for name := range after {
		if _, was := before[name]; !was {
			n++
		}
	}
	return n
}

// setUp prepares a folder for indy: the demo's config and the folders that it names.
func setUp(dir string) (config string, err error) {
	config = filepath.Join(dir, "config.toml")
	if _, err := os.Stat(config); err == nil {
		return config, nil
	}
	toml, err := os.ReadFile(filepath.Join("cmd", "indy", "demo.toml"))
	if err != nil {
		return "", fmt.Errorf("read the demo's config: %w", err)
	}
	for _, box := range []string{"mail/maria/inbox", "mail/maria/sent"} {
		for _, sub := range []string{"cur", "new", "tmp"} {
			if err := os.MkdirAll(filepath.Join(dir, box, sub), 0o700); err != nil {
				return "", err
			}
		}
	}
	for _, folder := range []string{"calendar/indy", "calendar/home"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			return "", err
		}
	}
	return config, os.WriteFile(config, toml, 0o600)
}

// Indy is ready where it tells systemd so; -v has it tell as well when its first turn is
// over: mail and calendar read, what was due done. Hello has nothing to do after "ready".
const (
	helloReady = "ready"
	indyReady  = "msg=running"
	indyLooked = "msg=looked"
)

// command is how a program is started in a folder, and what it says when it is ready and
// when its first turn is over.
func command(root, dir, program string) (cmd *exec.Cmd, ready, looked string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", "", err
	}
	bin := filepath.Join(root, program)
	if program == "hello" {
		return exec.Command(bin, filepath.Join(dir, "hello.db")), helloReady, helloReady, nil
	}
	config, err := setUp(dir)
	return exec.Command(bin, "run", "-v", "--config", config), indyReady, indyLooked, err
}
