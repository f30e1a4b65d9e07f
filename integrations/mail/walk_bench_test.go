package mail

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

// benchMails are the mails that reading is measured with, those alone that net/mail reads
// at all: "golden" ones of this package; "answers", the tables of replies as mail programs
// send them; "public-reports" and "public-replies", whatever public mail lies here. Of the
// replies mostly the text alone is public: it is put into the shortest mail that carries
// it, which no inbox ever sees, and for "public-replies-delivered" under the fields that
// mail servers put above every mail.
func benchMails(b *testing.B) map[string][][]byte {
	sets := map[string][][]byte{"answers": answerMails(b)}
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		sets["golden"] = append(sets["golden"], readFile(b, file))
	}
	sets["public-reports"] = publicMails(b, "mail", "")
	sets["public-replies"] = publicMails(b, "replies", "")
	sets["public-replies-delivered"] = publicMails(b, "replies", traceHead)
	for name, mails := range sets {
		if len(mails) == 0 {
			delete(sets, name)
			continue
		}
		read := mails[:0]
		for _, raw := range mails {
			if _, err := netmail.ReadMessage(bytes.NewReader(raw)); err == nil {
				read = append(read, raw)
			}
		}
		sets[name] = read
	}
	return sets
}

func readFile(b *testing.B, name string) []byte {
	raw, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}

// publicMails are the mails of a public corpus; what is the text alone gets a head, and
// trace above it.
func publicMails(b *testing.B, set, trace string) (mails [][]byte) {
	raw, err := os.ReadFile(filepath.Join(corpora, set, "index.json"))
	if err != nil {
		return nil
	}
	var index []struct {
		Kind  string
		Files map[string]string
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		b.Fatal(err)
	}
	for _, e := range index {
		name := e.Files["mail"]
		if name == "" {
			name = e.Files["input"]
		}
		raw := readFile(b, filepath.Join(corpora, set, name))
		switch e.Kind {
		case "reply_text":
			raw = append([]byte(trace+benchHead+"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"), raw...)
		case "html":
			raw = append([]byte(trace+benchHead+"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"), raw...)
		}
		mails = append(mails, raw)
	}
	return mails
}

const benchHead = "From: Ana Ruiz <ana@example.org>\r\nTo: Maria Lopez <maria@example.org>\r\nSubject: Re: coffee?\r\nDate: Tue, 24 Nov 2026 09:00:00 -0800\r\n" +
	"Message-ID: <a@example.org>\r\nIn-Reply-To: <b@example.org>\r\nReferences: <b@example.org>\r\nMIME-Version: 1.0\r\n"

// traceHead is what servers add to a mail on its way (RFC 5321 4.4, RFC 6376, RFC 8601).
const traceHead = "Return-Path: <ana@example.org>\r\nDelivered-To: maria@example.org\r\n" +
	"Received: by mx.example.org with SMTP id h7csp1402916qtb;\r\n        Tue, 24 Nov 2026 09:00:04 -0800 (PST)\r\n" +
	"Authentication-Results: mx.example.org;\r\n       dkim=pass header.i=@example.org header.s=s1 header.b=Zm9v;\r\n       spf=pass smtp.mailfrom=ana@example.org;\r\n       dmarc=pass header.from=example.org\r\n" +
	"Received: from mail.example.org (mail.example.org [192.0.2.7])\r\n        by mx.example.org with ESMTPS id d75a77b69052e\r\n        for <maria@example.org>\r\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n        Tue, 24 Nov 2026 09:00:03 -0800 (PST)\r\n" +
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1;\r\n        h=to:subject:message-id:date:from:in-reply-to:references:mime-version;\r\n        bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n" +
	"        b=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9v\r\n         YmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy\r\n         YmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6\r\n         cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cQ==\r\n"

// answerMails are the answers to offers in the tables of replies, as mail programs send
// them: the offer quoted below, and all of it once more in HTML.
func answerMails(b *testing.B) (mails [][]byte) {
	files, _ := filepath.Glob("../../scheduler/replies/testdata/[tnp]*.txt")
	offer := []string{"Hi,", "", "I would like to sit down with you over coffee.", "1. Tuesday, December 1, 2:00 PM", "2. Wednesday, December 2, 10:00 AM", "3. Thursday, December 3, 4:00 PM", "", "Maria"}
	for _, name := range files {
		for _, line := range strings.Split(string(readFile(b, name)), "\n") {
			words, _, ok := strings.Cut(line, " => ")
			if !ok || strings.HasPrefix(line, "# ") {
				continue
			}
			words = strings.ReplaceAll(strings.TrimSpace(words), `\n`, "\r\n")
			wrote := "On Mon, Nov 23, 2026 at 9:00 AM Maria Lopez <maria@example.org> wrote:"
			text := words + "\r\n\r\n" + wrote + "\r\n> " + strings.Join(offer, "\r\n> ") + "\r\n"
			rich := `<html><body><div dir="ltr">` + strings.ReplaceAll(html.EscapeString(words), "\r\n", "<br>\r\n") + `</div><br><div class="gmail_quote"><div dir="ltr">` +
				html.EscapeString(wrote) + "<br></div><blockquote>" + strings.Join(offer, "<br>\r\n") + "</blockquote></div></body></html>\r\n"
			var m bytes.Buffer
			fmt.Fprintf(&m, "%sContent-Type: multipart/alternative; boundary=\"0000xyz\"\r\n\r\n", benchHead)
			for _, part := range [][2]string{{"text/plain", text}, {"text/html", rich}} {
				fmt.Fprintf(&m, "--0000xyz\r\nContent-Type: %s; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", part[0])
				w := quotedprintable.NewWriter(&m)
				io.WriteString(w, part[1])
				w.Close()
			}
			m.WriteString("\r\n--0000xyz--\r\n")
			mails = append(mails, m.Bytes())
		}
	}
	return mails
}

// plainWalk reads a mail with what Go brings along and understands nothing: the subject,
// the addresses and the date are decoded; each part is, mails within mails included, from
// its transfer encoding and, where it is text, from its charset. It keeps nothing, and
// stops where the packages give up.
func plainWalk(raw []byte) int {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return 0
	}
	subject, _ := walkWords.DecodeHeader(m.Header.Get("Subject"))
	n := len(subject) + len(m.Header.Get("Message-ID")) + len(m.Header.Get("In-Reply-To")) + len(m.Header.Get("References"))
	addresses := netmail.AddressParser{WordDecoder: &walkWords}
	for _, name := range []string{"From", "To", "Cc"} {
		if v := m.Header.Get(name); v != "" {
			list, _ := addresses.ParseList(v)
			n += len(list)
		}
	}
	m.Header.Date()
	return n + walkPart(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

var walkWords = mime.WordDecoder{CharsetReader: charset.NewReaderLabel}

func walkPart(contentType, encoding string, body io.Reader) (n int) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		media = "text/plain"
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	if strings.HasPrefix(media, "multipart/") && params["boundary"] != "" {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err != nil {
				return n
			}
			n += walkPart(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	if label := strings.ToLower(params["charset"]); strings.HasPrefix(media, "text/") && label != "" && label != "utf-8" && label != "us-ascii" {
		if r, err := charset.NewReaderLabel(label, body); err == nil {
			body = r
		}
	}
	content, _ := io.ReadAll(body)
	if media == "message/rfc822" {
		return n + plainWalk(content)
	}
	return n + len(content)
}
