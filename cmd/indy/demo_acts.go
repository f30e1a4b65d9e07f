package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"indy/integrations/ical"
	"indy/scheduler"
	"indy/scheduler/slots"
)

// What people in a demo do besides answering a mail: on their calendars, as any calendar
// program would, and in threads that are theirs.

// drag lets the organizer move a meeting on the calendar, by hand.
func drag(by time.Duration) func(*demoPlay, received) error {
	return func(d *demoPlay, got received) error {
		d.line(d.org.First()+fmt.Sprintf(" drags the meeting on the calendar by %d minutes", int(by.Minutes())), "")
		return d.editMeeting(got.thread.Ref, func(ev *scheduler.CalendarEvent) { ev.From, ev.To = ev.From.Add(by), ev.To.Add(by) })
	}
}

// types lets the organizer write under "Next steps" in the event of a meeting that was.
func types(words string) func(*demoPlay, received) error {
	return func(d *demoPlay, got received) error {
		notes := fill(words, slots.DateOf(d.play.now, d.zone), d.org.Language)
		d.line(d.org.First()+" types into the event: "+oneLine(notes), "")
		return d.editMeeting(got.thread.Ref, func(ev *scheduler.CalendarEvent) { ev.Text = strings.TrimRight(ev.Text, "\n") + "\n" + notes })
	}
}

// deletes lets the organizer take a meeting off the calendar.
func deletes(d *demoPlay, got received) error {
	path, _, err := d.meeting(got.thread.Ref)
	if err != nil {
		return err
	}
	d.line(d.org.First()+" deletes the meeting on the calendar", "")
	return os.Remove(path)
}

// meeting is the file and the event of somebody's one-to-one on the organizer's calendar.
func (d *demoPlay) meeting(ref scheduler.ThreadRef) (path string, raw []byte, err error) {
	dir := d.org.Local.Calendar
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", nil, err
	}
	for _, entry := range list {
		if filepath.Ext(entry.Name()) != ".ics" {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		b, err := os.ReadFile(path)
		if err != nil {
			return "", nil, err
		}
		ev, err := ical.DecodeEvent(b)
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		if ev.OneToOne == ref.OneToOne && !ev.Tentative && !ev.Cancelled {
			return path, b, nil
		}
	}
	return "", nil, fmt.Errorf("the calendar has no meeting of %s", ref.OneToOne)
}

// editMeeting changes the event and writes it whole, as calendar programs do.
func (d *demoPlay) editMeeting(ref scheduler.ThreadRef, change func(*scheduler.CalendarEvent)) error {
	path, old, err := d.meeting(ref)
	if err != nil {
		return err
	}
	ev, err := ical.DecodeEvent(old)
	if err != nil {
		return err
	}
	change(&ev)
	b, err := ical.UpdateEvent(old, ev)
	if err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(path), ".edited")
	if err := os.WriteFile(tmp, b, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// taps lets somebody answer an invite on their calendar: ACCEPTED, TENTATIVE or DECLINED.
// Their calendar's server sends the answer (RFC 5546 3.2.3).
func taps(partStat string) func(*demoPlay, received) error {
	return func(d *demoPlay, got received) error {
		r := d.reader(got.thread.Ref.Person)
		if r == nil || len(got.mail.ITIP) == 0 {
			return fmt.Errorf("there is no invite to answer in %q", got.mail.Subject)
		}
		inv := got.mail.ITIP[0]
		const stamp = "20060102T150405Z"
		part := strings.Join([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Phone//EN", "METHOD:REPLY", "BEGIN:VEVENT",
			"UID:" + inv.UID, "DTSTAMP:" + d.play.now.UTC().Format(stamp), fmt.Sprintf("SEQUENCE:%d", inv.Sequence),
			"DTSTART:" + inv.From.UTC().Format(stamp), "DTEND:" + inv.To.UTC().Format(stamp), "ORGANIZER:mailto:" + d.org.Address,
			"ATTENDEE;PARTSTAT=" + partStat + ";CN=" + r.full + ":mailto:" + r.address, "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
		var b bytes.Buffer
		of := got.mail.Head
		of.Subject = map[string]string{"ACCEPTED": "Accepted", "TENTATIVE": "Maybe", "DECLINED": "Declined"}[partStat] + ": " + of.Subject
		d.head(&b, r, d.org.Address, of)
		header(&b, "Content-Type", `multipart/alternative; boundary="answer"`)
		for _, p := range [][2]string{{"text/plain", r.full + ": " + strings.ToLower(partStat) + "\r\n"}, {"text/calendar; method=REPLY", part}} {
			b.WriteString("\r\n--answer\r\n")
			header(&b, "Content-Type", p[0]+"; charset=utf-8")
			header(&b, "Content-Transfer-Encoding", "8bit")
			b.WriteString("\r\n" + p[1])
		}
		b.WriteString("\r\n--answer--\r\n")
		d.line(r.name+" answers on the calendar: "+strings.ToLower(partStat), "")
		return d.drop(r.sent, b.Bytes())
	}
}

// takesOver lets the organizer write to the person in their thread, and tell indy later to go on.
func takesOver(words, handBack string) func(*demoPlay, received) error {
	return func(d *demoPlay, got received) error {
		r, own := d.reader(got.thread.Ref.Person), d.readers[0]
		if r == nil || r.last == nil {
			return fmt.Errorf("there is no thread to write in")
		}
		var b bytes.Buffer
		d.head(&b, own, r.address, *r.last)
		header(&b, "Content-Type", "text/plain; charset=utf-8")
		header(&b, "Content-Transfer-Encoding", "8bit")
		b.WriteString("\r\n" + crlf(words) + "\r\n")
		d.line(own.name+" writes to "+r.name+": "+oneLine(words), "")
		d.play.plan(d.play.now.Add(23*time.Hour), func() error { return d.act(own, got, says(0, handBack)) })
		if err := d.drop(r.maildir, b.Bytes()); err != nil { // how it gets there is the mail system's
			return err
		}
		return d.drop(own.sent, b.Bytes())
	}
}

// reader is the person as somebody who reads mail; nil for who has no address.
func (d *demoPlay) reader(who scheduler.PersonID) *demoReader {
	for _, p := range d.org.People {
		for _, r := range d.readers {
			if p.ID == who && p.Reachable() && r.address == p.Addresses[0] {
				return r
			}
		}
	}
	return nil
}
