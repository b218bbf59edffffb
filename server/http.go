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
	"github.com/secondsource/secondsource/server/web"
)

// HTTP says whether and how something is answered over HTTP. The zero value is not
// at all.
type HTTP struct {
	Address  string       // where to listen; for whoever opens the Listener
	Listener net.Listener // Run closes it; nil: none
	TLS      *tls.Config  // nil: not encrypted
	// LocalHosts answers only requests that name this machine, "localhost" or a
	// loopback address: a name of another, made to point here, is refused.
	LocalHosts bool
}

// close closes a listener that may be closed by then.
func (h *HTTP) close() {
	if h.Listener != nil {
		_ = h.Listener.Close()
	}
}

// httpSurface is one running HTTP server with its connection to the API.
type httpSurface struct {
	server *http.Server
	conn   *grpc.ClientConn
	served chan struct{}
	log    *slog.Logger
}

// besides are the HTTP servers beside gRPC.
type besides []*httpSurface

// startHTTP answers from now on, as the gRPC surface does: with 503 while that is
// not ready.
func startHTTP(ctx context.Context, c *Config, surface *rpc.Server) (all besides, err error) {
	for _, x := range []struct {
		what    string
		at      HTTP
		handler func(*grpc.ClientConn) (*http.Server, error)
	}{
		{"JSON", c.HTTP, func(conn *grpc.ClientConn) (*http.Server, error) {
			config := gateway.Config{LocalHosts: c.HTTP.LocalHosts, MaxConcurrent: int(c.RPC.MaxConcurrent), Log: c.Log}
			handler, err := gateway.NewHandler(ctx, conn, config)
			return gateway.NewServer(handler, config), err
		}},
		{"web desk", c.Web, func(conn *grpc.ClientConn) (*http.Server, error) {
			desk, err := web.New(web.Config{Conn: conn, Secure: c.Web.TLS != nil, LocalHosts: c.Web.LocalHosts, Log: c.Log})
			return web.NewServer(desk, c.Log), err
		}},
	} {
		if x.at.Listener == nil {
			continue
		}
		h, err := serveHTTP(ctx, c.Log, x.what, x.at, surface, x.handler)
		if err != nil {
			all.stop(ctx)
			return nil, fmt.Errorf("http: %s: %w", x.what, err)
		}
		all = append(all, h)
	}
	return all, nil
}

func serveHTTP(ctx context.Context, log *slog.Logger, what string, at HTTP, surface *rpc.Server, handler func(*grpc.ClientConn) (*http.Server, error)) (*httpSurface, error) {
	conn, err := surface.Local()
	if err != nil {
		return nil, err
	}
	server, err := handler(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	h := &httpSurface{server: server, conn: conn, served: make(chan struct{}), log: log}
	go func() {
		defer close(h.served)
		var err error
		if at.TLS != nil {
			h.server.TLSConfig = at.TLS
			err = h.server.ServeTLS(at.Listener, "", "")
		} else {
			err = h.server.Serve(at.Listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			h.log.ErrorContext(ctx, "nothing more is answered over HTTP", "what", what, "error", err)
		}
	}()
	log.InfoContext(ctx, "answering over HTTP", "address", at.Listener.Addr().String(), "tls", at.TLS != nil, "what", what)
	return h, nil
}

// stop takes no new requests and lets those under way finish until the context
// ends.
func (b besides) stop(ctx context.Context) {
	for _, h := range b {
		if err := h.server.Shutdown(ctx); err != nil {
			h.log.WarnContext(ctx, "HTTP requests were still under way", "error", err)
			_ = h.server.Close()
		}
		<-h.served
		_ = h.conn.Close()
	}
}
