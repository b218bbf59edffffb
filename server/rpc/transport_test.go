package rpc

import (
	"testing"

	"golang.org/x/net/http2"
	"google.golang.org/grpc/test/bufconn"
)

// TestACallerWhoAbusesItsConnectionLosesIt speaks HTTP/2 by hand: the server tells
// how many calls may be open, and ends a connection that pings without need.
func TestACallerWhoAbusesItsConnectionLosesIt(t *testing.T) {
	server, err := NewServer(Config{MaxConcurrent: 7})
	if err != nil {
		t.Fatal(err)
	}
	listener := bufconn.Listen(1 << 20)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		if err := server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		<-served
	}()
	conn, err := listener.DialContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	for i := range byte(10) {
		if err := framer.WritePing(false, [8]byte{i}); err != nil {
			break // it has lost patience
		}
	}
	told := map[http2.SettingID]uint32{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatalf("the connection ended without a word: %v", err)
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			_ = f.ForeachSetting(func(s http2.Setting) error {
				told[s.ID] = s.Val
				return nil
			})
		case *http2.GoAwayFrame:
			if f.ErrCode != http2.ErrCodeEnhanceYourCalm {
				t.Errorf("the connection ended with %v", f.ErrCode)
			}
			if told[http2.SettingMaxConcurrentStreams] != 7 || told[http2.SettingMaxHeaderListSize] != maxHeaders {
				t.Errorf("the server's settings: %v", told)
			}
			return
		}
	}
}
