package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// crash is the death of the process, thrown at a boundary to the outside.
type crash struct{}

// faults decides, from the seed, at which boundaries the process dies or the outside fails.
type faults struct {
	rnd    func(n int) int
	rate   int  // one in rate boundaries; 0: never
	smooth bool // the outside never fails; only the process dies
	at     int  // die at exactly this boundary; 0: by rate
	count  int
	killed int
}

// boundary is called before and after everything that reaches the outside.
func (f *faults) boundary() {
	f.count++
	if f.at > 0 && f.count == f.at || f.at == 0 && f.rate > 0 && f.rnd(f.rate) == 0 {
		f.killed++
		panic(crash{})
	}
}

// trouble says whether this call is to fail, and with what.
func (f *faults) trouble() error {
	if f.rate == 0 || f.smooth || f.rnd(f.rate) != 0 {
		return nil
	}
	switch f.rnd(3) {
	case 0:
		return &scheduler.Failure{Kind: scheduler.Again, Err: fmt.Errorf("try later")}
	case 1:
		return &scheduler.Failure{Kind: scheduler.NoAccess, Err: fmt.Errorf("signed out")}
	}
	return &scheduler.Failure{Kind: scheduler.InDoubt, Err: fmt.Errorf("connection lost")}
}

// seenLetter is what a reader makes of the words of a mail.
type seenLetter struct {
	Kind     scheduler.MailKind
	Token    string
	ToPerson bool
	Person   scheduler.PersonID
	Slots    []slots.Interval
	Steps    []string
	Meeting  *slots.Interval
	Reason   scheduler.Reason
	Text     string
}

// plain renders letters for readers that are programs.
type plain struct{}

func (plain) Render(l scheduler.Letter) (scheduler.Rendered, error) {
	s := seenLetter{Kind: l.Kind, Token: l.Token, ToPerson: l.ToPerson, Person: l.Person.ID, Reason: l.Reason}
	for _, x := range l.Slots {
		s.Slots = append(s.Slots, x.Interval)
	}
	for _, x := range l.Steps {
		s.Steps = append(s.Steps, x.Action)
	}
	if l.Meeting != nil {
		s.Meeting = &l.Meeting.Interval
	}
	all, err := json.Marshal(l) // whatever a template could print must be fit to be seen
	if err != nil {
		return scheduler.Rendered{}, err
	}
	if l.ToPerson {
		s.Text = string(all)
	}
	b, err := json.Marshal(s)
	return scheduler.Rendered{Subject: "about " + string(l.Kind), Text: string(b)}, err
}

func (plain) Event(l scheduler.Letter) (title, text, html string, err error) {
	all, err := json.Marshal(l)
	if !l.ToPerson {
		all = nil
	}
	return "Coffee", string(all), "", err
}

// bytesOf composes for simBox.
type bytesOf struct{}

func (bytesOf) Compose(o scheduler.Outgoing) ([]byte, error) { return json.Marshal(o) }

// delivery is a mail that somebody got.
type delivery struct {
	at   time.Time
	to   string
	out  scheduler.Outgoing
	seen seenLetter
}

// simBox is an organizer's mailbox and everybody else's: what is sent is at once received.
type simBox struct {
	w      *world
	drafts map[string]bool
	sent   map[string]scheduler.Sent // by key
	in     []scheduler.Mail
	blind  bool                   // Find cannot tell
	staged func(scheduler.Parcel) // told of each draft, in a world where the organizer sends them
	mended map[string]bool        // drafts that the organizer has written into, by key
}

func (b *simBox) Fetch(_ context.Context, cursor string, want func(scheduler.Head) bool) (mails []scheduler.Mail, next string, err error) {
	if err := b.w.faults.trouble(); err != nil {
		return nil, "", err
	}
	from, _ := strconv.Atoi(cursor)
	for _, m := range b.in[from:] {
		if want(m.Head) {
			mails = append(mails, m)
		}
	}
	return mails, strconv.Itoa(len(b.in)), nil
}

func (b *simBox) Stage(_ context.Context, p scheduler.Parcel) (string, error) {
	b.w.faults.boundary()
	if err := b.w.faults.trouble(); err != nil {
		return "", err
	}
	if !b.drafts[p.Key] && b.staged != nil {
		b.staged(p)
	}
	b.drafts[p.Key] = true
	b.w.faults.boundary()
	return "draft of " + p.Key, nil
}

func (b *simBox) Send(_ context.Context, p scheduler.Parcel, ref string) (scheduler.Sent, error) {
	b.w.faults.boundary()
	err := b.w.faults.trouble()
	if err != nil && scheduler.FailureOf(err) != scheduler.InDoubt {
		return scheduler.Sent{}, err
	}
	if err != nil && b.w.rnd.IntN(2) == 0 {
		return scheduler.Sent{}, err // lost before it arrived
	}
	sent := b.send(p)
	b.w.faults.boundary()
	return sent, err // lost after it arrived, or fine
}

// send delivers a mail; a copy of it stands among what the organizer sent.
func (b *simBox) send(p scheduler.Parcel) scheduler.Sent {
	sent := scheduler.Sent{ID: "p" + strconv.Itoa(len(b.sent)), MessageID: "replaced-" + p.MessageID, Thread: "t"}
	b.w.deliver(p)
	b.sent[p.Key] = sent
	b.in = append(b.in, scheduler.Mail{Head: scheduler.Head{ID: sent.ID, MessageID: sent.MessageID, Own: true, Subject: "copy",
		From: scheduler.Address{Addr: p.From}, InReplyTo: inReplyTo(p)}})
	return sent
}

func inReplyTo(p scheduler.Parcel) []string {
	var o scheduler.Outgoing
	_ = json.Unmarshal(p.Raw, &o)
	if o.InReplyTo == "" {
		return nil
	}
	return []string{o.InReplyTo}
}

func (b *simBox) Withdraw(_ context.Context, p scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Withdrawal, error) {
	b.w.faults.boundary()
	if err := b.w.faults.trouble(); err != nil {
		return scheduler.Sent{}, scheduler.TakenBack, err
	}
	if s, ok := b.sent[p.Key]; ok {
		return s, scheduler.TooLate, nil
	}
	if b.drafts[p.Key] && b.mended[p.Key] {
		return scheduler.Sent{}, scheduler.Mended, nil
	}
	delete(b.drafts, p.Key)
	b.w.faults.boundary()
	return scheduler.Sent{}, scheduler.TakenBack, nil
}

func (b *simBox) Find(_ context.Context, p scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Found, error) {
	if b.blind {
		return scheduler.Sent{}, scheduler.CannotTell, nil
	}
	if s, ok := b.sent[p.Key]; ok {
		return s, scheduler.WasSent, nil
	}
	if !b.drafts[p.Key] { // deleted by hand
		return scheduler.Sent{}, scheduler.CannotTell, nil
	}
	return scheduler.Sent{}, scheduler.NotSent, nil
}

func (b *simBox) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

// simCalendar is one calendar that people edit as well.
type simCalendar struct {
	w      *world
	events map[string]scheduler.CalendarEvent
	other  []slots.Busy
	n      int
	gone   map[string]bool // deleted ids are never reused
}

func (c *simCalendar) Busy(_ context.Context, from, to time.Time) (out []slots.Busy, err error) {
	if err := c.w.faults.trouble(); err != nil {
		return nil, err
	}
	for _, b := range c.other {
		if b.Overlaps(slots.Interval{From: from, To: to}) {
			out = append(out, b)
		}
	}
	return out, nil
}

func (c *simCalendar) PersonBusy(context.Context, string, time.Time, time.Time) ([]slots.Busy, bool, error) {
	return nil, false, nil
}

func (c *simCalendar) Changes(_ context.Context, cursor string, watched []scheduler.EventRef) (out []scheduler.CalendarChange, next string, err error) {
	if err := c.w.faults.trouble(); err != nil {
		return nil, "", err
	}
	for _, ref := range watched {
		ev, ok := c.events[ref.ID]
		switch {
		case !ok:
			out = append(out, scheduler.CalendarChange{ID: ref.ID, Deleted: true})
		case ev.ETag != ref.ETag:
			out = append(out, scheduler.CalendarChange{ID: ref.ID, Event: ev})
		}
	}
	return out, cursor, nil
}

func (c *simCalendar) Put(_ context.Context, ev scheduler.CalendarEvent) (string, error) {
	c.w.faults.boundary()
	if err := c.w.faults.trouble(); err != nil {
		return "", err
	}
	old, stands := c.events[ev.ID]
	same := stands && old.From.Equal(ev.From) && old.To.Equal(ev.To) && old.Sequence == ev.Sequence && old.Location == ev.Location
	switch {
	case same:
		return old.ETag, nil
	case c.gone[ev.ID]:
		return "", &scheduler.Failure{Kind: scheduler.Outdated, Err: fmt.Errorf("it was deleted")}
	case stands && old.ETag != ev.ETag:
		return "", &scheduler.Failure{Kind: scheduler.Outdated, Err: fmt.Errorf("it changed")}
	}
	c.put(ev)
	c.w.faults.boundary()
	return c.events[ev.ID].ETag, nil
}

func (c *simCalendar) put(ev scheduler.CalendarEvent) {
	c.n++
	ev.ETag = strconv.Itoa(c.n)
	c.events[ev.ID] = ev
}

func (c *simCalendar) Remove(_ context.Context, ref scheduler.EventRef) error {
	c.w.faults.boundary()
	if err := c.w.faults.trouble(); err != nil {
		return err
	}
	delete(c.events, ref.ID)
	c.gone[ref.ID] = true
	c.w.faults.boundary()
	return nil
}

func (c *simCalendar) Watch(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

// deliver hands a mail to its reader and checks what must never happen.
func (w *world) deliver(p scheduler.Parcel) {
	var o scheduler.Outgoing
	if err := json.Unmarshal(p.Raw, &o); err != nil {
		w.failf("a mail that nobody can read: %v", err)
		return
	}
	d := delivery{at: w.now, to: p.To, out: o}
	if err := json.Unmarshal([]byte(o.Rendered.Text), &d.seen); err != nil {
		w.failf("a mail without words: %v", err)
	}
	w.check(d, p)
	w.mails = append(w.mails, d)
	w.read(d)
}

func (w *world) check(d delivery, p scheduler.Parcel) {
	if w.messages[p.MessageID] {
		w.failf("sent twice: %s to %s", d.seen.Kind, d.to)
	}
	w.messages[p.MessageID] = true
	if !strings.EqualFold(d.to, d.out.To.Addr) {
		w.failf("envelope and header disagree: %s, %s", d.to, d.out.To.Addr)
	}
	if d.to == organizerAddress {
		return
	}
	who := w.byAddress[d.to]
	if who == nil || who.id != d.seen.Person || !d.seen.ToPerson {
		w.failf("a mail about %s went to %s", d.seen.Person, d.to)
		return
	}
	if !who.stopHeard.IsZero() {
		w.failf("%s to %s, who said stop at %s", d.seen.Kind, who.id, who.stopHeard)
	}
	for _, private := range canaries {
		if strings.Contains(string(p.Raw), private) {
			w.failf("%q in a %s to %s", private, d.seen.Kind, who.id)
		}
	}
	w.checkCaps(who, d)
	w.checkInvite(who, d)
}

// checkCaps counts the mails that indy sends of its own accord.
func (w *world) checkCaps(who *simPerson, d delivery) {
	if !slices.Contains(unprompted, d.seen.Kind) {
		return
	}
	week, day := 1, 1
	for _, m := range w.mails {
		if m.to != d.to || !slices.Contains(unprompted, m.seen.Kind) {
			continue
		}
		if m.out.Date.After(d.out.Date.Add(-7 * 24 * time.Hour)) {
			week++
		}
		if m.out.Date.After(d.out.Date.Add(-24 * time.Hour)) {
			day++
		}
	}
	if week > w.policy.MailsPerWk || day > w.policy.MailsPerDay {
		w.failf("%d mails in a week and %d in a day to %s, the last a %s", week, day, who.id, d.seen.Kind)
	}
}

// unprompted kinds count against the caps.
var unprompted = []scheduler.MailKind{scheduler.MailOffer, scheduler.MailNudge, scheduler.MailWelcome, scheduler.MailReminder,
	scheduler.MailSummary, scheduler.MailCheckIn, scheduler.MailStepAsk, scheduler.MailMissed, scheduler.MailStepNote}

// checkInvite compares an invite with what the person could have agreed to, and with
// everything else in the organizer's day.
func (w *world) checkInvite(who *simPerson, d delivery) {
	inv := d.out.Invite
	if inv == nil || inv.Method != "REQUEST" {
		return
	}
	ev := slots.Interval{From: inv.Event.From, To: inv.Event.To}
	if d.seen.Kind == scheduler.MailInvite && !slices.ContainsFunc(who.agreed, func(iv slots.Interval) bool { return iv.Contains(ev) }) {
		w.failf("%s was invited for %s and never agreed to that", who.id, ev.From)
	}
	if d.seen.Kind == scheduler.MailUpdate && w.humanMoved[inv.Event.ID] {
		return // the organizer may double-book themselves
	}
	for _, b := range w.calendar.other {
		if b.Overlaps(ev) {
			w.failf("%s is invited while the organizer is busy: %s", who.id, ev.From)
		}
	}
	for _, o := range w.calendar.events {
		if o.ID != inv.Event.ID && !o.Tentative && (slots.Interval{From: o.From, To: o.To}).Overlaps(ev) && !w.humanMoved[o.ID] {
			w.failf("double booking at %s: %s and %s", ev.From, o.OneToOne, inv.Event.OneToOne)
		}
	}
}
