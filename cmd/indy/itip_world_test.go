package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"indy/config"
	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/integrations/ical"
	"indy/scheduler"
)

// side is what differs between the providers: where the mails and the calendar are, and
// what a person's hand does there.
type side interface {
	// Sent are the mails that reached Ana since it was last asked, in order.
	Sent() [][]byte
	// Got are all mails that went to an address.
	Got(address string) [][]byte
	// Receive delivers a mail to Maria; sender is whose server brings it.
	Receive(sender string, raw []byte)
	// Events are those on Maria's calendar that stand for certain: holds are left out.
	Events() []standing
	Move(id string, by time.Duration)
	Place(id, place string)
	Title(id, title string)
	Note(id, words string) // typed below what stands in the description
	Lengthen(id string, by time.Duration)
	Delete(id string)
	Invite(id, address string)
	// Wipe takes every event off it, holds included.
	Wipe()
}

// standing is an event as Maria's calendar shows it.
type standing struct {
	ID, Place, Title, Text string
	From, To               time.Time
	Guests                 []string // addresses, without the organizer's
}

// itipConfig is Maria's, who meets Ana. Ana's provider is nobody whom the fakes know.
const itipConfig = `state = "state"
[team]
name = "Oakland Council"
[campaign]
name = "Clean Water Now"
story = "The river is ours."
plan = "A hearing comes."
[defaults]
send_hours = "daily 00:00-24:00"
approve = "none"
mails_per_day = 5
mails_per_week = 20
[[organizer]]
id = "maria"
name = "Maria Lopez"
address = "maria@example.org"
zone = "America/Los_Angeles"
%s
[[person]]
name = "Ana Ruiz"
address = "ana@example.net"
`

// itipWorld is Maria's engine at work on a clock of its own.
type itipWorld struct {
	t *testing.T
	side
	h     *house
	who   scheduler.OrganizerID
	mu    sync.Mutex // the fake asks for the time from goroutines of its own
	clock time.Time
}

// openItipWorld opens it on a provider; more are lines of Maria's in the config.
func openItipWorld(t *testing.T, provider string, more ...string) *itipWorld {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	w := &itipWorld{t: t, clock: workday(zone)}
	dir := t.TempDir()
	lines := "provider = \"local\""
	var g *googletest.Server
	adjust := func(o *google.Options) {}
	if provider == "google" {
		g = googletest.New(t, googletest.Options{Now: w.now})
		g.AddUser("maria@example.org", "Maria Lopez", "America/Los_Angeles")
		endpoint, stop, err := g.Listen()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		if err := os.WriteFile(filepath.Join(dir, "client.json"), g.Client(), 0o600); err != nil {
			t.Fatal(err)
		}
		lines = "provider = \"google\"\n[organizer.google]\ncredentials = \"client.json\""
		adjust = func(o *google.Options) { o.Now, o.Endpoint = w.now, endpoint }
	}
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, fmt.Appendf(nil, itipConfig, strings.Join(append(more, lines), "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(path, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	w.who = cfg.Organizers[0].ID
	if provider == "google" {
		signIn(t, g, cfg)
		w.side = &googleSide{g: g, maria: g.User("maria@example.org")}
	} else {
		w.side = &localSide{t: t, where: cfg.Organizers[0].Local, seen: map[string]bool{}}
	}
	if w.h, err = openHouseWith(t.Context(), cfg, newLog(io.Discard, false), adjust); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.h.Close() })
	return w
}

func (w *itipWorld) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *itipWorld) pass(wait time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(wait)
}

// turn lets the engine do all that it can do within one poll.
func (w *itipWorld) turn() {
	w.t.Helper()
	for range 3 {
		w.pass(2 * time.Minute)
		if _, err := w.h.engine.Turn(w.t.Context(), w.who, w.now()); err != nil {
			w.t.Fatalf("at %s: %v", w.now(), err)
		}
	}
}

// one is Ana's one-to-one as it stands.
func (w *itipWorld) one() scheduler.OneToOne {
	w.t.Helper()
	s, err := w.h.engine.State(w.t.Context(), w.who)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.OneToOnes[s.Standings["ana-ruiz"].Now]
}

// googleSide is Gmail and Google Calendar, as the fake plays them.
type googleSide struct {
	g     *googletest.Server
	maria *googletest.User
	read  int
}

func (s *googleSide) Sent() (list [][]byte) {
	all := s.Got("ana@example.net")
	list = all[s.read:]
	s.read = len(all)
	return list
}

func (s *googleSide) Got(address string) (list [][]byte) {
	for _, l := range s.g.Outside(address) {
		list = append(list, l.Raw)
	}
	return list
}

func (s *googleSide) Receive(sender string, raw []byte) {
	s.g.ReceiveFrom(sender, "maria@example.org", raw)
}

func (s *googleSide) Events() (list []standing) {
	for _, e := range s.maria.Events("") {
		if e.Status != "confirmed" {
			continue
		}
		x := standing{ID: e.ID, Place: e.Location, Title: e.Summary, Text: e.Description, From: e.From, To: e.To}
		for address := range e.Answers {
			x.Guests = append(x.Guests, address)
		}
		list = append(list, x)
	}
	return list
}

func (s *googleSide) Move(id string, by time.Duration) {
	for _, e := range s.maria.Events("") {
		if e.ID == id {
			s.maria.MoveTo("", id, e.From.Add(by), e.To.Add(by))
		}
	}
}

func (s *googleSide) Place(id, place string) {
	s.maria.Edit("", id, fmt.Sprintf(`{"location": %q}`, place))
}

func (s *googleSide) Title(id, title string) {
	s.maria.Edit("", id, fmt.Sprintf(`{"summary": %q}`, title))
}

func (s *googleSide) Note(id, words string) {
	for _, e := range s.Events() {
		if e.ID == id {
			s.maria.Edit("", id, fmt.Sprintf(`{"description": %q}`, e.Text+"\n"+words))
		}
	}
}

func (s *googleSide) Lengthen(id string, by time.Duration) {
	for _, e := range s.Events() {
		if e.ID == id {
			s.maria.MoveTo("", id, e.From, e.To.Add(by))
		}
	}
}

func (s *googleSide) Delete(id string) { s.maria.Delete("", id) }

func (s *googleSide) Wipe() {
	for _, e := range s.maria.Events("") {
		if e.Status != "cancelled" {
			s.maria.Delete("", e.ID)
		}
	}
}

func (s *googleSide) Invite(id, address string) {
	var guests []string
	for _, e := range s.Events() {
		if e.ID != id {
			continue
		}
		for _, g := range append(e.Guests, address) {
			guests = append(guests, fmt.Sprintf(`{"email": %q}`, g))
		}
	}
	s.maria.Edit("", id, `{"attendees": [`+strings.Join(guests, ", ")+`]}`)
}

// localSide is Maildirs and a folder of .ics files.
type localSide struct {
	t     *testing.T
	where config.Local
	seen  map[string]bool
	n     int
}

func (s *localSide) Sent() (list [][]byte) {
	s.t.Helper()
	for _, name := range s.post("ana@example.net") {
		if !s.seen[name] {
			s.seen[name] = true
			list = append(list, s.file(name))
		}
	}
	return list
}

func (s *localSide) Got(address string) (list [][]byte) {
	s.t.Helper()
	for _, name := range s.post(address) {
		list = append(list, s.file(name))
	}
	return list
}

// post are the files of the mails that went to an address; their names begin with the time.
func (s *localSide) post(address string) []string {
	s.t.Helper()
	names, err := filepath.Glob(filepath.Join(s.where.Post, address, "new", "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return names
}

func (s *localSide) file(path string) []byte {
	s.t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

func (s *localSide) Receive(sender string, raw []byte) {
	s.t.Helper()
	s.n++
	if err := dropMail(s.where.Inbox, fmt.Sprintf("%d.script", s.n), append([]byte("Return-Path: <"+sender+">\r\n"), raw...)); err != nil {
		s.t.Fatal(err)
	}
}

// files are the events' files, by their IDs.
func (s *localSide) files() map[string]string {
	s.t.Helper()
	found := map[string]string{}
	names, err := filepath.Glob(filepath.Join(s.where.Calendar, "*.ics"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range names {
		ev, err := ical.DecodeEvent(s.file(name))
		if err != nil {
			s.t.Fatal(err)
		}
		id, _, _ := strings.Cut(ev.UID, "@")
		found[id] = name
	}
	return found
}

func (s *localSide) Events() (list []standing) {
	s.t.Helper()
	for id, name := range s.files() {
		ev, err := ical.DecodeEvent(s.file(name))
		if err != nil {
			s.t.Fatal(err)
		}
		if ev.Tentative || ev.Cancelled {
			continue
		}
		x := standing{ID: id, Place: ev.Location, Title: ev.Title, Text: ev.Text, From: ev.From, To: ev.To}
		for _, a := range ev.Attendees {
			if a.Addr != "maria@example.org" {
				x.Guests = append(x.Guests, a.Addr)
			}
		}
		list = append(list, x)
	}
	return list
}

// edit does what calendar programs do: it reads the file, and replaces it.
func (s *localSide) edit(id string, change func(*scheduler.CalendarEvent)) {
	s.t.Helper()
	name := s.files()[id]
	old := s.file(name)
	ev, err := ical.DecodeEvent(old)
	if err != nil {
		s.t.Fatal(err)
	}
	change(&ev)
	b, err := ical.UpdateEvent(old, ev)
	if err != nil {
		s.t.Fatal(err)
	}
	s.replace(name, b)
}

func (s *localSide) replace(name string, b []byte) {
	s.t.Helper()
	if err := os.WriteFile(name+"~", b, 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(name+"~", name); err != nil {
		s.t.Fatal(err)
	}
}

func (s *localSide) Move(id string, by time.Duration) {
	s.edit(id, func(ev *scheduler.CalendarEvent) { ev.From, ev.To = ev.From.Add(by), ev.To.Add(by) })
}

func (s *localSide) Place(id, place string) {
	s.edit(id, func(ev *scheduler.CalendarEvent) { ev.Location = place })
}

func (s *localSide) Title(id, title string) {
	s.edit(id, func(ev *scheduler.CalendarEvent) { ev.Title = title })
}

func (s *localSide) Note(id, words string) {
	s.edit(id, func(ev *scheduler.CalendarEvent) { ev.Text += "\n" + words })
}

func (s *localSide) Lengthen(id string, by time.Duration) {
	s.edit(id, func(ev *scheduler.CalendarEvent) { ev.To = ev.To.Add(by) })
}

func (s *localSide) Delete(id string) {
	s.t.Helper()
	if err := os.Remove(s.files()[id]); err != nil {
		s.t.Fatal(err)
	}
}

func (s *localSide) Wipe() {
	s.t.Helper()
	for _, name := range s.files() {
		if err := os.Remove(name); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *localSide) Invite(id, address string) {
	s.t.Helper()
	name := s.files()[id]
	s.replace(name, bytes.Replace(s.file(name), []byte("END:VEVENT"),
		[]byte("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:"+address+"\r\nEND:VEVENT"), 1))
}
