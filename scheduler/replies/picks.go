package replies

// narrow lets picks choose among what other words fit: "the later one on Tuesday".
func (r *reader) narrow(s *sense) {
	for _, list := range [][]*ref{s.yes, s.no} {
		for _, f := range list {
			if !f.narrows {
				continue
			}
			from := r.all()
			for _, g := range s.yes {
				if s.cs[g.clause].sentence == s.cs[f.clause].sentence && !g.narrows && g.ordinal == 0 && len(g.slots) > 0 && g.polarity == f.polarity {
					from = intersect(from, g.slots)
				}
			}
			f.slots = r.picked(f, from, s)
			f.why = quoted(r.words(f.at, f.at+1))
		}
	}
	for _, f := range s.mentions {
		if f.narrows {
			f.slots = r.picked(f, r.all(), s)
		}
	}
}

func (r *reader) all() []int {
	out := make([]int, len(r.c.Offered))
	for i := range out {
		out[i] = i
	}
	return out
}

func intersect(a, b []int) []int {
	var out []int
	for _, x := range a {
		for _, y := range b {
			if x == y {
				out = append(out, x)
				break
			}
		}
	}
	return out
}

func union(a, b []int) []int {
	out := append([]int(nil), a...)
	for _, y := range b {
		if len(intersect(out, []int{y})) == 0 {
			out = append(out, y)
		}
	}
	return out
}

// picked are the slots among from that a pick means.
func (r *reader) picked(f *ref, from []int, s *sense) []int {
	if len(from) == 0 {
		return nil
	}
	earliest, latest := from[0], from[0]
	for _, k := range from {
		if r.c.Offered[k].From.Before(r.c.Offered[earliest].From) {
			earliest = k
		}
		if r.c.Offered[k].From.After(r.c.Offered[latest].From) {
			latest = k
		}
	}
	hours := func(a, b int) []int {
		var out []int
		for _, k := range from {
			if h := r.c.Offered[k].From.In(r.c.Zone).Hour(); h >= a && h < b {
				out = append(out, k)
			}
		}
		return out
	}
	switch f.pick {
	case pickFirst:
		return []int{from[0]}
	case pickLast:
		if last := from[len(from)-1]; last != latest {
			return []int{last, latest}
		}
		return []int{latest}
	case pickEarlier:
		return []int{earliest}
	case pickLater:
		if len(from) > 2 {
			return nil // later than which?
		}
		return []int{latest}
	case pickOther:
		if len(from) == 3 {
			return []int{from[1]}
		}
		return nil
	case pickMorning:
		return hours(0, 12)
	case pickAfternoon:
		return hours(12, 17)
	case pickEvening:
		return hours(17, 24)
	}
	return nil
}
