package mail

import (
	"strings"
	"testing"

	"indy/scheduler"
	"indy/scheduler/replies"
)

func TestMoreRobotsOfTheWorld(t *testing.T) {
	for _, c := range []struct {
		name, mail string
		want       scheduler.Robot
	}{
		{"sabbatical", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-replied\n", "I'm on sabbatical through August and checking mail rarely."), scheduler.OutOfOffice},
		{"jury duty", to("Subject: Auto-Reply: Coffee?\nX-Autoreply: yes\n", "I am on jury duty this week."), scheduler.OutOfOffice},
		{"closed for the holidays", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\n", "Our office is closed for the holidays and will reopen on January 4."), scheduler.OutOfOffice},
		{"paternity, Portuguese", to("Subject: Ausência temporária: Café?\nAuto-Submitted: auto-replied\n", "Estou de licença paternidade até 10 de dezembro."), scheduler.OutOfOffice},
		{"French, Notes", to("Subject: AUTO: Ana Ruiz est absente du bureau. (retour le 07/12/2026)\n", "Je serai de retour le 07/12/2026."), scheduler.OutOfOffice},
		{"Spanish, Gmail", to("Subject: Re: ¿Un café?\nAuto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n", "Estaré de viaje hasta el lunes, con acceso limitado al correo."), scheduler.OutOfOffice},
		{"German, web.de", to("Subject: Abwesenheitsnotiz: Kaffee?\nAuto-Submitted: auto-replied\n", "Ich bin ab dem 7.12. wieder erreichbar."), scheduler.OutOfOffice},
		{"Catalan", to("Subject: Resposta automàtica: Un cafè?\nAuto-Submitted: auto-generated\n", "Seré fora de l'oficina fins dilluns."), scheduler.OutOfOffice},
		{"Chinese", to("Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDlkpbllaE=?=\nAuto-Submitted: auto-generated\nContent-Type: text/plain; charset=utf-8\n", "我正在休假。"), scheduler.OutOfOffice},
		{"Russian", to("Subject: =?utf-8?B?0JDQstGC0L7QvNCw0YLQuNGH0LXRgdC60LjQuSDQvtGC0LLQtdGC?=\nAuto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n", "Я в отпуске до понедельника."), scheduler.OutOfOffice},
		{"Turkish", to("Subject: Otomatik yanıt: Kahve?\nAuto-Submitted: auto-replied\n", "Pazartesiye kadar izindeyim."), scheduler.OutOfOffice},
		{"Danish", to("Subject: Automatisk svar: Kaffe?\nAuto-Submitted: auto-replied\n", "Jeg er på ferie til den 7. december."), scheduler.OutOfOffice},
		{"a university's alumni box", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-generated\n", "This mailbox is not monitored. Please write to help@example.edu."), scheduler.AutoReply},
		{"a clinic", to("Subject: Auto-response: Coffee?\nX-Autorespond: yes\n", "Thank you for contacting us. If this is an emergency call 911. We answer within two business days."), scheduler.AutoReply},
		{"a bot's acknowledgement in Spanish", to("Subject: Hemos recibido su mensaje\nAuto-Submitted: auto-replied\n", "Gracias por escribirnos. Su número de caso es 4471."), scheduler.AutoReply},
		{"new address", to("Subject: Automatic reply: Coffee?\nAuto-Submitted: auto-replied\n", "I have a new address: ana.ruiz@example.com. This one is no longer checked."), scheduler.AutoReply},
		{"Zendesk", "From: Help <support@example.zendesk.example>\nTo: maria@example.org\nSubject: [Request received] Coffee?\nAuto-Submitted: auto-generated\nX-Mailer: Zendesk Mailer\nX-Auto-Response-Suppress: All\n\nYour request (4471) has been received.", scheduler.AutoReply},
		{"Mimecast holds it", "From: Mimecast <noreply@mimecast.example>\nTo: maria@example.org\nSubject: Your email is on hold\nAuto-Submitted: auto-generated\n\nClick to deliver.", scheduler.Challenge},
		{"Boxbe", to("X-Boxbe-Challenge: 1\nSubject: Re: Coffee? (Action Required)\n", "Please verify your email."), scheduler.Challenge},
		{"Groups.io", "From: council@groups.example\nTo: maria@example.org\nList-Id: <council.groups.example>\nSubject: [council] digest\n\n1. Hello", scheduler.MailingList},
		{"Google Calendar, a notice", "From: Google Calendar <calendar-notification@google.com>\nTo: maria@example.org\nSubject: Declined: Coffee @ Tue\nAuto-Submitted: auto-generated\n\nAna has declined.", scheduler.CalendarRobot},
		{"Exchange, cannot be read yet", "Return-Path: <>\nFrom: postmaster@example.net\nTo: maria@example.org\nSubject: Delivery delayed: Coffee?\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nDelayed.\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;ana@example.net\nAction: delayed\nStatus: 4.4.7\n--b--", scheduler.BounceReport},

		{"a person with a long footer", to("Subject: Re: Coffee?\n", "Tuesday.\n\nThis mailbox is not monitored on weekends."), scheduler.Human},
		{"a person says auto reply", to("Subject: Re: your auto reply\n", "I got an automatic reply from you, are you there?"), scheduler.Human},
		{"a person from a phone", to("Subject: Re: Coffee?\nX-Mailer: Yahoo Mail for iPhone\nPrecedence: normal\n", "yes tuesday"), scheduler.Human},
		{"a person through a school's gateway", to("Subject: [EXTERNAL] Re: Coffee?\nX-MS-Exchange-Organization-SCL: -1\nX-Forefront-Antispam-Report: CIP:192.0.2.1\n", "Thursday is fine"), scheduler.Human},
		{"a person, German subject", to("Subject: Re: Urlaub\n", "Ja, Dienstag passt."), scheduler.Human},
		{"an importance field", to("Subject: Re: Coffee?\nImportance: high\nX-Priority: 1\n", "I must cancel."), scheduler.Human},
		{"a receipt was asked for", to("Subject: Re: Coffee?\nDisposition-Notification-To: ana@example.net\nReturn-Receipt-To: ana@example.net\n", "Thursday"), scheduler.Human},
	} {
		m, err := Read(strings.NewReader(c.mail))
		if err != nil || m.Robot != c.want {
			t.Errorf("%s: %q %q %v, want %q", c.name, m.Robot, m.Why, err, c.want)
		}
	}
}

func TestMoreBouncesOfTheWorld(t *testing.T) {
	for _, c := range []struct {
		name, mail string
		permanent  bool
	}{
		{"Comcast", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 Not our Customer"), true},
		{"Cox", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 <ana@example.net> recipient rejected"), true},
		{"Charter, over quota", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 This account is over quota"), false},
		{"Verizon, blocked", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 571 Email from 192.0.2.1 is currently blocked"), false},
		{"mailbox for sale", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.4.4\nDiagnostic-Code: smtp; 550 5.4.4 Unable to route: no mail hosts for domain"), true},
		{"connection refused for days", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 421 4.4.1 connection refused"), false},
		{"certificate", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.7.5\nDiagnostic-Code: smtp; 550 5.7.5 TLS is required"), false},
		{"DMARC", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 Unauthenticated email from example.org is not accepted due to domain's DMARC policy"), false},
		{"too big", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.3.4\nDiagnostic-Code: smtp; 552 5.3.4 Message too big for system"), false},
		{"moved", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.1.6\nDiagnostic-Code: smtp; 551 5.1.6 Recipient has moved"), true},
		{"unknown in Spanish", report("No se ha podido entregar su mensaje a:\n\n<ana@example.net>: 550 5.1.1 usuario desconocido\n" + returned), true},
		{"unknown in German", report("Die folgende Adresse konnte nicht erreicht werden:\n\n  ana@example.net\n    550 5.1.1 Empfänger unbekannt\n" + returned), true},
		{"unknown in French", report("Votre message n'a pas pu être remis à :\n\n  <ana@example.net>\n  550 5.1.1 utilisateur inconnu\n" + returned), true},
		{"full in French", report("Votre message n'a pas pu être remis à :\n\n  <ana@example.net>\n  552 5.2.2 boîte aux lettres pleine\n" + returned), false},
		{"full in German", report("Ihre Nachricht konnte nicht zugestellt werden:\n\n  <ana@example.net>\n  552 5.2.2 Postfach voll\n" + returned), false},
		{"qmail, never heard of the host", report("Hi. This is the qmail-send program at mx.example.org.\n\n<ana@example.net>:\nCNAME lookup failed temporarily. (#4.4.3)\nI'm not going to try again; this message has been in the queue too long.\n" + returned), false},
		{"qmail, refuses", report("Hi. This is the qmail-send program at mx.example.org.\n\n<ana@example.net>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 550 content rejected\n" + returned), false},
		{"Exim, lowest MX points to itself", "X-Failed-Recipients: ana@example.net\n" + system("Mailer-Daemon@mx.example.org", "Mail delivery failed: returning message to sender", "  ana@example.net\n    lowest numbered MX record points to local host\n"), false},
		{"Exim, retry timeout", "X-Failed-Recipients: ana@example.net\n" + system("Mailer-Daemon@mx.example.org", "Mail delivery failed: returning message to sender", "  ana@example.net\n    host mx.example.net [192.0.2.1]: Connection timed out: retry timeout exceeded\n"), false},
		{"Exchange, group for members", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.7.124\nDiagnostic-Code: smtp; 550 5.7.124 RESOLVER.RST.SenderNotInAllowedList; sender not in allowed-senders list"), false},
		{"Exchange, the tenant is gone", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp; 550 5.1.10 RESOLVER.ADR.ExRecipNotFound; not found"), true},
		{"Postfix, mail loop", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.4.6\nDiagnostic-Code: X-Postfix; mail for example.net loops back to myself"), false},
		{"Proton", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <ana@example.net>: Recipient address rejected: Address does not exist"), true},
		{"GMX, unavailable", dsn("Final-Recipient: rfc822; ana@example.net\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 Requested action not taken: mailbox unavailable (in reply to RCPT TO command)"), true},
	} {
		m, err := Read(strings.NewReader(c.mail))
		if err != nil || m.Robot != scheduler.BounceReport || len(m.Bounces) == 0 {
			t.Errorf("%s: %q %v %q %v", c.name, m.Robot, m.Bounces, m.Why, err)
			continue
		}
		if b := m.Bounces[0]; b.Recipient != "ana@example.net" || b.Permanent != c.permanent {
			t.Errorf("%s: %+v, want %v", c.name, b, c.permanent)
		}
	}
}

func TestMoreVisibleOfTheWorld(t *testing.T) {
	for _, c := range []struct{ name, mail, want string }{
		{"Gmail, our mail in full below", inText("1\n\nOn Tue, Nov 24, 2026, 9:00 AM Maria <maria@example.org> wrote:\n> Hi Ana,\n>\n> 1. Thursday at 2\n> 2. Friday at 3\n>\n> Maria\n"), "1"},
		{"answer below the quote", inText("On Tue, Nov 24, 2026 at 9:00 AM Maria <maria@example.org> wrote:\n\n> 1. Thursday at 2\n> 2. Friday at 3\n\n2 please\n"), "2 please"},
		{"Catalan", inText("Sí\n\nMissatge de Maria <maria@example.org> del dia dt., 24 de nov. 2026 a les 9:00:\n\n> Hola\n"), "Sí"},
		{"Polish", inText("Tak\n\nwt., 24 lis 2026 o 09:00 Maria <maria@example.org> napisał(a):\n\n> Cześć\n"), "Tak"},
		{"Dutch", inText("Ja\n\nOp di 24 nov 2026 om 09:00 schreef Maria <maria@example.org>:\n\n> Hoi\n"), "Ja"},
		{"Swedish", inText("Ja\n\nDen tis 24 nov. 2026 kl 09:00 skrev Maria <maria@example.org>:\n\n> Hej\n"), "Ja"},
		{"Japanese", inText("はい\n\n2026年11月24日(火) 9:00 Maria <maria@example.org>:\n\n> こんにちは\n"), "はい"},
		{"Russian", inText("Да\n\nвт, 24 нояб. 2026 г. в 09:00, Maria <maria@example.org>:\n\n> Привет\n"), "Да"},
		{"Outlook in Portuguese", inText("Quinta.\n\nDe: Maria <maria@example.org>\nEnviado: terça-feira, 24 de novembro de 2026 09:00\nPara: Ana <ana@example.net>\nAssunto: Café?\n\nOlá\n"), "Quinta."},
		{"Outlook in Italian", inText("Giovedì.\n\nDa: Maria <maria@example.org>\nInviato: martedì 24 novembre 2026 09:00\nA: Ana <ana@example.net>\nOggetto: Caffè?\n\nCiao\n"), "Giovedì."},
		{"Outlook for Mac", inText("Thursday\n\nFrom: Maria Lopez <maria@example.org>\nDate: Tuesday, November 24, 2026 at 9:00 AM\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"Outlook, bold labels", inText("Thursday\n\n*From:* Maria Lopez <maria@example.org>\n*Sent:* Tuesday, November 24, 2026 9:00 AM\n*To:* Ana Ruiz\n*Subject:* Coffee?\n\nHi\n"), "Thursday"},
		{"BlackBerry", inText("Thursday\nSent from my BlackBerry 10 smartphone.\nFrom: Maria Lopez\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Ana\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"AOL", inText("Thursday\n\n\n-----Original Message-----\nFrom: Maria <maria@example.org>\nTo: ana@example.net\nSent: Tue, Nov 24, 2026 9:00 am\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"Mailspring", inText("Thursday\nOn Nov 24 2026, at 9:00 am, Maria <maria@example.org> wrote:\n> Hi\n"), "Thursday"},
		{"HEY", inText("Thursday\n\nOn November 24, 2026, Maria <maria@example.org> wrote:\n> Hi\n"), "Thursday"},
		{"typos footer", inText("Thursday\n\nSent from my phone. Please excuse typos.\n"), "Thursday"},
		{"sent from a tablet", inText("Thursday\n\nSent from my Galaxy Tab® A\n"), "Thursday"},
		{"in Spanish from a Samsung", inText("Jueves\n\nEnviado desde mi Samsung Galaxy\n"), "Jueves"},
		{"in Spanish from Yahoo", inText("Jueves\n\nEnviado desde Yahoo Mail para iPhone\n"), "Jueves"},
		{"a legal notice in French", inText("Jeudi.\n\nCe message et ses pièces jointes peuvent contenir des informations confidentielles.\n"), "Jeudi."},
		{"a banner in brackets", inText("[EXTERNAL EMAIL] Do not click links.\n\nThursday\n"), "Thursday"},
		{"you don't often get email", inText("You don't often get email from maria@example.org. Learn why this is important<https://aka.ms/x>\n\nThursday\n"), "Thursday"},
		{"a list with numbers", inText("1. yes\n2. no\n3. maybe\n"), "1. yes\n2. no\n3. maybe"},
		{"an arrow", inText("Tuesday -> Thursday\n"), "Tuesday -> Thursday"},
		{"HTML with a table", inHTML(`<table><tr><td>Thursday</td></tr></table><blockquote type="cite">Hi</blockquote>`), "Thursday"},
		{"HTML, Outlook for Android", inHTML(`<div dir="auto">Thursday</div><div id="ms-outlook-mobile-signature"><br>Get <a href="https://aka.ms/x">Outlook for Android</a></div><hr><div id="divRplyFwdMsg"><b>From:</b> Maria<br><b>Sent:</b> Tuesday, November 24, 2026 9:00 AM<br><b>To:</b> Ana<br><b>Subject:</b> Coffee?</div>Hi`), "Thursday"},
		{"HTML, a paragraph each", inHTML(`<p>Hello Maria,</p><p>Thursday works.</p><p>Ana</p><div class="yahoo_quoted">On Tuesday, November 24, 2026, 9:00 AM, Maria &lt;maria@example.org&gt; wrote:<br>Hi</div>`), "Hello Maria,\n\nThursday works.\n\nAna"},
		{"HTML, zero-width spaces", inHTML("<div>Thurs\u200bday\u00a0works</div>"), "Thursday works"},
	} {
		m, err := Read(strings.NewReader(c.mail))
		if err != nil {
			t.Fatal(err)
		}
		if got := replies.Visible(m.Text); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(c.want), " ") {
			t.Errorf("%s:\n--- got\n%s\n--- want\n%s", c.name, got, c.want)
		}
	}
}
