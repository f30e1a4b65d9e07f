package google

import (
	"context"
	"net/http"

	"google.golang.org/api/gmail/v1"

	"indy/scheduler"
)

// Drafts that wait for the organizer are followed by the mailbox's history, which is read
// anyway: asking for each of them would cost ten times as much.

// watchDraft remembers how a draft stands: which mail is in it.
func (m *Mailbox) watchDraft(d draft) {
	if !m.a.o.Drafts || d.mail == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.drafts) >= most {
		clear(m.drafts)
	}
	m.drafts[d.id] = d
}

func (m *Mailbox) leaveDraft(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.drafts, id)
}

// Untouched says that the latest Fetch saw nothing of the draft. A draft that was not looked
// at since the start, or since its history was lost, is no such.
func (m *Mailbox) Untouched(ref string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, known := m.drafts[draftOf(ref).id]
	return known && !m.stirred[d.mail] && !m.stirred[d.thread]
}

// stir notes what a record of the history says of drafts: a mail that is gone, sent or thrown
// away, or a thread in which the organizer sent something. What is said twice does no harm.
func (b *batch) stir(h *gmail.History) {
	m := b.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.drafts) == 0 {
		return
	}
	for _, gone := range h.MessagesDeleted {
		if gone.Message != nil {
			m.stirred[gone.Message.Id] = true
		}
	}
	for _, added := range h.MessagesAdded {
		if added.Message != nil && isOneOf(added.Message.LabelIds, "SENT") {
			m.stirred[added.Message.ThreadId] = true
		}
	}
	for _, added := range h.LabelsAdded {
		if added.Message != nil && isOneOf(added.LabelIds, "SENT", "TRASH") {
			m.stirred[added.Message.Id] = true
		}
	}
}

// stirs says whether a mail that is gone was one of those drafts. m.mu is held.
func (m *Mailbox) stirs(gone *gmail.Message) bool {
	if gone == nil {
		return false
	}
	for _, d := range m.drafts {
		if d.mail == gone.Id {
			return true
		}
	}
	return false
}

func isOneOf(labels []string, names ...string) bool {
	for _, l := range labels {
		for _, n := range names {
			if l == n {
				return true
			}
		}
	}
	return false
}

// Withdraw deletes the draft, for good, if it is as it was written. Gmail cannot delete a
// draft on the condition that nobody has changed it: between the look and the deletion lies
// the moment of one call.
func (m *Mailbox) Withdraw(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Withdrawal, error) {
	d := draftOf(ref)
	if d.id == "" {
		if !m.tried(out) && !m.mayBeOld(out) {
			return scheduler.Sent{}, scheduler.TakenBack, nil
		}
		var err error
		if d, err = m.staged(ctx, out); err != nil || d.id == "" {
			return scheduler.Sent{}, scheduler.TakenBack, err
		}
	}
	stands, mended, err := m.asWritten(ctx, out, d)
	if err == nil && mended {
		m.leaveDraft(d.id)
		return scheduler.Sent{}, scheduler.Mended, nil
	}
	if err == nil && stands {
		if err = m.a.gmail.Users.Drafts.Delete(me, d.id).Context(ctx).Do(); err == nil {
			m.leaveDraft(d.id)
			return scheduler.Sent{}, scheduler.TakenBack, nil
		}
		if statusOf(err) == http.StatusNotFound { // sent or deleted since the look
			stands, err = false, nil
		}
	}
	if err != nil {
		return scheduler.Sent{}, scheduler.TakenBack, m.a.fail("take back a draft", err, false) // deleting again does no harm
	}
	m.leaveDraft(d.id)
	sent, found, err := m.amongSent(ctx, out, d)
	if err == nil && found == scheduler.WasSent {
		return sent, scheduler.TooLate, nil
	}
	return scheduler.Sent{}, scheduler.TakenBack, err
}

// asWritten looks at a draft: whether it stands, and whether somebody has written into it.
// Gmail keeps changed words as another mail in the same draft; a look at the words
// themselves tells those that were only opened and saved.
func (m *Mailbox) asWritten(ctx context.Context, out scheduler.Parcel, d draft) (stands, mended bool, err error) {
	got, err := m.a.gmail.Users.Drafts.Get(me, d.id).Format("raw").Fields("id,message(id,raw)").Context(ctx).Do()
	switch {
	case statusOf(err) == http.StatusNotFound:
		return false, false, nil
	case err != nil:
		return false, false, err
	case got.Message == nil:
		return true, true, nil
	case d.mail != "" && got.Message.Id == d.mail:
		return true, false, nil
	}
	raw, err := unweb(got.Message.Raw)
	return true, err != nil || !outsideOf(raw).same(outsideOf(out.Raw)), nil
}

// tried says that this process began to stage the mail.
func (m *Mailbox) tried(out scheduler.Parcel) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.staging[out.Key]
}
