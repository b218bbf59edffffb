package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server/rpc"
)

// idle is a desk that does nothing.
type idle struct{ rpc.Desk }

func (idle) GetSource(_ context.Context, id string) (claims.Source, error) {
	return claims.Source{ID: id, Name: "Nobody", Registered: true, Revision: 1}, nil
}

// echo answers the same call without anything round it.
type echo struct {
	secondsourcev1.UnimplementedSourceServiceServer

	answer *secondsourcev1.GetSourceResponse
}

func (e *echo) GetSource(context.Context, *secondsourcev1.GetSourceRequest) (*secondsourcev1.GetSourceResponse, error) {
	return e.answer, nil
}

// served is a server on a loopback port with a bare client.
type served struct {
	source secondsourcev1.SourceServiceClient
	close  func() error
}

func listen(ctx context.Context, serve func(net.Listener) error, stop func()) (*served, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		stop()
		return nil, errors.Join(err, <-done)
	}
	return &served{secondsourcev1.NewSourceServiceClient(conn), func() error {
		err := conn.Close()
		stop()
		return errors.Join(err, <-done)
	}}, nil
}

// calls measures a unary call that does nothing, through all that stands before
// a handler, beside a bare grpc-go server that answers the same message.
func (b *bench) calls(ctx context.Context) (err error) {
	surface, err := rpc.NewServer(rpc.Config{})
	if err != nil {
		return err
	}
	surface.Ready(idle{})
	own, err := listen(ctx, surface.Serve, func() { _ = surface.Shutdown(context.WithoutCancel(ctx)) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	request := &secondsourcev1.GetSourceRequest{Name: "sources/nobody"}
	answer, err := own.source.GetSource(ctx, request)
	if err != nil {
		return err
	}
	bare := grpc.NewServer()
	secondsourcev1.RegisterSourceServiceServer(bare, &echo{answer: answer})
	peer, err := listen(ctx, bare.Serve, bare.GracefulStop)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, peer.close()) }()

	const callers, turns, span = 16, 9, time.Second
	var rates [2][]float64
	for range turns + 1 { // the first turn warms up
		for i, side := range [...]*served{peer, own} {
			rate, _, err := together(ctx, callers, 0, span, func(ctx context.Context, _ int) error {
				_, err := side.source.GetSource(ctx, request)
				return err
			})
			if err != nil {
				return err
			}
			rates[i] = append(rates[i], rate)
		}
	}
	if err := b.profiled(ctx, "call", 0, 40_000, func(ctx context.Context, _ int) error {
		_, err := own.source.GetSource(ctx, request)
		return err
	}); err != nil {
		return err
	}
	p, o := middle(rates[0][1:]), middle(rates[1][1:])
	b.asked("a unary call that does nothing", o/p, 0.85, 0.95, fmt.Sprintf("%.0f calls a second from %d callers, bare grpc-go %.0f", o, callers, p))
	return nil
}

// nearCopies measures the check of one document on one core: its signature, the
// search for what is like it among those before it, and its entry.
func (b *bench) nearCopies(ctx context.Context, c *corpus) error {
	const known, turns, docs = 20_000, 7, 4000
	d := copies.NewDetector()
	var seq int64
	check := func(all []*written) {
		for _, w := range all {
			seq++
			s := copies.Sign(w.doc.Text)
			d.Similar(s, 12)
			d.Add(seq, s)
		}
	}
	check(c.draft(known))
	var rates []float64
	size := 0
	for range turns {
		all := c.draft(docs)
		rates = append(rates, docs/processor(func() { check(all) }).Seconds())
		for _, w := range all {
			size += len(w.doc.Text)
		}
	}
	more := c.draft(docs)
	if err := b.profiled(ctx, "copies", 0, 1, func(context.Context, int) error { check(more); return nil }); err != nil {
		return err
	}
	b.asked("near-copy check, documents a second on one core", middle(rates), 15_000, 27_000,
		fmt.Sprintf("texts of %d bytes, %d known before", size/turns/docs, known))
	return nil
}
