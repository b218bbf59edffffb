// Package cputime measures what a test costs on a machine that does other things
// beside it: the processor time of one thread, not the time on the wall.
package cputime

import (
	"runtime"
	"syscall"
	"time"
)

// thread asks getrusage(2) for the calling thread alone.
const thread = 1

// Of runs f on a thread of its own and returns the processor time it took there.
func Of(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := now()
	f()
	return now() - start
}

func now() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
