package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"google.golang.org/grpc"

	"github.com/secondsource/secondsource/server/gateway"
	"github.com/secondsource/secondsource/server/rpc"
)

// HTTP says whether and how the API is answered as JSON over HTTP. The zero value
// is not at all.
type HTTP struct {
	Address  string       // where to listen; for whoever opens the Listener
	Listener net.Listener // Run closes it; nil: none
	TLS      *tls.Config  // nil: not encrypted
	// LocalHosts is gateway.Config.LocalHosts.
	LocalHosts bool
}

// httpSurface is the running gateway.
type httpSurface struct {
	server *http.Server
	conn   *grpc.ClientConn
	served chan struct{}
	log    *slog.Logger
}

// startHTTP answers from now on, as the gRPC surface does: with 503 while that is
// not ready.
func startHTTP(ctx context.Context, c *Config, surface *rpc.Server) (*httpSurface, error) {
	if c.HTTP.Listener == nil {
		return nil, nil
	}
	conn, err := surface.Local()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("http: %w", err), c.HTTP.Listener.Close())
	}
	config := gateway.Config{LocalHosts: c.HTTP.LocalHosts, MaxConcurrent: int(c.RPC.MaxConcurrent), Log: c.Log}
	handler, err := gateway.NewHandler(ctx, conn, config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("http: %w", err), conn.Close(), c.HTTP.Listener.Close())
	}
	h := &httpSurface{server: gateway.NewServer(handler, config), conn: conn, served: make(chan struct{}), log: c.Log}
	go func() {
		defer close(h.served)
		var err error
		if c.HTTP.TLS != nil {
			h.server.TLSConfig = c.HTTP.TLS
			err = h.server.ServeTLS(c.HTTP.Listener, "", "")
		} else {
			err = h.server.Serve(c.HTTP.Listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			h.log.ErrorContext(ctx, "nothing more is answered over HTTP", "error", err)
		}
	}()
	c.Log.InfoContext(ctx, "answering over HTTP", "address", c.HTTP.Listener.Addr().String(), "tls", c.HTTP.TLS != nil)
	return h, nil
}

// stop takes no new requests and lets those under way finish until the context
// ends. A nil surface has nothing to stop.
func (h *httpSurface) stop(ctx context.Context) {
	if h == nil {
		return
	}
	if err := h.server.Shutdown(ctx); err != nil {
		h.log.WarnContext(ctx, "HTTP requests were still under way", "error", err)
		_ = h.server.Close()
	}
	<-h.served
	_ = h.conn.Close()
}
