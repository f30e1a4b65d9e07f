package main

import (
	_ "embed"
	"time"

	"indy/scheduler"
)

// demoConfig is the short demo's config; it is left in its folder.
//
//go:embed demo.toml
var demoConfig string

// shortCast is eight weeks of Maria and seven people: over Thanksgiving, the holidays and
// the new year.
func shortCast() cast {
	const zone = "America/New_York"
	clocks := american(zone, "-0500", "-0400")
	return cast{
		title: "Eight weeks of Maria's one-to-ones", config: demoConfig, seed: "the short demo",
		start: time.Date(2026, time.November, 16, 13, 0, 0, 0, time.UTC), weeks: 8, // a Monday, 8 in the morning
		home: map[string]string{
			"choir.ics": clocks + weekly(zone, "choir", "Choir", "St. Mark's hall", "20260902T180000", "200000", "WE",
				"20261125T180000", "20261223T180000", "20261230T180000"),
			"school.ics": clocks + weekly(zone, "school", "Teaching", "Lincoln School", "20260901T090000", "123000", "MO,TU,TH"),
		},
		people: map[scheduler.PersonID]habit{"ana": anaAnswers, "ben": benAnswers, "chau": chauAnswers, "dev": devAnswers, "eva": evaAnswers, "gus": gusAnswers},
		own: habit{
			scheduler.MailReady:      always(20*time.Minute, "ok"),
			scheduler.MailReadBack:   always(15*time.Minute, "ok"),
			scheduler.MailOwnCheckIn: always(2*time.Hour, "done"),
		},
		about: mariaAbout,
	}
}

// Ana picks by number, on her phone, and keeps her word.
var anaAnswers = habit{
	scheduler.MailOffer:   always(3*time.Hour, "2\n\nSent from my phone"),
	scheduler.MailSummary: {says(5*time.Hour, "Thank you, that was a lovely talk!")},
	scheduler.MailCheckIn: {says(4*time.Hour, "Done! Both of them will come to the hearing."), says(26*time.Hour, "All three said yes. Done!")},
}

// Ben asks a question first.
var benAnswers = habit{
	scheduler.MailOffer: {says(2*time.Hour, "Hi Maria, who else is in this council? And do I have to be good at speaking in public?"),
		says(4*time.Hour, "the first one")},
	scheduler.MailCounter: {says(3*time.Hour, "Thanks for explaining. Let's do the first one.")},
	scheduler.MailCheckIn: {says(8*time.Hour, "I need until Friday, sorry"), says(3*time.Hour, "done")},
	scheduler.MailStepAsk: {says(8*time.Hour, "done")},
}

// Chau does not answer at first, then takes the last time, and forgets a promise.
var chauAnswers = habit{
	scheduler.MailNudge: {says(6*time.Hour, "So sorry, this slipped by me. The last one works!"), says(6*time.Hour, "Busy days! The last one.")},
}

// Dev is away when the offer comes, and then has a time of his own.
var devAnswers = habit{
	scheduler.MailOffer: {
		{after: time.Minute, words: "Thank you for your mail. I am out of the office until {+4} and will answer then.",
			headers: map[string]string{"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"}},
		says(5*time.Hour, "option 1 please"), says(5*time.Hour, "2 is good")},
	scheduler.MailCounter: {says(4*time.Hour, "I'm back! I can't do any of those, how about {thu+5} after 3?")},
	scheduler.MailCheckIn: always(10*time.Hour, "All done."),
}

// Eva writes Spanish, and next time would rather meet after New Year.
var evaAnswers = habit{
	scheduler.MailOffer: {says(7*time.Hour, "¡Hola Maria! Me va bien la segunda opción. Un saludo, Eva"),
		says(7*time.Hour, "Ahora no puedo, mejor después de Año Nuevo. ¡Felices fiestas!")},
	scheduler.MailWelcome: {says(6*time.Hour, "la primera")},
	scheduler.MailCheckIn: always(5*time.Hour, "¡Hecho!"),
}

// Gus meets once, and then wants no more mail.
var gusAnswers = habit{
	scheduler.MailOffer: {says(9*time.Hour, "3 works"),
		says(2*time.Hour, "Please stop writing to me. It was nice to meet you, but this is not for me.")},
	scheduler.MailStepAsk: {says(12*time.Hour, "I can't do that after all, sorry.")},
}

// mariaAbout is what Maria writes after each of her one-to-ones, and what else she does.
var mariaAbout = map[scheduler.PersonID]habit{
	"ana": {
		scheduler.MailBrief: {nothing, does(30*time.Minute, drag(30*time.Minute))},
		scheduler.MailDebrief: {
			says(25*time.Minute, "Grew up by the river, her father fished there. Left the Herald angry about how they buried the spill story.\nShe said yes to the reporters!\nAna: call two reporters by {+6}\nme - send the plan tomorrow\nagain in 4 weeks"),
			says(25*time.Minute, "Both reporters called her back. She lit up when she told it.\nAsk: yes\nAna: bring three neighbors to the hearing by {+6}\nagain in 4 weeks"),
			says(25*time.Minute, "Wants to speak at the hearing herself. Still nervous about it.\nAsk: yes\nAna: write down what she would say by {+5}\nme: read it with her by {+8}\ncheck-in by phone in 2 weeks")},
	},
	"ben": {
		scheduler.MailNeedsYou: {does(90*time.Minute, takesOver("Hi Ben! We are about twenty neighbors, you know half of them from the bakery. And no, nobody has to give speeches. Maria", "hand back"))},
		scheduler.MailDebrief: {
			says(25*time.Minute, "Shy, but he knows everybody on his street.\nAsk: smaller yes\nBen: bring a neighbor to the Tuesday meeting by {+6}\nagain in 3 weeks"),
			says(25*time.Minute, "He brought two. Says he likes it better when there is something to do with his hands.\nAsk: yes\nBen: set up the phones for the phone bank by {+5}\nagain in 4 weeks"),
			says(25*time.Minute, "Tired from the bakery before the holidays, but glad he came.\nAsk: not asked\nno next steps\nagain in 5 weeks")},
	},
	"chau": {
		scheduler.MailDebrief: {nothing, // and after the nudge:
			says(25*time.Minute, "Tired after the last campaign, wants smaller things.\nAsk: smaller yes\nChau: make a list of ten neighbors by {+6}\nMe: find a helper for the list by {+6}\nagain in 5 weeks")},
	},
	"dev": {
		scheduler.MailDebrief: {
			says(25*time.Minute, "Thinks the plan is too slow. Good points about the budget.\nAsk: not asked\nDev: write down the three budget questions by {+6}\nagain in 4 weeks"),
			says(25*time.Minute, "The three questions were better than mine. He would put them to the council himself.\nAsk: yes\nDev: put the budget questions to the city council by {+12}\nagain in 4 weeks")},
	},
	"eva": {
		scheduler.MailDebrief: {
			says(25*time.Minute, "Her children ask why they cannot swim. A spark!\nAsk: yes\nEva: invitar a tu hermana a la audiencia by {+6}"),
			says(25*time.Minute, "Her sister is coming, and two cousins. The children painted a fish for the hearing.\nAsk: yes\nEva: traer el dibujo de los niños a la audiencia by {+10}")},
		scheduler.MailMissing: always(30*time.Minute, "again in 3 weeks"),
	},
	"fay": {
		scheduler.MailCallSheet: {says(26*time.Hour, "1")},
		scheduler.MailDebrief:   {says(25*time.Minute, "A wonderful storyteller.\nno next steps\nagain in 8 weeks")},
	},
	"gus": {
		scheduler.MailDebrief: {says(25*time.Minute, "Polite, not really interested.\nAsk: no\nGus: read the plan by {+6}\nagain in 3 weeks")},
	},
}
