package replies

import "strings"

// label is what a line of a quoted mail's header says.
type label uint8

const (
	noLabel   label = 0
	labelFrom label = 1 << iota
	labelSent
	labelTo
	labelSubject
	labelOther
)

// headerBlock recognises the "From: / Sent: / To: / Subject:" that clients put above a
// quoted mail, at line i, and says how many lines it takes; 0 for none.
func (p *parts) headerBlock(i int) int {
	lines := p.lines
	if i >= len(lines) {
		return 0
	}
	first := p.labelOf(lines[i])
	if first == noLabel || first == labelOther {
		return 0
	}
	var seen label
	at, end := false, i
	for j := i; j < len(lines) && j < i+14; j++ {
		l := lines[j]
		if strings.TrimSpace(l) == "" {
			if j+1 < len(lines) && p.labelOf(lines[j+1]) != noLabel && j < i+8 {
				continue // some clients double the line breaks
			}
			break
		}
		k := p.labelOf(l)
		if k == noLabel && j > end+2 {
			break
		}
		if k != noLabel {
			seen |= k
			end = j
		}
		at = at || strings.Contains(l, "@")
	}
	switch {
	case seen&labelFrom != 0 && seen&(labelSent|labelSubject) != 0:
	case seen&labelSent != 0 && seen&labelTo != 0 && at:
	case seen&labelSent != 0 && seen&labelSubject != 0 && at:
	default:
		return 0
	}
	return end - i + 1
}

// labelOf reads the label that a line begins with, through the marks of bold text.
func (p *parts) labelOf(l string) label {
	j := strings.IndexByte(l, ':')
	if j < 0 && !p.wide {
		return noLabel
	}
	s := withoutLead(l, " \t*>_|")
	if j = strings.IndexByte(s, ':'); j < 0 {
		if j = strings.Index(s[:min(len(s), 48)], "："); j < 0 {
			return noLabel
		}
	}
	if j == 0 || j > 40 {
		return noLabel
	}
	return quoteLabels()[strings.ToLower(strings.TrimRight(s[:j], " *_"))]
}
