package main

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"indy/scheduler"
	"indy/scheduler/slots"
)

// TestPromisedNames: docs/architecture.md names every key that these commands print.
func TestPromisedNames(t *testing.T) {
	page, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for command, printed := range map[string]any{
		"read":   reading{},
		"status": scheduler.PersonStatus{},
		"slots":  slots.Verdict{},
		"export": exported{},
	} {
		_, row, ok := strings.Cut(string(page), "| `indy "+command+"` |")
		if !ok {
			t.Errorf("there is no row for indy %s", command)
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		keys := keysOf(reflect.TypeOf(printed))
		if len(keys) == 0 {
			t.Errorf("indy %s prints no keys", command)
		}
		for _, key := range keys {
			if !strings.Contains(row, "`"+key+"`") {
				t.Errorf("indy %s prints %q, which is not promised", command, key)
			}
		}
	}
}

// keysOf is the JSON keys of a struct, those of what is embedded in it among them.
func keysOf(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			keys = append(keys, keysOf(f.Type)...)
		case key == "": // encoding/json would print the name in Go
			keys = append(keys, f.Name)
		case key != "-":
			keys = append(keys, key)
		}
	}
	return keys
}
