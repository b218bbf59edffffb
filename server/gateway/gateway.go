// Package gateway answers the API as JSON over HTTP. It translates and nothing
// else: each request becomes a call of the gRPC server, through the same
// interceptors as any other caller's (identity, validation, limits), and each
// answer becomes JSON, an error google.rpc.Status. Which path is which call stands
// in proto/http.yaml (docs/adr/0029).
package gateway

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	routes "github.com/secondsource/secondsource/server/gateway/internal/routes"
)

// Where a server answers beside the calls themselves.
const (
	HealthPath  = "/healthz"
	OpenAPIPath = "/openapi.json"
)

// Limits of one request.
const (
	// MaxBody is the largest body, in bytes: as much as a gRPC message may hold.
	MaxBody = 16 << 20
	// maxDepth bounds how deep the JSON of a body may be nested.
	maxDepth    = 100
	maxHeaders  = 32 << 10 // bytes, the path and its query included
	headerTime  = 10 * time.Second
	bodyTime    = time.Minute
	idleTime    = 2 * time.Minute
	patience    = 30 * time.Second // for a client to take what is written
	openAPIType = "application/json"
)

//go:embed openapi.swagger.json
var openAPI []byte

// Config is how a Handler behaves. The zero value works.
type Config struct {
	// LocalHosts lets only requests in that name this machine, "localhost" or a
	// loopback address: a web page whose name is made to point here is refused.
	LocalHosts bool
	// MaxConcurrent bounds the calls that one HTTP/2 connection may have open; 0:
	// 256.
	MaxConcurrent int
	Log           *slog.Logger // nil: discard
}

// NewHandler makes a handler that calls the server at the other end of the
// connection.
func NewHandler(ctx context.Context, conn *grpc.ClientConn, c Config) (http.Handler, error) {
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newFormat()),
		runtime.WithIncomingHeaderMatcher(passedOn),
		runtime.WithOutgoingHeaderMatcher(handedBack),
		runtime.WithOutgoingTrailerMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithForwardResponseRewriter(fileOf),
		runtime.WithErrorHandler(writeError),
		runtime.WithRoutingErrorHandler(writeRoutingError),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithDisablePathLengthFallback(),
		runtime.SetQueryParameterParser(query{}),
		runtime.WithHealthEndpointAt(healthpb.NewHealthClient(conn), HealthPath),
	)
	for _, register := range routes.All {
		if err := register(ctx, mux, conn); err != nil {
			return nil, err
		}
	}
	if err := mux.HandlePath(http.MethodGet, OpenAPIPath, func(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
		w.Header().Set("Content-Type", openAPIType)
		_, _ = w.Write(openAPI) // whoever asked is gone when it fails
	}); err != nil {
		return nil, err
	}
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, mux, http.StatusForbidden, reasonCrossOrigin, "a web page of another origin may not call this server")
	}))
	handler := own.Handler(wellFormed(mux))
	if c.LocalHosts {
		handler = localHosts(mux, handler)
	}
	return patient(handler), nil
}

// NewServer is an HTTP server with limits that fit the handler. Nothing bounds how
// long an answer may take as a whole: the calls have deadlines of their own, and a
// stream may last; what is written has to be taken within half a minute.
func NewServer(h http.Handler, c Config) *http.Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxConcurrent == 0 {
		c.MaxConcurrent = 256
	}
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeaders,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: c.MaxConcurrent},
		ErrorLog:          slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
}

// passedOn are the headers that reach the gRPC server as metadata; Authorization
// does without being named. traceparent and tracestate are W3C Trace Context.
func passedOn(header string) (string, bool) {
	switch header {
	case "X-Request-Id":
		return "x-request-id", true
	case "Traceparent":
		return "traceparent", true
	case "Tracestate":
		return "tracestate", true
	}
	return "", false
}

// handedBack is the metadata of an answer that becomes a header.
func handedBack(key string) (string, bool) {
	if key == "x-request-id" {
		return "X-Request-Id", true
	}
	return "", false
}
