package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// echo stores a document under its external id.
func echo(r desk.IngestRequest) (desk.IngestResult, error) {
	return desk.IngestResult{Document: claims.Document{ID: "d-" + r.Document.ExternalID}, Claims: make([]claims.Claim, 2), Outcome: claims.OutcomeCreated}, nil
}

func streamed(id, text string) *secondsourcev1.StreamIngestRequest {
	return &secondsourcev1.StreamIngestRequest{ItemId: id, Document: &secondsourcev1.Document{ExternalId: id, Publisher: "Courier", Text: text}}
}

// stream sends requests and returns all answers.
func stream(t *testing.T, conn *grpc.ClientConn, reqs ...*secondsourcev1.StreamIngestRequest) []*secondsourcev1.StreamIngestResponse {
	t.Helper()
	s, err := secondsourcev1.NewDocumentServiceClient(conn).StreamIngest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for _, r := range reqs {
			if s.Send(r) != nil {
				return // Recv says why
			}
		}
		_ = s.CloseSend()
	}()
	var answers []*secondsourcev1.StreamIngestResponse
	for {
		a, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return answers
		}
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
}

func TestAStreamAnswersInOrderWhateverIsReadyFirst(t *testing.T) {
	var running, most atomic.Int32
	full := make(chan struct{}) // closed when as many run as may
	var once sync.Once
	conn := serve(t, &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
		n := running.Add(1)
		defer running.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if n == streamInFlight {
			once.Do(func() { close(full) })
		}
		<-full
		return echo(r)
	}}, Config{})
	var reqs []*secondsourcev1.StreamIngestRequest
	for i := range 3 * streamInFlight {
		reqs = append(reqs, streamed(fmt.Sprint(i), "It rained."))
	}
	answers := stream(t, conn, reqs...)
	if len(answers) != len(reqs) {
		t.Fatalf("%d answers to %d requests", len(answers), len(reqs))
	}
	for i, a := range answers {
		if a.GetItemId() != fmt.Sprint(i) || a.GetItemNumber() != int64(i+1) || a.GetIngested().GetDocument().GetName() != "documents/d-"+fmt.Sprint(i) || a.GetIngested().GetClaimCount() != 2 {
			t.Errorf("answer %d is %v", i+1, a)
		}
	}
	if most.Load() != streamInFlight {
		t.Errorf("%d were worked on at once, want %d", most.Load(), streamInFlight)
	}
}

func TestManyStreamsShareTheWorkers(t *testing.T) {
	var running, most atomic.Int32
	conn := serve(t, &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
		n := running.Add(1)
		defer running.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		return echo(r)
	}}, Config{})
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			var reqs []*secondsourcev1.StreamIngestRequest
			for i := range 2 * streamInFlight {
				reqs = append(reqs, streamed(fmt.Sprint(i), "It rained."))
			}
			if n := len(stream(t, conn, reqs...)); n != len(reqs) {
				t.Errorf("%d answers to %d requests", n, len(reqs))
			}
		})
	}
	group.Wait()
	if n := int(most.Load()); n > ingestWorkers() {
		t.Errorf("%d were worked on at once, want %d at most", n, ingestWorkers())
	}
}

func TestOneBadItemDoesNotEndTheStream(t *testing.T) {
	conn := serve(t, &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
		switch r.Document.Text {
		case "panic":
			panic("a slip")
		case "secret":
			return desk.IngestResult{}, errors.New("/var/lib/secret.db: broken")
		}
		return echo(r)
	}}, Config{})
	answers := stream(t, conn, streamed("one", "It rained."), streamed("empty", ""), streamed("panic", "panic"), streamed("secret", "secret"), streamed("last", "It rained."))
	var got []string
	for _, a := range answers {
		got = append(got, a.GetItemId()+" "+codes.Code(a.GetError().GetCode()).String())
	}
	if wanted := []string{"one OK", "empty InvalidArgument", "panic Internal", "secret Internal", "last OK"}; !slices.Equal(got, wanted) {
		t.Errorf("got %q, want %q", got, wanted)
	}
	want(t, status.FromProto(answers[1].GetError()).Err(), codes.InvalidArgument, claims.ReasonEmptyText, "document.text")
	if s := want(t, status.FromProto(answers[3].GetError()).Err(), codes.Internal, reasonInternal); strings.Contains(s.Message(), "secret.db") {
		t.Errorf("the cause is shown: %q", s.Message())
	}
}

func TestBytesThatAreNoRequestAreAnItemsError(t *testing.T) {
	conn := serve(t, &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) { return echo(r) }}, Config{})
	s, err := conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, secondsourcev1.DocumentService_StreamIngest_FullMethodName, grpc.ForceCodecV2(rawCodec{}))
	if err != nil {
		t.Fatal(err)
	}
	good, err := proto.Marshal(streamed("good", "It rained."))
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{{0x1a, 0x03, 0x8a, 0x01, 0xff}, good} {
		if err := s.SendMsg(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.CloseSend(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for err = s.RecvMsg(nil); err == nil; err = s.RecvMsg(nil) {
		n++
	}
	if n != 2 || !errors.Is(err, io.EOF) {
		t.Errorf("%d answers, then %v", n, err)
	}
}

func TestVersionsInAStreamAreStoredInTheirOrder(t *testing.T) {
	var mu sync.Mutex
	var order []string
	other := make(chan struct{})
	conn := serve(t, &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
		switch r.Document.Text {
		case "first":
			<-other // the first version takes longer than a document behind the second
		case "other":
			defer close(other)
		}
		mu.Lock()
		defer mu.Unlock()
		order = append(order, r.Document.Text)
		return echo(r)
	}}, Config{})
	stream(t, conn, streamed("dam", "first"), streamed("dam", "second"), streamed("bridge", "other"))
	if wanted := []string{"other", "first", "second"}; !slices.Equal(order, wanted) {
		t.Errorf("stored %q, want %q", order, wanted)
	}
}

func TestAnOverloadedStoreIsWaitedFor(t *testing.T) {
	overloaded := &claims.Error{Code: claims.CodeOverloaded, Reason: claims.ReasonOverloaded, Message: "too many writes wait"}
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		s := &documentService{desk: &current{}}
		var d Desk = &fakeDesk{ingest: func(_ context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
			if calls++; calls < 5 {
				return desk.IngestResult{}, overloaded
			}
			return echo(r)
		}}
		s.desk.p.Store(&d)
		start := time.Now()
		_, err := s.patiently(t.Context(), desk.IngestRequest{})
		if waited := time.Since(start); err != nil || waited != 750*time.Millisecond { // 50 + 100 + 200 + 400
			t.Errorf("after %v: %v", waited, err)
		}

		calls = -1000
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := s.patiently(ctx, desk.IngestRequest{}); claims.CodeOf(err) != claims.CodeOverloaded {
			t.Errorf("when the time is up: %v", err)
		}
	})
}

func TestShutdownEndsAStreamThatWaits(t *testing.T) {
	s, d, conn, answered := answering(t)
	stream, err := secondsourcev1.NewDocumentServiceClient(conn).StreamIngest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Header(); err != nil { // the server has taken it up
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	_, err = stream.Recv()
	want(t, err, codes.Unavailable, reasonStopping)
	close(d.finish)
	if err := errors.Join(<-answered, <-stopped); err != nil {
		t.Error(err)
	}
}

func TestWhatAShutdownBreaksOffHasNoAnswer(t *testing.T) {
	for range 20 {
		s, d, conn, answered := answering(t)
		begun := make(chan struct{})
		var both Desk = &fakeDesk{ingest: func(ctx context.Context, _ desk.IngestRequest) (desk.IngestResult, error) {
			close(begun)
			<-ctx.Done()
			return desk.IngestResult{}, ctx.Err()
		}}
		s.Ready(both)
		stream, err := secondsourcev1.NewDocumentServiceClient(conn).StreamIngest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(streamed("one", "It rained.")); err != nil {
			t.Fatal(err)
		}
		<-begun
		stopped := make(chan error, 1)
		go func() { stopped <- s.Shutdown(context.Background()) }()
		a, err := stream.Recv()
		if a != nil {
			t.Fatalf("an answer that would lose the document: %v", a)
		}
		want(t, err, codes.Unavailable, reasonStopping)
		close(d.finish)
		if err := errors.Join(<-answered, <-stopped); err != nil {
			t.Error(err)
		}
	}
}

func TestAStreamIsRefusedUntilTheServerIsReady(t *testing.T) {
	conn := serve(t, nil, Config{})
	s, err := secondsourcev1.NewDocumentServiceClient(conn).StreamIngest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Recv()
	want(t, err, codes.Unavailable, reasonStarting)
}
