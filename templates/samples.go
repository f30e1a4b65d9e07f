package templates

import (
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// samples are made-up letters with which an override is tried: one with everything in it,
// and one with nothing that may be missing. A file of parts is tried with every kind.
func samples(o override) []scheduler.Letter {
	kinds := Kinds
	switch {
	case isEvent(o.kind):
		kinds = []scheduler.MailKind{scheduler.MailInvite}
	case o.kind == "questions.txt":
		kinds = []scheduler.MailKind{scheduler.MailBrief, scheduler.MailDigest}
	case known(o.kind) && o.kind[0] != '_':
		kinds = []scheduler.MailKind{scheduler.MailKind(o.kind)}
	}
	var out []scheduler.Letter
	for _, k := range kinds {
		for _, l := range []scheduler.Letter{fullLetter(k, o.lang), bareLetter(k, o.lang)} {
			if isEvent(o.kind) {
				l.ToPerson = o.kind == eventPerson
				if o.kind == eventHold {
					l.Meeting = nil
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// bareLetter has only what its kind cannot do without.
func bareLetter(k scheduler.MailKind, lang string) scheduler.Letter {
	now := time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)
	l := scheduler.Letter{
		Kind: k, Now: now, ToPerson: toPerson(string(k)), Language: lang,
		Organizer: scheduler.Organizer{Name: "Robin", Address: "robin@example.org", Zone: time.UTC, Language: lang},
		Person:    scheduler.Person{ID: "kay", Name: "Kay", Zone: time.UTC, Status: scheduler.Current},
	}
	from := time.Date(2027, 3, 9, 15, 15, 0, 0, time.UTC)
	switch k {
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailCancel, scheduler.MailTentative, scheduler.MailReminder, scheduler.MailBrief,
		scheduler.MailGuestUpdate, scheduler.MailGuestCancel:
		l.Meeting = &scheduler.Meeting{Interval: slots.Interval{From: from, To: from.Add(45 * time.Minute)}, Mode: scheduler.ByPhone}
	case scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailStepNote, scheduler.MailOwnCheckIn:
		l.Changed = []scheduler.NextStep{{ByPerson: true, Action: "plant a tree", State: scheduler.StepOpen}}
	case scheduler.MailMissing:
		l.Missing = []scheduler.Missing{{Part: scheduler.MissingNext}}
	case scheduler.MailReady, scheduler.MailReadBack:
		l.Preview = &scheduler.Rendered{Subject: "A subject that waits", Text: "Words that wait.\n"}
	case scheduler.MailDigest, scheduler.MailTeamDigest:
		l.Digest = &scheduler.Digest{From: slots.Date{Year: 2027, Month: 3, Day: 8}, To: slots.Date{Year: 2027, Month: 3, Day: 14}, Quiet: true}
	case scheduler.MailConfigError:
		l.Problems = []string{"config.toml:3:7: a number belongs here"}
	}
	return l
}

// fullLetter has everything that a letter of its kind can have.
func fullLetter(k scheduler.MailKind, lang string) scheduler.Letter {
	l := bareLetter(k, lang)
	far := time.FixedZone("far", -5*60*60)
	l.First, l.Token, l.Quote, l.Reason = true, "abcdefgh", "Their words.", scheduler.ReasonQuestion
	l.Organizer.Name, l.Organizer.Phone, l.Organizer.Role, l.Organizer.Story = "Robin Moss", "555-0100", "a neighbor", "A story."
	l.Team = scheduler.Team{Name: "Elm Street", Word: "council", Training: "https://example.org/training"}
	l.Campaign = scheduler.Campaign{Name: "Shade for All", Story: "It is hot.", Plan: "Plant trees."}
	l.Person = scheduler.Person{ID: "kay", Name: "Kay Lund", Addresses: []string{"kay@example.org"}, Phone: "555-0101", Zone: far,
		Status: scheduler.New, Mode: scheduler.InPerson, Place: "the library", Skills: []string{"digging"}, Notes: "A note.", Since: slots.Date{Year: 2027, Month: 1, Day: 4}}
	l.OneToOne = scheduler.OneToOne{Round: 2, Purpose: scheduler.ForCampaign, Mode: scheduler.InPerson}
	from := time.Date(2027, 3, 9, 15, 15, 0, 0, time.UTC)
	if l.Meeting != nil {
		l.Meeting.Mode, l.Meeting.Place = scheduler.InPerson, "the library"
		before := *l.Meeting
		before.From, before.To = from.Add(-24*time.Hour), from.Add(-23*time.Hour)
		l.Before = &before
	}
	step := scheduler.NextStep{ByPerson: true, Action: "plant a tree", Deadline: slots.Date{Year: 2027, Month: 3, Day: 19}, State: scheduler.StepOpen}
	switch k {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailCounter, scheduler.MailMissed, scheduler.MailWelcome, scheduler.MailCallSheet:
		l.Slots = []slots.Slot{{Interval: slots.Interval{From: from, To: from.Add(45 * time.Minute)}}}
	case scheduler.MailSummary, scheduler.MailAmended, scheduler.MailOwnSummary:
		l.Steps, l.Next = []scheduler.NextStep{step}, &scheduler.NextContact{On: slots.Date{Year: 2027, Month: 4, Day: 1}, Short: true, Phone: true}
	case scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailStepNote, scheduler.MailOwnCheckIn:
		l.Changed = []scheduler.NextStep{step}
	case scheduler.MailBrief:
		l.Brief = &scheduler.Brief{LastMet: slots.Date{Year: 2027, Month: 1, Day: 11}, Sparks: []string{"a spark"}, LastAsk: "dig a hole", Answer: replies.AskYes,
			Kept: []scheduler.NextStep{step}, Open: []scheduler.NextStep{step}, Said: []string{"Their words."}, Topics: scheduler.Topics[:3],
			Ask: &scheduler.Ask{Text: "lead a row"}, AskWhy: "they can dig", Neighbors: []slots.Interval{{From: from, To: from.Add(time.Hour)}}}
	case scheduler.MailDigest, scheduler.MailTeamDigest:
		fullDigest(l.Digest, step, from)
	}
	return l
}

func fullDigest(d *scheduler.Digest, step scheduler.NextStep, from time.Time) {
	line := []scheduler.DigestLine{{Person: "kay", Name: "Kay Lund", Phone: "555-0101", At: from, On: slots.Date{Year: 2027, Month: 3, Day: 20},
		Mode: scheduler.InPerson, Place: "the library", Why: scheduler.ReasonQuestion, Step: &step}}
	d.Quiet, d.Goal, d.Number = false, 2, 1
	d.Call, d.Needs, d.Open, d.Meetings, d.Waiting, d.Kept = line, line, line, line, line, line
	d.DueSteps, d.Slipped, d.Due, d.Later, d.Raised = line, line, line, line, line
	d.Pace = []scheduler.WeekCount{{Monday: slots.Date{Year: 2027, Month: 2, Day: 22}, Met: 1}, {Monday: slots.Date{Year: 2027, Month: 3, Day: 1}, Met: 2}}
	d.Coverage = scheduler.Coverage{People: 9, InRhythm: 5, Overdue: 3, NeverMet: 1, Paused: 1, Stopped: 1}
	d.Team = []scheduler.TeamLine{{Name: "Robin Moss", Met: 2, Goal: 2, Agreed: 1, Waiting: 1, StepsKept: 1, Slipped: 1, Coverage: d.Coverage}}
}
