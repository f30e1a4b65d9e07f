package mail

import (
	"strings"
	"testing"

	"indy/scheduler"
)

// to is the rest of a head, around an answering machine's fields and words.
func to(fields, words string) string {
	return "From: Ana Ruiz <ana@example.net>\nTo: Maria <maria@example.org>\nDate: Tue, 24 Nov 2026 09:30:00 +0000\n" + fields + "\n" + words
}

// TestRobotsOfTheWorld has the habits of many programs and languages.
func TestRobotsOfTheWorld(t *testing.T) {
	for _, c := range []struct {
		name, mail string
		want       scheduler.Robot
	}{
		// Away.
		{"Exchange Online, English", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\nX-Auto-Response-Suppress: All\nIn-Reply-To: <1@example.org>\n", "Thank you for your message. I am out of the office with no access to email and will respond when I return on December 7."), scheduler.OutOfOffice},
		{"Exchange Online, Spanish", to("Subject: Respuesta automática: ¿Un café?\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n", "Me encuentro fuera de la oficina hasta el 7 de diciembre. Para temas urgentes, escriba a luis@example.net."), scheduler.OutOfOffice},
		{"Exchange Online, French", to("Subject: Réponse automatique : Un café ?\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n", "Bonjour, je suis absente du bureau jusqu'au 7 décembre inclus. En cas d'urgence, contactez mon collègue."), scheduler.OutOfOffice},
		{"Exchange Online, German", to("Subject: Automatische Antwort: Kaffee?\nAuto-Submitted: auto-generated\n", "Ich bin vom 23.11. bis 4.12. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet."), scheduler.OutOfOffice},
		{"Exchange Online, Portuguese", to("Subject: Resposta automática: Um café?\nAuto-Submitted: auto-generated\n", "Estarei fora do escritório até o dia 7 de dezembro e responderei quando voltar."), scheduler.OutOfOffice},
		{"Exchange Online, Italian", to("Subject: Risposta automatica: Un caffè?\nX-Auto-Response-Suppress: All\n", "Sono fuori ufficio fino al 7 dicembre."), scheduler.OutOfOffice},
		{"Exchange Online, Dutch", to("Subject: Automatisch antwoord: Koffie?\nAuto-Submitted: auto-generated\n", "Ik ben met vakantie tot 7 december."), scheduler.OutOfOffice},
		{"Gmail, no subject of its own", to("Subject: Re: Coffee?\nAuto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n", "Hi! I'm traveling this week and will get back to you when I return Monday."), scheduler.OutOfOffice},
		{"Yahoo", to("Subject: Re: Coffee?\nAuto-Submitted: auto-replied\nX-Mailer: YahooMailVacation\n", "I'm away until December 7 and am unable to read your message."), scheduler.OutOfOffice},
		{"iCloud", to("Subject: Re: Coffee?\nAuto-Submitted: auto-replied\nX-Apple-Action: VACATION\n", "I'm on vacation."), scheduler.OutOfOffice},
		{"Zoho", to("Subject: Out of office Re: Coffee?\nX-ZohoMail-Auto: vacation\nAuto-Submitted: auto-replied\nPrecedence: bulk\n", "I am on leave until the 7th."), scheduler.OutOfOffice},
		{"Fastmail", to("Subject: Auto: Coffee?\nAuto-Submitted: auto-replied (vacation)\nX-Sieve: CMU Sieve 3.0\n", "Away from my desk. Back on Monday."), scheduler.OutOfOffice},
		{"Zimbra", to("Subject: Out of Office: Coffee?\nAuto-Submitted: auto-replied (zimbra; vacation)\nPrecedence: bulk\n", "I will be out of the office until Monday."), scheduler.OutOfOffice},
		{"Notes in German", to("Subject: AUTO: Ana Ruiz ist außer Haus (Rückkehr am 07.12.2026)\nX-Mailer: Lotus Domino Web Server\n", "Ich kehre zurück am 07.12.2026. Hinweis: Dies ist eine automatische Antwort auf Ihre Nachricht."), scheduler.OutOfOffice},
		{"Notes in Spanish", to("Subject: AUTO: Ana Ruiz está fuera de la oficina (regresa 07/12/2026)\n", "Estaré fuera de la oficina hasta 07/12/2026."), scheduler.OutOfOffice},
		{"GroupWise", to("Subject: Re: Coffee? (Out of office)\nX-GWAutoReply: yes\n", "I am away on annual leave."), scheduler.OutOfOffice},
		{"MailEnable", to("Subject: Out of Office AutoReply: Coffee?\nX-Autoresponder: MailEnable\n", "I am not in until Monday."), scheduler.OutOfOffice},
		{"Plesk", to("Subject: Re: Coffee?\nX-Autoreply: true\nPrecedence: bulk\n", "Estoy de vacaciones hasta el 7 de diciembre."), scheduler.OutOfOffice},
		{"maternity leave", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\n", "I am currently on maternity leave until June 2027. Please write to team@example.net."), scheduler.OutOfOffice},
		{"left the firm", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\n", "I no longer work here. Please contact our main office."), scheduler.AutoReply},
		{"a help desk", "From: Support <support@example.com>\nTo: maria@example.org\nSubject: [Ticket 4471] Coffee?\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n\nWe received your request and will reply within two working days.", scheduler.AutoReply},
		{"a ticket without standard fields", "From: Support <support@example.com>\nTo: maria@example.org\nSubject: Re: Coffee? [#4471]\nX-Autogenerated: reply\n\nYour ticket was created.", scheduler.AutoReply},
		{"away, with List-Unsubscribe of the tenant", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\nList-Unsubscribe: <mailto:u@example.net>\n", "I am out of the office until Monday."), scheduler.OutOfOffice},
		{"OOF template class", to("Subject: Coffee?\nX-MS-Exchange-MessageClass: IPM.Note.Rules.OofTemplate.Microsoft\n", "Back on the 7th."), scheduler.OutOfOffice},
		{"Polish", to("Subject: Odpowiedź automatyczna: Kawa?\nAuto-Submitted: auto-generated\n", "Jestem na urlopie do 7 grudnia."), scheduler.OutOfOffice},
		{"Japanese", to("Subject: =?utf-8?B?6Ieq5YuV5b+c562UOiDjgrPjg7zjg5Ljg7w=?=\nAuto-Submitted: auto-generated\nContent-Type: text/plain; charset=utf-8\n", "12月7日まで不在にしております。"), scheduler.OutOfOffice},
		{"Swedish, words alone", to("Subject: Automatiskt svar: Kaffe?\n", "Jag är på semester till och med den 4 december."), scheduler.OutOfOffice},
		{"a school's notice", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\n", "Thank you for contacting Lincoln Elementary. Emails are answered within 48 hours during the school week."), scheduler.AutoReply},
		{"Salesforce", "From: Cases <cases@example.com>\nTo: maria@example.org\nSubject: Case 00112233 was created\nX-SFDC-EmailCategory: autoResponse\nAuto-Submitted: auto-generated\n\nA case was made of your email.", scheduler.AutoReply},
		{"a challenge in Spanish", to("Auto-Submitted: auto-replied\nSubject: Confirmación necesaria\n", "Para que su mensaje sea entregado debe confirmar que su correo es legítimo pulsando el enlace."), scheduler.Challenge},
		{"a read receipt in Spanish", to("Subject: Leído: ¿Un café?\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "--b\n\nSu mensaje fue leído.\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--"), scheduler.Receipt},
		{"not read", to("Subject: Not read: Coffee?\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "--b\n\nDeleted.\n--b\nContent-Type: message/disposition-notification\n\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--b--"), scheduler.Receipt},
		{"delivered, by Exchange", "Return-Path: <>\nFrom: postmaster@example.net\nTo: maria@example.org\nSubject: Delivered: Coffee?\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nYour message has been delivered.\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;ana@example.net\nAction: delivered\nStatus: 2.0.0\n--b--", scheduler.Receipt},
		{"a social network", "From: Ana via Social <notification@social.example>\nTo: maria@example.org\nSubject: Ana sent you a message\nPrecedence: bulk\nList-Unsubscribe: <https://social.example/u>\n\nSee it.", scheduler.MailingList},

		// People.
		{"a person on leave", to("Subject: Re: Coffee?\n", "I'm on maternity leave but would love to meet, Tuesday works."), scheduler.Human},
		{"a person, German", to("Subject: AW: Kaffee?\n", "Ich bin bis Montag im Urlaub, danach gern!"), scheduler.Human},
		{"a person, Spanish, from Outlook", to("Subject: RE: ¿Un café?\nX-MS-Has-Attach: \nX-MS-Exchange-Transport-CrossTenantHeadersStamped: AM0PR01\nX-Originating-IP: [192.0.2.1]\n", "Estoy de vacaciones hasta el lunes, ¿el martes?"), scheduler.Human},
		{"behind a gateway that suppresses answers", to("Subject: Re: Coffee?\nX-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n", "Sure, Wednesday."), scheduler.Human},
		{"a shared inbox", "From: Lincoln PTA <info@example.com>\nTo: maria@example.org\nSubject: Re: Coffee?\n\nThis is Denise, I use this address. Thursday works.", scheduler.Human},
		{"priority and mailer fields", to("Subject: Re: Coffee?\nX-Priority: 3\nX-Mailer: iPhone Mail (18A5342e)\nMime-Version: 1.0 (1.0)\n", "Thursday"), scheduler.Human},
		{"quotes our own words about robots", to("Subject: Re: Automatic replies\n", "> auto-reply: I am out of the office\n\nWhat does this mean?"), scheduler.Human},
		{"vacation in the subject", to("Subject: vacation plans\n", "We are back on Monday. Coffee on Tuesday?"), scheduler.Human},
		{"failure in the subject", to("Subject: Re: failure of the pump\n", "The delivery of the pump has failed, so I can't come. Thursday?"), scheduler.Human},
		{"mailbox is full, says a person", to("Subject: Re: Coffee?\n", "Sorry, my mailbox is full all the time and mails could not be delivered. Friday works!"), scheduler.Human},
	} {
		m, err := Read(strings.NewReader(c.mail))
		if err != nil || m.Robot != c.want {
			t.Errorf("%s: %q %q %v, want %q", c.name, m.Robot, m.Why, err, c.want)
		}
	}
}

// system is a report of a mail system without standard parts.
func system(from, subject, words string) string {
	return "Return-Path: <>\nFrom: " + from + "\nTo: maria@example.org\nSubject: " + subject + "\nDate: Tue, 24 Nov 2026 09:30:00 +0000\n\n" + words
}

// TestBouncesOfTheWorld: whom a report is about, and whether the address is dead.
func TestBouncesOfTheWorld(t *testing.T) {
	const ana = "ana@example.net"
	ms := func(status, diagnostic string) string {
		return dsn("Original-Recipient: rfc822;ana@example.net\nFinal-Recipient: rfc822;ana@example.net\nAction: failed\nStatus: " + status + "\nDiagnostic-Code: smtp;" + diagnostic)
	}
	for _, c := range []struct {
		name, mail string
		permanent  bool
	}{
		// RFC 3463 by class, and what is known to be otherwise.
		{"5.1.1", ms("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist"), true},
		{"5.1.2, no such domain", ms("5.1.2", "550 5.1.2 Host unknown"), true},
		{"5.1.3, bad address", ms("5.1.3", "501 5.1.3 Bad recipient address syntax"), true},
		{"5.1.6, moved", ms("5.1.6", "551 5.1.6 Mailbox has moved"), true},
		{"5.1.10, null MX or none", ms("5.1.10", "556 5.1.10 Domain does not accept mail (nullMX)"), true},
		{"5.2.1, disabled", ms("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled"), false},
		{"5.2.2, full", ms("5.2.2", "552 5.2.2 The recipient's mailbox is full"), false},
		{"5.2.3, too long", ms("5.2.3", "552 5.2.3 Message size exceeds the limit of the mailbox"), false},
		{"4.2.2", ms("4.2.2", "452 4.2.2 The email account that you tried to reach is over quota"), false},
		{"4.4.7, given up", ms("4.4.7", "550 4.4.7 QUEUE.Expired; message expired"), false},
		{"5.4.7, given up", ms("5.4.7", "5.4.7 Delivery expired (message too old)"), false},
		{"4.4.1, no answer", ms("4.4.1", "4.4.1 Connection timed out"), false},
		{"5.4.1, access denied by the directory", ms("5.4.1", "550 5.4.1 Recipient address rejected: Access denied"), true},
		{"5.4.4, host not found", ms("5.4.4", "550 5.4.4 Invalid domain; host not found"), true},
		{"5.4.14, hop count", ms("5.4.14", "554 5.4.14 Hop count exceeded - possible mail loop"), false},
		{"5.5.0 and user unknown", ms("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable. User unknown"), true},
		{"5.6.1, content", ms("5.6.1", "554 5.6.1 Body type not supported"), false},
		{"5.7.1, policy", ms("5.7.1", "550 5.7.1 Message rejected due to content restrictions"), false},
		{"5.7.26, unauthenticated", ms("5.7.26", "550 5.7.26 This mail is unauthenticated, which poses a security risk"), false},
		{"5.7.133, only from within", ms("5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; only senders inside the organization"), false},
		{"5.7.606, our host is banned", ms("5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"), false},
		{"4.7.1, greylisted", ms("4.7.1", "451 4.7.1 Greylisting in action, please come back later"), false},
		{"4.7.0, too many", ms("4.7.0", "421 4.7.0 Our system has detected an unusual rate of mail"), false},

		// In words, of many programs and languages.
		{"qmail, disabled", system("MAILER-DAEMON@mx.example.org", "failure notice", "Hi. This is the qmail-send program at mx.example.org.\n\n<ana@example.net>:\n192.0.2.1 does not like recipient.\nRemote host said: 554 delivery error: dd This user doesn't have a example.net account (ana@example.net) [0] - mta1\nGiving up on 192.0.2.1.\n"+returned), true},
		{"qmail, full", system("MAILER-DAEMON@mx.example.org", "failure notice", "Hi. This is the qmail-send program at mx.example.org.\n\n<ana@example.net>:\nmailbox is full (#5.2.2)\n"+returned), false},
		{"Postfix, in words", system("MAILER-DAEMON@mx.example.org (Mail Delivery System)", "Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.org.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<ana@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1\n    <ana@example.net>: Recipient address rejected: User unknown in virtual mailbox\n    table (in reply to RCPT TO command)\n"+returned), true},
		{"Postfix, cannot find the domain", system("MAILER-DAEMON@mx.example.org", "Undelivered Mail Returned to Sender", "<ana@example.net>: Host or domain name not found. Name service error for\n    name=example.net type=A: Host not found\n"+returned), true},
		{"Exim, over quota", "X-Failed-Recipients: ana@example.net\n" + system("Mailer-Daemon@mx.example.org", "Mail delivery failed: returning message to sender", "A message that you sent could not be delivered to one or more of its recipients.\n\n  ana@example.net\n    mailbox is full: retry timeout exceeded\n"), false},
		{"Exim, no such person", "X-Failed-Recipients: ana@example.net\n" + system("Mailer-Daemon@mx.example.org", "Mail delivery failed: returning message to sender", "  ana@example.net\n    host mx.example.net [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<ana@example.net>:\n    550 5.1.1 no such person at this address\n"), true},
		{"Sendmail, cannot be reached", system("MAILER-DAEMON@mx.example.org", "Returned mail: see transcript for details", "   ----- The following addresses had permanent fatal errors -----\n<ana@example.net>\n    (reason: 550 Host unknown)\n\n   ----- Transcript of session follows -----\n550 5.1.2 <ana@example.net>... Host unknown (Name server: example.net: host not found)\n"+returned), true},
		{"Sendmail, deferred", system("MAILER-DAEMON@mx.example.org", "Warning: could not send message for past 4 hours", "   ----- The following addresses had transient non-fatal errors -----\n<ana@example.net>\n\n   ----- Transcript of session follows -----\n<ana@example.net>... Deferred: Connection timed out with mx.example.net.\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n"), false},
		{"Gmail, address not found", system("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** Address not found **\n\nYour message wasn't delivered to ana@example.net because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n550 5.1.1 The email account that you tried to reach does not exist.\n"), true},
		{"Gmail, in Spanish", system("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a ana@example.net porque no se ha encontrado la dirección o esta no puede recibir correo.\n\nLa respuesta fue:\n550 5.1.1 The email account that you tried to reach does not exist.\n"), true},
		{"Gmail, recipient's inbox is full", system("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** Recipient inbox full **\n\nYour message couldn't be delivered to ana@example.net. Their inbox is full, or it's getting too much mail right now.\n\n452 4.2.2 The email account that you tried to reach is over quota.\n"), false},
		{"Exchange in German", system("Microsoft Outlook <postmaster@example.net>", "Unzustellbar: Kaffee?", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nana@example.net (ana@example.net)\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden. Überprüfen Sie die E-Mail-Adresse des Empfängers.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@example.net not found by SMTP address lookup'\n"), true},
		{"Exchange in French", system("Microsoft Outlook <postmaster@example.net>", "Non remis : Un café ?", "Échec de la remise à ces destinataires ou groupes :\n\nana@example.net (ana@example.net)\nL'adresse de messagerie que vous avez entrée est introuvable.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"), true},
		{"Exchange in Spanish, full", system("Microsoft Outlook <postmaster@example.net>", "No se puede entregar: ¿Un café?", "No se pudo entregar el mensaje a los siguientes destinatarios o grupos:\n\nana@example.net (ana@example.net)\nEl buzón del destinatario está lleno y no puede aceptar mensajes en este momento.\n\n#554 5.2.2 mailbox full ##\n"), false},
		{"Exchange in Italian", system("postmaster@example.net", "Non recapitabile: Un caffè?", "Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:\n\nana@example.net\nL'indirizzo di posta elettronica immesso non è stato trovato.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"), true},
		{"Exchange in Portuguese", system("postmaster@example.net", "Não é possível entregar: Um café?", "Falha na entrega para estes destinatários ou grupos:\n\nana@example.net\nO endereço de email inserido não pôde ser encontrado.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"), true},
		{"Domino, not listed", system("Mail Router <postmaster@example.net>", "DELIVERY FAILURE: User ana (ana@example.net) not listed in Domino Directory", "Your message\n\n  Subject: Coffee?\n\nwas not delivered to:\n\n  ana@example.net\n\nbecause:\n\n  User ana (ana@example.net) not listed in Domino Directory\n"), true},
		{"Domino, quota", system("Mail Router <postmaster@example.net>", "DELIVERY FAILURE: Database would exceed its disk quota", "Your message\n\n  Subject: Coffee?\n\nwas not delivered to:\n\n  ana@example.net\n\nbecause:\n\n  Unable to open mail file; cannot exceed the disk quota\n"), false},
		{"GroupWise, over its limit", system("Mailer-Daemon@example.net", "Message status - undeliverable", "The message that you sent was undeliverable to the following:\n\tana@example.net (Mailbox is over its limit)\n"), false},
		{"MailEnable", system("Postmaster@example.net", "Message Delivery Failure", "MailEnable: Message delivery has failed.\n\nMessage could not be delivered to some recipients.\nThe following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:ana@example.net]\n\tReason: The message could not be delivered because the mailbox does not exist.\n"), true},
		{"Zoho", system("mailer-daemon@mail.zoho.example", "Undelivered Mail Returned to Sender", "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\nana@example.net, ERROR_CODE :550, ERROR_CODE :5.1.1 <ana@example.net> User does not exist\n"), true},
		{"iCloud, over quota", ms("5.2.2", "552 5.2.2 <ana@example.net>: user is over quota"), false},
		{"Yahoo, disabled", ms("5.0.0", "554 30 Sorry, your message to ana@example.net cannot be delivered. This mailbox is disabled (554.30)."), false},
		{"Yahoo, deferred", ms("4.7.0", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"), false},
		{"AOL, no such user", ms("5.0.0", "550 5.1.1 <ana@example.net>: Recipient address rejected: example.net"), true},
		{"Office 365 within the mail", system("postmaster@example.onmicrosoft.example", "Undeliverable: Coffee?", "Your message to ana@example.net couldn't be delivered.\n\nana wasn't found at example.net.\n\nUnknown To address\n\nRecipient not found\n"), true},
		// Switched off may be switched on again: only a code of 5.1.X proves that nobody is there.
		{"suspended", ms("5.0.0", "550 This account has been suspended or disabled"), false},
		{"inactive", ms("5.0.0", "550 5.2.1 mailbox inactive"), false},
		{"a spam filter", ms("5.0.0", "554 Your message was considered spam by our filter"), false},
	} {
		m, err := Read(strings.NewReader(c.mail))
		if err != nil || m.Robot != scheduler.BounceReport || len(m.Bounces) == 0 {
			t.Errorf("%s: %q %v %q %v", c.name, m.Robot, m.Bounces, m.Why, err)
			continue
		}
		if b := m.Bounces[0]; b.Recipient != ana || b.Permanent != c.permanent {
			t.Errorf("%s: %+v, want %s %v", c.name, b, ana, c.permanent)
		}
	}
}
