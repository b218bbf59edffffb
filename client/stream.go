package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// How often a broken stream is opened again without an answer in between, and how
// long is waited before.
const (
	streamAttempts  = 5
	firstReconnect  = 200 * time.Millisecond
	longestInterval = 5 * time.Second
)

// IngestAll sends documents over one StreamIngest call and yields the answer to
// each, in their order; ItemError says whether one was refused, which ends
// nothing. The documents are taken from another goroutine, and no faster than the
// server stores them. When the connection breaks, it is opened again and what has
// no answer yet is sent again, which stores nothing twice. After an error of the
// stream itself it yields that and stops.
func (c *Client) IngestAll(ctx context.Context, reqs iter.Seq[*secondsourcev1.StreamIngestRequest]) iter.Seq2[*secondsourcev1.StreamIngestResponse, error] {
	return func(yield func(*secondsourcev1.StreamIngestResponse, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		s := &sending{client: c, next: make(chan *secondsourcev1.StreamIngestRequest)}
		go func() {
			defer close(s.next)
			for r := range reqs {
				select {
				case s.next <- r:
				case <-ctx.Done():
					return
				}
			}
		}()
		number, wait := int64(0), firstReconnect
		for attempt := 1; ; attempt++ {
			err := s.once(ctx, func(a *secondsourcev1.StreamIngestResponse) bool {
				attempt, wait = 0, firstReconnect
				number++
				a.ItemNumber = number
				return yield(a, nil)
			})
			switch {
			case err == nil || errors.Is(err, errEnough):
				return
			case status.Code(err) != codes.Unavailable || attempt >= streamAttempts || ctx.Err() != nil:
				yield(nil, errorOf(err))
				return
			}
			again := time.NewTimer(wait)
			select {
			case <-again.C:
			case <-ctx.Done():
				again.Stop()
			}
			wait = min(2*wait, longestInterval)
		}
	}
}

// ItemError is why the server refused one document of a stream, nil when it
// stored it.
func ItemError(a *secondsourcev1.StreamIngestResponse) error {
	if a.GetError() == nil {
		return nil
	}
	return errorOf(status.FromProto(a.GetError()).Err())
}

// errEnough ends a stream that nobody listens to any more.
var errEnough = errors.New("no more answers are wanted")

// sending is what is on its way, over one connection after another.
type sending struct {
	client *Client
	next   chan *secondsourcev1.StreamIngestRequest

	mu      sync.Mutex
	pending []*secondsourcev1.StreamIngestRequest // sent, without an answer
	ended   bool                                  // next is closed
}

// once opens a stream, sends what has no answer and what comes, and calls fn with
// each answer. It returns nil when every request has its answer.
func (s *sending) once(ctx context.Context, fn func(*secondsourcev1.StreamIngestResponse) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := s.client.StreamIngest(ctx)
	if err != nil {
		cancel()
		return err
	}
	sent := make(chan struct{})
	defer func() {
		cancel()
		<-sent // before another stream takes its place
	}()
	go func() {
		defer close(sent)
		s.send(ctx, stream)
	}()
	for {
		a, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return s.complete()
		}
		if err != nil {
			return err
		}
		s.answered()
		if !fn(a) {
			return errEnough
		}
	}
}

// send sends until there is nothing left or the stream breaks, of which Recv tells
// the reason.
func (s *sending) send(ctx context.Context, stream interface {
	Send(*secondsourcev1.StreamIngestRequest) error
	CloseSend() error
}) {
	s.mu.Lock()
	again := slices.Clone(s.pending) // answers come while it is sent
	ended := s.ended
	s.mu.Unlock()
	for _, r := range again {
		if stream.Send(r) != nil {
			return
		}
	}
	for !ended {
		select {
		case r, ok := <-s.next:
			s.mu.Lock()
			if s.ended = !ok; ok {
				s.pending = append(s.pending, r)
			}
			s.mu.Unlock()
			if ended = !ok; ok && stream.Send(r) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
	_ = stream.CloseSend() // Recv says what is wrong, if anything
}

func (s *sending) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) > 0 {
		s.pending[0] = nil // for the garbage collector: the slice moves on
		s.pending = s.pending[1:]
	}
}

// complete refuses an end of the stream with requests that have no answer.
func (s *sending) complete() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) > 0 || !s.ended {
		return status.Error(codes.Unavailable, "the stream ended before every document had its answer")
	}
	return nil
}
