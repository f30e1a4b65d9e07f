package replies

import "strings"

// Token finds the reference that a tap-to-answer link puts into the body of the mail it
// opens: a line of the writer's own with "(ref XXXXXXXX)", 8 to 16 characters of a–z and
// 2–7 (RFC 4648 base32, lower case). Quoted lines do not count, so that a forwarded offer
// does not answer itself. It is "" where there is none, or where two differ.
func Token(text string) string {
	found := ""
	for _, l := range splitLines(text) {
		if isQuoted(l) {
			continue
		}
		for {
			j := strings.Index(l, "(ref ")
			if j < 0 {
				break
			}
			l = l[j+len("(ref "):]
			k := strings.IndexByte(l[:min(len(l), 17)], ')')
			if k < 0 {
				continue
			}
			if ref := l[:k]; isToken(ref) {
				if found != "" && found != ref {
					return ""
				}
				found = ref
			}
		}
	}
	return found
}

func isToken(s string) bool {
	if len(s) < 8 || len(s) > 16 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// withoutToken is text without its references, which mean nothing as words.
func withoutToken(text string) string {
	if !strings.Contains(text, "(ref ") {
		return text
	}
	var b strings.Builder
	for {
		j := strings.Index(text, "(ref ")
		if j < 0 {
			break
		}
		k := strings.IndexByte(text[j:min(len(text), j+len("(ref ")+17)], ')')
		if k < 0 || !isToken(text[j+len("(ref "):j+k]) {
			b.WriteString(text[:j+1])
			text = text[j+1:]
			continue
		}
		b.WriteString(text[:j])
		text = text[j+k+1:]
	}
	return b.String() + text
}
