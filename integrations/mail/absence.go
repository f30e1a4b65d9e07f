package mail

import "strings"

// isAway says whether an automatic mail speaks of an absence, rather than, say, of a ticket.
func (l *look) isAway() bool {
	v := strings.ToLower(l.field("Auto-Submitted"))
	switch {
	case l.awayText(), strings.Contains(v, "vacation"), l.names("X-Vacation"), l.names("X-Vacation-Message"), l.names("X-OOF"), l.names("X-OutOfOffice"):
		return true
	case strings.Contains(strings.ToLower(l.field("X-Message-Class")), "oof"), strings.Contains(strings.ToLower(l.field("X-MS-Exchange-MessageClass")), "oof"):
		return true
	}
	// The stock subject of an answering machine says no more than that it is one.
	return awayHere.in(l.subject) && (absent.in(l.subject) || !serviceText.in(plainWords(clip(l.text, 2<<10))))
}

var (
	// absent is a subject that leaves no doubt.
	absent = phrasesOf("out of {the ,}office", "ooo:", "vacation", "on leave", "on holiday", "abwesen", "fuera de {la ,}oficina", "fuori {ufficio,sede}", "in ferie", "férias", "fora do escritório", "congés", "vacances", "urlaub", "vakantie", "vacaciones")

	// serviceText is what is said to everybody, absent or not, and by the machine of one who
	// will not come back.
	serviceText = phrasesOf("{have ,has been ,was ,}received your… {message,mail,e-mail,email,request,inquiry,enquiry,application}", "your… {message,mail,e-mail,email,request,inquiry,enquiry} {has been,was} received",
		"thank you for {contacting,your interest,your inquiry,your enquiry,your feedback}", "thanks for contacting", "within… {24,48,72,two,three,one,five} {hours,hrs,business,working}", "{ticket,case,reference} {number,id,#}", "this {mailbox,inbox,address} is not {monitored,read}",
		"no longer {work,works,with,employed,at,part of,a member,checked,monitored,in use,used}", "{have,has,my} {a ,}new {address,e-mail,email}", "{has,have} left the {company,organization,organisation,firm}", "hemos recibido su", "gracias por {contactar,ponerse en contacto,su interés}", "ya no {trabaja,trabajo,forma parte,pertenece}",
		"avons bien reçu", "merci de nous avoir contacté", "ne {travaille,fait} plus", "{haben,wurde}… {ihre,ihr} … {erhalten}", "nicht mehr {tätig,beschäftigt,im unternehmen}", "vielen dank für ihre {anfrage,nachricht}… {bearbeit,melden}",
		"recebemos {a ,o ,}{sua,seu}", "obrigado por entrar em contato", "não trabal… mais", "abbiamo ricevuto", "non lavora più")

	// awayText is what people have their machine say.
	awayText = phrasesOf("out of {the ,my ,}office", "{away,absent} from {the ,my ,}{office,desk,e-mail,email,computer,work}", "{am,be,is,i'm} {currently ,now ,}{away,abroad,traveling,travelling,unavailable,out}",
		"{am,be,is,i'm} {currently ,now ,}on {leave,vacation,holiday,a trip,sabbatical,jury duty}", "{annual,sick,maternity,paternity,parental,medical,family} leave", "on {leave,sabbatical} until", "{limited,no,intermittent} access to {my ,}{e-mail,email,mail}",
		"will {be back,return,respond,reply,get back}… {when,on,upon,after,as soon}", "{unavailable,out,away} until", "not in {the office ,}until", "back {in the office,at my desk} on",
		"nicht im {büro,haus,dienst}", "{außer,ausser} haus", "nicht erreichbar", " bin … {abwesend,im urlaub,auf dienstreise,auf geschäftsreise}", " bis … im urlaub", "abwesenheit", "wieder {erreichbar,im büro,im haus,für sie da}", "kehre… zurück", "im {mutterschutz,erziehungsurlaub}", "in elternzeit",
		"fuera de {la ,mi ,}oficina", "de {vacaciones,baja médica,baja maternal,licencia}", "estoy {ausente,fuera}", "estaré {fuera,ausente,de vuelta,de regreso,sin acceso}", "me encuentro {fuera,ausente,de viaje}", "{a,de} mi {regreso,vuelta}", "no estaré disponible", "acceso limitado",
		"fuori {ufficio,sede}", "in ferie", "sono assente", "sarò {assente,fuori,di ritorno}", "{rientro,rientrerò} {il,in}", "in maternità",
		"absent {du bureau,jusqu,pour,actuellement}", "absente {du bureau,jusqu,pour,actuellement}", "en {congé,vacances,arrêt maladie,déplacement}", "de retour le", "ne suis pas {au bureau,disponible,joignable}", "hors du bureau", "à mon retour",
		"fora de l'oficina", "de vacances", "fora do escritório", "de férias", "estou ausente", "estarei {ausente,fora,de volta}", "de licença", "{retorno,regresso,volto} {em,no,dia,a}",
		"buiten kantoor", "{met,op} vakantie", "afwezig", "niet aanwezig", "weer {aanwezig,bereikbaar,terug}", "på semester", "frånvarande", "tillbaka på kontoret", "på ferie", "ikke på kontoret", "lomalla", "na urlopie", "nieobecn", "poza biurem",
		"в отпуске", "отсутству", "ofis dışında", "izindeyim", "不在", "休暇", "休假", "부재")
)
