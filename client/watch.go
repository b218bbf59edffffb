package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// WatchAll yields what a watch tells, for as long as the context lasts. When the
// connection breaks or the server stops, it goes on after the last answer that it
// yielded: nothing is missed, and nothing comes twice. It begins after the
// request's resume token. A watch that has not begun is given up after some
// attempts; one that has is tried again until the context ends. After an error it
// yields that and stops.
func (c *Client) WatchAll(ctx context.Context, req *secondsourcev1.WatchRequest) iter.Seq2[*secondsourcev1.WatchResponse, error] {
	req = proto.CloneOf(req)
	return func(yield func(*secondsourcev1.WatchResponse, error) bool) {
		begun, wait := false, firstReconnect
		for attempt := 1; ; attempt++ {
			err := c.watchOnce(ctx, req, func(a *secondsourcev1.WatchResponse) bool {
				begun, attempt, wait = true, 0, firstReconnect
				req.ResumeToken = a.GetResumeToken()
				return yield(a, nil)
			})
			if errors.Is(err, errEnough) {
				return
			}
			code := status.Code(err)
			again := code == codes.Unavailable || begun && code == codes.Aborted
			if ctx.Err() != nil || !again || !begun && attempt >= streamAttempts {
				yield(nil, errorOf(err))
				return
			}
			later := time.NewTimer(wait)
			select {
			case <-later.C:
			case <-ctx.Done():
				later.Stop()
			}
			wait = min(2*wait, longestInterval)
		}
	}
}

// watchOnce opens one stream and calls fn with each answer.
func (c *Client) watchOnce(ctx context.Context, req *secondsourcev1.WatchRequest, fn func(*secondsourcev1.WatchResponse) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Watch(ctx, req)
	if err != nil {
		return err
	}
	for {
		a, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return status.Error(codes.Unavailable, "the watch ended")
		}
		if err != nil {
			return err
		}
		if !fn(a) {
			return errEnough
		}
	}
}

// Export writes the file of an ExportClaims call. After an error w may hold a part
// of it.
func (c *Client) Export(ctx context.Context, req *secondsourcev1.ExportClaimsRequest, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.ExportClaims(ctx, req)
	if err != nil {
		return errorOf(err)
	}
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errorOf(err)
		}
		if _, err := w.Write(piece.GetChunk()); err != nil {
			return err
		}
	}
}

// ResultError is why one question of a batch has no answer, nil when it has one.
func ResultError(r *secondsourcev1.BatchCorroborateResult) error {
	if r.GetError() == nil {
		return nil
	}
	return errorOf(status.FromProto(r.GetError()).Err())
}
