package ical

import "bytes"

// attrs are the parameters of a property that matter to busy times, as written.
type attrs struct{ tzid, kind, scope, partStat, fbType, email []byte }

// split takes a line apart after its name, which is name bytes long. ok is false when there
// is no value.
func split(l []byte, name int) (a attrs, value []byte, ok bool) {
	if l[name] == ':' {
		return a, l[name+1:], true
	}
	if rest := l[name+1:]; len(rest) > 5 && string(rest[:5]) == "TZID=" && rest[5] != '"' { // most lines are so
		for i, c := range rest {
			if c == ';' {
				break
			}
			if c == ':' {
				return attrs{tzid: rest[5:i]}, rest[i+1:], true
			}
		}
	}
	i := name
	for i >= 0 && i < len(l) && l[i] == ';' {
		l = l[i+1:]
		eq := bytes.IndexAny(l, "=;:")
		if eq < 0 {
			return a, nil, false
		}
		if l[eq] != '=' { // a parameter without a value
			i = eq
			continue
		}
		name := l[:eq]
		l = l[eq+1:]
		var v []byte
		v, i = attr(l)
		switch {
		case is(name, "TZID"):
			a.tzid = v
		case is(name, "VALUE"):
			a.kind = v
		case is(name, "RANGE"):
			a.scope = v
		case is(name, "PARTSTAT"):
			a.partStat = v
		case is(name, "FBTYPE"):
			a.fbType = v
		case is(name, "EMAIL"):
			a.email = v
		}
	}
	if i < 0 || i >= len(l) {
		return a, nil, false
	}
	return a, l[i+1:], true
}

// attr reads a parameter's value and says where it ends.
func attr(l []byte) (v []byte, n int) {
	if len(l) > 0 && l[0] == '"' {
		end := bytes.IndexByte(l[1:], '"')
		if end < 0 {
			return l[1:], len(l)
		}
		v, n = l[1:1+end], end+2
		for n < len(l) && l[n] != ';' && l[n] != ':' { // a list of quoted values
			if l[n] == '"' {
				skip := bytes.IndexByte(l[n+1:], '"')
				if skip < 0 {
					return v, len(l)
				}
				n += skip + 1
			}
			n++
		}
		return v, n
	}
	n = bytes.IndexAny(l, ";:")
	if n < 0 {
		return l, len(l)
	}
	return l[:n], n
}
