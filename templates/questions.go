package templates

import (
	"fmt"
	"slices"
	"strings"

	"indy/scheduler"
)

// topicQuestions are the how- and why-questions of each topic, in one language.
type topicQuestions map[scheduler.Topic][]string

// reflection is the heading of the thoughts at the end of a digest.
const reflection scheduler.Topic = "reflection"

// readQuestions reads "[topic]" headings with a question a line below; "#" begins a remark.
func readQuestions(content string) (topicQuestions, error) {
	headings := append(slices.Clone(scheduler.Topics), reflection)
	q := topicQuestions{}
	var topic scheduler.Topic
	for i, line := range strings.Split(content, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			topic = scheduler.Topic(line[1 : len(line)-1])
			if !slices.Contains(headings, topic) {
				return nil, fmt.Errorf("%d:1: there is no topic %q; the topics are %v", i+1, topic, headings)
			}
		case topic == "":
			return nil, fmt.Errorf("%d:1: a question before the first [topic]", i+1)
		default:
			q[topic] = append(q[topic], line)
		}
	}
	for _, t := range headings {
		if len(q[t]) == 0 {
			return nil, fmt.Errorf("1:1: there is no question under [%s]", t)
		}
	}
	return q, nil
}
