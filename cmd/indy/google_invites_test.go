package main

import (
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/scheduler"
)

// TestInvitesByGoogle: with invites = "google" the person gets one invitation, Google's;
// their answer on the calendar is followed; and nothing private stands on the shared event.
func TestInvitesByGoogle(t *testing.T) {
	t.Parallel()
	d := newGoogleDay(t, "mails_per_day = 5", "mails_per_day = 5\napprove = \"none\"",
		"credentials = \"client.json\"\n", "credentials = \"client.json\"\ninvites = \"google\"\n",
		anasLine, anasLine+"notes = \"Her brother sits on the council.\"\n")
	d.ana.Reply(d.next(d.ana, "Maria"), "The first one works for me!")
	d.turn()
	d.stage(scheduler.Agreed)
	d.invitations("REQUEST", 1)
	if events := d.ana.Events(""); len(events) != 1 {
		t.Fatalf("%d events on Ana's calendar", len(events))
	}
	words := d.next(d.ana, "on the calendar for both of us") // and a letter in words
	if strings.Contains(string(words.Raw), "text/calendar") {
		t.Error("the letter is a second invitation")
	}
	event := d.maria.Events("")[0]
	for _, private := range []string{"brother", "call two reporters", "70%"} {
		if strings.Contains(event.Description, private) {
			t.Errorf("the guest reads %q:\n%s", private, event.Description)
		}
	}

	d.ana.Answer(event.ID, "accepted")
	d.until(d.now().Add(time.Hour))
	if m := d.one(); m.Meeting.PartStat != "ACCEPTED" {
		t.Errorf("after her yes on the calendar: %q", m.Meeting.PartStat)
	}
	d.maria.MoveTo("", event.ID, event.From.Add(24*time.Hour), event.To.Add(24*time.Hour))
	d.until(d.now().Add(time.Hour))
	if at := d.ana.Events("")[0].From; !at.Equal(event.From.Add(24 * time.Hour)) {
		t.Errorf("on Ana's calendar it is at %s", at)
	}
	d.ana.Answer(event.ID, "declined")
	d.until(d.now().Add(time.Hour))
	d.stage(scheduler.Offered)
	if events := d.ana.Events(""); len(events) != 0 {
		t.Errorf("it still stands on Ana's calendar: %+v", events)
	}
	for _, m := range d.ana.Mails("INBOX") {
		if m.Head.Get("Sender") == "" && strings.Contains(string(m.Raw), "text/calendar") {
			t.Errorf("a calendar part that is not Google's: %s", m.Subject())
		}
	}
}

// invitations counts the mails to Ana with a calendar part of that method.
func (d *googleDay) invitations(method string, want int) {
	d.t.Helper()
	var got []googletest.Mail
	for _, m := range d.ana.Mails("INBOX") {
		if strings.Contains(string(m.Raw), "method="+method) || strings.Contains(string(m.Raw), "METHOD:"+method) {
			got = append(got, m)
		}
	}
	if len(got) != want {
		for _, m := range got {
			d.t.Logf("from %s: %s", m.Head.Get("From"), m.Subject())
		}
		d.t.Errorf("%d mails of method %s, want %d", len(got), method, want)
	}
}
