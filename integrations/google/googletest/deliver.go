package googletest

import (
	"bytes"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Letter is a mail that went to somebody outside.
type Letter struct {
	From, To string
	Raw      []byte
	At       time.Time
}

// Outside is what reached an address that is no user's.
func (s *Server) Outside(address string) []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.outside[strings.ToLower(address)])
}

// Receive delivers a mail from outside to a user, without a sender on its envelope, as
// servers and robots write.
func (s *Server) Receive(to string, raw []byte) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deliver(s.mustUser(to), "", raw).id
}

// ReceiveFrom is Receive with that sender on the envelope, who is who they say they are.
func (s *Server) ReceiveFrom(from, to string, raw []byte) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deliver(s.mustUser(to), strings.ToLower(from), raw).id
}

// sendDraft sends a draft: it is gone, and a new mail stands among what was sent.
func (s *Server) sendDraft(u *user, id string) *message {
	d := u.drafts[id]
	if d == nil {
		return nil
	}
	delete(u.drafts, id)
	s.drop(u, d)
	return s.send(u, d.raw, d.thread)
}

// send does what Gmail does with a mail on its way out: a Message-ID of its own, a sender
// that is the user's, no Bcc. The parts stay as they are.
func (s *Server) send(u *user, raw []byte, thread string) *message {
	h := headOf(raw)
	recipients := recipientsOf(h)
	from := u.address
	if a, err := mail.ParseAddress(h.Get("From")); err == nil && slices.Contains(u.sendAs, strings.ToLower(a.Address)) {
		from = strings.ToLower(a.Address)
	}
	raw = setHeader(raw, "Message-ID", fmt.Sprintf("<CA%s%s@mail.gmail.com>", s.hex(), s.hex()[:6]))
	raw = dropHeader(raw, "Bcc")
	if a, err := mail.ParseAddress(h.Get("From")); err != nil || !strings.EqualFold(a.Address, from) {
		raw = setHeader(raw, "From", (&mail.Address{Name: u.name, Address: from}).String())
	}
	if h.Get("Date") == "" {
		raw = setHeader(raw, "Date", s.now().Format(time.RFC1123Z))
	}
	labels := []string{"SENT"}
	toSelf := slices.Contains(recipients, u.address)
	if toSelf { // one copy bears both
		labels = append(labels, "INBOX", "UNREAD")
	}
	m := s.put(u, raw, thread, labels...)
	for _, to := range recipients {
		if to == u.address {
			continue
		}
		s.carry(u, from, to, raw)
	}
	return m
}

// carry takes a mail to one recipient.
func (s *Server) carry(sender *user, from, to string, raw []byte) {
	if owner := s.aliases[to]; owner != "" {
		to = owner
	}
	if u := s.users[to]; u != nil {
		s.deliver(u, from, raw)
		return
	}
	if s.hosted(to) {
		s.bounce(sender, to, raw)
		return
	}
	s.outside[to] = append(s.outside[to], Letter{From: from, To: to, Raw: raw, At: s.now()})
}

// hosted says that Google has the address's domain, so that it knows who is not there.
func (s *Server) hosted(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	for a := range s.users {
		if _, d, _ := strings.Cut(a, "@"); d == domain {
			return true
		}
	}
	return false
}

// deliver puts a mail into an inbox, with what servers write above it.
func (s *Server) deliver(u *user, from string, raw []byte) *message {
	_, domain, _ := strings.Cut(from, "@")
	trace := "Delivered-To: " + u.address + "\r\nReturn-Path: <" + from + ">\r\n" +
		"Received: by 2002:a05:6402:0:0:0:0:1 with SMTP id x1; " + s.now().Format(time.RFC1123Z) + "\r\n"
	if domain != "" {
		trace += "Authentication-Results: mx.google.com; dkim=pass header.d=" + domain + "; spf=pass smtp.mailfrom=" + from + "; dmarc=pass header.from=" + domain + "\r\n"
	}
	return s.put(u, append([]byte(trace), raw...), "", "INBOX", "UNREAD")
}

// bounce tells the sender that there is no such address (RFC 3464).
func (s *Server) bounce(u *user, to string, raw []byte) {
	h := headOf(raw)
	b := "b" + s.hex()
	text := "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nTo: " + u.address + "\r\n" +
		"Auto-Submitted: auto-replied\r\nSubject: Delivery Status Notification (Failure)\r\n" +
		"In-Reply-To: " + h.Get("Message-Id") + "\r\nReferences: " + h.Get("Message-Id") + "\r\n" +
		"Message-ID: <" + s.hex() + "@mx.google.com>\r\nDate: " + s.now().Format(time.RFC1123Z) + "\r\n" +
		"MIME-Version: 1.0\r\nX-Failed-Recipients: " + to + "\r\nContent-Type: multipart/report; boundary=\"" + b + "\"; report-type=delivery-status\r\n\r\n" +
		"--" + b + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAddress not found: your message wasn't delivered to " + to + ".\r\n" +
		"--" + b + "\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; googlemail.com\r\n\r\n" +
		"Final-Recipient: rfc822; " + to + "\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550-5.1.1 no such user\r\n\r\n" +
		"--" + b + "\r\nContent-Type: message/rfc822\r\n\r\n" + string(raw) + "\r\n--" + b + "--\r\n"
	m := s.deliver(u, "", []byte(text))
	for _, x := range u.order { // it stands in the thread of what it is about, whatever its subject
		if x != m && x.head.Get("Message-Id") == h.Get("Message-Id") {
			m.thread = x.thread
			u.records[len(u.records)-1].thread = x.thread
		}
	}
}

func recipientsOf(h mail.Header) (list []string) {
	for _, name := range []string{"To", "Cc", "Bcc"} {
		addresses, err := h.AddressList(name)
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if to := strings.ToLower(a.Address); !slices.Contains(list, to) {
				list = append(list, to)
			}
		}
	}
	return list
}

// setHeader replaces a header field, or puts it first.
func setHeader(raw []byte, name, value string) []byte {
	return append([]byte(name+": "+value+"\r\n"), dropHeader(raw, name)...)
}

// dropHeader takes a header field with its folded lines away.
func dropHeader(raw []byte, name string) []byte {
	end := len(raw) - len(bodyOf(raw))
	var out bytes.Buffer
	skip := false
	for line := range bytes.Lines(raw[:end]) {
		folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		if !folded {
			n, _, _ := bytes.Cut(line, []byte(":"))
			skip = strings.EqualFold(string(n), name)
		}
		if !skip {
			out.Write(line)
		}
	}
	out.Write(raw[end:])
	return out.Bytes()
}
