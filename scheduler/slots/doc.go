// Package slots turns busy times and an organizer's rules into a few good times to meet.
//
// It is pure: values in, values out. It reads no clock, disk or network, starts no
// goroutine and never answers with a time that it is not sure of: a local time that
// does not exist or occurs twice (a change of clocks) is not offered, and an unknown
// calendar is the caller's error to handle, never an empty one.
package slots
