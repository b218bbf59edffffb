package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

type ingestStream = grpc.BidiStreamingServer[secondsourcev1.StreamIngestRequest, secondsourcev1.StreamIngestResponse]

// StreamIngest answers each request, refuses texts that are empty, and breaks off
// after every breakAfter answers, one request further on.
func (d *documents) StreamIngest(s ingestStream) error {
	d.calls++
	if d.calls <= d.refusals {
		return status.Error(codes.Unavailable, "starting")
	}
	for n := int64(1); ; n++ {
		req, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.breakAfter > 0 && int(n) > d.breakAfter {
			return status.Error(codes.Unavailable, "the stream was ended")
		}
		d.stored = append(d.stored, req.GetItemId())
		a := &secondsourcev1.StreamIngestResponse{ItemId: req.GetItemId(), ItemNumber: n,
			Result: &secondsourcev1.StreamIngestResponse_Ingested{Ingested: &secondsourcev1.IngestedItem{ClaimCount: 1}}}
		if req.GetDocument().GetText() == "" {
			refusal, err := status.New(codes.InvalidArgument, "the request is not valid").WithDetails(&errdetails.ErrorInfo{Reason: "EMPTY_TEXT"})
			if err != nil {
				return err
			}
			a.Result = &secondsourcev1.StreamIngestResponse_Error{Error: refusal.Proto()}
		}
		if err := s.Send(a); err != nil {
			return err
		}
	}
}

// texts are requests with ids counted from 0.
func texts(list ...string) iter.Seq[*secondsourcev1.StreamIngestRequest] {
	return func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for i, text := range list {
			if !yield(&secondsourcev1.StreamIngestRequest{ItemId: fmt.Sprint(i), Document: &secondsourcev1.Document{Text: text}}) {
				return
			}
		}
	}
}

func TestEveryDocumentOfAStreamHasItsAnswer(t *testing.T) {
	c := connect(t, &documents{})
	var got []string
	for a, err := range c.IngestAll(t.Context(), texts("a", "", "c")) {
		if err != nil {
			t.Fatal(err)
		}
		word := "stored"
		if e, ok := errors.AsType[*client.Error](client.ItemError(a)); ok {
			word = e.Reason
		}
		got = append(got, fmt.Sprintf("%d %s %s", a.GetItemNumber(), a.GetItemId(), word))
	}
	if want := []string{"1 0 stored", "2 1 EMPTY_TEXT", "3 2 stored"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestABrokenStreamIsTakenUpAgain(t *testing.T) {
	d := &documents{breakAfter: 3}
	c := connect(t, d)
	var ids []string
	for a, err := range c.IngestAll(t.Context(), texts("a", "b", "c", "d", "e", "f", "g")) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, fmt.Sprint(a.GetItemId(), "=", a.GetItemNumber()))
	}
	if want := []string{"0=1", "1=2", "2=3", "3=4", "4=5", "5=6", "6=7"}; !slices.Equal(ids, want) {
		t.Errorf("answers %q, want %q", ids, want)
	}
	if d.calls != 3 {
		t.Errorf("%d streams for seven documents, three a stream", d.calls)
	}
}

func TestAStreamThatIsRefusedEndsWithTheError(t *testing.T) {
	c := connect(t, &documents{}, client.WithDialOptions(grpc.WithStreamInterceptor(
		func(context.Context, *grpc.StreamDesc, *grpc.ClientConn, string, grpc.Streamer, ...grpc.CallOption) (grpc.ClientStream, error) {
			return nil, status.Error(codes.Unauthenticated, "a token is needed")
		})))
	var last error
	n := 0
	for _, err := range c.IngestAll(t.Context(), texts("a", "b")) {
		last = err
		n++
	}
	if e, ok := errors.AsType[*client.Error](last); !ok || e.Code != codes.Unauthenticated || n != 1 {
		t.Errorf("got %v after %d turns", last, n)
	}
}

func TestWhoeverHasEnoughAnswersLeavesTheStream(t *testing.T) {
	c := connect(t, &documents{})
	endless := func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for yield(&secondsourcev1.StreamIngestRequest{Document: &secondsourcev1.Document{Text: "again"}}) {
		}
	}
	n := 0
	for _, err := range c.IngestAll(t.Context(), endless) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 100 {
			break
		}
	}
	if n != 100 {
		t.Errorf("%d answers", n)
	}
}
