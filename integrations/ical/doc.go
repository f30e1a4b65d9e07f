// Package ical reads and writes iCalendar (RFC 5545), iTIP (RFC 5546) and what calendars
// make of them: the busy times of whole calendars, the one event that indy wrote, the
// answer that a person's calendar sent.
//
// It reads what other programs write as far as sense can be made of it and fails closed:
// what it cannot understand is an error or busy time, never free time. It works on bytes
// and readers; files, mails and networks are its callers'.
package ical

//go:generate go run gen_windows.go
