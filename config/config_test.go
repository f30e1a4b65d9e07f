package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

var today = slots.Date{Year: 2026, Month: 11, Day: 24}

// least is the shortest good config; tests add to it.
const least = `
[team]
name = "Oakland Council"

[[organizer]]
name = "Maria Lopez"
address = "maria@example.org"
zone = "America/Los_Angeles"
`

func parse(t testing.TB, toml string) (*Config, error) {
	t.Helper()
	return Parse("/etc/indy/config.toml", []byte(toml), today)
}

func mustParse(t testing.TB, toml string) *Config {
	t.Helper()
	c, err := parse(t, toml)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLeastConfigHasEveryDefault(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/var/lib")
	c := mustParse(t, least+`
[[person]]
name = "Ana Gómez"
address = "ana@example.org"
`)
	if c.State != "/var/lib/indy" || c.Team.Word != "council" || len(c.Organizers) != 1 {
		t.Errorf("%+v", c)
	}
	o := c.Organizers[0]
	hours := func(s string) slots.Hours {
		h, err := slots.ParseHours(s)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	want := scheduler.Policy{
		Length: 30 * time.Minute, Hours: hours("mon-fri 09:00-19:00"), SendHours: hours("daily 08:00-20:00"),
		Notice: 24 * time.Hour, Buffer: 15 * time.Minute, Travel: 30 * time.Minute,
		MaxPerDay: 3, MaxPerWeek: 8, Capacity: 5, Offers: 3, Near: 7 * day, Horizon: 21 * day, Hold: true,
		Nudges: 2, NudgeAfter: 3 * day, RestAfter: 28 * day, MailsPerWk: 4, MailsPerDay: 2,
		Approve: scheduler.ApproveFirst, ApproveSum: true, Reminder: 16 * 60, BriefEvening: true,
		DebriefAfter: 15 * time.Minute, DebriefNudge: day, DebriefAlarm: 3 * day, CheckBefore: 2, AskAfter: 1,
		DigestDay: time.Sunday, DigestAt: 18 * 60, Agenda: true, StepsAs: "events",
	}
	if !reflect.DeepEqual(o.Policy, want) {
		t.Errorf("policy\n%+v\nwant\n%+v", o.Policy, want)
	}
	if o.ID != "maria-lopez" || o.Provider != ProviderLocal || o.Local.Inbox != "/var/lib/indy/mail/maria-lopez/inbox" || o.Language != "en" {
		t.Errorf("%+v", o)
	}
	p := o.People[0]
	if p.ID != "ana-gomez" || p.Every != 42 || p.Mode != scheduler.InPerson || p.Zone != o.Zone || p.Language != "en" || p.Status != scheduler.Current || !p.Hours.Empty() {
		t.Errorf("%+v", p)
	}
}

func TestEditorsHabits(t *testing.T) {
	c := mustParse(t, "\ufeff"+strings.ReplaceAll(least, "\n", "\r\n"))
	if c.Team.Name != "Oakland Council" {
		t.Errorf("%+v", c.Team)
	}
}

// Inline tables and dotted keys are tables like any other.
func TestOtherWaysToWriteTables(t *testing.T) {
	c := mustParse(t, `
team = { name = "T", ladder = ["a", "b"] }
organizer = [{ name = "A", address = "a@example.org", zone = "UTC", local = { inbox = "/in" } }]
campaign.name = "C"
campaign.story = "S"
campaign.plan = "P"
`)
	if c.Team.Name != "T" || c.Organizers[0].Local.Inbox != "/in" || c.Campaign.Plan != "P" || len(c.Warnings) != 0 {
		t.Errorf("%+v", c)
	}
}

func TestID(t *testing.T) {
	for name, want := range map[string]string{
		"Ana Ruiz": "ana-ruiz", "José  Ñúñez": "jose-nunez", "Mary-Kate O'Neil Jr.": "mary-kate-oneil-jr", "李 明": "李-明", " !? ": "", "": "",
	} {
		if got := ID(name); got != want {
			t.Errorf("ID(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestLoadSaysWhatItCannotRead(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "config.toml"), today)
	var ps Problems
	if !errors.Is(err, os.ErrNotExist) || errors.As(err, &ps) {
		t.Error(err)
	}
	if _, err := Parse("/c.toml", make([]byte, 5<<20), today); err == nil || !strings.Contains(err.Error(), "4 MiB") {
		t.Error(err)
	}
}

func TestOrganizerByID(t *testing.T) {
	c := mustParse(t, least)
	if o := c.Organizer("maria-lopez"); o == nil || o != &c.Organizers[0] {
		t.Error(o)
	}
	if o := c.Organizer("sam"); o != nil {
		t.Error(o)
	}
}

func TestDefaultsAreInherited(t *testing.T) {
	c := mustParse(t, `
[team]
name = "T"
ladder = ["member", "host"]
[defaults]
length = "45m"
every = "3w"
mode = "phone"
language = "es"
steps = "none"
[[organizer]]
id = "a"
name = "A"
address = "a@example.org"
zone = "Europe/Berlin"
[[organizer]]
id = "b"
name = "B"
address = "b@example.org"
zone = "UTC"
length = "1h"
every = "never"
steps = "todo"
[[person]]
organizer = "a"
name = "P"
address = "p@example.org"
[[person]]
organizer = "b"
name = "P"
address = "p@example.org"
every = "10d"
mode = "in person"
role = "host"
`)
	a, b := c.Organizers[0], c.Organizers[1]
	if a.Policy.Length != 45*time.Minute || b.Policy.Length != time.Hour || a.Policy.StepsAs != "" || b.Policy.StepsAs != "todo" {
		t.Error(a.Policy.Length, b.Policy.Length, a.Policy.StepsAs, b.Policy.StepsAs)
	}
	if p := a.People[0]; p.Every != 21 || p.Mode != scheduler.ByPhone || p.Language != "es" || p.Zone.String() != "Europe/Berlin" {
		t.Errorf("%+v", p)
	}
	if p := b.People[0]; p.Every != 10 || p.Mode != scheduler.InPerson || p.Role != "host" || p.Zone.String() != "UTC" {
		t.Errorf("%+v", p)
	}
}

func TestPathsAreAbsolute(t *testing.T) {
	t.Setenv("HOME", "/home/maria")
	c := mustParse(t, `
state = "state"
[team]
name = "T"
[[organizer]]
name = "A"
address = "a@example.org"
zone = "UTC"
templates = "~/templates"
[organizer.local]
inbox = "~/Mail/in"
calendar = "/srv/cal/"
busy = ["other", "~/x.ics"]
`)
	o := c.Organizers[0]
	want := Local{
		Inbox: "/home/maria/Mail/in", Sent: "/etc/indy/state/mail/a/sent", Post: "/etc/indy/state/mail/a/post",
		Calendar: "/srv/cal", Busy: []string{"/etc/indy/other", "/home/maria/x.ics"},
	}
	if c.State != "/etc/indy/state" || o.Templates != "/home/maria/templates" || !reflect.DeepEqual(o.Local, want) {
		t.Errorf("%s %s %+v", c.State, o.Templates, o.Local)
	}
}

// Five mistakes of five kinds are told at once, each where it stands.
func TestEveryProblemAtOnce(t *testing.T) {
	_, err := parse(t, `[team]
name = "Oakland Council"

[defaults]
length = "90m"
capasity = 5

[[organizer]]
name = "Maria Lopez"
address = "maria.example.org"
zone = "America/Los_Angles"

[[person]]
name = "Ana Ruiz"
address = "ana@example.org"
nudges = 3
`)
	want := []string{
		`/etc/indy/config.toml:5:10: length: 90m is out of bounds: from 30m to 60m`,
		`/etc/indy/config.toml:6:1: there is no key "capasity" here (did you mean "capacity"?)`,
		`/etc/indy/config.toml:10:11: address: "maria.example.org" is not a mail address: it has no @`,
		`/etc/indy/config.toml:11:8: zone: "America/Los_Angles" is not a time zone (did you mean "America/Los_Angeles"?)`,
		`/etc/indy/config.toml:16:1: "nudges" does not belong here, but under [defaults] or [[organizer]]`,
	}
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range ps {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestProblems(t *testing.T) {
	person := "\n[[person]]\nname = \"Ana\"\naddress = \"ana@example.org\"\n"
	for _, tt := range []struct{ name, toml, want string }{
		{"empty", "", `1:1: there is no [team]`},
		{"no organizer", "[team]\nname = \"T\"", `1:1: there is no [[organizer]]`},
		{"no name", "[team]\n" + strings.TrimPrefix(least, "\n[team]\nname = \"Oakland Council\"\n"), `1:2: "name" is missing here`},
		{"syntax", "[team\n" + least, `1:6: this is not TOML`},
		{"syntax and more", least + "lenght = \nnudges = 9\n", `10:10: nudges: 9 is out of bounds: from 0 to 2`},
		{"an open quote", least + "place = \"here\nrole = \"x\"\n", `this is not TOML`},
		{"twice", least + "name = \"Other\"\n", `9:1: "name" is given twice: it stands in line 6 already`},
		{"a table twice", least + "[team]\n", `9:2: "team" is there already, in line 2`},
		{"a table after its dotted keys", "team.name = \"T\"\n" + strings.TrimPrefix(least, "\n[team]\nname = \"Oakland Council\"\n") + "[team]\n", `7:2: this is not TOML`},
		{"a key below a value", least + "name.first = \"Maria\"\n", `9:1: "name" is there already, in line 6, and is no table`},
		{"a header below a value", least + "[organizer.name]\n", `"name" is there already, in line 6`},
		{"a table as a value", least + "local = \"here\"\n", `9:9: "local" is a table: write [local] on a line of its own`},
		{"tables as values", strings.Replace(least, "\n[team]", "person = [\"Ana\"]\n[team]", 1), `"person" is a list of tables: write [[person]]`},
		{"a list in a list", least + "blackout = [[\"2026-12-24\"]]\n", `blackout: this wants text in quotes`},
		{"too long", least + "every = \"200w\"\n", `every: 200w is too much: at most 366d`},
		{"too little", least + "ask_after = \"never\"\n", `ask_after: never is out of bounds`},
		{"an alias of the organizer as a person", least + "aliases = [\"m@example.org\"]\n" + strings.Replace(person, "ana@example.org", "m@example.org", 1), `is the organizer's own address`},
		{"an address too long", strings.Replace(least, "maria@", strings.Repeat("m", 65)+"@", 1), `is too long`},
		{"one bracket", strings.Replace(least, "[[organizer]]", "[organizer]", 1), `write [[organizer]] with two brackets`},
		{"one bracket for the second", least + "[organizer]\nname = \"B\"\n", `write [[organizer]] with two brackets`},
		{"two brackets too many", strings.Replace(least, "[team]", "[[team]]", 1), `"team" is a table`},
		{"a number as a word", least + "capacity = \"five\"\n", `9:12: capacity: this wants a whole number, without quotes, not "five"`},
		{"a bool as a word", least + "hold = \"yes\"\n", `hold: this wants true or false, without quotes, not "yes"`},
		{"a length without its unit", least + "buffer = 15\n", `buffer: this wants a length of time in quotes, as in "45m" or "6w", not 15`},
		{"a length of nonsense", least + "buffer = \"15 parsecs\"\n", `"15 parsecs" is not a length of time`},
		{"a negative length", least + "buffer = \"-5m\"\n", `"-5m" is not a length of time`},
		{"a huge number", least + "capacity = 99999999999999999999\n", `not a number that makes sense`},
		{"too short", least + "length = \"25m\"\n", `9:10: length: 25m is out of bounds: from 30m to 60m`},
		{"too many nudges", least + "nudges = 3\n", `nudges: 3 is out of bounds: from 0 to 2`},
		{"a bad hour", least + "hours = \"mon-fri 9-25\"\n", `hours: "25" is not a time of day`},
		{"hours too short", least + "hours = \"mon 09:00-09:20\"\n", `no stretch of "mon 09:00-09:20" is as long`},
		{"a bad day", least + "blackout = [\"2026-02-30\"]\n", `9:13: blackout: "2026-02-30" is not a day`},
		{"days backwards", least + "blackout = [\"2026-12-24 to 2026-12-20\"]\n", `ends before it begins`},
		{"a bad digest", least + "digest = \"someday 18:00\"\n", `is not a day and hour as in "sunday 18:00"`},
		{"a bad word", least + "approve = \"frist\"\n", `"frist" is none of "first", "all", "drafts", "none" (did you mean "first"?)`},
		{"a bad place", least + "place_geo = \"Oakland\"\n", `place_geo: "Oakland" is not as in`},
		{"near beyond the horizon", least + "near = \"30d\"\n", `horizon (3w) is less than near (30d)`},
		{"all horizon is notice", least + "notice = \"21d\"\n", `nothing is left of a horizon of 3w`},
		{"alarm before nudge", least + "debrief_alarm = \"2h\"\n", `debrief_alarm (2h) comes before debrief_nudge (1d)`},
		{"no silence at all", least + "approve_summary_silence = \"0h\"\n", `9:27: approve_summary_silence: "0h" would let nobody say a word`},
		{"a silence too short", least + "approve_summary_silence = \"10m\"\n", `approve_summary_silence: 10m is out of bounds: from 1h to 14d`},
		{"a silence of years", least + "approve_summary_silence = \"52w\"\n", `approve_summary_silence: 52w is out of bounds`},
		{"a silence that is a number", least + "approve_summary_silence = 24\n", `approve_summary_silence: this wants a length of time in quotes`},
		{"a silence of nonsense", least + "approve_summary_silence = \"soon\"\n", `"soon" is not a length of time`},
		{"days that are hours", least + "check_before = \"12h\"\n", `"12h" is not a number of whole days`},

		{"a name with a line break", strings.Replace(least, "Maria Lopez", `Maria\nBcc: x@example.org`, 1), `has a line break or control character`},
		{"an address with a line break", strings.Replace(least, "maria@example.org", `maria@example.org\r\nBcc: x@example.org`, 1), `has a line break or control character`},
		{"an address with a name", strings.Replace(least, "maria@example.org", `Maria <maria@example.org>`, 1), `not a bare mail address`},
		{"two addresses", strings.Replace(least, "maria@example.org", `maria@example.org, b@example.org`, 1), `not a bare mail address`},
		{"half a domain", strings.Replace(least, "maria@example.org", `maria@example`, 1), `no full domain`},
		{"beyond ASCII", strings.Replace(least, "maria@example.org", `maria@exämple.org`, 1), `beyond ASCII`},
		{"a zone as people say it", strings.Replace(least, "America/Los_Angeles", `Pacific`, 1), `write "America/Los_Angeles"`},
		{"a zone that is the machine's", strings.Replace(least, "America/Los_Angeles", `Local`, 1), `"Local" is not a time zone`},
		{"a bad id", least + "id = \"Maria L\"\n", `id: "Maria L" may only have small letters, digits and single dashes, as in "maria-l"`},
		{"a name without letters", strings.Replace(least, "Maria Lopez", "!!!", 1), `no id can be made of the name "!!!"`},
		{"the same organizer twice", least + strings.TrimPrefix(strings.Replace(least, "maria@", "m@", 1), "\n[team]\nname = \"Oakland Council\"\n"), `is called "maria-lopez" already`},
		{"the same mailbox twice", least + strings.TrimPrefix(strings.Replace(least, "Maria", "Mara", 1), "\n[team]\nname = \"Oakland Council\"\n"), `maria@example.org belongs to the organizer in line 5 already`},
		{"an alias that is the address", least + "aliases = [\"MARIA@example.org\"]\n", `aliases: MARIA@example.org is given twice`},
		{"a language without templates", least + "language = \"fr\"\n", `"fr" is none of "en", "es"`},
		{"one folder for two things", least + "[organizer.local]\ninbox = \"m\"\npost = \"m\"\n", `inbox and post are the same folder`},
		{"two ways to sign in", least + "provider = \"google\"\n[organizer.google]\ncredentials = \"a\"\nservice_account = \"b\"\n", `give credentials or service_account, not both`},
		{"half of push", least + "provider = \"google\"\n[organizer.google]\npush_topic = \"a\"\n", `push needs both`},
		{"somebody else's home", least + "templates = \"~bob/t\"\n", `only your own home folder`},

		{"a password", least + "password = \"hunter2\"\n", `"password" looks like a secret, and secrets never stand in the config`},
		{"a client secret", least + "[organizer.google]\nclient_secret = \"x\"\n", `"client_secret" looks like a secret`},
		{"an unknown key far from any", least + "xyzzyplugh = 1\n", `9:1: there is no key "xyzzyplugh" here`},
		{"an unknown table", least + "[peeple]\n", `9:2: there is no key "peeple" here`},
		{"the wrong table", "capacity = 3\n" + least, `"capacity" does not belong here, but under [defaults] or [[organizer]]`},

		{"nobody to reach", least + "[[person]]\nname = \"Ana\"\n", `9:3: this person has neither an address nor a phone number`},
		{"only other addresses", least + "[[person]]\nname = \"Ana\"\nphone = \"+1 510 555 0100\"\naliases = [\"a@example.org\"]\n", `give the one to write to as address`},
		{"a bad phone", least + "[[person]]\nname = \"Ana\"\nphone = \"call me\"\n", `"call me" is not a phone number`},
		{"the same person twice", least + person + strings.Replace(person, "ana@", "b@", 1), `the person in line 10 is called "ana" already`},
		{"the same address twice", least + person + strings.Replace(person, "Ana", "Bea", 1), `address: ana@example.org is the address of the person in line 10 already`},
		{"the organizer as a person", least + strings.Replace(person, "ana@", "Maria@", 1), `is the organizer's own address`},
		{"a bad cadence", least + person + "every = \"often\"\n", `"often" is not a length of time`},
		{"a cadence of hours", least + person + "every = \"36h\"\n", `not a number of whole days`},
		{"nobody's person", least + person + "organizer = \"maria-lopes\"\n", `there is none with the id "maria-lopes" (did you mean "maria-lopez"?)`},
		{"a role without a ladder", least + person + "role = \"host\"\n", `there is no ladder that "host" could be on`},
		{"a role off the ladder", strings.Replace(least, "\n\n", "\nladder = [\"member\", \"host\"]\n\n", 1) + person + "role = \"hots\"\n", `"hots" is not on the team's ladder (did you mean "host"?)`},
		{"met tomorrow", least + person + "last_met = 2026-11-25\n", `last_met: this day is still to come`},
		{"an ask off the ladder", least + "[[campaign.ask]]\ntext = \"x\"\nrole = \"king\"\n", `there is no ladder`},
		{"whose person", least + "[[organizer]]\nname = \"B\"\naddress = \"b@example.org\"\nzone = \"UTC\"\n" + person, `say who meets this person, as in organizer = "maria-lopez"`},
		{"training nowhere", strings.Replace(least, "\n\n", "\ntraining = \"see the wiki\"\n\n", 1), `is not the address of a page`},
	} {
		_, err := parse(t, tt.toml)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s:\n%v\nwant %q", tt.name, err, tt.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, tt := range []struct{ name, toml, want string }{
		{"no campaign", least, "there is no [campaign]"},
		{"half a campaign", least + "[campaign]\nname = \"Water\"\n", "9:2: the campaign has no story and no plan"},
		{"a campaign that is over", least + "[campaign]\nname = \"W\"\nstory = \"s\"\nplan = \"p\"\nends = 2026-11-23\n", "13:8: the campaign ended on 2026-11-23"},
		{"a silence of nothing", least + "approve_summary = false\napprove_summary_silence = \"24h\"\n[campaign]\nname = \"W\"\nstory = \"s\"\nplan = \"p\"\n", "10:27: approve_summary_silence (1d) does nothing with approve_summary = false"},
		{"an ask that is over", least + "[campaign]\nname = \"W\"\nstory = \"s\"\nplan = \"p\"\n[[campaign.ask]]\ntext = \"x\"\nby = 2026-11-01\n", "15:6: this ask was for 2026-11-01"},
	} {
		c := mustParse(t, tt.toml)
		if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0].String(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, c.Warnings, tt.want)
		}
	}
	c := mustParse(t, least+"[campaign]\nname = \"W\"\nstory = \"s\"\nplan = \"p\"\nends = 2026-11-24\n")
	if len(c.Warnings) != 0 || !c.Campaign.Current(today) {
		t.Errorf("%v on its last day", c.Warnings)
	}
}

// The example is good as it is, good with every commented key uncommented, names every key
// that there is, and shows the defaults as they are.
func TestExample(t *testing.T) {
	file := filepath.Join("..", "config.example.toml")
	c, err := Load(file, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) > 0 || len(c.Organizers) != 2 || len(c.Organizers[0].People) != 2 || len(c.Campaign.Asks) != 3 {
		t.Errorf("%+v", c)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^(?:# )?([a-z_]+) = (.*?)[ \t]*(?:#.*)?$`).FindAllStringSubmatch(string(data), -1) {
		shown[m[1]] = append(shown[m[1]], strings.Trim(m[2], `"`))
	}
	for _, table := range []any{&topKeys{}, &team{}, &campaign{}, &ask{}, &settings{}, &organizer{}, &local{}, &google{}, &person{}} {
		for _, f := range fieldsOf(reflect.ValueOf(table).Elem()) {
			if f.value.Kind() == reflect.Struct && !isScalar(f.value.Type()) || f.value.Kind() == reflect.Slice && f.value.Type().Elem().Kind() == reflect.Struct && !isScalar(f.value.Type().Elem()) {
				continue
			}
			if shown[f.key] == nil {
				t.Errorf("the example does not show %q", f.key)
			}
		}
	}
	for _, f := range fieldsOf(reflect.ValueOf(&settings{}).Elem()) {
		m := regexp.MustCompile(`(?m)^# ` + f.key + ` = "?([^"#\n]*?)"?[ \t]*(#.*)?$`).FindStringSubmatch(string(data))
		if m != nil && m[1] != f.tag.Get("default") && m[1] != "[]" {
			t.Errorf("the example shows %s = %q, the default is %q", f.key, m[1], f.tag.Get("default"))
		}
	}
	open := regexp.MustCompile(`(?m)^# ([a-z_]+ = )`).ReplaceAllString(string(data), "$1")
	open = regexp.MustCompile(`(?m)^(blackout = \[\]|account = ""|service_account = ""|push_\w+ = "").*$`).ReplaceAllString(open, "")
	if _, err := Parse(file, []byte(open), today); err != nil {
		t.Errorf("uncommented: %v", err)
	}
}

// topKeys are the keys of file that are no tables.
type topKeys struct {
	State path `toml:"state"`
}

func TestDefaultPath(t *testing.T) {
	t.Setenv("HOME", "/home/maria")
	t.Setenv("INDY_CONFIG", "")
	t.Setenv("XDG_CONFIG_HOME", "not/absolute")
	t.Setenv("XDG_STATE_HOME", "")
	if got := DefaultPath(); got != "/home/maria/.config/indy/config.toml" {
		t.Error(got)
	}
	if got := DefaultState(); got != "/home/maria/.local/state/indy" {
		t.Error(got)
	}
	t.Setenv("XDG_CONFIG_HOME", "/x")
	if got := DefaultPath(); got != "/x/indy/config.toml" {
		t.Error(got)
	}
	t.Setenv("INDY_CONFIG", "/y.toml")
	if got := DefaultPath(); got != "/y.toml" {
		t.Error(got)
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"45m": 45 * time.Minute, "24h": day, "10d": 10 * day, "6w": 42 * day, "1h30m": 90 * time.Minute,
		"6 weeks": 42 * day, "90 min": 90 * time.Minute, "1 day 2 hours": 26 * time.Hour, "0m": 0,
	} {
		if got, err := ParseDuration(in); err != nil || got != want {
			t.Errorf("%q = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "5", "m", "-1h", "1.5h", "1y", "999999w", "45 s"} {
		if got, err := ParseDuration(in); err == nil {
			t.Errorf("%q = %v", in, got)
		}
	}
	for d, want := range map[time.Duration]string{0: "0m", 90 * time.Minute: "90m", 36 * time.Hour: "36h", 14 * day: "2w"} {
		if got := durationText(d); got != want {
			t.Errorf("%v = %q, want %q", d, got, want)
		}
	}
}

// Whatever the bytes are: an answer, no panic; and problems point into the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte(least))
	if b, err := os.ReadFile(filepath.Join("..", "config.example.toml")); err == nil {
		f.Add(b)
	}
	f.Add([]byte("[[a]]\n[a.b]\na.b.c = {d = [1, {e = \"\"}]}\n\"\"\"x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := Parse("/c.toml", data, today)
		var ps Problems
		if err == nil {
			return
		}
		if !errors.As(err, &ps) || len(ps) == 0 {
			t.Fatalf("%v", err)
		}
		for _, p := range ps {
			if p.Line < 1 || p.Line > strings.Count(string(data), "\n")+1 || p.Column < 1 {
				t.Fatalf("%v is nowhere in the file", p)
			}
		}
	})
}
