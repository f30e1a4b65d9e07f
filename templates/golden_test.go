package templates

import (
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
)

var pages = flag.String("pages", "", "a folder to write every mail to as a page that a browser can show")

var update = flag.Bool("update", false, "write the golden files anew; read the diff before you accept it")

func newSet(t testing.TB) *Set {
	t.Helper()
	s, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGolden holds every mail in every language against what a person has read and found good.
func TestGolden(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		for _, sm := range v.all() {
			t.Run(v.code+"/"+sm.name, func(t *testing.T) {
				r, err := s.Render(sm.letter)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, v.code, sm.name+".txt", "Subject: "+r.Subject+"\n\n"+r.Text)
				golden(t, v.code, sm.name+".html", r.HTML)
				if *pages != "" {
					show(t, filepath.Join(*pages, v.code+"_"+sm.name+".html"), r)
				}
			})
		}
	}
}

// show writes a mail as a page of its own, its pictures within.
func show(t *testing.T, file string, r scheduler.Rendered) {
	t.Helper()
	page := r.HTML
	for _, img := range r.Images {
		page = strings.ReplaceAll(page, "cid:"+img.CID, "data:"+img.Type+";base64,"+base64.StdEncoding.EncodeToString(img.Data))
	}
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestGoldenEvents(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		for name, p := range map[string]scheduler.Person{"coffee": v.ana, "phone": v.sam, "first": v.ana} {
			for _, toPerson := range []bool{true, false} {
				l := v.letter(scheduler.MailInvite, p)
				l.ToPerson, l.First = toPerson, name == "first"
				l.Meeting = meeting(at(12, 1, 14, 0), p.Mode, "")
				title, text, html, err := s.Event(l)
				if err != nil {
					t.Fatal(err)
				}
				file := "event_own_" + name
				if toPerson {
					file = "event_person_" + name
				}
				golden(t, v.code, file+".txt", title+"\n\n"+text)
				golden(t, v.code, file+".html", html)
			}
		}
	}
}

func TestGoldenHold(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		l := v.letter(scheduler.MailOffer, v.ana)
		l.ToPerson = false
		title, text, html, err := s.Event(l)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, v.code, "event_hold.txt", title+"\n\n"+text)
		golden(t, v.code, "event_hold.html", html)
	}
}

func golden(t *testing.T, folder, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", folder, name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read the golden file (go test -update writes it): %v", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is not what was read and found good (-want +got):\n%s", path, diff)
	}
}
