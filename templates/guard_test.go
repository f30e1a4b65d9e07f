package templates

import (
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

func TestGuardFindsHoles(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"a blank where a word belongs", "About the  campaign."},
		{"a missing value", "Dear <no value>,"},
		{"an unfinished template", "Dear {{.You}},"},
		{"a blank before a full stop", "We meet at ."},
		{"a blank before a comma", "I'm Maria , from here."},
		{"empty brackets", "Call me () soon."},
		{"empty quotes", "You asked: “”."},
		{"a comma before a full stop", "I'm Maria,."},
		{"a formatting error", "You have %!d(string=two) steps."},
		{"a zero date", "By Monday, January 1, 1."},
		{"nothing at all", " \n"},
	} {
		if err := guard("Subject", c.text); err == nil {
			t.Errorf("%s passes: %q", c.name, c.text)
		}
	}
	if guard(" ", "Text.") == nil {
		t.Error("an empty subject passes")
	}
	for _, fine := range []string{"Hi Ana,\n\nAll is well, isn't it? Yes: 2:00 pm.", "  an indented line"} {
		if err := guard("Subject", fine); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
}

// TestLettersThatLackSomethingAreErrors takes away what each kind needs.
func TestLettersThatLackSomethingAreErrors(t *testing.T) {
	s := newSet(t)
	v := voices[0]
	for _, c := range []struct {
		want   string
		kind   scheduler.MailKind
		change func(*scheduler.Letter)
	}{
		{"the person's name", scheduler.MailOffer, func(l *scheduler.Letter) { l.Person.Name = " " }},
		{"the organizer's name", scheduler.MailOffer, func(l *scheduler.Letter) { l.Organizer.Name = "" }},
		{"the organizer's address", scheduler.MailNudge, func(l *scheduler.Letter) { l.Organizer.Address = "" }},
		{"the person's time zone", scheduler.MailOffer, func(l *scheduler.Letter) { l.Person.Zone = nil }},
		{"the time of writing", scheduler.MailOffer, func(l *scheduler.Letter) { l.Now = time.Time{} }},
		{"the meeting", scheduler.MailInvite, func(*scheduler.Letter) {}},
		{"the meeting's time", scheduler.MailReminder, func(l *scheduler.Letter) { l.Meeting = &scheduler.Meeting{} }},
		{"the steps", scheduler.MailCheckIn, func(*scheduler.Letter) {}},
		{"what a step is", scheduler.MailCheckIn, func(l *scheduler.Letter) { l.Changed = []scheduler.NextStep{{}} }},
		{"the digest", scheduler.MailDigest, func(*scheduler.Letter) {}},
		{"the problems", scheduler.MailConfigError, func(*scheduler.Letter) {}},
		{"the missing parts", scheduler.MailMissing, func(*scheduler.Letter) {}},
		{"the mail that waits", scheduler.MailReady, func(*scheduler.Letter) {}},
		{"meant for somebody else", scheduler.MailBrief, func(l *scheduler.Letter) {
			l.ToPerson, l.Meeting = true, meeting(at(12, 1, 14, 0), scheduler.ByPhone, "")
		}},
		{"meant for somebody else", scheduler.MailOffer, func(l *scheduler.Letter) { l.ToPerson = false }},
		{"no template en/postcard.txt.tmpl", "postcard", func(*scheduler.Letter) {}},
	} {
		l := v.letter(c.kind, v.ana)
		c.change(&l)
		if r, err := s.Render(l); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s without %s: error %v, text %q", c.kind, c.want, err, r.Text)
		}
	}
}

// TestHostileWordsStayWords: what people write can neither forge the markup nor HTML.
func TestHostileWordsStayWords(t *testing.T) {
	s := newSet(t)
	v := voices[0]
	l := v.letter(scheduler.MailNeedsYou, v.ana)
	l.Reason = scheduler.ReasonUnclear
	l.Quote = "{{.Organizer}}  <script>alert(1)</script>\r\n" + tapOpen + "ok" + tapLabel + "tap me" + tapEnd + "\x00\u202e\n- # > 1) nothing\n" + strings.Repeat("a", 300)
	l.Person.Name = "Ana <b>Ruiz</b>\r\nBcc: all@example.org"
	r, err := s.Render(l)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(r.Subject, "\r\n") || strings.ContainsAny(r.Text, "\x00\u202e\r") {
		t.Errorf("control characters passed: %q", r.Subject)
	}
	if strings.Contains(r.HTML, "<script") || strings.Contains(r.HTML, "<b>Ruiz") {
		t.Error("their words became HTML")
	}
	for _, a := range elements(t, r.HTML, "a") {
		if strings.Contains(attr(a, "href"), "tap%20me") || strings.Contains(attr(a, "href"), "body=ok") {
			t.Errorf("their words became a link: %s", attr(a, "href"))
		}
	}
	if !strings.Contains(r.Text, "{{.Organizer}}") {
		t.Error("their words were lost")
	}
}

// TestTopicsRotate: a new round asks something else of the same topic.
func TestTopicsRotate(t *testing.T) {
	s := newSet(t)
	v := voices[0]
	seen := map[string]int{}
	for round := range 4 {
		l := v.letter(scheduler.MailBrief, v.ana)
		l.OneToOne.Round = round
		l.Brief = &scheduler.Brief{Topics: scheduler.Topics[:1]}
		p := newPage(l)
		p.topics = s.topics["en"]
		for _, q := range p.Questions() {
			seen[q]++
		}
	}
	if len(seen) != 4 {
		t.Errorf("four rounds asked only %d questions: %v", len(seen), seen)
	}
	for _, lang := range []string{"en", "es"} {
		for topic, of := range s.topics[lang] {
			if len(of) < 4 {
				t.Errorf("%s has only %d questions under [%s]", lang, len(of), topic)
			}
		}
	}
}

// TestDoneIsOfferedOnlyWhereItIsClear: "Ana done" means Ana's one open promise.
func TestDoneIsOfferedOnlyWhereItIsClear(t *testing.T) {
	s := newSet(t)
	v := voices[0]
	steps := v.steps()
	render := func(lines ...scheduler.DigestLine) string {
		l := v.letter(scheduler.MailDigest, scheduler.Person{})
		l.Digest = &scheduler.Digest{From: day(11, 30), To: day(12, 6), DueSteps: lines}
		r, err := s.Render(l)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(r.Text, "One thought")
		return text
	}
	hers, mine, other := scheduler.DigestLine{Person: "ana", Name: "Ana", Step: &steps[0]}, scheduler.DigestLine{Person: "ana", Name: "Ana", Step: &steps[1]}, scheduler.DigestLine{Person: "ana", Name: "Ana", Step: &steps[2]}
	if text := render(hers, mine); strings.Count(text, "Ana done") != 1 || strings.Index(text, "Ana done") > strings.Index(text, "send the plan") {
		t.Errorf("one of hers, one of the organizer's: %s", text)
	}
	if text := render(hers, other); strings.Contains(text, "Ana done") {
		t.Errorf("two of hers: %s", text)
	}
	if text := render(mine); strings.Contains(text, "Ana done") {
		t.Errorf("the organizer's own: %s", text)
	}
}
