package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"indy/scheduler"
)

// home is an organizer's home with a config, Maildirs and a calendar folder.
type home struct {
	*testing.T
	dir, config string
	dropped     int
	log         bytes.Buffer // of all its daemons; read only when none runs
}

// midday is a zone in which it is about noon: rounds are opened during the day.
func midday() string {
	east := 12 - time.Now().UTC().Hour()
	if east == 0 {
		return "Etc/GMT"
	}
	return fmt.Sprintf("Etc/GMT%+d", -east) // POSIX counts westward
}

func person(name string) string {
	return fmt.Sprintf("[[person]]\nname = %q\naddress = \"%s@example.org\"\n", name, strings.ToLower(strings.Fields(name)[0]))
}

func newHome(t *testing.T, people ...string) *home {
	h := &home{T: t, dir: t.TempDir()}
	h.config = filepath.Join(h.dir, "config.toml")
	h.save(h.text(people...))
	t.Cleanup(func() { // after the last of its daemons has ended
		if t.Failed() {
			t.Logf("the daemons said:\n%s", &h.log)
		}
	})
	return h
}

func (h *home) text(people ...string) string {
	text := fmt.Sprintf(`state = %q
[team]
name = "Oakland Council"
[campaign]
name = "Clean Water Now"
story = "Three schools have tested their taps."
plan = "A hearing in March."
[defaults]
hours = "daily 00:00-24:00"
send_hours = "daily 00:00-24:00"
notice = "1h"
capacity = 20
max_per_day = 6
max_per_week = 30
approve = "none"
approve_summary = true
[[organizer]]
id = "maria"
name = "Maria Lopez"
address = "maria@example.org"
zone = %q
provider = "local"
`, filepath.Join(h.dir, "state"), midday())
	for _, name := range people {
		text += person(name)
	}
	return text
}

// save replaces the config as editors do: by a rename.
func (h *home) save(text string) {
	h.Helper()
	h.write(h.config+"~", text)
	if err := os.Rename(h.config+"~", h.config); err != nil {
		h.Fatal(err)
	}
}

func (h *home) write(path, text string) {
	h.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
}

func (h *home) in(parts ...string) string {
	return filepath.Join(append([]string{h.dir, "state", "mail", "maria"}, parts...)...)
}

// indy runs a command that must end well beside whatever runs already.
func (h *home) indy(args ...string) string {
	h.Helper()
	cmd := exec.CommandContext(h.Context(), "indy", append(args, "--config", h.config)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		h.Fatalf("indy %s: %v\n%s", strings.Join(args, " "), err, &errs)
	}
	return string(out)
}

// start runs the daemon.
func (h *home) start() *exec.Cmd {
	h.Helper()
	cmd := exec.Command("indy", "run", "--config", h.config)
	cmd.Stderr = &h.log
	if err := cmd.Start(); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd
}

// stop asks the daemon to end, and it must end well.
func (h *home) stop(cmd *exec.Cmd) {
	h.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.Fatal(err)
	}
	deadline := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
	defer deadline.Stop()
	if err := cmd.Wait(); err != nil {
		h.Fatalf("asked to end: %v", err)
	}
}

// until waits for something to become true.
func (h *home) until(what string, true func() bool) {
	h.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for !true() {
		select {
		case <-tick.C:
		case <-deadline.C:
			h.Fatalf("not seen: %s", what)
		}
	}
}

// letter is a mail as its recipient's program shows it.
type letter struct {
	id, from, to, subject, plain, calendar string
}

func (h *home) open(path string) letter {
	h.Helper()
	f, err := os.Open(path)
	if err != nil {
		h.Fatal(err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		h.Fatalf("%s: %v", path, err)
	}
	l := letter{id: m.Header.Get("Message-ID"), from: m.Header.Get("From"), to: m.Header.Get("To")}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		h.Fatal(err)
	}
	h.part(&l, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return l
}

func (h *home) part(l *letter, kind, coding string, body io.Reader) {
	h.Helper()
	if kind == "" {
		kind = "text/plain" // RFC 2045 5.2
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		h.Fatalf("Content-Type %q: %v", kind, err)
	}
	if strings.HasPrefix(media, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				h.Fatal(err)
			}
			h.part(l, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	if strings.EqualFold(coding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		h.Fatal(err)
	}
	switch media {
	case "text/plain":
		l.plain += string(text)
	case "text/calendar":
		l.calendar = string(text)
		if m := line(l.calendar, "METHOD"); params["method"] != m {
			h.Errorf("%q: the part says method=%s, its content %s", l.subject, params["method"], m)
		}
	}
}

// post is what somebody has got, in the order of arrival.
func (h *home) post(who string) (list []letter) {
	h.Helper()
	return h.box(h.in("post", who+"@example.org", "new"))
}

func (h *home) box(dir string) (list []letter) {
	h.Helper()
	var entries []os.FileInfo
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		h.Fatal(err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			h.Fatal(err)
		}
		at := len(entries)
		for at > 0 && entries[at-1].ModTime().After(info.ModTime()) {
			at--
		}
		entries = append(entries[:at], append([]os.FileInfo{info}, entries[at:]...)...)
		list = append(list[:at], append([]letter{h.open(name)}, list[at:]...)...)
	}
	return list
}

// arrives waits for somebody's n-th mail.
func (h *home) arrives(who string, n int) letter {
	h.Helper()
	h.until(fmt.Sprintf("mail %d to %s", n, who), func() bool { return len(h.post(who)) >= n })
	return h.post(who)[n-1]
}

// answers drops an answer into the organizer's inbox, as a mail server does.
func (h *home) answers(who string, to letter, words string) {
	h.Helper()
	h.dropped++
	name := fmt.Sprintf("%d.%s", h.dropped, who)
	h.write(h.in("inbox", "tmp", name), fmt.Sprintf("From: %s@example.org\r\nTo: maria@example.org\r\nSubject: Re: %s\r\n"+
		"Date: %s\r\nMessage-ID: <%s@phone.example.net>\r\nIn-Reply-To: %s\r\nReferences: %s\r\n\r\n%s\r\n",
		who, mime.QEncoding.Encode("utf-8", to.subject), time.Now().Format(time.RFC1123Z), name, to.id, to.id, words))
	if err := os.Rename(h.in("inbox", "tmp", name), h.in("inbox", "new", name)); err != nil {
		h.Fatal(err)
	}
}

// line is the value of a property of a calendar's event, or of the calendar, without its
// parameters.
func line(calendar, name string) string {
	property := regexp.MustCompile(`(?m)^` + name + `(?:;[^:\r\n]*)?:(.*?)\r?$`)
	_, event, _ := strings.Cut(calendar, "BEGIN:VEVENT") // time zones have a DTSTART, too
	for _, part := range []string{event, calendar} {
		if m := property.FindStringSubmatch(part); m != nil {
			return m[1]
		}
	}
	return ""
}

// files are the .ics files of events that stand for certain, by UID.
func (h *home) files() map[string]string {
	h.Helper()
	found := map[string]string{}
	names, err := filepath.Glob(h.in("calendar", "*.ics"))
	if err != nil {
		h.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if os.IsNotExist(err) { // a hold that was taken away just now
			continue
		}
		if err != nil {
			h.Fatal(err)
		}
		if line(string(raw), "STATUS") == "CONFIRMED" {
			uid := line(string(raw), "UID")
			if found[uid] != "" {
				h.Errorf("%s stands twice", uid)
			}
			found[uid] = name
		}
	}
	return found
}

// invited waits for an invite as somebody's n-th mail, and its event.
func (h *home) invited(who string, n int) (letter, string) {
	h.Helper()
	l := h.arrives(who, n)
	if line(l.calendar, "METHOD") != "REQUEST" || !strings.Contains(l.calendar, "mailto:"+who+"@example.org") {
		h.Fatalf("no invite: %q\n%s\n%s", l.subject, l.plain, l.calendar)
	}
	uid := line(l.calendar, "UID")
	h.until("the event "+uid, func() bool { return h.files()[uid] != "" })
	return l, h.files()[uid]
}

func sequence(t *testing.T, l letter) int {
	t.Helper()
	n, err := strconv.Atoi(line(l.calendar, "SEQUENCE"))
	if err != nil {
		t.Fatalf("SEQUENCE: %v\n%s", err, l.calendar)
	}
	return n
}

func (h *home) status(who string) scheduler.PersonStatus {
	h.Helper()
	var list []scheduler.PersonStatus
	if err := json.Unmarshal([]byte(h.indy("status", "--json")), &list); err != nil {
		h.Fatal(err)
	}
	for _, s := range list {
		if string(s.Person) == who {
			return s
		}
	}
	h.Fatalf("no status of %s", who)
	return scheduler.PersonStatus{}
}
