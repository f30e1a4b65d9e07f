package replies

// A sign is what a few words say, in any language. A language file (lang_en.go,
// lang_es.go) lists the words; everything else in this package knows only signs.
type sign uint8

const (
	unknown  sign = iota // words that no list has
	filler               // says nothing: "the", "I", "please"
	greeting             // "hi": a name may follow
	closing              // "thanks", "best regards"
	conj                 // "and", "so": joins two statements
	alsoOr               // "or"
	contrast             // "but"

	// About a time.
	good     // suits: "works", "I can do", "let's do"
	bad      // does not: "doesn't work", "can't do"
	not      // a bare "not", "can't", "won't"
	allBut   // "any except": they leave it to us, but for what follows
	pickVerb // "take", "book": a choice where it comes first
	except   // what follows is ruled out: "except", "instead of", "but not"
	propose  // "how about", "could we do"
	option   // "option", "number", "slot": a number follows or goes before
	either   // "either", "any of them", "you pick": they leave it to us
	noneFit  // "none of these work"
	another  // "another time", "some other day"
	retract  // "actually", "scratch that"
	only     // "only": narrows what goes before or after

	// What the words beside them make of them: see neighbours.go.
	sorry     // "sorry": takes a time back when another follows at once
	praise    // "grand": a yes right after a time, else kind words
	better    // "better": a yes right after a time, else nothing
	courtesy  // "if you can": no condition where the clause ends with it
	therefore // "so": what follows is the consequence
	shift     // "an hour later", "a bit earlier": not as offered
	enough    // "I'm good": a yes only beside a time
	somebody  // "for my husband": the time suits somebody else
	opinion   // "I think": nothing before a time, doubt where it trails behind
	perhaps   // "puede ser": doubt, or a proposal in a question
	proxy     // somebody else writes, or the person is gone: only the organizer can answer
	elsewhere // "at the rally", "your mail of": the times beside it are of something else
	arrange   // "to set something up": where they are to be called, it is about the time and not at it

	// Picks among the offered slots; arg says which.
	pickFirst
	pickLast
	pickEarlier
	pickLater
	pickOther
	pickMorning
	pickAfternoon
	pickEvening

	// Consent and its absence.
	yes     // "yes", "sounds good"
	no      // "no"
	nice    // kind words that consent to nothing: "wonderful", "thanks for writing"
	meet    // wants to meet: "would love to"
	hold    // not yet: "let me check", "maybe", "I think so"
	cond    // "if", "as long as"
	regret  // "unfortunately", "I wish"
	sarcasm // "yeah right"
	yesOrIf // Spanish "si" without its accent

	// Whether to write at all.
	stop     // "stop writing to me"
	notNow   // "not now", "too busy"
	askAgain // "ask me again": counts beside a time
	after    // "after", "once": before a time from which it is possible
	away     // "out of office"

	// About a meeting that stands.
	confirm // "see you there"
	isItOff // "should I cancel?": asks, and calls nothing off
	cancel  // "can't make it", "have to cancel"
	move    // "can we move it", "reschedule"
	late    // "running late"

	ask      // "who", "what", "why": a question even without its mark
	phone    // "by phone"
	inPerson // "in person"
	callMe   // "call me at"
	place    // "can we do the library instead": a place follows
	address  // "write to my other address"

	// Debriefs, steps and orders.
	done       // "done", "finished"
	stuck      // "stuck"
	moreTime   // "need until", "give me"
	cantStep   // "can't", "won't get to it"
	notYet     // "not yet", "haven't"
	notHeld    // "didn't happen"
	noShow     // "didn't show up"
	movedTo    // "rescheduled to"
	byChance   // "ran into each other": a one-to-one, but not the one on the calendar
	ranInto    // "ran into": the same, when their name follows
	noMail     // "wants no more mail", told by the organizer
	noSteps    // "no next steps"
	noNext     // "no date yet"
	again      // "again in", "we meet next"
	checkIn    // "check in"
	will       // "will", "agreed to": makes a step of what follows
	saidYes    // "said yes", "is in"
	saidNo     // "said no"
	saidLater  // "not ready"
	saidLess   // "a smaller yes"
	notAsked   // "didn't ask"
	wrong      // "that's wrong", "I said"
	sendIt     // "ok", "send it"
	stepsHead  // "Next steps:"
	notesHead  // "Notes:"
	nextHead   // "Next meeting:"
	askHead    // "Ask:"
	meWord     // "me", "I"
	theyWord   // "she", "he", "they"
	weWord     // "we"
	meWill     // "I'll", "I promised to"
	theyWill   // "she'll"
	dueWord    // "by", "before", "due": a deadline follows
	onWord     // "on", "this": a day follows
	asideWord  // "because": what follows is no part of an action
	digestNow  // orders: "digest"
	everything // "all", "both": every step
	verb       // begins an action: "call", "send"
	propSome   // orders: "propose"
	snooze     // "snooze"
	stopSome   // "stop"
	forgetSome // "forget"
	metSome    // "met"
	handBack   // "hand back"
	handsOff   // "hands off"
	goOn       // "go"
	putBack    // "put them back"
	callOff    // "call them off"

	// The organizer, of a meeting that is to come.
	metAhead   // "we already talked"
	callItOff  // "cancel it", "I'm sick"
	theyOff    // "cancelled", after their name
	theyOffSay // "she cancelled"
	findAnew   // "find a new time"
	moveAhead  // "move it to": a time follows
	askOf      // "can you": what follows is an order, though it asks
	plainWord  // says nothing

	signCount
)
