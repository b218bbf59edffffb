package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// streamInFlight bounds the requests of one stream that are worked on. No more
// are read before their answers are sent, so that HTTP/2's flow control slows the
// sender down.
const streamInFlight = 16

// ingestWorkers bounds what all streams work on together: reading a text takes
// processor and memory, and who has many streams shall not have more of both.
func ingestWorkers() int { return max(streamInFlight, 4*runtime.GOMAXPROCS(0)) }

// How long a stream waits before it asks an overloaded store again.
const (
	firstPatience = 50 * time.Millisecond
	lastPatience  = time.Second
)

// ingestStream is one call of StreamIngest.
type ingestStream struct {
	grpc.BidiStreamingServer[secondsourcev1.StreamIngestRequest, secondsourcev1.StreamIngestResponse]

	service *documentService
	// latest is when the last request of each publication under way is done: its
	// versions are stored in the order in which they come.
	latest map[string]chan struct{}
}

// received is a request, or what was wrong with its bytes.
type received struct {
	req *secondsourcev1.StreamIngestRequest
	err error
}

func (s *documentService) StreamIngest(stream grpc.BidiStreamingServer[secondsourcev1.StreamIngestRequest, secondsourcev1.StreamIngestResponse]) error {
	return (&ingestStream{BidiStreamingServer: stream, service: s, latest: map[string]chan struct{}{}}).run()
}

func (s *ingestStream) run() error {
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	// The caller learns the request id at once, and not with the first answer.
	if err := s.SendHeader(nil); err != nil {
		return err
	}
	// One request waits at the head of the line for its answer.
	answers := make(chan chan *secondsourcev1.StreamIngestResponse, streamInFlight-1)
	sent := make(chan error, 1)
	go func() { sent <- s.send(ctx, answers) }()
	requests := s.receive(ctx)
	for number := int64(1); ; number++ {
		select {
		case <-ctx.Done(): // the server stops, or nobody listens any more
			return statusOf(&claims.Error{Code: claims.CodeUnavailable, Reason: reasonStopping,
				Message: "the stream was ended; requests without an answer can be sent again"})
		case err := <-sent: // only sending can have failed, or the stream ends
			if ctx.Err() != nil {
				continue
			}
			return err
		case r := <-requests:
			if errors.Is(r.err, io.EOF) {
				close(answers)
				return <-sent
			}
			if r.err != nil && status.Code(r.err) != codes.InvalidArgument {
				return r.err
			}
			answer := make(chan *secondsourcev1.StreamIngestResponse, 1)
			select {
			case answers <- answer:
			case err := <-sent:
				if ctx.Err() == nil {
					return err
				}
				continue
			case <-ctx.Done():
				continue
			}
			s.start(ctx, r, number, answer)
		}
	}
}

// receive reads requests until the stream ends; the last one holds the error it
// ended with.
func (s *ingestStream) receive(ctx context.Context) <-chan received {
	requests := make(chan received)
	go func() {
		for {
			req, err := s.Recv()
			select {
			case requests <- received{req, err}:
			case <-ctx.Done():
				return
			}
			if err != nil && status.Code(err) != codes.InvalidArgument {
				return
			}
		}
	}()
	return requests
}

// send sends the answers in the order of the requests.
func (s *ingestStream) send(ctx context.Context, answers <-chan chan *secondsourcev1.StreamIngestResponse) error {
	for answer := range answers {
		select {
		case a := <-answer:
			// What failed because the stream ends is to be sent again, and no
			// answer.
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.Send(a); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// start works on a request beside the others, after the one before it of the same
// publication.
func (s *ingestStream) start(ctx context.Context, r received, number int64, answer chan<- *secondsourcev1.StreamIngestResponse) {
	out := &secondsourcev1.StreamIngestResponse{ItemId: r.req.GetItemId(), ItemNumber: number}
	if r.err != nil {
		out.Result = failed(r.err)
		answer <- out
		return
	}
	key := publication(r.req.GetDocument())
	before, done := s.latest[key], make(chan struct{})
	if key != "" {
		if len(s.latest) > 4*streamInFlight { // those that are done need not be remembered
			for k, d := range s.latest {
				select {
				case <-d:
					delete(s.latest, k)
				default:
				}
			}
		}
		s.latest[key] = done
	}
	go func() {
		defer close(done)
		if before != nil {
			select {
			case <-before:
			case <-ctx.Done():
			}
		}
		select {
		case s.service.working <- struct{}{}:
			s.service.ingestItem(ctx, r.req, out)
			<-s.service.working
		case <-ctx.Done():
			out.Result = failed(ctx.Err())
		}
		answer <- out
	}()
}

// publication says which requests are versions of one publication; "" for one
// that has none.
func publication(d *secondsourcev1.Document) string {
	key := d.GetExternalId()
	if key == "" {
		key = d.GetUrl()
	}
	if key == "" || d.GetPublisher() == "" {
		return ""
	}
	return claims.NameKey(d.GetPublisher()) + "\x00" + key
}

// ingestItem stores one document of a stream and puts the outcome into out.
func (s *documentService) ingestItem(ctx context.Context, req *secondsourcev1.StreamIngestRequest, out *secondsourcev1.StreamIngestResponse) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var err error
	defer func() {
		if p := recover(); p != nil { // it fails alone, and takes neither stream nor server with it
			s.log.ErrorContext(ctx, "panic", "value", fmt.Sprint(p), "stack", string(debug.Stack()), "request_id", idOf(ctx))
			err = fmt.Errorf("panic: %v", p)
		}
		if err != nil {
			out.Result = failed(err)
			if code := codes.Code(out.GetError().GetCode()); code == codes.Internal || code == codes.DataLoss {
				s.log.LogAttrs(ctx, slog.LevelError, "item", slog.String("request_id", idOf(ctx)), slog.Int64("item_number", out.GetItemNumber()), slog.String("error", err.Error()))
			}
		}
	}()
	if err = s.validate(req); err != nil {
		return
	}
	var result desk.IngestResult
	result, err = s.patiently(ctx, desk.IngestRequest{RequestID: req.GetRequestId(), Document: documentFrom(req.GetDocument())})
	if err != nil {
		return
	}
	out.Result = &secondsourcev1.StreamIngestResponse_Ingested{Ingested: &secondsourcev1.IngestedItem{
		Document:   briefDocument(&result.Document),
		ClaimCount: count(len(result.Claims)),
		Outcome:    enumTo[secondsourcev1.IngestOutcome](result.Outcome),
	}}
}

// patiently ingests, and asks an overloaded store again until the context ends.
func (s *documentService) patiently(ctx context.Context, r desk.IngestRequest) (desk.IngestResult, error) {
	for wait := firstPatience; ; wait = min(2*wait, lastPatience) {
		result, err := s.desk.get().Ingest(ctx, r)
		if claims.CodeOf(err) != claims.CodeOverloaded {
			return result, err
		}
		again := time.NewTimer(wait)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return result, err
		}
	}
}

// failed is an error as the answer to one request.
func failed(err error) *secondsourcev1.StreamIngestResponse_Error {
	return &secondsourcev1.StreamIngestResponse_Error{Error: protoOf(err)}
}

// protoOf is the google.rpc.Status of an error, as a call would end with it.
func protoOf(err error) *spb.Status { return status.Convert(statusOf(err)).Proto() }
