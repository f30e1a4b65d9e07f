//go:build race

package when

// slowdown: the race detector costs.
const slowdown = 20
