package ical

import (
	"bytes"
	"fmt"
	"maps"
	"time"

	goical "github.com/emersion/go-ical"

	"indy/scheduler"
)

// prove lets another parser than ours read an invite before it goes out: it must find the
// same event at the same time. An invite at the wrong hour must never leave the house.
func prove(invite []byte, ev scheduler.CalendarEvent) error {
	cal, err := goical.NewDecoder(bytes.NewReader(invite)).Decode()
	if err != nil {
		return fmt.Errorf("another parser cannot read it: %w", err)
	}
	events := cal.Events()
	if len(events) != 1 {
		return fmt.Errorf("another parser reads %d events in it", len(events))
	}
	uid, err := events[0].Props.Text(goical.PropUID)
	if err != nil || uid != ev.UID {
		return fmt.Errorf("another parser reads the UID as %q", uid)
	}
	from, err := instant(events[0].Props, goical.PropDateTimeStart)
	if err != nil || !from.Equal(ev.From) {
		return fmt.Errorf("another parser reads its start as %s", from)
	}
	to, err := instant(events[0].Props, goical.PropDateTimeEnd)
	if err != nil || !to.Equal(ev.To) {
		return fmt.Errorf("another parser reads its end as %s", to)
	}
	return nil
}

// instant is what the other parser makes of a DATE-TIME. It gets the zone that TZID names,
// which it would read from the disk anew for each.
func instant(props goical.Props, name string) (time.Time, error) {
	p := props.Get(name)
	if p == nil {
		return time.Time{}, fmt.Errorf("there is no %s", name)
	}
	zone, ok := loadZone(p.Params.Get(goical.PropTimezoneID))
	if !ok {
		return p.DateTime(nil)
	}
	bare := *p
	bare.Params = maps.Clone(p.Params)
	bare.Params.Del(goical.PropTimezoneID)
	return bare.DateTime(zone)
}
