package rpc

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/auth"
)

// requestIDKey is the metadata key under which a caller may name its request,
// and under which the server returns the name it used: in the headers, or in the
// trailers of a call that may be sent again.
const requestIDKey = "x-request-id"

// apiPrefix is what the methods that need a desk begin with; health and
// reflection do not.
const apiPrefix = "/secondsource."

// requestID takes the caller's id when it is short printable ASCII, so that it
// can stand in a log line, and makes one otherwise.
func requestID(ctx context.Context) string {
	if ids := metadata.ValueFromIncomingContext(ctx, requestIDKey); len(ids) == 1 && len(ids[0]) <= 64 && ids[0] != "" {
		if strings.IndexFunc(ids[0], func(r rune) bool { return r <= ' ' || r > '~' }) < 0 {
			return ids[0]
		}
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails (Go 1.24)
	return hex.EncodeToString(b[:])
}

// logUnary names the request and writes one line when it is answered.
func logUnary(log *slog.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		id, start := requestID(ctx), time.Now()
		ctx = auth.WithCaller(context.WithValue(ctx, idKey{}, id))
		answer, err := next(ctx, req)
		tell := grpc.SetHeader
		if again(status.Code(err)) {
			// gRPC's own retry mechanism takes an answer with headers for a beginning
			// that must not be thrown away.
			tell = grpc.SetTrailer
		}
		_ = tell(ctx, metadata.Pairs(requestIDKey, id)) // fails only once headers are sent, and here they are not
		logCall(ctx, log, info.FullMethod, id, time.Since(start), err)
		return answer, err
	}
}

func logStream(log *slog.Logger) grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		id, start := requestID(stream.Context()), time.Now()
		_ = stream.SetHeader(metadata.Pairs(requestIDKey, id))
		ctx := auth.WithCaller(context.WithValue(stream.Context(), idKey{}, id))
		err := next(srv, &namedStream{ServerStream: stream, ctx: ctx})
		logCall(ctx, log, info.FullMethod, id, time.Since(start), err)
		return err
	}
}

// again tells whether clients send a call again that ended with the code.
func again(code codes.Code) bool { return code == codes.Unavailable || code == codes.ResourceExhausted }

// idKey is under which a call's context holds its request id.
type idKey struct{}

// idOf is the request id of a call, for the log.
func idOf(ctx context.Context) string {
	id, ok := ctx.Value(idKey{}).(string)
	if !ok {
		return ""
	}
	return id
}

// namedStream is a stream whose context holds its request id.
type namedStream struct {
	grpc.ServerStream

	ctx context.Context //nolint:containedctx // grpc hands a stream's context out through the stream
}

func (s *namedStream) Context() context.Context { return s.ctx }

// logCall writes server faults as errors with their cause, callers' faults as
// information, and the health checks of load balancers only when debugging.
func logCall(ctx context.Context, log *slog.Logger, method, id string, took time.Duration, err error) {
	code, level := status.Code(err), slog.LevelInfo
	switch code {
	case codes.Internal, codes.DataLoss, codes.Unknown:
		level = slog.LevelError
	case codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded, codes.FailedPrecondition:
		level = slog.LevelWarn
	case codes.OK:
		if !strings.HasPrefix(method, apiPrefix) {
			level = slog.LevelDebug
		}
	default:
	}
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attribute.String("secondsource.request_id", id))
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("method", method), slog.String("request_id", id),
		slog.String("code", code.String()), slog.Duration("took", took)}
	if span.SpanContext().IsSampled() {
		attrs = append(attrs, slog.String("trace_id", span.SpanContext().TraceID().String()))
	}
	if who, ok := auth.Caller(ctx); ok {
		attrs = append(attrs, slog.String("caller", who.Name))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	log.LogAttrs(ctx, level, "call", attrs...)
}

func onPanic(log *slog.Logger) recovery.Option {
	return recovery.WithRecoveryHandlerContext(func(ctx context.Context, p any) error {
		log.ErrorContext(ctx, "panic", "value", fmt.Sprint(p), "stack", string(debug.Stack()))
		return statusOf(fmt.Errorf("panic: %v", p))
	})
}

func recoverUnary(log *slog.Logger) grpc.UnaryServerInterceptor {
	return recovery.UnaryServerInterceptor(onPanic(log))
}

func recoverStream(log *slog.Logger) grpc.StreamServerInterceptor {
	return recovery.StreamServerInterceptor(onPanic(log))
}

// deadline bounds every unary call, so that a caller who sets no deadline cannot
// hold a worker for ever.
func deadline(timeout time.Duration) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return next(ctx, req)
	}
}

// readyStream is ready for streams.
func (c *current) readyStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	_, err := c.ready(stream.Context(), nil, &grpc.UnaryServerInfo{FullMethod: info.FullMethod},
		func(context.Context, any) (any, error) { return nil, next(srv, stream) })
	return err
}

// ready refuses calls of the API until there is a desk to answer them.
func (c *current) ready(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if c.p.Load() == nil && strings.HasPrefix(info.FullMethod, apiPrefix) {
		return nil, statusOf(&claims.Error{Code: claims.CodeUnavailable, Reason: reasonStarting, Message: "the server is starting: its index is being rebuilt"})
	}
	return next(ctx, req)
}
