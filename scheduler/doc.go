// Package scheduler is the life of a one-to-one: who is due, what happens next, and why.
//
// It is pure. Decide takes what is known, what happened and the time, and answers with
// what is known now and what is to be done; it reads no clock, disk or network and
// draws no random number, so that every decision can be tested, replayed and explained.
// It refuses to guess at a person: what is not clear goes to the organizer.
//
// Instants are UTC. Rules of the wall clock (weekly hours, "by Friday") keep the zone
// of the one that they are about. Everything of an organizer is in one State; nothing
// here assumes that there is only one organizer.
package scheduler
