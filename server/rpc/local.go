package rpc

import (
	"context"
	"math"
	"net"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/test/bufconn"
)

// local answers callers in this process, such as the HTTP gateway, without a
// network in between. What they send passes the codec and every interceptor as if
// it came from outside.
type local struct {
	grpc *grpc.Server
	once sync.Once
	on   *bufconn.Listener
}

// localBuffer is how many bytes stand between the two ends of a connection.
const localBuffer = 1 << 20

// newLocal has no TLS, and no bound on the calls of its connections: whoever calls
// bounds those of the connections it stands for.
func newLocal(options []grpc.ServerOption) *local {
	own := append([]grpc.ServerOption{grpc.ChainUnaryInterceptor(fromUnary), grpc.ChainStreamInterceptor(fromStream)}, options...)
	own = append(own, grpc.Creds(insecure.NewCredentials()), grpc.MaxConcurrentStreams(math.MaxUint32))
	return &local{grpc: grpc.NewServer(own...)}
}

// fromOf is the context of a call as if its caller's caller had made it: limits
// go by the machine that a call comes from, and for all of these that would be
// none. Whoever calls from this process says so in x-forwarded-for, whose last
// address is the one that he saw himself.
func fromOf(ctx context.Context) context.Context {
	hops := metadata.ValueFromIncomingContext(ctx, "x-forwarded-for")
	if len(hops) == 0 {
		return ctx
	}
	list := strings.Split(hops[len(hops)-1], ",")
	ip := net.ParseIP(strings.TrimSpace(list[len(list)-1]))
	if ip == nil {
		return ctx
	}
	return peer.NewContext(ctx, &peer.Peer{Addr: &net.TCPAddr{IP: ip}})
}

func fromUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	return next(fromOf(ctx), req)
}

func fromStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	return next(srv, &namedStream{ServerStream: stream, ctx: fromOf(stream.Context())})
}

// Local is a connection to the server inside this process. Whoever asks for it
// closes it; Shutdown ends what it calls.
func (s *Server) Local() (*grpc.ClientConn, error) {
	s.local.once.Do(func() {
		s.local.on = bufconn.Listen(localBuffer)
		go func() { _ = s.local.grpc.Serve(s.local.on) }() // ends with Shutdown
	})
	return grpc.NewClient("passthrough:///local",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return s.local.on.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)))
}
