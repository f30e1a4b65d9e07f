package replies

import (
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
)

// mails are the cases as whole mails, quoted offer and HTML twin included, as clients send them.
func mails(b *testing.B) (raw, plain []string, contexts []Context) {
	for _, c := range loadCases(b) {
		body := c.mail + "\r\n\r\nOn Mon, Nov 23, 2026 at 9:00 AM Maria Lopez <maria@example.org> wrote:\r\n> Hi,\r\n>\r\n> I would like to sit down with you over coffee.\r\n> 1. Tuesday, December 1, 2:00 PM\r\n> 2. Wednesday, December 2, 10:00 AM\r\n> 3. Thursday, December 3, 4:00 PM\r\n>\r\n> Maria\r\n"
		html := "<html><body><div dir=\"ltr\">" + c.mail + "</div><br><div class=\"gmail_quote\"><blockquote>Hi, I would like to sit down with you over coffee.</blockquote></div></body></html>\r\n"
		raw = append(raw, "From: Ana <ana@example.org>\r\nTo: Maria <maria@example.org>\r\nSubject: Re: coffee?\r\nDate: Tue, 24 Nov 2026 09:00:00 -0800\r\nMessage-ID: <a@example.org>\r\nIn-Reply-To: <b@example.org>\r\nReferences: <b@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"xyz\"\r\n\r\n--xyz\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+body+"--xyz\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+html+"--xyz--\r\n")
		plain = append(plain, body)
		contexts = append(contexts, c.context)
	}
	return raw, plain, contexts
}

// BenchmarkRead is understanding alone, BenchmarkNetMail the walk of the same mails by the
// standard library: understanding may take twice as long.
func BenchmarkRead(b *testing.B) {
	_, plain, contexts := mails(b)
	n := 0
	for b.Loop() {
		k := n % len(plain)
		Read(plain[k], contexts[k])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
}

func BenchmarkNetMail(b *testing.B) {
	raw, _, _ := mails(b)
	n := 0
	for b.Loop() {
		m, err := mail.ReadMessage(strings.NewReader(raw[n%len(raw)]))
		if err != nil {
			b.Fatal(err)
		}
		_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
		if err != nil {
			b.Fatal(err)
		}
		parts := multipart.NewReader(m.Body, params["boundary"])
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, p); err != nil {
				b.Fatal(err)
			}
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
}
