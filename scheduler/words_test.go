package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWordsBesideAnAnswer: what the person says of the campaign, in whatever way they answer,
// stands in the brief before the two meet.
func TestWordsBesideAnAnswer(t *testing.T) {
	for _, c := range []struct{ name, words, said string }{
		{"plain and short", "2. It scares me.", "It scares me."},
		{"long", "2. I saw the poster at the laundromat, and honestly I thought it was about the river.", "I saw the poster at the laundromat, and honestly I thought it was about the river."},
		{"in Spanish", "2. Mi hermano trabaja ahí.", "Mi hermano trabaja ahí."},
		{"nothing but manners", "2. Thanks for writing, see you then!", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := offered(t)
			d.answer(MailOffer, c.words)
			d.until(d.one().Meeting.From.Add(-time.Hour))
			if said := strings.Join(d.last(MailBrief).Letter.Brief.Said, "|"); said != c.said {
				t.Errorf("the brief has %q", said)
			}
		})
	}
}

// TestWordsSurviveAPause: what was said with "not now" is there when the round goes on.
func TestWordsSurviveAPause(t *testing.T) {
	d := offered(t)
	d.answer(MailOffer, "Not now, ask me in December. I like the campaign though.")
	d.until(time.Date(2026, 12, 2, 18, 0, 0, 0, time.UTC))
	d.answer(MailWelcome, "3")
	d.until(d.one().Meeting.From.Add(-time.Hour))
	if said := strings.Join(d.last(MailBrief).Letter.Brief.Said, "|"); !strings.Contains(said, "I like the campaign though") {
		t.Errorf("the brief has %q", said)
	}
}

// TestCommentsOfCalendars: the comment of an RSVP counts, whatever the answer is.
func TestCommentsOfCalendars(t *testing.T) {
	for _, c := range []struct {
		name, status, comment string
		stage                 Stage
		said                  string
		needs                 Reason
	}{
		{"accepts, with a word", "ACCEPTED", "My brother works there.", Agreed, "My brother works there.", ""},
		{"accepts, and asks", "ACCEPTED", "Is there parking nearby?", Agreed, "Is there parking nearby?", ReasonQuestion},
		{"accepts, with manners", "ACCEPTED", "See you then!", Agreed, "", ""},
		{"may come, with a word", "TENTATIVE", "It scares me a bit.", Agreed, "It scares me a bit.", ""},
		{"may come, and asks", "TENTATIVE", "Who else is coming?", Agreed, "Who else is coming?", ReasonQuestion},
		{"declines, and says why", "DECLINED", "sick", Offered, "sick", ""},
		{"declines, and asks", "DECLINED", "What is this about?", Offered, "What is this about?", ReasonQuestion},
		{"declines, and names another time", "DECLINED", "Thursday 3pm would be better", Offered, "Thursday 3pm would be better", ReasonRemark},
		{"wants no more mail", "DECLINED", "Please stop writing to me.", Stopped, "", ReasonStopped},
		{"accepts, and is rude", "ACCEPTED", "unsubscribe", Stopped, "", ReasonStopped},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreed(t)
			m := d.one()
			part := ITIP{Method: "REPLY", UID: m.Meeting.UID, Sequence: m.Meeting.Sequence, Stamp: d.now, Attendee: Address{Addr: "ana@example.org"}, PartStat: c.status, Comment: c.comment}
			id := m.ID
			// Twice, the second time as Outlook's body says it again.
			for range 2 {
				d.do(MailCame{Mail: Mail{Head: Head{ID: "rsvp", From: Address{Addr: "ana@example.org"}, Date: d.now}, Text: c.comment, ITIP: []ITIP{part}}, Thread: nil})
			}
			m = d.s.OneToOnes[id]
			if m.Stage != c.stage || strings.Join(m.Said, "|") != c.said {
				t.Errorf("it is %s, they said %q", m.Stage, m.Said)
			}
			var asked []Effect
			for _, e := range d.sent {
				if e.Letter.Kind == MailNeedsYou {
					asked = append(asked, e)
				}
			}
			told := c.needs == ReasonQuestion || c.needs == ReasonRemark
			if told != (len(asked) == 1) || told && (asked[0].Letter.Reason != c.needs || asked[0].Letter.Quote != c.comment) {
				t.Errorf("the organizer was told %v", asked)
			}
			if has := slices.ContainsFunc(d.s.Desk.Needs, func(n Need) bool { return n.Why == c.needs }); has != (c.needs != "") {
				t.Errorf("needs: %+v", d.s.Desk.Needs)
			}
		})
	}
}

// TestCommentOnTheEvent: where the calendar itself invites, the comment stands on the event.
func TestCommentOnTheEvent(t *testing.T) {
	d := agreed(t)
	ev := d.event()
	ev.Attendees = []Attendee{{Address: Address{Addr: "ana@example.org"}, PartStat: "ACCEPTED", Comment: "Who else is coming?"}}
	d.edit(ev)
	d.edit(ev) // the same once more
	if m := d.one(); m.Meeting.PartStat != "ACCEPTED" || !slices.Equal(m.Said, []string{"Who else is coming?"}) || countMails(d, MailNeedsYou) != 1 {
		t.Errorf("%s, said %q, mails %v", m.Meeting.PartStat, m.Said, d.kinds())
	}
}

// TestWordsAreBounded: whoever writes every day, or a novel, does not grow the record.
func TestWordsAreBounded(t *testing.T) {
	var m OneToOne
	for i := range 50 {
		m.hear(strings.Repeat("é", i*100) + string(rune('a'+i%26)))
	}
	if len(m.Said) > maxSaid {
		t.Errorf("%d are kept", len(m.Said))
	}
	for _, s := range m.Said {
		if len(s) > maxWords+len("…") || strings.ToValidUTF8(s, "") != s {
			t.Errorf("%d bytes are kept", len(s))
		}
	}
}
