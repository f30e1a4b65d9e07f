package scheduler

// Parcel is a mail in its final bytes, on its way out.
type Parcel struct {
	Key       string // of the effect
	From, To  string // RFC 5321 reverse- and forward-path, without angle brackets
	MessageID string // as in Raw
	Thread    string // the provider's name of the thread that it belongs to; "" starts one
	Raw       []byte
}

// Sent is a mail that has gone, as it can be found again.
type Sent struct {
	ID        string // the provider's
	MessageID string // as the receiver sees it: some providers replace ours. "" where Thread tells its answers
	Thread    string
}

// Found is what looking for a mail proved.
type Found int

const (
	NotSent Found = iota // it has not gone: Send may be called
	WasSent
	CannotTell
)

// Withdrawal is what came of taking back a mail that was staged.
type Withdrawal int

const (
	TakenBack Withdrawal = iota // nothing is left of it that could be sent
	TooLate                     // it has gone
	Mended                      // the organizer has written into it: it is left as it is
)
