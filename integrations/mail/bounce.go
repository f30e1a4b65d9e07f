package mail

import (
	"regexp"
	"strings"
	"sync"

	"indy/scheduler"
)

// statusReport knows RFC 3464: a part of type message/delivery-status, or for mail in
// UTF-8 message/global-delivery-status (RFC 6533), outside of any returned mail.
func statusReport(l *look) verdict {
	var ds []delivery
	saw := false
	l.root.walk(func(p *part) bool {
		switch p.media {
		case "message/delivery-status", "message/global-delivery-status":
			saw = true
			ds = append(ds, readStatus(p.content())...)
		case "message/rfc822", "message/global":
			return false
		}
		return true
	})
	if !saw && !l.reportLike() {
		return verdict{}
	}
	told := l.reportText()
	if !saw {
		if !l.isReport() && !hasStatusFields(told.all) {
			return verdict{}
		}
		if ds = readStatus([]byte(told.report)); len(ds) == 0 { // the fields stand among the words
			ds = readStatus([]byte(told.all)) // or in a report within the report
		}
	}
	ds = l.complete(ds, told)
	if allArrived(ds) {
		return verdict{robot: scheduler.Receipt, why: []string{"a report of delivery, not of failure (RFC 3464 2.3.3)"}}
	}
	return verdict{robot: scheduler.BounceReport, bounces: bounces(ds, l.originalID(told.original)), why: []string{"a delivery report (RFC 3464)"}}
}

func hasStatusFields(report string) bool {
	report = clip(report, maxReport)
	for end := 0; ; end++ {
		colon := strings.IndexByte(report[end:], ':')
		if colon < 0 {
			return false
		}
		end += colon
		for _, name := range []string{"final-recipient", "original-recipient"} {
			if end >= len(name) && strings.EqualFold(report[end-len(name):end], name) {
				return true
			}
		}
	}
}

func (l *look) isReport() bool {
	return l.root.media == "multipart/report" && strings.EqualFold(l.root.params["report-type"], "delivery-status")
}

// reportLike keeps a person's mail that quotes a report from being taken for one.
func (l *look) reportLike() bool {
	return l.null || l.daemon || l.auto != "" || l.isReport() || l.fails
}

func allArrived(ds []delivery) bool {
	for _, d := range ds {
		if !arrived(d) {
			return false
		}
	}
	return true
}

// complete adds to the fields what only the words, or the returned mail, say.
func (l *look) complete(ds []delivery, told *telling) []delivery {
	worded := readWords(told.report, l.own())
	for _, addr := range l.failedRecipients() {
		if len(ds) < maxGroups && !seen(ds, addr) && !originalNamed(ds, addr) {
			ds = append(ds, delivery{final: addr, action: told.action})
		}
	}
	to := originalTo(told.original)
	if len(ds) == 0 && (to == "" || len(worded) > 0 && worded[0].sure) {
		ds = worded
	}
	if len(ds) == 0 {
		ds = []delivery{{final: to}} // where even that is "": it failed, and nobody says for whom
	}
	for i := range ds {
		d := &ds[i]
		if d.final == "" && len(worded) > 0 {
			d.final = worded[0].final
		}
		if d.final == "" {
			d.final = to
		}
		d.explain(worded, told, len(ds) == 1)
	}
	return ds
}

func originalNamed(ds []delivery, addr string) bool {
	for _, d := range ds {
		if strings.EqualFold(d.original, addr) {
			return true
		}
	}
	return false
}

// explain adds the words that the report says of a recipient, where its fields say no
// reason. What is said of nobody in particular is said of the only one.
func (d *delivery) explain(worded []delivery, told *telling, only bool) {
	for _, w := range worded {
		if strings.EqualFold(w.final, d.final) || strings.EqualFold(w.final, d.original) {
			if weigh(oneLine(d.diagnosis)) == unsaid || afterData.in(oneLine(w.diagnosis)) {
				d.diagnosis = strings.TrimSpace(d.diagnosis + "\n" + w.diagnosis)
			}
		}
	}
	if only {
		d.prose = clip(told.words, maxReason)
		if command := afterData.find(d.prose); command != "" {
			d.diagnosis += "\n" + command + " " + needsRecipient.find(d.prose)
		}
	}
	if d.status == "" {
		if d.status = statusIn(d.diagnosis); d.status == "" && only {
			d.status = statusIn(told.report)
		}
	}
	if d.action == "" {
		d.action = told.action
	}
}

// wordedReport knows delivery reports of which only people are to make sense: from a mail
// system, about a failure.
func wordedReport(l *look) verdict {
	system, null, failed := l.daemon, l.null, l.failedRecipients()
	if !system && !null && !l.nobody() && !l.fails && len(failed) == 0 {
		return verdict{}
	}
	told := l.reportText()
	report, original := told.report, told.original
	returns := len(original) > 0
	words := failWords.in(told.words)
	switch {
	case len(failed) > 0 && (system || null || l.fails || words): // Exim and Gmail say whom
	case awayHere.in(l.subject) && !l.fails && !returns: // an answering machine, whose server sends from the null path
		return verdict{}
	case l.fails && (system || null):
	case l.fails && words && (l.nobody() || returns || l.auto != ""):
	case words && returns && (system || null || l.nobody()):
	case words && system && (null || strings.HasPrefix(l.from, "mailer-daemon") || names(report, l.own())):
	case words && l.nobody() && statusCode(report) != "" && len(readWords(report, l.own())) > 0: // a service's notice
	default:
		return verdict{}
	}
	ds := l.complete(nil, told)
	return verdict{robot: scheduler.BounceReport, bounces: bounces(ds, l.originalID(original)), why: []string{"a delivery report in words, from a mail system"}}
}

// names says whether a report's words leave no doubt whom they are about.
func names(report string, own []string) bool {
	ds := readWords(report, own)
	return len(ds) > 0 && ds[0].sure
}

// own are the addresses that did not fail: whoever gets the report and whoever writes it.
func (l *look) own() []string {
	own := []string{l.from}
	for _, a := range l.head.To {
		own = append(own, a.Addr)
	}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Return-Path", "Reply-To", "Sender", "X-Envelope-To", "Envelope-To"} {
		own = append(own, mailboxes(l.field(name))...)
	}
	return own
}

// failedRecipients reads the field with which Exim, and Gmail after it, name those whom a
// mail did not reach.
func (l *look) failedRecipients() []string {
	if !l.seen.may("X-Failed-Recipients") {
		return nil
	}
	var found []string
	for _, v := range l.h.all("X-Failed-Recipients") {
		found = append(found, mailboxes(v)...)
	}
	return found
}

// A telling is what a report says in words.
type telling struct {
	report   string // its own words
	all      string // the same and those of the mail, where it returns that as text
	original fields // the head of the mail that it returns
	words    string // the first of its own words, as phrases are written
	action   string // see actionIn
}

// reportText is what the mail says as a report.
func (l *look) reportText() *telling {
	if l.told == nil {
		l.told = l.readReport()
	}
	return l.told
}

func (l *look) readReport() *telling {
	t := &telling{}
	var words []string
	l.root.walk(func(p *part) bool {
		switch {
		case p.media == "message/rfc822" || p.media == "message/global":
			if t.original == nil && len(p.children) > 0 {
				t.original = p.children[0].head
			}
			return false
		case p.media == "text/rfc822-headers" || p.media == "message/global-headers" || p.media == "text/rfc822": // RFC 6522 4
			if t.original == nil {
				t.original, _ = splitHead(trimEnvelope(p.content()))
			}
		case p.media == "text/html":
			words = append(words, p.htmlText())
		case strings.HasPrefix(p.media, "text/") || p.broken || p.media == "message/delivery-notification":
			words = append(words, p.text())
		}
		return true
	})
	t.all = strings.Join(words, "\n\n")
	report, returned := cutOriginal(t.all)
	if t.original == nil && returned != "" {
		t.original, _ = splitHead([]byte(returned))
	}
	t.report, t.words = report, plainWords(clip(report, maxReport))
	t.action = actionIn(t.words)
	return t
}

// originalTo is whom the returned mail went to, when it went to one.
func originalTo(original fields) string {
	to := addresses(original.get("To"))
	if len(to) == 1 {
		return to[0].Addr
	}
	for _, v := range original.all("Received") {
		if m := receivedFor().FindStringSubmatch(v); m != nil {
			return m[1]
		}
	}
	return ""
}

var receivedFor = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?`)
})

// originalID is the Message-ID of the mail that did not arrive: of the returned mail, or
// of what the report says it answers.
func (l *look) originalID(original fields) string {
	if id := firstID(original.get("Message-ID")); id != "" {
		return id
	}
	for _, name := range []string{"X-Original-Message-ID", "Original-Message-ID"} {
		if id := firstID(l.field(name)); id != "" {
			return id
		}
	}
	if n := len(l.head.InReplyTo); n > 0 {
		return l.head.InReplyTo[0]
	}
	if n := len(l.head.References); n > 0 {
		return l.head.References[n-1]
	}
	return ""
}

// failSubject says whether a subject, in lower case, is a report's. A person's answer to
// one begins "Re:".
func failSubject(subject string) bool {
	subject = strings.TrimLeft(subject, " \t*!-_[]()<>\"'#.")
	for _, w := range []string{"your ", "e-mail ", "email ", "mail: ", "message: "} {
		subject = strings.TrimPrefix(subject, w)
	}
	if failBegins.begin(subject) != "" {
		return true
	}
	mark := strings.IndexByte(subject, ':') // "re:", "fwd:", "wg:", "rv:", …
	return (mark < 0 || mark > 4) && failPairs.in(subject)
}

var (
	failBegins = phrasesOf(
		"{mail ,message ,}{delivery,message,mail} {fail,error,problem,status,has failed,has been delayed,notification,delay,could not,not delivered,undeliverable,system}",
		"undeliver", "unzustellbar", "returned {mail,e-mail,email,message}", "{return,returned} to sender", "{mail,mailer,mail system} {error,failure,returned}",
		"failure {notice,notification,delivery}", "failed {mail,delivery,to deliver}", "{non-delivery,non delivery,nondelivery}", "undelivered", "delivery {report,failed,incomplete,failure}",
		"{,warning: ,error: ,notice: ,alert: }{could not send,unable to deliver,cannot send}", "warning: {could not,message}", "bounce", "mail could not", "message {rejected,refused,undeliverable,not delivered}",
		"could not be delivered", "there was an error sending", "postmaster notify",
		"nicht zustellbar", "nicht zugestellt", "mailfehler", "rückläufer", "échec de {remise,la remise}", "echec de {remise,la remise}", "non remis", "non recapit", "mancato recapito", "mancata consegna", "impossibile recapitare",
		"no se {puede,pudo,ha podido}", "no entregado", "devuelto", "devolución", "correo devuelto", "não entregue", "não é possível", "falha na entrega", "onbestelbaar", "niet bezorgd",
		"notificación de estado de entrega", "недоставленное", "не доставлено", "配信", "送信", "エラーメール", "メールエラー",
	)
	failPairs = phrasesOf("message …delayed", "your {message,e-mail,email,mail} …{not,undeliver,rejected,could}", "не доставлено", "undeliverable", "delivery failure", "delivery fail")

	// failWords are what reports say, in the languages of those that keep to no standard.
	failWords = phrasesOf(
		"{couldn't,could not,cannot,can't,can not,not,unable to,wasn't,failed to} {be ,been ,able to ,able to be ,}{deliver,reach}", "undeliver",
		"delivery {has ,to ,of ,was ,attempt ,}…{fail,delay,abort,not success}", "delivery fail", "permanent {fatal ,}error", "user {is ,}unknown", "unknown {user,recipient,address}",
		"mailbox {is ,}{full,unavailable,exceed}", "did not reach", "didn't reach", "{was,were,been,be} {rejected,refused,returned,bounced}", "returned {to sender,mail}",
		"no such {user,recipient,address}", "nicht {zugestellt,ausgeliefert}", "unzustellbar", "no {pudo,puede,ha podido} {ser ,}entregar", "n'a pas pu être", "non {è stato,può}…{recapit,consegn}",
		"{fatal,transient} errors", "following {recipient,address}", "message delayed", "exceeds allowed size", "could not be sent", "trouble delivering", "配信", "送信できません", "届けできません",
		"{450,451,452,550,551,552,553,554} {4,5}.",
	)
)
