package mail

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

func letter() scheduler.Outgoing {
	return scheduler.Outgoing{
		Key: "maria/ana/1/offer/1", From: scheduler.Address{Name: "María López", Addr: "maria@example.org"},
		To:        scheduler.Address{Name: "Ana \"Ann\" Ruiz", Addr: "ana@example.net"},
		MessageID: "offer-1.maria@example.org", Date: time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", -8*3600)),
		Rendered: scheduler.Rendered{Subject: "Coffee next week?", Text: "Hi Ana,\n\nWould Tuesday work — 2pm?\n\nMaría"},
	}
}

func TestComposePlain(t *testing.T) {
	raw, err := Composer{}.Compose(letter())
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s\n%+v", raw, m)
	out := letter()
	out.Rendered.HTML = "<p>Hi Ana</p><img src=\"cid:chart\">"
	out.Rendered.Images = []scheduler.Image{{CID: "chart", Type: "image/png", Data: []byte("png")}}
	out.References = []string{"a@b", "c@d"}
	out.InReplyTo = "c@d"
	out.Auto, out.Unsubscribe = true, true
	raw, err = Composer{}.Compose(out)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", raw)
}
