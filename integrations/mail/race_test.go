//go:build race

package mail

const raceFactor = 10 // the race detector makes everything slower
