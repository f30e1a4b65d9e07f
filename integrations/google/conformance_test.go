package google_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"encoding/json"

	"indy/integrations/google"
	"indy/integrations/google/googletest"
	"indy/integrations/integrationtest"
	"indy/scheduler"
)

func TestConformance(t *testing.T) {
	for _, byGoogle := range []bool{false, true} {
		t.Run(fmt.Sprintf("invites by Google %t", byGoogle), func(t *testing.T) {
			integrationtest.Run(t, func(t *testing.T) integrationtest.World {
				// The suite's answers have other subjects than what they answer.
				w := newWorldWith(t, googletest.Options{AnyThread: true}, func(o *google.Options) { o.Google = byGoogle })
				p := &place{world: w, team: w.maria.AddCalendar("Team", "America/Los_Angeles")}
				w.o.Busy = []string{p.team}
				w.signIn()
				return p
			})
		})
	}
}

// place is the suite's world: Maria's account on the fake.
type place struct {
	*world
	team string
}

func (p *place) opened(t *testing.T) *google.Account {
	o := p.o
	// Watching is real: its waits end with their context, not by the world's clock.
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		if d > time.Minute {
			<-ctx.Done()
			return ctx.Err()
		}
		return p.o.Sleep(ctx, d)
	}
	a, err := google.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (p *place) Mailbox(t *testing.T) integrationtest.Mailbox { return p.opened(t).Mailbox() }
func (p *place) Calendar(t *testing.T) integrationtest.Calendar {
	return longer{p.opened(t).Calendar()}
}
func (p *place) Organizer() string    { return maria }
func (p *place) Now() time.Time       { return p.clock }
func (p *place) Pass(d time.Duration) { p.pass(d) }

func (p *place) Deliver(t *testing.T, from string, raw []byte) { p.g.Receive(maria, raw) }

func (p *place) WriteByHand(t *testing.T, to string, raw []byte) { p.maria.Send(raw) }

func (p *place) Received(t *testing.T, address string) (list [][]byte) {
	u := p.g.User(address)
	if u == nil {
		for _, l := range p.g.Outside(address) {
			list = append(list, l.Raw)
		}
		return list
	}
	for _, m := range u.Mails("INBOX") {
		if !strings.Contains(m.Head.Get("Sender"), "calendar-notification") {
			list = append(list, m.Raw)
		}
	}
	return list
}

func (p *place) CutSend(t *testing.T, after bool) {
	p.g.Inject(googletest.Fault{Method: "gmail.users.drafts.send", CutBefore: !after, CutAfter: after})
}

func (p *place) CutWithdraw(t *testing.T, after bool) {
	p.g.Inject(googletest.Fault{Method: "gmail.users.drafts.delete", CutBefore: !after, CutAfter: after})
}

func (p *place) Mend(t *testing.T, words string) { p.maria.MendDraft(p.maria.Mails("DRAFT")[0], words) }

func (p *place) Staged(t *testing.T) int { return len(p.maria.Mails("DRAFT")) }

// longID makes ids of the suite as long as Google wants them: five characters at least.
func longID(id string) string { return id + "00000" }

func (p *place) Stands(t *testing.T, id string) (scheduler.CalendarEvent, bool) {
	c := p.opened(t).Calendar()
	for _, e := range p.maria.Events("") {
		if e.ID == longID(id) {
			changed, _, err := c.Changes(t.Context(), "", []scheduler.EventRef{{ID: e.ID, ETag: "none"}})
			if err != nil || len(changed) != 1 {
				t.Fatalf("read the event: %v, %v", changed, err)
			}
			return short(changed[0].Event), true
		}
	}
	return scheduler.CalendarEvent{}, false
}

func (p *place) Edit(t *testing.T, id string, change func(*scheduler.CalendarEvent)) {
	ev, ok := p.Stands(t, id)
	if !ok {
		t.Fatalf("edit %s: it does not stand", id)
	}
	change(&ev)
	patch, err := json.Marshal(map[string]any{"summary": ev.Title, "description": ev.Text, "location": ev.Location,
		"start": map[string]any{"dateTime": ev.From.Format(time.RFC3339), "timeZone": ev.Zone}, "end": map[string]any{"dateTime": ev.To.Format(time.RFC3339), "timeZone": ev.Zone}})
	if err != nil {
		t.Fatal(err)
	}
	p.maria.Edit("", longID(id), string(patch))
}

func (p *place) Delete(t *testing.T, id string) { p.maria.Delete("", longID(id)) }

func (p *place) Meet(t *testing.T, besides bool, m integrationtest.Meeting) {
	calendar := ""
	if besides {
		calendar = p.team
	}
	p.book(t, p.maria, calendar, m)
}

func (p *place) book(t *testing.T, u *googletest.User, calendar string, m integrationtest.Meeting) {
	at := func(x time.Time) map[string]any {
		if m.AllDay {
			return map[string]any{"date": x.Format(time.DateOnly)}
		}
		return map[string]any{"dateTime": x.In(zone(m.Zone)).Format(time.RFC3339), "timeZone": m.Zone}
	}
	body := map[string]any{"summary": m.Title, "start": at(m.From), "end": at(m.To)}
	if m.Rule != "" {
		body["recurrence"] = []string{"RRULE:" + m.Rule}
	}
	if m.Free {
		body["transparency"] = "transparent"
	}
	if m.Declined {
		body["attendees"] = []any{map[string]any{"email": maria, "responseStatus": "declined"}}
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	u.Add(calendar, string(b))
}

func (p *place) Share(t *testing.T, address string, list ...integrationtest.Meeting) {
	u := p.g.User(address)
	u.Share("", maria, "freeBusyReader")
	for _, m := range list {
		p.book(t, u, "", m)
	}
}

func (p *place) Injure(t *testing.T) { p.maria.DeleteCalendar(p.team) }

// longer is the calendar under ids that Google takes.
type longer struct{ *google.Calendar }

func (l longer) Put(ctx context.Context, ev scheduler.CalendarEvent) (string, error) {
	ev.ID = longID(ev.ID)
	return l.Calendar.Put(ctx, ev)
}

func (l longer) Remove(ctx context.Context, ref scheduler.EventRef) error {
	ref.ID = longID(ref.ID)
	return l.Calendar.Remove(ctx, ref)
}

func (l longer) Changes(ctx context.Context, cursor string, watched []scheduler.EventRef) ([]scheduler.CalendarChange, string, error) {
	long := make([]scheduler.EventRef, len(watched))
	for i, w := range watched {
		long[i] = scheduler.EventRef{ID: longID(w.ID), ETag: w.ETag}
	}
	changed, next, err := l.Calendar.Changes(ctx, cursor, long)
	for i := range changed {
		changed[i].ID = strings.TrimSuffix(changed[i].ID, longID(""))
		changed[i].Event = short(changed[i].Event)
	}
	return changed, next, err
}

func short(ev scheduler.CalendarEvent) scheduler.CalendarEvent {
	ev.ID = strings.TrimSuffix(ev.ID, longID(""))
	return ev
}
