package main

import (
	"fmt"
	"iter"
	"maps"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"indy/scheduler"
)

type netAddress = mail.Address

func encodeHeader(s string) string { return mime.QEncoding.Encode("utf-8", s) }

func keysOf(m map[string]string) iter.Seq[string] { return maps.Keys(m) }

const (
	minutes = time.Minute
	hours   = time.Hour
	days    = 24 * time.Hour
)

// demoHabits is how each of the people answers.
var demoHabits = map[string]func(*demoPlay, *demoReader, received) *answer{
	"Ana":  anaAnswers,
	"Ben":  benAnswers,
	"Chau": chauAnswers,
	"Dev":  devAnswers,
	"Eva":  evaAnswers,
	"Gus":  gusAnswers,
}

// Ana picks by number, on her phone, and keeps her word.
func anaAnswers(_ *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailOffer, scheduler.MailWelcome, scheduler.MailCounter:
		return &answer{after: 3 * hours, words: "2\n\nSent from my phone"}
	case scheduler.MailSummary:
		if got.nth == 1 {
			return &answer{after: 5 * hours, words: "Thank you, that was a lovely talk!"}
		}
	case scheduler.MailCheckIn:
		return &answer{after: 20 * hours, words: "Done! Both of them will come to the hearing."}
	}
	return nil
}

// Ben asks a question first.
func benAnswers(_ *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailOffer:
		if got.nth == 1 {
			return &answer{after: 2 * hours, words: "Hi Maria, who else is in this council? And do I have to be good at speaking in public?"}
		}
		return &answer{after: 4 * hours, words: "the first one"}
	case scheduler.MailCounter:
		return &answer{after: 3 * hours, words: "Thanks for explaining. Let's do the first one."}
	case scheduler.MailCheckIn:
		return &answer{after: 8 * hours, words: "I need until Tuesday, sorry"}
	case scheduler.MailStepAsk:
		return &answer{after: 8 * hours, words: "done"}
	}
	return nil
}

// Chau does not answer at first, and then takes the last time.
func chauAnswers(_ *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailNudge:
		return &answer{after: 6 * hours, words: "So sorry, this slipped by me. The last one works!"}
	case scheduler.MailStepAsk:
		return nil // and forgets a promise
	}
	return nil
}

// Dev is away when the offer comes, and then has a time of his own.
func devAnswers(d *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailOffer:
		if got.nth > 1 {
			return &answer{after: 5 * hours, words: "option 1 please"}
		}
		back := d.play.now.In(d.zone).AddDate(0, 0, 4).Format("Monday, January 2")
		return &answer{after: 1 * minutes, words: "Thank you for your mail. I am out of the office until " + back + " and will answer then.",
			headers: map[string]string{"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"}}
	case scheduler.MailCounter, scheduler.MailNudge:
		if got.nth > 1 {
			return &answer{after: 4 * hours, words: "the second one works"}
		}
		day := d.play.now.In(d.zone).AddDate(0, 0, 5)
		for day.Weekday() != time.Thursday {
			day = day.AddDate(0, 0, 1)
		}
		return &answer{after: 4 * hours, words: "I'm back! I can't do any of those, how about " + day.Format("Thursday January 2") + " after 3?"}
	case scheduler.MailCheckIn:
		return &answer{after: 10 * hours, words: "All done."}
	}
	return nil
}

// Eva writes Spanish, and next time would rather meet after New Year.
func evaAnswers(_ *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailOffer:
		if got.nth == 1 {
			return &answer{after: 7 * hours, words: "¡Hola Maria! Me va bien la segunda opción. Un saludo, Eva"}
		}
		return &answer{after: 7 * hours, words: "Ahora no puedo, mejor después de Año Nuevo. ¡Felices fiestas!"}
	case scheduler.MailWelcome:
		return &answer{after: 6 * hours, words: "la primera"}
	case scheduler.MailCheckIn:
		return &answer{after: 5 * hours, words: "¡Hecho!"}
	}
	return nil
}

// Gus meets once, and then wants no more mail.
func gusAnswers(_ *demoPlay, _ *demoReader, got received) *answer {
	switch got.thread.Ref.Kind {
	case scheduler.MailOffer:
		if got.nth == 1 {
			return &answer{after: 9 * hours, words: "3 works"}
		}
		return &answer{after: 2 * hours, words: "Please stop writing to me. It was nice to meet you, but this is not for me."}
	case scheduler.MailCheckIn:
		return &answer{after: 12 * hours, words: "I can't do that after all, sorry."}
	}
	return nil
}

// mariaNotes is what Maria writes after each of her one-to-ones.
var mariaNotes = map[scheduler.PersonID][]string{
	"ana":  {"Grew up by the river, her father fished there. Left the Herald angry about how they buried the spill story.\nShe said yes to the reporters!\nAna: call two reporters by %s\nme - send the plan tomorrow\nagain in 4 weeks", ""},
	"ben":  {"Shy, but he knows everybody on his street.\nBen: bring his neighbor to the Tuesday meeting by %s\nagain in 4 weeks"},
	"chau": {"Tired after the last campaign, wants smaller things.\nChau: make a list of ten neighbors by %s\nMe: find a helper for the list by %s\nagain in 5 weeks"},
	"dev":  {"Thinks the plan is too slow. Good points about the budget.\nDev: write down the three budget questions by %s\nagain in 4 weeks"},
	"eva":  {"Her children ask why they cannot swim. A spark!\nEva: ask her sister to come to the hearing by %s"},
	"gus":  {"Polite, not really interested.\nGus: read the plan by %s\nagain in 3 weeks"},
	"fay":  {"A wonderful storyteller.\nno next steps\nagain in 8 weeks"},
}

// mariaAnswers is how Maria answers indy's mails to her.
func mariaAnswers(d *demoPlay, _ *demoReader, got received) *answer {
	ref := got.thread.Ref
	switch ref.Kind {
	case scheduler.MailReady:
		return &answer{after: 20 * minutes, words: "ok"}
	case scheduler.MailCallSheet:
		return &answer{after: 26 * hours, words: "1"}
	case scheduler.MailReadBack:
		return &answer{after: 15 * minutes, words: "ok"}
	case scheduler.MailMissing:
		if got.nth > 4 { // whatever they are, robots stop
			return nil
		}
		return &answer{after: 30 * minutes, words: "again in 4 weeks"}
	case scheduler.MailOwnCheckIn:
		return &answer{after: 2 * hours, words: "done"}
	case scheduler.MailDebrief:
		return mariaDebriefs(d, got)
	case scheduler.MailNeedsYou:
		return mariaHelps(d, got)
	case scheduler.MailBrief:
		if ref.Person == "ana" && got.nth == 2 {
			return &answer{after: 30 * minutes, do: func() error { return d.moveMeeting("ana", 30*time.Minute) }}
		}
	}
	return nil
}

// mariaDebriefs writes her notes, at the first one with Chau only after a nudge.
func mariaDebriefs(d *demoPlay, got received) *answer {
	who := got.thread.Ref.Person
	if who == "chau" && got.nth == 1 {
		return nil
	}
	notes := mariaNotes[who][0]
	by := d.play.now.In(d.zone).AddDate(0, 0, 6).Format("January 2")
	notes = strings.ReplaceAll(notes, "%s", by)
	return &answer{after: 25 * minutes, words: notes}
}

// mariaHelps answers Ben's question herself, and then hands back.
func mariaHelps(d *demoPlay, got received) *answer {
	ref := got.thread.Ref
	if ref.Person == "ben" && got.nth == 1 {
		d.play.plan(d.play.now.Add(90*time.Minute), func() error { return d.mariaWrites("ben") })
		return &answer{after: 24 * hours, words: "hand back"}
	}
	return nil
}

// mariaWrites lets Maria answer in the thread with somebody herself.
func (d *demoPlay) mariaWrites(who string) error {
	for _, r := range d.readers {
		if strings.HasPrefix(r.address, who+"@") {
			th := d.lastMailOf(r)
			if th == nil {
				return nil
			}
			words := "Hi Ben! We are about twenty neighbors, you know half of them from the bakery. And no, nobody has to give speeches. Maria"
			d.n++
			raw := fmt.Sprintf("From: Maria Lopez <%s>\r\nTo: %s\r\nDate: %s\r\nMessage-ID: <demo-%d@example.org>\r\nSubject: Re: %s\r\nIn-Reply-To: <%s>\r\nReferences: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
				d.org.Address, r.address, d.play.now.In(d.zone).Format(time.RFC1123Z), d.n, encodeHeader(strings.TrimPrefix(th.Subject, "Re: ")), th.MessageID, th.MessageID, words)
			d.line("Maria writes to Ben herself: "+oneLine(words), "")
			name := fmt.Sprintf("%d.M%d.demo", d.play.now.Unix(), d.n)
			if err := dropMail(r.maildir, name, []byte(raw)); err != nil {
				return err
			}
			return dropMail(filepath.Join(d.folder, "mail", "maria", "sent"), name, []byte(raw))
		}
	}
	return nil
}

// lastMailOf is the head of the latest mail from Maria that somebody got.
func (d *demoPlay) lastMailOf(r *demoReader) *scheduler.Head {
	for i := len(d.posts) - 1; i >= 0; i-- {
		if p := d.posts[i]; p.box == r.address && p.from == d.org.Address {
			if h, err := readHead(p.raw); err == nil {
				return &h
			}
		}
	}
	return nil
}

var startEnd = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(DTSTART|DTEND)(;[^:\r\n]*)?:(\d{8}T\d{6})(Z?)`)
})

// moveMeeting moves somebody's meeting on the calendar by hand, as any calendar program would.
func (d *demoPlay) moveMeeting(who string, by time.Duration) error {
	dir := filepath.Join(d.folder, "calendar", "indy")
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range list {
		path := filepath.Join(dir, entry.Name())
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !strings.Contains(string(b), who+"@example.org") || strings.Contains(string(b), "STATUS:TENTATIVE") {
			continue
		}
		next, future := d.moved(string(b), by)
		if !future {
			continue
		}
		d.line("Maria drags the meeting on her calendar by "+by.String(), "")
		tmp := filepath.Join(dir, ".moved")
		if err := os.WriteFile(tmp, []byte(next), 0o644); err != nil {
			return err
		}
		return os.Rename(tmp, path)
	}
	return nil
}

// moved is an event some time later; future says that it is still to come.
func (d *demoPlay) moved(ics string, by time.Duration) (next string, future bool) {
	head, event, found := strings.Cut(ics, "BEGIN:VEVENT")
	if !found {
		return ics, false
	}
	event = startEnd().ReplaceAllStringFunc(event, func(line string) string {
		m := startEnd().FindStringSubmatch(line)
		zone := d.zone
		if m[4] == "Z" {
			zone = time.UTC
		}
		t, err := time.ParseInLocation("20060102T150405", m[3], zone)
		if err != nil {
			return line
		}
		future = future || t.After(d.play.now)
		return m[1] + m[2] + ":" + t.Add(by).Format("20060102T150405") + m[4]
	})
	return head + "BEGIN:VEVENT" + event, future
}
