package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"indy/integrations/mail"
	"indy/scheduler"
)

// MailboxOptions say where an organizer's mail is. Missing Maildirs are made.
type MailboxOptions struct {
	// Inbox is a Maildir with what others sent to the organizer. Mail of indy's to one of
	// the organizer's own addresses is put there as well.
	Inbox string
	// Sent is a Maildir with what the organizer sent. indy puts a copy of its mails there;
	// everything else in it counts as written by the organizer, so nobody else may write there.
	Sent string
	// Post is a folder with one Maildir for each recipient, named by the address: the way
	// out. Whoever carries the mail on may take it from there.
	Post string
	// Addresses are the organizer's own.
	Addresses []string
	// Fleeting is for plays, which are made anew: nothing is forced onto the disk.
	Fleeting bool
}

// Mailbox is an organizer's mail in Maildirs. Its methods may be called by several
// goroutines at once; one process works on a mailbox.
type Mailbox struct {
	o     MailboxOptions
	disk  disk
	own   map[string]bool
	run   string                  // names this process in cursors
	broke func(step string) error // set by tests

	mu    sync.Mutex
	boxes [2]*box
	there map[string]item // by ID, as last listed
	known map[string]int  // by ID: the batch in which it was first there
	batch int
}

// OpenMailbox opens the mailbox and makes what is missing of it.
func OpenMailbox(o MailboxOptions) (*Mailbox, error) {
	for _, path := range []string{o.Inbox, o.Sent} {
		if err := makeMaildir(path); err != nil {
			return nil, fmt.Errorf("open the mailbox: %w", err)
		}
	}
	if err := os.MkdirAll(o.Post, 0o700); err != nil {
		return nil, fmt.Errorf("open the mailbox: %w", err)
	}
	m := &Mailbox{o: o, disk: disk{o.Fleeting}, own: map[string]bool{}, run: runName(), known: map[string]int{},
		boxes: [2]*box{newBox(o.Inbox, "", false), newBox(o.Sent, "sent/", true)}}
	for _, address := range o.Addresses {
		m.own[strings.ToLower(address)] = true
	}
	return m, nil
}

// Fetch reads what came and what the organizer sent by hand since cursor, the oldest
// first; with "" nothing, and the next cursor starts from now. Heads are read first, and a
// mail whole only when want says so. No file is moved or flagged.
func (m *Mailbox) Fetch(ctx context.Context, cursor string, want func(scheduler.Head) bool) ([]scheduler.Mail, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, err := parseCursor(cursor)
	if err != nil {
		return nil, "", final("", fmt.Errorf("read the mailbox: %w", err))
	}
	items, next, err := m.since(from)
	if err != nil {
		return nil, "", again(fmt.Errorf("read the mailbox: %w", err))
	}
	var mails []scheduler.Mail
	for _, it := range items {
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
		got, err := m.read(it, want)
		if err != nil {
			return nil, "", again(fmt.Errorf("read the mailbox: %w", err))
		}
		if got != nil {
			mails = append(mails, *got)
		}
	}
	return mails, next.String(), nil
}

// read reads one mail, or nothing when it is not wanted or gone by now.
func (m *Mailbox) read(it item, want func(scheduler.Head) bool) (*scheduler.Mail, error) {
	b := m.boxes[0]
	if it.own {
		b = m.boxes[1]
	}
	f, err := b.open(it)
	if err != nil || f == nil {
		return nil, err
	}
	defer f.Close()
	head, err := mail.ReadHead(f)
	if err != nil {
		return nil, err
	}
	head.ID, head.Own = it.id, it.own
	if !want(head) {
		return nil, nil
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	got, err := mail.Read(f)
	if err != nil {
		return nil, err
	}
	got.ID, got.Own = it.id, it.own
	return &got, nil
}

// onDisk is a mail as files have it, with the line ends of text files: programs that read
// Maildirs show those of the wire (RFC 5322 2.1) as ^M. What brings the mail on puts them back.
func onDisk(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) }

// Stage writes the mail, onto the disk, into the tmp of its recipient's Maildir. Its name
// comes from the effect's key, so that there is one file however often it is staged.
func (m *Mailbox) Stage(_ context.Context, out scheduler.Parcel) (ref string, err error) {
	to, err := m.target(out)
	if err != nil {
		return "", err
	}
	if err := makeMaildir(to.dir); err != nil {
		return "", again(fmt.Errorf("stage a mail: %w", err))
	}
	if err := m.disk.writeFile(to.in("tmp"), onDisk(out.Raw)); err != nil {
		return "", again(fmt.Errorf("stage a mail: %w", err))
	}
	for _, dir := range []string{filepath.Join(to.dir, "tmp"), to.dir, filepath.Dir(to.dir)} {
		if err := m.disk.syncDir(dir); err != nil {
			return "", again(fmt.Errorf("stage a mail: %w", err))
		}
	}
	return to.name, nil
}

// Send puts a copy into Sent, then moves the mail into the recipient's new, which is the
// moment at which it has gone. Sending what has gone already is a success.
func (m *Mailbox) Send(ctx context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, error) {
	sent, found, err := m.Find(ctx, out, ref)
	switch {
	case err != nil:
		return scheduler.Sent{}, err
	case found == scheduler.WasSent:
		return sent, nil
	case found == scheduler.CannotTell:
		return scheduler.Sent{}, &scheduler.Failure{Kind: scheduler.InDoubt, Err: errors.New("send a mail: what was staged is gone, and nothing shows that it was sent")}
	}
	to, err := m.target(out)
	if err != nil {
		return scheduler.Sent{}, err
	}
	staged, err := exists(to.in("tmp"))
	if err == nil && !staged { // ref is "": nothing was ever staged
		_, err = m.Stage(ctx, out)
	}
	if err == nil {
		err = m.interrupted("before")
	}
	if err == nil {
		err = m.keepCopy(to, out.Raw)
	}
	if err != nil {
		return scheduler.Sent{}, again(fmt.Errorf("send a mail: %w", err))
	}
	if err := os.Rename(to.in("tmp"), to.in("new")); err != nil {
		return scheduler.Sent{}, again(fmt.Errorf("send a mail: %w", err))
	}
	if err := errors.Join(m.disk.syncDir(filepath.Join(to.dir, "new")), m.interrupted("after")); err != nil {
		return scheduler.Sent{}, &scheduler.Failure{Kind: scheduler.InDoubt, Err: fmt.Errorf("send a mail: %w", err)}
	}
	return m.sent(out, to), nil
}

// interrupted lets tests end a Send at a step.
func (m *Mailbox) interrupted(step string) error {
	if m.broke == nil {
		return nil
	}
	return m.broke(step)
}

func (m *Mailbox) sent(out scheduler.Parcel, to target) scheduler.Sent {
	return scheduler.Sent{ID: to.name, MessageID: out.MessageID}
}

// keepCopy puts the mail into Sent, as seen.
func (m *Mailbox) keepCopy(to target, raw []byte) error {
	if kept, err := m.inSent(to.name); err != nil || kept {
		return err
	}
	tmp, cur := filepath.Join(m.o.Sent, "tmp", to.name), filepath.Join(m.o.Sent, "cur", to.name+flagMark+"2,S")
	if err := m.disk.writeFile(tmp, onDisk(raw)); err != nil {
		return err
	}
	if err := os.Rename(tmp, cur); err != nil {
		return err
	}
	return m.disk.syncDir(filepath.Dir(cur))
}

// Find looks where the mail is. It is proven to have gone when the recipient has it, or
// when it is in Sent and no longer in tmp; and not to have gone while it is in tmp.
func (m *Mailbox) Find(_ context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Found, error) {
	to, err := m.target(out)
	if err != nil {
		return scheduler.Sent{}, scheduler.CannotTell, err
	}
	sent, found, err := m.find(out, to, ref)
	if err != nil {
		return scheduler.Sent{}, scheduler.CannotTell, again(fmt.Errorf("look for a mail: %w", err))
	}
	return sent, found, nil
}

func (m *Mailbox) find(out scheduler.Parcel, to target, ref string) (scheduler.Sent, scheduler.Found, error) {
	for _, sub := range []string{"new", "cur"} {
		if has, err := holds(filepath.Join(to.dir, sub), to.name); err != nil {
			return scheduler.Sent{}, scheduler.CannotTell, err
		} else if has {
			return m.sent(out, to), scheduler.WasSent, nil
		}
	}
	staged, err := exists(to.in("tmp"))
	if err != nil {
		return scheduler.Sent{}, scheduler.CannotTell, err
	}
	if staged {
		return scheduler.Sent{}, scheduler.NotSent, nil
	}
	kept, err := m.inSent(to.name)
	switch {
	case err != nil:
		return scheduler.Sent{}, scheduler.CannotTell, err
	case kept:
		return m.sent(out, to), scheduler.WasSent, nil
	case ref == "":
		return scheduler.Sent{}, scheduler.NotSent, nil
	}
	return scheduler.Sent{}, scheduler.CannotTell, nil
}

// Withdraw deletes what was staged, and the copy that a Send which broke off has left in
// Sent: else that would be taken for a proof that it went. Words that are not ours stay.
func (m *Mailbox) Withdraw(_ context.Context, out scheduler.Parcel, ref string) (scheduler.Sent, scheduler.Withdrawal, error) {
	to, err := m.target(out)
	if err != nil {
		return scheduler.Sent{}, scheduler.TakenBack, err
	}
	sent, found, err := m.find(out, to, ref)
	switch {
	case err != nil:
		return scheduler.Sent{}, scheduler.TakenBack, again(fmt.Errorf("take back a mail: %w", err))
	case found == scheduler.WasSent:
		return sent, scheduler.TooLate, nil
	}
	came, err := m.takeBack(to, out.Raw)
	if err != nil {
		return scheduler.Sent{}, scheduler.TakenBack, again(fmt.Errorf("take back a mail: %w", err))
	}
	return scheduler.Sent{}, came, nil
}

// takeBack deletes a staged file. One that is the beginning of the mail was written by a
// Stage that broke off.
func (m *Mailbox) takeBack(to target, raw []byte) (scheduler.Withdrawal, error) {
	there, err := os.ReadFile(to.in("tmp"))
	if errors.Is(err, fs.ErrNotExist) {
		return scheduler.TakenBack, nil
	}
	if err != nil {
		return scheduler.TakenBack, err
	}
	if !bytes.HasPrefix(onDisk(raw), there) {
		return scheduler.Mended, nil
	}
	if err := m.dropCopy(to.name); err != nil {
		return scheduler.TakenBack, err
	}
	if err := m.interrupted("before taking back"); err != nil {
		return scheduler.TakenBack, err
	}
	if err := os.Remove(to.in("tmp")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return scheduler.TakenBack, err
	}
	return scheduler.TakenBack, errors.Join(m.disk.syncDir(filepath.Join(to.dir, "tmp")), m.interrupted("after taking back"))
}

// dropCopy deletes the copy of a mail in Sent, whatever its flags.
func (m *Mailbox) dropCopy(name string) error {
	for _, sub := range []string{"cur", "new"} {
		dir := filepath.Join(m.o.Sent, sub)
		list, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, f := range list {
			if unique(f.Name()) == name {
				if err := errors.Join(os.Remove(filepath.Join(dir, f.Name())), m.disk.syncDir(dir)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *Mailbox) inSent(name string) (bool, error) {
	for _, sub := range []string{"cur", "new"} {
		if has, err := holds(filepath.Join(m.o.Sent, sub), name); err != nil || has {
			return has, err
		}
	}
	return false, nil
}
