package engine

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"indy/scheduler"
)

const (
	// lookAgain bounds a wait: a machine that slept notices when it wakes, and a change that
	// no watch told of is seen all the same. Looking costs no write.
	lookAgain = 5 * time.Minute
	// atLeast keeps a plan that is due but cannot move from turning the loop round and round.
	atLeast = time.Minute
	// calm is how long nothing has to happen before memory goes back to the system: a turn
	// that writes mails takes several times what waiting takes.
	calm = 2 * time.Second
	// garbage is how much of it, in percent of what is in use, may gather before it is looked
	// for, while there is work: as memory goes back afterwards, that costs no memory for long.
	garbage = 400
)

// Turn is one round of the loop for an organizer: what was under way when the process
// died, then Step, then Flush. It answers with the time of the next turn that is due by
// itself; zero when only an event can bring it.
func (e *Engine) Turn(ctx context.Context, who scheduler.OrganizerID, now time.Time) (next time.Time, err error) {
	if err = e.recover(ctx, who, now); err == nil {
		_, err = e.Step(ctx, who, now)
		if _, gone := errors.AsType[vanished](err); gone {
			return time.Time{}, errors.Join(err, e.Flush(ctx, who, now)) // nothing goes but what tells the organizer
		}
	}
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, e.stuck(ctx, who, err, now))
		}
		return time.Time{}, err
	}
	if err := e.Flush(ctx, who, now); err != nil {
		return time.Time{}, err
	}
	if err := errors.Join(e.markAgain(ctx, who), e.unstuck(ctx, who, now)); err != nil {
		return time.Time{}, err
	}
	return e.next(ctx, who, now)
}

// recover settles what was under way before anything new is read: else a mail of ours that
// went out unrecorded would look like one that the organizer wrote.
func (e *Engine) recover(ctx context.Context, who scheduler.OrganizerID, now time.Time) error {
	return e.with(ctx, who, func(d *desk) error {
		list, err := e.store.Outbox(ctx, who, now, 1000)
		if err != nil {
			return err
		}
		e.press(d, list, now)
		for _, entry := range list {
			if entry.State.Open() && entry.Ref != "" && !e.waits(d, entry) {
				if err := e.deliver(ctx, d, entry, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (e *Engine) next(ctx context.Context, who scheduler.OrganizerID, now time.Time) (time.Time, error) {
	at, err := e.store.Wake(ctx, who)
	if err != nil || at.IsZero() || at.After(now) {
		return at, err
	}
	if at := e.withDrafts(who, now); !at.IsZero() {
		return at, nil
	}
	return now.Add(atLeast), nil // due, and yet it did not move: it waits for something else
}

// Run runs every organizer in use until ctx ends, and waits until all have stopped.
// Organizers that Use brings later run as well; those whose account is replaced go on with
// the new one. clock says what time it is; it is asked once a turn.
func (e *Engine) Run(ctx context.Context, clock func() time.Time) error {
	e.life.Lock()
	if e.start != nil {
		e.life.Unlock()
		return errors.New("the engine runs already")
	}
	var loops sync.WaitGroup
	quiet := time.AfterFunc(calm, e.Calm)
	defer quiet.Stop()
	was := debug.SetGCPercent(garbage)
	defer debug.SetGCPercent(was)
	if was != 100 { // the operator's own, by GOGC
		debug.SetGCPercent(was)
	}
	e.start = func(id scheduler.OrganizerID, d *desk) {
		own, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		d.stop = func() { stop(); <-done }
		loops.Go(func() {
			defer close(done)
			e.runOne(own, id, d, clock, func() { quiet.Reset(calm) })
		})
	}
	e.mu.Lock()
	desks := maps.Clone(e.desks)
	e.mu.Unlock()
	for id, d := range desks {
		e.start(id, d)
	}
	e.life.Unlock()

	<-ctx.Done()
	e.life.Lock()
	e.start = nil
	e.life.Unlock()
	loops.Wait()
	return nil
}

// giveBack lets go of memory that was needed for work. It collects twice, for pools keep
// what is in them over one collection.
func giveBack() {
	runtime.GC()
	debug.FreeOSMemory()
}

// runOne is the loop of one organizer; turned is called after each turn that saved anything.
func (e *Engine) runOne(ctx context.Context, who scheduler.OrganizerID, d *desk, clock func() time.Time, turned func()) {
	changed := make(chan struct{}, 1)
	nudge := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	d.mu.Lock()
	d.nudge = nudge
	account := d.account
	d.mu.Unlock()

	var watches sync.WaitGroup
	defer watches.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for name, watch := range map[string]func(context.Context, func()) error{"mail": account.Mailbox.Watch, "calendar": account.Calendar.Watch} {
		watches.Go(func() { e.follow(ctx, who, name, watch, nudge) })
	}
	saved := int64(-1)
	e.loop(ctx, who, clock, changed, func() {
		if v := d.saved(); v != saved { // a turn in which nothing happened took no memory
			saved = v
			turned()
		}
	})
}

// saved is the version of what was last committed.
func (d *desk) saved() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.version
}

// follow watches a source until ctx ends. A watch that ends before, as one does when access
// is withdrawn, begins anew after a while: access may be back.
func (e *Engine) follow(ctx context.Context, who scheduler.OrganizerID, name string, watch func(context.Context, func()) error, nudge func()) {
	for said := ""; ; {
		err := watch(ctx, nudge)
		if err == nil || ctx.Err() != nil {
			return
		}
		if err.Error() != said {
			said = err.Error()
			e.log.Warn("not told of changes; looking from time to time", "organizer", who, "source", name, "err", err)
		}
		again := time.NewTimer(lookAgain)
		select {
		case <-ctx.Done():
		case <-again.C:
		}
		again.Stop()
	}
}

func (e *Engine) loop(ctx context.Context, who scheduler.OrganizerID, clock func() time.Time, changed <-chan struct{}, turned func()) {
	tries, said := 0, ""
	for ctx.Err() == nil {
		now := clock()
		next, err := e.Turn(ctx, who, now)
		turned()
		wait := lookAgain
		switch {
		case err != nil && ctx.Err() != nil:
			return
		case err != nil:
			if err.Error() != said { // once, for as long as it stays the same
				said = err.Error()
				e.log.Error("nothing is lost, trying again", "organizer", who, "err", err)
			}
			wait = min(e.backoff(tries), lookAgain)
			tries++
		default:
			if said != "" {
				e.log.Info("it works again", "organizer", who)
			}
			tries, said = 0, ""
			if !next.IsZero() {
				wait = min(wait, next.Sub(now))
			}
		}
		e.log.Debug("looked", "organizer", who, "again_in", wait.Round(time.Second))
		timer := time.NewTimer(max(wait, 0))
		select {
		case <-ctx.Done():
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Nudge makes an organizer's loop look at once.
func (e *Engine) Nudge(who scheduler.OrganizerID) {
	d := e.desk(who)
	if d == nil {
		return
	}
	d.mu.Lock()
	nudge := d.nudge
	d.mu.Unlock()
	if nudge != nil {
		nudge()
	}
}
