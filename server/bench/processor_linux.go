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
	return usage(thread)
}

// processTime is the time that all of this process took.
func processTime() time.Duration { return usage(syscall.RUSAGE_SELF) }

func usage(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
