package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/secondsource/secondsource/server/auth"
)

// from is a call from an address.
func from(ctx context.Context, host string) context.Context {
	return peer.NewContext(ctx, &peer.Peer{Addr: &net.TCPAddr{IP: net.ParseIP(host), Port: 1}})
}

// ask makes a call of a size and gives what the limiter says.
func ask(ctx context.Context, l *auth.Limiter, method string, size int) error {
	_, err := l.Unary(ctx, wrapperspb.String(strings.Repeat("x", size)), &grpc.UnaryServerInfo{FullMethod: method},
		func(context.Context, any) (any, error) { return nil, nil })
	return err
}

func retry(err error) time.Duration {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

func TestACallerIsHeldToItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := auth.NewLimiter(auth.Limits{Calls: 2, Burst: 5})
		a, b := from(t.Context(), "192.0.2.1"), from(t.Context(), "192.0.2.2")
		for i := range 10 {
			if err := ask(a, l, get, 1); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
		err := ask(a, l, get, 1)
		if status.Code(err) != codes.ResourceExhausted || reason(err) != auth.ReasonRate || retry(err) < 500*time.Millisecond || retry(err) > 510*time.Millisecond {
			t.Errorf("got %v, %s, again in %v", err, reason(err), retry(err))
		}
		if err := ask(b, l, get, 1); err != nil {
			t.Errorf("another caller: %v", err)
		}
		if err := ask(a, l, health, 1); err != nil {
			t.Errorf("health: %v", err)
		}
		time.Sleep(retry(err)) //nolint:forbidigo // of the test's own clock
		if err := ask(a, l, get, 1); err != nil {
			t.Errorf("after the time that was said: %v", err)
		}
	})
}

func TestACallerIsHeldToItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := auth.NewLimiter(auth.Limits{Bytes: 1000, Burst: 2, MaxMessage: 5000})
		ctx := from(t.Context(), "192.0.2.1")
		if err := ask(ctx, l, get, 4900); err != nil {
			t.Errorf("a message that the server takes: %v", err)
		}
		err := ask(ctx, l, get, 4900)
		if status.Code(err) != codes.ResourceExhausted || retry(err) < 4*time.Second || retry(err) > 5*time.Second {
			t.Errorf("got %v, again in %v", err, retry(err))
		}
		time.Sleep(retry(err)) //nolint:forbidigo // of the test's own clock
		if err := ask(ctx, l, get, 4900); err != nil {
			t.Error(err)
		}
	})
}

// TestAStreamIsReadNoFasterThanItsCallerMay: it is not refused, but waited for.
func TestAStreamIsReadNoFasterThanItsCallerMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := auth.NewLimiter(auth.Limits{Calls: 10, Burst: 1})
		ctx, cancel := context.WithCancel(from(t.Context(), "192.0.2.1"))
		start := time.Now()
		err := l.Stream(nil, &stream{ctx: ctx}, &grpc.StreamServerInfo{FullMethod: create}, func(_ any, s grpc.ServerStream) error {
			for range 59 { // the stream itself is a call, too
				if err := s.RecvMsg(wrapperspb.String("x")); err != nil {
					return err
				}
			}
			if took := time.Since(start).Round(100 * time.Millisecond); took != 5*time.Second {
				t.Errorf("60 calls at 10 a second after 10 at once took %v", took)
			}
			cancel()
			for {
				if err := s.RecvMsg(wrapperspb.String("x")); err != nil {
					return err
				}
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if err := l.Stream(nil, &stream{ctx: from(t.Context(), "192.0.2.1")}, &grpc.StreamServerInfo{FullMethod: create}, nil); status.Code(err) != codes.ResourceExhausted {
			t.Errorf("one stream more: %v", err)
		}
	})
}

func TestCallersAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := auth.NewLimiter(auth.Limits{Calls: 1, Burst: 1})
		for round := range 3 {
			for i := range 10_000 {
				ctx := from(t.Context(), fmt.Sprintf("10.%d.%d.%d", round, i/256, i%256))
				if err := ask(ctx, l, get, 1); err != nil {
					t.Fatal(err)
				}
				if err := ask(ctx, l, get, 1); err == nil {
					t.Fatal("a caller was forgotten too early")
				}
				if i%1000 == 0 {
					time.Sleep(2 * time.Second) //nolint:forbidigo // of the test's own clock
				}
			}
		}
	})
	if auth.NewLimiter(auth.Limits{}) != nil {
		t.Error("no limits make a limiter")
	}
}
