package slots

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	d, err := ParseDate("2028-02-28")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.AddDays(2).String(); got != "2028-03-01" {
		t.Errorf("two days later is %s", got)
	}
	if n := d.DaysUntil(d.AddDays(-3)); n != -3 {
		t.Errorf("three days back are %d", n)
	}
	if !d.Before(d.AddDays(1)) || d.After(d) || d.Weekday() != time.Monday || d.IsZero() || !(Date{}).IsZero() {
		t.Error(d)
	}
	for _, bad := range []string{"2026-02-30", "27.11.2026", "2026-1-1", ""} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("%q is %v", bad, d)
		}
	}
	type dates struct{ A, B Date }
	b, err := json.Marshal(dates{A: d})
	if err != nil || string(b) != `{"A":"2028-02-28","B":""}` {
		t.Errorf("%s, %v", b, err)
	}
	var again dates
	if err := json.Unmarshal(b, &again); err != nil || again != (dates{A: d}) {
		t.Errorf("%v, %v", again, err)
	}
	zone := mustZone(t, "America/New_York")
	if got := (Date{2026, 11, 27}).At(9*60+30, zone); !got.Equal(time.Date(2026, 11, 27, 14, 30, 0, 0, time.UTC)) || got.Location() != time.UTC {
		t.Error(got)
	}
	if got := DateOf(time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC), zone); got != (Date{2026, 11, 27}) {
		t.Error(got)
	}
	if r := (DateRange{First: d, Last: d.AddDays(1)}); !r.Has(d) || !r.Has(d.AddDays(1)) || r.Has(d.AddDays(2)) || r.Has(d.AddDays(-1)) {
		t.Error(r)
	}
}
