package main

import (
	_ "embed"
	"strings"
	"time"

	"indy/scheduler"
)

// The long demo's configs, one for an organizer of each language. Between them people keep
// their habits, and change their languages.
//
//go:embed demo_long_en.toml
var longConfigEnglish string

//go:embed demo_long_es.toml
var longConfigSpanish string

// spoken picks the words of a language.
type spoken func(en, es string) string

func in(lang string) spoken {
	if lang == "es" {
		return func(_, es string) string { return es }
	}
	return func(en, _ string) string { return en }
}

// longCast is twelve weeks with ten people, from January to Easter. Its organizer writes
// lang, "en" or "es"; some of the people write the other language.
func longCast(lang string) cast {
	const zone = "America/Chicago"
	own := in(lang)
	clocks := american(zone, "-0600", "-0500")
	c := cast{
		title: own("Twelve weeks of Grace's one-to-ones", "Twelve weeks of Carmen's one-to-ones"), config: own(longConfigEnglish, longConfigSpanish),
		seed: "the long demo", start: time.Date(2027, time.January, 11, 14, 0, 0, 0, time.UTC), weeks: 12, // a Monday, 8 in the morning
		home: map[string]string{
			"clinic.ics":  clocks + weekly(zone, "clinic", own("Clinic", "Clínica"), own("St. Luke's", "San Lucas"), "20260902T073000", "133000", "MO,WE"),
			"english.ics": clocks + weekly(zone, "english", own("Evening class", "Clase de la tarde"), own("Library", "Biblioteca"), "20260903T173000", "190000", "TH"),
		},
		own: habit{
			scheduler.MailReady:      always(20*time.Minute, "ok"),
			scheduler.MailReadBack:   always(15*time.Minute, "ok"),
			scheduler.MailOwnCheckIn: {says(3*time.Hour, own("done", "hecho")), says(2*time.Hour, own("I need until {fri+5}", "necesito hasta el {fri+5}")), {after: 2 * time.Hour, words: own("done", "hecho"), always: true}},
			scheduler.MailDigest:     longDigests(own),
		},
	}
	// Who writes the other language than the organizer, or theirs.
	tess, yusuf := in("en"), in("en")
	luis, rosa, ximena := in("es"), in("es"), in("es")
	c.people = longPeople(own, luis, rosa, ximena, tess, yusuf)
	c.about = longNotes(own, luis, rosa, ximena, tess, yusuf)
	return c
}

// longDigests is what the organizer orders, a digest after the other.
func longDigests(own spoken) []answer {
	orders := make([]answer, 14)
	orders[3] = says(40*time.Minute, own("Luis done", "Luis hecho"))
	orders[4] = says(40*time.Minute, own("Ximena done", "Ximena hecho"))
	orders[5] = says(30*time.Minute, own("Paula met", "me vi con Paula"))
	orders[6] = says(30*time.Minute, own("Walter done", "Gualterio hecho"))
	return orders
}

// longPeople is how the ten answer; Walter only has a phone.
func longPeople(own, luis, rosa, ximena, tess, yusuf spoken) map[scheduler.PersonID]habit {
	return map[scheduler.PersonID]habit{
		// Nadia says yes at once, and takes on more each time.
		"nadia": {
			scheduler.MailOffer: {says(3*time.Hour, "2"),
				says(90*time.Minute, own("The first one, please. I have told everybody at work about it!", "La primera, por favor. ¡Ya se lo conté a todo el mundo en el trabajo!")),
				says(2*time.Hour, own("Number 3 works for me", "Me queda bien el 3")), says(2*time.Hour, own("1!", "¡El 1!"))},
			scheduler.MailCancel:  {says(2*time.Hour, own("No problem! The second one.", "¡Sin problema! La segunda."))},
			scheduler.MailSummary: {says(4*time.Hour, own("Thank you, I left with so much energy.", "Gracias, me fui con mucha energía."))},
			scheduler.MailCheckIn: {says(9*time.Hour, own("Done, and my sister wrote hers down too.", "Hecho, y mi hermana también escribió la suya.")), says(5*time.Hour, own("All done! Eleven came.", "¡Todo hecho! Vinieron once.")), says(5*time.Hour, own("All is set, done.", "Está todo listo. Hecho."))},
		},
		// Luis has a time of his own, and then is stuck with what he promised.
		"luis": {
			scheduler.MailOffer: {says(5*time.Hour, luis("Hi! I can't do any of those. Could it be {thu+6} after 3?", "¡Hola! Ninguna me sirve. ¿Podría ser el {thu+6} después de las 3?")),
				says(20*time.Hour, luis("The last one.", "La última.")), says(3*time.Hour, luis("The first one, I'm already looking forward to it.", "La primera, ya tengo ganas."))},
			scheduler.MailCounter: {says(6*time.Hour, luis("The first one is good.", "La primera está bien."))},
			scheduler.MailCheckIn: {says(8*time.Hour, luis("I'm stuck, I don't know whom to ask.", "Estoy atascado, no sé a quién preguntar.")), {after: 7 * time.Hour, words: luis("Done.", "Hecho."), always: true}},
		},
		// Omar is vague, later away, and takes on smaller things.
		"omar": {
			scheduler.MailOffer: {says(26*time.Hour, own("Hmm, maybe sometime. Things are a bit much right now, let's see.", "Mmm, quizás un día de estos. Ando con mucho, ya veremos.")),
				answer{after: time.Minute, words: own("I am out of the office until {+6} and will answer then.", "Estoy fuera de la oficina hasta el {+6} y responderé entonces."),
					headers: map[string]string{"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"}}},
			scheduler.MailCounter: {says(5*time.Hour, own("OK, the second one then.", "Bueno, la segunda entonces.")), says(4*time.Hour, own("Yes, the first one!", "¡Sí, la primera!"))},
			scheduler.MailNudge:   {says(5*time.Hour, own("the last one is fine", "la última está bien")), says(4*time.Hour, own("Number 2 works. Thank you for your patience!", "La segunda. ¡Gracias por la paciencia!"))},
			scheduler.MailCheckIn: {nothing, says(9*time.Hour, own("done", "hecho"))},
			scheduler.MailStepAsk: {says(9*time.Hour, own("I need until {fri+5}", "Necesito hasta el {fri+5}")), says(3*time.Hour, own("done now", "ya está hecho"))},
		},
		// Paula does not answer at all.
		"paula": {},
		// Rosa has no time now, and says when.
		"rosa": {
			scheduler.MailOffer: {says(8*time.Hour, rosa("I can't right now, please write to me again after February 15.", "Ahora no puedo, escríbeme después del 15 de febrero, por favor.")),
				says(9*time.Hour, rosa("the second one", "la segunda"))},
			scheduler.MailWelcome: {says(6*time.Hour, rosa("Now I can! The first one.", "¡Ahora sí! La primera."))},
			scheduler.MailCheckIn: {says(6*time.Hour, rosa("I need until {fri+5}, sorry", "Necesito hasta el {fri+5}, perdona"))},
			scheduler.MailStepAsk: {says(6*time.Hour, rosa("done!", "¡hecho!"))},
		},
		// Stan wants no mail.
		"stan": {
			scheduler.MailNudge: {says(2*time.Hour, own("Please take me off your list, I have moved away.", "Por favor, sácame de tu lista, me mudé."))},
		},
		// Tess taps "maybe" on her calendar, does not come, and then does.
		"tess": {
			scheduler.MailOffer:     {says(4*time.Hour, tess("1", "1")), says(5*time.Hour, tess("Works! Let's take the second.", "¡Sí! La segunda.")), says(2*time.Hour, tess("The first one please", "La primera, por favor"))},
			scheduler.MailInvite:    {does(time.Hour, taps("TENTATIVE")), does(time.Hour, taps("ACCEPTED"))},
			scheduler.MailTentative: {says(3*time.Hour, tess("Yes, let's keep it.", "Sí, lo dejamos así."))},
			scheduler.MailMissed:    {says(7*time.Hour, tess("I'm so sorry, my boy was sick. The second one, if that's still OK?", "Perdona, mi hijo estaba enfermo. La segunda, si todavía se puede."))},
			scheduler.MailCheckIn:   {says(10*time.Hour, tess("Done", "Hecho"))},
			scheduler.MailStepAsk:   {says(30*time.Hour, tess("Done, sorry for the silence! It fits on one page.", "Hecho, perdona el silencio. Cabe en una hoja.")), says(9*time.Hour, tess("I need until {fri+5}", "Necesito hasta el {fri+5}"))},
		},
		// Ximena asks a question first, lets a promise slip, and puts a summary right.
		"ximena": {
			scheduler.MailOffer: {says(3*time.Hour, ximena("Who else is in the group? And how much time does it take?", "¿Quién más está en el grupo? ¿Y cuánto tiempo lleva?")),
				says(4*time.Hour, ximena("The second one.", "La segunda.")), says(5*time.Hour, ximena("The last one.", "La última."))},
			scheduler.MailCounter: {says(4*time.Hour, ximena("Thanks for telling me! The first one.", "¡Gracias por contarme! La primera."))},
			scheduler.MailSummary: {nothing, says(4*time.Hour, ximena("One thing: I said by {fri+9}", "Una cosa: dije para el {fri+9}"))},
			scheduler.MailCheckIn: {nothing, says(5*time.Hour, ximena("Done!", "¡Hecho!"))},
		},
		// Yusuf's meeting is dragged to an hour that does not suit him, and he says so on his calendar.
		"yusuf": {
			scheduler.MailOffer:   {says(5*time.Hour, yusuf("the last one", "la última")), says(5*time.Hour, yusuf("the first one works", "la primera")), says(6*time.Hour, yusuf("2", "2"))},
			scheduler.MailUpdate:  {does(2*time.Hour, taps("DECLINED"))},
			scheduler.MailCancel:  {says(3*time.Hour, yusuf("The second one is good.", "La segunda está bien."))},
			scheduler.MailCheckIn: {says(7*time.Hour, yusuf("I can't do that after all, sorry. My shifts changed.", "Al final no puedo, perdona.")), says(7*time.Hour, yusuf("done", "hecho"))},
		},
	}
}

// lines joins what the organizer writes, a line each.
func lines(l ...string) string { return strings.Join(l, "\n") }
