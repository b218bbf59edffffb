package loopback_test

import (
	"testing"

	"github.com/secondsource/secondsource/internal/loopback"
)

func TestOnlyThisMachineIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:7733": true, "127.0.0.1": true, "127.9.8.7:80": true, "[::1]:80": true, "::1": true, "[::1]": true, "[::ffff:127.0.0.1]:1": true,
		"": false, ":80": false, "localhost.": false, "localhost.example.org": false, "127.0.0.1.example.org": false, "0.0.0.0:80": false, "[::]:80": false,
		"10.0.0.1": false, "example.org:80": false, "0x7f.1": false, "2130706433": false,
	} {
		if got := loopback.Is(host); got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}
