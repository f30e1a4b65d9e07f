package config

import (
	"time"

	"indy/scheduler/slots"
)

// This file is the config as it is written. The comments and tags below are the source of
// docs/config.md (go generate ./config): a comment is what a person reads there. Tags:
// default is used when a key is missing, min and max bound a length of time or a number,
// oneof lists the only words, need marks a key that must be there.

//go:generate go test -run TestReference -update

// The types of values, beside Go's own. Their words are read in words.go.
type (
	text    string // may have several lines
	path    string // "~" is the home folder; a relative one starts at the config's folder
	address string
	phone   string
	clock   int           // minutes after midnight
	days    int           // written as a length of time of whole days; "never" is 0
	silence time.Duration // a length of time; "never" is 0, and "0h" is refused
)

type file struct {
	// The folder in which indy remembers everything: its database and its lock. Keep it
	// private, and back it up. By default it is `$XDG_STATE_HOME/indy`, which mostly is
	// `~/.local/state/indy`.
	State path `toml:"state"`
	// The group that people are invited into.
	Team team `toml:"team"`
	// What the team works on now. Mails speak of it only while it is complete and not over.
	Campaign campaign `toml:"campaign"`
	// Settings for every organizer. Each can be given again, differently, in an
	// `[[organizer]]`.
	Defaults settings `toml:"defaults"`
	// In whose name indy writes. One, or the whole team: each with their own mailbox.
	Organizers []organizer `toml:"organizer"`
	// Whom the organizers meet.
	People []person `toml:"person"`
}

type team struct {
	// What it is called: `"Oakland Council"`.
	Name string `toml:"name" need:"yes"`
	// What such a group is called in a sentence.
	Word string `toml:"word" default:"council"`
	// Your own roles, from the first to the most responsible. The digest shows who took on
	// more; `role` keys must name one of them.
	Ladder []string `toml:"ladder"`
	// The address of a training page or video, sent to organizers before their first
	// one-to-one with somebody.
	Training string `toml:"training"`
}

type campaign struct {
	// What it is called: `"Clean Water Now"`.
	Name string `toml:"name"`
	// Why it matters, in two or three sentences.
	Story text `toml:"story"`
	// What comes next.
	Plan text `toml:"plan"`
	// Its last day. After it no mail speaks of the campaign, and you are told.
	Ends slots.Date `toml:"ends"`
	// What people could take on. indy proposes one that fits to the organizer, never to the
	// person.
	Asks []ask `toml:"ask"`
}

type ask struct {
	// In words that follow "will you": `"call two reporters about the hearing"`.
	Text string `toml:"text" need:"yes"`
	// The role of the ladder that it leads to.
	Role string `toml:"role"`
	// Skills of the people whom it would fit.
	Skills []string `toml:"skills"`
	// The day of the action that it is for. An ask is not proposed after it.
	By slots.Date `toml:"by"`
}

type settings struct {
	// How long a one-to-one takes.
	Length time.Duration `toml:"length" default:"30m" min:"30m" max:"60m"`
	// When you meet people, in your own time zone.
	Hours slots.Hours `toml:"hours" default:"mon-fri 09:00-19:00"`
	// When mail may reach a person, in their time zone. At other times it waits.
	SendHours slots.Hours `toml:"send_hours" default:"daily 08:00-20:00"`
	// How soon a meeting may be, at the earliest.
	Notice time.Duration `toml:"notice" default:"24h" max:"30d"`
	// What is kept free before and after everything in your calendars.
	Buffer time.Duration `toml:"buffer" default:"15m" max:"4h"`
	// What is kept free besides for the way, when you meet in person or come from elsewhere.
	Travel time.Duration `toml:"travel" default:"30m" max:"8h"`
	// One-to-ones on one day, at the most.
	MaxPerDay int `toml:"max_per_day" default:"3" min:"1" max:"24"`
	// One-to-ones in one week, at the most.
	MaxPerWeek int `toml:"max_per_week" default:"8" min:"1" max:"100"`
	// How many people are newly written to in one week.
	Capacity int `toml:"capacity" default:"5" min:"0" max:"100"`
	// One-to-ones a week that the digest measures your pace against; 0 is as many as `capacity`.
	Goal int `toml:"goal" default:"0" min:"0" max:"100"`
	// How many times are offered in a mail.
	Offers int `toml:"offers" default:"3" min:"1" max:"6"`
	// Times within this are preferred ("this week").
	Near time.Duration `toml:"near" default:"7d" min:"1d" max:"180d"`
	// How far ahead times are looked for.
	Horizon time.Duration `toml:"horizon" default:"21d" min:"2d" max:"180d"`
	// Whether offered times stand in your calendar as tentative until the answer comes.
	Hold bool `toml:"hold" default:"true"`
	// Where you meet people, unless they have a place of their own: `"Peet's on Lakeshore"`.
	Place string `toml:"place"`
	// Where that is, for maps: `"37.8107;-122.2448"` (latitude; longitude).
	PlaceGeo string `toml:"place_geo"`
	// Days on which nobody is met: `["2026-11-26", "2026-12-24 to 2027-01-02, holidays"]`.
	Blackout []slots.DateRange `toml:"blackout"`
	// How you meet when a person's entry does not say.
	Mode string `toml:"mode" default:"in person" oneof:"in person|phone"`
	// How often you meet each person when their entry does not say; `"never"` is only by hand.
	Every days `toml:"every" default:"6w" max:"366d"`

	// How often a person who does not answer is reminded of an offer. Never more than twice.
	Nudges int `toml:"nudges" default:"2" min:"0" max:"2"`
	// How long a person has to answer before each of them.
	NudgeAfter time.Duration `toml:"nudge_after" default:"3d" min:"1d" max:"30d"`
	// How long a person who never answered is left alone.
	RestAfter time.Duration `toml:"rest_after" default:"28d" min:"7d" max:"366d"`
	// Mails to one person in a week, at the most. Answers to their own mails are not counted.
	MailsPerWeek int `toml:"mails_per_week" default:"4" min:"1" max:"20"`
	// The same, on one day.
	MailsPerDay int `toml:"mails_per_day" default:"2" min:"1" max:"5"`
	// Which mails wait for your "ok": `"first"`, the first to a new person; `"all"`, every
	// mail that opens a round; `"drafts"`, indy leaves every mail to a person among your
	// drafts and you send it (Gmail; with `provider = "local"` this is `"all"`); `"none"`.
	Approve string `toml:"approve" default:"first" oneof:"first|all|drafts|none"`
	// Whether a summary waits for your "ok" before the person gets it.
	ApproveSummary bool `toml:"approve_summary" default:"true"`
	// After how long a silence of yours it goes without your "ok". The silence counts from when
	// the mail that asks you has reached you, and any answer but "ok" ends it. With `"never"`
	// silence sends nothing.
	ApproveSummarySilence silence `toml:"approve_summary_silence" default:"never" min:"1h" max:"14d"`

	// When the person is reminded, on the day before, in their time zone.
	Reminder clock `toml:"reminder" default:"16:00"`
	// When you get the brief: the `"evening"` before, or an `"hour"` before.
	Brief string `toml:"brief" default:"evening" oneof:"evening|hour"`
	// How long after its end you are asked how it went.
	DebriefAfter time.Duration `toml:"debrief_after" default:"15m" max:"24h"`
	// How long after that you are asked once more.
	DebriefNudge time.Duration `toml:"debrief_nudge" default:"24h" min:"1h" max:"14d"`
	// How long after it the digest begins with it.
	DebriefAlarm time.Duration `toml:"debrief_alarm" default:"72h" min:"1h" max:"28d"`
	// How long before a deadline its owner is asked whether they need help.
	CheckBefore days `toml:"check_before" default:"2d" max:"28d"`
	// How long after it they are asked how it went.
	AskAfter days `toml:"ask_after" default:"1d" min:"1d" max:"28d"`
	// When the digest comes, in your time zone.
	Digest weekTime `toml:"digest" default:"sunday 18:00"`
	// Whether the invite has the agenda in it.
	Agenda bool `toml:"agenda" default:"true"`
	// How deadlines are attached to a summary: `"events"` (all-day events, which every
	// calendar takes), `"todo"` (tasks, which few do) or `"none"`.
	Steps string `toml:"steps" default:"events" oneof:"events|todo|none"`
	// The language of mails to people whose entry does not say, and to yourself.
	Language string `toml:"language" default:"en" oneof:"en|es"`
	// A folder with templates of your own. Those that it lacks are indy's.
	Templates path `toml:"templates"`
}

type organizer struct {
	// A short name that never changes: what indy remembers hangs on it. Made from `name`
	// when missing.
	ID string `toml:"id"`
	// As mails are signed.
	Name string `toml:"name" need:"yes"`
	// The mailbox that indy works in.
	Address address `toml:"address" need:"yes"`
	// Other addresses of the same mailbox.
	Aliases []address `toml:"aliases"`
	// Where people can call you.
	Phone phone `toml:"phone"`
	// Your time zone: `"America/New_York"`.
	Zone *time.Location `toml:"zone" need:"yes"`
	// Who you are, after your name: `"a core member of the Oakland council"`.
	Role string `toml:"role"`
	// Your own story in a few sentences. It is put before your eyes ahead of a one-to-one,
	// and sent to nobody.
	Story text `toml:"story"`
	// Whether you also get the team's digest: counts, no names and no notes.
	Lead bool `toml:"lead"`
	// Where mailbox and calendars are: `"local"` folders on this machine, or `"google"`.
	Provider string `toml:"provider" default:"local" oneof:"local|google"`
	// Folders on this machine, for `provider = "local"`.
	Local local `toml:"local"`
	// Gmail and Google Calendar, for `provider = "google"`. Sign in with `indy login`.
	Google google `toml:"google"`
	// Every key of [defaults] may stand here as well.
	settings
}

type local struct {
	// The Maildir in which mail arrives. By default in the state folder, as are the next three.
	Inbox path `toml:"inbox"`
	// The Maildir with what you send yourself. indy puts a copy of its mails there; nobody
	// else may write to it, as what is in it counts as your word.
	Sent path `toml:"sent"`
	// The folder of what is to go out: a Maildir for each recipient, named by the address.
	// Whoever carries the mail on takes it from there.
	Post path `toml:"post"`
	// The folder of .ics files that indy writes to.
	Calendar path `toml:"calendar"`
	// Other folders or .ics files that make you busy.
	Busy []path `toml:"busy"`
	// A folder with the calendars of people who share theirs: a folder of .ics files for
	// each, named by the address, as in `ana@example.org`.
	PeopleBusy path `toml:"people_busy"`
}

type google struct {
	// The account, when it is not `address`.
	Account address `toml:"account"`
	// The OAuth client's file, as the cloud console gives it. See docs/google-setup.md.
	Credentials path `toml:"credentials"`
	// The key file of a service account with domain-wide delegation, instead.
	ServiceAccount path `toml:"service_account"`
	// The calendar that indy writes to.
	Calendar string `toml:"calendar" default:"primary"`
	// Other calendars that make you busy, by their ids.
	Busy []string `toml:"busy"`
	// Who sends invites: `"ical"`, indy does, by mail; `"google"`, Google Calendar does.
	Invites string `toml:"invites" default:"ical" oneof:"ical|google"`
	// Whether indy shows where things stand by labels, and takes labels as orders.
	Labels bool `toml:"labels" default:"true"`
	// The Pub/Sub topic that Gmail tells of new mail. Without it indy looks by itself.
	PushTopic string `toml:"push_topic"`
	// The Pub/Sub subscription that indy reads it from.
	PushSubscription string `toml:"push_subscription"`
}

type person struct {
	// A short name that never changes: what indy remembers hangs on it. Made from `name`
	// when missing; give it before you correct a name.
	ID string `toml:"id"`
	// Their name, the first one first.
	Name string `toml:"name" need:"yes"`
	// Who meets them: an organizer's id. Needed only when there are several organizers.
	Organizer string `toml:"organizer"`
	// Where they are written to. Who has none is met by call sheet.
	Address address `toml:"address"`
	// Other addresses from which they may answer.
	Aliases []address `toml:"aliases"`
	// Their phone number.
	Phone phone `toml:"phone"`
	// Their time zone; the organizer's when missing.
	Zone *time.Location `toml:"zone"`
	// The language in which they are written to.
	Language string `toml:"language" oneof:"en|es"`
	// `"new"` to the team, or a `"current"` member. New ones come first.
	Status string `toml:"status" default:"current" oneof:"new|current"`
	// How often you meet: `"6w"`, or `"never"` for only by hand.
	Every days `toml:"every" max:"366d"`
	// The role of the ladder that they have.
	Role string `toml:"role"`
	// What they are good at; asks are chosen by it.
	Skills []string `toml:"skills"`
	// How you meet.
	Mode string `toml:"mode" oneof:"in person|phone"`
	// Where they like to meet.
	Place string `toml:"place"`
	// When they can meet, in their time zone: `"tue,thu 18:00-21:00"`. Without it any time
	// from 08:00 to 20:00 will do.
	Hours slots.Hours `toml:"hours"`
	// What only you should know. It is sent to nobody but you.
	Notes text `toml:"notes"`
	// What the one-to-ones are mainly for. Without it indy chooses.
	Purpose string `toml:"purpose" oneof:"relationship|campaign|leadership ask"`
	// Since when you know them.
	Since slots.Date `toml:"since"`
	// When you last met before you used indy.
	LastMet slots.Date `toml:"last_met"`
}
