package replies

import "strings"

// ReadAny reads a mail of which nobody knows what it answers: notes of a one-to-one, orders
// and step updates are known by their form, everything else is read as an answer to an
// offer. Where c.Asked is set it is Read.
func ReadAny(text string, c Context) Reading {
	if c.Asked != AskedNothing || len(c.Offered) > 0 {
		return Read(text, c)
	}
	answer := Read(text, c)
	if answer.Kind == Never || answer.Kind == Away {
		return answer
	}
	as := func(a Asking) Reading {
		c.Asked = a
		return Read(text, c)
	}
	asks := strings.Contains(answer.Visible, "?")
	if d := as(AskedDebrief); d.Kind == Debrief && !asks && (len(d.Said) > 0 || d.NoSteps || d.Held != HeldYes || d.Next != nil) {
		return d
	}
	if o := as(AskedDigest); o.Kind == Command && o.Passed == "" && named(o.Orders) {
		return o
	}
	if answer.Kind != Unclear {
		return answer
	}
	if s := as(AskedSteps); s.Kind == StepUpdate && s.Passed == "" {
		return s
	}
	return answer
}

// named says that there are orders, and that each says whom it is about, or needs nobody.
func named(list []Order) bool {
	for _, o := range list {
		if o.Name == "" && o.Verb != OrderGo && o.Verb != OrderDigest && o.Verb != OrderPutBack && o.Verb != OrderCallOff {
			return false
		}
	}
	return len(list) > 0
}
