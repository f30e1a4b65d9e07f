package when

import "time"

type itemKind uint8

const (
	kNone    itemKind = iota
	kDay              // days: item.day
	kClock            // a clock time: item.clk
	kNum              // a bare number: item.n
	kPart             // a part of the day: item.n
	kZone             // item.zone
	kInstant          // item.from, item.to
	kEdge             // "end of": item.n, before days
	kNth              // "first week of": item.n, item.u or item.wk, before days
	kWeekOf           // before a date
	kShift            // "two weeks after": item.n, item.u, before a date
	kSame             // "same time"
	kFor              // "for an hour": item.n, item.u
	kHalf             // "am" or "pm" after a day
)

// An item is the meaning of a few tokens, before their neighbours are considered.
type item struct {
	kind     itemKind
	day      days
	clk      clock
	n        int
	u        unit
	wk       int
	zone     *time.Location
	from, to time.Time
	grain    Grain
	weak     bool // a common word too: needs support
	period   bool // "next week", "next day"
	worded   bool // "the first": may be an offer as well
	whole    bool // "the week after", not "a week after"
	figures  bool // "1430": needs a word that leads to it
	ordinal  bool // "13th"
	bare     bool // a number that is a time only where the words around it agree
	lone     bool // what it needs is a boundary after it: "the 3rd"
}

// days says which days are meant: fixed ones, or what is known of them.
type days struct {
	set        bool
	wk         int  // weekday, -1 when not said
	many       bool // "Mondays", "any Monday"
	dom, mon   int
	yr         int
	altM, altD int // the other reading of "12/3"
	fixed      bool
	in         span // when fixed; else for grain only
	grain      Grain
	mask       int  // only these weekdays of it: bit 1 is Monday; 0 for all
	rel        bool // counted from today ("tomorrow", "next week")
}

func fixedDays(s span, g Grain) days {
	return days{set: true, wk: -1, fixed: true, in: s, grain: g}
}

func oneDay(c civil) days { return fixedDays(span{c, c + 1}, Day) }

// clock is a time of day as it was said.
type clock struct {
	set    bool
	sec    int  // seconds after midnight, as said: 2:30 is 2:30 whatever half of the day
	half   int  // 0 not said, 1 am, 2 pm, 3 a 24-hour time
	minute bool // finer than an hour
	night  bool // midnight at the end of the day
}

// part is a part of the day, in minutes after midnight, and the half that it gives to
// hours beside it: "8 in the evening".
type part struct {
	from, to int
	half     int
}

// The indices of parts, for the vocabularies.
const (
	pMorning = iota
	pAfternoon
	pEvening
	pNight
	pEarlyMorning
	pLunch
	pTarde // Spanish: from noon to eight
	pDawn
	pAllDay
	pLateMorning
	pEarlyAfternoon
	pLateAfternoon
	pBusiness
	pTonight
	pBreakfast
	pEndOfDay
	pLateNight
	pEarlyEvening
	pDinner
	pFirstThing
)

var parts = [...]part{
	pMorning:        {8 * 60, 12 * 60, 1},
	pAfternoon:      {12 * 60, 18 * 60, 2},
	pEvening:        {18 * 60, 22 * 60, 2},
	pNight:          {20 * 60, 24 * 60, 2},
	pEarlyMorning:   {8 * 60, 10 * 60, 1},
	pLunch:          {12 * 60, 14 * 60, 2},
	pTarde:          {12 * 60, 20 * 60, 2},
	pDawn:           {0, 6 * 60, 1},
	pAllDay:         {0, 24 * 60, 0},
	pLateMorning:    {10 * 60, 12 * 60, 1},
	pEarlyAfternoon: {12 * 60, 15 * 60, 2},
	pLateAfternoon:  {15 * 60, 18 * 60, 2},
	pBusiness:       {8 * 60, 18 * 60, 0},
	pTonight:        {18 * 60, 24 * 60, 2},
	pBreakfast:      {7 * 60, 9 * 60, 1},
	pEndOfDay:       {16 * 60, 18 * 60, 2},
	pLateNight:      {22 * 60, 24 * 60, 2},
	pEarlyEvening:   {17 * 60, 19 * 60, 2},
	pDinner:         {18 * 60, 20 * 60, 2},
	pFirstThing:     {8 * 60, 10 * 60, 1},
}

// withPart gives c the half of the day that pt says: "8 in the evening", "1 at night".
func (c clock) withPart(i int) clock {
	if c.half == 1 || c.half == 2 || parts[i].half == 0 {
		return c
	}
	h := c.sec / 3600
	switch {
	case c.half == 3 && (h > 12 || h == 0):
		return c
	case (i == pNight || i == pTonight) && h == 12:
		return clock{set: true, sec: 0, half: 3, minute: c.minute, night: true}
	case i == pNight && h < 6:
		c.half = 1
	case i == pLunch && h >= 11 && h < 12:
		c.half = 1
	default:
		c.half = parts[i].half
	}
	return c
}

// seconds are the seconds after midnight for one half of the day.
func (c clock) seconds(half int) int {
	h, rest := c.sec/3600, c.sec%3600
	switch half {
	case 1:
		h %= 12
	case 2:
		h = h%12 + 12
	}
	s := h*3600 + rest
	if c.night {
		s += 24 * 3600
	}
	return s
}

// readings are the times of day that c can mean. Where the half is not said, nobody is
// taken to mean the hours from 9 in the evening to 7 in the morning; 7 and 8 may be either.
func (c clock) readings() []int {
	switch h := c.sec / 3600; {
	case c.half == 3 || h > 12 || h == 0:
		return []int{c.seconds(3)}
	case c.half != 0:
		return []int{c.seconds(c.half)}
	case h == 12 || h < 7:
		return []int{c.seconds(2)}
	case h > 8:
		return []int{c.seconds(1)}
	}
	return []int{c.seconds(1), c.seconds(2)}
}

func (c clock) grain() Grain {
	if c.minute {
		return Minute
	}
	return Hour
}

func (c clock) length() int {
	if c.minute {
		return 60
	}
	return 3600
}
