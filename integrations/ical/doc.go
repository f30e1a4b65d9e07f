// Package ical reads and writes iCalendar (RFC 5545), iTIP (RFC 5546) and what calendars
// make of them: the busy times of whole calendars, the one event that indy wrote, the
// answer that a person's calendar sent.
//
// It reads what other programs write as far as sense can be made of it and fails closed:
// what it cannot understand is an error or busy time, never free time. It reads files and
// folders, but writes none; mails and networks are its callers'.
//
// Single objects are read into components and written line by line, so that an update keeps
// what it does not know; go-ical, which refuses too much of what calendars send, reads every
// invite once more before it goes out. Whole calendars are scanned once over their bytes,
// with a recurrence engine that jumps to the window and is bounded in work; go-ical,
// rrule-go and recurring-ical-events are what it is held against in tests.
package ical

//go:generate go run gen_windows.go
