package mail

import (
	"bytes"
	"errors"
	"flag"
	"io"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"indy/scheduler"
)

var update = flag.Bool("update", false, "write the golden files anew; read the diff before keeping it")

func letter() scheduler.Outgoing {
	return scheduler.Outgoing{
		Key:       "maria/ana/1/offer/1",
		From:      scheduler.Address{Name: "Maria Lopez", Addr: "maria@example.org"},
		To:        scheduler.Address{Name: "Ana Ruiz", Addr: "ana@example.net"},
		MessageID: "6f1c2a.offer@example.org",
		Date:      time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", -8*3600)),
		Rendered: scheduler.Rendered{
			Subject: "Coffee next week?",
			Text:    "Hi Ana,\n\nwould one of these work for you?\n\n1. Tuesday, December 1, 2:00 pm\n2. Thursday, December 3, 10:00 am\n\nMaria\n",
		},
	}
}

func pretty() scheduler.Rendered {
	return scheduler.Rendered{
		Subject: "Tu semana",
		Text:    "Hola María:\n\nesta semana ves a Ana el martes a las 14:00.\nUna línea muy larga, para que se vea cómo se parte: el plan para el año que viene empieza con una visita a cada persona del consejo.\n",
		HTML:    "<p>Hola María:</p>\n<p>esta semana ves a <b>Ana</b> el martes a las 14:00.</p>\n<img src=\"cid:pace\" alt=\"12 semanas\">\n",
		Images:  []scheduler.Image{{CID: "pace", Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n not really a picture, but long enough for a second line of base64")}},
	}
}

// goldens are mails whose bytes were read by a person.
func goldens() map[string]scheduler.Outgoing {
	plain := letter()

	answer := letter()
	answer.To.Name = "Ruiz Núñez, Ana \"Anita\""
	answer.From.Name = "María López"
	answer.Rendered.Subject = "Re: ¿Un café la semana que viene? Me gustaría mucho saber qué piensas de la campaña"
	answer.InReplyTo = "CAF=x+y_z@mail.example.net"
	for _, id := range []string{"first", "second", "third", "fourth", "fifth"} {
		answer.References = append(answer.References, id+".0123456789abcdef@mail.example.net")
	}

	digest := letter()
	digest.Key, digest.MessageID = "maria/digest/7", "7.digest@example.org"
	digest.To = digest.From
	digest.Rendered = pretty()
	digest.Auto, digest.Unsubscribe = true, true

	html := letter()
	html.Rendered.HTML = "<p>Hi Ana,</p><p>would one of these work for you?</p>"

	return map[string]scheduler.Outgoing{"plain": plain, "answer": answer, "digest": digest, "html": html}
}

func TestComposeGolden(t *testing.T) {
	for name, out := range goldens() {
		raw, err := Composer{}.Compose(out)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, raw)
		wellFormed(t, name, raw)
	}
}

func golden(t *testing.T, name string, raw []byte) {
	t.Helper()
	file := filepath.Join("testdata", "compose", name+".eml")
	if *update {
		if err := os.WriteFile(file, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, want) {
		t.Errorf("%s is not as it was:\n%s", file, raw)
	}
}

// wellFormed checks what holds for every mail that goes out.
func wellFormed(t *testing.T, name string, raw []byte) {
	t.Helper()
	if !ascii(raw) {
		t.Errorf("%s: not ASCII", name)
	}
	if bytes.Contains(bytes.ToLower(raw), []byte("indy")) || bytes.Contains(raw, []byte("X-Mailer")) || bytes.Contains(raw, []byte("User-Agent")) {
		t.Errorf("%s: says what wrote it", name)
	}
	head := true
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		switch {
		case strings.ContainsAny(line, "\r\n"):
			t.Errorf("%s: a line end that is not CRLF in %q", name, line)
		case len(line) > 998: // RFC 5322 2.1.1
			t.Errorf("%s: a line of %d octets", name, len(line))
		case head && len(line) > 78 && strings.Count(strings.TrimSpace(line), " ") > 1:
			t.Errorf("%s: not folded: %q", name, line)
		}
		head = head && line != ""
	}
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: go-message does not read it: %v", name, err)
	}
	if err := e.Walk(func(_ []int, p *message.Entity, err error) error {
		if media, _, _ := p.Header.ContentType(); err != nil || strings.HasPrefix(media, "multipart/") {
			return err
		}
		_, err = io.Copy(io.Discard, p.Body)
		return err
	}); err != nil {
		t.Errorf("%s: go-message does not read its parts: %v", name, err)
	}
}

func TestComposeIsDeterministic(t *testing.T) {
	for name, out := range goldens() {
		first, err := Composer{}.Compose(out)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if again, err := (Composer{}).Compose(out); err != nil || !bytes.Equal(first, again) {
				t.Fatalf("%s: other bytes for the same letter, %v", name, err)
			}
		}
	}
	a, b := letter(), letter()
	a.Rendered, b.Rendered = pretty(), pretty()
	b.Rendered.Text += "more\n"
	x, _ := Composer{}.Compose(a)
	y, _ := Composer{}.Compose(b)
	if bytes.Equal(boundaryOf(x), boundaryOf(y)) {
		t.Error("the boundary does not follow from the content, so that content could be written around it")
	}
}

func boundaryOf(raw []byte) []byte {
	h, _ := splitHead(raw)
	_, params := mediaType(h.get("Content-Type"))
	return []byte(params["boundary"])
}

// sameLetter checks that a composed mail reads back as what it was made of.
func sameLetter(out scheduler.Outgoing, raw []byte) error {
	m, err := Read(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	std, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	fold := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	from, err := std.Header.AddressList("From")
	if err != nil || len(from) != 1 {
		return errors.New("net/mail does not find one From")
	}
	to, err := std.Header.AddressList("To")
	if err != nil || len(to) != 1 {
		return errors.New("net/mail does not find one To")
	}
	subject, err := wordDecoder.DecodeHeader(std.Header.Get("Subject"))
	if err != nil {
		return err
	}
	when, err := std.Header.Date()
	if err != nil {
		return err
	}
	switch {
	case m.From.Addr != out.From.Addr || from[0].Address != out.From.Addr:
		return errors.New("From is another address")
	case len(m.To) != 1 || m.To[0].Addr != out.To.Addr || to[0].Address != out.To.Addr:
		return errors.New("To is another address")
	case m.From.Name != fold(out.From.Name) || from[0].Name != fold(out.From.Name) || m.To[0].Name != fold(out.To.Name):
		return errors.New("a name is another one: " + m.From.Name)
	case fold(m.Subject) != fold(out.Rendered.Subject) || fold(subject) != fold(out.Rendered.Subject):
		return errors.New("the subject is another one: " + m.Subject)
	case m.MessageID != out.MessageID || std.Header.Get("Message-Id") != "<"+out.MessageID+">":
		return errors.New("the Message-ID is another one")
	case !m.Date.Equal(out.Date.Truncate(time.Second)) || !when.Equal(m.Date):
		return errors.New("the date is another one")
	case m.Text != tidy(strings.ReplaceAll(strings.ReplaceAll(out.Rendered.Text, "\r\n", "\n"), "\r", "\n")):
		return errors.New("the text is another one: " + m.Text)
	case len(std.Header["Bcc"])+len(std.Header["Cc"])+len(std.Header["Reply-To"]) > 0:
		return errors.New("there is a recipient too many")
	}
	return nil
}

func TestComposeReadsBack(t *testing.T) {
	for name, out := range goldens() {
		raw, err := Composer{}.Compose(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := sameLetter(out, raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := letter()
	for range 300 {
		long.References = append(long.References, strings.Repeat("r", 60)+"@example.org")
	}
	long.Rendered.Subject = strings.Repeat("w", 300) + " " + strings.Repeat("é", 300) + "  two  spaces"
	raw, err := Composer{}.Compose(long)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "long", raw)
	if err := sameLetter(long, raw); err != nil {
		t.Error(err)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*scheduler.Outgoing){
		"a line end in To":             func(o *scheduler.Outgoing) { o.To.Addr = "ana@example.net\r\nBcc: x@example.com" },
		"a line end at the end of To":  func(o *scheduler.Outgoing) { o.To.Addr = "ana@example.net\n" },
		"a second address":             func(o *scheduler.Outgoing) { o.To.Addr = "ana@example.net, x@example.com" },
		"a name in the address":        func(o *scheduler.Outgoing) { o.To.Addr = "Ana <ana@example.net>" },
		"a quoted address":             func(o *scheduler.Outgoing) { o.To.Addr = "\"ana, x\"@example.net" },
		"a comment in the address":     func(o *scheduler.Outgoing) { o.To.Addr = "ana(x)@example.net" },
		"a space in the address":       func(o *scheduler.Outgoing) { o.To.Addr = "ana @example.net" },
		"a folded address":             func(o *scheduler.Outgoing) { o.To.Addr = "ana@\r\n example.net" },
		"two dots":                     func(o *scheduler.Outgoing) { o.To.Addr = "ana..ruiz@example.net" },
		"no domain":                    func(o *scheduler.Outgoing) { o.To.Addr = "ana@" },
		"a domain without a dot":       func(o *scheduler.Outgoing) { o.To.Addr = "ana@localhost" },
		"an address literal":           func(o *scheduler.Outgoing) { o.To.Addr = "ana@[192.0.2.1]" },
		"no address":                   func(o *scheduler.Outgoing) { o.To.Addr = "" },
		"letters that need SMTPUTF8":   func(o *scheduler.Outgoing) { o.To.Addr = "añá@example.net" },
		"a NUL in a name":              func(o *scheduler.Outgoing) { o.To.Name = "Ana\x00" },
		"a line end in a name":         func(o *scheduler.Outgoing) { o.From.Name = "Maria\nBcc: x@example.com" },
		"a line separator in a name":   func(o *scheduler.Outgoing) { o.From.Name = "Maria\u2028x" },
		"a name that is not UTF-8":     func(o *scheduler.Outgoing) { o.From.Name = "Mar\xeda" },
		"a line end in the subject":    func(o *scheduler.Outgoing) { o.Rendered.Subject = "Hi\r\nBcc: x@example.com" },
		"a lone CR in the subject":     func(o *scheduler.Outgoing) { o.Rendered.Subject = "Hi\rBcc: x@example.com" },
		"no subject":                   func(o *scheduler.Outgoing) { o.Rendered.Subject = " " },
		"a line end in the Message-ID": func(o *scheduler.Outgoing) { o.MessageID = "a@b\r\nX: y" },
		"a Message-ID in brackets":     func(o *scheduler.Outgoing) { o.MessageID = "<a@example.org>" },
		"no Message-ID":                func(o *scheduler.Outgoing) { o.MessageID = "" },
		"a line end in a reference":    func(o *scheduler.Outgoing) { o.References = []string{"a@b", "c@d>\r\nX: y <e@f"} },
		"a line end in In-Reply-To":    func(o *scheduler.Outgoing) { o.InReplyTo = "a@b\nX: y" },
		"no text":                      func(o *scheduler.Outgoing) { o.Rendered.Text = "\n" },
		"a NUL in the text":            func(o *scheduler.Outgoing) { o.Rendered.Text = "Hi\x00" },
		"no date":                      func(o *scheduler.Outgoing) { o.Date = time.Time{} },
		"images that nothing shows":    func(o *scheduler.Outgoing) { o.Rendered.Images = pretty().Images },
		"a line end in a Content-ID": func(o *scheduler.Outgoing) {
			o.Rendered = pretty()
			o.Rendered.Images[0].CID = "a>\r\nX: y"
		},
		"an image of another type": func(o *scheduler.Outgoing) {
			o.Rendered = pretty()
			o.Rendered.Images[0].Type = "text/html\r\nX: y"
		},
		"an invite with a method that nobody sends": func(o *scheduler.Outgoing) { o.Invite = &scheduler.Invite{Method: "REQUEST\r\nX: y"} },
	} {
		out := letter()
		spoil(&out)
		raw, err := Composer{}.Compose(out)
		if err == nil {
			t.Errorf("%s went through:\n%s", name, raw)
			continue
		}
		if strings.Contains(err.Error(), "example") {
			t.Errorf("%s: the error names an address: %v", name, err)
		}
	}
}

func TestComposeOtherDomains(t *testing.T) {
	out := letter()
	out.To.Addr = "ana@bücher.example"
	raw, err := Composer{}.Compose(out)
	if err != nil || !bytes.Contains(raw, []byte("<ana@xn--bcher-kva.example>")) {
		t.Errorf("%v\n%s", err, raw)
	}
	out.To.Addr = "ana.o'neil+council_1@sub.example.co.uk"
	if _, err := (Composer{}).Compose(out); err != nil {
		t.Error(err)
	}
}
