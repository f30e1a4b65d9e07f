package mail

import (
	"bytes"
	"strings"
	"testing"

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
