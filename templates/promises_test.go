package templates

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// each calls f with every rendered sample.
func each(t *testing.T, f func(t *testing.T, l scheduler.Letter, r scheduler.Rendered)) {
	t.Helper()
	s := newSet(t)
	for _, v := range voices {
		for _, sm := range v.all() {
			t.Run(v.code+"/"+sm.name, func(t *testing.T) {
				r, err := s.Render(sm.letter)
				if err != nil {
					t.Fatal(err)
				}
				f(t, sm.letter, r)
			})
		}
	}
}

// TestEveryKindHasASample keeps a new kind of mail from going out unseen.
func TestEveryKindHasASample(t *testing.T) {
	for _, v := range voices {
		seen := map[scheduler.MailKind]bool{}
		for _, sm := range v.all() {
			seen[sm.letter.Kind] = true
		}
		for _, k := range Kinds {
			if !seen[k] {
				t.Errorf("%s: no sample of %s", v.code, k)
			}
		}
	}
}

// open lists the fields of a letter that may be shown to the person; a canary stands in
// every other string.
var open = regexp.MustCompile(`^(Language|Token|Kind|Reason|About|Title|Joins|` +
	`Organizer\.(ID|Name|Address|Phone|Role|Language)|Organizer\.Policy\.Place|Team\.(Name|Word)|Campaign\.Name|` +
	`Person\.(ID|Name|Addresses|Phone|Language|Status|Mode|Place)|` +
	`OneToOne\.(ID|Person|Purpose|Mode|Place|CallAt)|(Meeting|Before)\.(Zone|Place|Mode|PartStat)|` +
	`(Steps|Changed)\.(ID|OneToOne|Person|Action|State))$`)

const canary = "XCANARYX"

// plant puts a canary into every string that is not open, and makes what is nil, so that
// there are strings to put it into.
func plant(v reflect.Value, path string, depth int) {
	if depth > 7 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if !open.MatchString(path) {
			v.SetString(canary + " " + path)
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*time.Location]() || strings.Count(path, "Inner") > 0 {
			return
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		plant(v.Elem(), path, depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		if v.Len() == 0 && path != "Slots" {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			plant(v.Index(i), path, depth+1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[slots.Date]() {
			return
		}
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Type().Field(i).Anonymous {
				plant(v.Field(i), path, depth+1)
			} else {
				plant(v.Field(i), strings.TrimPrefix(path+"."+name, "."), depth+1)
			}
		}
	}
}

// TestNothingPrivateReachesThePerson plants a canary in every field that is the organizer's
// own, whatever Decide may have left in there, and looks for it in all that goes out.
func TestNothingPrivateReachesThePerson(t *testing.T) {
	s := newSet(t)
	planted := 0
	for _, v := range voices {
		for _, sm := range v.toAna() {
			l := sm.letter
			had := l.Meeting
			steps, changed := l.Steps, l.Changed
			before, next := l.Before, l.Next
			plant(reflect.ValueOf(&l).Elem(), "", 0)
			if had == nil {
				l.Meeting = nil
			}
			if before == nil {
				l.Before = nil
			}
			if len(steps) == 0 {
				l.Steps = nil
			}
			if len(changed) == 0 {
				l.Changed = nil
			}
			l.Next = next
			planted += strings.Count(dump(l), canary)
			if words := dump(forPerson(l)); strings.Contains(words, canary) { // what a template could get at
				t.Errorf("%s/%s: a template could show %.60q", v.code, sm.name, words[strings.Index(words, canary):])
			}
			r, err := s.Render(l)
			if err != nil {
				t.Fatalf("%s/%s: %v", v.code, sm.name, err)
			}
			out := []string{r.Subject, r.Text, r.HTML}
			if l.Meeting != nil && !l.Kind.ToGuest() { // no event is made of these
				title, text, page, err := s.Event(l)
				if err != nil {
					t.Fatalf("%s/%s: %v", v.code, sm.name, err)
				}
				out = append(out, title, text, page)
			}
			for _, words := range out {
				if i := strings.Index(words, canary); i >= 0 {
					t.Errorf("%s/%s shows %.60q", v.code, sm.name, words[i:])
				}
			}
		}
	}
	if planted < 1000 {
		t.Fatalf("only %d canaries were planted: the test tests nothing", planted)
	}
}

// dump is every string in a letter.
func dump(l scheduler.Letter) string {
	var words []string
	deepMap(reflect.ValueOf(l), "", func(_, s string) string {
		words = append(words, s)
		return s
	})
	return strings.Join(words, "\n")
}

// TestThePersonIsNotHandled keeps the craft of it out of what a person reads.
func TestThePersonIsNotHandled(t *testing.T) {
	craft := regexp.MustCompile(`(?i)\bindy\b|70\s?%|30\s?/\s?70|one-to-one|uno a uno|leadership|liderazgo|automat|\bbot\b|unsubscribe`)
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		if !l.ToPerson {
			return
		}
		for _, words := range []string{r.Subject, r.Text, r.HTML} {
			if m := craft.FindString(words); m != "" {
				t.Errorf("a person reads %q", m)
			}
		}
		if strings.Contains(r.HTML, "<img") || strings.Contains(r.HTML, "<h1") {
			t.Error("a mail to a person has a picture or a headline")
		}
		if !strings.Contains(r.Text, l.Organizer.First()) {
			t.Error("it is not signed")
		}
	})
}

func TestPlainTextKeepsItsColumns(t *testing.T) {
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		for i, line := range strings.Split(r.Text, "\n") {
			if utf8.RuneCountInString(line) > 78 && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("line %d has %d columns: %s", i+1, utf8.RuneCountInString(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("line %d ends in a blank: %q", i+1, line)
			}
		}
		if strings.Contains(r.Text, "\n\n\n") || strings.HasPrefix(r.Text, "\n") {
			t.Error("there are empty lines where none belong")
		}
		if strings.ContainsAny(r.Text+r.Subject, tapOpen+tapLabel+tapEnd+boldOpen+boldEnd+chartMark+linkOpen+linkEnd) {
			t.Error("a mark of the markup is left")
		}
	})
}

// TestLinksAnswer follows every link: those of mailto must open the organizer's own mail
// with the right subject, words and reference.
func TestLinksAnswer(t *testing.T) {
	ref := regexp.MustCompile(`^[^\r\n]+\r\n\r\n\(ref k7f3q6x2\)$`)
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		n := 0
		for _, a := range elements(t, r.HTML, "a") {
			href := attr(a, "href")
			u, err := url.Parse(href)
			if err != nil {
				t.Fatalf("%q: %v", href, err)
			}
			switch u.Scheme {
			case "mailto":
				n++
				if u.Opaque != l.Organizer.Address {
					t.Errorf("%q goes to somebody else", href)
				}
				q, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, "+", "%2B"))
				if err != nil {
					t.Fatal(err)
				}
				if q.Get("subject") != answerSubject(r.Subject) {
					t.Errorf("subject is %q", q.Get("subject"))
				}
				if !ref.MatchString(q.Get("body")) {
					t.Errorf("body is %q", q.Get("body"))
				}
				if strings.ContainsAny(href, " \"<>\n") {
					t.Errorf("%q is not percent-encoded", href)
				}
			case "tel", "https":
			default:
				t.Errorf("%q is a link that a mail should not have", href)
			}
		}
		if len(l.Slots) > 0 && l.ToPerson && l.Token != "" && n < len(l.Slots) {
			t.Errorf("%d times, but only %d links to answer with", len(l.Slots), n)
		}
	})
}

func TestAnswerNamesTheSlot(t *testing.T) {
	r, err := newSet(t).Render(voices[0].toAna()[0].letter)
	if err != nil {
		t.Fatal(err)
	}
	want := "mailto:maria@example.org?subject=Re%3A%20A%20conversation%20over%20coffee%3F&body=2%20%28Wednesday%2C%20December%202%2C%209%3A30%20am%29%0D%0A%0D%0A%28ref%20k7f3q6x2%29"
	for _, a := range elements(t, r.HTML, "a") {
		if attr(a, "href") == want {
			return
		}
	}
	t.Errorf("no link is %s", want)
}

func TestMailtoKeepsOddAddressesApart(t *testing.T) {
	got := mailto(`a&b?c%d+e@example.org`, "Sí & no", "a=b", "t")
	want := "mailto:a%26b%3Fc%25d%2Be@example.org?subject=S%C3%AD%20%26%20no&body=a%3Db%0D%0A%0D%0A%28ref%20t%29"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// elements are the elements of a page with that name.
func elements(t *testing.T, page, name string) []*html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestSlotsCanBeTapped reads the height of a row from its styles.
func TestSlotsCanBeTapped(t *testing.T) {
	row := regexp.MustCompile(`padding:(\d+)px \d+px;line-height:(\d+)px`)
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		for _, td := range elements(t, r.HTML, "td") {
			if attr(td, "class") != "tap" || td.FirstChild == nil || td.FirstChild.Data != "a" {
				continue
			}
			m := row.FindStringSubmatch(attr(td.FirstChild, "style"))
			if m == nil || atoi(m[1])*2+atoi(m[2]) < 44 {
				t.Errorf("a row to tap is too low: %s", attr(td.FirstChild, "style"))
			}
		}
	})
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// void are the elements that have no end (HTML 13.1.2).
var void = map[string]bool{"meta": true, "br": true, "img": true}

// TestHTMLIsBalancedAndSelfContained reads every page tag by tag.
func TestHTMLIsBalancedAndSelfContained(t *testing.T) {
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		if len(r.HTML) > 60<<10 {
			t.Errorf("it has %d bytes; some clients cut mails that are so long", len(r.HTML))
		}
		checkTags(t, r)
		for _, bad := range []string{"<script", "<link", "@import", "url(", "http-equiv", "<form", "<iframe", "srcset", "background="} {
			if strings.Contains(r.HTML, bad) {
				t.Errorf("it has %s", bad)
			}
		}
		for _, img := range elements(t, r.HTML, "img") {
			if !strings.HasPrefix(attr(img, "src"), "cid:") || attr(img, "alt") == "" {
				t.Errorf("picture %q, %q", attr(img, "src"), attr(img, "alt"))
			}
		}
		cids := map[string]bool{}
		for _, img := range r.Images {
			cids["cid:"+img.CID] = true
			if img.Type != "image/png" || !strings.HasPrefix(string(img.Data), "\x89PNG") {
				t.Errorf("picture %s is no PNG", img.CID)
			}
		}
		if n := len(elements(t, r.HTML, "img")); n != len(cids) {
			t.Errorf("%d pictures shown, %d attached", n, len(cids))
		}
		if lang := attr(elements(t, r.HTML, "html")[0], "lang"); lang != speak(l.Language).code {
			t.Errorf("lang is %q", lang)
		}
	})
}

func checkTags(t *testing.T, r scheduler.Rendered) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(r.HTML))
	var stack []string
	for {
		kind := z.Next()
		name, _ := z.TagName()
		switch kind {
		case html.ErrorToken:
			if len(stack) > 0 {
				t.Errorf("not closed: %v", stack)
			}
			return
		case html.StartTagToken:
			if !void[string(name)] {
				stack = append(stack, string(name))
			}
		case html.EndTagToken:
			if len(stack) == 0 || stack[len(stack)-1] != string(name) {
				t.Fatalf("</%s> closes %v", name, stack)
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// TestTextAndHTMLSayTheSame compares the words of both parts.
func TestTextAndHTMLSayTheSame(t *testing.T) {
	letters := regexp.MustCompile(`[^\p{L}\p{N}]+`)
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		var b strings.Builder
		doc, err := html.Parse(strings.NewReader(r.HTML))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" && n.Parent.Data != "h1" {
				b.WriteString(n.Data + " ")
			}
		}
		text, page := letters.ReplaceAllString(r.Text, " "), letters.ReplaceAllString(b.String(), " ")
		if strings.TrimSpace(text) != strings.TrimSpace(page) {
			t.Errorf("text: %s\nhtml: %s", text, page)
		}
	})
}

// carried are words that say that a mail has the calendar's part in it. With invites =
// "google" the calendar sends that itself, and the words must be true all the same.
var carried = regexp.MustCompile(`(?i)\b(with|in|to) this (e?mail|letter|message)\b.*\b(calendar|invit)|calendar.*\bwith this (e?mail|message)\b|\battach(ed|ment)|con este correo|en este correo.*calendario|adjunt`)

// TestNoLetterSaysThatItCarriesTheInvite: who sends the invite is the config's matter.
func TestNoLetterSaysThatItCarriesTheInvite(t *testing.T) {
	each(t, func(t *testing.T, l scheduler.Letter, r scheduler.Rendered) {
		if words := strings.Join(strings.Fields(r.Text), " "); l.ToPerson && carried.MatchString(words) {
			t.Errorf("it says %q", carried.FindString(words))
		}
	})
	for _, old := range []string{"Your calendar gets the change with this mail.", "it comes off your calendar with this mail", "El cambio llega a tu calendario con este correo."} {
		if !carried.MatchString(old) {
			t.Errorf("%q is not seen", old)
		}
	}
}
