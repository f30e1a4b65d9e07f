package replies

import (
	"strings"

	"indy/scheduler/replies/when"
)

// This file decides on words that mean one thing beside some words and another beside
// others, before anything is weighed.

// byNeighbours gives every sign that hangs on its neighbours its final one.
func (r *reader) byNeighbours(cs []clause) {
	r.nameAfterGreeting(cs)
	for i := range cs {
		c := &cs[i]
		for n := range c.items {
			it := &c.items[n]
			switch {
			case it.ref != nil && len(it.ref.found) > 0 && it.ref.found[0].Bound == when.Exact && it.ref.found[0].Grain == when.Day && r.follows(c, n, after):
				it.ref.owns = true // "pasando el jueves": what comes after it is meant
			case it.ref != nil && r.counts(c, n):
				it.ref, it.sign = nil, unknown // "apartment 3", "11 tenants"
			case it.ref != nil:
				it.ref.owns = n+1 < len(c.items) && c.items[n+1].ref == nil && r.possessive(*it) &&
					(c.items[n+1].sign == unknown || c.items[n+1].sign == filler && i+1 < len(cs) && cs[i+1].sentence == c.sentence && cs[i+1].begins(ask))
			case it.ref == nil && it.sign != filler && it.to == it.from+1 && r.isName(it.from) && r.x.ids[r.toks[it.from].word] == 0:
				it.sign = filler // "Earl" is no misspelt "early"
			case it.sign == ask && !c.question && it.to == it.from+1 && !r.asksUnmarked(&clause{from: c.from, to: it.to, items: []item{*it}}):
				it.sign = filler // "la que mejor me queda"
			case it.sign == yesOrIf:
				it.sign = r.yesOrIf(c, *it)
			case it.sign == praise || it.sign == better:
				it.sign = praised(c, n)
			case it.sign == courtesy:
				it.sign = polite(c, n)
			case it.sign == enough:
				it.sign = sufficed(c)
			case it.sign == sorry:
				it.sign = regretted(cs, i, n)
			case it.sign == opinion:
				it.sign = trailing(cs, i)
			case it.sign == perhaps && c.question:
				it.sign = propose
			case it.sign == perhaps:
				it.sign = hold
			case it.sign == place && n+1 < len(c.items) && c.items[n+1].ref != nil && len(c.items[n+1].ref.found) > 0:
				it.sign = propose // "how about the 20th"
			case it.sign == somebody:
				it.sign = others(c, n)
			case it.sign == arrange:
				it.sign = arranged(c)
			case it.sign == cond && c.any(callMe, late) && len(c.refs()) == 0:
				it.sign = filler // "call me if you're late"
			}
		}
	}
}

// follows says that item n stands right behind a sign, or behind it and an article.
func (r *reader) follows(c *clause, n int, s sign) bool {
	n--
	if n > 0 && c.items[n].sign == filler && r.isArticle(c.items[n].from) {
		n--
	}
	return n >= 0 && c.items[n].ref == nil && c.items[n].sign == s
}

// counts says that the number of item n is of something else: it stands right beside a word
// that no list knows.
func (r *reader) counts(c *clause, n int) bool {
	it := c.items[n]
	if it.ref.ordinal == 0 || len(it.ref.found) > 0 || it.to != it.from+1 {
		return false
	}
	strange := func(k int) bool {
		return k >= 0 && k < len(c.items) && c.items[k].sign == unknown && c.items[k].ref == nil
	}
	return strange(n-1) || strange(n+1)
}

// possessive says that the words of an item end in "'s".
func (r *reader) possessive(it item) bool {
	words := r.words(it.from, it.to)
	return strings.HasSuffix(words, "'s") || strings.HasSuffix(words, "’s")
}

// praised: "Thursday's grand" is a yes, "how lovely" is not.
func praised(c *clause, n int) sign {
	for k := n - 1; k >= 0; k-- {
		if c.items[k].ref != nil {
			return good
		}
		if s := c.items[k].sign; s != filler && s != better {
			break
		}
	}
	if c.items[n].sign == better {
		return filler
	}
	return nice
}

// polite: "Thursday at 3, if you can" asks nothing; "if you can come to me" does.
func polite(c *clause, n int) sign {
	for _, it := range c.items[n+1:] {
		if it.sign != filler && it.sign != closing {
			return cond
		}
	}
	return filler
}

// sufficed: "I'm good Thursday" is a yes, "I'm good, thanks" is none.
func sufficed(c *clause) sign {
	if len(c.refs()) > 0 {
		return good
	}
	return hold
}

// regretted: "Tuesday. Sorry, Thursday." takes the first back; elsewhere "sorry" says nothing.
func regretted(cs []clause, i, n int) sign {
	before := false
	for k := range cs[:i+1] {
		for m, it := range cs[k].items {
			before = before || it.ref != nil && (k < i || m < n)
		}
	}
	rest := cs[i].items[n+1:]
	if len(rest) == 0 && i+1 < len(cs) && cs[i+1].sentence == cs[i].sentence && !cs[i+1].contrast {
		rest = cs[i+1].items
	}
	after := false
	for _, it := range rest {
		if it.ref == nil && it.sign != filler && it.sign != sorry {
			return filler
		}
		after = after || it.ref != nil
	}
	if before && after {
		return retract
	}
	return filler
}

// trailing: "Wednesday, I think" is in doubt, "I think Wednesday works" is not.
func trailing(cs []clause, i int) sign {
	for _, it := range cs[i].items {
		if it.ref != nil || it.sign != opinion && it.sign != filler {
			return filler
		}
	}
	for k := i - 1; k >= 0 && cs[k].sentence == cs[i].sentence; k-- {
		if len(cs[k].refs()) > 0 {
			return hold
		}
	}
	return filler
}

// arranged: "call me Thursday to set something up" names the day of the call, and nobody
// knows yet when the two will meet. Beside other words it says nothing.
func arranged(c *clause) sign {
	if c.any(callMe, askAgain, phone) {
		return hold
	}
	return filler
}

// others: "Tuesday works for my husband" says nothing of the writer.
func others(c *clause, n int) sign {
	for _, it := range c.items[:n] {
		if it.ref != nil {
			return hold
		}
	}
	return filler
}
