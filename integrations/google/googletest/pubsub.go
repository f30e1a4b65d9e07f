package googletest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// notice is one message of Gmail's on a topic.
type notice struct {
	id, address string
	history     uint64
}

// publish tells a mailbox's topic of a change. A topic "projects/p/topics/t" has one
// subscription here, "projects/p/subscriptions/t".
func (s *Server) publish(u *user, m *message) {
	if len(u.topicLabels) > 0 && !slices.ContainsFunc(u.topicLabels, func(l string) bool { return m.labels[l] }) {
		return
	}
	if u.topic == "" || !s.now().Before(u.topicUntil) {
		return
	}
	sub := strings.Replace(u.topic, "/topics/", "/subscriptions/", 1)
	s.topics[sub] = append(s.topics[sub], notice{s.hex(), u.address, u.history})
}

// Notices is how many notices wait on a subscription.
func (s *Server) Notices(subscription string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.topics[subscription])
}

var (
	_ = register("pubsub.projects.subscriptions.pull", func(c *call) (any, *apiError) {
		var list []any
		for _, n := range c.s.topics[c.path["subscription"]] {
			data, _ := json.Marshal(obj{"emailAddress": n.address, "historyId": json.Number(strconv.FormatUint(n.history, 10))})
			list = append(list, obj{"ackId": n.id, "message": obj{"data": base64.StdEncoding.EncodeToString(data), "messageId": n.id}})
			if len(list) == 100 {
				break
			}
		}
		if len(list) == 0 {
			return obj{}, nil
		}
		return obj{"receivedMessages": list}, nil
	})
	_ = register("pubsub.projects.subscriptions.acknowledge", func(c *call) (any, *apiError) {
		done := map[string]bool{}
		for _, id := range texts(c.body["ackIds"]) {
			done[id] = true
		}
		sub := c.path["subscription"]
		var left []notice
		for _, n := range c.s.topics[sub] {
			if !done[n.id] {
				left = append(left, n)
			}
		}
		c.s.topics[sub] = left
		return obj{}, nil
	})
)
