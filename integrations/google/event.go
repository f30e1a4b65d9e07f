package google

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"google.golang.org/api/calendar/v3"

	"indy/scheduler"
)

// Private extended properties by which our events are known, and which keep what Google's
// own fields cannot: its iCalUID cannot be chosen beside an id, and with invites by mail
// the attendees must not stand on the event, or Google would put a second one on theirs.
const (
	propOurs      = "indy"   // "1"
	propID        = "indyID" // the event's own id: a copy made by hand bears another one's
	propOneToOne  = "indyOneToOne"
	propUID       = "indyUID"
	propSequence  = "indySequence"
	propAttendees = "indyAttendees"
	propGeo       = "indyGeo"
)

// maxReminders is how many Google takes.
const maxReminders = 5

// eventOf is the event as Google is to have it.
func eventOf(ev scheduler.CalendarEvent, attended bool) *calendar.Event {
	out := &calendar.Event{
		Summary:     ev.Title,
		Description: ev.Text,
		Location:    ev.Location,
		Start:       instant(ev.From, ev.Zone),
		End:         instant(ev.To, ev.Zone),
		Status:      "confirmed",
		Reminders:   reminders(ev.Alarms),
		ExtendedProperties: &calendar.EventExtendedProperties{Private: map[string]string{
			propOurs:     "1",
			propID:       ev.ID,
			propOneToOne: string(ev.OneToOne),
			propUID:      ev.UID,
			propSequence: strconv.Itoa(ev.Sequence),
			propGeo:      ev.Geo,
		}},
		// Empty texts are to stand too when an event is changed.
		ForceSendFields: []string{"Summary", "Description", "Location"},
	}
	if ev.KeepText && ev.ETag != "" { // a patch without it leaves it as it is
		out.Description, out.ForceSendFields = "", []string{"Summary", "Location"}
	}
	if ev.Tentative {
		out.Status = "tentative"
	}
	if attended {
		out.Attendees = attendeesOf(ev.Attendees)
		out.ForceSendFields = append(out.ForceSendFields, "Attendees")
	} else if b, err := json.Marshal(ev.Attendees); err == nil && len(b) <= 1024 { // a property's limit
		out.ExtendedProperties.Private[propAttendees] = string(b)
	}
	return out
}

func instant(t time.Time, zone string) *calendar.EventDateTime {
	if loc, err := time.LoadLocation(zone); err == nil && zone != "" {
		return &calendar.EventDateTime{DateTime: t.In(loc).Format(time.RFC3339), TimeZone: zone}
	}
	return &calendar.EventDateTime{DateTime: t.UTC().Format(time.RFC3339), TimeZone: "UTC"}
}

func reminders(alarms []time.Duration) *calendar.EventReminders {
	r := &calendar.EventReminders{UseDefault: false, ForceSendFields: []string{"UseDefault", "Overrides"}}
	for _, d := range alarms[:min(len(alarms), maxReminders)] {
		r.Overrides = append(r.Overrides, &calendar.EventReminder{Method: "popup", Minutes: int64(d / time.Minute), ForceSendFields: []string{"Minutes"}})
	}
	return r
}

func attendeesOf(list []scheduler.Attendee) (out []*calendar.EventAttendee) {
	for _, a := range list {
		out = append(out, &calendar.EventAttendee{Email: a.Addr, DisplayName: a.Name, Optional: a.Optional, ResponseStatus: responseOf(a.PartStat)})
	}
	return out
}

// responseOf and partStatOf translate between RFC 5545 3.2.12 and Google.
func responseOf(partStat string) string {
	switch strings.ToUpper(partStat) {
	case "ACCEPTED":
		return "accepted"
	case "DECLINED":
		return "declined"
	case "TENTATIVE":
		return "tentative"
	}
	return "needsAction"
}

func partStatOf(response string) string {
	switch response {
	case "accepted", "declined", "tentative":
		return strings.ToUpper(response)
	}
	return "NEEDS-ACTION"
}

// isOurs says that indy made the event. A copy of it, or a series made of it by hand, is
// the organizer's own.
func isOurs(ev *calendar.Event) bool {
	return ev.ExtendedProperties != nil && ev.ExtendedProperties.Private[propOurs] == "1" && ev.ExtendedProperties.Private[propID] == ev.Id
}

// readEvent is Google's event in our words. zone is the calendar's, for dates without one.
func readEvent(ev *calendar.Event, zone *time.Location) scheduler.CalendarEvent {
	private := map[string]string{}
	if ev.ExtendedProperties != nil && ev.ExtendedProperties.Private != nil {
		private = ev.ExtendedProperties.Private
	}
	out := scheduler.CalendarEvent{
		ID: ev.Id, ETag: ev.Etag,
		UID:       private[propUID],
		OneToOne:  scheduler.OneToOneID(private[propOneToOne]),
		Geo:       private[propGeo],
		Title:     ev.Summary,
		Text:      plainText(ev.Description),
		Location:  ev.Location,
		Tentative: ev.Status == "tentative",
		Cancelled: ev.Status == "cancelled",
	}
	out.Sequence, _ = strconv.Atoi(private[propSequence])
	out.From, out.Zone = moment(ev.Start, zone)
	out.To, _ = moment(ev.End, zone)
	out.Stamp, _ = time.Parse(time.RFC3339, ev.Updated)
	if ev.Organizer != nil {
		out.Organizer = scheduler.Address{Name: ev.Organizer.DisplayName, Addr: ev.Organizer.Email}
	}
	json.Unmarshal([]byte(private[propAttendees]), &out.Attendees) // none is as good as damaged ones
	for _, a := range ev.Attendees {
		if a.Resource || a.Self && a.Organizer {
			continue
		}
		put := scheduler.Attendee{Address: scheduler.Address{Name: a.DisplayName, Addr: a.Email}, PartStat: partStatOf(a.ResponseStatus), Optional: a.Optional, Comment: a.Comment}
		if i := slices.IndexFunc(out.Attendees, func(b scheduler.Attendee) bool { return strings.EqualFold(a.Email, b.Addr) }); i >= 0 {
			out.Attendees[i].PartStat, out.Attendees[i].Comment = put.PartStat, put.Comment
		} else {
			out.Attendees = append(out.Attendees, put)
		}
	}
	if ev.Reminders != nil {
		for _, r := range ev.Reminders.Overrides {
			out.Alarms = append(out.Alarms, time.Duration(r.Minutes)*time.Minute)
		}
	}
	return out
}

// moment is an instant of an event; one with only a date begins at midnight in its zone
// (RFC 5545 3.3.4: a date has no zone, so the calendar's own is meant).
func moment(at *calendar.EventDateTime, zone *time.Location) (time.Time, string) {
	if at == nil {
		return time.Time{}, ""
	}
	name := at.TimeZone
	if loc, err := time.LoadLocation(name); err == nil && name != "" {
		zone = loc
	} else {
		name = zone.String()
	}
	if at.DateTime != "" {
		t, err := time.Parse(time.RFC3339, at.DateTime)
		if err != nil { // Google leaves the offset out where a zone is named
			t, _ = time.ParseInLocation("2006-01-02T15:04:05", at.DateTime, zone)
		}
		return t.UTC(), name
	}
	t, _ := time.ParseInLocation(time.DateOnly, at.Date, zone)
	return t.UTC(), name
}

// same says whether an event stands as it is to be. What Google adds is not looked at.
func same(now, want *calendar.Event, attended bool) bool {
	if !isOurs(now) || now.Summary != want.Summary || now.Location != want.Location || now.Status != want.Status ||
		!sameTime(now.Start, want.Start) || !sameTime(now.End, want.End) ||
		slices.Contains(want.ForceSendFields, "Description") && strings.TrimSpace(plainText(now.Description)) != strings.TrimSpace(plainText(want.Description)) {
		return false
	}
	for name, v := range want.ExtendedProperties.Private {
		if now.ExtendedProperties.Private[name] != v {
			return false
		}
	}
	if attended {
		for _, a := range want.Attendees {
			if !slices.ContainsFunc(now.Attendees, func(b *calendar.EventAttendee) bool { return strings.EqualFold(a.Email, b.Email) }) {
				return false
			}
		}
	}
	return sameReminders(now.Reminders, want.Reminders)
}

func sameTime(a, b *calendar.EventDateTime) bool {
	at, _ := moment(a, time.UTC)
	bt, _ := moment(b, time.UTC)
	return at.Equal(bt) && a != nil && (a.Date == "") == (b.Date == "")
}

func sameReminders(a, b *calendar.EventReminders) bool {
	minutes := func(r *calendar.EventReminders) (m []int64) {
		if r != nil {
			for _, o := range r.Overrides {
				m = append(m, o.Minutes)
			}
		}
		slices.Sort(m)
		return m
	}
	return slices.Equal(minutes(a), minutes(b))
}

// plainText reads a description. People who edit it in the browser leave HTML behind.
func plainText(s string) string {
	if !strings.Contains(s, "<") && !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(math.MaxUint16)
	tagged := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !tagged { // "a < b" is text
				return html.UnescapeString(s)
			}
			return strings.TrimRight(b.String(), "\n ")
		case html.TextToken:
			b.WriteString(strings.ReplaceAll(html.UnescapeString(string(z.Raw())), "\u00a0", " "))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tagged = true
			switch string(name) {
			case "br", "p", "div", "ul", "ol", "tr", "h1", "h2", "h3":
				newLine(&b, string(name) == "br")
			case "li":
				newLine(&b, false)
				b.WriteString("- ")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tagged = true
			switch string(name) {
			case "p", "div", "li", "tr", "h1", "h2", "h3":
				newLine(&b, false)
			}
		}
	}
}

func newLine(b *strings.Builder, always bool) {
	if s := b.String(); always || s != "" && !strings.HasSuffix(s, "\n") {
		b.WriteByte('\n')
	}
}
