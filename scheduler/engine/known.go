package engine

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"indy/scheduler"
	"indy/scheduler/ledger"
)

// known is what a desk remembers of the ledger, so that a mail does not have it read
// again and again. It is right until somebody commits: the desk itself, which takes that
// in, or another process, which a conflict of versions tells.
type known struct {
	threads map[string]*ledger.Thread // by the names that were asked for since the latest commit; nil for no thread
	sent    map[string]*ledger.Thread // of the mails to people that went out of late, by their Message-IDs
	pending []string                  // the keys of mails to people that have not gone yet
	listed  bool                      // pending was read
}

const (
	mostThreads = 4096 // remembered between two commits
	mostSent    = 512
)

// after takes in what a commit has changed.
func (k *known) after(c ledger.Commit) {
	clear(k.threads)
	if len(c.Forget) > 0 {
		*k = known{}
		return
	}
	if c.Settled != nil {
		maps.DeleteFunc(k.sent, func(_ string, th *ledger.Thread) bool { return th.Key == c.Settled.Key })
	}
	if !k.listed {
		return
	}
	k.pending = slices.DeleteFunc(k.pending, func(key string) bool {
		return c.Settled != nil && c.Settled.Key == key || slices.Contains(c.Revoked, key)
	})
	for _, entry := range c.Effects {
		if toPerson(entry) {
			k.pending = append(k.pending, entry.Key)
		}
	}
}

// went takes in a mail that has gone: its answer will name it.
func (k *known) went(entry ledger.Entry, sent scheduler.Sent) {
	if !toPerson(entry) {
		return
	}
	if k.sent == nil || len(k.sent) >= mostSent {
		k.sent = map[string]*ledger.Thread{}
	}
	for _, name := range []string{entry.MessageID, sent.MessageID} {
		if name != "" {
			k.sent[name] = &ledger.Thread{Ref: entry.Answers, MessageID: cmp.Or(sent.MessageID, entry.MessageID),
				Provider: cmp.Or(sent.Thread, entry.Thread), Subject: entry.Subject, Key: entry.Key, Name: name}
		}
	}
}

// toPerson says that an effect is a mail to a person.
func toPerson(entry ledger.Entry) bool {
	return entry.Kind != "" && entry.Answers.To != "" && !entry.Answers.Own
}

// pendingMails are the keys of the mails to people that have not gone yet, in the order in
// which they were decided.
func (e *Engine) pendingMails(ctx context.Context, d *desk) ([]string, error) {
	if d.known.listed {
		return d.known.pending, nil
	}
	list, err := e.store.Pending(ctx, d.account.Organizer.ID)
	if err != nil {
		return nil, err
	}
	for _, entry := range list {
		if toPerson(entry) {
			d.known.pending = append(d.known.pending, entry.Key)
		}
	}
	d.known.listed = true
	return d.known.pending, nil
}

// lookUp is what the first known of these names of mails stands for.
func (e *Engine) lookUp(ctx context.Context, d *desk, names []string) (*ledger.Thread, error) {
	for i, name := range names {
		if th := d.known.sent[name]; th != nil {
			return th, nil
		}
		th, asked := d.known.threads[name]
		switch {
		case th != nil:
			return th, nil
		case asked || name == "":
			continue
		}
		th, err := e.store.Thread(ctx, d.account.Organizer.ID, names[i:])
		if err == nil {
			d.known.remember(names[i:], th)
		}
		return th, err
	}
	return nil, nil
}

// remember keeps the answer to a question for these names.
func (k *known) remember(names []string, th *ledger.Thread) {
	if len(k.threads)+len(names) > mostThreads {
		clear(k.threads)
	}
	if k.threads == nil {
		k.threads = map[string]*ledger.Thread{}
	}
	for _, name := range names {
		if th != nil && name == th.Name {
			k.threads[name] = th
			return
		}
		k.threads[name] = nil
	}
}
