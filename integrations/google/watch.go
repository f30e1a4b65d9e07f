package google

import (
	"context"
	"errors"
	"net/http"
	"time"

	"google.golang.org/api/gmail/v1"

	"indy/scheduler"
)

// telling is what a Watch has told of, and how much of that was read since.
type telling struct {
	watched     bool // Watch runs
	times, read int  // how often it told; as of when all was read
}

// heard says that all was read since Watch had told so many times.
func (t *telling) heard(times int) { t.read = times + 1 }

func (t *telling) quiet() bool { return t.watched && t.read == t.times+1 }

// Watch looks at the mailbox's history, often while an answer is likely and seldom at
// night, and calls changed when there is something that Fetch may want. With push it
// looks when Google says so, and now and then besides. It ends with ctx, or when access is lost.
func (m *Mailbox) Watch(ctx context.Context, changed func()) error {
	m.watch(true)
	defer m.watch(false)
	var news <-chan struct{}
	if p := m.a.o.Push; p != nil {
		ch, leave := p.listen(m.a.o)
		defer leave()
		news = ch
	}
	var renew time.Time
	for {
		if news != nil && !m.a.o.Now().Before(renew) {
			next, err := m.subscribe(ctx)
			if err != nil {
				if scheduler.FailureOf(err) == scheduler.NoAccess {
					return err
				}
				next = m.a.o.Now().Add(mailPushed) // until then by looking
			}
			renew = next
		}
		wait, err := m.look(ctx, changed)
		if err != nil {
			return err
		}
		if err := m.rest(ctx, wait, news); err != nil {
			return nil // ctx has ended
		}
	}
}

// Quiet says that Watch looks, and that it has seen nothing that Fetch has not read.
func (m *Mailbox) Quiet() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.told.quiet() && m.polled != 0
}

func (m *Mailbox) watch(runs bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told.watched = runs
}

// tell calls changed: from now on there is something to read.
func (m *Mailbox) tell(changed func()) {
	m.mu.Lock()
	m.told.times++
	m.mu.Unlock()
	changed()
}

// look polls once and says when to look next.
func (m *Mailbox) look(ctx context.Context, changed func()) (time.Duration, error) {
	m.mu.Lock()
	from, lively := m.polled, m.a.o.Now().Before(m.lively)
	m.mu.Unlock()
	wait := mailPace(m.a.o.Now().In(m.a.o.Zone), lively, m.a.o.Push != nil)
	if from == 0 { // nobody has read yet, or not to the end
		m.tell(changed)
		return min(wait, mailLively), nil
	}
	// Flags that change as mail is read are no news, nor is what indy itself wrote.
	res, err := m.page(ctx, from, "")
	if statusOf(err) == http.StatusNotFound {
		m.tell(changed) // Fetch reads anew
		return wait, nil
	}
	if err != nil {
		if err = m.a.fail("look for mail", err, false); scheduler.FailureOf(err) == scheduler.NoAccess {
			return 0, err
		}
		var f *scheduler.Failure
		if errors.As(err, &f) {
			wait = max(wait, f.After)
		}
		return wait, nil
	}
	m.mu.Lock()
	news := res.NextPageToken != "" || m.isNews(res.History)
	switch {
	case m.polled != from: // Fetch was faster
		news = false
	case news:
		m.ahead = &ahead{since: m.since, start: from, page: res, at: m.a.o.Now()}
	case res.HistoryId > from:
		m.polled = res.HistoryId
	}
	m.mu.Unlock()
	if news {
		m.tell(changed)
	}
	return wait, nil
}

// isNews says whether there is anything in these records for Fetch. m.mu is held.
func (m *Mailbox) isNews(records []*gmail.History) bool {
	for _, h := range records {
		for _, added := range h.MessagesAdded {
			if added.Message != nil && !m.sent[added.Message.Id] && readable(added.Message.LabelIds) {
				return true
			}
		}
		for _, gone := range h.MessagesDeleted {
			if m.stirs(gone.Message) {
				return true
			}
		}
		for _, added := range h.LabelsAdded {
			for _, id := range added.LabelIds {
				if id == "INBOX" || id == m.labels[LabelPropose] || id == m.labels[LabelHandsOff] {
					return true
				}
			}
		}
	}
	return false
}

// rest waits for the time, the news or the end. When an answer becomes likely meanwhile
// it waits no longer than is usual then.
func (m *Mailbox) rest(ctx context.Context, wait time.Duration, news <-chan struct{}) error {
	for began := m.a.o.Now(); ; {
		woken, wake := context.WithCancel(ctx)
		slept := make(chan error, 1)
		go func() { slept <- m.a.o.Sleep(woken, wait) }()
		var hurry bool
		select {
		case <-news:
			wake()
			<-slept
		case <-m.hurry:
			wake()
			<-slept
			hurry = m.a.o.Push == nil
		case <-slept:
			wake()
		}
		left := wait - m.a.o.Now().Sub(began)
		if !hurry || left <= mailLively || ctx.Err() != nil {
			return ctx.Err()
		}
		began, wait = m.a.o.Now(), mailLively
	}
}

// subscribe asks Gmail to tell the topic of changes, and says when to ask again.
func (m *Mailbox) subscribe(ctx context.Context) (time.Time, error) {
	res, err := m.a.gmail.Users.Watch(me, &gmail.WatchRequest{
		TopicName: m.a.o.Push.topic, LabelIds: []string{"INBOX", "SENT"}, LabelFilterBehavior: "include",
	}).Fields("expiration").Context(ctx).Do()
	if err != nil {
		return time.Time{}, m.a.fail("ask Gmail to tell of changes", err, false)
	}
	// It lasts seven days; asking again a day before their end leaves time for trouble.
	now := m.a.o.Now()
	left := time.UnixMilli(res.Expiration).Sub(now)
	return now.Add(max(left-24*time.Hour, left/2)), nil
}
