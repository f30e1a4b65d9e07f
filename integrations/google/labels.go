package google

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/api/gmail/v1"

	"indy/scheduler"
)

// Labels show the organizer where things stand, and are orders too: a thread that they
// put LabelPropose on is of somebody who is to be offered slots; LabelHandsOff says that
// they take over. Each is known by Gmail's id, so that it may be renamed and translated.
const (
	LabelPropose  = "indy/propose"
	LabelHandsOff = "indy/hands-off"

	labelRoot = "indy"
)

// orderLabels stand ready from the first day, for the organizer to use.
var orderLabels = []string{LabelPropose, LabelHandsOff}

// LabelOrder is a label that the organizer put on a thread.
type LabelOrder struct {
	ID     string         // of this one act
	Label  string         // LabelPropose or LabelHandsOff, whatever it is called now
	Thread string         // Gmail's
	Head   scheduler.Head // of the mail that bears it: who it is from and to
}

// prepareLabels learns the ids of our labels and makes those that are missing, once after
// each start. The ids that the cursor brings count more than names.
func (m *Mailbox) prepareLabels(ctx context.Context, at *place) error {
	if !m.a.o.Labels {
		return nil
	}
	m.mu.Lock()
	listed := m.listed
	m.mu.Unlock()
	if !listed {
		if err := m.list(ctx, at.Labels); err != nil {
			return err
		}
		for _, name := range orderLabels {
			if _, err := m.labelID(ctx, name); err != nil {
				return err
			}
		}
		m.mu.Lock()
		m.listed = true
		m.mu.Unlock()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	at.Labels = make(map[string]string, len(m.labels))
	for name, id := range m.labels {
		at.Labels[name] = id
	}
	return nil
}

// list reads the labels that stand.
func (m *Mailbox) list(ctx context.Context, known map[string]string) error {
	res, err := m.a.gmail.Users.Labels.List(me).Fields("labels(id,name)").Context(ctx).Do()
	if err != nil {
		return m.a.fail("read the labels", err, false)
	}
	stands := map[string]bool{}
	byName := map[string]string{}
	for _, l := range res.Labels {
		stands[l.Id] = true
		byName[strings.ToLower(l.Name)] = l.Id
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, id := range known {
		if stands[id] {
			m.labels[name] = id
		}
	}
	for name, id := range m.labels {
		if !stands[id] { // deleted by hand
			delete(m.labels, name)
		}
	}
	taken := map[string]bool{}
	for _, id := range m.labels {
		taken[id] = true
	}
	for name, id := range byName {
		if _, has := m.labels[name]; !has && strings.HasPrefix(name, labelRoot+"/") && !taken[id] {
			m.labels[name] = id
		}
	}
	return nil
}

// labelID is the id of the label of that name; it is made when there is none.
func (m *Mailbox) labelID(ctx context.Context, name string) (string, error) {
	name = strings.ToLower(name)
	m.mu.Lock()
	id := m.labels[name]
	m.mu.Unlock()
	if id != "" {
		return id, nil
	}
	made, err := m.a.gmail.Users.Labels.Create(me, &gmail.Label{Name: name, LabelListVisibility: "labelShow", MessageListVisibility: "show"}).
		Fields("id").Context(ctx).Do()
	if statusOf(err) == http.StatusConflict { // an earlier try made it, or another process
		if err := m.list(ctx, nil); err != nil {
			return "", err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if id := m.labels[name]; id != "" {
			return id, nil
		}
		return "", &scheduler.Failure{Kind: scheduler.Final, Err: errors.New("make a label: its name is taken")}
	}
	if err != nil {
		return "", m.a.fail("make a label", err, false)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.labels[name] = made.Id
	return made.Id, nil
}

// namesOf are our names of those labels that are ours.
func (m *Mailbox) namesOf(ids []string) (names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, id := range m.labels {
		if slices.Contains(ids, id) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Mark puts the label ("indy/offered") on the thread and takes every other label of ours
// off it, orders included: that shows that they were taken. "" takes all off. A thread that
// is gone is a success. Before the first Fetch it is too early: ids of labels come with the cursor.
func (m *Mailbox) Mark(ctx context.Context, thread, label string) error {
	if !m.a.o.Labels || thread == "" {
		return nil
	}
	m.mu.Lock()
	listed := m.listed
	m.mu.Unlock()
	if !listed {
		return &scheduler.Failure{Kind: scheduler.Again, Err: errors.New("label a thread: the mailbox was not read yet")}
	}
	err := m.mark(ctx, thread, label)
	if statusOf(err) == http.StatusBadRequest { // one of our labels was deleted by hand
		if err := m.list(ctx, nil); err != nil {
			return err
		}
		err = m.mark(ctx, thread, label)
	}
	if statusOf(err) == http.StatusNotFound {
		return nil
	}
	return m.a.fail("label a thread", err, false)
}

func (m *Mailbox) mark(ctx context.Context, thread, label string) error {
	change := &gmail.ModifyThreadRequest{}
	if label != "" {
		id, err := m.labelID(ctx, label)
		if err != nil {
			return err
		}
		change.AddLabelIds = []string{id}
	}
	m.mu.Lock()
	for _, id := range m.labels {
		if !slices.Contains(change.AddLabelIds, id) {
			change.RemoveLabelIds = append(change.RemoveLabelIds, id)
		}
	}
	m.mu.Unlock()
	slices.Sort(change.RemoveLabelIds)
	if len(change.AddLabelIds)+len(change.RemoveLabelIds) == 0 {
		return nil
	}
	_, err := m.a.gmail.Users.Threads.Modify(me, thread, change).Fields("id").Context(ctx).Do()
	return err
}

// orders tells of order labels among those just put on a mail. A label put on a
// conversation comes once for each of its mails; it is told once.
func (b *batch) orders(ctx context.Context, added *gmail.HistoryLabelAdded, act string) error {
	for _, name := range b.m.namesOf(added.LabelIds) {
		if err := b.order(ctx, name, added.Message, act); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) order(ctx context.Context, name string, msg *gmail.Message, act string) error {
	o := b.m.a.o
	if o.Ordered == nil || !slices.Contains(orderLabels, name) || b.seen["label "+name+msg.ThreadId] {
		return nil
	}
	b.seen["label "+name+msg.ThreadId] = true
	head, ok, err := b.m.head(ctx, msg.Id)
	if err != nil || !ok {
		return err
	}
	return o.Ordered(LabelOrder{ID: "label/" + msg.ThreadId + "/" + name + "/" + act, Label: name, Thread: msg.ThreadId, Head: head})
}

// pendingOrders tells of orders that were given while nobody watched: their labels still
// stand, since Mark takes them off.
func (b *batch) pendingOrders(ctx context.Context) error {
	if !b.m.a.o.Labels || b.m.a.o.Ordered == nil {
		return nil
	}
	for _, name := range orderLabels {
		id, err := b.m.labelID(ctx, name)
		if err != nil {
			return err
		}
		res, err := b.m.a.gmail.Users.Messages.List(me).LabelIds(id).MaxResults(100).Fields("messages(id,threadId)").Context(ctx).Do()
		if err != nil {
			return b.m.a.fail("read the labels", err, false)
		}
		for _, msg := range res.Messages {
			if full, err := b.m.a.gmail.Users.Messages.Get(me, msg.Id).Format("minimal").Fields("labelIds").Context(ctx).Do(); err != nil || !slices.Contains(full.LabelIds, id) {
				if err != nil && statusOf(err) != http.StatusNotFound {
					return b.m.a.fail("read the labels", err, false)
				}
				continue
			}
			if err := b.order(ctx, name, msg, "standing"); err != nil {
				return err
			}
		}
	}
	return nil
}
