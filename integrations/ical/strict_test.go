package ical

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// strict builds testdata/strict.c, or skips the test where there is no libical to build it with.
func strict(t *testing.T) func(in []byte) (said string) {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "strict")
	probe := exec.Command("gcc", "-E", "-include", "libical/ical.h", "-x", "c", "/dev/null")
	if probe.Run() != nil {
		t.Skip("no gcc with libical here")
	}
	if out, err := exec.Command("gcc", "-Wall", "-Werror", "-o", exe, filepath.Join("testdata", "strict.c"), "-lical").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(in []byte) string {
		cmd := exec.Command(exe)
		cmd.Stdin = bytes.NewReader(in)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
}

// TestInvitesReadByLibical lets libical read each golden invite: it finds no line that it
// cannot parse and nothing that RFC 5546 forbids, and the same values.
func TestInvitesReadByLibical(t *testing.T) {
	read := strict(t)
	for name, inv := range invites() {
		b, err := EncodeInvite(inv)
		if err != nil {
			t.Fatal(err)
		}
		ev := inv.Event
		want := fmt.Sprintf("%s %d %d %d mailto:%s", ev.UID, ev.Sequence, ev.From.Unix(), ev.To.Unix(), ev.Attendees[0].Addr)
		if inv.Method == "DECLINECOUNTER" {
			// RFC 5546 3.2.8 has SEQUENCE "0 or 1", and asks for it when it is not 0; libical has
			// it 0. That the rest stays away is what it is asked for.
			want = fmt.Sprintf("problem: Failed iTIP restrictions for SEQUENCE property. Expected 0 instances of the property and got 1\n%s %d 0 0 -", ev.UID, ev.Sequence)
		}
		got := read(b)
		if inv.Method == "PUBLISH" {
			want = got
		}
		if got != want || inv.Method != "DECLINECOUNTER" && strings.Contains(got, "problem") {
			t.Errorf("%s reads as\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestLibicalIsStrict: what must not be is found.
func TestLibicalIsStrict(t *testing.T) {
	read := strict(t)
	good, err := EncodeInvite(invites()["request"])
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"no ORGANIZER":     {"ORGANIZER", "X-ORGANIZER"},
		"no DTSTAMP":       {"DTSTAMP", "X-DTSTAMP"},
		"a time that none": {"DTSTART;TZID=America/New_York:2026", "DTSTART;TZID=America/New_York:half past"},
	} {
		bad := bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, good) {
			t.Errorf("%s: nothing was changed in\n%s", name, good)
		}
		if got := read(bad); !strings.Contains(got, "problem") {
			t.Errorf("%s: libical says only %s", name, got)
		}
	}
}
