package google

import "time"

// A pace says how long to wait between two looks. Looking is cheap for one organizer and
// dear for thousands: Google counts by project and day, 80 M units for Gmail and 1 M calls
// for the Calendar. So the pace depends on how many share the project, on the organizer's
// hour, and on whether something is to be expected.

const (
	dayBegins, nightBegins = 7, 22 // the organizer's hours

	mailLively = time.Minute
	mailDay    = 5 * time.Minute
	mailNight  = 30 * time.Minute
	mailPushed = 3 * time.Hour // with push: in case a notice was lost

	calendarFast = time.Minute
	calendarDay  = 5 * time.Minute
	// A meeting is near from nearBefore its start to nearAfter its end: then notes are
	// typed into the event, and late moves matter most.
	nearBefore = 30 * time.Minute
	nearAfter  = 20 * time.Minute
)

func night(local time.Time) bool { return local.Hour() < dayBegins || local.Hour() >= nightBegins }

// mailPace is how long to wait before the mailbox is looked at again.
func mailPace(local time.Time, lively, pushed bool) time.Duration {
	switch {
	case pushed:
		return mailPushed
	case lively:
		return mailLively
	case night(local):
		return mailNight
	}
	return mailDay
}

// calendarPace is the same for the calendar. Half of the project's day is for what
// decisions need; of the other half one part goes to quiet hours of the day and one to
// the time around meetings, of which there may be five hours.
func calendarPace(local time.Time, organizers int, near bool) time.Duration {
	part := calendarCallsPerDay / max(organizers, 1) / 4
	day := max(calendarDay, 15*time.Hour/time.Duration(max(part, 1)))
	switch {
	case near:
		return min(day, max(calendarFast, 5*time.Hour/time.Duration(max(part, 1))))
	case night(local):
		return 4 * day
	}
	return day
}

// span is when an event of ours takes place.
type span struct{ from, to time.Time }

func (s span) near(now time.Time) bool {
	return now.After(s.from.Add(-nearBefore)) && now.Before(s.to.Add(nearAfter))
}
