package main

import (
	"sync"

	"indy/config"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/templates"
)

// builtIn are the templates that indy brings, for all organizers.
var builtIn shelf

// A shelf has the templates from the first mail that is written on, until they are put
// away: a daemon that has nothing to say does without them.
type shelf struct {
	mu  sync.Mutex
	set *templates.Set
}

func (b *shelf) take() (*templates.Set, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.set != nil {
		return b.set, nil
	}
	set, err := templates.New("")
	if err == nil {
		b.set = set
	}
	return set, err
}

// putAway lets go of the templates; the next mail reads them again.
func (b *shelf) putAway() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set = nil
}

// builtInWords renders with them.
type builtInWords struct{}

func (builtInWords) Render(l scheduler.Letter) (scheduler.Rendered, error) {
	set, err := builtIn.take()
	if err != nil {
		return scheduler.Rendered{}, err
	}
	return set.Render(l)
}

func (builtInWords) Event(l scheduler.Letter) (title, text, html string, err error) {
	set, err := builtIn.take()
	if err != nil {
		return "", "", "", err
	}
	return set.Event(l)
}

// rendererOf is what turns an organizer's letters into words. Templates of their own are
// read at once, so that a mistake in them shows at the start.
func rendererOf(o config.Organizer) (engine.Renderer, error) {
	if o.Templates == "" {
		return builtInWords{}, nil
	}
	return templates.New(o.Templates)
}
