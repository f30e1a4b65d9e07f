package templates

import (
	"fmt"
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// The cast of the golden files. Every private field of the organizer's side says so.

var (
	pacific = zone("America/Los_Angeles")
	eastern = zone("America/New_York")
	madrid  = zone("Europe/Madrid")

	// A Friday morning in Oakland, November 27, 2026.
	now = time.Date(2026, 11, 27, 17, 30, 0, 0, time.UTC)
)

func zone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

func day(month time.Month, d int) slots.Date {
	year := 2026
	if month < 6 {
		year = 2027
	}
	return slots.Date{Year: year, Month: month, Day: d}
}

// at is an instant on Oakland's clock.
func at(month time.Month, d, hour, minute int) time.Time {
	return day(month, d).At(hour*60+minute, pacific)
}

func half(from time.Time) slots.Interval {
	return slots.Interval{From: from, To: from.Add(30 * time.Minute)}
}

func maria() scheduler.Organizer {
	return scheduler.Organizer{
		ID: "maria", Name: "Maria Lopez", Address: "maria@example.org", Phone: "510-555-0143", Zone: pacific, Language: "en",
		Role:   "a core member of the Oakland council",
		Story:  "I grew up two blocks from the refinery. When my brother's asthma got worse, my mother went door to door until the whole street came to the hearing. I was eleven and carried the clipboard.",
		Policy: scheduler.Policy{Length: 30 * time.Minute, ApproveSum: true, Place: "Blue Door Café"},
	}
}

func lucia() scheduler.Organizer {
	o := maria()
	o.ID, o.Name, o.Address, o.Language = "lucia", "Lucía Herrera", "lucia@example.org", "es"
	o.Role = "del consejo de Oakland"
	o.Story = "Crecí a dos calles de la refinería. Cuando empeoró el asma de mi hermano, mi madre fue puerta por puerta hasta que toda la calle vino a la audiencia. Yo tenía once años y llevaba la lista."
	o.Policy.Place = "Café Puerta Azul"
	return o
}

func ana() scheduler.Person {
	return scheduler.Person{
		ID: "ana", Name: "Ana Ruiz", Addresses: []string{"ana@example.org"}, Phone: "510-555-0177", Zone: pacific, Language: "en",
		Status: scheduler.New, Mode: scheduler.InPerson, Skills: []string{"press work", "speaking"},
		Notes: "Met her at the fair; she asked the sharpest question of the evening.", Since: day(9, 12),
	}
}

func sam() scheduler.Person {
	return scheduler.Person{
		ID: "sam", Name: "Sam Okafor", Addresses: []string{"sam@example.org"}, Zone: eastern, Language: "en",
		Status: scheduler.Current, Mode: scheduler.ByPhone, Role: "canvass captain", Since: day(7, 1), LastMet: day(10, 2),
	}
}

func spoken(o scheduler.Organizer) (scheduler.Team, scheduler.Campaign) {
	team := scheduler.Team{Name: "Oakland Council", Word: "council", Ladder: []string{"member", "captain", "core"}, Training: "https://training.example.org/one-to-ones"}
	campaign := scheduler.Campaign{
		Name:  "Clean Water Now",
		Story: "For nine years the wells east of the freeway have been over the limit, and the water board has met about it four times. In March the families took the samples themselves.",
		Plan:  "fill the hearing on December 15 with two hundred neighbors, and have the board vote that night",
		Asks:  []scheduler.Ask{{Text: "call two reporters about the hearing", Skills: []string{"press work"}, By: day(12, 11)}},
	}
	if o.Language == "es" {
		team.Name, team.Word = "Consejo de Oakland", "consejo"
		campaign.Name = "Agua Limpia Ya"
		campaign.Story = "Desde hace nueve años los pozos al este de la autopista superan el límite, y la junta del agua lo ha tratado cuatro veces. En marzo las familias tomaron las muestras por su cuenta."
		campaign.Plan = "llenar la audiencia del 15 de diciembre con doscientos vecinos y lograr que la junta vote esa noche"
		campaign.Asks = []scheduler.Ask{{Text: "llamar a dos periodistas sobre la audiencia", Skills: []string{"prensa"}, By: day(12, 11)}}
	}
	return team, campaign
}

func threeSlots() []slots.Slot {
	return []slots.Slot{
		{Interval: half(at(12, 1, 14, 0)), Reason: "private: a quiet afternoon"},
		{Interval: half(at(12, 2, 9, 30)), Reason: "private: her mornings are free"},
		{Interval: half(at(12, 3, 17, 30)), Reason: "private: on the way home"},
	}
}

// A sample is a letter with the name of its golden file.
type sample struct {
	name   string
	letter scheduler.Letter
}

// voice holds what differs between the languages of the samples.
type voice struct {
	code               string
	organizer          scheduler.Organizer
	ana, sam           scheduler.Person
	call, send, print_ string // actions of steps
	quote, said        string
	sparks             []string
	notNow, newPlace   string
	newTitle           string
	configLine, askWhy string
}

func english_() voice {
	return voice{
		code: "en", organizer: maria(), ana: ana(), sam: sam(),
		call: "call two reporters about the hearing", send: "send the plan", print_: "print forty leaflets",
		quote:  "Happy to, but who else is coming? And is this about the election?\n\nAna",
		said:   "I saw the poster at the laundromat. Honestly, I thought it was about the river.",
		sparks: []string{"Her grandmother's well was closed in 1998", "Does the press work for a theater; knows two people at the paper"},
		notNow: "after the holidays", newPlace: "Lakeside library, reading room", newTitle: "Coffee, and a look at the map", configLine: `config.toml:14:9: people.ana: every = "6 weks": not a span of time; write it as "6w"`,
		askWhy: "she does press work, and kept both promises last time",
	}
}

func spanish_() voice {
	v := english_()
	v.code, v.organizer = "es", lucia()
	v.ana.Language, v.sam.Language = "es", "es"
	v.ana.Skills = []string{"prensa", "hablar en público"}
	v.ana.Notes = "La conocí en la feria; hizo la pregunta más aguda de la noche."
	v.sam.Role = "responsable de recorridos"
	v.call, v.send, v.print_ = "llamar a dos periodistas sobre la audiencia", "enviar el plan", "imprimir cuarenta volantes"
	v.quote = "Con gusto, pero ¿quién más viene? ¿Y esto es por las elecciones?\n\nAna"
	v.said = "Vi el cartel en la lavandería. La verdad, pensé que era por el río."
	v.sparks = []string{"A su abuela le cerraron el pozo en 1998", "Lleva la prensa de un teatro; conoce a dos personas del periódico"}
	v.newTitle = "Café, y un vistazo al mapa"
	v.newPlace = "Biblioteca del Lago, sala de lectura"
	v.askWhy = "trabaja en prensa y la última vez cumplió las dos promesas"
	return v
}

func (v voice) letter(kind scheduler.MailKind, p scheduler.Person) scheduler.Letter {
	team, campaign := spoken(v.organizer)
	return scheduler.Letter{
		Kind: kind, Now: now, ToPerson: toPerson(string(kind)), Language: v.code, Organizer: v.organizer, Team: team, Campaign: campaign,
		Person: p, Token: "k7f3q6x2",
		OneToOne: scheduler.OneToOne{ID: "maria/ana/1", Person: p.ID, Round: 1, Mode: p.Mode, Purpose: scheduler.Relationship},
	}
}

func (v voice) steps() []scheduler.NextStep {
	return []scheduler.NextStep{
		{ID: "s1", ByPerson: true, Action: v.call, Deadline: day(12, 4), State: scheduler.StepOpen},
		{ID: "s2", Action: v.send, Deadline: day(11, 30), State: scheduler.StepOpen},
		{ID: "s3", ByPerson: true, Action: v.print_, Deadline: day(12, 9), State: scheduler.StepOpen},
	}
}

func meeting(from time.Time, mode scheduler.Mode, place string) *scheduler.Meeting {
	return &scheduler.Meeting{Interval: half(from), Zone: "America/Los_Angeles", Mode: mode, Place: place, UID: "u1"}
}

func (v voice) toAna() []sample {
	var all []sample
	add := func(name string, l scheduler.Letter, change ...func(*scheduler.Letter)) {
		for _, c := range change {
			c(&l)
		}
		all = append(all, sample{name, l})
	}
	times := func(l *scheduler.Letter) { l.Slots = threeSlots() }
	first := func(l *scheduler.Letter) { l.First = true }
	tuesday := func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 1, 14, 0), l.OneToOne.Mode, "")
		if l.OneToOne.Mode == scheduler.InPerson {
			l.Meeting.Place = l.Organizer.Policy.Place
		}
	}
	past := func(l *scheduler.Letter) {
		l.Meeting = meeting(at(11, 27, 8, 30), scheduler.InPerson, l.Organizer.Policy.Place)
	}
	nudged := func(n int) func(*scheduler.Letter) {
		return func(l *scheduler.Letter) {
			l.OneToOne.Offer = &scheduler.Offer{}
			for i := range n {
				l.OneToOne.Offer.Nudged = append(l.OneToOne.Offer.Nudged, now.AddDate(0, 0, -3*i))
			}
		}
	}
	because := func(r scheduler.Reason) func(*scheduler.Letter) { return func(l *scheduler.Letter) { l.Reason = r } }

	add("offer", v.letter(scheduler.MailOffer, v.ana), times, first)
	add("offer_current_first", v.letter(scheduler.MailOffer, v.sam), times, first)
	add("offer_again_campaign", v.letter(scheduler.MailOffer, v.sam), times, func(l *scheduler.Letter) { l.OneToOne.Purpose = scheduler.ForCampaign; l.OneToOne.Round = 3 })
	add("offer_leadership", v.letter(scheduler.MailOffer, v.ana), times, func(l *scheduler.Letter) { l.OneToOne.Purpose = scheduler.LeadershipAsk })
	for i, name := range []string{"offer_agreed", "offer_agreed_next", "offer_agreed_third"} { // the words vary with the round
		add(name, v.letter(scheduler.MailOffer, v.ana), times, func(l *scheduler.Letter) {
			l.OneToOne.Round, l.OneToOne.Purpose, l.Next = 2+i, scheduler.ForCampaign, &scheduler.NextContact{On: day(12, 2)}
			for _, s := range []scheduler.NextStep{v.steps()[0], v.steps()[2]}[:1+i%2] {
				s.State = scheduler.StepDone
				l.Changed = append(l.Changed, s)
			}
		})
	}
	add("offer_after_silence", v.letter(scheduler.MailOffer, v.sam), times, because(scheduler.ReasonSilent))
	add("offer_short_agreed", v.letter(scheduler.MailOffer, v.sam), times, func(l *scheduler.Letter) {
		l.OneToOne.Short, l.Next = true, &scheduler.NextContact{On: day(12, 2), Short: true, Phone: true}
	})
	add("invite_again", v.letter(scheduler.MailInvite, v.ana), tuesday, func(l *scheduler.Letter) { l.OneToOne.Round = 2 })
	add("offer_short", v.letter(scheduler.MailOffer, v.sam), times, func(l *scheduler.Letter) { l.OneToOne.Short = true })
	add("offer_bare", v.letter(scheduler.MailOffer, v.ana), first, func(l *scheduler.Letter) {
		l.Campaign, l.Team, l.Token = scheduler.Campaign{}, scheduler.Team{}, ""
		l.Organizer.Role, l.Organizer.Phone, l.Organizer.Policy.Place = "", "", ""
	})
	add("welcome", v.letter(scheduler.MailWelcome, v.ana), times, first)
	add("nudge_1", v.letter(scheduler.MailNudge, v.ana), times, first, nudged(1))
	add("nudge_2", v.letter(scheduler.MailNudge, v.ana), times, first, nudged(2))
	add("counter", v.letter(scheduler.MailCounter, v.ana), times)
	add("counter_taken", v.letter(scheduler.MailCounter, v.ana), times, because(scheduler.ReasonNotFree))
	add("counter_stands", v.letter(scheduler.MailCounter, v.ana), tuesday, func(l *scheduler.Letter) { l.Slots = threeSlots()[1:] }, because(scheduler.ReasonNotFree))
	add("counter_away", v.letter(scheduler.MailCounter, v.ana), times, first, because(scheduler.ReasonAway))
	add("counter_not_held", v.letter(scheduler.MailCounter, v.ana), times, because(scheduler.ReasonNotHeld))
	add("counter_no_links", v.letter(scheduler.MailCounter, v.ana), times, func(l *scheduler.Letter) { l.Token = "" })
	add("counter_none", v.letter(scheduler.MailCounter, v.ana))
	add("invite", v.letter(scheduler.MailInvite, v.ana), tuesday, first)
	add("invite_phone_other_zone", v.letter(scheduler.MailInvite, v.sam), tuesday)
	add("update", v.letter(scheduler.MailUpdate, v.ana), func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 3, 17, 30), scheduler.InPerson, l.Organizer.Policy.Place)
		l.Before = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
	})
	add("update_place", v.letter(scheduler.MailUpdate, v.ana), func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 1, 14, 0), scheduler.InPerson, v.newPlace)
		l.Before = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
	})
	same := func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
		l.Before = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
	}
	add("update_title", v.letter(scheduler.MailUpdate, v.ana), same, func(l *scheduler.Letter) { l.Title = v.newTitle })
	add("update_joins", v.letter(scheduler.MailUpdate, v.ana), same, func(l *scheduler.Letter) { l.Joins = []string{"Leo Park"} })
	add("update_joins_nameless", v.letter(scheduler.MailUpdate, v.ana), same, func(l *scheduler.Letter) { l.Joins = []string{"", "Leo Park", ""} })
	add("update_length", v.letter(scheduler.MailUpdate, v.ana), same, func(l *scheduler.Letter) {
		l.Meeting.To = l.Meeting.From.Add(45 * time.Minute)
		l.Joins = []string{"Leo Park"}
	})
	add("cancel", v.letter(scheduler.MailCancel, v.ana), tuesday)
	add("cancel_declined", v.letter(scheduler.MailCancel, v.ana), tuesday, times, because(scheduler.ReasonDeclined))
	add("cancel_not_free", v.letter(scheduler.MailCancel, v.ana), tuesday, times, because(scheduler.ReasonNotFree))
	add("cancel_not_now", v.letter(scheduler.MailCancel, v.ana), tuesday, because(scheduler.ReasonNotNow))
	add("cancel_met", v.letter(scheduler.MailCancel, v.ana), tuesday, because(scheduler.ReasonMet))
	add("tentative", v.letter(scheduler.MailTentative, v.ana), tuesday)
	add("reminder", v.letter(scheduler.MailReminder, v.ana), tuesday, func(l *scheduler.Letter) { l.Now = at(11, 30, 17, 0) })
	add("reminder_phone", v.letter(scheduler.MailReminder, v.sam), tuesday, func(l *scheduler.Letter) { l.Now = at(11, 30, 17, 0) })
	add("summary", v.letter(scheduler.MailSummary, v.ana), past, func(l *scheduler.Letter) {
		l.Steps, l.Next = v.steps(), &scheduler.NextContact{On: day(12, 15), Short: true, Phone: true}
	})
	add("summary_not_now", v.letter(scheduler.MailSummary, v.ana), past, func(l *scheduler.Letter) { l.Next = &scheduler.NextContact{None: true} })
	add("summary_mine_only", v.letter(scheduler.MailSummary, v.ana), past, func(l *scheduler.Letter) {
		l.Steps, l.Next = v.steps()[1:2], &scheduler.NextContact{On: day(1, 12)}
	})
	add("amended", v.letter(scheduler.MailAmended, v.ana), past, func(l *scheduler.Letter) {
		l.Steps, l.Next = v.steps(), &scheduler.NextContact{On: day(12, 15), Short: true}
	})
	add("check_in", v.letter(scheduler.MailCheckIn, v.ana), func(l *scheduler.Letter) { l.Now, l.Changed = at(12, 2, 10, 0), v.steps()[:1] })
	add("check_in_two", v.letter(scheduler.MailCheckIn, v.ana), func(l *scheduler.Letter) {
		l.Now, l.Changed = at(12, 2, 10, 0), []scheduler.NextStep{v.steps()[0], v.steps()[2]}
	})
	add("step_ask", v.letter(scheduler.MailStepAsk, v.ana), func(l *scheduler.Letter) { l.Now, l.Changed = at(12, 5, 10, 0), v.steps()[:1] })
	// The same in another round, in other words.
	add("nudge_again", v.letter(scheduler.MailNudge, v.sam), times, nudged(1), func(l *scheduler.Letter) { l.OneToOne.Round = 4 })
	add("check_in_again", v.letter(scheduler.MailCheckIn, v.ana), func(l *scheduler.Letter) { l.Now, l.Changed, l.OneToOne.Round = at(12, 2, 10, 0), v.steps()[:1], 2 })
	add("step_ask_again", v.letter(scheduler.MailStepAsk, v.ana), func(l *scheduler.Letter) { l.Now, l.Changed, l.OneToOne.Round = at(12, 5, 10, 0), v.steps()[:1], 2 })
	add("step_note_moved", v.letter(scheduler.MailStepNote, v.ana), func(l *scheduler.Letter) {
		s := v.steps()[1]
		s.Moves, s.Deadline = []slots.Date{day(11, 30)}, day(12, 3)
		l.Changed = []scheduler.NextStep{s}
	})
	add("step_note_dropped", v.letter(scheduler.MailStepNote, v.ana), func(l *scheduler.Letter) {
		s := v.steps()[1]
		s.State = scheduler.StepDropped
		l.Changed = []scheduler.NextStep{s}
	})
	add("missed", v.letter(scheduler.MailMissed, v.ana), past, times)
	add("forgotten", v.letter(scheduler.MailForgotten, v.ana))
	leo := scheduler.Person{Name: "Leo Park", Zone: pacific, Language: v.code}
	moved := func(l *scheduler.Letter) {
		l.Token = ""
		l.Meeting = meeting(at(12, 3, 17, 30), scheduler.InPerson, l.Organizer.Policy.Place)
		l.Before = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
	}
	add("guest_update", v.letter(scheduler.MailGuestUpdate, leo), moved)
	add("guest_update_nameless", v.letter(scheduler.MailGuestUpdate, leo), moved, func(l *scheduler.Letter) {
		l.Person.Name, l.Meeting.Mode, l.OneToOne.Mode = "", scheduler.ByPhone, scheduler.ByPhone
	})
	add("guest_cancel", v.letter(scheduler.MailGuestCancel, leo), moved)
	return all
}

func (v voice) toOrganizer() []sample {
	var all []sample
	add := func(name string, l scheduler.Letter, change ...func(*scheduler.Letter)) {
		for _, c := range change {
			c(&l)
		}
		all = append(all, sample{name, l})
	}
	tuesday := func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 1, 14, 0), scheduler.InPerson, l.Organizer.Policy.Place)
	}
	offer := v.letter(scheduler.MailOffer, v.ana)
	offer.Slots, offer.First = threeSlots(), true
	summary := v.letter(scheduler.MailSummary, v.ana)
	summary.Meeting = meeting(at(11, 27, 8, 30), scheduler.InPerson, v.organizer.Policy.Place)
	summary.Steps, summary.Next = v.steps(), &scheduler.NextContact{On: day(12, 15), Short: true}

	add("ready", v.letter(scheduler.MailReady, v.ana), preview(offer), func(l *scheduler.Letter) { l.First = true })
	add("own_words", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.Quote = scheduler.ReasonOwnWords, v.notNow })
	add("read_back", v.letter(scheduler.MailReadBack, v.ana), preview(summary))
	add("read_back_silence", v.letter(scheduler.MailReadBack, v.ana), preview(summary), func(l *scheduler.Letter) { l.Organizer.Policy.ApproveSilence = 24 * time.Hour })
	add("brief_first", v.letter(scheduler.MailBrief, v.ana), tuesday, func(l *scheduler.Letter) {
		l.First = true
		l.Brief = &scheduler.Brief{
			Said: []string{v.said}, Topics: scheduler.Topics[:4], Ask: &l.Campaign.Asks[0], AskWhy: v.askWhy,
			Neighbors: []slots.Interval{{From: at(12, 1, 12, 0), To: at(12, 1, 13, 0)}, {From: at(12, 1, 15, 30), To: at(12, 1, 16, 0)}},
		}
	})
	add("brief_again", v.letter(scheduler.MailBrief, v.sam), func(l *scheduler.Letter) {
		l.Meeting = meeting(at(12, 1, 14, 0), scheduler.ByPhone, "")
		l.OneToOne.Round, l.OneToOne.Purpose = 3, scheduler.LeadershipAsk
		kept, open := v.steps()[2], v.steps()[1]
		kept.State, open.Deadline = scheduler.StepDone, day(11, 30)
		l.Brief = &scheduler.Brief{
			LastMet: day(10, 2), Sparks: v.sparks, LastAsk: v.call, Answer: replies.AskLater, Kept: []scheduler.NextStep{kept},
			Open: []scheduler.NextStep{open}, Topics: scheduler.Topics[4:],
		}
	})
	add("debrief", v.letter(scheduler.MailDebrief, v.ana), func(l *scheduler.Letter) {
		l.Meeting = meeting(at(11, 27, 8, 30), scheduler.InPerson, "")
	})
	add("debrief_silence", v.letter(scheduler.MailDebrief, v.ana), func(l *scheduler.Letter) {
		l.Meeting = meeting(at(11, 27, 8, 30), scheduler.InPerson, "")
		l.Organizer.Policy.ApproveSilence = 24 * time.Hour
	})
	add("missing", v.letter(scheduler.MailMissing, v.ana), func(l *scheduler.Letter) {
		l.Missing = []scheduler.Missing{{Part: scheduler.MissingDeadline, Step: v.call}, {Part: scheduler.MissingOwner, Step: v.print_}, {Part: scheduler.MissingSteps}, {Part: scheduler.MissingNext}}
	})
	add("missing_time", v.letter(scheduler.MailMissing, v.ana), func(l *scheduler.Letter) { l.Missing = []scheduler.Missing{{Part: scheduler.MissingTime}} })
	add("own_summary", v.letter(scheduler.MailOwnSummary, v.ana), func(l *scheduler.Letter) {
		l.Steps, l.Next = v.steps(), &scheduler.NextContact{On: day(12, 15), Short: true, Phone: true}
	})
	add("own_check_in_no_links", v.letter(scheduler.MailOwnCheckIn, v.ana), func(l *scheduler.Letter) { l.Token, l.Changed = "", v.steps()[1:2] })
	add("digest_first_weeks", v.letter(scheduler.MailDigest, scheduler.Person{}), func(l *scheduler.Letter) {
		w := v.week()
		for i := range 11 {
			w.Pace[i].Met = 0
		}
		l.Digest = &scheduler.Digest{From: w.From, To: w.To, Waiting: w.Waiting, Pace: w.Pace, Goal: 3, Number: 1}
	})
	add("own_summary_corrected", v.letter(scheduler.MailOwnSummary, v.ana), func(l *scheduler.Letter) {
		l.Steps, l.Changed, l.Next = v.steps(), v.steps()[:1], &scheduler.NextContact{None: true}
	})
	add("amended_own", v.letter(scheduler.MailAmended, v.ana), func(l *scheduler.Letter) {
		l.ToPerson, l.Steps = false, v.steps()
	})
	add("own_check_in", v.letter(scheduler.MailOwnCheckIn, v.ana), func(l *scheduler.Letter) { l.Changed = v.steps()[1:2] })
	add("digest", v.letter(scheduler.MailDigest, scheduler.Person{}), func(l *scheduler.Letter) { l.Digest = v.week() })
	add("digest_quiet", v.letter(scheduler.MailDigest, scheduler.Person{}), func(l *scheduler.Letter) {
		w := v.week()
		l.Digest = &scheduler.Digest{From: w.From, To: w.To, Quiet: true, Due: w.Due, Pace: w.Pace, Goal: 3, Coverage: w.Coverage, Number: 4}
	})
	add("digest_200", v.letter(scheduler.MailDigest, scheduler.Person{}), func(l *scheduler.Letter) { l.Digest = v.crowd(200) })
	add("team_digest", v.letter(scheduler.MailTeamDigest, scheduler.Person{}), func(l *scheduler.Letter) {
		c := v.week().Coverage
		l.Digest = &scheduler.Digest{From: day(11, 30), To: day(12, 6), Coverage: c, Number: 3, Team: []scheduler.TeamLine{
			{Name: v.organizer.Name, Met: 3, Goal: 3, Agreed: 4, Waiting: 2, StepsKept: 5, Slipped: 1, Coverage: c},
			{Name: "Dana Whitfield", Met: 1, Goal: 2, Agreed: 1, Waiting: 5, StepsKept: 1, Coverage: scheduler.Coverage{People: 14, InRhythm: 6, Overdue: 5, NeverMet: 3}},
		}}
	})
	add("call_sheet", v.letter(scheduler.MailCallSheet, v.ana), func(l *scheduler.Letter) {
		l.Slots, l.First = threeSlots(), true
		l.Person.Addresses = nil
	})
	add("needs_you", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) {
		l.Reason, l.Quote, l.OneToOne.Stage = scheduler.ReasonQuestion, v.quote, scheduler.WithOrganizer
	})
	add("needs_you_besides", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.Quote = scheduler.ReasonUnclear, v.quote })
	add("call_sheet_again", v.letter(scheduler.MailCallSheet, v.sam), func(l *scheduler.Letter) { l.Slots, l.Steps = threeSlots(), v.steps()[:2] })
	add("needs_you_pending", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) {
		p := half(at(12, 1, 14, 0))
		l.Reason, l.Quote, l.Pending = scheduler.ReasonAnswered, "2", &p
	})
	add("config_error", v.letter(scheduler.MailConfigError, scheduler.Person{}), func(l *scheduler.Letter) { l.Problems = []string{v.configLine} })
	add("held", v.letter(scheduler.MailHeld, scheduler.Person{}), func(l *scheduler.Letter) { l.Late = 49 * time.Hour })
	add("needs_you_draft_left", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.About = scheduler.ReasonDraftLeft, scheduler.MailInvite })
	add("needs_you_draft_sent", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.About = scheduler.ReasonDraftSent, scheduler.MailInvite })
	add("needs_you_unknown", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.About = scheduler.ReasonUnknown, scheduler.MailOffer })
	for _, kind := range []scheduler.MailKind{scheduler.MailInvite, scheduler.MailBrief, scheduler.MailDebrief, scheduler.MailReadBack} {
		add("needs_you_unknown_"+string(kind), v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) { l.Reason, l.About = scheduler.ReasonUnknown, kind })
	}
	add("needs_you_no_look", v.letter(scheduler.MailNeedsYou, scheduler.Person{}), func(l *scheduler.Letter) {
		l.Reason, l.Problems, l.Hint = scheduler.ReasonNoLook, []string{"read the calendars: one of them was deleted or is no longer shared"}, `run "indy check": it names the calendar`
	})
	add("needs_you_failed", v.letter(scheduler.MailNeedsYou, v.ana), func(l *scheduler.Letter) {
		l.Reason, l.About, l.Problems = scheduler.ReasonFailed, scheduler.MailSummary, []string{"send a mail: Google answered 400 (invalidArgument)"}
	})
	add("needs_you_vanished", v.letter(scheduler.MailNeedsYou, scheduler.Person{}), func(l *scheduler.Letter) {
		l.Reason, l.Digest = scheduler.ReasonVanished, &scheduler.Digest{Meetings: v.week().Meetings}
	})
	return all
}

// preview is the letter that waits for the ok.
func preview(inner scheduler.Letter) func(*scheduler.Letter) {
	return func(l *scheduler.Letter) { l.Inner = &inner }
}

func (v voice) week() *scheduler.Digest {
	steps := v.steps()
	kept := steps[2]
	kept.State = scheduler.StepDone
	met := []int{1, 2, 2, 0, 3, 2, 4, 3, 1, 3, 4, 3}
	d := &scheduler.Digest{
		From: day(11, 30), To: day(12, 6), Goal: 3, Number: 3,
		Call:     []scheduler.DigestLine{{Person: "lee", Name: "Lee Tran", Phone: "510-555-0190", Why: scheduler.ReasonSilent}},
		Needs:    []scheduler.DigestLine{{Person: "ana", Name: "Ana Ruiz", At: at(11, 26, 9, 0), Why: scheduler.ReasonQuestion}},
		Open:     []scheduler.DigestLine{{Person: "hal", Name: "Hal Brooks", At: at(11, 22, 15, 0), Why: scheduler.ReasonDebrief}, {Person: "joy", Name: "Joy Adeyemi", At: at(11, 26, 18, 0), Why: scheduler.ReasonMissing}, {Person: "dee", Name: "Dee Park", At: at(11, 26, 19, 0), Why: scheduler.ReasonDebrief}},
		Meetings: []scheduler.DigestLine{{Person: "sam", Name: "Sam Okafor", At: at(12, 1, 14, 0), Mode: scheduler.ByPhone, Phone: "212-555-0161"}, {Person: "kim", Name: "Kim Doyle", At: at(12, 3, 17, 30), Mode: scheduler.InPerson, Place: v.organizer.Policy.Place}},
		Waiting:  []scheduler.DigestLine{{Person: "omar", Name: "Omar Haddad", At: at(11, 25, 10, 0)}},
		Kept:     []scheduler.DigestLine{{Person: "kim", Name: "Kim Doyle", Step: &kept}},
		DueSteps: []scheduler.DigestLine{{Person: "ana", Name: "Ana Ruiz", Step: &steps[0]}, {Person: "ana", Name: "Ana Ruiz", Step: &steps[1]}},
		Slipped:  []scheduler.DigestLine{{Person: "ben", Name: "Ben Castillo", Step: &scheduler.NextStep{ByPerson: true, Action: v.print_, Deadline: day(11, 20), State: scheduler.StepSlipped}}},
		Due:      []scheduler.DigestLine{{Person: "rosa", Name: "Rosa Méndez", On: day(12, 3), Words: "never met"}, {Person: "tom", Name: "Tom Becker", On: day(12, 4), Words: "every 6 weeks"}},
		Later:    []scheduler.DigestLine{{Person: "pat", Name: "Pat Nguyen", On: day(1, 11)}},
		Raised:   []scheduler.DigestLine{{Person: "kim", Name: "Kim Doyle", Words: v.print_}},
		Coverage: scheduler.Coverage{People: 24, InRhythm: 15, Overdue: 5, NeverMet: 4, Paused: 2, Stopped: 1},
	}
	for i, n := range met {
		d.Pace = append(d.Pace, scheduler.WeekCount{Monday: day(9, 7).AddDays(7 * i), Met: n})
	}
	return d
}

// crowd is a digest over n people.
func (v voice) crowd(n int) *scheduler.Digest {
	d := v.week()
	steps := v.steps()
	line := func(i int) scheduler.DigestLine {
		return scheduler.DigestLine{
			Person: scheduler.PersonID(fmt.Sprint("p", i)), Name: fmt.Sprintf("Robin%d Example", i), Phone: fmt.Sprintf("510-555-%04d", i),
			At: at(11, 30, 9, 0).Add(time.Duration(i) * time.Hour), On: day(12, 20), Mode: scheduler.InPerson, Place: "Library", Why: scheduler.ReasonSilent, Step: &steps[i%3],
		}
	}
	lists := []*[]scheduler.DigestLine{&d.Call, &d.Needs, &d.Open, &d.Meetings, &d.Waiting, &d.Kept, &d.DueSteps, &d.Slipped, &d.Due, &d.Later, &d.Raised}
	for i := range n {
		at := lists[i%len(lists)]
		*at = append(*at, line(i))
		d.Due = append(d.Due, line(i))
	}
	d.Coverage = scheduler.Coverage{People: n, InRhythm: n / 2, Overdue: n / 4, NeverMet: n / 4, Paused: 3}
	return d
}

func (v voice) all() []sample { return append(v.toAna(), v.toOrganizer()...) }

var voices = []voice{english_(), spanish_()}

func crowded() scheduler.Letter {
	v := voices[0]
	l := v.letter(scheduler.MailDigest, scheduler.Person{})
	l.Digest = v.crowd(200)
	return l
}
