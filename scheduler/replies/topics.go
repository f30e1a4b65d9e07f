package replies

// A topic is what a mail may be about. The same words mean different things in each:
// "done" ends a step and says nothing of a time.
type topic uint8

const (
	aboutTimes topic = iota
	aboutMeeting
	aboutDebrief
	aboutSteps
	aboutSummary
	aboutOK
	aboutOwners   // who does what: the inside of a step
	aboutHeadings // "Next steps:"
	aboutOrders
	aboutAhead // a meeting that is to come, told by the organizer
	topicCount
)

// topics are the signs that count in each; of phrases of one length the earlier sign wins.
var topics = [topicCount][]sign{
	aboutTimes: {stop, proxy, sarcasm, elsewhere, arrange, late, enough, opinion, perhaps, somebody, courtesy, shift, sorry, praise, better, therefore, noneFit, pickFirst, pickLast, pickEarlier, pickLater, pickOther, pickMorning, pickAfternoon, pickEvening,
		either, another, retract, allBut, except, regret, bad, not, hold, cond, yesOrIf, good, pickVerb, propose, yes, no, nice, notNow, askAgain, away, after, meet,
		callMe, address, place, phone, inPerson, ask, closing, greeting, contrast, alsoOr, conj, option, only, filler},
	aboutMeeting: {stop, proxy, sarcasm, elsewhere, arrange, late, enough, opinion, perhaps, somebody, courtesy, shift, sorry, praise, better, therefore, isItOff, cancel, move, confirm, noneFit, either, another, retract, allBut, except, regret, bad, not, hold, cond, yesOrIf, good, pickVerb, propose, yes, no, nice,
		notNow, askAgain, away, after, meet, callMe, address, place, phone, inPerson, ask, closing, greeting, contrast, alsoOr, conj, option, only, filler},
	aboutDebrief:  {noMail, noSteps, noNext, byChance, ranInto, notHeld, noShow, movedTo, notAsked, saidLess, saidLater, saidNo, saidYes, again, checkIn, phone, inPerson, dueWord, closing, greeting, onWord},
	aboutSteps:    {stop, cantStep, stuck, notYet, moreTime, everything, done, cond, ask, closing, greeting, contrast, alsoOr, conj, filler},
	aboutSummary:  {stop, wrong, will, dueWord, meWord, theyWord, weWord, yes, good, ask, closing, greeting, nice, contrast, filler},
	aboutOK:       {sendIt, hold, contrast, wrong, bad, not, no, ask, closing, greeting, filler},
	aboutOwners:   {asideWord, meWill, theyWill, meWord, theyWord, weWord, will, dueWord, onWord, verb, filler},
	aboutHeadings: {stepsHead, notesHead, nextHead, askHead},
	aboutOrders:   {handsOff, handBack, forgetSome, propSome, snooze, stopSome, metSome, done, digestNow, goOn, putBack, callOff, sendIt, closing, greeting, filler},
	aboutAhead:    {metAhead, theyOffSay, callItOff, theyOff, findAnew, moveAhead, askOf, sorry, closing, greeting, plainWord},
}
