package scheduler

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"indy/scheduler/slots"
)

// shown are the words of what indy knows that the person may read: all other strings, those of
// fields that are yet to come included, get a canary. Codes (strings of a type of their own)
// and what names things (ids, keys, zones) carry no words.
var shown = regexp.MustCompile(`^State\.(` +
	`Organizer\.(Name|Address|Phone|Language|Role|Policy\.Place|Policy\.PlaceGeo|Policy\.StepsAs)|` +
	`Team\.(Name|Word)|Campaign\.(Name|Story|Plan)|` +
	`People\.(Name|Addresses|Phone|Language|Place)|` +
	`OneToOnes\.(Place|CallAt|First|Last|Offer\.(Token|Holds\.(ID|ETag)))|` +
	`OneToOnes\.Meeting\.(Zone|Wall|Place|Title|PartStat|UID|Event\.(ID|ETag))|OneToOnes\.Meeting\.Seen\.(Place|Title|Words|Answer)|` +
	`OneToOnes\.Debrief\.ReadBackKey|OneToOnes\.Offer\.Slots\.Reason|` +
	`Steps\.(ID|Action)|Desk\.(Salt|BadConfig)|Standings\.(Topics|Dead|Answer))$`)

const canary = "XCANARYX"

// plantCanaries puts one into every string below v that is not shown, once. It answers with
// how many there are.
func plantCanaries(v reflect.Value, path string, depth int) (n int) {
	if depth > 8 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[string]() || shown.MatchString(path) {
			return 0
		}
		if !strings.HasPrefix(v.String(), canary) {
			v.SetString(canary + " " + path + " " + v.String())
		}
		return 1
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*time.Location]() {
			return 0
		}
		c := reflect.New(v.Type().Elem()) // what others hold of it stays as it is
		c.Elem().Set(v.Elem())
		n = plantCanaries(c.Elem(), path, depth+1)
		v.Set(c)
	case reflect.Slice:
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		for i := range c.Len() {
			n += plantCanaries(c.Index(i), path, depth+1)
		}
		if v.Len() > 0 {
			v.Set(c)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			c := reflect.New(v.Type().Elem()).Elem()
			c.Set(v.MapIndex(k))
			n += plantCanaries(c, path, depth+1)
			v.SetMapIndex(k, c)
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[time.Time](), reflect.TypeFor[slots.Date]():
			return 0
		}
		for i := range v.NumField() {
			f, name := v.Type().Field(i), path
			if f.Name == "ID" || f.Name == "OneToOne" || f.Name == "Person" { // what things are called by
				if f.Type.Kind() == reflect.String {
					continue
				}
			}
			if !f.Anonymous {
				name += "." + f.Name
			}
			n += plantCanaries(v.Field(i), name, depth+1)
		}
	}
	return n
}

// visible is all of a decision that a person gets to see: letters with whatever a template could
// print, invites, and the words of events that organizer and person share.
func visible(t *testing.T, e Effect) (out []string) {
	t.Helper()
	add := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	if e.Letter != nil && !e.Thread.Own {
		if !e.Letter.ToPerson {
			t.Errorf("a %s to the person is written for the organizer", e.Letter.Kind)
		}
		add(e.Letter)
		add(e.Invite)
		if e.About != nil {
			add(e.About)
		}
	}
	if e.Put != nil && e.About != nil { // where the calendar invites, the person reads the event
		add(e.About.ForPerson())
		put := *e.Put
		put.OneToOne = ""
		add(put)
	}
	if e.Letter != nil && e.Letter.Inner != nil { // what waits for the "ok" goes as it is
		add(e.Letter.Inner)
	}
	return out
}

// TestNoPrivateWordLeaves plays lives of one-to-ones in which every private word that is known
// is a canary, planted anew before each event, and looks at all that anybody but the organizer
// gets. It fails on a new field whose words leave without standing in the list of what is shown.
func TestNoPrivateWordLeaves(t *testing.T) {
	kinds := map[MailKind]bool{}
	planted := map[string]bool{}
	for name, live := range livesOfCanaries {
		t.Run(name, func(t *testing.T) {
			seen := 0
			d := newDesk(t, func(s *State) {
				ana := s.People["ana"]
				ana.Skills, ana.Role, ana.Phone = []string{"press"}, "captain", "510-555-0100"
				s.People["ana"] = ana
				s.People["leo"] = Person{ID: "leo", Name: "Leo Park", Addresses: []string{"leo@example.com"}, Phone: "510-555-0199", Zone: newYork, Language: "en", Notes: "n"}
				s.Team.Training, s.Team.Ladder = "https://training.example.org", []string{"captain"}
				s.Organizer.Aliases = []string{"m@example.org"}
				s.Organizer.Policy.ApproveSum, s.Organizer.Policy.Hold, s.Organizer.Policy.StepsAs = true, true, "events"
			})
			d.before = func(s *State) {
				note := func(path string) { planted[path] = true }
				recordStrings(reflect.ValueOf(*s), "State", 0, note)
				plantCanaries(reflect.ValueOf(s).Elem(), "State", 0)
				look(t, d, kinds, &seen)
			}
			live(d)
			look(t, d, kinds, &seen)
		})
	}
	for _, k := range []MailKind{MailOffer, MailNudge, MailCounter, MailWelcome, MailInvite, MailUpdate, MailCancel, MailTentative, MailReminder,
		MailMissed, MailSummary, MailAmended, MailCheckIn, MailStepAsk, MailStepNote} {
		if !kinds[k] {
			t.Errorf("no %s went out: it proves nothing of those", k)
		}
	}
	// The private fields of which a life must have had words, so that their canaries could sing.
	for _, path := range []string{"Organizer.Story", "Organizer.Aliases", "People.Notes", "People.Skills", "People.Role", "Campaign.Asks.Text", "Team.Training",
		"Standings.Sparks", "Standings.LastAsk", "OneToOnes.Said", "OneToOnes.Asked", "OneToOnes.Why", "OneToOnes.Debrief.Notes", "OneToOnes.Meeting.Seen.Notes",
		"OneToOnes.Meeting.Guests.Addr", "Steps.Words"} {
		if !planted["State."+path] {
			t.Errorf("no canary was ever in %s", path)
		}
	}
}

// look reads the effects that were not read yet.
func look(t *testing.T, d *desk, kinds map[MailKind]bool, seen *int) {
	t.Helper()
	for _, e := range d.all[*seen:] {
		if e.Letter != nil && !e.Thread.Own {
			kinds[e.Letter.Kind] = true
		}
		for _, words := range visible(t, e) {
			if i := strings.Index(words, canary); i >= 0 {
				t.Errorf("%s holds %.70q", e.Key, words[i:])
			}
			if strings.Contains(words, "leo@example.com") || strings.Contains(words, "510-555-0199") {
				t.Errorf("%s holds somebody else's address or number", e.Key)
			}
		}
	}
	*seen = len(d.all)
}

// recordStrings notes which fields hold words.
func recordStrings(v reflect.Value, path string, depth int, note func(string)) {
	if depth > 8 || v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[*time.Location]() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			note(path)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			recordStrings(v.Elem(), path, depth+1, note)
		}
	case reflect.Slice:
		for i := range v.Len() {
			recordStrings(v.Index(i), path, depth+1, note)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			recordStrings(v.MapIndex(k), path, depth+1, note)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := path
			if !v.Type().Field(i).Anonymous {
				name += "." + v.Type().Field(i).Name
			}
			recordStrings(v.Field(i), name, depth+1, note)
		}
	}
}

// livesOfCanaries lead through every kind of mail to a person.
var livesOfCanaries = map[string]func(*desk){
	"promises": func(d *desk) {
		d.after(time.Hour)
		d.answer(MailOffer, "None of these, Thursday the 19th after 3? My brother works at the plant.")
		d.until(d.one().Meeting.From.Add(-48 * time.Hour))
		ev := d.event()
		ev.Title, ev.Text = "Tea", "Next steps:\nher marriage is over"
		ev.Attendees = []Attendee{{Address: Address{Name: "Leo Park", Addr: "leo@example.com"}}}
		d.edit(ev)
		ev = d.event()
		ev.From, ev.To = ev.From.Add(time.Hour), ev.To.Add(time.Hour)
		d.edit(ev)
		d.until(d.one().Meeting.To.Add(30 * time.Minute))
		d.reply(MailDebrief, "Her marriage is over.\nShe said yes!\nAna: call two reporters by December 1\nme: send the plan by December 2\nagain in 6 weeks")
		d.reply(MailReadBack, "ok")
		d.after(time.Hour)
		d.answer(MailSummary, "The deadline for the reporters is December 3, not December 1")
		d.until(time.Date(2026, 12, 1, 16, 0, 0, 0, time.UTC))
		d.answer(MailCheckIn, "I'm stuck, nobody answers me")
		d.reply(MailOwnCheckIn, "I need until December 9")
		d.until(time.Date(2026, 12, 8, 16, 0, 0, 0, time.UTC))
		d.after(60 * 24 * time.Hour)
	},
	"silent promises": func(d *desk) {
		d.after(time.Hour)
		d.answer(MailOffer, "1")
		d.until(d.one().Meeting.To.Add(30 * time.Minute))
		d.reply(MailDebrief, "She is ill.\nShe said no.\nAna: call two reporters by November 25\nagain in 4 weeks")
		d.reply(MailReadBack, "ok")
		d.after(70 * 24 * time.Hour)
	},
	"back and forth": func(d *desk) {
		d.after(time.Hour)
		d.answer(MailOffer, "Not now, ask me in December. My mother is ill.")
		d.until(time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC))
		d.answer(MailWelcome, "none of these work, sorry")
		d.answer(MailCounter, "3")
		m := d.one()
		rsvp := func(status, comment string) {
			d.do(MailCame{Mail: Mail{Head: Head{ID: status, From: Address{Addr: "ana@example.org"}, Date: d.now}, ITIP: []ITIP{{Method: "REPLY", UID: m.Meeting.UID,
				Sequence: m.Meeting.Sequence, Stamp: d.now, Attendee: Address{Addr: "ana@example.org"}, PartStat: status, Comment: comment}}}})
			d.now = d.now.Add(time.Minute)
		}
		rsvp("TENTATIVE", "It scares me a bit.")
		rsvp("DECLINED", "my mother is ill")
		d.after(12 * 24 * time.Hour)
	},
	"missed": func(d *desk) {
		d.after(time.Hour)
		d.answer(MailOffer, "2")
		d.until(d.one().Meeting.To.Add(30 * time.Minute))
		d.reply(MailDebrief, "She never showed up.")
		d.answer(MailMissed, "1")
		d.until(d.one().Meeting.To.Add(30 * time.Minute))
		d.reply(MailDebrief, "She wants no more mail.")
		d.after(30 * 24 * time.Hour)
	},
}
