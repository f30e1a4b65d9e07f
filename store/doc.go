// Package store keeps what must outlive the process: every organizer's memory, the ledger
// of effects with the final bytes of what is to go out, and history. It is SQLite in a
// file, or PostgreSQL; both run the same statements.
//
// Whatever a method answered is durable when it returns: one decision is one transaction,
// and decisions of several organizers that arrive at once share one write to disk (writer.go),
// and on SQLite that write is short (journal.go). It writes nothing while nothing happens.
//
// It refuses to decide anything, to overwrite what somebody else has decided meanwhile
// (ledger.ErrConflict), to open a database that a newer indy has written, and to share a
// state folder with another process. It knows no clock; whoever calls says what time it is.
package store
