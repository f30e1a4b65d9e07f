package google

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"encoding/base64"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/googleapi"

	"indy/scheduler"
)

// Sending is not idempotent and Gmail replaces our Message-ID, so a mail goes through a
// draft: made, named to the caller, who keeps the name, and sent once by that name. A
// draft that is sent is gone; one that is still there was not sent.

// large is the size from which a mail goes by the path for uploads: as it is, not as text in JSON.
const large = 1 << 20

// draft is what Stage calls a draft: its id, its thread, when it was made (Unix seconds by
// Google's clock), and the id of the mail in it, which is another one once somebody has
// changed the draft. Thread and time are where to look for the mail once it has gone.
type draft struct {
	id, thread string
	made       int64
	mail       string
}

func (d draft) String() string {
	return strings.Join([]string{d.id, cmp.Or(d.thread, "-"), strconv.FormatInt(d.made, 10), d.mail}, " ")
}

func draftOf(ref string) draft {
	var d draft
	f := strings.Fields(ref)
	if len(f) > 0 {
		d.id = f[0]
	}
	if len(f) > 2 {
		d.thread = strings.TrimPrefix(f[1], "-")
		d.made, _ = strconv.ParseInt(f[2], 10, 64)
	}
	if len(f) > 3 {
		d.mail = f[3]
	}
	return d
}

// Stage makes the draft. One that an earlier try made, whose answer was lost, is used again.
func (m *Mailbox) Stage(ctx context.Context, out scheduler.Parcel) (string, error) {
	if m.mayBeStaged(out) {
		d, err := m.staged(ctx, out)
		if err != nil {
			return "", err
		}
		if d.id != "" {
			m.watchDraft(d)
			return d.String(), nil
		}
	}
	made, err := m.create(ctx, out, out.Thread)
	if statusOf(err) == http.StatusNotFound && out.Thread != "" {
		made, err = m.create(ctx, out, "") // the thread was deleted: a new one then
	}
	if err != nil {
		return "", m.a.fail("write a draft", err, false) // a draft is no mail: making it again does no harm
	}
	m.mu.Lock()
	delete(m.staging, out.Key)
	m.mu.Unlock()
	d := draft{id: made.Id, made: m.a.o.Now().Unix()}
	if t, err := http.ParseTime(made.ServerResponse.Header.Get("Date")); err == nil {
		d.made = t.Unix()
	}
	if made.Message != nil {
		d.thread, d.mail = made.Message.ThreadId, made.Message.Id
	}
	m.watchDraft(d)
	return d.String(), nil
}

// staged is the draft of the mail that stands already, if there is one. What a search
// finds is held against the mail itself: sending another draft would be far worse than
// leaving one over.
func (m *Mailbox) staged(ctx context.Context, out scheduler.Parcel) (draft, error) {
	old, err := m.a.gmail.Users.Drafts.List(me).Q("rfc822msgid:" + out.MessageID).MaxResults(5).
		Fields("drafts/id").Context(ctx).Do()
	if err != nil {
		return draft{}, m.a.fail("look for a draft", err, false)
	}
	ours := outsideOf(out.Raw)
	for _, found := range old.Drafts {
		d, err := m.a.gmail.Users.Drafts.Get(me, found.Id).Format("raw").Fields("id,message(id,threadId,raw)").Context(ctx).Do()
		if statusOf(err) == http.StatusNotFound {
			continue
		}
		if err != nil {
			return draft{}, m.a.fail("look at a draft", err, false)
		}
		if d.Message == nil {
			continue
		}
		if raw, err := unweb(d.Message.Raw); err == nil && outsideOf(raw).same(ours) {
			return draft{id: found.Id, thread: d.Message.ThreadId, mail: d.Message.Id}, nil
		}
	}
	return draft{}, nil
}

// mayBeStaged says whether there may be a draft of the mail already: it was written before
// this process began, or a try of this process failed. Where drafts are for the organizer
// to send, two would be two mails, so there it may always be.
func (m *Mailbox) mayBeStaged(out scheduler.Parcel) bool {
	m.mu.Lock()
	tried := m.staging[out.Key]
	m.staging[out.Key] = true
	m.mu.Unlock()
	return tried || m.mayBeOld(out)
}

func (m *Mailbox) mayBeOld(out scheduler.Parcel) bool {
	if m.a.o.Drafts && !m.a.isOwn(out.To) {
		return true
	}
	msg, err := mail.ReadMessage(bytes.NewReader(out.Raw))
	if err != nil {
		return true
	}
	written, err := msg.Header.Date()
	return err != nil || written.Before(m.began.Add(time.Second))
}

func (m *Mailbox) create(ctx context.Context, out scheduler.Parcel, thread string) (*gmail.Draft, error) {
	body := &gmail.Draft{Message: &gmail.Message{ThreadId: thread}}
	call := m.a.gmail.Users.Drafts.Create(me, body).Fields("id,message(id,threadId)").Context(ctx)
	if len(out.Raw) >= large {
		// ChunkSize 0: one request. A resumed upload would be repeated behind our back.
		call.Media(bytes.NewReader(out.Raw), googleapi.ContentType("message/rfc822"), googleapi.ChunkSize(0))
	} else {
		body.Message.Raw = base64.URLEncoding.EncodeToString(out.Raw)
	}
	return call.Do()
}

// Send sends the draft, and reads back the Message-ID under which it went, where it is needed. No header makes
// the request repeatable: net/http would then repeat it by itself.
func (m *Mailbox) Send(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, error) {
	d := draftOf(ref)
	if d.id == "" {
		return scheduler.Sent{}, &scheduler.Failure{Kind: scheduler.Final, Err: errors.New("send a mail: it has no draft")}
	}
	m.leaveDraft(d.id)
	msg, err := m.a.gmail.Users.Drafts.Send(me, &gmail.Draft{Id: d.id}).Fields("id,threadId").Context(ctx).Do()
	if statusOf(err) == http.StatusNotFound {
		// Sent, or deleted by hand: only looking can tell.
		return scheduler.Sent{}, &scheduler.Failure{Kind: scheduler.InDoubt, Err: errors.New("send a mail: its draft is no longer there")}
	}
	if err != nil {
		return scheduler.Sent{}, m.a.fail("send a mail", err, true)
	}
	m.remember(msg.Id, msg.ThreadId)
	if m.a.isOwn(out.To) && d.thread != "" && d.mail == d.thread && msg.ThreadId == d.thread {
		// It began a thread of the organizer's own: answers are known by that, and reading its
		// Message-ID back would cost a fifth of sending it.
		return scheduler.Sent{ID: msg.Id, Thread: msg.ThreadId}, nil
	}
	return m.final(ctx, msg.Id, msg.ThreadId)
}

// final reads the Message-ID that Gmail gave a mail. It has gone by then, so that trouble
// here is InDoubt: Find reads again.
func (m *Mailbox) final(ctx context.Context, id, thread string) (scheduler.Sent, error) {
	head, ok, err := m.head(ctx, id)
	if err == nil && (!ok || head.MessageID == "") {
		err = &scheduler.Failure{Err: errors.New("read back a sent mail: it cannot be seen yet")}
	}
	if err != nil {
		f := &scheduler.Failure{Kind: scheduler.InDoubt, Err: err}
		var known *scheduler.Failure
		if errors.As(err, &known) {
			f.Hint, f.After = known.Hint, known.After
			if known.Kind == scheduler.NoAccess {
				f.Kind = scheduler.NoAccess
			}
		}
		return scheduler.Sent{}, f
	}
	return scheduler.Sent{ID: id, MessageID: head.MessageID, Thread: thread}, nil
}

// Find looks whether the mail has gone. A draft that stands has not been sent. One that
// is gone was sent if the mail is among what was sent; if it is not there, that proves
// nothing, since Gmail's search runs behind and the organizer may have deleted either.
func (m *Mailbox) Find(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Found, error) {
	d := draftOf(ref)
	if d.id == "" {
		return scheduler.Sent{}, scheduler.NotSent, nil // nothing can be sent without its name
	}
	stands, err := m.a.gmail.Users.Drafts.Get(me, d.id).Format("minimal").Fields("id,message(id,threadId)").Context(ctx).Do()
	if err == nil {
		if now := stands.Message; now != nil {
			m.watchDraft(draft{id: d.id, thread: now.ThreadId, mail: now.Id})
		}
		return scheduler.Sent{}, scheduler.NotSent, nil
	}
	if statusOf(err) != http.StatusNotFound {
		return scheduler.Sent{}, scheduler.CannotTell, m.a.fail("look for a draft", err, false)
	}
	m.leaveDraft(d.id)
	return m.amongSent(ctx, out, d)
}

// amongSent looks for a mail whose draft is gone.
func (m *Mailbox) amongSent(ctx context.Context, out scheduler.Parcel, d draft) (scheduler.Sent, scheduler.Found, error) {
	candidates, err := m.candidates(ctx, out, d)
	if err != nil {
		return scheduler.Sent{}, scheduler.CannotTell, err
	}
	for _, id := range candidates {
		sent, is, err := m.isParcel(ctx, id, out, d)
		if err != nil {
			return scheduler.Sent{}, scheduler.CannotTell, err
		}
		if is {
			m.remember(id, sent.Thread)
			return sent, scheduler.WasSent, nil
		}
	}
	return scheduler.Sent{}, scheduler.CannotTell, nil
}

// candidates are sent mails that may be the parcel: those of the draft's thread first,
// which a sent draft stays in, then what the search knows.
func (m *Mailbox) candidates(ctx context.Context, out scheduler.Parcel, d draft) (ids []string, err error) {
	for _, thread := range []string{d.thread, out.Thread} {
		if thread == "" || len(ids) > 0 {
			continue
		}
		t, err := m.a.gmail.Users.Threads.Get(me, thread).Format("minimal").
			Fields("messages(id,labelIds,internalDate)").Context(ctx).Do()
		if statusOf(err) == http.StatusNotFound {
			continue
		}
		if err != nil {
			return nil, m.a.fail("look for a sent mail", err, false)
		}
		for _, msg := range slices.Backward(t.Messages) { // the latest first
			if slices.Contains(msg.LabelIds, "SENT") && notBefore(msg.InternalDate, d.made) {
				ids = append(ids, msg.Id)
			}
		}
	}
	if len(ids) > 0 {
		return ids, nil
	}
	q := "in:sent to:" + out.To
	if d.made > 0 {
		q += " after:" + strconv.FormatInt(d.made-60, 10)
	}
	list, err := m.a.gmail.Users.Messages.List(me).Q(q).MaxResults(20).Fields("messages(id)").Context(ctx).Do()
	if err != nil {
		return nil, m.a.fail("look for a sent mail", err, false)
	}
	for _, msg := range list.Messages {
		ids = append(ids, msg.Id)
	}
	return ids, nil
}

// notBefore compares Google's clock with itself, to the second.
func notBefore(internalMillis, made int64) bool { return internalMillis/1000 >= made }

// isParcel says whether a sent mail is the one that we staged: to the same address, an
// answer to the same mail, with the same words. The organizer may have mended the words of
// the draft before sending it; in a thread of its own it is then still the same mail.
func (m *Mailbox) isParcel(ctx context.Context, id string, out scheduler.Parcel, d draft) (sent scheduler.Sent, is bool, err error) {
	msg, err := m.a.gmail.Users.Messages.Get(me, id).Format("raw").Fields("id,threadId,labelIds,raw").Context(ctx).Do()
	if statusOf(err) == http.StatusNotFound {
		return sent, false, nil
	}
	if err != nil {
		return sent, false, m.a.fail("look at a sent mail", err, false)
	}
	raw, err := unweb(msg.Raw)
	if err != nil || !slices.Contains(msg.LabelIds, "SENT") {
		return sent, false, nil
	}
	ours, gone := outsideOf(out.Raw), outsideOf(raw)
	if !strings.EqualFold(ours.to, gone.to) || ours.inReplyTo != gone.inReplyTo || gone.id == "" {
		return sent, false, nil
	}
	sent = scheduler.Sent{ID: id, MessageID: gone.id, Thread: msg.ThreadId}
	if ours.subject == gone.subject && ours.body == gone.body {
		return sent, true, nil
	}
	return sent, out.Thread == "" && d.thread != "" && msg.ThreadId == d.thread && d.made > 0, nil
}

// outside is what tells one mail from another.
type outside struct{ id, to, others, subject, inReplyTo, body string }

// same says that nobody has changed anything. Gmail may have given it another Message-ID.
func (o outside) same(other outside) bool {
	o.id = other.id
	return o == other
}

func outsideOf(raw []byte) outside {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return outside{}
	}
	var o outside
	if list, err := msg.Header.AddressList("To"); err == nil && len(list) == 1 {
		o.to = list[0].Address
	}
	o.id = strings.Trim(strings.TrimSpace(msg.Header.Get("Message-Id")), "<>")
	o.others = msg.Header.Get("Cc") + msg.Header.Get("Bcc")
	o.subject = strings.Join(strings.Fields(msg.Header.Get("Subject")), " ")
	o.inReplyTo = strings.Join(strings.Fields(msg.Header.Get("In-Reply-To")), " ")
	var body bytes.Buffer
	body.ReadFrom(msg.Body)
	o.body = strings.TrimSpace(strings.ReplaceAll(body.String(), "\r\n", "\n"))
	return o
}

// livelyFor is how long after a mail an answer is likely.
const livelyFor = 2 * time.Hour
