//go:build !unix

package mail

import "time"

var begun = time.Now()

func busy() time.Duration { return time.Since(begun) }
