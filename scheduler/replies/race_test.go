//go:build race

package replies

const raceEnabled = true
