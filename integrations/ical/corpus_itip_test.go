package ical

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type corpusComponent struct {
	Type, UID, Summary string
	Sequence           int
	Start              string `json:"dtstart"`
	End                string `json:"dtend"`
	Attendees          [][]string
}

type corpusMessage struct {
	ID, Kind string
	Files    map[string]string
	Expected struct {
		Calendars []struct {
			Method     string
			Components []corpusComponent
		}
	}
}

// corpusMessages are the iTIP cases of an index.
func corpusMessages(t *testing.T, index string) (list []corpusMessage) {
	t.Helper()
	b, err := io.ReadAll(openCorpus(t, "itip/"+index))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func corpusFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpora, "itip", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCorpusMessages reads messages on which two other parsers agree.
func TestCorpusMessages(t *testing.T) {
	n, scenarios := 0, map[string]int{}
	for _, c := range corpusMessages(t, "index.json") {
		if c.Kind != "message" {
			if scenarios[c.Kind]++; c.Kind != "mail_with_message" {
				for _, file := range c.Files { // each is at least read without a crash
					_, _ = DecodeITIP(corpusFile(t, file), "")
				}
			}
			continue
		}
		n++
		t.Run(c.ID, func(t *testing.T) { checkMessage(t, c) })
	}
	t.Logf("%d messages; not for this package: %v", n, scenarios)
}

func checkMessage(t *testing.T, c corpusMessage) {
	b := corpusFile(t, c.Files["input"])
	own := time.UTC // of days and floating times
	if cal, err := parse(b); err == nil {
		if z, ok := zoneNamed(cal.text("X-WR-TIMEZONE")); ok {
			own = z
		}
	}
	for i, cal := range c.Expected.Calendars {
		if i > 0 {
			return // a mail's part holds one object; only the first is read
		}
		got, err := DecodeITIP(b, "REQUEST") // files have no header; METHOD within wins
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, want := range cal.Components {
			if want.Type != "VEVENT" || at >= 32 {
				continue
			}
			if at >= len(got) {
				t.Fatalf("%d events, want more", len(got))
			}
			x := got[at]
			at++
			if cal.Method != "" && !strings.EqualFold(x.Method, strings.TrimSpace(cal.Method)) {
				t.Errorf("METHOD %s, want %s", x.Method, cal.Method)
			}
			if x.UID != want.UID || x.Sequence != want.Sequence || strings.TrimSpace(x.Summary) != strings.TrimSpace(want.Summary) {
				t.Errorf("got %q %d %q, want %q %d %q", x.UID, x.Sequence, x.Summary, want.UID, want.Sequence, want.Summary)
			}
			checkTime(t, "DTSTART", x.From, want.Start, own)
			checkTime(t, "DTEND", x.To, want.End, own)
			if len(want.Attendees) == 1 && (!strings.EqualFold(x.Attendee.Addr, want.Attendees[0][0]) || !strings.EqualFold(x.PartStat, want.Attendees[0][1])) {
				t.Errorf("ATTENDEE %s %s, want %v", x.Attendee.Addr, x.PartStat, want.Attendees[0])
			}
		}
	}
}

// checkTime compares instants; floating times and days, which have none, by the clock of own.
func checkTime(t *testing.T, name string, got time.Time, want string, own *time.Location) {
	t.Helper()
	for _, form := range [...]string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.ParseInLocation(form, want, own); err == nil {
			if !got.Equal(at) {
				t.Errorf("%s %v, want %s", name, got, want)
			}
			return
		}
	}
}

// TestCorpusDisputed: messages on which parsers differ neither crash nor hang.
func TestCorpusDisputed(t *testing.T) {
	cases := corpusMessages(t, "disputed.json")
	for _, c := range cases {
		for _, file := range c.Files {
			b := corpusFile(t, file)
			began := time.Now()
			_, _ = DecodeITIP(b, "REQUEST")
			_, _ = DecodeEvent(b)
			_, _ = Busy(strings.NewReader(string(b)), week)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s took %v", c.ID, took)
			}
		}
	}
	t.Logf("%d messages", len(cases))
}
