package server

import (
	"os"
	"runtime/debug"
)

// garbage is how much a server lets be allocated before it collects, in hundredths
// of what is live. An answer allocates some 2 MB beside caches of hundreds, which
// each collection looks through: with Go's own 100 a fifth of the processor time of
// an answer is that, with 200 half of it, and with 400 it is hardly less.
const garbage = 200

// TuneMemory sets how often garbage is collected, unless the environment says it
// (GOGC). GOMEMLIMIT holds in any case: near it collections come sooner. A program
// whose purpose is to serve calls it once.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}
