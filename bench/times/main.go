// Command times runs programs over the same calendars, in turns, and prints how long each
// takes beside the others: whole processes, medians, and the most memory each held. It says
// so when they do not find the same slots.
//
//	times -rounds 7 -calendars DIR NAME=COMMAND…
//
// COMMAND is split at spaces; {} stands for the calendar's path. The first is the one that is
// compared with the others; one named "line scan" finds no slots.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	log.SetFlags(0)
	rounds := flag.Int("rounds", 7, "how often each runs; the first does not count")
	dir := flag.String("calendars", "", "the folder of calendars, N.ics for N events")
	flag.Parse()
	var programs []*program
	for _, arg := range flag.Args() {
		name, command, ok := strings.Cut(arg, "=")
		if !ok {
			log.Fatalf("%q is not NAME=COMMAND", arg)
		}
		programs = append(programs, &program{name: name, command: strings.Fields(command)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "events\tprogram\tratio to indy\tms\tMiB\tslots")
	for _, n := range sizes(*dir) {
		measure(programs, filepath.Join(*dir, fmt.Sprintf("%d.ics", n)), *rounds)
		for _, p := range programs {
			same := ""
			if p.name != lineScan && !slices.Equal(p.slots, programs[0].slots) {
				same = " DIFFERENT"
			}
			fmt.Fprintf(w, "%d\t%s\t%.2f\t%.1f\t%.0f\t%d%s\n", n, p.name, p.median()/programs[0].median(), p.median(), p.memory, len(p.slots), same)
		}
	}
	w.Flush()
}

const lineScan = "line scan"

type program struct {
	name    string
	command []string
	ms      []float64
	memory  float64 // MiB
	slots   []int64
}

func (p *program) median() float64 {
	slices.Sort(p.ms)
	return p.ms[len(p.ms)/2]
}

func sizes(dir string) (list []int) {
	files, err := filepath.Glob(filepath.Join(dir, "*.ics"))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range files {
		if n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(f), ".ics")); err == nil {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// measure runs the programs in turns, so that what else the machine does meets all of them.
func measure(programs []*program, path string, rounds int) {
	for _, p := range programs {
		p.ms, p.memory, p.slots = nil, 0, nil
	}
	for round := range rounds {
		for _, p := range programs {
			if len(p.ms) > 0 && p.ms[0] > 1000 { // what takes seconds is told from what does not by one run
				continue
			}
			ms, memory, out := run(p, path)
			if round == 0 {
				p.slots = starts(p.name, out)
			}
			if round == 0 && ms < 1000 { // files and programs come into memory
				continue
			}
			p.ms, p.memory = append(p.ms, ms), max(p.memory, memory)
		}
	}
}

func run(p *program, path string) (ms, memory float64, out []byte) {
	args := slices.Clone(p.command)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "{}", path)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var b bytes.Buffer
	cmd.Stdout = &b
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		log.Fatalf("%s: %v", p.name, err)
	}
	ms = float64(time.Since(begin).Microseconds()) / 1000
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = float64(u.Maxrss) / 1024
	}
	return ms, memory, b.Bytes()
}

// starts reads what a program found: JSON as indy prints it, or a number a line.
func starts(name string, out []byte) (list []int64) {
	if bytes.HasPrefix(out, []byte("[")) {
		var found []struct {
			From time.Time `json:"from"`
		}
		if err := json.Unmarshal(out, &found); err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		for _, f := range found {
			list = append(list, f.From.Unix())
		}
		return list
	}
	for _, s := range strings.Fields(string(out)) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		list = append(list, n)
	}
	return list
}
