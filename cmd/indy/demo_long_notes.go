package main

import (
	"time"

	"indy/scheduler"
)

// longNotes is what the organizer of the long demo writes about each of the ten: after
// every conversation, and where indy asks. What somebody promised stands in their language.
func longNotes(own, luis, rosa, ximena, tess, yusuf spoken) map[scheduler.PersonID]habit {
	const soon = 25 * time.Minute
	by := func(day string) string { return own(" by {"+day+"}", " para el {"+day+"}") }
	again := func(n string) string { return own("again in "+n+" weeks", "otra vez en "+n+" semanas") }
	said := func(yes, sí string) string { return own("Ask: "+yes, "Pedido: "+sí) }
	me := own("me: ", "yo: ")
	noSteps, notAsked := own("no next steps", "sin pasos"), own("Ask: not asked", "Pedido: no lo pedí")
	return map[scheduler.PersonID]habit{
		"nadia": {scheduler.MailBrief: {nothing, nothing, does(time.Hour, deletes)}, scheduler.MailDebrief: {
			says(soon, lines(own("Cleans at the law firm until midnight. Her mother lost her job when the last bus was cut. She has written it all down.", "Limpia en el bufete hasta medianoche. Su madre perdió el trabajo cuando quitaron el último autobús. Lo tiene todo escrito."),
				said("yes", "sí"), "Nadia: "+own("write down the story of the last bus", "escribir la historia del último autobús")+by("+8"), me+own("send the date of the vote tomorrow", "enviar la fecha de la votación mañana"), again("4"))),
			says(soon, lines(own("She read her story to three women at work and all of them want to come. Wants to do more.", "Leyó su historia a tres compañeras y todas quieren venir. Quiere hacer más."),
				said("yes", "sí"), "Nadia: "+own("host a house meeting with five neighbors", "recibir en casa a cinco vecinos")+by("+11"), again("4"))),
			says(soon, lines(own("Eleven came to her house meeting. People listen to her. She should be on the core team, and she thinks so too.", "Llegaron once a su casa. La gente la escucha. Debería estar en la coordinación, y ella también lo cree."),
				said("yes", "sí"), "Nadia: "+own("lead the house meetings until the vote", "llevar las reuniones en casas hasta la votación")+by("+12"), me+own("introduce you to the core team", "presentarte a la coordinación")+by("+6"),
				own("check-in by phone in 2 weeks", "Contacto breve por teléfono en 2 semanas"))),
			says(soon, lines(own("Three house meetings, forty people. She is tired and happy.", "Tres reuniones en casas, cuarenta personas. Está cansada y contenta."), notAsked, noSteps, again("4")))}},
		"luis": {scheduler.MailDebrief: {
			says(soon, lines(own("Drives line 12 and saw who stayed behind at the stop. Writes poems, does not tell anybody.", "Maneja la línea 12 y vio quién se quedaba en la parada. Escribe poemas y no se lo cuenta a nadie."),
				said("smaller yes", "un sí más pequeño"), "Luis: "+luis("talk with two other drivers", "hablar con otros dos choferes")+by("+7"), again("4"))),
			says(soon, lines(own("The drivers are with us, quietly. He is proud of it.", "Los choferes están con nosotros, sin hacer ruido. Está orgulloso."),
				said("yes", "sí"), "Luis: "+luis("write a letter to the paper", "escribir una carta al periódico")+by("+9"), me+luis("read the letter with you", "leer la carta contigo")+by("+10"), again("4"))),
			says(soon, lines(own("The paper printed his letter. He cut it out for his mother.", "El periódico publicó su carta. La recortó para su madre."),
				said("yes", "sí"), "Luis: "+luis("read the letter to the board", "leer la carta ante la junta")+by("+14")))},
			scheduler.MailMissing: {says(soon, again("4"))}},
		"stan": {},
		"omar": {
			scheduler.MailNeedsYou: {does(3*time.Hour, takesOver(own("Hi Omar, no hurry at all. If half an hour over a coffee would do you good, I'd love to see you. Grace", "Hola, Omar: sin ninguna prisa. Si te viene bien media hora con un café, me encantaría verte. Carmen"), own("hand back", "sigue tú")))},
			scheduler.MailDebrief: {
				says(soon, lines(own("His father is ill and he works two jobs. Still came. Angry about how the board talks to people.", "Su padre está enfermo y tiene dos trabajos. Aun así vino. Le enoja cómo la junta habla a la gente."),
					said("smaller yes", "un sí más pequeño"), "Omar: "+own("put the flyer up at the garage", "poner el cartel en el taller"), again("4"))),
				says(soon, own("It didn't happen, I was sick.", "no se hizo")),
				says(soon, lines(own("His father is better. He wants to speak about the garage and the night shift.", "Su padre está mejor. Quiere hablar del taller y del turno de noche."),
					said("yes", "sí"), "Omar: "+own("bring three riders to the vote", "traer a tres pasajeros a la votación")+by("+10"), again("4"))),
				says(soon, lines(own("Four riders will come with him. He slept eight hours for the first time in months.", "Cuatro pasajeros vendrán con él. Durmió ocho horas por primera vez en meses."), notAsked, noSteps, again("6")))},
			scheduler.MailMissing: {says(soon, own("by {+9}", "para el {+9}"))},
		},
		"paula": {scheduler.MailDebrief: {
			says(soon, lines(own("Met her by chance at the market. She was ashamed of not having answered; her mother died in December. We only talked about that.", "La encontré en el mercado. Le daba pena no haber respondido; su madre murió en diciembre. Solo hablamos de eso."),
				notAsked, noSteps, again("5")))}},
		"rosa": {scheduler.MailDebrief: {nothing, // and after the nudge, days later:
			says(4*days, lines(own("Her son takes the night bus to school sports. She is careful with promises, and keeps them.", "Su hijo vuelve del deporte en el autobús de noche. Promete poco, y lo cumple."),
				said("not now", "ahora no"), "Rosa: "+rosa("ask two other parents", "preguntar a otras dos familias")+by("+8"), again("4"))),
			says(soon, lines(own("Both families said yes. She will not speak in public, and that is settled.", "Las dos familias dijeron que sí. No va a hablar en público, y está bien así."),
				said("smaller yes", "un sí más pequeño"), "Rosa: "+rosa("sit in the first row at the vote", "sentarte en la primera fila en la votación")+by("+12"), again("6")))}},
		"tess": {scheduler.MailDebrief: {
			says(soon, own("no-show", "no vino")),
			says(soon, lines(own("Alone with her son since the summer. Good with numbers. Felt seen, she said.", "Está sola con su hijo desde el verano. Buena con los números. Dijo que se sintió escuchada."),
				said("no", "no"), "Tess: "+tess("look at the budget of the night line", "mirar el presupuesto")+by("+8"), again("4"))),
			says(soon, lines(own("She found that the night line costs less than the new lights at the depot!", "¡Encontró que la línea de noche cuesta menos que las luces nuevas del depósito!"),
				said("yes", "sí"), "Tess: "+tess("make a page with the three numbers", "hacer una hoja con los tres números")+by("+7"), again("5"))),
			says(soon, lines(own("The page is on every table of the union hall. She laughed for the first time.", "La hoja está en todas las mesas del sindicato. Se rio por primera vez."),
				said("yes", "sí"), "Tess: "+tess("explain the three numbers to the board", "explicar los tres números ante la junta")+by("+14"), again("4")))}},
		"walter": {
			scheduler.MailCallSheet: {says(26*time.Hour, own("no answer, try again {thu+2}", "no contestó, intenta de nuevo el {thu+2}")), says(5*time.Hour, "1"),
				says(30*time.Hour, own("not now, after April 10", "ahora no, después del 10 de abril"))},
			scheduler.MailDebrief: {says(soon, lines(own("Forty years on the early shift. Knows everybody at the bowling club, and they all ride.", "Cuarenta años en el primer turno. Conoce a todo el club de bolos, y todos viajan en autobús."),
				said("yes", "sí"), "- "+own("take the petition to the bowling club", "llevar la petición al club de bolos")+by("+9"), again("5")))},
			scheduler.MailMissing: {says(soon, own("Walter does", "Gualterio"))},
		},
		"ximena": {
			scheduler.MailNeedsYou: {does(2*time.Hour, takesOver(ximena("Hi Ximena! We are about thirty, and an hour a week is plenty.", "¡Hola, Ximena! Somos unas treinta personas, y con una hora a la semana basta."), own("hand back", "sigue tú")))},
			scheduler.MailDebrief: {
				says(soon, lines(own("Comes home on the last flight and then there is no bus. Tells it so that you see it.", "Vuelve en el último vuelo y ya no hay autobús. Lo cuenta de una manera que se ve."),
					said("smaller yes", "un sí más pequeño"), "Ximena: "+ximena("record the story on the phone", "grabar la historia con el teléfono")+by("+7"), again("4"))),
				says(soon, lines(own("She had recorded it long ago and was too shy to send it. It is wonderful.", "La había grabado hace tiempo y le daba vergüenza enviarla. Es preciosa."),
					said("yes", "sí"), "Ximena: "+ximena("tell the transit board your story", "contar la historia ante la junta")+by("+8"), again("4"))),
				says(soon, lines(own("Two of the board wrote to her. She would do it again.", "Dos de la junta le escribieron. Lo haría otra vez."), notAsked, noSteps, again("6")))},
		},
		"yusuf": {
			scheduler.MailBrief: {does(30*time.Minute, drag(90*time.Minute))},
			scheduler.MailDebrief: {
				does(soon, types(lines(own("Hosted twice last year and nobody thanked him.", "Fue anfitrión dos veces el año pasado y nadie se lo agradeció."),
					said("not now", "ahora no"), "Yusuf: "+yusuf("ask the mosque for the hall", "pedir la sala de la mezquita")+by("+7"), again("4")))),
				says(soon, own("moved to {thu+2} at 3 pm", "lo movimos al {thu+2} a las 15:00")),
				says(soon, lines(own("New shifts, calmer. Missed us.", "Turnos nuevos, más tranquilo. Nos echaba de menos."),
					said("yes", "sí"), "Yusuf: "+yusuf("host the last house meeting before the vote", "recibir en casa la última reunión")+by("+8"), again("4"))),
				says(soon, lines(own("Thirty people in his living room. This time everybody thanked him.", "Treinta personas en su sala. Esta vez todos le dieron las gracias."),
					said("yes", "sí"), "Yusuf: "+yusuf("drive the first group to the vote", "llevar al primer grupo a la votación")+by("+10"), again("5")))},
		},
	}
}
