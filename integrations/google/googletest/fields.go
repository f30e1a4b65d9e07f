package googletest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// mask is which fields of an answer are asked for: name → what of it; nil: all.
type mask map[string]mask

// masks are those read so far: clients ask for the same few in all their calls. They are never changed.
var masks sync.Map // by the text of "fields"

// parseFields reads "a,b(c,d/e)".
func parseFields(s string) (mask, error) {
	if m, ok := masks.Load(s); ok {
		return m.(mask), nil
	}
	m, rest, err := parseList(s)
	if err == nil && rest != "" {
		err = fmt.Errorf("%q is left over", rest)
	}
	if err == nil {
		masks.Store(s, m)
	}
	return m, err
}

func parseList(s string) (mask, string, error) {
	m := mask{}
	for {
		end := strings.IndexAny(s, ",()/")
		name := s
		if end >= 0 {
			name = s[:end]
		}
		if name == "" {
			return nil, s, errors.New("a name is missing")
		}
		s = s[len(name):]
		var below mask
		var err error
		switch {
		case strings.HasPrefix(s, "/"):
			below, s, err = parsePath(s[1:])
		case strings.HasPrefix(s, "("):
			if below, s, err = parseList(s[1:]); err == nil {
				if !strings.HasPrefix(s, ")") {
					return nil, s, errors.New("a bracket is not closed")
				}
				s = s[1:]
			}
		}
		if err != nil {
			return nil, s, err
		}
		m.add(name, below)
		if !strings.HasPrefix(s, ",") {
			return m, s, nil
		}
		s = s[1:]
	}
}

// parsePath reads what follows a slash: one name, with what is below it.
func parsePath(s string) (mask, string, error) {
	end := strings.IndexAny(s, ",()/")
	name := s
	if end >= 0 {
		name = s[:end]
	}
	if name == "" {
		return nil, s, errors.New("a name is missing")
	}
	s = s[len(name):]
	var below mask
	var err error
	switch {
	case strings.HasPrefix(s, "/"):
		below, s, err = parsePath(s[1:])
	case strings.HasPrefix(s, "("):
		if below, s, err = parseList(s[1:]); err == nil {
			if !strings.HasPrefix(s, ")") {
				return nil, s, errors.New("a bracket is not closed")
			}
			s = s[1:]
		}
	}
	return mask{name: below}, s, err
}

func (m mask) add(name string, below mask) {
	old, has := m[name]
	if !has {
		m[name] = below
		return
	}
	if old == nil || below == nil {
		m[name] = nil
		return
	}
	for n, b := range below {
		old.add(n, b)
	}
}

// apply cuts a value down to what is asked for.
func (m mask) apply(v any) any {
	if m == nil {
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = m.apply(x)
		}
		return out
	case obj:
		out := obj{}
		for name, below := range m {
			if name == "*" {
				for k, x := range v {
					out[k] = below.apply(x)
				}
				continue
			}
			if x, ok := v[name]; ok {
				out[name] = below.apply(x)
			}
		}
		return out
	}
	return v
}

// checkMask says whether every field asked for is in the document.
func (d *document) checkMask(m mask, s *schema) error {
	for s.Ref != "" || s.Type == "array" {
		if s.Ref != "" {
			s = d.Schemas[s.Ref]
		} else {
			s = s.Items
		}
	}
	for name, below := range m {
		p := s.Properties[name]
		if p == nil {
			p = s.AdditionalProperties
		}
		if p == nil && name != "*" {
			return fmt.Errorf("unknown field %q", name)
		}
		if below != nil && p != nil {
			if err := d.checkMask(below, p); err != nil {
				return err
			}
		}
	}
	return nil
}
