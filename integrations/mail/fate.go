package mail

import (
	"regexp"
	"strings"
)

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
	if afterData.MatchString(said) && !needsRecipient.MatchString(said) && !deadCode(code) {
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
	return weigh(oneLine(d.prose)) == dead
}

// aboutRecipient says whether words that call a user unknown are to be believed. Mail
// systems, those of phone carriers above all, refuse mail that a filter dislikes with
// "550 user unknown" as well. It is about the recipient when it is no SMTP reply but the
// reporting system's own finding, when it answers RCPT TO, when it names the recipient, or
// when it is about a host. Else RFC 5321 4.2.3 leaves open what 550 means.
func aboutRecipient(said, addr string) bool {
	at := replyCode.FindStringIndex(said)
	return at == nil || answersRecipient.MatchString(said) || addr != "" && strings.Contains(said[at[0]:], strings.ToLower(addr))
}

func oneLine(s string) string {
	s = strings.ReplaceAll(clip(s, 4<<10), "’", "'")
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

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
	if words == "" {
		return unsaid
	}
	// Postfix puts this before every reason, "access denied" by a greylist included.
	bare := strings.ReplaceAll(words, "recipient address rejected: ", "")
	switch {
	case notYet.MatchString(words):
		return alive
	case surelyDead.MatchString(words):
		return dead
	case aliveWords.MatchString(bare):
		return alive
	case shutWords.MatchString(bare):
		return shut
	case deadWords.MatchString(bare):
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
	afterData      = phrases(`in reply to (?:the )?(?:end of )?data`, `after (?:the )?(?:end of )?data`, `>>> data`, `smtp command-* data`, `data command`)
	needsRecipient = phrases(`need rcpt`, `no valid recipients`, `rcpt (?:to|command)`)

	answersRecipient = phrases(`rcpt to`, `like (?:our )?rec`, `recipient (?:address )?rejected`, `recipient said`, `no valid recipients`, `need rcpt`, `\b(?:host|domain)\b[^.;:]{0,30} (?:unknown|not found)`, `unknown (?:host|domain)`)

	// notYet are reasons of the moment, and of the sender, in spite of what stands beside them.
	notYet = phrases(
		`host not found, try again`, `sender (?:address|domain|rejected|denied|verify)`, `domain of sender`, `mail ?from`, `return path`, `envelope[- ]sender`,
		`temporar(?:y|ily)`, `could not connect`, `gr[ea]y-?list`,
	)
	surelyDead = phrases(
		`(?:user|recipient|address|mailbox|account|addressee|rcpt)s? (?:is |was |are )?(?:unknown|not found|doesn'?t exist|does not exist)`,
		`unknown (?:or illegal )?(?:user|recipient|e-?mail|address|mailbox|account|local[ -]?part|virtual|alias|destination)`,
		`no such (?:user|recipient|mailbox|account|address|person|domain|host|local|addressee|name|alias|mail ?drop|subscriber|customer|e-?mail)`,
		`(?:user|recipient|mailbox|account|address|alias|domain)[^.;]{0,60} (?:doesn'?t|does not|did not|didn'?t|do not|don'?t) exist`,
		`(?:couldn'?t|could not|cannot|can'?t|unable to) find (?:any|a|the) (?:host|recipient|user|domain)`,
		`(?:host|domain|recipient|user|mailbox|account)(?: name)?[^.;:]{0,40} not found`, `recipientnotfound`, `recipnotfound`,
		`unknown (?:host|domain)`, `(?:host|domain)(?: name)?(?: is)? unknown`, `unrouteable`, `null mx`, `because the domain is not reachable`, `account or domain may not exist`, `no smtp service`, `does not accept mail`,
		`name or service not known`, `nxdomain`, `recipient address rejected: access denied`,
		`(?:user|recipient|subscriber|addressee)[^.;]{0,40} (?:has )?moved`, `no longer (?:valid|in use|exists|works|employed|available at|with (?:us|the company))`, `left (?:the|our) (?:company|organi[sz]ation)`,
		`(?:doesn'?t|does not) have an? .{0,40}\baccount`, `address couldn'?t be found`, `domain .{0,60} couldn'?t be found`, `usuario (?:desconocido|no existe|inexistente)`, `utilisateur inconnu`, `unbekannte[rn]? (?:empf|benutzer)`, `empfänger unbekannt`, `utente sconosciuto`,
	)
	aliveWords = phrases(
		`\bquota`, `mailbox (?:is )?(?:full|over)`, `\b(?:is|are|over) ?full\b`, `full mailbox`, `\b(?:lleno|llena|pleine?|voll|cheia|cheio|piena|pieno)\b`, `\bstorage`, `not enough (?:disk|space)`, `exceed`, `too (?:large|big|many|fast|much|old|long)`,
		`\bspam`, `black ?list`, `block ?list`, `\bblocked\b`, `\brbl\b`, `\bdnsbl`, `reputation`, `\bjunk\b`, `virus`, `malware`, `phish`,
		`polic(?:y|ies)`, `\bspf\b`, `\bdkim\b`, `\bdmarc\b`, `authenti`, `authori[sz]ed`, `permission`, `permitted`, `not allowed`, `denied`, `refused`, `prohibited`, `forbidden`, `restrict`,
		`\brelay`, `reverse (?:dns|lookup|hostname)`, `\bptr\b`, `\brate\b`, `throttl`, `try again`, `\btry later`,
		`timed? ?-?out`, `connection (?:refused|lost|reset|timed|dropped|rate)`, `\bcontent`, `\bon hold\b`, `error in processing`,
		`(?:local|mailer|system|server|internal|configuration|processing) (?:configuration )?(?:error|problem|failure)`, `\bloops?\b`, `too many hops`, `syntax error`, `encrypt`, `\btls\b`,
	)
	shutWords = phrases(`suspend`, `disabled`, `inactive`, `deactivated`, `dormant`, `\bexpired`, `discontinued`, `not accepting (?:mail|messages)`, `closed`)
	deadWords = phrases(
		`(?:invalid|bad|illegal|incorrect|undefined|nonexist(?:e|a)nt|non-existent|unrecogni[sz]ed|unresolvable|dead)[^.;:]{0,25} (?:user|recipient|mailbox|address|destination|account|addressee|domain|rcpt|userid|login)`,
		`(?:user|recipient|mailbox|address|account|addressee)[^.;]{0,40} (?:invalid|unavailable|not (?:valid|exist|available|listed|known|a known|recogni[sz]ed|here|local)|unrecogni[sz]ed)`,
		`(?:recipient|address|user) (?:is )?rejected`, `not (?:a )?(?:valid|known|our|local) (?:user|recipient|mailbox|address|account|customer)`, `not listed`, `not our customer`, `no (?:mailbox|account|user|recipient|match|valid recipients?)\b`,
		`mailbox (?:not|unavailable)`, `unable to find`, `does not like recipient`, `is not (?:a )?(?:valid|known)`, `not exist`, `couldn'?t be found`, `no mx`, `check if address is correct`, `desconocid`, `inexist`,
	)
)

func phrases(ps ...string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(ps, "|"))
}
