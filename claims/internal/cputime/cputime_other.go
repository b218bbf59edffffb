//go:build !linux

package cputime

import "time"

// Of runs f and returns the time it took on the wall.
func Of(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
