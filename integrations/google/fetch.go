package google

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/api/gmail/v1"

	"indy/integrations/mail"
	"indy/scheduler"
)

// Mailbox is an organizer's Gmail; it is an engine.Mailbox.
type Mailbox struct {
	a *Account

	mu     sync.Mutex
	labels map[string]string // our name → Google's id
	listed bool              // labels were looked at since the start
	told   telling           // what Watch has told of, and Fetch has read
	polled uint64            // up to here Watch saw nothing new
	since  uint64            // and from here on: what Fetch has reached
	sent   map[string]bool   // what this process sent: not news
	ours   map[string]bool   // threads of mail that was sent or wanted
	ahead  *ahead            // what Watch has read already

	began   time.Time        // when the account was opened
	staging map[string]bool  // keys of effects whose draft may stand, unknown to us
	drafts  map[string]draft // those that wait for the organizer, as last seen, by id
	stirred map[string]bool  // mails and threads of which the latest Fetch saw that a draft may be gone
	lively  time.Time        // until then an answer is likely

	hurry chan struct{} // tells Watch of that
}

const (
	me = "me" // the user whose token it is

	// enough is how many mails make a batch; a page is always read to its end.
	enough = 50
	// overlap is how much of the time before a lost history is read again, for clocks that differ.
	overlap = time.Hour
)

// headers are what wanting a mail is decided on.
var headers = []string{"From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}

// Fetch reads by history. When Google no longer keeps the history since cursor, mails that
// came since are listed and read by their heads in the same way; doing so changes nothing
// in the mailbox. The cursor never passes a page that did not come.
func (m *Mailbox) Fetch(ctx context.Context, cursor string, want func(scheduler.Head) bool) ([]scheduler.Mail, string, error) {
	if cursor == "" {
		return m.begin(ctx)
	}
	at, err := placeOf(cursor)
	if err != nil {
		return nil, cursor, &scheduler.Failure{Kind: scheduler.Suspicion, Err: err, Hint: `restore the state, or run "indy check"`}
	}
	if err := m.prepareLabels(ctx, &at); err != nil {
		return nil, cursor, err
	}
	m.mu.Lock()
	m.stirred = map[string]bool{}
	b := &batch{m: m, want: want, at: at, seen: map[string]bool{}, told: m.told.times}
	m.mu.Unlock()
	if b.at.Again == nil {
		err = b.history(ctx)
	}
	if b.at.Again != nil && err == nil {
		err = b.reread(ctx)
	}
	if err != nil && b.at.String() == at.String() { // not one page came
		return nil, cursor, err
	}
	// Whatever pages came are whole; the next Fetch meets the error again, if it stays.
	m.read(b, err == nil)
	return b.mails, b.at.String(), nil
}

// begin starts at the mailbox as it is now.
func (m *Mailbox) begin(ctx context.Context) ([]scheduler.Mail, string, error) {
	m.mu.Lock()
	told := m.told.times
	m.mu.Unlock()
	profile, err := m.a.gmail.Users.GetProfile(me).Fields("historyId").Context(ctx).Do()
	if err != nil {
		return nil, "", m.a.fail("open the mailbox", err, false)
	}
	at := place{History: profile.HistoryId, Time: m.a.o.Now().Unix()}
	if err := m.prepareLabels(ctx, &at); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	m.polled, m.since = at.History, at.History
	m.told.heard(told)
	m.mu.Unlock()
	return nil, at.String(), nil
}

// read remembers what Watch need not call news.
func (m *Mailbox) read(b *batch, whole bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if whole && b.at.Again == nil && !b.more {
		m.told.heard(b.told)
		m.polled, m.since = b.at.History, b.at.History
	} else {
		m.polled = 0 // there is more: Watch says so at once
	}
	if len(b.mails) > 0 {
		m.expect()
	}
}

// expect says that an answer is likely. m.mu is held.
func (m *Mailbox) expect() {
	m.lively = m.a.o.Now().Add(livelyFor)
	select {
	case m.hurry <- struct{}{}:
	default:
	}
}

// batch is one Fetch.
type batch struct {
	m     *Mailbox
	want  func(scheduler.Head) bool
	at    place // after the last whole page
	mails []scheduler.Mail
	seen  map[string]bool
	more  bool
	told  int // how often Watch had told of news when it began
}

const historyFields = "historyId,nextPageToken,history(id,messagesAdded/message(id,threadId,labelIds),messagesDeleted/message(id,threadId),labelsAdded(labelIds,message(id,threadId,labelIds)))"

func (b *batch) history(ctx context.Context) error {
	start, page, newest := b.at.History, "", uint64(0)
	for {
		res, err := b.m.page(ctx, start, page)
		if statusOf(err) == http.StatusNotFound {
			return b.lost(ctx)
		}
		if err != nil {
			return b.m.a.fail("read what came", err, false)
		}
		if newest == 0 { // later pages may be of an older look than their historyId
			newest = res.HistoryId
		}
		for _, h := range res.History {
			if err := b.record(ctx, h); err != nil {
				return err
			}
		}
		now := b.m.a.o.Now().Unix()
		if page = res.NextPageToken; page == "" {
			if newest > b.at.History {
				b.at.History, b.at.Time = newest, now
			}
			return nil
		}
		if n := len(res.History); n > 0 {
			b.at.History = res.History[n-1].Id
		}
		if len(b.mails) >= enough {
			b.more = true
			return nil
		}
	}
}

// ahead is a first page that Watch has read. Between since and start there was no news.
type ahead struct {
	since, start uint64
	page         *gmail.ListHistoryResponse
	at           time.Time
}

// fresh is how long such a page may be used.
const fresh = 30 * time.Second

// page is one page of the history. What Watch has just read is not read again.
func (m *Mailbox) page(ctx context.Context, start uint64, page string) (*gmail.ListHistoryResponse, error) {
	if page == "" {
		m.mu.Lock()
		a := m.ahead
		m.ahead = nil
		m.mu.Unlock()
		if a != nil && a.since <= start && start <= a.start && m.a.o.Now().Sub(a.at) < fresh {
			return a.page, nil
		}
	}
	call := m.a.gmail.Users.History.List(me).StartHistoryId(start).
		HistoryTypes(m.records()...).MaxResults(500).Fields(historyFields).Context(ctx)
	if page != "" {
		call.PageToken(page)
	}
	return call.Do()
}

// records are the kinds of records that are asked for.
func (m *Mailbox) records() []string {
	if m.a.o.Drafts {
		return []string{"messageAdded", "labelAdded", "messageDeleted"}
	}
	return []string{"messageAdded", "labelAdded"}
}

// record reads what one record of the history brought.
func (b *batch) record(ctx context.Context, h *gmail.History) error {
	b.stir(h)
	for _, added := range h.MessagesAdded {
		if added.Message != nil {
			if err := b.message(ctx, added.Message); err != nil {
				return err
			}
		}
	}
	for _, added := range h.LabelsAdded {
		if added.Message == nil {
			continue
		}
		// A mail that comes out of the spam folder is news, as if it had come now.
		if slices.Contains(added.LabelIds, "INBOX") {
			if err := b.message(ctx, added.Message); err != nil {
				return err
			}
		}
		if err := b.orders(ctx, added, strconv.FormatUint(h.Id, 10)); err != nil {
			return err
		}
	}
	return nil
}

// lost begins to read anew from the time that the history reached.
func (b *batch) lost(ctx context.Context) error {
	profile, err := b.m.a.gmail.Users.GetProfile(me).Fields("historyId").Context(ctx).Do()
	if err != nil {
		return b.m.a.fail("open the mailbox", err, false)
	}
	// What comes from now on is in the history again; the list below has what came before.
	b.at.Again = &rereading{After: b.at.Time - int64(overlap/time.Second)}
	b.at.History = profile.HistoryId
	return nil
}

func (b *batch) reread(ctx context.Context) error {
	b.m.mu.Lock()
	clear(b.m.drafts) // what became of them meanwhile is not told
	b.m.mu.Unlock()
	for b.at.Again != nil {
		again := *b.at.Again
		call := b.m.a.gmail.Users.Messages.List(me).MaxResults(100).
			Q("after:" + strconv.FormatInt(again.After, 10) + " -in:drafts -in:chats").
			Fields("nextPageToken,messages(id,threadId)").Context(ctx)
		if again.Page != "" {
			call.PageToken(again.Page)
		}
		res, err := call.Do()
		if statusOf(err) == http.StatusBadRequest && again.Page != "" { // the list is no longer kept: from its top
			b.at.Again = &rereading{After: again.After}
			return &scheduler.Failure{Kind: scheduler.Again, After: b.m.a.patience.wait(0), Err: errors.New("read what came since: the list has changed")}
		}
		if err != nil {
			return b.m.a.fail("read what came since", err, false)
		}
		// Oldest first, as they came.
		slices.Reverse(res.Messages)
		for _, msg := range res.Messages {
			if err := b.message(ctx, msg); err != nil {
				return err
			}
		}
		if res.NextPageToken == "" {
			if err := b.pendingOrders(ctx); err != nil {
				return err
			}
			b.at.Again, b.at.Time = nil, b.m.a.o.Now().Unix()
			return nil
		}
		b.at.Again = &rereading{After: again.After, Page: res.NextPageToken}
		if len(b.mails) >= enough {
			b.more = true
			return nil
		}
	}
	return nil
}

// message looks at one mail's head and, if it is wanted, reads it whole. In a thread of
// ours it is read at once: that is one call less, and it is nearly always wanted.
func (b *batch) message(ctx context.Context, msg *gmail.Message) error {
	m := b.m
	if msg.Id == "" || b.seen[msg.Id] || m.isSent(msg.Id) || !readable(msg.LabelIds) {
		return nil
	}
	b.seen[msg.Id] = true
	asked := !m.isOurs(msg.ThreadId)
	if asked {
		head, ok, err := m.head(ctx, msg.Id)
		if err != nil || !ok || !b.want(head) {
			return err
		}
	}
	full, err := m.a.gmail.Users.Messages.Get(me, msg.Id).Format("raw").
		Fields("id,threadId,labelIds,raw").Context(ctx).Do()
	if statusOf(err) == http.StatusNotFound { // deleted meanwhile
		return nil
	}
	if err != nil {
		return m.a.fail("read a mail", err, false)
	}
	raw, err := unweb(full.Raw)
	if err != nil {
		return &scheduler.Failure{Kind: scheduler.Again, After: m.a.patience.wait(0), Err: errors.New("read a mail: what came is not one")}
	}
	if !readable(full.LabelIds) {
		return nil // nothing that can be read: not for us to answer
	}
	read := mail.Parse(raw)
	m.place(&read.Head, full)
	if asked || b.want(read.Head) {
		m.adopt(full.ThreadId)
		b.mails = append(b.mails, read)
	}
	return nil
}

// readable says that a mail under these labels is one that came or went.
func readable(labels []string) bool {
	for _, l := range labels {
		switch l {
		case "DRAFT", "TRASH", "SPAM", "CHAT":
			return false
		}
	}
	return true
}

// head reads the outside of a mail; ok is false when there is nothing to read.
func (m *Mailbox) head(ctx context.Context, id string) (head scheduler.Head, ok bool, err error) {
	msg, err := m.a.gmail.Users.Messages.Get(me, id).Format("metadata").MetadataHeaders(headers...).
		Fields("id,threadId,labelIds,payload/headers").Context(ctx).Do()
	if statusOf(err) == http.StatusNotFound {
		return head, false, nil
	}
	if err != nil {
		return head, false, m.a.fail("look at a mail", err, false)
	}
	if !readable(msg.LabelIds) {
		return head, false, nil
	}
	head, err = mail.ReadHead(strings.NewReader(headText(msg)))
	if err != nil {
		return head, false, nil
	}
	m.place(&head, msg)
	return head, true, nil
}

// headText puts the headers that Google took apart together again, so that they are read
// by the same rules as a whole mail's.
func headText(msg *gmail.Message) string {
	var b strings.Builder
	if msg.Payload != nil {
		for _, h := range msg.Payload.Headers {
			if h.Name == "" || strings.ContainsAny(h.Name, ": \r\n") {
				continue
			}
			value := strings.NewReplacer("\r", " ", "\n", " ").Replace(h.Value)
			b.WriteString(h.Name + ": " + value + "\r\n")
		}
	}
	b.WriteString("\r\n")
	return b.String()
}

// place adds what the provider knows of a mail.
func (m *Mailbox) place(h *scheduler.Head, msg *gmail.Message) {
	h.ID, h.Thread = msg.Id, msg.ThreadId
	// Only Gmail itself sets SENT: it is proof that the account's owner wrote this.
	h.Own = slices.Contains(msg.LabelIds, "SENT")
	h.Labels = m.namesOf(msg.LabelIds)
}

// unweb reads base64 in the alphabet for the web, with or without its padding.
func unweb(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}

func (m *Mailbox) isSent(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent[id]
}

// most is how many ids are remembered; forgetting them costs a look each, no more.
const most = 5000

// remember keeps what was just sent from coming back as news, and expects an answer.
func (m *Mailbox) remember(id, thread string) {
	m.adopt(thread)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sent) >= most {
		clear(m.sent)
	}
	m.sent[id] = true
	m.expect()
}

// adopt makes a thread one of ours.
func (m *Mailbox) adopt(thread string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.ours) >= most {
		clear(m.ours)
	}
	m.ours[thread] = true
}

func (m *Mailbox) isOurs(thread string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ours[thread]
}
