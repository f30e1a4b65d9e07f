package mail

import (
	"slices"
	"strings"
)

const (
	maxReport   = 32 << 10  // bytes of a report's words that are looked at
	maxDiagnose = 14        // lines below an address that tell of it
	maxNamed    = 60        // addresses looked at in one report
	maxLine     = 2000      // bytes of one of its lines
	maxReturned = 256 << 10 // bytes of words among which the returned mail is looked for
)

// A named is an address that a report's words name, and how likely it is the one that the
// mail did not reach.
type named struct {
	addr  string
	score int
	line  int
}

// readWords finds in the words of a report, which no standard governs, whom a mail did not
// reach, and why. own are addresses that it hardly is: the report's reader and writer.
func readWords(report string, own []string) []delivery {
	lines := strings.Split(clip(report, maxReport), "\n")
	var found []named
	for i, line := range lines {
		line = clip(line, maxLine)
		lines[i] = line
		if strings.IndexByte(line, '@') < 0 || len(found) == maxNamed {
			continue
		}
		addrs := mailboxes(line)
		if len(addrs) == 0 {
			continue
		}
		about := lineOf(lines, i)
		for _, addr := range addrs {
			if len(found) == maxNamed {
				continue
			}
			n := named{addr: addr, score: about.score(addr), line: i}
			if isOwn(addr, own) {
				n.score -= scoreNear // one can write to oneself, but seldom does
			}
			found = append(found, n)
		}
	}
	best := 0
	for _, n := range found {
		best = max(best, n.score)
	}
	var ds []delivery
	for i, n := range found {
		if n.score < min(best, scoreSure) || n.score <= 0 || seen(ds, n.addr) {
			continue
		}
		end := paragraphEnd(lines, n.line)
		for _, other := range found[i+1:] {
			if other.score >= scoreSure && !strings.EqualFold(other.addr, n.addr) {
				end = min(end, max(other.line, n.line+1))
				break
			}
		}
		words := strings.Join(lines[n.line:end], "\n")
		ds = append(ds, delivery{final: n.addr, diagnosis: words, status: statusIn(words), action: actionIn(report), sure: n.score >= scoreSure})
	}
	return ds
}

// paragraphEnd is where the words about the address on a line end: at the first blank line
// below some words.
func paragraphEnd(lines []string, at int) int {
	words := len(strings.TrimSpace(lines[at])) > 60
	for i := at + 1; i < len(lines) && i < at+maxDiagnose; i++ {
		if strings.TrimSpace(lines[i]) != "" {
			words = true
		} else if words {
			return i
		}
	}
	return min(at+maxDiagnose, len(lines))
}

func seen(ds []delivery, addr string) bool {
	return slices.ContainsFunc(ds, func(d delivery) bool { return strings.EqualFold(d.final, addr) })
}

func isOwn(addr string, own []string) bool {
	return slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, addr) })
}

// What an address's place on its line is worth.
const (
	scoreSeen  = 1
	scoreNear  = 3 // on or below a line that speaks of failure
	scoreSure  = 5 // a line of its own, as reports list those whom they did not reach
	scoreNamed = 6 // the same, below the words that introduce the list
)

// A reportLine is a line of a report that has addresses.
type reportLine struct {
	line    string
	others  bool // it is about somebody else
	near    bool // it, or one of the four above it, speaks of failure
	refused bool // it says itself why
}

func lineOf(lines []string, i int) reportLine {
	words := plainWords(lines[i])
	l := reportLine{line: strings.TrimSpace(lines[i]), others: others.in(words)}
	if !l.others {
		l.near, l.refused = near(lines, i), refused(lines[i], words)
	}
	return l
}

func (l *reportLine) score(addr string) int {
	switch {
	case l.others:
		return 0
	case l.near && alone(l.line, addr), (l.near || l.refused) && ends(l.line, addr):
		return scoreNamed
	case alone(l.line, addr):
		return scoreSure
	case l.refused:
		return scoreNear + 1
	case l.near:
		return scoreNear
	}
	return scoreSeen
}

// near says whether line i, or one of the four above it, speaks of failure.
func near(lines []string, i int) bool {
	return introduces.in(plainWords(strings.Join(lines[max(0, i-4):i+1], "\n")))
}

// alone says whether the address leads its line, as in "<ana@example.net>: host …", or
// follows only a word such as "To:" or "Recipient:".
func alone(line, addr string) bool {
	i := strings.Index(strings.ToLower(line), strings.ToLower(addr))
	if i < 0 {
		return false
	}
	before := strings.Trim(line[:i], " \t<\"'*-([")
	after := strings.Trim(line[i+len(addr):], " \t>\"')]")
	before = strings.ToLower(strings.TrimSpace(strings.TrimRight(before, ": \t<")))
	switch before {
	case "", "to", "recipient", "recipients", "user", "address", "failed recipient", "recipient address", "rcpt to", "mailto", "smtp", "an", "para", "destinatario", "final recipient", "email", "e-mail", "original recipient":
	default:
		return false
	}
	return after == "" || strings.HasPrefix(after, ":") || strings.HasPrefix(after, "...") || strings.HasPrefix(after, "(") ||
		strings.HasPrefix(after, "on ") || strings.HasPrefix(after, "-") || strings.HasPrefix(after, ",") || strings.HasPrefix(after, "=") || before == "recipient" || before == ""
}

// ends says whether the line ends in the address, after a colon: "could not be delivered
// to: <ana@example.net>".
func ends(line, addr string) bool {
	i := strings.LastIndex(strings.ToLower(line), strings.ToLower(addr))
	return i > 0 && strings.Trim(line[i+len(addr):], " \t>\"'.") == "" && strings.HasSuffix(strings.TrimRight(line[:i], " \t<\"'"), ":")
}

var (
	// introduces are words above a list of those whom a mail did not reach.
	introduces = phrasesOf("following {recipient,address,user,mailbox,destination,e-mail,email}", "{not,n't,never} {be ,been ,been able to be ,able to ,}{deliver,reach,sent}", "undeliver", "unreach", "unsent",
		"failed", "failure", "fatal", "unsuccessful", "could not", "couldn't", "unable to", "permanent", "delay", "warning", "unknown", "transcript", "recipients:", "recipient:", "rejected", "returned",
		"no se pudo", "nicht zugestellt", "n'a pas pu", "recapitat", "sorry", "wasn't able", "problem", "error")

	// others are lines with addresses of somebody else.
	others = phrasesOf(" mail from", " from: ", " sender: ", " reply-to: ", "message-id", "mailto:", "contact")

	// refuses are words beside the address itself.
	refuses = phrasesOf("unknown", "not found", "no such", "rejected", "invalid", "does not exist", "doesn't exist", "couldn't be", "could not be", "wasn't delivered", "was not delivered", " full", "quota",
		"undeliver", "unable to deliver", "not accepted", "inactive", "disabled", "delivery to")
)

func refused(line, words string) bool {
	if statusCode(line) != "" {
		return true
	}
	if _, at := replyCode(line); at >= 0 {
		return true
	}
	return refuses.in(words)
}

// actionIn is "delayed" for a report whose words say that the system still tries.
func actionIn(words string) string {
	if delayWords.in(clip(words, 8<<10)) {
		return "delayed"
	}
	return "failed"
}

var delayWords = phrasesOf("{has been,is,was,been,still} delayed", "delivery delay", "delayed {mail,delivery}", "warning message only", "will {be retried,retry,continue,keep}",
	"{continue,keep} {to try,trying,on trying}", "still {being ,}{trying,retried,queued,in the queue,in the mail queue}", "not yet been delivered", "{do not,don't,no} need to {resend,re-send,take}",
	"could not be delivered for the past", "{retry,retries} {until,will}", "no action is required")

// cutOriginal parts a report's words from the mail, or the head of it, that it returns as
// text: from where lines of a head begin that a report itself would not have.
func cutOriginal(text string) (report, original string) {
	lines := strings.SplitAfter(clip(text, maxReturned), "\n")
	at := 0
	for i, line := range lines {
		if originalField(line) && originalRun(lines[i:]) {
			return text[:at], unquote(text[at:])
		}
		at += len(line)
	}
	return text, ""
}

func originalRun(lines []string) bool {
	n, telling := 0, 0
	for _, line := range lines[:min(len(lines), 60)] {
		bare := strings.TrimPrefix(strings.TrimPrefix(line, "> "), ">")
		switch {
		case strings.TrimSpace(bare) == "":
			return n >= 3 && telling >= 1 || n >= 2 && telling >= 2
		case bare[0] == ' ' || bare[0] == '\t':
		case originalField(line):
			n++
			if tellingField(bare) {
				telling++
			}
		case fieldColon([]byte(strings.TrimRight(bare, "\n"))) > 0:
		default:
			return n >= 4 && telling >= 1
		}
	}
	return n >= 3 && telling >= 1
}

// originalField says whether a line is a field that begins, or is in, the head of a mail.
func originalField(line string) bool {
	line = strings.TrimPrefix(strings.TrimPrefix(line, "> "), ">")
	name, _, ok := strings.Cut(line, ":")
	return ok && (headOnly(strings.ToLower(name)) || strings.HasPrefix(name, "X-") && !strings.Contains(name, " "))
}

func tellingField(line string) bool {
	name, _, _ := strings.Cut(line, ":")
	switch strings.ToLower(name) {
	case "received", "message-id", "mime-version", "return-path", "content-type", "x-mailer", "dkim-signature":
		return true
	}
	return false
}

func unquote(s string) string {
	if !strings.HasPrefix(s, ">") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, ">"), " ")
	}
	return strings.Join(lines, "\n")
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
