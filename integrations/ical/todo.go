package ical

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// todos writes the deadlines of an invite. Steps without a deadline are left out.
func (w *writer) todos(inv scheduler.Invite) error {
	switch {
	case inv.Event.Organizer.Addr == "":
		return errors.New("it has no ORGANIZER") // RFC 5546 3.2.1, 3.4.1
	case strings.ContainsFunc(inv.Event.Organizer.Addr, control):
		return errors.New("an address has characters that none has")
	case inv.Event.Stamp.IsZero():
		return errors.New("it has no DTSTAMP")
	}
	written := 0
	for _, st := range inv.Todos {
		if !st.Deadline.IsZero() {
			w.todo(st, inv)
			written++
		}
	}
	if written == 0 {
		return errors.New("it has no deadlines")
	}
	return nil
}

// todo writes a deadline: a VTODO that is due on its day, or an all-day event that blocks
// no time. A step that was moved has a higher SEQUENCE, so that the new day replaces the old.
func (w *writer) todo(st scheduler.NextStep, inv scheduler.Invite) {
	kind := "VEVENT"
	if inv.AsTodo {
		kind = "VTODO"
	}
	w.raw("BEGIN", kind)
	w.raw("UID", todoUID(st.ID, inv.Event.Organizer.Addr))
	w.raw("DTSTAMP", inv.Event.Stamp.UTC().Format(utcForm))
	w.raw("SEQUENCE", strconv.Itoa(len(st.Moves)))
	w.raw("ORGANIZER", "mailto:"+inv.Event.Organizer.Addr, cn(inv.Event.Organizer)...)
	day := param{"VALUE", "DATE"}
	if inv.AsTodo {
		w.raw("DTSTART", compact(begun(st, inv)), day) // RFC 5546 3.4.1 asks for it
		w.raw("DUE", compact(st.Deadline), day)
		w.raw("PRIORITY", "0") // undefined; asked for as well
		w.raw("STATUS", "NEEDS-ACTION")
	} else {
		w.raw("DTSTART", compact(st.Deadline), day)
		w.raw("DTEND", compact(st.Deadline.AddDays(1)), day)
		w.raw("TRANSP", "TRANSPARENT")
	}
	w.text("SUMMARY", st.Action)
	w.raw("END", kind)
}

// begun is the day on which a step was promised, which is before it is due (RFC 5545 3.8.2.3).
func begun(st scheduler.NextStep, inv scheduler.Invite) slots.Date {
	made := st.Made
	if made.IsZero() {
		made = inv.Event.Stamp
	}
	zone, ok := loadZone(inv.Event.Zone)
	if !ok {
		zone = made.UTC().Location()
	}
	if on := slots.DateOf(made, zone); on.Before(st.Deadline) {
		return on
	}
	return st.Deadline.AddDays(-1)
}

// todoUID is the same for the same step, and says nothing of who promised what.
func todoUID(step, organizer string) string {
	_, domain, _ := strings.Cut(organizer, "@")
	sum := sha256.Sum256([]byte("next step\x00" + organizer + "\x00" + step))
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

func compact(d slots.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
