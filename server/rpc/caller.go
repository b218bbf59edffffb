package rpc

import (
	"context"

	"github.com/secondsource/secondsource/server/auth"
)

// editor is the identity of the caller, as the log of judgements keeps it: "" when
// the server asks nobody who he is.
func editor(ctx context.Context) string {
	who, _ := auth.Caller(ctx)
	return who.Name
}
