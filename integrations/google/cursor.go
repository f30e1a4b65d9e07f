package google

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// place is how far a mailbox was read: what a cursor holds. Google's numbers are 64 bits
// wide and neither small nor dense, and JSON's numbers are not: so they stand as text.
type place struct {
	History uint64            `json:"h,string"`
	Time    int64             `json:"t"`           // Unix seconds at which everything before was read
	Labels  map[string]string `json:"l,omitempty"` // our name → Google's id, so that a renamed label is still known
	Again   *rereading        `json:"r,omitempty"`
}

// rereading is a mailbox being read anew because its history is no longer kept.
type rereading struct {
	After int64  `json:"a"`           // Unix seconds
	Page  string `json:"p,omitempty"` // the one to read next
}

func (p place) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // it holds numbers and strings alone
	}
	return string(b)
}

func placeOf(cursor string) (place, error) {
	var p place
	if json.Unmarshal([]byte(cursor), &p) != nil || p.History == 0 {
		return place{}, errors.New("the mailbox's cursor is damaged")
	}
	p.Labels = maps.Clone(p.Labels)
	return p, nil
}

// synced is how far a calendar was followed.
type synced struct {
	Calendar string `json:"c,omitempty"` // whose token it is; the config may name another one since
	Token    string `json:"s"`
	Time     int64  `json:"t"` // Unix seconds
}

func (s synced) String() string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func syncedOf(cursor string) (synced, error) {
	var s synced
	if err := json.Unmarshal([]byte(cursor), &s); err != nil || s.Token == "" {
		return synced{}, fmt.Errorf("the calendar's cursor is damaged")
	}
	return s, nil
}
