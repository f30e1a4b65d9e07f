package ical

// wall is a reading of the clock on the wall: seconds from 1970-01-01 00:00, whatever the
// zone. Days are counted the same way. The calendar is the proleptic Gregorian one.
type wall int64

const (
	hour = 60 * 60
	day  = 24 * hour
)

// dayNumber counts the days from 1970-01-01 to a date; m from 1 to 12. Days beyond the end
// of the month count on.
func dayNumber(y, m, d int) int {
	if m <= 2 {
		y--
		m += 12
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// dateOf is the date of a day number.
func dateOf(n int) (y, m, d int) {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	y, m, d = yoe+era*400, mp+3, doy-(153*mp+2)/5+1
	if m > 12 {
		m -= 12
		y++
	}
	return y, m, d
}

// weekday is 0 for a Monday.
func weekday(n int) int { return mod(n+3, 7) }

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func yearLength(y int) int {
	if leap(y) {
		return 366
	}
	return 365
}

var monthLengths = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func monthLength(y, m int) int {
	if m == 2 && leap(y) {
		return 29
	}
	return monthLengths[m]
}

// days and seconds take a wall apart.
func (w wall) day() int    { return int(floorDiv(int64(w), day)) }
func (w wall) second() int { return int(mod(int64(w), day)) }

func floorDiv[T int | int64](a, b T) T {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func mod[T int | int64](a, b T) T {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }

// parseDay reads 20261127. Dates that no month has are refused.
func parseDay(b []byte) (n int, ok bool) {
	if len(b) != 8 {
		return 0, false
	}
	var v [8]int
	for i, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		v[i] = int(c - '0')
	}
	y, m, d := v[0]*1000+v[1]*100+v[2]*10+v[3], v[4]*10+v[5], v[6]*10+v[7]
	if y == 0 || m == 0 || m > 12 || d == 0 || d > monthLength(y, m) {
		return 0, false
	}
	return dayNumber(y, m, d), true
}

// parseClock reads 153000, or 1530 as some programs write it. A leap second is the second
// before it (RFC 5545 3.3.12 lets programs do so).
func parseClock(b []byte) (seconds int, ok bool) {
	if len(b) != 6 && len(b) != 4 {
		return 0, false
	}
	var v [6]int
	for i, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		v[i] = int(c - '0')
	}
	h, m, s := v[0]*10+v[1], v[2]*10+v[3], v[4]*10+v[5]
	if s == 60 {
		s = 59
	}
	if h == 24 && m == 0 && s == 0 { // midnight at the end of the day
		return day, true
	}
	return h*hour + m*60 + s, h < 24 && m < 60 && s < 60
}
