// Package google makes an organizer's Gmail and Google Calendar the inbox and calendar
// that indy works in.
//
// It signs in (RFC 8252), reads what came by history, sends through a draft so that no
// mail goes twice, makes events under ids of its own, and follows every change that human
// beings make. It says of each error whether trying again can help; only reads that a
// longer read is made of are tried again here, because starting that over could go on for ever.
//
// It refuses to delete or move mail, to touch an event that it did not make, to call a
// vanished calendar free, and to guess whether a mail has gone: where Google cannot tell,
// it answers scheduler.CannotTell. No token, address or mail ever stands in an error.
package google
