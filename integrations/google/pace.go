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
	mailPushed = 4 * time.Hour // with push: in case a notice was lost

	calendarFast     = time.Minute
	calendarDay      = 5 * time.Minute
	keptForDecisions = 20 // calls of an organizer's day
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

// calendarPace is the same for the calendar. Of an organizer's part of the project's day
// some calls are kept for what decisions read and write; of the rest less than half goes to
// the quiet hours of the day and less than half to those around meetings.
func calendarPace(local time.Time, organizers int, near bool) time.Duration {
	looks := max(1, (float64(calendarCallsPerDay)/float64(max(organizers, 1))-keptForDecisions)*0.4)
	day := max(calendarDay, time.Duration(15*float64(time.Hour)/looks))
	switch {
	case near:
		return min(day, max(calendarFast, time.Duration(7*float64(time.Hour)/looks)))
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
