// Package e2e_test asks the whole house through its front door: the real wiring
// over a real database, on an in-memory connection.
package e2e_test

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
)

// house is one running server.
type house struct {
	*client.Client

	stop     func()       // ends it and waits; the test fails when it ends badly
	end      func() error // the same, with what it ends with
	listener *bufconn.Listener
}

// start runs a server over a new database and waits until it serves.
func start(t *testing.T) *house {
	t.Helper()
	return startWith(t, server.Config{Database: database(t)})
}

// database is a new one of the test's own: a file, or below TestOverPostgres a
// schema of the PostgreSQL database that SECONDSOURCE_TEST_POSTGRES names.
func database(t *testing.T) string {
	t.Helper()
	if strings.HasPrefix(t.Name(), overPostgres) {
		return postgresSchema(t)
	}
	return filepath.Join(t.TempDir(), "e2e.db")
}

// startWith runs a server as configured; the options are the client's.
func startWith(t *testing.T, c server.Config, opts ...client.Option) *house {
	t.Helper()
	// What the server has to say of a failure stands in the test's own output.
	return startLogged(t, c, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), opts...)
}

// startLogged is startWith with a log of the test's own.
func startLogged(t *testing.T, c server.Config, log *slog.Logger, opts ...client.Option) *house {
	t.Helper()
	c.Log = log
	listener := bufconn.Listen(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, listener, c) }()
	h := &house{listener: listener}
	h.Client = h.dial(t, opts...)
	stopped := false
	h.end = func() error {
		if stopped {
			return nil
		}
		stopped = true
		_ = h.Close()
		cancel()
		return <-ended
	}
	h.stop = func() {
		if err := h.end(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	}
	t.Cleanup(h.stop)
	awaitServing(t, h.Client)
	return h
}

// dial connects one more client, which ends with the test.
func (h *house) dial(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	dial := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return h.listener.DialContext(ctx) })
	c, err := client.Dial("passthrough:///memory", append(opts, client.WithDialOptions(dial))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// awaitServing follows the health of the server until it serves.
func awaitServing(t *testing.T, c *client.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	watch, err := healthpb.NewHealthClient(c.Conn()).Watch(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	for err == nil {
		var answer *healthpb.HealthCheckResponse
		if answer, err = watch.Recv(); err == nil && answer.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			return
		}
	}
	t.Fatal(err)
}

// article is a document as a newsroom would send it.
func article(publisher, day, text string) *secondsourcev1.Document {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err) // a slip in a test
	}
	return &secondsourcev1.Document{Kind: secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE,
		Publisher: publisher, PublishedAt: timestamppb.New(at), Text: text}
}

// ingest stores a document and fails the test when that fails.
func (h *house) ingest(t *testing.T, d *secondsourcev1.Document) *secondsourcev1.IngestDocumentResponse {
	t.Helper()
	answer, err := h.IngestDocument(t.Context(), &secondsourcev1.IngestDocumentRequest{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// refused checks that a call failed with a status, a reason, and a message that
// says something.
func refused(t *testing.T, err error, code codes.Code, reason, says string) {
	t.Helper()
	e, ok := err.(*client.Error)
	if !ok {
		t.Fatalf("got %T %v, want a *client.Error", err, err)
	}
	if e.Code != code || e.Reason != reason || !strings.Contains(e.Error(), says) {
		t.Errorf("got %v %s %q, want %v %s with %q", e.Code, e.Reason, e.Error(), code, reason, says)
	}
}
