package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a daemon under measurement.
type process struct {
	cmd    *exec.Cmd
	dir    string        // where everything that it writes is
	ready  time.Duration // from exec to its word that it is ready
	looked time.Duration // and until its first turn was over
	drain  chan struct{} // closed when its output has ended
}

// start starts a program and waits until its first turn is over.
func start(root, dir, program string) (*process, error) {
	cmd, ready, looked, err := command(root, dir, program)
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = w, w
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, r.Close(), w.Close())
	}
	w.Close()
	p := &process{cmd: cmd, dir: dir, drain: make(chan struct{})}
	said := make(chan time.Duration, 1)
	var last string
	go func() {
		defer close(p.drain)
		defer r.Close()
		for lines := bufio.NewScanner(r); lines.Scan(); {
			last = lines.Text()
			if p.ready == 0 && strings.Contains(last, ready) {
				p.ready = time.Since(began)
			}
			if strings.Contains(last, looked) {
				select {
				case said <- time.Since(began):
				default:
				}
			}
		}
	}()
	select {
	case p.looked = <-said:
		return p, nil
	case <-p.drain:
		return nil, fmt.Errorf("%s ended before it was ready: %s: %w", program, last, cmd.Wait())
	case <-time.After(30 * time.Second):
		return nil, errors.Join(fmt.Errorf("%s is not ready after 30 s", program), cmd.Process.Kill(), cmd.Wait())
	}
}

// stop ends it as an operator would, and waits.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.drain
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("stop %s: %w", p.cmd.Path, err)
	}
	return nil
}

// usage is what a process takes, as /proc tells it.
type usage struct {
	rss, pss float64           // MiB
	cpu      time.Duration     // so far, in user and kernel
	written  float64           // bytes so far, by any write call or on a disk
	files    map[string]string // size and time of change of all that is in its folder
}

func (p *process) usage() (u usage, err error) {
	proc := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid))
	if u.rss, err = field(filepath.Join(proc, "status"), "VmRSS:"); err != nil {
		return u, err
	}
	if u.pss, err = field(filepath.Join(proc, "smaps_rollup"), "Pss:"); err != nil {
		return u, err
	}
	u.rss, u.pss = u.rss/1024, u.pss/1024 // from kB
	if u.cpu, err = cpuTime(filepath.Join(proc, "stat")); err != nil {
		return u, err
	}
	for _, name := range []string{"wchar:", "write_bytes:"} {
		n, err := field(filepath.Join(proc, "io"), name)
		if err != nil {
			return u, err
		}
		u.written += n
	}
	u.files, err = snapshot(p.dir)
	return u, err
}

// field reads the number after a name in one of /proc's files.
func field(path, name string) (float64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			return strconv.ParseFloat(strings.Fields(rest)[0], 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", path, name)
}

// cpuTime is what a process has computed so far, in user and kernel: the fields utime and
// stime of /proc/PID/stat, in ticks of 10 ms.
func cpuTime(path string) (time.Duration, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	rest := string(text)
	rest = rest[strings.LastIndexByte(rest, ')')+1:] // the name before may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("%s is cut short", path)
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

func snapshot(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files[path] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return files, err
}
