package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2/unstable"

	"indy/scheduler/slots"
)

// A binder fills the structs of file.go from a tree and tells every problem on the way.
type binder struct {
	problem func(place, string, ...any)
	nodes   map[any]*node       // the table that each struct was filled from, by pointer
	prefill func(any, *node)    // called with a fresh element of a list of tables
	where   map[string][]string // in which tables each key may stand, for hints
}

func newBinder(problem func(place, string, ...any)) *binder {
	return &binder{problem: problem, nodes: map[any]*node{}, where: keyPlaces()}
}

// at is where the key stands in the table that the struct was filled from, or where that
// table begins.
func (b *binder) at(of any, key string) place {
	n := b.nodes[of]
	if n == nil {
		return place{1, 1}
	}
	if m := n.members[key]; m != nil {
		return m.at
	}
	return n.key
}

// has says whether the key was given.
func (b *binder) has(of any, key string) bool {
	n := b.nodes[of]
	return n != nil && n.members[key] != nil
}

// A field is a key of a table.
type field struct {
	key   string
	value reflect.Value
	tag   reflect.StructTag
}

// fieldsOf lists the keys of a table, those of embedded structs among them.
func fieldsOf(v reflect.Value) (out []field) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			out = append(out, fieldsOf(v.Field(i))...)
			continue
		}
		out = append(out, field{f.Tag.Get("toml"), v.Field(i), f.Tag})
	}
	return out
}

// table fills the struct that p points to from n, and says which keys are unknown.
func (b *binder) table(p any, n *node) {
	b.nodes[p] = n
	fields := fieldsOf(reflect.ValueOf(p).Elem())
	var known []string
	for _, f := range fields {
		known = append(known, f.key)
		child := n.members[f.key]
		switch {
		case child != nil:
			b.field(f, child)
		case f.tag.Get("need") != "":
			b.problem(n.key, "%q is missing here", f.key)
		}
	}
	for _, key := range n.keys {
		if !slices.Contains(known, key) {
			b.unknown(key, n.members[key], known)
		}
	}
}

var secretKey = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)passw|passphrase|secret|token|api_?key|private_?key|access_?key`)
})

func (b *binder) unknown(key string, n *node, known []string) {
	if secretKey().MatchString(key) {
		b.problem(n.key, "%q looks like a secret, and secrets never stand in the config: remove it (sign in with \"indy login\")", key)
		return
	}
	if places := b.where[key]; len(places) > 0 {
		b.problem(n.key, "%q does not belong here, but under %s", key, strings.Join(places, " or "))
		return
	}
	b.problem(n.key, "there is no key %q here%s", key, didYouMean(key, known))
}

// keyPlaces lists for each key the headers under which it may stand.
func keyPlaces() map[string][]string {
	out := map[string][]string{}
	for _, t := range []struct {
		header string
		of     any
	}{{"[team]", &team{}}, {"[campaign]", &campaign{}}, {"[defaults]", &settings{}}, {"[[organizer]]", &organizer{}}, {"[[person]]", &person{}}} {
		for _, f := range fieldsOf(reflect.ValueOf(t.of).Elem()) {
			out[f.key] = append(out[f.key], t.header)
		}
	}
	return out
}

// field fills one key.
func (b *binder) field(f field, n *node) {
	t := f.value.Type()
	switch {
	case t.Kind() == reflect.Struct && !isScalar(t):
		if n.kind != unstable.Table {
			b.problem(n.at, "%q is a table: write [%s] on a line of its own, and its keys below", f.key, f.key)
			return
		}
		b.table(f.value.Addr().Interface(), n)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && !isScalar(t.Elem()):
		b.tables(f, n)
	case t.Kind() == reflect.Slice:
		b.list(f, n)
	default:
		b.scalar(f.key, f.value, f.tag, n)
	}
}

// tables fills a list of [[tables]].
func (b *binder) tables(f field, n *node) {
	elems := n.list
	switch n.kind {
	case unstable.Array:
	case unstable.Table:
		b.problem(n.key, "write [[%s]] with two brackets: there may be several", f.key)
		elems = []*node{n}
	default: // a word: told below
		elems = []*node{n}
	}
	good := make([]*node, 0, len(elems))
	for _, e := range elems {
		if e.kind != unstable.Table {
			b.problem(e.at, "%q is a list of tables: write [[%s]] on a line of its own, and its keys below", f.key, f.key)
			continue
		}
		good = append(good, e)
	}
	list := reflect.MakeSlice(f.value.Type(), len(good), len(good))
	for i, e := range good {
		p := list.Index(i).Addr().Interface()
		setDefaults(p)
		if b.prefill != nil {
			b.prefill(p, e)
		}
		b.table(p, e)
	}
	f.value.Set(list)
}

// list fills a list of words; one word alone is a list of one.
func (b *binder) list(f field, n *node) {
	elems := n.list
	if n.kind != unstable.Array {
		elems = []*node{n}
	}
	list := reflect.MakeSlice(f.value.Type(), 0, len(elems))
	for _, e := range elems {
		v := reflect.New(f.value.Type().Elem()).Elem()
		if b.scalar(f.key, v, f.tag, e) {
			list = reflect.Append(list, v)
		}
	}
	f.value.Set(list)
}

func isScalar(t reflect.Type) bool {
	switch reflect.Zero(t).Interface().(type) {
	case slots.Date, slots.DateRange, weekTime:
		return true
	}
	return false
}

// scalar fills one value and says whether it could.
func (b *binder) scalar(key string, v reflect.Value, tag reflect.StructTag, n *node) bool {
	err := checkKind(v, n)
	if err == nil {
		err = setWord(v, tag, n.text)
	}
	if err != nil {
		b.problem(n.at, "%s: %v", key, err)
		return false
	}
	return true
}

// checkKind says whether the value is of the kind of TOML that v wants.
func checkKind(v reflect.Value, n *node) error {
	wants, ok := "text in quotes", n.kind == unstable.String
	switch v.Interface().(type) {
	case bool:
		wants, ok = "true or false, without quotes", n.kind == unstable.Bool
	case int:
		wants, ok = "a whole number, without quotes", n.kind == unstable.Integer
	case time.Duration, days, silence:
		wants = `a length of time in quotes, as in "45m" or "6w"`
	case slots.Date, slots.DateRange:
		ok = ok || n.kind == unstable.LocalDate
	}
	if ok {
		return nil
	}
	switch n.kind {
	case unstable.Array, unstable.Table:
		return fmt.Errorf("this wants %s", wants)
	case unstable.String:
		return fmt.Errorf("this wants %s, not %q", wants, n.text)
	}
	return fmt.Errorf("this wants %s, not %s", wants, n.text)
}

// setWord reads the word into v by the type of v, and checks it against the tag.
func setWord(v reflect.Value, tag reflect.StructTag, word string) error {
	got, err := readWord(v.Interface(), word)
	if err != nil {
		return err
	}
	if words := tag.Get("oneof"); words != "" && !slices.Contains(strings.Split(words, "|"), word) {
		list := strings.Split(words, "|")
		return fmt.Errorf("%q is none of %s%s", word, quoted(list), didYouMean(word, list))
	}
	if err := inBounds(got, tag, word); err != nil {
		return err
	}
	v.Set(reflect.ValueOf(got))
	return nil
}

// readWord turns a word into a value of the type of like.
func readWord(like any, word string) (any, error) {
	switch like.(type) {
	case string:
		return word, oneLine(word)
	case text:
		return text(strings.TrimSpace(word)), nil
	case path:
		return path(word), oneLine(word)
	case address:
		a, err := parseAddress(word)
		return address(a), err
	case phone:
		p, err := parsePhone(word)
		return phone(p), err
	case bool:
		return word == "true", nil
	case int:
		n, err := strconv.ParseInt(strings.ReplaceAll(word, "_", ""), 0, 32)
		if err != nil {
			err = fmt.Errorf("%s is not a number that makes sense here", word)
		}
		return int(n), err
	case time.Duration:
		return ParseDuration(word)
	case days:
		return parseDays(word)
	case silence:
		return parseSilence(word)
	case clock:
		m, err := parseTime(word)
		return clock(m), err
	case weekTime:
		return parseWeekTime(word)
	case slots.Hours:
		return slots.ParseHours(word)
	case slots.Date:
		return slots.ParseDate(word)
	case slots.DateRange:
		return parseRange(word)
	case *time.Location:
		return parseZone(word)
	}
	panic(fmt.Sprintf("config: no words for %T", like))
}

func parseDays(word string) (days, error) {
	if word == "never" {
		return 0, nil
	}
	d, err := ParseDuration(word)
	if err == nil && d%day != 0 {
		err = fmt.Errorf("%q is not a number of whole days", word)
	}
	return days(d / day), err
}

func parseSilence(word string) (silence, error) {
	if word == "never" {
		return 0, nil
	}
	d, err := ParseDuration(word)
	if err == nil && d == 0 {
		err = fmt.Errorf("%q would let nobody say a word: write \"never\", or a time to wait", word)
	}
	return silence(d), err
}

// oneLine refuses what could become another line of a header, or play tricks on a reader.
func oneLine(s string) error {
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) >= 0 {
		return fmt.Errorf("%q has a line break or control character in it", s)
	}
	return nil
}

func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strconv.Quote(w)
	}
	return strings.Join(out, ", ")
}

// inBounds checks a length of time or a number against the tags min and max.
func inBounds(v any, tag reflect.StructTag, word string) error {
	least, most := tag.Get("min"), tag.Get("max")
	if least == "" && most == "" {
		return nil
	}
	n, ok := measure(v)
	if !ok {
		return nil
	}
	bound := func(s string) int64 {
		w, err := readWord(v, s)
		if err != nil {
			panic(err)
		}
		m, _ := measure(w)
		return m
	}
	switch {
	case least != "" && most != "" && (n < bound(least) || n > bound(most)):
		return fmt.Errorf("%s is out of bounds: from %s to %s", word, least, most)
	case least != "" && n < bound(least):
		return fmt.Errorf("%s is too little: at least %s", word, least)
	case most != "" && n > bound(most):
		return fmt.Errorf("%s is too much: at most %s", word, most)
	}
	return nil
}

func measure(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case time.Duration:
		return int64(n), true
	case days:
		return int64(n), true
	case silence:
		return int64(n), n > 0 // "never" is within any bounds
	}
	return 0, false
}

// setDefaults gives every key of the struct that p points to the default of its tag, in
// tables within it as well.
func setDefaults(p any) {
	for _, f := range fieldsOf(reflect.ValueOf(p).Elem()) {
		if t := f.value.Type(); t.Kind() == reflect.Struct && !isScalar(t) {
			setDefaults(f.value.Addr().Interface())
			continue
		}
		if word, ok := f.tag.Lookup("default"); ok {
			if err := setWord(f.value, f.tag, word); err != nil {
				panic(fmt.Sprintf("config: default of %s: %v", f.key, err))
			}
		}
	}
}
