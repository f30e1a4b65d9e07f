package engine

import (
	"context"
	"maps"

	"indy/scheduler"
)

// labels are what the organizer sees at a conversation, where the mailbox can show it.
// A round that is over, or not begun, shows nothing.
var labels = map[scheduler.Stage]string{
	scheduler.Offered:       "indy/offered",
	scheduler.Agreed:        "indy/agreed",
	scheduler.Met:           "indy/met",
	scheduler.FollowedUp:    "indy/followed-up",
	scheduler.WithOrganizer: "indy/with-you",
	scheduler.Paused:        "indy/paused",
	scheduler.Stopped:       "indy/stopped",
}

// Label is how a stage is shown at a conversation; "" for not at all.
func Label(s scheduler.Stage) string { return labels[s] }

// mark shows, after a commit, where the one-to-ones stand that it moved. It is for the
// organizer's eyes only: an error holds up nothing, and is made good after a later turn.
func (e *Engine) mark(ctx context.Context, d *desk, was scheduler.State, in input, moved []scheduler.OneToOneID) {
	box, ok := d.account.Mailbox.(Labeler)
	if !ok {
		return
	}
	for _, id := range moved {
		m, before := d.state.OneToOnes[id], was.OneToOnes[id]
		// The mail that began the thread has just gone: only now is there a thread to mark.
		began := in.settled != nil && in.settled.Sent.Thread != "" && m.First == in.settled.Sent.MessageID
		if m.First == "" || Label(m.Stage) == Label(before.Stage) && !began {
			continue
		}
		e.label(ctx, d, box, m)
	}
}

// label labels the conversation of a one-to-one. One that could not be labelled is
// remembered for the end of a turn that goes well.
func (e *Engine) label(ctx context.Context, d *desk, box Labeler, m scheduler.OneToOne) {
	th, err := e.store.Thread(ctx, d.account.Organizer.ID, []string{m.First})
	if err == nil && th != nil && th.Provider != "" {
		err = box.Mark(ctx, th.Provider, Label(m.Stage))
	}
	if err == nil || scheduler.FailureOf(err) == scheduler.Final {
		delete(d.unshown, m.ID)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	e.log.Warn("a conversation's label is not as it should be", "meeting", m.ID, "err", err)
	if scheduler.FailureOf(err) != scheduler.Final {
		if d.unshown == nil {
			d.unshown = map[scheduler.OneToOneID]bool{}
		}
		d.unshown[m.ID] = true
	}
}

// markAgain labels the conversations that could not be labelled before.
func (e *Engine) markAgain(ctx context.Context, who scheduler.OrganizerID) error {
	return e.with(ctx, who, func(d *desk) error {
		box, ok := d.account.Mailbox.(Labeler)
		if !ok {
			return nil
		}
		for id := range maps.Clone(d.unshown) {
			if m, ok := d.state.OneToOnes[id]; ok && m.First != "" {
				e.label(ctx, d, box, m)
			} else {
				delete(d.unshown, id)
			}
		}
		return nil
	})
}

// Mark takes the order labels off a conversation and shows in their place where it stands:
// where it is the one of the person's round. Without a mailbox that can show it, nothing.
func (e *Engine) Mark(ctx context.Context, who scheduler.OrganizerID, person scheduler.PersonID, thread string) error {
	return e.with(ctx, who, func(d *desk) error {
		box, ok := d.account.Mailbox.(Labeler)
		if !ok {
			return nil
		}
		label := ""
		if m, ok := d.state.OneToOnes[d.state.Standings[person].Now]; ok && m.First != "" {
			th, err := e.store.Thread(ctx, who, []string{m.First})
			if err != nil {
				return err
			}
			if th != nil && th.Provider == thread {
				label = Label(m.Stage)
			}
		}
		return box.Mark(ctx, thread, label)
	})
}
