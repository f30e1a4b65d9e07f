package replies

import (
	"testing"
	"time"

	"indy/scheduler/slots"
)

func TestReadAny(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	bare := Context{Now: at, Zone: time.UTC, Language: "en"}
	for _, c := range []struct {
		mail string
		want Kind
	}{
		{"Maria: call two reporters by Fri\nme - send the plan tomorrow\nagain in 3 weeks", Debrief},
		{"no-show", Debrief},
		{"done!", StepUpdate},
		{"need until Tues", StepUpdate},
		{"propose Sam\nsnooze Lee 2 weeks", Command},
		{"Ana done", Command},
		{"unsubscribe", Never},
		{"who is this?", Question},
		{"Thursday after 3 works for me", Counter},
		{"hmm", Unclear},
		{"I'm out of the office until Monday", Away},
	} {
		if got := ReadAny(c.mail, bare); got.Kind != c.want {
			t.Errorf("%q: got %s, want %s (%q)", c.mail, got.Kind, c.want, got.Why)
		}
	}
	offered := bare
	offered.Offered = []slots.Interval{{From: at.Add(24 * time.Hour), To: at.Add(25 * time.Hour)}}
	if got := ReadAny("yes", offered); got.Kind != Choose || got.Slot != 1 {
		t.Errorf("an offer: got %s %d", got.Kind, got.Slot)
	}
}
