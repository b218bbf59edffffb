package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/server/poll"
	"github.com/secondsource/secondsource/server/push"
)

// Intake says what comes in beside the API. The zero value is nothing.
type Intake struct {
	// Poll are the feeds that are asked, and PollState is the file that keeps how
	// far each has come.
	Poll      poll.Config
	PollState string
	// Push are the endpoints to which others send, over HTTP on the PushListener,
	// which Run closes; nil: there are none. PushAddress is where it listens.
	Push         []push.Endpoint
	PushAddress  string
	PushListener net.Listener
	PushTLS      *tls.Config // nil: not encrypted
}

// intake is what runs of it.
type intake struct {
	cancel context.CancelFunc
	group  sync.WaitGroup
	http   *http.Server
	log    *slog.Logger
}

// startIntake begins to ask and to listen.
func startIntake(ctx context.Context, c *Intake, d *desk.Desk, log *slog.Logger) (*intake, error) {
	in := &intake{cancel: func() {}, log: log}
	if c.PushListener != nil {
		h, err := push.NewHandler(c.Push, d, log)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("push: %w", err), c.PushListener.Close())
		}
		listener := c.PushListener
		if c.PushTLS != nil {
			listener = tls.NewListener(listener, c.PushTLS)
		}
		in.http = push.NewServer(h, log)
		in.group.Go(func() {
			if err := in.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				log.ErrorContext(ctx, "nothing more is taken in by push", "error", err)
			}
		})
		log.InfoContext(ctx, "taking in pushes", "address", c.PushListener.Addr().String(), "endpoints", len(c.Push))
	}
	if len(c.Poll.Feeds) > 0 {
		p, err := poll.New(c.Poll, c.PollState, d, log)
		if err != nil {
			in.stop(ctx)
			return nil, fmt.Errorf("feeds: %w", err)
		}
		polling, cancel := context.WithCancel(ctx)
		in.cancel = cancel
		in.group.Go(func() { p.Run(polling) })
		log.InfoContext(ctx, "asking feeds", "feeds", len(c.Poll.Feeds))
	}
	return in, nil
}

// stop ends the asking, lets requests that are under way finish until the context
// ends, and waits.
func (in *intake) stop(ctx context.Context) {
	in.cancel()
	if in.http != nil {
		if err := in.http.Shutdown(ctx); err != nil {
			in.log.WarnContext(ctx, "pushes were still under way", "error", err)
			_ = in.http.Close()
		}
	}
	in.group.Wait()
}
