package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"

	"google.golang.org/grpc"
)

// errRevoked is why a stream ends whose key was revoked.
var errRevoked = errors.New("the API key was revoked")

// streams are those that run, with the sums of their keys. The zero value is
// empty.
type streams struct {
	mu  sync.Mutex
	all map[*context.CancelCauseFunc][sha256.Size]byte
}

// enter notes a stream; it is forgotten when leave is called.
func (s *streams) enter(ctx context.Context, sum [sha256.Size]byte) (_ context.Context, leave func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = make(map[*context.CancelCauseFunc][sha256.Size]byte)
	}
	s.all[&cancel] = sum
	return ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, &cancel)
		cancel(nil)
	}
}

// end ends those whose key was revoked.
func (s *streams) end(revoked func(sum [sha256.Size]byte) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel, sum := range s.all {
		if revoked(sum) {
			(*cancel)(errRevoked)
		}
	}
}

// gatedStream is a stream whose context holds the caller and ends with his key.
type gatedStream struct {
	grpc.ServerStream

	ctx context.Context //nolint:containedctx // grpc hands a stream's context out through the stream
}

func (s *gatedStream) Context() context.Context { return s.ctx }

// RecvMsg takes nothing more once the key was revoked: a caller who only sends
// would not notice the end of the context.
func (s *gatedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	if cause := context.Cause(s.ctx); errors.Is(cause, errRevoked) {
		return cause
	}
	return nil
}
