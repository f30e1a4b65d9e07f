package mail

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"golang.org/x/net/publicsuffix"
)

// Aligned says whether the receiving server found that the mail was signed by the domain
// in From (RFC 7489 3.1.1, relaxed). head is the raw head of the mail. authservID is how
// the one trusted server names itself in Authentication-Results (RFC 8601 2.5); only its
// topmost field counts, since it takes off what others wrote in its name (RFC 8601 5).
//
// It answers false whenever anything is missing, unclear or there twice.
func Aligned(head []byte, authservID string) bool {
	h, _ := splitHead(trimEnvelope(mendLines(head)))
	froms := h.all("From")
	if authservID == "" || len(froms) != 1 {
		return false
	}
	from := addresses(froms[0])
	if len(from) != 1 {
		return false
	}
	_, domain, ok := cutLast(from[0].Addr, "@")
	if !ok {
		return false
	}
	for _, v := range h.all("Authentication-Results") {
		id, results, err := authres.Parse(withoutComments(v))
		if !strings.EqualFold(id, authservID) {
			continue
		}
		return err == nil && signedBy(results, domain)
	}
	return false
}

func signedBy(results []authres.Result, domain string) bool {
	for _, r := range results {
		d, ok := r.(*authres.DKIMResult)
		if !ok || d.Value != authres.ResultPass {
			continue
		}
		signer := d.Domain // header.d; Gmail writes header.i alone
		if signer == "" {
			_, signer, _ = cutLast(d.Identifier, "@")
		}
		if sameOrganization(signer, domain) {
			return true
		}
	}
	return false
}

// sameOrganization compares organizational domains (RFC 7489 3.2). A public suffix has
// none: "co.uk" signs for nobody.
func sameOrganization(a, b string) bool {
	a, b = strings.ToLower(strings.TrimSuffix(a, ".")), strings.ToLower(strings.TrimSuffix(b, "."))
	if a == "" || b == "" {
		return false
	}
	orgA, errA := publicsuffix.EffectiveTLDPlusOne(a)
	orgB, errB := publicsuffix.EffectiveTLDPlusOne(b)
	return errA == nil && errB == nil && orgA == orgB
}

// withoutComments takes out comments and quoted strings (RFC 5322 3.2.2, 3.2.4). The
// sender has a hand in both, and authres cuts at every semicolon, those within included.
func withoutComments(v string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	if quoted || depth > 0 {
		return "" // never closed: nothing in it can be relied on
	}
	return b.String()
}
