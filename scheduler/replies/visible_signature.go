package replies

import "strings"

// dropSignature removes what follows the signature mark ("-- ", RFC 3676 4.3), phone
// footers and disclaimers. Greetings and a name at the end stay: they were written.
func (p *parts) dropSignature() {
	kept := p.keptLines()
	for n, i := range kept {
		l := strings.TrimSpace(p.lines[i])
		if l == "" || p.gone[i] {
			continue
		}
		switch {
		case isSignatureMark(p.lines[i]) && p.shortTail(kept[n+1:]):
			p.dropKept(kept[n:])
			return
		case isFooter(l):
			p.drop(i, i+1)
		case !isLegal(l):
		case n == firstText(p, kept) && p.dropBanner(kept[n:]):
		case n == 0 || strings.TrimSpace(p.lines[kept[n-1]]) == "" || isMark(p.lines[kept[n-1]]):
			p.dropKept(kept[n:])
			p.dropDanglingRules()
			return
		}
	}
	p.dropDanglingRules()
}

// firstText is which of the kept lines is the first with words.
func firstText(p *parts, kept []int) int {
	for n, i := range kept {
		if p.lines[i] != "" {
			return n
		}
	}
	return len(kept)
}

// dropBanner drops the paragraph that a firm's gateway puts above a mail; false where
// nothing follows it.
func (p *parts) dropBanner(kept []int) bool {
	end := 0
	for end < len(kept) && p.lines[kept[end]] != "" {
		end++
	}
	for _, i := range kept[end:] {
		if p.lines[i] != "" {
			p.dropKept(kept[:end])
			return true
		}
	}
	return false
}

func (p *parts) keptLines() []int {
	p.kept = p.kept[:0]
	for i := range p.lines {
		if !p.gone[i] {
			p.kept = append(p.kept, i)
		}
	}
	return p.kept
}

func (p *parts) dropKept(kept []int) {
	for _, i := range kept {
		p.gone[i] = true
	}
}

// isSignatureMark is a line of its own that sets off a signature.
func isSignatureMark(l string) bool {
	switch strings.TrimSpace(l) {
	case "--", "---", "—", "––", "__", "___", "*--*", "-—", "–", "-- -":
		return true
	}
	return false
}

func isMark(l string) bool {
	s := strings.TrimSpace(l)
	return s != "" && strings.Trim(s, "-_=*— ") == ""
}

// shortTail says that what follows a mark is as short as signatures are.
func (p *parts) shortTail(kept []int) bool {
	n := 0
	for _, i := range kept {
		if p.lines[i] != "" {
			n++
		}
		if n > 25 {
			return false
		}
	}
	return true
}

// isFooter is what a phone or a web mailer adds of its own accord.
func isFooter(l string) bool {
	if len(l) > 120 {
		return false
	}
	if l == "ᐧ" {
		return true // what a tracker leaves
	}
	low := withoutLead(l, "*_<>[]() -~")
	for strings.HasPrefix(low, "—") {
		low = withoutLead(low[len("—"):], "*_<>[]() -~")
	}
	if !quoteIndexes().sentFrom.may(low) {
		return false
	}
	if lowerByte(low[0]) != 'v' && !quoteIndexes().sentFrom.beginFold(low) {
		return false
	}
	low = strings.ToLower(strings.TrimRight(low, "*_<>[]() -—~"))
	if quoteIndexes().sentFrom.begin(low) {
		return len(strings.Fields(low)) <= 12
	}
	return strings.HasSuffix(low, "gesendet") && strings.HasPrefix(low, "von ")
}

// isLegal is how a disclaimer begins.
func isLegal(l string) bool {
	low := withoutLead(l, "*_-=#> ")
	return len(low) >= 10 && quoteIndexes().legal.beginFold(low[:min(len(low), maxOpening)])
}

// dropDanglingRules removes lines of dashes that now end the text.
func (p *parts) dropDanglingRules() {
	for i := len(p.lines) - 1; i >= 0; i-- {
		if p.gone[i] || p.lines[i] == "" {
			continue
		}
		if !isMark(p.lines[i]) {
			return
		}
		p.gone[i] = true
	}
}
