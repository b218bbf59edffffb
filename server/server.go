// Package server puts the house together: the store, the index, the engine and
// the gRPC surface, and takes it apart again without losing acknowledged work.
// The program secondsourced runs it on a network listener, the end-to-end tests
// on an in-memory one, so that both run the same wiring.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/observe"
	"github.com/secondsource/secondsource/server/rpc"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// Config is what a server needs to know.
type Config struct {
	// Database is the path of a SQLite database, which is created when missing,
	// or the URL of a PostgreSQL database (postgres://user@host:5432/name), which
	// several servers may share.
	Database string
	// Drain is how long running calls may take to finish at the end; 0: 30
	// seconds.
	Drain time.Duration
	Log   *slog.Logger // nil: discard
	RPC   rpc.Config   // its Log is replaced by Log
	// HTTP is the API as JSON over HTTP, beside gRPC, and Web the pages for editors.
	HTTP, Web HTTP
	// Gate is who may call; nil: whoever shows one of the database's API keys, and
	// everybody while there are none. Its Log is replaced by Log.
	Gate *auth.Gate
	// Observe is told of the calls, of what is stored and of when it is ready; nil:
	// nobody is. Run leaves it open.
	Observe *observe.Telemetry
	// Intake is what comes in beside the API, once the server is ready.
	Intake Intake
}

// Run opens the database and answers on the listener until the context ends. It
// listens from the start; health says NOT_SERVING until the index has been
// rebuilt from the log. At the end it takes no new calls, lets the running ones
// finish within Config.Drain, and closes the store last: what was acknowledged
// is on disk. It closes the listeners.
func Run(ctx context.Context, l net.Listener, c Config) (err error) {
	if c.Drain <= 0 {
		c.Drain = 30 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Intake.PushListener != nil {
		defer func() { _ = c.Intake.PushListener.Close() }() // it may be closed by then
	}
	defer c.HTTP.close()
	defer c.Web.close()
	c.RPC.Log = c.Log
	gate := c.Gate
	if gate == nil {
		gate = &auth.Gate{}
	}
	gate.Log = c.Log
	c.RPC.Unary = append([]grpc.UnaryServerInterceptor{gate.Unary}, c.RPC.Unary...)
	c.RPC.Stream = append([]grpc.StreamServerInterceptor{gate.Stream}, c.RPC.Stream...)
	c.RPC.Caller = keyOf
	if c.Observe != nil {
		c.RPC.Options = append([]grpc.ServerOption{c.Observe.ServerOption()}, c.RPC.Options...)
	}
	surface, err := rpc.NewServer(c.RPC)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	store, index, shared, err := open(ctx, c.Database)
	if err != nil {
		return errors.Join(fmt.Errorf("opening the database %s: %w", DatabaseName(c.Database), err), l.Close())
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	unfollow, err := gate.Follow(ctx, store.APIKeys)
	if err != nil {
		return errors.Join(fmt.Errorf("reading the API keys: %w", err), l.Close())
	}
	defer unfollow()

	served := make(chan error, 1)
	go func() { served <- surface.Serve(l) }()
	beside, err := startHTTP(ctx, &c, surface)
	if err != nil {
		return errors.Join(err, surface.Shutdown(ctx), <-served)
	}

	start := time.Now()
	engine, err := desk.New(ctx, desk.Config{Store: store, Candidates: index, Log: c.Log})
	switch {
	case err == nil:
		c.Log.InfoContext(ctx, "ready", "claims", index.Len(), "took", time.Since(start))
		surface.Ready(engine)
		if err = c.Observe.Stored(engine.Stats, index.Len); err != nil {
			break
		}
		c.Observe.SetReady(true)
		if shared {
			stop := follow(ctx, engine)
			defer stop()
		}
		var in *intake
		if in, err = startIntake(ctx, &c.Intake, engine, c.Log); err != nil {
			break
		}
		broke := false
		select {
		case <-ctx.Done():
		case err = <-served: // the listener broke
			broke = true
		}
		c.Observe.SetReady(false)
		leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Drain)
		in.stop(leave)
		if broke {
			err = errors.Join(err, surface.Shutdown(leave))
			beside.stop(leave)
			cancel()
			return err
		}
		cancel()
	case ctx.Err() != nil: // told to stop while rebuilding
		err = nil
	default:
		err = fmt.Errorf("rebuilding the index: %w", err)
	}
	// The context that ends the server must not end the calls it waits for.
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Drain)
	defer cancel()
	c.Log.InfoContext(ctx, "stopping", "drain", c.Drain)
	left := make(chan struct{})
	go func() {
		defer close(left)
		beside.stop(drain) // its calls end with those of the surface
	}()
	defer func() { <-left }()
	if stopped := surface.Shutdown(drain); stopped != nil {
		err = errors.Join(err, fmt.Errorf("calls were still running after %v: %w", c.Drain, stopped))
	}
	return errors.Join(err, <-served)
}

// keyOf is the name of the API key that a call was made with; "" for the token,
// which many may share.
func keyOf(ctx context.Context) string {
	if who, ok := auth.Caller(ctx); ok && who.Name != auth.TokenName {
		return who.Name
	}
	return ""
}

// followEvery is how often a server looks for what others have stored. Searches
// look for themselves; this is for near-copies, and for documents that were not
// read.
const followEvery = 250 * time.Millisecond

// follow takes in what other servers store until stop is called.
func follow(ctx context.Context, engine *desk.Desk) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		engine.Follow(ctx, followEvery)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// keyedStore is a store that also keeps who may call.
type keyedStore interface {
	claims.Store
	APIKeys(ctx context.Context) ([]claims.APIKey, error)
}

// open opens the store that the name of the database asks for, and the search
// over it. Only a shared one has other servers to follow.
func open(ctx context.Context, database string) (store keyedStore, index claims.Candidates, shared bool, err error) {
	if isURL(database) {
		s, err := postgres.Open(ctx, database, postgres.Options{})
		if err != nil {
			return nil, nil, false, err
		}
		return s, s.Candidates(), true, nil
	}
	s, err := sqlite.Open(ctx, database, sqlite.Options{})
	if err != nil {
		return nil, nil, false, err
	}
	return s, match.NewIndex(), false, nil
}

func isURL(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// DatabaseName is the database as logs and messages may show it: a path as it
// is, a URL without its passwords.
func DatabaseName(database string) string {
	if !isURL(database) {
		return database
	}
	u, err := url.Parse(database)
	if err != nil {
		return "postgres://…" // it may hold a password that is no URL's
	}
	if u.RawQuery != "" {
		q := u.Query()
		q.Del("password")
		q.Del("sslpassword")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}
