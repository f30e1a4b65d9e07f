package templates

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"indy/scheduler"
)

// TestStylesAsPremailer holds every mail against what premailer makes of the same page,
// and makes sure that none needs it.
func TestStylesAsPremailer(t *testing.T) {
	s := newSet(t)
	for _, v := range voices {
		for _, sm := range v.all() {
			m, err := s.write(string(sm.letter.Kind), withPreview(t, s, sm.letter))
			if err != nil {
				t.Fatalf("%s/%s: %v", v.code, sm.name, err)
			}
			body, _, err := s.body(m)
			if err != nil {
				t.Fatal(err)
			}
			css, err := s.look.sheets[bit(!m.page.ToPerson)]()
			if err != nil {
				t.Fatal(err)
			}
			f := frame{Language: v.code, Subject: m.subject, Own: !m.page.ToPerson, Body: body, Style: css.media}
			page, err := s.look.page(f)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := css.style(page)
			if !ok {
				t.Errorf("%s/%s has an element that the sheet does not know", v.code, sm.name)
				continue
			}
			f.Style = css.whole
			if page, err = s.look.page(f); err != nil {
				t.Fatal(err)
			}
			want, err := premailed(page)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := tree(t, want), tree(t, got); a != b {
				t.Errorf("%s/%s is not as premailer makes it:\n%s\n\nwant\n%s", v.code, sm.name, b, a)
			}
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func withPreview(t *testing.T, s *Set, l scheduler.Letter) scheduler.Letter {
	if l.Inner == nil {
		return l
	}
	r, err := s.Render(*l.Inner)
	if err != nil {
		t.Fatal(err)
	}
	l.Preview = &r
	return l
}

// tree is a page as a client reads it.
func tree(t *testing.T, page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := html.Render(&out, doc); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// TestStylesRefuse are pages that are not ours: they must go through premailer.
func TestStylesRefuse(t *testing.T) {
	css, err := newSet(t).look.sheets[0]()
	if err != nil {
		t.Fatal(err)
	}
	page, err := newSet(t).look.page(frame{Language: "en", Subject: "word", Body: "<p>word</p>"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := css.style(page); !ok {
		t.Fatal("it refuses a page of ours")
	}
	for name, other := range map[string]string{
		"another element":  strings.Replace(page, "<p>", "<blink>", 1),
		"another class":    strings.Replace(page, "<p>", `<p class="loud">`, 1),
		"an open element":  strings.Replace(page, "</p>", "", 1),
		"an end too many":  strings.Replace(page, "</p>", "</p></p></p></p></p></p></p></p></p></p></p></p></p></p>", 1),
		"an open tag":      page + "<p",
		"a very long name": strings.Replace(page, "<p>", "<"+strings.Repeat("p", 100)+">", 1),
	} {
		if _, ok := css.style(other); ok {
			t.Errorf("%s: it is taken for a page of ours", name)
		}
	}
}
