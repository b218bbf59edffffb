package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/secondsource/secondsource/claims"
)

// refreshEvery is how often the keys are read anew: a key that was made or revoked
// anywhere counts after so long at the latest.
const refreshEvery = 500 * time.Millisecond

// Gate lets callers pass that show a valid API key, or the token, whose role
// allows the method. It asks for one as soon as there is one to show: a token, or
// a key in the database, revoked ones included, so that revoking the last does not
// open the server. Until then everybody may do everything, unless Require is set.
// The zero value is ready; nothing of it may be changed once calls come.
type Gate struct {
	Token   *Token       // whose callers are admins; nil: there is none
	Require bool         // ask for a key also when there is none yet
	Log     *slog.Logger // nil: discard

	keys    atomic.Pointer[ring] // nil until they were read
	streams streams
}

// ring is the keys of one moment by the SHA-256 of their secrets: finding one
// takes a time that tells nothing of the secret.
type ring struct {
	valid   map[[sha256.Size]byte]Identity
	revoked map[[sha256.Size]byte]bool
}

// Follow reads the keys, now and then again and again until stop is called. Only
// the first failure is returned; later ones are logged, and the keys read last
// hold.
func (g *Gate) Follow(ctx context.Context, read func(context.Context) ([]claims.APIKey, error)) (stop func(), err error) {
	if err := g.refresh(ctx, read); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		failing := false
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(refreshEvery):
			}
			err := g.refresh(ctx, read)
			if err != nil && !failing && ctx.Err() == nil && g.Log != nil {
				g.Log.WarnContext(ctx, "the API keys cannot be read: those read last hold", "error", err)
			}
			failing = err != nil
		}
	}()
	return func() {
		cancel()
		<-ended
	}, nil
}

func (g *Gate) refresh(ctx context.Context, read func(context.Context) ([]claims.APIKey, error)) error {
	all, err := read(ctx)
	if err != nil {
		return err
	}
	r := &ring{valid: make(map[[sha256.Size]byte]Identity, len(all)), revoked: make(map[[sha256.Size]byte]bool)}
	for i := range all {
		if all[i].Revoked() {
			r.revoked[all[i].Hash] = true
		} else {
			r.valid[all[i].Hash] = Identity{Name: all[i].Name, Role: all[i].Role}
		}
	}
	g.keys.Store(r)
	g.streams.end(func(sum [sha256.Size]byte) bool { return r.revoked[sum] })
	return nil
}

// Unary checks unary calls.
func (g *Gate) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	ctx, _, err := g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return next(ctx, req)
}

// Stream checks streams: reflection is behind the gate too. A stream ends when its
// key is revoked.
func (g *Gate) Stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	ctx, sum, err := g.admit(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	ctx, leave := g.streams.enter(ctx, sum)
	defer leave()
	err = next(srv, &gatedStream{ServerStream: stream, ctx: ctx})
	if errors.Is(context.Cause(ctx), errRevoked) {
		return refuse(ReasonKeyRevoked, "the API key was revoked")
	}
	return err
}

// admit says who calls, in the context, or why he may not. The sum is that of his
// key's secret, zero when he has none.
func (g *Gate) admit(ctx context.Context, method string) (_ context.Context, sum [sha256.Size]byte, err error) {
	least, open := LeastRole(method)
	if open {
		return ctx, sum, nil
	}
	keys := g.keys.Load()
	secret, sent, err := bearer(ctx)
	if err != nil {
		return ctx, sum, err
	}
	if sent && g.Token.is(secret) {
		ctx, err = g.allow(ctx, Identity{Name: TokenName, Role: claims.RoleAdmin}, method, least)
		return ctx, sum, err
	}
	if keys == nil {
		return ctx, sum, starting()
	}
	if g.Token == nil && !g.Require && len(keys.valid)+len(keys.revoked) == 0 {
		return ctx, sum, nil // nobody is asked who he is
	}
	if !sent {
		return ctx, sum, refuse(ReasonTokenMissing, "this server asks for an API key or token, as a bearer token")
	}
	sum = sha256.Sum256([]byte(secret))
	who, ok := keys.valid[sum]
	switch {
	case keys.revoked[sum]:
		return ctx, sum, refuse(ReasonKeyRevoked, "the API key was revoked")
	case !ok:
		return ctx, sum, refuse(ReasonTokenWrong, "the bearer token is none of this server's")
	}
	ctx, err = g.allow(ctx, who, method, least)
	return ctx, sum, err
}

// allow notes the caller and says whether his role is enough.
func (g *Gate) allow(ctx context.Context, who Identity, method string, least claims.CallerRole) (context.Context, error) {
	ctx = setCaller(ctx, who)
	if !who.Role.Allows(least) {
		return ctx, deny(who, method, least)
	}
	return ctx, nil
}
