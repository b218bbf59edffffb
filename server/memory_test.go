package server_test

import (
	"runtime/debug"
	"testing"

	"github.com/secondsource/secondsource/server"
)

func TestTheEnvironmentSaysHowOftenGarbageIsCollected(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	t.Setenv("GOGC", "70")
	server.TuneMemory()
	if now := debug.SetGCPercent(100); now != 100 {
		t.Errorf("GOGC was set, and yet it became %d", now)
	}
	t.Setenv("GOGC", "")
	server.TuneMemory()
	if now := debug.SetGCPercent(100); now != 200 {
		t.Errorf("by itself it becomes %d", now)
	}
}
