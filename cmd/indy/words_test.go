package main

import (
	"testing"

	"indy/templates"
)

// TestShelf is that all organizers share indy's templates, and that nothing holds on to
// them once they are put away.
func TestShelf(t *testing.T) {
	var b shelf
	take := func() *templates.Set {
		t.Helper()
		set, err := b.take()
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	first := take()
	if take() != first {
		t.Error("they are read twice")
	}
	b.putAway()
	if again := take(); again == nil || again == first {
		t.Error("they are still there after they were put away")
	}
}
