// Package mail reads what comes by mail and composes what goes out: RFC 5322 and MIME on
// the outside, scheduler.Mail and scheduler.Outgoing on the inside.
//
// Reading loses no mail. Headers that are broken, boundaries that are missing, charsets
// and encodings that lie are read as well as they can be; what cannot be understood is
// text. All work on a mail is bounded: bytes, header fields, parts and depth.
//
// It says which mails machines wrote, by what the standards make them say of themselves
// (RFC 3834, 3464, 8098, 2369) and, for the many that do not keep to them, by what mail
// servers are known to write. It rather takes a robot for a human being than a human
// being for a robot, since a person would never learn that nobody read their mail.
//
// Composing refuses, with an error, whatever could become another header or another
// recipient, and gives the same bytes for the same letter.
//
// It opens no connection, keeps nothing, and decides nothing: whether a mail may be
// heeded is for the engine and the scheduler to say.
package mail
