package replies

import (
	"strings"
)

// besides adds what a mail says beyond its time: how and where to meet, a number to call,
// another address, and questions that the organizer should see.
func (r *reader) besides(s *sense, out *Reading) {
	if out.Kind == Never || out.Kind == Away {
		return
	}
	r.modeAndPlace(s, out)
	out.Phone = r.phoneNumber(s)
	if s.flags[address] {
		out.Address = r.emailAddress()
	}
	said := r.remarks(s)
	out.Told = r.told(s, said)
	if out.Kind == Unclear || out.Kind == Question {
		return
	}
	out.Passed = r.passed(s, said)
	if out.Passed != "" && out.Kind == Choose {
		out.Why = append(out.Why, "they also say something that you should see")
	}
}

func (r *reader) modeAndPlace(s *sense, out *Reading) {
	for i := range s.cs {
		c := &s.cs[i]
		neg := c.any(bad, not, no)
		switch {
		case (c.has(phone) || c.has(callMe)) && !neg && !c.has(inPerson):
			out.Mode = "phone"
		case c.has(inPerson) && !neg && !c.has(phone):
			out.Mode = "in person"
		}
		for n, it := range c.items {
			if it.sign == place && !neg && out.Place == "" {
				out.Place = r.placeAfter(c, n)
			}
		}
	}
}

// placeAfter is the place that the words after item n name.
func (r *reader) placeAfter(c *clause, n int) string {
	from := c.items[n].to
	to := from
	for _, it := range c.items[n+1:] {
		if it.ref != nil || it.sign != unknown && it.sign != filler {
			break
		}
		to = it.to
	}
	words := r.words(from, to)
	for _, tail := range []string{" instead", " please"} {
		words = strings.TrimSuffix(words, tail)
	}
	return strings.TrimSpace(words)
}

// phoneNumber is a number to call: at least seven digits in one run of digits, spaces
// and the marks of phone numbers.
func (r *reader) phoneNumber(s *sense) string {
	if !s.flags[callMe] && !s.flags[phone] {
		return ""
	}
	for i, j := range phones(r.full) {
		return strings.Trim(r.full[i:j], " .-/")
	}
	return ""
}

// emailAddress is the first address in the text.
func (r *reader) emailAddress() string {
	if strings.IndexByte(r.full, '@') < 0 {
		return ""
	}
	for w := range strings.FieldsSeq(r.full) {
		w = strings.Trim(w, "<>()[],.;:!?\"'")
		w = strings.TrimPrefix(w, "mailto:")
		if at := strings.IndexByte(w, '@'); at > 0 && strings.Contains(w[at:], ".") && len(w) < 255 {
			return w
		}
	}
	return ""
}

func mark(question bool) string {
	if question {
		return "?"
	}
	return "."
}
