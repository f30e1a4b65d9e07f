package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"indy/integrations/mail"
	"indy/scheduler"
)

// TestITIP plays testdata/itip/*.txtar, each on Maildirs with a folder of .ics files and on
// the Google fake. In them Maria meets Ana, who is offered times as the script begins:
//
//	gets WORDS…           Ana has one new mail, or must get one within a poll, that has all the words
//	gets nothing          she has none, nor gets one within an hour
//	lacks WORDS…          nothing of that was in the mail that she got last, its calendar part included
//	unread nothing        she has none now
//	says WORDS            she answers her last mail
//	itip FROM FILE        a calendar answers: FILE is the calendar part, see below; a third
//	                      word is whose server brings it, if it is not FROM's
//	calendar move 24h     Maria's hand on her calendar; also: place or title WORDS, lengthen 15m, note WORDS,
//	                      delete, invite ADDRESS; wipe takes all events, and nothing can be looked at after it
//	event none            no meeting stands on it
//	event at 24h          one does, so much after the time first agreed; also: place, title, text WORDS, length 45m,
//	                      guest ADDRESS
//	answer ACCEPTED       Ana's PARTSTAT, as indy knows it
//	third WORDS…          Leo, whom she invited by hand, has one new mail that has all the words, in
//	                      indy's or in Google's own words; "nothing", or a word after "not", is not there
//	third says WORDS      he answers it
//	third aside           what he has was sent by Maria's own calendar
//	stage agreed          where the one-to-one stands
//	noted WORDS           the history says so
//
// In FILE, $UID and $SEQUENCE are those of the last invite, $START, $END its times, $LATER
// and $LATEREND the same a day on, $NOW the clock and $BEFORE a day less.
func TestITIP(t *testing.T) {
	for _, provider := range []string{"local", "google"} {
		t.Run(provider, func(t *testing.T) {
			testscript.RunT(scriptT{t}, testscript.Params{
				Dir: filepath.Join("testdata", "itip"),
				Setup: func(env *testscript.Env) error {
					env.Values[itipKey{}] = newItipScript(env.T().(scriptT).T, provider)
					return nil
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"gets": itipCommand((*itipScript).gets), "says": itipCommand((*itipScript).says), "itip": itipCommand((*itipScript).itip),
					"calendar": itipCommand((*itipScript).calendar), "event": itipCommand((*itipScript).event),
					"answer": itipCommand((*itipScript).answer), "stage": itipCommand((*itipScript).stage), "noted": itipCommand((*itipScript).noted),
					"lacks":  itipCommand((*itipScript).lacks),
					"third":  itipCommand((*itipScript).third),
					"unread": itipCommand((*itipScript).nothingUnread),
				},
			})
		})
	}
}

// scriptT runs scripts side by side, each with the test that it is at hand for its world.
type scriptT struct{ *testing.T }

func (t scriptT) Verbose() bool { return testing.Verbose() }
func (t scriptT) Run(name string, f func(testscript.T)) {
	t.T.Run(name, func(t *testing.T) { f(scriptT{t}) })
}

type itipKey struct{}

// itipScript is a script as it runs.
type itipScript struct {
	*itipWorld
	unread       [][]byte
	raw          []byte              // of Ana's last mail
	last, invite scheduler.Mail      // Ana's last mail, and the last with a calendar part
	first        time.Time           // that was agreed
	path         func(string) string // of a script's file
	n            int                 // numbers the mails that people write
	leo          int                 // how many of Leo's mails were read
	leosLast     scheduler.Mail
}

func newItipScript(t *testing.T, provider string) *itipScript {
	s := &itipScript{itipWorld: openItipWorld(t, provider)}
	s.turn()
	return s
}

func itipCommand(do func(*itipScript, []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("no such use")
		}
		s := ts.Value(itipKey{}).(*itipScript)
		s.path = ts.MkAbs
		if err := do(s, args); err != nil {
			ts.Fatalf("%v", err)
		}
	}
}

func (s *itipScript) look() { s.unread = append(s.unread, s.Sent()...) }

func (s *itipScript) gets(words []string) error {
	s.look()
	if len(words) == 1 && words[0] == "nothing" {
		for range 10 {
			s.turn()
		}
		if s.look(); len(s.unread) != 0 {
			return fmt.Errorf("Ana got a mail:\n%s", s.unread[0])
		}
		return nil
	}
	if len(s.unread) == 0 {
		s.turn()
		s.look()
	}
	if len(s.unread) != 1 {
		return fmt.Errorf("Ana got %d mails within a poll", len(s.unread))
	}
	raw := s.unread[0]
	s.raw = raw
	s.unread = nil
	m, err := mail.Read(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	text := m.Subject + "\n" + strings.Join(strings.Fields(m.Text), " ")
	for _, part := range m.ITIP {
		text += fmt.Sprintf("\nMETHOD:%s SEQUENCE:%d", part.Method, part.Sequence)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			return fmt.Errorf("Ana's mail has no %q:\n%s", w, text)
		}
	}
	s.last = m
	if len(m.ITIP) > 0 {
		s.invite = m
		if s.first.IsZero() {
			s.first = m.ITIP[0].From
		}
	}
	return nil
}

func (s *itipScript) lacks(words []string) error {
	all := string(s.raw) + decoded(s.t, s.raw)
	for _, w := range words {
		if strings.Contains(all, w) {
			return fmt.Errorf("Ana's mail has %q", w)
		}
	}
	return nil
}

// third is what Leo gets, and what he says to it.
func (s *itipScript) third(words []string) error {
	if words[0] == "says" {
		was := s.last
		s.last = s.leosLast
		s.post("leo@example.com", "Leo Park <leo@example.com>", "text/plain; charset=utf-8", strings.Join(words[1:], " "))
		s.last = was
		return nil
	}
	all := s.Got("leo@example.com")
	fresh := all[s.leo:]
	s.leo = len(all)
	switch {
	case words[0] == "aside":
		return nil
	case words[0] == "nothing":
		if len(fresh) > 0 {
			return fmt.Errorf("Leo got a mail:\n%s", fresh[0])
		}
		return nil
	}
	if len(fresh) != 1 {
		return fmt.Errorf("Leo got %d mails", len(fresh))
	}
	m, err := mail.Read(bytes.NewReader(fresh[0]))
	if err != nil {
		return err
	}
	s.leosLast = m
	text := string(fresh[0]) + decoded(s.t, fresh[0])
	for _, part := range m.ITIP {
		text += fmt.Sprintf("\nMETHOD:%s", part.Method)
	}
	wanted := true
	for _, w := range words {
		switch {
		case w == "not":
			wanted = false
		case strings.Contains(text, w) != wanted:
			return fmt.Errorf("%q is there: %v, in Leo's mail:\n%s", w, !wanted, text)
		}
	}
	return nil
}

func (s *itipScript) nothingUnread([]string) error {
	if s.look(); len(s.unread) != 0 {
		return fmt.Errorf("Ana got a mail:\n%s", s.unread[0])
	}
	return nil
}

func (s *itipScript) says(words []string) error {
	s.post("ana@example.net", "Ana Ruiz <ana@example.net>", "text/plain; charset=utf-8", strings.Join(words, " "))
	return nil
}

// post delivers an answer to Ana's last mail.
func (s *itipScript) post(sender, from, kind, body string) {
	s.n++
	s.Receive(sender, fmt.Appendf(nil, "From: %s\r\nTo: Maria Lopez <maria@example.org>\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <itip-%d@phone.example.net>\r\n"+
		"In-Reply-To: <%s>\r\nReferences: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n%s\r\n", from, encodeHeader(s.last.Subject), s.now().Format(time.RFC1123Z),
		s.n, s.last.MessageID, s.last.MessageID, kind, body))
	s.turn()
}

func (s *itipScript) itip(args []string) error {
	if len(args) != 2 && len(args) != 3 {
		return fmt.Errorf("usage: itip FROM FILE [SENDER]")
	}
	if len(s.invite.ITIP) == 0 {
		return fmt.Errorf("Ana has no invite to answer")
	}
	raw, err := os.ReadFile(s.path(args[1]))
	if err != nil {
		return err
	}
	part := s.invite.ITIP[0]
	utc := func(at time.Time) string { return at.UTC().Format("20060102T150405Z") }
	day := part.From.In(s.h.cfg.Organizers[0].Zone)
	night := time.Date(day.Year(), day.Month(), day.Day(), 3, 0, 0, 0, day.Location()).AddDate(0, 0, 1)
	values := map[string]string{"UID": part.UID, "SEQUENCE": fmt.Sprint(part.Sequence), "START": utc(part.From), "END": utc(part.To),
		"LATER": utc(part.From.Add(24 * time.Hour)), "LATEREND": utc(part.To.Add(24 * time.Hour)), "NIGHT": utc(night), "NIGHTEND": utc(night.Add(part.To.Sub(part.From))), "NOW": utc(s.now()), "BEFORE": utc(s.now().Add(-24 * time.Hour))}
	method := ""
	text := os.Expand(string(raw), func(name string) string { return values[name] })
	for line := range strings.Lines(text) {
		if m, ok := strings.CutPrefix(strings.TrimSpace(line), "METHOD:"); ok {
			method = m
		}
	}
	s.post(args[len(args)%2*2], args[0], "text/calendar; charset=utf-8; method="+method, strings.ReplaceAll(text, "\n", "\r\n"))
	return nil
}

// meeting is the one event that stands for certain.
func (s *itipScript) meeting() (standing, error) {
	if list := s.Events(); len(list) != 1 {
		return standing{}, fmt.Errorf("%d meetings stand on Maria's calendar", len(list))
	}
	return s.Events()[0], nil
}

func (s *itipScript) calendar(args []string) error {
	if args[0] == "wipe" {
		s.Wipe()
		for range 3 { // an error is what a look at it now ends with
			s.pass(2 * time.Minute)
			if _, err := s.h.engine.Turn(s.t.Context(), s.who, s.now()); scheduler.FailureOf(err) != scheduler.Suspicion {
				return fmt.Errorf("nothing looks wrong: %v", err)
			}
		}
		return nil
	}
	ev, err := s.meeting()
	if err != nil {
		return err
	}
	words := strings.Join(args[1:], " ")
	switch args[0] {
	case "move":
		by, err := time.ParseDuration(words)
		if err != nil {
			return err
		}
		s.Move(ev.ID, by)
	case "place":
		s.Place(ev.ID, words)
	case "title":
		s.Title(ev.ID, words)
	case "note":
		s.Note(ev.ID, words)
	case "lengthen":
		by, err := time.ParseDuration(words)
		if err != nil {
			return err
		}
		s.Lengthen(ev.ID, by)
	case "delete":
		s.Delete(ev.ID)
	case "invite":
		s.Invite(ev.ID, words)
	default:
		return fmt.Errorf("no such edit: %s", args[0])
	}
	s.turn()
	return nil
}

func (s *itipScript) event(args []string) error {
	if args[0] == "none" {
		if list := s.Events(); len(list) != 0 {
			return fmt.Errorf("on Maria's calendar: %+v", list)
		}
		return nil
	}
	ev, err := s.meeting()
	if err != nil {
		return err
	}
	words := strings.Join(args[1:], " ")
	switch args[0] {
	case "at":
		after, err := time.ParseDuration(words)
		if want := s.first.Add(after); err == nil && !ev.From.Equal(want) {
			err = fmt.Errorf("the event is at %s, not %s", ev.From, want)
		}
		if m := s.one().Meeting; err == nil && (m == nil || !m.From.Equal(ev.From)) {
			err = fmt.Errorf("indy has it otherwise: %+v", m)
		}
		return err
	case "place":
		if ev.Place != words {
			return fmt.Errorf("the event is at %q", ev.Place)
		}
	case "title":
		if ev.Title != words {
			return fmt.Errorf("the event is called %q", ev.Title)
		}
	case "text":
		if !strings.Contains(ev.Text, words) {
			return fmt.Errorf("in the event stands %q", ev.Text)
		}
	case "length":
		want, err := time.ParseDuration(words)
		if err == nil && ev.To.Sub(ev.From) != want {
			err = fmt.Errorf("the event takes %s", ev.To.Sub(ev.From))
		}
		return err
	case "guest":
		if !slices.Contains(ev.Guests, words) {
			return fmt.Errorf("invited are %v", ev.Guests)
		}
	default:
		return fmt.Errorf("no such look: %s", args[0])
	}
	return nil
}

func (s *itipScript) answer(args []string) error {
	m := s.one().Meeting
	if m == nil {
		return fmt.Errorf("indy knows of no meeting")
	}
	if got := cmp.Or(m.PartStat, "NEEDS-ACTION"); got != args[0] {
		return fmt.Errorf("Ana's answer is %s", got)
	}
	return nil
}

func (s *itipScript) stage(args []string) error {
	if m, want := s.one(), strings.Join(args, " "); string(m.Stage) != want {
		return fmt.Errorf("the one-to-one is %q (%s)", m.Stage, m.Reason)
	}
	return nil
}

func (s *itipScript) noted(args []string) error {
	list, err := s.h.store.History(s.t.Context(), s.who, "", 100)
	if err != nil {
		return err
	}
	want := strings.Join(args, " ")
	if !slices.ContainsFunc(list, func(e scheduler.Entry) bool { return strings.Contains(e.What+" ("+e.Why+")", want) }) {
		return fmt.Errorf("the history says %+v", list)
	}
	return nil
}
