package replies

import "sync"

// quoteWords is what mail clients write around quoted mail, whatever the language of the
// writer: the client's language is the computer's, not theirs. A new language is a word
// more in each list.
var quoteWords = struct {
	on        []string // what begins "On …, … wrote:"
	wrote     []string // what ends it, lower case, longer ones first
	originals []string // inside "-----Original Message-----", lower case
	begins    []string // "Begin forwarded message:", lower case
}{
	on: []string{
		"On ", "Am ", "Le ", "El ", "Em ", "No dia ", "Op ", "Den ", "Il ", "W dniu ", "Dnia ", "På ", "Pe ", "În ", "La ", "Dne ", "Dňa ",
		"Vào ", "Ngày ", "Pada ", "На ", "В ", "Στις ", "Den ", "A ", "Kl. ", "Pm ", "Je ", "Tarihinde ", "Tarih: ", "Дана ", "У ", "Em ",
		"Ons ", "Ti ", "Ke ", "Ma ", "To ", "Pe ", "Su ", "La ", "在 ", "於 ", "于 ", "ב", "في ", "Quoting ", "Missatge de ", "Citando ", "Zitat von ",
	},
	wrote: []string{
		"wrote", "writes", "schrieb", "schrieb folgendes", "a écrit", "a ecrit", "escribió", "escribio", "ha escrito", "escreveu", "ha scritto",
		"schreef", "schreef het volgende", "skrev", "kirjoitti", "napisał(a)", "napisał", "napisała", "napisał/a", "pisze", "написал(а)", "написал",
		"написала", "пишет", "napsal(a)", "napsal", "napsala", "napísal(a)", "napísal", "a scris", "írta", "ezt írta", "yazdı", "şunu yazdı", "έγραψε",
		"написав", "написав(-ла)", "va escriure", "idatzi du", "skrifaði", "menulis", "đã viết", "viết", "写道", "寫道", "写到", "のメール", "さんは書きました", "님이 작성",
		"작성", "כתב", "כתבה", "\u202bכתב", "كتب", "je napisal/a", "je napisao", "је написао/ла", "написа", "kirjutas", "rašė", "rakstīja", "skreiv", "ได้เขียนไว้ว่า", "เขียนว่า",
	},
	originals: []string{
		"original message", "original-message", "reply message", "forwarded message", "original appointment", "original mail", "ursprüngliche nachricht", "ursprüngliche mail",
		"urspruengliche nachricht", "antwort nachricht", "originalnachricht", "original-nachricht", "weitergeleitete nachricht", "message d'origine", "message d’origine",
		"message original", "mail original", "message transféré", "courriel original", "mensaje original", "mensaje reenviado", "mensagem original",
		"mensagem encaminhada", "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "origineel bericht", "doorgestuurd bericht",
		"oprindelig meddelelse", "original besked", "oprindelig besked", "videresendt besked", "opprinnelig melding", "ursprungligt meddelande",
		"originalmeddelande", "vidarebefordrat", "alkuperäinen viesti", "исходное сообщение", "оригинальное сообщение", "пересланное сообщение",
		"пересылаемое сообщение", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana", "původní zpráva", "původní e-mail", "pôvodná správa",
		"eredeti üzenet", "orijinal mesaj", "özgün ileti", "mesaj original", "mesajul original", "αρχικό μήνυμα", "missatge original", "jatorrizko mezua",
		"原始邮件", "原始郵件", "原邮件", "转发", "元のメッセージ", "원본 메시지", "ההודעה המקורית", "الرسالة الأصلية", "pesan asli", "thư gốc",
	},
	begins: []string{
		"begin forwarded message", "forwarded message", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "début du message réexpédié",
		"début du message transféré", "inicio del mensaje reenviado", "inicio del mensaje enviado", "início da mensagem reencaminhada", "inizio messaggio inoltrato",
		"begin doorgestuurd bericht", "vidarebefordrat brev", "start på videresendt besked", "välitetty viesti alkaa", "początek przekazywanej wiadomości",
		"начало переадресованного сообщения", "başlangıç yönlendirilen ileti", "下面是被转发的邮件",
	},
}

// quoteLabels are the labels in the head of a quoted mail, lower case.
var quoteLabels = sync.OnceValue(labelWords)

func labelWords() map[string]label {
	return map[string]label{
		"from": labelFrom, "von": labelFrom, "de": labelFrom, "da": labelFrom, "van": labelFrom, "fra": labelFrom, "från": labelFrom, "fran": labelFrom,
		"lähettäjä": labelFrom, "od": labelFrom, "от": labelFrom, "от кого": labelFrom, "від": labelFrom, "feladó": labelFrom, "kimden": labelFrom,
		"gönderen": labelFrom, "από": labelFrom, "de la": labelFrom, "expéditeur": labelFrom, "expediteur": labelFrom, "remitente": labelFrom, "mittente": labelFrom, "absender": labelFrom,
		"发件人": labelFrom, "寄件者": labelFrom, "差出人": labelFrom, "보낸 사람": labelFrom, "מאת": labelFrom, "من": labelFrom, "reply-to": labelOther, "reply to": labelOther,
		"répondre à": labelOther, "antwort an": labelOther, "responder a": labelOther,

		"sent": labelSent, "date": labelSent, "gesendet": labelSent, "datum": labelSent, "envoyé": labelSent, "envoye": labelSent, "enviado": labelSent,
		"enviado el": labelSent, "enviada": labelSent, "enviada em": labelSent, "enviado em": labelSent, "fecha": labelSent, "data": labelSent, "inviato": labelSent,
		"verzonden": labelSent, "sendt": labelSent, "skickat": labelSent, "dato": labelSent, "lähetetty": labelSent, "päivämäärä": labelSent, "wysłano": labelSent,
		"wysłane": labelSent, "отправлено": labelSent, "дата": labelSent, "odesláno": labelSent, "odoslané": labelSent, "elküldve": labelSent, "dátum": labelSent,
		"gönderildi": labelSent, "tarih": labelSent, "στάλθηκε": labelSent, "ημερομηνία": labelSent, "trimis": labelSent, "надіслано": labelSent, "poslano": labelSent,
		"发送时间": labelSent, "日期": labelSent, "送信日時": labelSent, "日時": labelSent, "보낸 날짜": labelSent, "נשלח": labelSent, "sent on": labelSent, "enviat": labelSent,
		"le": labelSent,

		"to": labelTo, "an": labelTo, "à": labelTo, "a": labelTo, "para": labelTo, "aan": labelTo, "til": labelTo, "till": labelTo, "vastaanottaja": labelTo,
		"do": labelTo, "dla": labelTo, "кому": labelTo, "komu": labelTo, "pro": labelTo, "címzett": labelTo, "kime": labelTo, "alıcı": labelTo, "προς": labelTo,
		"către": labelTo, "pour": labelTo, "destinataire": labelTo, "destinatario": labelTo, "收件人": labelTo, "收件者": labelTo, "宛先": labelTo, "받는 사람": labelTo, "אל": labelTo,

		"subject": labelSubject, "betreff": labelSubject, "objet": labelSubject, "asunto": labelSubject, "assunto": labelSubject, "oggetto": labelSubject,
		"onderwerp": labelSubject, "emne": labelSubject, "ämne": labelSubject, "aihe": labelSubject, "temat": labelSubject, "тема": labelSubject,
		"předmět": labelSubject, "predmet": labelSubject, "tárgy": labelSubject, "konu": labelSubject, "θέμα": labelSubject, "subiect": labelSubject,
		"sujet": labelSubject, "主题": labelSubject, "主旨": labelSubject, "件名": labelSubject, "제목": labelSubject, "נושא": labelSubject, "assumpte": labelSubject,

		"cc": labelOther, "cc...": labelOther, "kopie": labelOther, "copie à": labelOther, "copia": labelOther, "kopia": labelOther, "копия": labelOther,
		"importance": labelOther, "attachments": labelOther, "when": labelOther, "where": labelOther, "organization": labelOther, "importancia": labelOther,
	}
}

// footerWords is what programs, firms and lawyers put below a mail.
var footerWords = struct {
	sentFrom []string // phone footers, lower case
	legal    []string // how disclaimers begin, lower case
}{
	sentFrom: []string{
		"sent from my ", "sent from an ", "sent from a ", "sent from yahoo", "sent from outlook", "sent from mail for", "sent from the ", "sent from samsung", "sent from gmail", "sent from proton", "sent from mobile",
		"sent from iphone", "sent with proton", "sent with spark", "sent via ", "sent using ", "sent by my ", "get outlook for", "get bluemail for", "sent with ", "sent on my ", "sent on the go", "virus-free", "virus free", "libre de virus", "sin virus", "sans virus", "virenfrei", "this email has been checked for viruses", "this email has been scanned", "scanned by ", "get bluemail", "get the outlook", "composed on my ", "typed on my ", "dictated ", "please excuse typos", "excuse my brevity", "pardon the typos", "sorry for typos", "forgive typos",
		"enviado desde mi ", "enviado desde un ", "enviado desde el ", "enviado desde outlook", "enviado desde yahoo", "enviado desde correo", "enviado con ", "obtener outlook para", "obtén outlook para", "obtenga outlook",
		"enviado do meu ", "enviado de mi ", "enviado via ", "enviado a partir", "obter o outlook", "envoyé de mon ", "envoyé depuis ", "envoyé à partir", "télécharger outlook", "obtenir outlook", "provenance : courrier",
		"von meinem ", "von mobile gesendet", "gesendet von ", "gesendet mit ", "outlook für ", "holen sie sich outlook", "inviato da", "inviato dal ", "scarica outlook", "ottieni outlook",
		"verzonden vanaf ", "verstuurd vanaf ", "verzonden met", "outlook voor ", "skickat från ", "sendt fra ", "hämta outlook", "hent outlook", "lähetetty ", "wysłane z ", "wysłano z ", "отправлено с ", "отправлено из ",
		"odesláno z ", "odoslané z ", "iphone'umdan", "iphone'dan", "iphoneから送信", "从我的", "发自我的", "發自我的", "nagyvonalúan", "enviat des", "στάλθηκε από",
	},
	legal: []string{
		"confidentiality notice", "confidentiality note", "confidential notice", "disclaimer:", "disclaimer", "legal notice", "privacy notice", "this e-mail is confidential", "this email is confidential", "this message is confidential",
		"this e-mail and any", "this email and any", "this message and any", "this e-mail message", "this email message", "this e-mail contains", "this email contains", "this message contains", "this e-mail may contain", "this email may contain", "this message may contain",
		"this communication", "this transmission", "the information contained in this", "the information in this e", "the contents of this e", "the content of this e", "this message (including", "this e-mail (including", "this email (including",
		"this e-mail transmission", "please consider the environment", "think before you print", "important notice:", "important: the contents", "notice: this", "caution: this", "if you are not the intended recipient", "if you have received this", "caution: external", "caution external", "external email", "external sender", "[external", "warning: this", "warning: external", "you don't often get email from", "you don’t often get email from", "some people who received this message don", "this sender is from outside", "precaución: este", "advertencia: este", "correo externo", "no sueles recibir correo",
		"aviso legal", "aviso de confidencialidad", "este mensaje y ", "este mensaje es confidencial", "este mensaje contiene", "este correo electrónico", "este correo y ", "este e-mail ", "la información contenida en este", "nota de confidencialidad", "cláusula de confidencialidad", "antes de imprimir", "por favor, antes de imprimir", "piense en el medio ambiente",
		"ce message et ", "ce courriel ", "ce message est confidentiel", "diese e-mail enthält", "diese nachricht ", "der inhalt dieser", "esta mensagem ", "este email ", "questo messaggio ", "dit bericht ", "de informatie ",
	},
}

// maxDay is longer than any of quoteDays, in either case.
const maxDay = 48

// quoteDays are the names of weekdays, lower case, that an introduction may begin with.
var quoteDays = sync.OnceValue(dayWords)

func dayWords() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
		"lunes", "martes", "miércoles", "miercoles", "jueves", "viernes", "sábado", "sabado", "domingo", "lun", "mar", "mié", "mie", "jue", "vie", "sáb", "sab", "dom",
		"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so",
		"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "mer", "jeu", "ven", "sam", "dim",
		"segunda", "terça", "quarta", "quinta", "sexta", "seg", "ter", "qua", "qui", "sex", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
		"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "gio", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "wo", "vr", "za", "zo",
		"понедельник", "вторник", "среда", "среду", "четверг", "пятница", "пятницу", "суббота", "субботу", "воскресенье", "пн", "вт", "ср", "чт", "пт", "сб", "вс",
		"pon", "wt", "śr", "czw", "pt", "sob", "niedz", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela",
		"mån", "tis", "ons", "tors", "fre", "lör", "sön", "man", "tir", "tirs", "tor", "lør", "søn",
	} {
		m[w] = true
	}
	return m
}
