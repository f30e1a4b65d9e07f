package scheduler

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// lower is base32hex without padding, in lower case: what calendar ids may consist of.
var (
	lowerHex = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	lower    = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

// derived is a name that follows from a key and, through the salt, cannot be guessed.
func (t *turn) derived(enc *base32.Encoding, what, key string, n int) string {
	sum := sha256.Sum256([]byte(what + "\x00" + t.s.Desk.Salt + "\x00" + key))
	return enc.EncodeToString(sum[:])[:n]
}

func (t *turn) messageID(key string) string {
	_, domain, ok := strings.Cut(t.s.Organizer.Address, "@")
	if !ok {
		domain = "localhost"
	}
	return t.derived(lower, "message", key, 32) + "@" + domain
}

// token is the reference in the tapped links of a mail.
func (t *turn) token(key string) string { return t.derived(lower, "token", key, 10) }

// key names what an effect is for. The counter belongs to the one-to-one and is saved with
// it, so that the same decision taken again yields the same key.
func (m *OneToOne) key(kind string) string {
	m.Gen++
	return string(m.ID) + "/" + kind + "/" + strconv.Itoa(m.Gen)
}

// letter begins a letter about a one-to-one. What goes to the person holds nothing private.
func (t *turn) letter(kind MailKind, m OneToOne, toPerson bool) *Letter {
	p := t.s.People[m.Person]
	l := &Letter{
		Kind: kind, Now: t.now, ToPerson: toPerson, Language: t.s.Organizer.Language,
		Organizer: t.s.Organizer, Team: t.s.Team, Person: p, OneToOne: m.clone(),
		First: !t.s.metBefore(p),
	}
	if t.s.Campaign.Current(slots.DateOf(t.now, t.s.Organizer.Zone)) {
		l.Campaign = t.s.Campaign
	}
	l.Meeting = l.OneToOne.Meeting
	if toPerson {
		l.Language = p.Language
		l.Person, l.OneToOne, l.Organizer = p.public(), m.public(), t.s.Organizer.public()
		l.Campaign, l.Team = l.Campaign.public(), t.s.Team.public()
		l.Meeting = l.OneToOne.Meeting
	}
	return l
}

// ForPerson is the letter as the person may see it, where they see what is otherwise the
// organizer's own copy: the words of an event that both share.
func (l Letter) ForPerson() Letter {
	out := Letter{Kind: l.Kind, Now: l.Now, ToPerson: true, Language: l.Person.Language, Team: l.Team.public(), First: l.First,
		Organizer: l.Organizer.public(), Campaign: l.Campaign.public(), Person: l.Person.public(), OneToOne: l.OneToOne.public()}
	out.Meeting = out.OneToOne.Meeting
	return out
}

func (s State) metBefore(p Person) bool {
	return len(s.Standings[p.ID].Met) > 0 || !p.LastMet.IsZero()
}

// public is what a person may see of themselves.
func (p Person) public() Person {
	p.Notes, p.Skills, p.Role, p.Purpose = "", nil, "", ""
	return p
}

// public is what people may see of the organizer.
func (o Organizer) public() Organizer {
	o.Story, o.Aliases, o.Lead, o.Policy = "", nil, false, Policy{Length: o.Policy.Length, Place: o.Policy.Place}
	return o
}

// public is what people may see of the team: not what is for those who organize.
func (x Team) public() Team { return Team{Name: x.Name, Word: x.Word} }

// public is what people may see of the campaign: never who is to be asked for what.
func (c Campaign) public() Campaign {
	c.Asks = nil
	return c
}

// public is what the person may see of a round.
func (m OneToOne) public() OneToOne {
	c := OneToOne{ID: m.ID, Person: m.Person, Round: m.Round, Stage: m.Stage, Purpose: m.Purpose, Mode: m.Mode, Short: m.Short}
	if m.Meeting != nil {
		meeting := m.Meeting.public()
		c.Meeting = &meeting
	}
	if m.Offer != nil {
		c.Offer = &Offer{Nudged: m.Offer.Nudged, Rounds: m.Offer.Rounds}
	}
	return c
}

// public is what the person may see of a meeting: not the event on the organizer's calendar,
// and nobody else's address.
func (c Meeting) public() Meeting {
	c.Seen, c.Guests = nil, nil
	return c
}

// mayWrite says whether mail may go to the person at all. It is the last gate before
// every mail, whatever led to it.
func (t *turn) mayWrite(id PersonID) bool {
	p, known := t.s.People[id]
	return known && p.Reachable() && !t.s.silenced(id) && t.address(p) != ""
}

// address is where mail to the person goes: the first of theirs that has not bounced.
func (t *turn) address(p Person) string {
	dead := t.s.Standings[p.ID].Dead
next:
	for _, a := range p.Addresses {
		for _, d := range dead {
			if strings.EqualFold(a, d) {
				continue next
			}
		}
		return a
	}
	return ""
}

// mail is what mailPerson and mailOrganizer make an effect from.
type mail struct {
	asked   replies.Asking
	fill    func(*Letter)
	invite  *Invite
	expires time.Time
	counts  bool // against the caps
	steps   []string
}

// mailPerson plans a mail to the person, in the thread of the round. It answers false,
// and nothing happens, when they must not be written to.
func (t *turn) mailPerson(m *OneToOne, kind MailKind, x mail) bool {
	if !t.mayWrite(m.Person) {
		return false
	}
	p := t.s.People[m.Person]
	t.revoke(m.ID, overtaken(kind)...)
	key := m.key(string(kind))
	l := t.letter(kind, *m, true)
	if x.fill != nil {
		x.fill(l)
	}
	e := Effect{Key: key, OneToOne: m.ID, Person: m.Person, Letter: l, Invite: x.invite, Expires: x.expires,
		MessageID: t.messageID(key), Root: m.First, Reply: m.Last, Counts: x.counts,
		Thread: ThreadRef{OneToOne: m.ID, Person: m.Person, Kind: kind, Asked: x.asked, To: t.address(p), Steps: x.steps}}
	if x.asked != replies.AskedNothing {
		l.Token = t.token(key)
	}
	for _, s := range l.Slots {
		e.Thread.Slots = append(e.Thread.Slots, s.Interval)
	}
	e.Thread.keepWalls(p.Zone)
	if x.invite != nil {
		e.About = t.letter(kind, *m, true)
		e.About.Meeting = l.Meeting
	}
	if m.First == "" {
		m.First = e.MessageID
	}
	m.Last = e.MessageID
	t.leaveDraft(m, kind)
	t.d.Effects = append(t.d.Effects, e)
	if x.counts {
		st := t.standing(m.Person)
		st.Mails = append(keepSince(st.Mails, t.now.Add(-8*24*time.Hour)), t.now)
		t.keep(st)
	}
	return true
}

// mailOrganizer plans a mail to the organizer about a round.
func (t *turn) mailOrganizer(m *OneToOne, kind MailKind, x mail) {
	key := m.key(string(kind))
	l := t.letter(kind, *m, false)
	if x.fill != nil {
		x.fill(l)
	}
	if x.asked != replies.AskedNothing {
		l.Token = t.token(key)
	}
	e := Effect{Key: key, OneToOne: m.ID, Person: m.Person, Letter: l, Expires: x.expires, Invite: x.invite,
		MessageID: t.messageID(key),
		Thread: ThreadRef{OneToOne: m.ID, Person: m.Person, Kind: kind, Asked: x.asked, To: t.s.Organizer.Address,
			Steps: x.steps, Own: true, Slots: intervals(l.Slots)}}
	e.Thread.keepWalls(t.s.Organizer.Zone)
	t.d.Effects = append(t.d.Effects, e)
}

// mailDesk plans a mail to the organizer that is about nobody in particular.
func (t *turn) mailDesk(kind MailKind, asked replies.Asking, fill func(*Letter)) {
	t.s.Desk.Gen++
	t.d.Desk = true
	key := string(t.s.Organizer.ID) + "/" + string(kind) + "/" + strconv.Itoa(t.s.Desk.Gen)
	l := t.letter(kind, OneToOne{}, false)
	l.First = false
	fill(l)
	if asked != replies.AskedNothing {
		l.Token = t.token(key)
	}
	t.d.Effects = append(t.d.Effects, Effect{Key: key, Letter: l, MessageID: t.messageID(key),
		Thread: ThreadRef{Kind: kind, Asked: asked, To: t.s.Organizer.Address, Own: true}})
}

// needsYou tells the organizer, at once, of something that only they can settle.
func (t *turn) needsYou(m *OneToOne, why Reason, quote string) {
	t.need(m.Person, m.ID, why)
	t.mailOrganizer(m, MailNeedsYou, mail{asked: replies.AskedDigest, fill: func(l *Letter) {
		l.Reason, l.Quote, l.Pending = why, quote, m.Pending
	}})
}

func intervals(list []slots.Slot) (out []slots.Interval) {
	for _, s := range list {
		out = append(out, s.Interval)
	}
	return out
}
