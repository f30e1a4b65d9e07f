// Package googletest is Gmail, Google Calendar, Google's sign-in and Pub/Sub, as far as
// indy uses them, in one process and on a clock of the test's own.
//
// It behaves as Google's documentation and experience say: mail goes from one user to the
// other and gets a new Message-ID on its way, history is forgotten, tokens expire, ids of
// deleted events stay taken, quotas run out, lines break before and after an effect. Every
// request and every answer is held against the discovery documents that Google publishes;
// what is not in them fails the test.
//
// It is no mail server and no calendar for people, keeps nothing on disk, and refuses
// (with a failed test) whatever method it does not know in full.
package googletest
