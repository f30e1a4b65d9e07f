package googletest

import (
	"strconv"
	"strings"
	"time"
)

// spread puts an event on its attendees' calendars, and writes to them if updates says so.
func (s *Server) spread(k *cal, e *event, updates, method string) {
	list, _ := e.body["attendees"].([]any)
	for _, x := range list {
		a := x.(obj)
		address := strings.ToLower(text(a, "email"))
		if address == k.owner {
			continue
		}
		if s.aliases[address] != "" {
			address = s.aliases[address]
		}
		if their := s.calendars[address]; their != nil && s.users[address] != nil {
			s.copyTo(their, e, method)
		}
		if updates == "all" || updates == "externalOnly" && s.users[address] == nil {
			s.tell(k, e.body, text(a, "email"), method)
		}
	}
}

// copyTo makes or changes an attendee's copy.
func (s *Server) copyTo(their *cal, e *event, method string) {
	id := text(e.body, "id")
	c := their.events[id]
	if c == nil {
		if method == "CANCEL" {
			return
		}
		c = &event{}
		their.events[id] = c
	}
	body := clone(e.body).(obj)
	delete(body, "extendedProperties") // private ones stay on the organizer's copy
	body["reminders"] = obj{"useDefault": true}
	if method == "CANCEL" {
		body["status"] = "cancelled"
	}
	c.body = body
	s.touch(their, c)
}

// uninvite takes the event off the calendars of people who are no longer invited.
func (s *Server) uninvite(k *cal, was, now obj, updates string) {
	list, _ := was["attendees"].([]any)
	for _, x := range list {
		address := strings.ToLower(text(x.(obj), "email"))
		if address == k.owner || attendee(now, address) != nil {
			continue
		}
		if their := s.calendars[address]; their != nil {
			s.copyTo(their, &event{body: was}, "CANCEL")
		}
		if updates == "all" {
			s.tell(k, was, address, "CANCEL")
		}
	}
}

// answerUp hands an attendee's answer to the organizer's event and the other copies.
func (s *Server) answerUp(k *cal, e *event) {
	mine := attendee(e.body, k.owner)
	organizer := s.calendars[strings.ToLower(text(e.body["organizer"].(obj), "email"))]
	if mine == nil || organizer == nil {
		return
	}
	theirs := organizer.events[text(e.body, "id")]
	if theirs == nil || theirs.body["status"] == "cancelled" {
		return
	}
	if a := attendee(theirs.body, k.owner); a != nil && a["responseStatus"] != mine["responseStatus"] {
		a["responseStatus"] = mine["responseStatus"]
		if mine["comment"] != nil {
			a["comment"] = mine["comment"]
		}
		s.touch(organizer, theirs)
	}
}

// tell writes to an attendee as Google Calendar does (RFC 6047).
func (s *Server) tell(k *cal, o obj, to, method string) {
	owner := s.users[k.owner]
	name := k.owner
	if owner != nil && owner.name != "" {
		name = owner.name
	}
	f, t := k.times(o)
	status, word := "CONFIRMED", "Invitation"
	if method == "CANCEL" {
		status, word = "CANCELLED", "Canceled event"
	}
	sequence, _ := o["sequence"].(int)
	const stamp = "20060102T150405Z"
	ics := "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:" + method +
		"\r\nBEGIN:VEVENT\r\nDTSTART:" + f.Format(stamp) + "\r\nDTEND:" + t.Format(stamp) + "\r\nDTSTAMP:" + s.now().Format(stamp) +
		"\r\nORGANIZER;CN=" + name + ":mailto:" + k.owner + "\r\nUID:" + text(o, "iCalUID") +
		"\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" + to +
		"\r\nSEQUENCE:" + strconv.Itoa(sequence) + "\r\nSTATUS:" + status + "\r\nSUMMARY:" + text(o, "summary") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	b := "c" + s.hex()
	raw := "Reply-To: " + k.owner + "\r\nSender: Google Calendar <calendar-notification@google.com>\r\nFrom: " + name + " <" + k.owner + ">\r\nTo: " + to +
		"\r\nSubject: " + word + ": " + text(o, "summary") + " @ " + f.Format("Mon Jan 2, 2006 3:04pm") + "\r\nDate: " + s.now().Format(time.RFC1123Z) +
		"\r\nMessage-ID: <calendar-" + s.hex() + "@google.com>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + b + "\"\r\n\r\n" +
		"--" + b + "\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n\r\nYou have been invited to the following event.\r\n--" + b +
		"\r\nContent-Type: text/calendar; charset=\"UTF-8\"; method=" + method + "\r\n\r\n" + ics + "\r\n--" + b + "--\r\n"
	to = strings.ToLower(to)
	if u := s.users[to]; u != nil {
		s.deliver(u, "calendar-notification@google.com", []byte(raw))
		return
	}
	s.outside[to] = append(s.outside[to], Letter{From: "calendar-notification@google.com", To: to, Raw: []byte(raw), At: s.now()})
}
