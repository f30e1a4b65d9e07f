package scheduler

import (
	"slices"
	"time"

	"indy/scheduler/replies"
)

// Work is a part of what indy does for an organizer that trouble can keep from being done.
type Work string

const (
	WorkLook Work = "look" // reading mail and calendar: without it nothing that is due happens
	WorkSend Work = "send" // mails
	WorkPut  Work = "put"  // changes of the calendar
)

// Trouble is what has kept a part of the work from being done for so long that a person
// should know of it.
type Trouble struct {
	Work  Work      `json:"work"`
	Since time.Time `json:"since"`
	Said  string    `json:"said"`           // the error in words, without addresses
	Cause string    `json:"cause"`          // what is at the bottom of it, whatever was tried
	Hint  string    `json:"hint,omitempty"` // what a person can do
}

// troubleTold is how long the mail that tells of trouble may take. Where mail is the trouble
// it cannot go, and afterwards it would tell of what is over.
const troubleTold = 20 * time.Minute

// Blocked says that a part of the work cannot be done, and Freed that it can again.
type Blocked struct{ Trouble Trouble }
type Freed struct{ Work Work }

func (Blocked) event() {}
func (Freed) event()   {}

// blocked tells the organizer of trouble, once for as long as there is nothing else to be
// done about it. That no mail goes out cannot be told by mail.
func (t *turn) blocked(now Trouble) {
	known := func(was Trouble) bool {
		return was.Cause == now.Cause && (was.Work == now.Work || was.Work == WorkLook)
	}
	if slices.ContainsFunc(t.s.Desk.Troubles, known) {
		return
	}
	news := now.Work != WorkSend
	if i := slices.IndexFunc(t.s.Desk.Troubles, func(was Trouble) bool { return was.Work == now.Work }); i >= 0 {
		was := t.s.Desk.Troubles[i]
		now.Since, news = was.Since, news && now.Hint != "" && now.Hint != was.Hint
		t.s.Desk.Troubles[i] = now
	} else {
		t.s.Desk.Troubles = append(t.s.Desk.Troubles, now)
	}
	t.d.Desk = true
	t.log("", "", "in the way: "+now.Said, now.Hint)
	if !news {
		return
	}
	t.mailDesk(MailNeedsYou, replies.AskedDigest, func(l *Letter) {
		l.Reason, l.Problems, l.Hint = reasonOf(now.Work), []string{now.Said}, now.Hint
	})
	t.d.Effects[len(t.d.Effects)-1].Expires = t.now.Add(troubleTold)
}

// blind says that mail or calendar cannot be read.
func (s State) blind() bool {
	return slices.ContainsFunc(s.Desk.Troubles, func(x Trouble) bool { return x.Work == WorkLook })
}

// freed takes trouble off.
func (t *turn) freed(work Work) {
	kept := t.s.Desk.Troubles[:0:0]
	for _, was := range t.s.Desk.Troubles {
		if was.Work != work {
			kept = append(kept, was)
			continue
		}
		t.d.Desk = true
		t.log("", "", "no longer in the way: "+was.Said, "")
	}
	t.s.Desk.Troubles = kept
}

func reasonOf(work Work) Reason {
	switch work {
	case WorkSend:
		return ReasonNoMail
	case WorkPut:
		return ReasonNoCalendar
	}
	return ReasonNoLook
}

// troubleLines are the troubles as lines of a digest.
func (s State) troubleLines() (lines []DigestLine) {
	for _, x := range s.Desk.Troubles {
		lines = append(lines, DigestLine{At: x.Since, Why: reasonOf(x.Work)})
	}
	return lines
}
