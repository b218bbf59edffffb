package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/secondsource/secondsource/client"
	"github.com/secondsource/secondsource/server"
)

// A house is the real server over a database, on a loopback port, with a client.
type house struct {
	*client.Client

	web  string        // where the desk's pages are, if it serves them
	took time.Duration // from the start until it served
	end  context.CancelFunc
	done chan error
}

// open starts a server over a database and waits until it serves.
func open(ctx context.Context, database string) (*house, error) {
	return serve(ctx, server.Config{Database: database})
}

func serve(ctx context.Context, config server.Config) (*house, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server.TuneMemory() // as secondsourced does
	start := time.Now()
	ctx, end := context.WithCancel(ctx)
	h := &house{end: end, done: make(chan error, 1)}
	go func() { h.done <- server.Run(ctx, l, config) }()
	if h.Client, err = client.Dial(l.Addr().String()); err == nil {
		err = serving(ctx, h.Client)
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.took = time.Since(start)
	return h, nil
}

func (h *house) close() error {
	var err error
	if h.Client != nil {
		err = h.Close()
	}
	h.end()
	return errors.Join(err, <-h.done)
}

// serving follows the health of a server until it serves.
func serving(ctx context.Context, c *client.Client) error {
	watch, err := healthpb.NewHealthClient(c.Conn()).Watch(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	for err == nil {
		var answer *healthpb.HealthCheckResponse
		if answer, err = watch.Recv(); err == nil && answer.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			return nil
		}
	}
	return fmt.Errorf("the server does not serve: %w", err)
}
