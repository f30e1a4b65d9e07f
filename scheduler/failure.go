package scheduler

import (
	"errors"
	"time"
)

// FailureKind says what can be done about an error of the outside world.
type FailureKind int

const (
	Again     FailureKind = iota // trying again later may help; nothing happened
	Final                        // it will never work; nothing happened
	InDoubt                      // it may have happened: look first, never just repeat
	NoAccess                     // signed out, access withdrawn: pause this organizer
	Outdated                     // the thing changed meanwhile (HTTP 412): read again, decide again
	Suspicion                    // the outside looks wrong (a calendar suddenly empty): stop and ask
)

// Failure is an error of an integration. Integrations say whether trying again can
// help; only the engine tries again. Hint, when set, says what a person can do.
type Failure struct {
	Kind  FailureKind
	After time.Duration // for Again: not earlier than this from now; 0: as you like
	Hint  string
	Err   error
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// FailureOf is the kind of err; errors that say nothing are worth another try.
func FailureOf(err error) FailureKind {
	var f *Failure
	if errors.As(err, &f) {
		return f.Kind
	}
	return Again
}
