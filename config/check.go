package config

import (
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// A checker turns the file into a Config and tells what does not hold together.
type checker struct {
	*binder
	path     string
	today    slots.Date
	file     file
	problems Problems
	warnings Problems

	state string
	out   []Organizer // in the order of file.Organizers
}

func (c *checker) problem(at place, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.path, at.line, at.column, fmt.Sprintf(format, args...)})
}

func (c *checker) warn(at place, format string, args ...any) {
	c.warnings = append(c.warnings, Problem{c.path, at.line, at.column, fmt.Sprintf(format, args...)})
}

// inherit fills a fresh table with what it takes over from another: an organizer from
// [defaults], a person from their organizer. Those are filled before, as file names them first.
func (c *checker) inherit(p any, n *node) {
	switch p := p.(type) {
	case *organizer:
		p.settings = c.file.Defaults
	case *person:
		from := c.file.Defaults
		if o := c.organizerOf(n); o != nil {
			from = o.settings
			p.Zone = o.Zone
		}
		p.Every, p.Mode, p.Language = from.Every, from.Mode, from.Language
	}
}

// organizerOf is whose person the table is, as far as can be told; nil when it cannot.
func (c *checker) organizerOf(n *node) *organizer {
	m := n.members["organizer"]
	if m == nil {
		if len(c.file.Organizers) == 1 {
			return &c.file.Organizers[0]
		}
		return nil
	}
	for i := range c.file.Organizers {
		if o := &c.file.Organizers[i]; idOf(o.ID, o.Name) == m.text {
			return o
		}
	}
	return nil
}

func idOf(id, name string) string {
	if id != "" {
		return id
	}
	return slug(name)
}

// check checks everything that takes more than one key to see.
func (c *checker) check() *Config {
	c.state = c.resolve(&c.file, "state", c.file.State)
	if c.state == "" {
		c.state = DefaultState()
	}
	cfg := &Config{Path: c.path, State: c.state, Team: c.team(), Campaign: c.campaign()}
	c.policy(&c.file.Defaults)
	c.organizers()
	c.people()
	cfg.Organizers = c.out
	return cfg
}

// resolve makes the path of a key absolute.
func (c *checker) resolve(of any, key string, p path) string {
	full, err := resolve(c.path, string(p))
	if err != nil {
		c.problem(c.at(of, key), "%s: %v", key, err)
	}
	return full
}

func (c *checker) team() scheduler.Team {
	t := &c.file.Team
	if !c.has(&c.file, "team") {
		c.problem(place{1, 1}, "there is no [team]: write it with its name, as in name = \"Oakland Council\"")
	}
	if t.Training != "" {
		if u, err := url.Parse(t.Training); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			c.problem(c.at(t, "training"), "training: %q is not the address of a page as in \"https://example.org/training\"", t.Training)
		}
	}
	for i, role := range t.Ladder {
		if slices.Contains(t.Ladder[:i], role) {
			c.problem(c.at(t, "ladder"), "ladder: %q is in it twice", role)
		}
	}
	return scheduler.Team{Name: t.Name, Word: t.Word, Ladder: t.Ladder, Training: t.Training}
}

// role checks that a role is one of the ladder, where there is one.
func (c *checker) role(of any, role string) {
	ladder := c.file.Team.Ladder
	if role == "" || slices.Contains(ladder, role) {
		return
	}
	if len(ladder) == 0 {
		c.problem(c.at(of, "role"), "role: there is no ladder that %q could be on: give [team] ladder = [...]", role)
		return
	}
	c.problem(c.at(of, "role"), "role: %q is not on the team's ladder%s: it has %s", role, didYouMean(role, ladder), quoted(ladder))
}

func (c *checker) campaign() scheduler.Campaign {
	in := &c.file.Campaign
	out := scheduler.Campaign{Name: in.Name, Story: string(in.Story), Plan: string(in.Plan), Ends: in.Ends}
	if !c.has(&c.file, "campaign") {
		c.warn(place{1, 1}, "there is no [campaign]: mails will not speak of one")
		return out
	}
	var missing []string
	for _, t := range []struct{ key, value string }{{"name", out.Name}, {"story", out.Story}, {"plan", out.Plan}} {
		if t.value == "" {
			missing = append(missing, t.key)
		}
	}
	if len(missing) > 0 {
		c.warn(c.at(in, missing[0]), "the campaign has no %s: mails will not speak of it until it has", strings.Join(missing, " and no "))
	}
	if !in.Ends.IsZero() && in.Ends.Before(c.today) {
		c.warn(c.at(in, "ends"), "the campaign ended on %s: mails do not speak of it any more; write the next one", in.Ends)
	}
	for i := range in.Asks {
		a := &in.Asks[i]
		c.role(a, a.Role)
		if !a.By.IsZero() && a.By.Before(c.today) {
			c.warn(c.at(a, "by"), "this ask was for %s, which is over", a.By)
		}
		out.Asks = append(out.Asks, scheduler.Ask{Text: a.Text, Role: a.Role, Skills: a.Skills, By: a.By})
	}
	return out
}

var geoWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,2}(\.\d+)?;-?\d{1,3}(\.\d+)?$`) })

// policy checks the settings of a table, where the table says something about them.
func (c *checker) policy(of any) {
	s, ok := of.(*settings)
	if !ok {
		s = &of.(*organizer).settings
	}
	if s.Horizon < s.Near && (c.has(of, "horizon") || c.has(of, "near")) {
		c.problem(c.at(of, c.oneOf(of, "horizon", "near")), "horizon (%s) is less than near (%s): times are looked for within both", durationText(s.Horizon), durationText(s.Near))
	}
	if s.Notice >= s.Horizon && (c.has(of, "horizon") || c.has(of, "notice")) {
		c.problem(c.at(of, c.oneOf(of, "notice", "horizon")), "with a notice of %s nothing is left of a horizon of %s", durationText(s.Notice), durationText(s.Horizon))
	}
	if s.DebriefAlarm < s.DebriefNudge && (c.has(of, "debrief_alarm") || c.has(of, "debrief_nudge")) {
		c.problem(c.at(of, c.oneOf(of, "debrief_alarm", "debrief_nudge")), "debrief_alarm (%s) comes before debrief_nudge (%s)", durationText(s.DebriefAlarm), durationText(s.DebriefNudge))
	}
	if s.ApproveSummarySilence > 0 && !s.ApproveSummary && c.has(of, c.oneOf(of, "approve_summary_silence", "approve_summary")) {
		c.warn(c.at(of, c.oneOf(of, "approve_summary_silence", "approve_summary")), "approve_summary_silence (%s) does nothing with approve_summary = false: no summary waits", durationText(time.Duration(s.ApproveSummarySilence)))
	}
	if s.PlaceGeo != "" && !geoWord().MatchString(s.PlaceGeo) && c.has(of, "place_geo") {
		c.problem(c.at(of, "place_geo"), "place_geo: %q is not as in \"37.8107;-122.2448\"", s.PlaceGeo)
	}
	if c.has(of, "hours") && !longEnough(s.Hours, s.Length) {
		c.problem(c.at(of, "hours"), "hours: no stretch of %q is as long as a one-to-one (%s)", s.Hours, durationText(s.Length))
	}
}

// oneOf is the first of the keys that was given.
func (c *checker) oneOf(of any, keys ...string) string {
	for _, k := range keys {
		if c.has(of, k) {
			return k
		}
	}
	return keys[0]
}

func longEnough(h slots.Hours, length time.Duration) bool {
	for _, spans := range h {
		for _, s := range spans {
			if time.Duration(s.To-s.From)*time.Minute >= length {
				return true
			}
		}
	}
	return h.Empty()
}

func (c *checker) organizers() {
	if len(c.file.Organizers) == 0 {
		c.problem(place{1, 1}, "there is no [[organizer]]: write one with name, address and zone")
	}
	ids, owners := map[string]*organizer{}, map[string]*organizer{}
	for i := range c.file.Organizers {
		o := &c.file.Organizers[i]
		id := c.id(o, o.ID, o.Name)
		if first := ids[id]; first != nil && id != "" {
			c.problem(c.at(o, c.oneOf(o, "id", "name")), "the organizer in line %d is called %q already: give one of them another id", c.nodes[first].key.line, id)
		} else {
			ids[id] = o
		}
		c.addresses(o, o.Address, o.Aliases, owners)
		c.policy(o)
		c.out = append(c.out, c.organizer(scheduler.OrganizerID(id), o))
	}
}

// id is the id that was given, or the one made of the name.
func (c *checker) id(of any, id, name string) string {
	switch {
	case id == "" && name != "" && !goodID(slug(name)):
		c.problem(c.at(of, "name"), "no id can be made of the name %q: give an id", name)
	case id != "" && !goodID(id):
		c.problem(c.at(of, "id"), "id: %q may only have small letters, digits and single dashes, as in %q", id, slug(id))
	}
	return idOf(id, name)
}

// addresses checks that each address belongs to one only of those who share owners.
func (c *checker) addresses(of any, first address, more []address, owners map[string]*organizer) {
	o, _ := of.(*organizer)
	for i, a := range append([]address{first}, more...) {
		key := "address"
		if i > 0 {
			key = "aliases"
		}
		lower := strings.ToLower(string(a))
		if a == "" {
			continue
		}
		switch have := owners[lower]; {
		case have == nil:
			owners[lower] = o
		case have == o:
			c.problem(c.at(of, key), "%s: %s is given twice", key, a)
		default:
			c.problem(c.at(of, key), "%s: %s belongs to the organizer in line %d already: each needs a mailbox of their own", key, a, c.nodes[have].key.line)
		}
	}
}

func (c *checker) organizer(id scheduler.OrganizerID, o *organizer) Organizer {
	out := Organizer{
		Organizer: scheduler.Organizer{
			ID: id, Name: o.Name, Address: string(o.Address), Aliases: plain(o.Aliases), Phone: string(o.Phone),
			Zone: o.Zone, Language: o.Language, Role: o.Role, Story: string(o.Story), Lead: o.Lead, Policy: o.policy(),
		},
		Provider:  Provider(o.Provider),
		Templates: c.resolve(o, "templates", o.Templates),
	}
	if out.Provider == ProviderGoogle {
		out.Google = c.google(o)
		out.Policy.SharedEvent = out.Google.InvitesByGoogle
		out.Policy.CalendarTells = true
	} else {
		out.Local = c.local(id, o)
		if out.Policy.Approve == scheduler.ApproveDrafts { // a Maildir has nobody who would send them
			out.Policy.Approve = scheduler.ApproveAll
		}
	}
	return out
}

func plain[S ~string](in []S) (out []string) {
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}

func (c *checker) local(id scheduler.OrganizerID, o *organizer) Local {
	l := &o.Local
	within := func(key string, p path, name string) string {
		if p == "" {
			return filepath.Join(c.state, "mail", string(id), name)
		}
		return c.resolve(l, key, p)
	}
	out := Local{
		Inbox: within("inbox", l.Inbox, "inbox"), Sent: within("sent", l.Sent, "sent"),
		Post: within("post", l.Post, "post"), Calendar: within("calendar", l.Calendar, "calendar"),
		PeopleBusy: c.resolve(l, "people_busy", l.PeopleBusy),
	}
	for _, p := range l.Busy {
		out.Busy = append(out.Busy, c.resolve(l, "busy", p))
	}
	seen := map[string]string{}
	for _, f := range []struct{ key, path string }{{"inbox", out.Inbox}, {"sent", out.Sent}, {"post", out.Post}, {"calendar", out.Calendar}} {
		if other := seen[f.path]; other != "" {
			c.problem(c.at(l, f.key), "%s and %s are the same folder: each needs its own", other, f.key)
		}
		seen[f.path] = f.key
	}
	return out
}

func (c *checker) google(o *organizer) Google {
	g := &o.Google
	if c.has(o, "local") {
		c.warn(c.at(o, "local"), "[organizer.local] is not used with provider = \"google\"")
	}
	if g.Credentials != "" && g.ServiceAccount != "" {
		c.problem(c.at(g, "service_account"), "give credentials or service_account, not both")
	}
	if (g.PushTopic == "") != (g.PushSubscription == "") {
		c.problem(c.at(g, c.oneOf(g, "push_topic", "push_subscription")), "push needs both push_topic and push_subscription")
	}
	out := Google{
		Account: string(g.Account), Credentials: c.resolve(g, "credentials", g.Credentials),
		ServiceAccount: c.resolve(g, "service_account", g.ServiceAccount), Calendar: g.Calendar, Busy: g.Busy,
		InvitesByGoogle: g.Invites == "google", Labels: g.Labels, PushTopic: g.PushTopic, PushSubscription: g.PushSubscription,
	}
	if out.Account == "" {
		out.Account = string(o.Address)
	}
	return out
}

// policy turns the settings into the scheduler's words.
func (s settings) policy() scheduler.Policy {
	p := scheduler.Policy{
		Length: s.Length, Hours: s.Hours, SendHours: s.SendHours, Notice: s.Notice, Buffer: s.Buffer, Travel: s.Travel,
		MaxPerDay: s.MaxPerDay, MaxPerWeek: s.MaxPerWeek, Capacity: s.Capacity, Goal: s.Goal, Offers: s.Offers,
		Near: s.Near, Horizon: s.Horizon, Hold: s.Hold, Place: s.Place, PlaceGeo: s.PlaceGeo, Blackout: s.Blackout,
		Nudges: s.Nudges, NudgeAfter: s.NudgeAfter, RestAfter: s.RestAfter, MailsPerWk: s.MailsPerWeek, MailsPerDay: s.MailsPerDay,
		Approve: scheduler.Approval(s.Approve), ApproveSum: s.ApproveSummary, ApproveSilence: time.Duration(s.ApproveSummarySilence),
		Reminder: int(s.Reminder), BriefEvening: s.Brief == "evening",
		DebriefAfter: s.DebriefAfter, DebriefNudge: s.DebriefNudge, DebriefAlarm: s.DebriefAlarm,
		CheckBefore: int(s.CheckBefore), AskAfter: int(s.AskAfter),
		DigestDay: s.Digest.day, DigestAt: s.Digest.minute, Agenda: s.Agenda, StepsAs: s.Steps,
	}
	if p.StepsAs == "none" {
		p.StepsAs = ""
	}
	return p
}
