package main

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// trouble is something that Google, or somebody at Google's pages, does to a daemon at work,
// and what Maria sees of it.
type trouble struct {
	name  string
	team  string            // what the team's calendar is in the config: "busy" if not said, "calendar" for the one that indy writes to
	comes func(*googleLife) // and what people do meanwhile
	// What Maria sees some hours into it: the words of the one mail that she gets; those of
	// "indy status" and of the lines that "indy check" finds wrong. None: nothing at all.
	told, status, check []string
	ends                func(*googleLife) // nil: it has healed by itself
	// What Ana and Maria have got in the end because of what people did, and what stands.
	then string
	goes func(*googleLife) // how the round goes on; nil: to the brief and the debrief
}

// hours is how long trouble lasts.
const hours = 3 * time.Hour

var moved = `
	Ana gets update, REQUEST 1 Thu 4 Mar 14:00-14:30 PST
	Maria gets Ana Ruiz: Could we do Thursday at 2pm instead?
	Ana's calendar: Thu 4 Mar 14:00-14:30 PST
	Maria's calendar: confirmed Thu 4 Mar 14:00-14:30 PST`

var dragged = `
	Ana gets update, REQUEST 1 Thu 4 Mar 12:00-12:30 PST
	Ana's calendar: Thu 4 Mar 12:00-12:30 PST
	Maria's calendar: confirmed Thu 4 Mar 12:00-12:30 PST`

var offeredAnew = `
	Ana gets cancel, CANCEL 1 Fri 5 Mar 11:00-11:30 PST
	Maria gets Ana Ruiz: Sorry, I can't make it. Can we find another time?
	Maria's calendar: tentative h1
	Maria's calendar: tentative h2
	Maria's calendar: tentative h3`

// callsOff lets Ana call the meeting off.
func (l *googleLife) callsOff() {
	l.ana.Reply(l.invite, "Sorry, I can't make it. Can we find another time?")
}

// asks lets Ana ask for another time.
func (l *googleLife) asks() { l.ana.Reply(l.invite, "Could we do Thursday at 2pm instead?") }

// drags lets Maria drag the meeting to another time.
func (l *googleLife) drags() {
	to := time.Date(2027, 3, 4, 12, 0, 0, 0, l.zone)
	l.maria.MoveTo(l.writes, l.meeting().ID, to, to.Add(30*time.Minute))
}

// refuses lets Google refuse calls whose name begins so, so often.
func (l *googleLife) refuses(method string, times int, status int, reason string, wait time.Duration) {
	l.g.Inject(googletest.Fault{Method: method, Times: times, Status: status, Reason: reason, RetryAfter: wait})
}

func troubles() []trouble {
	heal := func(l *googleLife) { l.g.Heal() }
	login := func(l *googleLife) { l.login() }
	return []trouble{
		{name: "history 404", comes: func(l *googleLife) { l.asks(); l.maria.ForgetHistory() }, then: moved},
		{name: "sync token 410", comes: func(l *googleLife) { l.drags(); l.maria.ForgetSync("") }, then: dragged},
		{name: "409 of an event whose making was not answered", comes: func(l *googleLife) {
			l.callsOff()
			l.g.Inject(googletest.Fault{Method: "calendar.events.insert", Times: 2, CutAfter: true})
		}, then: offeredAnew, goes: func(l *googleLife) {
			l.g.Inject(googletest.Fault{Method: "calendar.events.insert", CutAfter: true})
			l.ana.Reply(l.latest(l.ana, scheduler.MailCancel), "The second one, please.")
			l.gets(l.ana, scheduler.MailInvite)
			l.sees("agreed", `
				Ana gets invite, REQUEST 0 h2
				Maria gets Ana Ruiz: The second one, please.
				Ana's calendar: h2
				Maria's calendar: confirmed h2`)
		}},
		{name: "409 of ids that are taken", comes: func(l *googleLife) {
			l.callsOff()
			l.refuses("calendar.events.insert", 3, 409, "duplicate", 0)
		}, told: []string{"409 (duplicate)"}, then: `
			Ana gets cancel, CANCEL 1 Fri 5 Mar 11:00-11:30 PST
			Maria gets Ana Ruiz: Sorry, I can't make it. Can we find another time?`, goes: func(l *googleLife) { // the times are offered all the same
			l.ana.Reply(l.latest(l.ana, scheduler.MailCancel), "The second one, please.")
			l.gets(l.ana, scheduler.MailInvite)
			l.meeting()
		}},
		{name: "412", comes: func(l *googleLife) {
			l.asks()
			l.g.Inject(googletest.Fault{Method: "calendar.events.patch", First: func() {
				l.maria.Edit("", l.meeting().ID, `{"location": "the library"}`)
			}})
		}, then: `
			Ana gets update, REQUEST 1 Thu 4 Mar 14:00-14:30 PST
			Ana gets update, REQUEST 2 Thu 4 Mar 14:00-14:30 PST
			Maria gets Ana Ruiz: Could we do Thursday at 2pm instead?
			Ana's calendar: Thu 4 Mar 14:00-14:30 PST
			Maria's calendar: confirmed Thu 4 Mar 14:00-14:30 PST`, goes: func(l *googleLife) {
			if at := l.meeting().Location; at != "the library" {
				l.t.Errorf("Maria's own edit is gone: %q", at)
			}
		}},
		{name: "401 once", comes: func(l *googleLife) { l.asks(); l.g.ExpireAccess() }, then: moved},
		{name: "403 too fast", comes: func(l *googleLife) {
			l.asks()
			l.refuses("gmail", 3, 403, "userRateLimitExceeded", time.Minute)
			l.refuses("calendar", 3, 403, "rateLimitExceeded", time.Minute)
		}, then: moved},
		{name: "429", comes: func(l *googleLife) {
			l.asks()
			l.refuses("gmail", 3, 429, "rateLimitExceeded", time.Minute)
			l.refuses("calendar", 3, 429, "rateLimitExceeded", time.Minute)
		}, then: moved},
		{name: "503 for some hours", comes: func(l *googleLife) {
			l.asks()
			l.refuses("gmail", -1, 503, "backendError", 0)
			l.refuses("calendar", -1, 503, "backendError", 0)
		}, check: []string{"Gmail", "503 (backendError)"}, ends: heal, then: moved},
		{name: "503 of the calendar for most of a day", comes: func(l *googleLife) {
			l.asks()
			l.refuses("calendar", -1, 503, "backendError", 0)
			l.pass(hours + 30*time.Minute)
		}, told: []string{"503 (backendError)"}, status: []string{"nothing is done since Wed 3 Mar 10:", "503 (backendError)"},
			check: []string{"calendars", "503 (backendError)"}, ends: heal, then: moved},
		{name: "401", comes: func(l *googleLife) { l.asks(); l.refuses("gmail", -1, 401, "authError", 0) },
			status: []string{"nothing is done since Wed 3 Mar 10:", "401 (authError)", `run "indy login"`}, check: []string{"Gmail", "401 (authError)", `run "indy login"`}, ends: heal, then: moved},
		{name: "403 a scope was taken back", comes: func(l *googleLife) {
			l.asks()
			l.g.RevokeScope("maria@example.org", "https://www.googleapis.com/auth/calendar.events")
		}, told: []string{"403 (insufficientPermissions)", `Run "indy login" and tick every box`}, status: []string{"nothing is done since", `run "indy login" and tick every box`},
			check: []string{"not granted: Calendar: see and change events (calendar.events)"}, ends: login, then: moved},
		{name: "403 the API is off", comes: func(l *googleLife) { l.asks(); l.g.Disable("calendar") },
			told: []string{"403 (accessNotConfigured)", "Turn the API on in the cloud console"}, status: []string{"nothing is done since", "turn the API on"},
			check: []string{"the Google Calendar API is not turned on"}, ends: func(l *googleLife) { l.g.Enable("calendar") }, then: moved},
		{name: "invalid_grant", comes: func(l *googleLife) { l.asks(); l.g.Revoke("maria@example.org") },
			status: []string{"nothing is done since", "access was withdrawn or has expired (invalid_grant)", `run "indy login"`}, check: []string{"access was withdrawn", `run "indy login"`}, ends: login, then: moved},
		{name: "invalid_grant for days", comes: func(l *googleLife) {
			l.ana.Reply(l.invite, "Could we do Monday at 2pm instead?")
			l.g.Revoke("maria@example.org")
			l.pass(60 * time.Hour)
		}, status: []string{"nothing is done since Wed 3 Mar 10:", "(invalid_grant)"}, check: []string{"access was withdrawn"}, ends: func(l *googleLife) {
			l.login() // nobody gets a pile of late mails: Maria is asked first
			held := l.gets(l.maria, scheduler.MailHeld)
			l.says(held, "could not read your mail", "“go”")
			l.shown[l.name(l.maria, held)] = true
			l.maria.Reply(held, "go")
		}, then: `
			Ana gets update, REQUEST 1 Mon 8 Mar 14:00-14:30 PST
			Maria gets Ana Ruiz: Could we do Monday at 2pm instead?
			Maria gets Maria Lopez: go
			Ana's calendar: Mon 8 Mar 14:00-14:30 PST
			Maria's calendar: confirmed Mon 8 Mar 14:00-14:30 PST`},
		{name: "the free/busy scope was taken back", comes: func(l *googleLife) {
			l.asks()
			l.g.RevokeScope("maria@example.org", "https://www.googleapis.com/auth/calendar.freebusy")
		}, told: []string{"403 (insufficientPermissions)", "tick every box"}, status: []string{"nothing is done since", "tick every box"},
			check: []string{"not granted: Calendar: free/busy (calendar.freebusy)"}, ends: login, then: moved},
		{name: "a calendar was deleted", comes: func(l *googleLife) { l.asks(); l.maria.DeleteCalendar(l.team) },
			told: []string{"one of them was deleted or is no longer shared", `Run "indy check": it names the calendar`}, status: []string{"nothing is done since", "was deleted"},
			check: []string{"was deleted, is no longer shared with you, or is mistyped"}, ends: (*googleLife).forgetTeam, then: moved},
		{name: "403 the administrator", comes: func(l *googleLife) { l.asks(); l.refuses("calendar", -1, 403, "domainPolicy", 0) },
			told: []string{"403 (domainPolicy)", "administrator does not let this app in"}, status: []string{"nothing is done since", "administrator"},
			check: []string{"403 (domainPolicy)", "administrator"}, ends: heal, then: moved},
		{name: "403 a calendar that may only be read", comes: func(l *googleLife) {
			l.asks()
			l.refuses("calendar.events.patch", -1, 403, "requiredAccessLevel", 0)
		}, told: []string{"I can't change your calendar", "403 (requiredAccessLevel)", "ask its owner"}, status: []string{"the calendar does not follow since", "ask its owner"}, ends: heal, then: moved},
		{name: "the calendar that indy writes to was deleted", team: "calendar", comes: func(l *googleLife) { l.asks(); l.maria.DeleteCalendar(l.team) },
			told: []string{"Google answered 404", "The calendar was deleted or is no longer shared"}, status: []string{"nothing is done since", "404"},
			check: []string{"it is not among your calendars"}, ends: func(l *googleLife) {
				l.ownCalendar() // where nothing of indy's stands
				asked := l.gets(l.maria, scheduler.MailNeedsYou)
				l.says(asked, "All of my events are gone from your calendar", "put them back", "Ana Ruiz")
				l.shown[l.name(l.maria, asked)] = true
				l.maria.Reply(asked, "Put them back.")
			}, then: `
				Ana gets update, REQUEST 1 Thu 4 Mar 14:00-14:30 PST
				Maria gets Ana Ruiz: Could we do Thursday at 2pm instead?
				Maria gets Maria Lopez: Put them back.
				Ana's calendar: Thu 4 Mar 14:00-14:30 PST
				Maria's calendar: confirmed Thu 4 Mar 14:00-14:30 PST`},
		{name: "labels were renamed and deleted", comes: func(l *googleLife) {
			l.maria.RenameLabel("indy/agreed", "Verabredet")
			l.maria.RenameLabel("indy/hands-off", "Ich mache das")
			l.maria.RenameLabel("indy/offered", "")
			l.asks()
		}, then: moved, goes: func(l *googleLife) {
			thread := l.maria.Mails("Verabredet")[0].Thread // it still shows where things stand
			l.maria.Label(thread, "Ich mache das")          // and is an order
			l.pass(30 * time.Minute)
			if err := l.h.takeOrders(l.t.Context()); err != nil { // files are not watched in a bubble
				l.t.Fatal(err)
			}
			l.pass(30 * time.Minute)
			if said := l.indy(exitDone, "status"); !strings.Contains(said, "you (stepped in)") || len(l.maria.Mails("indy/with-you")) == 0 || len(l.maria.Mails("Ich mache das")) != 0 {
				l.t.Errorf("the order was not carried out:\n%s", said)
			}
			l.ana.Reply(l.invite, "Sorry, I can't make it. Can we find another time?")
			l.pass(time.Hour)
			answered := l.latest(l.maria, scheduler.MailNeedsYou)
			l.says(answered, "answered in the thread that you took over")
			l.maria.Reply(answered, "propose Ana")
			l.gets(l.ana, scheduler.MailCounter)
			if len(l.maria.Mails("indy/offered")) == 0 || len(l.maria.Mails("indy/with-you")) != 0 {
				l.t.Error("the deleted label was not made again")
			}
		}},
	}
}

// ownCalendar lets indy write to Maria's own calendar from now on.
func (l *googleLife) ownCalendar() {
	l.t.Helper()
	l.reads("calendar = \""+l.team+"\"\n", "")
	l.writes = ""
}

// forgetTeam takes the team's calendar out of the config, of which the daemon hears.
func (l *googleLife) forgetTeam() {
	l.t.Helper()
	l.reads("busy = [\""+l.team+"\"]\n", "")
}

// reads lets the daemon read the config with other words in it.
func (l *googleLife) reads(old, words string) {
	l.t.Helper()
	edit(l.t, l.path, old, words)
	cfg, err := loadConfig(l.path, io.Discard)
	if err == nil {
		err = l.h.use(cfg)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// TestWhatMariaSeesOfTrouble lets a daemon meet each kind of trouble when Ana and Maria have
// agreed on a meeting, and looks at all that Maria can see: her inbox, "indy status", "indy
// check". What heals by itself she does not hear of. Of what only she can mend she hears
// once, in words that say what to do; and when it is mended everything goes on, with
// nothing lost and nothing done twice.
func TestWhatMariaSeesOfTrouble(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(google.EndpointVariable, googletest.Endpoint)
	for _, x := range troubles() {
		t.Run(x.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { x.meet(newTroubledLife(t, zone, x.team)) })
		})
	}
}

// newTroubledLife has come to a meeting on Friday at eleven.
func newTroubledLife(t *testing.T, zone *time.Location, team string) *googleLife {
	t.Helper()
	l := newGoogleLife(t, zone, time.Date(2027, 3, 3, 8, 0, 0, 0, zone), "[[organizer]]",
		"[defaults]\napprove = \"none\"\n[campaign]\nname = \"Clean Water Now\"\nstory = \"The river is ours.\"\nplan = \"A hearing comes.\"\n\n[[organizer]]")
	l.team = l.maria.AddCalendar("Team", zone.String())
	line := "busy = [\"" + l.team + "\"]\n"
	if team == "calendar" {
		line, l.writes = "calendar = \""+l.team+"\"\n", l.team
	}
	edit(t, l.path, "credentials = \"client.json\"\n", "credentials = \"client.json\"\n"+line)
	l.login()
	l.start()
	l.ana.Reply(l.gets(l.ana, scheduler.MailOffer), "Friday at 11 would be better for me.")
	l.invite = l.gets(l.ana, scheduler.MailInvite)
	l.news()
	l.sees("before", `
		Ana's calendar: Fri 5 Mar 11:00-11:30 PST
		Maria's calendar: confirmed Fri 5 Mar 11:00-11:30 PST`)
	l.pass(time.Until(time.Date(2027, 3, 3, 10, 0, 0, 0, zone)))
	return l
}

// meet lets the trouble come, looks at it, ends it, and looks again.
func (x trouble) meet(l *googleLife) {
	l.t.Helper()
	x.comes(l)
	l.pass(hours)
	if len(x.told) > 0 {
		told := l.gets(l.maria, scheduler.MailNeedsYou)
		l.shown[l.name(l.maria, told)] = true
		l.says(told, x.told...)
		read := (&googleDay{t: l.t}).read(told)
		l.t.Logf("Maria gets %q:\n%s", read.Subject, read.Text)
	}
	said := l.indy(exitDone, "status")
	table := strings.Index(said, "WHO ")
	l.t.Logf("indy status:\n%s", said)
	if x.status == nil && table != 0 {
		l.t.Errorf("status tells of trouble:\n%s", said)
	}
	contains(l.t, "status", said, x.status)
	if digest := l.indy(exitDone, "digest"); strings.Contains(digest, "Your account: ") != (x.status != nil) {
		l.t.Errorf("the digest says:\n%s", digest)
	}
	code := exitDone
	if x.check != nil {
		code = exitCouldNot
	}
	said = l.indy(code, "check")
	l.t.Logf("indy check:\n%s", said)
	contains(l.t, "check", said, x.check)
	if n := l.log.says("nothing is lost, trying again"); n > 4 { // once in each of the words: what was looked at, and why it failed
		l.t.Errorf("the log tells of it %d times", n)
	}
	if x.ends != nil {
		x.ends(l)
	}
	l.pass(time.Hour)
	l.offered("h")
	l.sees("in the end", x.then)
	if said := l.indy(exitDone, "status"); strings.Index(said, "WHO ") != 0 {
		l.t.Errorf("status still tells of trouble:\n%s", said)
	}
	if said := l.indy(exitDone, "check"); strings.Contains(said, "WRONG") {
		l.t.Errorf("check:\n%s", said)
	}
	if x.goes != nil {
		x.goes(l)
	} else {
		l.gets(l.maria, scheduler.MailBrief)
		l.gets(l.maria, scheduler.MailDebrief)
	}
	l.end()
}

func contains(t *testing.T, what, text string, words []string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", what, w, text)
		}
	}
}
