package scheduler

// Reason is why something waits for the organizer, or why a mail goes out. It is a code:
// templates turn it into words of the reader's language.
type Reason string

const (
	ReasonQuestion     Reason = "question"      // they asked something
	ReasonUnclear      Reason = "unclear"       // their words could mean several things
	ReasonSteppedIn    Reason = "stepped in"    // the organizer wrote in the thread themselves
	ReasonOtherAddress Reason = "other address" // somebody answered from an address that is not known
	ReasonDelegated    Reason = "delegated"     // they want to be written to elsewhere
	ReasonPlace        Reason = "place"         // they proposed another place; the invite names it
	ReasonNoTimes      Reason = "no times"      // no free time could be found for days
	ReasonThreeOffers  Reason = "three offers"  // three rounds of times did not fit
	ReasonSilent       Reason = "silent"        // no answer after the nudges: call them
	ReasonUncalled     Reason = "uncalled"      // they have only a phone, and nobody has told how the call went
	ReasonBounced      Reason = "bounced"       // their address does not exist any more
	ReasonRefused      Reason = "refused"       // their mail system refused a mail; the address lives
	ReasonChallenge    Reason = "challenge"     // their mail system wants a human to confirm
	ReasonUnknown      Reason = "unknown"       // whether a mail went out cannot be told
	ReasonFailed       Reason = "failed"        // something could not be done
	ReasonStuck        Reason = "stuck"         // they cannot go on with a promise
	ReasonDropped      Reason = "dropped"       // they cannot keep a promise
	ReasonSlipped      Reason = "slipped"       // a promise passed its date without a word
	ReasonDebrief      Reason = "debrief"       // a one-to-one still has no notes
	ReasonMissing      Reason = "missing"       // its notes lack a part
	ReasonReadBack     Reason = "read back"     // a summary waits for "ok"
	ReasonReady        Reason = "ready"         // an offer waits for "ok"
	ReasonDraft        Reason = "draft"         // a mail lies among the organizer's drafts, for them to send
	ReasonDraftLeft    Reason = "draft left"    // a draft that no longer holds is still there: they have written into it
	ReasonDraftSent    Reason = "draft sent"    // they sent a draft that no longer held
	ReasonNoShow       Reason = "no-show"       // it was missed twice
	ReasonRemark       Reason = "remark"        // they said something besides
	ReasonStopped      Reason = "stopped"       // they asked not to be written to
	ReasonAnswered     Reason = "answered"      // they answered while the organizer had the thread
	ReasonOwnWords     Reason = "own words"     // the organizer's own words about somebody were not understood
	ReasonTaken        Reason = "taken"         // the organizer has something else at the hour to which they would move a meeting
	ReasonOrder        Reason = "order"         // a line of an order was not understood
	ReasonGone         Reason = "gone"          // a person left the config with something still open
	ReasonNotFree      Reason = "not free"      // what they chose was taken meanwhile
	ReasonMovedByYou   Reason = "moved by you"  // the organizer moved or cancelled it on the calendar
	ReasonClocks       Reason = "clocks"        // the rules of the clocks changed: the same local time is another instant
	ReasonVanished     Reason = "vanished"      // all of our events are gone from the calendar at once
	ReasonDeclined     Reason = "declined"      // they declined on the calendar
	ReasonNotNow       Reason = "not now"       // they asked to be written to later
	ReasonAway         Reason = "away"          // out of office
	ReasonMet          Reason = "met"           // they have met already
	ReasonNoLook       Reason = "no look"       // mail or calendar cannot be read
	ReasonNoMail       Reason = "no mail"       // mail cannot be sent
	ReasonNoCalendar   Reason = "no calendar"   // the calendar cannot be changed
	ReasonNotHeld      Reason = "not held"      // it did not take place
)
