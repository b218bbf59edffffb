package auth

import (
	"context"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// ReasonRate is google.rpc.ErrorInfo.reason of a RESOURCE_EXHAUSTED whose caller
// asked for too much; a RetryInfo beside it says when to ask again.
const ReasonRate = "RATE_EXCEEDED"

// Limits bound what one caller may ask for: an API key, or the address of one who
// shows none. 0 is no limit.
type Limits struct {
	Calls float64 // a second; each message of a stream is one
	Bytes float64 // of requests, a second
	// Burst is how many seconds' worth may come at once; 0 is 10. One message of
	// any size that the server takes may always come.
	Burst float64
	// MaxMessage is the largest message that the server takes, in bytes.
	MaxMessage int
}

// Limiter holds callers to Limits. Unary calls beyond them are refused; streams
// are read no faster than they allow.
type Limiter struct {
	limits  Limits
	mu      sync.Mutex
	callers map[string]*allowance
}

// allowance is what one caller has left.
type allowance struct {
	calls, bytes *rate.Limiter
}

// remembered is how many callers are known at least; beyond it those are forgotten
// who have their whole allowance again.
const remembered = 4096

// NewLimiter makes one; nil when nothing is limited.
func NewLimiter(l Limits) *Limiter {
	if l.Calls <= 0 && l.Bytes <= 0 {
		return nil
	}
	if l.Burst <= 0 {
		l.Burst = 10
	}
	return &Limiter{limits: l, callers: make(map[string]*allowance)}
}

func bucket(perSecond, burst float64, least int) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(least, int(min(math.Ceil(perSecond*burst), math.MaxInt32))))
}

// of returns the allowance of the caller.
func (l *Limiter) of(ctx context.Context) *allowance {
	name := "?"
	if who, ok := Caller(ctx); ok {
		name = who.Name
	} else if host := hostOf(ctx); host != "" {
		name = "@" + host // no key's name begins so
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.callers[name]
	if a == nil {
		if len(l.callers) >= remembered {
			l.forget(time.Now())
		}
		a = &allowance{calls: bucket(l.limits.Calls, l.limits.Burst, 1), bytes: bucket(l.limits.Bytes, l.limits.Burst, l.limits.MaxMessage)}
		l.callers[name] = a
	}
	return a
}

// inProcess is the network of connections from within this process: those of the
// HTTP gateway, which names the host it speaks for last in x-forwarded-for.
const inProcess = "bufconn"

// hostOf is the address that a call came from, without its port; "" when it is not
// known.
func hostOf(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	if p.Addr.Network() == inProcess {
		if on := metadata.ValueFromIncomingContext(ctx, "x-forwarded-for"); len(on) > 0 {
			hosts := strings.Split(on[len(on)-1], ",")
			return strings.TrimSpace(hosts[len(hosts)-1])
		}
	}
	host, _, err := net.SplitHostPort(p.Addr.String())
	if err != nil {
		return p.Addr.String()
	}
	return host
}

// forget drops callers whose allowance is whole again.
func (l *Limiter) forget(now time.Time) {
	for name, a := range l.callers {
		if a.calls.TokensAt(now) >= float64(a.calls.Burst()) && a.bytes.TokensAt(now) >= float64(a.bytes.Burst()) {
			delete(l.callers, name)
		}
	}
}

// take takes a call of a size, or says how long to wait and takes nothing.
func (a *allowance) take(size int) (wait time.Duration) {
	now := time.Now()
	call := a.calls.ReserveN(now, 1)
	bytes := a.bytes.ReserveN(now, size)
	if !bytes.OK() { // larger than the server takes: it is refused elsewhere
		bytes.CancelAt(now)
		return call.DelayFrom(now)
	}
	if wait = max(call.DelayFrom(now), bytes.DelayFrom(now)); wait > 0 {
		call.CancelAt(now)
		bytes.CancelAt(now)
	}
	return wait
}

// sizeOf is the size of a message as it came, in bytes.
func sizeOf(m any) int {
	if p, ok := m.(proto.Message); ok {
		return proto.Size(p)
	}
	return 0
}

// Unary refuses calls beyond the limits.
func (l *Limiter) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if _, open := LeastRole(info.FullMethod); open {
		return next(ctx, req)
	}
	if wait := l.of(ctx).take(sizeOf(req)); wait > 0 {
		// gRPC's own retry mechanism reads this instead of the details.
		_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", strconv.FormatInt(wait.Milliseconds()+1, 10)))
		return nil, tooMuch(wait)
	}
	return next(ctx, req)
}

// Stream refuses streams beyond the limits, and holds back their messages.
func (l *Limiter) Stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if _, open := LeastRole(info.FullMethod); open {
		return next(srv, stream)
	}
	a := l.of(stream.Context())
	if wait := a.take(0); wait > 0 {
		return tooMuch(wait)
	}
	return next(srv, &limitedStream{ServerStream: stream, allowance: a})
}

type limitedStream struct {
	grpc.ServerStream

	allowance *allowance
}

// RecvMsg hands a message on once the caller may send it. Meanwhile nothing more
// is read, and the flow control of the connection holds the caller back.
func (s *limitedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	for {
		wait := s.allowance.take(sizeOf(m))
		if wait <= 0 {
			return nil
		}
		again := time.NewTimer(wait)
		select {
		case <-again.C:
		case <-s.Context().Done():
			again.Stop()
			return s.Context().Err()
		}
	}
}

func tooMuch(wait time.Duration) error {
	wait = wait.Round(time.Millisecond) + time.Millisecond
	s := status.New(codes.ResourceExhausted, fmt.Sprintf("this caller asks for more than it may: ask again in %v", wait))
	if with, err := s.WithDetails(&errdetails.ErrorInfo{Reason: ReasonRate, Domain: "secondsource"},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)}); err == nil {
		s = with
	}
	return s.Err()
}
