package mail

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile is 1 MiB of mail each, made to cost more than it should.
func hostile() map[string]string {
	const size = 1 << 20
	fill := func(head, unit string) string { return head + strings.Repeat(unit, (size-len(head))/len(unit)) }
	var nested strings.Builder
	for i := 0; nested.Len() < size; i++ {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	var mails strings.Builder
	for mails.Len() < size {
		mails.WriteString("Content-Type: message/rfc822\n\n")
	}
	const html = "Content-Type: text/html\n\n"
	report := "Return-Path: <>\nFrom: MAILER-DAEMON@example.net\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
	return map[string]string{
		"nested multiparts":         nested.String(),
		"nested mails":              mails.String(),
		"nested base64 mails":       fill("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", "Q29udGVudC1UeXBlOiBtZXNzYWdlL3JmYzgyMgo="),
		"many parts":                fill("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n"),
		"almost boundaries":         fill("Content-Type: multipart/mixed; boundary=b\n\n", "--bb\n"),
		"parts without a boundary":  fill("Content-Type: multipart/mixed; boundary=none\n\n", "--b\nx\n"),
		"100,000 fields":            fill("", "A: b\r\n"),
		"junk lines in the head":    fill("From: a@example.net\n", "junk\n"),
		"folded for ever":           fill("Subject: x", "\n y"),
		"one long line":             fill("Subject: ", "x"),
		"a long To":                 fill("To: ", "a@example.net, "),
		"a To of open brackets":     fill("To: ", "<"),
		"a To of open quotes":       fill("To: ", "\"("),
		"a subject of word starts":  fill("Subject: ", "=?utf-8?q?"),
		"a subject of words":        fill("Subject: ", "=?utf-8?b?QQ==?= "),
		"references":                fill("References: ", "<a@b> "),
		"a Content-Type of params":  fill("Content-Type: text/plain; ", "a=b; "),
		"a Content-Type of numbers": fill("Content-Type: text/plain; ", "a*0=b; a*1=c; "),
		"divs":                      fill(html, "<div>"),
		"quotes":                    fill(html, "<blockquote>x"),
		"closing tags":              fill(html, "<b>x</i>"),
		"hidden divs":               fill(html, "<div style=display:none>"),
		"attributes":                fill(html+"<a ", "a=b "),
		"an open tag":               fill(html, "<"),
		"an open comment":           fill(html, "<!--"),
		"entities":                  fill(html, "&amp;&#x41;&"),
		"line breaks":               fill(html+"<blockquote><blockquote>", "<br>x"),
		"lists":                     fill(html, "<ul><li>"),
		"tables":                    fill(html, "<table><tr><td>"),
		"quoted-printable":          fill("Content-Transfer-Encoding: quoted-printable\n\n", "=3D="),
		"soft breaks":               fill("Content-Transfer-Encoding: quoted-printable\n\n", "=           "),
		"base64":                    fill("Content-Transfer-Encoding: base64\n\n", "QUJD=="),
		"8-bit of no charset":       fill("Content-Type: text/plain\n\n", "\xe9\xf1a "),
		"8-bit parts":               fill("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n\xe9\xf1 some words in no charset at all, long enough to guess from\n"),
		"flowed":                    fill("Content-Type: text/plain; format=flowed\n\n", "> \n"),
		"a report of addresses":     fill(report, "<a@example.com>: unknown user\n"),
		"a report of one line":      fill(report, "a@example.com "),
		"a report of codes":         fill(report, "550 5.1.1 user unknown not found "),
		"a report of heads":         fill(report, "Received: x\nFrom: y\n\n"),
		"a status of groups":        fill(report+"\n--b\nContent-Type: message/delivery-status\n\n", "Final-Recipient: rfc822; a@example.com\n\n"),
		"a status of fields":        fill(report+"\n--b\nContent-Type: message/delivery-status\n\n", "Diagnostic-Code: smtp; 550 a\n"),
		"an absence of words":       fill("Auto-Submitted: auto-replied\n\n", "i am currently away "),
		"at signs":                  fill("Return-Path: <>\n\n", "@"),
		"dots":                      fill("Return-Path: <>\n\n", "a.@b."),
		"calendars":                 fill("Content-Type: text/calendar; method=REPLY\n\n", "BEGIN:VCALENDAR\n"),
		"NULs":                      fill("Subject: x\n\n", "\x00"),
		"blank lines":               fill("", "\n"),
		"mbox lines":                fill("", "From a\n"),
		"carriage returns":          fill("Subject: x\r\r", "a\r"),
	}
}

// want is what a mail may take on a machine of its own; guard is when the test fails. Between
// the two lies what a shared processor, the collector and slow machines take; what grows
// with the square of the mail takes minutes and is far beyond either.
const (
	want  = 100 * time.Millisecond
	guard = 10 * want
)

// TestHostile reads each within a bound of work, not of time on the clock, and 64 MiB. The
// best of some counts: the collector works too.
func TestHostile(t *testing.T) {
	for name, mail := range hostile() {
		t.Run(name, func(t *testing.T) {
			best, least := time.Hour, uint64(1<<62)
			for range 5 {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				start := busy()
				if _, err := Read(strings.NewReader(mail)); err != nil {
					t.Fatal(err)
				}
				took := busy() - start
				runtime.ReadMemStats(&after)
				best, least = min(best, took), min(least, after.TotalAlloc-before.TotalAlloc)
				if best < want*raceFactor && least <= 64<<20 {
					break
				}
			}
			if limit := guard * raceFactor; best > limit {
				t.Errorf("took %v", best)
			}
			if least > 64<<20 {
				t.Errorf("allocated %d MiB", least>>20)
			}
			if testing.Verbose() {
				t.Logf("%v, %d MiB", best, least>>20)
			}
		})
	}
}

func TestReadIsBounded(t *testing.T) {
	big := append([]byte("Subject: x\n\n"), bytes.Repeat([]byte("a"), maxBytes+1000)...)
	m, err := Read(bytes.NewReader(big))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Text) != maxText {
		t.Errorf("%d bytes of text are kept, want %d", len(m.Text), maxText)
	}
}
