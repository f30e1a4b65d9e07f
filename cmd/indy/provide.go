package main

import (
	"fmt"

	"indy/config"
	"indy/integrations/local"
	"indy/scheduler/engine"
)

// provide opens the mailbox and the calendar that an organizer's config names.
func provide(cfg *config.Config, o config.Organizer, g *googles) (engine.Mailbox, engine.Calendar, error) {
	switch o.Provider {
	case config.ProviderLocal:
		return provideLocal(o, false)
	case config.ProviderGoogle:
		a, err := g.open(cfg, o)
		if err != nil {
			return nil, nil, err
		}
		return a.Mailbox(), a.Calendar(), nil
	}
	return nil, nil, fmt.Errorf("there is no provider %q", o.Provider)
}

// provideLocal opens Maildirs and folders of .ics files; fleeting ones are for a play.
func provideLocal(o config.Organizer, fleeting bool) (engine.Mailbox, engine.Calendar, error) {
	box, err := local.OpenMailbox(local.MailboxOptions{Inbox: o.Local.Inbox, Sent: o.Local.Sent, Post: o.Local.Post,
		Addresses: append([]string{o.Address}, o.Aliases...), Fleeting: fleeting})
	if err != nil {
		return nil, nil, err
	}
	cal, err := local.OpenCalendar(local.CalendarOptions{Write: o.Local.Calendar, Busy: o.Local.Busy, People: o.Local.PeopleBusy,
		Zone: o.Zone, Address: o.Address, Fleeting: fleeting})
	return box, cal, err
}
