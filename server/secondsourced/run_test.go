package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/secondsource/secondsource/client"
)

// lines gives a test each line that the program prints.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestItServesAndStopsWhenTold(t *testing.T) {
	folder := t.TempDir()
	addressFile := filepath.Join(folder, "address")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stdout, log := make(lines, 1), &bytes.Buffer{}
	cmd := command(stdout, log, func(string) string { return "" })
	cmd.SetArgs([]string{"--listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0", "--database", filepath.Join(folder, "s.db"), "--address-file", addressFile, "--log-format", "json",
		"--metrics-listen", "127.0.0.1:0", "--pprof-listen", "127.0.0.1:0"})
	ended := make(chan error, 1)
	go func() { ended <- cmd.ExecuteContext(ctx) }()

	var address string
	select {
	case line := <-stdout:
		address = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	case err := <-ended:
		t.Fatal(err)
	}
	if written, err := os.ReadFile(addressFile); err != nil || strings.TrimSpace(string(written)) != address {
		t.Errorf("printed %q, wrote %q, %v", address, written, err)
	}
	c, err := client.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	wait, done := context.WithTimeout(ctx, time.Minute)
	defer done()
	watch, err := healthpb.NewHealthClient(c.Conn()).Watch(wait, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	if err != nil {
		t.Fatal(err)
	}
	var status healthpb.HealthCheckResponse_ServingStatus
	for status != healthpb.HealthCheckResponse_SERVING {
		answer, err := watch.Recv()
		if err != nil {
			t.Fatal(err)
		}
		status = answer.GetStatus()
	}
	cancel() // the open watch does not hold it
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	for _, what := range []string{"metrics-listen", "pprof-listen"} {
		if !strings.Contains(log.String(), `"msg":"listening","for":"`+what+`","address":"127.0.0.1:`) {
			t.Errorf("%s does not listen", what)
		}
	}
	if !strings.Contains(log.String(), `"msg":"ready"`) || !strings.Contains(log.String(), `"msg":"answering over HTTP","address":"127.0.0.1:`) || !strings.Contains(log.String(), `"msg":"stopping"`) {
		t.Errorf("log:\n%s", log)
	}
}
