//go:build !unix

package when

import "time"

var begun = time.Now()

func busy() time.Duration { return time.Since(begun) }
