package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"indy/integrations/mail"
	"indy/scheduler"
	"indy/templates"
)

// TestDebriefScripts plays testdata/debrief/*: what the organizer may answer when asked how
// it went, in English and in Spanish, from their mail over the record to the mails that go
// out. As a script begins Maria has met Ana and lies before the mail that asks her:
//
//	writes WORDS|FILE     Maria answers the last mail that she read
//	told WORDS…           she gets one mail within a poll, and it has all the words; told nothing
//	gets WORDS…           the same for Ana; gets nothing; says WORDS: she answers
//	finds WORDS…          Maria reads on to a mail that has the words; what Ana got meanwhile is passed over
//	record KEY VALUE      ask, held, next (days from today), contacts, steps, notes WORDS, last-ask, answer
//	digest top WORDS      the first list of the digest, as it would go now, has the words
//	digest WORDS          the digest has them; digest without WORDS: it has not
//	pass 24h              time passes
//	stage, noted, event, answer   as in TestITIP
//
// A file maria.toml in a script has more lines of hers for the config.
func TestDebriefScripts(t *testing.T) {
	answerScripts(t, "debrief", func(m scheduler.OneToOne) bool { return m.Debrief != nil && !m.Debrief.Asked.IsZero() })
}

// TestAheadScripts plays testdata/ahead/* in the same way: what the organizer may answer to the
// brief, the evening before, and to what comes of that. Maria lies before the brief.
func TestAheadScripts(t *testing.T) {
	answerScripts(t, "ahead", func(m scheduler.OneToOne) bool { return m.Meeting != nil && !m.Meeting.Briefed.IsZero() })
}

// answerScripts plays the scripts of a folder from the hour on at which Maria was asked.
func answerScripts(t *testing.T, folder string, asked func(scheduler.OneToOne) bool) {
	for _, language := range []string{"en", "es"} {
		t.Run(language, func(t *testing.T) {
			testscript.RunT(scriptT{t}, testscript.Params{
				Dir: filepath.Join("testdata", folder, language),
				Setup: func(env *testscript.Env) error {
					env.Values[itipKey{}] = newDebriefScript(env.T().(scriptT).T, language, env.WorkDir, asked)
					return nil
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"gets": debriefCommand((*debriefScript).anaGets), "says": debriefCommand((*debriefScript).says), "stage": debriefCommand((*debriefScript).stage),
					"noted": debriefCommand((*debriefScript).noted), "event": debriefCommand((*debriefScript).event), "answer": debriefCommand((*debriefScript).answer),
					"writes": debriefCommand((*debriefScript).writes), "told": debriefCommand((*debriefScript).told), "finds": debriefCommand((*debriefScript).finds), "record": debriefCommand((*debriefScript).record),
					"digest": debriefCommand((*debriefScript).digest), "pass": debriefCommand((*debriefScript).passes),
				},
			})
		})
	}
}

// debriefScript is a script as it runs.
type debriefScript struct {
	*itipScript
	inbox   map[string]bool // files of Maria's inbox that she has read
	pending []scheduler.Mail
	read    scheduler.Mail // the last mail that Maria read
}

func debriefCommand(do func(*debriefScript, []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("no such use")
		}
		s := ts.Value(itipKey{}).(*debriefScript)
		s.path = ts.MkAbs
		if err := do(s, args); err != nil {
			ts.Fatalf("%v", err)
		}
	}
}

func newDebriefScript(t *testing.T, language, dir string, asked func(scheduler.OneToOne) bool) *debriefScript {
	lines, err := os.ReadFile(filepath.Join(dir, "maria.toml"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	w := openItipWorld(t, "local", fmt.Sprintf("language = %q", language), string(lines))
	s := &debriefScript{itipScript: &itipScript{itipWorld: w}, inbox: map[string]bool{}}
	s.turn()
	yes := map[string]string{"en": "The first one works for me!", "es": "La primera me queda bien."}
	for _, step := range []func() error{
		func() error { return s.gets([]string{"Maria"}) },
		func() error { return s.says([]string{yes[language]}) },
		func() error { return s.gets([]string{"METHOD:REQUEST"}) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	for range 24 * 30 {
		if asked(s.one()) {
			break
		}
		s.pass(time.Hour)
		s.turn()
	}
	s.turn()
	s.look()
	s.unread = nil // the reminder
	for _, m := range s.letters() {
		if strings.Contains(m.Subject, "Ana") {
			s.read = m
		}
	}
	return s
}

// letters are the mails of indy's that came to Maria since it was last asked, in order.
func (s *debriefScript) letters() (list []scheduler.Mail) {
	s.t.Helper()
	where := s.side.(*localSide).where
	for _, sub := range []string{"new", "cur"} {
		names, err := filepath.Glob(filepath.Join(where.Inbox, sub, "*"))
		if err != nil {
			s.t.Fatal(err)
		}
		for _, name := range names {
			base, _, _ := strings.Cut(filepath.Base(name), ":")
			if s.inbox[base] {
				continue
			}
			s.inbox[base] = true
			raw, err := os.ReadFile(name)
			if err != nil {
				s.t.Fatal(err)
			}
			m, err := mail.Read(bytes.NewReader(raw))
			if err != nil {
				s.t.Fatal(err)
			}
			if m.From.Addr == "maria@example.org" {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b scheduler.Mail) int { return a.Date.Compare(b.Date) })
	return list
}

func (s *debriefScript) writes(args []string) error {
	words := strings.Join(args, " ")
	if len(args) == 1 && strings.HasSuffix(args[0], ".txt") {
		raw, err := os.ReadFile(s.path(args[0]))
		if err != nil {
			return err
		}
		words = string(raw)
	}
	s.n++
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Maria Lopez <maria@example.org>\r\nTo: maria@example.org\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <own-%d@phone.example.org>\r\n"+
		"In-Reply-To: <%s>\r\nReferences: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n\r\nOn %s, Maria Lopez wrote:\r\n",
		encodeHeader(s.read.Subject), s.now().Format(time.RFC1123Z), s.n, s.read.MessageID, s.read.MessageID, strings.ReplaceAll(words, "\n", "\r\n"), s.read.Date.Format("Mon, Jan 2, 2006 at 3:04 PM"))
	for line := range strings.Lines(s.read.Text) {
		b.WriteString("> " + strings.TrimRight(line, "\r\n") + "\r\n")
	}
	if err := dropMail(s.side.(*localSide).where.Sent, fmt.Sprintf("%d.script", s.n), b.Bytes()); err != nil {
		return err
	}
	s.turn()
	return nil
}

func (s *debriefScript) told(words []string) error {
	s.pending = append(s.pending, s.letters()...)
	if len(words) == 1 && words[0] == "nothing" {
		if len(s.pending) > 0 {
			return fmt.Errorf("Maria got %q:\n%s", s.pending[0].Subject, s.pending[0].Text)
		}
		return nil
	}
	if len(s.pending) == 0 {
		s.turn()
		s.pending = append(s.pending, s.letters()...)
	}
	if len(s.pending) == 0 {
		return fmt.Errorf("Maria got no mail")
	}
	s.read, s.pending = s.pending[0], s.pending[1:]
	return holds(s.read, words)
}

func (s *debriefScript) finds(words []string) error {
	s.look()
	s.unread = nil
	for s.pending = append(s.pending, s.letters()...); len(s.pending) > 0; {
		s.read, s.pending = s.pending[0], s.pending[1:]
		if holds(s.read, words) == nil {
			return nil
		}
	}
	return fmt.Errorf("Maria got no mail with %q", words)
}

// anaGets is gets of one of several mails: the earliest that was not read.
func (s *debriefScript) anaGets(words []string) error {
	s.look()
	if len(words) == 1 && words[0] == "nothing" || len(s.unread) < 2 {
		return s.gets(words)
	}
	rest := s.unread[1:]
	s.unread = s.unread[:1]
	err := s.gets(words)
	s.unread = rest
	return err
}

func holds(m scheduler.Mail, words []string) error {
	text := m.Subject + "\n" + strings.Join(strings.Fields(m.Text), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			return fmt.Errorf("the mail has no %q:\n%s", w, text)
		}
	}
	return nil
}

func (s *debriefScript) passes(args []string) error {
	wait, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	for until := s.now().Add(wait); s.now().Before(until); {
		s.pass(min(4*time.Hour, until.Sub(s.now())))
		s.turn()
	}
	return nil
}

func (s *debriefScript) record(args []string) error {
	state, err := s.h.engine.State(s.t.Context(), s.who)
	if err != nil {
		return err
	}
	st := state.Standings["ana-ruiz"]
	m := state.OneToOnes[st.Now]
	d := m.Debrief
	if d == nil {
		d = &scheduler.Debrief{}
	}
	var steps []string
	for _, id := range slices.Sorted(maps.Keys(state.Steps)) {
		if x := state.Steps[id]; x.OneToOne == m.ID {
			steps = append(steps, x.Action+" "+string(x.State))
		}
	}
	next := "none"
	if d.Next != nil && !d.Next.On.IsZero() {
		next = fmt.Sprint(int(d.Next.On.At(12*60, time.UTC).Sub(s.now().UTC().Truncate(24*time.Hour)).Hours() / 24))
	}
	got := map[string]string{"ask": string(d.Ask), "held": string(d.Held), "next": next, "contacts": fmt.Sprint(len(st.Met)), "steps": strings.Join(steps, ", "),
		"notes": d.Notes, "last-ask": st.LastAsk, "answer": st.Answer, "stopped": fmt.Sprint(!st.Stopped.IsZero()), "missed": fmt.Sprint(m.Missed)}
	have, known := got[args[0]]
	want := strings.Join(args[1:], " ")
	if !known || have != want && (args[0] != "notes" || !strings.Contains(have, want)) {
		return fmt.Errorf("the record of %s is %q", args[0], have)
	}
	return nil
}

func (s *debriefScript) digest(args []string) error {
	state, err := s.h.engine.State(s.t.Context(), s.who)
	if err != nil {
		return err
	}
	words, err := templates.New("")
	if err != nil {
		return err
	}
	r, err := words.Render(state.DigestLetter(s.now()))
	if err != nil {
		return err
	}
	text, want := r.Text, strings.Join(args, " ")
	switch args[0] {
	case "without":
		if want = strings.Join(args[1:], " "); strings.Contains(text, want) {
			return fmt.Errorf("the digest has %q:\n%s", want, text)
		}
		return nil
	case "top":
		want = strings.Join(args[1:], " ")
		lists := strings.Split(text, "\n---") // the line under a heading
		if len(lists) < 2 {
			return fmt.Errorf("the digest has no list:\n%s", text)
		}
		text = lists[0] + lists[1]
	}
	if !strings.Contains(text, want) {
		return fmt.Errorf("the digest has no %q there:\n%s", want, text)
	}
	return nil
}
