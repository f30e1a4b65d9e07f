package ical

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// Reasons why indy does not do what a calendar server or a library of one does.
const (
	byItself    = "the other side: indy organizes its meetings; it is invited to none, answers none and keeps nobody's REQUEST"
	recurs      = "a series: indy's meetings are single events, so that nobody can answer for one instance of them"
	noEvent     = "a to-do or a poll: indy asks by mail which time suits"
	oneInvited  = "several invited, some of them taken away: indy invites one person; guests are the calendar's own to tell"
	crasher     = "an uninvited guest: RFC 5546 3.2.3 leaves it to the organizer; indy lets nobody in that they did not invite"
	allListed   = "a REPLY with all attendees: RFC 5546 3.2.3 wants one; programs that list all are common, so that the one who answered counts, if the mail is theirs"
	ruleInOrder = "what counts as a significant change of a series"
)

// whyNot is why a scenario's result is not indy's; "" when it must be.
func whyNot(m corpusMessage, file map[string][]byte) string {
	all := slices.Concat(file["existing"], file["message"], file["old"], file["new"], file["event"])
	has := func(words string, in []byte) bool { return bytes.Contains(in, []byte(words)) }
	attendees := bytes.Count(file["message"], []byte("\nATTENDEE"))
	switch {
	case has("BEGIN:VPOLL", all) || has("BEGIN:VTODO", all):
		return noEvent
	case m.Kind == "is_message_newer": // SEQUENCE and DTSTAMP of each event alone
		return ""
	case m.Kind == "prepare_message", m.Kind == "receive_message" && has("METHOD:REQUEST", file["message"]):
		return byItself
	case strings.Contains(m.ID, "BrokerAttendeeReplyTest"), strings.Contains(m.ID, "BrokerDeleteEventTest.testAttendee"):
		return byItself
	case strings.Contains(m.ID, "BrokerSignificantChangesTest"):
		return ruleInOrder
	case has("RRULE", all) || has("RECURRENCE-ID", all):
		return recurs
	case m.Kind == "organizer_or_attendee_edit" && has("ATTENDEE", file["old"]) && has("METHOD:CANCEL", file["message0"]):
		return oneInvited
	case m.Kind == "receive_message" && attendees > 1:
		return allListed
	case m.Kind == "receive_message" && strings.Contains(m.ID, "PartyCrash"):
		return crasher
	}
	return ""
}

// TestCorpusScenarios plays what other projects' tests say of answers and edits through
// DecodeITIP and Decide: the result is the same, or stands above with the reason why not.
func TestCorpusScenarios(t *testing.T) {
	same, reasons := 0, map[string]int{}
	for _, m := range corpusMessages(t, "itip/index.json") {
		if m.Kind == "message" || m.Kind == "mail_with_message" {
			continue
		}
		file := map[string][]byte{}
		for what, name := range m.Files {
			file[what] = corpusFile(t, name)
		}
		why := whyNot(m, file)
		if why != "" {
			reasons[why]++
			if why == crasher { // and this is what it does instead
				if before, after := receives(t, file); after != before {
					t.Errorf("%s: a stranger's answer made %q of %q", m.ID, after, before)
				}
			}
			continue
		}
		same++
		switch m.Kind {
		case "receive_message":
			_, got := receives(t, file)
			want := ""
			if b, ok := file["result"]; ok {
				want = statOf(t, b, invited(t, file))
			} else if b, ok := file["existing"]; ok {
				want = statOf(t, b, invited(t, file))
			}
			if got != want {
				t.Errorf("%s: PARTSTAT is %q, want %q", m.ID, got, want)
			}
		case "is_message_newer":
			if m.Expected.Sequence == nil || isNewer(t, file) != *m.Expected.Sequence {
				t.Errorf("%s: newer: %v", m.ID, isNewer(t, file))
			}
		case "make_cancel", "make_request":
			compareMade(t, m.ID, file["event"], file["message"])
		case "organizer_or_attendee_edit":
			edited(t, m.ID, file)
		default:
			t.Errorf("%s: a %s is not known", m.ID, m.Kind)
		}
	}
	t.Logf("%d give the same result", same)
	for why, n := range reasons {
		t.Logf("%d differ: %s", n, why)
	}
}

// eventIn is the first event of a file, as parsed, and its calendar; nil where there is none.
func eventIn(t *testing.T, b []byte) (*component, *component) {
	t.Helper()
	if len(b) == 0 {
		return nil, nil
	}
	cal, err := parse(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cal.children {
		if c.name == "VEVENT" {
			return c, cal
		}
	}
	return nil, cal
}

// invited is who answers, if they stand in the event that is there; else the first who does
// and is not the organizer.
func invited(t *testing.T, file map[string][]byte) string {
	t.Helper()
	answer, _ := eventIn(t, file["message"])
	p, _ := answer.answers()
	c, _ := eventIn(t, file["existing"])
	if c == nil {
		return strings.ToLower(address(p).Addr)
	}
	organizer, _ := c.get("ORGANIZER")
	first := ""
	for _, a := range c.props {
		switch {
		case a.name != "ATTENDEE":
		case strings.EqualFold(address(a).Addr, address(p).Addr):
			return strings.ToLower(address(p).Addr)
		case first == "" && !strings.EqualFold(address(a).Addr, address(organizer).Addr):
			first = strings.ToLower(address(a).Addr)
		}
	}
	return first
}

// statOf is somebody's PARTSTAT in a file.
func statOf(t *testing.T, b []byte, who string) string {
	t.Helper()
	c, _ := eventIn(t, b)
	for _, p := range c.props {
		if p.name == "ATTENDEE" && strings.EqualFold(address(p).Addr, who) {
			return cmp.Or(strings.ToUpper(p.param("PARTSTAT")), "NEEDS-ACTION") // RFC 5545 3.2.12
		}
	}
	return ""
}

var scenarioNow = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// agreed is a state in which a meeting with somebody stands as in the event.
func agreed(uid string, sequence int, stamp time.Time, who, stat string) scheduler.State {
	from := scenarioNow.Add(72 * time.Hour)
	return scheduler.State{
		Organizer: scheduler.Organizer{ID: "maria", Name: "Maria", Address: "maria@indy.example", Zone: time.UTC, Language: "en"},
		People:    map[scheduler.PersonID]scheduler.Person{"ana": {ID: "ana", Name: "Ana", Addresses: []string{who}, Zone: time.UTC, Language: "en"}},
		Order:     []scheduler.PersonID{"ana"},
		Standings: map[scheduler.PersonID]scheduler.Standing{"ana": {Person: "ana", Rounds: 1, Now: "maria/ana/1"}},
		OneToOnes: map[scheduler.OneToOneID]scheduler.OneToOne{"maria/ana/1": {ID: "maria/ana/1", Person: "ana", Round: 1, Stage: scheduler.Agreed,
			Meeting: &scheduler.Meeting{Interval: slots.Interval{From: from, To: from.Add(45 * time.Minute)}, Zone: "UTC", UID: uid, Sequence: sequence,
				Stamp: stamp, PartStat: stat, Event: scheduler.EventRef{ID: "e1", ETag: "1"}}}},
	}
}

// receives lets a message arrive from whom it says it is, and answers the invited person's
// PARTSTAT before and after.
func receives(t *testing.T, file map[string][]byte) (before, after string) {
	t.Helper()
	who, uid, sequence := invited(t, file), "", 0
	if b, ok := file["existing"]; ok {
		c, _ := eventIn(t, b)
		before, uid, sequence = statOf(t, b, who), c.text("UID"), c.sequence()
	}
	parts, err := DecodeITIP(file["message"], "")
	if err != nil || len(parts) == 0 {
		return before, before
	}
	s := agreed(uid, sequence, time.Time{}, who, before)
	came := scheduler.MailCame{Mail: scheduler.Mail{Head: scheduler.Head{From: parts[0].Attendee, Date: scenarioNow}, ITIP: parts}}
	d := scheduler.Decide(s, came, scenarioNow)
	if q := d.Needs; q != nil {
		s.Busy = &scheduler.BusyTimes{From: q.From, To: q.To}
		d = scheduler.Decide(s, came, scenarioNow)
	}
	if m := d.State.OneToOnes["maria/ana/1"].Meeting; m != nil {
		return before, m.PartStat
	}
	return before, "DECLINED" // the meeting is off: of a decline indy makes a new offer
}

// isNewer says whether an answer with a message's SEQUENCE and DTSTAMP is heeded where one
// with those of the event was heeded before.
func isNewer(t *testing.T, file map[string][]byte) bool {
	t.Helper()
	c, cal := eventIn(t, file["existing"])
	msg, msgCal := eventIn(t, file["message"])
	part := decodeITIP(msg, msgCal, "REPLY")
	part.UID, part.Attendee, part.PartStat = "u@indy.example", scheduler.Address{Addr: "ana@example.net"}, "ACCEPTED"
	s := agreed(part.UID, c.sequence(), c.stamp(cal), "ana@example.net", "")
	d := scheduler.Decide(s, scheduler.MailCame{Mail: scheduler.Mail{Head: scheduler.Head{From: part.Attendee}, ITIP: []scheduler.ITIP{part}}}, scenarioNow)
	return d.State.OneToOnes["maria/ana/1"].Meeting.PartStat == "ACCEPTED"
}

// compareMade writes the message about an event, and compares it with what is expected.
func compareMade(t *testing.T, id string, event, message []byte) {
	t.Helper()
	want, wantCal := eventIn(t, message)
	ev, err := DecodeEvent(event)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	if !ev.To.After(ev.From) { // indy's events have an end; these need none
		ev.To = ev.From.Add(time.Hour)
	}
	method := methodOf(wantCal.text("METHOD"))
	if method == "CANCEL" { // the scheduler counts one up (RFC 5546 3.2.5)
		ev.Sequence++
		ev.Cancelled = true
	}
	ev.Stamp = scenarioNow
	b, err := EncodeInvite(scheduler.Invite{Method: method, Event: ev})
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	got, gotCal := eventIn(t, b)
	values := func(c, cal *component) string {
		var who []string
		for _, p := range c.props {
			if p.name == "ATTENDEE" || p.name == "ORGANIZER" {
				who = append(who, p.name+" "+strings.ToLower(address(p).Addr))
			}
		}
		slices.Sort(who)
		x := decodeITIP(c, cal, methodOf(cal.text("METHOD")))
		return fmt.Sprint(x.Method, x.UID, x.Sequence, x.From, who)
	}
	if g, w := values(got, gotCal), values(want, wantCal); g != w {
		t.Errorf("%s:\n got %s\nwant %s", id, g, w)
	}
}

// edited plays an organizer's edit, or a new event of theirs, and compares what the invited
// get.
func edited(t *testing.T, id string, file map[string][]byte) {
	t.Helper()
	if file["old"] == nil { // a new event
		ev, err := DecodeEvent(file["new"])
		if err != nil { // refused there, and here
			if file["message0"] != nil {
				t.Errorf("%s: %v", id, err)
			}
			return
		}
		if file["message0"] == nil {
			t.Errorf("%s is read as %+v", id, ev)
			return
		}
		compareMade(t, id, file["new"], file["message0"])
		return
	}
	was, err := DecodeEvent(file["old"])
	if err != nil {
		t.Fatal(err)
	}
	now, err := DecodeEvent(file["new"])
	if err != nil {
		t.Fatal(err)
	}
	s := agreed(was.UID, was.Sequence, time.Time{}, "ana@example.net", "")
	meeting := s.OneToOnes["maria/ana/1"].Meeting
	meeting.Interval = slots.Interval{From: was.From, To: was.To}
	meeting.Seen = &scheduler.SeenEvent{Interval: meeting.Interval, Title: was.Title, Place: was.Location}
	meeting.Title, meeting.Place = was.Title, was.Location
	now.ID, now.ETag = "e1", "2"
	d := scheduler.Decide(s, scheduler.CalendarChanged{Change: scheduler.CalendarChange{ID: "e1", Event: now}}, was.From.Add(-24*time.Hour))
	if (len(d.Effects) > 0) != (file["message0"] != nil) {
		t.Errorf("%s: %d effects", id, len(d.Effects))
	}
}
