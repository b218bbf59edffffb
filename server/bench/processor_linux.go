package main

import (
	"runtime"
	"syscall"
	"time"
)

// processor is the time that f took of one core: of the thread it ran on, not on
// the wall, on which other programs count too.
func processor(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := threadTime()
	f()
	return threadTime() - start
}

func threadTime() time.Duration {
	const thread = 1 // of getrusage(2): the calling thread alone
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
