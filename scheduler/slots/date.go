package slots

import (
	"errors"
	"time"
)

// A Date is a day of the calendar without a zone: a deadline "by Friday", a blackout day.
// As text it is RFC 3339 full-date, "2026-11-27". The zero Date means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day that t falls on in zone.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{y, m, d}
}

// ParseDate reads "2006-01-02" and refuses days that no month has.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errors.New("not a date as in 2026-11-27: " + s)
	}
	return DateOf(t, time.UTC), nil
}

// IsZero says that there is no date.
func (d Date) IsZero() bool { return d == Date{} }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String is "2026-11-27", or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// AddDays moves by whole calendar days.
func (d Date) AddDays(n int) Date { return DateOf(d.utc().AddDate(0, 0, n), time.UTC) }

// Before and After compare days.
func (d Date) Before(o Date) bool { return d.utc().Before(o.utc()) }

// After says whether d is a later day than o.
func (d Date) After(o Date) bool { return o.Before(d) }

// DaysUntil is how many days later o is (negative when it is earlier).
func (d Date) DaysUntil(o Date) int { return int(o.utc().Sub(d.utc()) / (24 * time.Hour)) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// At is the instant of minute minutes after midnight of that day in zone. Where clocks
// change, a local time that does not exist moves forward by the change, as time.Date does.
func (d Date) At(minute int, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, minute/60, minute%60, 0, 0, zone).UTC()
}

// MarshalText and UnmarshalText make it RFC 3339 full-date in JSON and TOML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is no date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// A DateRange is a run of whole days, both ends included.
type DateRange struct {
	First Date   `json:"first"`
	Last  Date   `json:"last"`
	Why   string `json:"why,omitempty"`
}

// Has says whether d is one of its days.
func (r DateRange) Has(d Date) bool { return !d.Before(r.First) && !d.After(r.Last) }
