package scheduler

import (
	"testing"
	"time"

	"indy/scheduler/slots"
)

// briefed is an agreed meeting, and the brief of it that lies before Maria.
func briefed(t *testing.T, edit ...func(*State)) (*desk, ThreadRef) {
	d := agreed(t, edit...)
	d.until(d.one().Meeting.From.Add(-3 * time.Hour))
	ref := d.last(MailBrief).Thread
	d.forget()
	return d, ref
}

// orders is what Maria answers to a mail.
func (d *desk) orders(ref ThreadRef, words string) {
	d.t.Helper()
	d.do(MailCame{Mail: Mail{Head: Head{ID: "own", Own: true, From: Address{Addr: "maria@example.org"}, Date: d.now}, Text: words}, Thread: &ref})
}

func TestAnswersToABrief(t *testing.T) {
	for _, c := range []struct {
		words string
		stage Stage
		mails []MailKind // of the answer
		why   Reason     // of the cancellation, or of what Maria is asked
	}{
		{"We already talked.", Met, []MailKind{MailCancel, MailDebrief}, ReasonMet},
		{"She cancelled, find a new time", Offered, []MailKind{MailCancel}, ReasonDeclined},
		{"I'm sick", Offered, []MailKind{MailCancel}, ReasonMovedByYou},
		{"cancel it", Offered, []MailKind{MailCancel}, ReasonMovedByYou},
		{"Thanks!", Agreed, nil, ""},
		{"move it to Friday", Agreed, []MailKind{MailNeedsYou}, ReasonOwnWords},
		{"Don't cancel it", Agreed, []MailKind{MailNeedsYou}, ReasonOwnWords},
		{"stop", Agreed, []MailKind{MailNeedsYou}, ReasonOwnWords},
		{"stop Ana", Stopped, nil, ""},
		{"hands off", WithOrganizer, nil, ""},
	} {
		d, ref := briefed(t)
		d.orders(ref, c.words)
		for _, e := range d.sent {
			if k := e.Letter.Kind; (k == MailCancel || k == MailNeedsYou) && e.Letter.Reason != c.why {
				t.Errorf("%q: the %s says %q", c.words, k, e.Letter.Reason)
			}
		}
		d.stands(c.stage, c.mails...)
		d.orders(ref, c.words) // the same words twice make nothing happen twice
		for _, e := range d.sent {
			if e.Letter.ToPerson {
				t.Errorf("%q, said again, sends a %s", c.words, e.Letter.Kind)
			}
		}
	}
}

// TestMovedByMail: the organizer's hour counts whatever their hours are, but makes no double booking.
func TestMovedByMail(t *testing.T) {
	for _, c := range []struct {
		words, at string
		busy      bool
		stage     Stage
		mail      MailKind
	}{
		{"Move it to Saturday 7:30 pm", "Sat 19:30", false, Agreed, MailUpdate},
		{"Move it to Saturday 7:30 pm", "", true, Agreed, MailNeedsYou},
	} {
		d, ref := briefed(t)
		d.asks("See you there!")
		was := d.one().Meeting.Interval
		if c.busy {
			from := time.Date(2026, 11, 15, 0, 30, 0, 0, time.UTC) // Saturday, 19:30 in New York
			d.busy = append(d.busy, slots.Busy{Interval: slots.Interval{From: from, To: from.Add(time.Hour)}})
		}
		d.forget()
		d.orders(ref, c.words)
		m := d.one().Meeting
		switch {
		case c.busy && (m.Interval != was || m.Sequence != 0 || d.last(MailNeedsYou).Letter.Reason != ReasonTaken):
			t.Errorf("it stands at %s, SEQUENCE %d", m.From, m.Sequence)
		case !c.busy && (m.From.In(newYork).Format("Mon 15:04") != c.at || m.Sequence != 1 || m.PartStat != "NEEDS-ACTION" || m.Length() != was.Length()):
			t.Errorf("it stands at %s, SEQUENCE %d, %s", m.From, m.Sequence, m.PartStat)
		}
		d.stands(c.stage, c.mail)
	}
}

// TestABriefAnsweredLate: who answers it once the meeting is over tells how it went.
func TestABriefAnsweredLate(t *testing.T) {
	d, ref := briefed(t)
	d.until(d.one().Meeting.To.Add(20 * time.Minute))
	d.orders(ref, "She grew up by the river.\nAna: call two reporters by December 1\nagain in 5 weeks")
	if len(d.s.Steps) != 1 {
		t.Errorf("%d steps were noted: %v", len(d.s.Steps), d.log)
	}
}

// TestANeedsYouAboutAMeeting: the same words answer any mail about a meeting that stands.
func TestANeedsYouAboutAMeeting(t *testing.T) {
	d, _ := briefed(t)
	d.asks("Who else will be there?")
	ref := d.last(MailNeedsYou).Thread
	d.forget()
	d.orders(ref, "I'm sick, find a new time")
	d.stands(Offered, MailCancel)
}
