package mail

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"indy/scheduler"
	"indy/scheduler/replies"
)

// crlf makes a mail of lines as they stand in a Go string.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func TestReadText(t *testing.T) {
	for _, c := range []struct {
		name, mail, text string
	}{
		{"plain", "From: ana@example.net\nSubject: Re: coffee\n\nTuesday works!\n", "Tuesday works!"},
		{"an mbox line", "From ana@example.net Tue Nov 24 09:00:00 2026\nFrom: ana@example.net\n\nYes\n", "Yes"},
		{"an mbox line and a blank one", "\n>From ana@example.net\nFrom: ana@example.net\n\nYes\n", "Yes"},
		{"a junk line in the head", "From: ana@example.net\nthis is no field\nSubject: x\n\nYes\n", "Yes"},
		{"no blank line below the head", "From: ana@example.net\nSubject: x\nYes, gladly\nsee you\n", "Yes, gladly\nsee you"},
		{"no head at all", "Yes, gladly\n", "Yes, gladly"},
		{"lone CR", "From: ana@example.net\r\rYes\r", "Yes"},
		{"latin-1 that says nothing", "From: ana@example.net\n\nma\xf1ana a las 3\n", "mañana a las 3"},
		{"latin-1 that says UTF-8", "Content-Type: text/plain; charset=utf-8\n\nma\xf1ana a las 3\n", "mañana a las 3"},
		{"UTF-8 that says latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\nmañana\n", "mañana"},
		{"a charset that nobody knows", "Content-Type: text/plain; charset=x-klingon\n\nYes\n", "Yes"},
		{"quoted-printable", "Content-Transfer-Encoding: Quoted-Printable\n\nma=C3=B1ana a las=\n 3 =ZZ =\n", "mañana a las 3 =ZZ"},
		{"base64 with blanks in it", "Content-Transfer-Encoding: base64\n\nWWVzLCBn\n bGFkbHk=\n", "Yes, gladly"},
		{"base64 that is none", "Content-Transfer-Encoding: base64\n\nYes, gladly! See you there, at the café.\n", "Yes, gladly! See you there, at the café."},
		{"8-bit with a dash", "Content-Transfer-Encoding: 8-bit\n\nmañana\n", "mañana"},
		{"an encoding that nobody knows", "Content-Transfer-Encoding: x-none\n\nYes\n", "Yes"},
		{"flowed", "Content-Type: text/plain; format=flowed\n\nTuesday at \n3 works. \n\n> earlier \n> words\n-- \nAna\n", "Tuesday at 3 works.\n\n> earlier words\n-- \nAna"},
		{"alternative", "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nYes\n--b\nContent-Type: text/html\n\n<p>Yes!</p>\n--b--\n", "Yes"},
		{"alternative with a blank plain part", "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>Yes!</p>\n--b--\n", "Yes!"},
		{"alternative whose plain part says that there is HTML", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nYour mail program shows no HTML.\n--b\nContent-Type: text/html\n\n<p>Tuesday at three would be very good for me, thank you.</p>\n--b--\n", "Tuesday at three would be very good for me, thank you."},
		{"alternative whose plain part is a style", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n<!-- /* Font Definitions */ p {margin:0} -->\nYes\n--b\nContent-Type: text/html\n\n<p>Yes</p>\n--b--\n", "Yes"},
		{"a last boundary that is missing", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b\n\nAna", "Yes\n\nAna"},
		{"a boundary that is not said", "Content-Type: multipart/mixed\n\n--xyz\nContent-Type: text/plain\n\nYes\n--xyz--\n", "Yes"},
		{"a boundary that is another", "Content-Type: multipart/mixed; boundary=abc\n\n--xyz\nContent-Type: text/plain\n\nYes\n--xyz--\n", "Yes"},
		{"a boundary that is indented", "Content-Type: multipart/mixed; boundary=abc\n\n --abc\nContent-Type: text/plain\n\nYes\n --abc--\n", "Yes"},
		{"HTML that names its charset itself", "Content-Type: text/html\n\n<meta charset=windows-1251>\xc4\xe0\n", "Да"},
		{"a multipart without parts", "Content-Type: multipart/mixed; boundary=abc\n\nYes\n", "Yes"},
		{"text around a picture", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHere\n--b\nContent-Type: image/png\n\nx\n--b\n\nit is\n--b--\n", "Here\n\nit is"},
		{"an attached file is no text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nno\n--b--\n", "Yes"},
		{"an attached mail is no text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nno\n--b--\n", "Yes"},
		{"a Content-Type that is none", "Content-Type: text; charset=utf-8; charset=utf-8\n\nYes\n", "Yes"},
		{"a byte order mark", "\ufeffSubject: x\n\n\ufeffYes\n", "Yes"},
		{"nothing", "", ""},
	} {
		for _, mail := range []string{c.mail, crlf(c.mail)} {
			m, err := Read(strings.NewReader(mail))
			if err != nil || m.Text != c.text {
				t.Errorf("%s: %q, %v; want %q", c.name, m.Text, err, c.text)
			}
		}
	}
}

func TestReadHead(t *testing.T) {
	const mail = `Received: from a (b)
	by c; Tue, 24 Nov 2026 10:00:00 +0000
From: =?utf-8?Q?Mar=C3=ADa_L=C3?=
 =?utf-8?Q?=B3pez?= <maria@example.org>
To: "Ruiz, Ana" <ana@example.net>, sam@example.net
Cc: Team: lee@example.net, kim@example.net;
Subject: Caf` + "\xe9" + ` =?iso-8859-1?q?ma=F1ana?=
Date: Tue, 24 Nov 2026 9:30 -0800 (PST)
Message-ID: <1@example.org>
In-Reply-To: Your message <0@
 example.net> of Monday
References: <-1@example.net> <0@example.net>

words that are not read`
	// What stands behind the blank line is not read.
	h, err := ReadHead(io.MultiReader(strings.NewReader(mail), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if err != nil {
		t.Fatal(err)
	}
	if h.From.Name != "María López" || h.From.Addr != "maria@example.org" {
		t.Errorf("From: %+v", h.From)
	}
	if len(h.To) != 4 || h.To[0].Name != "Ruiz, Ana" || h.To[3].Addr != "kim@example.net" {
		t.Errorf("To: %+v", h.To)
	}
	if h.Subject != "Café mañana" {
		t.Errorf("Subject: %q", h.Subject)
	}
	if h.Date.UTC().Hour() != 17 {
		t.Errorf("Date: %v", h.Date)
	}
	if h.MessageID != "1@example.org" || len(h.InReplyTo) != 1 || h.InReplyTo[0] != "0@example.net" || len(h.References) != 2 {
		t.Errorf("ids: %q %q %q", h.MessageID, h.InReplyTo, h.References)
	}
}

func TestHTMLText(t *testing.T) {
	for _, c := range []struct{ name, html, text string }{
		{"lines", "<div>Tuesday<br>works</div><div><br></div><div>Ana</div>", "Tuesday\nworks\n\nAna"},
		{"paragraphs", "<p>One\n two</p><p>Three</p>", "One two\n\nThree"},
		{"a quote", "<div>Yes</div><div class=gmail_quote><div>On Monday Maria wrote:<br></div><blockquote><p>Tuesday?</p><p>Or Friday?</p></blockquote></div>",
			"Yes\nOn Monday Maria wrote:\n>\n> Tuesday?\n>\n> Or Friday?"},
		{"a quote in a quote", "Yes<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "Yes\n> a\n> > b\n> c\nd"},
		{"a link keeps its words", `see <a href="https://example.org/x">the plan</a>.`, "see the plan."},
		{"what is not seen", `<style>p{}</style><div style="display: none">hidden</div>Yes<script>x</script>`, "Yes"},
		{"all hidden by mistake", `<div style="display:none">Yes`, "Yes"},
		{"Outlook's line", `Yes<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Maria</p></div>`, "Yes\n________________________________\n\nFrom: Maria"},
		{"lists", "<ol><li>a<li>b</ol><ul><li>c</ul>", "1. a\n2. b\n- c"},
		{"cells", "<table><tr><td>Tue</td><td>2pm</td></tr><tr><td>Wed</td></tr></table>", "Tue 2pm\nWed"},
		{"blanks of all kinds", "a\u00a0&nbsp; b\u200bc&shy;d", "a bcd"},
		{"an emoji picture", `<img alt="👍" src=x><img alt="logo of a company">`, "👍"},
		{"preformatted", "<pre>a  b\n  c</pre>", "a  b\n  c"},
		{"very deep", strings.Repeat("<div>", 2000) + "Yes", "Yes"},
		{"cut short", "Yes <a hre", "Yes"},
	} {
		if got := htmlText(c.html); got != c.text {
			t.Errorf("%s: %q, want %q", c.name, got, c.text)
		}
	}
}

func TestReadToken(t *testing.T) {
	m, err := Read(strings.NewReader("From: ana@example.net\n\nThe second one works.\n\n(ref abcd2345)\n"))
	if err != nil || m.Token != "abcd2345" {
		t.Errorf("%q, %v", m.Token, err)
	}
}

// TestReadGolden reads mails as programs of all kinds send them.
func TestReadGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal("no mails", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if m.Robot != scheduler.Human || m.From.Addr != "ana@example.net" || m.MessageID == "" || len(m.References) != 1 {
			t.Errorf("%s: %+v", file, m)
		}
		if own := replies.Visible(m.Text); own == "" || strings.Contains(own, "when you are available") {
			t.Errorf("%s: the quoted offer cannot be told from the answer: %q", file, own)
		}
		golden := strings.TrimSuffix(file, ".eml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(m.Text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if m.Text+"\n" != string(want) {
			t.Errorf("%s reads as\n%s", file, m.Text)
		}
	}
}
