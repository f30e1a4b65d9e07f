//go:build !race

package when

// slowdown is how much slower than usual the tests may run.
const slowdown = 1
