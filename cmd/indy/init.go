package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"indy/config"
	"indy/scheduler/slots"
)

func newInitCmd() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write the config by asking a few questions",
		Long: `Write the config by asking a few questions.

On a terminal indy asks. Otherwise it reads the answers from standard input, a line each:
your name, mail address, time zone, provider (local or google), the team's name, the
campaign's name, its story and its plan (both only when it has a name), then a person a
line as "Ana Ruiz, ana@example.org" or "Rosa Diaz, +1 510 555 0102". An empty line takes
the default. Nothing is overwritten.`,
		Args: exactly(0, "no arguments: indy init asks"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return initConfig(cmd.Context(), path, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&path, "config", config.DefaultPath(), "the `file` to write the config to")
	return cmd
}

// initConfig asks, checks, and only then writes.
func initConfig(ctx context.Context, path string, in io.Reader, out io.Writer) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("find the config: %w", err)
	}
	switch _, err := os.Lstat(path); {
	case err == nil:
		return withHint(fmt.Errorf("write the config: %s is there already", path), `edit it, or name another with "--config FILE"`)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("write the config: %w", err)
	}
	a, err := askAll(&asker{ctx: ctx, lines: readLines(in), out: out, terminal: isTerminal(in)})
	if err != nil {
		return fmt.Errorf("ask for the config: %w", err)
	}
	text := a.config()
	now := time.Now()
	cfg, err := config.Parse(path, []byte(text), slots.DateOf(now, now.Location()))
	if err != nil {
		return usageError{err}
	}
	if err := makeFolders(cfg); err != nil {
		return err
	}
	if err := writeNew(path, text); err != nil {
		return fmt.Errorf("write the config: %w", err)
	}
	fmt.Fprintf(out, "\nWrote %s.\nindy keeps its memory in %s.\n", path, cfg.State)
	for _, line := range whatNext(cfg) {
		fmt.Fprintln(out, line)
	}
	return nil
}

// answers is what was asked for.
type answers struct {
	name, address, zone, provider string
	team                          string
	campaign, story, plan         string
	people                        []newcomer
}

type newcomer struct{ name, address, phone string }

func askAll(q *asker) (a answers, err error) {
	q.say("This writes your config. Enter takes what stands in [brackets]; you can change all of it later.")
	ask := func(into *string, question, fallback string, check func(string) error) {
		if err == nil {
			*into, err = q.ask(question, fallback, check)
		}
	}
	ask(&a.name, "Your name, as you sign mails", "", named)
	ask(&a.address, "Your mail address", "", config.CheckAddress)
	ask(&a.zone, "Your time zone", guessZone(), config.CheckZone)
	ask(&a.provider, "Where is your mail: google, or local folders on this machine", guessProvider(a.address), func(s string) error {
		if s != "google" && s != "local" {
			return fmt.Errorf("%q is neither google nor local", s)
		}
		return nil
	})
	ask(&a.team, "The group that you invite people into", "", needed)
	ask(&a.campaign, "Its current campaign (empty: later)", "", nil)
	if a.campaign != "" {
		ask(&a.story, "Why it matters, in a sentence or two (empty: later)", "", nil)
		ask(&a.plan, "What comes next in it (empty: later)", "", nil)
	}
	q.say(`Now a few people, one a line: "Ana Ruiz, ana@example.org", or a phone number for those without mail. An empty line ends it.`)
	for err == nil {
		var line string
		ask(&line, "Person", "", func(s string) error {
			_, err := parseNewcomer(s)
			return err
		})
		if line == "" {
			break
		}
		n, _ := parseNewcomer(line) // checked just now
		a.people = append(a.people, n)
	}
	return a, err
}

// printable refuses what a line of a config cannot hold.
func printable(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("this is not UTF-8")
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return errors.New("there is a control character in it")
	}
	return nil
}

func needed(s string) error {
	if s == "" {
		return errors.New("this cannot be empty")
	}
	return nil
}

// named wants a name that an id can be made of.
func named(s string) error {
	if err := needed(s); err != nil {
		return err
	}
	if config.ID(s) == "" {
		return fmt.Errorf("%q is not a name", s)
	}
	return nil
}

// guessProvider is google for addresses that are surely there.
func guessProvider(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	if domain == "gmail.com" || domain == "googlemail.com" {
		return "google"
	}
	return "local"
}

// parseNewcomer reads "Ana Ruiz, ana@example.org", "Ana Ruiz <ana@example.org>" or a name
// and a phone number; "" is nobody.
func parseNewcomer(line string) (n newcomer, err error) {
	if line == "" {
		return n, nil
	}
	line = strings.TrimSuffix(line, ">")
	i := strings.IndexAny(line, ",<")
	if i < 0 {
		return n, fmt.Errorf("%q: write a name, a comma, and an address or a phone number", line)
	}
	n.name = strings.TrimSpace(line[:i])
	reach := strings.TrimSpace(line[i+1:])
	switch {
	case config.ID(n.name) == "":
		return n, fmt.Errorf("%q has no name", line)
	case strings.Contains(reach, "@"):
		n.address, err = reach, config.CheckAddress(reach)
	default:
		n.phone, err = reach, config.CheckPhone(reach)
	}
	return n, err
}

// guessZone is the machine's time zone by its name; "" when it cannot be told.
func guessZone() string {
	candidates := []string{strings.TrimPrefix(os.Getenv("TZ"), ":")}
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(target, "zoneinfo/"); ok {
			candidates = append(candidates, name)
		}
	}
	if b, err := os.ReadFile("/etc/timezone"); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(b)))
	}
	for _, name := range candidates {
		if name != "" && config.CheckZone(name) == nil {
			return name
		}
	}
	return ""
}

// config writes the answers as a config with a comment wherever more can be said.
func (a answers) config() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# The config of indy. It is read again whenever you save it.")
	line("# Every key is explained in docs/config.md. No passwords here, ever.")
	line("\n[team]\nname = %s\n# word = \"council\"                   # what such a group is called", quote(a.team))
	line("# ladder = [\"member\", \"host\"]        # your roles, from the first to the most responsible")
	line("\n# What you work on now. Mails speak of it once it has a name, a story and a plan.\n[campaign]")
	for _, t := range []struct{ key, value string }{{"name", a.campaign}, {"story", a.story}, {"plan", a.plan}} {
		if t.value == "" {
			line("# %s = \"\"", t.key)
		} else {
			line("%s = %s", t.key, quote(t.value))
		}
	}
	line("# ends = 2027-06-30\n\n# [[campaign.ask]]\n# text = \"call two reporters about the hearing\"\n# skills = [\"press\"]")
	line("\n# An id never changes: what indy remembers hangs on it.\n[[organizer]]\nid = %s\nname = %s\naddress = %s\nzone = %s\nprovider = %s", quote(config.ID(a.name)), quote(a.name), quote(a.address), quote(a.zone), quote(a.provider))
	line("# role = \"a core member of the council\"")
	line("# hours = \"mon-fri 09:00-19:00\"      # when you meet people\n# length = \"30m\"\n# place = \"\"                         # where you like to meet\n# every = \"6w\"                       # how often you meet each person\n# capacity = 5                       # people newly written to in a week")
	if a.provider == "google" {
		line("\n[organizer.google]\n# credentials = \"google-client.json\" # see docs/google-setup.md\n# busy = []                          # other calendars that make you busy")
	} else {
		line("\n# Folders of your mail program and calendar. Without these they are in the state folder.\n[organizer.local]\n# inbox = \"~/Mail/inbox\"\n# sent = \"~/Mail/sent\"\n# post = \"~/Mail/outbox\"\n# calendar = \"~/calendars/one-to-ones\"\n# busy = []")
	}
	line("\n# Whom you meet, one table each.")
	for _, p := range a.people {
		line("[[person]]\nid = %s\nname = %s", quote(config.ID(p.name)), quote(p.name))
		if p.address != "" {
			line("address = %s", quote(p.address))
		} else {
			line("phone = %s", quote(p.phone))
		}
		line("")
	}
	line("# [[person]]\n# name = \"Ana Ruiz\"\n# address = \"ana@example.org\"\n# status = \"new\"                     # new ones come first\n# every = \"4w\"\n# notes = \"Met at the school board.\" # for your eyes only")
	return b.String()
}

// quote writes a basic string of TOML: for text of one line it is Go's.
func quote(s string) string { return strconv.Quote(s) }

// makeFolders makes the state folder, private, and what the local provider needs.
func makeFolders(cfg *config.Config) error {
	folders := []string{cfg.State}
	for _, o := range cfg.Organizers {
		if o.Provider != config.ProviderLocal {
			continue
		}
		for _, maildir := range []string{o.Local.Inbox, o.Local.Sent} {
			for _, sub := range []string{"cur", "new", "tmp"} {
				folders = append(folders, filepath.Join(maildir, sub))
			}
		}
		folders = append(folders, o.Local.Post, o.Local.Calendar)
	}
	for _, f := range folders {
		if err := os.MkdirAll(f, 0o700); err != nil {
			return fmt.Errorf("make the folders: %w", err)
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet, for its owner alone.
func writeNew(path, text string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(text)
	return err
}

// whatNext says what to do now.
func whatNext(cfg *config.Config) (lines []string) {
	for _, w := range cfg.Warnings {
		lines = append(lines, "Still to do: "+w.Text+".")
	}
	o := cfg.Organizers[0]
	lines = append(lines, "\nNext:")
	if len(o.People) == 0 {
		lines = append(lines, "  add the people whom you want to meet to the config")
	}
	if o.Provider == config.ProviderGoogle {
		lines = append(lines, "  indy login      sign in to Google (docs/google-setup.md says how, step by step)")
	} else {
		lines = append(lines, "  Mail that comes in goes to "+o.Local.Inbox, "  and what indy writes waits in "+o.Local.Post,
			"  What you send yourself, an \"ok\" to indy as well, belongs in "+o.Local.Sent)
	}
	return append(lines,
		"  indy check      see whether everything works",
		"  indy rehearse   see the coming weeks without sending anything",
		"  indy run        begin")
}

// An asker asks on a terminal and reads answers from anywhere.
type asker struct {
	ctx      context.Context
	lines    <-chan answerLine
	out      io.Writer
	terminal bool
}

type answerLine struct {
	text string
	err  error
}

// readLines reads lines ahead, so that waiting for one can be given up.
func readLines(in io.Reader) <-chan answerLine {
	out := make(chan answerLine)
	go func() {
		defer close(out)
		s := bufio.NewScanner(in)
		for s.Scan() {
			out <- answerLine{text: strings.TrimSpace(s.Text())}
		}
		if s.Err() != nil {
			out <- answerLine{err: s.Err()}
		}
	}()
	return out
}

func isTerminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (q *asker) say(text string) {
	if q.terminal {
		fmt.Fprintln(q.out, text)
	}
}

// ask asks until the answer passes check. Off a terminal nobody could answer again, so the
// first bad answer is an error. Where the answers end, the rest is as if it were empty.
func (q *asker) ask(question, fallback string, check func(string) error) (string, error) {
	for {
		if q.terminal {
			if fallback != "" {
				question = strings.TrimSuffix(question, " ["+fallback+"]") + " [" + fallback + "]"
			}
			fmt.Fprintf(q.out, "%s: ", question)
		}
		answer, over := "", false
		select {
		case <-q.ctx.Done():
			return "", q.ctx.Err()
		case line, more := <-q.lines:
			if line.err != nil {
				return "", line.err
			}
			answer, over = line.text, !more
		}
		if answer == "" {
			answer = fallback
		}
		err := printable(answer)
		if err == nil && check != nil {
			err = check(answer)
		}
		if err == nil {
			return answer, nil
		}
		if !q.terminal || over {
			return "", usageError{fmt.Errorf("%s: %w", strings.ToLower(question[:1])+question[1:], err)}
		}
		fmt.Fprintf(q.out, "  %v\n", err)
	}
}
