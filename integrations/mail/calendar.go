package mail

import (
	"errors"

	"indy/scheduler"
)

// Until integrations/ical stands: an invite is refused rather than sent without its part.
func encodeInvite(scheduler.Invite) ([]byte, error) {
	return nil, errors.New("there is no calendar part")
}
