package mail

import (
	"strings"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// A verdict is what kind of machine wrote a mail, and how that was seen.
type verdict struct {
	robot   scheduler.Robot
	bounces []scheduler.Bounce
	until   slots.Date
	why     []string
}

// A look is a mail as the rules see it.
type look struct {
	root    *part
	h       fields
	seen    nameSet // of the fields
	head    *scheduler.Head
	text    string
	subject string // lower case
	from    string // lower case
	fails   bool   // its subject is that of a report of failure
	itip    bool   // it has a calendar part
	auto    string // the Auto-Submitted keyword (RFC 3834 5); "" for "no" and for none
	null    bool   // it came with an empty return path, so that no answer can reach its sender (RFC 5321 4.5.5)
	daemon  bool   // it claims to come from a mail system, not from a person

	autoName  string // what autoField answers, once it was asked
	knowsAuto bool
	told      *telling // what reportText answers, once it was asked
}

func lookAt(root *part, h fields, m *scheduler.Mail, itip bool) *look {
	l := &look{root: root, h: h, itip: itip, seen: namesOf(h), head: &m.Head, text: m.Text, subject: strings.ToLower(m.Subject), from: strings.ToLower(m.From.Addr)}
	l.fails = failSubject(l.subject)
	if l.auto = firstWord(l.field("Auto-Submitted")); l.auto == "no" {
		l.auto = ""
	}
	l.null, l.daemon = l.nullPath(), l.daemonName()
	return l
}

// judge asks the rules in turn, the most certain first. A person's mail passes them all.
func judge(l *look) verdict {
	for _, rule := range rules {
		if v := rule(l); v.robot != scheduler.Human {
			return v
		}
	}
	return verdict{}
}

var rules = [...]func(*look) verdict{
	receipt,       // RFC 8098
	feedback,      // RFC 5965
	statusReport,  // RFC 3464
	wordedReport,  // delivery reports that keep to no standard
	challenge,     // "confirm that you are a person"
	calendarRobot, // notices about events
	autoReply,     // RFC 3834, and what came before it
	listMail,      // RFC 2369, RFC 2919
	machineSender,
}

// names says whether there is a field of that name, empty or not.
func (l *look) names(name string) bool { return l.seen.may(name) && l.h.has(name) }

// field is the first field of that name, unfolded and trimmed, or "".
func (l *look) field(name string) string {
	if !l.seen.may(name) {
		return ""
	}
	return l.h.get(name)
}

// nullPath is null. Maildirs keep the return path in Return-Path.
func (l *look) nullPath() bool {
	for _, name := range []string{"Return-Path", "X-Envelope-From", "Envelope-Sender"} {
		if l.names(name) && strings.Trim(l.field(name), " <>\"") == "" {
			return true
		}
	}
	return false
}

// daemonName is daemon.
func (l *look) daemonName() bool {
	if l.daemonAddress() {
		return true
	}
	return daemonNames.in(strings.ToLower(l.head.From.Name))
}

var daemonNames = phrasesOf("mail delivery", "delivery subsystem", "mailer-daemon", "mail system", "postmaster", "system administrator", "mail administrator", "returned mail")

// daemonAddress is daemon by the address alone: people may be called administrators.
func (l *look) daemonAddress() bool {
	local, _, _ := cutLast(l.from, "@")
	if local == "" { // "From: MAILER-DAEMON <>", or no address at all
		local = strings.ToLower(l.field("From"))
	}
	local, _, _ = strings.Cut(strings.Trim(local, " <>\"'"), " ")
	for _, w := range []string{"mailer-daemon", "postmaster", "microsoftexchange", "bounce-", "bounces+"} {
		if strings.HasPrefix(local, w) {
			return true
		}
	}
	switch local {
	case "mailerdaemon", "mailer_daemon", "post_master", "mail-daemon", "maildaemon", "mdaemon", "mail-delivery-subsystem", "mailsystem", "mail-system", "mail.system",
		"bounce", "bounces", "mmdf", "majordomo":
		return true
	}
	return false
}

// machineSender is the last rule: an address that says itself that nobody reads it.
func machineSender(l *look) verdict {
	switch {
	case l.nobody():
		return verdict{robot: scheduler.AutoReply, why: []string{"the sender's address says that nobody reads it"}}
	case l.daemonAddress():
		return verdict{robot: scheduler.AutoReply, why: []string{"from a mail system"}}
	}
	return verdict{}
}

// nobody says whether the sender's address says that answers are not read.
func (l *look) nobody() bool {
	local, _, _ := cutLast(l.from, "@")
	if strings.ContainsAny(local, "-_.") {
		local = withoutMarks.Replace(local)
	}
	for _, w := range nobodies {
		if strings.HasPrefix(local, w) || strings.HasSuffix(local, w) {
			return true
		}
	}
	return false
}

var (
	withoutMarks = strings.NewReplacer("-", "", "_", "", ".", "")
	nobodies     = []string{"noreply", "donotreply", "noresponder", "nepasrepondre", "noresponda", "naoresponda", "nichtantworten"}
)
