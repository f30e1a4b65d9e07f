package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"

	"indy/config"
	"indy/integrations/google"
	"indy/scheduler"
	"indy/scheduler/replies"
)

// googles is what the Google accounts of one process share. Its zero value is ready, for
// commands that look at one account and are done.
type googles struct {
	// ordered takes the labels that an organizer puts on a conversation; nil where nobody
	// carries orders out.
	ordered func(config.Organizer, google.LabelOrder) error
	// adjust changes how accounts are opened: plays bring their own clock. nil for none.
	adjust func(*google.Options)

	sharing int
	project *google.Project
	pushes  map[pushPlace]*pushing
	start   func(*pushing) // nil until a daemon runs
}

// pushPlace is where Gmail tells of new mail, and who may read it there.
type pushPlace struct{ topic, subscription, account, key string }

// pushing is a push with what ends it.
type pushing struct {
	push *google.Push
	stop func() // nil while it does not run
}

// share gets ready for the accounts of a config: all spend from one project's quota.
func (g *googles) share(cfg *config.Config) {
	if n := onGoogle(cfg); n != g.sharing {
		g.sharing, g.project = n, google.NewProject(n)
	}
}

func onGoogle(cfg *config.Config) (n int) {
	for _, o := range cfg.Organizers {
		if o.Provider == config.ProviderGoogle {
			n++
		}
	}
	return n
}

// open opens an organizer's account.
func (g *googles) open(cfg *config.Config, o config.Organizer) (*google.Account, error) {
	options := googleOptions(cfg, o)
	if g.project != nil {
		options.Project = g.project
	}
	if g.ordered != nil && options.Labels {
		options.Ordered = func(l google.LabelOrder) error { return g.ordered(o, l) }
	}
	if g.adjust != nil {
		g.adjust(&options)
	}
	var err error
	if options.Push, err = g.push(cfg, o); err != nil {
		return nil, err
	}
	return google.Open(options)
}

// push is what the organizer's subscription is read by, one for all who share it; nil
// without one.
func (g *googles) push(cfg *config.Config, o config.Organizer) (*google.Push, error) {
	place, reader := pushOf(cfg, o)
	if place.subscription == "" {
		return nil, nil
	}
	if p := g.pushes[place]; p != nil {
		return p.push, nil
	}
	po := google.PushOptions{Topic: place.topic, Subscription: place.subscription, KeyFile: place.key, Endpoint: os.Getenv(google.EndpointVariable)}
	as := googleOptions(cfg, reader)
	if g.adjust != nil {
		g.adjust(&as)
		po.Transport, po.Sleep, po.Random = as.Transport, as.Sleep, as.Random
	}
	if place.key == "" {
		po.As = &as
	}
	p, err := google.NewPush(po)
	if err != nil {
		return nil, err
	}
	if g.pushes == nil {
		g.pushes = map[pushPlace]*pushing{}
	}
	g.pushes[place] = &pushing{push: p}
	return p, nil
}

// pushOf is where an organizer's push is, and who reads it: the first organizer of the
// config who names the subscription, by the service account's key or their own sign-in.
func pushOf(cfg *config.Config, o config.Organizer) (place pushPlace, reader config.Organizer) {
	if o.Provider != config.ProviderGoogle || o.Google.PushSubscription == "" {
		return place, reader
	}
	for _, reader := range cfg.Organizers {
		r := reader.Google
		if reader.Provider == config.ProviderGoogle && r.PushSubscription == o.Google.PushSubscription {
			return pushPlace{o.Google.PushTopic, o.Google.PushSubscription, r.Account, r.ServiceAccount}, reader
		}
	}
	return place, reader
}

// readsPush says whether the organizer's sign-in must be allowed to read a subscription.
func readsPush(cfg *config.Config, o config.Organizer) bool {
	place, reader := pushOf(cfg, o)
	return place.subscription != "" && place.key == "" && reader.ID == o.ID
}

// settle ends the pushes that no organizer of the config has any more and starts new ones.
func (g *googles) settle(cfg *config.Config) {
	wanted := map[pushPlace]bool{}
	for _, o := range cfg.Organizers {
		place, _ := pushOf(cfg, o)
		wanted[place] = true
	}
	for place, p := range g.pushes {
		switch {
		case !wanted[place]:
			if p.stop != nil {
				p.stop()
			}
			delete(g.pushes, place)
		case p.stop == nil && g.start != nil:
			g.start(p)
		}
	}
}

// run lets pushes run until ctx ends. all waits for them.
func (g *googles) run(ctx context.Context, cfg *config.Config, all *sync.WaitGroup, log *slog.Logger) {
	g.start = func(p *pushing) {
		own, stop := context.WithCancel(ctx)
		p.stop = stop
		all.Go(func() {
			if err := p.push.Run(own); err != nil && own.Err() == nil {
				log.Warn("Gmail's notices cannot be read; looking for mail from time to time", "err", err)
			}
		})
	}
	g.settle(cfg)
}

// orderOf is what a label on a conversation means. Whom it is about is the one person of
// the config whom the mail is from or to; when that is not one person, the organizer is asked.
func orderOf(o config.Organizer, l google.LabelOrder) leftOrder {
	order := leftOrder{ID: l.ID, Organizer: o.ID, Verb: replies.OrderPropose, Thread: l.Thread, Words: l.Label + ": " + l.Head.Subject}
	if l.Label == google.LabelHandsOff {
		order.Verb = replies.OrderHandsOff
	}
	found := 0
	for _, p := range o.People {
		if writes(p, l.Head) {
			order.Person = p.ID
			found++
		}
	}
	if found != 1 {
		order.Person = ""
	}
	return order
}

// writes says whether a mail is from or to the person.
func writes(p scheduler.Person, h scheduler.Head) bool {
	for _, a := range append([]scheduler.Address{h.From}, h.To...) {
		for _, own := range p.Addresses {
			if strings.EqualFold(a.Addr, own) {
				return true
			}
		}
	}
	return false
}
