package rpc

import (
	"context"
	"errors"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// slowDesk says when an ingest has begun and ends it when told.
type slowDesk struct {
	Desk

	begun, finish chan struct{}
}

func (d *slowDesk) Ingest(ctx context.Context, _ desk.IngestRequest) (desk.IngestResult, error) {
	close(d.begun)
	select {
	case <-d.finish:
		return desk.IngestResult{Document: claims.Document{ID: "d1"}, Outcome: claims.OutcomeCreated}, nil
	case <-ctx.Done():
		return desk.IngestResult{}, ctx.Err()
	}
}

// answering is a server with one call that has begun.
func answering(t *testing.T) (s *Server, d *slowDesk, conn *grpc.ClientConn, answered chan error) {
	t.Helper()
	s, err := NewServer(Config{})
	if err != nil {
		t.Fatal(err)
	}
	d = &slowDesk{begun: make(chan struct{}), finish: make(chan struct{})}
	s.Ready(d)
	listener := bufconn.Listen(1 << 16)
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	conn, err = grpc.NewClient("passthrough:///memory",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	answered = make(chan error, 1)
	go func() {
		_, err := secondsourcev1.NewDocumentServiceClient(conn).IngestDocument(context.Background(),
			&secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: "It rained."}})
		answered <- err
	}()
	<-d.begun
	return s, d, conn, answered
}

func TestShutdownFinishesWhatIsRunning(t *testing.T) {
	s, d, conn, answered := answering(t)
	watch, err := healthpb.NewHealthClient(conn).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if first, err := watch.Recv(); err != nil || first.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		t.Fatalf("health %v, %v", first, err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	// The watch, which would wait for ever, ends at once; the ingest does not.
	for err == nil {
		_, err = watch.Recv()
	}
	close(d.finish)
	if err := <-answered; err != nil {
		t.Errorf("the running call was not finished: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	s, _, _, answered := answering(t)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if code := status.Code(<-answered); code != codes.Unavailable && code != codes.Canceled {
		t.Errorf("the call that was broken off ended with %v", code)
	}
}
