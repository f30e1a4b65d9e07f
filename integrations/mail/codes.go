package mail

import "strings"

// statusCode finds the first enhanced status code (RFC 3463 2): a class of 2, 4 or 5, and
// two numbers of up to three digits. Four numbers are an IP address or a version.
func statusCode(s string) string {
	s = clip(s, 8<<10)
	for i := 0; i+4 < len(s); i++ {
		if c := s[i]; c != '2' && c != '4' && c != '5' || s[i+1] != '.' {
			continue
		}
		if i > 0 && (s[i-1] == '.' || digit(s[i-1])) {
			continue
		}
		subject := digits(s[i+2:])
		j := i + 2 + subject
		if subject == 0 || subject > 3 || j >= len(s) || s[j] != '.' {
			continue
		}
		detail := digits(s[j+1:])
		end := j + 1 + detail
		if detail == 0 || detail > 3 || end+1 < len(s) && s[end] == '.' && digit(s[end+1]) {
			continue
		}
		return s[i:end]
	}
	return ""
}

// replyCode finds the first SMTP reply code of failure (RFC 5321 4.2.1), a word by itself:
// its class, and where it stands, or -1.
func replyCode(s string) (class string, at int) {
	for i := 0; i+3 <= len(s); i++ {
		if c := s[i]; c != '4' && c != '5' || !digit(s[i+1]) || s[i+1] > '5' || !digit(s[i+2]) {
			continue
		}
		if i > 0 && strings.IndexByte(" \t\n:(<\"'#", s[i-1]) < 0 || i+3 < len(s) && strings.IndexByte(" \t\n-)#>:,", s[i+3]) < 0 {
			continue
		}
		return s[i : i+1], i
	}
	return "", -1
}

// statusIn is the enhanced status code in some words, or else the class of a reply code.
func statusIn(words string) string {
	if c := statusCode(words); c != "" && c[0] != '2' {
		return c
	}
	if class, at := replyCode(clip(words, 8<<10)); at >= 0 {
		return class + ".0.0"
	}
	return ""
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}

const maxFound = 16 // addresses in one line

// mailboxes are the addresses in a line of words. A quoted local part is taken as well.
func mailboxes(line string) []string {
	line = clip(line, 4096)
	var found []string
	for from := 0; len(found) < maxFound; {
		at := strings.IndexByte(line[from:], '@')
		if at < 0 {
			return found
		}
		at += from
		from = at + 1
		start, end := localStart(line, at), domainEnd(line, at+1)
		if start == at || end == at+1 {
			continue
		}
		if addr := line[start:end]; !has(found, addr) {
			found = append(found, addr)
		}
		from = end
	}
	return found
}

func has(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// localStart is where the local part that ends at at begins; at itself when there is none.
func localStart(s string, at int) int {
	if at > 1 && s[at-1] == '"' {
		if open := strings.LastIndexByte(s[max(0, at-66):at-1], '"'); open >= 0 {
			if open += max(0, at-66); !strings.ContainsAny(s[open+1:at-1], "@ \t") && open+1 < at-1 {
				return open
			}
		}
	}
	i := at
	for i > 0 && at-i < 256 && localChar(s[i-1]) {
		i--
	}
	for i < at && s[i] == '.' {
		i++
	}
	return i
}

func localChar(c byte) bool {
	return c >= 0x80 || digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// domainEnd is where the domain that begins at start ends; start itself when there is none.
func domainEnd(s string, start int) int {
	i := start
	for i < len(s) && (s[i] >= 0x80 || digit(s[i]) || s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] == '-' || s[i] == '.' || s[i] == '_') {
		i++
	}
	for i > start && (s[i-1] == '.' || s[i-1] == '-' || s[i-1] == '_') {
		i--
	}
	if i > start && (s[start] == '.' || s[start] == '-') {
		return start
	}
	return i
}
