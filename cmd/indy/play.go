package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"indy/scheduler"
	"indy/scheduler/engine"
)

// play runs the shipped loop on a virtual clock: it jumps to whatever comes next, an act
// of somebody in the play or a wake-up of the engine.
type play struct {
	engine *engine.Engine
	who    scheduler.OrganizerID
	now    time.Time
	acts   []act
	n      int
	// after is called after every turn: readers look whether they have mail.
	after func(context.Context) error
}

// act is something that somebody outside indy does.
type act struct {
	at time.Time
	n  int // of two at the same time the first planned goes first
	do func() error
}

// plan adds an act.
func (p *play) plan(at time.Time, do func() error) {
	if at.Before(p.now) {
		at = p.now
	}
	p.n++
	p.acts = append(p.acts, act{at, p.n, do})
	slices.SortFunc(p.acts, func(a, b act) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.n - b.n
	})
}

// until plays on until end. What cannot be read or sent ends the play: nothing in it is
// out of order but by mistake.
func (p *play) until(ctx context.Context, end time.Time) error {
	for turns := 0; ; turns++ {
		if turns > 100_000 {
			return fmt.Errorf("the play has no end")
		}
		next, err := p.engine.Turn(ctx, p.who, p.now)
		if err != nil {
			return err
		}
		if err := p.after(ctx); err != nil {
			return err
		}
		var do func() error
		switch {
		case len(p.acts) > 0 && (next.IsZero() || !p.acts[0].at.After(next)):
			next, do = p.acts[0].at, p.acts[0].do
			if !next.After(end) {
				p.acts = p.acts[1:]
			}
		case next.IsZero():
			return nil
		}
		if next.After(end) {
			p.now = end
			return nil
		}
		p.now = next
		if do != nil {
			if err := do(); err != nil {
				return err
			}
		}
	}
}
