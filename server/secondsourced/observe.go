package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/observe"
)

// checkObserve checks what is said about observing. Metrics may be read from
// elsewhere, since scrapers are elsewhere; profiles may not.
func (c *config) checkObserve() error {
	if c.metricsListen != "" {
		if _, err := isPublic(c.metricsListen); err != nil {
			return fmt.Errorf("--metrics-listen: %w", err)
		}
	}
	if c.pprofListen != "" {
		switch public, err := isPublic(c.pprofListen); {
		case err != nil:
			return fmt.Errorf("--pprof-listen: %w", err)
		case public:
			return fmt.Errorf("--pprof-listen %s can be reached from other machines: profiles hold pieces of memory, so only loopback is taken", c.pprofListen)
		}
	}
	if c.otlpEndpoint != "" {
		if err := observe.CheckEndpoint(c.otlpEndpoint); err != nil {
			return fmt.Errorf("--otlp-endpoint: %w", err)
		}
	}
	return nil
}

// startObserving begins to observe when anything is configured, and opens what
// answers about it. stop ends it.
func (c *config) startObserving(ctx context.Context, wired *server.Config) (stop func(), err error) {
	otlp := c.otlpEndpoint != "" || c.otlpEnvironment
	if c.metricsListen == "" && c.pprofListen == "" && !otlp {
		return func() {}, nil
	}
	var stops []func()
	stop = func() {
		for _, s := range stops {
			s()
		}
	}
	known := func(method string) bool {
		least, open := auth.LeastRole(method)
		return open || least.Known()
	}
	t, err := observe.New(ctx, observe.Config{OTLP: otlp, Endpoint: c.otlpEndpoint, Version: buildVersion(), Known: known})
	if err != nil {
		return nil, err
	}
	wired.Observe = t
	stops = append(stops, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := t.Close(last); err != nil {
			wired.Log.WarnContext(last, "the last traces and metrics were not sent", "error", err)
		}
	})
	open := func(flag, address string, serve func(net.Listener, *slog.Logger) func()) error {
		if address == "" {
			return nil
		}
		var listen net.ListenConfig
		l, err := listen.Listen(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("--%s %s: %w", flag, address, err)
		}
		wired.Log.InfoContext(ctx, "listening", "for", flag, "address", l.Addr().String())
		stops = append(stops, serve(l, wired.Log))
		return nil
	}
	err = errors.Join(
		open("metrics-listen", c.metricsListen, func(l net.Listener, log *slog.Logger) func() { return observe.Serve(l, t.Handler(), log) }),
		open("pprof-listen", c.pprofListen, func(l net.Listener, log *slog.Logger) func() { return observe.Serve(l, observe.Profiles(), log) }))
	if err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}
