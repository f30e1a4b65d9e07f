package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"indy/integrations/google/googletest"
	"indy/integrations/mail"
)

// allCuts makes TestCutsInTheArc try every point; without it, some of each stretch.
var allCuts = flag.Bool("all-cuts", false, "cut the line at every call of the arc")

// TestCutsInTheArc breaks the line before and after calls of the arc, in turn. Whatever
// broke, after each step both people have got the same mails, each once, in the same
// threads, and the same events stand on their calendars, as when nothing does; and since
// Google can always tell what became of a call, nobody is asked about any.
func TestCutsInTheArc(t *testing.T) {
	points := 0
	for _, name := range slices.Sorted(maps.Keys(arcs)) {
		plain := newArc(t, arcs[name]...)
		plain.cutting = true
		want, calls := plain.play(), plain.g.Calls()
		stride := len(calls) / 12
		switch {
		case *allCuts:
			stride = 1
		case testing.Short():
			stride = len(calls) / 3
		}
		for n := 0; n < len(calls); n += stride {
			for _, how := range []string{"before", "after"} {
				points++
				t.Run(fmt.Sprintf("%s/%d %s %s", name, n+1, calls[n], how), func(t *testing.T) {
					t.Parallel()
					d := newArc(t, arcs[name]...)
					d.cutting, d.cuts = true, 5
					d.g.Inject(googletest.Fault{Nth: n + 1, CutBefore: how == "before", CutAfter: how == "after"})
					compare(t, d.play(), want)
				})
			}
		}
		t.Logf("invites = %q: %d calls", name, len(calls))
	}
	t.Logf("%d points at which the line was cut", points)
}

// picture is what there is at the receivers after a step.
type picture struct {
	step  string
	lines []string
}

// compare tells what is other than it must be, at the first step at which anything is.
func compare(t *testing.T, got, want []picture) {
	t.Helper()
	for i, p := range got {
		if slices.Equal(p.lines, want[i].lines) {
			continue
		}
		t.Errorf("after the step %q there is\n\t%s", p.step, strings.Join(beyond(p.lines, want[i].lines), "\n\t"))
		t.Errorf("and there is not\n\t%s", strings.Join(beyond(want[i].lines, p.lines), "\n\t"))
		return
	}
}

// beyond are the lines of a that b has not, or not so often.
func beyond(a, b []string) (more []string) {
	for i, line := range a {
		if count(a[:i+1], line) > count(b, line) {
			more = append(more, line)
		}
	}
	return more
}

func count(lines []string, line string) (n int) {
	for _, l := range lines {
		if l == line {
			n++
		}
	}
	return n
}

// picture looks at both inboxes and both calendars, and at what Maria sent. A mail is known
// by all that its reader sees of it, an event by all that stands in it. Nothing may be
// there twice.
func (d *googleDay) picture(step string) picture {
	d.t.Helper()
	p := picture{step: step}
	for _, x := range []*googletest.User{d.ana, d.maria} {
		var own []string
		for _, m := range x.Mails("INBOX") {
			own = append(own, d.content(x, m))
		}
		for i, line := range own {
			if count(own[:i], line) > 0 {
				d.t.Errorf("after the step %q there is twice: %s", step, line)
			}
		}
		p.lines = append(p.lines, own...)
		p.lines = append(p.lines, d.standing(x)...)
	}
	p.lines = append(p.lines, fmt.Sprintf("Maria sent %d mails", len(d.maria.Mails("SENT"))))
	m := d.one()
	p.lines = append(p.lines, fmt.Sprintf("the one-to-one is %s %s", m.Stage, m.Reason))
	slices.Sort(p.lines)
	return p
}

// content is a mail as its reader sees it: who wrote it, to which mail it is an answer, its
// words and its calendar parts. Names that servers give, and the instants at which things
// were written, are not in it.
func (d *googleDay) content(x *googletest.User, m googletest.Mail) string {
	d.t.Helper()
	read, err := mail.Read(bytes.NewReader(m.Raw))
	if err != nil {
		d.t.Fatal(err)
	}
	answers := ""
	for _, other := range append(x.Mails("INBOX"), x.Mails("SENT")...) {
		if id := other.Head.Get("Message-Id"); id != "" && strings.Contains(m.Head.Get("In-Reply-To"), id) {
			answers = " in answer to " + other.Subject()
		}
	}
	if answers == "" && m.Head.Get("In-Reply-To") != "" {
		answers = " in answer to a mail that is not there"
	}
	parts := ""
	for _, part := range read.ITIP {
		part.Stamp = time.Time{}
		parts += fmt.Sprintf(", %s %d %s", part.Method, part.Sequence, part.From.In(d.zone()).Format("Mon 15:04"))
		read.Text += fmt.Sprintf("%+v", part)
	}
	return fmt.Sprintf("%s gets from %s: %s%s%s (%.4x)", x.Address(), read.From.Addr, read.Subject, answers, parts, sha256.Sum256([]byte(read.Text)))
}

// standing are the events on somebody's calendar.
func (d *googleDay) standing(x *googletest.User) (lines []string) {
	d.t.Helper()
	names := map[string]bool{}
	for _, e := range x.Events("") {
		e.ETag = ""
		line := fmt.Sprintf("%s's calendar: %s, %s at %s (%.4x)", x.Address(), e.Summary, e.Status, e.From.In(d.zone()).Format("Mon 15:04"), sha256.Sum256(fmt.Append(nil, e)))
		at := fmt.Sprint(e.From, e.To, e.Status)
		if names[at] {
			d.t.Errorf("two events stand at the same time: %s", line)
		}
		names[at] = true
		lines = append(lines, line)
	}
	return lines
}
