package mail

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"indy/scheduler"
)

const maxGroups = 200 // recipients of one report

// A delivery is what a report says of one recipient.
type delivery struct {
	final     string // where the mail system tried to deliver it
	original  string // where it was sent (RFC 3464 2.3.1), where that is another address
	action    string // failed, delayed, delivered, relayed, expanded (RFC 3464 2.3.3)
	status    string // RFC 3463
	diagnosis string // the words of the mail system that refused it
	sure      bool   // the words leave no doubt that it is about final
	prose     string // what the report says around them, as phrases are written
}

// readStatus reads message/delivery-status (RFC 3464 2.1): groups of fields parted by
// blank lines, the first for the message, each other for a recipient. Reports in which the
// recipient stands in the first group, or all in one, are read too.
func readStatus(content []byte) []delivery {
	var found []delivery
	for _, group := range blocks(content) {
		h, _ := splitHead(append(group, '\n'))
		d := delivery{
			final:    recipient(h.get("Final-Recipient")),
			original: recipient(h.get("Original-Recipient")),
			action:   firstWord(h.get("Action")),
			status:   statusCode(h.get("Status")),
		}
		d.diagnosis = diagnosis(h, d.final)
		if d.final == "" {
			d.final, d.original = d.original, ""
		}
		if d.final == "" {
			d.final = recipient(h.get("X-Actual-Recipient"))
		}
		if d.final == "" && d.action == "" && d.status == "" {
			continue
		}
		if strings.EqualFold(d.final, d.original) {
			d.original = ""
		}
		if found = append(found, d); len(found) == maxGroups {
			break
		}
	}
	return found
}

// blocks cuts at blank lines. It is not textproto.ReadHeader in a loop, which answers an
// empty header without an error for ever once the input ends.
func blocks(b []byte) [][]byte {
	var found [][]byte
	for pos := 0; pos < len(b) && len(found) <= maxGroups; {
		line, next := cutLine(b, pos)
		if len(bytes.TrimSpace(line)) == 0 {
			pos = next
			continue
		}
		start := pos
		for pos < len(b) {
			line, next = cutLine(b, pos)
			if len(bytes.TrimSpace(line)) == 0 {
				break
			}
			pos = next
		}
		found = append(found, bytes.Clone(b[start:pos]))
	}
	return found
}

// recipient reads "rfc822; ana@example.net" (RFC 3464 2.3.2). Other address types are not
// addresses of mail.
func recipient(v string) string {
	kind, addr, typed := strings.Cut(v, ";")
	if !typed {
		addr = kind
		kind = "rfc822"
	}
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "rfc822", "utf-8", "local", "smtp", "internet", "":
	default:
		if !strings.Contains(addr, "@") {
			return ""
		}
	}
	addr = unxtext(header(addr))
	if found := mailboxes(addr); len(found) > 0 {
		return found[0]
	}
	return ""
}

// unxtext undoes xtext (RFC 3461 4) where a report kept it by mistake: only the two
// characters that it must encode in an address, so that "ana+news@example.net" stays.
func unxtext(s string) string {
	s = strings.ReplaceAll(s, "+2B", "+")
	s = strings.ReplaceAll(s, "+3D", "=")
	if !strings.Contains(s, `\x{`) {
		return s
	}
	return unicodeXtext().ReplaceAllStringFunc(s, func(m string) string { // RFC 6533 3
		n, err := strconv.ParseUint(m[3:len(m)-1], 16, 21)
		if err != nil || n < 0x20 {
			return m
		}
		return string(rune(n))
	})
}

var unicodeXtext = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\x\{[0-9A-Fa-f]{2,6}\}`)
})

// diagnosis is the words with which the mail was refused (RFC 3464 2.3.6), of the fields
// that mail systems put them in. Where there are several, those that name the recipient
// are about it.
func diagnosis(h fields, addr string) string {
	var words, about []string
	for _, name := range []string{"Diagnostic-Code", "X-Diagnostic-Code", "X-Supplementary-Info", "X-SPF-Error", "X-Notes", "X-Display-Name"} {
		for _, v := range h.all(name) {
			if len(v) > 4096 {
				v = v[:4096]
			}
			if v = header(v); v != "" {
				words = append(words, v)
				if addr != "" && strings.Contains(strings.ToLower(v), strings.ToLower(addr)) {
					about = append(about, v)
				}
			}
		}
	}
	if len(about) > 0 {
		words = about
	}
	if s := h.get("Status"); strings.ContainsAny(s, " (") {
		words = append(words, s) // "5.1.1 (user unknown)"
	}
	return strings.Join(words, "\n")
}

func firstWord(v string) string {
	for i, r := range v {
		if r == ' ' || r == '\t' || r == '(' || r == ';' {
			return strings.ToLower(v[:i])
		}
	}
	return strings.ToLower(v)
}

// bounces makes of deliveries what the scheduler needs: those that failed or wait. The
// address that was written to is named beside the one at which delivery failed, since a
// mail may have been forwarded.
func bounces(ds []delivery, messageID string) []scheduler.Bounce {
	var found []scheduler.Bounce
	add := func(addr string, d delivery) {
		for i, b := range found {
			if strings.EqualFold(b.Recipient, addr) {
				found[i].Permanent = b.Permanent || permanent(d)
				return
			}
		}
		found = append(found, scheduler.Bounce{Recipient: addr, Status: codeOf(d), Permanent: permanent(d), MessageID: messageID})
	}
	for _, d := range ds {
		if arrived(d) {
			continue
		}
		add(d.final, d)
		if d.original != "" {
			add(d.original, d)
		}
	}
	return found
}

func arrived(d delivery) bool {
	switch d.action {
	case "delivered", "relayed", "expanded":
		return true
	case "":
		return strings.HasPrefix(d.status, "2.")
	}
	return false
}

// codeOf is the most telling status: a mail system's own one over the report's "5.0.0".
func codeOf(d delivery) string {
	if d.status == "" || strings.HasSuffix(d.status, ".0.0") {
		if c := statusCode(d.diagnosis); c != "" && c[0] != '2' && (d.status == "" || c[0] == d.status[0]) && !strings.HasSuffix(c, ".0.0") {
			return c
		}
	}
	return d.status
}
