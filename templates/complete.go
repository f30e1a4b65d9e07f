package templates

import (
	"errors"
	"fmt"
	"strings"

	"indy/scheduler"
)

// complete says what a letter lacks for its kind.
func complete(kind string, l scheduler.Letter) error {
	var lacks []string
	need := func(ok bool, what string) {
		if !ok {
			lacks = append(lacks, what)
		}
	}
	filled := func(s string) bool { return strings.TrimSpace(s) != "" }
	need(filled(l.Organizer.Name), "the organizer's name")
	need(filled(l.Organizer.Address), "the organizer's address")
	need(l.Organizer.Zone != nil, "the organizer's time zone")
	need(!l.Now.IsZero(), "the time of writing")

	switch scheduler.MailKind(kind) {
	case scheduler.MailDigest, scheduler.MailTeamDigest:
		need(l.Digest != nil, "the digest")
	case scheduler.MailConfigError:
		need(len(l.Problems) > 0, "the problems")
	case scheduler.MailHeld, scheduler.MailNeedsYou:
		// A hold concerns everybody; some needs concern no one person.
	case scheduler.MailGuestUpdate, scheduler.MailGuestCancel:
		// Of some guests the calendar knows the address alone.
	default:
		need(filled(l.Person.Name), "the person's name")
	}
	if l.ToPerson {
		need(l.Person.Zone != nil, "the person's time zone")
	}

	switch kind {
	case eventPerson, eventOwn:
		need(l.Meeting != nil, "the meeting")
	}
	switch scheduler.MailKind(kind) {
	case scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailCancel, scheduler.MailTentative,
		scheduler.MailReminder, scheduler.MailBrief, scheduler.MailGuestUpdate, scheduler.MailGuestCancel:
		need(l.Meeting != nil, "the meeting")
	case scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailStepNote, scheduler.MailOwnCheckIn:
		need(len(l.Changed)+len(l.Steps) > 0, "the steps")
	case scheduler.MailMissing:
		need(len(l.Missing) > 0, "the missing parts")
	case scheduler.MailReady, scheduler.MailReadBack:
		need(l.Preview != nil, "the mail that waits")
	}
	if l.Meeting != nil {
		need(!l.Meeting.From.IsZero() && l.Meeting.To.After(l.Meeting.From), "the meeting's time")
	}
	for _, s := range append(append([]scheduler.NextStep(nil), l.Steps...), l.Changed...) {
		need(filled(s.Action), "what a step is")
	}
	if len(lacks) > 0 {
		return errors.New("the letter lacks " + english.list(lacks))
	}
	if toPerson(kind) != l.ToPerson && !eitherWay(kind) {
		return fmt.Errorf("it was meant for somebody else: to the person is %v", l.ToPerson)
	}
	return nil
}

// toPerson says whether a kind of mail goes to the person.
func toPerson(kind string) bool {
	if kind == eventPerson {
		return true
	}
	for _, k := range Kinds {
		if k == scheduler.MailReady {
			return false
		}
		if string(k) == kind {
			return true
		}
	}
	return false
}

// eitherWay says that the organizer gets a copy of this kind in the same words.
func eitherWay(kind string) bool {
	switch scheduler.MailKind(kind) {
	case scheduler.MailAmended, scheduler.MailInvite, scheduler.MailUpdate, scheduler.MailCancel:
		return true
	}
	return false
}
