package mail

import "strings"

// permanent says whether the address itself is dead: there is no such mailbox or domain,
// or it has moved away. That is what must stop all further mail.
//
// RFC 3463 2 calls every 5.X.X permanent, but of one message "in its current form": a full
// mailbox (5.2.2), one that takes nothing now (5.2.1), a size limit (5.3.4), a fault of a
// system (5.3.0), a filter (5.7.X) say nothing against the address, and the next mail may
// well arrive. Nor is a 4.X.X, or what is only delayed (RFC 3464 2.3.3), the end.
//
// The words of the system that refused decide before the codes, because many answer 5.0.0
// or 5.1.1 to everything; the words that the reporting system puts around them come last.
func permanent(d delivery) bool {
	code := codeOf(d)
	if d.action == "delayed" || strings.HasPrefix(code, "4.") || strings.HasPrefix(code, "5.2.") {
		return false
	}
	said := oneLine(d.diagnosis)
	if afterData.in(said) && !needsRecipient.in(said) && !deadCode(code) {
		return false // RFC 5321 3.3: the recipient was taken; it is the mail that was refused
	}
	switch reason := weigh(said); {
	case reason == dead:
		return deadCode(code) || aboutRecipient(said, d.final)
	case reason == shut && deadCode(code):
		return true
	case reason != unsaid:
		return false
	case deadCode(code):
		return true
	}
	return weigh(d.prose) == dead
}

// aboutRecipient says whether words that call a user unknown are to be believed. Mail
// systems, those of phone carriers above all, refuse mail that a filter dislikes with
// "550 user unknown" as well. It is about the recipient when it is no SMTP reply but the
// reporting system's own finding, when it answers RCPT TO, when it names the recipient, or
// when it is about a host. Else RFC 5321 4.2.3 leaves open what 550 means.
func aboutRecipient(said, addr string) bool {
	_, at := replyCode(said)
	return at < 0 || answersRecipient.in(said) || addr != "" && strings.Contains(said[at:], strings.ToLower(addr))
}

const maxReason = 4 << 10 // bytes of words in which a reason is looked for

func oneLine(s string) string { return plainWords(clip(s, maxReason)) }

type fate int

const (
	unsaid fate = iota
	dead        // the address does not exist
	shut        // it exists, or did, and is switched off
	alive       // something else was wrong
)

// weigh finds the reason in the words, which are in lower case and on one line. A reason
// that is not the address's outweighs a stock phrase beside it ("mailbox unavailable:
// refused by policy"), but not words that leave no doubt.
func weigh(words string) fate {
	if strings.TrimSpace(words) == "" {
		return unsaid
	}
	// Postfix puts this before every reason, "access denied" by a greylist included.
	bare := strings.ReplaceAll(words, "recipient address rejected: ", "")
	switch {
	case notYet.in(words):
		return alive
	case surelyDead.in(words):
		return dead
	case aliveWords.in(bare):
		return alive
	case shutWords.in(bare):
		return shut
	case deadWords.in(bare):
		return dead
	}
	return unsaid
}

// deadCode knows the codes that are about the recipient's address (RFC 3463 3.2): bad
// mailbox, bad domain, bad syntax, moved, and those that Exchange adds; not 5.1.7 and
// 5.1.8, which are about the sender's. And 5.4.4, no such host (3.5).
func deadCode(code string) bool {
	return strings.HasPrefix(code, "5.1.") && code != "5.1.7" && code != "5.1.8" || code == "5.4.4"
}

var (
	// afterData: the refusal came once the mail itself was sent.
	afterData = phrasesOf("in reply to {the ,}{end of ,}data", "after {the ,}{end of ,}data", ">>> data", "smtp command data", "-smtp command data", " data command")

	needsRecipient = phrasesOf("need rcpt", "no valid recipients", "rcpt to", "rcpt command")

	answersRecipient = phrasesOf("rcpt to", "like recipient", "like our rcpt", "recipient {address ,}rejected", "no valid recipients", "need rcpt",
		"{host,domain}… {unknown,not found}", "unknown {host,domain}")

	// notYet are reasons of the moment, and of the sender, in spite of what stands beside them.
	notYet = phrasesOf("host not found, try again", "sender {address,domain,rejected,denied,verify}", "domain of sender", "mail from", "mailfrom", "return path",
		"envelope sender", "envelope-sender", "temporary", "temporarily", "could not connect", "greylist", "graylist", "grey-list", "gray-list")

	surelyDead = phrasesOf(
		"{user,recipient,address,mailbox,account,addressee,rcpt}{s,} {is ,was ,are ,}{unknown,not found,doesn't exist,does not exist}",
		"unknown {or illegal ,}{user,recipient,e-mail,email,address,mailbox,account,local part,local-part,virtual,alias,destination}",
		"no such {user,recipient,mailbox,account,address,person,domain,host,local,addressee,name,alias,mail drop,maildrop,subscriber,customer,e-mail,email}",
		"{user,recipient,mailbox,account,address,alias,domain}… {doesn't,does not,did not,didn't,do not,don't} exist",
		"{couldn't,could not,cannot,can't,unable to} find {any,a,the} {host,recipient,user,domain}",
		"{host,domain,recipient,user,mailbox,account}… not found", "recipientnotfound", "recipnotfound",
		"unknown {host,domain}", "{host,domain} {name ,}{is ,}unknown", "unrouteable", "null mx", "nullmx", "no smtp service", "does not accept mail",
		"name or service not known", "nxdomain", "because the domain is not reachable", "account or domain may not exist", "recipient address rejected: access denied",
		"{user,recipient,subscriber,addressee}… {has ,}moved",
		"no longer {valid,in use,exists,works,employed,available at,with us,with the company}", "left {the,our} {company,organization,organisation}",
		"{doesn't,does not} have {a,an} … account", "address couldn't be found", "domain … couldn't be found",
		"usuario {desconocido,no existe,inexistente}", "utilisateur inconnu", "unbekannter {empf,benutzer}", "empfänger unbekannt", "utente sconosciuto",
	)

	aliveWords = phrasesOf(
		"quota", "mailbox {is ,}{full,over}", " {is,are,over} full", "full mailbox", "overfull", " {lleno,llena,plein,pleine,voll,cheia,cheio,piena,pieno}{ ,.}", " storage", "not enough {disk,space}", "exceed",
		"too {large,big,many,fast,much,old,long}",
		"spam", "blacklist", "black list", "blocklist", "block list", "black hole", "blackhole", " blocked", " rbl", "dnsbl", "reputation", " junk", "virus", "malware", "phish",
		"policy", "policies", " spf ", " dkim ", "dmarc", "authenti", "authorized", "authorised", "permission", "permitted", "not allowed", "denied", "refused", "prohibited", "forbidden", "restrict",
		" relay", "reverse {dns,lookup,hostname}", " ptr ", " rate ", "throttl", "try again", " try later",
		"time out", "timed out", "timedout", "timeout", "time-out", "connection {refused,lost,reset,timed,dropped,rate}", " content", " on hold", "error in processing",
		"{local,mailer,system,server,internal,configuration,processing} {configuration ,}{error,problem,failure}", " loop", "too many hops", "syntax error", "encrypt", " tls ",
	)

	shutWords = phrasesOf("suspend", "disabled", "inactive", "deactivated", "dormant", " expired", "discontinued", "not accepting {mail,messages}", "closed")

	deadWords = phrasesOf(
		"{invalid,bad,illegal,incorrect,undefined,nonexistent,nonexistant,non-existent,unrecognized,unrecognised,unresolvable,dead}… {user,recipient,mailbox,address,destination,account,addressee,domain,rcpt,userid,login}",
		"{user,recipient,mailbox,address,account,addressee}… {invalid,unavailable,not valid,not exist,not available,not listed,not known,not a known,not recognized,not recognised,not here,not local,unrecognized}",
		"{recipient,address,user} {is ,}rejected", "not {a ,}{valid,known,our,local} {user,recipient,mailbox,address,account,customer}", "not listed",
		" no {mailbox,account,user,recipient,match,valid recipient}", "mailbox not", "mailbox unavailable", "unable to find", "does not like recipient", "is not {a ,}{valid,known}",
		"not exist", "couldn't be found", "no mx", "check if address is correct", "desconocid", "inexist",
	)
)
