package google

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/gmail/v1"

	"indy/scheduler"
)

// Finding is what trying one part of the account showed.
type Finding struct {
	Part  string // "sign-in", "Gmail", "calendar work"
	OK    bool
	Found string // what was seen, or what is wrong
	Hint  string // what to do about it
}

// maxSkew is how far the machine's clock may be from Google's.
const maxSkew = 2 * time.Minute

// Check tries every part of the account and says how to mend what fails. It changes
// nothing; with mailToSelf it sends the organizer one mail.
func Check(ctx context.Context, o Options, mailToSelf bool) []Finding {
	a, err := Open(o)
	if err != nil {
		return []Finding{{Part: "sign-in", Found: err.Error(), Hint: "see docs/google-setup.md"}}
	}
	k := &checks{a: a, ctx: ctx}
	if !k.signIn() {
		return k.found
	}
	k.scopes()
	if k.mailbox() {
		k.labels()
		if mailToSelf {
			k.mail()
		}
	}
	if lists, ok := k.lists(); ok {
		k.calendars(lists)
		k.freeBusy(lists)
	}
	return k.found
}

type checks struct {
	a     *Account
	ctx   context.Context
	found []Finding
}

func (k *checks) good(part, note string) {
	k.found = append(k.found, Finding{Part: part, OK: true, Found: note})
}

// bad tells an error in words for people. api names the API that was called and scope
// what the call needs.
func (k *checks) bad(part string, err error, api, scope string) {
	f := Finding{Part: part, Found: err.Error()}
	var known *scheduler.Failure
	if errors.As(err, &known) {
		f.Hint = known.Hint
	}
	var refusal *Refusal
	errors.As(err, &refusal)
	switch {
	case refusal == nil:
	case refusal.Reason == "insufficientPermissions" || refusal.Reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
		f.Found = "not granted: " + inWords(scope)
		f.Hint = `run "indy login" and tick every box`
		if len(k.a.o.ServiceAccount) > 0 {
			f.Hint = "the Workspace's administrator must add this scope to the service account's delegation: " + scope
		}
	case refusal.Reason == "accessNotConfigured" || refusal.Reason == "SERVICE_DISABLED":
		f.Found = "the " + api + " is not turned on in your cloud project"
		f.Hint = "in the cloud console open \"APIs & Services\", \"Library\", look for \"" + api + "\" and press \"Enable\"; it can take some minutes"
	case refusal.Status == http.StatusUnauthorized:
		f.Hint = `run "indy login"`
	}
	k.found = append(k.found, f)
}

func (k *checks) signIn() bool {
	s := k.a.session
	if _, err := s.token(k.ctx, ""); err != nil {
		var refusedGrant *scheduler.Failure
		f := Finding{Part: "sign-in", Found: err.Error()}
		if errors.As(err, &refusedGrant) {
			f.Hint = refusedGrant.Hint
		}
		if since := s.kept().Since; strings.Contains(err.Error(), "invalid_grant") && !since.IsZero() {
			age := int(s.o.Now().Sub(since) / (24 * time.Hour))
			f.Found = fmt.Sprintf("access was withdrawn or has expired; you signed in %d days ago", age)
			if age >= 6 && age <= 8 {
				f.Hint = `run "indy login". Seven days is how long Google lets apps in "Testing" stay signed in: set yours to "Internal" or "In production" (docs/google-setup.md)`
			}
		}
		k.found = append(k.found, f)
		return false
	}
	how := "with a service account"
	if since := s.kept().Since; !since.IsZero() {
		how = "since " + since.In(s.o.Zone).Format(time.DateOnly)
	}
	k.good("sign-in", how)
	return true
}

func (k *checks) scopes() {
	granted := k.a.session.kept().Scopes
	if len(granted) == 0 {
		return // the calls below will show
	}
	lacking := missing(k.a.o.Scopes(), granted)
	if len(lacking) == 0 {
		k.good("permissions", fmt.Sprintf("all %d", len(k.a.o.Scopes())))
		return
	}
	k.found = append(k.found, Finding{Part: "permissions", Found: "not granted: " + strings.Join(lacking, "; "), Hint: `run "indy login" and tick every box`})
}

func (k *checks) readScope() string {
	if k.a.o.Labels {
		return scopeModify
	}
	return scopeRead
}

func (k *checks) mailbox() bool {
	profile, err := k.a.gmail.Users.GetProfile(me).Fields("emailAddress").Context(k.ctx).Do()
	if err != nil {
		k.bad("Gmail", k.a.fail("open the mailbox", err, false), "Gmail API", k.readScope())
		return false
	}
	k.clock(profile.ServerResponse.Header)
	if k.a.isOwn(profile.EmailAddress) || k.sendsAs(profile.EmailAddress) {
		k.good("Gmail", profile.EmailAddress)
		return true
	}
	k.found = append(k.found, Finding{Part: "Gmail", Found: "this is the account of " + profile.EmailAddress + ", not of " + k.a.o.Address,
		Hint: `run "indy login" and choose ` + k.a.o.Address + ", or change the organizer's address in the config"})
	return false
}

// sendsAs says whether the configured address is one that the account may write from.
func (k *checks) sendsAs(string) bool {
	list, err := k.a.gmail.Users.Settings.SendAs.List(me).Fields("sendAs(sendAsEmail,verificationStatus)").Context(k.ctx).Do()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(list.SendAs, func(s *gmail.SendAs) bool {
		return strings.EqualFold(s.SendAsEmail, k.a.o.Address) && (s.VerificationStatus == "" || s.VerificationStatus == "accepted")
	})
}

func (k *checks) clock(h http.Header) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	if skew := k.a.o.Now().Sub(theirs); skew > maxSkew || skew < -maxSkew {
		k.found = append(k.found, Finding{Part: "clock", Found: fmt.Sprintf("this machine's clock is off by %s", skew.Round(time.Second)), Hint: "let the machine set its clock by the network"})
		return
	}
	k.good("clock", "right")
}

func (k *checks) labels() {
	if !k.a.o.Labels {
		return
	}
	if _, err := k.a.gmail.Users.Labels.List(me).Fields("labels(id)").Context(k.ctx).Do(); err != nil {
		k.bad("labels", k.a.fail("read the labels", err, false), "Gmail API", scopeModify)
		return
	}
	k.good("labels", "can be set")
}

// mail sends the organizer a mail by the way that all mails go.
func (k *checks) mail() {
	now := k.a.o.Now()
	id := fmt.Sprintf("indy-check-%d@%s", now.UnixNano(), domainOf(k.a.o.Address))
	raw := "From: " + k.a.o.Address + "\r\nTo: " + k.a.o.Address + "\r\nSubject: indy can write to you\r\n" +
		"Date: " + now.Format(time.RFC1123Z) + "\r\nMessage-ID: <" + id + ">\r\nAuto-Submitted: auto-generated\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis mail was sent by \"indy check\". Nothing is to be done.\r\n"
	out := scheduler.Parcel{Key: "check", From: k.a.o.Address, To: k.a.o.Address, MessageID: id, Raw: []byte(raw)}
	ref, err := k.a.mailbox.Stage(k.ctx, out)
	if err == nil {
		_, err = k.a.mailbox.Send(k.ctx, out, ref)
	}
	if err != nil {
		scope := scopeCompose
		if k.a.o.Labels {
			scope = scopeModify
		}
		k.bad("sending", err, "Gmail API", scope)
		return
	}
	k.good("sending", "a mail to yourself is on its way")
}

func domainOf(address string) string {
	_, d, _ := strings.Cut(address, "@")
	return d
}

func (k *checks) lists() (all []*calendar.CalendarListEntry, ok bool) {
	for page := ""; ; {
		call := k.a.calendar.CalendarList.List().MaxResults(250).ShowHidden(true).
			Fields("nextPageToken,items(id,summary,timeZone,accessRole,primary)").Context(k.ctx)
		if page != "" {
			call.PageToken(page)
		}
		res, err := call.Do()
		if err != nil {
			k.bad("calendars", k.a.fail("read the list of calendars", err, false), "Google Calendar API", scopeLists)
			return nil, false
		}
		all = append(all, res.Items...)
		if page = res.NextPageToken; page == "" {
			return all, true
		}
	}
}

func entryOf(all []*calendar.CalendarListEntry, id string) *calendar.CalendarListEntry {
	i := slices.IndexFunc(all, func(e *calendar.CalendarListEntry) bool { return e.Id == id || id == "primary" && e.Primary })
	if i < 0 {
		return nil
	}
	return all[i]
}

// known are the calendars there are, for somebody who has mistyped one.
func known(all []*calendar.CalendarListEntry) string {
	var b []string
	for _, e := range all {
		b = append(b, fmt.Sprintf("%q (%s)", e.Id, e.Summary))
	}
	return strings.Join(b, ", ")
}

// calendars looks at the one that indy writes to.
func (k *checks) calendars(all []*calendar.CalendarListEntry) {
	part := "calendar " + k.a.o.Calendar
	entry := entryOf(all, k.a.o.Calendar)
	if entry == nil {
		k.found = append(k.found, Finding{Part: part, Found: "it is not among your calendars", Hint: "there are " + known(all)})
		return
	}
	if entry.AccessRole != "owner" && entry.AccessRole != "writer" {
		k.found = append(k.found, Finding{Part: part, Found: "you may read it, and not change it", Hint: `ask its owner for "Make changes to events", or choose another one in the config`})
		return
	}
	if _, err := k.a.calendar.Events.List(k.a.o.Calendar).MaxResults(1).TimeMin(k.a.o.Now().UTC().Format(time.RFC3339)).Fields("items(id)").Context(k.ctx).Do(); err != nil {
		k.bad(part, k.a.cal.gone("read the calendar", err, false), "Google Calendar API", scopeEvents)
		return
	}
	k.good(part, entry.Summary)
	if zone, err := time.LoadLocation(entry.TimeZone); err == nil && !sameClock(zone, k.a.o.Zone, k.a.o.Now()) {
		k.found = append(k.found, Finding{Part: "time zone", Found: fmt.Sprintf("the calendar is in %s and the config says %s", entry.TimeZone, k.a.o.Zone), Hint: "change the one that is wrong"})
		return
	}
	k.good("time zone", entry.TimeZone)
}

// sameClock says whether two zones show the same time over the coming year.
func sameClock(a, b *time.Location, now time.Time) bool {
	for d := range 366 {
		t := now.AddDate(0, 0, d)
		_, x := t.In(a).Zone()
		if _, y := t.In(b).Zone(); x != y {
			return false
		}
	}
	return true
}

func (k *checks) freeBusy(all []*calendar.CalendarListEntry) {
	ids := append([]string{k.a.o.Calendar}, k.a.o.Busy...)
	now := k.a.o.Now()
	for chunk := range slices.Chunk(ids, freebusyCalendarsCall) {
		seen, err := k.a.cal.freeBusy(k.ctx, chunk, now, now.Add(24*time.Hour))
		if err != nil {
			k.bad("free/busy", err, "Google Calendar API", scopeFreeBusy)
			return
		}
		for _, id := range chunk {
			if b, ok := seen[id]; ok && b.err == "" {
				continue
			}
			if id == k.a.o.Calendar {
				continue // said above
			}
			k.found = append(k.found, Finding{Part: "calendar " + id, Found: "it was deleted, is no longer shared with you, or is mistyped", Hint: "there are " + known(all)})
		}
	}
	if len(k.a.o.Busy) > 0 && !slices.ContainsFunc(k.found, func(f Finding) bool { return strings.HasPrefix(f.Part, "calendar ") && !f.OK }) {
		k.good("free/busy", fmt.Sprintf("%d calendars", len(ids)))
	}
}
