package auth

import (
	"context"
	"sync/atomic"

	"github.com/secondsource/secondsource/claims"
)

// Identity is who calls.
type Identity struct {
	Name string // of the API key, or TokenName; holds no secret
	Role claims.CallerRole
}

// TokenName is the name of callers with the token of --token-file. No key can
// have it, for the dot that it begins with.
const TokenName = ".token"

// callerKey is under which a context holds its *atomic.Pointer[Identity].
type callerKey struct{}

// WithCaller makes room for the caller in the context, so that who handed it on,
// a log of calls for instance, can ask for it afterwards. The Gate fills it.
func WithCaller(ctx context.Context) context.Context {
	if _, ok := ctx.Value(callerKey{}).(*atomic.Pointer[Identity]); ok {
		return ctx
	}
	return context.WithValue(ctx, callerKey{}, new(atomic.Pointer[Identity]))
}

// Caller is who makes the call of the context, for audits; ok is false when the
// server asks nobody who he is, and then the caller may do everything.
func Caller(ctx context.Context) (who Identity, ok bool) {
	room, ok := ctx.Value(callerKey{}).(*atomic.Pointer[Identity])
	if !ok || room.Load() == nil {
		return Identity{}, false
	}
	return *room.Load(), true
}

// setCaller fills the room that WithCaller made, or makes it.
func setCaller(ctx context.Context, who Identity) context.Context {
	ctx = WithCaller(ctx)
	if room, ok := ctx.Value(callerKey{}).(*atomic.Pointer[Identity]); ok {
		room.Store(&who)
	}
	return ctx
}
