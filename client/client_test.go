package client_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// documents is a server that knows what each test tells it.
type documents struct {
	secondsourcev1.UnimplementedDocumentServiceServer

	refusals int // how many calls to refuse with UNAVAILABLE first
	calls    int
	token    string

	breakAfter int      // answers after which a stream breaks; 0: it does not
	stored     []string // ids of what came in streams
}

func (d *documents) GetDocument(ctx context.Context, req *secondsourcev1.GetDocumentRequest) (*secondsourcev1.GetDocumentResponse, error) {
	d.calls++
	d.token = strings.Join(metadata.ValueFromIncomingContext(ctx, "authorization"), " ")
	if d.calls <= d.refusals {
		return nil, status.Error(codes.Unavailable, "starting")
	}
	if req.GetName() == "documents/unknown" {
		s, err := status.New(codes.NotFound, "not stored").WithDetails(
			&errdetails.ErrorInfo{Reason: "DOCUMENT_NOT_FOUND", Domain: "secondsource"},
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "name", Description: "names nothing"}}})
		if err != nil {
			return nil, err
		}
		return nil, s.Err()
	}
	return &secondsourcev1.GetDocumentResponse{Document: &secondsourcev1.Document{Name: req.GetName()}}, nil
}

func (d *documents) ListDocuments(_ context.Context, req *secondsourcev1.ListDocumentsRequest) (*secondsourcev1.ListDocumentsResponse, error) {
	switch req.GetPageToken() {
	case "":
		return &secondsourcev1.ListDocumentsResponse{NextPageToken: "2", Documents: []*secondsourcev1.Document{{Name: "a"}, {Name: "b"}}}, nil
	case "2":
		return &secondsourcev1.ListDocumentsResponse{NextPageToken: "3", Documents: []*secondsourcev1.Document{{Name: "c"}}}, nil
	}
	return nil, status.Error(codes.InvalidArgument, "no such page")
}

func connect(t *testing.T, d *documents, opts ...client.Option) *client.Client {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	server := grpc.NewServer()
	secondsourcev1.RegisterDocumentServiceServer(server, d)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	c, err := client.Dial("passthrough:///memory", append(opts, client.WithDialOptions(
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestErrorsAreTyped(t *testing.T) {
	c := connect(t, &documents{})
	_, err := c.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: "documents/unknown"})
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.Code != codes.NotFound || e.Reason != "DOCUMENT_NOT_FOUND" || len(e.Violations) != 1 || e.Violations[0].Field != "name" {
		t.Fatalf("got %#v", err)
	}
	if status.Code(err) != codes.NotFound {
		t.Error("grpc's own helpers cannot read it")
	}
	if got := err.Error(); got != "not stored; name: names nothing (DOCUMENT_NOT_FOUND)" {
		t.Errorf("got %q", got)
	}
}

func TestUnavailableIsRetriedWithTheToken(t *testing.T) {
	d := &documents{refusals: 2}
	c := connect(t, d, client.WithToken("correct-horse-battery"))
	if _, err := c.GetDocument(t.Context(), &secondsourcev1.GetDocumentRequest{Name: "documents/a"}); err != nil {
		t.Fatal(err)
	}
	if d.calls != 3 || d.token != "Bearer correct-horse-battery" {
		t.Errorf("%d calls with %q", d.calls, d.token)
	}
}

func TestIteratorsCrossPagesAndEndWithTheError(t *testing.T) {
	c := connect(t, &documents{})
	listing := c.AllDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{})
	for range 2 { // it can be ranged over again
		got := ""
		for d, err := range listing {
			if err != nil {
				got += " " + status.Code(err).String()
				continue
			}
			got += d.GetName()
		}
		if got != "abc InvalidArgument" {
			t.Errorf("got %q", got)
		}
	}
}
