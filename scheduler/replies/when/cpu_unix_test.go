//go:build unix

package when

import (
	"syscall"
	"time"
)

// busy is how long this process has worked: unlike the clock it stands still while a
// crowded machine does other things.
func busy() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
