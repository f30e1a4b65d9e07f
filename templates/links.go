package templates

import (
	"net/url"
	"strings"
)

// mailto is a link that opens an answer, ready to be sent (RFC 6068). The text of the
// answer is plain words, so that it is read like any other answer; the token tells which
// mail it answers where a mail client drops In-Reply-To.
func mailto(address, subject, words, token string) string {
	body := words + "\r\n\r\n(ref " + token + ")" // RFC 6068 5: line breaks are %0D%0A
	return "mailto:" + escape(address, "@") + "?subject=" + escape(subject, "") + "&body=" + escape(body, "")
}

// escape percent-encodes everything but RFC 3986's unreserved characters and those of
// keep. RFC 6068 2 allows a few more, which some clients get wrong.
func escape(s, keep string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~", c) >= 0, strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// answerSubject is the subject of an answer to a mail with this one.
func answerSubject(subject string) string {
	if len(subject) >= 3 && strings.EqualFold(subject[:3], "re:") {
		return subject
	}
	return "Re: " + subject
}

// telLink is a number that a phone can dial (RFC 3966); "" when there is none in it.
func telLink(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if len(digits) < 5 || strings.LastIndex(digits, "+") > 0 {
		return ""
	}
	return "tel:" + digits
}

// webLink is s if it is an address of the web that may stand in a mail, else "".
func webLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return u.String()
}
