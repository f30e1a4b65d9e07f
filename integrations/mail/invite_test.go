package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// calendar stands in for the calendar's own encoder: what a mail does with the bytes does
// not depend on what they say.
func calendar(method, summary string) func(scheduler.Invite) ([]byte, error) {
	return func(scheduler.Invite) ([]byte, error) {
		return []byte(crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\nMETHOD:" + method + "\nBEGIN:VEVENT\nUID:1@example.org\nDTSTAMP:20261124T173000Z\nDTSTART:20261201T220000Z\nDTEND:20261201T223000Z\nSUMMARY:" + summary + "\nORGANIZER:mailto:maria@example.org\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ana@example.net\nEND:VEVENT\nEND:VCALENDAR\n")), nil
	}
}

func TestComposeInviteGolden(t *testing.T) {
	plain := letter()
	plain.Rendered.HTML = "<p>Hi Ana,</p><p>see you on Tuesday.</p>"
	plain.Invite = &scheduler.Invite{Method: "REQUEST"}

	pictures := letter()
	pictures.Rendered = pretty()
	pictures.Invite = &scheduler.Invite{Method: "REQUEST"}

	textOnly := letter()
	textOnly.Invite = &scheduler.Invite{Method: "CANCEL"}

	steps := letter()
	steps.Rendered = pretty()
	steps.Invite = &scheduler.Invite{Method: "PUBLISH"}

	for name, c := range map[string]struct {
		out     scheduler.Outgoing
		summary string
		parts   string
	}{
		"invite":        {plain, "Coffee", "multipart/mixed(multipart/alternative(text/plain text/html text/calendar) application/ics)"},
		"invite_es":     {pictures, "Café", "multipart/mixed(multipart/alternative(text/plain multipart/related(text/html image/png) text/calendar) application/ics)"},
		"invite_cancel": {textOnly, "Coffee", "multipart/mixed(multipart/alternative(text/plain text/calendar) application/ics)"},
		"invite_steps":  {steps, "Call two reporters", "multipart/mixed(multipart/alternative(text/plain multipart/related(text/html image/png)) text/calendar)"},
	} {
		encode := calendar(c.out.Invite.Method, c.summary)
		raw, err := compose(c.out, encode)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, raw)
		wellFormed(t, name, raw)
		if err := sameLetter(c.out, raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for range 10 {
			if again, _ := compose(c.out, encode); !bytes.Equal(raw, again) {
				t.Fatalf("%s: other bytes for the same letter", name)
			}
		}
		var split splitter
		root := split.split(raw, "text/plain", 0)
		if got := shape(root); got != c.parts {
			t.Errorf("%s is %s, want %s", name, got, c.parts)
		}
		want, _ := encode(scheduler.Invite{})
		found := calendarParts(root)
		if len(found) == 0 {
			t.Fatalf("%s: no calendar part is found again", name)
		}
		for i, p := range found {
			if p.ics != string(want) {
				t.Errorf("%s: calendar part %d reads back as %q", name, i, p.ics)
			}
		}
		if found[0].method != c.out.Invite.Method {
			t.Errorf("%s: method=%s", name, found[0].method)
		}
	}
}

// shape is the tree of a mail's types.
func shape(p *part) string {
	if len(p.children) == 0 {
		return p.media
	}
	var inner []string
	for _, c := range p.children {
		inner = append(inner, shape(c))
	}
	return p.media + "(" + strings.Join(inner, " ") + ")"
}

func TestComposeInviteRefuses(t *testing.T) {
	out := letter()
	out.Invite = &scheduler.Invite{Method: "REQUEST"}
	if _, err := compose(out, calendar("CANCEL", "Coffee")); err == nil {
		t.Error("the mail says REQUEST and the calendar CANCEL")
	}
	out.Invite.Method = "REPLY"
	if _, err := compose(out, calendar("REPLY", "Coffee")); err == nil {
		t.Error("a REPLY is nothing that an organizer sends")
	}
}

func TestCalendarParts(t *testing.T) {
	const ics = "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
	for name, c := range map[string]struct {
		mail   string
		parts  int
		method string
	}{
		"alone":                {"Content-Type: text/calendar; method=reply; charset=utf-8\n\n" + ics, 1, "REPLY"},
		"the method in quotes": {"Content-Type: text/calendar; charset=\"utf-8\"; method=\"COUNTER\"\n\n" + ics, 1, "COUNTER"},
		"no method":            {"Content-Type: text/calendar\n\n" + ics, 1, ""},
		"as a file":            {"Content-Type: application/octet-stream; name=\"invite.ICS\"\n\n" + ics, 1, ""},
		"as a part and a file": {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/calendar; method=REPLY\n\n" + ics + "--b\nContent-Type: application/ics\n\n" + ics + "--b--\n", 2, "REPLY"},
		"in a forwarded mail":  {"Content-Type: message/rfc822\n\nContent-Type: text/calendar; method=REPLY\n\n" + ics, 0, ""},
		"none":                 {"Content-Type: text/plain\n\n" + ics, 0, ""},
	} {
		var split splitter
		found := calendarParts(split.split([]byte(c.mail), "text/plain", 0))
		if len(found) != c.parts || len(found) > 0 && found[0].method != c.method {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// TestInviteComesBack composes what the calendar's own encoder makes and reads it again.
func TestInviteComesBack(t *testing.T) {
	out := letter()
	out.Rendered.HTML = "<p>see you on Tuesday</p>"
	from := time.Date(2026, 12, 1, 22, 0, 0, 0, time.UTC)
	out.Invite = &scheduler.Invite{Method: "REQUEST", Event: scheduler.CalendarEvent{
		UID: "maria-ana-1@example.org", Sequence: 2, From: from, To: from.Add(30 * time.Minute), Zone: "America/Los_Angeles",
		Title: "Café with Maria", Text: "What we want to talk about:\n- how you are", Location: "14th Street Café", Organizer: out.From,
		Attendees: []scheduler.Attendee{{Address: out.To, PartStat: "NEEDS-ACTION"}}, Stamp: out.Date.UTC(), OneToOne: "maria/ana/1",
	}}
	raw, err := Composer{}.Compose(out)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "invite", raw)
	m, err := Read(bytes.NewReader(raw))
	if err != nil || len(m.ITIP) != 1 {
		t.Fatalf("%+v, %v: the part and the file are one invite", m.ITIP, err)
	}
	it := m.ITIP[0]
	if it.Method != "REQUEST" || it.UID != "maria-ana-1@example.org" || it.Sequence != 2 || !it.From.Equal(from) || !it.To.Equal(from.Add(30*time.Minute)) || it.Summary != "Café with Maria" {
		t.Errorf("%+v", it)
	}
	var split splitter
	for _, p := range calendarParts(split.split(raw, "text/plain", 0)) {
		if strings.Contains(strings.ToLower(p.ics), "indy") {
			t.Errorf("the calendar part says which program wrote it:\n%s", p.ics)
		}
	}
	if m.Robot != scheduler.Human || m.Text != strings.TrimSpace(out.Rendered.Text) {
		t.Errorf("%q %q", m.Robot, m.Text)
	}
}

func TestReplyIsRead(t *testing.T) {
	const reply = "From: Ana <ana@example.net>\nSender: Google Calendar <calendar-notification@google.com>\nTo: maria@example.org\nSubject: Declined: Coffee\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nAna has declined this invitation.\n--b\nContent-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\n\n" + answer + "--b--\n--a\nContent-Type: application/ics; name=\"invite.ics\"\nContent-Transfer-Encoding: base64\n\n"
	m, err := Read(strings.NewReader(crlf(reply + base64.StdEncoding.EncodeToString([]byte(crlf(answer))) + "\n--a--\n")))
	if err != nil {
		t.Fatal(err)
	}
	if m.Robot != scheduler.CalendarRobot || len(m.ITIP) != 1 {
		t.Fatalf("%q %+v", m.Robot, m.ITIP)
	}
	if it := m.ITIP[0]; it.Method != "REPLY" || it.UID != "1@example.org" || it.PartStat != "DECLINED" || it.Attendee.Addr != "ana@example.net" {
		t.Errorf("%+v", it)
	}
}

const answer = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@example.org\nDTSTAMP:20261124T173000Z\nDTSTART:20261201T220000Z\nSEQUENCE:0\nORGANIZER:mailto:maria@example.org\nATTENDEE;PARTSTAT=DECLINED;CN=Ana:mailto:ana@example.net\nEND:VEVENT\nEND:VCALENDAR\n"
