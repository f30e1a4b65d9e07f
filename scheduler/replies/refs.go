package replies

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"indy/scheduler/replies/when"
	"indy/scheduler/slots"
)

// numberAt reads "2", "#2", "option 2", "the second one" at token i. over is how many
// tokens a time covers that begins there: a number within a longer time is none.
func (r *reader) numberAt(i, over int) (*ref, int) {
	k := i
	said := false // "option": surely no time of day
	for k < len(r.toks) && k < i+2 {
		if n, s := r.x.match(aboutTimes, r.ids, r.toks, k, min(k+2, len(r.toks))); s == option && n > 0 {
			said = true
			k += n
			continue
		}
		if !said && k == i && over > 0 && r.isArticle(k) {
			k++
			continue
		}
		break
	}
	if k >= len(r.toks) || (k > i && !said && over == 0) {
		return nil, 0
	}
	num, ordinal := r.number(r.toks[k].word)
	if over == 1 && num > 0 && !ordinal && num <= len(r.c.Offered) && (i == 0 || !r.x.clock[r.toks[i-1].word] || r.toks[i-1].after != space) {
		over = 0 // "2 or 3": options, or hours
	}
	if num == 0 || num > 31 || over > k-i+1 || over > 0 && (!ordinal || num > len(r.c.Offered)) {
		return nil, 0
	}
	end := k + 1
	if end < len(r.toks) && r.toks[k].after == space {
		if n, s := r.x.match(aboutTimes, r.ids, r.toks, end, min(end+2, len(r.toks))); s == option {
			said, end = true, end+n
		} else if r.isOne(end) {
			said, end = said || ordinal, end+1
		}
	}
	// "one" and "second" as plain words are no numbers: "the one about", "in a second".
	if !isDigit(r.toks[k].word[0]) && !said && !ordinal && (len(r.toks) > 3 || k > 0 && r.isWeekday(r.toks[k-1].word)) {
		return nil, 0
	}
	f := &ref{ordinal: num, at: i}
	r.fitNumber(f, said, ordinal, num <= len(r.c.Offered) && (len(r.toks) <= 2 || k == 0 && r.toks[k].after != space))
	return f, end - i
}

// moves says that a number after such words is where a meeting goes to: "push it to 5".
func moves(s sign) bool { return s == move || s == propose || s == pickVerb || s == good }

// hourAt reads the bare number of f, at token i, as a time of day of the meeting; nil where
// it cannot be one.
func (r *reader) hourAt(i int, f *ref) *ref {
	if len(f.found) > 0 || f.ordinal == 0 || !isDigit(r.toks[i].word[0]) {
		return nil
	}
	words := r.x.atHour + " " + r.toks[i].word
	found := when.Find(words, when.Times{Now: r.c.Sent, Zone: r.c.Zone, Language: r.x.code, DayFirst: r.c.DayFirst, Around: r.around()})
	if len(found) == 0 || !isPoint(found[0]) {
		return nil
	}
	return &ref{found: found, at: i, why: quoted(r.words(i, i+1))}
}

// isArticle is a short word that may stand before an ordinal: "the", "el".
func (r *reader) isArticle(k int) bool { return r.x.articles[r.toks[k].word] }

// isOne is the word that stands for a slot after an ordinal: "the second one".
func (r *reader) isOne(k int) bool { return r.x.ones[r.toks[k].word] }

// number reads digits, number words and ordinals.
func (r *reader) number(w string) (n int, ordinal bool) {
	if w == "" || !isDigit(w[0]) && !r.x.counts.may(w) {
		return 0, false
	}
	if n := r.x.ordinals[w]; n > 0 {
		return n, true
	}
	if n := r.x.numbers[w]; n > 0 {
		return n, false
	}
	if len(w) > 2 || !isDigit(w[0]) {
		if len(w) > 2 && len(w) <= 4 && isDigit(w[0]) && w[0] != '0' {
			d := strings.TrimRight(w, "sthndraoe")
			if n, err := strconv.Atoi(d); err == nil && len(d) < len(w) {
				return n, true
			}
		}
		return 0, false
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		return 0, false
	}
	return n, false
}

// fitNumber finds the slots that a number may mean: the one of that number, and, where
// the words leave it open, those at that hour or on that day of the month.
func (r *reader) fitNumber(f *ref, said, ordinal, alone bool) {
	n := f.ordinal
	if n <= len(r.c.Offered) {
		f.slots = append(f.slots, n-1)
	}
	f.why = "option " + itoa(n)
	if said || alone && !ordinal {
		return
	}
	defer func() { f.ambiguous = len(f.slots) > 1 }()
	for k, o := range r.c.Offered {
		at := o.From.In(r.c.Zone)
		switch {
		case k == n-1:
		case ordinal && at.Day() == n && !r.feminine(f):
			f.slots = append(f.slots, k)
			f.why = fmt.Sprintf("%d could be the option or the day of the month", n)
		case !ordinal && n > len(r.c.Offered) && at.Day() == n, // "11": at eleven, or on the 11th
			!ordinal && (at.Hour()+11)%12+1 == n && at.Minute() == 0 && !r.masculine(f):
			f.slots = append(f.slots, k)
			if len(f.slots) > 1 {
				f.why = fmt.Sprintf("%d could be the option or the hour", n)
			}
		}
	}
}

// feminine says that an ordinal is of the kind that no day of the month has: "la primera".
func (r *reader) feminine(f *ref) bool {
	return r.x.code == "es" && strings.HasSuffix(r.toks[f.at].word, "a")
}

// masculine says that a number is of the kind that no hour has: "el 3", and not "las 3".
func (r *reader) masculine(f *ref) bool {
	return r.x.code == "es" && (r.toks[f.at].word == "el" || f.at > 0 && r.toks[f.at-1].word == "el")
}

// articleAndNumber is the number of an option in words that could also be an hour: "la 1"
// is the first of three times, and one o'clock. 0 where they are nothing of the kind.
func (r *reader) articleAndNumber(words string) int {
	w := strings.Fields(strings.ToLower(words))
	if len(w) != 2 || !r.x.articles[w[0]] || !isDigit(w[1][0]) {
		return 0
	}
	if n, ordinal := r.number(w[1]); !ordinal && n <= len(r.c.Offered) {
		return n
	}
	return 0
}

// timeRef is a time in the words, with the offered slots that it fits.
func (r *reader) timeRef(found []when.Found, i, m int) *ref {
	if n := r.articleAndNumber(found[0].Text); n > 0 {
		f := &ref{ordinal: n, at: i}
		r.fitNumber(f, false, false, false)
		return f
	}
	f := &ref{found: r.afterOffers(found, i, m), at: i, why: quoted(found[0].Text)}
	f.not = found[0].Not
	f.coarse = found[0].Grain == when.Week || found[0].Grain == when.Month
	f.slots = r.suited(f.found)
	if len(f.slots) == 0 && m == 2 {
		f.slots = r.dayAndHour(i)
	}
	if len(f.slots) > 0 || len(r.around()) == 0 || !r.weekdayOnly(i, m, found[0]) {
		return f
	}
	// A bare weekday means the offered one, not the nearest.
	for week := 1; week <= 8; week++ {
		moved := shifted(f.found, 7*week)
		if fit := r.suited(moved); len(fit) > 0 {
			f.slots = append(f.slots, fit...)
			f.found = moved
		}
	}
	if len(f.slots) == 0 {
		r.meetOffers(f)
	}
	return f
}

// dayAndHour are the offered slots that "mon 5" means, a weekday and a number with nothing
// between, where the 5th of some other month is a Monday too.
func (r *reader) dayAndHour(i int) (fit []int) {
	day, known := r.x.weekdays[r.toks[i].word]
	hour, ordinal := r.number(r.toks[i+1].word)
	if !known || ordinal || hour == 0 || hour > 12 {
		return nil
	}
	for k, o := range r.c.Offered {
		if at := o.From.In(r.c.Zone); at.Weekday() == day && (at.Hour()+11)%12+1 == hour && at.Minute() == 0 {
			fit = append(fit, k)
		}
	}
	return fit
}

// afterOffers counts "the following Tuesday" from the times that were offered, not from today.
func (r *reader) afterOffers(found []when.Found, i, m int) []when.Found {
	out := append([]when.Found(nil), found...)
	follows := false
	for k := i; k < i+m && k < len(r.toks); k++ {
		follows = follows || r.x.follows[r.toks[k].word]
	}
	if !follows || len(r.c.Offered) == 0 {
		return out
	}
	var last time.Time
	for _, o := range r.c.Offered {
		if o.From.After(last) {
			last = o.From
		}
	}
	for k := 0; k < 8 && !out[0].From.After(last); k++ {
		out = shifted(out, 7)
	}
	return out
}

// meetOffers moves a weekday with another hour to the one offered day of that name:
// "Thursday at 4" answers an offer of Thursday the 3rd, whatever Thursday comes first.
func (r *reader) meetOffers(f *ref) {
	for _, o := range r.around() {
		on := o.From.In(r.c.Zone)
		at := f.found[0].From.In(r.c.Zone)
		days := slots.DateOf(at, r.c.Zone).DaysUntil(slots.DateOf(on, r.c.Zone))
		if days > 0 && days%7 == 0 {
			f.found = shifted(f.found, days)
			return
		}
	}
}

// suited is fitting, with the soft edges that parts of the day have.
func (r *reader) suited(found []when.Found) []int {
	fit := r.fitting(found)
	if len(fit) == 0 && len(found) > 0 && found[0].Grain == when.PartOfDay {
		fit = r.fitting(r.softened(found))
	}
	return fit
}

// softened begins evenings an hour earlier: an offer of half past five is one of the evening;
// and nights two where they are called so from six. Mornings and afternoons have sharp edges:
// eleven is no afternoon.
func (r *reader) softened(found []when.Found) []when.Found {
	out := make([]when.Found, len(found))
	for i, f := range found {
		switch h := f.From.Hour(); {
		case h >= 20 && r.x.code == "en":
			f.From = f.From.Add(-2 * time.Hour)
		case h >= 18:
			f.From = f.From.Add(-time.Hour)
		}
		out[i] = f
	}
	return out
}

func shifted(found []when.Found, days int) []when.Found {
	out := make([]when.Found, len(found))
	for i, f := range found {
		f.From, f.To = f.From.AddDate(0, 0, days), f.To.AddDate(0, 0, days)
		out[i] = f
	}
	return out
}

// weekdayOnly says that the words name a weekday and at most an hour: no date, no "next".
func (r *reader) weekdayOnly(i, m int, f when.Found) bool {
	if f.Grain == when.Week || f.Grain == when.Month || strings.ContainsAny(f.Text, "/") {
		return false
	}
	day := false
	for k := i; k < i+m && k < len(r.toks); k++ {
		w := r.toks[k].word
		switch {
		case r.isWeekday(w):
			day = true
		case r.x.clock[w]:
		case isDigit(w[0]):
			n, err := strconv.Atoi(strings.TrimRight(w, "aphmr"))
			if err == nil && n > 24 && n < 100 && k > i && isDigit(r.toks[k-1].word[0]) {
				continue // minutes
			}
			if f.Grain == when.Day || err != nil && !strings.ContainsAny(w, "hap") {
				return false
			}
			if err == nil && n <= 31 && k > i && r.isWeekday(r.toks[k-1].word) && (f.From.Hour()+11)%12 != (n+11)%12 && f.Bound == when.Exact {
				return false // "martes 8 a las 2"
			}
		default:
			return false
		}
	}
	return day
}

// fitting is which offered slots lie in what was found.
func (r *reader) fitting(found []when.Found) []int {
	var out []int
	for k, o := range r.c.Offered {
		for _, f := range found {
			if fits(f, o) {
				out = append(out, k)
				break
			}
		}
	}
	return out
}

func fits(f when.Found, o slots.Interval) bool {
	if isPoint(f) {
		return o.From.Equal(f.From)
	}
	return !o.From.Before(f.From) && o.From.Before(f.To)
}

// isPoint says that the words named one moment rather than a stretch.
func isPoint(f when.Found) bool {
	return (f.Grain == when.Minute || f.Grain == when.Hour) && f.Bound == when.Exact && f.To.Sub(f.From) <= time.Hour
}

func quoted(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			s = strings.Join(strings.Fields(s), " ")
			break
		}
	}
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return "“" + s + "”"
}

// isWeekday says that a word names a weekday, give or take two letters of a long one.
func (r *reader) isWeekday(w string) bool {
	if _, ok := r.x.weekdays[w]; ok {
		return true
	}
	if len(w) < 6 || r.x.ids[w] != 0 {
		return false
	}
	has := lettersOf(w)
	for _, day := range r.x.longDays {
		// A letter added, left out or changed makes two letters differ at most.
		if bits.OnesCount64(has^day.letters) <= 4 && distance(w, day.name, 2) <= 2 {
			return true
		}
	}
	return false
}

// lettersOf is which bytes w has, a bit for those that are alike but for their upper bits.
func lettersOf(w string) (set uint64) {
	for i := 0; i < len(w); i++ {
		set |= 1 << (w[i] % 64)
	}
	return set
}

// distance is how many letters must be added, left out, changed or swapped with their
// neighbour to make b of a; anything above most is most+1.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(a) > 40 || len(b) > 40 {
		return most + 1
	}
	var older, above, row [42]int
	for j := 0; j <= len(b); j++ {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, above = above, row
	}
	return above[len(b)]
}

// offeredClock reads figures that are the hour of an offered time and nothing else: "1730 works".
func (r *reader) offeredClock(i int) *ref {
	w := r.toks[i].word
	if len(w) < 3 || len(w) > 4 || !isDigit(w[0]) {
		return nil
	}
	n, err := strconv.Atoi(w)
	if err != nil || i > 0 && r.toks[i-1].after == space && !r.isArticle(i-1) && r.x.clock[r.toks[i-1].word] {
		return nil
	}
	f := &ref{at: i, why: quoted(r.words(i, i+1))}
	for k, o := range r.c.Offered {
		at := o.From.In(r.c.Zone)
		if full := at.Hour()*100 + at.Minute(); full == n || len(w) == 3 && full == n+1200 {
			f.slots = append(f.slots, k)
		}
	}
	if len(f.slots) == 0 {
		return nil
	}
	return f
}

// offeredWeekday reads a short weekday that may be another word ("wed", "sat") where it
// is the weekday of an offered time.
func (r *reader) offeredWeekday(i int) *ref {
	w := r.toks[i].word
	if !r.x.days.may(w) {
		return nil
	}
	day, ok := r.x.weekdays[w]
	if !ok {
		return nil
	}
	f := &ref{at: i, why: quoted(r.words(i, i+1))}
	for k, o := range r.c.Offered {
		if o.From.In(r.c.Zone).Weekday() == day {
			f.slots = append(f.slots, k)
		}
	}
	if len(f.slots) == 0 {
		return nil
	}
	return f
}
