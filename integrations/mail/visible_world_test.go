package mail

import (
	"strings"
	"testing"

	"indy/scheduler/replies"
)

// inText is a mail of text alone, inHTML one of HTML alone.
func inText(words string) string {
	return "From: Ana <ana@example.net>\nTo: maria@example.org\nSubject: Re: Coffee?\nContent-Type: text/plain; charset=utf-8\n\n" + words
}

func inHTML(words string) string {
	return "From: Ana <ana@example.net>\nTo: maria@example.org\nSubject: Re: Coffee?\nContent-Type: text/html; charset=utf-8\n\n" + words
}

// TestVisibleOfTheWorld has the habits of many clients: what is quoted, signed or added by
// a program goes, what the person wrote stays.
func TestVisibleOfTheWorld(t *testing.T) {
	for _, c := range []struct{ name, mail, want string }{
		// Text.
		{"Gmail", inText("Thursday works!\n\nOn Tue, Nov 24, 2026 at 9:00 AM Maria Lopez <maria@example.org> wrote:\n\n> Hi Ana,\n> 1. Thursday at 2\n"), "Thursday works!"},
		{"Gmail, the introduction wrapped", inText("Thursday\n\nOn Tue, Nov 24, 2026 at 9:00 AM Maria Lopez-Hernandez de la Cruz <\nmaria.lopez-hernandez@council.example.org> wrote:\n\n> Hi\n"), "Thursday"},
		{"Gmail in Spanish", inText("El jueves va bien\n\nEl mar, 24 nov 2026 a las 9:00, Maria Lopez (<maria@example.org>) escribió:\n\n> Hola\n"), "El jueves va bien"},
		{"Gmail in Mexican Spanish", inText("Va\n\nEl mar, 24 de nov de 2026, 9:00 a. m., Maria Lopez <maria@example.org>\nescribió:\n\n> Hola\n"), "Va"},
		{"Gmail in French", inText("D'accord\n\nLe mar. 24 nov. 2026 à 09:00, Maria Lopez <maria@example.org> a écrit :\n\n> Bonjour\n"), "D'accord"},
		{"Gmail in German", inText("Passt!\n\nAm Di., 24. Nov. 2026 um 09:00 Uhr schrieb Maria Lopez <maria@example.org>:\n\n> Hallo\n"), "Passt!"},
		{"Gmail in Portuguese", inText("Pode ser\n\nEm ter., 24 de nov. de 2026 às 09:00, Maria Lopez <maria@example.org> escreveu:\n\n> Olá\n"), "Pode ser"},
		{"Gmail in Italian", inText("Va bene\n\nIl giorno mar 24 nov 2026 alle ore 09:00 Maria Lopez <maria@example.org> ha scritto:\n\n> Ciao\n"), "Va bene"},
		{"Apple Mail", inText("Thursday please.\n\n> On Nov 24, 2026, at 9:00 AM, Maria Lopez <maria@example.org> wrote:\n> \n> Hi Ana\n"), "Thursday please."},
		{"iPhone", inText("Thursday\n\nSent from my iPhone\n\n> On Nov 24, 2026, at 9:00 AM, Maria Lopez <maria@example.org> wrote:\n> \n> Hi\n"), "Thursday"},
		{"iPhone in Spanish", inText("El jueves\n\nEnviado desde mi iPhone\n\n> El 24 nov 2026, a las 9:00, Maria Lopez <maria@example.org> escribió:\n> \n> Hola\n"), "El jueves"},
		{"Outlook on a desk", inText("Thursday at 2 is good.\n\nAna\n\nFrom: Maria Lopez <maria@example.org>\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi Ana,\n1. Thursday at 2\n"), "Thursday at 2 is good.\n\nAna"},
		{"Outlook with a rule", inText("Thursday\n\n________________________________\nFrom: Maria Lopez <maria@example.org>\nSent: Tuesday, November 24, 2026 9:00 AM\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"Outlook in Spanish", inText("El jueves.\n\nDe: Maria Lopez <maria@example.org>\nEnviado el: martes, 24 de noviembre de 2026 9:00\nPara: Ana Ruiz <ana@example.net>\nAsunto: ¿Un café?\n\nHola\n"), "El jueves."},
		{"Outlook in German", inText("Donnerstag.\n\nVon: Maria Lopez <maria@example.org>\nGesendet: Dienstag, 24. November 2026 09:00\nAn: Ana Ruiz <ana@example.net>\nBetreff: Kaffee?\n\nHallo\n"), "Donnerstag."},
		{"Outlook in French", inText("Jeudi.\n\nDe : Maria Lopez <maria@example.org>\nEnvoyé : mardi 24 novembre 2026 09:00\nÀ : Ana Ruiz <ana@example.net>\nObjet : Un café ?\n\nBonjour\n"), "Jeudi."},
		{"Outlook on a phone", inText("Thursday\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Maria Lopez <maria@example.org>\nSent: Tuesday, November 24, 2026 9:00:00 AM\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"Outlook for Android in Spanish", inText("Jueves\n\nObtener Outlook para Android<https://aka.ms/AAb9ysg>\n________________________________\nFrom: Maria Lopez <maria@example.org>\nSent: Tuesday, November 24, 2026 9:00:00 AM\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi\n"), "Jueves"},
		{"original message", inText("Thursday\n\n-----Original Message-----\nFrom: Maria Lopez <maria@example.org>\nSent: Tuesday\n\nHi\n"), "Thursday"},
		{"mensaje original", inText("Jueves\n\n-----Mensaje original-----\nDe: Maria Lopez\nEnviado: martes\n\nHola\n"), "Jueves"},
		{"Thunderbird", inText("On 24/11/2026 09:00, Maria Lopez wrote:\n> Hi Ana\n> 1. Thursday at 2\n\nThe first.\n"), "The first."},
		{"Thunderbird, interleaved", inText("On 24/11/2026 09:00, Maria Lopez wrote:\n> Can we meet?\n\nYes.\n\n> In person or by phone?\n\nIn person.\n"), "Yes.\n\nIn person."},
		{"Yahoo", inText("Thursday\n\n    On Tuesday, November 24, 2026 at 09:00:00 AM PST, Maria Lopez <maria@example.org> wrote:  \n \n Hi Ana,\n1. Thursday at 2\n"), "Thursday"},
		{"Yahoo on a phone", inText("Thursday\n\nSent from Yahoo Mail for iPhone\n\nOn Tuesday, November 24, 2026, 9:00 AM, Maria Lopez <maria@example.org> wrote:\n\nHi Ana\n"), "Thursday"},
		{"Yahoo on Android", inText("Thursday\n\nSent from Yahoo Mail on Android \n \n  On Tue, Nov 24, 2026 at 9:00 AM, Maria Lopez<maria@example.org> wrote:   Hi Ana\n"), "Thursday"},
		{"Samsung", inText("Thursday\n\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Maria Lopez <maria@example.org>\nDate: 11/24/26 9:00 AM (GMT-08:00)\nTo: Ana Ruiz <ana@example.net>\nSubject: Coffee?\n\nHi\n"), "Thursday"},
		{"Proton", inText("Thursday\n\nSent with [Proton Mail](https://proton.me/) secure email.\n\nOn Tuesday, November 24th, 2026 at 9:00 AM, Maria Lopez <maria@example.org> wrote:\n\n> Hi\n"), "Thursday"},
		{"Spark", inText("Thursday\nOn Nov 24, 2026, 9:00 AM -0800, Maria Lopez <maria@example.org>, wrote:\n> Hi\n"), "Thursday"},
		{"a signature", inText("Thursday works\n\n-- \nAna Ruiz\nProgram Lead\n(510) 555-0144\n"), "Thursday works"},
		{"a confidentiality notice", inText("Thursday works.\n\nCONFIDENTIALITY NOTICE: This e-mail and any attachments are for the sole use of the intended recipient and may contain confidential and privileged information. If you are not the intended recipient, please delete it.\n"), "Thursday works."},
		{"a notice in Spanish", inText("El jueves.\n\nAVISO LEGAL: Este mensaje y sus archivos adjuntos van dirigidos exclusivamente a su destinatario y pueden contener información confidencial. Si usted no es el destinatario, bórrelo.\n"), "El jueves."},
		{"think of the trees", inText("Thursday\n\nPlease consider the environment before printing this email.\n"), "Thursday"},
		{"a banner of the company", inText("CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.\n\nThursday works for me.\n"), "Thursday works for me."},
		{"scanned", inText("Thursday\n\nVirus-free.www.avast.com\n"), "Thursday"},
		{"nothing of their own", inText("\n\nOn Tue, Nov 24, 2026 at 9:00 AM Maria Lopez <maria@example.org> wrote:\n\n> Hi\n"), ""},
		{"a sentence that looks like an introduction", inText("On Tuesday at 2 I wrote:\nnothing. Thursday then.\n"), "On Tuesday at 2 I wrote:\nnothing. Thursday then."},
		{"a colon of their own", inText("From: 2 to 4 I am busy.\nThursday is fine.\n"), "From: 2 to 4 I am busy.\nThursday is fine."},
		{"dashes of their own", inText("Thursday - or Friday -\nwhatever suits.\n"), "Thursday - or Friday -\nwhatever suits."},

		// HTML.
		{"Gmail's HTML", inHTML(`<div dir="ltr">Thursday <b>works</b>!</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026 at 9:00 AM Maria &lt;<a href="mailto:maria@example.org">maria@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">Hi Ana</blockquote></div>`), "Thursday works!"},
		{"Outlook's HTML", inHTML(`<html><body><div class="WordSection1"><p class="MsoNormal">Thursday at 2.<o:p></o:p></p><p class="MsoNormal">&nbsp;</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Maria Lopez &lt;maria@example.org&gt; <br><b>Sent:</b> Tuesday, November 24, 2026 9:00 AM<br><b>To:</b> Ana Ruiz<br><b>Subject:</b> Coffee?</p></div><p>Hi Ana</p></div></body></html>`), "Thursday at 2."},
		{"Outlook on the web", inHTML(`<div style="font-family:Calibri">Thursday please</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><b>From:</b> Maria Lopez<br><b>Sent:</b> Tuesday, November 24, 2026 9:00 AM<br><b>To:</b> Ana<br><b>Subject:</b> Coffee?</div><div>Hi</div>`), "Thursday please"},
		{"Apple's HTML", inHTML(`<html><body>Thursday<br><div dir="ltr">Sent from my iPad</div><div dir="ltr"><br><blockquote type="cite">On Nov 24, 2026, at 9:00 AM, Maria &lt;maria@example.org&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Hi Ana</div></blockquote></body></html>`), "Thursday"},
		{"Yahoo's HTML", inHTML(`<div>Thursday</div><div id="ydp123yahoo_quoted_1" class="ydp123yahoo_quoted"><div>On Tuesday, November 24, 2026 at 09:00:00 AM PST, Maria &lt;maria@example.org&gt; wrote:</div><div>Hi Ana</div></div>`), "Thursday"},
		{"Thunderbird's HTML", inHTML(`<p>The first one.</p><div class="moz-cite-prefix">On 24/11/2026 09:00, Maria wrote:<br></div><blockquote type="cite" cite="mid:1@example.org"><p>Hi</p></blockquote>`), "The first one."},
		{"a signature in HTML", inHTML(`<div dir="ltr">Thursday<div><br></div>-- <br><div class="gmail_signature">Ana Ruiz<br>Lead</div></div>`), "Thursday"},
		{"interleaved in HTML", inHTML(`<blockquote type="cite">In person?</blockquote><p>By phone please.</p><blockquote type="cite">Which day?</blockquote><p>Thursday.</p>`), "By phone please.\n\nThursday."},
		{"hidden preview text", inHTML(`<div style="display:none">Preview of nothing</div><p>Thursday</p><img src="x.png" alt="logo">`), "Thursday"},
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
