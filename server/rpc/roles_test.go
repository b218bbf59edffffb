package rpc

import (
	"testing"

	"github.com/secondsource/secondsource/server/auth"
)

// TestEveryMethodAsksForARole: a new method is callable by nobody until
// server/auth/roles.go says who may call it.
func TestEveryMethodAsksForARole(t *testing.T) {
	s, err := NewServer(Config{})
	if err != nil {
		t.Fatal(err)
	}
	methods := 0
	for service, info := range s.grpc.GetServiceInfo() {
		for _, m := range info.Methods {
			methods++
			name := "/" + service + "/" + m.Name
			if least, open := auth.LeastRole(name); !open && !least.Known() {
				t.Errorf("%s has no role in server/auth/roles.go", name)
			}
		}
	}
	if methods < 20 {
		t.Errorf("%d methods were found", methods)
	}
}
