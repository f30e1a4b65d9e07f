package googletest

import (
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Mail is a mail as its owner sees it.
type Mail struct {
	ID, Thread string
	Labels     []string // by name
	Head       mail.Header
	Raw        []byte
}

// Subject is the subject, decoded.
func (m Mail) Subject() string { return decodeWords(m.Head.Get("Subject")) }

// Text is the body as it stands.
func (m Mail) Text() string { return string(bodyOf(m.Raw)) }

// Mails are the mails under a label ("INBOX", "SENT", "DRAFT", "indy/offered"), as they came.
func (x *User) Mails(label string) (list []Mail) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, m := range x.u.order {
		v := Mail{ID: m.id, Thread: m.thread, Head: m.head, Raw: m.raw}
		for id := range m.labels {
			v.Labels = append(v.Labels, x.u.labels[id].name)
		}
		slices.Sort(v.Labels)
		if slices.Contains(v.Labels, label) {
			list = append(list, v)
		}
	}
	return list
}

// Write sends a new mail in plain words.
func (x *User) Write(to, subject, words string) {
	x.Send(plainMail(x.u, to, subject, "", "", words, x.s.o.Now()))
}

// Reply answers a mail of one's own mailbox in plain words.
func (x *User) Reply(m Mail, words string) {
	to := m.Head.Get("Reply-To")
	if to == "" {
		to = m.Head.Get("From")
	}
	subject := m.Subject()
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	id := m.Head.Get("Message-Id")
	x.Send(plainMail(x.u, to, subject, id, strings.TrimSpace(m.Head.Get("References")+" "+id), words, x.s.o.Now()))
}

func plainMail(u *user, to, subject, inReplyTo, refs, words string, now time.Time) []byte {
	b := "From: " + (&mail.Address{Name: u.name, Address: u.address}).String() + "\r\nTo: " + to +
		"\r\nSubject: " + mime.QEncoding.Encode("utf-8", subject) + "\r\nDate: " + now.Format(time.RFC1123Z) + "\r\n"
	if inReplyTo != "" {
		b += "In-Reply-To: " + inReplyTo + "\r\nReferences: " + refs + "\r\n"
	}
	b += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	return []byte(b + strings.ReplaceAll(words, "\n", "\r\n") + "\r\n")
}

// Send sends a mail in the browser's way, as it is.
func (x *User) Send(raw []byte) (id string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	h := headOf(raw)
	return x.s.send(x.u, raw, x.s.threadOf(x.u, h)).id
}

// Draft leaves a draft of the user's own.
func (x *User) Draft(raw []byte) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.u.drafts["r"+x.s.hex()] = x.s.put(x.u, raw, "", "DRAFT")
}

// SendDraft sends a draft by hand, with other words if they are given, and DeleteDraft
// throws one away. Both name the draft by its mail.
func (x *User) SendDraft(m Mail, words string) bool {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for id, d := range x.u.drafts {
		if d.id == m.ID {
			if words != "" {
				d.raw = append(slices.Clone(d.raw[:len(d.raw)-len(bodyOf(d.raw))]), words...)
			}
			x.s.sendDraft(x.u, id)
			return true
		}
	}
	return false
}

// MendDraft writes other words into a draft: to Gmail that is another mail in the same draft.
func (x *User) MendDraft(m Mail, words string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for id, d := range x.u.drafts {
		if d.id == m.ID {
			raw := append(slices.Clone(d.raw[:len(d.raw)-len(bodyOf(d.raw))]), words...)
			x.s.drop(x.u, d)
			x.u.drafts[id] = x.s.put(x.u, raw, d.thread, "DRAFT")
			return
		}
	}
}

func (x *User) DeleteDraft(m Mail) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for id, d := range x.u.drafts {
		if d.id == m.ID {
			delete(x.u.drafts, id)
			x.s.drop(x.u, d)
		}
	}
}

// DeleteMail deletes a mail for good.
func (x *User) DeleteMail(m Mail) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if kept := x.u.messages[m.ID]; kept != nil {
		x.s.drop(x.u, kept)
	}
}

// Label puts a label on a whole conversation, and makes it if there is none.
func (x *User) Label(thread, name string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	id := x.labelID(name)
	if id == "" {
		x.s.makeLabel(x.u, name)
		id = x.labelID(name)
	}
	for _, m := range x.u.threadMessages(thread) {
		x.s.relabel(x.u, m, []string{id}, nil)
	}
}

// Move moves a conversation between "INBOX", "SPAM" and "TRASH".
func (x *User) Move(thread, from, to string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, m := range x.u.threadMessages(thread) {
		x.s.relabel(x.u, m, []string{to}, []string{from})
	}
}

func (x *User) labelID(name string) string {
	for id, l := range x.u.labels {
		if strings.EqualFold(l.name, name) {
			return id
		}
	}
	return ""
}

// Labels are the names of the user's own labels.
func (x *User) Labels() (names []string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, l := range x.u.labels {
		if l.kind == "user" {
			names = append(names, l.name)
		}
	}
	slices.Sort(names)
	return names
}

// RenameLabel gives a label another name; "" deletes it.
func (x *User) RenameLabel(old, name string) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	id := x.labelID(old)
	if name == "" {
		x.s.deleteLabel(x.u, id)
		return
	}
	x.u.labels[id].name = name
}

// ForgetHistory makes all history so far too old, as it is after some weeks.
func (x *User) ForgetHistory() {
	x.s.locked(func() { x.u.records, x.u.kept = nil, x.s.bump(x.u) })
}

// SendsAs lets the user write from another address, to which mail reaches them as well.
func (x *User) SendsAs(address string) {
	x.s.locked(func() {
		x.u.sendAs = append(x.u.sendAs, strings.ToLower(address))
		x.s.aliases[strings.ToLower(address)] = x.u.address
	})
}

// Address is whose account it is.
func (x *User) Address() string { return x.u.address }
