package replies

import "strings"

// nameAt reads a name of Context.Names, or Me, at token i: in full, the first name, or,
// where only one name is so near, with a letter wrong. n is how many tokens it takes; name
// is "" and n > 0 where several people are called so.
func (r *reader) nameAt(i int) (name string, n int) {
	if i >= len(r.toks) {
		return "", 0
	}
	for _, full := range r.named() {
		if k := r.spells(i, full); k > 1 {
			return full, k
		}
	}
	if name, hits := r.firstName(r.toks[i].word, 0); hits > 0 {
		if hits > 1 {
			return "", 1
		}
		return name, 1 + r.surname(name, i+1)
	}
	if len(r.c.Names) == 0 && r.toks[i].upper && r.ids[i] == 0 {
		end := i + 1 // nobody is known: a capitalised word that no list has is a name
		for end < len(r.toks) && end < i+3 && r.toks[end].upper && r.ids[end] == 0 && r.toks[end-1].after == space {
			end++
		}
		return r.words(i, end), end - i
	}
	w := r.toks[i].word
	if len(w) < 4 || r.x.ids[w] != 0 {
		return "", 0
	}
	if name, hits := r.firstName(w, 1+len(w)/8); hits == 1 {
		return name, 1 + r.surname(name, i+1)
	}
	return "", 0
}

func (r *reader) named() []string {
	if r.c.Me == "" {
		return r.c.Names
	}
	return append(r.c.Names[:len(r.c.Names):len(r.c.Names)], r.c.Me)
}

// firstName is the one whose first name (or any single name) is w, give or take most letters.
func (r *reader) firstName(w string, most int) (name string, hits int) {
	seen := map[string]bool{}
	for _, full := range r.named() {
		head, _, _ := strings.Cut(full, " ")
		f := foldWord(head)
		if seen[full] || f == "" {
			continue
		}
		if f == w || most > 0 && len(f) >= 4 && f[0] == w[0] && distance(f, w, most) <= most {
			seen[full] = true
			name = full
			hits++
		}
	}
	return name, hits
}

// surname is how many tokens from i on go on with the name.
func (r *reader) surname(name string, i int) int {
	n := 0
	for k, part := range strings.Fields(name) {
		if k == 0 {
			continue
		}
		if i+n < len(r.toks) && r.toks[i+n].word == foldWord(part) {
			n++
		}
	}
	return n
}

// others are the names that are not the writer's.
func (r *reader) others() []string {
	var out []string
	for _, n := range r.c.Names {
		if foldWord(n) != foldWord(r.c.Me) {
			out = append(out, n)
		}
	}
	return out
}

// me is how the writer is named as an owner.
func (r *reader) me() string {
	if r.c.Me == "" {
		return "me"
	}
	return r.c.Me
}
