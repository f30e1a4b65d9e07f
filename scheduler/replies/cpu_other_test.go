//go:build !unix

package replies

import "time"

var begun = time.Now()

func busy() time.Duration { return time.Since(begun) }
