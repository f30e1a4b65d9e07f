package mail

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"indy/scheduler"
)

// FuzzRead reads anything without harm: no panic, bounded results, valid UTF-8, and the
// same answer twice.
func FuzzRead(f *testing.F) {
	for _, mail := range hostile() {
		f.Add([]byte(mail[:2000]))
	}
	f.Add([]byte(report("<ana@example.net>:\n550 no such user\n" + returned)))
	f.Add([]byte(dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.1.1")))
	f.Add([]byte("Message-ID: <a\x00b@example.org>\nReferences: <c\x00\r\n d@example.org>\n\nx"))
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{m.Text, m.Subject, m.From.Name, m.From.Addr} {
			if !utf8.ValidString(s) {
				t.Errorf("not UTF-8: %q", s)
			}
		}
		if strings.ContainsAny(m.Subject+m.From.Name+m.From.Addr+m.MessageID, "\r\n\x00") {
			t.Errorf("a line end came through: %q %q %q", m.Subject, m.From, m.MessageID)
		}
		if len(m.Text) > maxText || len(m.To) > maxAddresses || len(m.References) > maxIDs || len(m.Bounces) > 2*maxGroups {
			t.Error("not bounded")
		}
		if (m.Robot == scheduler.Human) != (len(m.Why) == 0) {
			t.Errorf("%q because %q", m.Robot, m.Why)
		}
		again, _ := Read(bytes.NewReader(raw))
		if again.Text != m.Text || again.Robot != m.Robot || len(again.Bounces) != len(m.Bounces) {
			t.Error("read twice, understood in two ways")
		}
		head, err := ReadHead(bytes.NewReader(raw))
		if err != nil || head.MessageID != m.MessageID || head.From != m.From || head.Subject != m.Subject {
			t.Errorf("the head alone reads as %+v, %v; the mail as %+v", head, err, m.Head)
		}
	})
}

// FuzzCompose: what is composed reads back equal, by this package and by net/mail, and
// what could smuggle in a header is refused.
func FuzzCompose(f *testing.F) {
	f.Add("Maria Lopez", "maria@example.org", "Ana", "ana@example.net", "Coffee?", "Hi\n", "<p>Hi</p>", "a@example.org", "b@example.org")
	f.Add("María \"M\" López, Dr.", "m.l+x@sub.example.org", "=?utf-8?q?x?=", "ana@example.net", "¿Un café?  \u00a0", ".\n--x\nFrom x\n", "", "a@example.org", "")
	f.Add("a\r\nBcc: x@y.z", "a@b.c\n", "b", "a,b@c.de", "s\x00", "t", "h", "<x>", "y\r\n")
	f.Add("(comment)", "a@b.example", "\\\"", "a@b.example", strings.Repeat("é", 200), "\ttabs \n trailing \n", "<img src=cid:x>", "a@b", "c@d")
	f.Add("0", "a@b.example", "0", "a@b.example", "0", "a\r\r\nb", "0", "a@b", "c@d")
	f.Add("0", "a@b.example", "0", "a@b.example", "0", "\r\x1b\n0", "0", "a@b", "c@d")
	f.Fuzz(func(t *testing.T, fromName, from, toName, to, subject, text, html, id, reply string) {
		out := scheduler.Outgoing{
			Key: id, From: scheduler.Address{Name: fromName, Addr: from}, To: scheduler.Address{Name: toName, Addr: to},
			MessageID: id, InReplyTo: reply, Date: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC),
			Rendered: scheduler.Rendered{Subject: subject, Text: text, HTML: html},
		}
		raw, err := Composer{}.Compose(out)
		if err != nil {
			return
		}
		if !ascii([]byte(from + to)) { // the domain is written in its ASCII form
			return
		}
		out.From.Addr, out.To.Addr = lowerDomain(from), lowerDomain(to)
		if err := sameLetter(out, raw); err != nil {
			t.Errorf("%v\n%s", err, raw)
		}
		wellFormedHead(t, raw)
	})
}

// lowerDomain is how a domain is written: IDNA maps it to lower case.
func lowerDomain(addr string) string {
	local, domain, _ := cutLast(addr, "@")
	return local + "@" + strings.ToLower(domain)
}

// wellFormedHead checks that exactly the expected fields are there, in their order.
func wellFormedHead(t *testing.T, raw []byte) {
	t.Helper()
	order := []string{"MIME-Version", "Date", "In-Reply-To", "References", "Message-ID", "Subject", "From", "To", "Content-Type", "Content-Transfer-Encoding"}
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" {
			continue
		}
		name, _, _ := strings.Cut(line, ":")
		for len(order) > 0 && order[0] != name {
			order = order[1:]
		}
		if len(order) == 0 {
			t.Fatalf("a field that does not belong: %q", line)
		}
		order = order[1:]
		if len(line) > 998 {
			t.Fatalf("%d octets in %s", len(line), name)
		}
	}
}
