package rpc

import (
	"context"
	"fmt"
	"net"
	"sync"

	"google.golang.org/grpc/peer"

	"github.com/secondsource/secondsource/claims"
)

// watchLimit bounds the watches that are open at once.
type watchLimit struct {
	all, each int
	caller    func(context.Context) string

	mu   sync.Mutex
	open int
	of   map[string]int
}

func newWatchLimit(c *Config) *watchLimit {
	l := &watchLimit{all: c.MaxWatches, each: c.MaxWatchesPerCaller, caller: c.Caller, of: map[string]int{}}
	if l.all <= 0 {
		l.all = 1000
	}
	if l.each <= 0 {
		l.each = 50
	}
	return l
}

// enter counts a watch, or says that there are too many; leave takes it off.
func (l *watchLimit) enter(ctx context.Context) (leave func(), err error) {
	who := ""
	if l.caller != nil {
		who = l.caller(ctx)
	}
	if who == "" {
		who = addressOf(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.open >= l.all:
		return nil, tooMany(fmt.Sprintf("%d watches are open on this server, as many as there may be", l.open), l.all)
	case l.of[who] >= l.each:
		return nil, tooMany(fmt.Sprintf("this caller has %d watches open, as many as it may", l.each), l.each)
	}
	l.open++
	l.of[who]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open--
		if l.of[who]--; l.of[who] == 0 {
			delete(l.of, who)
		}
	}, nil
}

func tooMany(message string, limit int) error {
	return &claims.Error{Code: claims.CodeOverloaded, Reason: reasonTooManyWatches, Message: message, Metadata: map[string]string{"limit": fmt.Sprint(limit)}}
}

// addressOf is the machine that a call comes from.
func addressOf(ctx context.Context) string {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	host, _, err := net.SplitHostPort(p.Addr.String())
	if err != nil {
		return p.Addr.String()
	}
	return host
}
