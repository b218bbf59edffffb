//go:build !linux

package main

import "time"

// processor is the time that f took on the wall.
func processor(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

var started = time.Now()

// processTime is the time on the wall too.
func processTime() time.Duration { return time.Since(started) }
