package rpc

import (
	"context"
	"math"
	"net"
	"slices"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
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

// localNetwork is what the addresses of these callers are of.
const localNetwork = "bufconn"

// localBuffer is how many bytes stand between the two ends of a connection.
const localBuffer = 1 << 20

// newLocal has no TLS, and no bound on the calls of its connections: whoever calls
// bounds those of the connections it stands for.
func newLocal(options []grpc.ServerOption) *local {
	own := append(slices.Clone(options), grpc.Creds(insecure.NewCredentials()), grpc.MaxConcurrentStreams(math.MaxUint32))
	return &local{grpc: grpc.NewServer(own...)}
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
