package templates

import "testing"

// BenchmarkDigest200 is the digest over 200 people, its charts drawn before, as they are
// whenever the figures did not change.
func BenchmarkDigest200(b *testing.B) {
	s := newSet(b)
	l := crowded()
	if _, err := s.Render(l); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Render(l); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDigest200New is the same with its charts drawn anew.
func BenchmarkDigest200New(b *testing.B) {
	s := newSet(b)
	l := crowded()
	for b.Loop() {
		s.charts.Clear()
		if _, err := s.Render(l); err != nil {
			b.Fatal(err)
		}
	}
}
