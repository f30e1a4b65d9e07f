package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/scheduler/slots"
)

type slotsBusy = slots.Busy

// commit makes what is saved from a decision, every mail in its final bytes; nil when
// there is nothing to save.
func (e *Engine) commit(ctx context.Context, d *desk, dec scheduler.Decision, in input, now time.Time) (*ledger.Commit, error) {
	s := dec.State
	c := &ledger.Commit{
		Organizer: s.Organizer.ID, Team: s.Team.Name, Version: d.version, At: now, Wake: s.Wake(now),
		History: dec.History, Settled: in.settled, ClaimName: s.Organizer.Name,
	}
	changed := !c.Wake.Equal(d.wake) || in.settled != nil || in.seen != "" || len(dec.History)+len(dec.Effects) > 0
	if in.seen != "" {
		c.Seen = []string{in.seen}
	}
	for _, id := range dec.Standings {
		if slices.Contains(dec.Forget, id) {
			continue // what is erased is not written anew
		}
		c.Standings = append(c.Standings, s.Standings[id])
	}
	for _, id := range dec.OneToOnes {
		if m := s.OneToOnes[id]; !slices.Contains(dec.Forget, m.Person) {
			c.OneToOnes = append(c.OneToOnes, m)
		}
	}
	for _, id := range dec.Steps {
		if st := s.Steps[id]; !slices.Contains(dec.Forget, st.Person) {
			c.Steps = append(c.Steps, st)
		}
	}
	c.History = slices.DeleteFunc(slices.Clone(c.History), func(h scheduler.Entry) bool { return slices.Contains(dec.Forget, h.Person) })
	if dec.Desk {
		desk := s.Desk
		c.Desk = &desk
	}
	people := func(ids []scheduler.PersonID) (keys []ledger.PersonKeys) {
		for _, id := range ids {
			keys = append(keys, keysOf([]scheduler.Person{s.People[id]})...)
		}
		return keys
	}
	c.Claims, c.Releases, c.Bars, c.Forget = people(dec.Claims), people(dec.Releases), people(dec.Bars), people(dec.Forget)
	changed = changed || len(c.Standings)+len(c.OneToOnes)+len(c.Steps)+len(c.Claims)+len(c.Bars) > 0 || dec.Desk
	if !changed {
		return nil, nil
	}
	var err error
	c.Cursors = in.cursors
	if c.Revoked, c.Withdrawn, err = e.revoked(ctx, d, dec.Revoked, now); err != nil {
		return nil, err
	}
	for _, eff := range dec.Effects {
		entry, err := e.entry(ctx, d, eff, now)
		if err != nil {
			return nil, err
		}
		c.Effects = append(c.Effects, entry)
	}
	return c, nil
}

// entry is an effect as it is kept: a mail in its final bytes, an event as it is to stand.
// Words that cannot be rendered do not stop everything else: the effect is kept without
// bytes, which Deliver reports as failed.
func (e *Engine) entry(ctx context.Context, d *desk, eff scheduler.Effect, now time.Time) (ledger.Entry, error) {
	out := ledger.Entry{
		Key: eff.Key, Lane: lane(d, eff), OneToOne: eff.OneToOne, Person: eff.Person, State: ledger.Planned,
		Next: eff.After, Expires: eff.Expires, At: now, Answers: eff.Thread, Remove: eff.Remove, Put: eff.Put,
	}
	if eff.Put != nil {
		put := *eff.Put
		out.Put = &put
		about := eff.About
		if about != nil && d.account.InvitesByCalendar && len(put.Attendees) > 0 { // the guest reads it as well
			shared := about.ForPerson()
			about = &shared
		}
		if err := describe(d, out.Put, about); err != nil {
			out.Cause = err.Error()
			out.Put.Title = "Meeting"
		}
	}
	if eff.Letter == nil {
		return out, nil
	}
	out.Kind, out.MessageID, out.Token = eff.Letter.Kind, eff.MessageID, eff.Letter.Token
	out.From, out.To = d.account.Organizer.Address, eff.Thread.To
	th, err := e.threadOf(ctx, d, eff)
	if err != nil { // the store's trouble is none of the mail's: all is decided again
		return out, err
	}
	if err := e.mail(d, eff, th, &out, now); err != nil {
		e.log.Error("a mail cannot be written", "kind", out.Kind, "meeting", out.OneToOne, "err", err)
		out.Raw, out.Cause = nil, err.Error()
	}
	return out, nil
}

// lane puts what belongs to one round in order; mails about nobody each go by themselves.
// So do mails that wait for the organizer to send them: the calendar, the brief and the
// mail that asks how it went must not wait as well.
func lane(d *desk, eff scheduler.Effect) string {
	if eff.OneToOne == "" || d.account.LeavesDrafts && eff.Letter != nil && !eff.Thread.Own {
		return eff.Key
	}
	return string(eff.OneToOne)
}

// threadOf is the thread that a mail goes on with; nil when it begins one, or that one is not known.
func (e *Engine) threadOf(ctx context.Context, d *desk, eff scheduler.Effect) (*ledger.Thread, error) {
	if eff.Root == "" {
		return nil, nil
	}
	th, err := e.lookUp(ctx, d, []string{eff.Root})
	if err != nil {
		return nil, fmt.Errorf("read a thread: %w", err)
	}
	return th, nil
}

// mail renders and composes a letter; th is the thread that it goes on with.
func (e *Engine) mail(d *desk, eff scheduler.Effect, th *ledger.Thread, out *ledger.Entry, now time.Time) error {
	l := *eff.Letter
	if l.Inner != nil {
		preview, err := d.account.Renderer.Render(*l.Inner)
		if err != nil {
			return err
		}
		l.Preview = &preview
	}
	words, err := d.account.Renderer.Render(l)
	if err != nil {
		return err
	}
	msg := scheduler.Outgoing{
		Key: eff.Key, From: scheduler.Address{Name: d.account.Organizer.Name, Addr: d.account.Organizer.Address},
		To:        scheduler.Address{Name: d.account.Organizer.Name, Addr: eff.Thread.To},
		MessageID: eff.MessageID, Date: now.In(d.account.Organizer.Zone), Rendered: words,
		Auto: eff.Thread.Own, Unsubscribe: l.ToPerson && recurring(l.Kind),
	}
	if l.ToPerson {
		msg.To.Name = l.Person.Name
	}
	if eff.Root != "" {
		reply(eff, th, &msg, out)
	}
	out.Subject = msg.Rendered.Subject
	// One invitation only: where the calendar sends them, the letter goes without one.
	if eff.Invite != nil && (!d.account.InvitesByCalendar || eff.Invite.Method == "PUBLISH") {
		inv := *eff.Invite
		if eff.About != nil && len(inv.Todos) == 0 {
			if err := describe(d, &inv.Event, eff.About); err != nil {
				return err
			}
		}
		msg.Invite = &inv
	}
	out.Raw, err = e.composer.Compose(msg)
	return err
}

// reply puts a mail into the thread that it belongs to: same subject, References (RFC 5322 3.6.4).
func reply(eff scheduler.Effect, th *ledger.Thread, msg *scheduler.Outgoing, out *ledger.Entry) {
	msg.InReplyTo = eff.Reply
	msg.References = []string{eff.Root}
	if eff.Reply != eff.Root && eff.Reply != "" {
		msg.References = append(msg.References, eff.Reply)
	}
	if th == nil {
		return
	}
	out.Thread = th.Provider
	if th.Subject != "" && continues(eff.Letter.Kind) {
		msg.Rendered.Subject = "Re: " + strings.TrimPrefix(th.Subject, "Re: ")
	}
}

// describe gives an event its words.
func describe(d *desk, ev *scheduler.CalendarEvent, about *scheduler.Letter) error {
	if about == nil {
		return nil
	}
	l := *about
	if l.Meeting == nil && ev.Tentative { // a hold
		l.Meeting = &scheduler.Meeting{Interval: slots.Interval{From: ev.From, To: ev.To}, Zone: ev.Zone, Mode: l.OneToOne.Mode}
	}
	title, text, html, err := d.account.Renderer.Event(l)
	if err != nil {
		return err
	}
	if ev.Title == "" {
		ev.Title = title
	}
	ev.Text, ev.HTML = text, html
	return nil
}

// continues says whether a mail goes on with what the thread's first one was about, and so
// keeps its subject. Invites, reminders, summaries and promises have subjects of their own,
// which say on a locked phone what they are about.
func continues(k scheduler.MailKind) bool {
	switch k {
	case scheduler.MailNudge, scheduler.MailCounter, scheduler.MailWelcome, scheduler.MailMissed:
		return true
	}
	return false
}

// recurring kinds carry List-Unsubscribe.
func recurring(k scheduler.MailKind) bool {
	switch k {
	case scheduler.MailOffer, scheduler.MailNudge, scheduler.MailWelcome, scheduler.MailCheckIn, scheduler.MailStepAsk:
		return true
	}
	return false
}

// keysOf is by what people are known across organizers.
func keysOf(people []scheduler.Person) (out []ledger.PersonKeys) {
	for _, p := range people {
		k := ledger.PersonKeys{Person: p.ID}
		for _, a := range p.Addresses {
			k.Keys = append(k.Keys, strings.ToLower(a))
		}
		if len(k.Keys) == 0 && p.Phone != "" {
			k.Keys = append(k.Keys, "tel:"+strings.Map(digits, p.Phone))
		}
		out = append(out, k)
	}
	return out
}

func digits(r rune) rune {
	if r >= '0' && r <= '9' || r == '+' {
		return r
	}
	return -1
}

// emptyCommit changes nothing but how far a source was read.
func emptyCommit(d *desk, now time.Time) ledger.Commit {
	c := ledger.Commit{Organizer: d.account.Organizer.ID, Team: d.account.Team.Name, Version: d.version, At: now,
		Wake: d.wake, ClaimName: d.account.Organizer.Name}
	if !d.decided.Equal(now) {
		c.Wake = d.state.Wake(now)
	}
	return c
}
