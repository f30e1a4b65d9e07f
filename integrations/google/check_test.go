package google_test

import (
	"strings"
	"testing"
	"time"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
)

// said are the findings as lines: "part: problem | hint", or "part ok".
func said(found []google.Finding) (lines []string) {
	for _, f := range found {
		if f.OK {
			lines = append(lines, f.Part+" ok")
		} else {
			lines = append(lines, f.Part+": "+f.Found+" | "+f.Hint)
		}
	}
	return lines
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*world)
		want string // a piece of one line; every other line must be ok, or it is "*"
		part string
	}{
		{"all well", func(w *world) {}, "", ""},
		{"API off", func(w *world) { w.g.Disable("gmail") }, `Gmail: the Gmail API is not turned on in your cloud project | in the cloud console`, ""},
		{"calendar API off", func(w *world) { w.g.Disable("calendar") }, `the Google Calendar API is not turned on`, ""},
		{"one scope", func(w *world) { w.g.RevokeScope(maria, "https://www.googleapis.com/auth/calendar.freebusy") }, `free/busy: not granted: Calendar: free/busy (calendar.freebusy) | run "indy login"`, "permissions"},
		{"another", func(w *world) {
			w.g.RevokeScope(maria, "https://www.googleapis.com/auth/calendar.calendarlist.readonly")
		}, `calendars: not granted: Calendar: the list of calendars (calendar.calendarlist.readonly)`, "permissions"},
		{"events", func(w *world) { w.g.RevokeScope(maria, "https://www.googleapis.com/auth/calendar.events") }, `calendar primary: not granted: Calendar: see and change events (calendar.events)`, "permissions"},
		{"withdrawn", func(w *world) { w.g.Revoke(maria) }, `sign-in: access was withdrawn or has expired; you signed in 0 days ago | run "indy login"`, ""},
		{"wrong account", func(w *world) { w.o.Address, w.o.Name = "m.lopez@example.org", maria }, `Gmail: this is the account of maria@example.org, not of m.lopez@example.org | run "indy login" and choose m.lopez@example.org`, ""},
		{"mistyped calendar", func(w *world) { w.o.Calendar = "teem" }, `calendar teem: it is not among your calendars | there are "maria@example.org" (Maria Lopez)`, ""},
		{"deleted calendar", func(w *world) {
			id := w.maria.AddCalendar("Team", "UTC")
			w.o.Busy = []string{id}
			w.maria.DeleteCalendar(id)
		}, `it was deleted, is no longer shared with you, or is mistyped | there are`, ""},
		{"only reading", func(w *world) {
			id := w.ana.AddCalendar("Shared", "America/Los_Angeles")
			w.ana.Share(id, maria, "reader")
			w.o.Calendar = id
		}, `you may read it, and not change it | ask its owner`, ""},
		{"zone", func(w *world) { w.o.Zone = zone("America/New_York") }, `time zone: the calendar is in America/Los_Angeles and the config says America/New_York`, ""},
		{"clock", func(w *world) {
			at := w.o.Now
			w.o.Now = func() time.Time { return at().Add(-10 * time.Minute) }
		}, `clock: this machine's clock is off by -10m0s`, ""},
		{"nobody", func(w *world) { w.o.Tokens = google.Files(w.t.TempDir()) }, `sign-in: sign in to Google: nobody has signed in yet | run "indy login"`, ""},
		{"no client", func(w *world) { w.o.Client = nil }, `neither an OAuth client nor a service account's key is given | see docs/google-setup.md`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.do(w)
			lines := said(google.Check(t.Context(), w.o, c.want == ""))
			found := c.want == ""
			for _, l := range lines {
				switch {
				case c.want != "" && strings.Contains(l, c.want):
					found = true
				case !strings.HasSuffix(l, " ok") && (c.part == "" || !strings.HasPrefix(l, c.part)):
					t.Errorf("besides: %s", l)
				}
			}
			if !found {
				t.Errorf("not said: %s\n%s", c.want, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestCheckMailsTheOrganizerOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	google.Check(t.Context(), w.o, false)
	if len(w.maria.Mails("SENT")) != 0 || len(w.maria.Mails("DRAFT")) != 0 || len(w.maria.Labels()) != 0 || len(w.maria.Events("")) != 0 {
		t.Error("checking changed something")
	}
	google.Check(t.Context(), w.o, true)
	if got := w.maria.Mails("INBOX"); len(got) != 1 || got[0].Subject() != "indy can write to you" {
		t.Errorf("%d mails", len(got))
	}
	w.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", Status: 403, Reason: "insufficientPermissions"})
	if lines := said(google.Check(t.Context(), w.o, true)); !strings.Contains(strings.Join(lines, "\n"), "sending: not granted: Gmail: read, compose and send (gmail.modify)") {
		t.Error(lines)
	}
}

func TestAnAliasIsNoWrongAccount(t *testing.T) {
	w := newWorld(t)
	w.maria.SendsAs("organizing@example.org")
	w.o.Address, w.o.Name = "organizing@example.org", maria
	for _, l := range said(google.Check(t.Context(), w.o, false)) {
		if !strings.HasSuffix(l, " ok") {
			t.Error(l)
		}
	}
}

func TestSmallerScopesDo(t *testing.T) {
	w := newWorld(t, func(o *google.Options) { o.Labels = false })
	if got := strings.Join(w.o.Scopes(), " "); strings.Contains(got, "gmail.modify") {
		t.Fatal(got)
	}
	for _, l := range said(google.Check(t.Context(), w.o, true)) {
		if !strings.HasSuffix(l, " ok") {
			t.Error(l)
		}
	}
	_, cursor := w.fetch("")
	w.ana.Write(maria, "hello", "…")
	if mails, _ := w.fetch(cursor); len(mails) != 1 {
		t.Error(len(mails))
	}
	w.send(parcel(ana, "offer", "…"))
}
