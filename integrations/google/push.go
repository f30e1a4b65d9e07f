package google

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2/google"
	"google.golang.org/api/option"
	"google.golang.org/api/pubsub/v1"

	"indy/scheduler"
)

// PushOptions say where Gmail tells of changes: a Pub/Sub topic and a pull subscription
// of it, so that no port need be open.
type PushOptions struct {
	Topic        string   // "projects/P/topics/T"
	Subscription string   // "projects/P/subscriptions/S"
	Key          []byte   // of a service account that may read the subscription, or
	KeyFile      string   // where to read it, or
	As           *Options // the sign-in of somebody who may; its PubSub must be set
	Endpoint     string
	Transport    http.RoundTripper
	Sleep        func(context.Context, time.Duration) error
	Random       func() float64
}

// Push hears of changes for all organizers of a project. Run must be running.
type Push struct {
	topic, subscription string
	svc                 *pubsub.Service
	o                   Options
	patience            *patience

	mu        sync.Mutex
	listeners map[string]map[chan struct{}]bool // by lower-case address
}

// NewPush makes it ready, without reaching for the network.
func NewPush(p PushOptions) (*Push, error) {
	where, err := endpointsOf(p.Endpoint)
	if err != nil {
		return nil, err
	}
	o := Options{Transport: p.Transport, Sleep: p.Sleep, Random: p.Random}.withDefaults()
	var s *session
	if p.As != nil {
		as, err := p.As.ready()
		if err != nil {
			return nil, err
		}
		if s, err = newSession(as, where); err != nil {
			return nil, err
		}
	} else {
		if len(p.Key) == 0 {
			if p.Key, err = readKey(p.KeyFile); err != nil {
				return nil, err
			}
		}
		if s, err = keyed(p.Key, o, where); err != nil {
			return nil, err
		}
	}
	svc, err := pubsub.NewService(context.Background(), option.WithHTTPClient(&http.Client{Transport: s}), option.WithEndpoint(where.pubsub))
	if err != nil {
		return nil, err
	}
	return &Push{topic: p.Topic, subscription: p.Subscription, svc: svc, o: o, patience: &patience{random: o.Random}, listeners: map[string]map[chan struct{}]bool{}}, nil
}

// keyed signs in as the service account itself.
func keyed(key []byte, o Options, where endpoints) (*session, error) {
	cfg, err := google.JWTConfigFromJSON(key, scopePubSub)
	if err != nil {
		return nil, errors.New("the key for push is not a service account's (see docs/google-setup.md)")
	}
	return &session{o: o, next: o.Transport, had: true, refresh: func(ctx context.Context, old Token) (Token, error) {
		own := *cfg
		if where.issuer != "" {
			own.TokenURL = where.discovered(ctx, o.Transport).token
		}
		return impersonated(ctx, o, &own, old)
	}}, nil
}

// Run pulls until ctx ends. Notices come at least once and in any order; all that they
// do is make a mailbox look.
func (p *Push) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := p.pull(ctx)
		if ctx.Err() != nil {
			return nil
		}
		var f *scheduler.Failure
		if errors.As(err, &f) {
			if f.Kind == scheduler.NoAccess || f.Kind == scheduler.Final {
				return err // the mailboxes go on looking by themselves
			}
			if p.o.Sleep(ctx, p.patience.wait(f.After)) != nil {
				return nil
			}
			continue
		}
		p.patience.succeed()
	}
	return nil
}

func (p *Push) pull(ctx context.Context) error {
	res, err := p.svc.Projects.Subscriptions.Pull(p.subscription, &pubsub.PullRequest{MaxMessages: 100}).
		Fields("receivedMessages(ackId,message/data)").Context(ctx).Do()
	if err != nil {
		return failure("hear of changes", err, false)
	}
	var acks []string
	for _, m := range res.ReceivedMessages {
		acks = append(acks, m.AckId)
		if m.Message != nil {
			p.tell(m.Message.Data)
		}
	}
	if len(acks) == 0 {
		return nil
	}
	_, err = p.svc.Projects.Subscriptions.Acknowledge(p.subscription, &pubsub.AcknowledgeRequest{AckIds: acks}).Context(ctx).Do()
	return failure("hear of changes", err, false)
}

// tell wakes whoever listens for the notice's mailbox. A notice that cannot be read is dropped.
func (p *Push) tell(data string) {
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return
	}
	var notice struct {
		Address string `json:"emailAddress"`
	}
	if json.Unmarshal(raw, &notice) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for ch := range p.listeners[strings.ToLower(notice.Address)] {
		select {
		case ch <- struct{}{}:
		default: // it has yet to look for the last one
		}
	}
}

// listen is news of an account's mailbox.
func (p *Push) listen(o Options) (news <-chan struct{}, leave func()) {
	ch := make(chan struct{}, 1)
	addresses := append([]string{o.Address}, o.Aliases...)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range addresses {
		a = strings.ToLower(a)
		if p.listeners[a] == nil {
			p.listeners[a] = map[chan struct{}]bool{}
		}
		p.listeners[a][ch] = true
	}
	return ch, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, a := range addresses {
			delete(p.listeners[strings.ToLower(a)], ch)
		}
	}
}
