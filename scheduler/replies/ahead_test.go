package replies

import (
	"testing"
	"time"

	"indy/scheduler/slots"
)

// TestAhead: what the organizer writes of a meeting on Tuesday, 10 November, at 2 pm, the
// evening before. Whatever is not all understood is asked about.
func TestAhead(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	const off, theirs, met, unclear, fine = "off", "off, theirs", "met", "unclear", "fine"
	for _, c := range []struct{ language, words, want string }{
		{"en", "We already talked.", met},
		{"en", "we met already, thanks", met},
		{"en", "We talked yesterday already.", met},
		{"en", "Cancel it, we already talked.", met},
		{"en", "She cancelled, find a new time", theirs},
		{"en", "Ana cancelled. Please find another time.", theirs},
		{"en", "Ana can't make it tomorrow", theirs},
		{"en", "Move it to Friday 3pm", "Fri 13 15:00"},
		{"en", "please move the meeting to Friday at 3 pm", "Fri 13 15:00"},
		{"en", "Can you move it to Friday 3pm?", "Fri 13 15:00"},
		{"en", "I'm sick. Move it to Thursday at 10am instead, please", "Thu 12 10:00"},
		{"en", "Make it 4 pm", "Tue 10 16:00"},
		{"en", "I'm sick", off},
		{"en", "I'm sick, can you find a new time?", off},
		{"en", "Sorry, I can't make it tomorrow. Please reschedule.", off},
		{"en", "cancel it", off},
		{"en", "Please cancel the meeting.\n\nMaria", off},
		{"en", "Call it off", off},
		{"en", "reschedule", off},
		{"en", "Thanks!", fine},
		{"en", "ok great", fine},
		{"en", "hands off", "hands off"},
		{"en", "snooze Ana 2 weeks", "snooze"},

		{"en", "Don't cancel it", unclear},
		{"en", "Should I cancel it?", unclear},
		{"en", "Did you cancel it?", unclear},
		{"en", "She might cancel", unclear},
		{"en", "Ana may cancel it", unclear},
		{"en", "I never said cancel it", unclear},
		{"en", "Maybe move it to Friday 3pm", unclear},
		{"en", "Move it to Friday", unclear},
		{"en", "Move it to Friday 3pm or 4pm", unclear},
		{"en", "Move it to next week", unclear},
		{"en", "move it to Friday 3pm. Or cancel it. We already talked.", unclear},
		{"en", "We already talked. Find a new time.", unclear},
		{"en", "Cancel it on Friday", unclear},
		{"en", "Cancel my flight", unclear},
		{"en", "We already talked about the plan on the phone, so start with the ask", unclear},
		{"en", "I'm sick of this campaign", unclear},
		{"en", "I'll bring the plan", unclear},
		{"en", "stop", unclear},
		{"en", "snooze 2 weeks", unclear},
		{"en", "> cancel it", unclear},

		{"es", "Ya hablamos", met},
		{"es", "Ya nos vimos ayer", met},
		{"es", "Ana canceló, busca otra hora", theirs},
		{"es", "No va a poder venir", theirs},
		{"es", "Pásala al viernes a las 3 de la tarde", "Fri 13 15:00"},
		{"es", "Cámbialo al viernes a las 15:00, por favor", "Fri 13 15:00"},
		{"es", "Estoy enferma", off},
		{"es", "Cancélala, por favor", off},
		{"es", "no puedo, busca otra hora", off},
		{"es", "No la canceles", unclear},
		{"es", "Tal vez ella cancela", unclear},
		{"es", "Pásala al viernes", unclear},
		{"es", "¿La cancelo?", unclear},
	} {
		r := Read(c.words, Context{Asked: AskedAhead, Meeting: slots.Interval{From: at(10, 14, 0), To: at(10, 14, 30)}, Sent: at(9, 17, 0), Now: at(9, 17, 0),
			Zone: zone, Language: c.language, DayFirst: c.language == "es", Names: []string{"Ana Ruiz"}, Me: "Maria"})
		got := string(r.Kind)
		switch {
		case r.Kind == AcceptOther && r.Theirs:
			got = theirs
		case r.Kind == AcceptOther:
			got = off
		case r.Kind == Counter && len(r.Windows) == 1:
			got = r.Windows[0].From.In(zone).Format("Mon 2 15:04")
		case r.Kind == Command && len(r.Orders) == 1:
			got = string(r.Orders[0].Verb)
		case r.OK:
			got = fine
		}
		if got != c.want {
			t.Errorf("%q is %s (%v), want %s", c.words, got, r.Why, c.want)
		}
	}
}
