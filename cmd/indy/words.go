package main

import (
	"sync"

	"indy/config"
	"indy/scheduler"
	"indy/scheduler/engine"
	"indy/templates"
)

// builtIn are the templates that indy brings. They are read when the first mail is written
// and serve all organizers: a daemon that has nothing to say starts without them.
var builtIn = sync.OnceValues(func() (*templates.Set, error) { return templates.New("") })

// builtInWords renders with them.
type builtInWords struct{}

func (builtInWords) Render(l scheduler.Letter) (scheduler.Rendered, error) {
	set, err := builtIn()
	if err != nil {
		return scheduler.Rendered{}, err
	}
	return set.Render(l)
}

func (builtInWords) Event(l scheduler.Letter) (title, text, html string, err error) {
	set, err := builtIn()
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
