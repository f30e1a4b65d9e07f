package ical

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"indy/scheduler"
)

// everyZone is every zone of Go's own database.
func everyZone(t *testing.T) (list []*time.Location) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no Go tool here to say where its zone data is")
	}
	z, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("no zone data beside this Go: install all of it")
	}
	defer z.Close()
	for _, f := range z.File {
		if loc, err := time.LoadLocation(f.Name); err == nil && !strings.HasSuffix(f.Name, "/") {
			list = append(list, loc)
		}
	}
	if len(list) < 400 {
		t.Fatalf("only %d zones", len(list))
	}
	return list
}

// TestEveryChangeOfClocks: around each change from 1970 to 2037, a time that does not exist
// counts by the offset before, one that occurs twice is the first, all others are what
// time.Date says (RFC 5545 3.3.5).
func TestEveryChangeOfClocks(t *testing.T) {
	from, to := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
	changes, least, stride := 0, 30_000, 1
	if testing.Short() {
		least, stride = 1_000, 16
	}
	for n, zone := range everyZone(t) {
		if n%stride != 0 {
			continue
		}
		c := clockOf(zone)
		for at := from; ; {
			_, end := at.In(zone).ZoneBounds()
			if end.IsZero() || end.After(to) {
				break
			}
			changes++
			_, before := end.Add(-time.Second).In(zone).Zone()
			_, after := end.Zone()
			first, last := int64(min(before, after)), int64(max(before, after))
			for _, w := range []int64{end.Unix() + first - 1, end.Unix() + first, end.Unix() + (first+last)/2, end.Unix() + last - 1, end.Unix() + last} {
				want := wantInstant(zone, w)
				if got := c.instant(wall(w)); got != want {
					t.Errorf("%s at %v: %s is %v, want %v", zone, end, wallText(wall(w), isLocal), time.Unix(got, 0).UTC(), time.Unix(want, 0).UTC())
				}
			}
			at = end
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d changes of clocks", changes)
	if changes < least {
		t.Errorf("only %d changes of clocks", changes)
	}
}

// wantInstant tries every instant at which the clock could show w, the slow way.
func wantInstant(zone *time.Location, w int64) int64 {
	offset := func(unix int64) int64 { _, o := time.Unix(unix, 0).In(zone).Zone(); return int64(o) }
	best, found := int64(0), false
	for d := int64(-26 * hour); d <= 26*hour; d += 15 * 60 {
		u := w - offset(w+d)
		if offset(u) == w-u && (!found || u < best) {
			best, found = u, true
		}
	}
	if found {
		return best
	}
	// It does not exist: the offset before the gap is the smaller one, and the later instant.
	return w - min(offset(w-offset(w-day)), offset(w-offset(w+day)))
}

// What is written as VTIMEZONE is read back to the same clock, for every zone, around the
// event that it is for.
func TestEveryZoneComesBack(t *testing.T) {
	for _, zone := range everyZone(t) {
		for _, year := range []int{1975, 1996, 2012, 2026, 2030} {
			for _, month := range []time.Month{1, 4, 7, 10} {
				start := time.Date(year, month, 15, 12, 0, 0, 0, time.UTC)
				w := newCalendar("")
				w.writeZone(zone, start, start.Add(time.Hour))
				cal, err := parse(w.end())
				if err != nil {
					t.Fatal(err)
				}
				c, err := definedZone(cal.children[0])
				if err != nil {
					t.Errorf("%s in %d: %v", zone, year, err)
					continue
				}
				for d := -60; d <= 60; d += 5 {
					u := start.AddDate(0, 0, d).Unix()
					if got, want := c.reading(u), clockOf(zone).reading(u); got != want {
						t.Errorf("%s: at %v it shows %s, want %s\n%s", zone, time.Unix(u, 0).UTC(), wallText(got, isLocal), wallText(want, isLocal), w.b.String())
						return
					}
				}
			}
		}
	}
}

// An invite in each zone reads back to its own time, by our reader and by another.
func TestInvitesInEveryZone(t *testing.T) {
	for _, zone := range everyZone(t) {
		ev := coffee()
		ev.Zone = zone.String()
		b, err := EncodeInvite(scheduler.Invite{Method: "REQUEST", Event: ev})
		if err != nil {
			t.Errorf("%s: %v", zone, err)
			continue
		}
		if got, err := DecodeEvent(b); err != nil || !got.From.Equal(ev.From) || !got.To.Equal(ev.To) {
			t.Errorf("%s: it reads %v to %v, %v", zone, got.From, got.To, err)
		}
	}
}
