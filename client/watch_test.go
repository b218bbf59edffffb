package client_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// newsroom is a server whose watches break off, and whose export fails on the way.
type newsroom struct {
	secondsourcev1.UnimplementedCorroborationServiceServer
	secondsourcev1.UnimplementedExportServiceServer

	tokens []string   // those that watches came with
	ends   []error    // what each watch ends with, after one answer
	fails  codes.Code // of an export
}

func (n *newsroom) Watch(req *secondsourcev1.WatchRequest, s grpc.ServerStreamingServer[secondsourcev1.WatchResponse]) error {
	n.tokens = append(n.tokens, req.GetResumeToken())
	if len(n.ends) == 0 {
		return status.Error(codes.NotFound, "no more")
	}
	end := n.ends[0]
	n.ends = n.ends[1:]
	if status.Code(end) == codes.InvalidArgument {
		with, err := status.Convert(end).WithDetails(&errdetails.ErrorInfo{Reason: "NO_CLAIM_IN_QUERY"})
		return errors.Join(with.Err(), err)
	}
	if err := s.Send(&secondsourcev1.WatchResponse{ResumeToken: req.GetResumeToken() + "x"}); err != nil {
		return err
	}
	return end
}

func (n *newsroom) ExportClaims(_ *secondsourcev1.ExportClaimsRequest, s grpc.ServerStreamingServer[secondsourcev1.ExportClaimsResponse]) error {
	for _, chunk := range []string{"one\n", "two\n"} {
		if err := s.Send(&secondsourcev1.ExportClaimsResponse{Chunk: []byte(chunk)}); err != nil {
			return err
		}
	}
	if n.fails != codes.OK {
		return status.Error(n.fails, "the disk is gone")
	}
	return nil
}

func (n *newsroom) dial(t *testing.T) *client.Client {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	server := grpc.NewServer()
	secondsourcev1.RegisterCorroborationServiceServer(server, n)
	secondsourcev1.RegisterExportServiceServer(server, n)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	c, err := client.Dial("passthrough:///memory", client.WithDialOptions(grpc.WithContextDialer(
		func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAWatchGoesOnWhenItBreaks(t *testing.T) {
	n := &newsroom{ends: []error{status.Error(codes.Unavailable, "stopping"), nil, status.Error(codes.Aborted, "slow"), status.Error(codes.Internal, "a fault")}}
	var got []string
	var failed error
	for a, err := range n.dial(t).WatchAll(t.Context(), &secondsourcev1.WatchRequest{}) {
		if failed = err; err == nil {
			got = append(got, a.GetResumeToken())
		}
	}
	if want := []string{"x", "xx", "xxx", "xxxx"}; !slices.Equal(got, want) {
		t.Errorf("answers %q, want %q", got, want)
	}
	if want := []string{"", "x", "xx", "xxx"}; !slices.Equal(n.tokens, want) {
		t.Errorf("it went on from %q, want %q", n.tokens, want)
	}
	if e, ok := errors.AsType[*client.Error](failed); !ok || e.Code != codes.Internal {
		t.Errorf("it ends with %v", failed)
	}
}

func TestAWatchThatIsRefusedEnds(t *testing.T) {
	n := &newsroom{ends: []error{status.Error(codes.InvalidArgument, "no claim")}}
	for a, err := range n.dial(t).WatchAll(t.Context(), &secondsourcev1.WatchRequest{}) {
		e, ok := errors.AsType[*client.Error](err)
		if !ok || e.Reason != "NO_CLAIM_IN_QUERY" || a != nil {
			t.Errorf("%v, %v", a, err)
		}
	}
	if len(n.tokens) != 1 {
		t.Errorf("it was tried %d times", len(n.tokens))
	}
	n.ends = []error{nil}
	for range n.dial(t).WatchAll(t.Context(), &secondsourcev1.WatchRequest{}) {
		break // whoever has enough is told no more
	}
	if len(n.tokens) != 2 {
		t.Errorf("it was tried %d times", len(n.tokens)-1)
	}
}

func TestAnExportIsWrittenOrFails(t *testing.T) {
	n := &newsroom{}
	c := n.dial(t)
	var file bytes.Buffer
	if err := c.Export(t.Context(), &secondsourcev1.ExportClaimsRequest{}, &file); err != nil || file.String() != "one\ntwo\n" {
		t.Errorf("%q, %v", file.String(), err)
	}
	n.fails = codes.DataLoss
	err := c.Export(t.Context(), &secondsourcev1.ExportClaimsRequest{}, &bytes.Buffer{})
	if e, ok := errors.AsType[*client.Error](err); !ok || e.Code != codes.DataLoss || !strings.Contains(e.Error(), "the disk is gone") {
		t.Error(err)
	}
}
